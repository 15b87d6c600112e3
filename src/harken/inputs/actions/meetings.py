"""Meetings: announced by a liaison, registered for by anybody, reported into the ledger."""

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.documents.models import Document, Passage
from harken.inputs.actions.arrivals import admit_arrival
from harken.inputs.actions.following import Contact, known_correspondent
from harken.inputs.actions.indexing import renew_words
from harken.inputs.actions.languages import set_language
from harken.inputs.actions.notices import tell
from harken.inputs.actions.recording import About, Said, Speaker, hash_said, record_input, write_wording
from harken.inputs.actions.sources import open_source, tell_by_meeting
from harken.inputs.meeting_notices import describe_meeting
from harken.inputs.models import (
    Channel,
    Consent,
    Input,
    Meeting,
    MeetingState,
    NoticeKind,
    Redaction,
    Registration,
    Source,
    SpeakerKind,
    Stance,
    TextKind,
    Wording,
)
from harken.inputs.permissions import (
    may_announce_meeting,
    may_change_meeting,
    may_register,
    may_report_meeting,
)
from harken.inputs.queries.rules import phases_for_input, was_late
from harken.inputs.storable import keep_storable
from harken.people.models import Group
from harken.processes.actions import mark_changed
from harken.processes.models import Process

MOST_POINTS: Final = 500
"""So many points one report may have: a day's meeting has some thirty."""


class NoSuchGroup(Exception):
    """A meeting is somebody's: a group of the tree, or one that is named."""


class NothingReported(Exception):
    """A report has neither points nor a word on how it went."""


class TooManyPoints(Exception):
    """A report has more points than one meeting makes."""


class NotRegistered(Exception):
    """The registration was cancelled already."""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What an announcement says. Moments are aware; `time_zone` is the clock they are shown by."""

    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    lang: str
    time_zone: str
    place: str = ""
    online: str = ""
    description: str = ""
    seats: int | None = None
    takes_registrations: bool = True
    group: Group | None = None
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a discussion: what was said about a text, a passage of it, or the process as a whole.

    `corrects` is the id of the input that an earlier report made of it.
    """

    text: str
    document: Document | None = None
    passage: Passage | None = None
    lang: str = ""
    stance: Stance | None = None
    corrects: int | None = None


@transaction.atomic
def announce_meeting(*, actor: Actor, process: Process, plan: MeetingPlan, origin: str = "") -> Meeting:
    """Announce a meeting. Raises `NoSuchGroup`."""
    require(may_announce_meeting(actor, process))
    _check_group(process, plan)
    now = timezone.now()
    meeting = Meeting.objects.create(
        process=process,
        public_id=secrets.token_hex(5),
        liaison_id=actor.pk if actor.is_authenticated else None,
        liaison_name=name_of(actor),
        created_at=now,
        changed_at=now,
        **_columns(plan),
    )
    record_event(actor=actor, verb="announced meeting", subject=meeting, origin=origin)
    return meeting


@transaction.atomic
def change_meeting(*, actor: Actor, meeting: Meeting, plan: MeetingPlan, origin: str = "") -> Meeting:
    """Announce it anew; those who registered are told, and more seats go to those who wait.

    Where it was reported, its source says the same. Raises `NoSuchGroup`.
    """
    require(may_change_meeting(actor, meeting))
    _check_group(meeting.process, plan)
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("process").get(pk=meeting.pk)
    before = describe_meeting(meeting)
    for name, value in _columns(plan).items():
        setattr(meeting, name, value)
    _touch(meeting)
    meeting.save()
    _seat_those_who_wait(meeting)
    if meeting.source is not None:
        _tell_source(actor, meeting, meeting.source, None, origin)
    if describe_meeting(meeting) != before:
        _tell_everybody(meeting)
    record_event(actor=actor, verb="changed meeting", subject=meeting, origin=origin)
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: Actor, meeting: Meeting, origin: str = "") -> None:
    """Say that it will not take place; its page stays, and those who registered are told."""
    require(may_change_meeting(actor, meeting))
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("process").get(pk=meeting.pk)
    meeting.state = MeetingState.CANCELLED
    _touch(meeting)
    meeting.save(update_fields=["state", "sequence", "changed_at"])
    _tell_everybody(meeting)
    record_event(actor=actor, verb="cancelled meeting", subject=meeting, origin=origin)


def register(
    *,
    actor: Actor,
    meeting: Meeting,
    name: str,
    email: str = "",
    lang: str = "",
    needs: str = "",
    network: str = "",
    origin: str = "",
) -> Registration | None:
    """Register for a meeting, or wait for a seat where all are taken; the same address again is one registration.

    With an address what comes of it, and the link, is sent there, and None is returned, whether it is new or not: who
    types an address in need not be who it belongs to, and learns nothing of them. `network` is as in `give_input`.
    Raises `TooMany`.
    """
    require(may_register(actor, meeting))
    if network:
        admit_arrival(meeting.process, network, timezone.now())
    registration = _register(actor, meeting, name, email, lang, needs, origin)
    return None if email else registration


@transaction.atomic
def _register(
    actor: Actor, meeting: Meeting, name: str, email: str, lang: str, needs: str, origin: str
) -> Registration:
    # Two who want the last seat come one after the other.
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("process").get(pk=meeting.pk)
    coming = Registration.objects.filter(meeting=meeting, cancelled_at=None)
    if email and (there := coming.filter(email__iexact=email).first()):
        there.meeting = meeting
        _tell(there, NoticeKind.REGISTRATION)
        return there
    registration = Registration.objects.create(
        meeting=meeting,
        name=keep_storable(name.strip()),
        email=email,
        lang=lang,
        needs=keep_storable(needs.strip()),
        participant_id=actor.pk if actor.is_authenticated else None,
        is_waiting=meeting.seats is not None and coming.filter(is_waiting=False).count() >= meeting.seats,
        at=timezone.now(),
    )
    _tell(registration, NoticeKind.REGISTRATION)
    record_event(actor=actor, verb="registered for meeting", subject=meeting, origin=origin)
    return registration


@transaction.atomic
def cancel_registration(*, actor: Actor, registration: Registration, origin: str = "") -> None:
    """Not come after all, by one's own link; whoever waited longest gets the seat. Raises `NotRegistered`."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=registration.meeting_id)
    held = Registration.objects.get(pk=registration.pk)
    if held.cancelled_at is not None:
        raise NotRegistered(_("This registration was cancelled already."))
    held.cancelled_at = timezone.now()
    held.save(update_fields=["cancelled_at"])
    _seat_those_who_wait(meeting)
    record_event(actor=actor, verb="cancelled registration", subject=meeting, origin=origin)


@transaction.atomic
def report_meeting(
    *,
    actor: Actor,
    meeting: Meeting,
    headcount: int,
    summary: str,
    points: Sequence[Point],
    consent: Consent | None = None,
    origin: str = "",
) -> Meeting:
    """Report a meeting: each point becomes an input of those who met, with their headcount, and not of the liaison.

    Reported again, the report says what it says now: a point that `corrects` an input, or else stands at its place, is
    a new wording of that, further points are further inputs, and what the report leaves out stays in the ledger. What
    was hidden, withdrawn or redacted stays as it is. What was said at a meeting that ended when the phase for input had
    closed is kept and marked as late. `consent` is what those who spoke agreed to, as before unless told, at
    first public; a stricter one holds at once, also for what was reported before.
    Raises `NothingReported`, `TooManyPoints`, `LooserConsent` and what `record_input` raises.
    """
    require(may_report_meeting(actor, meeting))
    points = [point for point in points if point.text.strip()]
    if not points and not summary.strip():
        raise NothingReported(_("Write down at least one point, or how it went."))
    if len(points) > MOST_POINTS:
        raise TooManyPoints(_("A report has at most %(most)d points.") % {"most": MOST_POINTS})
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("process__body", "group").get(pk=meeting.pk)
    )
    meeting.headcount = headcount
    if meeting.source is None:
        meeting.source = open_source(
            actor=actor,
            process=meeting.process,
            channel=Channel.MEETING,
            key=meeting.public_id,
            consent=consent or Consent.PUBLIC,
            **_terms(meeting),
        )
    else:
        # A report that is put right says anew who met and how many they were.
        meeting.source = _tell_source(actor, meeting, meeting.source, consent, origin)
    meeting.summary = keep_storable(summary.strip())
    meeting.summary_html = render_blocks(meeting.summary)
    meeting.state = MeetingState.REPORTED
    _touch(meeting)
    meeting.save()
    is_late = was_late(phases_for_input(meeting.process), meeting.ends_at)
    late = _record_points(actor, meeting, meeting.source, points, origin, is_late=is_late)
    mark_changed(meeting.process)
    detail = {"points": len(points), "headcount": headcount, "late": late}
    record_event(actor=actor, verb="reported meeting", subject=meeting, detail=detail, origin=origin)
    return meeting


def _tell_source(actor: Actor, meeting: Meeting, source: Source, consent: Consent | None, origin: str) -> Source:
    return tell_by_meeting(
        actor=actor, process=meeting.process, source=source, says=_terms(meeting), consent=consent, origin=origin
    )


def _terms(meeting: Meeting) -> dict[str, Any]:
    """What a meeting that was reported says of the source its points lie in."""
    return {
        "title": meeting.title,
        "lang": meeting.lang,
        "group": meeting.group,
        "group_name": meeting.group_name,
        "headcount": meeting.headcount,
        "collected_at": meeting.starts_at,
    }


def speaker_of(meeting: Meeting) -> Speaker:
    """Who speaks at a meeting: the group that met, as many as they were."""
    name = meeting.group.name if meeting.group else meeting.group_name
    return Speaker(SpeakerKind.GROUP, name, meeting.headcount)


def _record_points(
    actor: Actor, meeting: Meeting, source: Source, points: Sequence[Point], origin: str, *, is_late: bool
) -> int:
    """Match the points with the inputs of earlier reports, and record what is new in them; how many of it came late."""
    late = 0
    speaker = speaker_of(meeting)
    inputs = Input.objects.filter(source=source).select_related("source").order_by("pk")
    # Whoever hides or redacts one of them meanwhile comes first, or sees the new wording.
    there = list(inputs.select_for_update(of=("self",), no_key=True))
    newest = {
        wording.input_id: wording for wording in Wording.objects.filter(input__in=there, number=F("input__versions"))
    }
    redacted = set(Redaction.objects.filter(input__in=there).values_list("input_id", flat=True))
    fixed = redacted | {said.pk for said in there if said.standing is not None}
    left = {said.pk: said for said in there}
    made = [Said(one.text, one.lang or meeting.lang, kind=TextKind.POINT, stance=one.stance) for one in points]
    matched: dict[int, Input] = {}
    for place, (point, said) in enumerate(zip(points, made, strict=True)):
        known = left.get(point.corrects or 0)
        if known is None and point.corrects is None:
            digest = hash_said(said, speaker.name)
            known = next((one for pk, one in left.items() if newest[pk].content_hash == digest), None)
        if known is not None:
            matched[place] = left.pop(known.pk)
    for place, (point, said) in enumerate(zip(points, made, strict=True)):
        if place not in matched and point.corrects is None and place < len(there) and there[place].pk in left:
            at_place = there[place]
            if at_place.pk not in fixed:
                matched[place] = left.pop(at_place.pk)
        if (known := matched.get(place)) is None:
            record_input(
                actor=actor,
                process=meeting.process,
                source=source,
                said=said,
                about=About(point.document, point.passage),
                speaker=speaker,
                said_at=meeting.starts_at,
                is_late=is_late,
                origin=origin,
            )
            late += is_late
        elif known.pk not in fixed:
            _correct_point(actor, meeting, known, newest[known.pk], said, speaker, origin)
    return late


def _correct_point(
    actor: Actor, meeting: Meeting, there: Input, newest: Wording, said: Said, speaker: Speaker, origin: str
) -> None:
    is_same = newest.content_hash == hash_said(said, speaker.name) and newest.headcount == speaker.headcount
    if is_same and newest.stance == (said.stance or ""):
        return
    there.versions += 1
    write_wording(
        actor, there, said, speaker, said_at=meeting.starts_at, recorded_at=timezone.now(), number=there.versions
    )
    there.save(update_fields=["versions"])
    set_language(there, said.lang)
    renew_words([there.pk])
    record_event(actor=actor, verb="corrected input", subject=there, origin=origin)


def _check_group(process: Process, plan: MeetingPlan) -> None:
    if plan.group is None and not plan.group_name.strip():
        raise NoSuchGroup(_("Say who meets: a group of this process, or the name of another."))
    if plan.group is not None and not plan.group.path.startswith(process.body.path):
        raise NoSuchGroup(_("%(group)s does not belong to this process.") % {"group": plan.group.name})


def _columns(plan: MeetingPlan) -> dict[str, object]:
    description = keep_storable(plan.description.strip())
    return {
        "title": keep_storable(plan.title.strip()),
        "description": description,
        "description_html": render_blocks(description),
        "place": keep_storable(plan.place.strip()),
        "online": plan.online,
        "lang": plan.lang,
        "time_zone": plan.time_zone,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "seats": plan.seats,
        "takes_registrations": plan.takes_registrations,
        "group": plan.group,
        "group_name": "" if plan.group else keep_storable(plan.group_name.strip()),
    }


def _touch(meeting: Meeting) -> None:
    meeting.sequence += 1
    meeting.changed_at = timezone.now()


def _seat_those_who_wait(meeting: Meeting) -> None:
    coming = Registration.objects.filter(meeting=meeting, cancelled_at=None)
    waiting = coming.filter(is_waiting=True).order_by("pk")
    if meeting.seats is not None:
        free = max(0, meeting.seats - coming.filter(is_waiting=False).count())
        waiting = waiting[:free]
    for registration in list(waiting):
        registration.is_waiting = False
        registration.save(update_fields=["is_waiting"])
        _tell(registration, NoticeKind.REGISTRATION)


def _tell_everybody(meeting: Meeting) -> None:
    for registration in Registration.objects.filter(meeting=meeting, cancelled_at=None):
        registration.meeting = meeting
        _tell(registration, NoticeKind.MEETING)


def _tell(registration: Registration, kind: NoticeKind) -> None:
    if not registration.email:
        return
    process = registration.meeting.process
    contact = Contact(registration.email, registration.lang or process.lang, registration.meeting.time_zone)
    correspondent = known_correspondent(process, contact, registration.participant_id)
    tell(correspondent, kind, about={"registration": registration.pk})
