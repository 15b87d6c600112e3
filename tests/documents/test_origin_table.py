"""The origin table as a file: what is written is read again exactly, and people's spellings are understood."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.tables.formulas import unguard_cell
from harken.documents.origin_table import (
    COLUMNS,
    NotATable,
    OriginRecord,
    code_key,
    read_origin_table,
    split_codes,
    write_origin_table,
)

# What a database's text column and a form let through: no NUL, no halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
DANGEROUS = st.sampled_from(
    ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x", "'tis", "＝1", '=cmd|" /C calc"!A0']
)


@given(st.lists(st.builds(OriginRecord, *[TEXTS | DANGEROUS] * len(COLUMNS)), max_size=4))
def test_what_is_written_is_csv_that_says_the_same(records: list[OriginRecord]) -> None:
    written = write_origin_table(records)
    assert written.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows[0] == list(COLUMNS)
    assert [[unguard_cell(cell) for cell in row] for row in rows[1:]] == [
        [getattr(record, name) for name in COLUMNS] for record in records
    ]
    read_origin_table(written)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("AD R2, AD R8, CB R9", ["AD-R2", "AD-R8", "CB-R9"]),
        ("AD-R2", ["AD-R2"]),
        ("RS R2, R4, R5", ["RS-R2", "RS-R4", "RS-R5"]),
        ("RS R2, R4 and R5; PT R6A", ["RS-R2", "RS-R4", "RS-R5", "PT-R6A"]),
        ("AD–R2 ، R3", ["AD-R2", "AD-R3"]),
        ("", []),
    ],
)
def test_codes_are_read_as_people_write_them(cell: str, codes: list[str]) -> None:
    assert [name.full for name in split_codes(cell)] == codes


def test_spellings_of_a_code_are_one_code() -> None:
    assert code_key("AD R2") == code_key("ad-r2") == code_key("AD\N{EN DASH}R2") == code_key(" AD\N{NO-BREAK SPACE}R2 ")


def test_lines_with_an_arrow_name_the_drafts_and_the_text_either_way_round() -> None:
    text = "AD R2, R8 → Share the work\n\nShare the work <- CB R9\nAD R3 →\n→ Something new\nno arrow here\n"
    lines = read_origin_table(text)
    assert [(one.line, one.document, [name.full for name in one.drafts], one.kind) for one in lines] == [
        (1, "Share the work", ["AD-R2", "AD-R8"], ""),
        (3, "Share the work", ["CB-R9"], ""),
        (4, "", ["AD-R3"], "dropped"),
        (5, "Something new", [], "new"),
        (6, "", [], ""),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_separate_its_cells_as_it_likes(delimiter: str) -> None:
    rows = [["Document", "Draft", "Kind", "Reason"], ["AD-R1", "AD R2, R8", "Merged", "'=so it is"], ["", "", "", ""]]
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    [line] = read_origin_table(target.getvalue())
    assert (line.line, line.document, line.kind, line.reason) == (2, "AD-R1", "merged", "=so it is")
    assert [name.full for name in line.drafts] == ["AD-R2", "AD-R8"]


@pytest.mark.parametrize("text", ["", "   ", "Just a sentence.", "a,b\n1,2\n"])
def test_what_is_no_table_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(NotATable, match="no origin table"):
        read_origin_table(text)


def test_csv_that_is_broken_names_its_line() -> None:
    with pytest.raises(NotATable, match="Line 3"):
        read_origin_table('document,draft\nA,B\n"A"x,B\n')
