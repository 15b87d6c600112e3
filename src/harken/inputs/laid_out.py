"""What somebody brought, laid out to be read: each file in a folder made for the moment, under its owner's name.

So whatever a reader tells of a file, it calls it as its owner does, and not by the name it is stored under. A package
is unpacked beside the other files; see `harken.inputs.packages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from harken.core.talk.model import Finding
from harken.inputs.foreign import CannotRead
from harken.inputs.models import ImportFile
from harken.inputs.packages import Room, fit_name, is_package, unpack


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A file, and what its owner called it: `given`; `package` is what it came packed in, if so, `place` where in that.

    Its path may be named otherwise: no folder takes a name of any length.
    """

    path: Path
    given: str
    package: str = ""
    place: PurePosixPath | None = None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return f"{self.package}/{self.place}" if self.place else self.given

    @property
    def brought_as(self) -> str:
        """The name of what was chosen: the file itself, or the package it is in."""
        return self.package or self.given

    @property
    def tails(self) -> tuple[str, ...]:
        """Its name with all the folders of its package, with fewer, with none."""
        parts = self.place.parts if self.place else (self.given,)
        return tuple("/".join(parts[begin:]) for begin in range(len(parts)))


def lay_out(files: Iterable[ImportFile], folder: Path) -> tuple[tuple[LaidOut, ...], tuple[Finding, ...]]:
    """Lay files out in an empty folder, those of packages too, and tell what was not opened. Raises `CannotRead`."""
    found: list[LaidOut] = []
    findings: list[Finding] = []
    room = Room()
    for number, one in enumerate(files):
        if not one.file or not one.file.storage.exists(str(one.file.name)):
            raise CannotRead(_("%(name)s is not here any more. Bring it once more.") % {"name": one.name})
        stored = Path(one.file.path)
        # Two files may have one name, so each has a folder of its own.
        path = folder / str(number) / fit_name(one.name)
        path.parent.mkdir()
        with stored.open("rb") as stream:
            is_packed = is_package(stream, one.name)
        if not is_packed:
            path.symlink_to(stored.resolve())
            found.append(LaidOut(path, one.name))
            continue
        path.mkdir()
        places, not_opened = unpack(stored, one.name, path, room)
        found += [LaidOut(path / place, place.name, one.name, place) for place in places]
        findings += not_opened
    return tuple(found), tuple(findings)
