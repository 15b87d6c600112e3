"""Lists as everybody sees them, asked with finished SQL (`harken.base.frozen_query`).

Most who read have no account, and see what all others see who have none: what they may read depends on the process
alone. So the queries that answer them are the same but for a few numbers and words, while writing them anew took longer
than all else of a page. They are made by the functions that serve everybody else too.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from harken.base.frozen_query import FrozenQuery
from harken.documents.permissions import documents_visible_to
from harken.inputs.permissions import inputs_visible_to, sources_visible_to
from harken.inputs.queries.campaigns import fold_campaigns
from harken.inputs.queries.ledger import Cursor
from harken.inputs.queries.reading import (
    MOST_COUNTED,
    InputFilter,
    InputTotal,
    ListChoices,
    ask_choices,
    ask_kept,
    ask_newest,
    ask_wanted,
    read_choices,
)
from harken.people.models import Group
from harken.processes.models import Process

_NOBODY: Final = AnonymousUser()


def _public(process: int) -> Process:
    return Process(pk=process, is_public=True, body=Group())


def _freeze_choices(place: int) -> FrozenQuery:
    def ask(process: int) -> QuerySet[Any, Any]:
        public = _public(process)
        return ask_choices(process, documents_visible_to(_NOBODY, public), lambda: sources_visible_to(_NOBODY, public))[
            place
        ]

    return FrozenQuery(ask)


_CHOICES: Final = tuple(_freeze_choices(place) for place in range(3))


def choices_for_everybody(process: Process) -> ListChoices:
    """What lists of a public process can be narrowed to. Three queries."""
    return read_choices(*(query.rows(process=process.pk) for query in _CHOICES))


class _Shape(NamedTuple):
    """What tells two lists apart other than by a number or a word: whose SQL is another one."""

    names: tuple[str, ...]
    is_late: bool
    folds: bool
    size: int


def _read_shape(wanted: InputFilter, heads: dict[int, int], size: int) -> tuple[_Shape, dict[str, Any]] | None:
    """The shape of a list with its numbers and words; None where it is none of those that are asked often."""
    values: dict[str, Any] = {}
    for name, several in (("document", wanted.documents), ("source", wanted.sources)):
        if several is not None:
            if len(several) != 1:
                return None
            values[name] = several[0]
    others = (("passage", wanted.passage), ("lang", wanted.lang), ("campaign", wanted.campaign))
    values |= {name: value for name, value in others if value is not None}
    if wanted.stance:
        values["stance"] = wanted.stance
    # Whatever else can be asked for is not known here.
    if _make_filter(values, is_late=wanted.is_late, languages=wanted.languages) != wanted:
        return None
    return _Shape(tuple(values), wanted.is_late, bool(heads), size), values


def _make_filter(values: dict[str, Any], *, is_late: bool, languages: tuple[str, ...] = ()) -> InputFilter:
    return InputFilter(
        documents=(values["document"],) if "document" in values else None,
        passage=values.get("passage"),
        sources=(values["source"],) if "source" in values else None,
        lang=values.get("lang"),
        stance=values.get("stance", ""),
        campaign=values.get("campaign"),
        is_late=is_late,
        languages=languages,
    )


@lru_cache(maxsize=256)
def _freeze_list(shape: _Shape) -> FrozenQuery:
    def ask(
        process: int, campaigns: Sequence[int] = (), heads: Sequence[int] = (), **values: Any
    ) -> QuerySet[Any, Any]:
        folded = dict(zip(campaigns, heads, strict=True))
        after = Cursor(values["at"], values["below"]) if "at" in values else None
        inputs = fold_campaigns(inputs_visible_to(_NOBODY, _public(process)), folded)
        return ask_newest(inputs, _make_filter(values, is_late=shape.is_late), after, shape.size)

    return _freeze(ask, shape, lists=("campaigns", "heads") if shape.folds else ())


@lru_cache(maxsize=256)
def _freeze_number(shape: _Shape) -> FrozenQuery:
    def ask(process: int, **values: Any) -> QuerySet[Any, Any]:
        inputs = inputs_visible_to(_NOBODY, _public(process))
        return ask_wanted(process, inputs, _make_filter(values, is_late=shape.is_late))

    return _freeze(ask, shape)


@lru_cache(maxsize=16)
def _freeze_kept(names: tuple[str, ...], place: int) -> FrozenQuery:
    def ask(process: int, **values: Any) -> QuerySet[Any, Any]:
        sources = sources_visible_to(_NOBODY, _public(process))
        return ask_kept(process, _make_filter(values, is_late=False), sources)[place]

    return _freeze(ask, _Shape(names, is_late=False, folds=False, size=0))


def _freeze(ask: Callable[..., QuerySet[Any, Any]], shape: _Shape, lists: tuple[str, ...] = ()) -> FrozenQuery:
    texts = [name for name in shape.names if name in {"lang", "stance"}]
    return FrozenQuery(ask, names=("process", *lists, *shape.names), texts=texts, lists=lists, moments=("at",))


def newest_for_everybody(
    process: Process, wanted: InputFilter, heads: dict[int, int], *, after: Cursor | None = None, size: int
) -> list[int] | None:
    """The ids of the newest inputs that are wanted, campaigns folded to their `heads`; None where it is not known here.

    Those after the cursor, where there is one. One query.
    """
    found = _read_shape(wanted, heads, size)
    if found is None:
        return None
    shape, values = found
    if after is not None:
        values |= {"at": after.at, "below": after.pk}
        shape = shape._replace(names=tuple(values))
    folded = {"campaigns": list(heads), "heads": list(heads.values())} if heads else {}
    return [pk for (pk,) in _freeze_list(shape).rows(process=process.pk, **folded, **values)]


def count_for_everybody(process: Process, wanted: InputFilter) -> InputTotal | None:
    """How many inputs are wanted; None where it is not known here. Two queries where numbers are kept, else one."""
    found = _read_shape(wanted, {}, 0)
    if found is None:
        return None
    shape, values = found
    if wanted.is_kept:
        kept, standing = (_freeze_kept(shape.names, place).rows(process=process.pk, **values) for place in range(2))
        return InputTotal(max(0, sum(number for (number,) in kept) - sum(number for (number,) in standing)))
    [(number,)] = _freeze_number(shape).rows(process=process.pk, **values)
    return InputTotal(min(number, MOST_COUNTED), is_more=number > MOST_COUNTED)
