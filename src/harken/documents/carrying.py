"""Carrying a suggestion over to what its passage became: other words, or several passages after a split or merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from harken.core.text.hunks import Hunk, apply_hunks, rebase, split_hunks
from harken.core.text.segment import normalise
from harken.documents.drafts import DraftPassage
from harken.documents.section_text import HEAD_KINDS, StoredPassage, check_text, read_section, write_section

# What may stand between the parts of a passage that was split: the blank between two sentences, or a line break.
_SEPARATORS: Final = (" ", "\n")


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a suggestion is now. clean: `words` for the passage `passage_id`. covered: the text says it already.

    stale: others changed the same words, or its words are gone (`passage_id` None, no words).
    """

    state: Literal["clean", "covered", "stale"]
    passage_id: int | None = None
    words: str = ""


STALE: Final = Carried("stale")


def carry_over(base: str, words: str, family: Sequence[tuple[int, str]]) -> Carried:
    """Carry a suggestion of `words` for a passage that said `base` over to its `family`: what it became, in order.

    `family` has (passage id, text) of the passage itself, if it still stands, and of those that took words of it.
    No words at all propose to strike the passage. See `harken.core.text.hunks.rebase` for what is carried over.
    """
    if not family:
        return STALE if words else Carried("covered")
    if len(family) == 1:
        [(passage_id, text)] = family
        outcome = rebase(base, words, text)
        return STALE if outcome.state == "stale" else Carried(outcome.state, passage_id, outcome.text)
    for separator in _SEPARATORS:
        joined = separator.join(text for _passage_id, text in family)
        outcome = rebase(base, words, joined)
        if outcome.state == "covered":
            return Carried("covered", family[0][0], family[0][1])
        if outcome.state == "clean" and (carried := _find_member(joined, outcome.text, family, len(separator))):
            return carried
    return STALE


def _find_member(joined: str, words: str, family: Sequence[tuple[int, str]], gap: int) -> Carried | None:
    """The one member of the family that all the changes lie in, with them made; None if they lie in several."""
    hunks = split_hunks(joined, words)
    start = 0
    for passage_id, text in family:
        end = start + len(text)
        inside = [_clip(hunk, start, end) for hunk in hunks]
        kept = [hunk for hunk in inside if hunk is not None]
        if kept and len(kept) == len(hunks):
            return Carried("clean", passage_id, apply_hunks(text, kept, range(len(kept))))
        start = end + gap
    return None


def _clip(hunk: Hunk, start: int, end: int) -> Hunk | None:
    """The hunk as one of the text from `start` to `end`, without white space that lies beyond; None if words do."""
    if hunk.start < start:
        beyond = hunk.old[: start - hunk.start]
        if beyond.strip() or hunk.end < start:
            return None
        hunk = Hunk(start, hunk.end, hunk.old[len(beyond) :], hunk.new.lstrip())
    if hunk.end > end:
        beyond = hunk.old[max(0, end - hunk.start) :]
        if beyond.strip() or hunk.start > end:
            return None
        hunk = Hunk(hunk.start, end, hunk.old[: end - hunk.start], hunk.new.rstrip())
    return Hunk(hunk.start - start, hunk.end - start, hunk.old, hunk.new)


def clean_words(words: str) -> str:
    """Proposed words as they are kept: NFC, line feeds, no white space around. Raises `CannotKeep`."""
    return normalise(check_text(words)).strip()


def read_words(passage: StoredPassage, words: str) -> list[DraftPassage]:
    """The passages that stand in place of `passage` when it says `words`: none for no words, several for several.

    The first one is the passage itself, unless there are several: then they are known by their words. Raises
    `CannotKeep` where the words would not stay words.
    """
    if not words:
        return []
    draft = passage.to_draft()
    if passage.kind in HEAD_KINDS:
        return [DraftPassage(draft.kind, words, draft.lang, draft.section, passage_id=passage.passage_id)]
    changed = StoredPassage(
        passage.version_id,
        passage.passage_id,
        passage.public_id,
        passage.kind,
        passage.section,
        passage.lang,
        passage.marker,
        passage.level,
        words,
        "",
        0,
    )
    source = write_section([changed])
    read = read_section(source, passage.section, passage.lang)
    if len(read) != 1:
        return [_with_place(one, draft.blank if number == 0 else one.blank) for number, one in enumerate(read)]
    [one] = read
    return [
        DraftPassage(
            one.kind,
            one.text,
            one.lang,
            one.section,
            draft.marker if one.kind == draft.kind and not draft.marker else one.marker,
            draft.level if one.kind == draft.kind else one.level,
            draft.blank,
            passage.passage_id,
        )
    ]


def _with_place(draft: DraftPassage, blank: int | None) -> DraftPassage:
    return DraftPassage(draft.kind, draft.text, draft.lang, draft.section, draft.marker, draft.level, blank)
