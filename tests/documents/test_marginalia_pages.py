"""The pages beside a text: each passage's own, the list of suggestions, and each suggestion."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.remarks import remark_on_suggestion, remark_on_words, resolve_remark
from harken.documents.actions.saving import save_revision
from harken.documents.actions.suggestions import accept_suggestion, decline_suggestion, suggest_words
from harken.documents.margin_html import render_spokes
from harken.documents.models import Document, Remark, Suggestion
from harken.documents.permissions import remarks_visible_to
from harken.documents.queries.marginalia import PassageCounts, count_marginalia, loose_anchors
from harken.documents.queries.synthesis import OriginRow
from harken.documents.quoting import find_words
from tests.cast import Cast, add_round, open_phase, text_of
from tests.documents.test_anchors import BARRELS, BOTH, NOON, PUMP, fresh, passages, version_of
from tests.documents.test_suggestions import now, says, suggest

D = "/processes/open-garden/iteration-1/AD-R1/"


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of two paragraphs, by Amina, while suggestions are open."""
    open_phase(cast.process, "read", "suggest", "draft")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BARRELS, NOON))
    return fresh(made)


@pytest.fixture
def dalia(cast: Cast) -> Client:
    """A browser in which Dalia, who writes nothing, is signed in."""
    browser = Client()
    browser.force_login(cast.dalia)
    return browser


@pytest.fixture
def bruno(cast: Cast) -> Client:
    """A browser in which Bruno, who writes for the group, is signed in."""
    browser = Client()
    browser.force_login(cast.bruno)
    return browser


def page_of(document: Document, words: str) -> str:
    """The address of the page of the passage that holds the words in the draft."""
    return f"{D}passages/{version_of(fresh(document), words).passage.public_id}/"


def remark(document: Document, cast: Cast, words: str, text: str = "Really?") -> Remark:
    """Bruno remarks on words of the draft."""
    version = version_of(fresh(document), words)
    start = version.text.index(words)
    return remark_on_words(
        actor=cast.bruno,
        document=fresh(document),
        version=version,
        start=start,
        end=start + len(words),
        text=text,
        lang="en",
    )


def test_a_reader_finds_the_passage_its_suggestions_and_its_history(
    cast: Cast, document: Document, client: Client
) -> None:
    suggestion = suggest(document, cast.dalia, "wants one", "has a roof", reason="Roofs are what it takes.")
    page = text_of(client, page_of(document, "barrels"))
    assert suggestion.changes in page
    assert "Roofs are what it takes." in page
    assert "Revision 2" in page
    assert "csrfmiddlewaretoken" not in page
    assert "Sign in to suggest other words" in page


def test_what_is_private_never_reaches_a_public_page(cast: Cast, document: Document, client: Client) -> None:
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS + " Quietly.", NOON, PUMP))
    hidden = page_of(document, "mended in spring")
    private = suggest(document, cast.bruno, "Quietly", "In secret", private=True)
    said = remark(document, cast, "in barrels", "Between ourselves.")
    public = suggest(document, cast.dalia, "wants one", "has a roof")
    assert client.get(hidden).status_code == 404
    page = text_of(client, page_of(document, "in barrels"))
    for words in ("Quietly", "In secret", "Between ourselves."):
        assert words not in page
    assert public.changes in page
    partial = client.get(page_of(document, "in barrels"), headers={"HX-Request": "true"}).content.decode()
    assert "In secret" not in partial
    assert "Between ourselves." not in partial
    assert client.get(f"{D}suggestions/{private.pk}/").status_code == 404
    assert "In secret" not in text_of(client, f"{D}suggestions/")
    assert set(count_marginalia(document, reads_draft=False).values()) == {PassageCounts(suggestions=1)}
    browser = Client()
    browser.force_login(cast.dalia)
    assert browser.post(f"{D}remarks/{said.pk}/resolve/", {"state": "resolved"}).status_code == 404
    assert browser.post(page_of(document, "in barrels") + "remark/", {"version": 1, "text": "Hm."}).status_code in {
        403,
        404,
    }


def test_dalia_suggests_through_the_form(document: Document, dalia: Client) -> None:
    place = page_of(document, "barrels")
    version = version_of(document, "barrels")
    assert "Propose this" in text_of(dalia, place)
    words = BARRELS.replace("wants one", "has a <i>roof</i>")
    response = dalia.post(f"{place}suggest/", {"version": version.pk, "words": words, "reason": "Roofs."})
    made = Suggestion.objects.get()
    assert response.headers["Location"] == f"{place}#suggestion-{made.pk}"
    page = text_of(dalia, place)
    assert "&lt;i&gt;roof&lt;/i&gt;" in page
    assert "<i>roof" not in page


@pytest.mark.parametrize(
    ("words", "reason", "complaint"),
    [
        (BARRELS, "Roofs.", "The passage says this already."),
        ("Snow is kept.", "", "Say why, in a few words"),
        ("Snow is kept.\x00", "Roofs.", "Null characters are not allowed"),
        ("Snow is \x0bkept.", "Roofs.", "holds a character that cannot be kept"),
    ],
)
def test_a_refused_suggestion_comes_back_with_what_was_written(
    document: Document, dalia: Client, words: str, reason: str, complaint: str
) -> None:
    place, version = page_of(document, "barrels"), version_of(document, "barrels")
    response = dalia.post(f"{place}suggest/", {"version": version.pk, "words": words, "reason": reason})
    assert response.status_code == 422
    assert complaint in response.content.decode()
    assert not Suggestion.objects.exists()


def test_words_written_while_the_passage_changed_come_back_for_the_passage_as_it_is_now(
    cast: Cast, document: Document, dalia: Client
) -> None:
    place, begun = page_of(document, "barrels"), version_of(document, "barrels")
    revise_document(
        actor=cast.bruno, document=document, passages=passages(BARRELS.replace("wants one", "asks for it"), NOON)
    )
    words = BARRELS.replace("wants one", "has a roof")
    response = dalia.post(f"{place}suggest/", {"version": begun.pk, "words": words, "reason": "Roofs."})
    page = response.content.decode()
    assert (response.status_code, "The same words were changed meanwhile." in page, words in page) == (422, True, True)
    present = re.search(r'name="version" value="(\d+)"', page)
    assert present
    assert (
        dalia.post(f"{place}suggest/", {"version": present[1], "words": words, "reason": "Roofs."}).status_code == 302
    )


def test_a_decision_is_made_on_the_passages_page_or_the_suggestions_own(
    cast: Cast, document: Document, bruno: Client
) -> None:
    first = suggest(document, cast.dalia, "wants one", "has a roof")
    second = suggest(document, cast.esra, "Rain", "Snow")
    place = page_of(document, "barrels")
    assert text_of(bruno, place).count("decide-here") == 2
    said = {"decision": "accept", "reason": "Roofs.", "from_passage": "on"}
    response = bruno.post(f"{D}suggestions/{first.pk}/decide/", said, follow=True)
    assert "credits Dalia, and readers see it." in response.content.decode()
    refused = bruno.post(f"{D}suggestions/{second.pk}/decide/", {"decision": "decline", "reason": ""})
    assert (refused.status_code, now(second).state) == (422, "open")
    bruno.post(f"{D}suggestions/{second.pk}/decide/", {"decision": "decline", "reason": "It is not cold enough."})
    page = text_of(bruno, f"{D}suggestions/{second.pk}/")
    assert "It is not cold enough." in page
    again = bruno.post(f"{D}suggestions/{second.pk}/decide/", {"decision": "accept"})
    assert (again.status_code, "decided already" in again.content.decode()) == (422, True)
    assert "1 that" not in text_of(bruno, place)
    assert "It is not cold enough." in text_of(bruno, place)


def test_some_of_the_changes_or_other_words_are_accepted_through_the_form(
    cast: Cast, document: Document, bruno: Client
) -> None:
    version = version_of(document, "barrels")
    words = "Rain is caught in barrels at every house that has a roof."
    made = suggest_words(actor=cast.dalia, document=document, version=version, words=words, reason="Two things.")
    place = f"{D}suggestions/{made.pk}/"
    assert text_of(bruno, place).count('name="chosen"') == 2
    bruno.post(f"{place}decide/", {"decision": "some", "on": version.pk, "chosen": ["1"]})
    assert says(document, published=True)[0] == "Rain is kept in barrels at every house that has a roof."
    other = suggest(document, cast.esra, "has a roof", "asks for one")
    worded = {"decision": "words", "words": "Rain is kept wherever there is a roof.", "reason": "Shorter."}
    bruno.post(f"{D}suggestions/{other.pk}/decide/", worded)
    assert says(document)[0] == "Rain is kept wherever there is a roof."
    assert now(other).state == "in_part"


def test_a_stale_suggestion_says_what_happened_and_its_author_renews_it(
    cast: Cast, document: Document, dalia: Client, bruno: Client
) -> None:
    made = suggest(document, cast.dalia, "wants one", "has a roof")
    revise_document(
        actor=cast.bruno, document=document, passages=passages(BARRELS.replace("wants one", "asks for it"), NOON)
    )
    place = f"{D}suggestions/{made.pk}/"
    assert "The text has moved on" in text_of(dalia, place)
    assert "Accept in other words" in text_of(bruno, place)
    present = version_of(fresh(document), "asks for it")
    renewed = {"version": present.pk, "words": BARRELS.replace("wants one", "has a roof")}
    assert dalia.post(f"{place}renew/", {**renewed, "words": present.text}).status_code == 422
    dalia.post(f"{place}renew/", renewed)
    assert now(made).state == "open"
    assert "proposed first" in text_of(dalia, place) or now(made).text == now(made).words
    dalia.post(f"{place}withdraw/")
    assert now(made).state == "withdrawn"
    assert "Withdrawn on" in text_of(dalia, place)


def test_a_suggestion_is_discussed_by_those_who_may_suggest(
    cast: Cast, document: Document, dalia: Client, client: Client
) -> None:
    made = suggest(document, cast.esra, "wants one", "has a roof")
    place = f"{D}suggestions/{made.pk}/"
    dalia.post(f"{place}discuss/", {"text": "And *sheds*? <script>x</script>"})
    page = text_of(client, place)
    assert "<em>sheds</em>" in page
    assert "<script>x" not in page
    assert dalia.post(f"{place}discuss/", {"text": "  "}).status_code == 422
    assert client.post(f"{place}discuss/", {"text": "Hm."}).status_code == 302
    assert Remark.objects.count() == 1


def test_a_remark_is_made_on_words_resolved_and_opened_again(document: Document, bruno: Client) -> None:
    place, version = page_of(document, "barrels"), version_of(document, "barrels")
    wrong = bruno.post(f"{place}remark/", {"version": version.pk, "quote": "no such words", "text": "Why?"})
    assert (wrong.status_code, "do not stand in the passage" in wrong.content.decode()) == (422, True)
    bruno.post(f"{place}remark/", {"version": version.pk, "quote": "every  house", "text": "Why?"})
    bruno.post(f"{place}remark/", {"version": version.pk, "quote": "", "text": "All of it?"})
    first, second = Remark.objects.select_related("anchor").order_by("pk")
    assert first.anchor is not None
    assert second.anchor is not None
    assert (first.anchor.exact, second.anchor.exact) == ("every house", BARRELS)
    page = text_of(bruno, place)
    assert "stands here" in page
    assert "about the whole passage" in page
    bruno.post(f"{D}remarks/{first.pk}/resolve/", {"state": "resolved"})
    assert "resolved by Bruno" in text_of(bruno, place)
    assert [counts.remarks for counts in count_marginalia(document, reads_draft=True).values()] == [1]
    bruno.post(f"{D}remarks/{first.pk}/resolve/", {"state": "open"})
    assert [counts.remarks for counts in count_marginalia(document, reads_draft=True).values()] == [2]


def test_a_remark_says_in_words_where_its_quote_is_now(cast: Cast, document: Document, bruno: Client) -> None:
    save_revision(actor=cast.bruno, document=document, passages=passages(BOTH, PUMP))
    for words in ("in barrels", "half of it is lost", "mended in spring"):
        remark(document, cast, words)
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, PUMP))
    pages = text_of(bruno, page_of(document, "barrels")) + text_of(bruno, page_of(document, "noon"))
    assert "moved here from another passage in revision 4" in pages
    assert "stands here" in pages
    gone = page_of(document, "in spring")
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, "A pump is shared."))
    assert "came loose in revision 5: the words were" in text_of(bruno, gone)
    [lost] = loose_anchors(Remark.objects.all(), document)
    assert (lost.exact, lost.place_revision, lost.from_public_id in gone) == ("mended in spring", 5, True)
    save_revision(
        actor=cast.bruno,
        document=document,
        passages=passages(BARRELS, "Nobody waters at noon, since half of it is burnt by the sun.", "A pump is shared."),
    )
    page = text_of(bruno, page_of(document, "noon"))
    assert "the words changed in revision 6" in page
    assert '<del dir="ltr"> lost</del>' in page


def test_the_page_of_a_passage_that_was_left_out_says_what_it_said(
    cast: Cast, document: Document, client: Client
) -> None:
    place = page_of(document, "noon")
    revise_document(actor=cast.bruno, document=document, passages=passages(BARRELS))
    page = text_of(client, place)
    assert "This passage is not in the text any more." in page
    assert NOON in page
    assert "Propose this" not in page


def test_a_split_is_told_on_both_passages_pages_once_it_is_published(
    cast: Cast, document: Document, client: Client, bruno: Client
) -> None:
    revise_document(actor=cast.bruno, document=document, passages=passages(BOTH, PUMP))
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, PUMP))
    places = [page_of(document, "barrels"), page_of(document, "noon")]
    statuses = [client.get(place).status_code for place in places]
    assert sorted(statuses) == [200, 404]
    for place in places:
        assert "another passage of this text" in text_of(bruno, place)
    publish_revision(actor=cast.bruno, document=fresh(document))
    for place in places:
        assert "another passage of this text" in text_of(client, place)


def test_the_margin_holds_what_waits_in_short(cast: Cast, document: Document, bruno: Client) -> None:
    for number in range(5):
        suggest(document, cast.dalia, "wants one", f"has roof number {number}")
    remark(document, cast, "in barrels")
    response = bruno.get(page_of(document, "barrels"), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert page.count('class="suggestion open"') == 3
    assert "2 more proposals" in page
    assert "Really?" in page
    assert "HX-Request" in response.headers.get("Vary", "") or response.headers["Cache-Control"] == "private, no-cache"


def test_fifty_suggestions_on_one_passage_stay_one_readable_page(
    cast: Cast, document: Document, bruno: Client, client: Client
) -> None:
    for number in range(46):
        suggest(document, cast.dalia, "wants one", f"has roof number {number}")
    for actor in (cast.chen, cast.dalia, cast.esra, cast.farid):
        suggest(document, actor, "Rain", "Snow", reason=f"{actor} says so.")
    page = text_of(client, page_of(document, "barrels"))
    assert "4 people propose this" in page
    assert page.index("4 people propose this") < page.index("has roof number 45") < page.index("has roof number 44")
    assert "39 more proposals" in page
    with CaptureQueriesContext(connection) as queries:
        text_of(bruno, page_of(document, "barrels"))
    asked = len(queries)
    decline_suggestion(actor=cast.bruno, suggestion=now(Suggestion.objects.all()[0]), reason="No.")
    with CaptureQueriesContext(connection) as queries:
        text_of(bruno, page_of(document, "barrels"))
    assert len(queries) == asked


def test_the_list_has_filters_and_pages(cast: Cast, document: Document, client: Client) -> None:
    assert "No suggestion waits for a decision." in text_of(client, f"{D}suggestions/")
    made = [suggest(document, cast.dalia, "wants one", f"has roof number {number}") for number in range(27)]
    noon = suggest(document, cast.esra, "noon", "midday")
    decline_suggestion(actor=cast.bruno, suggestion=now(made[0]), reason="No roofs.")
    first = text_of(client, f"{D}suggestions/")
    assert first.count('class="suggestion open"') == 25
    following = re.search(r'href="(\?before=\d+)"', first)
    assert following
    rest = text_of(client, f"{D}suggestions/{following[1]}")
    assert rest.count('class="suggestion open"') == 2
    assert "No roofs." in text_of(client, f"{D}suggestions/?state=declined")
    assert text_of(client, f"{D}suggestions/?author=Esra").count('class="suggestion open"') == 1
    passage = noon.passage.public_id
    assert text_of(client, f"{D}suggestions/?passage={passage}").count('class="suggestion open"') == 1
    assert text_of(client, f"{D}suggestions/?state=nonsense&before=x").count('class="suggestion open"') == 25


@pytest.mark.parametrize("count", [1, 3])
def test_counts_take_one_query_and_the_pages_a_fixed_number(
    cast: Cast, document: Document, bruno: Client, count: int
) -> None:
    made = [suggest(document, cast.dalia, "wants one", f"has roof number {number}") for number in range(count)]
    for suggestion in made:
        remark_on_suggestion(actor=cast.bruno, suggestion=now(suggestion), text="Hm.", lang="en")
        remark(document, cast, "in barrels")
    public_id = version_of(document, "barrels").passage.public_id
    for reads_draft in (True, False):
        with CaptureQueriesContext(connection) as queries:
            counts = count_marginalia(document, reads_draft=reads_draft)
        assert len(queries) == 1
        assert counts == {public_id: PassageCounts(suggestions=count, remarks=count if reads_draft else 0)}
    for address, asked in (
        (page_of(document, "barrels"), 34),
        (f"{D}suggestions/", 13),
        (f"{D}suggestions/{made[0].pk}/", 23),
    ):
        with CaptureQueriesContext(connection) as queries:
            text_of(bruno, address)
        assert len(queries) == asked, (address, [q["sql"][:150] for q in queries])


def test_an_unchanged_page_is_not_sent_again_and_a_new_suggestion_changes_it(
    cast: Cast, document: Document, client: Client
) -> None:
    place = page_of(document, "barrels")
    tag = client.get(place).headers["ETag"]
    assert client.get(place, headers={"If-None-Match": tag}).status_code == 304
    made = suggest(document, cast.dalia, "wants one", "has a roof")
    changed = client.get(place, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    accept_suggestion(actor=cast.bruno, suggestion=now(made))
    assert client.get(place, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200


def test_the_line_beside_a_passage_counts_in_words_and_leads_to_its_page() -> None:
    counts = {"bcd": PassageCounts(suggestions=1, stale=1, remarks=1), "fgh": PassageCounts(loose=2)}
    assert render_spokes(counts, {}, process_root="/", passage_pages="../passages/") == {
        "bcd": '<p class="spoke" lang="en" dir="ltr"><a href="../passages/bcd/">2 suggestions · 1 remark</a></p>',
        "fgh": '<p class="spoke" lang="en" dir="ltr"><a href="../passages/fgh/">2 remarks came loose</a></p>',
    }
    assert render_spokes(counts, {}, process_root="/", passage_pages="") == {}, "a copy in files has no such pages"


def test_the_line_beside_a_passage_names_the_texts_it_comes_from() -> None:
    now = timezone.now()
    origins = [
        OriginRow(n, f"x{n}", f"AD-R{n}", "T", "en", "iteration-1", "I", "en", "merged", "Why not?", "Bruno", now)
        for n in range(1, 7)
    ]
    line = render_spokes({}, {"bcd": origins}, process_root="/ar/processes/x/", passage_pages="")["bcd"]
    assert line.startswith(
        '<p class="spoke" lang="en" dir="ltr">from '
        '<a class="code" href="/ar/processes/x/iteration-1/AD-R1/#p-x1">AD-R1</a>, '
    )
    assert line.endswith("AD-R4</a> +2</p>")
    twice = render_spokes({}, {"bcd": [origins[0], origins[0]]}, process_root="/", passage_pages="")["bcd"]
    assert twice.count("AD-R1</a>") == 1, "two passages of one text name it once"


def test_remarks_that_came_loose_are_listed_for_the_page_of_the_draft(cast: Cast, document: Document) -> None:
    said = remark(document, cast, "at noon")
    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, PUMP))
    context = {"process": cast.process, "document": fresh(document)}
    assert not render_to_string("documents/passage.html#loose", {**context, "loose": []}).strip()
    loose = loose_anchors(remarks_visible_to(cast.bruno, fresh(document)), document)
    page = render_to_string("documents/passage.html#loose", {**context, "loose": loose})
    assert said.anchor is not None
    assert "came loose in revision 3" in page
    assert f"{D}passages/{said.anchor.passage.public_id}/" in page
    resolve_remark(actor=cast.bruno, remark=said)
    assert not loose_anchors(remarks_visible_to(cast.bruno, fresh(document)), document)


@pytest.mark.parametrize(
    ("text", "words", "before", "found"),
    [
        ("Rain is kept.", "is", "Rain ", "is"),
        ("Rain is *very* often kept.", "very often", "", "very* often"),
        (
            "See [the list](https://example.org/a_b) here.",
            "the list here",
            "",
            "the list](https://example.org/a_b) here",
        ),
        ("One line\nand another.", "line and another", "", "line\nand another"),
        ("is it what it is", "it", "is it what ", "it"),
        ("Rain is kept.", "snow", "", None),
        ("Rain is kept.", "  ", "", None),
        ("نزرع **معا** في الربيع", "معا في", "", "معا** في"),
    ],
)
def test_words_selected_on_a_page_are_found_in_the_text_with_its_markup(
    text: str, words: str, before: str, found: str | None
) -> None:
    place = find_words(text, words, before)
    assert (text[slice(*place)] if place else None) == found
    if before == "is it what ":
        assert place == (11, 13)


def test_nobody_can_guess_the_words_of_a_draft_by_remarking_on_them(
    cast: Cast, document: Document, dalia: Client
) -> None:
    save_revision(actor=cast.bruno, document=fresh(document), passages=passages(f"{BARRELS} So says the miller.", NOON))
    version = version_of(fresh(document), "miller")
    address = f"{page_of(document, 'miller')}remark/"
    answers = set()
    for guess in ("miller", "baker"):
        response = dalia.post(address, {"version": version.pk, "quote": guess, "text": "Really?"})
        answers.add((response.status_code, response.content.count(b"</p>")))
    assert {status for status, _length in answers} == {403}
    assert len(answers) == 1
