"""Files or an address that somebody brought with the browser, read as what they said it is."""

import json
import time
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, Protocol

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harken.core.talk.mail.posts import read_mail_threads
from harken.core.talk.model import Finding, Post, walk_with_depth
from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.reading import Table
from harken.core.talk.wiki import Wiki
from harken.inputs.consent import count_consents
from harken.inputs.foreign import (
    CannotRead,
    Entry,
    Forum,
    Part,
    Reading,
    look_at,
    open_sheet,
    place_of,
    read_forum_files,
    read_line_file,
    read_mail_file,
    read_polis_file,
    read_table_file,
    read_talk_file,
    read_wiki,
)
from harken.inputs.laid_out import LaidOut, lay_out
from harken.inputs.live_wiki import read_live_talk
from harken.inputs.models import Channel, Consent, ImportDraft, TextKind
from harken.inputs.queries.named import NamedTexts

SHOWN_ENTRIES: Final = 300
"""So many posts and findings are looked at for a preview, however much there is."""


class Format(models.TextChoices):
    """What somebody brings."""

    TALK = "talk", gettext_lazy("A talk page: HTML, wikitext, a dump, an answer of the API")
    MAIL = "mail", gettext_lazy("Mail: an mbox, a single message")
    TABLE = "table", gettext_lazy("A survey: CSV, XLSX, XLS or ODS")
    DISCOURSE = "discourse", gettext_lazy("Discourse: JSON of its API, or its archive")
    DECIDIM = "decidim", gettext_lazy("Decidim: proposals and comments of its open data")
    POLIS = "polis", gettext_lazy("Polis: comments.csv")
    LINES = "lines", gettext_lazy("A text in which each line is one input")


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
_FORUMS: Final[dict[Format, Forum]] = {Format.DISCOURSE: "discourse", Format.DECIDIM: "decidim"}
_APART: Final = (Format.TALK, Format.LINES, Format.POLIS)
"""Of these each file is a source of its own: what they hold is known by its place in them alone."""
# What is looked into of a package, by how names end; what else lies in it (pictures, styles) was packed by the way.
_ENDINGS: Final = {
    Format.TALK: (
        *(".html", ".htm", ".xhtml", ".wiki", ".wikitext", ".mediawiki", ".txt"),
        *(".json", ".xml", ".bz2", ".gz", ".xz", ""),
    ),
    Format.TABLE: (".csv", ".tsv", ".tab", ".txt", ".gz", ".xlsx", ".xls", ".ods"),
    Format.DISCOURSE: (".json", ".jsonl", ".csv", ".tsv", ".gz"),
    Format.DECIDIM: (".json", ".jsonl", ".csv", ".tsv", ".gz", ".xlsx", ".xls", ".ods"),
    Format.POLIS: (".csv", ".gz"),
    Format.LINES: (".txt", ".text", ".md", ""),
    Format.MAIL: (".eml", ".msg", ".mbox", ".mbx", ".txt", ".gz", ""),
}  # fmt: skip
_LARGEST_WIKI_DATA: Final = 5_000_000
# What JSON of a wiki says of how it signs; see `read_wiki_data`.
_OF_WIKIS: Final = frozenset(("dateFormat", "contLangMessages", "localTimezone", "wgContentLanguage", "wgNamespaceIds"))
_IN_ANSWERS: Final = frozenset(("general", "namespaces", "allmessages"))
_MAILDIR: Final = ("cur", "new")


class _NoPipe:
    """Stands where the command line has a pipe."""

    def read(self, _size: int = -1) -> bytes:
        return b""


class Keys(Protocol):
    """Who knows what a source is known by that does not say it itself."""

    def of_set(self, files: Sequence[LaidOut]) -> str:
        """The key of the source that files make together."""

    def of_pages(self, pages: Sequence[LaidOut]) -> Sequence[str]:
        """The key of each file that is a source of its own."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought, laid out to be read: files, or an address; `findings` are what was seen of them already.

    `own` are our own addresses, whose mail to themselves is a loop; `page_title` is that of a talk page of somebody's.
    """

    format: Format
    files: tuple[LaidOut, ...]
    address: str
    zone: zoneinfo.ZoneInfo
    lang: str
    mapping: TableMapping | None
    consent: Consent
    own: tuple[str, ...] = ()
    page_title: str = ""
    findings: tuple[Finding, ...] = ()

    def read(self, *, keys: Keys | None = None, wait: Callable[[float], None] = time.sleep) -> Iterator[Part]:
        """Its parts. Raises `CannotRead`, also while a part is read.

        Without `keys` they have those that they say themselves: that is enough for looking.
        `wait` is asked to let seconds go by where a wiki is busy.
        """
        if not self.files and self.address:
            yield from read_live_talk(self.address, wait=wait)
            return
        found = list(self.findings)
        for part in self._read_files(self._choose(found), keys):
            if found:
                part.entries = chain(tuple(found), part.entries)
                found.clear()
            yield part

    def open_table(
        self, mapping: TableMapping | None = None, *, sheet: str = "", header_row: int | None = None
    ) -> tuple[Table, TableMapping]:
        """The table, and which of its columns means what: as `mapping` says, else as it looks. Raises `CannotRead`.

        `sheet` is read, and `header_row` taken for that of the headings, where they are given.
        """
        files = self._choose([])
        if len(files) > 1:
            names = ", ".join(file.name for file in files)
            sentence = _("A survey is one table. These are several, so bring each by itself: %(names)s.")
            raise CannotRead(sentence % {"names": names})
        return open_sheet(files[0].path, mapping, sheet=sheet, header_row=header_row)

    # --- which files ---

    def _choose(self, found: list[Finding]) -> list[LaidOut]:
        """What is to be read: all that was brought, and of packages what may be what it is said to be."""
        chosen = []
        for file in self.files:
            if not file.package or self._may_be_it(file.path):
                chosen.append(file)
            else:
                found.append(Finding(file.name, "not_read", ""))
        return _something(chosen)

    def _may_be_it(self, path: Path) -> bool:
        if self.format == Format.MAIL and path.parent.name in _MAILDIR:
            return True  # there, names end in anything
        if path.name.startswith(".") or path.suffix.lower() not in _ENDINGS[self.format]:
            return False
        # Beside what people said, exports of platforms hold settings, votes and badges.
        if self.format == Format.POLIS:
            return _can_read(lambda: read_polis_file(path))
        forum = _FORUMS.get(self.format)
        return forum is None or _can_read(lambda: read_forum_files([path], forum))

    # --- reading them ---

    def _read_files(self, files: list[LaidOut], keys: Keys | None) -> Iterator[Part]:
        if self.format in _APART:
            yield from self._read_apart(files, keys)
            return
        if self.format == Format.TABLE:
            table, mapping = self.open_table(self.mapping)
            part = read_table_file(table, mapping, zone=self.zone)
        elif self.format == Format.MAIL:
            part = self._read_mail(_mail_places(files))
        else:
            part = read_forum_files([file.path for file in files], _FORUMS[self.format], zone=self.zone)
        part.key = keys.of_set(files) if keys else ""
        yield part

    def _read_apart(self, files: list[LaidOut], keys: Keys | None) -> Iterator[Part]:
        of_wiki = [file for file in files if self.format == Format.TALK and _tells_of_wiki(file.path)]
        pages = _something([file for file in files if file not in of_wiki])
        wiki = read_wiki([file.path for file in of_wiki])
        for file, key in zip(pages, keys.of_pages(pages) if keys else [""] * len(pages), strict=True):
            for part in self._read_page(file.path, wiki):
                part.key = part.key or key
                if len(pages) > 1:
                    part.entries = _named(part.entries, file.name)
                yield part

    def _read_page(self, path: Path, wiki: Wiki | None) -> Iterator[Part]:
        if self.format == Format.TALK:
            yield from read_talk_file(path, wiki, title=self.page_title)
        elif self.format == Format.POLIS:
            yield read_polis_file(path)
        else:
            yield read_line_file(path, lang=self.lang)

    def _read_mail(self, places: list[LaidOut]) -> Part:
        pipe: BinaryIO = _NoPipe()  # type: ignore[assignment] # never read: there is a path
        parts = [(place, read_mail_file(place.path, pipe, zone=self.zone, own=self.own)) for place in places]
        joined = _join(parts)
        # A conversation goes on from one box to the next.
        joined.arrange = read_mail_threads
        return joined


def _something(files: list[LaidOut]) -> list[LaidOut]:
    if not files:
        raise CannotRead(_("Nothing in this is what you said it is. Choose what it is, or other files."))
    return files


def _can_read(read: Callable[[], Part]) -> bool:
    try:
        next(iter(read().entries), None)
    except CannotRead:
        return False
    return True


def _tells_of_wiki(path: Path) -> bool:
    """Whether a file is JSON that says how a wiki signs, rather than a page."""
    if path.stat().st_size > _LARGEST_WIKI_DATA:
        return False
    try:
        answer = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    if not isinstance(answer, dict):
        return False
    asked = answer.get("query")
    if isinstance(asked, dict):
        return "pages" not in asked and not _IN_ANSWERS.isdisjoint(asked)
    inner = [part for part in (answer.get("data"), answer.get("config")) if isinstance(part, dict)]
    return any(not _OF_WIKIS.isdisjoint(part) for part in (answer, *inner))


def _mail_places(files: list[LaidOut]) -> list[LaidOut]:
    """Boxes and messages; of a maildir the folder, which is read as one."""
    places: dict[Path, LaidOut] = {}
    folders = {file.path.parent.parent for file in files if file.package and file.path.parent.name in _MAILDIR}
    for file in files:
        # A maildir's own folders lie in it, and so do notes of the program that keeps it.
        inside = [above for above in reversed(file.path.parents) if above in folders]
        if not inside:
            places[file.path] = file
        elif file.path.parent.name in _MAILDIR:
            places.setdefault(inside[0], LaidOut(inside[0], inside[0].name))
    return list(places.values())


def _join(parts: list[tuple[LaidOut, Part]]) -> Part:
    """Several parts as one, which is as far read as they are."""
    if len(parts) == 1:
        return parts[0][1]
    reading = Reading()

    def entries() -> Iterator[Entry]:
        for number, (file, part) in enumerate(parts):
            for entry in _named(part.entries, file.name):
                yield entry
                reading.share = _share(part.reading, number, len(parts))

    return Part(entries(), reading=reading)


def _named(entries: Iterable[Entry], name: str) -> Iterator[Entry]:
    """Entries of which each finding says in which file it is."""
    own = name.rpartition("/")[2]
    for entry in entries:
        if isinstance(entry, Finding) and own not in entry.place:
            yield replace(entry, place=": ".join(filter(None, (name, entry.place))))
        else:
            yield entry


def _share(reading: Reading, number: int, count: int) -> float:
    return (number + (reading.share or 0.0)) / count


@contextmanager
def open_brought(draft: ImportDraft) -> Iterator[Brought]:
    """What a draft holds, laid out to be read until the block ends. Raises `CannotRead`."""
    terms = draft.terms
    with TemporaryDirectory(prefix="harken-import-") as folder:
        files, findings = lay_out(draft.files.all(), Path(folder))
        yield Brought(
            format=Format(terms["format"]),
            files=files,
            address=terms.get("address", ""),
            zone=zoneinfo.ZoneInfo(terms.get("zone") or "UTC"),
            lang=terms.get("lang", ""),
            mapping=TableMapping.from_json(terms["mapping"]) if terms.get("mapping") else None,
            consent=Consent(terms.get("consent") or Consent.PUBLIC),
            own=tuple(terms.get("own", ())),
            page_title=terms.get("page_title", ""),
            findings=findings,
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
    return Preview(tuple(threads), tuple(findings), len(posts), is_whole, consents)


def _single(part: Part) -> Iterator[Entry]:
    yield from part.entries
