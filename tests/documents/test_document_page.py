"""A document's page is put together when it is published, and a draft's page is for its group."""

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import propose_edges
from harken.documents.actions.links import draw_link
from harken.documents.actions.publication import publish_revision, revise_document
from harken.documents.actions.ready import make_ready_again
from harken.documents.actions.saving import save_revision
from harken.documents.actions.templates import install_templates
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, LinkKind, Passage, PassageKind, ReadyText, Section, Template
from harken.documents.permissions import documents_visible_to, may_read_draft, with_draft_permit
from harken.documents.queries.document_page import find_published
from harken.documents.queries.texts import load_passages
from harken.documents.sections import place_in_sections
from harken.people.actions import add_member
from harken.people.models import Role
from harken.processes.models import Iteration, Process
from tests.cast import Cast, add_round, text_of

ROOT = "/processes/open-garden/iteration-1/"
TITLE, PARAGRAPH = PassageKind.TITLE, PassageKind.PARAGRAPH


@pytest.fixture
def document(cast: Cast) -> Document:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    template = Template.objects.create(
        process=cast.process,
        slug="draft",
        kind="recommendation",
        names={"en": "Draft"},
        sections_json=[
            Section("what", {"en": "What", "ar": "ماذا"}, {}).to_json(),
            Section("harm", {"en": "Possible harm"}, {}, depths=("extended",)).to_json(),
        ],
    )
    Document.objects.filter(pk=document.pk).update(template=template)
    document.refresh_from_db()
    passages = [
        DraftPassage(TITLE, "Water the beds"),
        DraftPassage(PARAGRAPH, "Mud on shoes.", section="harm"),
        DraftPassage(PARAGRAPH, "At night.", section="what"),
    ]
    revise_document(actor=OPERATOR, document=document, passages=passages)
    return document


def test_what_is_published_is_ready_to_read(
    client: Client, document: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = text_of(client, f"{ROOT}AD-R1/")
    assert page.index("At night.") < page.index("Mud on shoes."), "in the order of the template"
    assert 'id="s-what"' in page
    with django_assert_num_queries(6):
        text_of(client, f"{ROOT}AD-R1/")
    ReadyText.objects.all().delete()
    with django_assert_num_queries(8):
        assert text_of(client, f"{ROOT}AD-R1/") == page, "without it the same page takes two queries more"


def test_what_a_text_is_tied_to_is_read_once_and_a_change_shows_at_once(client: Client, cast: Cast) -> None:
    iteration, (beds, tools) = add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools")
    before = text_of(client, f"{ROOT}AD-R1/")
    assert "AD-R2" in before
    assert "No tools, no water." not in before
    assert text_of(client, f"{ROOT}AD-R1/") == before
    draw_link(actor=OPERATOR, source=beds, target=tools, kind=LinkKind.DEPENDS_ON, reason="No tools, no water.")
    assert "No tools, no water." in text_of(client, f"{ROOT}AD-R1/")
    _round, (heir,) = add_round(cast.process, cast.advocacy, "Water the beds at night", number=2)
    edges = propose_edges(actor=OPERATOR, earlier=iteration, later=heir.iteration)
    assert (beds.pk, heir.pk) in {(edge.earlier_id, edge.later_id) for edge in edges}
    assert "Water the beds at night" in text_of(client, f"{ROOT}AD-R1/")


def test_what_only_organisers_may_see_is_not_kept_for_strangers(client: Client, cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools")
    Document.objects.filter(code="AD-R2").update(published=None)
    Process.objects.filter(pk=cast.process.pk).update(content_version=F("content_version") + 1)
    client.force_login(cast.amina)
    signed_in = text_of(client, f"{ROOT}AD-R1/")
    assert ">Amina<" in signed_in
    assert "csrfmiddlewaretoken" in signed_in
    client.logout()
    page = text_of(client, f"{ROOT}AD-R1/")
    for private in ("AD-R2", "Amina", "csrfmiddlewaretoken", "Organise<", "Open the draft"):
        assert private not in page


def test_a_changed_template_shows_at_once_and_is_made_ready_again(client: Client, document: Document) -> None:
    text_of(client, f"{ROOT}AD-R1/")
    template = Template.objects.get()
    template.sections_json = [Section("harm", {"en": "What could go wrong"}, {}).to_json()]
    template.save()
    page = text_of(client, f"{ROOT}AD-R1/")
    assert "What could go wrong" in page
    assert "At night." in page, "a section that is gone hides no words"
    before = ReadyText.objects.get().stamp
    make_ready_again(template)
    assert ReadyText.objects.get().stamp != before
    assert text_of(client, f"{ROOT}AD-R1/") == page


def test_a_reader_chooses_how_much_to_read(client: Client, document: Document) -> None:
    whole = text_of(client, f"{ROOT}AD-R1/")
    assert 'href="?depth=core"' in whole
    core = text_of(client, f"{ROOT}AD-R1/?depth=core")
    assert "At night." in core
    assert "Mud on shoes." not in core
    assert "Mud on shoes." in text_of(client, f"{ROOT}AD-R1/?depth=nonsense")


def test_readers_see_what_is_published_and_the_group_its_draft(client: Client, cast: Cast, document: Document) -> None:
    save_revision(actor=cast.amina, document=document, passages=[DraftPassage(TITLE, "Let it rain")])
    assert "Water the beds" in text_of(client, f"{ROOT}AD-R1/")
    assert "Let it rain" not in text_of(client, f"{ROOT}AD-R1/")
    assert client.get(f"{ROOT}AD-R1/draft/").headers["Location"].startswith("/account/login/")
    client.force_login(cast.dalia)
    assert "Only members of Advocacy" in text_of(client, f"{ROOT}AD-R1/draft/", status=403)
    client.force_login(cast.bruno)
    draft = text_of(client, f"{ROOT}AD-R1/draft/")
    assert "Let it rain" in draft
    assert "Nothing stands here yet." in draft
    assert "which is newer than what readers see" in text_of(client, f"{ROOT}AD-R1/")
    publish_revision(actor=cast.amina, document=document, override_reason="We are in a hurry.")
    client.logout()
    assert "Let it rain" in text_of(client, f"{ROOT}AD-R1/")


def test_a_private_draft_is_at_its_address_for_its_group_alone(client: Client, cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    chapter = Chapter.objects.get()
    words = DraftDocument("AD-R9", (DraftPassage(TITLE, "Secret hedgehogs"),), 9, "en")
    create_documents(actor=cast.amina, chapter=chapter, drafts=[words], publish=False)
    assert client.get(f"{ROOT}AD-R9/").status_code == 404
    assert not ReadyText.objects.filter(document__code="AD-R9").exists()
    client.force_login(cast.dalia)
    assert client.get(f"{ROOT}AD-R9/").status_code == 404
    client.force_login(cast.bruno)
    assert client.get(f"{ROOT}AD-R9/").headers["Location"] == f"{ROOT}AD-R9/draft/"
    assert "Secret hedgehogs" in text_of(client, f"{ROOT}AD-R9/draft/")


def test_the_frozen_query_finds_what_strangers_may_see(cast: Cast, document: Document) -> None:
    for published in (True, False):
        Iteration.objects.update(is_public=published)
        found = find_published(cast.process.pk, "iteration-1", "AD-R1")
        assert (found is not None) is published
    Iteration.objects.update(is_public=True)
    Document.objects.update(published=None)
    assert find_published(cast.process.pk, "iteration-1", "AD-R1") is None


def test_the_draft_permit_in_a_list_agrees_with_the_permit(cast: Cast, document: Document) -> None:
    today = timezone.localdate()
    add_member(actor=OPERATOR, group=cast.process.body, user=cast.chen, role=Role.WRITER, starts_on=today)
    fresh = Document.objects.select_related("iteration__process__body", "chapter__group").get(pk=document.pk)
    for actor, reads in (
        (cast.amina, True),
        (cast.bruno, True),
        (cast.chen, True),  # writes in the body above the group
        (cast.dalia, False),  # is a member there, without writing
        (cast.farid, False),
        (OPERATOR, True),
    ):
        visible = with_draft_permit(actor, cast.process, documents_visible_to(actor, cast.process))
        assert bool(may_read_draft(actor, fresh)) is reads
        assert [bool(getattr(one, "reads_draft")) for one in visible] == [reads]  # noqa: B009 - an annotation, which types do not know


def test_a_numbered_item_shows_its_number(client: Client, document: Document) -> None:
    passages = [DraftPassage(TITLE, "Water"), DraftPassage(PassageKind.ITEM, "First", marker="1. ")]
    revise_document(actor=OPERATOR, document=document, passages=passages)
    assert '<span class="mark">1.</span>' in text_of(client, f"{ROOT}AD-R1/")
    assert Passage.objects.filter(document=document).count() == 4


def test_a_text_that_was_brought_in_can_follow_a_template(client: Client, cast: Cast) -> None:
    _round, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    install_templates(actor=cast.amina, process=cast.process)
    passages = [
        DraftPassage(TITLE, "Water the beds"),
        DraftPassage(PARAGRAPH, "We begin."),
        DraftPassage(PassageKind.HEADING, "WHAT WE RECOMMEND:", level=2, marker="## "),
        DraftPassage(PARAGRAPH, "At night."),
        DraftPassage(PassageKind.HEADING, "Rain barrels", level=3, marker="### "),
        DraftPassage(PARAGRAPH, "One for each house."),
        DraftPassage(PassageKind.HEADING, "Thanks", level=2, marker="## "),
        DraftPassage(PARAGRAPH, "To the snails."),
    ]
    revise_document(actor=OPERATOR, document=document, passages=passages)
    public = text_of(client, f"{ROOT}AD-R1/")
    client.force_login(cast.bruno)
    assert "This text follows" in text_of(client, f"{ROOT}AD-R1/draft/")
    client.post(f"{ROOT}AD-R1/template/", {"template": "draft-recommendation"})
    document.refresh_from_db()
    assert document.template is not None
    draft = load_passages(document.current)
    assert [(passage.section, passage.text) for passage in draft] == [
        ("", "Water the beds"),
        ("", "We begin."),
        ("what", "At night."),
        ("what", "Rain barrels"),
        ("what", "One for each house."),
        ("", "Thanks"),
        ("", "To the snails."),
    ]
    assert place_in_sections([passage.to_draft() for passage in draft], document.template.sections) == [
        passage.to_draft() for passage in draft
    ]
    client.logout()
    assert text_of(client, f"{ROOT}AD-R1/") == public, "readers see what was published"
    client.force_login(cast.dalia)
    assert client.post(f"{ROOT}AD-R1/template/", {"template": "charter"}).status_code == 403
