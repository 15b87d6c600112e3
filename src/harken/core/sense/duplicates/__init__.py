"""Near-duplicates and campaigns in large lists of short texts, in any script."""

from harken.core.sense.duplicates.finding import DuplicateGroup, Duplicates, find_duplicates
from harken.core.sense.duplicates.groups_json import duplicates_to_json
from harken.core.sense.duplicates.signatures import (
    COPY_THRESHOLD,
    SIGNATURE_VERSION,
    is_copy,
    text_signature,
    text_similarity,
)
from harken.core.sense.duplicates.templates import Slot, Template

__all__ = [
    "COPY_THRESHOLD",
    "SIGNATURE_VERSION",
    "DuplicateGroup",
    "Duplicates",
    "Slot",
    "Template",
    "duplicates_to_json",
    "find_duplicates",
    "is_copy",
    "text_signature",
    "text_similarity",
]
