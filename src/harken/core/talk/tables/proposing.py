"""A first mapping of a table, from what its columns are called and what stands in them; people correct it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Final

from harken.core.outline.lexicon import fold_word
from harken.core.talk.stances import stance_of
from harken.core.talk.tables.consents import consent_of
from harken.core.talk.tables.dates import DateColumn
from harken.core.talk.tables.headings import ASIDE_HEADINGS, CONTEXT_HEADINGS, HEADINGS, WHOLE_HEADINGS
from harken.core.talk.tables.mapping import Role, TableMapping
from harken.core.talk.tables.reading import Row, Table, Value

__all__ = ["propose_mapping"]

# So many cells of each column are looked at, and so many rows to find them: a question few answered is one too.
_SAMPLE: Final = 200
_ROWS: Final = 5_000
_LONG: Final = 40
_QUESTION: Final = re.compile(
    r"[?؟？]|\A(?:what|how|why|which|was|wie|warum|qué|cómo|por qué|comment|pourquoi|o que|como|ما|كيف|لماذا|"
    r"क्या|कैसे|क्यों)\s",
    re.IGNORECASE,
)
_PUNCTUATION: Final = re.compile(r"[\s_:：.*()\[\]/?؟¿!¡–-]+")
# What programs write: numbers, addresses of mail and of pages.
_NO_WORDS: Final = re.compile(r"[\W\d_]*\Z|\S+@\S+\Z|(?:https?://|www\.)\S+\Z")
# Roles whose headings tell of a person or a row: a second such column is no more meant to be read than the first.
# Those of times and numbers are not among them: words under these were meant as words.
_ABOUT_ROWS: Final[tuple[Role, ...]] = ("id", "reply_to", "author", "group", "language", "place", "consent")
_ASIDE: Final = 0.6
# A column may mean one thing by its name alone if what stands in it does not speak against it.
_ENOUGH: Final = 0.4


def propose_mapping(table: Table) -> TableMapping:
    """Return a mapping for `table`: each role goes to the column that is most likely to have it, if any is.

    A column is known by its heading first. All others in which people wrote are taken too, so that no words are lost:
    what stands over them becomes the guiding question they answer; a single column of prose is the text, whatever it is
    called.
    """
    samples = _samples(table)
    taken = _assign(samples)
    mapping = TableMapping(sheet=table.sheet, header_row=table.header_row)
    for role, name in taken.items():
        mapping = replace(mapping, **{str(role): name})  # type: ignore[arg-type]  # a role is a field, a name its value
    free = [name for name in table.columns if name not in taken.values() and samples[name]]
    contexts = {
        name: context for name in free if not _is_prose(samples[name]) for context in (_context_of(name),) if context
    }
    said = [name for name in free if name not in contexts and _is_said(name, samples[name])]
    asking = [name for name in said if _QUESTION.search(name)]
    likely = said or [name for name in free if not _is_aside(name, samples[name])] or free
    if not mapping.text and not asking and likely:
        mapping = replace(mapping, text=max(likely, key=lambda name: _length(samples[name])))
    elif mapping.text and _QUESTION.search(mapping.text) and asking:
        said.append(mapping.text)
        mapping = replace(mapping, text="")
    answers = {name: name for name in table.columns if name in said and name != mapping.text}
    contexts.pop(mapping.text, None)
    return replace(mapping, answers=answers, contexts=contexts)


def _samples(table: Table) -> dict[str, list[Value]]:
    """The first cells of each column that hold anything."""
    samples: list[list[Value]] = [[] for _name in table.columns]
    for row in islice((entry for entry in table.rows() if isinstance(entry, Row)), _ROWS):
        for cells, cell in zip(samples, row.cells, strict=False):
            if len(cells) < _SAMPLE and (not isinstance(cell, str) or cell.strip()):
                cells.append(cell)
    return dict(zip(table.columns, samples, strict=True))


def _assign(samples: Mapping[str, Sequence[Value]]) -> dict[Role, str]:
    """Roles to columns, the surest first; a column has one role, a role one column."""
    scored = sorted(
        (
            (-score, place, role, name)
            for place, (name, values) in enumerate(samples.items())
            for role in HEADINGS
            if (score := _role_score(name, role) + _content_score(role, values)) >= _ENOUGH
        ),
    )
    taken: dict[Role, str] = {}
    for _score, _place, role, name in scored:
        if role not in taken and name not in taken.values():
            taken[role] = name
    if "id" not in taken:
        # Nobody can name a row that has no name.
        taken.pop("reply_to", None)
    return taken


def _role_score(name: str, role: Role) -> float:
    whole = _phrases(WHOLE_HEADINGS.get(role, ""))
    return 1.0 if _fold(name[:200]) in whole else _heading_score(name, HEADINGS[role])


@cache
def _phrases(words: str) -> tuple[str, ...]:
    return tuple(filter(None, (_fold(word) for word in words.replace("\n", "|").split("|"))))


def _fold(words: str) -> str:
    return " ".join(fold_word(_PUNCTUATION.sub(" ", words[:5_000])).split())


def _heading_score(name: str, words: str) -> float:
    """1 if the column is called by one of the words, less the more is said beside it; 0 if none is in it."""
    folded = _fold(name[:200])
    best = 0.0
    for known in _phrases(words):
        if folded == known:
            return 1.0
        if re.search(rf"(?<!\w){re.escape(known)}(?!\w)", folded):
            best = max(best, min(0.8, 0.3 + len(known) / len(folded)) if len(folded) <= _LONG else 0.2)
    return best


def _content_score(role: Role, values: Sequence[Value]) -> float:
    """What the cells say for (above 0) or against (below) a role."""
    if not values:
        return -0.2
    texts = [value for value in values if isinstance(value, str)]
    if role == "time":
        read = _share_of_times(values)
        # Where half of it are no dates, the heading has to say that they should be; each is told.
        return 0.3 if read > 0.8 else 0.0 if read >= 0.5 and _most(texts, _LONG) else -1.0
    if role == "stance":
        return 0.2 if sum(bool(stance_of(str(value))) for value in values) >= 0.5 * len(values) else -0.5
    if role == "text":
        return 0.2 if _is_prose(values) else -0.1
    if role == "id":
        return 0.1 if len({str(value) for value in values}) == len(values) else -0.8
    if role == "headcount":
        return 0.2 if all(text.strip().isdecimal() and len(text.strip()) < 7 for text in texts) else -1.0
    if role == "consent" and sum(consent_of(str(value)).is_clear for value in values) >= 0.5 * len(values):
        # Also where people wrote whole sentences: what is not seen to be a refusal would be published.
        return 0.2
    if role == "language":
        return 0.1 if _most(texts, 30) else -1.0
    return 0.0 if _most(texts, 3 * _LONG) and not _is_prose(values) else -1.0


def _most(texts: Iterable[str], longest: int) -> bool:
    lengths = [len(text) for text in texts]
    return not lengths or sum(1 for length in lengths if length <= longest) >= 0.9 * len(lengths)


def _is_time(value: Value) -> bool:
    read = DateColumn(order="day").read(value)
    # What has the form of a date is meant as one, also 31 February.
    return read.at is not None or read.trouble in ("ambiguous_date", "impossible_date")


def _share_of_times(values: Sequence[Value]) -> float:
    return sum(map(_is_time, values)) / len(values)


def _length(values: Sequence[Value]) -> float:
    texts = [value for value in values if isinstance(value, str)]
    return sum(map(len, texts)) / len(texts) if texts else 0.0


def _is_prose(values: Sequence[Value]) -> bool:
    """Whether people wrote freely here: mostly long cells, hardly any twice."""
    texts = [value.strip() for value in values if isinstance(value, str)]
    if 2 * len(texts) <= len(values):
        return False
    has_words = sum(1 for text in texts if len(text.split()) >= 4 or len(text) > _LONG) >= 0.3 * len(texts)
    return has_words and len(set(texts)) > 0.6 * len(texts)


def _worded(values: Sequence[Value]) -> list[str]:
    texts = (value.strip() for value in values if isinstance(value, str))
    return [text for text in texts if not _NO_WORDS.match(text)]


def _is_aside(name: str, values: Sequence[Value]) -> bool:
    """Whether a column is at most beside what was said: where somebody can be reached, numbers, notes of programs."""
    return 2 * len(_worded(values)) <= len(values) or _heading_score(name, ASIDE_HEADINGS) >= _ASIDE


def _is_said(name: str, values: Sequence[Value]) -> bool:
    """Whether people wrote here what others should read, briefly too: below a question, or each in their own words."""
    if _is_aside(name, values):
        return False
    if _is_prose(values):
        return True
    if any(_role_score(name, role) >= _ENOUGH for role in _ABOUT_ROWS) or _share_of_times(values) > 0.8:
        return False
    worded = _worded(values)
    phrases = [text for text in worded if len(text.split()) >= 2 or len(text) > _LONG // 2]
    is_own = len(phrases) >= 0.3 * len(worded) and len(set(worded)) > 0.6 * len(worded)
    return is_own or bool(_QUESTION.search(name))


def _context_of(name: str) -> str:
    scores = {context: _heading_score(name, words) for context, words in CONTEXT_HEADINGS.items()}
    best = max(scores, key=lambda context: scores[context])
    return best if scores[best] >= _ENOUGH else ""
