"""Decidim: proposals and the comments on them, from the exports of its administration and its open data.

Both come as CSV, JSON, XLSX or XLS. Columns are named by paths (`author/name`, `title/en`); in JSON they nest.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final, Literal

from harken.core.talk.forums import ForumError
from harken.core.talk.html_text import html_to_text
from harken.core.talk.model import AuthorKind, Finding, Post, TalkPage, Thread
from harken.core.talk.nesting import Seen, nest_posts
from harken.core.talk.stances import stance_of
from harken.core.talk.tables.dates import DateColumn, survey_dates
from harken.core.talk.tables.reading import Row, TableError, Value, open_table

__all__ = ["read_decidim"]

_LARGEST: Final = 100_000_000
_SHOWN: Final = 120
_MARKUP: Final = re.compile(r"</?(?:p|br|div|ul|ol|li|strong|em|a|h\d|span|b|i|u|blockquote)\b[^<>]*>", re.IGNORECASE)
_LOCALE: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?\Z")
_LEAST: Final = {"id", "title"}
_COMMENT: Final = "Decidim::Comments::Comment"
Kind = Literal["proposal", "comment"]
# Columns kept beside a post's own, by what they are called there.
_KEPT: Final[Mapping[str, tuple[str, ...]]] = {
    "category": ("category/name",),
    "scope": ("scope/name",),
    "state": ("state",),
    "reference": ("reference",),
    "endorsements": ("endorsements/total_count", "endorsements_count"),
    "supports": ("supports", "votes", "proposal_votes_count"),
    "comments": ("comments", "comments_count"),
    "url": ("url", "root_commentable_url"),
    "answer": ("answer",),
}


@dataclass(frozen=True, slots=True)
class _Record:
    """A row or an object, by the paths of its columns."""

    place: str
    said: Mapping[str, Value]

    def word(self, *names: str) -> str:
        """The first value of these names that there is, as text."""
        for name in names:
            value = self.said.get(name, "")
            text = value.strip() if isinstance(value, str) else value.isoformat()
            if text:
                return text
        return ""

    def translated(self, name: str) -> tuple[str, str]:
        """A value that is there once, or once for each language; and the language it is in, if that is said."""
        plain = self.word(name)
        if plain:
            return plain, ""
        for path, value in self.said.items():
            head, _, locale = path.rpartition("/")
            if head == name and isinstance(value, str) and value.strip() and _LOCALE.match(locale):
                return value.strip(), locale.replace("_", "-")
        return "", ""


def read_decidim(paths: Iterable[Path], *, zone: tzinfo = UTC) -> TalkPage:
    """Return the proposals in some exports of one Decidim as threads, comments below what they are about.

    `zone` is where the clocks stood of times without a zone. A comment whose proposal is in none of the files has a
    thread with the others on the same one.

    Raises:
        ForumError: a file is no such export.
    """
    findings: list[Finding] = []
    posts: dict[Kind, list[Post]] = {"proposal": [], "comment": []}
    seen = Seen()
    for path in paths:
        names, records = _read_file(path, findings)
        kind = _kind_of(path, names)
        times = survey_dates((record.said.get("created_at", "") for record in records), DateColumn(zone))
        for record in records:
            post = _read_record(record, kind, times, findings)
            if post is None:
                continue
            kept, finding = seen.admit(post)
            if finding is not None:
                findings.append(replace(finding, place=record.place))
            if kept is not None:
                posts[kind].append(kept)
    return _assemble(posts["proposal"], _find_parents(posts["comment"]), findings)


# --- files ---


def _read_file(path: Path, findings: list[Finding]) -> tuple[set[str], list[_Record]]:
    """What the columns are called, also where no row is below them, and the records."""
    if path.suffix.lower() in (".json", ".jsonl"):
        return _read_json(path)
    records = []
    try:
        table = open_table(path)
        findings.extend(table.findings)
        names = [column.strip() for column in table.columns]
        for row in table.rows():
            if isinstance(row, Row):
                records.append(_Record(f"{path.name} row {row.number}", dict(zip(names, row.cells, strict=False))))
            else:
                findings.append(row)
    except TableError as error:
        raise ForumError(str(error)) from error
    return set(names), records


def _read_json(path: Path) -> tuple[set[str], list[_Record]]:
    if path.stat().st_size > _LARGEST:
        raise ForumError(f"{path.name} is larger than {_LARGEST // 1_000_000} MB; export it as CSV.")
    try:
        said = json.loads(path.read_bytes().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ForumError(f"{path.name} is not JSON: {error}.") from error
    if isinstance(said, dict):
        said = next((value for value in said.values() if isinstance(value, list) and value), [said])
    if not isinstance(said, list):
        raise ForumError(f"{path.name} is no export of Decidim: it holds no list.")
    records = [
        _Record(f"{path.name} item {number}", _flatten(item))
        for number, item in enumerate(said, start=1)
        if isinstance(item, dict)
    ]
    # An export of no proposals is an empty list, which names no columns.
    return {name for record in records for name in record.said} if said else _LEAST, records


def _flatten(item: Mapping[str, Any]) -> dict[str, Value]:
    """Nested objects as paths, in the way of the tables."""
    flat: dict[str, Value] = {}
    stack: list[tuple[str, Any]] = [("", item)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}/{name}" if path else str(name), inner) for name, inner in reversed(value.items()))
        elif isinstance(value, list):
            flat[path] = ", ".join(str(inner) for inner in value if not isinstance(inner, dict | list))
        elif value is not None:
            flat[path] = str(value)
    return flat


def _kind_of(path: Path, names: set[str]) -> Kind:
    if not any(name.split("/")[0] in ("body", "title") for name in names):
        sentence = f"{path.name} is no export of Decidim's proposals or comments: it has neither a title nor a body."
        raise ForumError(sentence)
    if "id" not in names:
        raise ForumError(f"{path.name} is no export of Decidim's proposals or comments: nothing in it has an id.")
    return "comment" if "commentable_id" in names or "commentable_type" in names else "proposal"


# --- records ---


def _read_record(record: _Record, kind: Kind, times: DateColumn, findings: list[Finding]) -> Post | None:
    title, title_lang = record.translated("title")
    body, lang = record.translated("body")
    identity = record.word("id")
    text, markup = (html_to_text(body), body) if _MARKUP.search(body) else (body, "")
    if not (text or title) or not identity:
        findings.append(Finding(record.place, "no_id" if text or title else "nothing_said", (text or title)[:_SHOWN]))
        return None
    read = times.read(record.said.get("created_at") or record.said.get("published_at") or "")
    if read.trouble or read.note:
        findings.append(Finding(record.place, read.trouble or read.note, record.word("created_at", "published_at")))
    author, author_kind = _author_of(record)
    extra = {name: said for name, names in _KEPT.items() if (said := _first(record, names))}
    extra["author_id"] = record.word("author/id", "author")
    if kind == "comment":
        alignment = record.word("alignment")
        extra["stance"] = stance_of(alignment)
        extra["said_depth"] = record.word("depth")
        extra["commentable_id"] = record.word("commentable_id")
        extra["commentable_type"] = record.word("commentable_type")
    return Post(
        id=f"{kind}/{identity}",
        author=author,
        author_kind=author_kind,
        at=read.at,
        text=text or title,
        heading=title,
        html=markup,
        lang=record.word("locale") or lang or title_lang,
        extra={name: said for name, said in extra.items() if said},
    )


def _first(record: _Record, names: tuple[str, ...]) -> str:
    return next((said for name in names if (said := record.translated(name)[0])), "")


def _author_of(record: _Record) -> tuple[str, AuthorKind]:
    group = record.translated("user_group/name")[0]
    if group:
        return group, "group"
    name = record.word("author/name", "author_name", "author/nickname")
    if name:
        return name, "account"
    number = record.word("author/id", "author")
    return (number, "account") if number else ("", "unknown")


def _find_parents(comments: list[Post]) -> list[Post]:
    """Say of each comment what it is below.

    A comment is on a comment if its type says so, or if its depth does: some exports give a reply the type of the
    proposal that the whole conversation is about, and as id that of the comment answered.
    """
    depths = {post.id: _depth_of(post) for post in comments}
    placed = []
    for post in comments:
        number = post.extra.get("commentable_id", "")
        above = f"comment/{number}"
        is_reply = post.extra.get("commentable_type") == _COMMENT or (
            depths[post.id] > 0 and depths.get(above) == depths[post.id] - 1
        )
        placed.append(replace(post, parent_id=above if is_reply else f"proposal/{number}" if number else ""))
    return placed


def _depth_of(post: Post) -> int:
    said = post.extra.get("said_depth", "0")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0


# --- threads ---


def _assemble(proposals: list[Post], comments: list[Post], findings: list[Finding]) -> TalkPage:
    known = {post.id for post in proposals} | {post.id for post in comments}
    roots, unplaced = nest_posts([*proposals, *comments])
    # A comment on a proposal that is in no file is at the top of a thread of its own, which is no loss.
    findings.extend(finding for finding in unplaced if proposals or not finding.text.startswith("proposal/"))
    threads: dict[str, list[Post]] = {}
    for root in roots:
        key = root.parent_id if root.parent_id and root.parent_id not in known else root.id
        threads.setdefault(key, []).append(root)
    return TalkPage(
        tuple(Thread(key, posts[0].heading, 0, tuple(posts)) for key, posts in threads.items()), tuple(findings)
    )
