"""What the pages of meetings show."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from harken.inputs.models import Input, Meeting, MeetingState, Registration
from harken.inputs.queries.ledger import InputRow, describe_rows


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list: `coming` have a seat, `free` seats are left (None where they are not counted)."""

    meeting: Meeting
    coming: int
    free: int | None

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.meeting.state == MeetingState.CANCELLED

    @property
    def is_reported(self) -> bool:
        """Whether what was said there is in the ledger."""
        return self.meeting.state == MeetingState.REPORTED


@dataclass(frozen=True, slots=True)
class Calendar:
    """Meetings to come, the next in front, and those that were, the last in front."""

    coming: tuple[MeetingRow, ...]
    past: tuple[MeetingRow, ...]


def _counted(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    with_seat = Q(registrations__cancelled_at__isnull=True, registrations__is_waiting=False)
    seated = Count("registrations", filter=with_seat)
    return meetings.select_related("group", "process", "source").annotate(seated=seated)


def _row(meeting: Meeting) -> MeetingRow:
    seated: int = getattr(meeting, "seated", 0)
    free = None if meeting.seats is None else max(0, meeting.seats - seated)
    return MeetingRow(meeting, seated, free)


def meeting_calendar(meetings: QuerySet[Meeting], *, past: int = 100) -> Calendar:
    """The calendar of `meetings`; of those that are over the last `past`. Two queries."""
    now = timezone.now()
    counted = _counted(meetings)
    return Calendar(
        tuple(_row(meeting) for meeting in counted.filter(ends_at__gt=now).order_by("starts_at", "pk")),
        tuple(_row(meeting) for meeting in counted.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:past]),
    )


def find_meeting(meetings: QuerySet[Meeting], public_id: str) -> MeetingRow | None:
    """The meeting of an address. One query."""
    found = _counted(meetings).filter(public_id=public_id).first()
    return _row(found) if found else None


def points_of(meeting: Meeting, inputs: QuerySet[Input]) -> tuple[InputRow, ...]:
    """What was said at a meeting, of the inputs one may see, in the order of its report. At most five queries."""
    if meeting.source_id is None:
        return ()
    said = inputs.filter(source=meeting.source_id).order_by("pk")
    return describe_rows(list(said.values_list("pk", flat=True)), sees_speakers=False)


def registrations_of(meeting: Meeting) -> list[Registration]:
    """Who comes, those with a seat in front. One query."""
    coming = Registration.objects.filter(meeting=meeting, cancelled_at=None)
    return list(coming.order_by("is_waiting", "pk"))


def count_late(meeting: Meeting) -> int:
    """How many points of its report came when the phase for input had closed. One query."""
    return Input.objects.filter(source=meeting.source_id, is_late=True).count()


def report_due(meeting: Meeting, now: datetime.datetime) -> bool:
    """Whether it is over and nobody has said what was said there."""
    return meeting.state == MeetingState.ANNOUNCED and meeting.ends_at <= now
