"""Reading a dump of 2 GB that no disk holds: made while it is read, so that only the reader's memory counts."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Iterator
from xml.sax.saxutils import escape

from bench.figures import Figure, Result

GIGABYTES = 2.0
POSTS = 60
REVISIONS = 40

_HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en"><siteinfo>'
    "<base>https://wiki.example/wiki/Main_Page</base><namespaces>"
    '<namespace key="1">Talk</namespace></namespaces></siteinfo>'
)
_SENTENCE = "We would rather water the beds at night than at noon, when half of it is gone before it is down. "


def make_dump(size: float) -> Iterator[bytes]:
    """Yield a dump of about `size` bytes: talk pages with a history in which each revision adds posts."""
    yield _HEAD.encode()
    made = page = 0
    while made < size:
        page += 1
        text, parts = "== Water ==\n", [f"<page><title>Talk:Page {page}</title><ns>1</ns><id>{page}</id>"]
        for revision in range(REVISIONS):
            for number in range(revision * POSTS // REVISIONS, (revision + 1) * POSTS // REVISIONS):
                who, minute = f"Somebody {number % 17}", f"{10 + number // 60}:{number % 60:02}"
                indent = ":" * (number % 6)
                text += f"{indent}{_SENTENCE * 3}[[User:{who}|{who}]] {minute}, 1 May 2021 (UTC)\n"
            author = f"Somebody {(revision * POSTS // REVISIONS) % 17}"
            parts.append(
                f"<revision><id>{page * 1000 + revision}</id>{'<parentid>1</parentid>' if revision else ''}"
                f"<timestamp>2021-05-01T10:{revision:02}:00Z</timestamp><contributor><username>{author}</username>"
                f'</contributor><text xml:space="preserve">{escape(text)}</text></revision>'
            )
        whole = "".join([*parts, "</page>"]).encode()
        made += len(whole)
        yield whole
    yield b"</mediawiki>"


class _Made(io.RawIOBase):
    """The pieces as a file that can only be read on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = b""
        self.size = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.rest += piece
        taken, self.rest = self.rest[:size], self.rest[size:]
        self.size += len(taken)
        return taken


def measure(gigabytes: float = GIGABYTES) -> Result:
    from harken.core.talk.model import walk
    from harken.core.talk.wiki import read_dump

    began = time.process_time()
    made = sum(map(len, make_dump(gigabytes * 1e9)))
    making = time.process_time() - began
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stream = _Made(make_dump(gigabytes * 1e9))
    began = time.process_time()
    pages = posts = 0
    for page in read_dump(stream):  # type: ignore[arg-type] # it can be read, no more is asked
        pages += 1
        posts += sum(1 for thread in page.talk.threads for _ in walk(thread.posts))
    seconds = time.process_time() - began - making
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if stream.size != made or posts != pages * POSTS:
        raise SystemExit(f"{stream.size} of {made} bytes, {posts} posts on {pages} pages")
    figures = (
        Figure("dump read, of processor time", made / 1e6 / seconds, "MB/s"),
        Figure("memory it took at most", (after - before) / 1024, "MB"),
        Figure("memory of the whole process", after / 1024, "MB"),
    )
    said = f"{made / 1e9:.2f} GB: {pages} pages of {REVISIONS} revisions and {POSTS} posts; making them is taken off."
    return Result(figures, 1, (said,))
