"""A mail of news: text and HTML, in the language and by the clock of whoever gets it, easy to stop.

Stopping takes one click in the mail program (RFC 8058), and never a password. The mail says that no person sent it
(RFC 3834), so that no other machine answers it, and which list it belongs to (RFC 2919).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.languages import find_direction
from harken.inputs.meeting_notices import MeetingNews, describe_meeting, registration_address
from harken.inputs.models import Correspondent, NoticeKind
from harken.inputs.queries.notices import News
from harken.inputs.receipts import receipt_token

MOST_NEWS: Final = 50
"""So many pieces of news are told in one mail; of more only how many there are."""


def write_mail(correspondent: Correspondent, news: Sequence[News], *, key: str) -> EmailMultiAlternatives:
    """The mail that tells `news`. `key` tells it from others; sent twice by accident it has the same Message-ID."""
    with translation.override(correspondent.lang):
        stop = _address("mail-stop", correspondent.secret)
        context = {
            "site_name": settings.SITE_NAME,
            "process": correspondent.process,
            "process_address": _address("process", correspondent.process.slug),
            "news": [_tell(one) for one in news[:MOST_NEWS]],
            "more": max(0, len(news) - MOST_NEWS),
            "zone": correspondent.time_zone,
            "is_confirmed": correspondent.confirmed_at is not None,
            "settings_address": _address("mail-settings", correspondent.secret),
            "stop_address": stop,
            "lang": correspondent.lang,
            "direction": find_direction(correspondent.lang),
        }
        host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
        mail = EmailMultiAlternatives(
            subject=_subject(correspondent, news),
            body=render_to_string("inputs/mail/news.txt", context).strip() + "\n",
            to=[_name_nobody(correspondent.email)],
            headers={
                "Message-ID": f"<news-{key}@{host}>",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-ID": f"<{correspondent.process.slug}.{host}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": correspondent.lang,
            },
        )
        mail.attach_alternative(render_to_string("inputs/mail/news.html", context), "text/html")
    return mail


@dataclass(frozen=True, slots=True)
class _Told:
    """A piece of news with the addresses its words lead to, and its meeting in words."""

    news: News
    receipt: str
    reading: str
    meeting: MeetingNews | None
    registration: str
    is_waiting: bool


def _tell(news: News) -> _Told:
    registration = news.registration
    return _Told(
        news,
        receipt=_address("receipt", receipt_token(news.input)) if news.input else "",
        reading=_address("input", news.reply_to_read.process.slug, news.reply_to_read.pk) if news.reply_to_read else "",
        meeting=describe_meeting(registration.meeting) if registration else None,
        registration=registration_address(registration) if registration else "",
        is_waiting=bool(registration and registration.is_waiting),
    )


def _name_nobody(email: str) -> str:
    return str(Address(addr_spec=email)) if email.isascii() else email


def _address(name: str, *arguments: str | int) -> str:
    return settings.PUBLIC_ADDRESS + reverse(name, args=arguments)


def _subject(correspondent: Correspondent, news: Sequence[News]) -> str:
    process = correspondent.process.name
    subject = {
        NoticeKind.CONFIRMATION: _("Your input to %(process)s arrived"),
        NoticeKind.REPLY: _("Somebody replied to you in %(process)s"),
        NoticeKind.STATE: _("Your input to %(process)s: where it stands"),
        NoticeKind.HIDDEN: _("Your input to %(process)s was hidden"),
        NoticeKind.SHOWN: _("Your input to %(process)s can be read"),
        NoticeKind.REGISTRATION: _("You are registered: a meeting of %(process)s"),
        NoticeKind.MEETING: _("A meeting of %(process)s has changed"),
    }[NoticeKind(news[0].kind)]
    if len(news) > 1:
        subject = ngettext(
            "%(number)s piece of news from %(process)s", "%(number)s pieces of news from %(process)s", len(news)
        )
    # A name may hold a line break, which would begin another header.
    return " ".join((subject % {"process": process, "number": len(news)}).split())
