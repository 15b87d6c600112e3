"""Bringing a page in through the browser: upload, preview, correct, confirm; and every kind of bad input."""

import re
from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import translation

from harken.core.outline import Outline, read_outline
from harken.documents.models import Document, OutlineDraft, Revision
from harken.documents.outline_corrections import (
    CannotCorrect,
    OutdatedPreview,
    correct_outline,
    fingerprint_outline,
)
from harken.people.models import Group
from harken.processes.models import Iteration, Phase
from tests.cast import Cast, text_of
from tests.documents.strategy_page import PAGE

UPLOAD = "/processes/open-garden/import/"


def upload(client: Client, text: str = PAGE, name: str = "page.txt") -> str:
    """Upload a file; the address of its preview."""
    response = client.post(UPLOAD, {"file": SimpleUploadedFile(name, text.encode()), "lang": "en"})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def fields_of(client: Client, place: str) -> dict[str, str]:
    """What the browser would send from the preview as it stands."""
    page = parse(text_of(client, place))
    [form] = page.xpath("//form[contains(@class, 'found')]")
    return {str(name): str(value) for name, value in form.form_values()}


def send(client: Client, place: str, **changes: str) -> Any:
    fields = fields_of(client, place)
    return client.post(place, fields | {name.replace("__", "."): value for name, value in changes.items()})


def record() -> list[object]:
    """Everything an import could write, to compare before and after."""
    models = (Iteration, Group, Document, Revision, Phase)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def parse(page: str) -> Any:
    """The page's elements."""
    return lxml.html.fromstring(page)


def words_of(page: str) -> str:
    """The page's words as one reads them."""
    return " ".join(str(parse(page).text_content()).split())


def test_a_file_is_previewed_before_anything_is_written(amina: Client) -> None:
    before = record()
    page = words_of(text_of(amina, upload(amina)))
    assert record() == before
    assert "6 recommendations" in page
    assert "Rain is kept at every house that has a roof" in page
    assert "Or: Watering before sunrise" in page
    assert "*Note: the group did not agree on everything yet." in page or "did not agree on everything yet" in page
    assert "1 group has no recommendation" in page
    assert "1 new phase" in page
    assert "becomes iteration 2" in page


def test_confirming_writes_everything_and_says_so(amina: Client, cast: Cast) -> None:
    place = upload(amina)
    response = send(amina, place, confirm="yes")
    assert response.headers["Location"] == "/processes/open-garden/"
    assert Document.objects.count() == 6
    assert "Imported: 6 new recommendations, 0 changed, 0 as they were." in text_of(amina, "/processes/open-garden/")
    assert "This was imported on" in text_of(amina, place)
    assert "<button" not in text_of(amina, place).partition('class="text bench"')[2], "nothing is left to press"


def test_the_same_page_again_changes_nothing(amina: Client) -> None:
    send(amina, upload(amina), confirm="yes")
    before = record()
    place = upload(amina)
    page = words_of(text_of(amina, place))
    assert "Nothing changes: what is on record says already what this page says." in page
    assert not parse(text_of(amina, place)).xpath("//button[@name='confirm']")
    assert record() == before


def test_confirming_twice_imports_once(amina: Client) -> None:
    place = upload(amina)
    fields = fields_of(amina, place) | {"confirm": "yes"}
    amina.post(place, fields)
    before = record()
    amina.post(place, fields)
    assert record() == before


def test_a_changed_page_shows_the_words_that_differ(amina: Client) -> None:
    send(amina, upload(amina), confirm="yes")
    changed = PAGE.replace("A shed in every street", "A locked shed in every street").replace(
        "  3. Compost is collected on Mondays\n", ""
    )
    page = text_of(amina, upload(amina, changed))
    assert "<ins>locked </ins>" in page or "<ins>locked</ins>" in page
    read = words_of(page)
    assert "1 changed" in read
    assert "1 on record is not on this page; it stays as it is" in read
    assert "Compost is collected on Mondays" in read


def test_names_codes_titles_and_texts_are_corrected_in_place(amina: Client) -> None:
    place = upload(amina)
    changes = {"i0__title": "Second drafts", "i0__date": "2026-09-20", "i0__g0__name": "Soil and Rain"}
    changes |= {"i0__g0__code": "ra", "i0__g0__r0__title": "Rain barrels", "i0__g0__r0__text": "At every\r\nhouse."}
    changes |= {"i0__g0__r1__alternatives": "Water at dawn\r\n\r\nSleep at noon"}
    assert send(amina, place, **changes).headers["Location"] == place
    send(amina, place, confirm="yes")
    document = Document.objects.get(code="RA-R1", iteration__number=2)
    assert (document.title, document.lede) == ("Rain barrels", "At every\nhouse.")
    assert Group.objects.get(code="RA").name == "Soil and Rain"
    iteration = Iteration.objects.get(number=2)
    assert (iteration.title, iteration.date) == ("Second drafts", "2026-09-20")
    assert document.chapter.group.code == "RA"
    versions = Revision.objects.get(document__code="RA-R2", document__iteration=iteration).version_ids
    assert len(versions) == 3, "a title and two alternatives"


def test_what_is_left_out_is_not_imported(amina: Client) -> None:
    place = upload(amina)
    send(amina, place, i0__g1__leave="on", i0__g0__r1__leave="on", w0__leave="on", l1__leave="on")
    page = words_of(text_of(amina, place))
    assert "3 recommendations" in page
    send(amina, place, confirm="yes")
    imported = sorted(Document.objects.values_list("iteration__number", "code"))
    assert imported == [(1, "SW-R1"), (2, "SW-R1"), (2, "SW-R3")]
    assert not Phase.objects.exists()


def test_a_line_without_a_place_is_taken_into_a_group(cast: Cast) -> None:
    outline = read_outline(PAGE.encode(), name="page.txt").to_json()
    outline["unplaced"] = [
        {"line": 9, "text": "Mulch in winter", "reason": "No number."},
        {"line": 10, "text": "Something else", "reason": "No number."},
    ]
    corrected = correct_outline(outline, {"read_as": fingerprint_outline(outline), "u0.take": "i1.g1"})
    assert corrected["iterations"][1]["groups"][1]["recommendations"] == [
        {"number": None, "code": "TS-R1", "title": "Mulch in winter", "text": "", "alternatives": [], "heading": ""}
    ]
    assert [one["text"] for one in corrected["unplaced"]] == ["Something else"]
    assert corrected["empty_groups"] == []
    Outline.from_json(corrected)


def test_a_line_is_not_taken_into_a_group_that_is_left_out() -> None:
    outline = read_outline(PAGE.encode(), name="page.txt").to_json()
    outline["unplaced"] = [{"line": 9, "text": "Mulch in winter", "reason": "No number."}]
    read_as = fingerprint_outline(outline)
    taken = {"u0.take": "i0.g0"}
    for fields in (taken | {"i0.g0.leave": "on"}, taken | {"i0.leave": "on"}, {"u0.take": "i9.g9"}):
        with pytest.raises(CannotCorrect, match="Choose a group that is not left out"):
            correct_outline(outline, {"read_as": read_as, **fields})


def test_correcting_nothing_changes_nothing(amina: Client) -> None:
    place = upload(amina)
    draft = OutlineDraft.objects.get()
    before = draft.outline
    amina.post(place, fields_of(amina, place))
    draft.refresh_from_db()
    assert draft.outline == before


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"i0.g0.code": "S W"}, "i0.g0.code", "S W is no code: use capital letters A to Z and digits."),
        ({"i0.g0.code": "TS"}, "i0.g1.code", "Two groups cannot both have the code TS."),
        ({"i0.g0.name": " "}, "i0.g0.name", "The group SW needs a name."),
        ({"i0.g0.r0.title": ""}, "i0.g0.r0.title", "SW-R1 needs a title; to leave it out, tick “Leave it out”."),
        ({"i0.title": ""}, "i0.title", "An iteration needs a title."),
        ({"i0.date": "last autumn"}, "i0.date", "Write the date as 2019, 2019-09 or 2019-09-15."),
    ],
)
def test_a_mistaken_correction_loses_nothing_of_what_was_typed(
    amina: Client, changes: dict[str, str], place: str, words: str
) -> None:
    address = upload(amina)
    before = OutlineDraft.objects.get().outline
    typed = {"i0.g1.r1.text": "Typed at length", "i1.g0.leave": "on", "confirm": "yes"}
    response = amina.post(address, fields_of(amina, address) | typed | changes)
    page = parse(response.content.decode())
    assert response.status_code == 422
    assert words in words_of(response.content.decode())
    assert page.xpath(f"//a[@href='#f-{place}']"), "the list of mistakes leads to the field"
    [field] = page.xpath(f"//*[@id='f-{place}']")
    assert field.get("aria-invalid") == "true"
    assert field.xpath("ancestor::details[@open]"), "the fold around it stands open"
    assert "Typed at length" in response.content.decode()
    assert page.xpath("//input[@name='i1.g0.leave'][@checked]")
    for name, value in changes.items():
        [shown] = page.xpath(f"//*[@name='{name}']")
        assert (shown.get("value") if shown.tag == "input" else shown.text_content()).strip() == value.strip()
    assert OutlineDraft.objects.get().outline == before
    assert not Document.objects.exists()


def test_a_page_from_before_another_correction_corrects_nothing(amina: Client) -> None:
    place = upload(amina)
    old = fields_of(amina, place)
    send(amina, place, i0__g0__r0__leave="on")
    outline = OutlineDraft.objects.get().outline
    response = amina.post(place, old | {"i0.g0.r0.leave": "on", "confirm": "yes"})
    assert response.status_code == 422
    assert "This preview was corrected elsewhere in the meantime." in response.content.decode()
    assert OutlineDraft.objects.get().outline == outline
    assert not Document.objects.exists()
    with pytest.raises(OutdatedPreview):
        correct_outline(outline, {})


def test_somebody_elses_draft_is_not_there(client: Client, cast: Cast, amina: Client) -> None:
    place = upload(amina)
    cast.dalia.is_superuser = True
    cast.dalia.save()
    client.force_login(cast.dalia)
    assert client.get(place).status_code == 404


def test_importing_is_for_organisers(client: Client, cast: Cast) -> None:
    assert client.get(UPLOAD).headers["Location"].startswith("/account/login/")
    client.force_login(cast.bruno)
    assert "Only organisers of Open Garden can change it." in text_of(client, UPLOAD, status=403)
    assert client.post(UPLOAD, {"text": PAGE, "lang": "en"}).status_code == 403


def test_pasted_text_is_read(amina: Client) -> None:
    response = amina.post(UPLOAD, {"text": PAGE, "lang": "ar"})
    draft = OutlineDraft.objects.get()
    assert response.headers["Location"] == f"{UPLOAD}{draft.pk}/"
    assert draft.lang == "ar"
    assert "pasted text" in text_of(amina, UPLOAD), "a draft one began is found again"


@pytest.mark.parametrize(
    ("sources", "count"), [({}, 0), ({"text": PAGE, "address": "https://example.org/"}, 2), ({"text": "  "}, 0)]
)
def test_exactly_one_source_is_given(amina: Client, sources: dict[str, str], count: int) -> None:
    response = amina.post(UPLOAD, {"lang": "en", **sources})
    assert response.status_code == 422
    page = response.content.decode()
    assert ("Give one of the three: a file, an address, or the text." in page) or count == 0
    assert 'role="alert"' in page


def bad_file(name: str, content: bytes, words: str) -> Any:
    return pytest.param(name, content, words, id=name or "unnamed")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        bad_file("page.docx", b"not a zip at all", "page.docx"),
        bad_file("page.txt", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "PNG"),
        bad_file("empty.txt", b"", "empty"),
        bad_file("blank.txt", b" \n \n", "empty"),
        bad_file("broken.md", b"# H\n## G\n\xff\xfe\xfa\x80 \xc3\x28", "not valid UTF-8: byte 0xff on line 3"),
        bad_file("many.md", b"# h\n" * 100_000, "headings"),
    ],
)
def test_a_bad_file_is_one_clear_line_beside_the_form(amina: Client, name: str, content: bytes, words: str) -> None:
    response = amina.post(UPLOAD, {"file": SimpleUploadedFile(name, content), "lang": "en"})
    page = response.content.decode()
    assert response.status_code == 422
    [line] = parse(page).xpath("//div[@role='alert']//li")
    assert words in line.text_content()
    assert not OutlineDraft.objects.exists()


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(amina: Client) -> None:
    content = b"a line of text\n" * 3_600_000
    response = amina.post(UPLOAD, {"file": SimpleUploadedFile("big.txt", content), "lang": "en"})
    assert response.status_code == 422
    assert "at most 50 MB" in response.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=2_000)
def test_a_pasted_text_beyond_what_a_form_holds_is_a_sentence_not_an_error_page(amina: Client) -> None:
    response = amina.post(UPLOAD, {"text": "a" * 5_000, "lang": "en"})
    assert response.status_code == 422
    assert "The text is too long to be pasted." in response.content.decode()


def test_the_form_cannot_be_sent_from_elsewhere(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amina)
    assert client.post(UPLOAD, {"text": PAGE, "lang": "en"}).status_code == 403
    assert not OutlineDraft.objects.exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://10.0.0.1/page", "http://[::1]/"])
def test_a_private_address_is_refused_beside_its_field(amina: Client, address: str) -> None:
    response = amina.post(UPLOAD, {"address": address, "lang": "en"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "leads to a private address, which is not fetched." in page
    assert 'href="#id_address"' in page
    assert f'value="{address}"' in page


def test_a_page_without_groups_says_what_would_help(amina: Client) -> None:
    place = upload(amina, "Just some words, and nothing to number.\n\nAnd some more.")
    page = words_of(text_of(amina, place))
    assert "No group with recommendations was found, so there is nothing to import." in page
    assert "Try another way" in page
    response = amina.post(place, {"read_as": fingerprint_outline(OutlineDraft.objects.get().outline), "confirm": "yes"})
    assert response.status_code == 422
    assert "no group with recommendations was found" in response.content.decode()


def test_scripts_in_a_page_are_words_at_most(amina: Client) -> None:
    html = PAGE.replace("Nobody waters at noon", "Nobody <img src=x onerror=alert(1)> waters")
    page = text_of(amina, upload(amina, html))
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def long_page(count: int) -> str:
    lines = ["# Iteration 1 (May 2026)", ""]
    for name in ("Soil", "Water"):
        lines += [f"## {name}", "", *(f"{number}. {name} thing number {number}" for number in range(1, count + 1)), ""]
    return "\n".join(lines)


def test_a_long_outline_is_shown_and_corrected_a_group_at_a_time(amina: Client) -> None:
    place = upload(amina, long_page(450), "long.md")
    page = text_of(amina, place)
    assert "Soil thing number 7" not in page
    assert len(page) < 40_000
    [link] = parse(page).xpath("//h3[@id='t-i0.g1']/following::a[contains(@href, 'group=')][1]/@href")
    part = place + str(link).partition("#")[0]
    shown = text_of(amina, f"{part}&page=3")
    assert re.findall(r"Water thing number (\d+)</p>", shown) == [str(number) for number in range(401, 451)]
    response = send(amina, f"{part}&page=3", i0__g1__r449__title="The very last")
    assert response.headers["Location"] == f"{part}&page=3"
    assert "The very last" in text_of(amina, f"{part}&page=3")
    groups = OutlineDraft.objects.get().outline["iterations"][0]["groups"]
    assert [len(group["recommendations"]) for group in groups] == [450, 450]
    assert text_of(amina, f"{part}&page=999999999999999999999999")


def test_the_preview_answers_in_every_language_of_the_interface(amina: Client, cast: Cast) -> None:
    place = upload(amina)
    for language in ("ar", "de", "es", "fr", "hi", "pt"):
        with translation.override("en"):  # a request leaves its language behind
            page = text_of(amina, f"/{language}{place}")
        assert 'lang="en" dir="ltr">Compost is collected on Mondays</p>' in page
