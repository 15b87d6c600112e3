"""Saying which language an input is in, where nobody did or a machine erred."""

from django.db import transaction
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.languages import is_known
from harken.base.permits import require
from harken.inputs.actions.counting import count_languages
from harken.inputs.actions.indexing import renew_words
from harken.inputs.models import Input
from harken.inputs.permissions import may_correct_language
from harken.processes.actions import mark_changed

_LONGEST = 35


class NoLanguage(Exception):
    """Nobody knows a language by this code."""


@transaction.atomic
def correct_language(*, actor: Actor, said: Input, lang: str, receipt: str = "", origin: str = "") -> None:
    """Let an input be in `lang`; what was said of it when it was recorded stays in its wording. Raises `NoLanguage`."""
    require(may_correct_language(actor, said, receipt))
    code = lang.strip()
    if not is_known(code) or len(code) > _LONGEST:
        raise NoLanguage(
            _("“%(code)s” is no language that is known here. Write a code such as en or pt-BR.") % {"code": code}
        )
    locked = Input.objects.select_for_update(of=("self",), no_key=True).get(pk=said.pk)
    before = locked.lang
    if before == code:
        return
    set_language(locked, code)
    said.lang = code
    mark_changed(said.process)
    record_event(
        actor=actor, verb="corrected language", subject=said, detail={"from": before, "to": code}, origin=origin
    )


def set_language(said: Input, lang: str) -> None:
    """Let an input be in `lang`, counted and found so. Part of the transaction that holds its row."""
    before = said.lang
    if before == lang:
        return
    Input.objects.filter(pk=said.pk).update(lang=lang)
    said.lang = lang
    if said.is_prepared:
        key = (said.process_id, said.source_id)
        count_languages({(*key, before): -1, (*key, lang): 1})
        renew_words([said.pk])
