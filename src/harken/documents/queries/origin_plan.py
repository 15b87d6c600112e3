"""What an origin table from a file would change: its edges, found by code or title, and what cannot be found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from harken.documents.models import Document, EdgeState, LineageEdge, LineageKind
from harken.documents.origin_table import OriginLine, code_key, title_key
from harken.processes.models import Iteration

Status = Literal["new", "changed", "same"]

_BETWEEN: Final = frozenset({LineageKind.KEPT, LineageKind.REVISED, LineageKind.MERGED, LineageKind.SPLIT})


@dataclass(frozen=True, slots=True)
class PlannedOrigin:
    """An edge a table asks for, from one of its lines; `same` where people accepted just that already."""

    line: int
    earlier: Document | None
    later: Document | None
    kind: LineageKind
    reason: str
    status: Status


@dataclass(frozen=True, slots=True)
class OriginProblem:
    """What a line says that cannot be done, in a sentence."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class OriginPlan:
    """What importing a table would do. `undecided` counts its lines that say nothing yet, or only a proposal."""

    iteration: Iteration
    edges: tuple[PlannedOrigin, ...]
    problems: tuple[OriginProblem, ...]
    undecided: int

    @property
    def to_write(self) -> tuple[PlannedOrigin, ...]:
        """The edges that are not there as the table says."""
        return tuple(edge for edge in self.edges if edge.status != "same")

    @property
    def same(self) -> int:
        """How many edges are there already."""
        return len(self.edges) - len(self.to_write)


class _Unresolved(Exception):
    """A line names what is not there."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A line with the documents it names."""

    line: OriginLine
    later: Document | None
    earlier: tuple[Document, ...]


class _Index:
    """Documents by code and title; in several iterations the latest that has the code counts."""

    def __init__(self, iteration: Iteration, documents: Iterable[Document]) -> None:
        self._iteration = iteration
        self._here: dict[str, Document] = {}
        self._titles: dict[str, list[Document]] = defaultdict(list)
        self._earlier: dict[str, dict[str, Document]] = defaultdict(dict)
        for document in sorted(documents, key=lambda one: -one.iteration.number):
            if document.iteration_id == iteration.pk:
                self._here[code_key(document.code)] = document
                self._titles[title_key(document.title)].append(document)
            elif document.iteration.number < iteration.number:
                for name in {document.iteration.slug, title_key(document.iteration.title)}:
                    self._earlier[name][code_key(document.code)] = document
                self._earlier[""].setdefault(code_key(document.code), document)

    def later(self, name: str) -> Document:
        """A text of the iteration by its code or its title."""
        found = self._here.get(code_key(name))
        if found:
            return found
        titled = self._titles.get(title_key(name), [])
        if len(titled) == 1:
            return titled[0]
        words = {"name": name, "iteration": self._iteration.title}
        if titled:
            raise _Unresolved(_("Several texts of %(iteration)s are called “%(name)s”: name the code.") % words)
        raise _Unresolved(_("%(iteration)s has no text “%(name)s”.") % words)

    def earlier(self, line: OriginLine) -> Iterator[Document]:
        """The drafts a line names, each as it is spelled or with the prefix of the one before."""
        known = self._earlier.get(line.draft_iteration) or self._earlier.get(title_key(line.draft_iteration))
        if known is None:
            if not self._earlier:
                raise _Unresolved(_("There is no earlier iteration with texts that you see."))
            raise _Unresolved(_("There is no earlier iteration “%(name)s”.") % {"name": line.draft_iteration})
        whole = known.get(code_key(line.draft_cell))
        if whole:
            yield whole
            return
        missing = []
        for name in line.drafts:
            found = known.get(code_key(name.spelled)) or known.get(code_key(name.full))
            if found:
                yield found
            else:
                missing.append(name.full)
        if missing:
            raise _Unresolved(_("No earlier draft has the code %(codes)s.") % {"codes": ", ".join(missing)})


def plan_origins(
    iteration: Iteration, lines: Sequence[OriginLine], documents: QuerySet[Document], *, default_reason: str = ""
) -> OriginPlan:
    """What importing `lines` into `iteration` would do; `default_reason` serves the lines that give none. Two queries.

    A line without a kind means revised, or merged where a text comes from several drafts, or split where one draft led
    to several texts. A line that people accepted already changes only if it gives another kind or reason of its own.
    """
    chosen = documents.filter(iteration__number__lte=iteration.number).select_related("iteration")
    index = _Index(iteration, chosen)
    found: list[_Found] = []
    problems: list[OriginProblem] = []
    undecided = 0
    for line in lines:
        if _says_nothing(line):
            undecided += 1
            continue
        found += _find(line, index, problems)
    edges = list(_plan_edges(iteration, found, default_reason.strip(), problems))
    return OriginPlan(iteration, tuple(edges), tuple(sorted(problems, key=lambda one: one.line)), undecided)


def _says_nothing(line: OriginLine) -> bool:
    if line.state in {EdgeState.PROPOSED.value, EdgeState.REJECTED.value}:
        return True
    has_both = bool(line.document and line.draft_cell)
    return not has_both and not line.kind and not line.reason and bool(line.document or line.drafts)


def _find(line: OriginLine, index: _Index, problems: list[OriginProblem]) -> list[_Found]:
    """The line with what it names; of several drafts those that are there, with a problem for the others."""
    earlier: list[Document] = []
    later: Document | None = None
    complaint = _check_line(line)
    if complaint:
        problems.append(OriginProblem(line.line, complaint))
        return []
    try:
        later = index.later(line.document) if line.document else None
        if line.draft_cell:
            earlier += index.earlier(line)
    except _Unresolved as error:
        problems.append(OriginProblem(line.line, str(error)))
        if not earlier:
            return []
    return [_Found(line, later, tuple(dict.fromkeys(earlier)))]


def _check_line(line: OriginLine) -> str:
    """What is wrong with a line by itself, or ""."""
    if not line.document and not line.drafts:
        return _("This line has no arrow: write “AD R2, R8 → Title”.")
    if line.kind and line.kind not in {LineageKind.NEW.value, LineageKind.DROPPED.value, *_BETWEEN}:
        kinds = ", ".join(kind.value for kind in LineageKind if kind != LineageKind.MOVED)
        return _("There is no kind “%(kind)s”; the kinds are %(kinds)s.") % {"kind": line.kind, "kinds": kinds}
    is_wrong = (line.kind == LineageKind.NEW and line.draft_cell) or (
        line.kind == LineageKind.DROPPED and line.document
    )
    if is_wrong or (line.kind in _BETWEEN and not (line.document and line.draft_cell)):
        return _("What is new has nothing before it, what is dropped nothing after it.")
    return ""


def _plan_edges(
    iteration: Iteration, found: Sequence[_Found], default_reason: str, problems: list[OriginProblem]
) -> Iterator[PlannedOrigin]:
    pairs = [(one, earlier) for one in found for earlier in (one.earlier or (None,))]
    origins = Counter(one.later.pk for one, earlier in pairs if one.later and earlier)
    outcomes = Counter(earlier.pk for one, earlier in pairs if one.later and earlier)
    existing = {
        (edge.earlier_id, edge.later_id): edge for edge in LineageEdge.objects.filter(process=iteration.process_id)
    }
    said: set[tuple[Any, Any]] = set()
    for one, earlier in pairs:
        ends = (earlier.pk if earlier else None, one.later.pk if one.later else None)
        if ends in said:
            problems.append(OriginProblem(one.line.line, _("Another line says what became of the same two.")))
            continue
        said.add(ends)
        edge = existing.get(ends)
        kind = _kind_of(one, earlier, origins, outcomes)
        if edge and edge.state == EdgeState.ACCEPTED and not one.line.kind:
            kind = LineageKind(edge.kind)
        status = _status_of(one.line, kind, edge)
        if status == "same" and edge:
            yield PlannedOrigin(one.line.line, earlier, one.later, LineageKind(edge.kind), edge.reason, status)
            continue
        reason = one.line.reason or default_reason
        if not reason:
            problems.append(
                OriginProblem(one.line.line, _("It has no reason: give one, or one for all that have none."))
            )
            continue
        yield PlannedOrigin(one.line.line, earlier, one.later, kind, reason, status)


def _kind_of(
    one: _Found, earlier: Document | None, origins: Mapping[int, int], outcomes: Mapping[int, int]
) -> LineageKind:
    if one.line.kind:
        return LineageKind(one.line.kind)
    if one.later is None:
        return LineageKind.DROPPED
    if earlier is None:
        return LineageKind.NEW
    if origins[one.later.pk] > 1:
        return LineageKind.MERGED
    return LineageKind.SPLIT if outcomes[earlier.pk] > 1 else LineageKind.REVISED


def _status_of(line: OriginLine, kind: LineageKind, edge: LineageEdge | None) -> Status:
    if edge is None:
        return "new"
    same_kind = not line.kind or edge.kind == kind
    same_reason = not line.reason or edge.reason == line.reason
    return "same" if edge.state == EdgeState.ACCEPTED and same_kind and same_reason else "changed"
