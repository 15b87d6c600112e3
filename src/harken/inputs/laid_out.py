"""What somebody brought, laid out to be read: each file in a folder made for the moment, under its owner's name.

So whatever a reader tells of a file, it calls it as its owner does, and not by the name it is stored under. A package
is unpacked beside the other files; see `harken.inputs.packages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harken.core.talk.model import Finding
from harken.inputs.models import ImportFile
from harken.inputs.packages import fit_name, is_package, unpack


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A file under its owner's name; `package` is what it came packed in, if so, `place` where it lies in that."""

    path: Path
    package: str = ""
    place: PurePosixPath | None = None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return f"{self.package}/{self.place}" if self.place else self.path.name


def lay_out(files: Iterable[ImportFile], folder: Path) -> tuple[tuple[LaidOut, ...], tuple[Finding, ...]]:
    """Lay files out in an empty folder, those of packages too, and tell what was not opened. Raises `CannotRead`."""
    found: list[LaidOut] = []
    findings: list[Finding] = []
    for number, one in enumerate(files):
        stored = Path(one.file.path)
        # Two files may have one name, so each has a folder of its own.
        path = folder / str(number) / fit_name(one.name)
        path.parent.mkdir()
        with stored.open("rb") as stream:
            is_packed = is_package(stream, one.name)
        if not is_packed:
            path.symlink_to(stored.resolve())
            found.append(LaidOut(path))
            continue
        path.mkdir()
        places, not_opened = unpack(stored, one.name, path)
        found += [LaidOut(path / place, one.name, place) for place in places]
        findings += not_opened
    return tuple(found), tuple(findings)
