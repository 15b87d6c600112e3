"""What was said is never changed: the database refuses, but for what a redaction on record is about."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidChange, KeepColumns
from harken.inputs.redaction_rule import forbid_change_unless_redacted


class Migration(migrations.Migration):
    """Append-only triggers."""

    dependencies: ClassVar = [("inputs", "0001_initial")]
    operations: ClassVar = [
        KeepColumns(
            "inputs_input",
            ["id", "process_id", "source_id", "external_id", "thread_key", "reply_to", "at", "recorded_at"],
            once=["parent_id"],
        ),
        forbid_change_unless_redacted(
            "inputs_wording",
            kept=[
                *("id", "input_id", "number", "kind", "lang", "stance", "speaker_kind", "headcount", "said_at"),
                *("recorded_at", "content_hash"),
            ],
            words={"heading": "''", "text": "''", "html": "''"},
            speaker={"speaker_name": "''", "speaker_account": "''", "participant_id": "NULL"},
            either={"extra": "'{{}}'"},
            input_id="OLD.input_id",
        ),
        forbid_change_unless_redacted(
            "inputs_questionresponse",
            kept=["id", "wording_id", "asked"],
            words={"text": "''", "html": "''"},
            freed=["question_id"],
        ),
        forbid_change_unless_redacted("inputs_contextfact", kept=["id", "wording_id", "kind"], speaker={"value": "''"}),
        forbid_change_unless_redacted(
            "inputs_attachment", kept=["id", "wording_id", "media_type", "size", "sha256"], words={"name": "''"}
        ),
        ForbidChange("inputs_redaction"),
    ]
