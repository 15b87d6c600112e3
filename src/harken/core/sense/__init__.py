"""Making sense of many voices: maps and bridging from votes; languages, duplicates and quotes of texts; coverage.

    from harken.core.sense import opinion_map, read_conversation

    found = opinion_map(read_conversation("folder-of-an-export").votes)

A library of its own: no framework, no clock, and no chance but from the seeds it is given. A name is loaded when it
is first asked for: who asks for languages does not load what maps need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harken.core.sense.blocks import ClusterBlocks, ProcessBlocks, SerialBlocks
    from harken.core.sense.bridging import Bridging, find_bridges
    from harken.core.sense.coverage import (
        Coverage,
        CoverageError,
        Gap,
        Heard,
        Support,
        find_gaps,
        measure_coverage,
        measure_support,
        read_population,
    )
    from harken.core.sense.duplicates import (
        DuplicateGroup,
        Duplicates,
        find_duplicates,
        is_copy,
        text_signature,
        text_similarity,
    )
    from harken.core.sense.encoders import (
        Encoder,
        LexicalEncoder,
        MeaningEncoder,
        NoEncoder,
        VectorFile,
        encode_texts,
    )
    from harken.core.sense.extracts import (
        Extract,
        ExtractError,
        Summary,
        choose_central,
        choose_dissenting,
        find_claims,
        split_extracts,
        summarise_cluster,
        verify_extracts,
    )
    from harken.core.sense.grouping import Candidate, Grouping, Unclear
    from harken.core.sense.language_check import LanguageCheck
    from harken.core.sense.languages import DetectedLanguage, Share, UnknownTag, detect_language, detect_languages
    from harken.core.sense.maps import Caution, OpinionMap, Settings, opinion_map
    from harken.core.sense.model_quotes import (
        Message,
        Model,
        ModelQuotes,
        Rejected,
        Rejection,
        Reply,
        ReplyError,
        choose_quotes,
    )
    from harken.core.sense.polis_files import Conversation, read_conversation, read_votes_table
    from harken.core.sense.quotes import FoundQuote, find_quote
    from harken.core.sense.statistics import StatementStatistics, Typical
    from harken.core.sense.suppression import hide_small
    from harken.core.sense.themes import Layout, TextCluster, ThemeCaution, Themes, find_themes
    from harken.core.sense.votes import Votes, VotesError

__all__ = [
    "Bridging",
    "Candidate",
    "Caution",
    "ClusterBlocks",
    "Conversation",
    "Coverage",
    "CoverageError",
    "DetectedLanguage",
    "DuplicateGroup",
    "Duplicates",
    "Encoder",
    "Extract",
    "ExtractError",
    "FoundQuote",
    "Gap",
    "Grouping",
    "Heard",
    "LanguageCheck",
    "Layout",
    "LexicalEncoder",
    "MeaningEncoder",
    "Message",
    "Model",
    "ModelQuotes",
    "NoEncoder",
    "OpinionMap",
    "ProcessBlocks",
    "Rejected",
    "Rejection",
    "Reply",
    "ReplyError",
    "SerialBlocks",
    "Settings",
    "Share",
    "StatementStatistics",
    "Summary",
    "Support",
    "TextCluster",
    "ThemeCaution",
    "Themes",
    "Typical",
    "Unclear",
    "UnknownTag",
    "VectorFile",
    "Votes",
    "VotesError",
    "choose_central",
    "choose_dissenting",
    "choose_quotes",
    "detect_language",
    "detect_languages",
    "encode_texts",
    "find_bridges",
    "find_claims",
    "find_duplicates",
    "find_gaps",
    "find_quote",
    "find_themes",
    "hide_small",
    "is_copy",
    "measure_coverage",
    "measure_support",
    "opinion_map",
    "read_conversation",
    "read_population",
    "read_votes_table",
    "split_extracts",
    "summarise_cluster",
    "text_signature",
    "text_similarity",
    "verify_extracts",
]

# Where each name lies. No module here may have the name of something it offers: loading it would hide that.
_NAMES = {
    "blocks": ("ClusterBlocks", "ProcessBlocks", "SerialBlocks"),
    "bridging": ("Bridging", "find_bridges"),
    "duplicates": (
        "DuplicateGroup",
        "Duplicates",
        "find_duplicates",
        "is_copy",
        "text_signature",
        "text_similarity",
    ),
    "encoders": ("Encoder", "LexicalEncoder", "MeaningEncoder", "NoEncoder", "VectorFile", "encode_texts"),
    "grouping": ("Candidate", "Grouping", "Unclear"),
    "language_check": ("LanguageCheck",),
    "languages": ("DetectedLanguage", "Share", "UnknownTag", "detect_language", "detect_languages"),
    "maps": ("Caution", "OpinionMap", "Settings", "opinion_map"),
    "polis_files": ("Conversation", "read_conversation", "read_votes_table"),
    "coverage": (
        "Coverage",
        "CoverageError",
        "Gap",
        "Heard",
        "Support",
        "find_gaps",
        "measure_coverage",
        "measure_support",
        "read_population",
    ),
    "extracts": (
        "Extract",
        "ExtractError",
        "Summary",
        "choose_central",
        "choose_dissenting",
        "find_claims",
        "split_extracts",
        "summarise_cluster",
        "verify_extracts",
    ),
    "model_quotes": (
        "Message",
        "Model",
        "ModelQuotes",
        "Rejected",
        "Rejection",
        "Reply",
        "ReplyError",
        "choose_quotes",
    ),
    "quotes": (
        "FoundQuote",
        "find_quote",
    ),
    "suppression": ("hide_small",),
    "statistics": ("StatementStatistics", "Typical"),
    "themes": ("Layout", "TextCluster", "ThemeCaution", "Themes", "find_themes"),
    "votes": ("Votes", "VotesError"),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a public name, loading the module it lies in (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
