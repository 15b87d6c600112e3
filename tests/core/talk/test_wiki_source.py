"""The source of talk pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.model import Post, TalkPage, walk
from harken.core.talk.wiki import assume_wiki, read_talk_wikitext

WIKI = assume_wiki("en")


def sign(name: str, minute: int = 0) -> str:
    return f"[[User:{name}|{name}]] ([[User talk:{name}|talk]]) 10:{minute:02}, 1 May 2021 (UTC)"


def posts(page: TalkPage) -> list[Post]:
    return [post for thread in page.threads for post in walk(thread.posts)]


def read(source: str) -> TalkPage:
    return read_talk_wikitext(source, WIKI)


def test_colons_stars_and_numbers_give_the_level() -> None:
    page = read(
        f"== Roses ==\nA {sign('Amina')}\n:B {sign('Bruno', 1)}\n:*C {sign('Chen', 2)}\n#D {sign('Dalia', 3)}\n"
        f":::E {sign('Esra', 4)}\n{{{{outdent|:::}}}}F {sign('Farid', 5)}"
    )

    assert [(post.author, post.depth) for post in posts(page)] == [
        ("Amina", 1), ("Bruno", 2), ("Chen", 3), ("Dalia", 2), ("Esra", 4), ("Farid", 1),
    ]  # fmt: skip
    by_id = {post.id: post.author for post in posts(page)}
    assert [by_id.get(post.parent_id, "") for post in posts(page)] == ["", "Amina", "Bruno", "Amina", "Dalia", ""]


def test_headings_of_all_levels_begin_threads() -> None:
    page = read(f"Before {sign('Amina')}\n== A ==\n=== B <!-- x --> ===\nC {sign('Bruno')}\n==== D=E ==== \n")

    assert [(thread.heading, thread.level, len(thread.posts)) for thread in page.threads] == [
        ("", 0, 1),
        ("A", 2, 0),
        ("B", 3, 1),
        ("D=E", 4, 0),
    ]


def test_markup_becomes_readable_words() -> None:
    page = read(
        f"'''Bold''' ''slanted'' [https://example.org/a name] https://example.org/b [[Page|shown]] [[:Category:Trees]]"
        f" [[File:a.jpg|thumb|A [[tree]]]]&amp; <s>no</s>{{{{tl|welcome}}}} {{{{support}}}} {{{{ping|Bruno|Chen}}}}"
        f"<ref>note</ref> <nowiki>[[raw]]</nowiki> — {sign('Amina')} ps"
    )

    assert posts(page)[0].text == (
        "Bold slanted [name](https://example.org/a) https://example.org/b shown Category:Trees & ~~no~~welcome support "
        "@Bruno, Chen [[raw]] ps"
    )


@pytest.mark.parametrize(
    ("source", "author"),
    [
        ("{{unsigned|Amina B|10:00, 1 May 2021 (UTC)}}", "Amina B"),
        ("{{unsigned2|10:00, 1 May 2021|amina B}}", "Amina B"),
        ("{{subst:x}}{{Non signé|1=192.0.2.7|2=10:00, 1 May 2021 (UTC)}}", "192.0.2.7"),
        ("{{UnsignedIP|2001:db8::1|10:00, 1 May 2021 (UTC)}}", "2001:DB8::1"),
        ("{{unsigned|[[User:Amina B]]|10:00, 1 May 2021 (UTC)}}", "Amina B"),
        ("[[user talk:amina_B]] 10:00, 1 May 2021 (UTC)", "Amina B"),
        ("<small>[[Special:Contributions/Amina B|<b>x</b>]]</small> 10:00, 1 May 2021 (UTC)", "Amina B"),
        ("{{User:Amina B/sig}} 10:00, 1 May 2021 (UTC)", "Amina B"),
        ("[[User:Amina B]] [[Special:Diff/1|10:00, 1 May 2021 (UTC)]]", "Amina B"),
        ("[[User:Amina B]] <span>10:00, 1 May 2021&nbsp;(UTC)</span>", "Amina B"),
    ],
)
def test_all_ways_to_sign_name_the_author_and_the_minute(source: str, author: str) -> None:
    found = posts(read(f"Words. {source}"))

    assert [(post.author, post.text) for post in found] == [(author, "Words.")]
    assert found[0].at is not None
    assert found[0].at.isoformat() == "2021-05-01T10:00:00+00:00"


def test_local_names_of_namespaces_and_months_count() -> None:
    page = read_talk_wikitext(
        "== موضوع ==\nنعم [[مستخدم:أمينة|أمينة]] ([[نقاش المستخدم:أمينة|نقاش]]) 10:25، 1 مايو 2021 (ت ع م)\n"
        ":لا [[خاص:مساهمات/192.0.2.7]] 10:26، 1 مايو 2021 (ت ع م)"
    )

    assert [(post.author, post.author_kind, post.depth) for post in posts(page)] == [
        ("أمينة", "account", 1),
        ("192.0.2.7", "address", 2),
    ]
    assert [finding.reason for finding in page.findings] == ["assumed"]


def test_lines_signed_by_different_people_are_different_posts_even_in_one_paragraph() -> None:
    page = read(f"A {sign('Amina')}\nB {sign('Bruno', 1)}")

    assert [(post.author, post.text) for post in posts(page)] == [("Amina", "A"), ("Bruno", "B")]


def test_a_break_ends_the_line_of_a_signature() -> None:
    page = read(f"* A {sign('Amina')}<br>B {sign('Bruno', 1)} amended {sign('Chen', 2)}<br />left\n")

    assert [(post.author, post.depth, post.text) for post in posts(page)] == [
        ("Amina", 2, "A"),
        ("Bruno", 2, "B amended"),
    ]
    assert posts(page)[1].extra["signed_also"] == "Chen 2021-05-01T10:02:00+00:00"
    assert "left" in [finding.text for finding in page.findings]


def test_a_post_of_several_paragraphs_and_list_items_is_one() -> None:
    page = read(f"== A ==\n:First.\n:* one\n:* two\n:\n: Last. {sign('Amina')}\n")

    assert [(post.depth, post.text) for post in posts(page)] == [(2, "First.\n- one\n- two\n\nLast.")]


def test_quoted_signatures_do_not_sign() -> None:
    page = read(
        f"{{{{tq|said {sign('Bruno')}}}}} I agree {sign('Amina', 1)}\n\n"
        f"<blockquote>\nlong ago {sign('Chen')}\n</blockquote>\nYes {sign('Dalia', 2)}"
    )

    assert [post.author for post in posts(page)] == ["Amina", "Dalia"]


def test_posts_in_nested_tables_are_found() -> None:
    page = read(
        f'{{|\n| class="x" | A {sign("Amina")} || B {sign("Bruno", 1)}\n{{|\n|-\n|C {sign("Chen", 2)}\n|}}\n|}}'
    )

    assert [(post.author, post.text) for post in posts(page)] == [("Amina", "A"), ("Bruno", "B"), ("Chen", "C")]


def test_forged_names_and_markup_in_names_never_become_authors() -> None:
    page = read(
        f"A [[User:<script>alert(1)</script>|x]] 10:00, 1 May 2021 (UTC)\n\n"
        f"B <nowiki>{sign('Bruno')}</nowiki>\n\nC [[Bruno]] 10:00, 1 May 2021 (UTC) \x02Bruno\x03x\x04 "
        f"{sign('Amina', 1)}"
    )

    assert [post.author for post in posts(page)] == ["Amina"]
    assert not any(character < " " and character != "\n" for character in posts(page)[0].text)


def test_a_page_that_only_leads_elsewhere_says_so() -> None:
    page = read("#REDIRECT [[Talk:Roses]]")

    assert "redirect" in [finding.reason for finding in page.findings]


@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "[[", "]]", "|", "<!--", "-->", "<ref>", "</ref>", "\n", ":", "*", "==", "{|", "|}", "'''",
             "<blockquote>", "</blockquote>", "\x02", "\x05", "{{unsigned|", "{{tq|", "a", sign("Amina")]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_mixture_of_markup_is_read_and_leaves_no_control_characters(parts: list[str]) -> None:
    page = read("".join(parts))

    for post in posts(page):
        assert post.depth >= 1
        assert not any(character < " " and character != "\n" for character in post.text + post.author + post.heading)
    ids = [post.id for post in posts(page)]
    assert len(ids) == len(set(ids))
