"""Make the sample process at any scale: the hand-written one, or ten, a hundred, ten thousand times as much.

Scale 1 is exactly what people wrote. Above that the hand-written groups and their two iterations stay as they
are, and further groups and iterations are put together from the same sentences, each in its own language.
Every generated thing depends only on the seed and on where it stands, so any one of them can be made without
the others: memory stays flat whatever the scale, and the same seed always gives the same text.
"""

import datetime
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Generic, TypeAlias, TypeVar

from harken.pages.sample.content import (
    SampleGroup,
    SampleIteration,
    SampleLineage,
    SampleMember,
    SamplePassage,
    SamplePerson,
    SampleProcess,
    SampleRecommendation,
    SampleSection,
    read_sample_process,
    read_toml,
)

T = TypeVar("T")

MEMBERS_OF_A_GENERATED_GROUP = 5
DAYS_BETWEEN_GENERATED_ITERATIONS = 3
"""Generated rounds follow the hand-written ones within the phase that is open on the reference date."""

_SENTENCE_END = re.compile(r"(?<=[.!?।؟]) +")

_Edge: TypeAlias = tuple[str, tuple[int, ...], tuple[int, ...]]  # kind, numbers before, numbers after

_BLOCK = 10
# What becomes of ten recommendations of a group from one generated iteration to the next.
_BLOCK_LINEAGE: tuple[_Edge, ...] = (
    ("kept", (1,), (1,)),
    ("revised", (2,), (2,)),
    ("revised", (3,), (3,)),
    ("merged", (4, 5), (4,)),
    ("split", (6,), (5, 6)),
    ("revised", (7,), (7,)),
    ("dropped", (8,), ()),
    ("new", (), (8,)),
    ("revised", (9,), (9,)),
    ("kept", (10,), (10,)),
)


class Reiterable(Generic[T]):
    """Something that can be iterated again and again, made anew each time and never held as a whole."""

    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[T]:
        return self._make()


def generate_process(*, scale: int, seed: int, reference: datetime.date) -> SampleProcess:
    """The sample process with `scale` times as many recommendations as the hand-written one.

    Args:
        scale: 1 gives exactly the hand-written process. The number of working groups grows with the square
            root of the scale and the number of iterations with its logarithm.
        seed: Another seed gives other texts in the same structure. It plays no part at scale 1.
        reference: The day from which phases and iterations are dated; a phase is open on it.

    Raises:
        ValueError: The scale is below 1.
    """
    if scale < 1:
        raise ValueError(f"The scale of a sample process must be 1 or more, and {scale} is not.")
    written = read_sample_process(reference=reference)
    if scale == 1:
        return written
    growth = _Growth(written, scale=scale, seed=seed)
    return replace(
        written,
        people=Reiterable(growth.people),
        groups=Reiterable(growth.groups),
        iterations=tuple(growth.iterations(reference)),
        lineage=Reiterable(growth.lineage),
    )


class _Growth:
    """The generated part of a process, by iteration (from 1), group (from 0) and number (from 1)."""

    def __init__(self, written: SampleProcess, *, scale: int, seed: int) -> None:
        self.written = written
        self.seed = seed
        self.themes = [group for group in written.groups if group.kind == "working-group"]
        self.by_place = {
            (each.iteration, each.group_key, each.number): each
            for iteration in written.iterations
            for each in iteration.recommendations
        }
        self.written_counts = Counter((iteration, group_key) for iteration, group_key, _ in self.by_place)
        self.models: Mapping[str, list[SampleRecommendation]] = defaultdict(list)
        for each in self.by_place.values():
            self.models[each.group_key].append(each)
        self.words = _Words(written)
        self.group_count = round(len(self.themes) * math.sqrt(scale))
        self.iteration_count = len(written.iterations) + math.ceil(math.log10(scale))
        self.to_generate = (scale - 1) * len(self.by_place)

    # Structure: how much of everything there is, and where

    def is_written(self, iteration: int, group: int) -> bool:
        return iteration <= len(self.written.iterations) and group < len(self.themes)

    def count(self, iteration: int, group: int) -> int:
        """How many recommendations the group has in the iteration: the generated ones are spread evenly."""
        if self.is_written(iteration, group):
            return self.written_counts[iteration, self.themes[group].key]
        written_places = len(self.themes) * len(self.written.iterations)
        written_before = len(self.themes) * min(iteration, len(self.written.iterations))
        place = (iteration - 1) * self.group_count + group - written_before
        share, rest = divmod(self.to_generate, self.iteration_count * self.group_count - written_places)
        return share + (place < rest)

    def theme(self, group: int) -> SampleGroup:
        return self.themes[group % len(self.themes)]

    def code(self, group: int) -> str:
        series = group // len(self.themes)
        return self.theme(group).code + (str(series + 1) if series else "")

    def key(self, group: int) -> str:
        series = group // len(self.themes)
        return self.theme(group).key + (f"-{series + 1}" if series else "")

    def place(self, group: int) -> str:
        """The town of a generated group; the hand-written groups and their later texts belong to none."""
        series = group // len(self.themes)
        if not series:
            return ""
        lap, town = divmod(series - 1, len(self.words.places))
        return self.words.places[town] + (f" {lap + 1}" if lap else "")

    def chooser(self, *address: object) -> random.Random:
        """A source of choices that depends only on the seed and the address."""
        return random.Random("/".join(map(str, (self.seed, *address))))  # noqa: S311 - sample texts, not secrets

    # What the process is given

    def people(self) -> Iterator[SamplePerson]:
        yield from self.written.people
        for group in range(len(self.themes), self.group_count):
            for member in range(MEMBERS_OF_A_GENERATED_GROUP):
                choose = self.chooser("person", group, member)
                yield SamplePerson(
                    key=f"{self.key(group)}-member-{member + 1}",
                    name=f"{choose.choice(self.words.given_names)} {choose.choice(self.words.initials)}",
                    languages=(choose.choice(self.written.languages),),
                    place=self.place(group),
                    pseudonym=False,
                    may_sign_in=False,
                )

    def groups(self) -> Iterator[SampleGroup]:
        yield from self.written.groups
        for group in range(len(self.themes), self.group_count):
            yield replace(
                self.theme(group),
                key=self.key(group),
                code=self.code(group),
                name=f"{self.theme(group).name}, {self.place(group)}",
                members=tuple(
                    SampleMember(f"{self.key(group)}-member-{member + 1}", "member" if member else "writer")
                    for member in range(MEMBERS_OF_A_GENERATED_GROUP)
                ),
            )

    def iterations(self, reference: datetime.date) -> Iterator[SampleIteration]:
        for number in range(1, self.iteration_count + 1):
            count = sum(self.count(number, group) for group in range(self.group_count))
            texts = Reiterable(partial(self.recommendations, number))
            if number <= len(self.written.iterations):
                yield replace(self.written.iterations[number - 1], recommendation_count=count, recommendations=texts)
                continue
            newest = self.written.iterations[-1]
            later = DAYS_BETWEEN_GENERATED_ITERATIONS * (number - newest.number)
            yield SampleIteration(
                number=number,
                title=f"Iteration {number}",
                published_on=min(reference, newest.published_on + datetime.timedelta(days=later)),
                summary="A further round, put together from the sentences of the first two.",
                notes=(),
                recommendation_count=count,
                recommendations=texts,
            )

    def recommendations(self, iteration: int) -> Iterator[SampleRecommendation]:
        for group in range(self.group_count):
            for number in range(1, self.count(iteration, group) + 1):
                yield self.recommendation(iteration, group, number)

    def lineage(self) -> Iterator[SampleLineage]:
        yield from self.written.lineage
        for iteration in range(2, self.iteration_count + 1):
            for group in range(self.group_count):
                if self.is_written(iteration, group):
                    continue
                before, after = self.count(iteration - 1, group), self.count(iteration, group)
                for place, (kind, old, new) in enumerate(_edges(before, after)):
                    choose = self.chooser("lineage", iteration, group, place)
                    accepted = choose.random() < 0.75
                    yield SampleLineage(
                        kind=kind,
                        from_keys=tuple(f"{iteration - 1}/{self.code(group)}-R{number}" for number in old),
                        to_keys=tuple(f"{iteration}/{self.code(group)}-R{number}" for number in new),
                        state="accepted" if accepted else "proposed",
                        reason=choose.choice(self.words.reasons[kind]) if accepted else "",
                        decided_by=self.decider(group) if accepted else "",
                    )

    def decider(self, group: int) -> str:
        """The key of the person who accepts edges for a group: its first writer."""
        if group < len(self.themes):
            return self.themes[group].members[0].person_key
        return f"{self.key(group)}-member-1"

    # Texts

    def recommendation(self, iteration: int, group: int, number: int) -> SampleRecommendation:
        if self.is_written(iteration, group):
            return self.by_place[iteration, self.themes[group].key, number]
        before = self.count(iteration - 1, group) if iteration > 1 else 0
        kind, old = _origins(before, self.count(iteration, group))[number]
        choose = self.chooser("text", iteration, group, number)
        parents = [self.recommendation(iteration - 1, group, each) for each in old]
        if kind == "kept":
            text = parents[0]
        elif kind == "revised":
            text = self.words.revise(parents[0], choose)
        elif kind == "merged":
            text = self.words.merge(parents[0], parents[1])
        elif kind == "split" and number == old[0]:
            text = self.words.revise(parents[0], choose)
        elif kind == "split":
            # The part that leaves takes the parent's language and some of its passages, under its own title.
            text = self.fresh(group, number, choose, lang=parents[0].lang)
            text = self.words.merge(text, parents[0])
        else:
            text = self.fresh(group, number, choose)
        code = f"{self.code(group)}-R{number}"
        return replace(
            text,
            key=f"{iteration}/{code}",
            code=code,
            number=number,
            group_key=self.key(group),
            iteration=iteration,
        )

    def fresh(self, group: int, number: int, choose: random.Random, *, lang: str | None = None) -> SampleRecommendation:
        """A recommendation on the group's theme, in `lang` or any language, under a title no other has."""
        models = self.models[self.theme(group).key]
        model = choose.choice([each for each in models if lang in (None, each.lang)])
        where = " ".join(filter(None, (self.place(group), str(number))))
        qualifier = choose.choice(self.words.qualifiers[model.lang])
        return replace(
            model,
            title=f"{model.title}, {qualifier} ({where})",
            summary=choose.choice(self.words.summaries[model.lang]),
            sections=tuple(self.words.compose(section, model.lang, choose) for section in model.sections),
        )


class _Words:
    """The hand-written sentences by language and section, and how new passages are made of them."""

    def __init__(self, written: SampleProcess) -> None:
        growth = read_toml("growth.toml")
        self.places: list[str] = growth["places"]
        self.qualifiers: dict[str, list[str]] = growth["qualifiers"]
        self.given_names: list[str] = growth["names"]["given"]
        self.initials: list[str] = growth["names"]["initials"]
        self.summaries: Mapping[str, list[str]] = defaultdict(list)
        self.sentences: Mapping[tuple[str, str], list[str]] = defaultdict(list)
        self.reasons: Mapping[str, list[str]] = defaultdict(list)
        for iteration in written.iterations:
            for each in iteration.recommendations:
                self.summaries[each.lang].append(each.summary)
                for section in each.sections:
                    for passage in section.passages:
                        if passage.kind == "paragraph":
                            self.sentences[each.lang, section.key] += _SENTENCE_END.split(passage.text)
        for edge in written.lineage:
            if edge.accepted:
                self.reasons[edge.kind].append(edge.reason)

    def paragraph(self, section: str, lang: str, choose: random.Random) -> SamplePassage:
        """One to four sentences that stood in this section of some recommendation in this language."""
        known = self.sentences[lang, section]
        return SamplePassage("paragraph", " ".join(choose.sample(known, min(len(known), choose.randint(1, 4)))))

    def compose(self, section: SampleSection, lang: str, choose: random.Random) -> SampleSection:
        """The section with other paragraphs, one to three; its items, if it has any, stay at the end."""
        paragraphs = [self.paragraph(section.key, lang, choose) for _ in range(choose.randint(1, 3))]
        items = [passage for passage in section.passages if passage.kind == "item"]
        return replace(section, passages=(*paragraphs, *items))

    def revise(self, text: SampleRecommendation, choose: random.Random) -> SampleRecommendation:
        """The same text with one paragraph written anew."""
        place = choose.randrange(len(text.sections))
        section = text.sections[place]
        passages = list(section.passages)
        passages[choose.randrange(len(passages))] = self.paragraph(section.key, text.lang, choose)
        return replace(text, sections=_with(text.sections, place, replace(section, passages=tuple(passages))))

    def merge(self, first: SampleRecommendation, second: SampleRecommendation) -> SampleRecommendation:
        """The first text with the opening of each section of the second, where they share a language."""
        if first.lang != second.lang:
            return first
        openings = {section.key: section.passages[0] for section in second.sections}
        return replace(
            first,
            sections=tuple(
                replace(section, passages=(*section.passages, openings[section.key]))
                if section.key in openings and openings[section.key] not in section.passages
                else section
                for section in first.sections
            ),
        )


def _with(sections: Sequence[SampleSection], place: int, section: SampleSection) -> tuple[SampleSection, ...]:
    return (*sections[:place], section, *sections[place + 1 :])


@cache
def _edges(before: int, after: int) -> tuple[_Edge, ...]:
    """What becomes of `before` recommendations of a group in the next iteration, where it has `after`.

    The pattern of `_BLOCK_LINEAGE` repeats every ten numbers. Where it points at a number that one side does
    not have, what is left of the edge says so: two that merge into nothing are dropped, and what splits from
    nothing is new.
    """
    edges: list[_Edge] = []
    for start in range(0, max(before, after), _BLOCK):
        for kind, from_numbers, to_numbers in _BLOCK_LINEAGE:
            old = tuple(start + number for number in from_numbers if start + number <= before)
            new = tuple(start + number for number in to_numbers if start + number <= after)
            if not old:
                edges += [("new", (), (number,)) for number in new]
            elif not new:
                edges += [("dropped", (number,), ()) for number in old]
            elif kind in ("merged", "split") and len(old) == len(new) == 1:
                edges.append(("revised", old, new))
            else:
                edges.append((kind, old, new))
    return tuple(edges)


@cache
def _origins(before: int, after: int) -> dict[int, tuple[str, tuple[int, ...]]]:
    """For each number of the later iteration, the kind of its edge and the numbers it comes from."""
    return {number: (kind, old) for kind, old, new in _edges(before, after) for number in new}
