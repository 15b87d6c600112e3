"""Campaigns: as rows of their page, and folded in lists."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.expressions import OuterRef
from django.db.models.functions import Coalesce

from harken.base.frozen_query import FrozenQuery
from harken.inputs.models import Campaign, Consent, Input
from harken.processes.models import Process

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a campaign's words: shared by its inputs, or (`is_gap`) where each says something else."""

    text: str
    is_gap: bool


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as a list shows it; `is_confirmed` is None while no person has said what it is."""

    pk: int
    title: str
    lang: str
    size: int
    pattern: tuple[Piece, ...]
    is_confirmed: bool | None
    created_at: datetime.datetime


def read_pattern(pattern: list[str | None]) -> tuple[Piece, ...]:
    """A campaign's pattern as it is kept, texts with None for each gap, in pieces."""
    return tuple(Piece(text or "", text is None) for text in pattern)


def describe_campaign(campaign: Campaign) -> CampaignRow:
    """A campaign as a list shows it. Reads nothing."""
    return CampaignRow(
        campaign.pk,
        campaign.title,
        campaign.lang,
        campaign.size,
        read_pattern(campaign.pattern),
        campaign.is_confirmed,
        campaign.created_at,
    )


def list_campaigns(
    process: Process, *, is_confirmed: bool | None, before: int | None = None
) -> tuple[list[CampaignRow], int | None]:
    """Campaigns of a process, the newest first, and where the next page goes on. One query."""
    found = Campaign.objects.filter(process=process)
    found = found.filter(is_confirmed=is_confirmed) if is_confirmed is not None else found.filter(is_confirmed=None)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = [describe_campaign(campaign) for campaign in found.order_by("-pk")[: PAGE + 1]]
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def _ask_for_heads(process: int, *, with_proposed: bool) -> QuerySet[Any, Any]:
    folded = Campaign.objects.filter(process=process, size__gt=1)
    folded = folded.exclude(is_confirmed=False) if with_proposed else folded.filter(is_confirmed=True)
    of_it = Input.objects.filter(campaign=OuterRef("pk")).order_by("at", "pk").values("pk")
    readable = of_it.filter(standing__isnull=True).exclude(source__consent=Consent.CLOSED)
    head = Coalesce(Subquery(readable[:1]), Subquery(of_it[:1]))
    return folded.annotate(head=head).filter(head__isnull=False).values_list("pk", "head")


_HEADS: Final = FrozenQuery(lambda process: _ask_for_heads(process, with_proposed=False))
_HEADS_WITH_PROPOSED: Final = FrozenQuery(lambda process: _ask_for_heads(process, with_proposed=True))


def campaign_heads(process: Process, *, with_proposed: bool) -> dict[int, int]:
    """For each campaign the input that stands for it where it is folded: the first one that can be read. One query.

    What a machine proposes is folded only for those who work with the input (`with_proposed`).
    """
    asked = _HEADS_WITH_PROPOSED if with_proposed else _HEADS
    return dict(asked.rows(process=process.pk))


def fold_campaigns(inputs: QuerySet[Input], heads: dict[int, int]) -> QuerySet[Input]:
    """The inputs without those of the campaigns in `heads`, except the one that stands for each."""
    if not heads:
        return inputs
    return inputs.filter(Q(campaign__isnull=True) | ~Q(campaign__in=list(heads)) | Q(pk__in=list(heads.values())))


_CAMPAIGNS: Final = FrozenQuery(
    lambda process, pks: Campaign.objects.filter(process=process, pk__in=pks).order_by(), lists=("pks",)
)


def campaigns_of(process: Process, pks: list[int]) -> dict[int, CampaignRow]:
    """Campaigns by their id. One query, none where there are no ids."""
    return {row.pk: describe_campaign(row) for row in _CAMPAIGNS.objects(process=process.pk, pks=pks)}


def count_campaigns(process: Process) -> dict[str, int]:
    """How many campaigns are proposed, confirmed and rejected. One query."""
    found = Campaign.objects.filter(process=process)
    return found.aggregate(
        proposed=Count("pk", filter=Q(is_confirmed__isnull=True)),
        confirmed=Count("pk", filter=Q(is_confirmed=True)),
        rejected=Count("pk", filter=Q(is_confirmed=False)),
    )
