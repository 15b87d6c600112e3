"""What was said stays as it was said: the database itself refuses anything else, but for what the law takes away."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.core.talk.model import Attachment as Attached
from harken.inputs.actions.recording import Said, Speaker, record_input
from harken.inputs.actions.redaction import NoReason, NothingToRedact, redact_input
from harken.inputs.models import (
    Attachment,
    ContextFact,
    ContextKind,
    Input,
    QuestionResponse,
    Redaction,
    SpeakerKind,
    Wording,
)
from harken.inputs.queries.ledger import list_inputs
from harken.processes.actions import set_guiding_questions
from tests.cast import Cast
from tests.inputs.saying import a_post, a_source, bring_in

WORDS = "Call me at 555-0101."


@pytest.fixture
def said(cast: Cast) -> Input:
    """What Dalia says under another name, with all that can go with it."""
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "What would you keep?"}])
    return record_input(
        actor=cast.dalia,
        process=cast.process,
        said=Said(
            WORDS,
            lang="en",
            heading="Water",
            responses=[(cast.process.guiding_questions.get(), "The roses.")],
            contexts=[(ContextKind.REGION, "Samoa")],
        ),
        speaker=Speaker(SpeakerKind.PSEUDONYM, "Rose"),
    )


@pytest.fixture
def _everything(cast: Cast, said: Input) -> None:
    """A row in each table that belongs to the original."""
    bring_in(a_source(cast.process), a_post("one", attachments=(Attached("plan.pdf", "application/pdf", 3, "ab"),)))
    other = record_input(actor=cast.dalia, process=cast.process, said=Said("Gone."))
    redact_input(actor=cast.amina, said=other, reason="A court said so.")


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize("model", [Input, Wording, QuestionResponse, ContextFact, Attachment, Redaction])
def test_no_row_of_the_original_can_be_deleted(model: type[models.Model]) -> None:
    assert model._default_manager.exists()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - names of our own tables


CHANGES = [
    (Input, {"external_id": "other"}),
    (Input, {"reply_to": "other"}),
    (Input, {"source_id": 0}),
    (Input, {"at": "1999-01-01 00:00:00+00:00"}),
    (Wording, {"text": "I agree with everything."}),
    (Wording, {"text": ""}),
    (Wording, {"html": ""}),
    (Wording, {"speaker_name": "Amina"}),
    (Wording, {"speaker_name": "", "speaker_account": "", "participant_id": None}),
    (Wording, {"stance": "support"}),
    (Wording, {"said_at": None}),
    (Wording, {"headcount": 7}),
    (Wording, {"content_hash": "0"}),
    (Wording, {"number": 9}),
    (QuestionResponse, {"text": ""}),
    (QuestionResponse, {"asked": "What would you drop?"}),
    (ContextFact, {"value": ""}),
    (ContextFact, {"kind": "role"}),
    (Attachment, {"size": 0}),
    (Attachment, {"name": ""}),
    (Redaction, {"reason": "Just so."}),
]


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize(("model", "changes"), CHANGES, ids=lambda part: getattr(part, "__name__", None))
def test_no_column_of_the_original_can_be_changed(model: type[models.Model], changes: dict[str, Any]) -> None:
    sets = ", ".join(f"{column} = %s" for column in changes)
    table = model._meta.db_table
    sql = f"UPDATE {table} SET {sets} WHERE id IN (SELECT MIN(id) FROM {table})"  # noqa: S608 - as above
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(changes.values()))


@pytest.mark.usefixtures("_everything")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
@pytest.mark.parametrize("model", [Input, Wording, Redaction])
def test_no_row_of_the_original_can_be_replaced(model: type[models.Model]) -> None:
    columns = ", ".join(str(field.column) for field in model._meta.local_concrete_fields)
    table = model._meta.db_table
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 - as above


def test_what_it_is_about_and_how_far_it_has_come_can_be_corrected(said: Input) -> None:
    said.state = "in-work"
    said.lang = "sm"
    said.save()
    assert Input.objects.get().state == "in-work"


def test_what_an_input_replies_to_is_said_once(cast: Cast, said: Input) -> None:
    other = record_input(actor=cast.dalia, process=cast.process, said=Said("Why?"))
    reply = record_input(actor=cast.dalia, process=cast.process, said=Said("So."), reply_to=said)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Input.objects.filter(pk=reply.pk).update(parent=other)


def test_redacted_words_are_gone_and_a_dated_reason_stands_there(cast: Cast, said: Input) -> None:
    redact_input(actor=cast.amina, said=said, reason="A telephone number.")
    wording = said.wordings.get()
    assert (wording.text, wording.html, wording.heading, wording.responses.get().text) == ("", "", "", "")
    assert (wording.speaker_name, wording.participant, wording.contexts.get().value) == ("Rose", cast.dalia, "Samoa")
    assert wording.responses.get().asked == "What would you keep?"
    [row] = list_inputs(Input.objects.all()).rows
    [tombstone] = row.tombstones
    assert (row.text, tombstone.reason, tombstone.words, tombstone.speaker) == ("", "A telephone number.", True, False)
    assert tombstone.at is not None
    event = AuditEvent.objects.get(verb="redacted input")
    assert event.actor == cast.amina
    assert WORDS not in str(list(AuditEvent.objects.values()))


def test_a_redacted_speaker_is_nobody_any_more(cast: Cast, said: Input) -> None:
    redact_input(actor=cast.amina, said=said, reason="Asked to be forgotten.", words=False, speaker=True)
    wording = said.wordings.get()
    assert (wording.speaker_name, wording.speaker_account, wording.participant) == ("", "", None)
    assert (wording.text, wording.contexts.get().value) == (WORDS, "")


@pytest.mark.parametrize(
    "column", ["text = 'I agree.'", "speaker_name = ''", "content_hash = ''", "html = '<p>Yes</p>'", "number = 2"]
)
def test_a_redaction_lets_words_be_taken_away_and_nothing_put_in_their_place(
    cast: Cast, said: Input, column: str
) -> None:
    redact_input(actor=cast.amina, said=said, reason="A telephone number.")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inputs_wording SET {column}")  # noqa: S608 - as above


def test_a_redaction_lets_no_other_input_be_blanked(cast: Cast, said: Input) -> None:
    record_input(actor=cast.dalia, process=cast.process, said=Said("Leave me."))
    redact_input(actor=cast.amina, said=said, reason="A telephone number.")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inputs_wording SET text = ''")


def test_all_wordings_of_an_input_are_redacted_and_no_import_brings_them_back(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("one", "Call Ann at 555-0101."))
    bring_in(source, a_post("one", "Call Ann at 555-0102."))
    said = Input.objects.get()
    redact_input(actor=cast.amina, said=said, reason="A telephone number.", speaker=True)
    assert list(said.wordings.values_list("text", "speaker_name", "extra")) == [("", "", {})] * 2
    assert bring_in(source, a_post("one", "Call Ann at 555-0101.")).changes_nothing
    again = bring_in(source, a_post("one", "Call Ann at 555-0103."))
    assert (again.changes_nothing, again.reasons) == (True, {"redacted": 1})
    assert Wording.objects.count() == 2


def test_a_redaction_needs_a_reason_something_to_take_and_an_organiser(cast: Cast, said: Input) -> None:
    with pytest.raises(NoReason):
        redact_input(actor=cast.amina, said=said, reason="  ")
    with pytest.raises(NothingToRedact):
        redact_input(actor=cast.amina, said=said, reason="Just so.", words=False)
    for other in (cast.bruno, cast.dalia, cast.chen, cast.farid):
        with pytest.raises(Refused):
            redact_input(actor=other, said=said, reason="A telephone number.")
    assert said.wordings.get().text == WORDS


def test_a_guiding_question_may_go_and_what_was_said_to_it_stays(cast: Cast, said: Input) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[])
    response = QuestionResponse.objects.get()
    assert (response.question, response.asked, response.text) == (None, "What would you keep?", "The roses.")
