"""A file or an address that somebody brought with the browser, read as what they said it is."""

import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.core.talk.model import Finding, Post, walk_with_depth
from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.reading import Table
from harken.inputs.consent import count_consents
from harken.inputs.foreign import (
    CannotRead,
    Entry,
    Part,
    look_at,
    open_sheet,
    place_of,
    read_forum_files,
    read_line_file,
    read_mail_file,
    read_table_file,
    read_talk_file,
)
from harken.inputs.live_wiki import read_live_talk
from harken.inputs.models import Channel, Consent, ImportDraft, TextKind
from harken.inputs.queries.named import NamedTexts

SHOWN_ENTRIES: Final = 300
"""So many posts and findings of a file are looked at for its preview, however long it is."""


class Format(models.TextChoices):
    """What somebody brings."""

    TALK = "talk", _("A talk page: HTML, wikitext, a dump, an answer of the API")
    MAIL = "mail", _("Mail: an mbox, a single message")
    TABLE = "table", _("A survey: CSV, XLSX, XLS or ODS")
    DISCOURSE = "discourse", _("Discourse: JSON of its API, or its archive")
    DECIDIM = "decidim", _("Decidim: proposals or comments of its open data")
    POLIS = "polis", _("Polis: comments.csv")
    LINES = "lines", _("A text in which each line is one input")


CHANNELS: Final = {
    Format.TALK: Channel.TALK,
    Format.MAIL: Channel.MAIL,
    Format.TABLE: Channel.SURVEY,
    Format.DISCOURSE: Channel.FORUM,
    Format.DECIDIM: Channel.FORUM,
    Format.POLIS: Channel.FORUM,
    Format.LINES: Channel.LIST,
}
KINDS: Final = {Format.TABLE: TextKind.RESPONSE, Format.POLIS: TextKind.STATEMENT}


class _NoPipe:
    """Stands where the command line has a pipe."""

    def read(self, _size: int = -1) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought, before it is read: a file with the name its owner gave it, or an address."""

    format: Format
    name: str
    path: Path | None
    address: str
    zone: zoneinfo.ZoneInfo
    lang: str
    mapping: TableMapping | None
    consent: Consent

    def read(self, *, wait: Callable[[float], None] = time.sleep) -> Iterator[Part]:
        """Its parts. Raises `CannotRead`, also while a part is read, with the name its owner knows.

        `wait` is asked to let seconds go by where a wiki is busy.
        """
        if self.path is None:
            yield from read_live_talk(self.address, wait=wait)
            return
        try:
            yield from self._read_file(self.path)
        except CannotRead as error:
            raise CannotRead(str(error).replace(self.path.name, self.name)) from error

    def _read_file(self, path: Path) -> Iterator[Part]:
        if self.format == Format.TALK:
            yield from read_talk_file(path, None)
        elif self.format == Format.MAIL:
            pipe: BinaryIO = _NoPipe()  # type: ignore[assignment] # never read: there is a path
            yield read_mail_file(path, pipe, zone=self.zone)
        elif self.format == Format.TABLE:
            table, mapping = self.open_table()
            yield read_table_file(table, mapping, zone=self.zone)
        elif self.format == Format.DISCOURSE:
            yield read_forum_files([path], "discourse", zone=self.zone)
        elif self.format == Format.DECIDIM:
            yield read_forum_files([path], "decidim", zone=self.zone)
        elif self.format == Format.POLIS:
            yield read_forum_files([path], "polis", zone=self.zone)
        else:
            yield read_line_file(path, lang=self.lang)

    def with_its_name(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings whose places are in the file by the name its owner knows, not by the one it is stored under."""
        stored = self.path.name if self.path else ""
        return [
            replace(one, place=self.name + one.place.removeprefix(stored))
            if stored and one.place.startswith(stored)
            else one
            for one in findings
        ]

    def open_table(self) -> tuple[Table, TableMapping]:
        """The table, and which of its columns means what. Raises `CannotRead`."""
        if self.path is None:
            raise CannotRead(self.address)
        return open_sheet(self.path, self.mapping)


def brought_with(draft: ImportDraft) -> Brought:
    """What a draft holds."""
    terms = draft.terms
    mapping = TableMapping.from_json(terms["mapping"]) if terms.get("mapping") else None
    return Brought(
        format=Format(terms["format"]),
        name=draft.name,
        path=Path(draft.file.path) if draft.file else None,
        address=terms.get("address", ""),
        zone=zoneinfo.ZoneInfo(terms.get("zone") or "UTC"),
        lang=terms.get("lang", ""),
        mapping=mapping,
        consent=Consent(terms.get("consent") or Consent.PUBLIC),
    )


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post in a preview; `depth` 1 for what replies to nothing."""

    post: Post
    depth: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of what would come in: conversations, and what could not be placed; `is_whole` if that is all.

    `consents` are how many would come under which consent, in words, where each row says what its speaker agreed to.
    """

    threads: tuple[tuple[str, tuple[PostRow, ...]], ...]
    findings: tuple[Finding, ...]
    posts: int
    is_whole: bool
    consents: tuple[tuple[str, int], ...] = ()


def _wait_elsewhere(_seconds: float) -> None:
    raise CannotRead(_("The wiki is busy now. Look again in some minutes."))


def preview_brought(brought: Brought, texts: NamedTexts) -> Preview:
    """Read the beginning, and write nothing; `texts` are those that rows may say they are about.

    Raises `CannotRead`, also for a busy wiki: no page waits for that.
    """
    threads: list[tuple[str, tuple[PostRow, ...]]] = []
    findings: list[Finding] = []
    seen = 0
    is_whole = True
    for part in brought.read(wait=_wait_elsewhere):
        entries = list(islice(_single(part), SHOWN_ENTRIES + 1 - seen))
        seen += len(entries)
        if seen > SHOWN_ENTRIES:
            is_whole = False
            entries.pop()
        for entry in look_at(Part(entries, arrange=part.arrange)):
            if isinstance(entry, Finding):
                findings.append(entry)
            else:
                rows = tuple(PostRow(post, depth) for post, depth in walk_with_depth(entry.posts))
                threads.append((entry.heading, rows))
        if not is_whole:
            break
    posts = [row.post for _heading, rows in threads for row in rows]
    for post in posts:
        about = post.extra.get("about", "")
        if about and texts.find(about) is None:
            findings.append(Finding(place_of(post), "no_such_text", about))
    counted = count_consents(posts, brought.consent)
    consents = tuple((str(consent.label), counted[consent]) for consent in Consent) if counted else ()
    return Preview(tuple(threads), tuple(brought.with_its_name(findings)), len(posts), is_whole, consents)


def _single(part: Part) -> Iterator[Entry]:
    yield from part.entries
