"""One column of a file: every kind of file gives the same texts, and says plainly what is wrong with it."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from harken.analysis.text_files import TextFileError, read_texts

TEXTS = ["More trees, please", "", "二行\nある", "«Ja»"]


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_text(content, encoding=encoding, newline="")
    return path


def write_all(folder: Path) -> list[Path]:
    table = 'key,text\r\na,"More trees, please"\r\nb,\r\nc,"二行\nある"\r\nd,«Ja»\r\n'
    records = [{"key": key, "text": text or None} for key, text in zip("abcd", TEXTS, strict=True)]
    paths = [
        write(folder / "comma.csv", table),
        write(folder / "semicolon.csv", table.replace(",", ";").replace("trees;", "trees,")),
        write(folder / "excel.csv", table, "utf-16"),
        write(folder / "lines.jsonl", "\n\n".join(json.dumps(record) for record in records)),
    ]
    (folder / "packed.csv.gz").write_bytes(gzip.compress(table.encode()))
    parquet.write_table(pyarrow.Table.from_pylist(records), folder / "table.parquet")
    return [*paths, folder / "packed.csv.gz", folder / "table.parquet"]


def test_every_kind_of_file_gives_the_same_texts(tmp_path: Path) -> None:
    for path in write_all(tmp_path):
        found = read_texts(path, "text", id_column="key")
        assert (found.texts, found.ids) == (TEXTS, ["a", "b", "c", "d"]), path.name


def test_without_a_column_of_ids_the_row_or_line_is_told(tmp_path: Path) -> None:
    ids = {path.name: read_texts(path, "text").ids for path in write_all(tmp_path)}
    assert ids["comma.csv"] == ["2", "3", "4", "5"]
    assert ids["lines.jsonl"] == ["1", "3", "5", "7"]
    assert ids["table.parquet"] == ["1", "2", "3", "4"]


def test_other_charsets_are_read_and_told(tmp_path: Path) -> None:
    found = read_texts(write(tmp_path / "old.csv", "id;text\n1;Straße für alle\n2;schön wäre es\n", "cp1252"), "text")
    assert found.texts == ["Straße für alle", "schön wäre es"]
    assert "cp1252" in found.notes[0]


def test_strange_ids_are_kept_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path / "ids.csv", "id,text\n007,a b\n007,c d\n,e f\n9999999999999999999999,g h\n")
    assert read_texts(path, "text", id_column="id").ids == ["007", "007", "", "9999999999999999999999"]


def test_halves_of_letters_in_json_are_replaced(tmp_path: Path) -> None:
    found = read_texts(write(tmp_path / "half.jsonl", '{"text": "x\\ud83d"}\n'), "text")
    assert found.texts == ["x\ufffd"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("no.csv", "id,body\n1,a\n", "has no column “text”; it has “id”, “body”"),
        ("no.jsonl", '{"body": "a"}\n', "has no column “text”; it has “body”"),
        ("empty.csv", "", "no rows"),
        ("unquoted.csv", "text\nhello, you\nand\n", "row 2: more cells than headings"),
        ("array.json", '[\n{"text": "x"}]', "one object a line"),
        ("number.jsonl", "7\n", "line 1 is no object"),
        ("nested.jsonl", '{"text": "a"}\n{"text": ["b"]}\n', "line 2: “text” is no text"),
        ("no.parquet", "PAR?", "cannot be read as Parquet"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(TextFileError, match=said.replace("?", r"\?")):
        read_texts(write(tmp_path / name, content), "text")


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(TextFileError, match="no file"):
        read_texts(tmp_path / "none.csv", "text")
    with pytest.raises(TextFileError, match="no file"):
        read_texts(tmp_path, "text")
    with pytest.raises(TextFileError, match="not UTF-8"):
        read_texts(write(tmp_path / "old.jsonl", '{"text": "schön"}', "cp1252"), "text")
    missing = tmp_path / "table.parquet"
    parquet.write_table(pyarrow.table({"body": ["a"]}), missing)
    with pytest.raises(TextFileError, match="has no column “text”"):
        read_texts(missing, "text")


def test_a_file_with_headings_alone_has_no_texts(tmp_path: Path) -> None:
    assert read_texts(write(tmp_path / "none.csv", "id,text\n"), "text").texts == []


def test_parquet_without_its_package_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_all(tmp_path)[-1]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TextFileError, match=r"harken\[parquet\]"):
        read_texts(path, "text")
