"""Forms as people send them."""

import datetime
import itertools
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from harken.inputs.actions.giving import Given, give_input
from harken.inputs.actions.recording import Said
from harken.inputs.form_tokens import FormToken, new_form_token
from harken.inputs.models import Input
from harken.processes.models import Process

ANYBODY = AnonymousUser()
_LATER = itertools.count()


def a_form(*, minutes: float = 1) -> FormToken:
    """A form that was handed out so many minutes ago."""
    return new_form_token(timezone.now() - datetime.timedelta(minutes=minutes))


def say_by_form(process: Process, text: str = "", **more: Any) -> Given:
    """What somebody without an account says by the form."""
    words = text or f"Say number {next(_LATER)}."
    return give_input(
        **{"actor": ANYBODY, "process": process, "said": Said(words, "en"), "form": a_form(), "network": "n", **more}
    )


def again(said: Input) -> Input:
    """An input as it is now, as pages load it for those who speak of it."""
    return Input.objects.select_related("process__body", "source").get(pk=said.pk)


def fields(**changes: str) -> dict[str, str]:
    """The form as a browser sends it."""
    sent = {"token": str(a_form()), "text": "Water them at night.", "lang": "en", "consent": "public", "stance": ""}
    return {
        key.replace("_", "-") if key.startswith(("q_", "c_")) else key: value
        for key, value in {**sent, **changes}.items()
    }
