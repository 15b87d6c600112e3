"""Polis' exports, as they really are, and plain tables of votes.

An export is a folder (format: https://compdemocracy.org/export/). What is known about real ones, and done about it:

* `votes.csv` keeps votes that were replaced later: the last one stands. Agree is +1 (in Polis' database it is −1).
* Statement ids have gaps, and `comments.csv` lists statements nobody has seen.
* `participants-votes.csv` (also spelt `participant-votes.csv`) keeps the columns of statements that moderators took
  out; its first columns differ from export to export, so votes are those columns whose name is a number.
* Bodies of comments contain line breaks.
* The tallies in `comments.csv` and in the first columns of `participants-votes.csv` are stale: they are not read.
* Headers differ: `comment-id`, `tid`; `voter-id`, `participant`, `pid`; `is-meta`, `is_meta`; `moderated`, `mod`.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from harken.core.sense.votes import Votes, VotesError

__all__ = ["Conversation", "read_conversation", "read_votes_table"]

PARTICIPANT: Final = ("voter-id", "participant", "participant-id", "participant_id", "pid", "voter_id", "voter")
STATEMENT: Final = ("comment-id", "statement", "statement-id", "statement_id", "tid", "comment_id")
VALUE: Final = ("vote", "value")
TIME: Final = ("timestamp", "modified", "time", "created")
BODY: Final = ("comment-body", "txt", "text", "body")
MODERATED: Final = ("moderated", "mod")
ABOUT_PROCESS: Final = ("is-meta", "is_meta")
GROUP: Final = ("group-id", "group_id", "group")
_TRUE: Final = {"1", "true", "t", "yes"}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was found in an export or table.

    Attributes:
        votes: with moderation and statements about the process marked.
        texts: what statements say, by id; empty where no texts came along.
        published_groups: Polis' own group of each participant it placed, by id; empty where not published.
        topic: what the conversation is called; "" where that is not said.
        notes: what a reader of the figures should know about the files, a sentence each.
    """

    votes: Votes
    texts: Mapping[Any, str] = field(default_factory=dict, repr=False)
    published_groups: Mapping[Any, int] = field(default_factory=dict, repr=False)
    topic: str = ""
    notes: tuple[str, ...] = ()


def _open_rows(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header of a CSV file and its rows.

    Raises:
        VotesError: the file cannot be read, is no UTF-8 or has no header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise VotesError(f"{path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise VotesError(f"{path.name} is not UTF-8 text (byte {error.start}).") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(rows, [])]
    if not header:
        raise VotesError(f"{path.name} is empty.")
    return header, rows


def _rows_as_long(path: Path, header: Sequence[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows that are not blank.

    Raises:
        VotesError: one has another number of cells than the header, or a cell does not end.
    """
    try:
        for number, row in enumerate(rows, 2):
            if not row:
                continue
            if len(row) != len(header):
                raise VotesError(f"{path.name}, row {number}: {len(row)} cells, where the header has {len(header)}.")
            yield row
    except csv.Error as error:
        raise VotesError(f"{path.name}: {error}.") from error


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _needed(path: Path, header: Sequence[str], names: Sequence[str]) -> int:
    found = _column(header, names)
    if found is None:
        raise VotesError(f"{path.name} has no column “{names[0]}” (or {', '.join(names[1:])}).")
    return found


def _number(text: str, path: Path, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise VotesError(f"{path.name}: “{text[:40]}” is no {what}.") from None


def _wide_columns(header: Sequence[str]) -> list[int]:
    """Return the columns of a table with one row for each participant that are statements: their name is a number."""
    return [place for place, name in enumerate(header) if name.isascii() and name.isdigit()]


Columns = tuple[list[str], list[str], list[float], list[int] | None]


def _read_long(path: Path, header: list[str], rows: Iterator[list[str]]) -> Columns:
    who, what, how = (_needed(path, header, names) for names in (PARTICIPANT, STATEMENT, VALUE))
    when = _column(header, TIME)
    kept = list(_rows_as_long(path, header, rows))
    values = [_number(row[how], path, "vote") for row in kept]
    times = None if when is None else [int(_number(row[when], path, "time")) for row in kept]
    return [row[who] for row in kept], [row[what] for row in kept], values, times


def _read_wide(path: Path, header: list[str], rows: Iterator[list[str]]) -> tuple[Columns, dict[str, int]]:
    who, group = _needed(path, header, PARTICIPANT), _column(header, GROUP)
    columns = _wide_columns(header)
    participants: list[str] = []
    statements: list[str] = []
    values: list[float] = []
    groups: dict[str, int] = {}
    for row in _rows_as_long(path, header, rows):
        if group is not None and row[group].strip():
            groups[row[who]] = int(_number(row[group], path, "group"))
        for place in columns:
            if row[place].strip():
                participants.append(row[who])
                statements.append(header[place])
                values.append(_number(row[place], path, "vote"))
    return (participants, statements, values, None), groups


def _read_json_lines(path: Path) -> Columns:
    records: list[dict[str, Any]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise VotesError(f"{path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise VotesError(f"{path.name}, line {len(records) + 1}: {error}.") from error
    if not all(isinstance(record, dict) for record in records):
        raise VotesError(f"{path.name}: every line has to be an object with a participant, a statement and a vote.")
    if not records:
        return [], [], [], None
    header = list(records[0])
    who, what, how = (header[_needed(path, header, names)] for names in (PARTICIPANT, STATEMENT, VALUE))
    when = _column(header, TIME)
    try:
        values = [_number(str(record[how]), path, "vote") for record in records]
        times = None if when is None else [int(_number(str(record[header[when]]), path, "time")) for record in records]
        return [str(record[who]) for record in records], [str(record[what]) for record in records], values, times
    except KeyError as error:
        raise VotesError(f"{path.name}: a line lacks {error}.") from error


@dataclass(slots=True)
class _Statements:
    """What `comments.csv` says; ids as they are written."""

    ids: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    about_process: list[str] = field(default_factory=list)


def _read_statements(path: Path) -> _Statements:
    header, rows = _open_rows(path)
    key, body = _needed(path, header, STATEMENT), _column(header, BODY)
    moderated, meta = _column(header, MODERATED), _column(header, ABOUT_PROCESS)
    found = _Statements()
    for row in _rows_as_long(path, header, rows):
        name = row[key].strip()
        found.ids.append(name)
        if body is not None:
            found.texts[name] = row[body]
        if moderated is not None and row[moderated].strip() == "-1":
            found.rejected.append(name)
        if moderated is not None and row[moderated].strip() == "0":
            found.undecided.append(name)
        if meta is not None and row[meta].strip().lower() in _TRUE:
            found.about_process.append(name)
    return found


def read_votes_table(path: Path, *, agree: int = 1) -> Conversation:
    """Read one table of votes: CSV with a row for each vote or for each participant, or JSON Lines.

    Args:
        path: a file. A row for each vote needs columns participant, statement and vote (Polis' names do as well), and
            may have a timestamp in milliseconds. A row for each participant has statements as columns, named by number.
        agree: the number that means agreement.

    Raises:
        VotesError: it cannot be read, lacks a column, or holds what is no vote.
    """
    groups: dict[str, int] = {}
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        columns = _read_json_lines(path)
    else:
        header, rows = _open_rows(path)
        if _column(header, VALUE) is not None or not _wide_columns(header):
            columns = _read_long(path, header, rows)
        else:
            columns, groups = _read_wide(path, header, rows)
    votes = Votes.from_columns(*columns, agree=agree)
    return Conversation(votes, {}, _key_like(votes.participants, groups), notes=_note_replaced(votes))


def _key_like(ids: "np.ndarray[Any, Any]", named: Mapping[str, Any]) -> dict[Any, Any]:
    """Return `named` under keys of the kind that `ids` are."""
    if ids.dtype.kind != "i":
        return dict(named)
    return {int(key): value for key, value in named.items() if key.strip().lstrip("-").isdigit()}


def _note_replaced(votes: Votes) -> tuple[str, ...]:
    return (f"{votes.replaced:,} votes were replaced by a later one.",) if votes.replaced else ()


def _find(folder: Path, *endings: str) -> Path | None:
    for ending in endings:
        found = sorted(path for path in folder.iterdir() if path.name.lower().endswith(ending))
        if found:
            return found[0]
    return None


def _read_topic(folder: Path) -> str:
    path = _find(folder, "summary.csv")
    if path is None:
        return ""
    header, rows = _open_rows(path)
    named = {row[0]: row[1] for row in [header, *rows] if len(row) > 1}
    return named.get("topic", "").strip()


def read_conversation(path: Path | str, *, agree: int = 1, strict_moderation: bool = False) -> Conversation:
    """Read a Polis export, or one table of votes.

    Args:
        path: the folder of an export, or a file as in `read_votes_table`.
        agree: the number that means agreement; +1 in exports.
        strict_moderation: statements that moderators have not decided on are out as well.

    Raises:
        VotesError: there are no votes to read, or they are no votes; the message says which file and row.

    Example:
        >>> conversation = read_conversation("brexit-consensus")  # doctest: +SKIP
        >>> conversation.votes.participants.size  # doctest: +SKIP
        204
    """
    path = Path(path)
    if not path.is_dir():
        return read_votes_table(path, agree=agree)
    wide = _find(path, "participants-votes.csv", "participant-votes.csv")
    long = next((found for found in sorted(path.glob("*votes.csv")) if "participant" not in found.name), None)
    if long is None and wide is None:
        raise VotesError(f"{path} holds neither votes.csv nor participants-votes.csv.")
    columns: Columns = ([], [], [], None)
    groups: dict[str, int] = {}
    if wide is not None:
        columns, groups = _read_wide(wide, *_open_rows(wide))
    if long is not None:
        columns = _read_long(long, *_open_rows(long))
    listed = _find(path, "comments.csv")
    statements = _Statements() if listed is None else _read_statements(listed)
    notes: list[str] = []
    missing = sorted(set(columns[1]) - set(statements.ids)) if listed is not None else []
    if missing:
        notes.append(f"{len(missing)} statements with votes are not in comments.csv; they have no text.")
    out = statements.rejected + (statements.undecided if strict_moderation else [])
    votes = Votes.from_columns(
        *columns,
        agree=agree,
        statements=sorted(set(columns[1]) | set(statements.ids)),
        moderated=out,
        about_process=statements.about_process,
    )
    return Conversation(
        votes,
        _key_like(votes.statements, statements.texts),
        _key_like(votes.participants, groups),
        _read_topic(path),
        (*_note_replaced(votes), *notes),
    )
