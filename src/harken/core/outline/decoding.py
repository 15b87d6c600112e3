"""Bytes to text: UTF-8 first, then a byte order mark or a declaration, then an older encoding if there is no doubt."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from harken.core.outline.model import OutlineError

__all__ = ["decode_text"]

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings of one byte (and the common ones of two) in which old files are still found.
_OLDER_ENCODINGS = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "big5",
    "gb18030",
    "shift_jis",
    "euc_kr",
]
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x7f\ufffe\uffff]")
_SPACE = re.compile(r"[ \n\r\t\u3000。、]")
_SAMPLE = 200_000
# Categories of characters that nobody types in a text: controls, unassigned, private, lone accents and signs.
_UNTYPED = frozenset(("Cc", "Cn", "Co", "No", "Sc", "Sk", "So"))


def decode_text(data: bytes, *, markup: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file and what a person should know about how it was decoded.

    `markup` says that the file is HTML, which may declare its encoding.

    Raises:
        OutlineError: the file is binary, or its bytes are no text in an encoding that can be told for sure.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding), ()
    if b"\x00" in data:
        raise OutlineError(f"The file is not text: it holds a zero byte on line {_line_of(data, data.index(0))}.")
    try:
        return _refuse_controls(data.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        return _decode_older(data, error.start, markup=markup)


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


def _decode_older(data: bytes, bad: int, *, markup: bool) -> tuple[str, tuple[str, ...]]:
    line = _line_of(data, bad)
    broken = OutlineError(
        f"The text is not valid UTF-8: byte 0x{data[bad]:02x} on line {line} cannot be read; save the file as UTF-8."
    )
    if markup:
        declared = _DECLARED.search(data[:4096])
        if declared is not None:
            decoded = _try_decode(data, declared[1].decode("ascii"))
            if decoded is not None:
                return _refuse_controls(decoded), (
                    f"The text was read as {declared[1].decode('ascii')}, as the page declares.",
                )
    # Where some characters are sound UTF-8, the file is UTF-8 with a broken place; guessing would garble the rest.
    if _MULTIBYTE.search(data):
        raise broken
    best = from_bytes(data[:_SAMPLE], cp_isolation=_OLDER_ENCODINGS, enable_fallback=False).best()
    decoded = _try_decode(data, best.encoding) if best is not None else None
    if best is None or decoded is None or not _reads_naturally(decoded):
        raise broken
    # Where several encodings give the same text, the common one is meant.
    encoding = "cp1252" if _try_decode(data, "cp1252") == decoded else best.encoding
    return _refuse_controls(decoded), (
        f"The text is not UTF-8 (line {line}); it was read as {encoding}. Check letters with accents.",
    )


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _reads_naturally(text: str) -> bool:
    """Whether the letters beyond ASCII stand where letters do, and nothing stands there that no one types."""
    foreign = [match.start() for match in re.finditer(r"[^\x00-\x7f]", text[:_SAMPLE])]
    if not foreign:
        return False
    odd = 0
    for place in foreign:
        char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
        if char.isalpha():
            # One-letter words beyond ASCII exist (à, é, ó), but not in capitals, nor with a capital inside a word.
            odd += char.isupper() and (before.islower() or not (before.isalpha() or after.isalpha()))
        else:
            odd += unicodedata.category(char) in _UNTYPED and char not in "°€©®£½¼¾²³"
    return odd * 20 <= len(foreign)


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
