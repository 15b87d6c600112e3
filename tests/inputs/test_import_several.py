"""Several files are brought at once, or packed; and brought again, all or one, they add only what is new."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harken.inputs import packages
from harken.inputs.forms import importing
from harken.inputs.models import ImportDraft, ImportFile, Input, Source, TableMapping, Wording
from tests.cast import Cast, text_of
from tests.core.talk.sheets import write_xlsx
from tests.inputs.bringing import (
    ADDRESS,
    COMMENTS,
    DECIDIM,
    PROPOSALS,
    Files,
    bring_files,
    mail,
    packed,
    put_into_ledger,
    send,
    talk,
)

pytestmark = pytest.mark.usefixtures("_files_of_their_own")


# --- several ---


def test_comments_hang_below_the_proposals_that_came_with_them(chen: Client) -> None:
    address = send(chen, "decidim", DECIDIM)
    page = text_of(chen, address)
    assert "<bdi>proposals.csv</bdi>" in page
    assert "<bdi>comments.csv</bdi>" in page
    assert not Input.objects.exists()
    assert put_into_ledger(chen, address).report["added"] == 2
    comment = Input.objects.get(parent__isnull=False)
    assert comment.source.key == "comments.csv"
    assert not any(one.file for one in ImportFile.objects.all())


@pytest.mark.parametrize("again", [DECIDIM, DECIDIM[::-1], DECIDIM[:1], DECIDIM[1:]])
def test_all_of_a_set_or_one_of_it_brought_again_adds_nothing(chen: Client, again: Files) -> None:
    bring_files(chen, "decidim", DECIDIM)
    report = bring_files(chen, "decidim", again)
    assert (report["added"], report["same"], Source.objects.count()) == (0, len(again), 1)


def test_what_came_alone_is_found_by_the_set_it_comes_with_later(chen: Client) -> None:
    bring_files(chen, "decidim", DECIDIM[:1])
    report = bring_files(chen, "decidim", DECIDIM)
    assert (report["added"], report["same"], Source.objects.get().key) == (1, 1, "proposals.csv")


def test_a_set_under_a_name_of_its_own_is_known_by_that(chen: Client) -> None:
    bring_files(chen, "decidim", DECIDIM, source="town")
    assert bring_files(chen, "decidim", DECIDIM[1:], source="town")["added"] == 0
    assert Source.objects.get().key == "town"


def test_a_conversation_goes_on_from_one_box_to_the_next(chen: Client) -> None:
    boxes = [("september.mbox", mail(1)), ("october.mbox", mail(2, answers=1))]
    assert "This is message 2." in text_of(chen, send(chen, "mail", boxes))
    assert bring_files(chen, "mail", boxes)["added"] == 2
    assert Input.objects.get(external_id__contains="2@").parent is not None
    assert bring_files(chen, "mail", boxes[:1])["added"] == 0


def test_our_own_mail_is_left_out(chen: Client) -> None:
    address = send(chen, "mail", [("a.mbox", mail(1))], own="ideas@example.org, amina@example.org")
    assert "mail from this mailbox to itself" in text_of(chen, address)


def test_pages_are_sources_of_their_own_under_their_names(chen: Client) -> None:
    pages = [("hubs.wiki", talk("Noor", "Yes.")), ("roses.wiki", talk("Sami", "No."))]
    assert bring_files(chen, "talk", pages)["added"] == 2
    assert set(Source.objects.values_list("key", flat=True)) == {"hubs.wiki", "roses.wiki"}
    assert bring_files(chen, "talk", pages[1:])["added"] == 0
    bring_files(chen, "talk", pages, source="town")
    assert bring_files(chen, "talk", pages[:1], source="town")["added"] == 0
    assert Source.objects.filter(key="town/hubs.wiki").exists()


def test_findings_name_the_file_of_several_by_its_owners_name(chen: Client) -> None:
    pages = [("hubs.wiki", talk("Noor", "Yes.")), ("unsigned.wiki", "== Roses ==\nNobody signed this.\n")]
    assert "<bdi>unsigned.wiki: " in text_of(chen, send(chen, "talk", pages))


def test_files_of_two_kinds_are_told_apart_by_name(chen: Client) -> None:
    answer = chen.get(send(chen, "decidim", [DECIDIM[0], ("votes.csv", "colour,size\nred,2\n")]))
    assert answer.status_code == 422
    assert "votes.csv is no export of Decidim" in answer.content.decode()


def test_a_survey_is_one_table(chen: Client) -> None:
    page = send(chen, "table", [("a.csv", "What\nYes\n"), ("b.csv", "What\nNo\n")], status=422)
    assert "A survey is one table" in page


def test_many_files_are_brought_at_once_and_too_many_are_told(chen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a hundred were a bare error 400."""
    messages = [(f"{number}.eml", mail(1).partition("\n")[2]) for number in range(120)]
    assert chen.get(send(chen, "mail", messages)).status_code == 200
    monkeypatch.setattr(importing, "MOST_FILES", 100)
    assert "more than 100 files" in send(chen, "mail", messages, status=422)


def test_packages_are_measured_together(chen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 1_000_000)
    several = [(f"{name}.zip", packed({"a.txt": "x" * 600_000})) for name in "ab"]
    send(chen, "lines", several[:1])
    assert "bring what is in it in parts" in send(chen, "lines", several, status=422)


def test_more_than_fits_is_refused_with_what_to_do(chen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LARGEST", 10)
    page = send(chen, "lines", [("a.txt", "123456"), ("b.txt", "123456")], status=422)
    assert "harken import" in page


# --- packed ---


def test_a_package_of_both_is_read_and_what_else_is_in_it_is_told(chen: Client) -> None:
    content = packed(
        {"x/proposals.csv": PROPOSALS, "x/comments.csv": COMMENTS, "x/votes.csv": "a,b\n1,2\n", "x/a.png": "x"}
    )
    address = send(chen, "decidim", [("export.zip", content)])
    page = text_of(chen, address)
    assert "Yes and in the shade" in page
    assert "<bdi>export.zip/x/votes.csv</bdi>: not what you said it is" in page
    assert put_into_ledger(chen, address).report["added"] == 2
    assert bring_files(chen, "decidim", [("export.zip", content)])["added"] == 0
    assert Source.objects.get().key == "export.zip"


def test_a_maildir_is_read_without_drafts_and_without_notes_of_its_program(chen: Client) -> None:
    body = [mail(number).partition("\n")[2] for number in (1, 2, 3, 4)]
    content = packed(
        {
            "Maildir/cur/1567330000.a:2,S": body[0],
            "Maildir/cur/1567330001.b:2,D": body[1],
            "Maildir/new/1567330002.c": body[2],
            "Maildir/.Old/cur/1567330003.d:2,S": body[3],
            "Maildir/dovecot-uidlist": "3 V1 N4\n",
        }
    )
    assert bring_files(chen, "mail", [("mail.zip", content)])["added"] == 3
    said = set(Wording.objects.values_list("text", flat=True))
    assert said == {f"This is message {number}." for number in (1, 3, 4)}


def test_packed_pages_are_known_by_their_names_below_the_folder_all_lie_in(chen: Client) -> None:
    content = packed(
        {"talk/hubs.wiki": talk("Noor", "Yes."), "talk/old/roses.wiki": talk("Sami", "No."), "talk/x.css": "a{}"}
    )
    assert bring_files(chen, "talk", [("pages.zip", content)])["added"] == 2
    assert set(Source.objects.values_list("key", flat=True)) == {"hubs.wiki", "old/roses.wiki"}
    assert bring_files(chen, "talk", [("hubs.wiki", talk("Noor", "Yes."))])["added"] == 0


def test_a_bomb_is_told_in_the_form_with_what_to_do(chen: Client) -> None:
    content = packed({f"{number}.html": bytes(60_000_000) for number in range(9)})
    assert len(content) < 1_000_000
    assert "bring what is in it in parts" in send(chen, "talk", [("pages.zip", content)], status=422)
    assert not ImportDraft.objects.exists()


def test_names_that_lead_out_are_told_in_the_form(chen: Client) -> None:
    page = send(chen, "talk", [("pages.zip", packed({"../../evil.html": "x"}))], status=422)
    assert "lead out of it" in page


@pytest.mark.parametrize("kind", ["talk", "mail", "table", "discourse", "decidim", "polis", "lines"])
def test_a_package_with_nothing_to_read_is_told(chen: Client, kind: str) -> None:
    address = send(chen, kind, [("pictures.zip", packed({"a.png": "x", "b.svg": "y"}))])
    answer = chen.get(address)
    assert answer.status_code == 422
    assert "Nothing in this is what you said it is" in answer.content.decode()


# --- how a wiki signs ---


def test_a_page_is_read_as_its_wiki_signs_where_that_came_along(chen: Client) -> None:
    wiki = {
        "dateFormat": {"en": "Y/m/d H:i"},
        "digits": {"en": list("0123456789")},
        "localTimezone": "UTC",
        "timezones": {"en": {"ZZT": "UTC"}},
        "contLangMessages": {"en": {}},
        "wgContentLanguage": "en",
        "wgNamespaceIds": {"user": 2, "user_talk": 3},
    }
    page = ("odd.wiki", "== Hubs ==\nYes. --[[User:Noor|Noor]] 2019/09/01 10:00 (ZZT)\n")
    assert "nobody signed this" in text_of(chen, send(chen, "talk", [page]))
    assert bring_files(chen, "talk", [page, ("odd-data.json", json.dumps(wiki))])["added"] == 1
    assert Source.objects.get().key == "odd.wiki"


# --- surveys ---


def test_another_sheet_and_row_are_read_and_kept(chen: Client, tmp_path: Path) -> None:
    rows = [
        ["Spring survey", ""],
        ["Who", "What do you like about it?"],
        ["Noor", "The hubs, and that they are near us"],
    ]
    sheets = {"Notes": [["Only notes here", "x"], ["for us", "y"]], "Answers": rows}
    content = write_xlsx(tmp_path / "survey.xlsx", sheets).read_bytes()
    address = send(chen, "table", [("survey.xlsx", content)])
    assert "Only notes here" in text_of(chen, address)
    asked = f"{address}?sheet=Answers&header_row=2"
    page = text_of(chen, asked)
    assert "What do you like about it?" in page
    assert "Put it into the ledger" not in page
    assert chen.post(asked, {"column-0": "author", "column-1": "answer"}).status_code == 302
    assert "The hubs, and that they are near us" in text_of(chen, address)
    assert put_into_ledger(chen, address).report["added"] == 1


@pytest.mark.parametrize(
    "asked", ["?sheet=None&header_row=1", "?header_row=-1", "?header_row=x", "?header_row=99", "?mapping=x"]
)
def test_a_sheet_or_row_that_is_not_there_is_not_read(chen: Client, asked: str) -> None:
    address = send(chen, "table", [("survey.csv", "Who,What do you like?\nNoor,The hubs\n")])
    assert "Put it into the ledger" in text_of(chen, address + asked)


def test_whether_day_or_month_comes_first_is_answered_where_it_is_asked(chen: Client) -> None:
    address = send(chen, "table", [("survey.csv", "Date,What do you like?\n03/04/2019,The hubs near us all\n")])
    assert "day or month may come first" in text_of(chen, address)
    chen.post(address, {"column-0": "time", "column-1": "answer", "order": "day"})
    assert "day or month may come first" not in text_of(chen, address)
    put_into_ledger(chen, address)
    at = Input.objects.get().at
    assert at is not None
    assert (at.month, at.day) == (4, 3)


def test_a_mapping_goes_out_as_a_file_and_comes_in_again(chen: Client) -> None:
    survey = [("survey.csv", "When,Who,What do you like?\n2019-09-01,Noor,The hubs\n")]
    first = send(chen, "table", survey)
    assert chen.get(f"{first}mapping.json").status_code == 404
    chen.post(first, {"column-1": "author", "column-2": "answer", "save_as": "Autumn"})
    kept = chen.get(f"{first}mapping.json")
    saved = TableMapping.objects.get().mapping["json"]
    assert kept.content.decode().strip() == saved
    assert "attachment" in kept["Content-Disposition"]
    second = send(chen, "table", survey)
    file = SimpleUploadedFile("mapping.json", kept.content)
    assert chen.post(second, {"from_file": "1", "mapping_file": file}).status_code == 302
    assert ImportDraft.objects.order_by("pk").last().terms["mapping"] == saved  # type: ignore[union-attr] # there is one


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"version": 1, "text": "Colour"}', '{"version": 9}', "\x00", '{"version": 1, "header_row": "x"}'],
)
def test_a_mapping_that_is_none_or_does_not_fit_is_told(chen: Client, content: str) -> None:
    address = send(chen, "table", [("survey.csv", "Who,What do you like?\nNoor,The hubs\n")])
    file = SimpleUploadedFile("mapping.json", content.encode())
    answer = chen.post(address, {"from_file": "1", "mapping_file": file})
    assert answer.status_code == 422
    assert "mapping" in answer.content.decode()
    assert "mapping" not in ImportDraft.objects.get().terms


@pytest.mark.parametrize("content", ["[" * 200_000, '{"version": 9}'])
def test_what_is_wrong_with_a_mapping_is_told_in_the_readers_language(chen: Client, content: str) -> None:
    """Much of it inside itself was an error of the server."""
    address = send(chen, "table", [("survey.csv", "Who,What do you like?\nNoor,The hubs\n")])
    file = SimpleUploadedFile("map.json", content.encode())
    answer = chen.post(address, {"from_file": "1", "mapping_file": file})
    assert answer.status_code == 422
    assert "This cannot be read: map.json: " in answer.content.decode()


@pytest.mark.parametrize(("kind", "name"), [("talk", "page.json"), ("discourse", "a.json"), ("decidim", "a.json")])
def test_much_inside_itself_is_told(chen: Client, kind: str, name: str) -> None:
    content = '{"query": {"pages": ' + "[" * 200_000
    answer = chen.get(send(chen, kind, [(name, content)]))
    assert answer.status_code == 422
    assert f"This cannot be read: {name}" in answer.content.decode()


def test_the_first_row_of_another_sheet_can_be_that_of_its_headings(chen: Client, tmp_path: Path) -> None:
    """Whoever asked for it got the row that was found instead, since the first sheet has its headings there."""
    rows = [
        ["Everything said in spring", ""],
        ["", ""],
        ["Who", "What do you like about it?"],
        ["Noor", "The hubs, and that they are near us"],
        ["Sami", "The roses, and the shade below them"],
    ]
    sheets = {"First": [["Who", "What else?"], ["Noor", "Nothing else at all"]], "Second": rows}
    content = write_xlsx(tmp_path / "survey.xlsx", sheets).read_bytes()
    address = send(chen, "table", [("survey.xlsx", content)])
    shown = {name: value for name, value in _hidden(text_of(chen, address)).items() if name.startswith("shown")}
    assert shown == {"shown": "First", "shown_row": "1"}
    other = chen.get(address, {"sheet": "Second", "header_row": "1", **shown})
    shown = _hidden(other.content.decode())
    assert (shown["shown"], shown["shown_row"]) == ("Second", "3")
    page = chen.get(address, {"sheet": "Second", "header_row": "1", **shown}).content.decode()
    assert (_hidden(page)["shown"], _hidden(page)["shown_row"]) == ("Second", "1")
    back = chen.get(address, {"sheet": "First", "header_row": "1", **_hidden(page)}).content.decode()
    assert "What else?" in back


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(shown\w*)" value="([^"]*)"', page))


def test_examples_of_a_column_are_shown_as_words(chen: Client) -> None:
    page = text_of(chen, send(chen, "table", [("survey.csv", "Who,What do you like?\n<b>Noor</b>,The hubs\n")]))
    assert "&lt;b&gt;Noor&lt;/b&gt;" in page
    assert "<b>Noor" not in page


# --- where it comes from ---


def test_the_terms_of_a_source_are_kept_with_it(cast: Cast, chen: Client) -> None:
    terms = {
        "group": cast.process.body.code,
        "headcount": "40",
        "collected": "2019-09-14",
        "origin": "https://example.org/survey",
        "zone": "Africa/Tunis",
    }
    bring_files(chen, "lines", [("lines.txt", "One.\n")], **terms)
    source = Source.objects.get()
    assert (source.group, source.headcount, source.address) == (cast.process.body, 40, "https://example.org/survey")
    assert source.collected_at.isoformat() == "2019-09-13T23:00:00+00:00"
    bring_files(chen, "lines", [("others.txt", "Two.\n")], group="Chess club")
    assert Source.objects.get(key="others.txt").group_name == "Chess club"


def test_what_people_agreed_to_has_to_be_said(chen: Client) -> None:
    assert 'value="public" checked' not in text_of(chen, ADDRESS)
    page = send(chen, "lines", [("lines.txt", "One.\n")], status=422, consent="")
    assert "What those who spoke agreed to" in page


@pytest.mark.parametrize(
    "wrong", [{"collected": "2999-01-01"}, {"collected": "0001-01-01"}, {"headcount": "0"}, {"origin": "javascript:x"}]
)
def test_what_cannot_be_is_told_and_its_part_of_the_form_is_open(chen: Client, wrong: dict[str, str]) -> None:
    page = send(chen, "lines", [("lines.txt", "One.\n")], status=422, **wrong)
    assert '<details class="fold" open><summary>Where it comes from' in page


# --- real ones ---


def test_real_exports_of_decidim_come_in_with_their_proposals(chen: Client, data_folder: Path) -> None:
    files = [
        (name, _real(data_folder, f"decidim/{name}")) for name in ("proposals_config1.xls", "comments_config1.xls")
    ]
    assert bring_files(chen, "decidim", files)["added"]
    assert Input.objects.filter(parent__isnull=False).exists()
    assert bring_files(chen, "decidim", files[1:])["added"] == 0


def test_a_real_topic_comes_in_with_its_further_posts(chen: Client, data_folder: Path) -> None:
    names = ("topic.json", "topic_posts.json", "categories.json")
    files = [(name, _real(data_folder, f"discourse/api/{name}")) for name in names]
    alone = bring_files(chen, "discourse", files[:1], source="alone")["added"]
    content = packed(dict(files))
    assert bring_files(chen, "discourse", [("forum.zip", content)])["added"] >= alone  # type: ignore[operator] # a number
    assert bring_files(chen, "discourse", [("forum.zip", content)])["added"] == 0


def test_real_boxes_come_in_together(chen: Client, data_folder: Path) -> None:
    names = ("testbox.mbox", "testbox-2.mbox", "testbox-3.mbox")
    boxes = [(name, _real(data_folder, f"mail/{name}")) for name in names]
    assert bring_files(chen, "mail", boxes)["added"]
    assert bring_files(chen, "mail", boxes[1:2])["added"] == 0


def test_a_real_page_is_read_as_its_own_wiki_signs(chen: Client, data_folder: Path) -> None:
    name = "pl-big-parsoid"
    page = (f"{name}.html", _real(data_folder, f"talk/cases/{name}/{name}.html"))
    wiki = [(one, _real(data_folder, f"talk/wikis/{one}")) for one in ("plwiki-data.json", "plwiki-config.json")]
    assert "the wiki does not say how its signatures look" in text_of(chen, send(chen, "talk", [page]))
    assert "the wiki does not say how its signatures look" not in text_of(chen, send(chen, "talk", [page, *wiki]))


def _real(folder: Path, name: str) -> bytes:
    if not (folder / name).is_file():
        pytest.skip(f"no {name} in HARKEN_TEST_DATA")
    return (folder / name).read_bytes()
