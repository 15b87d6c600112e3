"""Real talk pages of four wikis in both parsers' HTML, against the threads they are known to hold."""

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from harken.core.talk.model import walk
from harken.core.talk.wiki import read_talk_html, read_talk_wikitext, read_wiki_data
from tests.core.talk.scoring import MEASURES, Score, read_cases, score_threads, show_table

_REPOSITORY = Path(__file__).resolve().parents[3]
_TALK = Path(os.environ.get("HARKEN_TEST_DATA", _REPOSITORY.parent / "shared" / "data")) / "talk"

pytestmark = pytest.mark.skipif(
    not (_TALK / "cases.json").is_file(), reason=f"the real talk pages are not at {_TALK}; set HARKEN_TEST_DATA"
)


@pytest.mark.parametrize("told", ["data and configuration", "data alone", "nothing"])
def test_posts_authors_times_and_parents_of_real_pages_are_found(told: str) -> None:
    scores: dict[str, Score] = {}
    for name, title, html, expected, data, config in read_cases(_TALK):
        parts = {"data and configuration": (data, config), "data alone": (data,), "nothing": ()}[told]
        wiki = read_wiki_data(*parts) if parts else None
        scores[name] = score_threads(read_talk_html(html, wiki, title).threads, expected)

    total = Score()
    for score in scores.values():
        total.add(score)
    for measure in MEASURES:
        assert total.precision(measure) >= 0.97, (measure, show_table(scores))
        assert total.recall(measure) >= 0.97, (measure, show_table(scores))


def test_every_heading_of_a_page_is_a_thread() -> None:
    for name, title, html, expected, data, config in read_cases(_TALK):
        page = read_talk_html(html, read_wiki_data(data, config), title)

        assert [thread.level or 99 for thread in page.threads] == [item["headingLevel"] for item in expected], name


def test_both_parsers_html_gives_the_same_ids_and_words() -> None:
    pages = {
        name: read_talk_html(html, read_wiki_data(data, config), title)
        for name, title, html, _, data, config in read_cases(_TALK)
    }
    pairs = [(name, name.replace("-parsoid", "-oldparser")) for name in pages if name.endswith("-parsoid")]
    for parsoid, old in ((a, b) for a, b in pairs if b in pages):
        ours, theirs = (
            [(post.id, _letters(post.text)) for thread in pages[name].threads for post in walk(thread.posts)]
            for name in (parsoid, old)
        )
        same = sum(1 for a, b in zip(ours, theirs, strict=True) if a == b)
        assert [a for a, _ in ours] == [b for b, _ in theirs], parsoid
        assert same >= 0.97 * len(ours), [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]][:3]


def _letters(text: str) -> str:
    return re.sub(r"\W+|\[\d+\]|https?://\S+", "", text)


@pytest.mark.parametrize("name", ["pl-big-parsoid", "fr-unsigned-parsoid", "ar-no-paragraph-parsoid"])
def test_the_same_page_as_source_gives_the_same_threads(name: str) -> None:
    case = next(case for case in read_cases(_TALK) if case[0] == name)
    _, _, html, expected, data, config = case
    page = read_talk_wikitext(_as_source(html), read_wiki_data(data, config))

    score = score_threads(page.threads, expected)
    for measure in MEASURES:
        assert score.recall(measure) >= 0.95, (measure, show_table({name: score}))
        assert score.precision(measure) >= 0.95, (measure, show_table({name: score}))


def _as_source(html: str) -> str:
    """Write a page of the newer parser as wikitext again, as far as talk goes: headings, lists, paragraphs, links."""
    root = etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8"))
    parts: list[str] = []
    lists: list[str] = []
    marks = {"ul": "*", "ol": "#", "dl": ":"}
    for event, element in etree.iterwalk(root.find("body"), events=("start", "end", "comment")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "comment" or tag in ("style", "link", "meta"):
            parts.append(_one_line(element.tail) if event != "start" else "")
            continue
        if event == "start":
            if tag in marks:
                lists.append(marks[tag])
            parts.append(_opening(tag, element, "".join(lists)) + _one_line(element.text))
        else:
            if tag in marks:
                lists.pop()
            parts.append(_closing(tag, element) + _one_line(element.tail))
    return "".join(parts)


def _one_line(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _opening(tag: str, element: etree._Element, lists: str) -> str:
    if re.fullmatch("h[1-6]", tag):
        return "\n" + "=" * int(tag[1])
    if tag in ("li", "dd"):
        return "\n" + lists
    if tag == "dt":
        return "\n" + lists[:-1] + ";"
    if tag == "p":
        # Inside a list item a paragraph would end the list.
        parent = element.getparent()
        return "<br>" if parent is not None and parent.tag in ("li", "dd") else "\n\n"
    if tag == "a" and (element.get("href") or "").startswith("./"):
        return f"[[{element.get('title') or (element.get('href') or '')[2:]}|"
    if tag in ("blockquote", "q", "cite"):
        return f"<{tag}>"
    return {"br": "<br>", "div": "\n\n", "table": "\n\n", "td": "\n\n", "th": "\n\n", "pre": "\n\n"}.get(tag, "")


def _closing(tag: str, element: etree._Element) -> str:
    if re.fullmatch("h[1-6]", tag):
        return "=" * int(tag[1]) + "\n"
    if tag == "a" and (element.get("href") or "").startswith("./"):
        return "]]"
    if tag in ("blockquote", "q", "cite"):
        return f"</{tag}>"
    return "\n\n" if tag in ("div", "table", "pre") else ""
