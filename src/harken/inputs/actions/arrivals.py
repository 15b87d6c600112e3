"""What arrives by the form: taken at once, held for a moderator, or too much at a time."""

import datetime
import enum
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harken.base.actions import Actor, record_event
from harken.inputs.actions.recording import Said
from harken.inputs.links import find_hidden_links, find_links, find_refused_hosts
from harken.inputs.models import Arrival, Input, InputRules, Moderation, Standing
from harken.inputs.permissions import may_moderate
from harken.inputs.queries.moderation import HELD_VERB
from harken.inputs.queries.rules import rules_of
from harken.processes.models import Process

FLOOD: Final = 20
"""From so many times the number that a process allows a network in an hour, nothing more is taken from it."""

MOST_OF_ONE_FORM: Final = 20
"""So often one sent form may arrive again within an hour."""

KEPT: Final = datetime.timedelta(days=1)
"""So long is it known that something arrived from a network."""

_HOUR: Final = datetime.timedelta(hours=1)
# Networks as they are given out to one place: https://www.rfc-editor.org/rfc/rfc6177 for IPv6.
_PREFIXES: Final = {4: 24, 6: 48}


class TooMany(Exception):
    """More arrived from one network, or of one form, than anybody types."""


class Cause(enum.StrEnum):
    """Why something was held."""

    RULE = "rule"
    LINKS = "links"
    HOST = "host"
    HIDDEN_LINK = "hidden link"
    MANY = "many"
    TRAP = "trap"
    CONSENT = "consent"


CAUSES: Final[dict[Cause, str | Promise]] = {
    Cause.RULE: gettext_lazy("Here moderators look at everything before it can be read."),
    Cause.LINKS: gettext_lazy("It has more links than this process allows."),
    Cause.HOST: gettext_lazy("It names an address that must not be linked to here."),
    Cause.HIDDEN_LINK: gettext_lazy("A link leads to another place than it says."),
    Cause.MANY: gettext_lazy("Much came from the same network within an hour."),
    Cause.TRAP: gettext_lazy("The form was filled in as a machine does it."),
    Cause.CONSENT: gettext_lazy("Its speaker agreed to more people reading it before than now."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the machine held an input, and what it saw."""

    cause: Cause
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of something that arrived: None or `Standing.HELD`, and why."""

    standing: Standing | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def detail(self) -> dict[str, Any]:
        """The reasons as an audit event of `HELD_VERB` keeps them; `read_reasons` reads them."""
        return {"reasons": [{"cause": reason.cause.value, "seen": reason.seen} for reason in self.reasons]}


def network_of(address: str, day: datetime.date | None = None) -> str:
    """The network an address lies in (IPv4 /24, IPv6 /48), as a keyed hash that is another one each day (UTC).

    Whoever sees the hashes cannot tell the address, nor whether the same network came yesterday. Something that is no
    address is a network of its own.
    """
    day = day or timezone.now().astimezone(datetime.UTC).date()
    return _hash_network(address, day)


@lru_cache(maxsize=1024)
def _hash_network(address: str, day: datetime.date) -> str:
    try:
        parsed: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        prefix = "unknown"
    else:
        if isinstance(parsed, ipaddress.IPv6Address):
            parsed = parsed.ipv4_mapped or ipaddress.IPv6Address(int(parsed))
        prefix = str(ipaddress.ip_network((parsed, _PREFIXES[parsed.version]), strict=False))
    return salted_hmac("harken.inputs.network", f"{day.isoformat()} {prefix}", algorithm="sha256").hexdigest()[:32]


def judge_arrival(
    process: Process,
    rules: InputRules,
    said: Said,
    network: str,
    now: datetime.datetime,
    *,
    actor: Actor | None = None,
    token: str = "",
    is_trapped: bool = False,
) -> Verdict:
    """What becomes of something that arrived by the form. One query, none where the process sets no limit.

    `is_trapped` says that the form's own traps caught a machine. What a moderator of the process says is not held.
    Nothing is refused for its words: caution means that a moderator looks first. Raises `TooMany`.
    """
    arrived, of_form = _count_arrivals(process, rules, network, now, token)
    if (rules.posts_per_hour and arrived >= rules.posts_per_hour * FLOOD) or of_form >= MOST_OF_ONE_FORM:
        raise TooMany(
            _("Too much arrived from your network within an hour. Keep what you wrote and send it again later.")
        )
    if actor is not None and actor.is_authenticated and may_moderate(actor, process):
        return Verdict()
    reasons = [Reason(Cause.RULE)] if rules.moderation == Moderation.BEFORE else []
    if rules.posts_per_hour and arrived >= rules.posts_per_hour:
        reasons.append(Reason(Cause.MANY, str(arrived + 1)))
    if is_trapped:
        reasons.append(Reason(Cause.TRAP))
    reasons += _judge_links(rules, said)
    return Verdict(Standing.HELD, tuple(reasons)) if reasons else Verdict()


def comes_with_many(process: Process, network: str, now: datetime.datetime, *, actor: Actor) -> bool:
    """Whether something that is there already, and counted, is more than the process takes from a network at once."""
    rules = rules_of(process)
    arrived, _of_form = _count_arrivals(process, rules, network, now, "")
    return bool(rules.posts_per_hour) and arrived > rules.posts_per_hour and not may_moderate(actor, process)


def admit_arrival(process: Process, network: str, now: datetime.datetime) -> None:
    """Take note of something that is no input and arrived from a network. Raises `TooMany`."""
    judge_arrival(process, rules_of(process), Said(""), network, now)
    Arrival.objects.create(process=process, network=network, token="", at=now)


def _count_arrivals(
    process: Process, rules: InputRules, network: str, now: datetime.datetime, token: str
) -> tuple[int, int]:
    """How many arrived from the network within the hour, as far as it matters, and how many of these of this form."""
    if not rules.posts_per_hour:
        return 0, 0
    recent = Arrival.objects.filter(network=network, at__gt=now - _HOUR, process=process)
    newest = recent.order_by("-at")[: rules.posts_per_hour * FLOOD]
    counted = newest.aggregate(all=Count("pk"), of_form=Count("pk", filter=Q(token=token)))
    return counted["all"], counted["of_form"] if token else 0


def _judge_links(rules: InputRules, said: Said) -> list[Reason]:
    words = "\n".join([said.heading, said.text, *(response for _question, response in said.responses)])
    reasons = []
    links = find_links(words)
    if len(links) > rules.most_links:
        reasons.append(Reason(Cause.LINKS, str(len(links))))
    if refused := find_refused_hosts(words, rules.refused_hosts):
        reasons.append(Reason(Cause.HOST, ", ".join(refused)))
    if hidden := find_hidden_links(words):
        reasons.append(Reason(Cause.HIDDEN_LINK, hidden[0][:200]))
    return reasons


def carry_out_verdict(*, actor: Actor, recorded: Input, verdict: Verdict, origin: str = "form") -> None:
    """Keep an input just recorded from being read, and write down why; part of the transaction that recorded it."""
    if verdict.standing is None:
        return
    recorded.standing = verdict.standing
    recorded.save(update_fields=["standing"])
    record_event(actor=actor, verb=HELD_VERB, subject=recorded, detail=verdict.detail, origin=origin)


def read_reasons(detail: dict[str, Any]) -> tuple[Reason, ...]:
    """The reasons that an audit event of `HELD_VERB` tells; what this version does not know is left out."""
    known = {cause.value for cause in Cause}
    said: Sequence[dict[str, str]] = detail.get("reasons", ())
    return tuple(Reason(Cause(one["cause"]), one.get("seen", "")) for one in said if one.get("cause") in known)


def forget_arrivals() -> int:
    """Forget what arrived more than a day ago: the limits look back an hour. How many traces that were."""
    gone, _each = Arrival.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
