"""Importing an outline: everything the plan says, in one transaction, or nothing."""

import datetime
import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.core.outline import Outline, Window
from harken.documents.actions.locking import hold, lock_iteration
from harken.documents.actions.publication import revise_document
from harken.documents.actions.texts import create_documents, write_chapter
from harken.documents.models import Document, OutlineDraft
from harken.documents.outline_corrections import CannotCorrect, correct_outline
from harken.documents.permissions import may_import_outline
from harken.documents.queries.outline_plan import (
    ChapterPlan,
    DocumentPlan,
    IterationPlan,
    OutlinePlan,
    plan_outline,
)
from harken.people.models import Group, User
from harken.processes.actions import add_group, add_iteration, add_phase, mark_changed, set_guiding_questions
from harken.processes.models import Iteration, Process
from harken.processes.queries import questions_by_language

__all__ = [
    "CannotCorrect",
    "NothingToImport",
    "confirm_outline_draft",
    "correct_outline_draft",
    "import_outline",
    "keep_outline_draft",
]


class NothingToImport(Exception):
    """The file holds no iteration with a group, so there is nothing to write."""


@transaction.atomic
def import_outline(*, actor: Actor, plan: OutlinePlan, source: str) -> dict[str, int]:
    """Write what `plan` says and return its counts. `source` names the file for the revisions' notes.

    Raises `NothingToImport` for an outline without any group.
    """
    process = plan.process
    require(may_import_outline(actor, process))
    if not any(iteration.chapters for iteration in plan.iterations):
        raise NothingToImport(_("%(source)s: no group with recommendations was found.") % {"source": source})
    if plan.changes_nothing:
        return plan.counts
    _hold_what_changes(plan)
    groups: dict[str, Group] = {}
    for iteration_plan in sorted(plan.iterations, key=lambda one: one.number):
        iteration = iteration_plan.iteration or _add_iteration(actor, plan, iteration_plan)
        for position, chapter_plan in enumerate(iteration_plan.chapters):
            _import_chapter(actor, plan, iteration, chapter_plan, position, groups, source)
    _import_calendar(actor, plan)
    mark_changed(process)
    record_event(
        actor=actor, verb="imported outline", subject=process, detail={"source": source, "counts": plan.counts}
    )
    return plan.counts


def _hold_what_changes(plan: OutlinePlan) -> None:
    """Iterations and documents first, in the order in which everybody locks."""
    for one in sorted(plan.iterations, key=lambda one: one.number):
        if one.iteration:
            lock_iteration(one.iteration)
    rows = [row for one in plan.iterations for chapter in one.chapters for row in chapter.documents]
    known = [row.document.pk for row in rows if row.document]
    list(hold(Document.objects.filter(pk__in=known)).order_by("pk").values_list("pk"))


def _add_iteration(actor: Actor, plan: OutlinePlan, item: IterationPlan) -> Iteration:
    return add_iteration(
        actor=actor,
        process=plan.process,
        number=item.number,
        title=item.outline.title,
        date=item.outline.date,
        lang=plan.lang,
        languages=item.outline.languages,
    )


def _import_chapter(
    actor: Actor,
    plan: OutlinePlan,
    iteration: Iteration,
    item: ChapterPlan,
    position: int,
    groups: dict[str, Group],
    source: str,
) -> None:
    group = item.group or groups.get(item.outline.code)
    if group is None:
        group = add_group(
            actor=actor, process=plan.process, name=item.outline.name, code=item.outline.code, lang=plan.lang
        )
    groups[item.outline.code] = group
    chapter = item.chapter
    if chapter is None or item.is_changed:
        chapter = write_chapter(
            actor=actor,
            iteration=iteration,
            group=group,
            position=chapter.position if chapter else position,
            lang=chapter.lang if chapter else plan.lang,
            notes=item.outline.notes,
            headings=item.outline.headings,
        )
    new = [row.draft for row in item.documents if row.status == "new"]
    if new:
        create_documents(actor=actor, chapter=chapter, drafts=new, note=source)
    for row in item.documents:
        if row.document and row.status in {"changed", "moved"}:
            _change_document(actor, row.document, row, source)


def _change_document(actor: Actor, document: Document, row: DocumentPlan, source: str) -> None:
    document.number, document.heading, document.position = row.draft.number, row.draft.heading, row.draft.position
    document.save(update_fields=["number", "heading", "position"])
    if row.status == "changed":
        revise_document(actor=actor, document=document, passages=row.draft.passages, note=source)


def _import_calendar(actor: Actor, plan: OutlinePlan) -> None:
    process = plan.process
    if plan.languages:
        process.languages = [*process.languages, *plan.languages]
        process.save(update_fields=["languages"])
    if plan.questions:
        questions = [*questions_by_language(process), *({plan.lang: text} for text in plan.questions)]
        set_guiding_questions(actor=actor, process=process, questions=questions)
    for window in plan.windows:
        _add_window(actor, process, window, plan.lang)


def _add_window(actor: Actor, process: Process, window: Window, lang: str) -> None:
    """A phase for input: it opens as its day begins and closes as its last day ends, in the process's time zone."""
    zone = zoneinfo.ZoneInfo(process.time_zone)

    def at(date: str, days: int) -> datetime.datetime | None:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            return None
        day = datetime.date.fromisoformat(date) + datetime.timedelta(days=days)
        return datetime.datetime.combine(day, datetime.time(), tzinfo=zone)

    # The name is the interface's word in the language of the page, or in English where the interface lacks it.
    spoken = lang if lang in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(spoken):
        name = _("Open for input")
    add_phase(
        actor=actor,
        process=process,
        name=name,
        description=window.text,
        lang=lang,
        opens_at=at(window.opens, 0),
        closes_at=at(window.closes, 1),
        actions=["read", "give_input"],
    )


@transaction.atomic
def keep_outline_draft(*, actor: User, process: Process, name: str, lang: str, outline: dict[str, Any]) -> OutlineDraft:
    """Keep a read outline for its preview; nothing of it is in the process yet."""
    require(may_import_outline(actor, process))
    return OutlineDraft.objects.create(process=process, by=actor, name=name[:300], lang=lang, outline=outline)


@transaction.atomic
def correct_outline_draft(*, actor: User, draft: OutlineDraft, fields: Mapping[str, str]) -> OutlineDraft:
    """Take a person's corrections into a draft. Raises `CannotCorrect`; a draft that was imported stays as it was."""
    require(may_import_outline(actor, draft.process))
    if draft.imported_at is None:
        draft.outline = correct_outline(draft.outline, fields)
        draft.save(update_fields=["outline"])
    return draft


@transaction.atomic
def confirm_outline_draft(*, actor: User, draft: OutlineDraft) -> dict[str, int]:
    """Import a draft against what is on record now; a second click imports nothing. Raises `NothingToImport`."""
    locked = hold(OutlineDraft.objects.all()).get(pk=draft.pk)
    plan = plan_outline(draft.process, Outline.from_json(locked.outline), lang=locked.lang)
    if locked.imported_at:
        return plan.counts
    counts = import_outline(actor=actor, plan=plan, source=locked.name)
    locked.imported_at = timezone.now()
    locked.save(update_fields=["imported_at"])
    return counts
