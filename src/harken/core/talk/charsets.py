"""Bytes from strangers to text: never an exception, and a plain word where what they declare is not what they are.

Mail and exports of surveys declare the wrong charset, none, or one nobody knows. What is declared counts if it fits;
then UTF-8, which hardly any other text is by chance; then the most likely of the usual charsets.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CharsetTrouble", "Decoded", "decode_bytes", "repair_surrogates"]

# wrong: declared, but the bytes are something else; unknown: nobody knows a charset of that name; guessed: none was
# declared; unreadable: some bytes mean nothing and became U+FFFD.
CharsetTrouble = Literal["", "wrong_charset", "unknown_charset", "guessed_charset", "unreadable_bytes"]

# Programs declare a part for the whole, or call it by names of their own. https://encoding.spec.whatwg.org/#names-and-labels
_MEANT: Final = {
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
# These are no charsets of texts, though Python knows codecs of these names.
_REFUSED: Final = re.compile(r"idna|punycode|unicode.?escape|undefined|mbcs|oem|unknown", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-Za-z0-9_.:+-]{2,40}\Z")
_LATIN: Final = ("cp1252", "cp1250", "cp1254", "cp1257", "cp850", "iso8859_2", "mac_roman")
_CANDIDATES: Final = [
    *_LATIN,
    *("cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1255", "cp1256", "cp874"),
    *("gb18030", "big5", "cp932", "euc_jp", "iso2022_jp", "euc_kr"),
]
_SAMPLE: Final = 20_000
# A sign, a fraction or a raised digit inside a word: the letters of another charset.
_SIGN_IN_WORD: Final = re.compile(r"[^\W\d_][¡-¿×÷][^\W\d_]|[^\W\d_][¹²³¿](?=\W|\Z)")
_C1: Final = re.compile(r"[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read with, and what was wrong ("" if nothing was)."""

    text: str
    charset: str
    trouble: CharsetTrouble = ""


def decode_bytes(data: bytes, declared: str = "") -> Decoded:
    """Return the text of `data`, which may say that it is in the charset `declared`."""
    known = _known(declared)
    if known == "ascii" or (not known and not declared):
        if data.isascii() and b"\x1b" not in data:
            return Decoded(data.decode("ascii"), "us-ascii")
        known = known if known != "ascii" else ""
    if known:
        text = _strict(data, known)
        if text is not None and not (_is_one_byte(known) and _is_utf8(data)):
            return Decoded(text, known)
    trouble: CharsetTrouble = (
        "" if not declared else "wrong_charset" if known or _known(declared) else "unknown_charset"
    )
    # These charsets hide in ASCII, behind escape sequences.
    text = None if b"\x1b$" in data else _strict(data, "utf-8")
    if text is not None:
        is_said = not declared or (data.isascii() and _known(declared) == "ascii")
        return Decoded(text, "utf-8", "" if is_said else trouble)
    guess = guess_charset(data)
    text = _strict(data, guess)
    if text is None:
        return Decoded(data.decode(known or guess, "replace"), known or guess, "unreadable_bytes")
    return Decoded(text, guess, trouble or "guessed_charset")


def guess_charset(data: bytes) -> str:
    """Return the most likely charset of bytes that are not UTF-8; Western European where nothing speaks against it."""
    # 2 MB, of no use to those who bring in UTF-8.
    from charset_normalizer import from_bytes  # noqa: PLC0415 - see above

    sample = data if len(data) <= _SAMPLE else _telling_sample(data)
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    name = best.encoding if best is not None else "cp1252"
    if name not in _LATIN:
        return name if _strict(data, name) is not None else "cp1252"
    # The charsets of Latin script differ in a few letters that short texts seldom hold.
    western = sample.decode("cp1252", "replace")
    if "\ufffd" in western or _SIGN_IN_WORD.search(western):
        return "cp1250" if name == "cp1252" else name
    return "cp1252"


def repair_surrogates(text: str) -> Decoded:
    """Decode the bytes that reading as UTF-8 with `surrogateescape` left in `text` as they are."""
    return decode_bytes(text.encode("utf-8", "surrogateescape"))


def _telling_sample(data: bytes) -> bytes:
    """A piece around the first byte beyond ASCII: what comes before it tells nothing."""
    first = re.search(rb"[\x80-\xff\x1b]", data)
    start = data.rfind(b"\n", 0, first.start()) + 1 if first else 0
    return data[max(start, (first.start() if first else 0) - 1_000) :][:_SAMPLE]


def _known(name: str) -> str:
    lowered = name.strip().strip("\"'").lower()
    meant = _MEANT.get(lowered, lowered)
    if not _NAME.match(meant) or _REFUSED.search(meant):
        return ""
    try:
        codec = codecs.lookup(meant).name
    except (LookupError, ValueError):
        return ""
    try:
        b"ab".decode(codec)
    except UnicodeError:
        pass  # two bytes are no text in this charset, but it is one
    except LookupError:
        return ""  # a codec that makes no text, such as base64
    return _MEANT.get(codec, codec)


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError):
        # windows-1252 has no letters at five places; ISO 8859-1 has control characters there.
        return data.decode("latin-1") if charset == "cp1252" and _C1_ONLY.search(data) is not None else None


_C1_ONLY: Final = re.compile(rb"\A(?:[^\x81\x8d\x8f\x90\x9d]|[\x81\x8d\x8f\x90\x9d](?![\x80-\xff]))*\Z")


def _is_one_byte(charset: str) -> bool:
    return charset.startswith(("cp12", "iso8859", "koi8", "mac", "cp85", "cp43", "latin"))


def _is_utf8(data: bytes) -> bool:
    return not data.isascii() and _strict(data, "utf-8") is not None
