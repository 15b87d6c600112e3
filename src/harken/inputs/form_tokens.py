"""The token in a form that people speak through: which form it is, and when it was handed out; signed.

One form is one sending. The token is what a double click, a reload and a replay have in common, so that none of them
says a thing twice; its age tells a machine that fills in forms at once, and a page that lay open for days.
"""

import datetime
import secrets
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST: Final = datetime.timedelta(days=2)
"""So long a form can be sent after it was handed out."""

SHORTEST: Final = datetime.timedelta(seconds=2)
"""Nobody reads and writes in less."""

_SIGNER: Final = signing.Signer(salt="harken.inputs.form", sep=".")


class FormNotTaken(Exception):
    """A form comes back as no person sends it; what was written is shown again with a fresh one."""


class FormForged(FormNotTaken):
    """The token was not made here."""


class FormTooOld(FormNotTaken):
    """The form was handed out too long ago."""


class FormTooQuick(FormNotTaken):
    """The form came back at once."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """One handed out form: its id, and when that was."""

    id: str
    at: datetime.datetime

    def __str__(self) -> str:
        return _SIGNER.sign(f"{self.id}-{signing.b62_encode(int(self.at.timestamp() * 1000))}")


def new_form_token(at: datetime.datetime | None = None) -> FormToken:
    """The token of a form that is handed out now."""
    return FormToken(secrets.token_hex(16), at or timezone.now())


def read_form_token(text: str, now: datetime.datetime) -> FormToken:
    """The token that came back. Raises `FormForged`, `FormTooOld`, `FormTooQuick`, each with what to do next."""
    try:
        name, _line, moment = _SIGNER.unsign(text).partition("-")
        at = datetime.datetime.fromtimestamp(signing.b62_decode(moment) / 1000, tz=datetime.UTC)
    except (signing.BadSignature, ValueError, OverflowError) as error:
        raise FormForged(_("This form did not come from this site. Look it over, then send it again.")) from error
    if now - at > LONGEST:
        raise FormTooOld(_("This form lay open for more than two days. Look it over, then send it again."))
    if now - at < SHORTEST:
        raise FormTooQuick(_("That was quicker than anybody writes. Look it over, then send it again."))
    return FormToken(name, at)
