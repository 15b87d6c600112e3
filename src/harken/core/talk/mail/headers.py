"""Headers as people's programs write them: encoded words (broken ones too), authors, identities of messages."""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from typing import Final

from harken.core.talk.charsets import decode_bytes
from harken.core.talk.mail.parts import Headers

__all__ = ["Mailbox", "decode_header", "header", "read_ids", "read_mailbox", "split_mailboxes"]

# RFC 2047 forbids spaces inside an encoded word and asks for spaces around it; many programs keep to neither.
_ENCODED: Final = re.compile(r"=\?([A-Za-z0-9_.:+*-]{1,60})\?([BbQq])\?([^\r\n]{0,1000}?)\?=")
_BETWEEN: Final = re.compile(r"(\?=)\s+(?==\?[A-Za-z0-9_.:+*-]{1,60}\?[BbQq]\?)")
_FOLD: Final = re.compile(r"\r?\n[ \t]*|[\r\n]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATE: Final = re.compile(r"[\udc80-\udcff]")
_ID: Final = re.compile(r"<\s{0,9}([^<>\s]+)")
_BARE_ID: Final = re.compile(r"[^<>@\s\"()]+@[^<>@\s\"()]+\Z")
_SHORTEST_ID: Final = 8
_ANGLE: Final = re.compile(r"<([^<>]*)>")
_COMMENT: Final = re.compile(r"\(((?:[^()\\]|\\.|\([^()]*\))*)\)")
_ADDRESS: Final = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
# Web archives of lists write addresses so that robots do not find them.
_VEILED: Final = re.compile(r"([\w.+-]+)\s+(?:at|AT|\(at\)|\[at\]|_at_)\s+([\w-]+(?:\.[\w-]+)+)")
_LONGEST_NAME: Final = 500
# What is longer than this is no mailbox, and only keeps us busy.
_LONGEST_MAILBOX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address of mail; either may be empty. The name is plain text, whatever it looks like."""

    name: str = ""
    address: str = ""


def header(headers: Headers, name: str) -> str:
    """Return a header's value as text on one line, "" if there is none; of several the first."""
    value = headers.get(name)
    return "" if value is None else decode_header(str(value))


def decode_header(value: str) -> str:
    """Return a header's value with its encoded words and raw bytes decoded, on one line."""
    if value.isascii() and value.isprintable() and "=?" not in value:
        return value.strip()
    value = _FOLD.sub(" ", value)
    # Charsets of the raw bytes are unknown; those of encoded words are said.
    if _SURROGATE.search(value) or not value.isascii():
        value = decode_bytes(value.encode("utf-8", "surrogateescape")).text
    if "=?" in value:
        value = _decode_words(_BETWEEN.sub(r"\1", value))
    return _CONTROLS.sub("", value).strip()


def _decode_words(value: str) -> str:
    pieces: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    end = 0

    def flush() -> None:
        # One letter's bytes may be spread over two words of the same charset.
        while waiting:
            charset, data = waiting.pop(0)
            while waiting and waiting[0][0] == charset:
                data += waiting.pop(0)[1]
            pieces.append(decode_bytes(data, charset).text)

    for match in _ENCODED.finditer(value):
        if match.start() > end:
            flush()
            pieces.append(value[end : match.start()])
        charset = match[1].split("*", 1)[0].lower()
        waiting.append((charset, _decode_word(match[2], match[3])))
        end = match.end()
    flush()
    pieces.append(value[end:])
    return "".join(pieces)


def _decode_word(encoding: str, said: str) -> bytes:
    data = said.encode("utf-8", "surrogateescape")
    if encoding in "Qq":
        return quopri.decodestring(data.replace(b"_", b" "), header=True)
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return said.encode("utf-8", "surrogateescape")


def split_mailboxes(value: str) -> list[str]:
    """Return the mailboxes that a header lists, split at commas outside quotes, comments and angle brackets."""
    boxes, start, depth, is_quoted, place = [], 0, 0, False, 0
    while place < len(value):
        sign = value[place]
        if sign == "\\":
            place += 1
        elif sign == '"':
            is_quoted = not is_quoted
        elif not is_quoted and sign in "(<":
            depth += 1
        elif not is_quoted and sign in ")>":
            depth = max(0, depth - 1)
        elif sign == "," and not is_quoted and depth == 0:
            boxes.append(value[start:place].strip())
            start = place + 1
        place += 1
    boxes.append(value[start:].strip())
    return [box for box in boxes if box]


def read_mailbox(value: str) -> Mailbox:
    """Return the name and address in one raw mailbox: `Name <address>`, `address (Name)`, or either alone."""
    value = value[:_LONGEST_MAILBOX]
    # Split before decoding: an encoded name may hold brackets and commas.
    angles = list(_ANGLE.finditer(value))
    if angles:
        last = angles[-1]
        address = last[1]
        name = value[: last.start()]
        if not name.strip():
            name = next(iter(_COMMENT.findall(value[last.end() :])), "")
    else:
        comments = _COMMENT.findall(value)
        name = comments[-1] if comments else ""
        rest = _COMMENT.sub(" ", value)
        veiled, plain = _VEILED.search(rest), _ADDRESS.search(rest)
        address = plain[0] if plain else veiled[0] if veiled else ""
        if not address:
            name = rest
    name, address = _clean_name(name), _clean_address(address)
    # Some programs put the address into the name as well.
    if address and name.lower().endswith(f"<{address.lower()}>"):
        name = name[: -len(address) - 2].strip()
    return Mailbox(name, address)


def _clean_name(name: str) -> str:
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = name[1:-1]
    name = decode_header(re.sub(r"\\(.)", r"\1", name) if "\\" in name else name)
    if len(name) >= 2 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return " ".join(name.split())[:_LONGEST_NAME]


def _clean_address(address: str) -> str:
    address = _VEILED.sub(r"\1@\2", decode_header(address)).strip().strip("<>\"'").strip()
    local, at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}" if at else address


def read_ids(value: str) -> list[str]:
    """Return the Message-IDs in a header, without angle brackets, each once; those that never close too."""
    ids = [found for found in _ID.findall(value) if "@" in found or len(found) >= _SHORTEST_ID]
    if not ids and _BARE_ID.match(value.strip()):
        ids = [value.strip()]
    if not value.isprintable():
        ids = [_CONTROLS.sub("", _SURROGATE.sub("", found)) for found in ids]
    return list(dict.fromkeys(ids))
