"""Themes: by meaning across languages, by words where the encoder cannot read, and what is to be known of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from harken.core.sense import MeaningEncoder, ThemeCaution, Themes, find_themes
from harken.core.sense.cluster_labels import label_clusters
from harken.core.sense.encoders import Vectors
from harken.core.sense.soft_clusters import NoClusters
from harken.core.sense.themes_json import themes_to_json

# Three things, in words of three languages, and ways to say them.
THINGS = {
    "river": {
        "en": ["the river water", "fish in the river", "the polluted river"],
        "fr": ["l'eau de la rivière", "les poissons de la rivière", "la rivière polluée"],
        "ar": ["مياه النهر", "أسماك النهر", "النهر الملوث"],
        "hi": ["नदी का पानी", "नदी की मछलियाँ", "गंदी नदी"],
    },
    "school": {
        "en": ["the village school", "teachers at school", "pupils of the school"],
        "fr": ["l'école du village", "les professeurs de l'école", "les élèves de l'école"],
        "ar": ["مدرسة القرية", "معلمو المدرسة", "تلاميذ المدرسة"],
        "hi": ["गाँव का विद्यालय", "विद्यालय के शिक्षक", "विद्यालय के छात्र"],
    },
    "bus": {
        "en": ["the night bus", "bus tickets", "the bus driver"],
        "fr": ["l'autobus de nuit", "les billets d'autobus", "le chauffeur d'autobus"],
        "ar": ["حافلة الليل", "تذاكر الحافلة", "سائق الحافلة"],
        "hi": ["रात की बस", "बस के टिकट", "बस का चालक"],
    },
}
WISHES = {
    "en": ["Please think of {}.", "Nobody cares about {}.", "We should talk about {} again."],
    "fr": ["Pensez à {}, s'il vous plaît.", "Personne ne s'occupe de : {}.", "Il faut reparler de ceci : {}."],
    "ar": ["أرجو أن تفكروا في {}.", "لا أحد يهتم بـ{}.", "علينا أن نتحدث عن {} مجددًا."],
    "hi": ["{} यहाँ।", "{} अभी।", "फिर {}।"],
}


def make_texts(languages: Sequence[str]) -> tuple[list[str], list[str], list[int]]:
    """Every wish about every thing, with the language and the number of the thing."""
    rows = [
        (wish.format(said), language, number)
        for number, thing in enumerate(THINGS.values())
        for language in languages
        for said in thing[language]
        for wish in WISHES[language]
    ]
    texts, tags, things = zip(*rows, strict=True)
    return list(texts), list(tags), list(things)


class PlacingEncoder:
    """Lays texts out by the thing they are about, or by their language: what a good and a bad encoder would do."""

    languages = frozenset({"en", "fr", "ar"})

    def __init__(self, places: dict[str, int]) -> None:
        self.places = places
        self.name = "places 1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        generator = np.random.default_rng(1)
        middles = generator.standard_normal((8, 16))
        vectors = middles[[self.places[text] for text in texts]] + 0.2 * generator.standard_normal((len(texts), 16))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


def find_well(languages: Sequence[str] = ("en", "fr", "ar"), number: int | None = 3) -> tuple[Themes, list[int]]:
    texts, tags, things = make_texts(languages)
    encoder = PlacingEncoder(dict(zip(texts, things, strict=True)))
    return find_themes(texts, tags, encoder=encoder, seed=1, number=number), things


def test_texts_about_one_thing_are_together_whatever_their_language() -> None:
    texts, tags, things = make_texts(("en", "fr", "ar"))
    found = find_themes(texts, tags, encoder=MeaningEncoder(), seed=1, number=3)
    assert adjusted_rand_score(things, found.labels) > 0.7
    assert found.check is not None
    assert not found.check.merely_languages
    largest = found.clusters[0]
    assert set(largest.languages) == {"en", "fr", "ar"}
    assert largest.one_language == ""


def test_clusters_are_described_in_each_language() -> None:
    found, things = find_well()
    assert adjusted_rand_score(things, found.labels) == 1.0
    assert [cluster.size for cluster in found.clusters] == [27, 27, 27]
    river = found.clusters[int(found.labels[things.index(0)])]
    assert river.languages == {"ar": 9, "en": 9, "fr": 9}
    assert "river" in " ".join(river.words["en"])
    assert "rivière" in " ".join(river.words["fr"])
    assert "النهر" in " ".join(river.words["ar"])
    assert len(set(river.central)) == 5
    assert all(things[place] == 0 for place in river.central)


def test_the_number_is_found_where_none_is_asked_for() -> None:
    found, _things = find_well(number=None)
    assert len(found.clusters) == 3
    assert found.layouts[0].stability > 0.9
    assert {candidate.k for candidate in found.layouts[0].candidates} >= {2, 3, 4}


def test_clusters_that_are_languages_over_again_are_said_to_be() -> None:
    texts, tags, _things = make_texts(("en", "fr", "ar"))
    places = {text: ("en", "fr", "ar").index(tag) for text, tag in zip(texts, tags, strict=True)}
    found = find_themes(texts, tags, encoder=PlacingEncoder(places), seed=1, number=3)
    assert ThemeCaution.LANGUAGES in found.cautions
    assert {cluster.one_language for cluster in found.clusters} == {"en", "fr", "ar"}


def test_hindi_is_laid_out_by_its_words_and_that_is_said() -> None:
    texts, tags, things = make_texts(("en", "fr", "hi"))
    encoder = PlacingEncoder(dict(zip(texts, things, strict=True)))
    found = find_themes(texts, tags, encoder=encoder, seed=1, number=3)
    assert ThemeCaution.BY_WORDS in found.cautions
    assert [(layout.by, set(layout.languages)) for layout in found.layouts] == [
        ("meaning", {"en", "fr"}),
        ("words", {"hi"}),
    ]
    for cluster in found.clusters:
        assert (cluster.by == "words") == (set(cluster.languages) == {"hi"})
    inside = [place for place, tag in enumerate(tags) if tag == "hi" and found.labels[place] >= 0]
    assert inside
    assert adjusted_rand_score([things[place] for place in inside], found.labels[inside]) > 0.4


def test_hindi_with_a_translation_is_laid_out_by_meaning() -> None:
    texts, tags, things = make_texts(("en", "fr", "hi"))
    places = dict(zip(texts, things, strict=True))
    translated = {place: (f"translation {place}", "en") for place, tag in enumerate(tags) if tag == "hi"}
    places.update({text: things[place] for place, (text, _tag) in translated.items()})
    found = find_themes(texts, tags, encoder=PlacingEncoder(places), seed=1, number=3, translations=translated)
    assert ThemeCaution.BY_WORDS not in found.cautions
    assert adjusted_rand_score(things, found.labels) == 1.0
    assert all("hi" in cluster.words for cluster in found.clusters)


def test_without_an_encoder_every_language_is_laid_out_by_its_words() -> None:
    texts, tags, things = make_texts(("en", "ar"))
    found = find_themes(texts, tags, encoder=None, seed=1, number=3)
    assert {layout.by for layout in found.layouts} == {"words"}
    assert all(len(cluster.languages) == 1 for cluster in found.clusters)
    english = [place for place, tag in enumerate(tags) if tag == "en" and found.labels[place] >= 0]
    assert adjusted_rand_score([things[place] for place in english], found.labels[english]) > 0.4


def test_what_says_nothing_belongs_to_no_cluster() -> None:
    texts, tags, things = make_texts(("en", "fr"))
    encoder = PlacingEncoder(dict(zip(texts, things, strict=True)))
    empty = ["", "😀", "12 %", "\n"]
    found = find_themes([*texts, *empty], [*tags, *("" for _ in empty)], encoder=encoder, seed=1, number=3)
    assert found.labels[-4:].tolist() == [-1] * 4
    assert found.memberships[-4:].nnz == 0


@pytest.mark.parametrize("texts", [[], ["Only this."], ["The same."] * 200, ["", ""]])
def test_too_little_has_no_clusters_and_a_reason(texts: list[str]) -> None:
    found = find_themes(texts, ["en"] * len(texts), encoder=None, seed=1)
    assert found.clusters == ()
    assert found.labels.tolist() == [-1] * len(texts)
    assert found.cautions[0] is ThemeCaution.NONE
    assert all(layout.reason is NoClusters.FEW for layout in found.layouts)


def test_a_megabyte_and_ten_thousand_copies_change_no_theme() -> None:
    texts, tags, things = make_texts(("en", "fr"))
    encoder = PlacingEncoder(dict(zip(texts, things, strict=True)))
    copies = [texts[0]] * 10_000
    endless = ["the river water " * 65_000, "x" * 1_000_000]
    encoder.places.update(dict.fromkeys(endless, 0))
    found = find_themes([*texts, *copies, *endless], [*tags, *["en"] * 10_002], encoder=encoder, seed=1, number=3)
    assert adjusted_rand_score(things, found.labels[:54]) > 0.7
    assert set(found.labels[54:10_054].tolist()) == {int(found.labels[0])}


@given(
    st.lists(st.tuples(st.text(st.characters(), max_size=40), st.sampled_from(["en", "hi", "", "no tag"])), max_size=40)
)
@settings(max_examples=20)
def test_any_texts_have_a_defined_result(rows: list[tuple[str, str]]) -> None:
    found = find_themes([text for text, _tag in rows], [tag for _text, tag in rows], encoder=None, seed=1, number=2)
    assert found.labels.shape == (len(rows),)
    assert found.memberships.shape == (len(rows), len(found.clusters))
    assert sum(cluster.size for cluster in found.clusters) == int(np.count_nonzero(found.labels >= 0))
    assert np.all(found.memberships.sum(axis=1) <= 1 + 1e-9)


def test_a_language_for_each_text_is_asked_for() -> None:
    with pytest.raises(ValueError, match="2 texts, but 1 languages"):
        find_themes(["a", "b"], ["en"], encoder=None, seed=1)


def test_json_can_be_written_and_names_every_text() -> None:
    found, _things = find_well()
    tags = make_texts(("en", "fr", "ar"))[1]
    told = json.loads(json.dumps(themes_to_json(found, tags, [f"t{place}" for place in range(len(tags))])))
    assert [row["id"] for row in told["texts"]] == [f"t{place}" for place in range(81)]
    assert {row["cluster"] for row in told["texts"]} == {0, 1, 2}
    assert told["clusters"][0]["central"][0].startswith("t")
    assert told["language_check"]["merely_languages"] is False
    assert all(0.05 <= share <= 1 for row in told["texts"] for share in row["memberships"].values())


def test_labels_leave_out_stop_words_numbers_and_what_one_text_says() -> None:
    texts = [
        "The bus in 2030 and the bus",
        "A bus, in the night of 2030",
        "The river and the fish",
        "The river, in 2030",
    ]
    labels = label_clusters(texts, ["en"] * 4, np.array([0, 0, 1, 1], np.int32), 2)
    assert labels == [{"en": ("bus",)}, {"en": ("river",)}]


def test_labels_are_spelled_as_they_were_written_most_often() -> None:
    texts = ["Die Flüsse sind sauber", "Saubere Flüsse", "Der Fluss"]
    (labels,) = label_clusters(texts, ["de"] * 3, np.zeros(3, np.int32), 1)
    assert labels["de"][0] == "Flüsse"


def test_a_cluster_nobody_shares_a_word_in_has_no_labels() -> None:
    assert label_clusters(["Apples", "Trains"], ["en", ""], np.zeros(2, np.int32), 1) == [{}]
