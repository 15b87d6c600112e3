"""Anchors stay with their words while the text is edited, or say that they came loose."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.anchors import NotThere, place_anchor
from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.saving import restore_revision, save_revision
from harken.documents.drafts import DraftPassage
from harken.documents.models import Anchor, AnchorPlace, Document, PassageKind, Version
from harken.documents.queries.texts import load_passages
from harken.people.actions import create_group
from harken.people.models import User
from harken.processes.actions import create_process
from tests.cast import Cast, add_round, open_phase

BARRELS = "Rain is kept in barrels at every house that wants one."
NOON = "Nobody waters at noon, since half of it is lost to the sun."
PUMP = "A pump is shared by the whole street and mended in spring."
BOTH = f"{BARRELS} {NOON}"


def passages(*texts: str) -> list[DraftPassage]:
    """A title and paragraphs, as somebody types them."""
    return [
        DraftPassage(PassageKind.TITLE, "Water the beds"),
        *(DraftPassage(PassageKind.PARAGRAPH, text) for text in texts),
    ]


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of two paragraphs, by Amina."""
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON))
    return fresh(made)


def fresh(document: Document) -> Document:
    """The document as it is stored."""
    return Document.objects.select_related(
        "current", "published", "iteration__process__body", "chapter__group", "chapter__iteration__process__body"
    ).get(pk=document.pk)


def version_of(document: Document, words: str, *, published: bool = False) -> Version:
    """The version that holds the words, in the draft or in what readers see."""
    revision = document.published if published else document.current
    assert revision is not None
    return Version.objects.get(pk__in=revision.version_ids, text__contains=words)


def anchor_on(document: Document, words: str, actor: User, *, published: bool = False) -> Anchor:
    """An anchor on words of the text."""
    version = version_of(document, words, published=published)
    start = version.text.index(words)
    return place_anchor(actor=actor, document=document, version=version, start=start, end=start + len(words))


def place_of(anchor: Anchor) -> AnchorPlace:
    """Where the anchor is in the draft now."""
    place = Anchor.objects.select_related("place").get(pk=anchor.pk).place
    assert place is not None
    return place


def words_at(place: AnchorPlace) -> str:
    """What stands where the place says, in the draft."""
    revision = place.anchor.document.current
    stored = {passage.passage_id: passage.text for passage in load_passages(revision)}
    assert place.passage_id is not None
    return stored[place.passage_id][place.start : place.end]


def test_a_quote_is_kept_with_its_surroundings_as_the_standard_writes_it(cast: Cast, document: Document) -> None:
    anchor = anchor_on(document, "in barrels", cast.farid)
    assert anchor.as_selector == {
        "type": "TextQuoteSelector",
        "exact": "in barrels",
        "prefix": "Rain is kept ",
        "suffix": " at every house that wants one.",
    }
    assert anchor.place == anchor.published_place
    assert (place_of(anchor).state, words_at(place_of(anchor))) == ("current", "in barrels")


def test_an_edit_elsewhere_writes_no_new_place(cast: Cast, document: Document) -> None:
    anchor = anchor_on(document, "in barrels", cast.farid)
    save_revision(actor=cast.amina, document=document, passages=passages(BARRELS, NOON + " Or at dawn."))
    assert AnchorPlace.objects.filter(anchor=anchor).count() == 1


def test_words_that_change_around_a_quote_move_it_along(cast: Cast, document: Document) -> None:
    anchor = anchor_on(document, "barrels at every house", cast.farid)
    save_revision(
        actor=cast.amina,
        document=document,
        passages=passages("Each winter, rain and snow are kept in barrels at every house that wants one.", NOON),
    )
    place = place_of(anchor)
    assert (place.state, words_at(place)) == ("current", "barrels at every house")
    assert place.start != anchor.places.get(revision=anchor.revision).start


def test_changed_words_are_shown_beside_the_old_ones(cast: Cast, document: Document) -> None:
    anchor = anchor_on(document, "every house that wants one", cast.farid)
    save_revision(
        actor=cast.amina,
        document=document,
        passages=passages("Rain is kept in barrels at every house that has one.", NOON),
    )
    place = place_of(anchor)
    assert (place.state, place.words, anchor.exact) == (
        "changed",
        "every house that has one",
        "every house that wants one",
    )


def test_a_loose_anchor_keeps_its_words_version_and_revision_and_is_found_after_a_restore(
    cast: Cast, document: Document
) -> None:
    anchor = anchor_on(document, "at noon", cast.farid)
    save_revision(actor=cast.amina, document=document, passages=passages(BARRELS, PUMP))
    lost = place_of(anchor)
    assert (lost.state, lost.passage, lost.words) == ("loose", None, "")
    kept = Anchor.objects.select_related("version", "revision").get(pk=anchor.pk)
    assert (kept.exact, kept.version.text, kept.revision.number) == ("at noon", NOON, 2)
    restore_revision(actor=cast.amina, document=document, number=2)
    place = place_of(anchor)
    assert (place.state, words_at(place), place.passage_id) == ("current", "at noon", anchor.passage_id)
    assert [one.state for one in anchor.places.all()] == ["current", "loose", "current"]


def test_an_anchor_follows_its_words_through_a_split_and_a_merge(cast: Cast, document: Document) -> None:
    save_revision(actor=cast.amina, document=document, passages=passages(BOTH, PUMP))
    anchors = [anchor_on(fresh(document), words, cast.amina) for words in ("in barrels", "half of it is lost")]
    save_revision(actor=cast.amina, document=document, passages=passages(BARRELS, NOON, PUMP))
    split = [place_of(anchor) for anchor in anchors]
    assert [words_at(place) for place in split] == ["in barrels", "half of it is lost"]
    assert sorted(place.state for place in split) == ["current", "moved"]
    save_revision(actor=cast.amina, document=document, passages=passages(BOTH, PUMP))
    merged = [place_of(anchor) for anchor in anchors]
    assert [words_at(place) for place in merged] == ["in barrels", "half of it is lost"]
    assert [place.state for place in merged] == ["current", "current"]


def test_an_anchor_stays_with_a_passage_that_is_moved(cast: Cast, document: Document) -> None:
    anchor = anchor_on(document, "in barrels", cast.farid)
    save_revision(actor=cast.amina, document=document, passages=passages(NOON, PUMP, BARRELS))
    place = place_of(anchor)
    assert (place.state, words_at(place), place.passage_id) == ("current", "in barrels", anchor.passage_id)


def test_an_anchor_on_the_published_text_is_followed_to_the_draft_and_on_when_that_is_published(
    cast: Cast, document: Document
) -> None:
    save_revision(actor=cast.amina, document=document, passages=passages(PUMP, BARRELS + " " + PUMP))
    anchor = anchor_on(fresh(document), "at noon", cast.farid, published=True)
    kept = anchor_on(fresh(document), "in barrels", cast.farid, published=True)
    assert (place_of(anchor).state, place_of(kept).state) == ("loose", "current")
    assert anchor.published_place is not None
    assert anchor.published_place.state == "current"
    publish_revision(actor=cast.amina, document=document)
    anchor.refresh_from_db()
    assert anchor.published_place is not None
    assert anchor.published_place.state == "loose"


def test_an_anchor_on_the_draft_alone_has_no_place_for_readers_until_it_is_published(
    cast: Cast, document: Document
) -> None:
    save_revision(actor=cast.amina, document=document, passages=passages(BARRELS, NOON, PUMP))
    with pytest.raises(Refused):
        anchor_on(fresh(document), "mended in spring", cast.farid)
    anchor = anchor_on(fresh(document), "mended in spring", cast.bruno)
    assert anchor.published_place is None
    publish_revision(actor=cast.amina, document=document)
    anchor.refresh_from_db()
    assert anchor.published_place == anchor.place


def test_words_that_stand_no_more_cannot_be_anchored(cast: Cast, document: Document) -> None:
    old = version_of(document, "noon")
    revise_document(actor=cast.amina, document=document, passages=passages(BARRELS, PUMP))
    with pytest.raises(NotThere):
        place_anchor(actor=cast.farid, document=document, version=old, start=0, end=6)
    present = version_of(fresh(document), "Rain")
    for start, end in ((0, 0), (5, 3), (0, 999), (-1, 2)):
        with pytest.raises(NotThere):
            place_anchor(actor=cast.farid, document=document, version=present, start=start, end=end)


def _queries_of_a_save(cast: Cast, document: Document, *texts: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        save_revision(actor=cast.amina, document=document, passages=passages(*texts))
    return len(queries)


def test_a_save_asks_no_more_of_the_database_for_many_anchors_than_for_three(cast: Cast, document: Document) -> None:
    for words in ("in barrels", "every house", "at noon"):
        anchor_on(document, words, cast.farid)
    few = _queries_of_a_save(cast, document, "Then: " + BARRELS, NOON)
    for _number in range(40):
        anchor_on(fresh(document), "wants one", cast.bruno)
    assert _queries_of_a_save(cast, document, BARRELS, NOON) == few


SENTENCES = [
    BARRELS,
    NOON,
    PUMP,
    "Weed often, and talk while you do.",
    "Les graines se partagent en automne.",
    "نزرع معا في الربيع كل عام.",
]
paragraphs = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join), min_size=0, max_size=5
)


@pytest.mark.django_db
@settings(max_examples=15)
@given(rounds=st.lists(paragraphs, min_size=1, max_size=5), share=st.floats(0, 1), where=st.integers(0, 10))
def test_an_anchor_never_says_that_words_stand_where_they_do_not(
    rounds: list[list[str]], share: float, where: int
) -> None:
    with transaction.atomic():
        _replay(rounds, share, where)
        transaction.set_rollback(True)


def _replay(rounds: list[list[str]], share: float, where: int) -> None:
    process = create_process(actor=OPERATOR, slug="any", name="Any", is_public=True)
    group = create_group(actor=OPERATOR, name="Any", code="AN", parent=process.body)
    _iteration, (document,) = add_round(process, group, "Title")
    for number, texts in enumerate(rounds):
        save_revision(actor=OPERATOR, document=document, passages=passages(*texts))
        present = fresh(document)
        stored = load_passages(present.current)
        chosen = stored[where % len(stored)]
        start = int(share * (len(chosen.text) - 1))
        version = Version.objects.get(pk=chosen.version_id)
        place_anchor(actor=OPERATOR, document=present, version=version, start=start, end=len(chosen.text))
        texts_now = {passage.passage_id: passage.text for passage in stored}
        for anchor in Anchor.objects.filter(document=document).select_related("place"):
            place = anchor.place
            assert place is not None
            if place.state == "loose":
                assert (place.passage_id, place.words) == (None, "")
                continue
            assert place.passage_id is not None
            stands = texts_now[place.passage_id][place.start : place.end]
            assert stands == place.words
            assert (stands == anchor.exact) is (place.state in {"current", "moved"})
            assert (place.state != "moved") or place.passage_id != anchor.passage_id
        if number % 2:
            publish_revision(actor=OPERATOR, document=document)
    restored = restore_revision(actor=OPERATOR, document=document, number=2).revision
    present_ids = restored.version_ids if restored else fresh(document).current.version_ids  # type: ignore[union-attr] # it has one
    for anchor in Anchor.objects.filter(document=document, version__in=present_ids).select_related("place"):
        assert anchor.place is not None
        assert (anchor.place.state, anchor.place.words) == ("current", anchor.exact)


def test_writers_anchor_in_any_phase_and_readers_where_they_may_read(cast: Cast, document: Document) -> None:
    open_phase(cast.process, "read")
    assert anchor_on(document, "in barrels", cast.farid).pk
