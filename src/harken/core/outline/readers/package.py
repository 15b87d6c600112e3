"""DOCX and ODT packages, opened with suspicion: declared and actual sizes, and what their XML may not hold."""

import io
import re
import zipfile
import zlib

from harken.core.outline.formats import Format
from harken.core.outline.limits import Limits, format_size
from harken.core.outline.model import OutlineError

__all__ = ["open_package"]

_CHUNK = 1_000_000
# Pictures, fonts and embedded files say nothing about the outline; they are neither inflated nor handed on.
_TEXT_PARTS = re.compile(r"(?:.*\.(?:xml|rels)|mimetype)\Z", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ENTITY_UTF16 = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-16-le", "utf-16-be"))
_WORD_MARK = b"wordprocessingml"
_ODT_TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")


def open_package(data: bytes, said: Format, limits: Limits) -> bytes:
    """Return a package with the text parts of `data` alone, checked and packed anew.

    Packing anew means that what pandoc opens is what was checked: no overlapping entries, false sizes or second
    directories.

    Raises:
        OutlineError: the file is no sound package of the format, is protected by a password, or asks for more than
        `limits`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = _read_parts(package, len(data), limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise OutlineError(f"The file is damaged: it cannot be unpacked as a {said.description}.") from error
    _check_kind(parts, said)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _read_parts(package: zipfile.ZipFile, size: int, limits: Limits) -> dict[str, bytes]:
    entries = package.infolist()
    if len(entries) > limits.package_entries:
        raise OutlineError(f"The file holds {len(entries):,} parts; a document has at most {limits.package_entries:,}.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise OutlineError("The file is protected by a password; save it without one.")
    _check_unpacked(sum(entry.file_size for entry in entries), size, limits)
    parts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if entry.is_dir() or not _TEXT_PARTS.match(name):
            continue
        if name in parts:
            raise OutlineError(f"The file is damaged: it holds the part {name!r} twice.")
        content = bytearray()
        with package.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                total += len(chunk)
                _check_unpacked(total, size, limits)
        if _ENTITY.search(content) or any(mark in content for mark in _ENTITY_UTF16):
            raise OutlineError(
                f"The file is refused: its part {name!r} defines XML entities, which documents never need."
            )
        parts[name] = bytes(content)
    return parts


def _check_unpacked(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked_bytes:
        raise OutlineError(
            f"The file unpacks to more than {format_size(limits.unpacked_bytes)}; it is too large to be a document."
        )
    if unpacked > limits.ratio_from_bytes and unpacked > packed * limits.package_ratio:
        raise OutlineError(f"The file unpacks to more than {limits.package_ratio} times its size; that is no document.")


def _check_kind(parts: dict[str, bytes], said: Format) -> None:
    is_docx = _WORD_MARK in parts.get("[Content_Types].xml", b"")
    is_odt = parts.get("mimetype", b"").strip() in _ODT_TYPES and "content.xml" in parts
    if said.name == "docx" and not is_docx:
        raise OutlineError(
            f"The file is a ZIP archive, but not a {said.description}{': it is an ODT' if is_odt else ''}."
        )
    if said.name == "odt" and not is_odt:
        raise OutlineError(
            f"The file is a ZIP archive, but not an {said.description}{': it is a DOCX' if is_docx else ''}."
        )
    if is_odt and b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise OutlineError("The file is protected by a password; save it without one.")
