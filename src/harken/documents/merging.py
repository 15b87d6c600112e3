"""What two people wrote on one revision, merged passage by passage; where both changed the same one, a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from harken.core.text.hunks import merge_words
from harken.core.text.merge import MergedPassage, merge_passages
from harken.documents.drafts import DraftPassage
from harken.documents.identity import Branch, Identity, identify_passages
from harken.documents.models import PassageKind
from harken.documents.section_text import HEAD_KINDS, StoredPassage, draft_content

Content = tuple[str, str, str, str, str]
Pick = Literal["theirs", "mine", "words"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What shall stand in place of a passage both changed: the answer to the question about version `on`.

    `on` is the version of theirs that was shown (None: they had removed the passage); an answer to another is void.
    `pick` takes theirs, mine (removed where that side removed it), or the `passages` written instead.
    """

    on: int | None
    pick: Pick
    passages: tuple[DraftPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class TextConflict:
    """One passage that both changed, or one changed and the other removed (None there).

    `proposal` has the words of both; `is_clean` says that they touched different words.
    """

    passage_id: int
    base: StoredPassage | None
    theirs: StoredPassage | None
    mine: DraftPassage | None
    proposal: str
    is_clean: bool

    @property
    def shape(self) -> StoredPassage | DraftPassage:
        """The side that says what kind of passage the proposal is: mine, or theirs where I removed it."""
        found = self.mine or self.theirs
        if found is None:
            raise ValueError("A conflict has at least one side with words.")
        return found


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged text; a passage in conflict stands in it as theirs, or as mine where they removed it.

    `splits` and `merges` are what was split and merged in mine, by the places of the merged text.
    """

    passages: tuple[DraftPassage, ...]
    conflicts: tuple[TextConflict, ...]
    splits: tuple[Branch, ...] = ()
    merges: tuple[Branch, ...] = ()


class _Side(NamedTuple):
    """One of the three texts by passage key: what it says, and what stands before each passage."""

    passages: Mapping[str, DraftPassage]
    before: Mapping[str, str]

    @classmethod
    def of(cls, keys: Sequence[str], passages: Sequence[DraftPassage]) -> "_Side":
        return cls(dict(zip(keys, passages, strict=True)), dict(zip(keys[1:], keys, strict=False)))


def merge_texts(
    *,
    base: Sequence[StoredPassage],
    theirs: Sequence[StoredPassage],
    mine: Sequence[DraftPassage],
    choices: Mapping[int, Choice],
    lang: str,
) -> MergedText:
    """Merge `mine`, written on `base` in a document in `lang`, with what others have saved since.

    See `harken.core.text.merge.merge_passages` for what is kept and in which order. Passages of one section stay
    together. Where both changed a passage, but one its words and the other what it is or which section it is in, both
    changes are taken.
    """
    identity = identify_passages(base, mine)
    keys = [str(known) if known is not None else f"new-{place}" for place, known in enumerate(identity.passage_ids)]
    base_keys, their_keys = ([str(passage.passage_id) for passage in stored] for stored in (base, theirs))
    before = _Side.of(base_keys, [passage.to_draft() for passage in base])
    now = _Side.of(their_keys, [passage.to_draft() for passage in theirs])
    own = _Side.of(
        keys, [replace(draft, passage_id=known) for draft, known in zip(mine, identity.passage_ids, strict=True)]
    )
    merge = merge_passages(
        [(str(passage.passage_id), passage.content) for passage in base],
        [(str(passage.passage_id), passage.content) for passage in theirs],
        [(key, draft_content(draft, lang)) for key, draft in zip(keys, mine, strict=True)],
    )
    in_base, in_theirs = dict(zip(base_keys, base, strict=True)), dict(zip(their_keys, theirs, strict=True))
    merged: list[tuple[str, DraftPassage]] = []
    conflicts: list[TextConflict] = []
    for row in merge.rows:
        key = row.passage_id
        written = own.passages.get(key)
        if row.conflict is None:
            merged.append((key, _taken(row, now, own)))
            continue
        agreed = _reconcile(before.passages.get(key), now.passages.get(key), written)
        if agreed is not None:
            merged.append((key, agreed))
            continue
        present = in_theirs.get(key)
        choice = choices.get(int(key))
        if choice and choice.on == (present.version_id if present else None):
            merged += _chosen(key, choice, now.passages.get(key), written)
            continue
        merged.append((key, now.passages.get(key) or own.passages[key]))
        conflicts.append(_ask(int(key), in_base.get(key), present, written))
    ordered = _with_blanks(_by_section(merged), before, now, own)
    splits, merges = _branches(identity, keys, [key for key, _draft in ordered])
    return MergedText(tuple(draft for _key, draft in ordered), tuple(conflicts), splits, merges)


def _taken(row: MergedPassage[Content], now: _Side, own: _Side) -> DraftPassage:
    sides = (own, now) if row.source == "mine" else (now, own)
    return next(side.passages[row.passage_id] for side in sides if row.passage_id in side.passages)


def _reconcile(
    base: DraftPassage | None, theirs: DraftPassage | None, mine: DraftPassage | None
) -> DraftPassage | None:
    """The passage with the changes of both, where they changed different things about it; else None."""
    if base is None or theirs is None or mine is None:
        return None
    if base.text not in {theirs.text, mine.text} and theirs.text != mine.text:
        return None
    if base.kind not in {theirs.kind, mine.kind} and theirs.kind != mine.kind:
        return None
    form = mine if (theirs.kind, theirs.marker) == (base.kind, base.marker) else theirs
    return replace(
        form,
        text=mine.text if theirs.text == base.text else theirs.text,
        section=mine.section if theirs.section == base.section else theirs.section,
        lang=mine.lang if mine.lang and theirs.lang == base.lang else theirs.lang,
    )


def _chosen(
    key: str, choice: Choice, theirs: DraftPassage | None, mine: DraftPassage | None
) -> list[tuple[str, DraftPassage]]:
    if choice.pick != "words":
        picked = theirs if choice.pick == "theirs" else mine
        return [(key, picked)] if picked else []
    return [
        (key if number == 0 else f"{key}-{number}", replace(draft, passage_id=int(key) if number == 0 else None))
        for number, draft in enumerate(choice.passages)
    ]


def _ask(
    passage_id: int, base: StoredPassage | None, theirs: StoredPassage | None, mine: DraftPassage | None
) -> TextConflict:
    if theirs is None or mine is None:
        kept = mine.text if mine else theirs.text if theirs else ""
        return TextConflict(passage_id, base, theirs, mine, kept, is_clean=False)
    words = merge_words(base.text if base else "", theirs.text, mine.text)
    is_clean = words.clean and mine.kind == PassageKind(theirs.kind)
    return TextConflict(passage_id, base, theirs, mine, words.text, is_clean=is_clean)


def _by_section(merged: Sequence[tuple[str, DraftPassage]]) -> list[tuple[str, DraftPassage]]:
    """The passages with those of one section together, sections in the order in which they begin."""
    sections: dict[str | None, list[tuple[str, DraftPassage]]] = {}
    for key, draft in merged:
        sections.setdefault(None if draft.kind in HEAD_KINDS else draft.section, []).append((key, draft))
    return [*sections.pop(None, []), *(pair for pairs in sections.values() for pair in pairs)]


def _with_blanks(
    merged: Sequence[tuple[str, DraftPassage]], before: _Side, now: _Side, own: _Side
) -> list[tuple[str, DraftPassage]]:
    """The passages with the empty lines of whoever changed them; as usual where a passage has a new one before it.

    Without that a line that followed a heading would run into the paragraph that stands there now.
    """
    result: list[tuple[str, DraftPassage]] = []
    last = ""
    for key, draft in merged:
        said = [
            side.passages[key].blank if side.before.get(key, "") == last else None
            for side in (before, now, own)
            if key in side.passages
        ]
        in_all = len(said) == 3
        if not said:
            blank = draft.blank
        elif in_all and said[1] == said[0]:
            blank = said[-1]
        else:
            blank = next((one for one in said[-2:] if one is not None), None)
        result.append((key, replace(draft, blank=blank)))
        last = key
    return result


def _branches(
    identity: Identity, keys: Sequence[str], merged: Sequence[str]
) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """What was split and merged in mine, by the places of the merged text, as far as it is in it."""
    places = {key: place for place, key in enumerate(merged)}
    splits = tuple(
        Branch(branch.earlier, places[keys[branch.place]], branch.share)
        for branch in identity.splits
        if keys[branch.place] in places
    )
    merges = tuple(
        Branch(branch.earlier, places[keys[branch.place]], branch.share)
        for branch in identity.merges
        if keys[branch.place] in places and str(branch.earlier) not in places
    )
    return splits, merges
