"""What a foreign document says, once it has been understood: the outline and its parts.

Everything here is immutable and carries plain text (no markup). `Outline.to_json` is the form that the command line
prints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Announcement",
    "EmptyGroup",
    "Language",
    "Outline",
    "OutlineError",
    "OutlineGroup",
    "OutlineIteration",
    "ProseBlock",
    "Recommendation",
    "Unplaced",
    "Window",
]


class OutlineError(Exception):
    """A document that cannot be read as an outline; its text is one sentence that says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation of a group.

    `number` is the number on the page (None for a bullet), `code` is permanent and counts through the group (`PA-R15`)
    even where the page's numbers start again under each question. `title` is never empty; `title`, `text` and
    `alternatives` together hold every word of the item once. `heading` is the question or sub-heading it stands under.
    """

    number: int | None
    code: str
    title: str
    text: str = ""
    alternatives: tuple[str, ...] = ()
    heading: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    """A group with its recommendations; `headings` are all its questions and sub-headings, also those without items."""

    name: str
    code: str
    notes: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OutlineIteration:
    """One published round. `date` is ISO 8601: `2019-09`, `2019-09-15` or empty; `languages` are BCP 47 codes."""

    title: str
    date: str = ""
    groups: tuple[OutlineGroup, ...] = ()
    languages: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A sentence that says when something opens or closes.

    `opens` and `closes` are ISO 8601 (`2019-09-15`, `2019-09`), `--09-15` where no year can be inferred, or empty.
    """

    text: str
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """A language the document says it is offered in: the name as written and its BCP 47 code (empty if unknown)."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something the document speaks of that is not in it: `kind` is recommendations, pdf, video, audio or slides."""

    text: str
    kind: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Something that seems to belong somewhere: its line (from 1, if known), its text and why it was not placed."""

    line: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class EmptyGroup:
    """A group that stands in an iteration without a recommendation."""

    iteration: str
    name: str


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """A piece of running text that is no part of the outline, with the heading it stands under."""

    heading: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document, understood; the order of everything is the order of the page."""

    title: str = ""
    iterations: tuple[OutlineIteration, ...] = ()
    languages: tuple[Language, ...] = ()
    windows: tuple[Window, ...] = ()
    guidance: tuple[str, ...] = ()
    announced: tuple[Announcement, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    empty_groups: tuple[EmptyGroup, ...] = ()
    prose: tuple[ProseBlock, ...] = ()
    warnings: tuple[str, ...] = ()
    format: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the outline as dictionaries and lists that `json.dumps` takes as they are."""
        return {
            "title": self.title,
            "format": self.format,
            "iterations": [_iteration_json(iteration) for iteration in self.iterations],
            "languages": [{"name": language.name, "code": language.code} for language in self.languages],
            "windows": [
                {"text": window.text, "opens": window.opens, "closes": window.closes} for window in self.windows
            ],
            "guidance": list(self.guidance),
            "announced": [
                {"text": announced.text, "kind": announced.kind, "count": announced.count}
                for announced in self.announced
            ],
            "unplaced": [
                {"line": unplaced.line, "text": unplaced.text, "reason": unplaced.reason} for unplaced in self.unplaced
            ],
            "empty_groups": [{"iteration": empty.iteration, "name": empty.name} for empty in self.empty_groups],
            "prose": [{"heading": block.heading, "text": block.text} for block in self.prose],
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outline":
        """The outline that `to_json` wrote, or one in that form that a person corrected. Line numbers are not kept."""
        return cls(
            title=data.get("title", ""),
            iterations=tuple(_iteration_from_json(iteration) for iteration in data["iterations"]),
            languages=tuple(Language(**language) for language in data.get("languages", ())),
            windows=tuple(Window(**window) for window in data.get("windows", ())),
            guidance=tuple(data.get("guidance", ())),
            announced=tuple(Announcement(**announced) for announced in data.get("announced", ())),
            unplaced=tuple(Unplaced(**unplaced) for unplaced in data.get("unplaced", ())),
            empty_groups=tuple(EmptyGroup(**empty) for empty in data.get("empty_groups", ())),
            prose=tuple(ProseBlock(**block) for block in data.get("prose", ())),
            warnings=tuple(data.get("warnings", ())),
            format=data.get("format", ""),
        )


def _iteration_json(iteration: OutlineIteration) -> dict[str, Any]:
    return {
        "title": iteration.title,
        "date": iteration.date,
        "languages": list(iteration.languages),
        "groups": [
            {
                "name": group.name,
                "code": group.code,
                "notes": list(group.notes),
                "headings": list(group.headings),
                "recommendations": [_recommendation_json(recommendation) for recommendation in group.recommendations],
            }
            for group in iteration.groups
        ],
    }


def _recommendation_json(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "number": recommendation.number,
        "code": recommendation.code,
        "title": recommendation.title,
        "text": recommendation.text,
        "alternatives": list(recommendation.alternatives),
        "heading": recommendation.heading,
    }


def _iteration_from_json(data: Mapping[str, Any]) -> OutlineIteration:
    groups = tuple(
        OutlineGroup(
            name=group["name"],
            code=group["code"],
            notes=tuple(group.get("notes", ())),
            headings=tuple(group.get("headings", ())),
            recommendations=tuple(
                Recommendation(**{**one, "alternatives": tuple(one.get("alternatives", ()))})
                for one in group["recommendations"]
            ),
        )
        for group in data["groups"]
    )
    return OutlineIteration(data["title"], data.get("date", ""), groups, tuple(data.get("languages", ())))
