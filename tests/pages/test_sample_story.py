"""The sample shows living documents: what people did with its drafts, in the words of its files."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from harken.documents.models import (
    Acceptance,
    Anchor,
    AnchorState,
    ChangeClass,
    Document,
    DocumentKind,
    EdgeState,
    KeptText,
    LineageEdge,
    LineageKind,
    Link,
    LinkKind,
    PassageEdge,
    PositionKind,
    PositionsShown,
    Remark,
    Reviewer,
    Revision,
    Suggestion,
    SuggestionState,
    Template,
)
from harken.documents.permissions import may_edit_document, may_suggest
from harken.documents.queries.consensus import newest_position
from harken.documents.queries.findings import find_in_document
from harken.documents.queries.suggestions import group_suggestions, suggestion_rows
from harken.documents.queries.synthesis import standing_edges
from harken.documents.queries.texts import load_passages
from harken.documents.typed_text import write_typed
from harken.pages.sample.load import PASSWORD, SAMPLE_LOGINS, load_sample
from harken.pages.sample.story import EVENTS, read_story
from harken.pages.sample.story.told import Edit, NoSuchWords, apply_edits, find_passage
from harken.people.models import Membership, Role, User
from harken.processes.models import Process
from harken.processes.permissions import is_open
from tests.cast import text_of

pytestmark = [pytest.mark.usefixtures("sample_to_read"), pytest.mark.django_db]

ROOT = "/processes/worth-mending/"
SEVERAL = 3


def document(iteration: int, code: str) -> Document:
    return Document.objects.select_related(
        "iteration__process__body", "chapter__group", "template", "current", "published"
    ).get(iteration__number=iteration, code=code)


def everyone() -> dict[str, User]:
    return User.objects.in_bulk(field_name="username")


def test_every_kind_of_event_happens() -> None:
    told = {type(event) for event in read_story()}
    assert told == set(EVENTS.values())


def test_the_second_drafts_follow_the_template_that_the_organisers_made_their_own() -> None:
    second = Document.objects.filter(iteration__number=2, kind=DocumentKind.RECOMMENDATION)
    assert {one.template.slug if one.template else "" for one in second.select_related("template")} == {
        "draft-recommendation"
    }
    template = Template.objects.get(slug="draft-recommendation")
    titles = [section.titles["en"] for section in template.sections]
    assert titles == ["What", "Why", "How it could work", "Who is affected", "Possible harm"]
    assert [set(section.titles) for section in template.sections] == [{"en", "ar", "de", "es", "fr", "hi", "pt"}] * 5
    for one in second.select_related("current"):
        passages = load_passages(one.current)
        assert not any(passage.kind == "heading" for passage in passages)
        assert {passage.section for passage in passages[1:] if passage.kind in ("paragraph", "item")} <= {
            section.key for section in template.sections
        }
    assert not Document.objects.filter(iteration__number=1, template__isnull=False).exists()


def test_each_depth_of_a_second_draft_shows_more(client: Client) -> None:
    pages = [text_of(client, f"{ROOT}iteration-2/WB-R1/?depth={depth}") for depth in ("summary", "core")]
    pages.append(text_of(client, f"{ROOT}iteration-2/WB-R1/"))
    assert ["walked past three times" in page for page in pages] == [False, True, True]
    assert ["one chair that is always free" in page for page in pages] == [False, False, True]


def test_three_drafts_of_three_groups_are_merged_with_reasons_in_the_languages_of_the_people(client: Client) -> None:
    merged = document(3, "LT-R1")
    edges = LineageEdge.objects.filter(later=merged, state=EdgeState.ACCEPTED, kind=LineageKind.MERGED)
    assert {edge.earlier.code for edge in edges if edge.earlier} == {"WB-R2", "TS-R5", "SK-R5"}
    assert any("पहला घंटा" in edge.reason for edge in edges)
    carried = standing_edges(merged)
    assert all(edge.reason for edge in carried)
    assert carried.filter(later=None).count() >= 1, "left out, with a reason"
    assert {LineageKind.KEPT, LineageKind.MERGED, LineageKind.DROPPED} <= {edge.kind for edge in carried}
    assert merged.template
    assert merged.template.slug == "final-recommendation"
    assert merged.published
    page = text_of(client, f"{ROOT}iteration-3/LT-R1/")
    assert page.count("from <a") >= SEVERAL
    assert "WB-R2" in page
    assert "It is told once here." in page


def test_the_bench_counts_passages_that_are_not_yet_represented(client: Client) -> None:
    client.login(username="bruno", password=PASSWORD)
    page = text_of(client, f"{ROOT}iteration-3/LT-R1/synthesis/")
    assert "2 not yet" in page
    assert "5 left out" in page


def test_drafts_are_derived_split_and_let_go() -> None:
    kinds = {(edge.earlier and edge.earlier.code, edge.later and edge.later.code): edge.kind for edge in _onward()}
    assert kinds["CM-R4", "LT-R2"] == LineageKind.KEPT
    assert kinds["MM-R1", "LT-R3"] == kinds["MM-R1", "LT-R4"] == LineageKind.SPLIT
    assert kinds["MP-R3", None] == LineageKind.DROPPED
    assert [bool(document(3, code).published) for code in ("LT-R1", "LT-R2", "LT-R3", "LT-R4")] == [
        True,
        True,
        False,
        False,
    ]


def _onward() -> Iterator[LineageEdge]:
    """What people said became of the second drafts."""
    return iter(
        LineageEdge.objects.filter(earlier__iteration__number=2, state=EdgeState.ACCEPTED).select_related(
            "earlier", "later"
        )
    )


def test_a_private_draft_lacks_something_of_every_kind() -> None:
    report = find_in_document(document(3, "LT-R4"))
    blocking = {row.code for row in report.blocking}
    advice = {row.code for row in report.advice}
    assert blocking == {"unfinished_mark", "empty_section", "link_to_nothing"}
    assert {"over_budget", "one_sentence", "forbidden_term", "long_sentence"} <= advice
    published = Document.objects.filter(published__isnull=False, template__isnull=False)
    for one in published.select_related("iteration__process__body", "template", "current"):
        assert not find_in_document(one).blocking, f"{one.code} could not be published again"


def test_several_texts_have_revisions_by_different_writers_of_every_class() -> None:
    later = Revision.objects.filter(document__iteration__number=2, number__gt=1).exclude(change_class="")
    by_text: dict[str, set[str]] = {}
    for revision in later.select_related("document"):
        assert revision.note
        by_text.setdefault(revision.document.code, set()).add(revision.author_name)
    assert sum(len(writers) > 1 for writers in by_text.values()) >= SEVERAL
    assert {revision.change_class for revision in later} == set(ChangeClass.values)
    within = PassageEdge.objects.filter(document__iteration__number=2)
    assert {edge.kind for edge in within} == {LineageKind.SPLIT, LineageKind.MERGED}
    first, last = Revision.objects.filter(document=document(2, "WB-R1")).order_by("number")[0:4:3]
    sections = [
        {passage.public_id: passage.section for passage in load_passages(revision)} for revision in (first, last)
    ]
    moved = [key for key in sections[0] if sections[1].get(key) != sections[0][key]]
    assert len(moved) == 1, "a passage stands in another section, under its own id"


def test_bruno_has_words_that_he_has_not_saved() -> None:
    (kept,) = KeptText.objects.select_related("user", "document")
    assert (kept.user.username, kept.document.code) == ("bruno", "WB-R3")


def test_many_suggestions_on_one_passage_of_which_three_say_the_same() -> None:
    waiting = Suggestion.objects.filter(document=document(2, "WB-R2"), state__in=["open", "stale"]).order_by("id")
    assert waiting.values("passage").distinct().count() == 1
    groups = group_suggestions(suggestion_rows(waiting))
    assert [len(group.rows) for group in groups] == [3, 1, 1, 1]
    assert groups[-1].first.state == SuggestionState.STALE
    open_ones = waiting.filter(state=SuggestionState.OPEN)
    assert all(one.on_id != one.base_id for one in open_ones), "rebased over another writer's words"
    assert Remark.objects.filter(suggestion__in=open_ones).values("author").distinct().count() == 3


def test_suggestions_end_in_every_way_and_whoever_made_one_is_credited() -> None:
    states = Counter(Suggestion.objects.values_list("state", flat=True))
    assert set(states) == set(SuggestionState.values) - {SuggestionState.WITHDRAWN}
    assert all(one.decision_reason for one in Suggestion.objects.filter(decided_at__isnull=False))
    credited = document(2, "WB-R2").revisions.get(number=3)
    assert credited.credits == ["Thandeka Mbele"]
    assert any("the best ones too" in passage.text for passage in load_passages(credited))
    in_part = Suggestion.objects.get(state=SuggestionState.IN_PART)
    says = " ".join(passage.text for passage in load_passages(document(2, "WB-R2").published))
    assert "Two benches have counted by now" in says
    assert "handed" in in_part.text
    assert "handed" not in says
    assert len(set(Suggestion.objects.values_list("lang", flat=True))) >= 6


def test_remarks_stay_with_their_words_or_say_that_they_came_loose() -> None:
    anchors = Anchor.objects.filter(document=document(2, "WB-R5")).select_related("place")
    states = Counter(anchor.place.state for anchor in anchors if anchor.place)
    assert set(states) == set(AnchorState.values)
    moved = anchors.get(place__state=AnchorState.MOVED)
    assert moved.place
    assert moved.passage_id != moved.place.passage_id, "it survived a split, on the part that holds its words"
    assert PassageEdge.objects.filter(earlier=moved.passage, later=moved.place.passage, kind=LineageKind.SPLIT).exists()
    assert Remark.objects.filter(resolved_at__isnull=False).count() == 1


def test_members_take_every_position_and_readers_see_as_much_as_their_group_shows(client: Client) -> None:
    by_names, by_sentence = text_of(client, f"{ROOT}iteration-2/CM-R5/"), text_of(client, f"{ROOT}iteration-2/MP-R3/")
    assert "أبو مسمار" in by_names
    assert "لن أحرس بابًا" in by_names
    assert "Not all members agree" in by_sentence
    assert "Priya" not in by_sentence
    assert "come out of a box" not in by_sentence
    solene = newest_position(document(2, "WB-R5"), everyone()["solene"].pk)
    assert solene
    assert (solene.kind, solene.lang) == (PositionKind.RESERVATIONS, "fr")
    assert newest_position(document(2, "WB-R5"), everyone()["bruno"].pk) is None, "the visitor can say it"
    shown = {document(2, code).positions_shown for code in ("CM-R5", "MP-R3", "MP-R5")}
    assert shown == {PositionsShown.NAMES, PositionsShown.SENTENCE, PositionsShown.REASONS}
    stated = Document.objects.filter(revisions__positions__isnull=False)
    kinds = set(stated.values_list("revisions__positions__kind", flat=True)) - {None}
    assert kinds == set(PositionKind.values)


def test_a_dozen_people_have_accepted_the_code_of_conduct(client: Client) -> None:
    assert Acceptance.objects.filter(revision__document=document(2, "CT-CC1")).count() == 14
    assert "14 people have accepted this text." in text_of(client, f"{ROOT}iteration-2/CT-CC1/")
    assert not Acceptance.objects.filter(user__username="dalia").exists(), "the visitor can accept it"


def test_texts_are_linked_in_all_four_ways_and_some_links_wait() -> None:
    accepted = Link.objects.filter(state=EdgeState.ACCEPTED)
    assert {link.kind for link in accepted} == set(LinkKind.values)
    assert all(link.reason for link in accepted)
    assert any(link.source_agrees != link.target_agrees for link in accepted)
    needs = {(link.source_id, link.target_id) for link in accepted if link.kind == LinkKind.DEPENDS_ON}
    assert any((target, source) in needs for source, target in needs), "a circle"
    waiting = Link.objects.filter(state=EdgeState.PROPOSED)
    assert waiting
    assert all(link.method for link in waiting)


def test_the_core_team_adds_a_cover_note_a_glossary_and_a_code_of_conduct() -> None:
    papers = Document.objects.filter(chapter__group__code="CT", published__isnull=False)
    assert {one.kind for one in papers} == {DocumentKind.COVER_NOTE, DocumentKind.GLOSSARY, DocumentKind.CONDUCT}
    glossary = document(2, "CT-G1")
    assert not find_in_document(glossary).rows, "it may name the words it asks to avoid"


def test_groups_have_reviewers() -> None:
    invited = {(one.chapter.group.code, one.user.username) for one in Reviewer.objects.select_related("chapter__group")}
    assert ("TS", "chen") in invited
    assert ("LT", "henrique") in invited


def test_whoever_tries_the_sample_can_write_as_bruno_and_suggest_as_dalia(client: Client) -> None:
    process = Process.objects.get(slug="worth-mending")
    assert all(is_open(process, action) for action in ("read", "give_input", "suggest", "draft", "connect"))
    tea, people = document(2, "WB-R2"), everyone()
    assert may_edit_document(people["bruno"], tea)
    assert may_suggest(people["dalia"], tea)
    assert not may_edit_document(people["dalia"], tea)
    client.login(username="bruno", password=PASSWORD)
    assert "Edit" in text_of(client, f"{ROOT}iteration-2/WB-R2/draft/")
    text_of(client, f"{ROOT}iteration-3/LT-R4/draft/")


def test_an_event_says_when_its_words_are_not_there() -> None:
    tea = document(2, "WB-R2")
    passages = load_passages(tea.current)
    with pytest.raises(NoSuchWords):
        find_passage(passages, "no such words")
    typed = write_typed(passages, tea.template)
    with pytest.raises(NoSuchWords):
        apply_edits(typed, [Edit(find="the", put="a")])


def test_the_cast_can_sign_in_and_only_the_cast() -> None:
    for login in SAMPLE_LOGINS:
        assert User.objects.get(username=login.username).check_password(login.password)
    others = User.objects.exclude(username__in=[login.username for login in SAMPLE_LOGINS])
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)
    organisers = Membership.objects.filter(role=Role.ORGANISER, group__process__isnull=False)
    assert [one.user.username for one in organisers] == ["amina"]


def test_thrice_as_much_lies_at_an_address_of_its_own() -> None:
    before = Document.objects.count()
    slug = load_sample(scale=3, reference=timezone.localdate())
    assert slug == "worth-mending-3"
    assert Document.objects.filter(iteration__process__slug=slug).count() == Document.objects.count() - before == 228
