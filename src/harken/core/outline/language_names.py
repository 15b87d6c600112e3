"""Names of languages in the seven interface languages and in each language itself, from the CLDR through Babel."""

import pickle
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, localedata
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from harken.core.outline.lexicon import any_word, fold_word, fold_words, split_words
from harken.core.outline.model import Language

__all__ = ["find_language_list", "language_code"]

_INTERFACE = ("en", "ar", "de", "es", "fr", "hi", "pt")
# Languages whose own names are known: those with modern coverage in the CLDR and some in which movements often publish.
_WITH_OWN_NAME = tuple(
    sorted(
        fold_words(
            "af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id "
            "ig is it ja ka kk km kn ko ku ky lb lo lt lv mk ml mn mr ms my nb ne nl nn or pa pl ps pt ro ru rw sd "
            "si sk sl so sq sr sv sw ta te tg th ti tk tr tt ug uk ur uz vi wo xh yo yue zh zu"
        )
    )
)

# What people write beside the names of the CLDR.
_MORE_NAMES = {
    "Mandarin": "zh",
    "Simplified Chinese": "zh-Hans",
    "Traditional Chinese": "zh-Hant",
    "Farsi": "fa",
    "Bahasa Indonesia": "id",
    "Bahasa Melayu": "ms",
    "Castilian": "es",
    "Castellano": "es",
    "Portuguese (Brazil)": "pt-BR",
    "Brazilian Portuguese": "pt-BR",
    "Português do Brasil": "pt-BR",
    "European Portuguese": "pt-PT",
    "Mandarín": "zh",
    "Mandarim": "zh",
    "Tagalog": "tl",
    "简体中文": "zh-Hans",
    "繁體中文": "zh-Hant",
    "हिन्दी": "hi",
    "हिंदी": "hi",
    "اللغة العربية": "ar",
    "العربية": "ar",
    "فارسی": "fa",
}
# Names of small languages that are common words elsewhere; in a list of languages they would be taken by mistake.
_COMMON_WORDS = frozenset(
    (
        "even",
        "fang",
        "ga",
        "ho",
        "ido",
        "mari",
        "tiv",
        "vai",
        "yao",
        "zande",
        "han",
        "karo",
        "mon",
        "ewe",
        "fon",
        "bini",
        "gayo",
        "toba",
        "kru",
        "day",
        "lu",
    )
)

_SEPARATOR = re.compile(
    r"\s*(?:[,،、;؛|•·/–—]|\n)\s*(?:(?:and|or|und|oder|y|e|o|et|ou|और|तथा|एवं|या)\s+(?:in\s+|en\s+|em\s+|auf\s+)?)?"
    r"|\s+(?:and|or|und|oder|y|e|o|et|ou|और|तथा|एवं|या|&)\s+(?:in\s+|en\s+|em\s+|auf\s+)?"
    r"|\s*[,،]?\s+و(?=\w)|\s+و\s+",
    re.IGNORECASE,
)
_CUES = fold_words(
    "read available language languages translated translation translations translate version versions offered "
    "written متاح متاحة متوفر متوفرة لغة لغات اللغات ترجمة بالعربية قراءة مترجمة sprache sprachen lesen verfügbar "
    "übersetzt übersetzung übersetzungen idioma idiomas lenguas disponible disponibles leer traducido traducida "
    "traducción traducciones langue langues disponible disponibles lire traduit traduite traduction traductions "
    "भाषा भाषाओं उपलब्ध अनुवाद पढ़ पढ़ें língua línguas disponível disponíveis ler traduzido traduzida tradução "
    "traduções"
)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for interface in _INTERFACE:
        for code, name in Locale.parse(interface).languages.items():
            _add_name(names, str(name), str(code).replace("_", "-"))
    for code in _WITH_OWN_NAME:
        own = _name_in_itself(code)
        if own:
            _add_name(names, str(own), code)
    for name, code in _MORE_NAMES.items():
        names[fold_word(name)] = code
    return names


def _name_in_itself(code: str) -> object:
    """What Babel's file of a language calls it, read without what it inherits: a tenth of the time, nothing is kept.

    Babel's own way to leave out what is inherited, `load(merge_inherited=False)`, keeps the maimed data for everybody.
    """
    data = pickle.loads(Path(localedata.resolve_locale_filename(code)).read_bytes())  # noqa: S301 - Babel's own file
    return data.get("languages", {}).get(code)


def _add_name(names: dict[str, str], name: str, code: str) -> None:
    folded = fold_word(name)
    if code in ("mul", "und", "zxx", "mis") or (len(folded) < 3 and folded.isascii()) or folded in _COMMON_WORDS:
        return
    # Two languages of one name ("Norwegian"): the shorter code is the wider one.
    if folded not in names or (len(code), code) < (len(names[folded]), names[folded]):
        names[folded] = code


@cache
def _words_of_names() -> frozenset[str]:
    return frozenset(word for name in _names() for word in split_words(name))


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(name for name in _names() if len(name) >= 7)


def _spellings(name: str) -> tuple[str, ...]:
    """Return the forms a name may have in the CLDR: Arabic names stand with and without article and preposition."""
    folded = fold_word(" ".join(name.split()))
    return (folded, folded.removeprefix("ب").removeprefix("ال"), f"ال{folded}", folded.removeprefix("ب"))


def language_code(name: str) -> str:
    """Return the BCP 47 code of a language named in one of the seven interface languages or in itself, else ''."""
    return next((_names()[spelling] for spelling in _spellings(name) if spelling in _names()), "")


def _close_code(name: str) -> str:
    """Return the code of a longer name with a slip of one or two letters ("Portugese"), else ''."""
    folded = fold_word(" ".join(name.split()))
    if not 7 <= len(folded) <= 40:
        return ""
    most = 1 if len(folded) < 12 else 2
    close = process.extractOne(folded, _long_names(), scorer=Levenshtein.distance, score_cutoff=most)
    return _names()[close[0]] if close is not None else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    code: str


def find_language_list(sentence: str) -> tuple[Language, ...]:
    """Return the languages a sentence lists as offered, in order, or nothing if it does not list languages.

    It does if at least two names stand in a list and a word such as "read", "available" or "translation" stands in the
    sentence, or if at least three stand in a list.
    """
    words = {spelling for word in split_words(sentence) for spelling in _spellings(word.removeprefix("و"))}
    if len(words & _words_of_names()) < 2:
        return ()
    best: list[_Piece] = []
    run: list[_Piece] = []
    gap: _Piece | None = None
    for piece in _split_list(sentence):
        if piece.code:
            if gap is not None and run:
                run.append(gap)
            run.append(piece)
            gap = None
        elif run and gap is None and 0 < len(split_words(piece.text)) <= 3 and piece.text[:1].isupper():
            gap = _Piece(piece.text, _close_code(piece.text))
        else:
            best, run, gap = max(best, run, key=len), [], None
    best = max(best, run, key=len)
    known = sum(1 for piece in best if piece.code)
    if known < 2 or (known < 3 and not any_word(sentence, _CUES)):
        return ()
    found: dict[str, Language] = {}
    for piece in best:
        found.setdefault(piece.code or piece.text, Language(piece.text, piece.code))
    return tuple(found.values())


def _split_list(sentence: str) -> list[_Piece]:
    pieces = []
    for part in _SEPARATOR.split(sentence):
        text = part.strip().strip(".!:()[]“”\"'")
        pieces.append(_read_piece(text))
    return pieces


def _read_piece(text: str) -> _Piece:
    """Return the language a part of a list names: as a whole, by its last words ("into Arabic") or its first ones."""
    if len(text) > 200:
        text = text[-60:]
    code = language_code(text)
    if code:
        return _Piece(text, code)
    words = text.split()
    for length in (3, 2, 1):
        if len(words) <= length:
            continue
        for part in (words[-length:], words[:length]):
            name = " ".join(part).strip(".!:()[]“”\"'")
            code = language_code(name)
            # Names of languages start with a capital wherever the whole word is not written in lower case by rule.
            if code and (name[:1].isupper() or not name.isascii() or any_word(text, _CUES)):
                return _Piece(name, code)
    return _Piece(text, "")
