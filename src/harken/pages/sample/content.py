"""Read the hand-written sample process from the TOML files in `content/` into frozen dataclasses.

`process.toml` holds the process, its phases, its iterations and the tree of groups; `groups/` has one file
for each working group with its recommendations; `people.toml` is everyone; `lineage.toml` the edges between
the iterations. Days in the files count from a reference date that the caller gives, so that the sample always
has a phase that is open.
"""

import datetime
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal

PassageKind = Literal["title", "alternative", "summary", "heading", "paragraph", "item"]
LineageState = Literal["accepted", "rejected", "proposed"]

SECTION_KEYS = ("what", "why", "how", "who", "harm")
"""The sections of a recommendation in reading order; their titles in each language are in `process.toml`."""

PHASE_ACTIONS = ("read", "give_input", "suggest", "draft", "connect")
"""Every action that a phase of the sample opens."""

GROUP_KINDS = ("movement", "council", "core-team", "hub", "affiliate", "working-group")
"""Every kind of group in the sample."""

ROLES = ("organiser", "writer", "liaison", "translator", "moderator", "responder", "member")
"""Every role that a member of a sample group has."""

_ITEM = re.compile(r"(?:-|\d+\.) ")


@dataclass(frozen=True, slots=True)
class SamplePassage:
    """One passage in CommonMark. An item keeps its list marker (`- ` or `1. `)."""

    kind: PassageKind
    text: str


@dataclass(frozen=True, slots=True)
class SampleSection:
    """A section of a recommendation; its key is one of `SECTION_KEYS`, its title in the text's language."""

    key: str
    title: str
    passages: tuple[SamplePassage, ...]


@dataclass(frozen=True, slots=True)
class SampleRecommendation:
    """A recommendation as one iteration has it.

    `key` is `ITERATION/CODE`, such as `2/TS-R5`, and unique in the process; `code` is unique within the
    iteration. `heading` is the question or sub-heading that it stands under in its group, or empty.
    """

    key: str
    code: str
    number: int
    group_key: str
    iteration: int
    title: str
    lang: str
    summary: str
    alternatives: tuple[str, ...]
    heading: str
    sections: tuple[SampleSection, ...]

    def passages(self) -> Iterator[SamplePassage]:
        """Everything that is read on the recommendation's page, in order, section titles as headings."""
        yield SamplePassage("title", self.title)
        for alternative in self.alternatives:
            yield SamplePassage("alternative", alternative)
        yield SamplePassage("summary", self.summary)
        for section in self.sections:
            yield SamplePassage("heading", section.title)
            yield from section.passages


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody in the process; a visitor of the demo can be one who `may_sign_in`. `place` may be empty."""

    key: str
    name: str
    languages: tuple[str, ...]
    place: str
    pseudonym: bool
    may_sign_in: bool


@dataclass(frozen=True, slots=True)
class SampleMember:
    """A person's role (one of `ROLES`) in a group."""

    person_key: str
    role: str


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """A group in the tree; only the movement has an empty `parent_key`, and parents come before children."""

    key: str
    code: str
    name: str
    kind: str
    lang: str
    parent_key: str
    remit: str
    questions: tuple[str, ...]
    members: tuple[SampleMember, ...]


@dataclass(frozen=True, slots=True)
class SampleNote:
    """What a group says about all its recommendations of one iteration, or about having none."""

    group_key: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleIteration:
    """A published round. `recommendations` can be iterated any number of times and may be made on the way."""

    number: int
    title: str
    published_on: datetime.date
    summary: str
    notes: tuple[SampleNote, ...]
    recommendation_count: int
    recommendations: Iterable[SampleRecommendation]


@dataclass(frozen=True, slots=True)
class SamplePhase:
    """A window of the process, both days included, and the actions (of `PHASE_ACTIONS`) that it opens."""

    key: str
    title: str
    summary: str
    first_day: datetime.date
    last_day: datetime.date
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamplePillar:
    """One of the pillars of the direction."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleLineage:
    """An edge from recommendations of one iteration to those of the next, by key.

    Somebody (`decided_by`, a person's key) accepted or rejected it for a reason; one that is only proposed is
    left for the program to find, and has neither.
    """

    kind: str
    from_keys: tuple[str, ...]
    to_keys: tuple[str, ...]
    state: LineageState
    reason: str
    decided_by: str

    @property
    def accepted(self) -> bool:
        return self.state == "accepted"


@dataclass(frozen=True, slots=True)
class SampleProcess:
    """The whole sample. The iterables can be iterated any number of times and give the same each time.

    `accent` is the name of one of the colours that a process can have. `section_titles` maps languages to the titles of
    the sections, by key; `questions` are the guiding questions, each by language.
    """

    slug: str
    title: str
    subtitle: str
    movement: str
    lang: str
    languages: tuple[str, ...]
    accent: str
    summary: str
    about: tuple[str, ...]
    direction: str
    pillars: tuple[SamplePillar, ...]
    guidance: str
    questions: tuple[Mapping[str, str], ...]
    section_titles: Mapping[str, Mapping[str, str]]
    phases: tuple[SamplePhase, ...]
    people: Iterable[SamplePerson]
    groups: Iterable[SampleGroup]
    iterations: tuple[SampleIteration, ...]
    lineage: Iterable[SampleLineage]


def read_sample_process(*, reference: datetime.date) -> SampleProcess:
    """The hand-written process, with its phases and iterations dated around `reference`."""
    raw = read_toml("process.toml")
    working_groups = [read_toml("groups", f"{name}.toml") for name in raw["working_groups"]]
    recommendations = _read_recommendations(working_groups, raw["sections"])
    return SampleProcess(
        slug=raw["slug"],
        title=raw["title"],
        subtitle=raw["subtitle"],
        movement=raw["movement"],
        lang=raw["lang"],
        languages=tuple(raw["languages"]),
        accent=raw["accent"],
        summary=raw["summary"],
        about=tuple(raw["about"]),
        direction=raw["direction"]["text"],
        pillars=tuple(SamplePillar(**pillar) for pillar in raw["direction"]["pillars"]),
        guidance=raw["guidance"],
        questions=tuple(raw["questions"]),
        section_titles=raw["sections"],
        phases=tuple(_read_phase(phase, reference) for phase in raw["phases"]),
        people=tuple(_read_person(person) for person in read_toml("people.toml")["people"]),
        groups=tuple(
            [_read_group(group) for group in raw["groups"]]
            + [_read_group({"kind": "working-group", "parent": "movement"} | group) for group in working_groups]
        ),
        iterations=tuple(
            _read_iteration(iteration, working_groups, recommendations, reference) for iteration in raw["iterations"]
        ),
        lineage=tuple(_read_edge(edge) for edge in read_toml("lineage.toml")["edges"]),
    )


def read_toml(*path: str) -> dict[str, Any]:
    """The table in the file at this path below `content/`."""
    return tomllib.loads(resources.files("harken.pages.sample").joinpath("content", *path).read_text(encoding="utf-8"))


def _read_phase(raw: Mapping[str, Any], reference: datetime.date) -> SamplePhase:
    return SamplePhase(
        key=raw["key"],
        title=raw["title"],
        summary=raw["summary"],
        first_day=reference + datetime.timedelta(days=raw["first_day"]),
        last_day=reference + datetime.timedelta(days=raw["last_day"]),
        opens=tuple(raw["opens"]),
    )


def _read_person(raw: Mapping[str, Any]) -> SamplePerson:
    return SamplePerson(
        key=raw["key"],
        name=raw["name"],
        languages=tuple(raw["languages"]),
        place=raw.get("place", ""),
        pseudonym=raw.get("pseudonym", False),
        may_sign_in=raw.get("login", False),
    )


def _read_group(raw: Mapping[str, Any]) -> SampleGroup:
    return SampleGroup(
        key=raw["key"],
        code=raw["code"],
        name=raw["name"],
        kind=raw["kind"],
        lang=raw["lang"],
        parent_key=raw["parent"],
        remit=raw["remit"],
        questions=tuple(raw.get("questions", ())),
        members=tuple(SampleMember(member["person"], member["role"]) for member in raw["members"]),
    )


def _read_iteration(
    raw: Mapping[str, Any],
    working_groups: Sequence[Mapping[str, Any]],
    recommendations: Mapping[str, SampleRecommendation],
    reference: datetime.date,
) -> SampleIteration:
    mine = tuple(each for each in recommendations.values() if each.iteration == raw["number"])
    return SampleIteration(
        number=raw["number"],
        title=raw["title"],
        published_on=reference + datetime.timedelta(days=raw["day"]),
        summary=raw["summary"],
        notes=tuple(
            SampleNote(group["key"], group["lang"], iteration["note"])
            for group in working_groups
            for iteration in group["iterations"]
            if iteration["number"] == raw["number"] and "note" in iteration
        ),
        recommendation_count=len(mine),
        recommendations=mine,
    )


def _read_recommendations(
    working_groups: Sequence[Mapping[str, Any]], section_titles: Mapping[str, Mapping[str, str]]
) -> dict[str, SampleRecommendation]:
    """All recommendations by key: iteration by iteration, within each in the order of the groups."""
    found: dict[str, SampleRecommendation] = {}
    rounds = [(each["number"], group, each) for group in working_groups for each in group["iterations"]]
    for iteration, group, entry in sorted(rounds, key=lambda one: int(one[0])):
        for number, raw in enumerate(entry.get("recommendations", ()), start=1):
            code = f"{group['code']}-R{number}"
            key = f"{iteration}/{code}"
            if "word_for_word" in raw:
                found[key] = replace(
                    found[raw["word_for_word"]],
                    key=key,
                    code=code,
                    number=number,
                    group_key=group["key"],
                    iteration=iteration,
                    heading=raw.get("heading", ""),
                )
                continue
            lang = raw.get("lang", group["lang"])
            found[key] = SampleRecommendation(
                key=key,
                code=code,
                number=number,
                group_key=group["key"],
                iteration=iteration,
                title=raw["title"],
                lang=lang,
                summary=raw["summary"],
                alternatives=tuple(raw.get("alternatives", ())),
                heading=raw.get("heading", ""),
                sections=tuple(
                    SampleSection(section, section_titles[lang][section], tuple(map(read_passage, raw[section])))
                    for section in SECTION_KEYS
                    if section in raw
                ),
            )
    return found


def read_passage(text: str) -> SamplePassage:
    """A passage of a section: an item when it begins with a list marker, otherwise a paragraph."""
    return SamplePassage("item" if _ITEM.match(text) else "paragraph", text)


def _read_edge(raw: Mapping[str, Any]) -> SampleLineage:
    return SampleLineage(
        kind=raw["kind"],
        from_keys=tuple(raw["from"]),
        to_keys=tuple(raw["to"]),
        state=raw["state"],
        reason=raw.get("reason", ""),
        decided_by=raw.get("by", ""),
    )
