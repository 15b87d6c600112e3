"""Lists of inputs by what they are about, their language, channel and stance, and by words; and how many there are.

A list is a walk along one index, from the newest on, until a page is full. Databases that keep no statistics cannot
know which index that should be, so it is chosen here: the conditions that are most likely rare lead, the others are
asked of each row (`_asked_of_each`). Where several documents or sources lead, each one's newest are looked up and put
in order (`_newest_of_each`), which costs as much for ten inputs of each as for ten thousand. Where a facet of a later
room leads (`harken.inputs.facets`), the walk goes along that room's own rows, and each input is asked for the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from harken.core.text.words import QueryTerm, query_terms
from harken.documents.models import Document, Passage
from harken.inputs.facets import find_facet
from harken.inputs.models import Input, InputCount, LanguageCount, Source
from harken.inputs.queries.counting import ask_how_many
from harken.inputs.queries.ledger import PAGE, Cursor, InputPage, InputRow, before_cursor, describe_rows, make_page
from harken.inputs.words import INPUT_WORDS
from harken.processes.models import Process

MOST_COUNTED: Final = 1_000
"""So many are counted where no number is kept; beyond, there are "more than" that."""

# SQLite takes 500 parts of one compound statement (https://www.sqlite.org/limits.html).
_MOST_PARTS: Final = 400
# Stands for the document or source while the SQL of one part is made; no id comes near it.
_MARK: Final = 2_147_483_621


@dataclass(frozen=True, slots=True)
class InputFilter:
    """Which inputs a list shows. None, or "", asks for nothing; ids that are empty are answered by no input.

    `facets` are names of what later rooms let lists be narrowed to, each with the id of a value (0: no input has it).
    `query` is words that all have to be there, in any inflection of `languages`.
    """

    documents: tuple[int, ...] | None = None
    passage: int | None = None
    sources: tuple[int, ...] | None = None
    lang: str | None = None
    stance: str = ""
    campaign: int | None = None
    is_late: bool = False
    facets: tuple[tuple[str, int], ...] = ()
    query: str = ""
    languages: tuple[str, ...] = ()

    @property
    def terms(self) -> list[QueryTerm]:
        """The words asked for."""
        return query_terms(self.query, self.languages)

    @property
    def is_kept(self) -> bool:
        """Whether the number of these is kept, so that none has to be counted."""
        return self == replace(InputFilter(), documents=self.documents, sources=self.sources, languages=self.languages)


@dataclass(frozen=True, slots=True)
class InputTotal:
    """How many inputs there are, or that there are more than `number`."""

    number: int
    is_more: bool = False


def find_inputs(
    inputs: QuerySet[Input],
    wanted: InputFilter,
    *,
    sees_speakers: bool = False,
    reader: int | None = None,
    after: Cursor | None = None,
    size: int = PAGE,
) -> InputPage:
    """A page of those of `inputs` that are wanted, said last in front. At most six queries.

    Where words are asked for, those recorded last stand in front; of `after` the id alone counts then.
    """
    if wanted.query:
        below = after.pk if after else None
        pks = INPUT_WORDS.find(wanted.terms, _narrow(inputs, wanted), below=below, limit=size + 1)
    else:
        pks = _walk(inputs, wanted, after, size + 1)
    return make_page(pks, size, sees_speakers=sees_speakers, reader=reader)


def _walk(inputs: QuerySet[Input], wanted: InputFilter, after: Cursor | None, size: int) -> list[int]:
    if _facet_leads(wanted):
        rows = _rows_of_facet(inputs, wanted)
        if after is not None:
            rows = rows.filter(Q(at__lt=after.at) | Q(at=after.at, input__lt=after.pk), at__lte=after.at)
        return list(rows.order_by("-at", "-input_id").values_list("input_id", flat=True)[:size])
    several = wanted.documents if wanted.passage is None else None
    field = "document"
    if several is None and wanted.passage is None and wanted.campaign is None and not wanted.stance:
        several, field = wanted.sources, "source"
    if several is None or len(several) < 2 or len(several) > _MOST_PARTS:
        return [pk for (pk,) in ask_newest(inputs, wanted, after, size)]
    rest = replace(wanted, documents=None) if field == "document" else replace(wanted, sources=None)
    return _newest_of_each(_narrow(inputs, rest, leads=field), field, several, after, size)


def _facet_leads(wanted: InputFilter) -> bool:
    """Whether nothing that is most likely rarer is asked for."""
    rarer = (wanted.passage, wanted.documents, wanted.campaign)
    return bool(wanted.facets) and all(one is None for one in rarer) and not wanted.query


def _rows_of_facet(inputs: QuerySet[Input], wanted: InputFilter) -> QuerySet[Any]:
    """The rows of the first facet whose inputs are wanted. Only their own index can lead: an input is one lookup."""
    (name, pk), *others = wanted.facets
    rest = _narrow(inputs, replace(wanted, facets=tuple(others)), leads=name)
    return _having(find_facet(name).rows(pk), rest.filter(pk=OuterRef("input_id")))


def _having(rows: QuerySet[Any], other: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` for which there is one of `other`, asked of each row.

    PostgreSQL makes a join of EXISTS, which it then begins at the end that it takes for the shorter one, and it cannot
    know how many inputs a condition leaves that no index answers.
    """
    having: QuerySet[Any] = rows.alias(having=Subquery(other.order_by().values("pk")[:1]))
    return having.filter(having__isnull=False)


def _asked_of_facets(inputs: QuerySet[Input], wanted: InputFilter) -> QuerySet[Input]:
    """Those of `inputs` that later rooms know under the values asked for: one lookup for each."""
    for name, pk in wanted.facets:
        inputs = _having(inputs, find_facet(name).rows(pk).filter(input=OuterRef("pk")))
    return inputs


def ask_newest(inputs: QuerySet[Input], wanted: InputFilter, after: Cursor | None, size: int) -> QuerySet[Any, Any]:
    """The ids of those of `inputs` that are wanted, the newest in front; for one document and one source at most."""
    return before_cursor(_narrow(inputs, wanted), after).order_by("-at", "-pk").values_list("pk")[:size]


def ask_wanted(process: int, inputs: QuerySet[Input], wanted: InputFilter) -> QuerySet[Any, Any]:
    """How many of `inputs` are wanted, as far as that is counted: a row with a number."""
    return ask_how_many(process, [_narrow(inputs, wanted)], MOST_COUNTED)


def _narrow(inputs: QuerySet[Input], wanted: InputFilter, leads: str = "") -> QuerySet[Input]:
    """Those of `inputs` that are wanted, apart from the words; `leads` is a column that will be asked for besides."""
    conditions: list[tuple[str, Any]] = []
    if wanted.passage is not None:
        conditions.append(("passage", wanted.passage))
    if wanted.documents is not None:
        conditions.append(("document", wanted.documents))
    if wanted.campaign is not None:
        conditions.append(("campaign", wanted.campaign))
    if wanted.stance:
        conditions.append(("stance", wanted.stance))
    if wanted.sources is not None:
        conditions.append(("source", wanted.sources))
    if wanted.lang is not None:
        conditions.append(("lang", wanted.lang))
    if wanted.is_late:
        inputs = inputs.filter(is_late=True)
    inputs = _asked_of_facets(inputs, wanted)
    for place, (column, value) in enumerate(conditions):
        if place or leads:
            inputs = _asked_of_each(inputs, column, value)
        elif not isinstance(value, tuple):
            inputs = inputs.filter(**{column: value})
        elif len(value) == 1:
            inputs = inputs.filter(**{column: value[0]})
        else:
            inputs = inputs.filter(**{f"{column}__in": value})
    return inputs


def _asked_of_each(inputs: QuerySet[Input], column: str, value: Any) -> QuerySet[Input]:
    """A condition in a form that no index answers, so that it leads nowhere."""
    nothing: Any = "" if isinstance(value, str) else 0
    name = f"own_{column}"
    field = column if isinstance(value, str) else f"{column}_id"
    same = f"{name}__in" if isinstance(value, tuple) else name
    return inputs.alias(**{name: Coalesce(field, Value(nothing))}).filter(**{same: value})


def _newest_of_each(
    inputs: QuerySet[Input], field: str, keys: Sequence[int], after: Cursor | None, size: int
) -> list[int]:
    """The ids of the newest `inputs` whose `field` is one of `keys`. One query."""
    part = before_cursor(inputs.filter(**{field: _MARK}), after).order_by("-at", "-pk").values_list("pk", "at")[:size]
    try:
        sql, parameters = part.query.sql_with_params()
    except EmptyResultSet:
        return []
    whole = " UNION ALL ".join([f"SELECT * FROM ({sql}) AS part"] * len(keys))  # noqa: S608 - SQL that Django made
    values = [key if value == _MARK else value for key in keys for value in parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"{whole} ORDER BY 2 DESC, 1 DESC LIMIT %s", [*values, size])
        return [row[0] for row in cursor.fetchall()]


def count_wanted(
    process: Process, inputs: QuerySet[Input], wanted: InputFilter, *, sources: QuerySet[Source], everything: bool
) -> InputTotal:
    """How many of `inputs` are wanted. Two queries where numbers are kept, else one.

    `inputs` are those the visitor may read, of sources that are among `sources`; `everything` says that these are all
    there are, also what cannot be read now.
    """
    if not wanted.is_kept:
        if wanted.query:
            number = len(INPUT_WORDS.find(wanted.terms, _narrow(inputs, wanted), below=None, limit=MOST_COUNTED + 1))
        elif _facet_leads(wanted):
            number = _rows_of_facet(inputs, wanted).order_by()[: MOST_COUNTED + 1].count()
        else:
            number = _narrow(inputs, wanted).order_by()[: MOST_COUNTED + 1].count()
        return InputTotal(min(number, MOST_COUNTED), is_more=number > MOST_COUNTED)
    kept, standing = ask_kept(process.pk, wanted, sources)
    number = sum(row[0] for row in kept)
    if not everything:
        number -= sum(row[0] for row in standing)
    return InputTotal(max(0, number))


def ask_kept(
    process: int, wanted: InputFilter, sources: QuerySet[Source]
) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """How many inputs of `sources` are wanted, as it is kept, and how many of them cannot be read: no row for none."""
    about = Q(process=process, source__in=sources.values("pk"))
    if wanted.documents is not None:
        about &= Q(document__in=wanted.documents)
    if wanted.sources is not None:
        about &= Q(source__in=wanted.sources)
    of_process = InputCount.objects.filter(about).order_by().values("process")
    standing = Input.objects.filter(about, standing__isnull=False).order_by().values("process")
    return (
        of_process.annotate(sum=Sum("inputs")).values_list("sum"),
        standing.annotate(number=Count("pk")).values_list("number"),
    )


def sources_of(sources: QuerySet[Source], *, channel: str = "", group: str = "") -> tuple[int, ...]:
    """The ids of those `sources` from which something came by the channel, for the group. One query.

    A group of the tree goes by its code, another one by its name.
    """
    heard = InputCount.objects.filter(inputs__gt=0).values("source")
    if channel:
        sources = sources.filter(channel=channel)
    if group:
        sources = sources.filter(Q(group__code=group) | Q(group__isnull=True, group_name=group))
    return tuple(sources.filter(pk__in=heard).order_by("pk").values_list("pk", flat=True))


def channels_heard(process: Process, sources: QuerySet[Source]) -> list[tuple[str, int]]:
    """The channels by which something came, and how many inputs by each, most in front. One query."""
    counts = InputCount.objects.filter(process=process, source__in=sources.values("pk"))
    rows = counts.values_list("source__channel").annotate(sum=Sum("inputs")).order_by("-sum", "source__channel")
    return [(channel, number) for channel, number in rows if number > 0]


def languages_heard(process: Process, sources: QuerySet[Source]) -> list[tuple[str, int]]:
    """The languages in which something was said, and how many inputs in each, most in front. One query.

    "" stands for those whose language nobody knows. What was not prepared yet is not among them.
    """
    return [(lang, number) for lang, number in _ask_languages(process.pk, sources) if number > 0]


def _ask_languages(process: int, sources: QuerySet[Source]) -> QuerySet[Any, Any]:
    counts = LanguageCount.objects.filter(process=process, source__in=sources.values("pk"))
    return counts.values_list("lang").annotate(sum=Sum("inputs")).order_by("-sum", "lang")


@dataclass(frozen=True, slots=True)
class HeardDocument:
    """A document that something was said about, with its place and its group."""

    pk: int
    code: str
    title: str
    lang: str
    iteration: str
    iteration_title: str
    group: str
    group_name: str


@dataclass(frozen=True, slots=True)
class ListChoices:
    """What a list can be narrowed to: what something was said about, in which languages, by which channels, for whom.

    `speaking` are the groups that spoke: the code of one of the tree, or the name of another, and the name.
    """

    documents: tuple[HeardDocument, ...]
    languages: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    speaking: tuple[tuple[str, str], ...]

    def documents_at(self, place: str) -> tuple[int, ...]:
        """The ids of the document at `iteration/code`, or of all with that code."""
        iteration, slash, code = place.rpartition("/")
        return tuple(one.pk for one in self.documents if one.code == code and (not slash or one.iteration == iteration))

    def documents_of(self, group: str) -> tuple[int, ...]:
        """The ids of a group's documents."""
        return tuple(one.pk for one in self.documents if one.group == group)


_HEARD_FIELDS: Final = (
    *("pk", "code", "title", "lang", "iteration__slug", "iteration__title", "chapter__group__code"),
    "chapter__group__name",
)


def list_choices(process: Process, documents: QuerySet[Document], sources: QuerySet[Source]) -> ListChoices:
    """What lists of a process can be narrowed to, of what the visitor may see. Three queries."""
    return read_choices(*ask_choices(process.pk, documents, lambda: sources))


def ask_choices(
    process: int, documents: QuerySet[Document], sources: Callable[[], QuerySet[Source]]
) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any], QuerySet[Any, Any]]:
    """What `read_choices` reads."""
    heard = InputCount.objects.filter(process=process, inputs__gt=0, document__isnull=False).values("document")
    rows = documents.filter(pk__in=heard).order_by("-iteration__number", "chapter__position", "position", "pk")
    counts = InputCount.objects.filter(process=process, source__in=sources().values("pk"))
    ways = ("source__channel", "source__group__code", "source__group__name", "source__group_name")
    return (
        rows.values_list(*_HEARD_FIELDS),
        _ask_languages(process, sources()),
        counts.order_by().values_list(*ways).annotate(sum=Sum("inputs")),
    )


def read_choices(
    documents: Iterable[tuple[Any, ...]], languages: Iterable[tuple[Any, ...]], ways: Iterable[tuple[Any, ...]]
) -> ListChoices:
    """What lists can be narrowed to, from the rows of `ask_choices`.

    Channels and languages have those in front by and in which most was said, groups are in the order of their names.
    """
    channels: Counter[str] = Counter()
    groups: dict[str, str] = {}
    for channel, code, name, other, number in ways:
        if number > 0:
            channels[channel] += number
            if key := code or other:
                groups[key] = name or other
    return ListChoices(
        tuple(HeardDocument(*row) for row in documents),
        tuple((lang, number) for lang, number in languages if number > 0),
        tuple(sorted(channels.items(), key=lambda one: (-one[1], one[0]))),
        tuple(sorted(groups.items(), key=lambda one: one[1].casefold())),
    )


def find_passage(documents: QuerySet[Document], public_id: str) -> tuple[int, int] | None:
    """The ids of a passage of one of the documents and of that document. One query."""
    found = Passage.objects.filter(public_id=public_id, document__in=documents.values("pk"))
    return found.values_list("pk", "document_id").first()


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a conversation; `earlier` and `later` are the keys after which the pages beside it begin, if any."""

    rows: tuple[InputRow, ...]
    earlier: str | None
    later: str | None


def thread_page(
    inputs: QuerySet[Input],
    said: Input,
    *,
    sees_speakers: bool = False,
    reader: int | None = None,
    after: str | None = None,
    size: int = 200,
) -> ThreadPage:
    """The page of a conversation that begins after a key, or without one the page that `said` stands on.

    At most seven queries, however long the conversation is.
    """
    thread = inputs.filter(thread=said.thread_id)
    if after is None:
        before = thread.filter(order_key__lt=said.order_key).order_by("-order_key").values_list("order_key", flat=True)
        keys = list(before[: size * 3 // 4])
        # So far down, some of what came before stays in sight.
        after = keys[size // 4] if len(keys) == size * 3 // 4 else ""
    found = thread.filter(order_key__gt=after).order_by("order_key").values_list("pk", "order_key")
    rows = list(found[: size + 1])
    earlier = None
    if after:
        keys = list(
            thread.filter(order_key__lte=after)
            .order_by("-order_key")
            .values_list("order_key", flat=True)[size : size + 1]
        )
        earlier = keys[0] if keys else ""
    later = rows[size - 1][1] if len(rows) > size else None
    shown = describe_rows([pk for pk, _key in rows[:size]], sees_speakers=sees_speakers, reader=reader)
    return ThreadPage(shown, earlier, later)
