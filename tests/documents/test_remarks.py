"""Remarks of those who draft and review: who makes, reads and resolves them, and what is kept."""

import pytest
from django.utils import timezone

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.anchors import NotThere
from harken.documents.actions.publication import revise_document
from harken.documents.actions.remarks import NothingSaid, remark_on_suggestion, remark_on_words, resolve_remark
from harken.documents.models import Document, Remark, Reviewer
from harken.documents.permissions import may_resolve_remark, may_see_suggestion, remarks_visible_to
from harken.documents.section_text import CannotKeep
from harken.people.models import User
from tests.cast import Cast, add_round, open_phase
from tests.documents.test_anchors import BARRELS, NOON, fresh, passages, version_of
from tests.documents.test_suggestions import now, suggest


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of two paragraphs, by Amina, while suggestions are open."""
    open_phase(cast.process, "read", "suggest", "draft")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON))
    return fresh(made)


def remark(document: Document, actor: User, text: str = "Really?", *, end: int = 4) -> Remark:
    """Somebody remarks on the first words of the first paragraph."""
    version = version_of(document, "barrels")
    return remark_on_words(actor=actor, document=document, version=version, start=0, end=end, text=text, lang="en")


def test_a_remark_keeps_its_words_its_safe_html_and_its_quote(cast: Cast, document: Document) -> None:
    made = remark(document, cast.bruno, "  Is *rain* enough? <script>x</script> ")
    assert made.text == "Is *rain* enough? <script>x</script>"
    assert made.html == "<p>Is <em>rain</em> enough? &lt;script&gt;x&lt;/script&gt;</p>"
    assert made.anchor is not None
    assert (made.anchor.exact, made.author_name, made.lang) == ("Rain", "Bruno", "en")
    assert AuditEvent.objects.filter(verb="remarked").count() == 1


def test_reviewers_remark_and_readers_do_not(cast: Cast, document: Document) -> None:
    for actor in (cast.chen, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            remark(document, actor)
    Reviewer.objects.create(chapter=document.chapter, user=cast.chen, invited_by_name="Bruno", at=timezone.now())
    assert remark(document, cast.chen).author == cast.chen


@pytest.mark.parametrize(
    ("text", "end", "error"),
    [("", 4, NothingSaid), (" \n", 4, NothingSaid), ("a\x00", 4, CannotKeep), ("Hm.", 0, NotThere)],
)
def test_a_remark_needs_words_to_say_and_words_to_be_about(
    cast: Cast, document: Document, text: str, end: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        remark(document, cast.bruno, text, end=end)
    assert not Remark.objects.exists()


def test_a_remark_is_resolved_and_opened_again_by_its_group_and_its_author(cast: Cast, document: Document) -> None:
    made = remark(document, cast.bruno)
    resolved = resolve_remark(actor=cast.amina, remark=made)
    assert (resolved.resolved_by_name, resolved.resolved_at is not None) == ("Amina", True)
    resolve_remark(actor=cast.bruno, remark=made)
    assert AuditEvent.objects.filter(verb="resolved remark").count() == 1
    opened = resolve_remark(actor=cast.bruno, remark=made, is_resolved=False)
    assert (opened.resolved_by_name, opened.resolved_at) == ("", None)
    with pytest.raises(Refused):
        resolve_remark(actor=cast.dalia, remark=made)
    on_suggestion = remark_on_suggestion(
        actor=cast.dalia, suggestion=now(suggest(document, cast.esra, "Rain", "Snow")), text="Brr.", lang="en"
    )
    assert may_resolve_remark(cast.dalia, on_suggestion)
    assert not may_resolve_remark(cast.esra, on_suggestion)


def test_visible_remarks_and_what_they_are_about_agree(cast: Cast, document: Document) -> None:
    on_draft = remark(document, cast.bruno)
    public = now(suggest(document, cast.esra, "Rain", "Snow"))
    private = now(suggest(document, cast.bruno, "Rain", "Hail", private=True))
    said = {
        suggestion.pk: remark_on_suggestion(actor=cast.bruno, suggestion=suggestion, text="Brr.", lang="en")
        for suggestion in (public, private)
    }
    with pytest.raises(Refused):
        remark_on_suggestion(actor=cast.dalia, suggestion=private, text="Brr.", lang="en")
    for actor in (cast.amina, cast.bruno, cast.chen, cast.dalia, cast.farid, OPERATOR):
        visible = set(remarks_visible_to(actor, fresh(document)).values_list("pk", flat=True))
        for suggestion in (public, private):
            assert bool(may_see_suggestion(actor, suggestion)) is (said[suggestion.pk].pk in visible)
        assert (on_draft.pk in visible) is bool(may_see_suggestion(actor, private))
