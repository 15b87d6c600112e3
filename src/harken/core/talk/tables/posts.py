"""Rows of a table as posts, by a mapping; and lines of a text, each a post."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Final

from harken.core.outline.language_names import language_code
from harken.core.talk.charsets import decode_bytes
from harken.core.talk.model import AuthorKind, Finding, Post, TalkPage, Thread
from harken.core.talk.nesting import Seen, nest_posts
from harken.core.talk.stances import stance_of
from harken.core.talk.tables.consents import ConsentSaid, consent_of, consent_of_heading
from harken.core.talk.tables.dates import DateColumn, survey_dates
from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.reading import Row, Table, Value

__all__ = ["read_lines", "read_table_posts", "read_table_threads", "text_beside_answers"]

_SHOWN: Final = 120
_LONGEST_LINE: Final = 1_000_000
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}\Z")
_NUMBER: Final = re.compile(r"\d{1,6}")
_ANSWER: Final = "answer:"


@dataclass(frozen=True, slots=True)
class _Columns:
    mapping: TableMapping
    places: Mapping[str, int]
    times: DateColumn
    asked: ConsentSaid
    telling: tuple[str, ...]
    source: str

    def text(self, row: Row, column: str) -> str:
        return row.text(self.places[column]).strip() if column else ""

    def value(self, row: Row, column: str) -> Value:
        place = self.places.get(column, -1)
        return row.cells[place] if 0 <= place < len(row.cells) else ""


def read_table_posts(
    table: Table,
    mapping: TableMapping,
    *,
    zone: tzinfo = UTC,
    latest: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Post | Finding]:
    """Yield each row as a post without replies, and what is to say about it; no more than a row is held.

    `zone` is where the clocks of the table stood, `latest` a day after which nothing in it was said. A row without an
    id gets one made from its content, the same whenever the same row is read again. `progress` is told the number of
    each row. Where a column says what speakers agreed to, `extra["consent"]` is `public`, `nameless` or `closed`, and
    `closed` wherever it is not clear; `extra["row"]` is where the row stands. A column that means nothing and
    holds something is told once.

    Raises:
        MappingError: the mapping does not fit the table.
    """
    mapping.check(table.columns)
    places = {name: table.place(name) for name in mapping.columns()}
    times = DateColumn(zone, mapping.order, mapping.calendar, latest)
    unused = Counter[int]()
    survey_dates(_look_through(table, set(places.values()), places.get(mapping.time, -1), unused), times)
    if times.day_first and times.month_first:
        yield Finding(mapping.time, "mixed_date_orders", f"{times.day_first} / {times.month_first}")
    yield from table.findings
    for place, count in sorted(unused.items()):
        name = table.columns[place] if place < len(table.columns) else f"Column {place + 1}"
        yield Finding(name[:_SHOWN], "unused_column", str(count))
    asked = consent_of_heading(mapping.consent)
    if asked != "public":
        yield Finding(mapping.consent[:_SHOWN], "consent_in_heading", asked)
    telling = tuple(sorted(set(replace(mapping, consent="").columns())))
    columns = _Columns(mapping, places, times, asked, telling, table.path.name)
    seen, made = Seen(), Counter[str]()
    for entry in table.rows():
        if isinstance(entry, Finding):
            yield entry
            continue
        post, findings = _read_row(entry, columns, made)
        yield from findings
        if post is not None:
            kept, finding = seen.admit(post)
            if finding is not None:
                yield Finding(f"row {entry.number}", finding.reason, f"{post.id}: {finding.text}")
            if kept is not None:
                yield kept
            elif post.extra.get("consent", "public") != "public":
                # The same words once more add nothing, but that they must not be shown does.
                yield replace(post, id=seen.id_of(post))
        if progress is not None:
            progress(entry.number)


def _look_through(table: Table, used: set[int], time: int, unused: Counter[int]) -> Iterator[Value]:
    """Yield the cells of the column of times, and count of each column that means nothing how many rows fill it."""
    for row in table.rows():
        if isinstance(row, Row):
            unused.update(place for place, cell in enumerate(row.cells) if place not in used and _holds(cell))
            if 0 <= time < len(row.cells):
                yield row.cells[time]


def _holds(cell: Value) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def read_table_threads(entries: Iterator[Post | Finding], *, heading: str = "") -> TalkPage:
    """Return all posts of a table as one thread per post that answers none, with its replies."""
    posts: list[Post] = []
    findings: list[Finding] = []
    for entry in entries:
        if isinstance(entry, Finding):
            findings.append(entry)
        else:
            posts.append(entry)
    roots, unplaced = nest_posts(posts)
    threads = tuple(Thread(root.id, root.heading or heading, 0, (root,)) for root in roots)
    return TalkPage(threads, (*findings, *unplaced))


def _read_row(row: Row, columns: _Columns, made: Counter[str]) -> tuple[Post | None, list[Finding]]:
    mapping, place = columns.mapping, f"row {row.number}"
    findings: list[Finding] = []
    answers = _read_answers(row, columns)
    text = columns.text(row, mapping.text) or _join(answers)
    if not text:
        findings.append(Finding(place, "nothing_said", " | ".join(row.text(p) for p in range(len(row.cells)))[:_SHOWN]))
        return None, findings
    at = _read_time(row, columns, place, findings)
    extra = _read_extra(row, columns, place, findings)
    extra.update({f"{_ANSWER}{question}": said for question, said in answers.items()})
    used = set(columns.places.values())
    formulas = [spot for spot in row.formulas if spot in used]
    if formulas:
        extra["formulas"] = ",".join(str(spot + 1) for spot in formulas)
        findings.extend(Finding(f"{place}, column {spot + 1}", "formula", row.text(spot)[:_SHOWN]) for spot in formulas)
    author, kind = _read_author(row, columns, extra)
    identity = columns.text(row, mapping.id)
    if not identity:
        identity = _make_id(row, columns, made)
    return (
        Post(
            id=identity,
            author=author,
            author_kind=kind,
            at=at,
            text=text,
            parent_id=columns.text(row, mapping.reply_to),
            heading=columns.text(row, mapping.heading),
            lang=_read_language(columns.text(row, mapping.language)) or mapping.language_of_all,
            extra=extra,
        ),
        findings,
    )


def _read_answers(row: Row, columns: _Columns) -> dict[str, str]:
    answers: dict[str, str] = {}
    for name, question in columns.mapping.answers.items():
        if said := columns.text(row, name):
            answers[question] = f"{answers[question]}\n\n{said}" if question in answers else said
    return answers


def _join(answers: Mapping[str, str]) -> str:
    if len(answers) == 1:
        return "".join(answers.values())
    return "\n\n".join(f"{question}\n{said}" for question, said in answers.items())


def text_beside_answers(post: Post) -> str:
    """What a post says beside its answers to questions: nothing where its text is made of them.

    The text of a row that only answers is the answers once more, to be looked at; what keeps both shows them twice.
    """
    answers = {name.removeprefix(_ANSWER): said for name, said in post.extra.items() if name.startswith(_ANSWER)}
    return "" if answers and post.text == _join(answers) else post.text


def _make_id(row: Row, columns: _Columns, made: Counter[str]) -> str:
    """An id from all that means something in the row, and how often the same stood above it.

    What its speaker agreed to is no part of it: whoever changes their mind has said the same.
    """
    said = "\0".join(f"{name}\1{columns.text(row, name)}" for name in columns.telling)
    key = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    made[key] += 1
    return key if made[key] == 1 else f"{key}-{made[key]}"


def _read_time(row: Row, columns: _Columns, place: str, findings: list[Finding]) -> datetime | None:
    if not columns.mapping.time:
        return None
    value = columns.value(row, columns.mapping.time)
    read = columns.times.read(value)
    if read.trouble or read.note:
        findings.append(Finding(place, read.trouble or read.note, str(value)[:_SHOWN]))
    return read.at


def _read_author(row: Row, columns: _Columns, extra: dict[str, str]) -> tuple[str, AuthorKind]:
    author = columns.text(row, columns.mapping.author)
    group = columns.text(row, columns.mapping.group)
    count = int(extra.get("headcount", "0"))
    if group and (not author or count > 1):
        if author:
            extra["reported_by"] = author
        return group, "group"
    if count > 1:
        return author, "group"
    if group:
        extra["group"] = group
    return author, "account" if author else "unknown"


def _read_extra(row: Row, columns: _Columns, place: str, findings: list[Finding]) -> dict[str, str]:
    mapping = columns.mapping
    extra = {name: columns.text(row, column) for name, column in (("place", mapping.place), ("about", mapping.about))}
    extra["row"] = str(row.number)
    if mapping.consent:
        agreed = columns.text(row, mapping.consent)
        read = consent_of(agreed, columns.asked)
        extra |= {"consent": read.consent, "consent_said": agreed}
        if not read.is_clear:
            findings.append(Finding(place, "unclear_consent", agreed[:_SHOWN]))
    extra.update({f"context:{context}": columns.text(row, name) for name, context in mapping.contexts.items()})
    said = columns.text(row, mapping.stance)
    if said:
        extra["stance"] = stance_of(said)
        extra["stance_said"] = said
        if not extra["stance"]:
            findings.append(Finding(place, "unknown_stance", said[:_SHOWN]))
    count = columns.text(row, mapping.headcount)
    number = _NUMBER.search(count)
    if number is not None:
        extra["headcount"] = str(int(number[0]))
    if count and (number is None or number[0] != count):
        extra["headcount_said"] = count
        findings.append(Finding(place, "unclear_headcount", count[:_SHOWN]))
    return {name: value for name, value in extra.items() if value}


def _read_language(said: str) -> str:
    if not said:
        return ""
    if _TAG.match(said) and (len(said) <= 3 or "-" in said or "_" in said):
        return said.replace("_", "-")
    return language_code(said)


# --- lines ---


def read_lines(path: Path, *, lang: str = "") -> Iterator[Post | Finding]:
    """Yield each line of a text that holds anything as a post; its id is made from its words, so order may change.

    Marks of lists before the words are left out. Bytes that are not UTF-8 are read as their likeliest charset.
    """
    made: Counter[str] = Counter()
    number = 0
    with path.open("rb") as stream:
        while data := stream.readline(_LONGEST_LINE):
            number += 1
            decoded = decode_bytes(data.removeprefix(b"\xef\xbb\xbf"))
            text = _BULLET.sub("", decoded.text).strip()
            if decoded.trouble:
                yield Finding(f"line {number}", decoded.trouble, text[:_SHOWN])
            if not text:
                continue
            key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
            made[key] += 1
            name = key if made[key] == 1 else f"{key}-{made[key]}"
            yield Post(name, "", "unknown", None, text, lang=lang, extra={"line": str(number)})


_BULLET: Final = re.compile(r"\A\s*(?:[-*•–·▪◦]\s+|\(?\d{1,4}[.)]\s+)")
