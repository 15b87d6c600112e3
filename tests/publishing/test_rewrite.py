"""Links of a page become paths to files, and nothing else changes."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.publishing.rewrite import file_for, links_of, make_relative


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/processes/x/", "processes/x/index.html"),
        ("/static/harken/page.css", "static/harken/page.css"),
        ("/ar/", "ar/index.html"),
    ],
)
def test_the_file_of_an_address(path: str, file: str) -> None:
    assert file_for(path) == file


def test_links_become_relative_and_keep_their_fragment() -> None:
    html = '<a href="/processes/x/i/AD-R1/#p-abc">1</a><link href="/static/p.css"><a href="https://example.org/">2</a>'
    assert make_relative(html, "processes/x/index.html") == (
        '<a href="i/AD-R1/index.html#p-abc">1</a><link href="../../static/p.css"><a href="https://example.org/">2</a>'
    )
    assert links_of(html) == {"/processes/x/i/AD-R1/", "/static/p.css"}


def test_what_people_wrote_about_links_is_left_alone() -> None:
    html = "<p>Write href=&quot;/secret/&quot; there.</p>"
    assert make_relative(html, "index.html") == html
    assert links_of(html) == set()


paths = st.lists(st.sampled_from(["processes", "x", "ar", "iteration-2", "AD-R1"]), max_size=4).map(
    lambda parts: "/" + "".join(f"{part}/" for part in parts)
)


@given(paths, paths)
def test_a_relative_link_always_leads_to_its_file(page: str, target: str) -> None:
    file = file_for(page)
    link = make_relative(f'<a href="{target}">', file).split('"')[1]
    assert posixpath.normpath(posixpath.join(posixpath.dirname(file), link)) == file_for(target)
