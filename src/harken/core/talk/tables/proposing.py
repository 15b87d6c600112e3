"""A first mapping of a table, from what its columns are called and what stands in them; people correct it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from harken.core.outline.lexicon import fold_word
from harken.core.talk.tables.consents import consent_of
from harken.core.talk.tables.dates import DateColumn
from harken.core.talk.tables.headings import CONTEXT_HEADINGS, HEADINGS
from harken.core.talk.tables.mapping import Role, TableMapping
from harken.core.talk.tables.reading import Row, Table, Value

__all__ = ["propose_mapping"]

_ROWS: Final = 200
_LONG: Final = 40
_QUESTION: Final = re.compile(
    r"[?؟？]|\A(?:what|how|why|which|was|wie|warum|qué|cómo|por qué|comment|pourquoi|o que|como|ما|كيف|لماذا|"
    r"क्या|कैसे|क्यों)\s",
    re.IGNORECASE,
)
_PUNCTUATION: Final = re.compile(r"[\s_:：.*()\[\]/?؟–-]+")
# A column may mean one thing by its name alone if what stands in it does not speak against it.
_ENOUGH: Final = 0.4


def propose_mapping(table: Table) -> TableMapping:
    """Return a mapping for `table`: each role goes to the column that is most likely to have it, if any is.

    A column is known by its heading first. Questions over columns of prose become guiding questions; a single column of
    prose is the text, whatever it is called.
    """
    rows = list(islice((entry for entry in table.rows() if isinstance(entry, Row)), _ROWS))
    samples = {name: _sample(rows, place) for place, name in enumerate(table.columns)}
    taken = _assign(samples)
    mapping = TableMapping(sheet=table.sheet, header_row=table.header_row)
    for role, name in taken.items():
        mapping = replace(mapping, **{str(role): name})  # type: ignore[arg-type]  # a role is a field, a name its value
    free = [name for name in table.columns if name not in taken.values() and samples[name]]
    prose = [name for name in free if _is_prose(samples[name])]
    answers = {name: name for name in prose if _QUESTION.search(name)}
    if not mapping.text and not answers and prose:
        mapping = replace(mapping, text=max(prose, key=lambda name: _length(samples[name])))
    elif mapping.text and _QUESTION.search(mapping.text) and answers:
        answers = {name: name for name in table.columns if name in answers or name == mapping.text}
        mapping = replace(mapping, text="")
    if not mapping.text and not answers and free:
        mapping = replace(mapping, text=max(free, key=lambda name: _length(samples[name])))
    contexts = {
        name: context
        for name in free
        if name not in answers and name != mapping.text
        for context in (_context_of(name),)
        if context
    }
    return replace(mapping, answers=answers, contexts=contexts)


def _sample(rows: Sequence[Row], place: int) -> list[Value]:
    cells = (row.cells[place] for row in rows if place < len(row.cells))
    return [cell for cell in cells if not isinstance(cell, str) or cell.strip()]


def _assign(samples: Mapping[str, Sequence[Value]]) -> dict[Role, str]:
    """Roles to columns, the surest first; a column has one role, a role one column."""
    scored = sorted(
        (
            (-score, place, role, name)
            for place, (name, values) in enumerate(samples.items())
            for role in HEADINGS
            if (score := _heading_score(name, HEADINGS[role]) + _content_score(role, values)) >= _ENOUGH
        ),
    )
    taken: dict[Role, str] = {}
    for _score, _place, role, name in scored:
        if role not in taken and name not in taken.values():
            taken[role] = name
    return taken


def _fold(words: str) -> str:
    return " ".join(fold_word(_PUNCTUATION.sub(" ", words[:5_000])).split())


def _heading_score(name: str, words: str) -> float:
    """1 if the column is called by one of the words, less the more is said beside it; 0 if none is in it."""
    folded = _fold(name[:200])
    best = 0.0
    for word in words.replace("\n", "|").split("|"):
        known = _fold(word)
        if not known:
            continue
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
        read = sum(1 for value in values if _is_time(value))
        return 0.3 if read > 0.8 * len(values) else -1.0
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
    return read.at is not None or read.trouble == "ambiguous_date"


def _length(values: Sequence[Value]) -> float:
    texts = [value for value in values if isinstance(value, str)]
    return sum(map(len, texts)) / len(texts) if texts else 0.0


def _is_prose(values: Sequence[Value]) -> bool:
    """Whether people wrote freely here: mostly long cells, hardly any twice."""
    texts = [value.strip() for value in values if isinstance(value, str)]
    if not texts or len(texts) < len(values):
        return False
    has_words = sum(1 for text in texts if len(text.split()) >= 4 or len(text) > _LONG) >= 0.3 * len(texts)
    return has_words and len(set(texts)) > 0.6 * len(texts)


def _context_of(name: str) -> str:
    scores = {context: _heading_score(name, words) for context, words in CONTEXT_HEADINGS.items()}
    best = max(scores, key=lambda context: scores[context])
    return best if scores[best] >= _ENOUGH else ""
