"""Write the sample process through the same actions that forms and commands use."""

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor
from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import decide_edge, draw_edge, propose_edges
from harken.documents.models import Document, EdgeState, LineageKind
from harken.pages.sample.content import SampleLineage, SampleProcess
from harken.pages.sample.generator import generate_process
from harken.pages.sample.heard import let_people_speak, prepare_what_was_said
from harken.pages.sample.iterations import write_iteration
from harken.pages.sample.story import tell_story
from harken.pages.sample.story.told import Told
from harken.pages.sample.templates import write_templates
from harken.pages.sample.themes import code_by_theme
from harken.people.actions import add_member, create_user
from harken.people.models import Group, GroupKind, Role, User
from harken.processes.actions import (
    PillarText,
    add_group,
    add_phase,
    create_process,
    describe_group,
    set_guiding_questions,
    set_pillars,
)
from harken.processes.models import Accent, Process

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
    around = reference or timezone.localdate()
    sample = generate_process(scale=scale, seed=SEED, reference=around)
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
    people = _write_people(sample)
    groups, writers = _write_groups(process, sample, people)
    template = write_templates(OPERATOR, process, sample.section_titles)
    documents: dict[str, Document] = {}
    iterations = []
    for each in sample.iterations:
        iteration, made = write_iteration(
            process=process, each=each, sample=sample, groups=groups, writers=writers, template=template
        )
        iterations.append(iteration)
        documents |= made
    for earlier, later in pairwise(iterations):
        propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    _write_lineage(process, sample.lineage, documents)
    told = Told(process, around, people, groups)
    if scale == 1:
        tell_story(told)
        let_people_speak(told)
    # The phases come last: before there is one, everything is open and the groups can write.
    _write_phases(process, sample)
    if scale == 1:
        # By the phases it is known until when something should have its answer.
        prepare_what_was_said(told)
        code_by_theme(told)
    return address


def _write_direction(process: Process, sample: SampleProcess) -> None:
    pillars = [PillarText(pillar.title, pillar.text, sample.lang) for pillar in sample.pillars]
    set_pillars(actor=OPERATOR, process=process, pillars=pillars)
    set_guiding_questions(actor=OPERATOR, process=process, questions=sample.questions)


def _write_people(sample: SampleProcess) -> dict[str, User]:
    """Everybody's account; only the cast of the demo has a password, and nobody is made twice."""
    known = User.objects.in_bulk(field_name="username")
    people = {}
    made: list[User] = []
    for person in sample.people:
        found = known.get(person.key)
        if found is None:
            # Hashing takes its time by design, and this password is everybody's: it is hashed for the first of them.
            is_first = person.key in SAMPLE_ROLES and not made
            found = create_user(
                username=person.key,
                password=PASSWORD if is_first else None,
                display_name=person.name,
                lang=person.languages[0],
            )
            if person.key in SAMPLE_ROLES:
                made.append(found)
        people[person.key] = found
    for user in made[1:]:
        user.password = made[0].password
    User.objects.bulk_update(made[1:], ["password"])
    return people


def _write_groups(
    process: Process, sample: SampleProcess, people: Mapping[str, User]
) -> tuple[dict[str, Group], dict[str, User]]:
    """The tree of groups with their members; and, for each group, one of its writers."""
    groups: dict[str, Group] = {}
    writers: dict[str, User] = {}
    # Whatever day the sample is loaded for, its people have their roles today.
    since = min(sample.phases[0].first_day, timezone.localdate())
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
