"""Rendered talk pages: who said what, below what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.model import Post, TalkPage, walk
from harken.core.talk.wiki import assume_wiki, read_talk_html
from harken.core.talk.wiki.titles import Names

WIKI = assume_wiki("en")


def sign(name: str, minute: int = 0) -> str:
    user = name.replace(" ", "_")
    talk = f'<a href="/wiki/User_talk:{user}">talk</a>'
    return f'<a href="/wiki/User:{user}">{name}</a> ({talk}) 10:{minute:02}, 1 May 2021 (UTC)'


def read(html: str, title: str = "") -> TalkPage:
    return read_talk_html(html, WIKI, title)


def said(page: TalkPage) -> list[tuple[str, int, str]]:
    return [(post.author, post.depth, post.text) for thread in page.threads for post in walk(thread.posts)]


def posts(page: TalkPage) -> list[Post]:
    return [post for thread in page.threads for post in walk(thread.posts)]


def test_lists_give_the_level_and_the_closest_outer_comment_is_the_parent() -> None:
    page = read(
        f"<h2>Roses</h2><p>A {sign('Amina')}</p><dl><dd>B {sign('Bruno', 1)}<dl><dd>C {sign('Chen', 2)}</dd></dl></dd>"
        f"<dd>D {sign('Dalia', 3)}</dd></dl><ul><li><ul><li>E {sign('Esra', 4)}</li></ul></li></ul>"
    )

    assert [(post.author, post.depth) for post in posts(page)] == [
        ("Amina", 1), ("Bruno", 2), ("Chen", 3), ("Dalia", 2), ("Esra", 3),
    ]  # fmt: skip
    by_id = {post.id: post for post in posts(page)}
    assert [by_id[post.parent_id].author if post.parent_id else "" for post in posts(page)] == [
        "", "Amina", "Bruno", "Amina", "Dalia",
    ]  # fmt: skip


def test_the_text_is_what_was_said_without_the_signature() -> None:
    page = read(
        f'<h2>Roses<span class="mw-editsection">[edit]</span></h2><p>One <b>bold</b>&nbsp;word,<br>a line.</p>'
        f'<p>See <a class="external text" href="https://example.org/a">this</a>: <s>no</s></p>'
        f"<ul><li>first</li><li>second — {sign('Amina')} amended</li></ul>"
    )

    assert page.threads[0].heading == "Roses"
    assert said(page) == [
        (
            "Amina",
            1,
            "One bold word,\na line.\n\nSee [this](https://example.org/a): ~~no~~\n\n- first\n- second amended",
        )
    ]


def test_a_date_without_a_link_to_somebody_is_no_signature() -> None:
    page = read("<h2>A</h2><p>It said 10:25, 1 May 2021 (UTC) there.</p>")

    assert said(page) == []
    assert [(finding.place, finding.reason) for finding in page.findings if finding.place] == [("A", "no_signature")]


def test_a_link_to_somebody_too_far_before_the_date_does_not_sign() -> None:
    far = "and so on, " * 20
    page = read(f'<p><a href="/wiki/User:Amina">Amina</a> said <i>{far}</i> 10:25, 1 May 2021 (UTC)</p>')

    assert said(page) == []


def test_who_is_named_closest_before_the_date_signs() -> None:
    page = read(f'<p>I ask <a href="/wiki/User:Bruno">Bruno</a>. {sign("Amina")}</p>')

    assert said(page) == [("Amina", 1, "I ask Bruno.")]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/wiki/User:Amina_B">x</a>',
        '<a href="./User:amina B">x</a>',
        '<a href="https://example.org/wiki/User_talk:Amina_B#top">x</a>',
        '<a href="/w/index.php?title=User:Amina_B&amp;action=edit&amp;redlink=1">x</a>',
        '<a href="/wiki/Special:Contributions/Amina_B">x</a>',
        '<a href="/w/index.php?title=Special:Contributions&amp;target=Amina+B">x</a>',
        '<a href="/wiki/User%3A%E2%80%8EAmina_B">x</a>',
        '<small><b><a href="/wiki/User:Amina_B"><span style="color:red">x</span></a></b></small>',
    ],
)
def test_all_ways_to_link_to_somebody_name_them(link: str) -> None:
    assert [post.author for post in posts(read(f"<p>Yes. {link} 10:25, 1 May 2021 (UTC)</p>"))] == ["Amina B"]


def test_names_of_namespaces_are_those_of_the_wiki() -> None:
    names = Names({"مستخدم": 2, "نقاش_المستخدم": 3, "خاص": -1}, frozenset(["مساهمات"]))

    assert names.user_of_address("/wiki/%D9%85%D8%B3%D8%AA%D8%AE%D8%AF%D9%85:%D8%A3%D9%85%D9%8A%D9%86%D8%A9") == "أمينة"
    assert names.user_of_title("نقاش المستخدم:أمينة") == "أمينة"
    assert names.user_of_title("خاص:مساهمات/2001:db8::1") == "2001:DB8::1"
    assert names.user_of_title("User:أمينة") == "أمينة"
    assert names.user_of_title("User:أمينة/Draft") == ""
    assert names.user_of_title("Main page") == ""


def test_on_their_own_talk_page_a_link_to_it_names_them() -> None:
    html = '<p>Yes. <a class="mw-selflink selflink">talk</a> 10:25, 1 May 2021 (UTC)</p>'

    assert [post.author for post in posts(read(html, "User talk:Amina"))] == ["Amina"]
    assert posts(read(html, "Talk:Roses")) == []


@pytest.mark.parametrize("between", ["<br>", "<div>x</div>", "<hr>"])
def test_signatures_on_lines_of_their_own_are_posts_even_in_one_list_item(between: str) -> None:
    page = read(f"<ul><li>A {sign('Amina')}{between}B {sign('Bruno', 1)}</li></ul>")

    assert [(post.author, post.depth) for post in posts(page)] == [("Amina", 2), ("Bruno", 2)]


def test_several_signatures_on_one_line_are_one_post_by_the_first() -> None:
    page = read(f"<p>A {sign('Amina')} amended {sign('Bruno', 9)}</p>")

    assert said(page) == [("Amina", 1, "A amended")]
    assert posts(page)[0].extra["signed_also"] == "Bruno 2021-05-01T10:09:00+00:00"


@pytest.mark.parametrize("tag", ["blockquote", "q", "cite"])
def test_signatures_in_quotations_are_words_of_who_quotes(tag: str) -> None:
    page = read(f"<div><{tag}>They said {sign('Bruno')}</{tag}> I agree {sign('Amina', 1)}</div>")

    assert [post.author for post in posts(page)] == ["Amina"]
    assert "They said Bruno" in posts(page)[0].text


def test_outdent_marks_and_rules_do_not_count_as_the_beginning() -> None:
    page = read(
        f"<p>A {sign('Amina')}</p><p><br></p><dl><dd>B {sign('Bruno', 1)}</dd></dl>"
        f'<span class="outdent-template">┌──┘</span><hr><ul><li>C {sign("Chen", 2)}</li></ul>'
    )

    assert [(post.author, post.depth) for post in posts(page)] == [("Amina", 1), ("Bruno", 2), ("Chen", 2)]


def test_a_term_used_as_a_heading_is_a_label_of_what_follows() -> None:
    page = read(f"<h2>Vote</h2><dl><dt>For</dt></dl><ol><li>Yes {sign('Amina')}</li></ol>")

    assert [(post.depth, post.extra.get("label")) for post in posts(page)] == [(2, "For")]


def test_what_nobody_signed_is_reported_and_kept_if_asked_for() -> None:
    html = f"<p>Notice.</p><h2>A</h2><p>B {sign('Amina')}</p><dl><dd>Who am I?</dd></dl>"
    page, kept = read(html), read_talk_html(html, WIKI, keep_unsigned=True)

    assert [(finding.place, finding.text) for finding in page.findings if finding.reason == "no_signature"] == [
        ("", "Notice."),
        ("A", "Who am I?"),
    ]
    assert said(kept) == [("Amina", 1, "B"), ("", 2, "Who am I?")]
    assert posts(kept)[1].author_kind == "unknown"
    assert posts(kept)[1].parent_id == posts(kept)[0].id


def test_a_typed_date_is_reported() -> None:
    page = read('<h2>A</h2><p>No. <a href="/wiki/User:Amina">Amina</a> 9:05, 1 May 2021 (UTC)</p>')

    assert ("A", "typed_date") in [(finding.place, finding.reason) for finding in page.findings]
    assert posts(page) == []


def test_names_and_words_that_are_markup_stay_words() -> None:
    page = read(
        '<p>&lt;script&gt;alert(1)&lt;/script&gt; <a href="/wiki/User:A&quot;onload=x">&lt;b&gt;</a> '
        '10:25, 1 May 2021 (UTC)</p><p>x <a href="/wiki/User:%3Cscript%3E">y</a> 10:26, 1 May 2021 (UTC)</p>'
    )

    assert said(page) == [('A"onload=x', 1, "<script>alert(1)</script>")]
    # No wiki has users with such names: nobody signed.
    assert "y 10:26" in page.findings[-1].text


def test_ids_stay_when_the_page_grows_and_differ_within_a_minute() -> None:
    short = f"<h2>A</h2><p>One {sign('Amina')}</p><p>Two {sign('Amina')}</p>"
    before, after = posts(read(short)), posts(read(f"<h2>New</h2><p>x {sign('Bruno', 5)}</p>" + short))

    assert [post.id for post in before] == ["c-Amina-20210501T1000", "c-Amina-20210501T1000-2"]
    assert [post.id for post in before] == [post.id for post in after[1:]]


def test_marks_added_by_the_reply_tool_do_not_count() -> None:
    page = read(
        '<h2><span data-mw-comment-start="" id="h"></span>A<span data-mw-comment-end="h"></span></h2>'
        '<p><span data-mw-comment-start="" id="c"></span>B <a href="/wiki/User:Amina">Amina</a> '
        '<a href="#c" class="ext-discussiontools-init-timestamplink">10:25, 1 May 2021 (UTC)</a>'
        '<span class="ext-discussiontools-init-replylink-buttons">[<a href="#">reply</a>]</span></p>'
    )

    assert page.threads[0].heading == "A"
    assert said(page) == [("Amina", 1, "B")]


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<dl>", "<dd>", "</dd>", "</dl>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>",
             "<h2>", "</h2>", "<b>", "</b>", "<br>", "<blockquote>", "</blockquote>", "<a href='/wiki/User:Bruno'>",
             "</a>", "<style>x</style>", '<span typeof="mw:Entity">', "</span>", '<span class="mw-editsection">',
             "words ", "&lt;", "<!-- x -->", "<dl><dt>", "</dt></dl>", "10:00, 1 May 2021 (UTC)", sign("Amina"),
             sign("Bruno", 1)]
        ),
        max_size=50,
    )
)  # fmt: skip
def test_any_mixture_of_tags_is_read_and_parents_stand_before_and_less_deep(parts: list[str]) -> None:
    page = read("".join(parts))

    seen: dict[str, Post] = {}
    for post in posts(page):
        assert post.id not in seen
        assert post.parent_id == "" or seen[post.parent_id].depth < post.depth
        assert not any(character < " " and character != "\n" for character in post.text)
        seen[post.id] = post
