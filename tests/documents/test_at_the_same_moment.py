"""Two people do something at the same moment: both are answered, nothing is lost, and nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from harken.documents.actions.anchors import place_anchor
from harken.documents.actions.consensus import accept_document
from harken.documents.actions.drafting import ReadsAlready, begin_document, begin_space, invite_reviewer
from harken.documents.actions.lineage import connect_texts, decide_edge, draw_edge
from harken.documents.actions.links import decide_link, draw_link
from harken.documents.actions.locking import lock_document
from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.remarks import remark_on_suggestion
from harken.documents.actions.saving import save_revision
from harken.documents.actions.suggestions import (
    accept_suggestion,
    decline_suggestion,
    suggest_words,
    withdraw_suggestion,
)
from harken.documents.actions.templates import add_template, install_templates, move_template
from harken.documents.models import (
    Acceptance,
    Chapter,
    Document,
    DocumentKind,
    EdgeState,
    LineageEdge,
    LineageKind,
    LinkKind,
    Reviewer,
    Suggestion,
    SuggestionState,
    Template,
)
from harken.documents.queries.texts import load_passages
from harken.people.models import User
from harken.processes.actions import mark_changed
from tests.cast import Cast, add_round, open_phase
from tests.documents.test_anchors import BARRELS, NOON, PUMP, fresh, passages, version_of
from tests.documents.test_concurrent_saving import in_thread, shared_database

pytestmark = [
    pytest.mark.usefixtures("clearable_db"),
    # With the apps named PostgreSQL empties the tables of the search with those they are about, which are ours alone.
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]

Outcome = Any
Step = Callable[[], Any]


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of three paragraphs, while everything is open."""
    open_phase(cast.process, "read", "suggest", "draft", "connect")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON, PUMP))
    return fresh(made)


def is_somebody_waiting() -> bool:
    """Whether another client waits for a lock now. SQLite does not tell."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def try_it(step: Step) -> Outcome:
    """What a step gives, or the exception it ends in; with a connection of its own."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
        return error
    finally:
        connections.close_all()


def during(begin: Step, second: Step, end: Step) -> tuple[Outcome, Outcome]:
    """`second` is asked for between `begin` and `end`, which are one transaction: what came of either.

    It goes on when `second` is done or waits. (On SQLite it waits from its first statement, so nothing needs to.)
    """

    def first(pool: ThreadPoolExecutor) -> tuple[Outcome, Future[Outcome]]:
        with transaction.atomic():
            begin()
            other = pool.submit(try_it, second)
            while connection.vendor == "postgresql" and not other.done() and not is_somebody_waiting():
                pass
            return end(), other

    with ThreadPoolExecutor(max_workers=2) as pool:
        begun = pool.submit(try_it, lambda: first(pool)).result(timeout=120)
        if isinstance(begun, Exception):
            return begun, None
        return begun[0], begun[1].result(timeout=120)


def at_once(*steps: Step) -> list[Outcome]:
    """What comes of all steps together."""
    barrier = Barrier(len(steps))

    def run(step: Step) -> Outcome:
        barrier.wait(timeout=60)
        return try_it(step)

    with ThreadPoolExecutor(max_workers=len(steps)) as pool:
        return list(pool.map(run, steps))


def nothing() -> None:
    """A transaction that only has to end."""


def suggest(document: Document, actor: User, old: str, new: str, *, private: bool = False) -> Suggestion:
    version = version_of(fresh(document), old, published=not private)
    words = version.text.replace(old, new)
    return suggest_words(
        actor=actor, document=fresh(document), version=version, words=words, reason="Clearer.", is_private=private
    )


def again(suggestion: Suggestion) -> Suggestion:
    """The suggestion as a request that comes now would load it."""
    found = Suggestion.objects.select_related("on", "revision", "passage").get(pk=suggestion.pk)
    found.document = fresh(suggestion.document)
    return found


def state_of(suggestion: Suggestion) -> str:
    return Suggestion.objects.get(pk=suggestion.pk).state


def readers_see(document: Document) -> list[str]:
    return [passage.text for passage in load_passages(fresh(document).published)][1:]


def test_two_suggestions_are_accepted_at_once_and_both_are_in_the_text(
    cast: Cast, document: Document, tmp_path: Path
) -> None:
    one = suggest(document, cast.dalia, "barrels", "butts")
    other = suggest(document, cast.farid, "A pump", "One pump")
    with shared_database(tmp_path):
        outcomes = at_once(
            lambda: accept_suggestion(actor=cast.amina, suggestion=again(one)),
            lambda: accept_suggestion(actor=cast.bruno, suggestion=again(other)),
        )
        said = in_thread(lambda: readers_see(document))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert said == [BARRELS.replace("barrels", "butts"), NOON, PUMP.replace("A pump", "One pump")]
    assert sorted(outcome.revision.number for outcome in outcomes) == [3, 4]


def test_one_suggestion_is_accepted_once(cast: Cast, document: Document, tmp_path: Path) -> None:
    one = suggest(document, cast.dalia, "barrels", "butts")
    with shared_database(tmp_path):
        loaded = in_thread(lambda: (again(one), again(one)))
        outcomes = at_once(*(lambda it=it: accept_suggestion(actor=cast.amina, suggestion=it) for it in loaded))
        number = in_thread(lambda: Document.objects.values_list("current__number", flat=True).get(pk=document.pk))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "AlreadyDecided"]
    assert number == 3


def test_what_was_withdrawn_is_not_accepted_with_another_that_says_the_same(
    cast: Cast, document: Document, tmp_path: Path
) -> None:
    """The one who withdraws was first: accepting waits, and finds it gone."""
    one = suggest(document, cast.dalia, "barrels", "butts")
    same = suggest(document, cast.farid, "barrels", "butts")
    with shared_database(tmp_path):
        _withdrawn, accepted = during(
            lambda: withdraw_suggestion(actor=cast.farid, suggestion=again(same)),
            lambda: accept_suggestion(actor=cast.amina, suggestion=again(one)),
            nothing,
        )
        states = in_thread(lambda: (state_of(one), state_of(same)))
    assert states == (SuggestionState.ACCEPTED, SuggestionState.WITHDRAWN)
    assert accepted.revision.credits == ["Dalia"]


def test_a_suggestion_is_declined_while_its_passage_moves_on(cast: Cast, document: Document, tmp_path: Path) -> None:
    one = suggest(document, cast.bruno, "barrels", "butts", private=True)
    moved = BARRELS.replace("every house", "each house")
    with shared_database(tmp_path):
        loaded = in_thread(lambda: again(one))
        _saved, declined = during(
            lambda: save_revision(
                actor=cast.amina, document=fresh(document), passages=passages(moved, NOON, PUMP), note="shorter"
            ),
            lambda: decline_suggestion(actor=cast.amina, suggestion=loaded, reason="It is fine."),
            nothing,
        )
        kept = in_thread(lambda: Suggestion.objects.select_related("on").get(pk=one.pk))
    assert declined.state == kept.state == SuggestionState.DECLINED
    assert kept.on.text == moved
    assert kept.words == moved.replace("barrels", "butts")


def test_a_suggestion_is_discussed_while_somebody_accepts_it(cast: Cast, document: Document, tmp_path: Path) -> None:
    """What is said points to the document that is being written: neither waits for the other."""
    one = suggest(document, cast.dalia, "barrels", "butts")
    with shared_database(tmp_path):
        changed, said = during(
            lambda: lock_document(document),
            lambda: remark_on_suggestion(actor=cast.farid, suggestion=again(one), text="Yes!", lang="en"),
            lambda: mark_changed(document.iteration.process),
        )
    assert changed is None
    assert said.text == "Yes!"


def test_an_anchor_is_placed_while_the_text_is_saved(cast: Cast, document: Document, tmp_path: Path) -> None:
    version = version_of(document, "noon")
    start = version.text.index("noon")
    with shared_database(tmp_path):
        _saved, anchor = during(
            lambda: save_revision(
                actor=cast.amina, document=fresh(document), passages=passages(PUMP, f"Please: {NOON}", BARRELS)
            ),
            lambda: place_anchor(
                actor=cast.bruno, document=fresh(document), version=version, start=start, end=start + 4
            ),
            nothing,
        )
        place = in_thread(lambda: type(anchor).objects.select_related("place__revision").get(pk=anchor.pk).place)
    assert (place.state, place.words, place.revision.number) == ("current", "noon", 3)


def test_readers_see_a_text_while_it_is_saved(cast: Cast, document: Document, tmp_path: Path) -> None:
    anchored = version_of(document, "noon")
    for number in range(3):
        words = f"{NOON} And again, {number}."
        save_revision(actor=cast.amina, document=fresh(document), passages=passages(BARRELS, words, PUMP))
    with shared_database(tmp_path):
        outcomes = at_once(
            lambda: publish_revision(actor=cast.amina, document=fresh(document), override_reason="Now."),
            lambda: save_revision(actor=cast.bruno, document=fresh(document), passages=passages(PUMP, NOON)),
            lambda: place_anchor(actor=cast.farid, document=fresh(document), version=anchored, start=0, end=6),
            lambda: publish_revision(actor=cast.amina, document=fresh(document), override_reason="Now!"),
        )
        stored = in_thread(lambda: Document.objects.select_related("published", "current", "ready").get(pk=document.pk))
    refused = [type(one).__name__ for one in outcomes if isinstance(one, Exception)]
    assert set(refused) <= {"NotThere", "NothingToPublish"}, outcomes
    assert stored.ready.revision_id == stored.published_id


def test_two_texts_begun_at_once_get_two_codes(cast: Cast, document: Document, tmp_path: Path) -> None:
    install_templates(actor=cast.amina, process=cast.process)
    space = Chapter.objects.select_related("iteration__process__body", "group").get()

    def begin(title: str) -> Step:
        return lambda: begin_document(
            actor=cast.bruno, chapter=space, template="draft-recommendation", title=title, lang="en"
        )

    with shared_database(tmp_path):
        made: list[Document] = []
        _none, second = during(lambda: made.append(begin("Keep rain")()), begin("Keep seeds"), nothing)
    assert [made[0].code, second.code] == ["AD-R2", "AD-R3"]


def test_a_space_begun_twice_is_one(cast: Cast, document: Document, tmp_path: Path) -> None:
    iteration = document.iteration
    with shared_database(tmp_path):
        outcomes = at_once(*[lambda: begin_space(actor=cast.amina, iteration=iteration, group=cast.process.body)] * 2)
        number = in_thread(lambda: Chapter.objects.filter(group=cast.process.body).count())
    assert number == 1
    assert {outcome.pk for outcome in outcomes} == {outcomes[0].pk}


def test_somebody_invited_twice_is_invited_once(cast: Cast, document: Document, tmp_path: Path) -> None:
    space = Chapter.objects.select_related("iteration__process__body", "group").get()

    def invite() -> Reviewer:
        return invite_reviewer(actor=cast.bruno, chapter=space, user=cast.farid)

    with shared_database(tmp_path):
        _first, second = during(invite, invite, nothing)
    assert isinstance(second, ReadsAlready)


def test_a_text_accepted_twice_is_accepted_once(cast: Cast, document: Document, tmp_path: Path) -> None:
    template = Template.objects.create(
        process=cast.process, slug="conduct", kind="conduct", names={"en": "Conduct"}, asks_acceptance=True
    )
    Document.objects.filter(pk=document.pk).update(template=template)

    def accept() -> Acceptance:
        found = Document.objects.select_related(
            "current", "published", "iteration__process__body", "chapter__group", "template"
        ).get(pk=document.pk)
        return accept_document(actor=cast.farid, document=found, revision=2)

    with shared_database(tmp_path):
        outcomes = at_once(accept, accept)
    assert outcomes[0].pk == outcomes[1].pk


def lineage(cast: Cast) -> tuple[Document, list[LineageEdge]]:
    """A later text, and two edges to it that stand."""
    _first, earlier = add_round(cast.process, cast.advocacy, "Rain", "Sun", "Wind", number=2)
    _second, [later] = add_round(cast.process, cast.advocacy, "Weather", number=3)
    edges = [
        draw_edge(
            actor=cast.amina,
            process=cast.process,
            earlier=fresh(one),
            later=fresh(later),
            kind=LineageKind.REVISED,
            reason="It goes on.",
        )
        for one in earlier[:2]
    ]
    return later, edges


def test_edges_are_decided_while_texts_are_connected(cast: Cast, document: Document, tmp_path: Path) -> None:
    later, edges = lineage(cast)
    third = Document.objects.get(code="AD-R3", iteration__number=2)
    with shared_database(tmp_path):
        connected, decided = during(
            lambda: decide_edge(actor=cast.amina, edge=edges[0], state=EdgeState.ACCEPTED, reason="Yes."),
            lambda: decide_edge(actor=cast.bruno, edge=edges[1], state=EdgeState.REJECTED, reason="No."),
            lambda: connect_texts(
                actor=cast.amina,
                earlier=fresh(third),
                later=fresh(later),
                kind=LineageKind.REVISED,
                reason="It is in it.",
            ),
        )
    assert connected.kind == LineageKind.MERGED
    assert decided.state == EdgeState.REJECTED


def test_links_are_decided_crosswise(cast: Cast, document: Document, tmp_path: Path) -> None:
    _round, documents = add_round(cast.process, cast.advocacy, "Rain", "Sun", "Wind", number=2)
    rain, sun, wind = map(fresh, documents)
    links = [
        draw_link(actor=cast.amina, source=one, target=other, kind=LinkKind.DEPENDS_ON, reason="It needs it.")
        for one, other in ((rain, sun), (sun, wind))
    ]
    with shared_database(tmp_path):
        ours, theirs = during(
            lambda: decide_link(actor=cast.amina, link=links[0], state=EdgeState.REJECTED, reason="No."),
            lambda: decide_link(actor=cast.bruno, link=links[1], state=EdgeState.REJECTED, reason="No."),
            lambda: decide_link(actor=cast.amina, link=links[1], state=EdgeState.ACCEPTED, reason="Yes."),
        )
    assert (ours.state, theirs.state) == (EdgeState.ACCEPTED, EdgeState.REJECTED)


def test_templates_are_moved_and_added_at_once(cast: Cast, document: Document, tmp_path: Path) -> None:
    slugs = [one.slug for one in install_templates(actor=cast.amina, process=cast.process)]

    def add() -> Template:
        return add_template(
            actor=cast.amina, process=cast.process, names={"en": "Letter"}, kind=DocumentKind.COVER_NOTE
        )

    def move(slug: str) -> Step:
        return lambda: move_template(actor=cast.amina, process=cast.process, slug=slug, step="down")

    with shared_database(tmp_path):
        first: list[Template] = []
        _none, second = during(lambda: first.append(add()), add, nothing)
        outcomes = at_once(*(move(slug) for slug in slugs))
        positions = in_thread(lambda: list(Template.objects.values_list("position", flat=True)))
    assert [first[0].slug, second.slug] == ["letter", "letter-2"]
    assert not any(outcomes), outcomes
    assert positions == list(range(1, len(slugs) + 3))
