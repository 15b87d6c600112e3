"""Documents keep their codes, passages their ids, and revisions what was said."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.base.permits import OPERATOR, Refused
from harken.base.search import find
from harken.documents.actions.publication import revise_document
from harken.documents.actions.texts import CodeUsed, NoTitle, create_documents
from harken.documents.drafts import DraftPassage
from harken.documents.models import Chapter, Document, PassageKind, Revision
from harken.documents.permissions import documents_visible_to, may_see_document
from harken.documents.queries.texts import load_passages
from harken.people.actions import create_group
from harken.processes.actions import create_process
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, draft, open_phase

TITLE, PARAGRAPH = PassageKind.TITLE, PassageKind.PARAGRAPH


def ids_and_texts(document: Document) -> dict[str, str]:
    """The current words by their passages' ids."""
    fresh = Document.objects.select_related("current").get(pk=document.pk)
    return {passage.public_id: passage.text for passage in load_passages(fresh.current)}


def test_an_edit_keeps_the_ids_of_what_stays_and_of_what_changes(cast: Cast) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    first = [
        DraftPassage(TITLE, "Water the beds"),
        DraftPassage(PARAGRAPH, "Rain is kept in barrels at every house that wants one."),
        DraftPassage(PARAGRAPH, "Nobody waters at noon, since half of it is lost to the sun."),
    ]
    revise_document(actor=cast.amina, document=document, passages=first)
    before = ids_and_texts(document)
    second = [
        DraftPassage(TITLE, "Water the beds together"),
        DraftPassage(PARAGRAPH, "A pump is shared by the whole street and mended in spring."),
        DraftPassage(PARAGRAPH, "Rain is kept in barrels at every house that has a roof for one."),
        first[2],
    ]
    revision = revise_document(actor=cast.amina, document=document, passages=second, note="after the meeting")
    after = ids_and_texts(document)
    assert revision is not None
    assert (revision.number, revision.note, revision.author) == (3, "after the meeting", cast.amina)
    by_text = {text: public_id for public_id, text in after.items()}
    assert set(before) < set(after)
    for old_text, new_text in ((first[0], second[0]), (first[1], second[2]), (first[2], second[3])):
        assert before[by_text[new_text.text]] == old_text.text
    document.refresh_from_db()
    assert document.title == "Water the beds together"


def test_saving_the_same_words_writes_nothing(cast: Cast) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    assert (
        revise_document(actor=cast.amina, document=document, passages=[DraftPassage(TITLE, "Water the beds")]) is None
    )
    assert Revision.objects.filter(document=document).count() == 1


def test_former_revisions_still_say_what_they_said(cast: Cast) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=document, passages=[DraftPassage(TITLE, "Let it rain")])
    first, second = Revision.objects.filter(document=document).order_by("number")
    document.current = first
    assert [passage.text for passage in load_passages(document.current)] == ["Water the beds"]
    document.current = second
    assert [passage.text for passage in load_passages(document.current)] == ["Let it rain"]


@pytest.mark.parametrize("titles", [[], ["One", "Two"], ["  "]])
def test_a_document_has_exactly_one_title(cast: Cast, titles: list[str]) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    with pytest.raises(NoTitle):
        revise_document(actor=OPERATOR, document=document, passages=[DraftPassage(TITLE, text) for text in titles])
    assert list(ids_and_texts(document).values()) == ["Water the beds"]


def test_a_code_is_given_once_in_an_iteration(cast: Cast) -> None:
    iteration, _documents = add_round(cast.process, cast.advocacy, "Water the beds")
    chapter = Chapter.objects.get(iteration=iteration)
    with pytest.raises(CodeUsed, match="AD-R1"):
        create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R2", "Dig"), draft("AD-R1", "Weed")])
    with pytest.raises(CodeUsed, match="AD-R7"):
        create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R7", "Dig"), draft("AD-R7", "Weed")])
    assert Document.objects.count() == 1
    assert Iteration.objects.get(pk=iteration.pk).document_count == 1


def test_writers_write_only_while_it_is_open(cast: Cast) -> None:
    open_phase(cast.process, "read")
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    words = [DraftPassage(TITLE, "Let it rain")]
    with pytest.raises(Refused):
        revise_document(actor=cast.bruno, document=document, passages=words)
    open_phase(cast.process, "draft")
    assert revise_document(actor=cast.bruno, document=document, passages=words)


def test_a_revised_document_is_found_by_its_new_words_and_no_longer_by_its_old(cast: Cast) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=document, passages=[DraftPassage(TITLE, "Let it rain")])
    assert [row.entry.code for row in find(query="raining", languages=["en"]).rows] == ["AD-R1"]
    assert not find(query="beds", languages=["en"]).rows


def test_visible_documents_and_the_permit_agree(cast: Cast) -> None:
    iteration, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    for published in (True, False):
        Iteration.objects.filter(pk=iteration.pk).update(is_public=published)
        shown = Document.objects.select_related("iteration__process__body").get(pk=document.pk)
        for actor in (cast.amina, cast.bruno, cast.farid, OPERATOR):
            listed = documents_visible_to(actor, cast.process).filter(pk=document.pk).exists()
            assert bool(may_see_document(actor, shown)) is listed
    assert not documents_visible_to(cast.dalia, cast.process).exists()
    assert documents_visible_to(cast.amina, cast.process).exists()


sentences = st.lists(
    st.sampled_from(
        ["Dig early.", "Weed often, and talk.", "Rest at noon.", "Share the tools.", "बीज बाँटें।", "نزرع معا."]
    ),
    unique=True,
    max_size=6,
)


@pytest.mark.django_db
@settings(max_examples=15)
@given(rounds=st.lists(sentences, min_size=1, max_size=5))
def test_ids_are_never_used_twice_and_every_revision_can_be_read(rounds: list[list[str]]) -> None:
    with transaction.atomic():
        _replay(rounds)
        transaction.set_rollback(True)


def _replay(rounds: list[list[str]]) -> None:
    process = create_process(actor=OPERATOR, slug="any", name="Any", is_public=True)
    group = create_group(actor=OPERATOR, name="Any", code="AN", parent=process.body)
    _iteration, (document,) = add_round(process, group, "Title")
    said = [["Title"]]
    for texts in rounds:
        passages = [DraftPassage(TITLE, "Title"), *(DraftPassage(PARAGRAPH, text) for text in texts)]
        if revise_document(actor=OPERATOR, document=document, passages=passages):
            said.append(["Title", *texts])
    stored = list(Revision.objects.filter(document=document).order_by("number"))
    assert len(stored) == len(said)
    for revision, texts in zip(stored, said, strict=True):
        document.current = revision
        versions = load_passages(document.current)
        assert [version.text for version in versions] == texts
        assert len({version.passage_id for version in versions}) == len(versions)
