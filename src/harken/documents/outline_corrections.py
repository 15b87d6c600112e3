"""A person's corrections of a read outline, as the preview's form sends them.

Each field is named by its place: `i0.title`, `i0.g2.name`, `i0.g2.code`, `i0.g2.r4.title`, `i0.g2.r4.text`; a ticked
`i0.g2.r4.leave` or `i0.g2.leave` leaves a recommendation or a group out of the import. An outline that is too long for a form shows
its titles without fields: what is not sent stays as it was read.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

GROUP_CODE = re.compile(r"[A-Z][A-Z0-9]{0,11}")


class CannotCorrect(Exception):
    """A correction that cannot be: an empty title, a code in another form or given twice."""


def _take(fields: Mapping[str, str], name: str, before: str) -> str:
    return fields.get(name, before).strip()


def _correct_recommendation(one: Mapping[str, Any], code: str, place: str, fields: Mapping[str, str]) -> dict[str, Any]:
    title = _take(fields, f"{place}.title", one["title"])
    if not title:
        raise CannotCorrect(_("%(code)s needs a title; to leave it out, tick “leave out”.") % {"code": one["code"]})
    changed_code = re.sub(r"^[^-]+(?=-R)", code, one["code"])
    return {**one, "code": changed_code, "title": title, "text": _take(fields, f"{place}.text", one["text"])}


def _correct_group(group: Mapping[str, Any], place: str, fields: Mapping[str, str]) -> dict[str, Any]:
    name = _take(fields, f"{place}.name", group["name"])
    code = _take(fields, f"{place}.code", group["code"]).upper()
    if not name:
        raise CannotCorrect(_("The group %(code)s needs a name.") % {"code": group["code"]})
    if not GROUP_CODE.fullmatch(code):
        raise CannotCorrect(_("%(code)s is no code: use capital letters A to Z and digits.") % {"code": code})
    kept = [
        _correct_recommendation(one, code, f"{place}.r{number}", fields)
        for number, one in enumerate(group["recommendations"])
        if f"{place}.r{number}.leave" not in fields
    ]
    return {**group, "name": name, "code": code, "recommendations": kept}


def correct_outline(outline: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """The outline (as `Outline.to_json` writes it) with the form's corrections. Raises `CannotCorrect`."""
    iterations = []
    for number, iteration in enumerate(outline["iterations"]):
        place = f"i{number}"
        if f"{place}.leave" in fields:
            continue
        groups = [
            _correct_group(group, f"{place}.g{index}", fields)
            for index, group in enumerate(iteration["groups"])
            if f"{place}.g{index}.leave" not in fields
        ]
        codes = [group["code"] for group in groups]
        for code in codes:
            if codes.count(code) > 1:
                raise CannotCorrect(_("Two groups cannot both have the code %(code)s.") % {"code": code})
        title = _take(fields, f"{place}.title", iteration["title"])
        iterations.append({**iteration, "title": title or iteration["title"], "groups": groups})
    return {**outline, "iterations": iterations}
