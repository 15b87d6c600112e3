"""What a draft still lacks before others are asked to read it: completeness, and plain language.

The checks point at words; the sentence that a person reads about them is made elsewhere, from `code`, `figures` and
`details`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args
from urllib.parse import unquote

from harken.core.text.marks import find_marks
from harken.core.text.prose import Prose, count_words, read_prose
from harken.core.text.readability import measure_readability
from harken.core.text.sentences import split_sentences
from harken.core.text.short_forms import ShortForms
from harken.core.text.terms import TermFinder
from harken.core.text.words import SPACELESS_CHARACTER, Word, is_spaceless, split_words

__all__ = ["Finding", "FindingCode", "Glossary", "PassageText", "SectionText", "Severity", "Targets", "check_document"]

FindingCode = Literal[
    "empty_section",
    "unfinished_mark",
    "over_budget",
    "one_sentence",
    "link_to_nothing",
    "undefined_abbreviation",
    "forbidden_term",
    "long_sentence",
    "hard_to_read",
]
Severity = Literal["blocking", "advice"]


@dataclass(frozen=True, slots=True)
class PassageText:
    """One passage: its id, its kind (a `Kind` of `segment`, or any other word for running text), its text as written.

    `language` is a BCP 47 tag, "" for that of the document.
    """

    id: str
    kind: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section of a document by its template.

    `required`: it may not stay empty. `budget`: the words it may have, None for as many as one likes. `prose`: it
    wants an answer in several sentences. Headings among `passages` are read as headings, and are no answer.
    """

    key: str
    required: bool = False
    budget: int | None = None
    prose: bool = True
    passages: tuple[PassageText, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words agreed on: `defined` maps terms to their synonyms, `forbidden` terms to what to say instead."""

    defined: Mapping[str, Collection[str]] = field(default_factory=dict)
    forbidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a link inside the process may lead to: ids of passages, codes of documents."""

    passages: Collection[str] = frozenset()
    documents: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    `section` is the key of a section. `passage` is the id of a passage, `start` and `end` are places in its text and
    `words == text[start:end]`; all three None and `words` "" where the finding is about a section as a whole.

    `figures` and `details` by `code`:

    ======================  ========  =======================================  =====================================
    code                    severity  figures                                  details
    ======================  ========  =======================================  =====================================
    empty_section           blocking  –                                        –
                            if the section is required, else advice
    unfinished_mark         blocking  –                                        –
    over_budget             advice    words, allowed                           –
    one_sentence            advice    words                                    –
    link_to_nothing         blocking  –                                        label (the words shown), target
    undefined_abbreviation  advice    times (in the whole document)            –
    forbidden_term          advice    –                                        term (of the glossary), instead
    long_sentence           advice    words, allowed; or characters, allowed   –
    hard_to_read            advice    score, words, sentences,                 measure (a name), level (hard or
                                      words_per_sentence, and where the        very_hard), language
                                      measure counts them syllables_per_word
    ======================  ========  =======================================  =====================================

    `more` counts the further findings of the same code in the document that are not listed; it stands on the last
    one listed and is 0 on all others.
    """

    code: FindingCode
    severity: Severity
    section: str
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    words: str = ""
    figures: Mapping[str, int | float] = field(default_factory=dict, hash=False)
    details: Mapping[str, str] = field(default_factory=dict, hash=False)
    more: int = 0


# Sentences beyond this many words are worth a second look. 25 is the limit of the style guide of GOV.UK
# (https://www.gov.uk/guidance/content-design/writing-for-gov-uk). The same content takes a tenth more words in French
# and Spanish and a quarter fewer in Arabic (counted in the Universal Declaration of Human Rights: 1,748 in English);
# the kin of French and Spanish are taken like them, and Hindi and Urdu, whose postpositions are words of their own.
WORDS_OF_SENTENCE = 25
_WORDS_OF_SENTENCE = {
    **dict.fromkeys(("ca", "es", "fr", "gl", "hi", "it", "pt", "ro", "ur"), 28),
    "ar": 20,
}
# Characters: Japan's guide to official writing (Agency for Cultural Affairs, 2022) calls sentences of 50 to 60 hard to
# read. 25 words of English are about 45 characters of Chinese. For other scripts without spaces no guide was found.
_CHARACTERS_OF_SENTENCE = {"ja": 60, "zh": 50, "yue": 50}

_HAN_OR_KANA = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
# Thai and Lao end no sentence by a sign, so how many there are cannot be said.
_ENDLESS = re.compile("[\u0e01-\u0edf]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")

_NO_PROSE = frozenset(("heading", "code", "rule"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_NO_ADDRESS = re.compile(
    r"#?|(?:https?:/{0,2}|mailto:|tel:)|[.…?]+|(?:https?://)?(?:todo|tbd|xxx+|url|link|fixme|address|here)",
    re.IGNORECASE,
)
_PASSAGE_PAGE = re.compile("(?:^|/)passages/([^/]+)/?$")
_PASSAGE_PLACE = re.compile("p-(.+)")
_DOCUMENT_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[A-Z]*\d+")


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage as it was read: where it is, in which language, its prose, and the words and sentences of it."""

    section: str
    passage: PassageText
    language: str
    prose: Prose
    words: Sequence[Word]
    sentences: Sequence[tuple[int, int]]

    def find(
        self,
        code: FindingCode,
        severity: Severity,
        start: int,
        end: int,
        figures: Mapping[str, int | float] | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Finding:
        words = self.passage.text[start:end]
        return Finding(code, severity, self.section, self.passage.id, start, end, words, figures or {}, details or {})


def check_document(
    sections: Sequence[SectionText],
    *,
    language: str = "",
    glossary: Glossary | None = None,
    targets: Targets | None = None,
    most_of_each: int = 20,
) -> list[Finding]:
    """Return what to look at in a document of `sections`, in the order of the text.

    `language` (BCP 47, "" if unknown) is that of passages that name none. Without `targets` only links without any
    target are found to lead to nothing; with them also links to a passage (".../passages/<id>/", "#p-<id>") or to a
    document (a part of the path that is a code such as "AD-R2") that is not among them. Findings about a section stand
    before those about its passages. Words are what stands between spaces, without headings, code and addresses. A
    section with marks of something unfinished is not called empty or one sentence besides. What is quoted may hold
    forbidden terms and long sentences. At most `most_of_each` findings of one code are listed (`Finding.more` says
    how many there are beyond them). Near-linear in the length of the text.

    Raises:
        ValueError: If `most_of_each` is below 1.
    """
    if most_of_each < 1:
        raise ValueError("At least one finding of each kind must be listed.")
    glossary = glossary or Glossary()
    texts = [[_read(section, passage, language) for passage in section.passages] for section in sections]
    placed: list[tuple[tuple[int, int, int, int], Finding]] = []
    finders: dict[str, TermFinder] = {}
    destinations = _Destinations(targets)
    for number, (section, passages) in enumerate(zip(sections, texts, strict=True)):
        unfinished = False
        for place, passage in enumerate(passages):
            for finding in _check_passage(passage, glossary, destinations, finders):
                unfinished = unfinished or finding.code == "unfinished_mark"
                placed.append(_place(finding, number, place))
        placed += [_place(finding, number, -1) for finding in _check_section(section, passages, unfinished=unfinished)]
    placed += _check_short_forms(texts, glossary, targets)
    placed.sort(key=lambda entry: entry[0])
    return _limit([finding for _, finding in placed], most_of_each)


def _read(section: SectionText, passage: PassageText, language: str) -> _Read:
    prose = Prose("", ()) if passage.kind in {"code", "rule"} else read_prose(passage.text)
    language = passage.language or language
    sentences = split_sentences(prose.text, language)
    return _Read(section.key, passage, language, prose, split_words(prose.text), sentences)


def _place(finding: Finding, section: int, passage: int) -> tuple[tuple[int, int, int, int], Finding]:
    start = -1 if finding.start is None else finding.start
    return (section, passage, start, get_args(FindingCode).index(finding.code)), finding


def _limit(findings: Sequence[Finding], most: int) -> list[Finding]:
    """Return the first `most` findings of each code, the last of which says how many more there are."""
    counts = Counter(finding.code for finding in findings)
    listed: Counter[FindingCode] = Counter()
    result: list[Finding] = []
    for finding in findings:
        listed[finding.code] += 1
        if listed[finding.code] < most or listed[finding.code] == counts[finding.code] <= most:
            result.append(finding)
        elif listed[finding.code] == most:
            result.append(replace(finding, more=counts[finding.code] - most))
    return result


# --- sections ---


def _check_section(section: SectionText, passages: Sequence[_Read], *, unfinished: bool) -> Iterator[Finding]:
    """Yield what is to be said about a section as a whole."""
    content = [read for read in passages if read.passage.kind not in {"heading", "rule"}]
    if not any(_LETTER_OR_DIGIT.search(read.passage.text) for read in content):
        if not unfinished:
            yield Finding("empty_section", "blocking" if section.required else "advice", section.key)
        return
    words = int(sum(count_words(read.prose.text) for read in content) + 0.5)
    if section.budget is not None and words > section.budget:
        yield Finding("over_budget", "advice", section.key, figures={"words": words, "allowed": section.budget})
    if section.prose and words and not unfinished and _is_one_sentence(content):
        yield Finding("one_sentence", "advice", section.key, figures={"words": words})
    yield from _measure(section.key, content)


def _is_one_sentence(content: Sequence[_Read]) -> bool:
    count = 0
    for read in content:
        if read.passage.kind == "code" or _ENDLESS.search(read.prose.text):
            return False
        for start, end in read.sentences:
            count += _LETTER_OR_DIGIT.search(read.prose.text, start, end) is not None
            if count > 1:
                return False
    return count == 1


def _measure(section: str, content: Sequence[_Read]) -> Iterator[Finding]:
    """Yield for each language of a section that it is hard to read, if it is."""
    sentences: defaultdict[str, list[str]] = defaultdict(list)
    for read in content:
        text = read.prose.text
        # Items are lists of names unless they end as sentences do; what is quoted is not for the writers to change.
        if read.passage.kind in {"quote", "code"} or (
            read.passage.kind == "item" and text.rstrip()[-1:] not in tuple(".!?…")
        ):
            continue
        sentences[read.language] += [text[start:end] for start, end in read.sentences]
    for language, found in sentences.items():
        result = measure_readability(found, language)
        if result is None or result.level is None:
            continue
        figures: dict[str, int | float] = {
            "score": result.score,
            "words": result.words,
            "sentences": result.sentences,
            "words_per_sentence": round(result.words / result.sentences, 1),
        }
        if result.syllables is not None:
            figures["syllables_per_word"] = round(result.syllables / result.words, 2)
        details = {"measure": result.measure, "level": result.level, "language": language}
        yield Finding("hard_to_read", "advice", section, figures=figures, details=details)


# --- passages ---


class _Destinations:
    """Where links may lead."""

    def __init__(self, targets: Targets | None) -> None:
        self._targets = targets
        self._lengths = {len(passage_id) for passage_id in targets.passages} if targets else set()

    def lack(self, target: str) -> bool:
        """Return whether a link to `target` leads to nothing."""
        target = target.strip()
        if _NO_ADDRESS.fullmatch(target):
            return True
        if self._targets is None or _SCHEME.match(target):
            return False
        path, _, place = target.partition("#")
        path, place = unquote(path.partition("?")[0]), unquote(place)
        page = _PASSAGE_PAGE.search(path)
        if page and page.group(1) not in self._targets.passages:
            return True
        # The place of a heading may begin alike ("#p-value"), so it has to be as long as the id of a passage.
        on_page = _PASSAGE_PLACE.fullmatch(place)
        if on_page and len(on_page.group(1)) in self._lengths and on_page.group(1) not in self._targets.passages:
            return True
        return any(_DOCUMENT_CODE.fullmatch(part) and part not in self._targets.documents for part in path.split("/"))


def _check_passage(
    read: _Read, glossary: Glossary, destinations: _Destinations, finders: dict[str, TermFinder]
) -> Iterator[Finding]:
    """Yield what is to be said about words of one passage."""
    text, kind = read.prose.text, read.passage.kind
    if kind in {"code", "rule"}:
        return
    for start, end in find_marks(text, read.language, read.words):
        # Words may be left out of what is quoted.
        if kind != "quote" or text[start] != "[" or _LETTER_OR_DIGIT.search(text, start, end):
            yield read.find("unfinished_mark", "blocking", start, end)
    for link in read.prose.links:
        if destinations.lack(link.target):
            details = {"label": link.label, "target": link.target}
            yield read.find("link_to_nothing", "blocking", link.start, link.end, details=details)
    if kind == "quote":
        return
    if glossary.forbidden:
        finder = finders.get(read.language)
        if finder is None:
            finder = finders[read.language] = _forbidden_finder(glossary, read.language)
        for start, end, term in finder.find(read.words):
            details = {"term": term, "instead": glossary.forbidden[term]}
            yield read.find("forbidden_term", "advice", start, end, details=details)
    if kind not in _NO_PROSE:
        yield from _find_long_sentences(read)


def _forbidden_finder(glossary: Glossary, language: str) -> TermFinder:
    """Return what finds the forbidden terms where they are not part of a defined one, or of what to say instead."""
    defined = (term for entry in glossary.defined.items() for term in (entry[0], *entry[1]))
    return TermFinder(glossary.forbidden, apart_from=(*defined, *glossary.forbidden.values()), language=language)


def _find_long_sentences(read: _Read) -> Iterator[Finding]:
    text = read.prose.text
    language = read.language.replace("_", "-").split("-", 1)[0].lower()
    for start, end in read.sentences:
        sentence = text[start:end]
        if is_spaceless(sentence) or len(SPACELESS_CHARACTER.findall(sentence)) * 2 > len(sentence):
            characters = sum(map(len, sentence.split()))
            allowed = _characters_allowed(sentence, language)
            if allowed and characters > allowed:
                figures = {"characters": characters, "allowed": allowed}
                yield read.find("long_sentence", "advice", start, end, figures)
            continue
        words = int(count_words(sentence))
        allowed = _WORDS_OF_SENTENCE.get(language, WORDS_OF_SENTENCE)
        if words > allowed:
            yield read.find("long_sentence", "advice", start, end, {"words": words, "allowed": allowed})


def _characters_allowed(sentence: str, language: str) -> int | None:
    """Return the characters a sentence without spaces may have, None where there is no measure."""
    if not _HAN_OR_KANA.search(sentence):
        return None
    return _CHARACTERS_OF_SENTENCE.get(language) or _CHARACTERS_OF_SENTENCE["ja" if _KANA.search(sentence) else "zh"]


# --- the whole document ---


def _check_short_forms(
    texts: Sequence[Sequence[_Read]], glossary: Glossary, targets: Targets | None
) -> Iterator[tuple[tuple[int, int, int, int], Finding]]:
    places = [(number, place) for number, passages in enumerate(texts) for place in range(len(passages))]
    codes = [part for code in (targets.documents if targets else ()) for part in code.split("-")]
    synonyms = [word for words in glossary.defined.values() for word in words]
    short_forms = ShortForms((*glossary.defined, *synonyms, *codes))
    for index, (number, place) in enumerate(places):
        read = texts[number][place]
        short_forms.read(index, read.prose.text, is_heading=read.passage.kind == "heading")
    for index, start, end, times in short_forms.unexplained():
        number, place = places[index]
        finding = texts[number][place].find("undefined_abbreviation", "advice", start, end, {"times": times})
        yield _place(finding, number, place)
