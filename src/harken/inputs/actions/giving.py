"""Saying something through the form: once for each form, while input is taken, with a receipt."""

from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.inputs.actions.arrivals import TooMany, carry_out_verdict, judge_arrival
from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.recording import About, Said, Speaker, hash_said, name_speaker, record_input
from harken.inputs.actions.sources import form_source
from harken.inputs.form_tokens import FormToken
from harken.inputs.models import Arrival, Channel, Consent, Input, Wording
from harken.inputs.queries.rules import input_window, rules_of
from harken.inputs.receipts import receipt_token
from harken.processes.models import Process


class SentBefore(Exception):
    """The form was sent already, with other words."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was said, and the token of its receipt; `is_new` is False where the same form came twice."""

    input: Input
    receipt: str
    is_new: bool


def give_input(
    *,
    actor: Actor,
    process: Process,
    said: Said,
    form: FormToken,
    about: About | None = None,
    speaker: Speaker | None = None,
    reply_to: Input | None = None,
    network: str = "",
    contact: Contact | None = None,
    consent: Consent = Consent.PUBLIC,
    is_trapped: bool = False,
    origin: str = "form",
) -> Given:
    """Put into the ledger what somebody sent with the form that `form` names, and let `contact` have news of it.

    The same form with the same words is one input, however often it comes. `network` is what
    `harken.inputs.actions.arrivals.network_of` makes of the address it came from; `is_trapped` says that a field was
    filled in that nobody sees. Raises `SentBefore`, `TooMany` and what `record_input` raises.
    """
    speaker = speaker or Speaker()
    now = timezone.now()
    rules = rules_of(process)
    window = input_window(process, rules, now)
    try:
        verdict = judge_arrival(process, rules, said, network, now, actor=actor, token=form.id, is_trapped=is_trapped)
    except TooMany:
        if there := _find_sent(process, form):
            return _give_again(actor, there, said, speaker)
        Arrival.objects.create(process=process, network=network, token=form.id, at=now)
        raise
    record = partial(
        record_input,
        actor=actor,
        process=process,
        said=said,
        about=about,
        speaker=speaker,
        reply_to=reply_to,
        source=form_source(process, consent),
        token=form.id,
        is_late=window.is_late,
        # Where no limit is set, nothing is kept to hold one.
        network=network if rules.posts_per_hour else "",
        origin=origin,
    )
    try:
        if contact is None and verdict.standing is None:
            # Outside of a transaction of its own it is written together with what others say at the same moment.
            recorded = record()
        else:
            with transaction.atomic():
                recorded = record()
                if recorded.recorded_at >= now:
                    carry_out_verdict(actor=actor, recorded=recorded, verdict=verdict, origin=origin)
                    if contact is not None:
                        follow_input(actor=actor, said=recorded, contact=contact, origin=origin)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first.
        there = _find_sent(process, form)
        if there is None:
            raise
        return _give_again(actor, there, said, speaker)
    if recorded.recorded_at < now:
        # It came before, with this form.
        return _give_again(actor, recorded, said, speaker)
    return Given(recorded, receipt_token(recorded), is_new=True)


def _find_sent(process: Process, form: FormToken) -> Input | None:
    sent = Input.objects.filter(source__process=process, source__channel=Channel.FORM, external_id=form.id)
    return sent.select_related("source").first()


def _give_again(actor: Actor, there: Input, said: Said, speaker: Speaker) -> Given:
    _kind, name = name_speaker(actor, speaker)
    first = Wording.objects.get(input=there, number=1)
    if first.content_hash != hash_said(said, name):
        raise SentBefore(
            _(
                "This form was sent already, with other words, and these are safe: use the address of their receipt to "
                "change them. To say this as well, send it now."
            )
        )
    return Given(there, receipt_token(there), is_new=False)
