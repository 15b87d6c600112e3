"""Sentences of parallel texts find their translation, in every pair of languages; and their languages are told."""

from __future__ import annotations

from itertools import permutations

import pytest

from bench.sense_parallel import FILES, FOLDER, find_precision, read_articles, tag_of
from harken.core.sense import MeaningEncoder, detect_languages

pytestmark = pytest.mark.skipif(len(FILES) < 2, reason=f"no parallel texts at {FOLDER}; set HARKEN_TEST_DATA")


@pytest.mark.parametrize(("first", "second"), list(permutations(FILES, 2)))
def test_a_sentence_finds_its_translation(first: str, second: str) -> None:
    if not {tag_of(first), tag_of(second)} <= MeaningEncoder.languages:
        pytest.skip("the encoder does not know both languages")
    right, number = find_precision(first, second)
    assert number >= 20
    assert right >= 0.7, f"{first} → {second}: {right:.3f} of {number}"


@pytest.mark.parametrize("name", FILES)
def test_the_language_of_every_article_is_told(name: str) -> None:
    tags = sorted({tag_of(each) for each in FILES} - {""} | {"en", "fr"})
    if not tag_of(name):
        pytest.skip("no language tag is known for this file")
    texts = [text for paragraphs in read_articles(name).values() for text in paragraphs]
    found = detect_languages(texts, tags)
    assert sum(each.tag == tag_of(name) for each in found) >= 0.97 * len(texts)
