"""A meeting in a few lines: as mails tell it, and by which one tells whether something about it changed."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from harken.base.templatetags.harken import span_in_zone
from harken.inputs.models import Meeting, MeetingState, Registration

_SIGNER = signing.Signer(salt="harken.inputs.registration", sep=".")
_MOST = 2**63


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """What a mail says of a meeting."""

    title: str
    when: str
    place: str
    online: str
    is_cancelled: bool


def describe_meeting(meeting: Meeting) -> MeetingNews:
    """The meeting as it stands, its time by its own clock and in the interface's language."""
    when = span_in_zone(meeting.starts_at, meeting.ends_at, meeting.time_zone)
    is_cancelled = meeting.state == MeetingState.CANCELLED
    return MeetingNews(meeting.title, when, meeting.place, meeting.online, is_cancelled)


def registration_token(registration: Registration) -> str:
    """What the address of one's own registration ends with."""
    return _SIGNER.sign(signing.b62_encode(registration.pk))


def read_registration(token: str) -> int | None:
    """The registration's id that `registration_token` signed; None for anything else."""
    try:
        pk = signing.b62_decode(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return pk if 0 < pk < _MOST else None


def registration_address(registration: Registration) -> str:
    """The whole address of one's own registration."""
    meeting = registration.meeting
    arguments = [meeting.process.slug, meeting.public_id, registration_token(registration)]
    return settings.PUBLIC_ADDRESS + reverse("registration", args=arguments)
