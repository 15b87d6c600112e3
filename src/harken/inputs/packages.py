"""What comes packed as a ZIP, taken apart with suspicion into a folder of its own.

Whoever packs it writes its names and says how large its files are, and neither is believed: a name that leads out and a
link are refused, and what is unpacked is counted while it is. Packages inside are not opened.
"""

import errno
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.utils.translation import gettext as _

from harken.core.talk.model import Finding
from harken.inputs.foreign import CannotRead
from harken.inputs.storable import keep_storable

__all__ = ["Room", "check_package", "fit_name", "is_package", "unpack"]

LARGEST_UNPACKED: Final = 500_000_000
MOST_ENTRIES: Final = 20_000
_LONGEST_NAME: Final = 200
_LARGEST_ENTRY: Final = 400
"""Bytes of the list of files for each of them: more of it is read by nobody."""
_CHUNK: Final = 1_000_000
_BEGINNINGS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
_LONGEST_COMMENT: Final = 65_536
# The end of a large package (ZIP64) is told by a record, and that by one of where it is; both stand before the other.
_LARGE_END: Final = b"PK\x06\x06"
_LARGE_END_LENGTH: Final = 56
_WHERE_LARGE: Final = b"PK\x06\x07"
_WHERE_LARGE_LENGTH: Final = 20
# What a spreadsheet or another document has in it, which is a ZIP as well: the readers of such open it.
_OF_DOCUMENTS: Final = frozenset(("[Content_Types].xml", "mimetype"))
# What systems put beside the files they pack.
_JUNK: Final = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini"))
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IN_UTF8: Final = 0x800
"""A flag: the name is in UTF-8. Many programs write it so without."""
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(slots=True)
class Room:
    """How much may still be unpacked of all that is brought together."""

    size: int = field(default_factory=lambda: LARGEST_UNPACKED)
    entries: int = field(default_factory=lambda: MOST_ENTRIES)

    def take(self, entries: list[zipfile.ZipInfo], name: str) -> None:
        """Take as much of it as a package says that it needs. Raises `CannotRead` where that is more than there is."""
        self.size -= sum(entry.file_size for entry in entries)
        self.entries -= len(entries)
        if self.size < 0 or self.entries < 0:
            raise _too_much(name)


def is_package(stream: IO[bytes], name: str) -> bool:
    """Whether a file is a package of others, and no spreadsheet; it is read from its beginning, and left there."""
    stream.seek(0)
    begins = stream.read(4)
    stream.seek(0)
    if begins not in _BEGINNINGS:
        return False
    if not _is_listed_shortly(stream):
        return True
    try:
        with zipfile.ZipFile(stream) as package:
            return _OF_DOCUMENTS.isdisjoint(package.namelist())
    except _DAMAGED:
        return name.lower().endswith(".zip")
    finally:
        stream.seek(0)


def check_package(stream: IO[bytes], name: str, room: Room) -> None:
    """Raise `CannotRead` where a package says itself that it is not to be unpacked; nothing of it is.

    What it would need is taken from `room`, which it shares with what is brought beside it.
    """
    if not _is_listed_shortly(stream):
        raise _too_much(name)
    try:
        with zipfile.ZipFile(stream) as package:
            room.take(package.infolist(), name)
            _check_entries(package.infolist(), name)
    except _DAMAGED as error:
        raise _damaged(name) from error
    finally:
        stream.seek(0)


def unpack(path: Path, name: str, folder: Path, room: Room) -> tuple[list[PurePosixPath], list[Finding]]:
    """Unpack into an empty folder; the files there, in the order of their names, and what was not opened.

    Raises `CannotRead`, with what to do, where it is damaged, leads out of the folder, or unpacks to more than `room`
    has left; and `OSError` where the disk is full, which is not the package's fault.
    """
    with path.open("rb") as stream:
        check_package(stream, name, room)
        try:
            with zipfile.ZipFile(stream) as package:
                return _unpack(package, name, folder)
        except _DAMAGED as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                raise
            raise _damaged(name) from error


def fit_name(name: str) -> str:
    """The name of a file as any folder takes it: in one piece, not too long, its end (which tells what it is) kept."""
    kept = unicodedata.normalize("NFC", keep_storable(name)).replace("/", "_").replace("\ufffd", "_")
    if kept in ("", ".", ".."):
        return "_"
    if len(kept.encode()) <= _LONGEST_NAME:
        return kept
    ends = kept[-20:]
    return kept.encode()[: _LONGEST_NAME - len(ends.encode())].decode("utf-8", "ignore") + ends


def _is_listed_shortly(stream: IO[bytes]) -> bool:
    """Whether its list of files is as short as one that may be read, which is before anything reads it.

    Where its end stands is found as `zipfile` finds it: another place would be another list.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _WHERE_LARGE_LENGTH - _LARGE_END_LENGTH - _END_LENGTH - _LONGEST_COMMENT))
    tail = stream.read()
    begin = size - len(tail)
    stream.seek(0)
    place = len(tail) - _END_LENGTH
    if not (tail[place:].startswith(_END) and tail.endswith(b"\0\0")):
        place = tail.rfind(_END, max(0, place - _LONGEST_COMMENT))
    if place < 0 or len(tail) < place + _END_LENGTH:
        return True  # and then it is damaged, as whoever opens it will say
    (listed,) = struct.unpack_from("<L", tail, place + 12)
    where = place - _WHERE_LARGE_LENGTH
    if where >= 0 and tail.startswith(_WHERE_LARGE, where):
        large = where - _LARGE_END_LENGTH
        (told,) = struct.unpack_from("<Q", tail, where + 8)
        if large < 0 or told != begin + large or not tail.startswith(_LARGE_END, large):
            return False  # readers do not agree on where the list is
        (listed,) = struct.unpack_from("<Q", tail, large + 40)
    return bool(listed <= MOST_ENTRIES * _LARGEST_ENTRY)


def _check_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise CannotRead(_("%(name)s is protected by a password. Pack it without one.") % {"name": name})
    for entry in entries:
        parts = _parts_of(entry)
        if ".." in parts or "/" in parts or stat.S_ISLNK(entry.external_attr >> 16):
            sentence = _("%(name)s holds links, or names that lead out of it. Pack the files themselves anew.")
            raise CannotRead(sentence % {"name": name})
        if entry.compress_type not in _METHODS:
            raise _damaged(name)


def _parts_of(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    name = entry.filename
    if not entry.flag_bits & _IN_UTF8:
        try:
            # So `zipfile` read it; what then is no UTF-8 was in that old set of characters.
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    # Some programs on Windows write its own sign between folders.
    return PurePosixPath(name.replace("\\", "/")).parts


def _unpack(package: zipfile.ZipFile, name: str, folder: Path) -> tuple[list[PurePosixPath], list[Finding]]:
    found: list[PurePosixPath] = []
    findings: list[Finding] = []
    left = sum(entry.file_size for entry in package.infolist())
    numbers: dict[PurePosixPath, int] = {}
    for entry in package.infolist():
        parts = _parts_of(entry)
        if entry.is_dir() or not parts or parts[-1].startswith("._") or not _JUNK.isdisjoint((parts[0], parts[-1])):
            continue
        place = _free_place(folder, PurePosixPath(*map(fit_name, parts)), numbers)
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        with package.open(entry) as packed, target.open("xb") as kept:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_much(name)
                kept.write(chunk)
        with target.open("rb") as stream:
            is_packed_again = is_package(stream, target.name)
        if is_packed_again:
            findings.append(Finding(f"{name}/{place}", "packed_inside", ""))
            target.unlink()
        else:
            found.append(place)
    return sorted(found), findings


def _free_place(folder: Path, wanted: PurePosixPath, numbers: dict[PurePosixPath, int]) -> PurePosixPath:
    """Where nothing lies yet: a package may hold several files of one name; `numbers` are those given out to each."""
    place = wanted
    while (folder / place).exists():
        numbers[wanted] = numbers.get(wanted, 1) + 1
        place = wanted.with_name(f"{numbers[wanted]}~{wanted.name}")
    return place


def _too_much(name: str) -> CannotRead:
    sentence = _(
        "%(name)s unpacks to more than %(size)d MB or %(number)d files. Unpack it yourself, and bring what is in it in "
        "parts, or with the command “harken import”."
    )
    return CannotRead(sentence % {"name": name, "size": LARGEST_UNPACKED // 1_000_000, "number": MOST_ENTRIES})


def _damaged(name: str) -> CannotRead:
    return CannotRead(
        _("%(name)s cannot be unpacked: it is damaged. Pack it anew as an ordinary .zip.") % {"name": name}
    )
