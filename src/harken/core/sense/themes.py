"""Clusters of texts in many languages, from which people can name themes.

1. Texts in languages that the encoder knows, and those that come with a translation into one, are laid out by meaning.
   Texts in other languages are laid out by their words, each language by itself, and the result says so.
2. Vectors are reduced to their principal components, 30 at most, and made to length 1; of words, to the leading left
   singular vectors (Halko, Martinsson, Tropp 2011, doi:10.1137/090771806).
3. Soft clusters (`soft_clusters`), labels in each language (`cluster_labels`), and the check that clusters
   are not merely languages (`language_check`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harken.core.sense.cluster_labels import label_clusters
from harken.core.sense.encoders import Encoder, LexicalEncoder, Vectors, encode_texts
from harken.core.sense.language_check import LanguageCheck, check_languages
from harken.core.sense.mixture import Labels, Points
from harken.core.sense.scripts import scripts_of_language, scripts_of_text
from harken.core.sense.soft_clusters import ClusterCandidate, NoClusters, SoftClusters, find_soft_clusters

__all__ = ["Layout", "TextCluster", "ThemeCaution", "Themes", "find_themes"]

_DIMENSIONS: Final = 30
_CENTRAL: Final = 5
_PASSES: Final = 4
_SPARE: Final = 10  # directions more than wanted, for the search for singular vectors
_UNSTABLE: Final = 0.7
_NEARLY_ALL: Final = 0.9
# Of what is less likely, a text is not said to be about it.
_LEAST_MEMBERSHIP: Final = 0.05


class ThemeCaution(StrEnum):
    """What a reader has to know about the clusters."""

    BY_WORDS = "by-words"
    """Texts of some languages could only be laid out by their words, apart from those of other languages."""
    LANGUAGES = "languages"
    """Clusters are mostly the languages over again."""
    UNSTABLE = "unstable"
    """Other samples of the same texts give rather different clusters."""
    NONE = "none"
    """There are no clear clusters."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Texts that were compared with each other.

    Attributes:
        by: their meaning, across languages, or their words.
        languages: how many texts are in each language, by tag; "" where it is unknown.
        clusters: how many were found.
        stability: mean adjusted Rand index of bootstrap fits with the clusters, 0 without any.
        candidates: the numbers of clusters that were tried.
        reason: why there are no clusters, or None.
    """

    by: Literal["meaning", "words"]
    languages: Mapping[str, int]
    clusters: int
    stability: float
    candidates: tuple[ClusterCandidate, ...]
    reason: NoClusters | None


@dataclass(frozen=True, slots=True)
class TextCluster:
    """Texts that are about the same, before a person gives it a name.

    Attributes:
        size: how many texts are likelier in it than in any other or in none.
        words: what sets it apart, by language tag, the best first.
        central: places of different texts, the nearest to its middle first.
        languages: how many of its texts are in each language; "" where it is unknown.
        stability: mean Jaccard index with its best match in bootstrap fits; below 0.6 it should not be trusted.
        by: how its texts were laid out.
        one_language: the tag of a language that nine tenths of its texts are in, although the texts it could have been
            made of are in several; else "".
    """

    size: int
    words: Mapping[str, tuple[str, ...]]
    central: tuple[int, ...]
    languages: Mapping[str, int]
    stability: float
    by: Literal["meaning", "words"]
    one_language: str


@dataclass(frozen=True, slots=True)
class Themes:
    """Clusters of n texts, the largest first.

    Attributes:
        clusters: k of them.
        labels: (n,) the likeliest cluster of each text; −1: it belongs to none, and should be read by itself.
        memberships: (n, k) sparse, how likely each is; what is missing to 1 belongs to none, or is below 0.05.
        layouts: which texts were compared with which.
        check: how far clusters by meaning are languages; None where there is nothing to compare.
        cautions: what a reader has to know.
    """

    clusters: tuple[TextCluster, ...]
    labels: Labels
    memberships: sparse.csr_matrix
    layouts: tuple[Layout, ...]
    check: LanguageCheck | None
    cautions: tuple[ThemeCaution, ...]


def find_themes(
    texts: Sequence[str],
    languages: Sequence[str],
    *,
    encoder: Encoder | None,
    seed: int,
    number: int | None = None,
    translations: Mapping[int, tuple[str, str]] | None = None,
    cache: MutableMapping[bytes, Vectors] | None = None,
    workers: int = 1,
) -> Themes:
    """Return clusters of texts.

    Args:
        texts: n of them; those without any letter belong to no cluster.
        languages: the BCP 47 tag of each, "" where it is unknown.
        encoder: who finds the same meaning across languages; None: every language is laid out by its words.
        seed: of all that is drawn.
        number: make so many clusters (in each language, where they are laid out by words), clear or not.
        translations: by place, a translation and its tag, used in place of the text to lay it out.
        cache: vectors of the encoder, see `encode_texts`.
        workers: processes that share the encoding.

    Raises:
        ValueError: texts and languages are not equally many.
    """
    if len(texts) != len(languages):
        raise ValueError(f"{len(texts)} texts, but {len(languages)} languages: give one for each.")
    compared, tags = list(texts), list(languages)
    for place, (text, tag) in (translations or {}).items():
        compared[place], tags[place] = text, tag
    found: list[tuple[NDArray[np.int64], SoftClusters, Points, Layout]] = []
    for name, places in _lay_out(compared, tags, encoder).items():
        # Copies are counted, but heard once: ten thousand of one text would leave no room for clusters of others.
        first, repeats = _find_different([compared[place] for place in places])
        different = [compared[places[each]] for each in first]
        if name is None and encoder is not None:
            points = _reduce_meaning(encode_texts(different, encoder, cache=cache, workers=workers))
        else:
            points = _reduce_words(LexicalEncoder().encode(different), seed)
        soft = find_soft_clusters(points, seed=seed, number=number)
        soft = replace(soft, memberships=soft.memberships[repeats], labels=soft.labels[repeats])
        points = points[repeats]
        layout = Layout(
            by="meaning" if name is None else "words",
            languages=_count(languages[place] for place in places),
            clusters=soft.directions.shape[0],
            stability=soft.stability,
            candidates=soft.candidates,
            reason=soft.reason,
        )
        found.append((np.asarray(places), soft, points, layout))
    return _gather(texts, languages, found, seed)


def _find_different(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the first of each different text, white space aside, and which of them each repeats."""
    numbers: dict[str, int] = {}
    repeats = np.array([numbers.setdefault(" ".join(text.split()), len(numbers)) for text in texts], np.int64)
    return np.unique(repeats, return_index=True)[1], repeats


def _count(tags: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(tags).items(), key=lambda item: (-item[1], item[0])))


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _lay_out(texts: Sequence[str], tags: Sequence[str], encoder: Encoder | None) -> dict[str | None, list[int]]:
    """Return places of the texts to compare with each other: under None by meaning, else by a language's words."""
    known = encoder.languages if encoder else frozenset()
    readable = {script for tag in known for script in scripts_of_language(tag)}
    places: dict[str | None, list[int]] = {}
    for place, (text, tag) in enumerate(zip(texts, tags, strict=True)):
        scripts = scripts_of_text(text)
        if not scripts:
            continue
        # Of an unknown language, the script at least has to be one that the encoder has learnt.
        by_meaning = _primary(tag) in known if tag else bool(known) and scripts <= readable
        places.setdefault(None if by_meaning else _primary(tag), []).append(place)
    return places


def _to_length_one(points: Points) -> Points:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    unit: Points = points / np.where(lengths > 1e-9, lengths, 1.0)
    return unit


def _reduce_meaning(vectors: Vectors) -> Points:
    """Return (n, d) principal components, made to length 1."""
    points = vectors - vectors.mean(axis=0)
    gram = points.T.astype(np.float64) @ points
    axes = np.linalg.eigh(gram)[1][:, ::-1][:, :_DIMENSIONS]
    return _to_length_one(points @ axes)


def _reduce_words(matrix: sparse.csr_matrix, seed: int) -> Points:
    """Return (n, d) points of length 1 in the space of the leading left singular vectors."""
    number = matrix.shape[0]
    used = matrix[:, np.unique(matrix.indices)]
    basis = np.random.default_rng(seed).standard_normal((number, min(_DIMENSIONS + _SPARE, number)))
    for _ in range(_PASSES):
        basis = np.linalg.qr(used @ (used.T @ basis))[0]
    # Of what the matrix is in that space, (m, d), the left singular vectors are eigenvectors of its small Gram matrix.
    inside = used.T @ basis
    turned = np.linalg.eigh(inside.T @ inside)[1][:, ::-1][:, :_DIMENSIONS]
    return _to_length_one(used @ (inside @ turned / np.maximum(np.linalg.norm(inside @ turned, axis=0), 1e-12)))


def _gather(
    texts: Sequence[str],
    languages: Sequence[str],
    found: Sequence[tuple[NDArray[np.int64], SoftClusters, Points, Layout]],
    seed: int,
) -> Themes:
    """Return the clusters of all layouts as one list, the largest first."""
    number, layouts = len(texts), tuple(layout for _places, _soft, _points, layout in found)
    parts = [(at, cluster) for at, part in enumerate(found) for cluster in range(part[1].directions.shape[0])]
    sizes = {(at, cluster): int(np.count_nonzero(found[at][1].labels == cluster)) for at, cluster in parts}
    parts.sort(key=lambda each: -sizes[each])
    labels = np.full(number, -1, np.int32)
    columns = []
    for order, (at, cluster) in enumerate(parts):
        places, soft, _points, _layout = found[at]
        labels[places[soft.labels == cluster]] = order
        column = np.zeros(number)
        column[places] = soft.memberships[:, cluster]
        columns.append(sparse.csr_matrix(np.where(column >= _LEAST_MEMBERSHIP, column, 0.0)[:, None]))
    first, _repeats = _find_different(texts)
    once = [texts[place] for place in first], [languages[place] for place in first]
    words = label_clusters(*once, labels[first], len(parts))
    clusters = []
    for order, (at, cluster) in enumerate(parts):
        places, soft, points, layout = found[at]
        spoken = _count(languages[place] for place in np.flatnonzero(labels == order).tolist())
        most = next(iter(spoken))
        alone = len(layout.languages) > 1 and spoken[most] >= _NEARLY_ALL * sizes[at, cluster]
        # Where nearly all texts are in one language, nothing else was to be expected.
        alone = alone and layout.languages[most] < _NEARLY_ALL * sum(layout.languages.values())
        inside = np.flatnonzero(soft.labels == cluster)
        nearness = points[inside] @ soft.directions[cluster]
        nearest = places[inside[np.argsort(-nearness, kind="stable")]]
        shown, _repeats = _find_different([texts[place] for place in nearest])
        clusters.append(
            TextCluster(
                size=sizes[at, cluster],
                words=words[order],
                central=tuple(nearest[shown[:_CENTRAL]].tolist()),
                languages=spoken,
                stability=float(soft.stabilities[cluster]),
                by=layout.by,
                one_language=most if alone else "",
            )
        )
    by_meaning = labels.copy()
    by_meaning[[order for order in range(number) if labels[order] >= 0 and clusters[labels[order]].by == "words"]] = -1
    check = check_languages(by_meaning, [_primary(tag) for tag in languages], seed=seed)
    return Themes(
        clusters=tuple(clusters),
        labels=labels,
        memberships=sparse.hstack(columns, format="csr") if columns else sparse.csr_matrix((number, 0)),
        layouts=layouts,
        check=check,
        cautions=_find_cautions(layouts, check),
    )


def _find_cautions(layouts: Sequence[Layout], check: LanguageCheck | None) -> tuple[ThemeCaution, ...]:
    cautions = []
    if not any(layout.clusters for layout in layouts):
        cautions.append(ThemeCaution.NONE)
    if any(layout.by == "words" for layout in layouts):
        cautions.append(ThemeCaution.BY_WORDS)
    if check is not None and check.merely_languages:
        cautions.append(ThemeCaution.LANGUAGES)
    if any(layout.clusters and layout.stability < _UNSTABLE for layout in layouts):
        cautions.append(ThemeCaution.UNSTABLE)
    return tuple(cautions)
