"""Taking in what came to mailboxes: again and again, each message once, from where the last time ended."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR
from harken.core.talk.mail.boxes import RawMessage
from harken.core.talk.mail.posts import stream_mail
from harken.documents.models import Document
from harken.documents.queries.reading import find_by_code
from harken.inputs.actions.importing import ImportReport, import_posts
from harken.inputs.actions.sources import open_source
from harken.inputs.mailboxes import CannotReadMailbox, Mailbox, MailboxSession, list_mailboxes, open_mailbox
from harken.inputs.models import Channel, Source
from harken.processes.models import Process

MOST_MESSAGES: Final = 2_000
"""Of one mailbox at a time: what is left comes the next time."""
BATCH: Final = 100
READ: Final = "read mailbox"
"""The audit event that says how far: it is also what the next poll goes by."""


class MailboxesFailed(Exception):
    """Some of the mailboxes could not be read; the others were. The message has a line for each."""


def poll_mailbox(*, actor: Actor, mailbox: Mailbox) -> ImportReport | None:
    """Bring in what came to a mailbox since it was last read; None if nothing did. Nothing in it is changed.

    How far it was read is kept after each batch, so that a kill costs one, which is then read again and adds nothing.
    Raises `CannotReadMailbox`.
    """
    process, document = _find_target(mailbox)
    source = open_source(
        actor=actor,
        process=process,
        channel=Channel.MAIL,
        key=mailbox.key,
        title=mailbox.title or mailbox.key,
        lang=mailbox.lang,
        consent=mailbox.consent,
        licence=mailbox.licence,
    )
    with open_mailbox(mailbox) as session:
        reader = _Reader(session, _number_read(source, session.validity))
        if not reader.numbers:
            return None
        report = import_posts(
            actor=actor,
            source=source,
            posts=stream_mail(reader.messages(), zone=mailbox.zone, own=mailbox.own),
            document=document,
            agreed=mailbox.consent,
            share=reader.share,
            progress=lambda _step: _keep_number(actor, source, reader),
            batch_size=BATCH,
            is_fixed=True,
            origin="mailbox",
        )
        _keep_number(actor, source, reader)
    return report


def poll_mailboxes() -> dict[str, ImportReport | None]:
    """Bring in what came to all mailboxes the operator named, by their keys. Raises `MailboxesFailed` at the end."""
    reports: dict[str, ImportReport | None] = {}
    failures = []
    for mailbox in list_mailboxes():
        try:
            reports[mailbox.key] = poll_mailbox(actor=OPERATOR, mailbox=mailbox)
        except CannotReadMailbox as failure:
            failures.append(str(failure))
    if failures:
        raise MailboxesFailed("\n".join(failures))
    return reports


class _Reader:
    """The messages of a session behind `number`, and which of them was taken last."""

    def __init__(self, session: MailboxSession, number: int) -> None:
        self.session = session
        self.number = number
        self.numbers: list[int] = []
        self.taken = 0
        for found in session.numbers_after(number):
            self.numbers.append(found)
            if len(self.numbers) == MOST_MESSAGES:
                break

    def messages(self) -> Iterator[RawMessage]:
        for number in self.numbers:
            message = self.session.read(number)
            self.number = number
            self.taken += 1
            if message is not None:
                yield message

    def share(self) -> float:
        return self.taken / len(self.numbers)


def _find_target(mailbox: Mailbox) -> tuple[Process, Document | None]:
    process = Process.objects.select_related("body").filter(slug=mailbox.process).first()
    if process is None:
        raise CannotReadMailbox(
            _("%(mailbox)s: there is no process %(slug)s.") % {"mailbox": mailbox.key, "slug": mailbox.process}
        )
    if not mailbox.document:
        return process, None
    document = find_by_code(process, mailbox.document, mailbox.iteration)
    if document is None:
        raise CannotReadMailbox(
            _("%(mailbox)s: there is no document %(code)s.") % {"mailbox": mailbox.key, "code": mailbox.document}
        )
    return process, document


def _number_read(source: Source, validity: int) -> int:
    """How far the mailbox was read, 0 if never or if its messages have other numbers now."""
    told = AuditEvent.objects.filter(subject_kind=Source._meta.label_lower, subject_id=source.pk, verb=READ)
    last = told.order_by("-id").values_list("detail", flat=True).first()
    return int(last["number"]) if last and last.get("validity") == validity else 0


def _keep_number(actor: Actor, source: Source, reader: _Reader) -> None:
    detail = {"validity": reader.session.validity, "number": reader.number}
    record_event(actor=actor, verb=READ, subject=source, detail=detail, origin="mailbox")
