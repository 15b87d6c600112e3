"""The sample's meetings: one held and reported, one to come that people register for."""

import datetime
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from harken.inputs.actions.meetings import MeetingPlan, Point, announce_meeting, register, report_meeting
from harken.inputs.models import Meeting, Stance
from harken.pages.sample.heard.content import read_meetings
from harken.pages.sample.heard.room import Room


def hold_meetings(room: Room) -> None:
    """Announce them, register for those to come, and report those that were held."""
    for raw in read_meetings():
        meeting = announce_meeting(actor=room.told.people[raw["by"]], process=room.told.process, plan=_plan(room, raw))
        for one in raw["registrations"]:
            actor = room.told.people[one["by"]] if "by" in one else AnonymousUser()
            register(
                actor=actor,
                meeting=meeting,
                name=one["name"],
                email=one["email"],
                lang=one["lang"],
                needs=one.get("needs", ""),
            )
        if "points" in raw:
            _report(room, meeting, raw)


def _plan(room: Room, raw: Mapping[str, Any]) -> MeetingPlan:
    # Nobody registers for what is over nor reports what is to come: days count from today, not the reference day.
    day = timezone.localdate() + datetime.timedelta(days=raw["day"])
    starts = datetime.datetime.combine(day, datetime.time(raw["hour"]), tzinfo=zoneinfo.ZoneInfo(raw["time_zone"]))
    return MeetingPlan(
        title=raw["title"],
        starts_at=starts,
        ends_at=starts + datetime.timedelta(hours=raw["hours"]),
        lang=raw["lang"],
        time_zone=raw["time_zone"],
        place=raw["place"],
        online=raw.get("online", ""),
        description=raw["description"],
        seats=raw.get("seats"),
        group=room.told.groups[raw["group"]],
    )


def _report(room: Room, meeting: Meeting, raw: Mapping[str, Any]) -> None:
    points = [
        Point(
            text=point["said"],
            document=room.find_text(point["text"]).document if point["text"] else None,
            lang=point.get("lang", ""),
            stance=Stance(point["stance"]),
        )
        for point in raw["points"]
    ]
    report_meeting(
        actor=room.told.people[raw["by"]],
        meeting=meeting,
        headcount=raw["headcount"],
        summary=raw["summary"],
        points=points,
    )
