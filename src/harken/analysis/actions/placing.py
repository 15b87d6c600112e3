"""Which inputs belong to which theme, and how many: kept by whoever codes or moves a theme, and put right on demand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from harken.analysis.models import CodingState, Theme, ThemeCount, ThemedExtract, ThemedInput
from harken.base.actions import Actor, record_event
from harken.base.bulk import BulkInsert
from harken.base.permits import require
from harken.inputs.models import Input
from harken.processes.actions import mark_changed
from harken.processes.models import Process
from harken.processes.permissions import may_edit_process

_AT_ONCE: Final = 500
_ROWS: Final = BulkInsert(ThemedInput, "theme", "input", "at")
_ADD: Final = (
    "INSERT INTO analysis_themecount (theme_id, source_id, inputs) VALUES (%s, %s, %s) "
    "ON CONFLICT (theme_id, source_id) DO UPDATE SET inputs = analysis_themecount.inputs + excluded.inputs"
)


class NotATheme(Exception):
    """The theme is none of the process's, or was merged into another."""


def begin_change(process: Process) -> None:
    """Let readers see that something changed, and whoever else changes themes or codings of the process wait.

    First thing in a transaction that does: the process's row is held until its end, so that nobody moves a theme
    below another while that one is moved, and numbers are added to by one alone.
    """
    mark_changed(process)


def find_theme(process: Process, theme: Theme) -> Theme:
    """A theme as it is now, in a transaction that `begin_change` began. Raises `NotATheme`."""
    found = Theme.objects.filter(process=process, pk=theme.pk, merged_at__isnull=True).select_related("parent").first()
    if found is None:
        raise NotATheme(_("“%(name)s” is not among the themes of this process.") % {"name": theme.name})
    found.process = process
    return found


def place_inputs(process: Process, pks: Iterable[int]) -> int:
    """Have inputs belong to the themes of their accepted extracts and to all above these; how many rows changed.

    Part of a transaction that `begin_change` began.
    """
    above = Above(process)
    return sum(_place(above, some) for some in _in_batches(sorted(pks)))


def place_theme(theme: Theme) -> int:
    """The same for all inputs of a theme that has another place now."""
    themed = ThemedInput.objects.filter(theme=theme).values_list("input_id", flat=True)
    return place_inputs(theme.process, themed)


def _in_batches(pks: Sequence[int]) -> Iterable[Sequence[int]]:
    return (pks[start : start + _AT_ONCE] for start in range(0, len(pks), _AT_ONCE))


class Above:
    """The themes of a process, and those that each lies below."""

    def __init__(self, process: Process) -> None:
        themes = Theme.objects.filter(process=process).order_by()
        self._parents: dict[int, int | None] = dict(themes.values_list("pk", "parent_id"))
        self._chains: dict[int, frozenset[int]] = {}

    def chain(self, theme: int) -> frozenset[int]:
        """A theme and all above it."""
        if theme not in self._chains:
            parent = self._parents[theme]
            self._chains[theme] = frozenset({theme}) | (self.chain(parent) if parent is not None else frozenset())
        return self._chains[theme]


def _place(above: Above, pks: Sequence[int]) -> int:
    wanted: set[tuple[int, int]] = set()
    accepted = ThemedExtract.objects.filter(input__in=pks, state=CodingState.ACCEPTED).order_by()
    for said, theme in accepted.values_list("input_id", "theme_id"):
        wanted.update((said, each) for each in above.chain(theme))
    kept = {
        (said, theme): pk
        for pk, said, theme in ThemedInput.objects.filter(input__in=pks).values_list("pk", "input_id", "theme_id")
    }
    added, gone = sorted(wanted - kept.keys()), kept.keys() - wanted
    if not added and not gone:
        return 0
    ThemedInput.objects.filter(pk__in=[kept[key] for key in gone]).delete()
    changed = {said for said, _theme in added} | {said for said, _theme in gone}
    facts = {
        pk: (at, source) for pk, at, source in Input.objects.filter(pk__in=changed).values_list("pk", "at", "source_id")
    }
    _ROWS.insert((theme, said, facts[said][0]) for said, theme in added)
    changes: Counter[tuple[int, int]] = Counter()
    for said, theme in added:
        changes[theme, facts[said][1]] += 1
    for said, theme in gone:
        changes[theme, facts[said][1]] -= 1
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [(*key, change) for key, change in sorted(changes.items()) if change])
    return len(added) + len(gone)


@transaction.atomic
def recount_themes(*, actor: Actor, process: Process) -> int:
    """Find out anew which inputs belong to which theme, and how many; returns how much was wrong."""
    require(may_edit_process(actor, process))
    begin_change(process)
    coded = ThemedExtract.objects.filter(theme__process=process).order_by().values_list("input_id", flat=True)
    placed = ThemedInput.objects.filter(theme__process=process).order_by().values_list("input_id", flat=True)
    wrong = place_inputs(process, set(coded) | set(placed))
    kept = ThemeCount.objects.filter(theme__process=process)
    told = {
        (theme, source): inputs for theme, source, inputs in kept.values_list("theme", "source", "inputs") if inputs
    }
    rows = ThemedInput.objects.filter(theme__process=process).order_by().values_list("theme", "input__source")
    found = {(theme, source): inputs for theme, source, inputs in rows.annotate(count=Count("pk"))}
    differing = [key for key in told.keys() | found.keys() if told.get(key) != found.get(key)]
    if differing:
        kept.delete()
        ThemeCount.objects.bulk_create(
            ThemeCount(theme_id=theme, source_id=source, inputs=inputs) for (theme, source), inputs in found.items()
        )
    wrong += len(differing)
    if wrong:
        record_event(actor=actor, verb="recounted themes", subject=process, detail={"wrong": wrong})
    return wrong
