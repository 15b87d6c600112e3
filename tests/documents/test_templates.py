"""What texts are made of is data: organisers change it, and no text loses a word."""

from collections.abc import Sequence

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from harken.base.models import AuditEvent
from harken.base.permits import Refused
from harken.documents.actions.saving import save_revision
from harken.documents.actions.templates import (
    LastTemplate,
    NoSuchSection,
    NoSuchTemplate,
    NoWords,
    TemplateInUse,
    TooManySections,
    add_section,
    add_template,
    change_section,
    change_template,
    install_templates,
    move_section,
    move_template,
    remove_section,
    remove_template,
    restore_section,
    stored_template,
)
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Depth, Document, DocumentKind, PassageKind, Section, Template
from harken.documents.models.templates import SUMMARY_SECTION
from harken.documents.queries.templates import find_template, lay_out, template_rows, templates_of
from harken.documents.queries.texts import load_passages
from harken.documents.shipped_templates import shipped_templates
from harken.processes.models import Process
from tests.cast import Cast, add_round, text_of

LANGUAGES = {code for code, _name in settings.LANGUAGES}
SETTINGS = "/processes/open-garden/settings/templates/"


def keys(template: Template) -> list[str]:
    return [section.key for section in template.sections]


def fresh(process: Process, slug: str) -> Template:
    return Template.objects.get(process=process, slug=slug)


def write_text(cast: Cast, slug: str, *answers: tuple[str, str]) -> Document:
    """A published text by a template, with a paragraph for each (section, words)."""
    iteration, _documents = add_round(cast.process, cast.advocacy)
    chapter = Chapter.objects.get(iteration=iteration)
    template = stored_template(actor=cast.amina, process=cast.process, slug=slug)
    passages = [DraftPassage(PassageKind.TITLE, "Water the beds")]
    passages += [DraftPassage(PassageKind.PARAGRAPH, words, section=key) for key, words in answers]
    draft = DraftDocument("AD-R1", tuple(passages), 1, "en", kind=DocumentKind(template.kind), template=template)
    [document] = create_documents(actor=cast.amina, chapter=chapter, drafts=[draft])
    return document


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda template: template.slug)
def test_a_shipped_template_speaks_every_language_of_the_interface(template: object) -> None:
    shipped = next(one for one in shipped_templates() if one is template)
    spoken = [shipped.names, shipped.descriptions]
    spoken += [words for section in shipped.sections for words in (section.titles, section.guidance)]
    for words in spoken:
        assert set(words) == LANGUAGES
        assert all(text.strip() for text in words.values())
        assert len(set(words.values())) > 1


def test_every_kind_of_text_has_a_shipped_template() -> None:
    assert {template.kind for template in shipped_templates()} == set(DocumentKind)


def test_shipped_sections_have_each_their_key_and_belong_to_a_depth() -> None:
    for template in shipped_templates():
        found = [section.key for section in template.sections]
        assert len(set(found)) == len(found)
        for section in template.sections:
            assert section.depths
            assert set(section.depths) <= set(Depth.values)
            assert section.key != SUMMARY_SECTION or (section.required and section.budget and section.budget <= 60)
        assert any("summary" in section.depths for section in template.sections) or template.slug == "glossary"


def test_readers_accept_charters_and_codes_of_conduct_alone() -> None:
    accepted = {template.kind for template in shipped_templates() if template.asks_acceptance}
    assert accepted == {DocumentKind.CHARTER, DocumentKind.CONDUCT}


def test_a_draft_recommendation_asks_what_groups_were_asked() -> None:
    template = next(one for one in shipped_templates() if one.slug == "draft-recommendation")
    assert [section.key for section in template.sections] == [
        "what",
        "assumptions",
        "logic",
        "changes",
        "affected",
        "harm",
        "mitigation",
        "structure",
    ]


def test_a_process_has_the_shipped_templates_before_anybody_stored_them(cast: Cast) -> None:
    offered = templates_of(cast.process)
    assert [template.slug for template in offered] == [template.slug for template in shipped_templates()]
    assert not Template.objects.exists()


def test_installing_twice_adds_nothing(cast: Cast) -> None:
    assert len(install_templates(actor=cast.amina, process=cast.process)) == len(shipped_templates())
    add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"en": "Songs"})
    assert install_templates(actor=cast.amina, process=cast.process) == []
    assert "songs" in keys(fresh(cast.process, "principle"))
    assert AuditEvent.objects.filter(verb="installed templates").count() == 1


def test_the_first_change_stores_all_of_them(cast: Cast) -> None:
    move_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning", step="up")
    assert Template.objects.filter(process=cast.process).count() == len(shipped_templates())
    assert keys(fresh(cast.process, "principle"))[:2] == ["meaning", "summary"]


def test_what_was_removed_can_be_taken_up_again(cast: Cast) -> None:
    remove_template(actor=cast.amina, process=cast.process, slug="charter")
    assert find_template(cast.process, "charter") is None
    assert [one.slug for one in install_templates(actor=cast.amina, process=cast.process)] == ["charter"]
    assert find_template(cast.process, "charter") is not None


def test_only_organisers_change_templates(cast: Cast) -> None:
    for actor in (cast.bruno, cast.farid):
        with pytest.raises(Refused):
            install_templates(actor=actor, process=cast.process)
        with pytest.raises(Refused):
            remove_section(actor=actor, process=cast.process, slug="principle", key="meaning")
    assert not Template.objects.exists()


def test_a_new_template_begins_like_another(cast: Cast) -> None:
    made = add_template(
        actor=cast.amina,
        process=cast.process,
        names={"en": "Short recommendation", "ar": " "},
        kind=DocumentKind.RECOMMENDATION,
        like="final-recommendation",
    )
    assert (made.slug, made.names) == ("short-recommendation", {"en": "Short recommendation"})
    assert keys(made) == keys(fresh(cast.process, "final-recommendation"))
    assert templates_of(cast.process)[-1] == made


def test_names_in_any_script_get_an_address(cast: Cast) -> None:
    slugs = [
        add_template(actor=cast.amina, process=cast.process, names={"ar": "توصية"}, kind=DocumentKind.PRINCIPLE).slug
        for _time in range(2)
    ]
    assert slugs == ["principle-2", "principle-3"]
    named = add_template(actor=cast.amina, process=cast.process, names={"en": "Add"}, kind=DocumentKind.PRINCIPLE)
    assert named.slug == "add-2"


def test_a_template_and_a_section_need_a_name(cast: Cast) -> None:
    with pytest.raises(NoWords):
        add_template(actor=cast.amina, process=cast.process, names={"en": " "}, kind=DocumentKind.PRINCIPLE)
    with pytest.raises(NoWords):
        add_section(actor=cast.amina, process=cast.process, slug="principle", titles={})
    with pytest.raises(NoSuchTemplate):
        add_section(actor=cast.amina, process=cast.process, slug="poem", titles={"en": "Verse"})


def test_templates_are_offered_in_the_order_organisers_want(cast: Cast) -> None:
    before = [template.slug for template in templates_of(cast.process)]
    move_template(actor=cast.amina, process=cast.process, slug=before[1], step="up")
    move_template(actor=cast.amina, process=cast.process, slug=before[1], step="up")
    after = [template.slug for template in templates_of(cast.process)]
    assert after == [before[1], before[0], *before[2:]]


def test_a_template_that_texts_follow_stays(cast: Cast) -> None:
    write_text(cast, "principle", ("meaning", "Rain belongs to all."))
    with pytest.raises(TemplateInUse, match="1 text is written"):
        remove_template(actor=cast.amina, process=cast.process, slug="principle")
    for slug in [template.slug for template in templates_of(cast.process) if template.slug != "principle"]:
        remove_template(actor=cast.amina, process=cast.process, slug=slug)
    Document.objects.update(template=None)
    with pytest.raises(LastTemplate):
        remove_template(actor=cast.amina, process=cast.process, slug="principle")


def test_keys_are_never_given_again(cast: Cast) -> None:
    first = add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"en": "Songs"})
    remove_section(actor=cast.amina, process=cast.process, slug="principle", key=first.key)
    second = add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"en": "Songs"})
    assert (first.key, second.key) == ("songs", "songs-2")
    unwritten = add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"hi": "गीत"})
    assert unwritten.key == "section"
    summary = add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"en": "Summary"})
    assert summary.key == "summary-2"


def test_a_section_that_is_gone_cannot_be_changed(cast: Cast) -> None:
    remove_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning")
    for change in (remove_section, restore_section):
        with pytest.raises(NoSuchSection):
            change(actor=cast.amina, process=cast.process, slug="principle", key="verse")
    with pytest.raises(NoSuchSection):
        move_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning", step="up")


def test_nobody_fills_in_endless_sections(cast: Cast) -> None:
    template = stored_template(actor=cast.amina, process=cast.process, slug="principle")
    template.sections_json = [Section(f"s{n}", {"en": f"S{n}"}, {}).to_json() for n in range(60)]
    template.save()
    with pytest.raises(TooManySections):
        add_section(actor=cast.amina, process=cast.process, slug="principle", titles={"en": "One more"})


def test_what_was_changed_is_on_record(cast: Cast) -> None:
    change_section(
        actor=cast.amina,
        process=cast.process,
        slug="principle",
        key="meaning",
        titles={"en": "In other words"},
        guidance={},
        budget=None,
        depths=["extended", "summary"],
        required=False,
    )
    section = next(one for one in fresh(cast.process, "principle").sections if one.key == "meaning")
    assert (section.titles, section.budget, section.depths) == ({"en": "In other words"}, None, ("summary", "extended"))
    event = AuditEvent.objects.get(verb="changed section")
    assert event.detail["before"]["titles"]["en"] == "What it means"


def test_texts_follow_at_once_and_lose_nothing(client: Client, cast: Cast) -> None:
    document = write_text(cast, "principle", ("meaning", "Rain belongs to all."), ("practice", "Barrels stand open."))
    address = f"/processes/open-garden/iteration-1/{document.code}/"
    assert "What it means" in text_of(client, address)
    remove_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning")
    page = text_of(client, address)
    assert "Rain belongs to all." in page
    assert page.index("Barrels stand open.") < page.index("Rain belongs to all.")
    restore_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning")
    change_section(
        actor=cast.amina,
        process=cast.process,
        slug="principle",
        key="meaning",
        titles={"en": "In other words"},
        guidance={},
        budget=50,
        depths=["core"],
        required=True,
    )
    page = text_of(client, address)
    assert "In other words" in page
    assert "What it means" not in page
    assert page.index("Barrels stand open.") < page.index("Rain belongs to all.")


def test_what_stands_under_a_former_section_stays_under_its_name(cast: Cast) -> None:
    document = write_text(cast, "principle", ("meaning", "Rain belongs to all."), ("practice", "Barrels stand open."))
    template = remove_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning")
    *_kept, last = lay_out(template, load_passages(document.current))
    assert (last.is_former, last.title_in("de")) == (True, ("Was er bedeutet", "de"))
    assert [passage.text for passage in last.passages] == ["Rain belongs to all."]
    # Saving the text as it is laid out changes nothing in it.
    saved = save_revision(
        actor=cast.amina,
        document=document,
        passages=[passage.to_draft() for passage in load_passages(document.current)],
    )
    assert saved.revision is None


section_keys = st.lists(st.sampled_from(["what", "why", "how", "who", "when"]), unique=True)
words = st.lists(st.tuples(st.sampled_from(["", "what", "why", "how", "lost"]), st.text(max_size=8)), max_size=12)


@given(keys=section_keys, removed=section_keys, said=words)
def test_laying_out_keeps_every_passage_once_and_in_its_order(
    keys: Sequence[str], removed: Sequence[str], said: Sequence[tuple[str, str]]
) -> None:
    sections = [Section(key, {"en": key}, {}, removed=key in removed) for key in keys]
    template = Template(sections_json=[section.to_json() for section in sections])
    passages = [DraftPassage(PassageKind.PARAGRAPH, text, section=key) for key, text in said]
    laid = lay_out(template, passages)
    shown = [passage for part in laid for passage in part.passages]
    assert sorted(map(id, shown)) == sorted(map(id, passages))
    for part in laid:
        assert [passage for passage in passages if passage.section == part.key] == list(part.passages)
        assert part.is_former == (part.key != "" and part.key not in [section.key for section in template.sections])
    in_template = [part.key for part in laid if not part.is_former and part.key]
    assert in_template == [section.key for section in template.sections]


@given(moves=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["up", "down", "remove", "restore"])), max_size=12))
def test_sections_keep_their_words_whatever_is_done_to_their_order(moves: list[tuple[int, str]]) -> None:
    sections = [Section(f"s{n}", {"en": f"Title {n}"}, {}, budget=n + 1) for n in range(5)]
    stored = [section.to_json() for section in sections]
    assert [Section.from_json(data) for data in stored] == sections
    template = Template(sections_json=stored)
    for place, _act in moves:
        stored[place]["removed"] = not stored[place]["removed"]
    assert {section.key for section in template.every_section} == {section.key for section in sections}
    assert {section.key for section in template.sections} <= {section.key for section in sections}


def test_the_summary_stands_in_its_own_section_and_the_title_in_none(cast: Cast) -> None:
    template = find_template(cast.process, "final-recommendation")
    passages = [DraftPassage(PassageKind.TITLE, "Rain"), DraftPassage(PassageKind.SUMMARY, "Rain belongs to all.")]
    head, summary, *_rest = lay_out(template, passages)
    assert (head.key, summary.key) == ("", SUMMARY_SECTION)
    assert summary.passages == (passages[1],)


def test_the_list_says_how_many_texts_follow_each(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write_text(cast, "principle", ("meaning", "Rain belongs to all."))
    with django_assert_num_queries(2):
        rows = {row.template.slug: row.documents for row in template_rows(cast.process)}
    assert (rows["principle"], rows["charter"]) == (1, 0)


def test_an_organiser_adds_changes_moves_and_takes_out_sections_on_the_pages(amina: Client, cast: Cast) -> None:
    page = text_of(amina, SETTINGS)
    assert "Draft recommendation" in page
    assert f'href="{SETTINGS}"' in text_of(amina, "/processes/open-garden/settings/")
    assert "What harm it could do" in text_of(amina, f"{SETTINGS}draft-recommendation/")
    added = amina.post(f"{SETTINGS}principle/sections/add/", {"title": "Songs", "lang": "en"}, follow=True)
    assert added.redirect_chain[-1][0] == f"{SETTINGS}principle/sections/songs/"
    words = {"title_en": "Songs we sing", "title_ar": "أغانينا", "guidance_en": "", "budget": "40", "depths": ["core"]}
    assert amina.post(f"{SETTINGS}principle/sections/songs/", words).status_code == 302
    section = fresh(cast.process, "principle").sections[-1]
    assert (section.titles["ar"], section.budget, section.depths) == ("أغانينا", 40, ("core",))
    amina.post(f"{SETTINGS}principle/sections/songs/move/", {"step": "up"})
    assert keys(fresh(cast.process, "principle"))[-2] == "songs"
    amina.post(f"{SETTINGS}principle/sections/songs/remove/")
    assert "songs" not in keys(fresh(cast.process, "principle"))
    assert "Songs we sing" in text_of(amina, f"{SETTINGS}principle/")
    amina.post(f"{SETTINGS}principle/sections/songs/restore/")
    assert keys(fresh(cast.process, "principle"))[-1] == "songs"
    text_of(amina, f"{SETTINGS}principle/sections/verse/", status=404)


def test_an_organiser_names_adds_orders_and_removes_templates_on_the_pages(amina: Client, cast: Cast) -> None:
    added = amina.post(f"{SETTINGS}add/", {"name": "Poem", "lang": "en", "kind": "principle", "like": "principle"})
    assert added["Location"] == f"{SETTINGS}poem/"
    amina.post(f"{SETTINGS}poem/", {"name_en": "A poem", "description_en": "Short.", "asks_acceptance": "on"})
    assert (fresh(cast.process, "poem").names["en"], fresh(cast.process, "poem").asks_acceptance) == ("A poem", True)
    assert amina.post(f"{SETTINGS}poem/", {"name_en": ""}).status_code == 422
    amina.post(f"{SETTINGS}poem/move/", {"step": "up"})
    assert templates_of(cast.process)[-2].slug == "poem"
    amina.post(f"{SETTINGS}poem/remove/")
    text_of(amina, f"{SETTINGS}poem/", status=404)
    amina.post(f"{SETTINGS}charter/remove/")
    assert "Charter" in text_of(amina, SETTINGS)
    amina.post(f"{SETTINGS}install/")
    assert find_template(cast.process, "charter") is not None
    assert amina.post(f"{SETTINGS}add/", {"name": "", "lang": "xx-nope", "kind": "principle"}).status_code == 422


def test_an_empty_text_is_shown_at_each_depth(client: Client, cast: Cast) -> None:
    client.force_login(cast.bruno)
    page = text_of(client, f"{SETTINGS}draft-recommendation/preview/")
    assert "What we would do about it" in page
    core = text_of(client, f"{SETTINGS}draft-recommendation/preview/?depth=core")
    assert "What we would do about it" not in core
    with translation.override("ar"):
        assert "ما نوصي به" in text_of(client, f"/ar{SETTINGS}draft-recommendation/preview/")


@pytest.mark.parametrize("address", ["", "principle/", "principle/sections/meaning/"])
def test_others_are_told_that_organisers_do_this(client: Client, cast: Cast, address: str) -> None:
    client.force_login(cast.bruno)
    text_of(client, f"{SETTINGS}{address}", status=403)
    assert client.post(f"{SETTINGS}principle/sections/meaning/remove/").status_code == 403
    client.logout()
    assert client.get(f"{SETTINGS}{address}").status_code == 302


def test_templates_of_another_process_are_not_found(amina: Client, cast: Cast) -> None:
    text_of(amina, f"{SETTINGS}poem/", status=404)


def test_a_change_of_words_alone_is_a_change_readers_see(cast: Cast) -> None:
    install_templates(actor=cast.amina, process=cast.process)
    before = Process.objects.get(pk=cast.process.pk).content_version
    change_template(
        actor=cast.amina,
        process=cast.process,
        slug="principle",
        names={"en": "Conviction"},
        descriptions={"en": ""},
        asks_acceptance=False,
    )
    assert Process.objects.get(pk=cast.process.pk).content_version > before
    assert fresh(cast.process, "principle").descriptions == {}


def test_members_see_what_is_no_longer_in_the_template(client: Client, cast: Cast) -> None:
    write_text(cast, "principle", ("meaning", "Rain belongs to all."), ("practice", "Barrels stand open."))
    remove_section(actor=cast.amina, process=cast.process, slug="principle", key="meaning")
    client.force_login(cast.bruno)
    page = text_of(client, "/processes/open-garden/iteration-1/AD-R1/draft/")
    places = [page.index(words) for words in (">In practice<", "No longer in the template", "Rain belongs to all.")]
    assert places == sorted(places)
