"""Writes of a group's own space: beginning it, beginning texts in it, and whom it invites to review them."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.locking import hold, lock_document, lock_iteration
from harken.documents.actions.ready import make_ready
from harken.documents.actions.saving import save_revision
from harken.documents.actions.templates import stored_template
from harken.documents.actions.texts import create_documents, write_chapter
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import ChangeClass, Chapter, Document, DocumentKind, PassageKind, Reviewer
from harken.documents.permissions import may_edit_document, may_manage_reviewers, may_see_drafts_of, may_write_for
from harken.documents.queries.drafting import find_space, free_codes
from harken.documents.queries.texts import load_passages
from harken.documents.sections import place_in_sections
from harken.people.models import Group, User
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration
from harken.processes.permissions import may_see_process


class ReadsAlready(Exception):
    """Whoever is invited reads the drafts already."""


class CannotReview(Exception):
    """Whoever is invited could not see the drafts even then."""


@transaction.atomic
def begin_space(*, actor: Actor, iteration: Iteration, group: Group) -> Chapter:
    """Begin a group's part of an iteration, after those that are there; one that was begun stays as it is."""
    require(may_write_for(actor, group, iteration.process))
    lock_iteration(iteration)
    begun = find_space(iteration, group.code)
    if begun:
        return begun
    last = Chapter.objects.filter(iteration=iteration).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return write_chapter(actor=actor, iteration=iteration, group=group, position=position, lang=group.lang)


@transaction.atomic
def begin_document(
    *, actor: Actor, chapter: Chapter, template: str, title: str, lang: str, code: str = "", heading: str = ""
) -> Document:
    """Begin a text by a template of the process (its slug), as a private draft that holds its title.

    Without a `code` it gets the group's next free one. Raises `NoSuchTemplate`, `NoTitle`, `CodeUsed`.
    """
    process = chapter.iteration.process
    require(may_write_for(actor, chapter.group, process))
    lock_iteration(chapter.iteration)
    chosen = stored_template(actor=actor, process=process, slug=template)
    kind = DocumentKind(chosen.kind)
    last = Document.objects.filter(chapter=chapter).aggregate(last=Max("position"))["last"]
    draft = DraftDocument(
        code=code or free_codes(chapter.iteration, chapter.group.code, [kind])[kind],
        passages=(DraftPassage(PassageKind.TITLE, title),),
        position=0 if last is None else last + 1,
        lang=lang,
        heading=heading,
        kind=kind,
        template=chosen,
    )
    [made] = create_documents(actor=actor, chapter=chapter, drafts=[draft], publish=False)
    return made


@transaction.atomic
def invite_reviewer(*, actor: Actor, chapter: Chapter, user: User) -> Reviewer:
    """Let somebody read the drafts of a group's space and remark on them. Raises `ReadsAlready`, `CannotReview`."""
    require(may_manage_reviewers(actor, chapter))
    hold(Chapter.objects.all()).get(pk=chapter.pk)  # sent twice, the second finds the first
    if may_see_drafts_of(user, chapter):
        raise ReadsAlready(_("%(name)s reads these drafts already.") % {"name": user.name})
    if not may_see_process(user, chapter.iteration.process):
        raise CannotReview(
            _("%(name)s has no role in this process, which is not public yet. An organiser can give one.")
            % {"name": user.name}
        )
    made = Reviewer.objects.create(chapter=chapter, user=user, invited_by_name=name_of(actor), at=timezone.now())
    record_event(actor=actor, verb="invited reviewer", subject=chapter, detail={"user": user.pk})
    return made


@transaction.atomic
def end_review(*, actor: Actor, reviewer: Reviewer) -> Reviewer:
    """End an invitation; that there was one stays on record. One that has ended stays as it is."""
    require(may_manage_reviewers(actor, reviewer.chapter))
    locked = hold(Reviewer.objects.all()).get(pk=reviewer.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        record_event(actor=actor, verb="ended review", subject=reviewer.chapter, detail={"user": reviewer.user_id})
    return locked


@transaction.atomic
def follow_template(*, actor: Actor, document: Document, template: str) -> Document:
    """Let a text follow a template of its process (its slug); no word of it changes for readers.

    Where headings of the draft say what the template's sections are called, a new revision of the draft puts the words
    under them into these sections. Raises `NoSuchTemplate`.
    """
    require(may_edit_document(actor, document))
    locked = lock_document(document)
    process = locked.iteration.process
    locked.template = stored_template(actor=actor, process=process, slug=template)
    locked.save(update_fields=["template"])
    document.template = locked.template
    if locked.current:
        before = [passage.to_draft() for passage in load_passages(locked.current)]
        after = place_in_sections(before, locked.template.sections)
        if after != before:
            note = _("Put under the sections of “%(template)s”.") % {"template": locked.template}
            save_revision(actor=actor, document=document, passages=after, note=note, change_class=ChangeClass.TYPO)
    if locked.published:
        make_ready([locked])
        mark_changed(process)
    record_event(actor=actor, verb="chose template", subject=locked, detail={"template": template})
    return document
