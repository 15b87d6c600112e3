"""What people write becomes safe HTML, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from harken.base import markup
from harken.base.markup import ALLOWED_ATTRIBUTES, ALLOWED_ELEMENTS, render_blocks, render_line


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*care* and **time**", "<em>care</em> and <strong>time</strong>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[here](https://example.org)", '<a href="https://example.org" rel="nofollow noopener ugc">here</a>'),
        ("[here](javascript:alert(1))", "[here](javascript:alert(1))"),
        ("![pixel](https://example.org/p.png)", None),
        ("3 < 4 & 5", "3 &lt; 4 &amp; 5"),
    ],
)
def test_a_line(written: str, shown: str | None) -> None:
    rendered = render_line(written)
    assert "<img" not in rendered
    if shown is not None:
        assert rendered == shown


def test_blocks_keep_lists_and_quotes() -> None:
    rendered = render_blocks("First.\n\n- one\n- two\n\n> said")
    assert rendered.count("<li>") == 2
    assert "<blockquote>" in rendered


@given(st.text(alphabet=st.sampled_from("<>\"'&[]()!*_`#\\/ =:ajonerrscriptmglt\n"), max_size=80))
def test_nothing_but_the_short_list_of_elements_ever_comes_out(written: str) -> None:
    for rendered in (render_blocks(written), render_line(written)):
        if not rendered.strip():
            continue
        for element in lxml_html.fragment_fromstring(rendered, create_parent="section").iterdescendants():
            assert element.tag in ALLOWED_ELEMENTS
            assert set(element.attrib) <= ALLOWED_ATTRIBUTES.get(str(element.tag), set()) | {"rel"}
            assert not str(element.get("href", "")).strip().lower().startswith(("javascript", "data", "vbscript"))


PLAIN_SIGNS = """aZé9ضह्दि1²Ⅷß  ,.;:?()/’–—।%-_*&<#+\n\n\t\u00a0'"!=@~|$«¿“…"""


@given(st.text(alphabet=st.sampled_from(PLAIN_SIGNS), max_size=40))
def test_the_short_way_for_plain_words_gives_what_the_long_way_gives(written: str) -> None:
    if not markup._is_plain(written):
        return
    cleaner, parser = markup._cleaner(), markup._parser()
    assert render_line(written) == cleaner.clean(parser.renderInline(written)).strip()
    assert render_blocks(written) == cleaner.clean(parser.render(written)).strip()


@given(
    st.lists(st.sampled_from(["", "Ada says: no!", "a", "1. b", "2019 was", "- c", '"Yes" – (5)', "ض؟", "=", "b  "]))
)
def test_the_short_way_for_lines_gives_what_the_long_way_gives(lines: list[str]) -> None:
    written = "\n".join(lines)
    cleaner, parser = markup._cleaner(), markup._parser()
    assert render_line(written) == cleaner.clean(parser.renderInline(written)).strip()
    assert render_blocks(written) == cleaner.clean(parser.render(written)).strip()


@pytest.mark.parametrize("written", ["so _much_ care", "a - b", "One: two (three).", "Ende.", "1. not plain", "x  y"])
def test_the_short_way_on_words_that_look_plain(written: str) -> None:
    parser, cleaner = markup._parser(), markup._cleaner()
    assert render_line(written) == cleaner.clean(parser.renderInline(written)).strip()
    assert render_blocks(written) == cleaner.clean(parser.render(written)).strip()
