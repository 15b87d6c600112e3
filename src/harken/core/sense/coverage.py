"""Coverage: who spoke and who did not, by context, document and theme, beside a population to compare with.

**What is counted** are different people: somebody who spoke ten times about one thing is one. Every figure below ten is
hidden, and so much besides that it cannot be reckoned from the totals (`suppression`). Nothing else here is made from
hidden figures: shares and intervals come from figures that are told, so they give nothing away either.

**Share.** Of n people who spoke about something and whose context is told, x are from this context. The share is x / n,
with Jeffreys' 95 % interval: the 2.5 % and 97.5 % quantiles of Beta(x + ½, n − x + ½), from 0 where x = 0 and up to 1
where x = n (Brown, Cai, DasGupta 2001, *Interval estimation for a binomial proportion*, section 4.3,
doi:10.1214/ss/1009213286). n counts the contexts whose figure is told and, where there is a population, that are in it;
people who did not say theirs are in no share.

**Expected** is what the share would be if the same n had been drawn from the population: of these same contexts.
Where the whole interval lies below it, the context is under-heard; where it lies above, over-heard. One in twenty such
intervals misses by chance, and people who choose to speak are no sample: this points to where to listen, and proves
nothing.
"""

import csv
import io
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from harken.core.sense.blocks import merge, split_votes, tally_groups
from harken.core.sense.suppression import SMALLEST_FIGURE, hide_small
from harken.core.sense.votes import Votes

__all__ = [
    "HIDDEN",
    "NOT_SAID",
    "Coverage",
    "CoverageError",
    "Gap",
    "Heard",
    "Support",
    "find_gaps",
    "jeffreys_interval",
    "measure_coverage",
    "measure_support",
    "read_population",
]

HIDDEN: Final = -1
NOT_SAID: Final = ""
_SURE: Final = 0.95
Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


class CoverageError(ValueError):
    """These are no contributions, or no population; the message says which row or name is wrong."""


class Heard(StrEnum):
    """How a context's share compares with the population's."""

    SILENT = "silent"  # nobody from there spoke
    UNDER = "under"  # the whole interval lies below what was expected
    AS_EXPECTED = "as-expected"
    OVER = "over"  # the whole interval lies above it
    HIDDEN = "hidden"  # too few people to say, or hidden to protect others
    UNKNOWN = "unknown"  # there is nothing to compare with


def jeffreys_interval(part: ArrayLike, whole: ArrayLike, *, sure: float = _SURE) -> tuple[Numbers, Numbers]:
    """Return lower and upper bound of a share by Jeffreys' interval; formula and source are the module's.

    Args:
        part: x, 0 … n.
        whole: n; where it is 0 the interval is 0 to 1.
        sure: the chance that the interval holds the share, between 0 and 1.
    """
    x, n = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    tail = (1 - sure) / 2
    low = np.where(x > 0, special.betaincinv(x + 0.5, n - x + 0.5, tail), 0.0)
    high = np.where(x < n, special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail), 1.0)
    return low, high


# --- The population ---


def read_population(path: Path | str) -> dict[str, float]:
    """Read how many people there are in each context, from a CSV file with the columns `context` and `people`.

    Other columns are passed over; cells may be separated by commas, semicolons or tabs. Numbers are written in plain
    digits, with a point before decimals (numbers that come from an estimate may have some).

    Raises:
        CoverageError: the file cannot be read, a column is missing, a context is empty or comes twice, or a number of
            people is none, or all are 0.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CoverageError(f"{path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise CoverageError(f"{path.name} is not UTF-8 text (byte {error.start}).") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    found: dict[str, float] = {}
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        names = {(name or "").strip().lower(): name for name in table.fieldnames or []}
        for wanted in ("context", "people"):
            if wanted not in names:
                raise CoverageError(f"{path.name} has no column “{wanted}”.")
        for row in table:
            context, people = ((row[names[name]] or "").strip() for name in ("context", "people"))
            if not context or context in found:
                told = "comes twice" if context else "is empty"
                raise CoverageError(f"{path.name}, line {table.line_num}: the context {context} {told}.")
            found[context] = _as_people(people, f"{path.name}, line {table.line_num}")
    except csv.Error as error:
        raise CoverageError(f"{path.name}: {error}.") from error
    if not sum(found.values()):
        raise CoverageError(f"{path.name} holds no people.")
    return found


def _as_people(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise CoverageError(f"{where}: “{text[:40]}” is no number of people; write it in plain digits.")
    return number


# --- Who spoke ---


@dataclass(frozen=True, slots=True)
class Coverage:
    """A table of C contexts, D documents and T themes; along each axis one entry more, the last, for all together.

    Attributes:
        contexts: their names; those of the population that nobody spoke from are among them.
        documents: their names.
        themes: their names.
        people: (C + 1, D + 1, T + 1) how many different people; `HIDDEN` where it is not told.
        shares: (C, D + 1, T + 1) of those who spoke there, how many are from the context; NaN where it is not told.
        low: lower bound of the share.
        high: upper bound of the share.
        expected: (C, D + 1, T + 1) the share by the population; NaN where there is none to compare with.
    """

    contexts: tuple[str, ...]
    documents: tuple[str, ...]
    themes: tuple[str, ...]
    people: Counts
    shares: Numbers
    low: Numbers
    high: Numbers
    expected: Numbers

    def heard(self, context: int, document: int = -1, theme: int = -1) -> Heard:
        """Return how a context's share compares with the population's; −1 stands for all documents or themes."""
        at = (context, document, theme)
        if self.people[at] == HIDDEN:
            return Heard.HIDDEN
        if np.isnan(self.expected[at]):
            return Heard.UNKNOWN
        if self.people[at] == 0:
            return Heard.SILENT
        if self.high[at] < self.expected[at]:
            return Heard.UNDER
        return Heard.OVER if self.low[at] > self.expected[at] else Heard.AS_EXPECTED


@dataclass(frozen=True, slots=True)
class Gap:
    """A context that was silent or under-heard. `document` and `theme` are places, −1 for all together."""

    context: int
    document: int
    theme: int
    heard: Heard
    people: int
    share: float
    low: float
    high: float
    expected: float


def _place_names(names: Sequence[str], more: Sequence[str], what: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return all different names, sorted, with NOT_SAID last, and for each of `names` its place."""
    for row, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise CoverageError(f"Row {row}: {name!r} is no name of a {what}.")
    known = sorted({*names, *more}, key=lambda name: (name == NOT_SAID, name))
    places = {name: place for place, name in enumerate(known)}
    return tuple(known), np.array([places[name] for name in names], dtype=np.int64)


def _count_people(speakers: NDArray[np.int64], places: Sequence[NDArray[np.int64]], sizes: tuple[int, ...]) -> Counts:
    """Return the table of different people with all its totals."""
    shape = tuple(size + 1 for size in sizes)
    cells = math.prod(shape)
    counts = np.zeros(cells, dtype=np.int64)
    for kept in itertools.product((True, False), repeat=len(sizes)):
        columns = [
            place if keep else np.full(place.size, size) for place, size, keep in zip(places, sizes, kept, strict=True)
        ]
        # Person and cell in one number, so that each pair counts once.
        pairs = np.unique(speakers * cells + np.ravel_multi_index(columns, shape))
        counts += np.bincount(pairs % cells, minlength=cells)
    return counts.reshape(shape)


def measure_coverage(
    speakers: Sequence[Any],
    contexts: Sequence[str],
    documents: Sequence[str],
    themes: Sequence[str],
    *,
    population: Mapping[str, float] | None = None,
    all_documents: Sequence[str] = (),
    all_themes: Sequence[str] = (),
    smallest: int = SMALLEST_FIGURE,
) -> Coverage:
    """Return who spoke about what, and who did not.

    Args:
        speakers: of each thing said, who said it: any ids.
        contexts: of each, the speaker's context of one kind (a region, a language …); `NOT_SAID` where not told. Who
            has several contexts of that kind comes with a row for each.
        documents: of each, the document it is about; "" where it is about none.
        themes: of each, its theme; "" where it has none yet. What has several themes comes with a row for each.
        population: how many people there are in each context, as `read_population` gives it.
        all_documents: documents that are shown although nobody may have spoken about them.
        all_themes: themes likewise.
        smallest: figures below this are hidden.

    Raises:
        CoverageError: columns of different lengths, or a name that is no text.
    """
    lengths = {len(column) for column in (speakers, contexts, documents, themes)}
    if len(lengths) > 1:
        raise CoverageError(
            f"Columns have different lengths: {len(speakers)} speakers, {len(contexts)} contexts, "
            f"{len(documents)} documents, {len(themes)} themes."
        )
    ids: dict[Any, int] = {}
    who = np.array([ids.setdefault(speaker, len(ids)) for speaker in speakers], dtype=np.int64)
    names, of_context = _place_names(contexts, list(population or ()), "context")
    texts, of_document = _place_names(documents, all_documents, "document")
    subjects, of_theme = _place_names(themes, all_themes, "theme")
    places, sizes = (of_context, of_document, of_theme), (len(names), len(texts), len(subjects))
    people = _count_people(who, places, sizes)
    told = np.where(hide_small(people, smallest=smallest), HIDDEN, people)
    return Coverage(names, texts, subjects, told, *_compare(told, names, population or {}))


def _compare(
    people: Counts, contexts: Sequence[str], population: Mapping[str, float]
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return shares, their bounds and what was expected, from told figures alone."""
    of = np.array([population.get(name, np.nan) for name in contexts])
    known = np.array([name != NOT_SAID for name in contexts], dtype=bool)
    if population:
        known &= ~np.isnan(of)
    usable = (people[:-1] != HIDDEN) & known[:, None, None]
    part = np.where(usable, people[:-1], 0)
    whole = np.broadcast_to(part.sum(axis=0), part.shape)
    shown = usable & (whole > 0)
    low, high = jeffreys_interval(part, whole)
    there = np.where(usable, np.nan_to_num(of)[:, None, None], 0.0)
    total = there.sum(axis=0)
    comparable = usable & (total > 0) & bool(population)
    return (
        np.where(shown, part / np.maximum(1, whole), np.nan),
        np.where(shown, low, np.nan),
        np.where(shown, high, np.nan),
        np.where(comparable, there / np.where(total > 0, total, 1.0), np.nan),
    )


def find_gaps(coverage: Coverage, *, least: float = 0.01) -> list[Gap]:
    """Return the contexts that were silent or under-heard by more than chance, most people missing first.

    Looked for overall, on each document, on each theme, and on each theme of a document: wherever the whole interval of
    the share lies below what was expected.

    Args:
        coverage: the table.
        least: expected shares below this are passed over.
    """
    figures = (coverage.shares, coverage.low, coverage.high, coverage.expected)
    found = []
    for place in np.argwhere((coverage.expected >= least) & (coverage.high < coverage.expected)).tolist():
        context, document, theme = at = tuple(place)
        found.append(
            Gap(
                context,
                document if document < len(coverage.documents) else -1,
                theme if theme < len(coverage.themes) else -1,
                coverage.heard(*at),
                int(coverage.people[at]),
                *(float(each[at]) for each in figures),
            )
        )
    return sorted(found, key=lambda gap: (gap.high - gap.expected, gap.context, gap.document, gap.theme))


# --- Who supports what ---


@dataclass(frozen=True, slots=True)
class Support:
    """How far S statements are supported within each of k sets of participants: groups of a map, or contexts.

    Attributes:
        seen: (k + 2, S) how many have voted on it: of each set, of those in none, and of all; `HIDDEN` where not told.
        agree: (k, S) share of them who agree; NaN where not told or nobody has voted.
        low: (k, S) its lower bound, by Jeffreys' 95 % interval.
        high: (k, S) its upper bound.
        everywhere: (S,) the least lower bound: support in every set is at least that, as far as that is told. NaN
            where a set of which somebody voted is not told.
    """

    seen: Counts
    agree: Numbers
    low: Numbers
    high: Numbers
    everywhere: Numbers


def measure_support(votes: Votes, sets: NDArray[np.int32], number: int, *, smallest: int = SMALLEST_FIGURE) -> Support:
    """Return the support of every statement within every group, or within every context.

    Args:
        votes: the votes; statements moderated out have no figures.
        sets: (P,) the set of each participant, 0 … number − 1; −1 for those in none, or whose context is not said.
        number: how many sets there are.
        smallest: sets of fewer voters on a statement are hidden, and what would give them away.

    Raises:
        CoverageError: there is another number of participants, or a set that is none.
    """
    sets = np.asarray(sets, dtype=np.int32)
    if sets.size != votes.participants.size or ((sets < -1) | (sets >= number)).any():
        raise CoverageError(f"Each participant is in one of the sets 0 to {number - 1}, or in none, which is -1.")
    every = np.ones(votes.statements.size, dtype=bool)
    parts = split_votes(votes, every)
    lengths = np.cumsum([part.first_vote.size - 1 for part in parts])[:-1]
    shifted = [np.where(each < 0, number, each).astype(np.int32) for each in np.split(sets, lengths)]
    counts = merge([tally_groups(part, each, number + 1) for part, each in zip(parts, shifted, strict=True)])
    counts[:, votes.moderated] = 0
    seen = np.concatenate([counts.sum(axis=2), counts.sum(axis=(0, 2))[None]])
    hidden = np.stack([hide_small(column, smallest=smallest) for column in seen.T], axis=1) if seen.size else seen > 0
    there, agreed = seen[:number], counts[:number, :, 2]
    shown = ~hidden[:number] & (there > 0)
    low, high = jeffreys_interval(agreed, there)
    unknown = hidden[:number].any(axis=0) | ~shown.any(axis=0)
    least = np.where(shown, low, np.inf).min(axis=0, initial=np.inf)
    return Support(
        np.where(hidden, HIDDEN, seen),
        np.where(shown, agreed / np.maximum(1, there), np.nan),
        np.where(shown, low, np.nan),
        np.where(shown, high, np.nan),
        np.where(unknown, np.nan, least),
    )
