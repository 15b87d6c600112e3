"""Write the sample process through the same actions that forms and commands use."""

import datetime
import re
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor
from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import decide_edge, draw_edge, propose_edges
from harken.documents.actions.texts import create_documents, write_chapter
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Document, EdgeState, LineageKind, PassageKind
from harken.pages.sample.content import SampleIteration, SampleLineage, SampleProcess, SampleRecommendation
from harken.pages.sample.generator import generate_process
from harken.people.actions import add_member, create_user
from harken.people.models import Group, GroupKind, Role, User
from harken.processes.actions import (
    PillarText,
    add_group,
    add_iteration,
    add_phase,
    create_process,
    describe_group,
    set_guiding_questions,
    set_pillars,
)
from harken.processes.models import Accent, Iteration, Process

SEED: Final = 2036
PASSWORD: Final = "mend-and-lend"  # noqa: S105 - printed for whoever tries the sample; never for a real process
SAMPLE_ROLES: Final = {
    "amina": "organiser",
    "bruno": "writer",
    "chen": "liaison",
    "dalia": "participant",
    "esra": "translator",
    "gulnara": "moderator",
    "henrique": "responder",
}
_LIST_MARK: Final = re.compile(r"^(?:-|\d+\.) ")


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """An account of the sample, for whoever tries it."""

    username: str
    password: str
    role: str


SAMPLE_LOGINS: Final = tuple(SampleLogin(name, PASSWORD, role) for name, role in SAMPLE_ROLES.items())


def _slug_of(sample: SampleProcess, scale: int) -> str:
    return sample.slug if scale == 1 else f"{sample.slug}-{scale}"


def sample_is_loaded() -> bool:
    """Whether the hand-written sample is there."""
    sample = generate_process(scale=1, seed=SEED, reference=timezone.localdate())
    return Process.objects.filter(slug=sample.slug).exists()


@transaction.atomic
def load_sample(*, scale: int = 1, slug: str = "", reference: datetime.date | None = None) -> str:
    """Load the sample `scale` times as large around the day `reference` (today unless given); returns its slug.

    What is there already is left alone: a second call changes nothing.
    """
    sample = generate_process(scale=scale, seed=SEED, reference=reference or timezone.localdate())
    address = slug or _slug_of(sample, scale)
    if Process.objects.filter(slug=address).exists():
        return address
    process = create_process(
        actor=OPERATOR,
        slug=address,
        name=sample.title,
        summary=sample.summary,
        direction="\n\n".join([sample.direction, *sample.about]),
        lang=sample.lang,
        languages=sample.languages,
        accent=Accent(sample.accent),
        is_public=True,
        body_name=sample.movement,
        body_code=next(iter(sample.groups)).code,
    )
    _write_direction(process, sample)
    groups, writers = _write_groups(process, sample)
    documents: dict[str, Document] = {}
    iterations = [_write_iteration(process, each, sample, groups, writers, documents) for each in sample.iterations]
    for earlier, later in pairwise(iterations):
        propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    _write_lineage(process, sample.lineage, documents)
    # The phases come last: before there is one, everything is open and the groups can write.
    _write_phases(process, sample)
    return address


def _write_direction(process: Process, sample: SampleProcess) -> None:
    pillars = [PillarText(pillar.title, pillar.text, sample.lang) for pillar in sample.pillars]
    set_pillars(actor=OPERATOR, process=process, pillars=pillars)
    questions = [(text, sample.lang) for text in sample.questions]
    set_guiding_questions(actor=OPERATOR, process=process, questions=questions)


def _write_people(sample: SampleProcess) -> dict[str, User]:
    """Everybody's account; only the cast of the demo has a password, and nobody is made twice."""
    known = User.objects.in_bulk(field_name="username")
    people = {}
    for person in sample.people:
        found = known.get(person.key)
        people[person.key] = found or create_user(
            username=person.key,
            password=PASSWORD if person.key in SAMPLE_ROLES else None,
            display_name=person.name,
            lang=person.languages[0],
        )
    return people


def _write_groups(process: Process, sample: SampleProcess) -> tuple[dict[str, Group], dict[str, User]]:
    """The tree of groups with their members; and, for each group, one of its writers."""
    people = _write_people(sample)
    groups: dict[str, Group] = {}
    writers: dict[str, User] = {}
    since = sample.phases[0].first_day
    for each in sample.groups:
        if not each.parent_key:
            group = process.body
            describe_group(
                actor=OPERATOR,
                process=process,
                group=group,
                name=each.name,
                lang=each.lang,
                description=each.remit,
                kind=GroupKind(each.kind),
            )
        else:
            group = add_group(
                actor=OPERATOR,
                process=process,
                name=each.name,
                code=each.code,
                kind=GroupKind(each.kind),
                parent=groups[each.parent_key],
                lang=each.lang,
                description=each.remit,
            )
        groups[each.key] = group
        for member in each.members:
            role = Role(member.role) if member.role in Role.values else Role.MEMBER
            add_member(actor=OPERATOR, group=group, user=people[member.person_key], role=role, starts_on=since)
            if role == Role.WRITER:
                writers.setdefault(each.key, people[member.person_key])
    return groups, writers


def _write_iteration(
    process: Process,
    each: SampleIteration,
    sample: SampleProcess,
    groups: dict[str, Group],
    writers: dict[str, User],
    documents: dict[str, Document],
) -> Iteration:
    iteration = add_iteration(
        actor=OPERATOR,
        process=process,
        number=each.number,
        title=each.title,
        date=each.published_on.isoformat(),
        languages=sample.languages,
    )
    iteration.process = process
    notes = {note.group_key: note for note in each.notes}
    texts: dict[str, list[SampleRecommendation]] = defaultdict(list)
    for recommendation in each.recommendations:
        texts[recommendation.group_key].append(recommendation)
    working = [group for group in sample.groups if groups[group.key].kind == GroupKind.WORKING_GROUP]
    for position, group in enumerate(working):
        note = notes.get(group.key)
        chapter = write_chapter(
            actor=OPERATOR,
            iteration=iteration,
            group=groups[group.key],
            position=position,
            lang=group.lang,
            notes=[note.text] if note else [],
            headings=list(group.questions),
        )
        written = texts[group.key]
        author: Actor = writers.get(group.key, OPERATOR)
        made = create_documents(
            actor=author, chapter=chapter, drafts=[_draft(one, place) for place, one in enumerate(written)]
        )
        documents.update(zip((one.key for one in written), made, strict=True))
    return iteration


def _draft(recommendation: SampleRecommendation, position: int) -> DraftDocument:
    passages = tuple(
        DraftPassage(PassageKind(one.kind), _LIST_MARK.sub("", one.text) if one.kind == "item" else one.text)
        for one in recommendation.passages()
    )
    return DraftDocument(
        code=recommendation.code,
        passages=passages,
        position=position,
        lang=recommendation.lang,
        number=recommendation.number,
        heading=recommendation.heading,
    )


def _write_lineage(process: Process, lineage: Iterable[SampleLineage], documents: dict[str, Document]) -> None:
    """What people decided; edges that are only proposed were left to the machine."""
    people = User.objects.in_bulk(field_name="username")
    for edge in lineage:
        if edge.state == "proposed":
            continue
        actor: Actor = people.get(edge.decided_by, OPERATOR)
        kind = LineageKind(edge.kind)
        for earlier in edge.from_keys or ("",):
            for later in edge.to_keys or ("",):
                ends = documents.get(earlier), documents.get(later)
                drawn = draw_edge(
                    actor=actor, process=process, earlier=ends[0], later=ends[1], kind=kind, reason=edge.reason
                )
                if edge.state == "rejected":
                    decide_edge(actor=actor, edge=drawn, state=EdgeState.REJECTED, kind=kind, reason=edge.reason)


def _write_phases(process: Process, sample: SampleProcess) -> None:
    zone = zoneinfo.ZoneInfo(process.time_zone)
    for phase in sample.phases:
        first = datetime.datetime.combine(phase.first_day, datetime.time(), tzinfo=zone)
        after = datetime.datetime.combine(phase.last_day + datetime.timedelta(days=1), datetime.time(), tzinfo=zone)
        add_phase(
            actor=OPERATOR,
            process=process,
            name=phase.title,
            description=phase.summary,
            opens_at=first,
            closes_at=after,
            actions=phase.opens,
        )
