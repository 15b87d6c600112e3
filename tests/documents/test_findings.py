"""What a text still lacks is said in sentences that tell what to do."""

from typing import get_args

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.core.text.findings import Finding, FindingCode
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.templates import remove_section, stored_template
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, DocumentKind, PassageKind
from harken.documents.queries.findings import (
    FindingsReport,
    find_in_document,
    find_in_texts,
    load_glossary,
    say_finding,
)
from harken.documents.queries.texts import load_passages_of
from harken.people.actions import create_group
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, text_of

PARAGRAPH, ITEM, HEADING = PassageKind.PARAGRAPH, PassageKind.ITEM, PassageKind.HEADING

FIGURES: dict[str, dict[str, float]] = {
    "over_budget": {"words": 120, "allowed": 100},
    "undefined_abbreviation": {"times": 3},
    "long_sentence": {"words": 41, "allowed": 25},
    "hard_to_read": {"score": 21.44, "words": 90, "sentences": 3, "words_per_sentence": 30.0},
}
DETAILS: dict[str, dict[str, str]] = {
    "link_to_nothing": {"label": "there", "target": "/nowhere/"},
    "forbidden_term": {"term": "stakeholders", "instead": "people"},
    "hard_to_read": {"measure": "Flesch", "level": "hard", "language": "en"},
}


def write(
    cast: Cast,
    *passages: DraftPassage,
    slug: str = "principle",
    code: str = "AD-P1",
    title: str = "Rain belongs to all",
    publish: bool = False,
) -> Document:
    """A text by a template in the first iteration, which begins with the first of them."""
    iteration = Iteration.objects.filter(process=cast.process, number=1).first()
    if iteration is None:
        iteration, _documents = add_round(cast.process, cast.advocacy)
    chapter = Chapter.objects.select_related("iteration__process__body", "group").get(
        iteration=iteration, group=cast.advocacy
    )
    template = stored_template(actor=cast.amina, process=cast.process, slug=slug)
    draft = DraftDocument(
        code,
        (DraftPassage(PassageKind.TITLE, title), *passages),
        1,
        "en",
        kind=DocumentKind(template.kind),
        template=template,
    )
    [made] = create_documents(actor=cast.amina, chapter=chapter, drafts=[draft], publish=publish)
    return Document.objects.select_related("iteration__process__body", "chapter", "template", "current").get(pk=made.pk)


def said(key: str, text: str, kind: PassageKind = PARAGRAPH) -> DraftPassage:
    return DraftPassage(kind, text, section=key)


def codes(report: FindingsReport) -> list[str]:
    return [row.code for row in report.rows]


COMPLETE = (
    DraftPassage(PassageKind.SUMMARY, "Rain belongs to all."),
    said("meaning", "Nobody sells rain. Everybody may keep it."),
)


def test_a_text_with_what_its_template_requires_may_be_shown(cast: Cast) -> None:
    report = find_in_document(write(cast, *COMPLETE))
    assert not report.blocking
    assert set(codes(report)) == {"empty_section"}
    assert {row.section for row in report.advice} == {"practice", "tensions"}


def test_an_empty_section_that_is_required_blocks_and_names_itself(cast: Cast) -> None:
    report = find_in_document(write(cast))
    assert [(row.section, row.place) for row in report.blocking] == [
        ("summary", "The principle"),
        ("meaning", "What it means"),
    ]
    assert "may not stay empty" in report.blocking[0].sentence
    with translation.override("ar"):
        translated = find_in_document(write(cast, code="AD-P2")).blocking[0]
    assert (translated.place, translated.place_lang) == ("المبدأ", "ar")


def test_marks_links_and_long_texts_lead_to_their_passages(cast: Cast) -> None:
    document = write(
        cast,
        COMPLETE[0],
        said("meaning", "TODO"),
        said("practice", "See [this](/processes/open-garden/iteration-1/AD-P77/). Then mend it."),
        said("tensions", "Water it daily. " * 60),
    )
    report = find_in_document(document)
    by_code = {row.code: row for row in report.rows}
    assert {"unfinished_mark", "link_to_nothing", "over_budget"} <= set(by_code)
    assert [row.code for row in report.blocking] == ["unfinished_mark", "link_to_nothing"]
    mark = by_code["unfinished_mark"]
    assert (mark.words, mark.place) == ("TODO", "What it means")
    assert document.passages.filter(public_id=mark.public_id).exists()
    assert "AD-P77" in by_code["link_to_nothing"].sentence
    assert by_code["over_budget"].public_id == ""


def test_a_text_without_template_is_checked_for_what_stands_in_it(cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds (TBD)")
    document = Document.objects.select_related("iteration__process", "chapter", "template", "current").get()
    report = find_in_document(document)
    assert [(row.code, row.place) for row in report.rows] == [("unfinished_mark", "")]


def test_what_stands_under_a_former_section_is_read_but_not_asked_for(cast: Cast) -> None:
    document = write(cast, *COMPLETE, said("practice", "TODO"))
    remove_section(actor=cast.amina, process=cast.process, slug="principle", key="practice")
    document.template = stored_template(actor=cast.amina, process=cast.process, slug="principle")
    report = find_in_document(document)
    assert [(row.code, row.place) for row in report.blocking] == [("unfinished_mark", "In practice")]
    assert "practice" not in {row.section for row in report.rows if row.code == "empty_section"}


def test_words_that_are_only_typed_are_checked_too(cast: Cast) -> None:
    document = write(cast)
    report = find_in_document(document, [DraftPassage(PassageKind.TITLE, "Rain"), *COMPLETE])
    assert not report.blocking
    typed = find_in_document(document, [*COMPLETE, said("practice", "TODO")])
    assert [(row.code, row.public_id) for row in typed.blocking] == [("unfinished_mark", "")]


def test_links_lead_to_what_readers_see_and_to_texts_of_the_same_group(cast: Cast) -> None:
    shown = write(cast, *COMPLETE, code="AD-P5", publish=True)
    write(cast, code="AD-P6")
    passage = shown.passages.first()
    assert passage is not None
    other = create_group(actor=OPERATOR, name="Materials", code="MA", parent=cast.process.body)
    chapter = Chapter.objects.create(iteration=shown.iteration, group=other, position=1, lang="en")
    private = DraftDocument("MA-R1", (DraftPassage(PassageKind.TITLE, "Clay"),), 1, "en")
    [hidden] = create_documents(actor=cast.amina, chapter=chapter, drafts=[private], publish=False)
    secret = hidden.passages.get()
    root = "/processes/open-garden/iteration-1"
    found = {
        f"{root}/AD-P5/": False,
        f"{root}/AD-P6/": False,
        f"/passages/{passage.public_id}/": False,
        f"{root}/AD-P5/#p-{passage.public_id}": False,
        f"{root}/MA-R1/": True,
        f"/passages/{secret.public_id}/": True,
        f"{root}/AD-P99/": True,
        "/passages/23456789b/": True,
        "https://example.org/AD-P99/": False,
    }
    for number, (target, leads_nowhere) in enumerate(found.items(), start=10):
        text = said("practice", f"Look [at this]({target}) first. Then go on.")
        report = find_in_document(write(cast, *COMPLETE, text, code=f"AD-P{number}"))
        assert ("link_to_nothing" in codes(report)) is leads_nowhere, target


def test_the_glossary_that_readers_see_counts(cast: Cast) -> None:
    document = write(cast, *COMPLETE, said("practice", "Our stakeholders ask the BWC. The BWC asks the stakeholders."))
    assert "undefined_abbreviation" in codes(find_in_document(document))
    glossary = write(
        cast,
        said("terms", "**Barrel and water council (BWC)**: it keeps the barrels.", ITEM),
        said("instead", "stakeholders → people", ITEM),
        slug="glossary",
        code="AD-G1",
    )
    assert load_glossary(cast.process).defined == {}
    publish_revision(actor=cast.amina, document=glossary)
    report = find_in_document(document)
    assert "undefined_abbreviation" not in codes(report)
    [first, *_others] = [row for row in report.advice if row.code == "forbidden_term"]
    assert (first.words, "“people”" in first.sentence) == ("stakeholders", True)
    Iteration.objects.update(is_public=False)
    assert load_glossary(cast.process).defined == {}


@pytest.mark.parametrize(
    ("text", "kind", "term", "synonyms"),
    [
        ("**hub (regional hub, RH)**: a group of groups", ITEM, "hub", ("regional hub", "RH")),
        ("__hub__ – a group of groups", ITEM, "hub", ()),
        ("hub: a group of groups", ITEM, "hub", ()),
        ("**hub:** a group of groups", PARAGRAPH, "hub", ()),
        ("**محور (م م)**: مجموعة", ITEM, "محور", ("م م",)),
        ("Hub (RH)", HEADING, "Hub", ("RH",)),
    ],
)
def test_terms_are_read_as_people_write_them(
    cast: Cast, text: str, kind: PassageKind, term: str, synonyms: tuple[str, ...]
) -> None:
    write(cast, said("terms", text, kind), slug="glossary", code="AD-G1", publish=True)
    assert load_glossary(cast.process).defined == {term: synonyms}


@pytest.mark.parametrize("text", ["A paragraph: it explains.", "no term here", "**:** nothing"])
def test_what_is_no_term_is_not_read_as_one(cast: Cast, text: str) -> None:
    write(cast, said("terms", text), slug="glossary", code="AD-G1", publish=True)
    assert load_glossary(cast.process).defined == {}


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("stakeholders → people", {"stakeholders": "people"}),
        ("**stakeholders, actors** -> *people*", {"stakeholders": "people", "actors": "people"}),
        ("leverage: use", {"leverage": "use"}),
        ("leverage – use", {"leverage": "use"}),
        ("roll-out => start", {"roll-out": "start"}),
        ("nothing to say", {}),
    ],
)
def test_words_to_avoid_are_read_with_what_to_say_instead(cast: Cast, text: str, forbidden: dict[str, str]) -> None:
    write(cast, said("instead", text, ITEM), slug="glossary", code="AD-G1", publish=True)
    assert load_glossary(cast.process).forbidden == forbidden


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("code", get_args(FindingCode))
@pytest.mark.parametrize("severity", ["blocking", "advice"])
def test_every_finding_is_a_sentence_in_every_language(code: FindingCode, severity: str, language: str) -> None:
    level = {"level": "very_hard"} if severity == "blocking" and code == "hard_to_read" else {}
    finding = Finding(
        code,
        severity,  # type: ignore[arg-type] # one of the two
        "what",
        figures=FIGURES.get(code, {}),
        details={**DETAILS.get(code, {}), **level},
    )
    with translation.override(language):
        sentence = say_finding(finding)
    assert sentence.strip()
    assert "%" not in sentence


def test_a_sentence_without_spaces_is_counted_in_characters() -> None:
    finding = Finding("long_sentence", "advice", "what", figures={"characters": 80, "allowed": 60})
    assert "80 characters" in say_finding(finding)


def test_many_texts_are_checked_with_the_queries_of_one(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(cast, said("terms", "**hub**: a group", ITEM), slug="glossary", code="AD-G1", publish=True)
    for number in (1, 2, 3):
        write(cast, said("practice", "See [it](/x/AD-P1/#p-23456789b)."), code=f"AD-P{number}")
    documents = list(
        Document.objects.filter(kind=DocumentKind.PRINCIPLE).select_related("current", "template", "chapter")
    )
    for number in (1, 3):
        texts = load_passages_of([document.current for document in documents[:number] if document.current])
        with django_assert_num_queries(4):
            reports = find_in_texts(cast.process, documents[:number], texts)
        assert len(reports) == number


def test_the_page_before_publishing_shows_what_was_found_and_where(client: Client, cast: Cast) -> None:
    document = write(cast, COMPLETE[0], said("meaning", "TODO: <b>say it</b>"))
    client.force_login(cast.bruno)
    page = text_of(client, "/processes/open-garden/iteration-1/AD-P1/publish/")
    public_id = document.passages.order_by("id").last()
    assert public_id is not None
    assert f'href="/processes/open-garden/iteration-1/AD-P1/draft/#p-{public_id.public_id}"' in page
    assert "To settle before readers see it" in page
    assert "What would make it better" in page
    assert "<b>say it" not in page
