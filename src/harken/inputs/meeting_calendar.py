"""Meetings as calendars read them: iCalendar (RFC 5545), with the rules of each time zone in the file."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from harken.inputs.models import Meeting, MeetingState

if TYPE_CHECKING:
    from icalendar import Event


def meeting_address(meeting: Meeting) -> str:
    """The whole address of a meeting's page."""
    return settings.PUBLIC_ADDRESS + reverse("meeting", args=[meeting.process.slug, meeting.public_id])


def write_calendar(name: str, meetings: Iterable[Meeting]) -> bytes:
    """A calendar with these meetings; one that was changed or cancelled replaces what a calendar had of it."""
    from icalendar import Calendar  # noqa: PLC0415 - 3 MB, loaded where a calendar is asked for

    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    calendar = Calendar()
    calendar.add("prodid", f"-//{host}//Harken//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting, host))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, host: str) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    zone = ZoneInfo(meeting.time_zone)
    is_cancelled = meeting.state == MeetingState.CANCELLED
    event = Event()
    event.add("uid", f"{meeting.public_id}@{host}")
    event.add("dtstamp", meeting.changed_at)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title, parameters={"LANGUAGE": meeting.lang})
    words = [meeting.description, meeting.online, meeting_address(meeting)]
    event.add("description", "\n\n".join(part for part in words if part))
    event.add("url", meeting_address(meeting))
    if place := meeting.place or meeting.online:
        event.add("location", place)
    return event
