"""Where what was said came from: the sources of a process, their terms, and for whom they speak."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Count, Q, QuerySet, Sum

from harken.base.fetch import is_address
from harken.documents.models import Document
from harken.inputs.models import Channel, Consent, Input, InputCount, Source
from harken.inputs.queries.ledger import hide_addresses
from harken.inputs.storable import keep_storable
from harken.people.models import Group
from harken.processes.models import Process

PAGE: Final = 50
MOST_PEOPLE: Final = 1_000_000_000
"""So many a source may speak for: no body is larger, and every database counts that far."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where something came from and on what terms, as a page shows it to one visitor.

    `address` is what can be shown of it, `is_link` whether that leads anywhere safe. `group` is the code of a group of
    the tree, `group_name` its name or that of a body outside. Language, who collected it and when are only told of what
    somebody brought: on this site people speak for themselves.
    """

    pk: int
    title: str
    channel: str
    lang: str
    consent: str
    licence: str
    address: str
    is_link: bool
    group: str
    group_name: str
    group_lang: str
    headcount: int | None
    collected_by: str
    collected_at: datetime.datetime | None
    key: str

    @property
    def channel_name(self) -> str:
        """The channel in the interface's language."""
        return str(Channel(self.channel).label)

    @property
    def consent_name(self) -> str:
        """What those who spoke agreed to, in the interface's language."""
        return str(Consent(self.consent).label)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Sources, the newest in front, each with how many inputs came from it; `next` is where older ones go on."""

    rows: tuple[tuple[SourceRow, int], ...]
    next: int | None


RELATED: Final = ("group", "collected_by")
"""What `describe_source` asks of a source besides itself."""


def describe_source(source: Source, *, sees_terms: bool) -> SourceRow:
    """The terms of a source whose `RELATED` are at hand; `sees_terms` is for those who may see all of them.

    A mailbox's address can be somebody's own, and where people agreed to be read without their names the original may
    show them: such addresses are for those who work with the input. No query.
    """
    group = source.group
    is_link = _is_safe(source.address)
    is_open = source.consent == Consent.PUBLIC and source.channel != Channel.MAIL and is_link
    is_brought = source.channel != Channel.FORM
    collector = source.collected_by.name if source.collected_by else source.collected_by_name
    return SourceRow(
        pk=source.pk,
        title=hide_addresses(source.title),
        channel=source.channel,
        lang=source.lang if is_brought else "",
        consent=source.consent,
        licence=source.licence,
        address=source.address if sees_terms or is_open else "",
        is_link=is_link,
        group=group.code if group else "",
        group_name=group.name if group else source.group_name,
        group_lang=group.lang if group else "",
        headcount=source.headcount,
        collected_by=hide_addresses(collector) if is_brought else "",
        collected_at=source.collected_at if is_brought else None,
        key=source.key if sees_terms and is_brought else "",
    )


def _is_safe(address: str) -> bool:
    """Whether it is a web address that says nothing of who looks at it, such as a name and a password."""
    try:
        return is_address(address) and "@" not in urlsplit(address).netloc and bool(urlsplit(address).hostname)
    except ValueError:
        return False


def list_sources(
    sources: QuerySet[Source],
    *,
    sees_terms: bool,
    documents: QuerySet[Document] | None,
    before: int | None = None,
    size: int = PAGE,
) -> SourcePage:
    """A page of `sources`, those opened last in front. Three queries, two where all inputs count.

    `documents` are those the visitor may see: inputs about others, and what not everybody may read now, are left out of
    the numbers; None counts them all.
    """
    wanted = sources if before is None else sources.filter(pk__lt=before)
    found = list(wanted.select_related(*RELATED).order_by("-pk")[: size + 1])
    numbers = count_by_sources([source.pk for source in found[:size]], documents=documents)
    rows = [(describe_source(source, sees_terms=sees_terms), numbers.get(source.pk, 0)) for source in found[:size]]
    return SourcePage(tuple(rows), found[size - 1].pk if len(found) > size else None)


def count_by_sources(pks: Sequence[int], *, documents: QuerySet[Document] | None) -> dict[int, int]:
    """How many inputs came from each source, see `list_sources`; from the numbers that are kept. One or two queries."""
    about = Q(source__in=pks)
    if documents is not None:
        about &= Q(document__isnull=True) | Q(document__in=documents.values("pk"))
    kept = InputCount.objects.filter(about).values_list("source").annotate(sum=Sum("inputs"))
    numbers = dict(kept.order_by())
    if documents is not None:
        unread = Input.objects.filter(about, standing__isnull=False).values_list("source").annotate(count=Count("pk"))
        for pk, number in unread.order_by():
            numbers[pk] = max(0, numbers.get(pk, 0) - number)
    return numbers


def name_speaking_group(source: Source) -> str:
    """Whom a source speaks for, as forms show it and `find_speaking_group` reads it."""
    return source.group.code if source.group else source.group_name


def find_speaking_group(process: Process, text: str) -> tuple[Group | None, str]:
    """Whom a source speaks for, as somebody writes it: a group of the tree, or the name of a body outside of it.

    A group of the tree goes by its code or its name, in capitals or not; whatever else stands there names a body
    outside. Nothing written is nobody: None and "". At most one query.
    """
    name = keep_storable(text).strip()[:200]
    if not name:
        return None, ""
    body = process.body
    in_tree = Group.objects.filter(Q(root=body) | Q(pk=body.pk))
    found = list(in_tree.filter(Q(code__iexact=name) | Q(name__iexact=name)))
    # As it is written before in other capitals, a code before a name.
    found.sort(key=lambda group: (group.code != name, group.code.casefold() != name.casefold(), group.name != name))
    return (found[0], "") if found else (None, name)
