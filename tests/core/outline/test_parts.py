"""The small decisions: titles, codes, dates, headings of iterations, lists of languages, sentences."""

import datetime

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from harken.core.outline.codes import assign_codes, group_key
from harken.core.outline.dates import find_dates
from harken.core.outline.findings import split_sentences
from harken.core.outline.iterations import read_iteration_heading
from harken.core.outline.language_names import find_language_list, language_code
from harken.core.outline.lexicon import strip_alternative
from harken.core.outline.titles import split_title


@pytest.mark.parametrize(
    ("line", "title", "text"),
    [
        ("Openness: All see the books", "Openness", "All see the books"),
        ("Ouverture : tous voient", "Ouverture", "tous voient"),
        ("开放：所有人都能看到", "开放", "所有人都能看到"),
        ("الشفافية: يراها الجميع", "الشفافية", "يراها الجميع"),
        ("Opening the gate: All terrains", "Opening the gate", "All terrains"),
        ("Thanks. Name all who helped with it", "Thanks", "Name all who helped with it"),
        ("See https://garden.example for more", "See https://garden.example for more", ""),
        ("Meet at 10:30 every day", "Meet at 10:30 every day", ""),
        ("Rules (a.k.a. the code) for all", "Rules (a.k.a. the code) for all", ""),
        ("Dr. Amina keeps the seeds of all", "Dr. Amina keeps the seeds of all", ""),
        ("Water every bed. Then rest: it is hot.", "Water every bed. Then rest: it is hot.", ""),
        ("Openness:", "Openness", ""),
        ("Openness:\nAll see the books", "Openness", "All see the books"),
        ("First line\nsecond line", "First line", "second line"),
    ],
)
def test_title_and_text(line: str, title: str, text: str) -> None:
    assert split_title(line) == (title, text)


@given(
    st.text(alphabet="abcXYZ .:—(\"'1\n？", min_size=1)
    .map(str.strip)
    .filter(lambda text: any(c.isalpha() for c in text))
)
def test_a_title_is_never_empty_and_no_letter_is_lost_or_doubled(line: str) -> None:
    title, text = split_title(line)

    assert title
    assert [c for c in title + text if c.isalnum()] == [c for c in line if c.isalnum()]


def test_codes_are_short_readable_and_unique() -> None:
    names = [
        "Advocacy",
        "Capacity Building",
        "Product & Technology",
        "Roles and Responsibilities",
        "Diversity",
        "Cabins",
    ]

    assert list(assign_codes(names).values()) == ["AD", "CB", "PT", "RR", "DI", "CA"]
    assert list(assign_codes(["Community Health", "Cultural Heritage", "Choirs"]).values()) == ["CH", "CUH", "CHO"]
    assert list(assign_codes(["Ab", "AB!", "Of Ab", "Xy of Ab", "X"]).values()) == ["AB", "AB2", "XA", "X"]
    assert list(assign_codes(["المياه", "मिट्टी और बीज", "水", "42", "—"]).values()) == ["MY", "MB", "SH", "G4", "G"]
    assert group_key("Product & Technology") == group_key("product and technology")
    assert group_key("Circle A") != group_key("Circle E")


@given(st.lists(st.text(min_size=1), max_size=12))
def test_every_name_gets_a_code_of_its_own(names: list[str]) -> None:
    codes = assign_codes(names)

    assert len(set(codes.values())) == len(codes) == len({group_key(name) for name in names})
    for code in codes.values():
        assert code.isascii()
        assert code.isalnum()
        assert code[0].isalpha()
        assert code == code.upper()


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("in September 2031", ["2031-09"]),
        ("on September 15, 2031 at noon", ["2031-09-15"]),
        ("until September 15.", ["--09-15"]),
        ("den 15. September 2031", ["2031-09-15"]),
        ("el 15 de septiembre de 2031", ["2031-09-15"]),
        ("le 1er septembre 2031", ["2031-09-01"]),
        ("१५ सितंबर २०३१", ["2031-09-15"]),
        ("١٥ أيلول ٢٠٣١", ["2031-09-15"]),
        ("15.09.2031 and 2031-09-16", ["2031-09-15", "2031-09-16"]),
        ("15/09/2031, but not 05/09/2031", ["2031-09-15"]),
        ("2031年9月15日", ["2031-09-15"]),
        ("they may set 3 marks; 1. Set a goal", []),
        ("31 people in May", []),
    ],
)
def test_dates_as_people_write_them(text: str, dates: list[str]) -> None:
    assert [date.iso for date in find_dates(text)] == dates


@pytest.mark.parametrize(
    ("line", "title", "date"),
    [
        ("Iteration 2 (September 2031)", "Iteration 2", "2031-09"),
        ("Draft 1 – August 2031", "Draft 1", "2031-08"),
        ("Draft 1 August 2031", "Draft 1", "2031-08"),
        ("Second iteration, 3 September 2031", "Second iteration", "2031-09-03"),
        ("Iteration II", "Iteration II", ""),
        ("Final draft", "Final draft", ""),
        ("2. Entwurf (September 2031)", "2. Entwurf", "2031-09"),
        ("Versión final (2031)", "Versión final", "2031"),
        ("Iteration 3: A shared garden", "Iteration 3: A shared garden", ""),
        ("Draft recommendations (May 2031)", "Draft recommendations", "2031-05"),
        ("التكرار ٢ (سبتمبر ٢٠٣١)", "التكرار ٢", "2031-09"),
    ],
)
def test_headings_of_iterations(line: str, title: str, date: str) -> None:
    heading = read_iteration_heading(line)

    assert heading is not None
    assert (heading.title, heading.date) == (title, date)


@pytest.mark.parametrize(
    "line",
    [
        "Draft recommendations",
        "Previous drafts",
        "What comes after iteration 2?",
        "A second iteration of the texts was written in September 2031 after many talks.",
        "Diversity 2031",
        "Round tables for 3 villages",
    ],
)
def test_other_lines_are_no_iterations(line: str) -> None:
    assert read_iteration_heading(line) is None


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("You can read this in English, Arabic and Hindi.", ["en", "ar", "hi"]),
        ("English • العربية • Deutsch • हिन्दी • Português", ["en", "ar", "de", "hi", "pt"]),
        ("Translated into Arabic, Brazilian Portugese, and Spanish.", ["ar", "pt-BR", "es"]),
        ("Available in Mandarin and French.", ["zh", "fr"]),
        ("The English garden and the French kitchen met.", []),
        ("We speak, sing, and dance.", []),
    ],
)
def test_lists_of_languages(sentence: str, codes: list[str]) -> None:
    assert [language.code for language in find_language_list(sentence)] == codes


@pytest.mark.parametrize(
    "line",
    [
        *("Or: X", "or – X", "Alternatively: X", "Alternatively, X", "(Or: X", "Alternative title: X"),
        *("Oder: X", "Alternativ: X", "O: X", "O bien: X", "Ou : X", "Sinon : X", "Ou então: X"),
        *("أو: X", "या: X", "अथवा: X"),
    ],
)
def test_alternatives_in_seven_languages(line: str) -> None:
    assert strip_alternative(line) == "X"


@pytest.mark.parametrize("line", ["Organise: X", "or else we fail", "Our way: X", "Or, if it rains, X", "Or:"])
def test_other_lines_are_no_alternatives(line: str) -> None:
    assert strip_alternative(line) is None


def test_sentences_end_where_they_should() -> None:
    assert list(split_sentences("We meet on 15. September. It rains, e.g. on us! हाँ। नहीं।")) == [
        "We meet on 15. September.",
        "It rains, e.g. on us!",
        "हाँ।",
        "नहीं।",
    ]


def test_looking_names_of_languages_up_leaves_everybody_elses_dates_whole() -> None:
    # Babel keeps what it loads; data loaded without its inheritance made months of other languages vanish.
    assert language_code("Deutsch") == "de"
    assert language_code("español") == "es"
    for code in ("bg", "de", "en", "es", "th"):
        assert Locale.parse(code).months["stand-alone"]["wide"][1]
        assert format_date(datetime.date(2026, 11, 27), "long", locale=code)
