"""What pages show of extracts: the words, while they are what is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from harken.analysis.models import CodingState, ThemedExtract
from harken.analysis.queries.themes import ThemeRow, ThemeTree
from harken.inputs.queries.ledger import InputRow


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """An extract that a theme has. `words` are quoted as they were said, "" for the whole input.

    `is_gone` says that its words were taken away, or that their speaker has corrected the input since and does not say
    them any more (nor is the whole what it was). `by_name` is for those who code.
    """

    pk: int
    theme: ThemeRow
    state: str
    words: str
    is_whole: bool
    is_gone: bool
    by_name: str

    @property
    def is_proposed(self) -> bool:
        """Whether a person has still to decide on it."""
        return self.state == CodingState.PROPOSED


def extracts_of(
    rows: Iterable[InputRow], tree: ThemeTree, *, themes: set[int] | None = None, with_proposed: bool = False
) -> Mapping[int, list[ExtractRow]]:
    """The extracts of inputs, by the inputs' ids; of these `themes` alone where they are given. One query.

    What nobody accepted is there only `with_proposed`. Of an input that is blank there are none. The same words stand
    once under a theme, though several that became one had them, and so does the whole, whichever wording was coded:
    first what can be read, then what was accepted. Themes that are new to the `tree` are left out.
    """
    shown = {row.pk: row for row in rows if not row.is_blank}
    states = [CodingState.ACCEPTED, *([CodingState.PROPOSED] if with_proposed else [])]
    wanted = Q(input__in=shown, state__in=states)
    if themes is not None:
        wanted &= Q(theme__in=themes)
    found: dict[int, dict[tuple[int | None, int], ExtractRow]] = {}
    themed = ThemedExtract.objects.filter(wanted).order_by("extract__start", "pk")
    for pk, said, theme, extract, state, start, end, number, text, response, by_name in themed.values_list(*_FIELDS):
        place = tree.shown(theme)
        if place is None:
            continue
        is_whole = start is None
        words = "" if is_whole else (text if response is None else response)[start:end]
        is_there = _is_as_it_was(text, number, shown[said]) if is_whole else _is_said(words, number, shown[said])
        row = ExtractRow(pk, place, state, words, is_whole=is_whole, is_gone=not is_there, by_name=by_name)
        kept = found.setdefault(said, {})
        key = (None if is_whole else extract, place.pk)
        if key not in kept or _rank(row) < _rank(kept[key]):
            kept[key] = row
    return {said: list(kept.values()) for said, kept in found.items()}


def _rank(row: ExtractRow) -> tuple[bool, bool]:
    return row.is_gone, row.is_proposed


_FIELDS: Final = (
    *("pk", "input_id", "theme_id", "extract_id", "state", "extract__start", "extract__end"),
    *("extract__wording__number", "extract__wording__text", "extract__response__text", "coding__by_name"),
)


def _is_said(words: str, number: int, row: InputRow) -> bool:
    """Whether the newest wording holds words of the one with a number; those before it are not for everybody."""
    if not words or number == row.versions:
        return bool(words)
    return any(words in text for text in (row.text, *(response.text for response in row.responses)))


def _is_as_it_was(text: str, number: int, row: InputRow) -> bool:
    """Whether the newest wording says what the one with a number did; what that said to questions is not known here."""
    return number == row.versions or bool(text and text == row.text and not row.responses)
