"""What a draft still lacks before others are asked to read it: completeness, and plain language.

The checks point at words; the sentence that a person reads about them is made elsewhere, from `code`, `figures` and
`details`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "FindingCode", "Glossary", "PassageText", "SectionText", "Severity", "Targets", "check_document"]

FindingCode = Literal[
    "empty_section",
    "unfinished_mark",
    "over_budget",
    "one_sentence",
    "link_to_nothing",
    "undefined_abbreviation",
    "forbidden_term",
    "long_sentence",
    "hard_to_read",
]
Severity = Literal["blocking", "advice"]


@dataclass(frozen=True, slots=True)
class PassageText:
    """One passage: its id, its kind (a `Kind` of `segment`, or any other word for running text), its text as written.

    `language` is a BCP 47 tag, "" for that of the document.
    """

    id: str
    kind: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section of a document by its template.

    `required`: it may not stay empty. `budget`: the words it may have, None for as many as one likes. `prose`: it
    wants an answer in several sentences. Headings among `passages` are read as headings, and are no answer.
    """

    key: str
    required: bool = False
    budget: int | None = None
    prose: bool = True
    passages: tuple[PassageText, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words agreed on: `defined` maps terms to their synonyms, `forbidden` terms to what to say instead."""

    defined: Mapping[str, Collection[str]] = field(default_factory=dict)
    forbidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a link inside the process may lead to: ids of passages, codes of documents."""

    passages: Collection[str] = frozenset()
    documents: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    `section` is the key of a section. `passage` is the id of a passage, `start` and `end` are places in its text and
    `words == text[start:end]`; all three None and `words` "" where the finding is about a section as a whole.

    `figures` and `details` by `code`:

    ======================  ========  =======================================  =====================================
    code                    severity  figures                                  details
    ======================  ========  =======================================  =====================================
    empty_section           blocking  –                                        –
                            if the section is required, else advice
    unfinished_mark         blocking  –                                        –
    over_budget             advice    words, allowed                           –
    one_sentence            advice    words                                    –
    link_to_nothing         blocking  –                                        label (the words shown), target
    undefined_abbreviation  advice    times (in the whole document)            –
    forbidden_term          advice    –                                        term (of the glossary), instead
    long_sentence           advice    words, allowed; or characters, allowed   –
    hard_to_read            advice    score, words, sentences,                 measure (a name), level (hard or
                                      words_per_sentence, and where the        very_hard), language
                                      measure counts them syllables_per_word
    ======================  ========  =======================================  =====================================

    `more` counts the further findings of the same code in the document that are not listed; it stands on the last
    one listed and is 0 on all others.
    """

    code: FindingCode
    severity: Severity
    section: str
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    words: str = ""
    figures: Mapping[str, int | float] = field(default_factory=dict, hash=False)
    details: Mapping[str, str] = field(default_factory=dict, hash=False)
    more: int = 0


def check_document(
    sections: Sequence[SectionText],
    *,
    language: str = "",
    glossary: Glossary | None = None,
    targets: Targets | None = None,
    most_of_each: int = 20,
) -> list[Finding]:
    """Return what to look at in a document of `sections`, in the order of the text.

    `language` (BCP 47, "" if unknown) is that of passages that name none. Without `targets` only links without any
    target are found to lead to nothing. At most `most_of_each` findings of one code are listed (`Finding.more` says
    how many there are beyond them). Near-linear in the length of the text.

    Raises:
        ValueError: If `most_of_each` is below 1.
    """
    if most_of_each < 1:
        raise ValueError("At least one finding of each kind must be listed.")
    return []
