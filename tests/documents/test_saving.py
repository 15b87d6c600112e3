"""Saving, keeping and bringing back: passages keep their ids, and nothing that was typed is lost or altered."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harken.base.models import AuditEvent
from harken.base.permits import Refused
from harken.core.text.segment import normalise
from harken.documents.actions.saving import (
    EditConflict,
    NoSuchRevision,
    discard_kept_text,
    keep_text,
    restore_revision,
    save_revision,
)
from harken.documents.actions.texts import NoTitle
from harken.documents.actions.typing import keep_typed, save_typed
from harken.documents.drafts import DraftPassage
from harken.documents.merging import Choice
from harken.documents.models import ChangeClass, Document, KeptText, PassageEdge, PassageKind, Revision
from harken.documents.section_text import CannotKeep
from harken.documents.typed_text import CannotKeepField, TypedText, read_typed, with_all_areas, write_typed
from tests.cast import Cast, open_phase
from tests.documents.writing import (
    FIRST,
    SECOND,
    THIRD,
    add_template,
    as_it_is,
    begin_draft,
    passages_of,
    texts_of,
    typed_of,
)


def with_text(document: Document, text: str, section: str = "") -> TypedText:
    """The document as it stands in the editor, with other words in one section."""
    typed = typed_of(document)
    return replace(typed, sections={**typed.sections, section: text})


def ids_of(document: Document) -> dict[str, str]:
    return {passage.text: passage.public_id for passage in passages_of(document)}


def test_a_revision_is_numbered_named_and_recorded_and_readers_see_nothing_of_it(cast: Cast) -> None:
    document = begin_draft(cast)
    saved = save_typed(
        actor=cast.amina,
        document=document,
        typed=with_text(document, f"{FIRST}\n\n{SECOND}\n\nNew."),
        base=1,
        note="After the meeting",
        change_class=ChangeClass.MEANING,
    )
    assert saved.revision is not None
    assert (saved.revision.number, saved.revision.note, saved.revision.change_class) == (
        2,
        "After the meeting",
        "meaning",
    )
    assert saved.revision.author_name == "Amina"
    assert saved.others == ()
    stored = as_it_is(cast)
    assert stored.current == saved.revision
    assert stored.published is None
    event = AuditEvent.objects.filter(verb="saved revision").get()
    assert event.detail["revision"] == 2


def test_moved_edited_split_and_merged_passages_keep_their_ids_and_say_so(cast: Cast) -> None:
    document = begin_draft(cast)
    before = ids_of(document)
    moved = f"{THIRD}\n\n{FIRST}\n\n{SECOND.replace('half', 'most')}"
    save_typed(actor=cast.amina, document=document, typed=with_text(document, moved), base=1)
    after = ids_of(document)
    assert after[THIRD] == before[THIRD]
    assert after[SECOND.replace("half", "most")] == before[SECOND]
    split = f"{THIRD}\n\nRain is kept in barrels.\n\nAt every house that wants one.\n\n{SECOND}"
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, split), base=2, note="Shorter")
    edge = PassageEdge.objects.get(kind="split")
    assert edge.earlier.public_id == before[FIRST]
    assert edge.reason == "Shorter"
    joined = f"{THIRD}\n\nRain is kept in barrels, at every house that wants one.\n\n{SECOND}"
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, joined), base=3)
    assert PassageEdge.objects.filter(kind="merged").exists()
    assert ids_of(document)["Rain is kept in barrels, at every house that wants one."] == before[FIRST]


def test_writers_write_while_a_phase_opens_it_and_others_never(cast: Cast) -> None:
    document = begin_draft(cast)
    typed = with_text(document, "Other words.")
    open_phase(cast.process, "give_input")
    document = as_it_is(cast)
    for actor in (cast.bruno, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            save_typed(actor=actor, document=document, typed=typed, base=1)
    open_phase(cast.process, "draft")
    assert save_typed(actor=cast.bruno, document=as_it_is(cast), typed=typed, base=1).revision
    with pytest.raises(Refused):
        save_typed(actor=cast.dalia, document=as_it_is(cast), typed=typed, base=2)


def test_who_began_earlier_is_merged_and_told_whose_words_are_in(cast: Cast) -> None:
    document = begin_draft(cast)
    hers, his = f"{FIRST} Today.\n\n{SECOND}\n\n{THIRD}", f"{FIRST}\n\n{SECOND}\n\n{THIRD} Tomorrow."
    save_typed(actor=cast.amina, document=document, typed=with_text(document, hers), base=1)
    saved = save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, his), base=1)
    assert (saved.others, saved.merged_count) == (("Amina",), 1)
    assert texts_of(document) == [f"{FIRST} Today.", SECOND, f"{THIRD} Tomorrow."]


def test_where_both_changed_one_passage_nothing_is_saved_until_somebody_says(cast: Cast) -> None:
    document = begin_draft(cast)
    save_typed(
        actor=cast.amina, document=document, typed=with_text(document, f"{FIRST} Hers.\n\n{SECOND}\n\n{THIRD}"), base=1
    )
    mine = with_text(document, f"{FIRST} Mine.\n\n{SECOND}\n\n{THIRD} Now.")
    with pytest.raises(EditConflict) as asked:
        save_typed(actor=cast.amina, document=as_it_is(cast), typed=mine, base=1)
    assert Revision.objects.filter(document=document).count() == 2
    (conflict,) = asked.value.merged.conflicts
    assert conflict.theirs is not None
    answer = {conflict.passage_id: Choice(conflict.theirs.version_id, "mine")}
    before = ids_of(document)
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=mine, base=1, choices=answer)
    assert texts_of(document) == [f"{FIRST} Mine.", SECOND, f"{THIRD} Now."]
    assert ids_of(document)[f"{FIRST} Mine."] == before[f"{FIRST} Hers."]


def test_what_they_removed_and_i_changed_comes_back_under_its_own_id(cast: Cast) -> None:
    document = begin_draft(cast)
    before = ids_of(document)
    save_typed(actor=cast.amina, document=document, typed=with_text(document, f"{FIRST}\n\n{THIRD}"), base=1)
    mine = with_text(document, f"{FIRST}\n\n{THIRD}")
    mine = replace(mine, sections={"": f"{FIRST}\n\n{SECOND} Still.\n\n{THIRD}"})
    with pytest.raises(EditConflict) as asked:
        save_typed(actor=cast.amina, document=as_it_is(cast), typed=mine, base=1)
    answer = {asked.value.merged.conflicts[0].passage_id: Choice(None, "mine")}
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=mine, base=1, choices=answer)
    assert texts_of(document) == [FIRST, f"{SECOND} Still.", THIRD]
    assert ids_of(document)[f"{SECOND} Still."] == before[SECOND]


def test_a_split_is_known_although_another_saved_meanwhile(cast: Cast) -> None:
    document = begin_draft(cast)
    save_typed(
        actor=cast.amina, document=document, typed=with_text(document, f"{FIRST}\n\n{SECOND}\n\n{THIRD} Hers."), base=1
    )
    mine = f"Rain is kept in barrels.\n\nAt every house that wants one.\n\n{SECOND}\n\n{THIRD}"
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, mine), base=1)
    edge = PassageEdge.objects.get()
    assert edge.kind == "split"
    assert edge.earlier.versions.order_by("pk")[0].text == FIRST


def test_a_revision_that_the_text_does_not_have_is_refused(cast: Cast) -> None:
    document = begin_draft(cast)
    with pytest.raises(NoSuchRevision, match="no revision 7"):
        save_typed(actor=cast.amina, document=document, typed=typed_of(document), base=7)
    with pytest.raises(NoSuchRevision):
        save_revision(actor=cast.amina, document=document, passages=[], base=7)
    with pytest.raises(NoSuchRevision):
        keep_text(actor=cast.amina, document=document, base=7, fields={})
    with pytest.raises(NoSuchRevision):
        restore_revision(actor=cast.amina, document=document, number=7)


def test_a_title_is_needed(cast: Cast) -> None:
    document = begin_draft(cast)
    with pytest.raises(NoTitle):
        save_typed(actor=cast.amina, document=document, typed=replace(typed_of(document), title=" \n "), base=1)


@pytest.mark.parametrize("text", ["\x00", "a\ud800b", "\ufffe"])
@pytest.mark.parametrize("field", ["title", "alternative", "summary", ""])
def test_what_cannot_be_kept_is_refused_where_it_stands(cast: Cast, text: str, field: str) -> None:
    document = begin_draft(cast)
    typed = typed_of(document)
    typed = {
        "title": replace(typed, title=text),
        "alternative": replace(typed, alternatives=(text,)),
        "summary": replace(typed, summary=text),
        "": replace(typed, sections={"": text}),
    }[field]
    with pytest.raises(CannotKeepField) as refused:
        save_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert refused.value.field == field
    with pytest.raises(CannotKeep):
        keep_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert Revision.objects.filter(document=document).count() == 1


HARD = (
    "One passage alone",
    "\n\n".join(["The same words again and again."] * 1_000),
    "<script>alert(1)</script> & <b>bold</b>\n\n- <i>item</i>",
    "e\u0301 and \u0928\u092e\u0938\u094d\u200d\u0924\u0947 and 👩\u200d👩\u200d👧",
    "كل بيت water يريد (one) برميلاً\n\n\u2067mixed\u2069 \u200fוהפוך\u200f",
    "a\r\nb\rc\n\n\n\n\nd   \n \t \n\te",
)


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_are_stored_as_they_were_typed_and_saved_again_change_nothing(cast: Cast, text: str) -> None:
    document = begin_draft(cast)
    save_typed(actor=cast.amina, document=document, typed=with_text(document, text), base=1)
    assert typed_of(document).sections == {"": normalise(text)}
    again = save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, text), base=2)
    assert again.revision is None
    stored = passages_of(document)
    assert len({passage.passage_id for passage in stored}) == len(stored)
    assert not any("<script" in passage.html for passage in stored)
    assert all(unicodedata.is_normalized("NFC", passage.text) for passage in stored)


def test_among_a_thousand_equal_passages_those_that_stay_keep_their_ids(cast: Cast) -> None:
    document = begin_draft(cast, "\n\n".join(["The same words again."] * 1_000))
    before = [passage.public_id for passage in passages_of(document)]
    changed = ["The same words again."] * 1_000
    changed[500] = "The same words once."
    save_typed(actor=cast.amina, document=document, typed=with_text(document, "\n\n".join(changed)), base=1)
    after = [passage.public_id for passage in passages_of(document)]
    assert after == before


@pytest.mark.large
def test_a_megabyte_paragraph_is_saved_and_changed(cast: Cast) -> None:
    text = " ".join(f"water{number % 997}" for number in range(120_000))
    assert len(text) > 1_000_000
    document = begin_draft(cast)
    save_typed(actor=cast.amina, document=document, typed=with_text(document, text), base=1)
    (first,) = [one.public_id for one in passages_of(document) if one.text == text]
    changed = text[:500_000] + " rain " + text[500_000:]
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, changed), base=2)
    assert [one.public_id for one in passages_of(document) if one.text == changed] == [first]


def test_a_text_may_become_nothing_but_a_title(cast: Cast) -> None:
    document = begin_draft(cast)
    save_typed(actor=cast.amina, document=document, typed=with_text(document, " \n\n \t "), base=1)
    assert texts_of(document) == []


def test_sections_are_saved_in_the_order_of_the_template_and_what_is_in_none_stays(cast: Cast) -> None:
    document = begin_draft(cast, template=add_template(cast, "what", "why", "how"))
    typed = typed_of(document)
    assert list(typed.sections) == ["what", "why", "how", ""]
    typed = replace(typed, sections={"": f"{FIRST}", "how": f"{SECOND}\n\n- item", "what": THIRD, "why": ""})
    before = ids_of(document)
    save_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert [(one.section, one.text) for one in passages_of(document)][1:] == [
        ("what", THIRD),
        ("how", SECOND),
        ("how", "item"),
        ("", FIRST),
    ]
    assert ids_of(document)[SECOND] == before[SECOND]


def test_a_section_taken_out_of_the_template_loses_nothing_and_comes_back(cast: Cast) -> None:
    template = add_template(cast, "what", "why")
    document = begin_draft(cast, template=template, section="why")
    template.sections_json = [{**data, "removed": data["key"] == "why"} for data in template.sections_json]
    template.save()
    document = as_it_is(cast)
    typed = typed_of(document)
    assert list(typed.sections) == ["what", "why"]
    save_typed(actor=cast.amina, document=document, typed=replace(typed, title="Other title"), base=1)
    assert texts_of(document) == [FIRST, SECOND, THIRD]
    assert {one.section for one in passages_of(document)} == {"", "why"}


def test_a_field_that_was_not_on_the_form_is_not_emptied(cast: Cast) -> None:
    document = begin_draft(cast, template=add_template(cast, "what", "why"), section="why")
    typed = replace(typed_of(document), title="Other title", sections={"what": "New words here."})
    save_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert texts_of(document) == ["New words here.", FIRST, SECOND, THIRD]


def test_passages_in_another_language_stay_in_it_when_they_are_edited(cast: Cast) -> None:
    document = begin_draft(cast)
    drafts = [passage.to_draft() for passage in passages_of(document)]
    drafts.append(DraftPassage(PassageKind.PARAGRAPH, "Jedes Haus, das eines will, hat ein Fass am Dach.", "de"))
    save_revision(actor=cast.amina, document=document, passages=drafts)
    text = typed_of(document).sections[""].replace("ein Fass am Dach", "ein großes Fass am Dach")
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=with_text(document, text), base=2)
    assert [one.lang for one in passages_of(document)] == ["en", "en", "en", "en", "de"]


def test_what_was_brought_in_with_other_marks_stays_untouched_with_its_section(cast: Cast) -> None:
    document = begin_draft(cast)
    odd = [
        DraftPassage(PassageKind.TITLE, "Water the beds"),
        DraftPassage(PassageKind.PARAGRAPH, "- looks like an item\n\nbut was one paragraph"),
    ]
    save_revision(actor=cast.amina, document=document, passages=odd)
    typed = replace(typed_of(document), summary="In short: water.")
    save_typed(actor=cast.amina, document=as_it_is(cast), typed=typed, base=2)
    assert texts_of(document) == ["In short: water.", "- looks like an item\n\nbut was one paragraph"]


def test_restoring_is_a_new_revision_with_the_former_ids(cast: Cast) -> None:
    document = begin_draft(cast)
    first = passages_of(document)
    save_typed(actor=cast.amina, document=document, typed=with_text(document, "Nothing of it."), base=1)
    saved = restore_revision(actor=cast.amina, document=as_it_is(cast), number=1)
    assert saved.revision is not None
    assert (saved.revision.number, saved.revision.note) == (3, "Restored revision 1.")
    assert passages_of(document) == first
    assert restore_revision(actor=cast.amina, document=as_it_is(cast), number=1).revision is None
    with pytest.raises(Refused):
        restore_revision(actor=cast.dalia, document=as_it_is(cast), number=1)


def test_kept_words_wait_for_their_author_alone_until_they_are_saved(cast: Cast) -> None:
    document = begin_draft(cast)
    for text in ("First try.", "Second try."):
        keep_typed(actor=cast.amina, document=document, typed=with_text(document, text), base=1)
    kept = KeptText.objects.get()
    assert (kept.user, kept.base.number) == (cast.amina, 1)
    assert TypedText.from_json(kept.fields) == with_text(document, "Second try.")
    save_typed(actor=cast.amina, document=document, typed=TypedText.from_json(kept.fields), base=1)
    assert not KeptText.objects.exists()


def test_what_the_text_says_already_is_not_kept(cast: Cast) -> None:
    document = begin_draft(cast)
    typed = with_text(document, f"{FIRST} More.\n\n{SECOND}\n\n{THIRD}")
    keep_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert keep_typed(actor=cast.amina, document=document, typed=typed_of(document), base=1) is None
    assert not KeptText.objects.exists()
    save_typed(actor=cast.amina, document=document, typed=typed, base=1)
    assert keep_typed(actor=cast.amina, document=as_it_is(cast), typed=typed, base=1) is None
    other = with_text(document, f"{FIRST} Else.\n\n{SECOND}\n\n{THIRD}")
    assert keep_typed(actor=cast.amina, document=as_it_is(cast), typed=other, base=1)
    discard_kept_text(actor=cast.amina, document=document)
    assert not KeptText.objects.exists()


def test_keeping_needs_the_permit_to_write(cast: Cast) -> None:
    document = begin_draft(cast)
    with pytest.raises(Refused):
        keep_typed(actor=cast.dalia, document=document, typed=with_text(document, "Mine."), base=1)


words = st.lists(
    st.sampled_from(["- item", "para", "para two\nin lines", "## head", "> said", "", "<b>", "نص"]), max_size=8
).map("\n\n".join)
typed_texts = st.builds(
    TypedText,
    title=st.sampled_from(["Title", "Water the beds", "  spaced  "]),
    alternatives=st.lists(st.sampled_from(["Or this", "Or that"]), max_size=2).map(tuple),
    summary=st.sampled_from(["", "In short", "Two\n\nparts"]),
    sections=st.fixed_dictionaries({"what": words, "why": words, "gone": words, "": words}),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(typed=st.lists(typed_texts, min_size=1, max_size=3))
def test_what_is_typed_comes_back_as_it_was_typed(cast: Cast, typed: Sequence[TypedText]) -> None:
    if not Document.objects.filter(code="AD-R1").exists():
        begin_draft(cast, template=add_template(cast, "what", "why"))
    for text in typed:
        document = as_it_is(cast)
        assert document.current is not None
        base = passages_of(document)
        expected = text.normalised
        save_typed(actor=cast.amina, document=document, typed=text, base=document.current.number)
        found = typed_of(document)
        assert found.normalised == expected
        assert read_typed(found, passages_of(document), document) == [one.to_draft() for one in passages_of(document)]
        assert with_all_areas(text, base, document.template).sections.items() >= text.sections.items()


def test_the_editor_and_the_text_are_inverse_for_a_stored_revision(cast: Cast) -> None:
    document = begin_draft(cast, "## Head\nLine\n\n\n- one\n- two\n\n> said")
    passages = passages_of(document)
    drafts = read_typed(write_typed(passages, None), passages, document)
    assert drafts == [passage.to_draft() for passage in passages]
