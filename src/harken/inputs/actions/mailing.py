"""Sending what is due, by the mail server of the settings."""

import datetime
import hashlib
import logging
import smtplib
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from harken.inputs.models import Correspondent, Notice
from harken.inputs.notice_mail import write_mail
from harken.inputs.queries.notices import read_news

MOST_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = datetime.timedelta(minutes=1)
_MOST_AT_ONCE: Final = 1000
_NEVER_GOES: Final = 500
"""SMTP's answers from here on say that trying again is of no use (RFC 5321, 4.2.1)."""

_LOGGER: Final = logging.getLogger(__name__)


def send_notices() -> int:
    """Send all notices that are due, those of one correspondent in one mail; returns how many mails went out.

    Each mail is sent and noted before the next. What fails is tried again, later each time, and given up in the end;
    what is killed between the two is sent again with the same Message-ID.
    """
    due = Notice.objects.filter(sent_at=None, send_after__lte=timezone.now()).order_by("correspondent", "pk")
    waiting = list(due.select_related("correspondent__process", "input")[:_MOST_AT_ONCE])
    if not waiting:
        return 0
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        # Nobody's mail can be sent now: it waits, and that is not its own failure.
        _LOGGER.warning("The mail server cannot be reached: %s", error)
        return 0
    try:
        groups = groupby(waiting, key=lambda notice: notice.correspondent)
        return sum(_send(server, correspondent, list(notices)) for correspondent, notices in groups)
    finally:
        server.close()


def _send(server: BaseEmailBackend, correspondent: Correspondent, notices: Sequence[Notice]) -> bool:
    pks = [notice.pk for notice in notices]
    news = read_news(notices)
    if not news:
        Notice.objects.filter(pk__in=pks).update(sent_at=timezone.now())
        return False
    key = hashlib.sha256(f"{correspondent.secret} {pks}".encode()).hexdigest()[:24]
    try:
        server.send_messages([write_mail(correspondent, news, key=key)])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # A ValueError: an address that no header can hold. The mail to everybody else goes out all the same.
        _put_off(notices, error)
        return False
    Notice.objects.filter(pk__in=pks).update(sent_at=timezone.now(), failure="")
    return True


@transaction.atomic
def _put_off(notices: Sequence[Notice], error: Exception) -> None:
    now = timezone.now()
    is_final = _is_final(error)
    for notice in notices:
        notice.attempts += 1
        notice.failure = f"{type(error).__name__}: {error}"[:2000]
        gives_up = is_final or notice.attempts >= MOST_ATTEMPTS
        notice.send_after = None if gives_up else now + _FIRST_WAIT * 4 ** (notice.attempts - 1)
        notice.save(update_fields=["attempts", "failure", "send_after"])


def _is_final(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _NEVER_GOES for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= _NEVER_GOES
    return isinstance(error, ValueError)
