"""Two things happen to one input at the same moment: neither undoes the other, and nobody waits for ever."""

from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from harken.base.permits import OPERATOR, Refused
from harken.documents.models import Document, Passage
from harken.inputs.actions import moving
from harken.inputs.actions.agreeing import agree_because, agree_with_input
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.drafts import keep_draft, start_import
from harken.inputs.actions.forgetting import KEPT, forget_drafts
from harken.inputs.actions.giving import Given
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.moving import move_inputs
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About, Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.brought import Format
from harken.inputs.form_tokens import FormToken
from harken.inputs.models import Fault, ImportDraft, ImportFile, Input, Standing, Support, Wording
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.counts import count_by_document
from harken.inputs.queries.reading import InputFilter, find_inputs
from harken.inputs.receipts import receipt_token
from harken.inputs.threads import key_below
from harken.processes.models import Process
from tests.cast import Cast, add_round
from tests.documents.test_at_the_same_moment import at_once, during, nothing
from tests.documents.test_concurrent_saving import in_thread, shared_database
from tests.inputs.giving import a_form, say_by_form
from tests.inputs.saying import a_post, a_source, bring_in

pytestmark = [
    pytest.mark.usefixtures("clearable_db"),
    # As tests/documents/test_at_the_same_moment.py has it.
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]

ANYBODY = AnonymousUser()


def redact(said: Input) -> None:
    redact_input(actor=OPERATOR, said=again(said), reason="A court said so.", speaker=True)


def again(said: Input) -> Input:
    """The input as a request that comes now would load it."""
    return Input.objects.select_related("process", "source").get(pk=said.pk)


def correct(said: Input, text: str) -> Wording:
    receipt = receipt_token(said)
    return correct_input(actor=ANYBODY, said=again(said), correction=Correction(text, "en"), receipt=receipt)


def withdraw(said: Input) -> None:
    withdraw_input(actor=ANYBODY, said=again(said), receipt=receipt_token(said))


def found(process: Process, word: str) -> int:
    wanted = InputFilter(query=word, languages=("en",))
    return len(find_inputs(inputs_visible_to(ANYBODY, process), wanted).rows)


def texts() -> list[str]:
    return list(Wording.objects.order_by("pk").values_list("text", flat=True))


def test_nothing_is_corrected_behind_a_redaction(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input
    with shared_database(tmp_path):
        _first, corrected = during(lambda: redact(said), lambda: correct(said, "Marta Quispe stole it."), nothing)
        assert isinstance(corrected, Refused)
        assert in_thread(texts) == [""]


def test_what_is_redacted_while_it_is_corrected_has_no_words_left(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input
    with shared_database(tmp_path):
        _first, redacted = during(lambda: correct(said, "Marta Quispe stole it."), lambda: redact(said), nothing)
        assert redacted is None
        assert in_thread(texts) == ["", ""]


def test_what_is_redacted_while_it_is_prepared_is_not_found(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input
    with shared_database(tmp_path):
        _first, redacted = during(prepare_inputs, lambda: redact(said), nothing)
        assert redacted is None
        assert in_thread(lambda: found(cast.process, "Quispe")) == 0


def test_who_withdraws_while_a_moderator_hides_has_withdrawn(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "No!").input

    def hide() -> None:
        hide_inputs(actor=cast.amina, process=cast.process, inputs=[said.pk], fault=Fault.OTHER, reason="Rude.")

    with shared_database(tmp_path):
        _first, withdrawn = during(hide, lambda: withdraw(said), nothing)
        assert withdrawn is None
        assert in_thread(lambda: Input.objects.get().standing) == Standing.WITHDRAWN


def test_what_is_withdrawn_twice_at_once_is_withdrawn_once(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "No!").input
    with shared_database(tmp_path):
        outcomes = at_once(lambda: withdraw(said), lambda: withdraw(said))
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]


def test_everybody_who_agrees_at_once_is_counted(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "More water.").input

    def agree(browser: str) -> bool:
        return agree_with_input(actor=ANYBODY, said=again(said), browser=browser)

    with shared_database(tmp_path):
        outcomes = at_once(*(partial(agree, f"b{number}") for number in range(6)), partial(agree, "b0"))
        assert sorted(outcomes) == [False, *[True] * 6]
        assert in_thread(lambda: again(said).supports) == 6


def test_forms_that_come_many_times_at_once_are_one_agreement_each(cast: Cast, tmp_path: Path) -> None:
    said = say_by_form(cast.process, "More water.").input
    forms = [a_form() for _number in range(5)]

    def agree(form: FormToken, browser: str) -> Given:
        return agree_because(actor=ANYBODY, said=again(said), browser=browser, reason=Said("Yes.", "en"), form=form)

    def look() -> tuple[int, int | None]:
        return Support.objects.count(), again(said).supports

    with shared_database(tmp_path):
        for number, form in enumerate(forms):
            outcomes = at_once(*(partial(agree, form, f"b{number}-{sender}") for sender in range(6)))
            assert not [one for one in outcomes if isinstance(one, Exception)]
        assert in_thread(look) == (5, 5)


@pytest.mark.usefixtures("_files_of_their_own")
def test_an_import_that_starts_while_it_is_forgotten_keeps_its_files(cast: Cast, tmp_path: Path) -> None:
    files = [SimpleUploadedFile("lines.txt", b"One.")]
    draft = keep_draft(actor=cast.chen, process=cast.process, kind=Format.LINES, files=files, terms={})
    ImportDraft.objects.update(at=timezone.now() - 2 * KEPT)

    def look() -> bool:
        return Path(ImportFile.objects.get(draft=draft).file.path).exists()

    with shared_database(tmp_path):
        _started, forgotten = during(lambda: start_import(actor=cast.chen, draft=draft), forget_drafts, nothing)
        assert (forgotten, in_thread(look)) == (0, True)


def test_what_is_moved_while_others_move_and_speak_is_counted_once(cast: Cast, tmp_path: Path) -> None:
    _iteration, (water, seeds) = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    for key, document in (("water", water), ("seeds", seeds)):
        bring_in(a_source(cast.process, key), *(a_post(f"{key}{number}") for number in range(20)), document=document)

    def move(key: str, document: Document) -> int:
        inputs = Input.objects.filter(source__key=key)
        return move_inputs(actor=OPERATOR, process=cast.process, inputs=inputs, document=document)

    def look() -> tuple[int, dict[int | None, int]]:
        return recount_inputs(actor=OPERATOR, process=cast.process), count_by_document(cast.process)

    speak = partial(record_input, actor=ANYBODY, process=cast.process, said=Said("Yes."))
    with shared_database(tmp_path):
        outcomes = at_once(
            lambda: move("water", seeds),
            lambda: move("seeds", water),
            lambda: move("water", seeds),
            *(partial(speak, about=About(document)) for document in (water, seeds) * 3),
        )
        assert not [one for one in outcomes if isinstance(one, Exception)]
        assert sum(one for one in outcomes if isinstance(one, int)) == 40
        assert in_thread(look) == (0, {water.pk: 23, seeds.pk: 23})


def test_a_reply_moves_with_the_conversation_it_was_written_in(cast: Cast, tmp_path: Path) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("2", reply_to="1"))
    second = Input.objects.get()

    def reply() -> Input:
        return record_input(actor=ANYBODY, process=cast.process, said=Said("A reply."), reply_to=second)

    def look() -> None:
        first, moved = (Input.objects.get(external_id=key) for key in ("1", "2"))
        replied = Input.objects.get(parent=moved)
        assert (moved.parent, moved.thread_id, replied.thread_id) == (first, first.pk, first.pk)
        assert replied.order_key == key_below(moved.order_key, replied.pk)
        assert (moved.depth, replied.depth) == (2, 3)

    with shared_database(tmp_path):
        _reply, brought = during(reply, lambda: bring_in(source, a_post("1")), nothing)
        assert not isinstance(brought, Exception), brought
        in_thread(look)


def place_conversation(cast: Cast, *, size: int = 1) -> tuple[Document, Document]:
    """Water, about which somebody spoke whom the next replied to, and so on; and seeds, which they mean."""
    _iteration, (water, seeds) = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    posts = (a_post(f"{number}", reply_to=f"{number - 1}" if number else "") for number in range(size))
    bring_in(a_source(cast.process), *posts, document=water)
    return water, seeds


def move_all_to(process: Process, document: Document) -> int:
    inputs = Input.objects.filter(external_id="0")
    return move_inputs(actor=OPERATOR, process=process, inputs=inputs, document=document)


def texts_of_conversation(process: Process) -> tuple[int, dict[int | None, int]]:
    """How many numbers of inputs are wrong, and how many are about which text."""
    return recount_inputs(actor=OPERATOR, process=process), count_by_document(process)


def test_a_reply_that_waits_for_a_move_is_about_the_text_it_was_moved_to(cast: Cast, tmp_path: Path) -> None:
    water, seeds = place_conversation(cast)
    first = Input.objects.get()
    passage = Passage.objects.filter(document=water).first()
    # As the form had it before anything was moved.
    reply = partial(record_input, actor=ANYBODY, process=cast.process, said=Said("Yes."), reply_to=first)

    with shared_database(tmp_path):
        moved, replied = during(
            lambda: move_all_to(cast.process, seeds), lambda: reply(about=About(water, passage)), nothing
        )
        assert moved is None
        assert (replied.document_id, replied.passage_id) == (seeds.pk, None)
        assert in_thread(lambda: texts_of_conversation(cast.process)) == (0, {seeds.pk: 2})


def test_a_reply_about_another_text_than_what_it_replies_to_stays_with_it(cast: Cast, tmp_path: Path) -> None:
    _water, seeds = place_conversation(cast)
    _iteration, (tools,) = add_round(cast.process, cast.advocacy, "Tools", number=2)
    first = Input.objects.get()

    def reply() -> Input:
        return record_input(actor=ANYBODY, process=cast.process, said=Said("Yes."), reply_to=first, about=About(tools))

    with shared_database(tmp_path):
        during(lambda: move_all_to(cast.process, seeds), reply, nothing)
        assert in_thread(lambda: texts_of_conversation(cast.process)) == (0, {seeds.pk: 1, tools.pk: 1})


def test_a_reply_that_is_written_while_a_move_begins_is_moved_too(cast: Cast, tmp_path: Path) -> None:
    water, seeds = place_conversation(cast)
    first = Input.objects.get()

    def reply() -> None:
        record_input(actor=ANYBODY, process=cast.process, said=Said("Yes."), reply_to=first, about=About(water))

    with shared_database(tmp_path):
        _replied, moved = during(reply, lambda: move_all_to(cast.process, seeds), nothing)
        assert moved == 2
        assert in_thread(lambda: texts_of_conversation(cast.process)) == (0, {seeds.pk: 2})


def test_whoever_replies_while_a_conversation_is_moved_ends_where_it_does(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOST_AT_ONCE", 2)
    water, seeds = place_conversation(cast, size=6)
    conversation = list(Input.objects.order_by("pk"))

    def reply(said: Input) -> Input:
        """A reply, and one to that."""
        speak = partial(record_input, actor=ANYBODY, process=cast.process, said=Said("Yes."))
        there = speak(reply_to=said, about=About(water))
        return speak(reply_to=there, about=About(there.document))

    with shared_database(tmp_path):
        outcomes = at_once(
            *(partial(reply, said) for said in conversation[:3]),
            lambda: move_all_to(cast.process, seeds),
            *(partial(reply, said) for said in conversation[3:]),
        )
        assert not [one for one in outcomes if isinstance(one, Exception)]
        assert in_thread(lambda: texts_of_conversation(cast.process)) == (0, {seeds.pk: 18})
