"""A group drafts in its own space: who comes there, what begins there, and that nothing of it is seen elsewhere."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from harken.base.models import AuditEvent, SearchEntry
from harken.base.permits import OPERATOR, Refused
from harken.base.search import find
from harken.documents.actions.drafting import (
    CannotReview,
    ReadsAlready,
    begin_document,
    begin_space,
    end_review,
    invite_reviewer,
)
from harken.documents.actions.lineage import draw_edge
from harken.documents.actions.links import draw_link
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.saving import save_revision
from harken.documents.actions.texts import CodeUsed, NoTitle, create_documents, write_chapter
from harken.documents.drafts import DraftPassage
from harken.documents.models import (
    Chapter,
    Document,
    DocumentKind,
    LineageKind,
    LinkKind,
    PassageKind,
    Reviewer,
    Template,
)
from harken.documents.permissions import (
    documents_visible_to,
    drafting_iterations_visible_to,
    drafting_spaces_visible_to,
    drafts_visible_to,
    groups_to_write_for,
    may_read_draft,
    may_see_document,
    may_see_drafting,
    may_see_drafts_of,
    may_write_for,
)
from harken.documents.queries.drafting import KIND_LETTERS, drafts_page, free_codes, space_page
from harken.documents.queries.templates import templates_of
from harken.documents.shipped_templates import shipped_templates
from harken.people.actions import add_member, create_group
from harken.people.models import Group, Role
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration, Process
from tests.cast import Cast, add_round, draft, open_phase, text_of

SECRET = "Nobody outside has read about marigolds"
ROUND = "/processes/open-garden/iteration-1/"
SPACE = f"{ROUND}drafts/AD/"


def fresh(document: Document) -> Document:
    return Document.objects.select_related("iteration__process__body", "chapter__group", "current", "published").get(
        pk=document.pk
    )


def space_of(cast: Cast, *, is_public: bool = True) -> Chapter:
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1", is_public=is_public)
    return begin_space(actor=cast.amina, iteration=iteration, group=cast.advocacy)


def begin(cast: Cast, space: Chapter, title: str = SECRET, template: str = "principle") -> Document:
    return begin_document(actor=cast.bruno, chapter=space, template=template, title=title, lang="en")


@pytest.fixture
def materials(cast: Cast) -> Group:
    """A second working group, in which Dalia writes."""
    group = create_group(actor=OPERATOR, name="Materials", code="MA", parent=cast.process.body)
    add_member(actor=OPERATOR, group=group, user=cast.dalia, role=Role.WRITER)
    return group


def test_a_text_begins_as_a_private_draft_with_the_groups_next_code(cast: Cast) -> None:
    space = space_of(cast)
    first, second = begin(cast, space), begin(cast, space, "Another")
    recommended = begin(cast, space, "A third", "final-recommendation")
    assert [one.code for one in (first, second, recommended)] == ["AD-P1", "AD-P2", "AD-R1"]
    assert (first.kind, first.published, first.title) == (DocumentKind.PRINCIPLE, None, SECRET)
    assert [one.position for one in (first, second, recommended)] == [0, 1, 2]
    assert Template.objects.filter(process=cast.process).count() == len(shipped_templates())
    assert Iteration.objects.get().document_count == 0


def test_every_kind_has_letters_of_its_own() -> None:
    assert set(KIND_LETTERS) == set(DocumentKind)
    assert len(set(KIND_LETTERS.values())) == len(KIND_LETTERS)


def test_the_next_code_comes_after_the_highest_that_was_given(cast: Cast) -> None:
    iteration, _documents = add_round(cast.process, cast.advocacy, "Water", "Dig")
    chapter = Chapter.objects.get(iteration=iteration)
    create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R10A", "Mulch"), draft("AD-PP4", "Compost")])
    codes = free_codes(iteration, "AD", DocumentKind)
    assert codes[DocumentKind.RECOMMENDATION] == "AD-R11"
    assert codes[DocumentKind.PRINCIPLE] == "AD-P1"
    assert codes[DocumentKind.POSITION_PAPER] == "AD-PP5"


def test_a_code_that_was_given_and_a_text_without_title_are_refused(cast: Cast) -> None:
    space = space_of(cast)
    begin(cast, space)
    for title, code, refusal in (("Again", "AD-P1", CodeUsed), (" ", "", NoTitle)):
        with pytest.raises(refusal):
            begin_document(actor=cast.bruno, chapter=space, template="principle", title=title, lang="en", code=code)


def test_only_writers_of_the_group_begin_texts_and_only_while_it_is_open(cast: Cast, materials: Group) -> None:
    space = space_of(cast)
    for actor in (cast.dalia, cast.chen, cast.farid):
        with pytest.raises(Refused):
            begin_document(actor=actor, chapter=space, template="principle", title="Mine", lang="en")
    open_phase(cast.process, "read")
    with pytest.raises(Refused):
        begin(cast, space)
    with pytest.raises(Refused):
        begin_space(actor=cast.dalia, iteration=space.iteration, group=materials)


def test_a_space_that_was_begun_stays_as_it_is(cast: Cast, materials: Group) -> None:
    space = space_of(cast)
    write_chapter(
        actor=cast.amina, iteration=space.iteration, group=cast.advocacy, position=0, lang="ar", notes=["First"]
    )
    again = begin_space(actor=cast.bruno, iteration=space.iteration, group=cast.advocacy)
    assert (again.pk, again.notes, again.lang) == (space.pk, ["First"], "ar")
    other = begin_space(actor=cast.dalia, iteration=space.iteration, group=materials)
    assert other.position == 1


def test_a_reviewer_reads_drafts_until_the_review_ends(cast: Cast) -> None:
    space = space_of(cast)
    document = fresh(begin(cast, space))
    assert not may_read_draft(cast.farid, document)
    reviewer = invite_reviewer(actor=cast.bruno, chapter=space, user=cast.farid)
    assert may_read_draft(cast.farid, document)
    assert documents_visible_to(cast.farid, cast.process).filter(pk=document.pk).exists()
    with pytest.raises(ReadsAlready):
        invite_reviewer(actor=cast.bruno, chapter=space, user=cast.farid)
    end_review(actor=cast.bruno, reviewer=reviewer)
    end_review(actor=cast.bruno, reviewer=reviewer)
    assert not may_read_draft(cast.farid, document)
    invite_reviewer(actor=cast.amina, chapter=space, user=cast.farid)
    verbs = list(AuditEvent.objects.filter(subject_kind="documents.chapter").values_list("verb", flat=True))
    assert [verb for verb in verbs if "review" in verb] == ["invited reviewer", "ended review", "invited reviewer"]


def test_members_read_already_and_strangers_to_a_hidden_process_cannot(cast: Cast) -> None:
    space = space_of(cast)
    with pytest.raises(ReadsAlready):
        invite_reviewer(actor=cast.amina, chapter=space, user=cast.bruno)
    Process.objects.update(is_public=False)
    hidden = Chapter.objects.select_related("iteration__process__body", "group").get(pk=space.pk)
    with pytest.raises(CannotReview):
        invite_reviewer(actor=cast.amina, chapter=hidden, user=cast.farid)
    for actor in (cast.chen, cast.dalia):
        with pytest.raises(Refused):
            invite_reviewer(actor=actor, chapter=hidden, user=cast.esra)


def test_permits_and_what_they_list_agree(cast: Cast, materials: Group) -> None:
    everybody = (AnonymousUser(), cast.amina, cast.bruno, cast.chen, cast.dalia, cast.esra, cast.farid, OPERATOR)
    open_one = space_of(cast)
    hidden = add_iteration(actor=OPERATOR, process=cast.process, number=2, title="Next", is_public=False)
    spaces = [open_one, begin_space(actor=cast.amina, iteration=hidden, group=materials)]
    documents = [
        begin(cast, open_one),
        begin_document(actor=cast.dalia, chapter=spaces[1], template="principle", title="Clay", lang="en"),
    ]
    shown = begin(cast, open_one, "Shown")
    publish_revision(actor=cast.amina, document=shown, override_reason="To show it.")
    invite_reviewer(actor=cast.dalia, chapter=spaces[1], user=cast.esra)
    for is_public in (True, False):
        Process.objects.update(is_public=is_public)
        process = Process.objects.select_related("body").get()
        for actor in everybody:
            for document in map(fresh, [*documents, shown]):
                for permit, listed in (
                    (may_see_document, documents_visible_to),
                    (may_read_draft, drafts_visible_to),
                ):
                    seen = listed(actor, process).filter(pk=document.pk).exists()
                    assert bool(permit(actor, document)) is seen, (str(actor), document.code, permit.__name__)
            for space in Chapter.objects.select_related("iteration__process__body", "group"):
                listed_spaces = drafting_spaces_visible_to(actor, process).filter(pk=space.pk).exists()
                assert bool(may_see_drafts_of(actor, space)) is listed_spaces
            for iteration in Iteration.objects.select_related("process__body"):
                listed_rounds = drafting_iterations_visible_to(actor, process).filter(pk=iteration.pk).exists()
                assert bool(may_see_drafting(actor, iteration)) is listed_rounds
            for group in Group.objects.filter(root=process.body):
                written = groups_to_write_for(actor, process).filter(pk=group.pk).exists()
                assert bool(may_write_for(actor, group, process)) is written


def public_pages(document: Document) -> list[str]:
    """Every page of the process a stranger can open."""
    root = "/processes/open-garden/"
    return [
        "/",
        root,
        f"{root}timeline/",
        f"{root}groups/",
        f"{root}groups/AD/",
        f"{root}contents/",
        f"{root}lineage/",
        f"{root}lineage/?group=AD",
        ROUND,
        f"{root}search/?q=marigolds",
        "/search/?q=marigolds",
    ]


def test_nothing_of_a_private_draft_is_on_any_page_for_strangers(client: Client, cast: Cast) -> None:
    iteration, [shown] = add_round(cast.process, cast.advocacy, "Water the beds")
    space = Chapter.objects.select_related("iteration__process__body", "group").get(iteration=iteration)
    document = begin(cast, space)
    later, [next_one] = add_round(cast.process, cast.advocacy, "Water the beds anew", number=2)
    draw_edge(
        actor=cast.amina,
        process=cast.process,
        earlier=fresh(document),
        later=fresh(next_one),
        kind=LineageKind.REVISED,
        reason="Marigolds grew out of it.",
    )
    passages = [DraftPassage(PassageKind.TITLE, "Water the marigolds")]
    save_revision(actor=cast.bruno, document=shown, passages=passages, note="marigolds, still secret")
    cache.clear()
    pages = [*public_pages(document), f"{ROUND}{shown.code}/", f"{ROUND}{shown.code}/lineage/"]
    pages += [f"/processes/open-garden/{later.slug}/{next_one.code}/", f"/processes/open-garden/{later.slug}/"]
    pages += [f"{ROUND}{shown.code}/{page}/" for page in ("history", "suggestions", "positions")]
    for viewer in (None, cast.farid, cast.chen):
        if viewer:
            client.force_login(viewer)
        for page in pages:
            response = client.get(page, follow=True)
            told = re.sub(r'value="marigolds"|q=marigolds|“marigolds”|marigolds ·', "", response.content.decode())
            assert "marigolds" not in told.lower(), (str(viewer), page)
            assert document.code not in told, (str(viewer), page)
        text_of(client, f"{ROUND}{document.code}/", status=404)
        text_of(client, f"{ROUND}{document.code}/lineage/", status=404)
        client.logout()
    assert not find(query="marigolds", languages=["en"]).rows
    assert not SearchEntry.objects.filter(code=document.code).exists()
    assert Iteration.objects.get(pk=iteration.pk).document_count == 1


def test_where_a_passage_of_a_draft_stands_is_not_told(client: Client, cast: Cast) -> None:
    document = begin(cast, space_of(cast))
    passage = document.passages.get()
    assert client.get(f"/passages/{passage.public_id}/").status_code == 404
    client.force_login(cast.bruno)
    assert client.get(f"/passages/{passage.public_id}/").status_code == 302


def test_an_iteration_in_preparation_is_not_told(client: Client, cast: Cast) -> None:
    space = space_of(cast, is_public=False)
    begin(cast, space)
    write_chapter(
        actor=cast.amina, iteration=space.iteration, group=cast.advocacy, position=0, lang="en", notes=["Marigolds"]
    )
    assert not find(query="marigolds", languages=["en"]).rows
    for viewer in (None, cast.farid, cast.chen):
        if viewer:
            client.force_login(viewer)
            text_of(client, f"{ROUND}drafts/", status=404)
            text_of(client, SPACE, status=404)
        text_of(client, ROUND, status=404)
    client.force_login(cast.bruno)
    assert SECRET in text_of(client, SPACE)


def test_outsiders_of_an_open_iteration_are_told_why_not(client: Client, cast: Cast) -> None:
    space_of(cast)
    assert client.get(SPACE).status_code == 302
    client.force_login(cast.farid)
    assert "Only those who write here" in text_of(client, f"{ROUND}drafts/", status=403)
    for address in (SPACE, f"{SPACE}begin/"):
        text_of(client, address, status=403)
    assert client.post(f"{SPACE}reviewers/", {"who": "chen"}).status_code == 403
    assert "You belong to no group" in text_of(client, "/processes/open-garden/drafts/")


def test_members_of_another_group_do_not_come_into_the_space(client: Client, cast: Cast, materials: Group) -> None:
    begin(cast, space_of(cast))
    client.force_login(cast.dalia)
    assert "Only members of Advocacy" in text_of(client, SPACE, status=403)
    page = text_of(client, f"{ROUND}drafts/")
    assert SECRET not in page
    assert "Materials" in page


def test_a_group_begins_its_part_and_a_text_on_the_pages(client: Client, cast: Cast, materials: Group) -> None:
    add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1", is_public=False)
    client.force_login(cast.dalia)
    assert client.get("/processes/open-garden/drafts/")["Location"] == f"{ROUND}drafts/"
    assert client.post(f"{ROUND}drafts/AD/open/").status_code == 403
    assert client.post(f"{ROUND}drafts/MA/open/")["Location"] == f"{ROUND}drafts/MA/"
    page = text_of(client, f"{ROUND}drafts/MA/begin/")
    assert "MA-R1" in page
    answer = {"template": "glossary", "title": "Words we use", "lang": "en", "code": "ma-g7"}
    made = client.post(f"{ROUND}drafts/MA/begin/", answer)
    assert made["Location"] == f"{ROUND}MA-G7/draft/"
    again = client.post(f"{ROUND}drafts/MA/begin/", answer)
    assert again.status_code == 422
    assert "used already" in again.content.decode()
    for wrong in ({"code": "AD-R1"}, {"code": "MA-R 1"}, {"lang": "nope-x"}, {"title": " "}, {"template": "poem"}):
        assert client.post(f"{ROUND}drafts/MA/begin/", {**answer, "code": "", **wrong}).status_code == 422
    assert "Words we use" in text_of(client, f"{ROUND}drafts/MA/")


def test_reviewers_are_invited_by_either_name_and_ended_on_the_page(client: Client, cast: Cast) -> None:
    begin(cast, space_of(cast))
    client.force_login(cast.bruno)
    for name in ("nobody", "amina"):
        assert client.post(f"{SPACE}reviewers/", {"who": name}).status_code == 422
    assert client.post(f"{SPACE}reviewers/", {"who": "FARID"}).status_code == 302
    reviewer = Reviewer.objects.get()
    assert reviewer.user == cast.farid
    assert "invited by Bruno" in text_of(client, SPACE)
    client.force_login(cast.farid)
    page = text_of(client, SPACE)
    assert SECRET in page
    assert "Begin a text" not in page
    assert client.post(f"{SPACE}reviewers/{reviewer.pk}/end/").status_code == 403
    client.force_login(cast.bruno)
    client.post(f"{SPACE}reviewers/{reviewer.pk}/end/")
    client.force_login(cast.farid)
    text_of(client, SPACE, status=403)


def test_two_people_of_one_name_are_told_apart(client: Client, cast: Cast) -> None:
    space_of(cast)
    for user in (cast.farid, cast.esra):
        user.display_name = "Sam"
        user.save()
    client.force_login(cast.bruno)
    refused = client.post(f"{SPACE}reviewers/", {"who": "sam"})
    assert "Several people are called so" in refused.content.decode()
    assert client.post(f"{SPACE}reviewers/", {"who": "esra"}).status_code == 302


def test_the_space_says_what_readers_do_not_see(client: Client, cast: Cast) -> None:
    space = space_of(cast)
    begin(cast, space)
    changed, same = begin(cast, space, "Changed since"), begin(cast, space, "As it is")
    for document in (changed, same):
        publish_revision(actor=cast.amina, document=document, override_reason="To show it.")
    save_revision(actor=cast.bruno, document=changed, passages=[DraftPassage(PassageKind.TITLE, "Changed in secret")])
    page = space_page(Chapter.objects.select_related("iteration__process__body", "group").get(pk=space.pk))
    assert [row.state for row in page.space.documents] == ["never", "newer", "same"]
    assert [row.title for row in page.space.documents] == [SECRET, "Changed in secret", "As it is"]
    client.force_login(cast.bruno)
    told = " ".join(text_of(client, SPACE).split())
    assert "1 text that was never shown" in told
    assert "the newest words of 1 text" in told
    assert "Only members of Advocacy" in told


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_same_number_of_queries_whatever_lies_there(
    client: Client, cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    space = space_of(cast)
    glossary = begin_document(actor=cast.bruno, chapter=space, template="glossary", title="Words", lang="en")
    publish_revision(actor=cast.amina, document=glossary, override_reason="To show it.")
    other = begin_document(actor=cast.bruno, chapter=space, template="charter", title="Other", lang="en")
    elsewhere = create_group(actor=OPERATOR, name="Elsewhere", code="EL", parent=cast.process.body)
    space_elsewhere = begin_space(actor=cast.amina, iteration=space.iteration, group=elsewhere)
    for place in range(number):
        theirs = begin_document(
            actor=cast.amina, chapter=space_elsewhere, template="principle", title=f"Theirs {place}", lang="en"
        )
        ends = fresh(other), fresh(theirs)
        draw_link(actor=cast.amina, source=ends[0], target=ends[1], kind=LinkKind.OVERLAPS, reason="The same beds.")
    linked = "See [the beds](/processes/open-garden/iteration-1/AD-P1/#p-23456789b)."
    words = [DraftPassage(PassageKind.TITLE, "Words"), DraftPassage(PassageKind.PARAGRAPH, linked)]
    save_revision(actor=cast.bruno, document=glossary, passages=words)
    for place in range(number):
        begin(cast, space, f"Text {place}")
        group = create_group(actor=OPERATOR, name=f"Group {place}", code=f"G{place}", parent=cast.process.body)
        begin_space(actor=cast.amina, iteration=space.iteration, group=group)
    for user in (cast.chen, cast.esra, cast.farid)[:number]:
        invite_reviewer(actor=cast.amina, chapter=space, user=user)
    loaded = Chapter.objects.select_related("iteration__process__body", "group").get(pk=space.pk)
    with django_assert_num_queries(12):
        space_page(loaded)
    with django_assert_num_queries(9):
        page = drafts_page(loaded.iteration, drafting_spaces_visible_to(OPERATOR, cast.process))
    assert len(page.waiting) == 2 * number + 2


def test_organisers_see_which_drafts_are_ready(client: Client, cast: Cast) -> None:
    space = space_of(cast)
    begin(cast, space)
    client.force_login(cast.amina)
    page = " ".join(text_of(client, f"{ROUND}drafts/").split())
    assert "What is ready to be shown" in page
    assert "Of what readers do not see yet (1), 1 text is not ready." in page
    client.force_login(cast.bruno)
    assert "What is ready to be shown" not in text_of(client, f"{ROUND}drafts/")


def test_templates_are_offered_before_anybody_stored_them(cast: Cast) -> None:
    space = space_of(cast)
    assert templates_of(cast.process)[0].pk is None
    document = begin(cast, space, template="charter")
    assert document.template is not None
    assert document.template.asks_acceptance


def test_both_groups_see_that_they_write_about_the_same_and_no_more(
    client: Client, cast: Cast, materials: Group
) -> None:
    space = space_of(cast)
    own = begin(cast, space, "Barrels for every house")
    other_space = begin_space(actor=cast.dalia, iteration=space.iteration, group=materials)
    other = begin_document(actor=cast.dalia, chapter=other_space, template="principle", title="Who mends", lang="en")
    passages = [
        DraftPassage(PassageKind.TITLE, "Who mends barrels"),
        DraftPassage(PassageKind.SUMMARY, "Barrels are mended by their street."),
        DraftPassage(PassageKind.PARAGRAPH, "A word nobody else reads: quince.", section="meaning"),
    ]
    save_revision(actor=cast.dalia, document=other, passages=passages)
    draw_link(
        actor=cast.amina,
        source=fresh(own),
        target=fresh(other),
        kind=LinkKind.CONFLICTS_WITH,
        reason="One buys, one mends.",
    )
    client.force_login(cast.bruno)
    page = text_of(client, SPACE)
    for words in ("Who mends barrels", "Barrels are mended by their street.", "MA-P1", "One buys, one mends."):
        assert words in page
    assert "private draft" in page
    assert "quince" not in page
    assert f"{ROUND}MA-P1/" not in page
    text_of(client, f"{ROUND}MA-P1/", status=404)
    client.force_login(cast.dalia)
    page = text_of(client, f"{ROUND}drafts/MA/")
    assert "Barrels for every house" in page
    assert f"{ROUND}MA-P1/draft/" in page
    publish_revision(actor=cast.amina, document=fresh(other), override_reason="To show it.")
    save_revision(
        actor=cast.dalia,
        document=other,
        passages=[passages[0], DraftPassage(PassageKind.SUMMARY, "Barrels are mended in secret.")],
    )
    client.force_login(cast.bruno)
    page = text_of(client, SPACE)
    assert f'href="{ROUND}MA-P1/"' in page
    assert "in secret" not in page


def test_a_groups_page_leads_its_members_to_their_drafts_and_nobody_else(client: Client, cast: Cast) -> None:
    space_of(cast)
    address = "/processes/open-garden/groups/AD/"
    for viewer in (cast.bruno, cast.amina):
        client.force_login(viewer)
        assert SPACE in text_of(client, address)
    client.force_login(cast.chen)
    assert SPACE not in text_of(client, address)
    client.logout()
    assert SPACE not in text_of(client, address)
