"""Near-duplicates and campaigns as JSON."""

from collections.abc import Sequence
from typing import Any

from harken.core.sense.duplicates.finding import DuplicateGroup, Duplicates
from harken.core.sense.duplicates.templates import Slot, Template

__all__ = ["duplicates_to_json"]


def _part(part: str | Slot) -> Any:
    if isinstance(part, str):
        return {"text": part}
    values = [{"value": value, "texts": texts} for value, texts in part.values]
    return {"slot": {"different": part.different, "values": values}}


def _template(template: Template | None) -> dict[str, Any] | None:
    if template is None:
        return None
    return {"text": str(template), "parts": [_part(part) for part in template.parts]}


def _group(group: DuplicateGroup, ids: Sequence[Any]) -> dict[str, Any]:
    members = zip(group.members.tolist(), group.similarities.tolist(), strict=True)
    return {
        "kind": group.kind,
        "texts": int(group.members.size),
        "different": group.different,
        "center": ids[group.center],
        "template": _template(group.template),
        "members": [{"id": ids[place], "similarity": round(figure, 4)} for place, figure in members],
    }


def duplicates_to_json(found: Duplicates, ids: Sequence[Any]) -> dict[str, Any]:
    """Return all groups as objects, lists, numbers and text that `json` can write.

    Args:
        found: the groups.
        ids: (n,) what the texts are called, in the order in which they were given.
    """
    return {
        "settings": {"threshold": found.threshold, "seed": found.seed},
        "texts": int(found.labels.size),
        "groups": [_group(group, ids) for group in found.groups],
    }
