"""Suggestions: proposed with a reason, carried over while the text moves on, decided, credited, and never lost."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.saving import restore_revision, save_revision
from harken.documents.actions.suggestions import (
    AlreadyDecided,
    NoReason,
    NothingProposed,
    TextMovedOn,
    accept_suggestion,
    decline_suggestion,
    renew_suggestion,
    suggest_words,
    withdraw_suggestion,
)
from harken.documents.carrying import carry_over
from harken.documents.models import Document, PassageEdge, Suggestion, SuggestionState, Version
from harken.documents.permissions import (
    may_see_suggestion,
    suggestions_visible_to,
)
from harken.documents.queries.texts import load_passages
from harken.people.models import User
from tests.cast import Cast, add_round, open_phase
from tests.documents.test_anchors import BARRELS, BOTH, NOON, PUMP, fresh, passages, version_of

OPEN, STALE = SuggestionState.OPEN, SuggestionState.STALE


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of two paragraphs, by Amina, while suggestions are open."""
    open_phase(cast.process, "read", "suggest", "draft")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON))
    return fresh(made)


def suggest(
    document: Document,
    actor: User,
    old: str,
    new: str,
    *,
    reason: str = "It is clearer.",
    private: bool = False,
) -> Suggestion:
    """Somebody proposes to say `new` for `old`, words of a passage."""
    present = fresh(document)
    version = version_of(present, old, published=not private)
    return suggest_words(
        actor=actor,
        document=present,
        version=version,
        words=version.text.replace(old, new),
        reason=reason,
        is_private=private,
    )


def now(suggestion: Suggestion) -> Suggestion:
    """The suggestion as it is stored."""
    found = Suggestion.objects.select_related("on", "revision", "passage").get(pk=suggestion.pk)
    found.document = fresh(suggestion.document)
    return found


def says(document: Document, *, published: bool = False) -> list[str]:
    """The draft's paragraphs, or those that readers see."""
    present = fresh(document)
    revision = present.published if published else present.current
    return [passage.text for passage in load_passages(revision)][1:]


def test_a_suggestion_shows_what_it_changes_and_why(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof", reason="Not everybody wants one.")
    assert suggestion.changes == (
        'Rain is kept in barrels at every house that <del dir="ltr">wants one</del><ins dir="ltr">has a roof</ins>.'
    )
    assert (suggestion.author_name, suggestion.reason, suggestion.state) == ("Dalia", "Not everybody wants one.", OPEN)
    assert (suggestion.base, suggestion.on, suggestion.text) == (suggestion.on, suggestion.on, suggestion.words)


def test_what_people_type_is_shown_as_characters(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "<script>alert(1)</script> & <b>more</b>")
    assert "<script" not in suggestion.changes
    assert "&lt;script&gt;" in suggestion.changes
    assert "<b>" not in suggestion.changes


def test_an_accepted_suggestion_is_a_revision_that_credits_its_author(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), reason="Roofs are what it takes.")
    assert (accepted.is_published, accepted.is_whole) == (True, True)
    assert (accepted.revision.author, accepted.revision.credits) == (cast.bruno, ["Dalia"])
    assert accepted.revision.note == "Roofs are what it takes."
    assert says(document, published=True) == [BARRELS.replace("wants one", "has a roof"), NOON]
    stored = now(suggestion)
    assert (stored.state, stored.decided_by_name, stored.revision) == ("accepted", "Bruno", accepted.revision)
    with pytest.raises(AlreadyDecided):
        accept_suggestion(actor=cast.bruno, suggestion=stored)


def test_a_suggestion_is_carried_over_another_edit_accepted_and_credited(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    edited = BARRELS.replace("Rain is", "Rain and snow are")
    revise_document(actor=cast.bruno, document=document, passages=passages(edited, NOON))
    carried = now(suggestion)
    assert (carried.state, carried.words) == (OPEN, edited.replace("wants one", "has a roof"))
    assert (carried.base.text, carried.text) == (BARRELS, BARRELS.replace("wants one", "has a roof"))
    assert "Rain and snow are" in carried.changes
    accepted = accept_suggestion(actor=cast.bruno, suggestion=carried)
    assert says(document) == [edited.replace("wants one", "has a roof"), NOON]
    assert accepted.revision.credits == ["Dalia"]


def test_a_suggestion_on_the_published_text_is_applied_to_the_draft_and_waits_for_its_publication(
    cast: Cast, document: Document
) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    draft = BARRELS.replace("Rain is", "Rain and snow are")
    save_revision(actor=cast.bruno, document=document, passages=passages(draft, NOON, PUMP))
    assert now(suggestion).words == BARRELS.replace("wants one", "has a roof")
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestion))
    assert not accepted.is_published
    assert says(document) == [draft.replace("wants one", "has a roof"), NOON, PUMP]
    assert says(document, published=True) == [BARRELS, NOON]
    publish_revision(actor=cast.bruno, document=fresh(document))
    assert now(suggestion).state == "accepted"


def test_a_suggestion_whose_words_others_changed_is_stale_until_they_return_or_it_is_renewed(
    cast: Cast, document: Document
) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    other = suggest(document, cast.esra, "wants one", "needs it")
    revise_document(
        actor=cast.bruno, document=document, passages=passages(BARRELS.replace("wants one", "asks for it"), NOON)
    )
    stale = now(suggestion)
    assert (stale.state, stale.on.text, now(other).state) == (STALE, BARRELS, STALE)
    with pytest.raises(TextMovedOn):
        accept_suggestion(actor=cast.bruno, suggestion=stale)
    with pytest.raises(Refused):
        renew_suggestion(
            actor=cast.esra, suggestion=stale, version=version_of(fresh(document), "asks"), words="Anything."
        )
    renewed = renew_suggestion(
        actor=cast.dalia,
        suggestion=stale,
        version=version_of(fresh(document), "asks for it"),
        words=BARRELS.replace("wants one", "has a roof and asks for it"),
    )
    assert (renewed.state, renewed.base.text) == (OPEN, BARRELS)
    restore_revision(actor=cast.amina, document=document, number=2)
    publish_revision(actor=cast.amina, document=fresh(document))
    assert now(other).state == OPEN


def test_a_stale_suggestion_can_be_taken_up_in_other_words_and_still_credits(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    changed = BARRELS.replace("wants one", "asks for it")
    revise_document(actor=cast.bruno, document=document, passages=passages(changed, NOON))
    both = BARRELS.replace("wants one", "has a roof and asks for it")
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), words=both)
    assert (says(document)[0], accepted.revision.credits, accepted.is_whole) == (both, ["Dalia"], False)
    assert now(suggestion).state == "in_part"


def test_accepting_part_of_a_suggestion_takes_the_chosen_changes_alone(cast: Cast, document: Document) -> None:
    version = version_of(document, "barrels")
    words = "Rain is caught in barrels at every house that has a roof."
    suggestion = suggest_words(
        actor=cast.dalia, document=document, version=version, words=words, reason="Two things at once."
    )
    with pytest.raises(NothingProposed):
        accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), on=version.pk, chosen=[])
    with pytest.raises(TextMovedOn):
        accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), on=version.pk + 1, chosen=[0])
    with pytest.raises(TextMovedOn):
        accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), on=version.pk, chosen=[7])
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestion), on=version.pk, chosen=[1])
    assert says(document)[0] == "Rain is kept in barrels at every house that has a roof."
    assert (accepted.is_whole, now(suggestion).state) == (False, "in_part")


def test_several_people_who_propose_the_same_are_accepted_and_credited_together(cast: Cast, document: Document) -> None:
    suggestions = [suggest(document, actor, "wants one", "has a roof") for actor in (cast.dalia, cast.esra, cast.farid)]
    with pytest.raises(NothingProposed):
        suggest(document, cast.dalia, "wants one", "has a roof")
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestions[1]))
    assert accepted.revision.credits == ["Esra", "Dalia", "Farid"]
    assert {now(one).state for one in suggestions} == {"accepted"}


def test_what_the_text_says_already_is_accepted_and_nobody_decided(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    said = passages(BARRELS.replace("wants one", "has a roof"), NOON)
    revision = revise_document(actor=cast.bruno, document=document, passages=said)
    stored = now(suggestion)
    assert (stored.state, stored.decided_by_name, stored.revision) == ("accepted", "", revision)


def test_a_suggestion_follows_its_words_to_the_part_of_a_split_passage_that_holds_them(
    cast: Cast, document: Document
) -> None:
    revise_document(actor=cast.bruno, document=document, passages=passages(BOTH, PUMP))
    first = suggest(document, cast.dalia, "wants one", "has a roof")
    second = suggest(document, cast.esra, "at noon", "before dusk")
    across = suggest(document, cast.farid, "one. Nobody", "one, and nobody")
    revise_document(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, PUMP))
    assert (now(first).on.text, now(first).words) == (BARRELS, BARRELS.replace("wants one", "has a roof"))
    assert (now(second).on.text, now(second).words) == (NOON, NOON.replace("at noon", "before dusk"))
    assert now(second).passage_id == now(second).on.passage_id
    assert now(across).state == STALE
    revise_document(actor=cast.bruno, document=document, passages=passages(BOTH, PUMP))
    assert [now(one).state for one in (first, second, across)] == [OPEN, OPEN, OPEN]
    assert now(second).words == BOTH.replace("at noon", "before dusk")


def test_striking_a_passage_and_its_title(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, NOON, "")
    assert suggestion.words == ""
    with pytest.raises(NothingProposed):
        suggest(document, cast.dalia, "Water the beds", "")
    accept_suggestion(actor=cast.bruno, suggestion=now(suggestion))
    assert says(document, published=True) == [BARRELS]


def test_words_for_two_passages_split_the_passage_with_lineage(cast: Cast, document: Document) -> None:
    revise_document(actor=cast.bruno, document=document, passages=passages(BOTH, PUMP))
    suggestion = suggest(document, cast.dalia, "one. Nobody", "one.\n\nNobody")
    accept_suggestion(actor=cast.bruno, suggestion=now(suggestion))
    assert says(document) == [BARRELS, NOON, PUMP]
    assert PassageEdge.objects.filter(document=document, kind="split").count() == 1


def test_an_accepted_suggestion_waits_where_something_in_the_text_has_to_be_settled_first(
    cast: Cast, document: Document
) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof (TODO: which?)")
    accepted = accept_suggestion(actor=cast.bruno, suggestion=now(suggestion))
    assert not accepted.is_published
    assert "TODO" in says(document)[0]
    assert says(document, published=True) == [BARRELS, NOON]


def test_a_private_suggestion_follows_the_draft_and_is_its_groups_alone(cast: Cast, document: Document) -> None:
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, PUMP))
    with pytest.raises(Refused):
        suggest(document, cast.dalia, "in spring", "in March", private=True)
    suggestion = suggest(document, cast.bruno, "in spring", "in March", private=True)
    save_revision(actor=cast.amina, document=document, passages=passages(BARRELS, NOON, "Also: " + PUMP))
    assert now(suggestion).words == "Also: " + PUMP.replace("in spring", "in March")
    for actor in (cast.amina, cast.bruno, cast.chen, cast.dalia, cast.farid, OPERATOR):
        listed = suggestions_visible_to(actor, fresh(document)).filter(pk=suggestion.pk).exists()
        assert bool(may_see_suggestion(actor, now(suggestion))) is listed
        assert listed is (actor in (cast.amina, cast.bruno, OPERATOR))
    accepted = accept_suggestion(actor=cast.amina, suggestion=now(suggestion))
    assert not accepted.is_published


def test_a_suggestion_begun_before_the_passage_moved_on_is_carried_over_or_its_author_told(
    cast: Cast, document: Document
) -> None:
    begun = version_of(document, "barrels", published=True)
    edited = BARRELS.replace("Rain is", "Rain and snow are")
    revise_document(actor=cast.bruno, document=document, passages=passages(edited, NOON))
    words = BARRELS.replace("wants one", "has a roof")
    made = suggest_words(actor=cast.dalia, document=fresh(document), version=begun, words=words, reason="Roofs.")
    assert (made.words, made.base) == (edited.replace("wants one", "has a roof"), begun)
    with pytest.raises(TextMovedOn):
        suggest_words(
            actor=cast.dalia, document=fresh(document), version=begun, words="Snow is kept.", reason="Shorter."
        )


def test_a_draft_that_was_never_shown_cannot_be_read_through_a_suggestion(cast: Cast, document: Document) -> None:
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS + " Secretly.", NOON))
    hidden = version_of(fresh(document), "Secretly")
    with pytest.raises(TextMovedOn):
        suggest_words(actor=cast.dalia, document=fresh(document), version=hidden, words=BARRELS, reason="To see.")


def test_who_may_suggest_decide_and_withdraw(cast: Cast, document: Document) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    for actor in (cast.dalia, cast.chen, cast.farid):
        with pytest.raises(Refused):
            accept_suggestion(actor=actor, suggestion=now(suggestion))
        with pytest.raises(Refused):
            decline_suggestion(actor=actor, suggestion=now(suggestion), reason="No.")
    with pytest.raises(Refused):
        withdraw_suggestion(actor=cast.bruno, suggestion=now(suggestion))
    withdraw_suggestion(actor=cast.dalia, suggestion=now(suggestion))
    assert now(suggestion).state == "withdrawn"


def test_suggesting_is_open_while_a_phase_says_so(cast: Cast) -> None:
    open_phase(cast.process, "read")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS))
    with pytest.raises(Refused):
        suggest(made, cast.dalia, "wants one", "has a roof")
    assert suggest(made, cast.bruno, "wants one", "has a roof").pk


def test_saying_no_needs_a_reason_and_so_does_proposing(cast: Cast, document: Document) -> None:
    with pytest.raises(NoReason):
        suggest(document, cast.dalia, "wants one", "has a roof", reason="  ")
    with pytest.raises(NothingProposed):
        suggest(document, cast.dalia, "wants one", "wants one")
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof")
    with pytest.raises(NoReason):
        decline_suggestion(actor=cast.bruno, suggestion=now(suggestion), reason=" ")
    decline_suggestion(actor=cast.bruno, suggestion=now(suggestion), reason="Roofs are for a later text.")
    assert (now(suggestion).state, now(suggestion).decision_reason) == ("declined", "Roofs are for a later text.")


@pytest.mark.parametrize(("old", "new", "is_lost"), [("Rain", "Snow", False), ("wants one", "needs it", True)])
def test_two_suggestions_accepted_from_pages_opened_at_once_never_overwrite_each_other(
    cast: Cast, document: Document, old: str, new: str, *, is_lost: bool
) -> None:
    mine, theirs = suggest(document, cast.dalia, "wants one", "has a roof"), suggest(document, cast.esra, old, new)
    seen = [now(mine), now(theirs)]
    accept_suggestion(actor=cast.bruno, suggestion=seen[0])
    first = BARRELS.replace("wants one", "has a roof")
    if is_lost:
        with pytest.raises(TextMovedOn):
            accept_suggestion(actor=cast.amina, suggestion=seen[1])
        assert (says(document)[0], now(theirs).state) == (first, STALE)
    else:
        accept_suggestion(actor=cast.amina, suggestion=seen[1])
        assert (says(document)[0], now(theirs).state) == (first.replace(old, new), "accepted")


_FEW_WORDS = ["rain", "snow", "barrels", "are", "kept", "here,", "there.", "noon", "and", "dawn", "beds"]
words_of = st.lists(st.sampled_from(_FEW_WORDS), max_size=9)


@given(base=words_of, mine=words_of, theirs=words_of, cut=st.integers(0, 9))
def test_what_is_carried_over_loses_no_words_of_either_and_ends_in_one_passage(
    base: list[str], mine: list[str], theirs: list[str], cut: int
) -> None:
    texts = {1: " ".join(theirs[:cut]), 2: " ".join(theirs[cut:])}
    family = [(key, text) for key, text in texts.items() if text] or [(1, "")]
    carried = carry_over(" ".join(base), " ".join(mine), family)
    if carried.state == "stale":
        return
    assert carried.passage_id in dict(family)
    whole = " ".join(carried.words if key == carried.passage_id else text for key, text in family)
    added_by_both = (Counter(mine) - Counter(base)) | (Counter(theirs) - Counter(base))
    assert not added_by_both - Counter(whole.split())
    if carried.state == "covered":
        assert whole.split() == theirs


@pytest.mark.django_db
@settings(max_examples=15)
@given(proposal=words_of, edit=words_of)
def test_accepting_what_was_carried_over_keeps_both(proposal: list[str], edit: list[str]) -> None:
    with transaction.atomic():
        _accept_over(" ".join(proposal), " ".join(edit))
        transaction.set_rollback(True)


def _accept_over(proposal: str, edit: str) -> None:
    from harken.people.actions import create_group
    from harken.processes.actions import create_process

    process = create_process(actor=OPERATOR, slug="any", name="Any", is_public=True)
    group = create_group(actor=OPERATOR, name="Any", code="AN", parent=process.body)
    _iteration, (document,) = add_round(process, group, "Title")
    revise_document(actor=OPERATOR, document=document, passages=passages(BARRELS, NOON))
    document = fresh(document)
    version = Version.objects.get(pk__in=document.published.version_ids, text=BARRELS)  # type: ignore[union-attr] # it is published
    made = suggest_words(
        actor=OPERATOR,
        document=document,
        version=version,
        words=BARRELS.replace("barrels", f"barrels {proposal} tuns"),
        reason="Why not.",
    )
    edited = BARRELS.replace("wants one", f"{edit} wants it")
    revise_document(actor=OPERATOR, document=document, passages=passages(edited, NOON))
    carried = now(made)
    assert carried.state == OPEN
    accept_suggestion(actor=OPERATOR, suggestion=carried)
    assert says(document)[0].split() == edited.replace("barrels", f"barrels {proposal} tuns", 1).split()
