"""Whatever changes what readers see ends what caches keep of it; what only a group sees does not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from harken.documents.actions.consensus import show_positions, state_position
from harken.documents.actions.drafting import begin_document, follow_template
from harken.documents.actions.lineage import decide_edge, draw_edge
from harken.documents.actions.links import decide_link, draw_link
from harken.documents.actions.passage_lineage import carry_passage, withdraw_edge
from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.remarks import remark_on_suggestion, remark_on_words, resolve_remark
from harken.documents.actions.saving import save_revision
from harken.documents.actions.suggestions import (
    accept_suggestion,
    decline_suggestion,
    renew_suggestion,
    suggest_words,
    withdraw_suggestion,
)
from harken.documents.actions.templates import change_section, install_templates
from harken.documents.models import (
    Chapter,
    Document,
    EdgeState,
    LineageKind,
    LinkKind,
    PositionKind,
    PositionsShown,
    Suggestion,
)
from harken.processes.models import Process
from tests.cast import Cast, add_round, open_phase
from tests.documents.synthesis_beds import ids
from tests.documents.test_anchors import BARRELS, NOON, PUMP, fresh, passages, version_of

D = "/processes/open-garden/iteration-1/AD-R1/"


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text, with what its page is made of, while everything is open."""
    open_phase(cast.process, "read", "suggest", "draft", "connect")
    install_templates(actor=cast.amina, process=cast.process)
    _round, (made, _other) = add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON, PUMP))
    return fresh(made)


@contextmanager
def stays(*, new: bool) -> Iterator[None]:
    """Whether what a stranger's browser keeps of the process ends here."""
    before = Process.objects.get().content_version
    yield
    assert (Process.objects.get().content_version > before) is new


def suggest(cast: Cast, document: Document, old: str, new: str, *, private: bool = False) -> Suggestion:
    made = suggest_words(
        actor=cast.bruno if private else cast.dalia,
        document=fresh(document),
        version=version_of(fresh(document), old),
        words=version_of(fresh(document), old).text.replace(old, new),
        reason="Clearer.",
        is_private=private,
    )
    made.document = fresh(document)
    return made


@pytest.mark.parametrize("private", [False, True])
def test_suggestions(cast: Cast, document: Document, private: bool) -> None:
    with stays(new=not private):
        one = suggest(cast, document, "barrels", "butts", private=private)
    with stays(new=not private):
        said = remark_on_suggestion(actor=cast.bruno, suggestion=one, text="Yes.", lang="en")
    with stays(new=not private):
        resolve_remark(actor=cast.bruno, remark=said)
    with stays(new=not private):
        renew_suggestion(actor=one.author or cast.bruno, suggestion=one, version=one.on, words="In butts.")
    with stays(new=not private):
        decline_suggestion(actor=cast.bruno, suggestion=one, reason="No.")
    other = suggest(cast, document, "noon", "midday", private=private)
    with stays(new=not private):
        withdraw_suggestion(actor=other.author or cast.bruno, suggestion=other)
    third = suggest(cast, document, "pump", "tap", private=private)
    with stays(new=not private):
        accepted = accept_suggestion(actor=cast.bruno, suggestion=third)
    assert accepted.is_published is not private


def test_a_draft_of_its_group_alone(cast: Cast, document: Document) -> None:
    space = Chapter.objects.select_related("iteration__process__body", "group").get()
    with stays(new=False):
        begin_document(actor=cast.bruno, chapter=space, template="principle", title="Share", lang="en")
        save_revision(actor=cast.bruno, document=fresh(document), passages=passages(f"{BARRELS} Now.", NOON, PUMP))
        version = version_of(fresh(document), "Now")
        remark_on_words(
            actor=cast.bruno, document=fresh(document), version=version, start=0, end=4, text="Why?", lang="en"
        )
    with stays(new=True):
        publish_revision(actor=cast.amina, document=fresh(document), override_reason="Now.")


def test_what_stands_around_a_text(cast: Cast, document: Document) -> None:
    other = fresh(Document.objects.get(code="AD-R2"))
    with stays(new=True):
        follow_template(actor=cast.bruno, document=fresh(document), template="principle")
    template = fresh(document).template
    assert template is not None
    with stays(new=True):
        first = template.sections[0]
        change_section(
            actor=cast.amina,
            process=cast.process,
            slug="principle",
            key=first.key,
            titles={"en": "Otherwise"},
            guidance={},
            budget=None,
            depths=first.depths,
            required=False,
        )
    with stays(new=True):
        link = draw_link(
            actor=cast.amina, source=fresh(document), target=other, kind=LinkKind.SUPPORTS, reason="It does."
        )
    with stays(new=True):
        decide_link(actor=cast.amina, link=link, state=EdgeState.REJECTED, reason="It does not.")
    with stays(new=True):
        show_positions(actor=cast.bruno, document=fresh(document), shown=PositionsShown.NAMES)
    with stays(new=True):
        state_position(
            actor=cast.bruno, document=fresh(document), revision=2, kind=PositionKind.OBJECT, words="No.", lang="en"
        )


def test_where_a_text_comes_from(cast: Cast, document: Document) -> None:
    _round, [later] = add_round(cast.process, cast.advocacy, "Tend the beds", number=2)
    with stays(new=True):
        edge = draw_edge(
            actor=cast.amina,
            process=cast.process,
            earlier=fresh(document),
            later=fresh(later),
            kind=LineageKind.REVISED,
            reason="It goes on.",
        )
    with stays(new=True):
        decide_edge(actor=cast.amina, edge=edge, state=EdgeState.REJECTED, reason="It does not.")
    with stays(new=True):
        [carried] = carry_passage(
            actor=cast.bruno, document=fresh(later), passages=[ids(document)[BARRELS]], reason="It is in it."
        )
    with stays(new=True):
        withdraw_edge(actor=cast.bruno, document=fresh(later), edge_id=carried.pk)


def test_a_browser_asks_again_and_is_told_the_new(client: Client, cast: Cast, document: Document) -> None:
    pages: list[tuple[str, Callable[[], object]]] = [
        (f"{D}suggestions/", lambda: suggest(cast, document, "noon", "midday")),
        (D, lambda: suggest(cast, document, "barrels", "butts")),
    ]
    for page, change in pages:
        kept = client.get(page).headers["ETag"]
        assert client.get(page, headers={"If-None-Match": kept}).status_code == 304
        change()
        assert client.get(page, headers={"If-None-Match": kept}).status_code == 200
