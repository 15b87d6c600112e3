"""Writes of the processes room."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.markup import render_blocks
from harken.base.models import SearchEntry
from harken.base.permits import require
from harken.base.search import index_entries, show_entries_below
from harken.people.actions import add_member, change_group, create_group, end_membership, move_group
from harken.people.models import Group, GroupKind, Membership, Role, User
from harken.processes.models import Accent, GuidingQuestion, Iteration, Phase, Pillar, Process
from harken.processes.permissions import may_create_process, may_edit_process
from harken.processes.phase_actions import find_phase_action

PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class AddressTaken(Exception):
    """Another process or iteration has this address."""


class UnknownPhaseAction(Exception):
    """A phase was to open something no room offers."""


class NotADate(Exception):
    """A date of an iteration is neither a year, a month nor a day."""


@dataclass(frozen=True, slots=True)
class PillarText:
    """A pillar as it is written down."""

    name: str
    text: str = ""
    lang: str = "en"


def _address(process: Process) -> str:
    return f"processes/{process.slug}/"


def _index_process(process: Process) -> None:
    """Make a process findable by its own words and its pillars'."""
    pillars = process.pillars.values_list("name", "text")
    words = [process.summary, process.direction, *(text for pillar in pillars for text in pillar)]
    entry = SearchEntry(
        source="process",
        object_id=process.pk,
        process_id=process.pk,
        title=process.name,
        text="\n".join(word for word in words if word),
        lang=process.lang,
        address=_address(process),
    )
    index_entries([entry])


def _index_group(process: Process, group: Group) -> None:
    """Make a group findable by its name and what it says of itself."""
    entry = SearchEntry(
        source="group",
        object_id=group.pk,
        process_id=process.pk,
        code=group.code,
        title=group.name,
        text=group.description,
        lang=group.lang,
        address=f"{_address(process)}groups/{group.code}/",
    )
    index_entries([entry])


def mark_changed(process: Process) -> None:
    """Note that readers would see something new: caches of the process's pages end here."""
    Process.objects.filter(pk=process.pk).update(content_version=F("content_version") + 1)


@transaction.atomic
def create_process(
    *,
    actor: Actor,
    slug: str,
    name: str,
    summary: str = "",
    direction: str = "",
    lang: str = "en",
    languages: Sequence[str] = (),
    time_zone: str = "UTC",
    accent: Accent = Accent.TEAL,
    is_public: bool = False,
    body_name: str = "",
    body_code: str = "ALL",
) -> Process:
    """Begin a process with its body, a group in which a signed-in `actor` becomes the first organiser.

    Raises `AddressTaken` when another process lies at `slug`.
    """
    require(may_create_process(actor))
    if Process.objects.filter(slug=slug).exists():
        raise AddressTaken(_("Another process lies at %(slug)s.") % {"slug": slug})
    body = create_group(actor=actor, name=body_name or name, code=body_code, kind=GroupKind.MOVEMENT, lang=lang)
    process = Process.objects.create(
        slug=slug,
        name=name,
        summary=summary,
        direction=direction,
        direction_html=render_blocks(direction),
        lang=lang,
        languages=list(languages) or [lang],
        time_zone=time_zone,
        accent=accent,
        is_public=is_public,
        body=body,
    )
    if isinstance(actor, User):
        add_member(actor=actor, group=body, user=actor, role=Role.ORGANISER)
    _index_process(process)
    record_event(actor=actor, verb="created process", subject=process)
    return process


@transaction.atomic
def change_process(
    *,
    actor: Actor,
    process: Process,
    name: str,
    summary: str,
    direction: str,
    lang: str,
    languages: Sequence[str],
    time_zone: str,
    accent: str,
    is_public: bool,
) -> Process:
    """Change what a process says of itself and who sees it. Its address is permanent."""
    require(may_edit_process(actor, process))
    fields = ["name", "summary", "direction", "lang", "languages", "time_zone", "accent", "is_public"]
    before = {field: getattr(process, field) for field in fields}
    process.name, process.summary, process.direction = name, summary, direction
    process.lang, process.languages, process.time_zone = lang, list(languages) or [lang], time_zone
    process.accent, process.is_public = accent, is_public
    process.direction_html = render_blocks(direction)
    process.save(update_fields=[*fields, "direction_html"])
    _index_process(process)
    mark_changed(process)
    record_event(actor=actor, verb="changed process", subject=process, detail={"before": before})
    return process


@transaction.atomic
def set_pillars(*, actor: Actor, process: Process, pillars: Sequence[PillarText]) -> list[Pillar]:
    """Replace the pillars by these, in this order; the audit event keeps the former."""
    require(may_edit_process(actor, process))
    before = list(process.pillars.values("name", "text", "lang"))
    process.pillars.all().delete()
    made = Pillar.objects.bulk_create(
        Pillar(
            process=process,
            position=position,
            name=pillar.name,
            text=pillar.text,
            text_html=render_blocks(pillar.text),
            lang=pillar.lang,
        )
        for position, pillar in enumerate(pillars)
    )
    _index_process(process)
    mark_changed(process)
    record_event(actor=actor, verb="set pillars", subject=process, detail={"before": before})
    return made


@transaction.atomic
def set_guiding_questions(
    *, actor: Actor, process: Process, questions: Sequence[Mapping[str, str]]
) -> list[GuidingQuestion]:
    """Replace the guiding questions by these, each a text by language; the audit event keeps the former.

    A question in several languages stands at one position.
    """
    require(may_edit_process(actor, process))
    before = list(process.guiding_questions.values("text", "lang", "position"))
    process.guiding_questions.all().delete()
    made = GuidingQuestion.objects.bulk_create(
        GuidingQuestion(process=process, position=position, text=text, lang=lang)
        for position, texts in enumerate(questions)
        for lang, text in texts.items()
    )
    mark_changed(process)
    record_event(actor=actor, verb="set guiding questions", subject=process, detail={"before": before})
    return made


def _check_phase_actions(actions: Sequence[str]) -> list[str]:
    for name in actions:
        if find_phase_action(name) is None:
            raise UnknownPhaseAction(_("No part of Harken offers “%(name)s”.") % {"name": name})
    return list(actions)


@transaction.atomic
def add_phase(
    *,
    actor: Actor,
    process: Process,
    name: str,
    opens_at: datetime.datetime | None,
    closes_at: datetime.datetime | None,
    actions: Sequence[str],
    description: str = "",
    lang: str = "",
) -> Phase:
    """Add a phase; raises `UnknownPhaseAction` for an action no room offers."""
    require(may_edit_process(actor, process))
    phase = Phase.objects.create(
        process=process,
        name=name,
        description=description,
        lang=lang or process.lang,
        opens_at=opens_at,
        closes_at=closes_at,
        actions=_check_phase_actions(actions),
    )
    mark_changed(process)
    record_event(actor=actor, verb="added phase", subject=process, detail={"phase": name, "opens": phase.actions})
    return phase


@transaction.atomic
def change_phase(
    *,
    actor: Actor,
    phase: Phase,
    name: str,
    description: str,
    lang: str,
    opens_at: datetime.datetime | None,
    closes_at: datetime.datetime | None,
    actions: Sequence[str],
) -> Phase:
    """Change a phase's window, words or open actions; the audit event keeps what was before."""
    require(may_edit_process(actor, phase.process))
    before = {
        "name": phase.name,
        "opens_at": phase.opens_at and phase.opens_at.isoformat(),
        "closes_at": phase.closes_at and phase.closes_at.isoformat(),
        "actions": phase.actions,
    }
    phase.name, phase.description, phase.lang = name, description, lang
    phase.opens_at, phase.closes_at = opens_at, closes_at
    phase.actions = _check_phase_actions(actions)
    phase.save()
    mark_changed(phase.process)
    record_event(actor=actor, verb="changed phase", subject=phase.process, detail={"before": before, "phase": phase.pk})
    return phase


@transaction.atomic
def remove_phase(*, actor: Actor, phase: Phase) -> None:
    """Take a phase out of the calendar; the audit event keeps what it was."""
    require(may_edit_process(actor, phase.process))
    detail = {"phase": phase.name, "opens": phase.actions}
    record_event(actor=actor, verb="removed phase", subject=phase.process, detail=detail)
    mark_changed(phase.process)
    phase.delete()


def _check_date(date: str) -> str:
    if date and not PARTIAL_DATE.fullmatch(date):
        raise NotADate(_("Write the date as 2019, 2019-09 or 2019-09-15, not “%(date)s”.") % {"date": date})
    return date


@transaction.atomic
def add_iteration(
    *,
    actor: Actor,
    process: Process,
    number: int,
    title: str,
    date: str = "",
    lang: str = "",
    languages: Sequence[str] = (),
    is_public: bool = True,
) -> Iteration:
    """Add a round of texts; it lies at `iteration-NUMBER`.

    Raises `AddressTaken` when the process has an iteration of this number, `NotADate` for an unreadable date.
    """
    require(may_edit_process(actor, process))
    if Iteration.objects.filter(process=process, number=number).exists():
        raise AddressTaken(_("There is an iteration %(number)s already.") % {"number": number})
    iteration = Iteration.objects.create(
        process=process,
        number=number,
        slug=f"iteration-{number}",
        title=title,
        date=_check_date(date),
        lang=lang or process.lang,
        languages=list(languages),
        is_public=is_public,
    )
    mark_changed(process)
    record_event(actor=actor, verb="added iteration", subject=iteration, detail={"process": process.slug})
    return iteration


@transaction.atomic
def change_iteration(
    *, actor: Actor, iteration: Iteration, title: str, date: str, lang: str, languages: Sequence[str], is_public: bool
) -> Iteration:
    """Change an iteration's title, date, languages or publication. Its number and address are permanent."""
    require(may_edit_process(actor, iteration.process))
    fields = ["title", "date", "lang", "languages", "is_public"]
    before = {field: getattr(iteration, field) for field in fields}
    iteration.title, iteration.date, iteration.lang = title, _check_date(date), lang
    iteration.languages, iteration.is_public = list(languages), is_public
    iteration.save(update_fields=fields)
    show_entries_below(f"{_address(iteration.process)}{iteration.slug}/", shown=is_public)
    mark_changed(iteration.process)
    record_event(actor=actor, verb="changed iteration", subject=iteration, detail={"before": before})
    return iteration


@transaction.atomic
def add_group(
    *,
    actor: Actor,
    process: Process,
    name: str,
    code: str,
    parent: Group | None = None,
    kind: GroupKind = GroupKind.WORKING_GROUP,
    lang: str = "",
    description: str = "",
) -> Group:
    """Add a group to those that carry the process, below its body unless `parent` says where. Raises `CodeTaken`."""
    group = create_group(
        actor=actor,
        name=name,
        code=code,
        kind=kind,
        parent=parent or process.body,
        lang=lang or process.lang,
        description=description,
    )
    _index_group(process, group)
    mark_changed(process)
    return group


@transaction.atomic
def describe_group(
    *,
    actor: Actor,
    process: Process,
    group: Group,
    name: str,
    lang: str,
    description: str,
    kind: GroupKind,
    parent: Group | None = None,
) -> Group:
    """Change what a group of the process is called, says of itself and, with `parent`, is part of.

    Raises `GroupCannotMove` for a parent that lies below the group or in another process.
    """
    if parent and parent.pk != group.parent_id:
        move_group(actor=actor, group=group, parent=parent)
    change_group(actor=actor, group=group, name=name, lang=lang, description=description, kind=kind)
    _index_group(process, group)
    mark_changed(process)
    return group


@transaction.atomic
def give_role(
    *,
    actor: Actor,
    process: Process,
    group: Group,
    user: User,
    role: Role,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> Membership:
    """Give somebody a role in one of the process's groups for a term."""
    membership = add_member(actor=actor, group=group, user=user, role=role, starts_on=starts_on, ends_on=ends_on)
    mark_changed(process)
    return membership


@transaction.atomic
def end_role(*, actor: Actor, process: Process, membership: Membership, on: datetime.date) -> Membership:
    """End a role in one of the process's groups on the day `on`; the term stays on record."""
    ended = end_membership(actor=actor, membership=membership, on=on)
    mark_changed(process)
    return ended
