"""The ledger: sources, inputs, what was said in each wording, and what is kept around them.

Wordings with what belongs to them, and redactions, are append-only: the database refuses to change them.
"""

from harken.inputs.models.campaigns import Campaign
from harken.inputs.models.imports import ImportDraft, ImportFile, TableMapping
from harken.inputs.models.inputs import Input, InputCount, InputState, LanguageCount, Standing
from harken.inputs.models.meetings import Meeting, MeetingState, Registration
from harken.inputs.models.moderation import Complaint, Fault, Hiding
from harken.inputs.models.notices import Correspondent, Following, Frequency, Notice, NoticeKind
from harken.inputs.models.rules import Arrival, InputBand, InputRules, LateInput, Moderation
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
from harken.inputs.models.work import InputNote, SavedFilter, Support

__all__ = [
    "Arrival",
    "Attachment",
    "Campaign",
    "Channel",
    "Complaint",
    "Consent",
    "ContextFact",
    "ContextKind",
    "Correspondent",
    "Fault",
    "Following",
    "Frequency",
    "Hiding",
    "ImportDraft",
    "ImportFile",
    "Input",
    "InputBand",
    "InputCount",
    "InputNote",
    "InputRules",
    "InputState",
    "LanguageCount",
    "LateInput",
    "Meeting",
    "MeetingState",
    "Moderation",
    "Notice",
    "NoticeKind",
    "QuestionResponse",
    "Redaction",
    "Registration",
    "SavedFilter",
    "Source",
    "SpeakerKind",
    "Stance",
    "Standing",
    "Support",
    "TableMapping",
    "TextKind",
    "Wording",
]
