"""Pages nobody wrote in good faith: deep, broken, endless. They are read, or refused with a sentence."""

import json

import pytest

from harken.core.talk.model import TalkError, TalkPage, dump_json, hash_post, walk
from harken.core.talk.wiki import assume_wiki, read_talk_html, read_talk_wikitext

WIKI = assume_wiki("en")
LINKED = '<a href="/wiki/User:Amina">Amina</a> 10:00, 1 May 2021 (UTC)'
SIGNED = "[[User:Amina]] 10:00, 1 May 2021 (UTC)"


def count(page: TalkPage) -> int:
    return sum(1 for thread in page.threads for _ in walk(thread.posts))


@pytest.mark.large
@pytest.mark.parametrize("close", ["</dd></dl>", ""], ids=["closed", "open"])
def test_ten_thousand_replies_inside_each_other_are_a_thread_of_that_depth(close: str) -> None:
    html = f"<h2>A</h2>{f'<dl><dd>x {LINKED}' * 10_000}{close * 10_000}<p>end {LINKED}</p>"
    page = read_talk_html(html, WIKI)
    last = list(walk(page.threads[0].posts))[9_999]

    assert count(page) == 10_001
    assert last.depth == 10_001
    assert last.parent_id == "c-Amina-20210501T1000-9999"
    assert "".join(dump_json(page.threads)).count('"author"') == 10_001
    assert len({hash_post(post) for post in walk(page.threads[0].posts)}) == 2
    assert page == read_talk_html(
        f"<h2>A</h2>{f'<dl><dd>x {LINKED}' * 10_000}{close * 10_000}<p>end {LINKED}</p>", WIKI
    )


def test_ten_thousand_colons_are_an_indentation() -> None:
    page = read_talk_wikitext(f"A {SIGNED}\n{':' * 10_000}B {SIGNED}\nC {SIGNED}", WIKI)

    assert [(post.depth, post.parent_id) for post in walk(page.threads[0].posts)] == [
        (1, ""),
        (10_001, "c-Amina-20210501T1000"),
        (1, ""),
    ]


def test_nested_tables_hold_posts() -> None:
    html = f"<table><tr><td>x {LINKED}" * 2_000 + "</td></tr></table>" * 2_000
    source = f"{{|\n|x {SIGNED}\n" * 2_000 + "|}\n" * 2_000

    assert count(read_talk_html(html, WIKI)) == 2_000
    assert count(read_talk_wikitext(source, WIKI)) == 2_000


@pytest.mark.large
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + LINKED,
        f"<p>{LINKED * 5_000}</p>",
        f"<p>{f'{LINKED}<br>' * 5_000}</p>",
        f"<p>{'<span></span>' * 100_000}{LINKED}",
        f"<p>{'<b>' * 20_000}x {LINKED}",
        "<style></style>" * 50_000 + LINKED,
        f"<p>{'10:00, 1 ' * 50_000}(UTC)",
        "<p>" + '<a href="/wiki/User:Amina"></a>' * 20_000 + " 10:00, 1 May 2021 (UTC)",
        "<h2>x</h2>" * 20_000,
        "<ol><li></ol></table></dd></p></div>" * 5_000 + LINKED,
        '<a href="/wiki/%FF%FE">\x00</a>&#0;&#xD800;' + LINKED,
        "",
        "<",
    ],
    ids=str.split("divs line breaks spans bold styles digits links headings broken bytes empty one"),
)
def test_hostile_html_is_read(html: str) -> None:
    page = read_talk_html(html, WIKI)

    json.loads("".join(dump_json(page.threads)))
    assert all(len(finding.text) <= 500 for finding in page.findings)


@pytest.mark.large
@pytest.mark.parametrize(
    "source",
    [
        "{{" * 100_000 + SIGNED,
        "{{a|" * 50_000 + "}}" * 50_000 + SIGNED,
        "[[" * 100_000 + SIGNED,
        "{{[[" * 50_000 + "]]}}" * 50_000,
        "<b>" * 50_000 + SIGNED,
        "<ref>" * 50_000 + SIGNED,
        "<!--" * 100_000,
        "x<!-- -->" * 50_000 + SIGNED,
        SIGNED * 5_000,
        f"{SIGNED}<br>" * 5_000,
        "10:00, 1 May 2021 (UTC) " * 5_000,
        f"<q>a</q>{SIGNED}" * 2_000,
        "{{a" + "|b" * 100_000 + "}}",
        "'" * 200_000,
        "[http://a " * 20_000,
        "{|\n|" + "||a=b|" * 20_000,
        "==a==\n" * 20_000,
        "=" * 200_000,
        "<blockquote>" * 20_000 + SIGNED,
        "x " + "\u2014" * 200_000 + SIGNED,
        "\ud800" + SIGNED,
    ],
    ids=str.split(
        "braces templates brackets mixed bold notes comments marks line broken dates quotes arguments apostrophes "
        "addresses cells headings equals blockquotes dashes surrogate"
    ),
)
def test_hostile_source_is_read(source: str) -> None:
    page = read_talk_wikitext(source, WIKI)

    "".join(dump_json(page.threads))
    assert all(len(finding.text) <= 500 for finding in page.findings)


def test_end_tags_without_beginnings_in_great_depth_are_refused_with_a_sentence() -> None:
    with pytest.raises(TalkError, match="nested too deeply"):
        read_talk_html("<div>" * 40_000 + "</span>" * 100_000, WIKI)
