"""What a text was: every revision, any two compared by word, and one brought back."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harken.documents.actions.publication import publish_revision
from harken.documents.actions.saving import save_revision
from harken.documents.models import Revision
from harken.documents.queries.history import ROWS_ON_A_PAGE, compare_revisions, history_page
from harken.documents.section_text import read_section
from tests.cast import Cast, text_of
from tests.documents.writing import FIRST, SECOND, THIRD, as_it_is, begin_draft, passages_of, texts_of

D = "/processes/open-garden/iteration-1/AD-R1/"


def save(cast: Cast, text: str, **said: str) -> Revision:
    """The text in other words, by Amina."""
    document = as_it_is(cast)
    title = [passage.to_draft() for passage in passages_of(document) if passage.kind == "title"]
    saved = save_revision(actor=cast.amina, document=document, passages=[*title, *read_section(text)], **said)  # type: ignore[arg-type] # said are the texts of the keywords
    assert saved.revision is not None
    return saved.revision


def strip(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_members_see_every_revision_and_readers_what_was_published(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    save(cast, "Second words.", note="Second note", change_class="wording")
    publish_revision(actor=cast.amina, document=as_it_is(cast))
    save(cast, "Third words.", note="Third note", change_class="typo", credit=["Dalia"])  # type: ignore[arg-type] # one name
    page = text_of(amina, f"{D}history/")
    for words in (
        "Revision 1",
        "Revision 2",
        "Revision 3",
        "Second note",
        "Third note",
        "Wording",
        "Published on",
        "Dalia",
    ):
        assert words in page
    reader = text_of(Client(), f"{D}history/")
    assert "Second note" in reader
    for words in ("Third note", "Revision 1", "Revision 3"):
        assert words not in reader
    for address in ("revisions/3/", "revisions/1/", "compare/?old=1&new=2"):
        assert Client().get(f"{D}{address}").status_code == 404
    assert Client().get(f"{D}revisions/2/").status_code == 200
    assert document.pk


def test_the_history_goes_on_to_older_revisions(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    for number in range(ROWS_ON_A_PAGE + 3):
        save(cast, f"Words {number}")
    first = history_page(document, only_published=False)
    assert len(first.rows) == ROWS_ON_A_PAGE
    second = history_page(document, only_published=False, before=first.before)
    assert [row.number for row in (*first.rows, *second.rows)] == list(range(ROWS_ON_A_PAGE + 4, 0, -1))
    assert second.before is None
    assert f'href="?before={first.before}"' in text_of(amina, f"{D}history/")
    assert "Revision 1<" in text_of(amina, f"{D}history/?before={first.before}")
    for odd in ("x", "99999999999999999999", "-1", ""):
        text_of(amina, f"{D}history/?before={odd}")


@pytest.mark.parametrize("revisions", [1, 3])
def test_the_history_takes_the_same_queries_however_long_it_is(amina: Client, cast: Cast, revisions: int) -> None:
    begin_draft(cast)
    for number in range(revisions - 1):
        save(cast, f"Words {number}")
    text_of(amina, f"{D}history/")
    with CaptureQueriesContext(connection) as queries:
        text_of(amina, f"{D}history/")
    assert len(queries) == 10


def test_two_revisions_are_compared_by_word_whichever_is_named_first(amina: Client, cast: Cast) -> None:
    begin_draft(cast)
    save(cast, f"{FIRST.replace('barrels', 'tanks')}\n\n{SECOND}\n\n{THIRD}")
    for query in ("old=1&new=2", "old=2&new=1", "old=1&new=2&as=sides"):
        page = text_of(amina, f"{D}compare/?{query}")
        assert ">barrels</del>" in page
        assert ">tanks</ins>" in page
        assert "1 passage changed" in page
        assert "1 passage unchanged" not in page or SECOND not in page
    assert THIRD in text_of(amina, f"{D}compare/?old=1&new=2&unchanged=shown")
    assert amina.get(f"{D}compare/?old=1").status_code == 302
    assert amina.get(f"{D}compare/?old=1&new=9").status_code == 404
    assert "Both say the same." in text_of(amina, f"{D}compare/?old=1&new=1")


def test_what_moved_is_shown_as_moved_and_from_where(amina: Client, cast: Cast) -> None:
    begin_draft(cast)
    save(cast, f"{THIRD}\n\n{FIRST}\n\n{SECOND}")
    page = strip(text_of(amina, f"{D}compare/?old=1&new=2"))
    assert "1 moved" in page
    assert f"Moved here; it stood after {SECOND}" in page


def test_split_and_merged_passages_are_shown_as_such_over_several_revisions(amina: Client, cast: Cast) -> None:
    begin_draft(cast)
    parts = "Rain is kept in barrels.\n\nAt every house that wants one."
    save(cast, f"{parts}\n\n{SECOND}\n\n{THIRD}")
    save(cast, f"{parts}\n\n{SECOND}\n\n{THIRD} Gladly.")
    page = strip(text_of(amina, f"{D}compare/?old=1&new=3"))
    assert "Split off from Rain is kept" in page or "Split: words of it went to" in page
    save(cast, f"{FIRST}\n\n{SECOND}\n\n{THIRD}")
    assert "holds words of" in strip(text_of(amina, f"{D}compare/?old=3&new=4"))


def test_a_passage_that_became_a_heading_is_named(amina: Client, cast: Cast) -> None:
    begin_draft(cast)
    save(cast, f"## {FIRST}\n\n{SECOND}\n\n{THIRD}")
    assert "Was: Paragraph. Is now: Heading." in text_of(amina, f"{D}compare/?old=1&new=2")


def test_what_people_wrote_is_escaped_and_keeps_its_direction(amina: Client, cast: Cast) -> None:
    begin_draft(cast, "<script>alert(1)</script> & water")
    save(cast, "<script>alert(2)</script> & كل بيت water")
    for form in ("inline", "sides"):
        page = text_of(amina, f"{D}compare/?old=1&new=2&as={form}")
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert re.search(r'<ins dir="ltr">[^<]*كل بيت', page)


def test_one_revision_reads_as_it_was(amina: Client, cast: Cast) -> None:
    begin_draft(cast)
    save(cast, "Other words.")
    page = text_of(amina, f"{D}revisions/1/")
    assert FIRST in page
    assert "Other words." not in page
    assert "The text as it was in revision 1" in page
    assert "Bring this text back" in page
    assert "This is the text as it stands." in text_of(amina, f"{D}revisions/2/")
    assert amina.get(f"{D}revisions/3/").status_code == 404


def test_a_revision_is_brought_back_as_a_new_one_by_who_may_write(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    save(cast, "Other words.")
    assert Client().post(f"{D}restore/", {"number": 1}).status_code == 302
    stranger = Client()
    stranger.force_login(cast.dalia)
    assert stranger.post(f"{D}restore/", {"number": 1}).status_code in {403, 404}
    assert Revision.objects.filter(document=document).count() == 2
    assert amina.post(f"{D}restore/", {"number": 1}).status_code == 302
    assert texts_of(document) == [FIRST, SECOND, THIRD]
    assert "is here again, as revision 3" in text_of(amina, f"{D}draft/")
    assert amina.post(f"{D}restore/", {"number": 77}).status_code == 302
    assert amina.post(f"{D}restore/", {"number": "x"}).status_code == 404
    assert Revision.objects.filter(document=document).count() == 3


def test_a_long_comparison_shows_what_changed_and_counts_the_rest(cast: Cast) -> None:
    paragraphs = [f"Paragraph number {number} says something about bed {number}." for number in range(1_000)]
    document = begin_draft(cast, "\n\n".join(paragraphs))
    paragraphs[500] = paragraphs[500].replace("says", "sings")
    save(cast, "\n\n".join(paragraphs))
    old, new = Revision.objects.filter(document=document).order_by("number")
    with CaptureQueriesContext(connection) as queries:
        comparison = compare_revisions(document, old, new)
    assert len(queries) == 2
    assert comparison.html.count("<li") < 10
    assert "passages unchanged" in comparison.html
    assert comparison.summary == ("1 passage changed",)
