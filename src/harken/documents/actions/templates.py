"""Writes of templates. The texts that follow a template follow its changes at once and lose nothing.

A section that is taken out keeps its key and its words, so that what was written under it still says what it answered,
and comes back with it. Keys are permanent and never given again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.documents.actions.locking import hold
from harken.documents.actions.ready import make_ready_again
from harken.documents.models import Depth, Document, DocumentKind, Section, Template
from harken.documents.models.templates import SUMMARY_SECTION
from harken.documents.permissions import may_edit_templates
from harken.documents.queries.templates import missing_templates
from harken.processes.actions import mark_changed
from harken.processes.models import Process

Step = Literal["up", "down"]

MOST_SECTIONS: Final = 60
_KEY_LENGTH: Final = 40
# Words that stand where a template's slug may stand in an address.
_RESERVED: Final = frozenset({"add", "install"})


class NoWords(Exception):
    """A template or a section needs a name in one language at least."""


class NoSuchTemplate(Exception):
    """The process has no template of this slug."""


class NoSuchSection(Exception):
    """The template has no section of this key, or not where it is looked for."""


class TemplateInUse(Exception):
    """Texts follow the template, so it cannot go."""


class LastTemplate(Exception):
    """A process keeps one template at least."""


class TooManySections(Exception):
    """Nobody fills in so many."""


def _no_such_template() -> NoSuchTemplate:
    return NoSuchTemplate(_("There is no such template any more. Choose another."))


@transaction.atomic
def install_templates(*, actor: Actor, process: Process) -> list[Template]:
    """Store the shipped templates that `process` does not have; what it has stays as it is. Returns those added."""
    require(may_edit_templates(actor, process))
    return _install(actor, process)


def _install(actor: Actor, process: Process) -> list[Template]:
    # Two at once would both find none: the second waits for the process's row.
    hold(Process.objects.all()).get(pk=process.pk)
    missing = missing_templates(process, Template.objects.filter(process=process))
    made = Template.objects.bulk_create(missing)
    if made:
        detail = {"templates": [template.slug for template in made]}
        record_event(actor=actor, verb="installed templates", subject=process, detail=detail)
    return made


def stored_template(*, actor: Actor, process: Process, slug: str) -> Template:
    """The template of this slug; a process that has none yet gets the shipped ones first. Raises `NoSuchTemplate`.

    Whoever may begin a text may do so with what the process offers, so this asks for no permit of its own.
    """
    if not Template.objects.filter(process=process).exists():
        _install(actor, process)
    found = Template.objects.filter(process=process, slug=slug).first()
    if found is None:
        raise _no_such_template()
    return found


def _lock(actor: Actor, process: Process, slug: str) -> Template:
    """The template to change; its permit checked. One template of a process is changed at a time."""
    require(may_edit_templates(actor, process))
    wanted = stored_template(actor=actor, process=process, slug=slug)
    template = next((one for one in _hold_all(process) if one.pk == wanted.pk), None)
    if template is None:
        raise _no_such_template()
    template.process = process
    return template


def _hold_all(process: Process) -> list[Template]:
    """The templates of the process, which nobody else changes, moves or adds to until the transaction ends."""
    every = Template.objects.filter(process=process)
    # Locked first and read then: what somebody else added meanwhile is among them.
    list(hold(every).order_by("pk").values_list("pk"))
    return list(every)


def _record(actor: Actor, template: Template, verb: str, **detail: Any) -> None:
    mark_changed(template.process)
    record_event(actor=actor, verb=verb, subject=template, detail=detail)


def _said(words: Mapping[str, str]) -> dict[str, str]:
    """The words by language, without the languages in which there are none."""
    return {code: text.strip() for code, text in words.items() if text.strip()}


def _named(words: Mapping[str, str]) -> dict[str, str]:
    said = _said(words)
    if not said:
        raise NoWords(_("Write a name in one language at least."))
    return said


@transaction.atomic
def add_template(
    *, actor: Actor, process: Process, names: Mapping[str, str], kind: DocumentKind, like: str = ""
) -> Template:
    """Add a template, with the sections of the one whose slug is `like`, if any. Raises `NoWords`, `NoSuchTemplate`."""
    require(may_edit_templates(actor, process))
    names = _named(names)
    if not Template.objects.filter(process=process).exists():
        _install(actor, process)
    model = stored_template(actor=actor, process=process, slug=like) if like else None
    every = _hold_all(process)
    begin = slugify(next(iter(names.values())))[:_KEY_LENGTH] or kind.value
    slug = _free_name(begin, {template.slug for template in every} | _RESERVED)
    template = Template.objects.create(
        process=process,
        slug=slug,
        kind=kind,
        names=names,
        sections_json=[section.to_json() for section in model.sections] if model else [],
        position=max(template.position for template in every) + 1,
    )
    _record(actor, template, "added template", like=like)
    return template


def _free_name(begin: str, taken: set[str] | frozenset[str]) -> str:
    numbered = (f"{begin}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (begin, *numbered) if name not in taken)


@transaction.atomic
def change_template(
    *,
    actor: Actor,
    process: Process,
    slug: str,
    names: Mapping[str, str],
    descriptions: Mapping[str, str],
    asks_acceptance: bool,
) -> Template:
    """Change what a template is called and says, and whether readers accept its texts. Raises `NoWords`."""
    template = _lock(actor, process, slug)
    fields = ["names", "descriptions", "asks_acceptance"]
    before = {field: getattr(template, field) for field in fields}
    template.names, template.descriptions = _named(names), _said(descriptions)
    template.asks_acceptance = asks_acceptance
    template.save(update_fields=fields)
    _record(actor, template, "changed template", before=before)
    return template


@transaction.atomic
def move_template(*, actor: Actor, process: Process, slug: str, step: Step) -> None:
    """Offer a template earlier or later than its neighbour; the first cannot go up, nor the last down."""
    template = _lock(actor, process, slug)
    every = list(Template.objects.filter(process=process))
    place = [one.pk for one in every].index(template.pk)
    _swap(every, place, step)
    for position, one in enumerate(every, start=1):
        one.position = position
    Template.objects.bulk_update(every, ["position"])
    _record(actor, template, "moved template", step=step)


def _swap(rows: list[Any], place: int, step: Step) -> None:
    beside = place - 1 if step == "up" else place + 1
    if 0 <= beside < len(rows):
        rows[place], rows[beside] = rows[beside], rows[place]


@transaction.atomic
def remove_template(*, actor: Actor, process: Process, slug: str) -> None:
    """Take a template away that no text follows. Raises `TemplateInUse`, `LastTemplate`."""
    template = _lock(actor, process, slug)
    number = Document.objects.filter(template=template).count()
    if number:
        raise TemplateInUse(
            ngettext(
                "%(number)s text is written with this template, so it stays. You can still change its sections.",
                "%(number)s texts are written with this template, so it stays. You can still change its sections.",
                number,
            )
            % {"number": number}
        )
    if not Template.objects.filter(process=process).exclude(pk=template.pk).exists():
        raise LastTemplate(_("This is the only template. Add another before you take it away."))
    _record(actor, template, "removed template", slug=slug, names=template.names, sections=template.sections_json)
    template.delete()


def _change_sections(
    actor: Actor, process: Process, slug: str, verb: str, change: Callable[[list[Section]], dict[str, Any]]
) -> Template:
    """Let `change` work on the list of sections, which it does in place; it returns the event's detail."""
    template = _lock(actor, process, slug)
    sections = list(template.every_section)
    detail = change(sections)
    template.sections_json = [section.to_json() for section in sections]
    template.save(update_fields=["sections_json"])
    make_ready_again(template)
    _record(actor, template, verb, **detail)
    return template


def _place_of(sections: Sequence[Section], key: str, *, removed: bool = False) -> int:
    for place, section in enumerate(sections):
        if section.key == key and section.removed == removed:
            return place
    raise NoSuchSection(_("This section is not there any more. Somebody may have changed the template meanwhile."))


@transaction.atomic
def add_section(*, actor: Actor, process: Process, slug: str, titles: Mapping[str, str]) -> Section:
    """Add a section at the end. Its key is made from the title and permanent. Raises `NoWords`, `TooManySections`."""
    said = _named(titles)
    made: list[Section] = []

    def add(sections: list[Section]) -> dict[str, Any]:
        if len(sections) >= MOST_SECTIONS:
            raise TooManySections(_("A template holds %(most)s sections at most.") % {"most": MOST_SECTIONS})
        begin = slugify(next(iter(said.values())))[:_KEY_LENGTH].strip("-") or "section"
        # The summary is no section like others: its key is given by the program alone.
        key = _free_name(begin, {section.key for section in sections} | {SUMMARY_SECTION})
        section = Section(key, said, {})
        last = next((place for place in range(len(sections), 0, -1) if not sections[place - 1].removed), 0)
        sections.insert(last, section)
        made.append(section)
        return {"section": key}

    _change_sections(actor, process, slug, "added section", add)
    return made[0]


def _in_order(depths: Sequence[str]) -> tuple[str, ...]:
    return tuple(depth.value for depth in Depth if depth in depths)


@transaction.atomic
def change_section(
    *,
    actor: Actor,
    process: Process,
    slug: str,
    key: str,
    titles: Mapping[str, str],
    guidance: Mapping[str, str],
    budget: int | None,
    depths: Sequence[str],
    required: bool,
) -> Template:
    """Change a section's words, budget, depths, and whether it may stay empty. Raises `NoWords`, `NoSuchSection`."""
    said = _named(titles)

    def change(sections: list[Section]) -> dict[str, Any]:
        place = _place_of(sections, key)
        before = sections[place]
        sections[place] = replace(
            before, titles=said, guidance=_said(guidance), budget=budget, depths=_in_order(depths), required=required
        )
        return {"section": key, "before": before.to_json()}

    return _change_sections(actor, process, slug, "changed section", change)


@transaction.atomic
def move_section(*, actor: Actor, process: Process, slug: str, key: str, step: Step) -> Template:
    """Let a section change places with the one before or after it. Raises `NoSuchSection`."""

    def move(sections: list[Section]) -> dict[str, Any]:
        kept = [section for section in sections if not section.removed]
        _swap(kept, _place_of(kept, key), step)
        sections[:] = [*kept, *(section for section in sections if section.removed)]
        return {"section": key, "step": step}

    return _change_sections(actor, process, slug, "moved section", move)


@transaction.atomic
def remove_section(*, actor: Actor, process: Process, slug: str, key: str) -> Template:
    """Take a section out. What was written under it stays in each text, after the sections. Raises `NoSuchSection`."""

    def remove(sections: list[Section]) -> dict[str, Any]:
        gone = sections.pop(_place_of(sections, key))
        sections.append(replace(gone, removed=True))
        return {"section": key}

    return _change_sections(actor, process, slug, "removed section", remove)


@transaction.atomic
def restore_section(*, actor: Actor, process: Process, slug: str, key: str) -> Template:
    """Take a section in again, at the end, with what was written under it. Raises `NoSuchSection`."""

    def restore(sections: list[Section]) -> dict[str, Any]:
        back = sections.pop(_place_of(sections, key, removed=True))
        last = sum(not section.removed for section in sections)
        sections.insert(last, replace(back, removed=False))
        return {"section": key}

    return _change_sections(actor, process, slug, "restored section", restore)
