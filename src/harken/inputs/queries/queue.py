"""The queue: what waits for an answer, filtered and paged so that a million inputs are as quick as a hundred."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThan
from django.utils import timezone

from harken.base.actions import Actor
from harken.base.frozen_query import FrozenQuery
from harken.documents.models import Document
from harken.inputs.models import Input, InputCount, InputNote, InputState, LanguageCount, Source
from harken.inputs.queries.campaigns import CampaignRow, campaign_heads, campaigns_of, fold_campaigns
from harken.inputs.queries.contexts import ContextRow, contexts_of
from harken.inputs.queries.counting import ask_how_many
from harken.inputs.queries.ledger import Cursor, InputRow, before_cursor, describe_inputs
from harken.inputs.queries.waiting import Turn, turn_of
from harken.people.models import Group, User
from harken.people.queries import groups_below
from harken.processes.models import Process

PAGE: Final = 50
MOST_COUNTED: Final = 10_000
"""Beyond so many, a number is only said to be more."""

_MOST_SORTED: Final = 20_000
"""So many inputs of several sources or documents are put in order at once; of more, the whole process is read."""

MINE: Final = "me"
NOBODYS: Final = "nobody"
OVERDUE: Final = "over"
DUE_SOON: Final = "soon"
SOON: Final = datetime.timedelta(days=7)

Visible = Callable[[QuerySet[Input]], QuerySet[Input]]
"""Those of some inputs that somebody may see: `inputs_visible_to` with the somebody and the process filled in."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is looked at, as an address says it; "" leaves a thing open.

    `owner` is `me`, `nobody` or an account's name; `due` is `over` or `soon`; `document` and `group` are codes.
    `misread` says what an address asks for that there is not; such a filter is about no input at all.
    """

    state: str = ""
    owner: str = ""
    due: str = ""
    lang: str = ""
    channel: str = ""
    document: str = ""
    group: str = ""
    late: bool = False
    campaign: int | None = None
    misread: str = ""

    @property
    def query(self) -> str:
        """The filter as the part of an address after the question mark; the same filter is always the same text."""
        chosen = [(field.name, getattr(self, field.name)) for field in fields(self) if field.name != "misread"]
        return urlencode([(name, int(value) if value is True else value) for name, value in chosen if value])

    def with_(self, **chosen: Any) -> "QueueFilter":
        """The same with other choices."""
        return replace(self, **chosen)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An input in the queue: what it says, how it stands, and what it stands for where a campaign is folded."""

    said: InputRow
    turn: Turn
    state_name: str
    owner: str
    waiting_on: str
    due_at: datetime.datetime | None
    notes: int
    campaign: CampaignRow | None

    @property
    def pick(self) -> str:
        """What a form sends to choose it: its id, or the campaign's with a `c` before it."""
        return f"c{self.campaign.pk}" if self.campaign else str(self.said.pk)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, and where the next one goes on (None for the last)."""

    rows: tuple[QueueRow, ...]
    next: Cursor | None


# As the index of what is due has it; SQLite uses that only for the same words, and a parameter is none.
_STILL_DUE: Final = Q(due_at__isnull=False) & ~Q(state=RawSQL("'answered'", ()))


class Residual(Func):
    """A column by which rows are only looked through: SQLite leaves its index alone.

    Without statistics SQLite takes the index with the most columns in the condition, which may hold nearly every row
    (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_). PostgreSQL keeps its own.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The column with a plus before it, which means nothing but that."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


@dataclass(eq=False, slots=True)
class _Condition:
    """What a column has to be; `counted` tells how many inputs that leaves.

    `with_process` says that the column's index begins with the process.
    """

    column: str
    values: tuple[Any, ...]
    counted: QuerySet[Any]
    with_process: bool = False
    count: int = 0

    def count_now(self) -> None:
        """Find out how many inputs this leaves, as far as that matters. One query."""
        if self.counted.model is InputCount:
            self.count = self.counted.aggregate(sum=Sum("inputs"))["sum"] or 0
        else:
            self.count = count_capped(self.counted)

    def as_filter(self, *, by_index: bool) -> Any:
        """The condition, for the database to find rows by, or only to look through what it found otherwise."""
        if by_index and self.column == "is_late":
            return Q(is_late=True)  # as the index of late input has it
        column: Combinable = F(self.column) if by_index else Residual(F(self.column))
        return Exact(column, self.values[0]) if len(self.values) == 1 else In(column, list(self.values))


def count_capped(inputs: QuerySet[Input], most: int = MOST_COUNTED) -> int:
    """How many inputs there are, counted no further than one beyond `most`."""
    return inputs.order_by().values("pk")[: most + 1].count()


_IN_STATES: Final = FrozenQuery(
    lambda process: ask_how_many(
        process, [Input.objects.filter(process=process, state=state.value) for state in InputState], MOST_COUNTED
    )
)
_IN_HAND: Final = FrozenQuery(
    lambda process, owner: ask_how_many(
        process,
        [Input.objects.filter(process=process, owner=owner).exclude(state=InputState.ANSWERED.value)],
        MOST_COUNTED,
    )
)
_OVERDUE: Final = FrozenQuery(
    lambda process, now: ask_how_many(
        process, [Input.objects.filter(_STILL_DUE, process=process, due_at__lt=now)], MOST_COUNTED
    ),
    moments=("now",),
)


def count_states(process: Process) -> dict[str, int]:
    """How many inputs of a process are in each state, each counted no further than one beyond `MOST_COUNTED`.

    One query, of an index alone.
    """
    [numbers] = _IN_STATES.rows(process=process.pk)
    return {state.value: number for state, number in zip(InputState, numbers, strict=True)}


def count_own(process: Process, actor: Actor, now: datetime.datetime) -> tuple[int, int]:
    """How many inputs `actor` has in hand, and how many of the process are overdue. Two queries."""
    mine = _IN_HAND.rows(process=process.pk, owner=actor.pk)[0][0] if actor.pk else 0
    return mine, _OVERDUE.rows(process=process.pk, now=now)[0][0]


def select_inputs(
    visible: Visible, process: Process, chosen: QueueFilter, *, actor: Actor, now: datetime.datetime
) -> QuerySet[Input]:
    """Those of a process's inputs that a filter is about and whoever looks may see, in the order of the queue.

    Those said last in front; with `due`, those due first. At most seven queries to find the quickest way.
    """
    conditions = _conditions(process, chosen, actor)
    if conditions is None:
        return Input.objects.none()
    driving = _choose_driving(process, conditions)
    by_due = bool(chosen.due) and (driving is None or driving.count > MOST_COUNTED)
    if by_due:
        driving = None
    needs_process = driving is None or driving.with_process
    inputs = visible(_of_process(process, by_index=needs_process))
    for condition in conditions:
        inputs = inputs.filter(condition.as_filter(by_index=condition is driving))
    inputs = _filter_rest(inputs, chosen, now, by_due=by_due)
    return inputs.order_by("due_at", "pk") if chosen.due else inputs.order_by("-at", "-pk")


def select_by_id(
    visible: Visible, process: Process, chosen: QueueFilter, *, actor: Actor, now: datetime.datetime
) -> QuerySet[Input]:
    """The same inputs for whoever goes through all of them in the order of their ids, a batch at a time."""
    conditions = _conditions(process, chosen, actor)
    if conditions is None:
        return Input.objects.none()
    inputs = visible(_of_process(process, by_index=False))
    for condition in conditions:
        inputs = inputs.filter(condition.as_filter(by_index=False))
    return _filter_rest(inputs, chosen, now, by_due=False).order_by("pk")


def count_matching(visible: Visible, process: Process, chosen: QueueFilter, *, actor: Actor) -> int:
    """How many inputs a filter is about, exactly: for a job, since that may have to read them all."""
    return select_by_id(visible, process, chosen, actor=actor, now=timezone.now()).order_by().count()


def _of_process(process: Process, *, by_index: bool) -> QuerySet[Input]:
    if by_index:
        return Input.objects.filter(process=process)
    return Input.objects.filter(Exact(Residual(F("process_id")), process.pk))


def _filter_rest(
    inputs: QuerySet[Input], chosen: QueueFilter, now: datetime.datetime, *, by_due: bool
) -> QuerySet[Input]:
    if chosen.owner == NOBODYS:
        inputs = inputs.filter(owner__isnull=True)
    if chosen.due:
        due: Combinable = F("due_at") if by_due else Residual(F("due_at"))
        first, last = (None, now) if chosen.due == OVERDUE else (now, now + SOON)
        inputs = inputs.filter(LessThan(due, last)).filter(_STILL_DUE)
        if first is not None:
            inputs = inputs.filter(GreaterThanOrEqual(due, first))
    return inputs


def _conditions(process: Process, chosen: QueueFilter, actor: Actor) -> list[_Condition] | None:
    """What columns have to be; None where nothing can be so."""
    if chosen.misread:
        return None
    inputs = Input.objects.filter(process=process)
    found = [
        _Condition(name, (value,), inputs.filter(**{name: value}), with_process=True)
        for name, value in (("state", chosen.state), ("lang", chosen.lang))
        if value
    ]
    if chosen.owner and chosen.owner != NOBODYS:
        owner = actor.pk if chosen.owner == MINE else User.objects.filter(username=chosen.owner).first()
        pk = owner.pk if isinstance(owner, User) else owner
        if pk is None:
            return None
        found.append(_Condition("owner_id", (pk,), inputs.filter(owner=pk), with_process=True))
    if chosen.late:
        found.append(_Condition("is_late", (True,), inputs.filter(is_late=True), with_process=True))
    if chosen.campaign:
        found.append(_Condition("campaign_id", (chosen.campaign,), inputs.filter(campaign=chosen.campaign)))
    for column, values in (
        ("source_id", _sources(process, chosen)),
        ("document_id", _documents(process, chosen)),
    ):
        if values is None:
            continue
        if not values:
            return None
        counted = InputCount.objects.filter(process=process, **{f"{column}__in": values})
        found.append(_Condition(column, values, counted))
    return found


def _sources(process: Process, chosen: QueueFilter) -> tuple[int, ...] | None:
    if not chosen.channel:
        return None
    return tuple(Source.objects.filter(process=process, channel=chosen.channel).values_list("pk", flat=True))


def _documents(process: Process, chosen: QueueFilter) -> tuple[int, ...] | None:
    if not chosen.document and not chosen.group:
        return None
    documents = Document.objects.filter(iteration__process=process)
    if chosen.document:
        documents = documents.filter(code=chosen.document)
    if chosen.group:
        below = Group.objects.filter(Q(root=process.body) | Q(pk=process.body_id), code=chosen.group)
        documents = documents.filter(chapter__group__path__startswith=below.values("path")[:1])
    return tuple(documents.values_list("pk", flat=True))


def _choose_driving(process: Process, conditions: list[_Condition]) -> _Condition | None:
    """The condition whose index leads to the inputs: the one that leaves fewest; None for the process's own."""
    if len(conditions) > 1 or (conditions and len(conditions[0].values) > 1):
        for condition in conditions:
            condition.count_now()
    driving = min(conditions, key=lambda one: one.count, default=None)
    if driving is not None and len(driving.values) > 1 and driving.count > _MOST_SORTED:
        return None
    return driving


def read_queue(
    inputs: QuerySet[Input],
    process: Process,
    *,
    now: datetime.datetime,
    after: Cursor | None = None,
    folds: bool = True,
    size: int = PAGE,
) -> QueuePage:
    """A page of `select_inputs`, campaigns folded. At most eight queries, and one for each that is hidden."""
    heads = campaign_heads(process, with_proposed=True) if folds else {}
    inputs = fold_campaigns(inputs, heads)
    by_due = inputs.query.order_by[:1] == ("due_at",)
    if after is not None:
        inputs = _after(inputs, after, by_due=by_due)
    found = list(inputs.select_related("owner")[: size + 1])
    more = None
    if len(found) > size:
        last = found[size - 1]
        more = Cursor(last.due_at if by_due and last.due_at else last.at, last.pk)
    return QueuePage(describe_queue(found[:size], process, heads, now=now), more)


def _after(inputs: QuerySet[Input], after: Cursor, *, by_due: bool) -> QuerySet[Input]:
    if by_due:
        return inputs.filter(Q(due_at__gt=after.at) | Q(due_at=after.at, pk__gt=after.pk), due_at__gte=after.at)
    return before_cursor(inputs, after)


_NOTES: Final = FrozenQuery(
    lambda pks: InputNote.objects.filter(input__in=pks).order_by().values_list("input").annotate(count=Count("pk")),
    lists=("pks",),
)


def describe_queue(
    found: list[Input], process: Process, heads: dict[int, int], *, now: datetime.datetime
) -> tuple[QueueRow, ...]:
    """What the queue shows of inputs whose owner is at hand. At most six queries."""
    notes = dict(_NOTES.rows(pks=[said.pk for said in found]))
    standing_for = {said.pk: said.campaign_id for said in found if heads.get(said.campaign_id or 0) == said.pk}
    campaigns = campaigns_of(process, [pk for pk in standing_for.values() if pk])
    state_names = {state: str(name) for state, name in InputState.choices}
    return tuple(
        QueueRow(
            row,
            turn_of(said, now, names_owner=True),
            state_names[said.state],
            said.owner.name if said.owner else "",
            said.waiting_on or "",
            said.due_at,
            notes.get(said.pk, 0),
            campaigns.get(standing_for.get(said.pk) or 0),
        )
        for said, row in zip(found, describe_inputs(found, sees_speakers=True), strict=True)
    )


def read_picks(visible: QuerySet[Input], picks: Iterable[str]) -> QuerySet[Input]:
    """The inputs that a form chose, see `QueueRow.pick`; what is no choice is left out."""
    inputs = [int(pick) for pick in picks if pick.isascii() and pick.isdigit() and len(pick) < 19]
    campaigns = [int(pick[1:]) for pick in picks if pick.startswith("c") and pick[1:].isdigit() and len(pick) < 19]
    return visible.filter(Q(pk__in=inputs) | Q(campaign__in=campaigns)) if campaigns else visible.filter(pk__in=inputs)


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """What the filter offers: those who work with the input, languages and texts that inputs are in and about."""

    people: tuple[User, ...]
    langs: tuple[str, ...]
    documents: tuple[str, ...]
    groups: tuple[Group, ...]


_LANGS: Final = FrozenQuery(
    lambda process: (
        LanguageCount.objects.filter(process=process, inputs__gt=0)
        .exclude(lang="")
        .order_by("lang")
        .values_list("lang")
        .distinct()
    )
)
# A look at each text for one count that is not none: there are many counts of each.
_CODES: Final = FrozenQuery(
    lambda process: (
        Document.objects.filter(iteration__process=process)
        .filter(Exists(InputCount.objects.filter(document=OuterRef("pk"), inputs__gt=0)))
        .order_by("code")
        .values_list("code")
        .distinct()
    )
)


_GROUPS: Final = FrozenQuery(
    lambda root: groups_below(Group(pk=root)).filter(chapters__isnull=False).distinct().order_by("code")
)


def queue_choices(process: Process, people: QuerySet[User]) -> QueueChoices:
    """What the filter of a process's queue offers. Four queries."""
    return QueueChoices(
        tuple(people),
        tuple(lang for (lang,) in _LANGS.rows(process=process.pk)),
        tuple(code for (code,) in _CODES.rows(process=process.pk)),
        tuple(_GROUPS.objects(root=process.body_id)),
    )


@dataclass(frozen=True, slots=True)
class OpenedInput:
    """An input opened beside the queue: what it says, how it stands, the notes of those who work with it.

    `told` is what its speaker chose to tell of themselves.
    """

    row: QueueRow
    notes: tuple[InputNote, ...]
    told: tuple[ContextRow, ...]
    owner_id: int | None


def open_input(visible: QuerySet[Input], process: Process, pk: int, *, now: datetime.datetime) -> OpenedInput | None:
    """One of the `visible` inputs of the process. At most ten queries."""
    said = visible.filter(pk=pk).select_related("owner").first()
    if said is None:
        return None
    [row] = describe_queue([said], process, {}, now=now)
    told = contexts_of([said.pk]).get(said.pk, ())
    return OpenedInput(row, tuple(InputNote.objects.filter(input=said)), told, said.owner_id)
