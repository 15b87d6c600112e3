"""What people say of campaigns, which the machine puts together (`harken.inputs.actions.grouping`)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.inputs.models import Campaign, Input
from harken.inputs.permissions import may_moderate
from harken.processes.actions import mark_changed
from harken.processes.models import Process


class NoCampaign(Exception):
    """The campaign has no inputs, or is another process's."""


@transaction.atomic
def judge_campaign(
    *, actor: Actor, process: Process, campaign: Campaign, is_confirmed: bool, title: str = "", origin: str = ""
) -> Campaign:
    """Say whether inputs that were put together are a campaign; nothing is deleted, whatever is said.

    A confirmed one is shown folded, with its number; what is none is shown one by one. Can be said anew.
    Raises `NoCampaign`.
    """
    require(may_moderate(actor, process))
    held = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk, process=process).first()
    if held is None:
        raise NoCampaign(_("This campaign does not belong to this process."))
    held.is_confirmed = is_confirmed
    held.title = title.strip()[:200] or held.title
    held.save(update_fields=["is_confirmed", "title"])
    detail: dict[str, Any] = {"is_confirmed": is_confirmed, "size": held.size}
    record_event(actor=actor, verb="judged campaign", subject=held, detail=detail, origin=origin)
    mark_changed(process)
    return held


@transaction.atomic
def leave_campaign(*, actor: Actor, process: Process, inputs: Iterable[int], origin: str = "") -> int:
    """Take inputs out of their campaigns: they say something of their own. How many there were."""
    require(may_moderate(actor, process))
    members = Input.objects.filter(process=process, pk__in=list(inputs), campaign__isnull=False)
    left = list(members.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for campaign, count in Counter(said.campaign_id for said in left if said.campaign_id).items():
        Campaign.objects.filter(pk=campaign).update(size=F("size") - count)
    Input.objects.filter(pk__in=[said.pk for said in left]).update(campaign=None)
    if left:
        detail = {"inputs": [said.pk for said in left]}
        record_event(actor=actor, verb="took inputs out of campaigns", subject=process, detail=detail, origin=origin)
        mark_changed(process)
    return len(left)
