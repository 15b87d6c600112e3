"""Discourse: what its API answers (`/t/57.json`, `/posts.json`, `/latest.json`, …), and its exports as CSV or JSON.

A post is known by its topic and its number in it: every form of export holds them, `reply_to_post_number` refers to it.
`cooked` is the text of a post: only it is in all of the API's answers.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from harken.core.talk.forums import ForumError
from harken.core.talk.html_text import html_to_text
from harken.core.talk.model import Finding, Post, TalkPage, Thread
from harken.core.talk.nesting import Seen, nest_posts
from harken.core.talk.tables.dates import DateColumn
from harken.core.talk.tables.reading import Row, TableError, open_table

__all__ = ["read_discourse"]

_LARGEST: Final = 100_000_000
_SHOWN: Final = 120
_TOPIC_URL: Final = re.compile(r"/t/(?:[^/\s?#]+/)?(\d+)(?:/(\d+))?/?(?:[?#]|\Z)")
_TIMES: Final = DateColumn(UTC)
# https://github.com/discourse/discourse/blob/main/app/models/post.rb: types of posts
_SMALL_ACTION, _WHISPER = 3, 4
_REPLY_ACTION: Final = 5
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "raw": ("post_raw", "raw", "post"),
    "cooked": ("post_cooked", "cooked"),
    "url": ("url", "post_url", "topic_url"),
    "topic_title": ("topic_title", "title", "topic"),
    "category": ("category", "categories", "category_name"),
    "created_at": ("created_at", "posted_at", "date"),
    "username": ("username", "author", "user"),
    "name": ("name", "user_name"),
    "topic_id": ("topic_id",),
    "post_number": ("post_number",),
    "reply_to_post_number": ("reply_to_post_number",),
    "id": ("post_id", "id"),
    "is_pm": ("is_pm",),
}


@dataclass(slots=True)
class _Forum:
    posts: dict[str, Post] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    category_of: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    file: str = ""
    nameless: dict[str, str] = field(default_factory=dict)
    """The file of each post that named no author there."""

    def find(self, place: str, reason: str, text: str) -> None:
        self.findings.append(Finding(place, reason, text[:_SHOWN]))


def read_discourse(paths: Iterable[Path]) -> TalkPage:
    """Return the topics in some files of one forum, as threads in which each post stands below the one it replies to.

    Files may be answers of the API in JSON (a topic, posts, latest topics, categories, replies of a user), lines of
    JSON, or a user's archive in CSV; what one lacks is taken from the others. Whispers, private messages, what was
    deleted, and notices of the forum itself are left out, each with a finding.

    Raises:
        ForumError: a file is none of these.
    """
    forum = _Forum()
    for path in paths:
        forum.file = path.name
        if path.suffix.lower() in (".csv", ".tsv") or path.name.lower().endswith(".csv.gz"):
            _read_table(path, forum)
        else:
            for number, said in _read_json(path):
                _read_answer(said, f"{path.name}{f':{number}' if number else ''}", forum)
    return _assemble(forum)


def _read_json(path: Path) -> Iterator[tuple[int, Any]]:
    if path.stat().st_size > _LARGEST:
        raise ForumError(f"{path.name} is larger than {_LARGEST // 1_000_000} MB; export it as lines of JSON in parts.")
    text = path.read_bytes().decode("utf-8-sig", "replace")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n" not in text.strip():
            raise ForumError(f"{path.name} is not JSON: {error}.") from error
    else:
        yield 0, whole
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                said = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ForumError(f"Line {number} of {path.name} is not JSON: {error}.") from error
            yield number, said


def _read_answer(said: Any, place: str, forum: _Forum) -> None:
    if isinstance(said, list):
        for item in said:
            _read_answer(item, place, forum)
        return
    if not isinstance(said, dict):
        raise ForumError(f"{place} is no answer of Discourse's API.")
    is_known = False
    for name, read in _ANSWERS.items():
        part = said.get(name)
        if isinstance(part, dict | list):
            read(said, part, place, forum)
            is_known = True
    if not is_known and ("cooked" in said or "raw" in said) and "topic_id" in said:
        _read_post(said, place, forum)
    elif not is_known:
        raise ForumError(f"{place} is no answer of Discourse's API that holds topics or posts.")


def _items(part: Any, name: str = "") -> Iterator[dict[str, Any]]:
    found = part.get(name) if name and isinstance(part, dict) else part
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, dict))


def _read_topic(said: dict[str, Any], part: Any, place: str, forum: _Forum) -> None:
    posts = list(_items(part, "posts"))
    topic = _word(said.get("id")) or next((_word(post.get("topic_id")) for post in posts), "")
    if said.get("archetype") == "private_message":
        forum.find(place, "private_message", _word(said.get("title")))
        return
    if topic:
        forum.topics.setdefault(topic, _word(said.get("title")))
        forum.category_of.setdefault(topic, _word(said.get("category_id")))
    for post in posts:
        _read_post({"topic_id": topic, **post}, place, forum)
    stream = part.get("stream") if isinstance(part, dict) else None
    if isinstance(stream, list) and len(stream) > len(posts):
        # The API gives twenty posts of a topic at a time.
        forum.find(place, "posts_not_in_file", f"{len(stream) - len(posts)}")


def _read_posts(_said: dict[str, Any], part: Any, place: str, forum: _Forum) -> None:
    for post in _items(part):
        _read_post(post, place, forum)


def _read_latest(_said: dict[str, Any], part: Any, _place: str, forum: _Forum) -> None:
    for topic in _items(part, "topics"):
        # Ids are not unique in every list; titles tell such topics apart.
        key, title = _word(topic.get("id")), _word(topic.get("title"))
        forum.listed[title or key] = key
        forum.category_of.setdefault(key, _word(topic.get("category_id")))


def _read_categories(_said: dict[str, Any], part: Any, _place: str, forum: _Forum) -> None:
    for category in _items(part, "categories"):
        forum.categories[_word(category.get("id"))] = _word(category.get("name"))
        _read_categories({}, {"categories": category.get("subcategory_list")}, "", forum)


def _read_actions(_said: dict[str, Any], part: Any, place: str, forum: _Forum) -> None:
    for action in _items(part):
        if action.get("action_type") != _REPLY_ACTION and action.get("action_type") != _REPLY_ACTION - 1:
            continue
        # The list of what somebody did holds the beginning of a post only.
        _read_post(
            {
                **action,
                "cooked": action.get("excerpt"),
                "id": action.get("post_id"),
                "topic_title": action.get("title"),
                "is_excerpt": True,
            },
            place,
            forum,
        )


_ANSWERS: Final = {
    "post_stream": _read_topic,
    "latest_posts": _read_posts,
    "posts": _read_posts,
    "topic_list": _read_latest,
    "category_list": _read_categories,
    "user_actions": _read_actions,
}


def _word(value: Any) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


def _read_post(said: dict[str, Any], place: str, forum: _Forum) -> None:
    topic, number = _word(said.get("topic_id")), _word(said.get("post_number"))
    identity = f"{topic}/{number}" if topic and number else f"post/{_word(said.get('id'))}"
    reason = _left_out(said)
    cooked, raw = said.get("cooked"), said.get("raw")
    text = html_to_text(cooked) if isinstance(cooked, str) else raw.strip() if isinstance(raw, str) else ""
    if reason or not text:
        forum.find(f"{place} {identity}", reason or "nothing_said", text)
        return
    if topic:
        forum.topics[topic] = forum.topics.get(topic) or _word(said.get("topic_title"))
        forum.category_of.setdefault(topic, _word(said.get("category_id")))
    read = _TIMES.read(_word(said.get("created_at")))
    if read.at is None:
        forum.find(f"{place} {identity}", read.trouble, _word(said.get("created_at")))
    username = _word(said.get("username"))
    extra = {
        "post_id": _word(said.get("id")),
        "username": username,
        "version": _word(said.get("version")),
        "category": _word(said.get("category")),
        "topic": topic,
        "raw": raw if isinstance(raw, str) and isinstance(cooked, str) else "",
        "hidden": "yes" if said.get("hidden") is True else "",
        "incomplete": "excerpt" if said.get("is_excerpt") else "",
    }
    answered = _word(said.get("reply_to_post_number"))
    post = Post(
        id=identity,
        author=username or _word(said.get("name")),
        author_kind="account" if username or said.get("name") else "unknown",
        at=read.at,
        text=text,
        parent_id=f"{topic}/{answered}" if topic and answered else "",
        html=cooked if isinstance(cooked, str) else "",
        extra={name: value for name, value in extra.items() if value}
        | ({"name": _word(said.get("name"))} if _word(said.get("name")) not in ("", username) else {}),
    )
    _keep(post, place, forum)


def _left_out(said: Mapping[str, Any]) -> str:
    if said.get("deleted_at") or said.get("user_deleted") is True or said.get("deleted") is True:
        return "deleted"
    if said.get("post_type") == _SMALL_ACTION or (said.get("action_code") and not said.get("cooked")):
        return "notice_of_the_forum"
    if said.get("post_type") == _WHISPER:
        return "whisper"
    return ""


def _keep(post: Post, place: str, forum: _Forum) -> None:
    known = forum.posts.get(post.id)
    if known is not None and not post.author and (known.text == post.text or "incomplete" in known.extra):
        # Somebody's own archive says nothing of who they are; another file may.
        post = replace(post, author=known.author, author_kind=known.author_kind)
    if known is not None and "incomplete" in post.extra:
        return
    if known is not None and "incomplete" in known.extra:
        forum.posts[post.id] = post
        return
    if known is not None and known.text == post.text and known.at == post.at:
        forum.posts[post.id] = replace(post, extra={**known.extra, **post.extra}, html=known.html or post.html)
        return
    kept, finding = forum.seen.admit(post)
    if finding is not None:
        forum.findings.append(replace(finding, place=f"{place} {post.id}"))
    if kept is not None:
        forum.posts[kept.id] = kept
        if not kept.author:
            forum.nameless[kept.id] = forum.file


def _read_table(path: Path, forum: _Forum) -> None:
    try:
        table = open_table(path)
    except TableError as error:
        raise ForumError(str(error)) from error
    folded = {column.strip().lower().replace(" ", "_"): place for place, column in enumerate(table.columns)}
    places = {name: next((folded[word] for word in words if word in folded), -1) for name, words in _COLUMNS.items()}
    if places["raw"] < 0 and places["cooked"] < 0:
        raise ForumError(f"{path.name} is no archive of Discourse: no column holds posts (post_raw or post_cooked).")
    forum.findings.extend(table.findings)
    for row in table.rows():
        if isinstance(row, Finding):
            forum.findings.append(row)
        else:
            _read_record(row, places, path.name, forum)


def _read_record(row: Row, places: Mapping[str, int], place: str, forum: _Forum) -> None:
    said: dict[str, Any] = {name: row.text(column) for name, column in places.items() if row.text(column)}
    if said.get("is_pm", "").strip().lower() in ("true", "t", "yes", "1"):
        forum.find(f"{place} row {row.number}", "private_message", said.get("topic_title", ""))
        return
    found = _TOPIC_URL.search(said.get("url", ""))
    if found is not None:
        said.setdefault("topic_id", found[1])
        said.setdefault("post_number", found[2] or "1")
    if not said.get("id") and not said.get("post_number"):
        forum.find(f"{place} row {row.number}", "no_id", said.get("raw", said.get("cooked", "")))
        return
    _read_post(said, f"{place} row {row.number}", forum)


def _assemble(forum: _Forum) -> TalkPage:
    nameless = Counter(file for post, file in forum.nameless.items() if not forum.posts[post].author)
    for file, count in nameless.items():
        forum.find(file, "no_author", str(count))
    by_topic: dict[str, list[Post]] = {}
    for post in forum.posts.values():
        by_topic.setdefault(post.extra.get("topic", ""), []).append(_with_category(post, forum))
    threads = []
    for topic, posts in by_topic.items():
        # The lists of the newest posts begin with the last.
        posts.sort(key=_number_of)
        roots, unplaced = nest_posts(posts)
        forum.findings.extend(unplaced)
        threads.append(Thread(topic, forum.topics.get(topic, ""), 0, roots))
    titles = set(forum.topics.values())
    for title, key in forum.listed.items():
        if key not in by_topic and title not in titles:
            forum.find(f"topic {key}", "posts_not_in_file", title)
    return TalkPage(tuple(threads), tuple(forum.findings))


def _with_category(post: Post, forum: _Forum) -> Post:
    name = forum.categories.get(forum.category_of.get(post.extra.get("topic", ""), ""), "")
    return replace(post, extra={**post.extra, "category": name}) if name and "category" not in post.extra else post


def _number_of(post: Post) -> tuple[int, str]:
    number = post.id.rpartition("/")[2].partition("~")[0]
    return (int(number) if number.isascii() and number.isdecimal() else 0, post.id)
