"""What a wiki says of its signatures, and what is assumed when nobody says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from harken.core.talk.model import TalkError, walk
from harken.core.talk.wiki import (
    MESSAGES_TO_ASK,
    assume_wiki,
    guess_form,
    guess_wiki,
    read_talk,
    read_talk_html,
    read_talk_wikitext,
    read_wiki_data,
    wiki_data_from_siteinfo,
)
from harken.core.talk.wiki.timestamps import MONTHS, find_stamp

DATA: dict[str, Any] = {
    "dateFormat": {"tlh": "H:i, j F Y", "tlh-x": "Y-n-j H:i"},
    "digits": {"tlh": list("٠١٢٣٤٥٦٧٨٩"), "tlh-x": list("0123456789")},
    "localTimezone": "Asia/Kolkata",
    "specialContributionsName": "Vum",
    "timezones": {"tlh": {"IST": "IST"}, "tlh-x": {"IST": "IST"}},
    "contLangMessages": {"tlh": {month: f"jar{number}" for number, month in enumerate(MONTHS, 1)}, "tlh-x": {}},
}
CONFIG = {
    "wgContentLanguage": "tlh",
    "wgArticlePath": "/w/$1",
    "wgNamespaceIds": {"lo'wi'": 2, "special": -1, "le'": -1},
}


def test_a_wiki_can_have_several_formats_with_digits_and_zone_of_its_own() -> None:
    wiki = read_wiki_data(DATA, CONFIG)

    for written in ("١٥:٥٥, ٢١ jar4 ٢٠٢١ (IST)", "2021-4-21 15:55 (IST)"):
        stamp = find_stamp(wiki.formats, written)
        assert stamp is not None
        assert stamp.at == datetime(2021, 4, 21, 10, 25, tzinfo=UTC)
    assert wiki.names.user_of_address("/w/Lo'wi':Qo'noS_be'") == "Qo'noS be'"
    assert wiki.names.user_of_address("/w/Le':Vum/Amina") == "Amina"
    assert wiki.assumed == ()


def test_parts_of_what_a_wiki_says_come_in_any_order_or_in_one_object() -> None:
    assert read_wiki_data(CONFIG, DATA) == read_wiki_data(DATA, CONFIG)
    assert read_wiki_data({"data": DATA, "config": CONFIG}) == read_wiki_data(DATA, CONFIG)


def test_without_names_of_namespaces_those_of_the_language_are_assumed_and_it_is_said() -> None:
    wiki = read_wiki_data({"dateFormat": {"de": "H:i, j. M. Y"}})

    assert wiki.names.user_of_title("Benutzer Diskussion:Amina") == "Amina"
    assert len(wiki.assumed) == 1


def test_where_nobody_tells_the_formats_they_are_those_of_the_language_and_the_rest_is_as_told() -> None:
    wiki = read_wiki_data({**CONFIG, "wgContentLanguage": "nl"})

    stamp = find_stamp(wiki.formats, "21 apr 2021 15:55 (CEST)")
    assert stamp is not None
    assert stamp.at == datetime(2021, 4, 21, 13, 55, tzinfo=UTC)
    assert wiki.names.user_of_address("/w/Lo'wi':Qo'noS_be'") == "Qo'noS be'"
    assert wiki.names.user_of_address("/w/Overleg_gebruiker:Amina") == "Amina"
    assert wiki.assumed == ("Formats of signatures are those of MediaWiki in the language “nl”.",)
    alone = read_wiki_data({"wgContentLanguage": "nl", "localTimezone": "Europe/Amsterdam"})
    assert find_stamp(alone.formats, "21 apr 2021 15:55 (IST)") is None
    assert find_stamp(alone.formats, "21 apr 2021 15:55 (CEST)") is not None


@pytest.mark.parametrize("answer", [{}, {"dateFormat": {}}, {"query": {}}, {"dateFormat": "H:i"}])
def test_an_answer_that_says_nothing_of_signatures_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="dateFormat"):
        read_wiki_data(answer)


@pytest.mark.parametrize("form", [1, 2])
def test_answers_of_the_api_describe_a_wiki(form: int) -> None:
    words = "*" if form == 1 else "name"
    siteinfo = {
        "query": {
            "general": {"lang": "de", "articlepath": "/wiki/$1", "timezone": "Europe/Berlin"},
            "namespaces": {
                "-1": {"id": -1, words: "Spezial", "canonical": "Special"},
                "2": {"id": 2, words: "Gärtner", "canonical": "User"},
                "3": {"id": 3, words: "Gärtner Diskussion", "canonical": "User talk"},
            },
            "namespacealiases": [{"id": 2, "*" if form == 1 else "alias": "Gärtnerin"}],
            "specialpagealiases": [{"realname": "Contributions", "aliases": ["Beiträge", "Taten"]}],
        }
    }
    messages = {"query": {"allmessages": [{"name": "apr", "*" if form == 1 else "content": "Gras"}]}}
    wiki = wiki_data_from_siteinfo(siteinfo, messages)

    page = read_talk_wikitext(
        "A [[Gärtnerin:Amina]] 12:25, 21. Gras. 2021 (CEST)\n:B [[Spezial:Taten/Bruno]] 11:25, 21. Jan. 2021 (CET)",
        wiki,
    )
    assert [(post.author, post.at) for post in walk(page.threads[0].posts)] == [
        ("Amina", datetime(2021, 4, 21, 10, 25, tzinfo=UTC)),
        ("Bruno", datetime(2021, 1, 21, 10, 25, tzinfo=UTC)),
    ]
    assert "may_long" in MESSAGES_TO_ASK["ammessages"]
    assert len(wiki.assumed) == 1


def test_a_page_says_by_its_dates_in_which_language_its_wiki_signs() -> None:
    html = '<p>Oui <a href="/wiki/Utilisateur:Amina">A</a> 21 avril 2021 à 12:25 (CEST)</p>'
    page = read_talk_html(html)

    assert [(post.author, post.at) for post in walk(page.threads[0].posts)] == [
        ("Amina", datetime(2021, 4, 21, 10, 25, tzinfo=UTC))
    ]
    assert "“fr”" in page.findings[0].text
    assert guess_wiki("nothing here", ["pt-BR"]).language == "pt"
    assert guess_wiki("").language == "en"


def test_a_language_nobody_knows_is_read_as_english() -> None:
    assert find_stamp(assume_wiki("xx").formats, "10:25, 21 April 2021 (UTC)") is not None
    assert "“en”" in assume_wiki("xx").assumed[0]


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"<!DOCTYPE html><html>", "html"),
        (b'<div class="mw-parser-output"><h2>A</h2><p>B <a href="/wiki/User:Amina">A</a></p>', "html"),
        (b"== A ==\n<b>B</b> [[User:Amina]]", "wikitext"),
        (b"<div style='x'>\n{{talk header}}\n</div>\n== A ==\n:B", "wikitext"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<mediawiki xmlns="x">', "dump"),
        (b"BZh91AY", "dump"),
        (b' {"batchcomplete": true, "query": {"pages": []}}', "api"),
        (b"plain words", "wikitext"),
    ],
)
def test_the_form_of_a_file_is_told_by_its_beginning(start: bytes, form: str) -> None:
    assert guess_form(start) == form


def test_a_page_is_read_in_whichever_form_it_comes() -> None:
    rendered = b'<p>A <a href="/wiki/User:Amina">x</a> 10:25, 21 April 2021 (UTC)</p>'
    source = b"A [[User:Amina]] 10:25, 21 April 2021 (UTC)"

    (ours,), (theirs,) = (tuple(walk(read_talk(data).threads[0].posts)) for data in (rendered, source))
    assert ours == theirs
    for data in (b"<mediawiki>", b"\x00\x01", b"\xff\xfe\xfd broken"):
        with pytest.raises(TalkError):
            read_talk(data)
