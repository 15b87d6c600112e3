"""Bytes to text: a byte order mark, else UTF-8, else what a page of HTML declares; nothing is guessed."""

import codecs
import re

from harken.core.outline.model import OutlineError

__all__ = ["decode_text"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x7f\ufffe\uffff]")
_SPACE = re.compile(r"[ \n\r\t\u3000。、]")


def decode_text(data: bytes, *, markup: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file and what a person should know about how it was decoded.

    `markup` says that the file is HTML, which may declare its encoding.

    Raises:
        OutlineError: the file is binary, or its bytes are not what it says they are; the sentence names the line.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding), ()
    if b"\x00" in data:
        raise OutlineError(f"The file is not text: it holds a zero byte on line {_line_of(data, data.index(0))}.")
    try:
        return _refuse_controls(data.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        return _decode_declared(data, error.start, markup=markup)


def _decode_marked(data: bytes, encoding: str) -> str:
    name = encoding.removesuffix("-sig").upper()
    try:
        text = data.decode(encoding)
        # Any even number of bytes is UTF-16 of some kind; words have spaces or line ends between them.
        if encoding == "utf-16" and len(text) > 1 and _SPACE.search(text[:2_000]) is None:
            raise OutlineError("The file starts as UTF-16 does, but holds no words; save it as UTF-8.")
        return _refuse_controls(text)
    except UnicodeDecodeError as error:
        where = data[: error.start].count(b"\n") + 1
        raise OutlineError(f"The file says it is {name}, but the bytes on line {where} are not.") from error


def _decode_declared(data: bytes, bad: int, *, markup: bool) -> tuple[str, tuple[str, ...]]:
    """What is not UTF-8 is read only if it says itself what it is: a guess could garble words nobody then checks."""
    declared = _DECLARED.search(data[:4096]) if markup else None
    if declared is not None:
        name = declared[1].decode("ascii")
        try:
            return _refuse_controls(data.decode(name)), (f"The text was read as {name}, as the page declares.",)
        except (LookupError, UnicodeDecodeError):
            pass  # it is not what it declares: the sentence below names the first byte that is wrong
    raise OutlineError(
        f"The text is not valid UTF-8: byte 0x{data[bad]:02x} on line {_line_of(data, bad)} cannot be read; "
        "save the file as UTF-8."
    )


def _refuse_controls(text: str) -> str:
    control = _CONTROLS.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise OutlineError(
            f"The file is not text: it holds the control character U+{ord(control.group()):04X} on line {line}."
        )
    return text


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
