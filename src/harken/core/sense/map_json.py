"""An opinion map as JSON: every participant's place and group, and all figures of every statement."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from harken.core.sense.bridging import Bridging
from harken.core.sense.maps import OpinionMap
from harken.core.sense.votes import Votes

__all__ = ["group_letter", "map_to_json"]


def group_letter(group: int) -> str:
    """Return what a group is called: A for 0, B for 1 …; "" for nobody's."""
    return chr(ord("A") + group) if group >= 0 else ""


def _plain(value: Any) -> Any:
    """Return a number or id as JSON has it; null where there is no figure."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _counts(row: Any) -> dict[str, int]:
    disagree, passed, agree = (int(each) for each in row)
    return {"agree": agree, "pass": passed, "disagree": disagree, "seen": agree + passed + disagree}


def _participants(found: OpinionMap) -> list[dict[str, Any]]:
    columns = zip(
        found.participants.tolist(), found.positions.tolist(), found.groups.tolist(), found.seen.tolist(), strict=True
    )
    return [
        {"id": name, "group": group_letter(group) or None, "x": x, "y": y, "votes": n}
        for name, (x, y), group, n in columns
    ]


def _statement(
    place: int, found: OpinionMap, bridging: Bridging, votes: Votes, texts: Mapping[Any, str]
) -> dict[str, Any]:
    said = found.statistics
    name = _plain(found.statements[place])
    x, y = found.statement_positions[place].tolist()
    figures = {
        "mean": found.means[place] if found.counted[place] else math.nan,
        "consensus": said.consensus[place],
        "consensus_low": said.consensus_low[place],
        "against": said.against[place],
        "against_low": said.against_low[place],
        "divides": said.divides[place],
        "divides_low": said.divides_low[place],
        "bridging": bridging.scores[place],
        "factor": bridging.factors[place],
        "extremity": said.extremity[place],
        "priority": said.priority[place],
    }
    return {
        "id": name,
        "text": texts.get(name),
        "counted": bool(found.counted[place]),
        "moderated": bool(votes.moderated[place]),
        "about_process": bool(votes.about_process[place]),
        "x": x,
        "y": y,
        "votes": _counts(said.counts[place]),
        "groups": {group_letter(group): _counts(rows[place]) for group, rows in enumerate(said.group_counts)},
        "majority": {True: "agree"}.get(
            place in said.majority_agree, "disagree" if place in said.majority_disagree else None
        ),
        **{key: _plain(value) for key, value in figures.items()},
    }


def map_to_json(
    found: OpinionMap, bridging: Bridging, votes: Votes, texts: Mapping[Any, str] | None = None
) -> dict[str, Any]:
    """Return everything a map says, as objects, lists, numbers and text that `json` can write.

    Args:
        found: the map.
        bridging: the bridging scores of the same votes.
        votes: the votes both were made of.
        texts: what statements say, by id.
    """
    grouping, settings = found.grouping, found.settings
    statements = range(found.statements.size)
    return {
        "settings": {
            "seed": settings.seed,
            "compat": settings.compat or None,
            "fewest_votes": settings.fewest_votes,
            "largest_k": settings.largest_k,
            "k": settings.k,
        },
        "cautions": list(found.cautions),
        "k": grouping.k,
        "clear": grouping.clear,
        "reason": grouping.reason,
        "chance": _plain(grouping.chance),
        "gap": _plain(grouping.gap),
        "eigenvalues": found.components.eigenvalues.tolist(),
        "variance": found.components.total,
        "candidates": [
            {
                "k": each.k,
                "silhouette": each.silhouette,
                "stability": _plain(each.stability),
                "smallest": each.smallest,
            }
            for each in grouping.candidates
        ],
        "groups": [
            {
                "group": group_letter(group),
                "participants": int(grouping.sizes[group]),
                "x": float(grouping.centers[group, 0]),
                "y": float(grouping.centers[group, 1]),
                "typical": [
                    {
                        "id": _plain(found.statements[row.statement]),
                        "side": "agree" if row.side > 0 else "disagree",
                        "inside": row.inside,
                        "outside": row.outside,
                        "strength": row.strength,
                    }
                    for row in (found.statistics.typical[group] if group < len(found.statistics.typical) else ())
                ],
            }
            for group in range(grouping.k)
        ],
        "participants": _participants(found),
        "statements": [_statement(place, found, bridging, votes, texts or {}) for place in statements],
    }
