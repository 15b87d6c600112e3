"""What files of other systems hold, as the ledger takes it: posts one after the other, and how far the file is read."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import BinaryIO, Final, Literal

from django.utils.translation import gettext as _

from harken.core.talk.forums import ForumError
from harken.core.talk.forums.decidim import read_decidim
from harken.core.talk.forums.discourse import read_discourse
from harken.core.talk.forums.polis import read_polis
from harken.core.talk.mail.boxes import MailError, RawMessage, open_box, read_stream
from harken.core.talk.mail.posts import read_mail_threads, stream_mail
from harken.core.talk.model import Finding, Post, TalkError, TalkPage, Thread
from harken.core.talk.tables.mapping import MappingError, TableMapping
from harken.core.talk.tables.posts import read_lines, read_table_posts, read_table_threads
from harken.core.talk.tables.proposing import propose_mapping
from harken.core.talk.tables.reading import Table, open_table
from harken.core.talk.tables.workbooks import TableError
from harken.core.talk.wiki import Wiki, assume_wiki, guess_form, read_api_pages, read_dump, read_talk, read_wiki_data

Entry = Thread | Post | Finding
Forum = Literal["discourse", "decidim"]
Platform = Literal[Forum, "polis"]
PLATFORMS: Final[tuple[Platform, ...]] = ("discourse", "decidim", "polis")

LARGEST_PAGE: Final = 200_000_000
"""Bytes of a file that holds one page: those of whole wikis are dumps, which are read piece by piece."""


class CannotRead(Exception):
    """A file is not what it should be; the sentence says what it is instead, or what to do."""

    @classmethod
    def because(cls, error: Exception, name: str = "") -> "CannotRead":
        """In a sentence of the reader's language, with what a reader of files says of one in English behind it."""
        detail = str(error)
        if name not in detail:
            detail = f"{name}: {detail}"
        return cls(_("This cannot be read: %(detail)s") % {"detail": detail})


@dataclass(slots=True)
class Reading:
    """How far a file is read: `share` from 0 to 1, None where nobody can know."""

    share: float | None = None


@dataclass(slots=True)
class Part:
    """What came from one source: its own `key`, title and address, "" where the file says nothing of them.

    `arrange` makes threads of entries that are single posts, for looking at.
    """

    entries: Iterable[Entry]
    key: str = ""
    title: str = ""
    address: str = ""
    reading: Reading = field(default_factory=Reading)
    arrange: Callable[[Iterator[Post | Finding]], TalkPage] | None = None


def look_at(part: Part) -> Iterator[Thread | Finding]:
    """The part as threads; what streams into the ledger post by post is arranged first, in memory."""
    if part.arrange is not None:
        posts = (entry for entry in part.entries if not isinstance(entry, Thread))
        page = part.arrange(posts)
        yield from page.threads
        yield from page.findings
        return
    for entry in part.entries:
        yield Thread(entry.id, entry.heading, 0, (entry,)) if isinstance(entry, Post) else entry


def place_of(post: Post) -> str:
    """Where a post stands in what was brought: a table's row, else the beginning of its id there."""
    row = post.extra.get("row", "")
    return f"row {row}" if row else post.id[:120]


def _one_by_one(page: TalkPage, reading: Reading) -> Iterator[Entry]:
    yield from page.findings
    for number, thread in enumerate(page.threads, start=1):
        yield thread
        reading.share = number / len(page.threads)


# --- talk pages ---


def read_wiki(paths: Sequence[Path]) -> Wiki | None:
    """How a wiki writes signatures, as JSON files tell it; None without any. Raises `CannotRead`."""
    if not paths:
        return None
    try:
        return read_wiki_data(*(json.loads(path.read_bytes()) for path in paths))
    except (OSError, ValueError, RecursionError) as error:
        raise CannotRead.because(error, paths[0].name) from error


def read_talk_file(path: Path, wiki: Wiki | None, *, title: str = "") -> Iterator[Part]:
    """The page in a file, or all talk pages of a dump or of an answer of the API. Raises `CannotRead`."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            form = guess_form(stream.read(65_536))
            stream.seek(0)
            if form == "dump":
                yield from _read_dump(stream, wiki, size)
                return
            if size > LARGEST_PAGE:
                sentence = f"{path.name} is {size // 1_000_000} MB: no page is. Is it a dump?"
                raise CannotRead.because(TalkError(sentence))
            data = stream.read()
        if form == "api":
            yield from _read_answers(json.loads(data), wiki)
            return
        reading = Reading()
        yield Part(_one_by_one(read_talk(data, wiki, title), reading), reading=reading)
    except (OSError, TalkError, ValueError, RecursionError) as error:
        raise CannotRead.because(error, path.name) from error


def _read_dump(stream: BinaryIO, wiki: Wiki | None, size: int) -> Iterator[Part]:
    for page in read_dump(stream, wiki):
        reading = Reading(min(stream.tell() / size, 1.0) if size else None)
        yield Part(
            (*page.talk.findings, *page.talk.threads), page.address or page.title, page.title, page.address, reading
        )


def _read_answers(answers: object, wiki: Wiki | None) -> Iterator[Part]:
    several = answers if isinstance(answers, list) else [answers]
    pages = [answer for answer in several if isinstance(answer, dict)]
    for page in read_api_pages(pages, wiki or assume_wiki("en")):
        yield Part((*page.talk.findings, *page.talk.threads), page.address or page.title, page.title, page.address)


# --- mail ---


def read_mail_file(path: Path | None, pipe: BinaryIO, *, zone: tzinfo = UTC, own: Sequence[str] = ()) -> Part:
    """The messages at a path, or those that come through a pipe. Raises `CannotRead` while it is read."""
    reading = Reading()
    size = path.stat().st_size if path is not None and path.is_file() else 0

    def messages() -> Iterator[RawMessage]:
        for raw in read_stream(pipe) if path is None else open_box(path):
            yield raw
            # A packed file is read further than it is long.
            reading.share = raw.position / size if size and raw.position <= size else None

    entries = _translate(stream_mail(messages(), zone=zone, own=own), path.name if path else "-")
    return Part(entries, reading=reading, arrange=read_mail_threads)


def _translate(entries: Iterator[Post | Finding], name: str) -> Iterator[Post | Finding]:
    is_empty = True
    try:
        for entry in entries:
            is_empty = False
            yield entry
    except (OSError, MailError, TableError, ForumError, MappingError) as error:
        raise CannotRead.because(error, name) from error
    if is_empty:
        yield Finding(name, "nothing_in_it", "")


# --- forums and platforms ---


def read_polis_file(path: Path) -> Part:
    """The statements of a conversation. Raises `CannotRead` while it is read.

    One file is one conversation: each numbers its statements anew, so those of several are never one source.
    """
    return Part(_translate(read_polis(path), path.name))


def read_forum_files(paths: Sequence[Path], platform: Forum, *, zone: tzinfo = UTC) -> Part:
    """What an export of a forum holds, whose files belong together. Raises `CannotRead`."""
    reading = Reading()
    try:
        page = read_discourse(paths) if platform == "discourse" else read_decidim(paths, zone=zone)
    except (OSError, ForumError) as error:
        raise CannotRead.because(error) from error
    if not page.threads and not page.findings:
        page = TalkPage(findings=(Finding(paths[0].name, "nothing_in_it", ""),))
    if platform == "decidim":
        page = replace(page, threads=tuple(map(_name_proposals, page.threads)))
    return Part(_one_by_one(page, reading), reading=reading)


def _name_proposals(thread: Thread) -> Thread:
    posts = (
        post if "commentable_type" in post.extra else replace(post, extra={**post.extra, "kind": "proposal"})
        for post in thread.posts
    )
    return replace(thread, posts=tuple(posts))


# --- tables and lines ---


def open_sheet(
    path: Path, mapping: TableMapping | None, *, sheet: str = "", header_row: int | None = None
) -> tuple[Table, TableMapping]:
    """A table, and which of its columns means what: as the mapping says, else as it looks. Raises `CannotRead`."""
    try:
        header = mapping.header_row if mapping is not None and header_row is None else header_row
        table = open_table(path, sheet=sheet or (mapping.sheet if mapping else ""), header_row=header)
        chosen = mapping or propose_mapping(table)
        chosen.check(table.columns)
    except (TableError, MappingError) as error:
        raise CannotRead.because(error, path.name) from error
    return table, chosen


def read_mapping(path: Path) -> TableMapping:
    """A mapping that was kept in a file. Raises `CannotRead`."""
    try:
        return parse_mapping(path.read_bytes(), path.name)
    except OSError as error:
        raise CannotRead.because(error, path.name) from error


def parse_mapping(content: bytes, name: str) -> TableMapping:
    """A mapping as it was kept in a file of that name. Raises `CannotRead`."""
    try:
        return TableMapping.from_json(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, MappingError) as error:
        raise CannotRead.because(error, name) from error


def read_table_file(table: Table, mapping: TableMapping, *, zone: tzinfo = UTC) -> Part:
    """The rows of a table. Raises `CannotRead` while it is read."""
    entries = _translate(read_table_posts(table, mapping, zone=zone), table.path.name)
    return Part(entries, arrange=read_table_threads)


def read_line_file(path: Path, *, lang: str = "") -> Part:
    """The lines of a text. Raises `CannotRead` while it is read."""
    return Part(_translate(read_lines(path, lang=lang), path.name))
