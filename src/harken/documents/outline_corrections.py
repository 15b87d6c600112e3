"""A person's corrections of a read outline, as the preview's form sends them.

Each field is named by its place in the outline, counted from 0:

- `i0.title`, `i0.date`: an iteration
- `i0.g2.name`, `i0.g2.code`: a group
- `i0.g2.r4.title`, `i0.g2.r4.text`, `i0.g2.r4.alternatives` (one a line): a recommendation
- `i0.leave`, `i0.g2.leave`, `i0.g2.r4.leave`, `w0.leave` (a window), `q0.leave` (a guiding question), `l0.leave` (a
  language): left out of the import when ticked
- `u3.take`: the place of the group (`i0.g2`) that an unplaced line becomes a recommendation of
- `read_as`: the fingerprint of the outline the page was made from

What is not sent stays as it was read, so a page may show a part of a long outline.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from harken.processes.actions import PARTIAL_DATE

GROUP_CODE = re.compile(r"[A-Z][A-Z0-9]{0,11}")


class CannotCorrect(Exception):
    """Corrections that cannot be; `mistakes` says for each field what is wrong."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__(" ".join(mistakes.values()))
        self.mistakes = dict(mistakes)


class OutdatedPreview(CannotCorrect):
    """The page was made from an outline that has been corrected since: its places may mean something else now."""


def fingerprint_outline(outline: Mapping[str, Any]) -> str:
    """A short text that changes with every change of the outline."""
    written = json.dumps(outline, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.blake2b(written, digest_size=12).hexdigest()


@dataclass(slots=True)
class _Form:
    """The fields as they were sent, and what is wrong with them."""

    fields: Mapping[str, str]
    mistakes: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, before: str) -> str:
        """What was typed, with the line ends of the outline rather than those of forms; else what was read."""
        typed = self.fields.get(name)
        return before if typed is None else typed.replace("\r\n", "\n").replace("\r", "\n").strip()

    def take_line(self, name: str, before: str) -> str:
        """The same, on one line."""
        return " ".join(self.take(name, before).split()) if name in self.fields else before

    def leaves(self, place: str) -> bool:
        """Whether the thing at `place` was ticked to be left out."""
        return f"{place}.leave" in self.fields

    def keep(self, mark: str, things: list[Any]) -> list[Any]:
        """The things of a list that were not left out."""
        return [thing for number, thing in enumerate(things) if not self.leaves(f"{mark}{number}")]


def correct_outline(outline: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """The outline (as `Outline.to_json` writes it) with the form's corrections.

    Raises `CannotCorrect` with every mistake, `OutdatedPreview` for a page made from another state of the outline.
    """
    if fields.get("read_as") != fingerprint_outline(outline):
        raise OutdatedPreview(
            {"read_as": _("This preview was corrected elsewhere in the meantime. Nothing was taken over; look again.")}
        )
    form = _Form(fields)
    taken = _take_unplaced(outline, form)
    iterations = [
        _correct_iteration(iteration, f"i{number}", form, taken)
        for number, iteration in enumerate(outline["iterations"])
        if not form.leaves(f"i{number}")
    ]
    if form.mistakes:
        raise CannotCorrect(form.mistakes)
    placed = {number for numbers in taken.values() for number in numbers}
    return {
        **outline,
        "iterations": iterations,
        "languages": form.keep("l", outline["languages"]),
        "windows": form.keep("w", outline["windows"]),
        "guidance": form.keep("q", outline["guidance"]),
        "unplaced": [one for number, one in enumerate(outline["unplaced"]) if number not in placed],
        "empty_groups": [
            {"iteration": iteration["title"], "name": group["name"]}
            for iteration in iterations
            for group in iteration["groups"]
            if not group["recommendations"]
        ],
    }


def _take_unplaced(outline: Mapping[str, Any], form: _Form) -> dict[str, dict[int, str]]:
    """For each group's place, the unplaced lines it takes in: their numbers and texts."""
    groups = {
        f"i{number}.g{index}"
        for number, iteration in enumerate(outline["iterations"])
        for index in range(len(iteration["groups"]))
    }
    taken: dict[str, dict[int, str]] = {}
    for number, one in enumerate(outline["unplaced"]):
        place = form.fields.get(f"u{number}.take", "")
        if not place:
            continue
        if place not in groups or form.leaves(place) or form.leaves(place.partition(".")[0]):
            form.mistakes[f"u{number}.take"] = _("Choose a group that is not left out.")
            continue
        taken.setdefault(place, {})[number] = one["text"]
    return taken


def _correct_iteration(
    iteration: Mapping[str, Any], place: str, form: _Form, taken: Mapping[str, Mapping[int, str]]
) -> dict[str, Any]:
    title = form.take_line(f"{place}.title", iteration["title"])
    if not title:
        form.mistakes[f"{place}.title"] = _("An iteration needs a title.")
    date = form.take(f"{place}.date", iteration["date"])
    if date and not PARTIAL_DATE.fullmatch(date):
        form.mistakes[f"{place}.date"] = _("Write the date as 2019, 2019-09 or 2019-09-15.")
    groups, codes = [], set()
    for index, group in enumerate(iteration["groups"]):
        part = f"{place}.g{index}"
        if form.leaves(part):
            continue
        corrected = _correct_group(group, part, form, list(taken.get(part, {}).values()))
        if corrected["code"] in codes:
            form.mistakes[f"{part}.code"] = _("Two groups cannot both have the code %(code)s.") % {
                "code": corrected["code"]
            }
        codes.add(corrected["code"])
        groups.append(corrected)
    return {**iteration, "title": title, "date": date, "groups": groups}


def _correct_group(group: Mapping[str, Any], place: str, form: _Form, taken: list[str]) -> dict[str, Any]:
    name = form.take_line(f"{place}.name", group["name"])
    code = form.take(f"{place}.code", group["code"]).upper()
    if not name:
        form.mistakes[f"{place}.name"] = _("The group %(code)s needs a name.") % {"code": group["code"]}
    if not GROUP_CODE.fullmatch(code):
        form.mistakes[f"{place}.code"] = _("%(code)s is no code: use capital letters A to Z and digits.") % {
            "code": code or "“”"
        }
    numbers = [_number_of(one["code"]) for one in group["recommendations"]]
    added: list[dict[str, Any]] = [
        {"number": None, "code": f"{code}-R{number}", "title": title, "text": "", "alternatives": [], "heading": ""}
        for number, title in enumerate(taken, start=max(numbers, default=0) + 1)
    ]
    kept = [
        _correct_recommendation(one, code, f"{place}.r{number}", form)
        for number, one in enumerate(group["recommendations"])
        if not form.leaves(f"{place}.r{number}")
    ]
    return {**group, "name": name, "code": code, "recommendations": [*kept, *added]}


def _number_of(code: str) -> int:
    """The number a code counts with: 15 of `PA-R15`, 0 where it counts otherwise."""
    found = re.search(r"-R(\d+)$", code)
    return int(found.group(1)) if found else 0


def _correct_recommendation(one: Mapping[str, Any], code: str, place: str, form: _Form) -> dict[str, Any]:
    title = form.take_line(f"{place}.title", one["title"])
    if not title:
        form.mistakes[f"{place}.title"] = _("%(code)s needs a title; to leave it out, tick “Leave it out”.") % {
            "code": one["code"]
        }
    alternatives = form.take(f"{place}.alternatives", "\n".join(one["alternatives"])).split("\n")
    return {
        **one,
        "code": re.sub(r"^[^-]+(?=-R)", code, one["code"]),
        "title": title,
        "text": form.take(f"{place}.text", one["text"]),
        "alternatives": [words for line in alternatives if (words := line.strip())],
    }
