"""Scripts: which one a letter belongs to, and which ones a language is written in.

A script is named by the first word of its letters' Unicode names ("LATIN", "ARABIC", "DEVANAGARI" …). Han, kana and
bopomofo are one here, "CJK": texts mix them within a word.
"""

import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

__all__ = ["CJK", "script_of_letter", "scripts_of_language", "scripts_of_text"]

CJK = "CJK"
_FIRST_WORDS = {"HIRAGANA": CJK, "KATAKANA": CJK, "KATAKANA-HIRAGANA": CJK, "BOPOMOFO": CJK, "IDEOGRAPHIC": CJK}
# Where the name of a script in CLDR does not begin as the names of its letters do in Unicode.
_BY_CODE = {
    "Beng": "BENGALI",
    "Bopo": CJK,
    "Cans": "CANADIAN",
    "Hani": CJK,
    "Hans": CJK,
    "Hant": CJK,
    "Jpan": CJK,
    "Kore": "HANGUL",
    "Nkoo": "NKO",
    "Orya": "ORIYA",
}
_LENGTH_OF_SCRIPT_CODE = 4


@lru_cache(maxsize=1 << 14)
def script_of_letter(character: str) -> str:
    """Return the script of one character, or "" where it is not a letter."""
    if not character.isalpha():
        return ""
    word = unicodedata.name(character, "").partition(" ")[0]
    return _FIRST_WORDS.get(word, word)


def scripts_of_text(text: str) -> set[str]:
    """Return the scripts of all letters of a text."""
    if text.isascii():
        return {"LATIN"} if any(map(str.isalpha, text)) else set()
    return {script for character in set(text) if (script := script_of_letter(character))}


@lru_cache(maxsize=512)
def scripts_of_language(tag: str) -> frozenset[str]:
    """Return the scripts that a BCP 47 tag says or, by CLDR's likely subtags, means; none for a tag nobody knows."""
    parts = tag.replace("_", "-").split("-")
    code = next((part.title() for part in parts[1:] if len(part) == _LENGTH_OF_SCRIPT_CODE and part.isalpha()), "")
    if not code:
        likely: dict[str, str] = get_global("likely_subtags")  # type: ignore[assignment]  # Babel types all its tables alike
        language = parts[0].lower()
        regions = [f"{language}_{part.upper()}" for part in parts[1:]]
        full = next((likely[each] for each in (*regions, language) if each in likely), "")
        code = full.split("_")[1] if full else ""
    if not code:
        return frozenset()
    name = _BY_CODE.get(code) or Locale("en").scripts.get(code, "").upper().partition(" ")[0]
    # Korean quotes Han, but a text of Han alone is not Korean.
    return frozenset({name}) if name else frozenset()
