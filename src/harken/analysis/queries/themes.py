"""The themes of a process as a tree, with how many inputs belong to each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, QuerySet, Sum

from harken.analysis.models import Theme, ThemeCount, ThemedInput
from harken.analysis.models.themes import code_of
from harken.inputs.models import Input, Source
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme in its place: `depth` steps below the top, with the inputs of itself and of all below it."""

    pk: int
    code: str
    name: str
    lang: str
    parent: int | None
    depth: int
    inputs: int


@dataclass(frozen=True)
class ThemeTree:
    """A process's themes in reading order; `merged` are those that are no longer shown, and what they lie below."""

    rows: tuple[ThemeRow, ...]
    merged: Mapping[int, int]
    codes: Mapping[str, int]

    @cached_property
    def by_id(self) -> dict[int, ThemeRow]:
        """The themes by their ids."""
        return {row.pk: row for row in self.rows}

    def shown(self, pk: int) -> ThemeRow | None:
        """The theme with this id, or the one it was merged into; None for one that is newer than the tree."""
        return self.by_id.get(_follow(self.merged, pk))

    def find(self, code: str) -> ThemeRow | None:
        """The theme with a code, or the one that it was merged into."""
        pk = self.codes.get(code)
        return None if pk is None else self.shown(pk)

    def above(self, row: ThemeRow) -> list[ThemeRow]:
        """The themes it lies below, from the top."""
        found: list[ThemeRow] = []
        while row.parent is not None:
            row = self.by_id[row.parent]
            found.insert(0, row)
        return found

    def below(self, row: ThemeRow) -> tuple[ThemeRow, ...]:
        """The themes below it, in reading order."""
        start = self.rows.index(row) + 1
        found = []
        for other in self.rows[start:]:
            if other.depth <= row.depth:
                break
            found.append(other)
        return tuple(found)

    def ids_of(self, row: ThemeRow) -> set[int]:
        """The ids of a theme, of those below it, and of those that were merged into one of them."""
        pks = {row.pk, *(other.pk for other in self.below(row))}
        return pks | {pk for pk in self.merged if _follow(self.merged, pk) in pks}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.rows)


def _follow(merged: Mapping[int, int], pk: int) -> int:
    while pk in merged:
        pk = merged[pk]
    return pk


def ids_shown_as(theme: Theme) -> set[int]:
    """The ids of the theme that this one is shown as, and of all that were merged into that. One query."""
    themes = Theme.objects.filter(process=theme.process_id, merged_at__isnull=False).order_by()
    merged: dict[int, int] = dict(themes.values_list("pk", "parent_id"))
    shown = _follow(merged, theme.pk)
    return {shown, *(pk for pk in merged if _follow(merged, pk) == shown)}


def read_tree(process: Process, sources: QuerySet[Source], *, everything: bool) -> ThemeTree:
    """The themes of a process, with numbers of inputs from `sources`. One query, three where there are themes.

    `everything` counts what not everybody can read now, too.
    """
    fields = ("pk", "number", "name", "lang", "parent_id", "merged_at")
    found = list(Theme.objects.filter(process=process).order_by("position", "pk").values_list(*fields))
    if not found:
        return ThemeTree((), {}, {})
    numbers = _count_inputs(process, sources, everything=everything)
    children: dict[int | None, list[ThemeRow]] = {}
    merged: dict[int, int] = {}
    for pk, number, name, lang, parent, merged_at in found:
        if merged_at is not None and parent is not None:
            merged[pk] = parent
        else:
            row = ThemeRow(pk, code_of(number), name, lang, parent, 0, max(0, numbers[pk]))
            children.setdefault(parent, []).append(row)
    codes = {code_of(number): pk for pk, number, *_rest in found}
    return ThemeTree(tuple(_walk(children, None, 0)), merged, codes)


def _walk(children: Mapping[int | None, list[ThemeRow]], parent: int | None, depth: int) -> Iterator[ThemeRow]:
    for row in children.get(parent, ()):
        yield ThemeRow(row.pk, row.code, row.name, row.lang, row.parent, depth, row.inputs)
        yield from _walk(children, row.pk, depth + 1)


def _count_inputs(process: Process, sources: QuerySet[Source], *, everything: bool) -> Counter[int]:
    seen = sources.values("pk")
    kept = ThemeCount.objects.filter(theme__process=process, source__in=seen).order_by().values_list("theme")
    numbers = Counter(dict(kept.annotate(sum=Sum("inputs"))))
    if not everything:
        # Few of these in any ledger, along their own index.
        gone = Input.objects.filter(process=process, standing__isnull=False, source__in=seen).values("pk")
        themed = ThemedInput.objects.filter(input__in=gone).order_by().values_list("theme")
        numbers.subtract(dict(themed.annotate(count=Count("pk"))))
    return numbers
