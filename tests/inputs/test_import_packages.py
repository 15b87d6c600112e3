"""A package is taken apart with suspicion: what it says of itself is not believed, and it leads nowhere."""

import errno
import io
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from harken.inputs import packages
from harken.inputs.foreign import CannotRead
from harken.inputs.packages import Room, fit_name, is_package, unpack
from tests.inputs.bringing import packed


def unpacked(tmp_path: Path, content: bytes) -> tuple[list[str], list[tuple[str, str]], Path]:
    """What is in a ZIP: its files, what was not opened of it and why, the folder it is in."""
    path, folder = tmp_path / "export.zip", tmp_path / "inside"
    path.write_bytes(content)
    folder.mkdir()
    found, findings = unpack(path, "export.zip", folder, Room())
    return [str(place) for place in found], [(one.place, one.reason) for one in findings], folder


def test_files_are_unpacked_with_their_folders_and_without_what_systems_add(tmp_path: Path) -> None:
    files = {"talk/b.html": "b", "talk/a.html": "a", "__MACOSX/talk/._a.html": "x", "talk/._b.html": "x"}
    found, findings, folder = unpacked(tmp_path, packed(files))
    assert (found, findings) == (["talk/a.html", "talk/b.html"], [])
    assert (folder / "talk" / "a.html").read_text(encoding="utf-8") == "a"


@pytest.mark.parametrize("name", ["../out.html", "talk/../../out.html", "/etc/out.html", "..\\out.html"])
def test_names_that_lead_out_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotRead, match="lead out of it"):
        unpacked(tmp_path, packed({"good.html": "x", name: "y"}))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["export.zip", "inside"]


def test_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("page.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(link, "/etc/passwd")
    with pytest.raises(CannotRead, match="holds links"):
        unpacked(tmp_path, made.getvalue())


def test_what_says_that_it_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 1_000_000)
    with pytest.raises(CannotRead, match="bring what is in it in parts"):
        unpacked(tmp_path, packed({"a.html": bytes(2_000_000)}))
    assert not list((tmp_path / "inside").iterdir())


def test_what_unpacks_to_more_than_it_says_is_stopped_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = packed({"a.html": bytes(3_000_000)})
    size = (3_000_000).to_bytes(4, "little")
    assert honest.count(size) == 2
    with pytest.raises(CannotRead, match="damaged"):
        unpacked(tmp_path, honest.replace(size, (10).to_bytes(4, "little")))
    assert sum(path.stat().st_size for path in (tmp_path / "inside").rglob("*")) <= 10


def test_too_many_files_are_refused_before_they_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_ENTRIES", 3)
    with pytest.raises(CannotRead, match="or 3 files"):
        unpacked(tmp_path, packed({f"{number}.html": "x" for number in range(4)}))
    monkeypatch.setattr(packages, "MOST_ENTRIES", 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with (tmp_path / "export.zip").open("rb") as stream, pytest.raises(CannotRead, match="or 0 files"):
        packages.check_package(stream, "export.zip", Room())


def with_long_list(end: bytes) -> io.BytesIO:
    """A package whose list of files is longer than any may be, with this end."""
    return io.BytesIO(packed({"a.html": "x"})[:-22] + end)


def end_of(listed: int, disks: bytes = bytes(4)) -> bytes:
    """The end of a package, which says how long the list of its files is."""
    return b"PK\x05\x06" + disks + struct.pack("<HHLLH", 1, 1, listed, 0, 0)


LONG = 9_000_000
LARGE = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 1, 1, LONG, 0)


@pytest.mark.parametrize(
    "end",
    [
        end_of(LONG),
        end_of(LONG, disks=b"PK\x05\x06"),
        LARGE + b"PK\x06\x07" + struct.pack("<LQL", 0, len(packed({"a.html": "x"})) - 22, 1) + end_of(10),
        LARGE + b"PK\x06\x07" + struct.pack("<LQL", 0, 7, 1) + end_of(10),
    ],
    ids=["at the end", "an end in the end", "large", "large and elsewhere"],
)
def test_a_long_list_is_not_read_wherever_its_length_is_told(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    """The end was looked for elsewhere than `zipfile` does, which made objects of the list first, however long."""
    stream = with_long_list(end)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(CannotRead, match="bring what is in it in parts"):
        packages.check_package(stream, "export.zip", Room())


def test_a_package_of_the_large_kind_is_read_where_it_is_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 0)
    content = packed({"a.html": "x", "b.html": "y"})
    assert b"PK\x06\x07" in content
    assert unpacked(tmp_path, content)[0] == ["a.html", "b.html"]


def test_packages_that_come_together_share_what_may_be_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 1_000_000)
    room = Room()
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(packed({"a.html": bytes(600_000)}))
        (tmp_path / f"in {name}").mkdir()
    unpack(tmp_path / "a.zip", "a.zip", tmp_path / "in a.zip", room)
    with pytest.raises(CannotRead, match="bring what is in it in parts"):
        unpack(tmp_path / "b.zip", "b.zip", tmp_path / "in b.zip", room)
    assert not list((tmp_path / "in b.zip").iterdir())


def test_a_full_disk_is_not_told_as_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def mkdir(*_args: object, **_kept: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "export.zip").write_bytes(packed({"a.html": "x"}))
    monkeypatch.setattr(Path, "mkdir", mkdir)
    with pytest.raises(OSError, match="No space left"):
        unpack(tmp_path / "export.zip", "export.zip", tmp_path, Room())


def test_many_files_of_one_name_are_each_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.html", "x")
        for _number in range(39):
            with pytest.warns(UserWarning, match="Duplicate name"):
                package.writestr("a.html", "x")
    looked: list[Path] = []
    exists = Path.exists

    def look(path: Path) -> bool:
        looked.append(path)
        return exists(path)

    monkeypatch.setattr(Path, "exists", look)
    assert len(unpacked(tmp_path, made.getvalue())[0]) == 40
    assert len(looked) < 3 * 40


def test_a_name_is_read_as_utf_8_also_where_the_package_does_not_say_so(tmp_path: Path) -> None:
    name = "Räume – غرف.html"
    content = packed({name: "x"})
    written = name.encode()
    for begin, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(begin) + flags
        (said,) = struct.unpack_from("<H", content, place)
        content = content[:place] + struct.pack("<H", said & ~0x800) + content[place + 2 :]
    assert content.count(written) == 2
    assert unpacked(tmp_path, content)[0] == [name]


def test_a_name_of_an_old_system_stays_as_it_was_read(tmp_path: Path) -> None:
    content = packed({"Rxume.html": "x"}).replace(b"Rxume", "Räume".encode("cp437"))
    assert unpacked(tmp_path, content)[0] == ["Räume.html"]


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    assert fit_name(unicodedata.normalize("NFD", "Räume.html")) == "Räume.html"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_know_no_bounds_are_not_unpacked(tmp_path: Path, method: int) -> None:
    with pytest.raises(CannotRead, match=r"ordinary \.zip"):
        unpacked(tmp_path, packed({"a.html": "x"}, method))


def test_a_package_inside_is_not_opened_and_told_by_its_name(tmp_path: Path) -> None:
    found, findings, _folder = unpacked(tmp_path, packed({"a.html": "x", "deep/more.html": packed({"b.html": "y"})}))
    assert (found, findings) == (["a.html"], [("export.zip/deep/more.html", "packed_inside")])


def test_files_of_one_name_are_both_there(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.html", "first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr("a.html", "second")
    found, _findings, folder = unpacked(tmp_path, made.getvalue())
    assert {(folder / name).read_text(encoding="utf-8") for name in found} == {"first", "second"}


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PK\x05\x06", packed({"a": "x" * 99})[:60]])
def test_what_is_damaged_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CannotRead, match="damaged"):
        unpacked(tmp_path, content)


def test_a_spreadsheet_is_no_package(tmp_path: Path) -> None:
    assert not is_package(io.BytesIO(packed({"[Content_Types].xml": "", "xl/workbook.xml": ""})), "a.xlsx")
    assert not is_package(io.BytesIO(b"From amina\n"), "a.zip")
    assert is_package(io.BytesIO(packed({"a.html": ""})), "a.html")


@pytest.mark.parametrize(
    ("name", "kept"), [("", "_"), ("..", "_"), ("a/b", "a_b"), ("page.html", "page.html"), ("a\x00b.csv", "a_b.csv")]
)
def test_a_name_is_one_that_any_folder_takes(name: str, kept: str) -> None:
    assert fit_name(name) == kept


def test_a_long_name_keeps_its_end(tmp_path: Path) -> None:
    kept = fit_name("رأي" * 100 + ".xlsx")
    assert kept.endswith(".xlsx")
    (tmp_path / kept).write_text("x", encoding="utf-8")
