"""Polis: the statements of a conversation, from the `comments.csv` of its export."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Final

from harken.core.talk.forums import ForumError
from harken.core.talk.model import Finding, Post
from harken.core.talk.nesting import Seen
from harken.core.talk.tables.dates import DateColumn
from harken.core.talk.tables.reading import Row, Table, TableError, open_table

__all__ = ["read_polis", "read_polis_topic"]

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("comment-body", "comment_body", "body", "txt", "comment", "text"),
    "id": ("comment-id", "comment_id", "tid", "commentid", "statement-id"),
    "author": ("author-id", "author_id", "pid", "authorid", "participant-id"),
    "timestamp": ("timestamp", "created", "created_at"),
    "datetime": ("datetime", "date"),
    "agrees": ("agrees", "agree", "agree-count"),
    "disagrees": ("disagrees", "disagree", "disagree-count"),
    "passes": ("passes", "pass", "pass-count"),
    "moderated": ("moderated", "mod"),
    "seed": ("is-seed", "is_seed", "seed"),
    "meta": ("is-meta", "is_meta", "meta"),
    "lang": ("lang", "language"),
}
_VOTES: Final = frozenset(("vote", "voter-id", "voter_id"))
_SHOWN: Final = 120


def read_polis(path: Path) -> Iterator[Post | Finding]:
    """Yield the statements of a conversation as posts, in the order of the file.

    Authors are the numbers the conversation gave them: pseudonyms. `timestamp` tells when; the words of `datetime` are
    in the time zone of whoever exported. Statements that moderators hid are there too, and say so in
    `extra["moderated"]` ("-1"). The counts of votes are those of the file, which are older than its votes.

    Raises:
        ForumError: the file holds votes or a summary, or is no export of Polis.
    """
    table, places = _open(path)
    times = DateColumn(UTC)
    seen = Seen()
    yield from table.findings
    for row in table.rows():
        if isinstance(row, Finding):
            yield row
            continue
        said = {name: row.text(place).strip() for name, place in places.items() if place >= 0}
        post, finding = _read_row(row, said, times)
        if finding is not None:
            yield finding
        if post is None:
            continue
        kept, finding = seen.admit(post)
        if finding is not None:
            yield Finding(f"row {row.number}", finding.reason, f"{post.id}: {finding.text}")
        if kept is not None:
            yield kept


def _open(path: Path) -> tuple[Table, dict[str, int]]:
    try:
        table = open_table(path)
    except TableError as error:
        raise ForumError(str(error)) from error
    folded = {column.strip().lower().replace(" ", "-"): place for place, column in enumerate(table.columns)}
    places = {name: next((folded[word] for word in words if word in folded), -1) for name, words in _COLUMNS.items()}
    if places["text"] < 0 or places["id"] < 0:
        if _VOTES & folded.keys() or "participant" in folded:
            raise ForumError(f"{path.name} holds votes; the statements are in comments.csv of the same export.")
        raise ForumError(f"{path.name} is no comments.csv of Polis: it needs the columns comment-id and comment-body.")
    return table, places


def _read_row(row: Row, said: Mapping[str, str], times: DateColumn) -> tuple[Post | None, Finding | None]:
    place = f"row {row.number}"
    text = said.get("text", "")
    if not text:
        return None, Finding(place, "nothing_said", said.get("id", ""))
    if not said.get("id"):
        return None, Finding(place, "no_id", text[:_SHOWN])
    read = times.read(said.get("timestamp") or said.get("datetime") or "")
    trouble = read.trouble or read.note
    finding = Finding(place, trouble, said.get("timestamp") or said.get("datetime", "")) if trouble else None
    extra = {
        name: said[name] for name in ("agrees", "disagrees", "passes", "moderated", "seed", "meta") if said.get(name)
    }
    author = said.get("author", "")
    return (
        Post(
            id=said["id"],
            author=author,
            author_kind="account" if author else "unknown",
            at=read.at,
            text=text,
            lang=said.get("lang", ""),
            extra=extra,
        ),
        finding,
    )


def read_polis_topic(path: Path) -> dict[str, str]:
    """Return what `summary.csv` says of the conversation: its `topic`, `url`, `conversation-description`, ….

    Raises:
        ForumError: the file cannot be read.
    """
    try:
        table = open_table(path, header_row=0)
    except TableError as error:
        raise ForumError(str(error)) from error
    return {row.text(0).strip(): row.text(1).strip() for row in table.rows() if isinstance(row, Row) and row.text(0)}
