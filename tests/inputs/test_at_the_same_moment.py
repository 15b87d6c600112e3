"""Two things happen to one input at the same moment: neither undoes the other, and nobody waits for ever."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.agreeing import agree_with_input
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.models import Fault, Input, Standing, Wording
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.reading import InputFilter, find_inputs
from harken.inputs.receipts import receipt_token
from harken.inputs.threads import key_below
from harken.processes.models import Process
from tests.cast import Cast
from tests.documents.test_at_the_same_moment import at_once, during
from tests.inputs.giving import say_by_form
from tests.inputs.saying import a_post, a_source, bring_in

pytestmark = [
    pytest.mark.usefixtures("clearable_db"),
    # As tests/documents/test_at_the_same_moment.py has it.
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]

ANYBODY = AnonymousUser()


def redact(said: Input) -> None:
    redact_input(actor=OPERATOR, said=said, reason="A court said so.", speaker=True)


def correct(said: Input, text: str) -> Wording:
    receipt = receipt_token(said)
    return correct_input(actor=ANYBODY, said=said, correction=Correction(text, "en"), receipt=receipt)


def found(process: Process, word: str) -> int:
    wanted = InputFilter(query=word, languages=("en",))
    return len(find_inputs(inputs_visible_to(ANYBODY, process), wanted).rows)


def test_nothing_is_corrected_behind_a_redaction(cast: Cast) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input

    def begin() -> None:
        redact(said)

    def end() -> None:
        return None

    _first, corrected = during(begin, lambda: correct(said, "Marta Quispe stole it."), end)
    assert isinstance(corrected, Refused)
    assert set(Wording.objects.values_list("text", flat=True)) == {""}


def test_what_is_redacted_while_it_is_corrected_has_no_words_left(cast: Cast) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input
    _first, redacted = during(
        lambda: Input.objects.select_for_update().get(pk=said.pk) and correct(said, "Marta Quispe stole it."),
        lambda: redact(said),
        lambda: None,
    )
    assert redacted is None
    assert list(Wording.objects.values_list("text", flat=True)) == ["", ""]


def test_what_is_redacted_while_it_is_prepared_is_not_found(cast: Cast) -> None:
    said = say_by_form(cast.process, "Marta Quispe took it.").input
    _first, redacted = during(lambda: prepare_inputs(), lambda: redact(said), lambda: None)
    assert redacted is None
    assert found(cast.process, "Quispe") == 0


def test_who_withdraws_while_a_moderator_hides_has_withdrawn(cast: Cast) -> None:
    said = say_by_form(cast.process, "No!").input
    token = receipt_token(said)
    _first, withdrawn = during(
        lambda: hide_inputs(
            actor=cast.amina, process=cast.process, inputs=[said.pk], fault=Fault.OTHER, reason="Rude."
        ),
        lambda: withdraw_input(actor=ANYBODY, said=said, receipt=token),
        lambda: None,
    )
    assert withdrawn is None
    assert Input.objects.get().standing == Standing.WITHDRAWN


def test_withdrawn_twice_at_once_is_withdrawn_once(cast: Cast) -> None:
    said = say_by_form(cast.process, "No!").input
    token = receipt_token(said)

    def withdraw() -> None:
        withdraw_input(actor=ANYBODY, said=Input.objects.get(pk=said.pk), receipt=token)

    outcomes = at_once(withdraw, withdraw)
    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True]


def test_everybody_who_agrees_at_once_is_counted(cast: Cast) -> None:
    said = say_by_form(cast.process, "More water.").input

    def agreeing(number: int) -> None:
        agree_with_input(actor=ANYBODY, said=Input.objects.get(pk=said.pk), browser=f"b{number}")

    outcomes = at_once(*(lambda number=number: agreeing(number) for number in range(6)))
    assert outcomes == [None] * 6 or outcomes == [True] * 6
    assert Input.objects.get().supports == 6


def test_a_reply_moves_with_the_conversation_it_was_written_in(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("2", reply_to="1"))
    second = Input.objects.get()
    _reply, moved = during(
        lambda: record_input(actor=ANYBODY, process=cast.process, said=Said("A reply."), reply_to=second),
        lambda: bring_in(source, a_post("1")),
        lambda: None,
    )
    assert not isinstance(moved, Exception), moved
    first, second = (Input.objects.get(external_id=key) for key in ("1", "2"))
    reply = Input.objects.get(parent=second)
    assert (second.parent, second.thread_id, reply.thread_id) == (first, first.pk, first.pk)
    assert reply.order_key == key_below(second.order_key, reply.pk)
    assert (second.depth, reply.depth) == (2, 3)
