"""Texts and how they came about: what is written, what is said about it, and how texts hang together.

Versions, revisions, publications, edges between passages, places of anchors, positions, acceptances and decisions are
append-only: the database refuses to change them.
"""

from harken.documents.models.anchors import Anchor, AnchorPlace, AnchorState, Remark
from harken.documents.models.consensus import Acceptance, Position, PositionKind
from harken.documents.models.drafting import KeptText, Reviewer
from harken.documents.models.lineage import (
    EdgeState,
    LineageDecision,
    LineageEdge,
    LineageKind,
    OutlineDraft,
    PassageEdge,
)
from harken.documents.models.links import Link, LinkDecision, LinkKind
from harken.documents.models.suggestions import Suggestion, SuggestionState
from harken.documents.models.templates import Depth, Section, Template
from harken.documents.models.texts import (
    ChangeClass,
    Chapter,
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    PositionsShown,
    Publication,
    ReadyText,
    Revision,
    Version,
)

__all__ = [
    "Acceptance",
    "Anchor",
    "AnchorPlace",
    "AnchorState",
    "ChangeClass",
    "Chapter",
    "Depth",
    "Document",
    "DocumentKind",
    "EdgeState",
    "KeptText",
    "LineageDecision",
    "LineageEdge",
    "LineageKind",
    "Link",
    "LinkDecision",
    "LinkKind",
    "OutlineDraft",
    "Passage",
    "PassageEdge",
    "PassageKind",
    "Position",
    "PositionKind",
    "PositionsShown",
    "Publication",
    "ReadyText",
    "Remark",
    "Reviewer",
    "Revision",
    "Section",
    "Suggestion",
    "SuggestionState",
    "Template",
    "Version",
]
