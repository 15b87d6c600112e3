"""Abbreviations in capitals that a text uses, and whether it says what they are short for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from harken.core.text.folding import fold, fold_word

__all__ = ["ShortForms"]

# Short forms that are words of everyday life, or better known than what they stand for.
_KNOWN = frozenset(
    word
    for words in (
        "OK TV PC CD DVD PDF URL WWW HTTP HTTPS HTML XML CSV SMS GPS WLAN WIFI USB FAQ ID IT AM PM AD BC CE BCE",
        "UTC GMT UN EU USA UK UNESCO UNICEF NATO HIV AIDS COVID DNA DNS LGBT LGBTQ CV PS NB VIP DIY AI ONU UE",
        "EUA EE UU VIH ADN SIDA OTAN RGPD TIC EUR USD GBP CHF INR BRL США ООН ЕС СССР РФ",
    )
    for word in words.split()
)
# Ordinary words that people write in capitals for weight.
_SHOUTED = frozenset(
    fold_word(word)
    for words in (
        "a all also and any are as at be both but by can do each for from had has have how if in is it its may",
        "more must never new no none not now of on one only or our per shall should so than that the their then",
        "this to two use was we what when who why will with yes you your always before after every note please",
        "warning open free alle aber auch bitte das dem den der des die ein eine für ist kein keine mit muss",
        "nein nicht nie nur oder sind und von wer wie wir zu neu aucun bien dans de doit du elle en est et il",
        "ils jamais la le les mais ne non nous ou oui par pas plus pour qui sans si son sur tous tout un une",
        "vous al como con del el ella es esta los las más muy nada nos nunca para pero por que se ser sin solo",
        "su sus toda todas todo todos uno y o ao com da dos em essa este eu foi há isso já mas na nas nem não os",
        "pela pelo qual seu sim sem só sua também um uma и в на не но да нет все или для по это как что",
    )
    for word in words.split()
)
_TOKEN = re.compile(r"(?<![\w&@#/.])[^\W_]+(?:[&-][^\W_]+)*(?:['’]?s)?(?![\w&@/])")
_ROMAN = re.compile("[IVX]+")
LONGEST = 6
# In a run of so many words in capitals none is an abbreviation: somebody shouts, or it is a heading.
SHOUTED_RUN = 3
_BEFORE, _AFTER = 160, 200
_NEXT_SIGN = re.compile("[*_`\"'”»]*\\s*[*_]*([(（:,=–—-])\\s*")
_SPACE = re.compile("\\s*")


@dataclass(slots=True)
class _ShortForm:
    first: tuple[int, int, int]
    times: int = 0
    is_explained: bool = False


@dataclass(slots=True)
class ShortForms:
    """Gathers the short forms of a document, text by text; `known` are those that need no words (any case)."""

    known: Iterable[str] = ()
    _found: dict[str, _ShortForm] = field(default_factory=dict)
    _small: set[str] = field(default_factory=set)

    def read(self, number: int, text: str, *, is_heading: bool = False) -> None:
        """Read the prose of one passage, which has this `number`; a heading is explained by what is below it."""
        for start, end, form in _find_forms(text):
            short_form = self._found.setdefault(form, _ShortForm((number, start, end)))
            short_form.times += 1
            alone = is_heading and text.strip("\n =-#") == text[start:end]
            short_form.is_explained = short_form.is_explained or alone or _is_explained(text, start, end, form)
        if text != text.upper():
            self._small.update(word for word in _SMALL.findall(text) if len(word) <= LONGEST and word.islower())

    def unexplained(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (number of the passage, start, end, times) for each short form nobody explained, at its first place.

        What also occurs in small letters is a word.
        """
        known = {fold_word(word) for word in self.known}
        small = {fold(word) for word in self._small}
        for form, found in self._found.items():
            if not found.is_explained and fold_word(form) not in known and fold(form) not in small:
                yield *found.first, found.times


_SMALL = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")


def _find_forms(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, form) for each short form in `text`; a plural s is within the place, but not in the form."""
    run: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        is_upper = token.isupper()
        if run and not (is_upper and not text[run[-1][1] : match.start()].strip()):
            yield from _take_run(run)
            run = []
        if is_upper:
            run.append((match.start(), match.end(), token))
        else:
            yield from _read_mixed(match.start(), token)
    yield from _take_run(run)


def _take_run(run: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the short forms of words in capitals that stand side by side."""
    if len(run) >= SHOUTED_RUN or any(len(token) > LONGEST for _, _, token in run):
        return
    for start, end, token in run:
        if _is_form(token):
            yield start, end, token


def _read_mixed(start: int, token: str) -> Iterator[tuple[int, int, str]]:
    """Yield the short forms of a word that is not all in capitals: "NGOs", "NGO-led"."""
    if any(sign.isdigit() for sign in token):
        return  # a code such as "AD-R2"
    for part in token.split("-"):
        form = part[:-1].rstrip("'’") if part.endswith("s") else part
        if _is_form(form):
            yield start, start + len(part), form
        start += len(part) + 1


def _is_form(word: str) -> bool:
    letters = word.replace("&", "")
    return (
        1 < len(letters) <= LONGEST
        and letters.isalpha()
        and letters.isupper()
        and word not in _KNOWN
        and not _ROMAN.fullmatch(word)
        and fold_word(word) not in _SHOUTED
    )


def _is_explained(text: str, start: int, end: int, form: str) -> bool:
    """Return whether the long form stands before "(FORM)" or after "FORM (", "FORM: ", "FORM – " or "FORM, "."""
    before = text[max(0, start - _BEFORE) : start].rstrip("*_\"'“„«`")
    if before[-1:] in tuple("(（[") and text[end : end + 1] in tuple(')）],;*_"”»'):
        words = before[:-1].split()[-(min(len(form) + 5, 2 * len(form))) :]
        return bool(words) and _is_long_form(form, words)
    sign = _NEXT_SIGN.match(text, end)
    if not sign:
        return False
    following = text[sign.end() : sign.end() + _AFTER]
    if sign.group(1) in tuple("(（"):
        following = re.split("[)）]", following, maxsplit=1)[0]
    words = following.split()[: min(len(form) + 5, 2 * len(form))]
    return bool(words) and _is_long_form(form, words)


def _is_long_form(form: str, words: Sequence[str]) -> bool:
    """Return whether `words` may be what `form` is short for.

    Its letters are found in them in order, the first at the beginning of a word (A. S. Schwartz, M. A. Hearst, A simple
    algorithm for identifying abbreviation definitions in biomedical text, PSB 2003), or begin words of them in any
    order, as in translations; and words in another script, whose letters cannot agree, are taken for it.
    """
    letters = [letter for letter in fold(form) if letter.isalpha()]
    long_form = fold(" ".join(words))
    if not any(_script(letter) == _script(letters[0]) for letter in long_form if letter.isalpha()):
        return True
    initials = Counter(word[0] for word in re.findall(r"[^\W\d_]+", long_form))
    if not Counter(letters) - initials:
        return True
    return _has_in_order(letters, long_form)


def _has_in_order(letters: Sequence[str], long_form: str) -> bool:
    """Return whether `letters`, read from the end, are in `long_form`, the first where a word begins."""
    place = len(long_form)
    for number in range(len(letters) - 1, -1, -1):
        place = long_form.rfind(letters[number], 0, place)
        while number == 0 and place > 0 and long_form[place - 1].isalnum():
            place = long_form.rfind(letters[0], 0, place)
        if place < 0:
            return False
    return True


def _script(letter: str) -> str:
    """Return the cased script of a letter, roughly, or "other"."""
    if letter.upper() == letter.lower():
        return "other"
    code = ord(letter)
    return "latin" if code < 0x370 or 0x1E00 <= code < 0x1F00 else "greek" if code < 0x400 else "cyrillic"
