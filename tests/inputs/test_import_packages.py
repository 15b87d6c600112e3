"""A package is taken apart with suspicion: what it says of itself is not believed, and it leads nowhere."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from harken.inputs import packages
from harken.inputs.foreign import CannotRead
from harken.inputs.packages import fit_name, is_package, unpack


def packed(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def unpacked(tmp_path: Path, content: bytes) -> tuple[list[str], list[tuple[str, str]], Path]:
    """What is in a ZIP: its files, what was not opened of it and why, the folder it is in."""
    path, folder = tmp_path / "export.zip", tmp_path / "inside"
    path.write_bytes(content)
    folder.mkdir()
    found, findings = unpack(path, "export.zip", folder)
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
        packages.check_package(stream, "export.zip")


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
