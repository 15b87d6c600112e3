"""What running text tells about a process: languages offered, windows of time, things announced that are elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from harken.core.outline.dates import FoundDate, find_dates
from harken.core.outline.language_names import find_language_list
from harken.core.outline.lexicon import (
    NUMBER_WORDS,
    RECOMMENDATION_WORDS,
    any_word,
    fold_word,
    fold_words,
    is_word,
    split_words,
)
from harken.core.outline.model import Announcement, Language, OutlineIteration, Window

__all__ = ["Passage", "find_announcements", "find_languages", "find_windows", "split_sentences"]


@dataclass(frozen=True)
class Passage:
    """A piece of running text: its place among the blocks, and the iteration (from 0) it stands in, if any."""

    place: int
    text: str
    iteration: int | None = None
    in_group: bool = False
    is_heading: bool = False

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the text that are short enough to be some."""
        return tuple(sentence for sentence in split_sentences(self.text) if len(sentence) <= _LONGEST_SENTENCE)


_SENTENCE_BORDER = re.compile(r"[.!?؟।。！？…]+[\"'”’»)\]]*(?=\s)|\n")


# Nobody writes a sentence as long as this; what looks like one is no running text.
_LONGEST_SENTENCE = 2_000


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, without the spaces between them.

    A full stop does not end a sentence before a lower-case letter, nor in a date ("15. September").
    """
    start = 0
    for border in _SENTENCE_BORDER.finditer(text):
        rest = text[border.end() :].lstrip()[:40]
        if border.group() == "." and rest[:1].islower():
            continue
        before = text[max(start, border.start() - 2) : border.start()].strip()
        if border.group() == "." and before.isdecimal():
            dates = find_dates(f"{before}. {rest}")
            if dates and dates[0].start == 0 and dates[0].day == int(before):
                continue
        sentence = text[start : border.end()].strip()
        if sentence:
            yield sentence
        start = border.end()
    last = text[start:].strip()
    if last:
        yield last


# --- languages ---


def find_languages(
    passages: Sequence[Passage], listed: Sequence[Language]
) -> tuple[tuple[Language, ...], dict[int, tuple[str, ...]]]:
    """Return the languages of the page and, by iteration, the codes of those announced inside it.

    `listed` are languages that stand in a list of their own. If only iterations announce languages, the page has all
    of theirs.
    """
    page: dict[str, Language] = {language.code or language.name: language for language in listed}
    inside: dict[str, Language] = {}
    by_iteration: dict[int, dict[str, None]] = {}
    for passage in passages:
        if passage.is_heading:
            continue
        for sentence in passage.sentences:
            for language in find_language_list(sentence):
                key = language.code or language.name
                if passage.iteration is None:
                    page.setdefault(key, language)
                else:
                    inside.setdefault(key, language)
                    if language.code:
                        by_iteration.setdefault(passage.iteration, {})[language.code] = None
    languages = tuple((page or inside).values())
    return languages, {place: tuple(codes) for place, codes in by_iteration.items()}


# --- windows ---

_OPENS = fold_words(
    "from since starting starts started start opens opened open opening begins began beginning after between من "
    "منذ ابتداء ابتداءا بدءا يبدأ تبدأ بدأ يفتح تفتح بين ab vom seit beginnt begann öffnet startet zwischen desde "
    "partir abre abrió comienza comenzó empieza entre inicio dès depuis ouvre ouvert ouverte commence débute début "
    "से शुरू आरंभ आरम्भ प्रारंभ abriu começa começou início"
)
_CLOSES = fold_words(
    "until till by before deadline closes closed close closing ends ended through due حتى قبل لغاية غاية ينتهي "
    "تنتهي يغلق تغلق أقصاه bis vor frist endet schließt einsendeschluss spätestens stichtag hasta antes plazo "
    "cierra cerró termina finaliza límite fecha jusqu jusque avant clôture ferme termine limite plus तक पहले "
    "समाप्त अंतिम बंद até prazo encerra encerrou fecha"
)
_STRONG_CLOSES = re.compile(
    r"deadline|closing date|last (?:day|date)|einsendeschluss|\bfrist\b|stichtag|"
    r"fecha límite|plazo|date limite|date de clôture|"
    r"prazo|data limite|data-limite|الموعد النهائي|آخر موعد|अंतिम तिथि|अंतिम तारीख",
    re.IGNORECASE,
)
_FILLERS = fold_words(
    "the on is was are were of at end and day midnight no later than it يوم تاريخ في هو نهاية شهر موعد zum am den "
    "dem der ist war einschließlich ende dem el la los las de del al día es será fin a le la au du l de à en est "
    "était fin tard दिनांक को o a os as de do da dia ao é foi fim"
)
_TO = re.compile(
    r"^\W*(?:to|until|till|through|and|bis|zum|und|a|al|hasta|y|au|à|jusqu|et|até|e|إلى|حتى|و|से|तक|और)?\W*(?:the|el|den|zum|le|o|l|au)?\W*$",
    re.IGNORECASE,
)
_DAY_RANGE = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s*(?:[-–—]|to|bis|a|au|al|até|إلى|से)\s*$", re.IGNORECASE
)


def find_windows(passages: Sequence[Passage]) -> tuple[Window, ...]:
    """Return the sentences that say when something opens or closes, with ISO dates.

    A date without a year takes that of the nearest date with one (the sentence's own first, then by distance on the
    page).
    """
    years = [
        (passage.place, date.year)
        for passage in passages
        for sentence in passage.sentences
        for date in find_dates(sentence)
        if date.year
    ]
    windows = []
    for passage in passages:
        if passage.is_heading:
            continue
        for sentence in passage.sentences:
            window = _read_window(sentence, passage.place, years)
            if window is not None:
                windows.append(window)
    return tuple(windows)


def _read_window(sentence: str, place: int, years: Sequence[tuple[int, int]]) -> Window | None:
    dates = find_dates(sentence)
    if not dates:
        return None
    own_year = next((date.year for date in reversed(dates) if date.year), 0)
    year = own_year or (min(years, key=lambda known: abs(known[0] - place))[1] if years else 0)
    opens = closes = ""
    previous: FoundDate | None = None
    for date in dates:
        side = _side_of(sentence, date)
        gap = sentence[previous.end : date.start] if previous is not None else ""
        day_range = _DAY_RANGE.search(sentence[: date.start])
        if day_range is not None and date.day and not closes:
            first = FoundDate(date.start, date.end, date.year, date.month, int(day_range["day"]))
            opens, closes = _dated(first, year), _dated(date, year)
        elif (previous is not None and opens and not closes and (_TO.match(gap) or side == "closes")) or (
            side == "closes" and not closes
        ):
            closes = _dated(date, year)
        elif side == "opens" and not opens:
            opens = _dated(date, year)
        previous = date
    if not opens and not closes and _STRONG_CLOSES.search(sentence) and dates[-1].day:
        closes = _dated(dates[-1], year)
    return Window(sentence, opens, closes) if opens or closes else None


def _dated(date: FoundDate, year: int) -> str:
    return FoundDate(date.start, date.end, date.year or year, date.month, date.day).iso


def _side_of(sentence: str, date: FoundDate) -> str:
    """Return whether the words right before a date (in Hindi: right behind it) open or close something."""
    after = split_words(sentence[date.end : date.end + 30])[:2]
    for word in after[:1]:
        if word in ("तक", "से"):
            return "closes" if word == "तक" else "opens"
    for word in reversed(split_words(sentence[max(0, date.start - 60) : date.start])[-5:]):
        if is_word(word, _CLOSES):
            return "closes"
        if is_word(word, _OPENS):
            return "opens"
        if not is_word(word, _FILLERS) and not word.isdecimal():
            break
    return ""


# --- announced elsewhere ---

_MEDIA = {
    "pdf": re.compile(r"\bpdfs?\b", re.IGNORECASE),
    "video": re.compile(r"\b(?:videos?|vidéos?|vídeos?)\b|فيديو|वीडियो", re.IGNORECASE),
    "audio": re.compile(r"\baudio\b|áudio|hörfassung|صوتي|ऑडियो", re.IGNORECASE),
    "slides": re.compile(
        r"\b(?:slides|slide deck|folien|diapositivas|diapositives|slides)\b|شرائح|स्लाइड", re.IGNORECASE
    ),
}
_POINTERS = fold_words(
    "here below right left find watch listen download read see available link linked file files هنا أدناه تحميل "
    "شاهد استمع اقرأ متاح hier unten herunterladen ansehen anhören verfügbar lesen aquí abajo descargar ver "
    "escuchar disponible leer ici dessous télécharger regarder écouter disponible lire यहाँ यहां नीचे डाउनलोड "
    "देखें सुनें उपलब्ध aqui abaixo baixar descarregar assistir ouvir disponível ler"
)
_COUNT_REACH = 3


def find_announcements(passages: Sequence[Passage], iterations: Sequence[OutlineIteration]) -> tuple[Announcement, ...]:
    """Return what the text speaks of and the document does not hold.

    That is a number of recommendations that matches no iteration, nor the whole, nor a group that the sentence names;
    and recordings and files the text points to.
    """
    counts = {sum(len(group.recommendations) for group in iteration.groups) for iteration in iterations}
    counts.add(sum(len(group.recommendations) for iteration in iterations for group in iteration.groups))
    groups = [(group.name.casefold(), len(group.recommendations)) for it in iterations for group in it.groups]
    found: dict[tuple[str, int | None, str], Announcement] = {}
    for passage in passages:
        if passage.is_heading or passage.in_group:
            continue
        for sentence in passage.sentences:
            for count in _counted_recommendations(sentence):
                lower = sentence.casefold()
                if count not in counts and not any(size == count and name in lower for name, size in groups):
                    found.setdefault(("recommendations", count, ""), Announcement(sentence, "recommendations", count))
            for kind, pattern in _MEDIA.items():
                if pattern.search(sentence) and any_word(sentence, _POINTERS):
                    found.setdefault((kind, None, sentence), Announcement(sentence, kind))
    return tuple(found.values())


def _counted_recommendations(sentence: str) -> Iterator[int]:
    words = split_words(sentence)
    for place, word in enumerate(words):
        count = _read_count(word)
        if count is not None and count >= 2:
            reach = words[place + 1 : place + 1 + _COUNT_REACH]
            stop = next((i for i, other in enumerate(reach) if _read_count(other) is not None), len(reach))
            if any(is_word(other, RECOMMENDATION_WORDS) for other in reach[:stop]):
                yield count


def _read_count(word: str) -> int | None:
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    return NUMBER_WORDS.get(fold_word(word))
