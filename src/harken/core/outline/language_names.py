"""Names of languages in the seven interface languages and in each language itself, from the CLDR through Babel."""

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from harken.core.outline.lexicon import any_word, fold_word, split_words
from harken.core.outline.model import Language

__all__ = ["find_language_list", "language_code"]

_INTERFACE = ("en", "ar", "de", "es", "fr", "hi", "pt")

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
_COMMON_WORDS = frozenset("even fang ga ho ido mari tiv vai yao zande han karo mon ewe fon bini gayo toba kru day lu".split())

_SEPARATOR = re.compile(
    r"\s*(?:[,،、;؛|•·/–—]|\n)\s*(?:(?:and|or|und|oder|y|e|o|et|ou|और|तथा|एवं|या)\s+(?:in\s+|en\s+|em\s+|auf\s+)?)?"
    r"|\s+(?:and|or|und|oder|y|e|o|et|ou|और|तथा|एवं|या|&)\s+(?:in\s+|en\s+|em\s+|auf\s+)?"
    r"|\s*[,،]?\s+و(?=\w)|\s+و\s+",
    re.IGNORECASE,
)
_CUES = frozenset(
    fold_word(word)
    for word in (
        "read available language languages translated translation translations translate version versions offered written "
        "متاح متاحة متوفر متوفرة لغة لغات اللغات ترجمة بالعربية قراءة مترجمة "
        "sprache sprachen lesen verfügbar übersetzt übersetzung übersetzungen "
        "idioma idiomas lenguas disponible disponibles leer traducido traducida traducción traducciones "
        "langue langues disponible disponibles lire traduit traduite traduction traductions "
        "भाषा भाषाओं उपलब्ध अनुवाद पढ़ पढ़ें "
        "língua línguas disponível disponíveis ler traduzido traduzida tradução traduções"
    ).split()
)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for interface in _INTERFACE:
        for code, name in Locale.parse(interface).languages.items():
            _add_name(names, str(name), str(code).replace("_", "-"))
    for identifier in sorted(locale_identifiers()):
        if "_" not in identifier and identifier != "root":
            own = Locale.parse(identifier).get_language_name()
            if own:
                _add_name(names, own, identifier)
    for name, code in _MORE_NAMES.items():
        names[fold_word(name)] = code
    return names


def _add_name(names: dict[str, str], name: str, code: str) -> None:
    folded = fold_word(name)
    if code in ("mul", "und", "zxx", "mis") or len(folded) < 3 and folded.isascii() or folded in _COMMON_WORDS:
        return
    # Two languages of one name ("Norwegian"): the shorter code is the wider one.
    if folded not in names or (len(code), code) < (len(names[folded]), names[folded]):
        names[folded] = code


@cache
def _latin_names() -> tuple[str, ...]:
    return tuple(name for name in _names() if len(name) >= 6)


def language_code(name: str) -> str:
    """Return the BCP 47 code of a language named in one of the seven interface languages or in itself, else ''.

    A slip of one or two letters in a longer name is forgiven ("Portugese").
    """
    folded = fold_word(" ".join(name.split()))
    if not folded:
        return ""
    for candidate in (folded, folded.removeprefix("ال"), folded.removeprefix("بال"), "ال" + folded):
        if candidate in _names():
            return _names()[candidate]
    if len(folded) < 7:
        return ""
    close = process.extractOne(
        folded, _latin_names(), scorer=Levenshtein.distance, score_cutoff=1 if len(folded) < 12 else 2
    )
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
            gap = piece
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
    """Return the language a part of a list names: all of it, or its last words ("... into Arabic") or first ("Spanish as well")."""
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
            code = _names().get(fold_word(name), "") or _names().get(fold_word(name).removeprefix("بال").removeprefix("ال"), "")
            # Names of languages start with a capital wherever the whole word is not written in lower case by rule.
            if code and (name[:1].isupper() or not name.isascii() or any_word(text, _CUES)):
                return _Piece(name, code)
    return _Piece(text, "")
