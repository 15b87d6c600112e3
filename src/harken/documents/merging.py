"""What two people wrote on one revision, merged passage by passage; where both changed the same one, a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harken.core.text.hunks import merge_words
from harken.core.text.merge import merge_passages
from harken.documents.drafts import DraftPassage
from harken.documents.identity import identify_passages
from harken.documents.models import PassageKind
from harken.documents.section_text import StoredPassage

Content = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What shall stand in place of a passage both changed: the answer to the question about version `on`.

    `on` is the version of theirs that was shown (None: they had removed the passage); an answer to another is void.
    """

    on: int | None
    passages: tuple[DraftPassage, ...]


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


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged text; a passage in conflict stands in it as theirs, or as mine where they removed it."""

    passages: tuple[DraftPassage, ...]
    conflicts: tuple[TextConflict, ...]


def _content(draft: DraftPassage, lang: str) -> Content:
    stored = StoredPassage(
        0, 0, "", draft.kind.value, draft.section, draft.lang or lang, draft.marker, 0, draft.text, ""
    )
    return stored.content


def merge_texts(
    *,
    base: Sequence[StoredPassage],
    theirs: Sequence[StoredPassage],
    mine: Sequence[DraftPassage],
    choices: Mapping[int, Choice],
    lang: str,
) -> MergedText:
    """Merge `mine`, written on `base` in a document in `lang`, with what others have saved since.

    See `harken.core.text.merge.merge_passages` for what is kept and in which order.
    """
    identity = identify_passages(base, mine)
    keys = [str(known) if known is not None else f"new-{place}" for place, known in enumerate(identity.passage_ids)]
    drafts: dict[tuple[str, Content], DraftPassage] = {}
    for passage in (*base, *theirs):
        drafts[str(passage.passage_id), passage.content] = passage.to_draft()
    own: dict[str, DraftPassage] = {}
    for key, known, draft in zip(keys, identity.passage_ids, mine, strict=True):
        own[key] = replace(draft, passage_id=known)
        drafts.setdefault((key, _content(draft, lang)), own[key])
    merge = merge_passages(
        [(str(passage.passage_id), passage.content) for passage in base],
        [(str(passage.passage_id), passage.content) for passage in theirs],
        [(key, _content(draft, lang)) for key, draft in zip(keys, mine, strict=True)],
    )
    before = {str(passage.passage_id): passage for passage in base}
    now = {str(passage.passage_id): passage for passage in theirs}
    merged: list[DraftPassage] = []
    conflicts: list[TextConflict] = []
    for row in merge.rows:
        if row.conflict is None:
            merged.append(drafts[row.passage_id, row.content])
            continue
        passage_id = int(row.passage_id)
        present = now.get(row.passage_id)
        choice = choices.get(passage_id)
        if choice and choice.on == (present.version_id if present else None):
            first, *others = choice.passages or (None,)
            if first:
                merged += [replace(first, passage_id=passage_id), *others]
            continue
        merged.append(drafts[row.passage_id, row.content])
        conflicts.append(_ask(passage_id, before.get(row.passage_id), present, own.get(row.passage_id)))
    return MergedText(tuple(merged), tuple(conflicts))


def _ask(
    passage_id: int, base: StoredPassage | None, theirs: StoredPassage | None, mine: DraftPassage | None
) -> TextConflict:
    if theirs is None or mine is None:
        kept = mine.text if mine else theirs.text if theirs else ""
        return TextConflict(passage_id, base, theirs, mine, kept, is_clean=False)
    words = merge_words(base.text if base else "", theirs.text, mine.text)
    is_clean = words.clean and mine.kind == PassageKind(theirs.kind)
    return TextConflict(passage_id, base, theirs, mine, words.text, is_clean=is_clean)
