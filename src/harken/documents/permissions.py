"""Who may read, write and publish texts, and say what became of them."""

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.documents.models import Chapter, Document, EdgeState, Link, Position, Remark, Reviewer, Suggestion
from harken.documents.queries.reading import IS_PUBLISHED
from harken.people.models import Group, Role
from harken.people.permissions import has_role, has_role_within, is_operator
from harken.people.queries import current_memberships
from harken.processes.models import Iteration, Process
from harken.processes.permissions import (
    is_open,
    may_edit_process,
    may_see_iteration,
    may_see_process,
)


def _groups_drafting_with(actor: Actor) -> QuerySet[Group]:
    """The groups `actor` belongs to now in any role, and those below one where `actor` writes or organises."""
    memberships = current_memberships().filter(user_id=actor.pk)
    writes_above = (
        memberships.filter(role__in=[Role.WRITER, Role.ORGANISER])
        .annotate(place=ExpressionWrapper(OuterRef("path"), output_field=CharField()))
        .filter(place__startswith=F("group__path"))
    )
    return Group.objects.filter(Q(pk__in=memberships.values("group")) | Exists(writes_above))


def _own_drafts(actor: Actor) -> Q:
    """What selects the documents of the groups `actor` drafts with now, and of the chapters they review."""
    if not actor.is_authenticated or actor.pk is None:
        return Q(pk__in=[])
    chapters = Reviewer.objects.filter(user_id=actor.pk, ended_at=None).values("chapter")
    return Q(chapter__group__in=_groups_drafting_with(actor).values("pk")) | Q(chapter__in=chapters)


def documents_visible_to(actor: Actor, process: Process) -> QuerySet[Document]:
    """Published documents of the iterations `actor` may see, and drafts of their groups; none in a hidden process."""
    if not may_see_process(actor, process):
        return Document.objects.none()
    documents = Document.objects.filter(iteration__process=process)
    if may_edit_process(actor, process):
        return documents
    return documents.filter(IS_PUBLISHED | _own_drafts(actor))


def may_see_document(actor: Actor, document: Document) -> Permit:
    """The permit that pairs with `documents_visible_to`."""
    seen = may_see_process(actor, document.iteration.process)
    if not seen or (document.published_id and document.iteration.is_public):
        return seen
    drafts = may_read_draft(actor, document)
    if drafts or document.published_id is None:
        return drafts
    return may_see_iteration(actor, document.iteration)


def drafts_visible_to(actor: Actor, process: Process) -> QuerySet[Document]:
    """The documents whose drafts `actor` may read: their groups', those they review; an organiser reads all."""
    if not may_see_process(actor, process):
        return Document.objects.none()
    documents = Document.objects.filter(iteration__process=process)
    return documents if may_edit_process(actor, process) else documents.filter(_own_drafts(actor))


def drafting_spaces_visible_to(actor: Actor, process: Process) -> QuerySet[Chapter]:
    """The groups' spaces `actor` may look into; pairs with `may_see_drafts_of`."""
    if not may_see_process(actor, process):
        return Chapter.objects.none()
    chapters = Chapter.objects.filter(iteration__process=process)
    if may_edit_process(actor, process):
        return chapters
    if not actor.is_authenticated or actor.pk is None:
        return chapters.none()
    reviewed = Reviewer.objects.filter(user_id=actor.pk, ended_at=None).values("chapter")
    return chapters.filter(Q(group__in=_groups_drafting_with(actor).values("pk")) | Q(pk__in=reviewed))


def drafting_iterations_visible_to(actor: Actor, process: Process) -> QuerySet[Iteration]:
    """The iterations `actor` drafts or reviews for, also those in preparation: writers begin texts in any."""
    iterations = Iteration.objects.filter(process=process)
    if may_edit_process(actor, process) or (may_see_process(actor, process) and _is_writer(actor, process)):
        return iterations
    return iterations.filter(pk__in=drafting_spaces_visible_to(actor, process).values("iteration"))


def may_see_drafting(actor: Actor, iteration: Iteration) -> Permit:
    """The permit that pairs with `drafting_iterations_visible_to`."""
    if drafting_iterations_visible_to(actor, iteration.process).filter(pk=iteration.pk).exists():
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only those who write here, reviewers they invited and organisers see drafts."))


def with_draft_permit(actor: Actor, process: Process, documents: QuerySet[Document]) -> QuerySet[Document]:
    """`documents` that each know as `reads_draft` whether `actor` may read its draft, as `may_read_draft` says."""
    if may_edit_process(actor, process):
        return documents.annotate(reads_draft=Value(value=True))
    return documents.annotate(reads_draft=ExpressionWrapper(_own_drafts(actor), output_field=BooleanField()))


def may_read_draft(actor: Actor, document: Document) -> Permit:
    """Members of the document's group, reviewers it invited, and organisers; pairs with `drafts_visible_to`."""
    return may_see_drafts_of(actor, document.chapter)


def may_see_drafts_of(actor: Actor, chapter: Chapter) -> Permit:
    """Whether `actor` may look into a group's space of one iteration."""
    process = chapter.iteration.process
    if may_edit_process(actor, process):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    drafts_here = _groups_drafting_with(actor).filter(pk=chapter.group_id).exists()
    if drafts_here or Reviewer.objects.filter(user_id=actor.pk, chapter=chapter, ended_at=None).exists():
        return may_see_process(actor, process)
    return refuse(_("Only members of %(group)s and reviewers it invited read its drafts.") % {"group": chapter.group})


def _is_writer(actor: Actor, process: Process) -> bool:
    return has_role_within(actor, process.body, Role.WRITER)


def _may_write(actor: Actor, process: Process, action: str) -> Permit:
    """Organisers in every phase, since setting up is theirs; writers while a phase opens `action`."""
    if may_edit_process(actor, process):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if not _is_writer(actor, process):
        return refuse(_("Only organisers and writers of %(process)s can do this.") % {"process": process.name})
    return is_open(process, action)


def may_write_documents(actor: Actor, process: Process) -> Permit:
    """Bring texts in (phase action `draft`)."""
    return _may_write(actor, process, "draft")


def may_write_for(actor: Actor, group: Group, process: Process) -> Permit:
    """Begin and change a group's texts: its writers while a phase opens `draft`, organisers always."""
    if may_edit_process(actor, process):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if not has_role(actor, group, Role.WRITER):
        return refuse(_("Only writers of %(group)s and organisers can change its texts.") % {"group": group.name})
    return is_open(process, "draft")


def groups_to_write_for(actor: Actor, process: Process) -> QuerySet[Group]:
    """The groups of a process whose texts `actor` may begin and change; pairs with `may_write_for`."""
    groups = Group.objects.filter(path__startswith=process.body.path).order_by("position", "id")
    if may_edit_process(actor, process):
        return groups
    if not actor.is_authenticated or not is_open(process, "draft"):
        return groups.none()
    roles = current_memberships().filter(user_id=actor.pk, role=Role.WRITER)
    below = Q(pk__in=[])
    for path in roles.values_list("group__path", flat=True):
        below |= Q(path__startswith=path)
    return groups.filter(below)


def may_edit_document(actor: Actor, document: Document) -> Permit:
    """Save revisions of a document, publish them, decide on suggestions."""
    return may_write_for(actor, document.chapter.group, document.iteration.process)


def may_override_findings(actor: Actor, document: Document) -> Permit:
    """Publish in spite of blocking findings, with a reason: organisers alone."""
    return may_edit_process(actor, document.iteration.process)


def may_import_outline(actor: Actor, process: Process) -> Permit:
    """An import makes groups and iterations besides texts, so it is for organisers."""
    return may_edit_process(actor, process)


def may_decide_lineage(actor: Actor, process: Process) -> Permit:
    """Accept, reject and draw edges between iterations (phase action `connect`)."""
    return _may_write(actor, process, "connect")


def may_decide_links(actor: Actor, process: Process) -> Permit:
    """Accept, reject and draw links between documents of one iteration (phase action `connect`)."""
    return _may_write(actor, process, "connect")


def links_visible_to(actor: Actor, process: Process) -> QuerySet[Link]:
    """Links both of whose ends `actor` may see; what nobody accepted only for those who decide: organisers, writers."""
    documents = documents_visible_to(actor, process)
    links = Link.objects.filter(iteration__process=process, source__in=documents, target__in=documents)
    if may_edit_process(actor, process) or _is_writer(actor, process):
        return links
    return links.filter(state=EdgeState.ACCEPTED)


def may_see_link(actor: Actor, link: Link) -> Permit:
    """The permit that pairs with `links_visible_to`."""
    ends = may_see_document(actor, link.source) and may_see_document(actor, link.target)
    process = link.iteration.process
    if not ends or link.state == EdgeState.ACCEPTED or may_edit_process(actor, process) or _is_writer(actor, process):
        return ends
    return refuse(_("Nobody has accepted this link yet."))


def may_suggest(actor: Actor, document: Document) -> Permit:
    """Propose new words: whoever reads the draft, and while a phase opens `suggest`, whoever is signed in."""
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if may_read_draft(actor, document):
        return GRANTED
    return may_see_document(actor, document) and is_open(document.iteration.process, "suggest")


def suggestions_visible_to(actor: Actor, document: Document) -> QuerySet[Suggestion]:
    """Suggestions on the published text for whoever sees it; those on a private draft for whoever reads the draft."""
    suggestions = Suggestion.objects.filter(document=document)
    if may_read_draft(actor, document):
        return suggestions
    if not may_see_document(actor, document):
        return suggestions.none()
    return suggestions.filter(is_private=False)


def may_see_suggestion(actor: Actor, suggestion: Suggestion) -> Permit:
    """The permit that pairs with `suggestions_visible_to`."""
    document = suggestion.document
    return may_read_draft(actor, document) if suggestion.is_private else may_see_document(actor, document)


def may_decide_suggestion(actor: Actor, suggestion: Suggestion) -> Permit:
    """Accept or decline: whoever may edit the document."""
    return may_edit_document(actor, suggestion.document)


def may_withdraw_suggestion(actor: Actor, suggestion: Suggestion) -> Permit:
    """Take one's own suggestion back, or renew it after the text moved on."""
    if actor.is_authenticated and actor.pk is not None and actor.pk == suggestion.author_id:
        return GRANTED
    return refuse(_("Only %(name)s can do this.") % {"name": suggestion.author_name})


def may_remark(actor: Actor, document: Document) -> Permit:
    """Remark on a quote of a draft: whoever reads the draft."""
    return may_read_draft(actor, document)


def may_discuss_suggestion(actor: Actor, suggestion: Suggestion) -> Permit:
    """Say something about a suggestion: whoever sees it and may suggest, and its author."""
    if actor.is_authenticated and actor.pk is not None and actor.pk == suggestion.author_id:
        return GRANTED
    return may_see_suggestion(actor, suggestion) and may_suggest(actor, suggestion.document)


def may_resolve_remark(actor: Actor, remark: Remark) -> Permit:
    """Say that a remark is dealt with, or take that back: its author, and whoever reads the draft."""
    if actor.is_authenticated and actor.pk is not None and actor.pk == remark.author_id:
        return GRANTED
    return may_read_draft(actor, remark.document)


def remarks_visible_to(actor: Actor, document: Document) -> QuerySet[Remark]:
    """Remarks on the draft for whoever reads it; on a suggestion for whoever sees the suggestion."""
    remarks = Remark.objects.filter(document=document)
    if may_read_draft(actor, document):
        return remarks
    return remarks.filter(suggestion__in=suggestions_visible_to(actor, document))


def may_state_position(actor: Actor, document: Document) -> Permit:
    """Say where one stands on a text: members of the document's group."""
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    group = document.chapter.group
    if current_memberships().filter(user_id=actor.pk, group_id=group.pk).exists():
        return GRANTED
    return refuse(_("Only members of %(group)s take a position on its texts.") % {"group": group.name})


def positions_visible_to(actor: Actor, document: Document) -> QuerySet[Position]:
    """Every position in full, for members of the document's group; others see what the group shows."""
    positions = Position.objects.filter(revision__document=document)
    return positions if may_see_positions(actor, document) else positions.none()


def may_see_positions(actor: Actor, document: Document) -> Permit:
    """The permit that pairs with `positions_visible_to`."""
    if may_state_position(actor, document):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    group = document.chapter.group
    return refuse(_("Only members of %(group)s see each other's positions.") % {"group": group.name})


def may_show_positions(actor: Actor, document: Document) -> Permit:
    """Say how much readers see of where members stand: the group's writers and its organisers."""
    group = document.chapter.group
    if is_operator(actor) or has_role(actor, group, Role.WRITER, Role.ORGANISER):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only writers and organisers of %(group)s decide what readers see.") % {"group": group.name})


def may_accept_document(actor: Actor, document: Document) -> Permit:
    """Accept a published text that asks for it: whoever is signed in and sees it."""
    if document.template is None or not document.template.asks_acceptance or document.published_id is None:
        return refuse(_("This text does not ask to be accepted."))
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return may_see_document(actor, document)


def may_edit_templates(actor: Actor, process: Process) -> Permit:
    """Organisers say what a kind of document is made of."""
    return may_edit_process(actor, process)


def may_manage_reviewers(actor: Actor, chapter: Chapter) -> Permit:
    """Invite reviewers into a group's space: its writers, its own organisers, and the process's organisers."""
    process = chapter.iteration.process
    if may_edit_process(actor, process) or has_role(actor, chapter.group, Role.WRITER, Role.ORGANISER):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only writers and organisers of %(group)s invite reviewers.") % {"group": chapter.group.name})
