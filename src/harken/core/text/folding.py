"""Folding: the form of a text under which two spellings of the same word are equal.

Search, similarity and alignment compare folded words; nothing folded is ever shown. What is folded:

* compatibility forms and case (Unicode NFKC and full case folding, UAX #15 and The Unicode Standard 3.13);
* diacritics of Latin, Greek and Cyrillic letters, and the letters Unicode does not decompose (ł, ø, đ, æ …);
* Arabic short vowels and tatweel; the forms of alef, yeh, heh (with teh marbuta), waw with hamza, and kaf;
* Hebrew points; nukta in Brahmic scripts; in Devanagari also candrabindu, and a nasal consonant written
  before a consonant of its own class, to anusvara (both spellings are standard in Hindi);
* decimal digits of every script, to ASCII; characters that cannot be seen (joiners, soft hyphens, bidi controls).

Vowel signs of Brahmic scripts, Thai tone marks and Japanese voicing marks carry meaning and stay.
"""

import re
import unicodedata
from functools import lru_cache

__all__ = ["INVISIBLE", "fold", "fold_case", "fold_word"]

# Characters without a glyph of their own, which people do not know they typed: soft hyphen, grapheme joiner,
# zero-width (non-)joiners and spaces, bidi controls, word joiner, variation selectors, byte order mark.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)


def _span(first: int, last: int) -> range:
    return range(first, last + 1)


_DELETED: tuple[range, ...] = (
    # Combining marks of Latin, Greek and Cyrillic: the blocks used with no other script.
    _span(0x0300, 0x036F),
    _span(0x0483, 0x0489),
    _span(0x1AB0, 0x1AFF),
    _span(0x1DC0, 0x1DFF),
    _span(0x20D0, 0x20FF),
    _span(0x2DE0, 0x2DFF),
    _span(0xA66F, 0xA672),
    _span(0xA674, 0xA67D),
    _span(0xFE20, 0xFE2F),
    # Modifier letters that stand for an apostrophe, stress or length.
    _span(0x02B9, 0x02DF),
    _span(0x02E5, 0x02FF),
    # Hebrew points and accents.
    _span(0x0591, 0x05BD),
    _span(0x05BF, 0x05BF),
    _span(0x05C1, 0x05C2),
    _span(0x05C4, 0x05C5),
    _span(0x05C7, 0x05C7),
    # Arabic marks (with the hamza and madda that decomposition frees) and tatweel.
    _span(0x0610, 0x061A),
    _span(0x0640, 0x0640),
    _span(0x064B, 0x065F),
    _span(0x0670, 0x0670),
    _span(0x06D6, 0x06DC),
    _span(0x06DF, 0x06E4),
    _span(0x06E7, 0x06E8),
    _span(0x06EA, 0x06ED),
    _span(0x08CA, 0x08FF),
)

_NUKTA = "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0c3c\u0cbc"

_LETTERS = {
    # Latin letters with a stroke or a ligature have no canonical decomposition.
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "ȷ": "j",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    # Arabic script: one letter for the forms that differ by keyboard, language or position.
    "ٱ": "ا",
    "ٲ": "ا",
    "ٳ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ۍ": "ي",
    "ے": "ي",
    "ة": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ۃ": "ه",
    "ک": "ك",
    "ڪ": "ك",
    # Devanagari candrabindu.
    "ँ": "ं",
}


def _folding_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for span in _DELETED:
        table.update(dict.fromkeys(span))
    table.update(dict.fromkeys(map(ord, _NUKTA)))
    table.update({ord(letter): plain for letter, plain in _LETTERS.items()})
    for code in range(0x0660, 0x20000):
        character = chr(code)
        if character.isdecimal():
            table[code] = str(unicodedata.decimal(character))
    return table


_TABLE = _folding_table()
_INVISIBLE_RUN = re.compile(f"[{INVISIBLE}]+")
# Nasal + virama before a consonant of the same class: ङ् before velars, ञ् palatals, ण् retroflexes,
# न् dentals, म् labials.
_HOMORGANIC_NASAL = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")
# Thai: nikhahit, tone, sara aa (as some keyboards store "น้ำ") against tone, nikhahit, sara aa.
_THAI_AM = re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32")


def fold_case(text: str) -> str:
    """Return `text` without invisible characters, in compatibility and case folding, diacritics kept.

    This is the form a stemmer expects: `fold_case("Œuvres ÉTÉ")` is `"œuvres été"`.
    """
    if text.isascii():
        return text.lower()
    text = _INVISIBLE_RUN.sub("", text)
    # Toward NFKC_Casefold (The Unicode Standard, 3.13, R5); the second pass settles what case folding unfolds.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).casefold()


def fold(text: str) -> str:
    """Return the folded form of `text` (any length, any script); folding twice changes nothing.

    Only letters change: spaces and punctuation stay, so folded text is still readable word by word.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", fold_case(text)).translate(_TABLE)
    text = _HOMORGANIC_NASAL.sub("ं", _THAI_AM.sub("\\1\u0e4d\u0e32", text))
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """Return `fold(word)` reduced to letters, marks and digits; remembered, since words repeat."""
    folded = fold(word)
    if folded.isalnum():
        return folded
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")
