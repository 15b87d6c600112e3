"""Saying how the texts of an iteration hang together: proposals by machine, decisions by people. Nothing is deleted.

Each write notes the change first: so it holds the process's row before any link, and two never wait for each other.
"""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.core.text.links import LinkParameters, LinkText, ProposedLink
from harken.core.text.links import propose_links as find_links
from harken.documents.actions.lineage import check_reason
from harken.documents.actions.locking import hold
from harken.documents.models import Document, EdgeState, Link, LinkDecision, LinkKind, PassageKind, Revision
from harken.documents.permissions import may_decide_links, may_see_link
from harken.documents.queries.texts import load_passages_of
from harken.people.models import Role
from harken.people.permissions import has_role
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration
from harken.processes.permissions import may_edit_process

SYMMETRIC = frozenset({LinkKind.CONFLICTS_WITH, LinkKind.OVERLAPS})
"""The kinds that say the same from either end."""


class NoSuchLink(Exception):
    """The two ends do not make a link: they are one text, or lie in different iterations."""


def _revision_of(document: Document) -> Revision | None:
    """What is compared: what readers see, so that a public link tells no word of a later draft; else the draft."""
    return document.published or document.current


def _texts_of(iteration: Iteration) -> list[LinkText]:
    documents = list(
        Document.objects.filter(iteration=iteration)
        .select_related("chapter__group", "published", "current")
        .order_by("chapter__position", "position", "id")
    )
    passages = load_passages_of([revision for one in documents if (revision := _revision_of(one))])
    left_out = {PassageKind.TITLE, PassageKind.HEADING}
    texts = []
    for document in documents:
        revision = _revision_of(document)
        said = passages[revision.pk] if revision else []
        group = document.chapter.group
        texts.append(
            LinkText(
                key=str(document.pk),
                code=document.code,
                title=document.title,
                text="\n".join(passage.text for passage in said if passage.kind not in left_out),
                group=group.code,
                group_name=group.name,
                number=document.number,
                language=document.lang,
            )
        )
    return texts


@transaction.atomic
def propose_links(*, actor: Actor, iteration: Iteration, parameters: LinkParameters | None = None) -> list[Link]:
    """Let the machine propose links among an iteration's texts; what exists, and what people decided, stays as it is.

    No two texts that a link of some kind joins already, whatever became of it, are proposed to overlap or conflict.
    Returns the proposals added.
    """
    process = iteration.process
    require(may_decide_links(actor, process))
    mark_changed(process)
    chosen = parameters or LinkParameters()
    existing = list(Link.objects.filter(iteration=iteration).values_list("source_id", "target_id", "kind"))
    joined = {frozenset((source, target)) for source, target, _kind in existing}
    made = Link.objects.bulk_create(
        _new_link(iteration, proposal, chosen)
        for proposal in find_links(_texts_of(iteration), parameters=chosen)
        if not _is_known(proposal, set(existing), joined)
    )
    detail = {"iteration": iteration.slug, "links": len(made), "parameters": str(chosen)}
    record_event(actor=actor, verb="proposed links", subject=iteration, detail=detail)
    return made


def _ends_of(source: int, target: int, kind: str) -> tuple[int, int]:
    """The ends as they are stored: the lower first for the kinds that say the same from either end."""
    return (min(source, target), max(source, target)) if kind in SYMMETRIC else (source, target)


def _is_known(
    proposal: ProposedLink, existing: Collection[tuple[int, int, str]], joined: Collection[frozenset[int]]
) -> bool:
    ends = _ends_of(int(proposal.source), int(proposal.target), proposal.kind)
    return (*ends, proposal.kind) in existing or (proposal.kind in SYMMETRIC and frozenset(ends) in joined)


def _new_link(iteration: Iteration, proposal: ProposedLink, parameters: LinkParameters) -> Link:
    source, target = _ends_of(int(proposal.source), int(proposal.target), proposal.kind)
    return Link(
        iteration=iteration,
        source_id=source,
        target_id=target,
        kind=LinkKind(proposal.kind),
        score=proposal.score,
        words=list(proposal.words),
        method=f"{proposal.method} {parameters}"[:200],
    )


def _groups_that_say_so(actor: Actor, link: Link, said_by: Collection[int]) -> set[int]:
    """The keys of the groups this word counts for: those `actor` writes for, and for organisers those they name."""
    groups = [link.source.chapter.group, link.target.chapter.group]
    own = {group.pk for group in groups if has_role(actor, group, Role.WRITER)}
    named = {group.pk for group in groups if group.pk in said_by}
    return own | named if named and may_edit_process(actor, link.iteration.process) else own


def _decide(*, actor: Actor, link: Link, state: EdgeState, reason: str, said_by: Collection[int]) -> None:
    LinkDecision.objects.create(
        link=link,
        state=state,
        kind=link.kind,
        reason=reason,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )
    groups = _groups_that_say_so(actor, link, said_by)
    agrees = state == EdgeState.ACCEPTED
    if link.source.chapter.group_id in groups:
        link.source_agrees = agrees
    if link.target.chapter.group_id in groups:
        link.target_agrees = agrees
    link.state, link.reason = state, reason
    link.save(update_fields=["state", "reason", "source_agrees", "target_agrees"])
    detail = {
        "state": state,
        "kind": link.kind,
        "reason": reason,
        "source": link.source.code,
        "target": link.target.code,
    }
    record_event(actor=actor, verb="decided link", subject=link, detail=detail)


def _lock(link: Link) -> Link:
    with_ends = Link.objects.select_related(
        "iteration__process__body", "source__chapter__group", "target__chapter__group"
    )
    locked = hold(with_ends).get(pk=link.pk)
    for end in (locked.source, locked.target):
        end.iteration = end.chapter.iteration = locked.iteration
    return locked


@transaction.atomic
def decide_link(
    *,
    actor: Actor,
    link: Link,
    state: EdgeState,
    reason: str,
    kind: LinkKind | None = None,
    is_turned: bool = False,
    said_by: Collection[int] = (),
) -> Link:
    """Accept or reject a link with a reason; deciding again adds a decision and keeps the former.

    Accepting it as another `kind`, or turned round, rejects this link and draws that one; the link that now stands is
    returned. A writer's word counts for the writer's own group; an organiser names the groups (keys) in `said_by`.
    """
    mark_changed(link.iteration.process)
    locked = _lock(link)
    require(may_decide_links(actor, locked.iteration.process))
    require(may_see_link(actor, locked))
    reason = check_reason(reason)
    ends = (locked.target, locked.source) if is_turned else (locked.source, locked.target)
    wanted = (*_ends_of(ends[0].pk, ends[1].pk, kind or locked.kind), kind or locked.kind)
    if state == EdgeState.ACCEPTED and wanted != (locked.source_id, locked.target_id, locked.kind):
        _decide(actor=actor, link=locked, state=EdgeState.REJECTED, reason=reason, said_by=())
        return _draw(actor=actor, ends=ends, kind=LinkKind(wanted[2]), reason=reason, said_by=said_by)
    _decide(actor=actor, link=locked, state=state, reason=reason, said_by=said_by)
    return locked


@transaction.atomic
def draw_link(
    *,
    actor: Actor,
    source: Document,
    target: Document,
    kind: LinkKind,
    reason: str,
    said_by: Collection[int] = (),
) -> Link:
    """Draw a link a person knows of, accepted at once; one that exists between these ends is decided anew instead.

    Raises `NoSuchLink` unless the ends are two texts of one iteration. `said_by` as in `decide_link`.
    """
    require(may_decide_links(actor, source.iteration.process))
    if source.iteration_id != target.iteration_id:
        raise NoSuchLink(_("A link joins texts of one iteration; what becomes of a text in the next is its lineage."))
    if source.pk == target.pk:
        raise NoSuchLink(_("Choose two different texts."))
    mark_changed(source.iteration.process)
    return _draw(actor=actor, ends=(source, target), kind=kind, reason=check_reason(reason), said_by=said_by)


def _draw(*, actor: Actor, ends: Sequence[Document], kind: LinkKind, reason: str, said_by: Collection[int]) -> Link:
    source, target = _ends_of(ends[0].pk, ends[1].pk, kind)
    link, _created = Link.objects.get_or_create(
        source_id=source, target_id=target, kind=kind, defaults={"iteration_id": ends[0].iteration_id}
    )
    locked = _lock(link)
    require(may_see_link(actor, locked))
    _decide(actor=actor, link=locked, state=EdgeState.ACCEPTED, reason=reason, said_by=said_by)
    return locked
