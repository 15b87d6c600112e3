"""The ledger: sources, inputs, and what was said in each wording.

Wordings with what belongs to them, and redactions, are append-only: the database refuses to change them.
"""

from harken.inputs.models.inputs import Input, InputCount, InputState
from harken.inputs.models.sources import Channel, Consent, Source
from harken.inputs.models.wordings import (
    Attachment,
    ContextFact,
    ContextKind,
    QuestionResponse,
    Redaction,
    SpeakerKind,
    Stance,
    TextKind,
    Wording,
)

__all__ = [
    "Attachment",
    "Channel",
    "Consent",
    "ContextFact",
    "ContextKind",
    "Input",
    "InputCount",
    "InputState",
    "QuestionResponse",
    "Redaction",
    "Source",
    "SpeakerKind",
    "Stance",
    "TextKind",
    "Wording",
]
