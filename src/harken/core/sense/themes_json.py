"""Languages and clusters of texts as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from harken.core.sense.languages import DetectedLanguage
from harken.core.sense.themes import Layout, TextCluster, Themes

__all__ = ["languages_to_json", "themes_to_json"]


def languages_to_json(found: Sequence[DetectedLanguage], ids: Sequence[Any]) -> dict[str, Any]:
    """Return the language of each text, and how many texts are in each, as objects that `json` can write.

    Args:
        found: one for each text.
        ids: what the texts are called, in the same order.
    """
    return {
        "languages": dict(Counter(each.tag for each in found).most_common()),
        "mixed": sum(bool(each.mixed) for each in found),
        "texts": [
            {
                "id": name,
                "language": each.tag,
                "confidence": round(each.confidence, 4),
                "mixed": [{"language": part.tag, "share": round(part.share, 4)} for part in each.mixed],
            }
            for name, each in zip(ids, found, strict=True)
        ],
    }


def _layout(layout: Layout) -> dict[str, Any]:
    return {
        "by": layout.by,
        "languages": dict(layout.languages),
        "clusters": layout.clusters,
        "stability": round(layout.stability, 4),
        "reason": layout.reason,
        "candidates": [
            {"k": each.k, "stability": round(each.stability, 4), "placed": round(each.placed, 4)}
            for each in layout.candidates
        ],
    }


def _cluster(place: int, cluster: TextCluster, ids: Sequence[Any]) -> dict[str, Any]:
    return {
        "cluster": place,
        "texts": cluster.size,
        "words": {tag: list(words) for tag, words in cluster.words.items()},
        "central": [ids[each] for each in cluster.central],
        "languages": dict(cluster.languages),
        "one_language": cluster.one_language,
        "stability": round(cluster.stability, 4),
        "by": cluster.by,
    }


def themes_to_json(found: Themes, languages: Sequence[str], ids: Sequence[Any]) -> dict[str, Any]:
    """Return clusters, and for each text the clusters it may belong to, as objects that `json` can write.

    Args:
        found: the clusters.
        languages: the tag of each text.
        ids: what the texts are called, in the same order.
    """
    check = found.check
    rows = found.memberships
    return {
        "cautions": list(found.cautions),
        "layouts": [_layout(layout) for layout in found.layouts],
        "language_check": check
        and {
            "information": round(check.information, 4),
            "expected": round(check.expected, 4),
            "beyond_chance": round(check.beyond_chance, 4),
            "p_value": check.p_value,
            "merely_languages": check.merely_languages,
        },
        "clusters": [_cluster(place, cluster, ids) for place, cluster in enumerate(found.clusters)],
        "texts": [
            {
                "id": name,
                "language": languages[place],
                "cluster": label if label >= 0 else None,
                "memberships": {
                    str(cluster): round(float(share), 4)
                    for cluster, share in zip(
                        rows.indices[rows.indptr[place] : rows.indptr[place + 1]].tolist(),
                        rows.data[rows.indptr[place] : rows.indptr[place + 1]].tolist(),
                        strict=True,
                    )
                },
            }
            for place, (name, label) in enumerate(zip(ids, found.labels.tolist(), strict=True))
        ],
    }
