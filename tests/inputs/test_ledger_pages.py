"""Lists and conversations: pages by key, a fixed number of queries, and no more of a speaker than they agreed to."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.inputs.models import Consent, Input
from harken.inputs.queries.ledger import Cursor, list_inputs, read_cursor
from harken.inputs.queries.reading import thread_page
from tests.cast import Cast, add_round
from tests.inputs.saying import NOON, a_post, a_source, bring_in


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_asks_four_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, rows: int) -> None:
    _iteration, (document,) = add_round(cast.process, cast.advocacy, "Water")
    bring_in(a_source(cast.process), *(a_post(str(number)) for number in range(rows)), document=document)
    with django_assert_num_queries(4):
        page = list_inputs(Input.objects.filter(process=cast.process))
    assert [row.document for row in page.rows] == ["AD-R1"] * rows
    assert page.next is None


def test_pages_by_key_show_each_input_once_however_many_have_one_time(cast: Cast) -> None:
    times = [NOON + datetime.timedelta(hours=number // 4) for number in range(14)]
    bring_in(a_source(cast.process), *(a_post(str(number), at=at) for number, at in enumerate(times)))
    shown: list[int] = []
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        page = list_inputs(Input.objects.all(), after=cursor, size=3)
        shown += [row.pk for row in page.rows]
        cursor, pages = page.next and read_cursor(str(page.next)), pages + 1
    assert shown == list(Input.objects.order_by("-at", "-pk").values_list("pk", flat=True))
    assert pages == 5


def test_a_conversation_is_read_in_order_and_goes_on_after_a_key(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"), a_post("c"), a_post("b", reply_to="a"), a_post("d", reply_to="b"))
    thread = Input.objects.get(external_id="a")
    page = thread_page(Input.objects.all(), thread)
    assert [(row.text, row.depth) for row in page.rows] == [("I say a.", 1), ("I say b.", 2), ("I say d.", 3)]
    after = thread_page(Input.objects.all(), thread, after=thread.order_key, size=1)
    assert [row.text for row in after.rows] == ["I say b."]


def test_a_list_shows_the_newest_wording(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("a", "Older."))
    bring_in(source, a_post("a", "Newer."))
    [row] = list_inputs(Input.objects.all()).rows
    assert (row.text, row.versions) == ("Newer.", 2)


@pytest.mark.parametrize(
    ("consent", "sees", "shown"),
    [
        (Consent.PUBLIC, False, "Ann"),
        (Consent.NAMELESS, False, ""),
        (Consent.NAMELESS, True, "Ann"),
        (Consent.CLOSED, False, ""),
    ],
)
def test_a_name_is_shown_to_whom_its_speaker_agreed(cast: Cast, consent: Consent, sees: bool, shown: str) -> None:
    bring_in(a_source(cast.process, consent=consent), a_post("a"))
    [row] = list_inputs(Input.objects.all(), sees_speakers=sees).rows
    assert row.speaker == shown


def test_of_a_mail_address_the_public_sees_the_beginning(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", author="ann@example.org"), a_post("b", author="Ann @ home"))
    assert {row.speaker for row in list_inputs(Input.objects.all()).rows} == {"ann@…", "Ann @ home"}


@given(st.datetimes(timezones=st.just(datetime.UTC)), st.integers(0, 2**63 - 1))
def test_a_cursor_reads_back(at: datetime.datetime, pk: int) -> None:
    assert read_cursor(str(Cursor(at, pk))) == Cursor(at, pk)


@pytest.mark.parametrize(
    "text",
    [
        *("", "_", "2019-01-01_5", "x_5", "2019-01-01T00:00:00+00:00_x", f"2019-01-01T00:00Z_{2**63}"),
        *("9999-12-31T23:59:59-23:00_5", "0001-01-01T00:00:00+14:00_5"),
    ],
)
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert read_cursor(text) is None
