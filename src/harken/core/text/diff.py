"""What changed between two texts, word by word, as a person would mark it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, Indel, LCSseq

from harken.core.text.folding import fold_word
from harken.core.text.order import longest_increasing
from harken.core.text.words import is_spaceless, split_tokens

__all__ = ["ChangeClass", "Piece", "change_class", "compare_words"]

ChangeClass = Literal["typo", "wording", "meaning"]

# Stretches up to this product of lengths get an exact longest common subsequence (bit-parallel, half a megabyte of
# working memory); longer ones are first cut at anchors, and without any taken as replaced.
EXACT_CELLS = 4_000_000
# Anchors are runs of this many words that occur once in either text: first runs that hardly match by chance.
ANCHOR_WIDTHS = (4, 1)
# What stays between two changes counts as coincidence up to this many words, if it is less than half of either change.
SCRAP_WORDS = 3.0
# How many tokens an insertion or deletion may be shifted to begin at a better place.
SLIDE = 40


class Piece(NamedTuple):
    """A stretch of text that is the same in both, only in the old (deleted) or only in the new (inserted)."""

    kind: Literal["same", "deleted", "inserted"]
    text: str


class _Change(NamedTuple):
    """`old[old_start:old_end]` became `new[new_start:new_end]` (tokens); what is between changes is the same."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def compare_words(old: str, new: str) -> list[Piece]:
    """Return the pieces of `old` and `new` in reading order, a deletion before the insertion that replaces it.

    Lossless: same and deleted pieces joined are `old`, same and inserted ones `new`, to the character. Whole words (in
    scripts without spaces: whole characters) are compared as they are spelled. What stayed by coincidence between
    larger changes is shown as changed, too. No piece is empty, and none has the kind of the one before it.
    Near-linear where the texts share some words in order, and bounded where they do not.
    """
    old_tokens, new_tokens = split_tokens(old), split_tokens(new)
    changes = _find_changes(old_tokens, new_tokens)
    changes = _join_over_scraps(changes, old_tokens, new_tokens)
    changes = _slide_changes(changes, old_tokens, new_tokens)
    return list(_make_pieces(changes, old_tokens, new_tokens))


def _match_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of equal words that keep their order, in order: as many as can be had at the price."""
    matches: list[tuple[int, int]] = []
    stack = [(0, len(old), 0, len(new))]
    while stack:
        old_start, old_end, new_start, new_end = stack.pop()
        while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
            matches.append((old_start, new_start))
            old_start += 1
            new_start += 1
        while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
            old_end -= 1
            new_end -= 1
            matches.append((old_end, new_end))
        if (old_end - old_start) * (new_end - new_start) <= EXACT_CELLS:
            codes = LCSseq.opcodes(old[old_start:old_end], new[new_start:new_end])
            for code in codes:
                if code.tag == "equal":
                    pairs = zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True)
                    matches.extend((old_start + i, new_start + j) for i, j in pairs)
            continue
        anchors = _find_anchors(old[old_start:old_end], new[new_start:new_end])
        for i, j in anchors:
            matches.append((old_start + i, new_start + j))
        bounds = [(-1, -1), *anchors, (old_end - old_start, new_end - new_start)]
        if anchors:
            stack.extend(
                (old_start + i + 1, old_start + next_i, new_start + j + 1, new_start + next_j)
                for (i, j), (next_i, next_j) in pairwise(bounds)
            )
    matches.sort()
    return matches


def _find_anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return where runs of words that occur once in `old` and once in `new` begin, as many as keep their order."""
    for width in ANCHOR_WIDTHS:
        places: list[dict[tuple[str, ...], int]] = []
        for words in (old, new):
            seen: dict[tuple[str, ...], int] = {}
            for position in range(len(words) - width + 1):
                run = tuple(words[position : position + width])
                seen[run] = -1 if run in seen else position
            places.append(seen)
        pairs = [(i, j) for run, i in places[0].items() if i >= 0 and (j := places[1].get(run, -1)) >= 0]
        pairs.sort()
        if pairs:
            return [pairs[number] for number in longest_increasing([j for _, j in pairs])]
    return []


def _find_changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    """Return the changes between two lists of tokens; white space follows the words around it."""
    old_words = [position for position, word in enumerate(old) if word == "\n" or not word.isspace()]
    new_words = [position for position, word in enumerate(new) if word == "\n" or not word.isspace()]
    matches = _match_words([old[position] for position in old_words], [new[position] for position in new_words])
    changes: list[_Change] = []
    old_end = new_end = 0
    for i, j in [*((old_words[i], new_words[j]) for i, j in matches), (len(old), len(new))]:
        old_start, new_start = old_end, new_end
        old_end, new_end = i + 1, j + 1
        while old_start < i and new_start < j and old[old_start] == new[new_start]:
            old_start += 1
            new_start += 1
        while old_start < i and new_start < j and old[i - 1] == new[j - 1]:
            i, j = i - 1, j - 1  # noqa: PLW2901 - the change shrinks from its end
        if old_start < i or new_start < j:
            changes.append(_Change(old_start, i, new_start, j))
    return changes


def _count_words(tokens: Sequence[str]) -> float:
    """Return how many words `tokens` hold; a character of a spaceless script is half a word, a sign none."""
    return sum((0.5 if is_spaceless(token) else 1.0) for token in tokens if token[0].isalnum())


def _join_over_scraps(changes: Sequence[_Change], old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    """Return `changes` with those joined between which only a coincidence stayed."""
    joined: list[_Change] = []
    for change in changes:
        last = change
        while joined and _is_scrap(joined[-1], last, old, new):
            before = joined.pop()
            last = _Change(before.old_start, last.old_end, before.new_start, last.new_end)
        joined.append(last)
    return joined


def _is_replacement(change: _Change) -> bool:
    return change.old_start < change.old_end and change.new_start < change.new_end


def _is_scrap(before: _Change, after: _Change, old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether what stayed between two changes is too little to be worth showing as the same."""
    stayed = old[before.old_end : after.old_start]
    if len(stayed) > 8 * SCRAP_WORDS or "\n" in stayed:
        return False
    words = _count_words(stayed)
    if not words:
        # Only white space or signs between: one change, unless they only came or only went.
        return _is_replacement(before) and _is_replacement(after)
    return words <= SCRAP_WORDS and all(
        2 * words < _count_words(old[change.old_start : change.old_end])
        or 2 * words < _count_words(new[change.new_start : change.new_end])
        for change in (before, after)
    )


def _slide_changes(changes: Sequence[_Change], old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    """Return `changes` with pure insertions and deletions shifted to begin where a sentence or line does."""
    slid: list[_Change] = []
    for number, change in enumerate(changes):
        if (change.old_start == change.old_end) == (change.new_start == change.new_end):
            slid.append(change)
            continue
        tokens, start, end = (
            (new, change.new_start, change.new_end)
            if change.old_start == change.old_end
            else (old, change.old_start, change.old_end)
        )
        room_before = change.old_start - (slid[-1].old_end if slid else 0)
        room_after = (changes[number + 1].old_start if number + 1 < len(changes) else len(old)) - change.old_end
        lowest = highest = 0
        while -lowest < min(room_before, SLIDE) and tokens[start + lowest - 1] == tokens[end + lowest - 1]:
            lowest -= 1
        while highest < min(room_after, SLIDE) and tokens[start + highest] == tokens[end + highest]:
            highest += 1
        shift = max(range(lowest, highest + 1), key=lambda by: (_boundary_value(tokens, start + by), -abs(by)))
        shifted = _Change(*(bound + shift for bound in change))
        if slid and slid[-1].old_end == shifted.old_start and slid[-1].new_end == shifted.new_start:
            before = slid.pop()
            shifted = _Change(before.old_start, shifted.old_end, before.new_start, shifted.new_end)
        slid.append(shifted)
    return slid


def _boundary_value(tokens: Sequence[str], position: int) -> int:
    """Return how good a place the one before `tokens[position]` is to begin a change: line, sentence, word, else."""
    if position == 0 or tokens[position - 1] == "\n":
        return 3
    if not tokens[position - 1].isspace():
        return 0
    ends_sentence = position > 1 and tokens[position - 2] in {".", "!", "?", "।", "؟", "۔", ":", ";"}
    return 2 if ends_sentence else 1


def _make_pieces(changes: Sequence[_Change], old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    end = 0
    for change in changes:
        if end < change.old_start:
            yield Piece("same", "".join(old[end : change.old_start]))
        if change.old_start < change.old_end:
            yield Piece("deleted", "".join(old[change.old_start : change.old_end]))
        if change.new_start < change.new_end:
            yield Piece("inserted", "".join(new[change.new_start : change.new_end]))
        end = change.old_end
    if end < len(old):
        yield Piece("same", "".join(old[end:]))


# Words that turn a sentence into another one: negation, obligation, permission, extent. In the interface languages and
# Chinese; where a language has none here, only its numbers and the amount of change speak.
_DECISIVE = frozenset(
    fold_word(word)
    for words in (
        "no not never none nor neither without cannot don't doesn't didn't won't isn't aren't shouldn't mustn't",
        "must shall should may might can could required optional only all every any except unless always",
        "nicht kein keine keinen keiner keines keinem nie niemals ohne muss müssen soll sollen sollte sollten",
        "darf dürfen kann können nur alle jede jeder jedes außer immer",
        "ne pas jamais aucun aucune sans doit doivent devrait devraient peut peuvent seulement tous toutes tout",
        "sauf toujours",
        "nunca ningún ninguna ninguno sin debe deben debería deberían puede pueden solo sólo todos todas salvo",
        "excepto siempre",
        "não nenhum nenhuma sem deve devem deveria deveriam pode podem somente apenas exceto sempre",
        "لا لم لن ليس ليست غير دون بدون يجب ينبغي يمكن يجوز فقط جميع كل إلا دائما أبدا",
        "नहीं न मत बिना कभी चाहिए अवश्य सकता सकते सकती केवल सिर्फ सभी हर सिवाय हमेशा",
        "不 没 沒 無 无 非 未 勿 必 须 須 应 應 可 只 全",
    )
    for word in words.split()
)
# Words this long carry content in scripts with spaces; the shorter ones are mostly grammar.
CONTENT_LENGTH = 4
# A change of wording leaves this part of the content words as they were.
WORDING_KEEPS = 0.75


def change_class(old: str, new: str) -> ChangeClass:
    """Propose how much the change from `old` to `new` matters, for its author to confirm.

    typo: the same words but for case, signs, spaces and accents, or misspelt by one letter (two in words of eight
    and more). meaning: a number, a negation or a word of obligation, permission or extent came, went or changed, or
    fewer than three quarters of the content words stayed in place. wording: anything between. Equal texts give "typo".
    """
    old_words, new_words = _fold_words(old), _fold_words(new)
    if old_words == new_words:
        return "typo"
    spelling = True
    for deleted, inserted in _replaced_words(old, new):
        if deleted == inserted or "".join(deleted) == "".join(inserted):
            continue
        if _decisive_words(deleted) != _decisive_words(inserted):
            return "meaning"
        spelling = spelling and _is_respelling(deleted, inserted)
    if spelling:
        return "typo"
    old_content, new_content = _content_words(old_words), _content_words(new_words)
    kept = Indel.normalized_similarity(old_content, new_content)
    return "wording" if kept >= WORDING_KEEPS else "meaning"


def _fold_words(text: str) -> list[str]:
    return [folded for token in split_tokens(text) if (folded := fold_word(token))]


def _content_words(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= CONTENT_LENGTH or is_spaceless(word)]


def _decisive_words(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if word in _DECISIVE or any(sign.isdigit() for sign in word))


def _replaced_words(old: str, new: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the folded words deleted and inserted at each change."""
    deleted: list[str] = []
    inserted: list[str] = []
    for piece in [*compare_words(old, new), Piece("same", "")]:
        if piece.kind == "deleted":
            deleted = _fold_words(piece.text)
        elif piece.kind == "inserted":
            inserted = _fold_words(piece.text)
        elif deleted or inserted:
            yield deleted, inserted
            deleted, inserted = [], []


def _is_respelling(deleted: Sequence[str], inserted: Sequence[str]) -> bool:
    """Return whether each word was replaced by one that differs by a slip of the fingers."""
    if len(deleted) != len(inserted):
        return False
    for before, after in zip(deleted, inserted, strict=True):
        longer = max(len(before), len(after))
        allowed = 0 if longer < CONTENT_LENGTH else 1 if longer < 2 * CONTENT_LENGTH else 2
        if DamerauLevenshtein.distance(before, after, score_cutoff=allowed) > allowed:
            return False
    return True
