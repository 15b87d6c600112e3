"""A group shows its text to readers: after a look at it, and not before it is ready unless an organiser says why."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.base.search import find
from harken.documents.actions.drafting import begin_document, begin_space
from harken.documents.actions.publication import (
    NothingToPublish,
    NotReady,
    TextMovedOn,
    publish_revision,
    revise_document,
)
from harken.documents.actions.saving import save_revision
from harken.documents.drafts import DraftPassage
from harken.documents.models import Document, PassageKind, Publication
from harken.documents.queries.publishing import MOST_SHOWN, publishing_page
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration, Process
from tests.cast import Cast, text_of

PLACE = "/processes/open-garden/iteration-1/AD-P1/"
COMPLETE = (
    DraftPassage(PassageKind.TITLE, "Rain belongs to all"),
    DraftPassage(PassageKind.SUMMARY, "Rain belongs to all."),
    DraftPassage(PassageKind.PARAGRAPH, "Nobody sells rain. Everybody may keep it.", section="meaning"),
)


def loaded(document: Document) -> Document:
    return Document.objects.select_related(
        "iteration__process__body", "chapter__group", "template", "current", "published"
    ).get(pk=document.pk)


@pytest.fixture
def text(cast: Cast) -> Document:
    """A draft of a principle with its title alone."""
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1")
    space = begin_space(actor=cast.amina, iteration=iteration, group=cast.advocacy)
    return loaded(
        begin_document(actor=cast.bruno, chapter=space, template="principle", title="Rain belongs to all", lang="en")
    )


def complete(cast: Cast, text: Document, *more: DraftPassage) -> Document:
    save_revision(actor=cast.bruno, document=text, passages=[*COMPLETE, *more])
    return loaded(text)


def test_what_blocks_a_text_is_carried_by_the_refusal(cast: Cast, text: Document) -> None:
    with pytest.raises(NotReady, match="2 things have to be settled") as refused:
        publish_revision(actor=cast.bruno, document=text)
    assert [row.section for row in refused.value.report.blocking] == ["summary", "meaning"]
    assert not Publication.objects.exists()
    assert loaded(text).published is None


def test_a_text_that_is_ready_is_shown_found_and_counted(cast: Cast, text: Document) -> None:
    assert not find(query="rain", languages=["en"]).rows
    made = publish_revision(actor=cast.bruno, document=complete(cast, text))
    assert (made.override_reason, made.blocking, made.by_name) == ("", [], "Bruno")
    assert [row.entry.code for row in find(query="rain", languages=["en"]).rows] == ["AD-P1"]
    assert Iteration.objects.get().document_count == 1


def test_an_organiser_overrides_with_a_reason_that_stays(cast: Cast, text: Document) -> None:
    made = publish_revision(actor=cast.amina, document=text, override_reason="  The congress is tomorrow. ")
    assert made.override_reason == "The congress is tomorrow."
    assert [entry["section"] for entry in made.blocking] == ["summary", "meaning"]
    event = AuditEvent.objects.get(verb="published revision")
    assert event.detail["override_reason"] == "The congress is tomorrow."
    assert len(event.detail["blocking"]) == 2


def test_a_writer_cannot_override_nor_a_blank_reason(cast: Cast, text: Document) -> None:
    with pytest.raises(Refused):
        publish_revision(actor=cast.bruno, document=text, override_reason="I want to.")
    with pytest.raises(NotReady):
        publish_revision(actor=cast.amina, document=text, override_reason="  ")


def test_a_reason_nobody_needed_is_not_kept(cast: Cast, text: Document) -> None:
    made = publish_revision(actor=cast.amina, document=complete(cast, text), override_reason="To be sure.")
    assert (made.override_reason, made.blocking) == ("", [])


def test_only_those_who_may_edit_a_text_show_it(cast: Cast, text: Document) -> None:
    ready = complete(cast, text)
    for actor in (cast.chen, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            publish_revision(actor=actor, document=ready)


def test_the_same_revision_is_not_shown_twice(cast: Cast, text: Document) -> None:
    ready = complete(cast, text)
    publish_revision(actor=cast.bruno, document=ready)
    with pytest.raises(NothingToPublish):
        publish_revision(actor=cast.bruno, document=ready)
    assert Publication.objects.count() == 1


def test_what_was_saved_after_the_look_is_looked_at_first(cast: Cast, text: Document) -> None:
    ready = complete(cast, text)
    with pytest.raises(TextMovedOn):
        publish_revision(actor=cast.bruno, document=ready, seen=1)
    publish_revision(actor=cast.bruno, document=ready, seen=2)


def test_texts_brought_in_from_elsewhere_are_shown_as_they_are(cast: Cast, text: Document) -> None:
    passages = [DraftPassage(PassageKind.TITLE, "Rain"), DraftPassage(PassageKind.PARAGRAPH, "TODO")]
    assert revise_document(actor=cast.amina, document=text, passages=passages)
    publication = Publication.objects.get()
    assert (publication.override_reason, publication.blocking) == ("", [])


def test_publishing_ends_what_readers_have_in_their_caches(cast: Cast, text: Document) -> None:
    before = Process.objects.get().content_version
    ready = complete(cast, text)
    assert Process.objects.get().content_version == before
    publish_revision(actor=cast.bruno, document=ready)
    assert Process.objects.get().content_version > before


def test_readers_see_the_published_words_until_the_next_are_shown(client: Client, cast: Cast, text: Document) -> None:
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    passages = [*COMPLETE[:2], DraftPassage(PassageKind.PARAGRAPH, "Rain is kept. By all.", section="meaning")]
    save_revision(actor=cast.bruno, document=text, passages=passages)
    assert "Nobody sells rain" in text_of(client, PLACE)
    publish_revision(actor=cast.bruno, document=loaded(text))
    assert "Rain is kept. By all." in text_of(client, PLACE)


def test_the_page_says_what_readers_will_see_changed(client: Client, cast: Cast, text: Document) -> None:
    client.force_login(cast.bruno)
    assert "Readers have never seen this text" in text_of(client, f"{PLACE}publish/")
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    assert "Readers see the newest revision already" in text_of(client, f"{PLACE}publish/")
    passages = [
        *COMPLETE[:2],
        DraftPassage(PassageKind.PARAGRAPH, "Nobody sells rain. Everybody may share it.", section="meaning"),
        DraftPassage(PassageKind.PARAGRAPH, "Barrels stand <open>.", section="practice"),
    ]
    save_revision(actor=cast.bruno, document=text, passages=passages)
    page = text_of(client, f"{PLACE}publish/")
    assert "Readers see revision 2. They would see revision 3." in page
    assert "keep</del>" in page
    assert "share</ins>" in page
    assert "Barrels stand &lt;open&gt;." in page
    assert f'{PLACE}compare/?old=2&amp;new=3"' in page


def test_a_writer_publishes_on_the_page_what_is_ready(client: Client, cast: Cast, text: Document) -> None:
    client.force_login(cast.bruno)
    refused = client.post(f"{PLACE}publish/", {"seen": "1"})
    assert refused.status_code == 422
    assert "2 things have to be settled" in refused.content.decode()
    assert client.post(f"{PLACE}publish/", {"seen": "1", "reason": "Please."}).status_code == 422
    complete(cast, text)
    stale = client.post(f"{PLACE}publish/", {"seen": "1"})
    assert (stale.status_code, "once more" in stale.content.decode()) == (422, True)
    assert client.post(f"{PLACE}publish/", {"seen": ""}).status_code == 422
    assert client.post(f"{PLACE}publish/", {"seen": "2"})["Location"] == PLACE
    assert client.post(f"{PLACE}publish/", {"seen": "2"}).status_code == 302


def test_an_organiser_overrides_on_the_page(amina: Client, cast: Cast, text: Document) -> None:
    assert "Show it nevertheless" in text_of(amina, f"{PLACE}publish/")
    assert amina.post(f"{PLACE}publish/", {"seen": "1", "reason": " "}).status_code == 422
    assert amina.post(f"{PLACE}publish/", {"seen": "1", "reason": "The congress is tomorrow."}).status_code == 302
    assert Publication.objects.get().override_reason == "The congress is tomorrow."


def test_others_do_not_come_to_the_page(client: Client, cast: Cast, text: Document) -> None:
    assert client.get(f"{PLACE}publish/").status_code == 302
    client.force_login(cast.chen)
    text_of(client, f"{PLACE}publish/", status=404)
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    text_of(client, f"{PLACE}publish/", status=403)
    assert client.post(f"{PLACE}publish/", {"seen": "2"}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_number_of_queries_for_few_changes_and_many(
    cast: Cast, text: Document, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    more = [
        DraftPassage(PassageKind.PARAGRAPH, f"Barrel {place} is open. So is its tap.", section="practice")
        for place in range(number)
    ]
    ready = complete(cast, text, *more)
    with django_assert_num_queries(4):
        page = publishing_page(ready)
    assert page.counts == {"added": number}


def test_very_many_changes_are_counted_and_not_all_spelled_out(cast: Cast, text: Document) -> None:
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    more = [
        DraftPassage(PassageKind.PARAGRAPH, f"Barrel {place} is open.", section="practice")
        for place in range(MOST_SHOWN + 5)
    ]
    page = publishing_page(complete(cast, text, *more))
    assert (len(page.changed), page.left_out) == (MOST_SHOWN, 5)


def test_readers_find_in_the_history_why_a_text_was_shown_nevertheless(
    client: Client, cast: Cast, text: Document
) -> None:
    publish_revision(actor=cast.amina, document=text, override_reason="The congress is <tomorrow>.")
    page = text_of(client, f"{PLACE}history/")
    assert "Amina showed it although 2 things were not settled:" in page
    assert "The congress is &lt;tomorrow&gt;." in page
    publish_revision(actor=cast.bruno, document=complete(cast, text))
    assert text_of(client, f"{PLACE}history/").count("although") == 1
