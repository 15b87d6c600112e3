"""Where mail lies: mbox files (packed too), maildirs, folders of messages, single messages. One message at a time.

An mbox separates messages by a line that begins with `From `, and programs differ in how they guard such lines inside
messages (https://doc.dovecot.org/main/core/config/mailbox_formats/mbox.html). Here a line separates if it looks as such
lines do, with a date, and a header follows; a sentence that begins with the word "From" is left alone.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from harken.core.talk.mail.limits import MailLimits
from harken.core.talk.mail.parts import Part, read_parts

__all__ = ["MailError", "Quoting", "RawMessage", "open_box", "read_box", "read_message", "read_stream"]

# How `From ` inside a message was guarded. mboxrd puts `>` before every line of `>*From `, mboxo before `From ` alone.
Quoting = Literal["mboxrd", "mboxo"]

_LINE: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
_SEPARATOR: Final = re.compile(
    rb"From .{0,400}?"
    rb"(?:(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ 0-3]?\d|[ 0-3]?\d [A-Z][a-z]{2})\b"  # Jul 10, or 10 Jul
    rb".{0,40}?\b\d{1,2}:\d{2}.{0,40}?\b\d{4}\b|"
    rb"From .{0,400}?\b\d{4}\b.{0,20}\b\d{1,2}:\d{2}"
)
_HEADER: Final = re.compile(rb"[A-Za-z][!-9;-~]*[ \t]*:")
_KNOWN_HEADER: Final = re.compile(
    rb"(?:Return-Path|Received|From|Date|Message-ID|Delivered-To|Subject|To|Status|MIME-Version|X-[!-9;-~]+):",
    re.IGNORECASE,
)
_GUARDED: Final = re.compile(rb">+From ")
_MAILDIR_FOLDERS: Final = ("cur", "new")
_MESSAGE_SUFFIXES: Final = frozenset((".eml", ".msg", ".txt", ".mbox", ".mbx", ".gz", ""))


class MailError(Exception):
    """A file or folder that holds no mail."""


@dataclass(slots=True)
class RawMessage:
    """One message taken apart; `place` says where it stood, `position` how many bytes of the source are behind it."""

    place: str
    parts: list[Part]
    position: int = 0
    overflow: int = 0
    envelope: str = ""


class _Lines:
    """The lines of a stream, some of which may be put back; counts the bytes behind."""

    def __init__(self, stream: BinaryIO) -> None:
        self.read = stream.readline
        self.back: list[bytes] = []
        self.position = 0

    def take(self) -> bytes:
        """Go one line on; past the end it is empty."""
        line = self.back.pop() if self.back else self.read(_LINE)
        self.position += len(line)
        return line

    def peek(self) -> bytes:
        """The next line, without going on."""
        if not self.back:
            self.back.append(self.read(_LINE))
        return self.back[-1]


def open_box(path: Path, *, limits: MailLimits | None = None, quoting: Quoting = "mboxrd") -> Iterator[RawMessage]:
    """Yield the messages at `path`: an mbox (also `.gz`), a message in a file, a maildir, or a folder of such.

    Raises:
        MailError: nothing is there, or it cannot be read.
    """
    if path.is_dir():
        yield from _read_folder(path, limits or MailLimits(), quoting)
        return
    try:
        with path.open("rb") as plain:
            is_packed = plain.read(2) == _GZIP
        with gzip.open(path, "rb") if is_packed else path.open("rb") as stream:
            yield from read_stream(stream, place=path.name, limits=limits, quoting=quoting)  # type: ignore[arg-type]  # GzipFile reads as files do
    except (OSError, EOFError, zlib.error) as error:
        raise MailError(f"{path.name} cannot be read: {error}.") from error


def _read_folder(path: Path, limits: MailLimits, quoting: Quoting) -> Iterator[RawMessage]:
    """A maildir with the folders inside it, else the files of a folder in the order of their names."""
    folders = [path / name for name in _MAILDIR_FOLDERS if (path / name).is_dir()]
    if folders:
        # https://cr.yp.to/proto/maildir.html: a file's name begins with the second it was delivered in. What is marked
        # as draft or thrown away was not said.
        files = [file for folder in folders for file in folder.iterdir() if file.is_file()]
        for file in sorted(files, key=lambda file: file.name):
            if not set("DT") & set(file.name.rpartition(":2,")[2] if ":2," in file.name else ""):
                yield from _read_file(file, f"{path.name}/{file.name}", limits)
        for inner in sorted(path.iterdir()):
            if inner.is_dir() and inner.name.startswith(".") and (inner / "cur").is_dir():
                yield from _read_folder(inner, limits, quoting)
        return
    files = [file for file in sorted(path.iterdir()) if file.is_file() and file.suffix.lower() in _MESSAGE_SUFFIXES]
    if not files:
        raise MailError(f"{path.name} holds no mail: neither a maildir nor files of messages.")
    for file in files:
        yield from open_box(file, limits=limits, quoting=quoting)


def _read_file(file: Path, place: str, limits: MailLimits) -> Iterator[RawMessage]:
    with file.open("rb") as stream:
        lines = _Lines(stream)
        yield _read_single(lines, place, limits)


def read_stream(
    stream: BinaryIO, *, place: str = "", limits: MailLimits | None = None, quoting: Quoting = "mboxrd"
) -> Iterator[RawMessage]:
    """Yield the messages in an open file or pipe: an mbox if it begins with `From `, else one message."""
    limits = limits or MailLimits()
    lines = _Lines(stream)
    while lines.peek() and not lines.peek().strip():
        lines.take()
    if not lines.peek():
        return
    if lines.peek().startswith(b"From "):
        yield from read_box(lines, place=place, limits=limits, quoting=quoting)
    else:
        yield _read_single(lines, place, limits)


def read_message(stream: BinaryIO, *, place: str = "", limits: MailLimits | None = None) -> RawMessage:
    """Return the one message in an open file, whatever its lines look like."""
    return _read_single(_Lines(stream), place, limits or MailLimits())


def _read_single(lines: _Lines, place: str, limits: MailLimits) -> RawMessage:
    parts, overflow = read_parts(iter(lines.take, b""), limits)
    return RawMessage(place, parts, lines.position, overflow)


def read_box(lines: _Lines, *, place: str, limits: MailLimits, quoting: Quoting = "mboxrd") -> Iterator[RawMessage]:
    """Yield the messages of an mbox whose first line is the next of `lines`."""
    number = 0
    while lines.peek():
        number += 1
        envelope = lines.take().decode("latin-1").strip()
        parts, overflow = read_parts(_one_message(lines, quoting), limits)
        yield RawMessage(f"{place}:{number}", parts, lines.position, overflow, envelope)


def _one_message(lines: _Lines, quoting: Quoting) -> Iterator[bytes]:
    is_after_blank = False
    at_start = True
    is_header = True
    back, read = lines.back, lines.read
    while line := back.pop() if back else read(_LINE):
        if at_start and line[:5] == b"From " and _separates(line, lines.peek(), is_after_blank=is_after_blank):
            back.append(line)
            return
        lines.position += len(line)
        if at_start and line[:1] == b">" and not is_header and _GUARDED.match(line):
            yield line[1:] if quoting == "mboxrd" or line.startswith(b">From ") else line
        else:
            yield line
        is_after_blank = at_start and (line == b"\n" or line == b"\r\n")
        is_header = is_header and not is_after_blank
        at_start = line[-1:] == b"\n"


def _separates(line: bytes, following: bytes, *, is_after_blank: bool) -> bool:
    if _SEPARATOR.match(line):
        return bool(_HEADER.match(following)) or (is_after_blank and following.startswith(b">From "))
    # Some programs write no date; then both what stands before and what follows must speak for it.
    return is_after_blank and bool(_KNOWN_HEADER.match(following)) and len(line.split()) <= 3
