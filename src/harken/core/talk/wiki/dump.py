"""XML dumps of wikis (https://www.mediawiki.org/wiki/Help:Export), read as they come: one revision at a time in memory.

The parser is expat: it hands the text over in pieces, so that not even a text without an end fills the memory.
"""

import bz2
import gzip
import io
import lzma
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO
from urllib.parse import quote
from xml.parsers import expat

from harken.core.talk.model import Finding, TalkError, TalkPage
from harken.core.talk.wiki.history import History, Revision
from harken.core.talk.wiki.site import Wiki, assume_wiki
from harken.core.talk.wiki.titles import Names, normal_name

__all__ = ["WikiPage", "read_dump"]

_CHUNK = 1 << 18
_LONGEST_TEXT = 20_000_000
_LONGEST_FIELD = 10_000
_FIELDS = frozenset(("title", "ns", "id", "timestamp", "username", "ip", "parentid", "base", "namespace"))
_COMPRESSED = {b"BZh": bz2.BZ2File, b"\x1f\x8b": gzip.GzipFile, b"\xfd7zXZ": lzma.LZMAFile}


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page of a wiki: its threads, how many revisions were read, and the id of the latest."""

    title: str
    namespace: int
    id: str
    address: str
    talk: TalkPage
    revisions: int
    latest: str


def read_dump(
    stream: IO[bytes],
    wiki: Wiki | None = None,
    *,
    namespaces: Collection[int] | None = None,
    keep_unsigned: bool = False,
) -> Iterator[WikiPage]:
    """Yield the talk pages of a dump (XML, also compressed by gzip, bzip2 or xz) in its order, one at a time.

    `namespaces` are the numbers of those to read (None: all that are for talk, which have odd numbers). Without
    `wiki` its language and names are those the dump gives. Revisions have to stand oldest first, as MediaWiki writes
    them.

    Raises:
        TalkError: the file is not such a dump, or ends in the middle; pages before that have been yielded.
    """
    reader = _DumpReader(wiki, namespaces, keep_unsigned=keep_unsigned)
    source = _open(stream)
    try:
        while chunk := source.read(_CHUNK):
            reader.parser.Parse(chunk, False)
            yield from reader.take()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from reader.take()
        raise TalkError(f"The dump cannot be read further than line {error.lineno}: it is no XML there.") from error
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        if isinstance(error, TalkError):
            raise
        yield from reader.take()
        raise TalkError("The dump cannot be read further: the compressed file is damaged or incomplete.") from error
    yield from reader.take()


def _open(stream: IO[bytes]) -> IO[bytes]:
    start = stream.read(6)
    joined = _Joined(start, stream)
    for magic, opener in _COMPRESSED.items():
        if start.startswith(magic):
            if opener is gzip.GzipFile:
                return gzip.GzipFile(fileobj=joined)  # type: ignore[return-value] # a file of bytes it is
            return opener(joined)  # type: ignore[no-any-return] # each of the others takes a file
    return joined  # type: ignore[return-value] # only `read` is asked of it


class _Joined(io.RawIOBase):
    """The first bytes of a stream and the rest of it, so that streams that cannot go back will do."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self.start = start
        self.rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.start:
            start = self.start if size < 0 else self.start[:size]
            self.start = self.start[len(start) :]
            return start + (self.rest.read() if size < 0 else b"")
        return self.rest.read(size)

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # what is handed in
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _DumpReader:
    def __init__(self, wiki: Wiki | None, namespaces: Collection[int] | None, *, keep_unsigned: bool) -> None:
        self.given = wiki
        self.wanted = namespaces
        self.keep_unsigned = keep_unsigned
        self.wiki = wiki
        self.language = "en"
        self.base = ""
        self.names: dict[str, int] = {}
        self.name_key = 0
        self.path: list[str] = []
        self.words: list[str] = []
        self.size = 0
        self.is_cut = False
        self.page: dict[str, str] = {}
        self.revision: dict[str, str] = {}
        self.history: History | None = None
        self.is_wanted = False
        self.failures: list[Finding] = []
        self.done: list[WikiPage] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 20
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._refuse_entity

    def take(self) -> Iterator[WikiPage]:
        """Yield the pages that are complete."""
        done, self.done = self.done, []
        yield from done

    def _refuse_entity(self, *_: object) -> None:
        raise TalkError("The file declares entities; a dump of a wiki does not.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.path and tag != "mediawiki":
            raise TalkError(f"The file is no dump of a wiki: it begins with “{tag[:50]}”.")
        self.path.append(tag)
        self.words, self.size, self.is_cut = [], 0, False
        if len(self.path) == 1:
            self.language = attributes.get("xml:lang") or self.language
        elif tag == "namespace":
            key = attributes.get("key", "0")
            self.name_key = int(key) if key.lstrip("-").isdecimal() else 0
        elif tag == "page":
            self.page, self.history, self.failures = {}, None, []
        elif tag == "revision":
            self.revision = {}
            if self.history is None:
                self._open_page()

    def _data(self, words: str) -> None:
        tag = self.path[-1] if self.path else ""
        if tag == "text":
            if not self.is_wanted:
                return
            limit = _LONGEST_TEXT
        elif tag in _FIELDS:
            limit = _LONGEST_FIELD
        else:
            return
        if self.size + len(words) > limit:
            self.is_cut = True
            return
        self.size += len(words)
        self.words.append(words)

    def _end(self, tag: str) -> None:
        self.path.pop()
        parent = self.path[-1] if self.path else ""
        words = "".join(self.words)
        self.words, self.size = [], 0
        if tag == "namespace":
            self.names[words] = self.name_key
        elif tag == "base":
            self.base = words.strip()
        elif tag == "page":
            self._close_page()
        elif tag == "revision":
            self._add_revision()
        elif parent == "page" and tag in _FIELDS:
            self.page.setdefault(tag, words.strip())
        elif parent in ("revision", "contributor"):
            if tag == "text" and self.is_cut:
                self.failures.append(Finding(self.page.get("title", ""), "text_too_long", self.revision.get("id", "")))
            key = "contributor id" if parent == "contributor" and tag == "id" else tag
            self.revision[key] = words if tag == "text" else words.strip()

    def _open_page(self) -> None:
        if self.wiki is None:
            known = assume_wiki(self.language)
            names = Names({**known.names.namespaces, **self.names}, known.names.contributions)
            self.wiki = replace(known, names=names)
        number = self._namespace()
        self.is_wanted = number in self.wanted if self.wanted is not None else number > 0 and number % 2 == 1
        self.history = History(self.wiki)

    def _namespace(self) -> int:
        given = self.page.get("ns", "")
        if given.lstrip("-").isdecimal():
            return int(given)
        # Dumps before 2011 do not say: the name stands before the title.
        prefix, colon, _ = self.page.get("title", "").partition(":")
        return self.names.get(prefix, 0) if colon else 0

    def _add_revision(self) -> None:
        if self.history is None or not self.is_wanted:
            return
        found = self.revision
        author = normal_name(found.get("username") or found.get("ip") or "")
        text = found.get("text", "")
        first = "parentid" not in found or found["parentid"] == "0"
        revision = Revision(found.get("id", ""), author, read_time(found.get("timestamp", "")), text, is_first=first)
        self.history.add(revision)
        self.revision = {}

    def _close_page(self) -> None:
        history, self.history = self.history, None
        if history is None or not self.is_wanted:
            return
        self.is_wanted = False
        talk = history.read(keep_unsigned=self.keep_unsigned)
        if self.failures:
            talk = replace(talk, findings=(*talk.findings, *self.failures))
        title = self.page.get("title", "")
        self.done.append(
            WikiPage(
                title=title,
                namespace=self._namespace(),
                id=self.page.get("id", ""),
                address=page_address(self.base, title),
                talk=talk,
                revisions=len(history.revisions),
                latest=history.latest.id,
            )
        )


def read_time(text: str) -> datetime | None:
    """Return the time MediaWiki writes as `2018-10-01T09:30:00Z`, None if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)


def page_address(base: str, title: str) -> str:
    """Return the address of a page of the wiki whose main page is at `base`, empty if that is not known."""
    if not base.startswith(("https://", "http://")) or "/" not in base[8:]:
        return ""
    return f"{base.rpartition('/')[0]}/{quote(title.replace(' ', '_'), safe=';@$!*(),/~:')}"
