"""Tables as people send them: any dialect, charset and calendar, formulas told, ids that stay."""

import csv
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harken.core.talk.calendars import hijri_day, persian_day
from harken.core.talk.model import Finding, Post, walk
from harken.core.talk.stances import stance_of
from harken.core.talk.tables.dates import DateColumn, survey_dates
from harken.core.talk.tables.formulas import guard_cell, is_formula, unguard_cell
from harken.core.talk.tables.mapping import MappingError, TableMapping
from harken.core.talk.tables.posts import read_lines, read_table_posts, read_table_threads
from harken.core.talk.tables.proposing import propose_mapping
from harken.core.talk.tables.reading import Row, Table, TableError, open_table
from tests.core.talk.sheets import Cell, write_ods, write_xlsx

SAVES_FILES = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def save(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def cells(table: Table) -> list[list[str]]:
    return [[row.text(place) for place in range(len(row.cells))] for row in table.rows() if isinstance(row, Row)]


def read(table: Table, mapping: TableMapping) -> tuple[list[Post], list[Finding]]:
    entries = list(read_table_posts(table, mapping))
    return [entry for entry in entries if isinstance(entry, Post)], [e for e in entries if isinstance(e, Finding)]


# --- dialects and charsets ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialect_and_charset_are_found(tmp_path: Path, delimiter: str, charset: str) -> None:
    said = f'Name{delimiter}Kommentar\r\nJürgen{delimiter}"Zwei\r\nZeilen{delimiter} ""größer"""\r\n'
    table = open_table(save(tmp_path, said.encode(charset)))
    assert table.columns == ("Name", "Kommentar")
    assert cells(table) == [["Jürgen", f'Zwei\r\nZeilen{delimiter} "größer"']]


def test_arabic_in_an_old_charset_is_read_and_said_to_be_guessed(tmp_path: Path) -> None:
    said = "الاسم;التعليق\r\nأمينة;نريد مكانا للجميع في هذه المدينة\r\n"
    table = open_table(save(tmp_path, said.encode("cp1256")))
    assert cells(table) == [["أمينة", "نريد مكانا للجميع في هذه المدينة"]]
    assert [finding.reason for finding in table.findings] == ["guessed_charset"]


def test_one_line_in_another_charset_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = save(tmp_path, "id,text\n1,größer\n".encode() + "2,schöner\n".encode("cp1252") + "3,weiß\n".encode())
    entries = list(open_table(path).rows())
    assert [entry.text(1) for entry in entries if isinstance(entry, Row)] == ["größer", "schöner", "weiß"]
    assert [entry.reason for entry in entries if isinstance(entry, Finding)] == ["guessed_charset"]


def test_headings_may_stand_below_a_title_and_twice(tmp_path: Path) -> None:
    table = open_table(save(tmp_path, "Survey of spring\n\nName,Comment,Comment\nAnn,a,b\n"))
    assert (table.header_row, table.columns) == (3, ("Name", "Comment", "Comment (2)"))
    assert cells(table) == [["Ann", "a", "b"]]


def test_a_table_without_headings_loses_no_row(tmp_path: Path) -> None:
    table = open_table(save(tmp_path, "2021-03-04,We need rooms\n2021-03-05,And light\n"))
    assert (table.header_row, table.columns) == (0, ("Column 1", "Column 2"))
    assert len(cells(table)) == 2


def test_questions_are_the_headings_of_a_qualtrics_export(tmp_path: Path) -> None:
    said = (
        'Q1,Q2\nWhat do you like?,Where do you live?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\nAll,Here\n'
    )
    table = open_table(save(tmp_path, said))
    assert table.columns == ("What do you like?", "Where do you live?")
    assert cells(table) == [["All", "Here"]]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken"])
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(TableError, match=r"table\.csv"):
        open_table(save(tmp_path, data))


@given(st.binary(max_size=400) | st.text("a,;\t\"'\n=é", max_size=60).map(str.encode))
@SAVES_FILES
def test_any_bytes_are_rows_or_a_table_error(tmp_path: Path, data: bytes) -> None:
    try:
        table = open_table(save(tmp_path, data))
    except TableError:
        return
    entries = list(table.rows())
    assert all(isinstance(entry, Row | Finding) for entry in entries)
    propose_mapping(table)


@given(st.lists(st.lists(st.text("ab, ;\"'\n\té", max_size=8), min_size=2, max_size=2), min_size=1, max_size=6))
@SAVES_FILES
def test_what_csv_writes_is_read_again(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["first name", "second name"], *rows])
    table = open_table(path, header_row=1)
    assert cells(table) == [row for row in rows if any(cell.strip() for cell in row)]


# --- spreadsheets ---


def test_an_xlsx_is_read_from_where_it_begins_with_its_formulas_told(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Name", "Comment", "People"],
        ["Ann", ('CONCAT("a",A1)', "computed"), 12],
        ["Bo", ("1+1", ""), 3.5],
    ]
    table = open_table(write_xlsx(tmp_path / "t.xlsx", {"Empty": [], "Data": rows}, first=(3, 2)))
    assert table.sheet == "Data"
    found = [row for row in table.rows() if isinstance(row, Row)]
    assert table.columns[-3:] == ("Name", "Comment", "People")
    shift = len(table.columns) - 3
    assert [[row.text(shift + place) for place in range(3)] for row in found] == [
        ["Ann", "computed", "12"],
        ["Bo", "=1+1", "3.5"],
    ]
    assert [row.formulas for row in found] == [(shift + 1,), (shift + 1,)]
    assert [row.number for row in found] == [4, 5]


def test_an_ods_is_read_with_its_formulas_told(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Name", "Comment"], ["Ann", ('A1&"x"', "shown")], ["Bo", "plain"]]
    found = [row for row in open_table(write_ods(tmp_path / "t.ods", rows)).rows() if isinstance(row, Row)]
    assert [row.text(1) for row in found] == ["shown", "plain"]
    assert [row.formulas for row in found] == [(1,), ()]


def test_a_package_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"Data": [["a", "b"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/bomb.xml", b" " * 30_000_000)
    with pytest.raises(TableError, match="unpacks to too much"):
        open_table(path)


def test_entities_in_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", {"Data": [["a", "b"]]})
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/more.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    with pytest.raises(TableError, match="XML entities"):
        open_table(path)


# --- formulas ---

DANGEROUS = st.sampled_from(
    ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@x", "'tis", "＝1", '=cmd|" /C calc"!A0']
)


@given(st.text(max_size=40) | DANGEROUS)
def test_a_guarded_cell_is_no_formula_and_gives_the_text_again(text: str) -> None:
    cell = guard_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert unguard_cell(cell) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('=HYPERLINK("http://x","y")', True),
        ("=1+1", True),
        ("@SUM(A1)", True),
        ("+A1*2", True),
        ("-2+3", True),
        ('=cmd|"/C calc"!A0', True),
        ("-5", False),
        ("- more buses", False),
        ("+1", False),
        ("@ann I agree", False),
        ("= that is it", True),
        ("all = good", False),
    ],
)
def test_formulas_are_told_from_words_that_begin_alike(text: str, expected: bool) -> None:
    assert is_formula(text) is expected


def test_a_csv_with_formulas_is_read_as_text_and_says_so(tmp_path: Path) -> None:
    table = open_table(save(tmp_path, 'name,comment\nEve,"=HYPERLINK(""http://evil"",""click"")"\n'))
    posts, findings = read(table, TableMapping(text="comment", author="name"))
    assert posts[0].text == '=HYPERLINK("http://evil","click")'
    assert posts[0].extra["formulas"] == "2"
    assert [finding.reason for finding in findings] == ["formula"]
    assert guard_cell(posts[0].text).startswith("'=")


# --- dates ---

MARCH = datetime(2021, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05",
        "2021-03-05T00:00:00Z",
        "2021-03-05 02:00:00.250+02:00",
        "20210305",
        "05.03.2021",
        "5.3.21",
        "2021/03/05",
        "5 March 2021",
        "March 5, 2021 12:00 AM",
        "5. März 2021",
        "5 de marzo de 2021",
        "5 mars 2021 à 0h00",
        "5 de março de 2021",
        "٥ مارس ٢٠٢١",
        "٢٠٢١/٠٣/٠٥",
        "५ मार्च २०२१",
        "२०२१-०३-०५",
        "Fri, 5 Mar 2021 01:00:00 +0100",
        "Fri Mar 05 00:00:00 UTC 2021",
        "1614902400",
        "1614902400000",
        "1614902400000000",
        "44260",
        "44260.0",
        "21 رجب 1442 هـ",
        "1442/07/21 هـ",
        "15 اسفند 1399",
        "۱۵ اسفند ۱۳۹۹",
        "1399/12/15",
    ],
)
def test_a_day_is_read_in_every_form_and_calendar(text: str) -> None:
    assert DateColumn(UTC).read(text).at == MARCH


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "no_date"),
        ("soon", "no_date"),
        ("31.02.2021", "impossible_date"),
        ("2021-13-01", "impossible_date"),
        ("99/99/9999", "impossible_date"),
        ("03/04/2021", "ambiguous_date"),
    ],
)
def test_a_cell_without_one_day_has_no_time_and_says_why(text: str, trouble: str) -> None:
    found = DateColumn(UTC).read(text)
    assert (found.at, found.trouble) == (None, trouble)


def test_the_column_as_a_whole_tells_whether_the_day_comes_first() -> None:
    european = survey_dates(["03/04/2021", "25/04/2021"], DateColumn(UTC))
    american = survey_dates(["03/04/2021", "04/25/2021"], DateColumn(UTC))
    mixed = survey_dates(["03/04/2021", "04/25/2021", "25/04/2021"], DateColumn(UTC))
    assert european.read("03/04/2021").at == datetime(2021, 4, 3, tzinfo=UTC)
    assert american.read("03/04/2021").at == datetime(2021, 3, 4, tzinfo=UTC)
    assert mixed.read("03/04/2021").trouble == "ambiguous_date"
    assert mixed.read("04/25/2021").at == datetime(2021, 4, 25, tzinfo=UTC)


def test_clocks_stand_in_the_zone_of_the_source_unless_they_say_otherwise() -> None:
    column = DateColumn(ZoneInfo("Asia/Kolkata"))
    assert column.read("2021-03-05 05:30").at == MARCH
    assert column.read(datetime(2021, 3, 5, 5, 30)).at == MARCH  # noqa: DTZ001 - as spreadsheets give it
    assert column.read("2021-03-05T00:00Z").at == MARCH
    assert column.read("Wed Jun 18 09:36:33 WIB 2014").note == "unknown_zone"


def test_a_year_of_two_calendars_is_the_one_that_can_have_been() -> None:
    column = DateColumn(UTC, latest=date(2026, 1, 1))
    assert column.read("1404/01/01").at == datetime(2025, 3, 21, tzinfo=UTC)  # Nowruz; in Hijri that is 1983
    assert column.read("1447/01/01").at == datetime(2025, 6, 26, tzinfo=UTC)  # in Persian that is 2068
    assert column.read("1404/01/01").note == "guessed_calendar"
    assert DateColumn(UTC, calendar="hijri").read("1404/01/01").note == ""


def test_persian_and_islamic_new_years_are_those_that_were_kept() -> None:
    nowruz = {
        1358: (1979, 21),
        1375: (1996, 20),
        1399: (2020, 20),
        1400: (2021, 21),
        1403: (2024, 20),
        1404: (2025, 21),
    }
    days = {year: persian_day(year, 1, 1) for year in nowruz}
    assert {year: (day.year, day.day) for year, day in days.items()} == nowruz
    assert persian_day(1399, 12, 30) == date(2021, 3, 20)
    with pytest.raises(ValueError, match="No day"):
        persian_day(1400, 12, 30)
    assert hijri_day(1442, 9, 1) == date(2021, 4, 13)


@given(st.text(max_size=40) | st.text("0123456789/.-: ", max_size=20))
def test_no_text_makes_reading_a_time_fail(text: str) -> None:
    found = DateColumn(UTC).read(text)
    assert (found.at is None) == bool(found.trouble)


# --- mappings ---


def test_a_mapping_is_kept_as_json_and_read_again() -> None:
    mapping = TableMapping(text="a", answers={"b": "What?"}, contexts={"c": "role"}, header_row=2, order="day")
    assert TableMapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 1, "colour": "a"}',
        '{"version": 1, "answers": ["a"]}',
        '{"version": 1, "order": "x"}',
    ],
)
def test_a_mapping_that_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(MappingError, match="mapping"):
        TableMapping.from_json(text)


def test_a_mapping_names_the_columns_the_table_lacks(tmp_path: Path) -> None:
    table = open_table(save(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(MappingError, match="“c”"):
        read(table, TableMapping(text="c"))


@pytest.mark.parametrize(
    ("headings", "values"),
    [
        ("Timestamp,Your name,Language,Comment,Country", "2021-03-05,Ann,English,{},Ghana"),
        ("Zeitstempel,Ihr Name,Sprache,Kommentar,Land", "05.03.2021,Jörg,Deutsch,{},Ghana"),
        ("Horodateur,Votre nom,Langue,Commentaire,Pays", "05/03/2021,Zoé,français,{},Ghana"),
        ("Marca temporal,Nombre,Idioma,Comentario,País", "05/03/2021,Ana,español,{},Ghana"),
        ("Carimbo de data/hora,Nome,Idioma,Comentário,País", "05/03/2021,Ana,português,{},Ghana"),
        ("التاريخ,الاسم,اللغة,التعليق,البلد", "٢٠٢١-٠٣-٠٥,أمينة,العربية,{},غانا"),
        ("दिनांक,नाम,भाषा,टिप्पणी,देश", "२०२१-०३-०५,आशा,हिन्दी,{},घाना"),
    ],
)
def test_a_mapping_is_proposed_in_every_language_of_the_interface(tmp_path: Path, headings: str, values: str) -> None:
    rows = "\n".join(values.format(f"Number {number} wants more rooms for everybody here") for number in range(4))
    table = open_table(save(tmp_path, f"{headings}\n{rows}\n"))
    mapping = propose_mapping(table)
    names = headings.split(",")
    assert [mapping.time, mapping.author, mapping.language, mapping.text, mapping.place] == names


@pytest.mark.parametrize("time", ["", "Date"])
def test_a_column_that_means_nothing_is_told_once_with_how_many_fill_it(tmp_path: Path, time: str) -> None:
    said = "Date,Text,Score,Empty\n2021-03-05,Tea,3,\n2021-03-05,Cake,4,\n2021-03-05,More,,,beyond\n"
    table = open_table(save(tmp_path, said))
    findings = [(found.place, found.text) for found in read(table, TableMapping(text="Text", time=time))[1]]
    assert findings == [*([] if time else [("Date", "3")]), ("Score", "2"), ("Column 5", "1")]


def test_questions_over_prose_are_proposed_as_guiding_questions(tmp_path: Path) -> None:
    said = "id,What do you like about this?,What must stay as it is?,Role\n"
    rows = "".join(
        f"{n},I like the {n}th part of the plan a lot,Keep number {n} as it is please,editor\n" for n in range(5)
    )
    mapping = propose_mapping(open_table(save(tmp_path, said + rows)))
    assert list(mapping.answers) == ["What do you like about this?", "What must stay as it is?"]
    assert (mapping.text, mapping.id, mapping.contexts) == ("", "id", {"Role": "role"})


# --- posts ---

FULL = (
    "id,reply to,date,name,group,people,text,stance,lang,consent,role\n"
    "1,,2021-03-05,Ann,,,We need rooms,agree,Deutsch,yes,editor\n"
    "2,1,2021-03-05,Bo,Salon Accra,14,So do we,dagegen,en,no,\n"
    "3,9,,,,,Lost,maybe,,,\n"
)


def test_every_column_ends_up_where_the_mapping_says(tmp_path: Path) -> None:
    table = open_table(save(tmp_path, FULL))
    mapping = TableMapping(
        text="text",
        author="name",
        group="group",
        time="date",
        language="lang",
        id="id",
        reply_to="reply to",
        stance="stance",
        headcount="people",
        consent="consent",
        contexts={"role": "role"},
    )
    first, second, third = read(table, mapping)[0]
    assert (first.id, first.author, first.author_kind, first.at, first.lang) == ("1", "Ann", "account", MARCH, "de")
    assert dict(first.extra) == {
        "consent": "public",
        "consent_said": "yes",
        "context:role": "editor",
        "row": "2",
        "stance": "support",
        "stance_said": "agree",
    }
    assert (second.author, second.author_kind, second.extra["headcount"]) == ("Salon Accra", "group", "14")
    assert (second.extra["reported_by"], second.extra["stance"], second.parent_id) == ("Bo", "oppose", "1")
    assert (third.author_kind, third.at) == ("unknown", None)
    page = read_table_threads(read_table_posts(table, mapping))
    assert [[post.id for post in walk(thread.posts)] for thread in page.threads] == [["1", "2"], ["3"]]
    assert {finding.reason for finding in page.findings} == {
        *("unknown_stance", "no_date", "reply_to_missing"),
        "unclear_consent",
    }


def test_a_row_has_the_same_id_whenever_it_is_read_and_wherever_it_stands(tmp_path: Path) -> None:
    mapping = TableMapping(text="text")
    there = read(open_table(save(tmp_path, "text,x\nfirst said,1\nsecond said,2\nfirst said,3\n")), mapping)[0]
    turned = read(open_table(save(tmp_path, "text,x\nsecond said,2\nfirst said,3\nfirst said,1\n")), mapping)[0]
    assert {post.id for post in there} == {post.id for post in turned}
    assert len({post.id for post in there}) == 3


def test_duplicate_ids_are_dropped_if_they_say_the_same_and_kept_apart_if_not(tmp_path: Path) -> None:
    posts, findings = read(
        open_table(save(tmp_path, "id,text\n1,We want rooms\n1,We want rooms\n1,We want light\n")),
        TableMapping(text="text", id="id"),
    )
    assert [post.text for post in posts] == ["We want rooms", "We want light"]
    assert posts[0].id == "1"
    assert posts[1].id.startswith("1~")
    assert [finding.reason for finding in findings] == ["duplicate", "same_id_other_content"]


def test_a_speaker_whose_name_is_markup_keeps_it_as_words(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    posts, _findings = read(
        open_table(save(tmp_path, f"name,text\n{name},Hello all of you\n")), TableMapping(text="text", author="name")
    )
    assert posts[0].author == name
    assert "<script>" in json.loads(json.dumps(posts[0].author))


def test_each_line_of_a_text_is_a_post(tmp_path: Path) -> None:
    path = save(tmp_path, "\ufeff- More rooms\n\n2. Größere Räume\n* More rooms\n", "lines.txt")
    posts = [entry for entry in read_lines(path) if isinstance(entry, Post)]
    assert [post.text for post in posts] == ["More rooms", "Größere Räume", "More rooms"]
    assert len({post.id for post in posts}) == 3


@pytest.mark.parametrize(
    ("said", "stance"),
    [("Agree", "support"), ("-1", "oppose"), ("rote Linie", "red line"), ("نعم", "support"), ("vielleicht", "")],
)
def test_stances_are_known_by_their_words(said: str, stance: str) -> None:
    assert stance_of(said) == stance


@pytest.mark.large
def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,text\n")
        stream.writelines(f"{number},{'We want rooms and light. ' * 40}{number}\n" for number in range(5_000))
    table = open_table(path)
    tracemalloc.start()
    count = sum(1 for _entry in read_table_posts(table, TableMapping(text="text", id="id")))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 5_000
    assert peak < path.stat().st_size / 2


def test_long_cells_are_read_and_the_limit_of_others_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    long = "word " * 100_000
    path.write_text(f"Name,What would you keep?\nAnn,{long}\nBen,{long}\n", encoding="utf-8")
    before = csv.field_size_limit()
    rows = open_table(path).rows()
    row = next(rows)
    assert isinstance(row, Row)
    assert row.cells == ("Ann", long)
    assert csv.field_size_limit() == before
    assert len(list(rows)) == 1
