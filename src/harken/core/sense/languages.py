"""Languages of texts: which of the languages of a process each is in, or that this cannot be told.

The script of the letters decides what it can; between languages of one script lingua decides, by n-grams and by letters
that only some languages use (https://github.com/pemistahl/lingua-py). Only the languages given are ever answered.
Sentences are asked about one by one as well, so that a text in several languages shows them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from harken.core.sense.scripts import CJK, script_of_letter, scripts_of_language, scripts_of_text

__all__ = ["DetectedLanguage", "Share", "UnknownTag", "detect_language", "detect_languages"]

# Addresses, names of people and tags, and words with digits say nothing about the language around them; halves of
# surrogate pairs cannot be handed on.
_NOISE = re.compile(
    r"\b(?:[Hh][Tt][Tt][Pp][Ss]?://|[Ww]{3}\.)\S+"
    r"|\b(?a:[\w.+-]{1,64}@[\w.-]+)"
    r"|[@#]\w+"
    r"|\b[A-Za-z]{0,32}\d[A-Za-z\d]*"
    "|[\ud800-\udfff]+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟।])\s+|(?<=[。！？])|[\r\n\u2028\u2029]+")
# Of a long text this much is looked at: so many windows of so many characters, evenly spread.
_WINDOWS, _WINDOW = 12, 500
_QUESTION, _SENTENCE = 120, 60  # characters that lingua is asked about at once
_SHORT, _CAREFUL_QUESTION = 60, 80
_SURE, _SURE_CAREFUL = 0.9, 0.8
_ASKED_ALONE = 15  # letters from which a sentence is asked about by itself
_ENOUGH = 40  # letters from which sentences can speak for all of it
_FEWEST_LETTERS = 3
_LEAST_SHARE = 0.25  # of the letters of the main language: below, it is a name or a quotation
_CHUNK = 4096
# A Han character says about as much as three letters.
_WEIGHTS = {CJK: 3, "HANGUL": 2}
# Tags that name a language by an older code, or one that lingua counts under another.
_SAME_AS = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "cmn": "zh", "arb": "ar"}


class UnknownTag(ValueError):
    """A language tag that neither lingua nor CLDR knows."""


@dataclass(frozen=True, slots=True)
class Share:
    """One language of a text in several: its tag ("" for what could not be told) and its share of the letters."""

    tag: str
    share: float


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """The language of one text.

    Attributes:
        tag: one of the tags given, or "" where the language cannot be told.
        confidence: 0 to 1, against the other languages given that share the script; 1 where the script alone decides.
        mixed: where it is in several languages, their shares, largest first; else empty.
    """

    tag: str
    confidence: float
    mixed: tuple[Share, ...] = ()


_Answer = tuple[str, float]


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The languages given that share one script, and who tells them apart."""

    tags: dict[Language, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()  # lingua does not know them
    quick: LanguageDetector | None = None
    careful: LanguageDetector | None = None
    only: str = ""  # the tag that the script decides

    def ask(self, questions: Sequence[str], *, careful: bool) -> list[_Answer]:
        """Return the likeliest language of each question; if `careful`, of what is short or unsure by all n-grams."""
        if not careful:
            return self._put(self.quick, questions)
        answers: list[_Answer] = [("", 0.0)] * len(questions)
        long = [place for place, question in enumerate(questions) if len(question) >= _SHORT]
        for place, answer in zip(long, self._put(self.quick, [questions[place] for place in long]), strict=True):
            answers[place] = answer
        unsure = [place for place, (_tag, confidence) in enumerate(answers) if confidence < _SURE]
        asked = [questions[place][:_CAREFUL_QUESTION] for place in unsure]
        for place, answer in zip(unsure, self._put(self.careful, asked), strict=True):
            answers[place] = answer
        return answers

    def _put(self, detector: LanguageDetector | None, questions: Sequence[str]) -> list[_Answer]:
        if detector is None or not questions:
            return []
        told = [values[0] for values in detector.compute_language_confidence_values_in_parallel(list(questions))]
        # Where lingua finds nothing it knows, all its confidences are 0. Their last digits differ from call to call.
        return [(self.tags[best.language], round(best.value, 6)) if best.value > 0 else ("", 0.0) for best in told]


_NOBODY = _Rivals()


@dataclass(slots=True)
class _Part:
    """What a text says in one script.

    Attributes:
        rivals: the languages that it can be in.
        letters: how many there are, Han counted as several.
        whole: the beginning of it, or "" where there is nothing to ask lingua.
        sentences: those long enough to be asked about by themselves, where there are several, and their letters.
        answer: about the whole.
        others: sentences that are surely in another language: letters, and the answer.
    """

    rivals: _Rivals
    letters: int
    whole: str = ""
    sentences: list[tuple[str, int]] = field(default_factory=list)
    answer: _Answer = ("", 0.0)
    others: list[tuple[int, _Answer]] = field(default_factory=list)


def detect_language(
    text: str, languages: Sequence[str], *, careful: bool = True, least: float | None = None
) -> DetectedLanguage:
    """Return which of `languages` a text is in; `detect_languages` says the rest."""
    return detect_languages([text], languages, careful=careful, least=least)[0]


def detect_languages(
    texts: Iterable[str], languages: Sequence[str], *, careful: bool = True, least: float | None = None
) -> list[DetectedLanguage]:
    """Return which of `languages` each text is in, in their order.

    Lingua answers in as many threads as there are cores. Of texts beyond 6,000 characters, twelve windows are read.

    Args:
        texts: any texts; markup is taken as words.
        languages: BCP 47 tags. Of tags that differ only in region the first is answered. A language that lingua does
            not know is answered where no other has its script; where others do, these are answered only if nearly
            sure, and that one never.
        careful: ask about what is short or unsure with n-grams of one to five letters, not with trigrams alone. For
            seven languages this takes 150 to 240 MB and some seconds when first used, instead of 15 to 35 MB and a
            tenth of one.
        least: answers of less confidence become ""; by default 0.5, and 0.8 where not `careful`.

    Raises:
        UnknownTag: a tag that nobody knows, so that not even its script is known.
    """
    by_script = _find_rivals(tuple(languages))
    floor = (0.5 if careful else 0.8) if least is None else least
    found: list[DetectedLanguage] = []
    waiting = iter(texts)
    while chunk := list(islice(waiting, _CHUNK)):
        parts = [_split_text(text, by_script) for text in chunk]
        _ask([part for each in parts for part in each], careful=careful)
        found.extend(_conclude(each, floor) for each in parts)
    return found


@lru_cache(maxsize=32)
def _find_rivals(languages: tuple[str, ...]) -> dict[str, _Rivals]:
    """Return by script which languages share it, and who can tell them apart."""
    known: dict[str, dict[Language, str]] = {}
    unknown: dict[str, list[str]] = {}
    for tag in languages:
        scripts = scripts_of_language(tag)
        if not scripts:
            raise UnknownTag(f"“{tag}” is no language tag that is known; tags look like “en”, “pt-BR” or “zh-Hant”.")
        for script in scripts:
            language = _find_in_lingua(tag, script)
            if language is None:
                unknown.setdefault(script, []).append(tag)
            else:
                known.setdefault(script, {}).setdefault(language, tag)
    rivals = {}
    for script in (*known, *(each for each in unknown if each not in known)):
        tags = known.get(script, {})
        quick = careful = None
        if len(tags) > 1:
            quick = LanguageDetectorBuilder.from_languages(*tags).with_low_accuracy_mode().build()
            careful = LanguageDetectorBuilder.from_languages(*tags).build()
        others = tuple(unknown.get(script, ()))
        both = (*tags.values(), *others)
        rivals[script] = _Rivals(tags, others, quick, careful, both[0] if len(both) == 1 else "")
    return rivals


def _find_in_lingua(tag: str, script: str) -> Language | None:
    """Return lingua's language for a tag, if it knows it in this script."""
    code = tag.replace("_", "-").partition("-")[0].lower()
    try:
        language = Language.from_iso_code_639_1(IsoCode639_1.from_str(_SAME_AS.get(code, code)))
    except ValueError:
        return None
    written = {
        "ARABIC": Language.all_with_arabic_script,
        "CYRILLIC": Language.all_with_cyrillic_script,
        "DEVANAGARI": Language.all_with_devanagari_script,
        "LATIN": Language.all_with_latin_script,
    }
    return language if script not in written or language in written[script]() else None


def _split_text(text: str, by_script: dict[str, _Rivals]) -> list[_Part]:
    """Return what a text says in each script, and what has to be asked about it."""
    cleaned = _clean(text)
    scripts = scripts_of_text(cleaned)
    parts = []
    for script in scripts:
        rivals = by_script.get(script, _NOBODY)
        words = cleaned if len(scripts) == 1 else _keep_script(cleaned, script)
        part = _Part(rivals, sum(map(str.isalpha, words)) * _WEIGHTS.get(script, 1))
        if rivals.quick and part.letters >= _FEWEST_LETTERS:
            part.whole = " ".join(words.split())[:_QUESTION]
            sentences = _SENTENCE_END.split(words)
            if len(sentences) > 1:
                counted = ((sentence, sum(map(str.isalpha, sentence))) for sentence in sentences)
                part.sentences = [(sentence[:_SENTENCE], own) for sentence, own in counted if own >= _ASKED_ALONE]
        parts.append(part)
    return parts


def _clean(text: str) -> str:
    """Return what is looked at of a text."""
    if len(text) > _WINDOWS * _WINDOW:
        step = (len(text) - _WINDOW) / (_WINDOWS - 1)
        text = "\n".join(text[start : start + _WINDOW] for start in (round(step * each) for each in range(_WINDOWS)))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NOISE.sub(" ", text)


def _keep_script(text: str, script: str) -> str:
    """Return a text with blanks for the letters of other scripts."""
    return "".join(each if script_of_letter(each) in {script, ""} else " " for each in text)


def _ask(parts: Sequence[_Part], *, careful: bool) -> None:
    """Fill in the answers to all questions, those about the same languages together."""
    by_rivals: dict[int, list[_Part]] = {}
    for part in parts:
        if part.whole:
            by_rivals.setdefault(id(part.rivals), []).append(part)
    for group in by_rivals.values():
        _ask_group(group, careful=careful)


def _ask_group(group: Sequence[_Part], *, careful: bool) -> None:
    """Fill in the answers about parts with the same rivals."""
    rivals = group[0].rivals
    sentences = [(part, sentence, own) for part in group for sentence, own in part.sentences]
    answers = rivals.ask([sentence for _part, sentence, _own in sentences], careful=False)
    said: dict[int, list[_Answer]] = {}
    for (part, _sentence, _own), answer in zip(sentences, answers, strict=True):
        said.setdefault(id(part), []).append(answer)
    # Where sentences that make up most of it are sure and agree, there is nothing more to ask.
    divided = [part for part in group if not _agree(part, said.get(id(part), ()))]
    for part, answer in zip(divided, rivals.ask([part.whole for part in divided], careful=careful), strict=True):
        part.answer = answer
    pairs = zip(sentences, answers, strict=True)
    waiting = [(asked, answer) for asked, answer in pairs if answer[0] != asked[0].answer[0]]
    if careful:
        again = rivals.ask([sentence for (_part, sentence, _own), _answer in waiting], careful=True)
        waiting = [(asked, answer) for (asked, _quick), answer in zip(waiting, again, strict=True)]
    for (part, _sentence, own), answer in waiting:
        if answer[1] >= (_SURE_CAREFUL if careful else _SURE) and answer[0] != part.answer[0]:
            part.others.append((own, answer))


def _agree(part: _Part, answers: Sequence[_Answer]) -> bool:
    """Answer a part by its sentences, if they are sure, agree, and make up most of it; return whether they do."""
    asked = sum(own for _sentence, own in part.sentences)
    if len({tag for tag, _confidence in answers}) != 1 or asked < max(_ENOUGH, part.letters / 2):
        return False
    if min(confidence for _tag, confidence in answers) < _SURE:
        return False
    part.answer = max(answers, key=lambda answer: answer[1])
    return True


def _conclude(parts: Sequence[_Part], least: float) -> DetectedLanguage:
    """Return the language of a text from the answers about its parts."""
    answers = [(part, _answer_part(part, least)) for part in parts if part.letters >= _FEWEST_LETTERS]
    if len(answers) == 1 and not answers[0][0].others:
        return DetectedLanguage(*answers[0][1])
    letters: Counter[str] = Counter()
    confidences: dict[str, float] = {}
    for part, answer in answers:
        rest = part.letters - sum(own for own, _answer in part.others)
        for own, (tag, confidence) in ((rest, answer), *part.others):
            letters[tag] += own
            confidences[tag] = max(confidence, confidences.get(tag, 0.0))
    most = max(letters.values(), default=0)
    shares = [(tag, count) for tag, count in letters.most_common() if count > 0 and count >= _LEAST_SHARE * most]
    told = [tag for tag, _count in shares if tag]
    if not told:
        return DetectedLanguage("", 0.0)
    total = letters.total()
    mixed = tuple(Share(tag, count / total) for tag, count in shares) if len(told) > 1 else ()
    return DetectedLanguage(told[0], confidences[told[0]], mixed)


def _answer_part(part: _Part, least: float) -> _Answer:
    """Return the language of what is said in one script, apart from single sentences."""
    if part.rivals.only:
        return part.rivals.only, 1.0
    # Where it may be a language that lingua does not know, it has to be nearly sure.
    return part.answer if part.answer[1] >= (max(least, _SURE) if part.rivals.unknown else least) else ("", 0.0)
