"""A message taken apart line by line: its text is kept, its attachments are measured and let go.

The standard library's parser holds a whole message in memory, more than twice. Here the headers of each part go
through it, and the bodies stream by.
"""

import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Any, Final, cast

from harken.core.talk.mail.limits import MailLimits

__all__ = ["Headers", "Part", "read_parts"]

_HEADER_LINE: Final = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]|>?From ")
_ENCODED_CHUNK: Final = 65_536
_TNEF_MARK: Final = b"\x78\x9f\x3e\x22"
_NOT_BASE64: Final = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


class Headers(Message):
    """The headers of a part, their values as they came: bytes beyond ASCII as surrogates, for us to decode.

    The standard library looks for a name in a list, and replaces such bytes by U+FFFD.
    """

    _index: dict[str, list[str]] | None = None

    def get_all(self, name: str, failobj: Any = None) -> Any:
        """All values of the headers called `name`, else `failobj`."""
        if self._index is None:
            self._index = {}
            for called, value in self.raw_items():
                self._index.setdefault(called.lower(), []).append(str(value))
        return self._index.get(name.lower(), failobj)

    def get(self, name: str, failobj: Any = None) -> Any:
        """The value of the first header called `name`, else `failobj`."""
        values = self.get_all(name)
        return values[0] if values else failobj


_PARSER: Final = BytesParser(Headers, policy=Compat32())


@dataclass(slots=True)
class Part:
    """One part of a message; the first is the message itself.

    `parent` is the place of the part around it (-1 for the message), `body` what is kept of its text (decoded from its
    transfer encoding), `size` and `sha256` those of the whole decoded body. `cut` says that less was kept than came.
    """

    headers: Headers
    parent: int = -1
    level: int = 0
    media_type: str = "text/plain"
    name: str = ""
    is_text: bool = True
    cut: bool = False
    size: int = 0
    sha256: str = ""
    body: bytes = b""
    begins: bytes = b""
    has_inside: bool = False

    @property
    def is_tnef(self) -> bool:
        """Whether this is what Outlook wraps a message's files and forms in."""
        return self.media_type in ("application/ms-tnef", "application/vnd.ms-tnef") or self.begins == _TNEF_MARK


class _Body:
    """The body of one leaf part while it streams by."""

    def __init__(self, part: Part, room: int) -> None:
        self.part = part
        self.encoding = str(part.headers.get("content-transfer-encoding") or "").strip().lower()
        self.room = room if part.is_text else 0
        self.kept = bytearray()
        self.waiting = bytearray()
        self.digest = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Take one more line, or a piece of one."""
        waiting = self.waiting
        waiting += line
        if len(waiting) >= _ENCODED_CHUNK and line[-1:] == b"\n":
            self._decode(is_last=False)

    def finish(self) -> int:
        """Set what is known of the part now, and return how much of the room it took."""
        # The line end before a boundary belongs to the boundary.
        if self.waiting.endswith(b"\r\n"):
            del self.waiting[-2:]
        elif self.waiting.endswith(b"\n"):
            del self.waiting[-1:]
        self._decode(is_last=True)
        part = self.part
        part.body = bytes(self.kept)
        part.sha256 = self.digest.hexdigest()
        part.cut = part.is_text and part.size > len(part.body)
        return len(part.body)

    def _decode(self, *, is_last: bool) -> None:
        data = bytes(self.waiting)
        self.waiting.clear()
        if self.encoding == "base64":
            data = data.translate(None, _NOT_BASE64)
            whole = len(data) if is_last else len(data) - len(data) % 4
            self.waiting += data[whole:]
            data = _decode_base64(data[:whole])
        elif self.encoding == "quoted-printable":
            data = binascii.a2b_qp(data)
        self.digest.update(data)
        part = self.part
        if len(part.begins) < 4:
            part.begins += data[: 4 - len(part.begins)]
        part.size += len(data)
        if self.room > len(self.kept):
            self.kept += data[: self.room - len(self.kept)]


def _decode_base64(data: bytes) -> bytes:
    # Several texts encoded one after the other have padding between them.
    pieces = []
    for piece in re.findall(rb"[^=]+", data):
        if len(piece) % 4 == 1:
            piece = piece[:-1]  # noqa: PLW2901 - a single sign left over means nothing
        pieces.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(pieces)


@dataclass(slots=True)
class _Boundary:
    mark: bytes
    part: int


@dataclass(slots=True)
class _State:
    limits: MailLimits
    parts: list[Part] = field(default_factory=list)
    boundaries: list[_Boundary] = field(default_factory=list)
    header: list[bytes] | None = field(default_factory=list)
    header_size: int = 0
    parent: int = -1
    body: _Body | None = None
    text_left: int = 0
    overflow: int = 0


def read_parts(lines: Iterable[bytes], limits: MailLimits) -> tuple[list[Part], int]:
    """Return the parts of the message in `lines` in order, and how many more there were than `limits` allow.

    Lines end as they come; a line may come in several pieces. Whatever the bytes are, there is at least one part and
    no exception.
    """
    state = _State(limits, text_left=limits.text_bytes)
    at_line_start = True
    for line in lines:
        if at_line_start and line[:2] == b"--" and _cross_boundary(state, line):
            pass
        elif state.header is None:
            if state.body is not None:
                state.body.add(line)
        elif at_line_start:
            _read_header_line(state, line)
        else:
            _keep_header(state, line)
        at_line_start = line[-1:] == b"\n"
    if state.header is not None:
        _begin_body(state)
    _end_body(state)
    return state.parts, state.overflow


def _cross_boundary(state: _State, line: bytes) -> bool:
    """If `line` is the boundary of a part we are in, end what it ends and begin what it begins."""
    stripped = line.rstrip()
    for place in range(len(state.boundaries) - 1, -1, -1):
        mark, part = state.boundaries[place].mark, state.boundaries[place].part
        is_end = stripped == mark + b"--"
        if not is_end and stripped != mark:
            continue
        if state.header is not None:
            _begin_body(state)
        _end_body(state)
        # What is open inside the part was never closed.
        del state.boundaries[place + (0 if is_end else 1) :]
        if is_end:
            state.header = None
        else:
            state.header, state.header_size, state.parent = [], 0, part
        return True
    return False


def _read_header_line(state: _State, line: bytes) -> None:
    if not line.strip(b"\r\n"):
        _begin_body(state)
    elif _HEADER_LINE.match(line):
        _keep_header(state, line)
    else:
        # No header and no empty line before the body: it begins here.
        _begin_body(state)
        if state.body is not None:
            state.body.add(line)
        elif state.header is not None:
            _read_header_line(state, line)


def _keep_header(state: _State, line: bytes) -> None:
    state.header_size += len(line)
    if state.header is not None and state.header_size <= state.limits.header_bytes:
        state.header.append(line)


def _begin_body(state: _State) -> None:
    """The header of a part is complete: see what kind of part it is."""
    parent, lines = state.parent, state.header or []
    state.header = None
    if len(state.parts) >= state.limits.parts:
        state.overflow += 1
        return
    part = Part(_parse(lines), parent, state.parts[parent].level + 1 if parent >= 0 else 0)
    part.cut = state.header_size > state.limits.header_bytes
    place = len(state.parts)
    state.parts.append(part)
    if parent >= 0:
        around = state.parts[parent]
        around.has_inside, around.is_text, around.cut = True, False, False
    part.media_type = _media_type(part.headers, is_in_digest=parent >= 0 and _is_digest(state.parts[parent]))
    part.name = _file_name(part.headers)
    part.is_text = _is_shown(part)
    if part.level < state.limits.depth:
        if part.media_type.startswith("multipart/"):
            mark = _boundary_of(part.headers)
            if mark:
                state.boundaries.append(_Boundary(b"--" + mark, place))
            # Until a part begins, what stands here is kept: a wrong boundary must not lose the words behind it.
            part.is_text = True
        elif part.media_type == "message/rfc822" and not _is_encoded(part.headers):
            part.is_text = False
            state.header, state.header_size, state.parent = [], 0, place
            return
    state.body = _Body(part, state.text_left)


def _end_body(state: _State) -> None:
    if state.body is not None:
        state.text_left = max(0, state.text_left - state.body.finish())
        state.body = None


def _parse(lines: list[bytes]) -> Headers:
    # A message inside a message may begin with the line that separates messages of a box.
    if lines and lines[0].startswith((b"From ", b">From ")):
        lines = lines[1:]
    try:
        return cast(Headers, _PARSER.parsebytes(b"".join(lines), headersonly=True))
    except (MessageError, ValueError, LookupError, TypeError, IndexError):
        return Headers()


def _media_type(headers: Headers, *, is_in_digest: bool) -> str:
    if headers.get("content-type") is None:
        return "message/rfc822" if is_in_digest else "text/plain"
    return headers.get_content_type()


def _is_digest(part: Part) -> bool:
    return part.media_type == "multipart/digest"


def _is_encoded(headers: Headers) -> bool:
    return str(headers.get("content-transfer-encoding") or "").strip().lower() in ("base64", "quoted-printable")


def _boundary_of(headers: Headers) -> bytes:
    try:
        boundary = headers.get_boundary() or ""
    except (MessageError, ValueError, LookupError, TypeError, IndexError):
        return b""
    return boundary.rstrip().encode("utf-8", "surrogateescape")


def _file_name(headers: Headers) -> str:
    try:
        return headers.get_filename() or ""
    except (MessageError, ValueError, LookupError, TypeError, IndexError):
        return ""


def _is_shown(part: Part) -> bool:
    """Whether a part is what the message says, rather than a file that came along."""
    if part.media_type not in ("text/plain", "text/html", "text/enriched", "text/markdown"):
        return False
    try:
        disposition = part.headers.get_content_disposition()
    except (MessageError, ValueError, LookupError, TypeError, IndexError):
        disposition = None
    return disposition != "attachment" and (part.parent < 0 or not part.name)
