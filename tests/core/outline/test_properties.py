"""What holds for every outline and for every file."""

from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.core.outline import Outline, OutlineError, read_outline
from tests.core.outline.pages import PAGE, RENDERERS, Group, Item, Iteration, Page, Part, render_docx

# Words of syllables that mean nothing in any of the seven languages.
_SYLLABLES = ("ka", "lu", "mi", "zor", "vet", "pan", "qui", "bré", "ñad", "üth")
_WORDS = tuple("".join(syllables) for syllables in product(_SYLLABLES, repeat=2))
_PHRASES = tuple(" ".join(_WORDS[place::37][: 1 + place % 4]).capitalize() for place in range(100))
_PHRASE = st.sampled_from(_PHRASES)
_LINE = st.one_of(
    _PHRASE,
    st.tuples(_PHRASE, _PHRASE).map(lambda pair: f"{pair[0]}: {pair[1]}"),
    st.lists(_PHRASE, min_size=2, max_size=3).map(". ".join).map(lambda text: f"{text} and so on."),
)
_ITEM = st.builds(Item, line=_LINE, alternative=st.one_of(st.just(""), _PHRASE))
_ITEMS = st.lists(_ITEM, min_size=1, max_size=4).map(tuple)
_QUESTION = _PHRASE.map(lambda phrase: f"{phrase}?")
_PARTS = st.one_of(
    st.builds(lambda items: (Part(items),), _ITEMS),
    st.lists(
        st.builds(Part, items=_ITEMS, question=_QUESTION), min_size=1, max_size=3, unique_by=lambda part: part.question
    ).map(tuple),
)
_NOTE = st.one_of(st.just(""), _PHRASE.map(lambda phrase: f"Note: {phrase}."))


@st.composite
def _pages(draw: st.DrawFn) -> Page:
    names = draw(st.lists(_PHRASE, min_size=1, max_size=4, unique_by=str.casefold))
    iterations = []
    for number in range(draw(st.integers(1, 3)), 0, -1):
        groups = tuple(Group(name, draw(_PARTS), draw(_NOTE)) for name in names)
        iterations.append(Iteration(f"Iteration {number} (May 203{number})", groups))
    return Page(
        "The title of it all",
        (),
        "How to give feedback",
        "Like this.",
        (("Kalu.", ()),),
        "Next steps",
        "Wait.",
        tuple(iterations),
    )


@dataclass(frozen=True)
class _Told:
    """What a page says about one recommendation, independent of how its line divides into title and text."""

    iteration: str
    date: str
    group: str
    notes: tuple[str, ...]
    heading: str
    number: int | None
    words: str
    alternatives: tuple[str, ...]


def told_by_page(page: Page) -> list[_Told]:
    told = []
    for iteration in page.iterations:
        title, _, date = iteration.heading.partition(" (May ")
        for group in iteration.groups:
            for part in group.parts:
                for number, item in enumerate(part.items, start=1):
                    told.append(
                        _Told(
                            title,
                            f"{date[:4]}-05",
                            group.name,
                            (group.note,) if group.note else (),
                            part.question,
                            number,
                            "".join(item.line.replace(":", "").replace(".", "").split()),
                            (item.alternative,) if item.alternative else (),
                        )
                    )
    return told


def told_by_outline(outline: Outline) -> list[_Told]:
    return [
        _Told(
            iteration.title,
            iteration.date,
            group.name,
            group.notes,
            rec.heading,
            rec.number,
            "".join(f"{rec.title} {rec.text}".replace(":", "").replace(".", "").split()),
            rec.alternatives,
        )
        for iteration in outline.iterations
        for group in iteration.groups
        for rec in group.recommendations
    ]


@pytest.mark.parametrize("format_name", ["text", "markdown", "wikitext", "html"])
@given(page=_pages())
@settings(max_examples=25)
def test_a_written_outline_reads_back(format_name: str, page: Page) -> None:
    name, render = RENDERERS[format_name]
    outline = read_outline(render(page), name=name)

    assert told_by_outline(outline) == told_by_page(page)
    assert outline.unplaced == ()


@given(page=_pages())
@settings(max_examples=25)
def test_codes_are_unique_within_an_iteration_and_the_same_across(page: Page) -> None:
    outline = read_outline(RENDERERS["text"][1](page), name="page.txt")

    codes_by_name: dict[str, set[str]] = {}
    for iteration in outline.iterations:
        codes = [rec.code for group in iteration.groups for rec in group.recommendations]
        assert len(set(codes)) == len(codes)
        for group in iteration.groups:
            codes_by_name.setdefault(group.name, set()).add(group.code)
    assert all(len(codes) == 1 for codes in codes_by_name.values())


_NAMES = st.sampled_from(["", "a.txt", "a.md", "a.html", "a.wiki", "a.docx", "a.odt", "a.bin"])
_PIECES = st.sampled_from(
    (
        *(
            "1. ",
            "2) ",
            "• ",
            "- ",
            "\n",
            "\n\n",
            "Or: ",
            "Iteration 2",
            "(May 2031)",
            "Soil",
            "== ",
            " ==",
            "# ",
            "## ",
        ),
        *(
            "<li>",
            "<ol>",
            "</ol>",
            "<h2>",
            "{{",
            "}}",
            "[[",
            "]]",
            "|",
            "'''",
            "<!--",
            "-->",
            "?",
            ": ",
            ".",
            "  ",
            "\t",
        ),
        *("١", "أو: ", "English, French and Arabic", "until 3 May", "Note: ", "13 recommendations", "{|", "|}"),
        *("<table><td>", "\u200f", "\x1f", "\x1d", "\x1e", "&nbsp;", "**", "`", "> ", "---\n", "<ref", "</"),
    )
)


def refuse(data: bytes, name: str) -> str:
    """Return the sentence a file is refused with, or nothing."""
    try:
        read_outline(data, name=name).to_json()
    except OutlineError as error:
        return str(error)
    return ""


@given(data=st.binary(max_size=400), name=_NAMES)
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes, name: str) -> None:
    assert "\n" not in refuse(data, name)


@given(pieces=st.lists(_PIECES, max_size=60), name=st.sampled_from(["", "a.txt", "a.md", "a.html", "a.wiki"]))
@settings(max_examples=300)
def test_any_mixture_of_marks_keeps_titles_and_codes_sound(pieces: list[str], name: str) -> None:
    try:
        outline = read_outline("".join(pieces).encode(), name=name)
    except OutlineError:
        return
    for iteration in outline.iterations:
        assert iteration.title
        codes = [group.code for group in iteration.groups]
        assert len(set(codes)) == len(codes)
        for group in iteration.groups:
            assert group.name
            assert all(rec.title for rec in group.recommendations)
            assert {rec.heading for rec in group.recommendations} <= {"", *group.headings}


@given(place=st.integers(0, 10**6), change=st.binary(min_size=1, max_size=8))
@settings(max_examples=60)
def test_a_damaged_word_document_is_read_or_refused(place: int, change: bytes) -> None:
    data = bytearray(_DOCX)
    place %= len(data)
    data[place : place + len(change)] = change
    assert "\n" not in refuse(bytes(data), "a.docx")


_DOCX = render_docx(PAGE)
