"""Themes: set up, named anew, moved in the tree, merged. None is ever deleted, and codes stay."""

from typing import Literal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.analysis.actions.placing import Above, begin_change, find_theme, place_theme
from harken.analysis.models import Theme
from harken.analysis.permissions import may_code_inputs
from harken.base.actions import Actor, name_of, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.inputs.storable import keep_storable
from harken.processes.models import Process

LONGEST_NAME = 200


class NoName(Exception):
    """A theme was given no name."""


class ElsewhereInTree(Exception):
    """A theme cannot lie there: below itself."""


@transaction.atomic
def create_theme(
    *,
    actor: Actor,
    process: Process,
    name: str,
    lang: str = "",
    description: str = "",
    parent: Theme | None = None,
    origin: str = "",
) -> Theme:
    """Add a theme, as the last one below `parent`; `lang` is the process's language unless given.

    Raises `NoName`, `NotATheme`.
    """
    require(may_code_inputs(actor, process))
    words, about = _clean_name(name), keep_storable(description.strip())
    begin_change(process)
    if parent is not None:
        parent = find_theme(process, parent)
    theme = Theme.objects.create(
        process=process,
        parent=parent,
        number=_next(process, "number"),
        position=_next(process, "position"),
        name=words,
        lang=lang or process.lang,
        description=about,
        description_html=render_blocks(about),
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )
    detail = {"code": theme.code, "below": parent.code if parent else None}
    record_event(actor=actor, verb="created theme", subject=theme, detail=detail, origin=origin)
    return theme


@transaction.atomic
def rename_theme(
    *, actor: Actor, theme: Theme, name: str, lang: str = "", description: str = "", origin: str = ""
) -> None:
    """Give a theme another name or description. Raises `NoName`."""
    require(may_code_inputs(actor, theme.process))
    words, about = _clean_name(name), keep_storable(description.strip())
    begin_change(theme.process)
    theme.refresh_from_db(fields=["name", "lang", "description"])
    before = {"name": theme.name, "lang": theme.lang, "description": theme.description}
    theme.name, theme.lang, theme.description = words, lang or theme.lang, about
    theme.description_html = render_blocks(about)
    if before == {"name": theme.name, "lang": theme.lang, "description": theme.description}:
        return
    theme.save(update_fields=["name", "lang", "description", "description_html"])
    record_event(actor=actor, verb="renamed theme", subject=theme, detail={"before": before}, origin=origin)


@transaction.atomic
def move_theme(*, actor: Actor, theme: Theme, parent: Theme | None, origin: str = "") -> None:
    """Put a theme with all below it under another one, or at the top; where it lies already nothing changes.

    Raises `NotATheme`, `ElsewhereInTree`.
    """
    process = theme.process
    require(may_code_inputs(actor, process))
    begin_change(process)
    moved = find_theme(process, theme)
    to = find_theme(process, parent) if parent is not None else None
    if moved.parent_id == (to.pk if to else None):
        return
    _check_no_circle(moved, to)
    before = moved.parent
    moved.parent, moved.position = to, _next(process, "position")
    moved.save(update_fields=["parent", "position"])
    place_theme(moved)
    theme.parent, theme.position = moved.parent, moved.position
    detail = {"from": before.code if before else None, "to": to.code if to else None}
    record_event(actor=actor, verb="moved theme", subject=theme, detail=detail, origin=origin)


@transaction.atomic
def merge_theme(*, actor: Actor, theme: Theme, into: Theme, origin: str = "") -> None:
    """Let what was coded with a theme belong to another one, which takes what lies below it too.

    Its codings stay as they were made, and its address leads to the other. Raises `NotATheme`, `ElsewhereInTree`.
    """
    process = theme.process
    require(may_code_inputs(actor, process))
    begin_change(process)
    merged, kept = find_theme(process, theme), find_theme(process, into)
    _check_no_circle(merged, kept)
    position = _next(process, "position")
    children = list(Theme.objects.filter(parent=merged, merged_at__isnull=True))
    for child in children:
        child.parent, child.position = kept, position
        child.save(update_fields=["parent", "position"])
        position += 1
    merged.parent, merged.merged_at = kept, timezone.now()
    merged.save(update_fields=["parent", "merged_at"])
    # What lay below it had it above; where it lies itself now, the other theme is above instead of what was.
    place_theme(merged)
    theme.parent, theme.merged_at = merged.parent, merged.merged_at
    detail = {"into": kept.code, "brought along": [child.code for child in children]}
    record_event(actor=actor, verb="merged theme", subject=theme, detail=detail, origin=origin)


def _clean_name(name: str) -> str:
    words = keep_storable(" ".join(name.split()))[:LONGEST_NAME]
    if not words:
        raise NoName(_("Give the theme a name."))
    return words


def _check_no_circle(theme: Theme, place: Theme | None) -> None:
    if place is not None and theme.pk in Above(place.process).chain(place.pk):
        raise ElsewhereInTree(_("A theme cannot lie below itself."))


def _next(process: Process, field: Literal["number", "position"]) -> int:
    last = Theme.objects.filter(process=process).aggregate(last=Max(field))["last"]
    return (last or 0) + 1
