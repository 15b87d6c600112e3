"""Exports of forums in the forms that are not among the real ones, and broken."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harken.core.talk.forums import ForumError
from harken.core.talk.forums.decidim import read_decidim
from harken.core.talk.forums.discourse import read_discourse
from harken.core.talk.forums.polis import read_polis
from harken.core.talk.model import Finding, Post, TalkPage, hash_post, walk
from harken.core.talk.nesting import Seen, nest_posts
from tests.core.talk.sheets import write_xlsx


def save(folder: Path, name: str, said: object) -> Path:
    path = folder / name
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return path


def shown(page: TalkPage) -> list[tuple[str, int, str]]:
    return [(post.id, post.depth, post.text) for thread in page.threads for post in walk(thread.posts)]


def post(number: int, text: str = "words", **more: object) -> dict[str, Any]:
    return {"id": 100 + number, "topic_id": 7, "post_number": number, "username": "ann", "cooked": f"<p>{text}</p>"} | {
        "created_at": "2021-03-05T00:00:00.000Z",
        **more,
    }


# --- Discourse ---


def test_what_is_private_deleted_or_said_by_the_forum_is_left_out_and_told(tmp_path: Path) -> None:
    said = [
        post(1),
        post(2, post_type=4),
        post(3, deleted_at="2021-03-06T00:00:00Z"),
        post(4, post_type=3),
        post(5, reply_to_post_number=1),
        post(6, reply_to_post_number=3),
    ]
    page = read_discourse([save(tmp_path, "7.json", {"id": 7, "title": "Rooms", "post_stream": {"posts": said}})])
    assert shown(page) == [("7/1", 1, "words"), ("7/5", 2, "words"), ("7/6", 1, "words")]
    assert page.threads[0].heading == "Rooms"
    assert [finding.reason for finding in page.findings] == [
        "whisper",
        "deleted",
        "notice_of_the_forum",
        "reply_to_missing",
    ]


def test_posts_the_api_has_not_given_yet_are_counted(tmp_path: Path) -> None:
    said = {"id": 7, "title": "Rooms", "post_stream": {"posts": [post(1)], "stream": list(range(45))}}
    page = read_discourse([save(tmp_path, "7.json", said)])
    assert [(finding.reason, finding.text) for finding in page.findings] == [("posts_not_in_file", "44")]


def test_the_same_post_from_the_api_lines_and_an_archive_has_one_id(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(post(number)) for number in (1, 2))
    archive = (
        "topic_title,category,is_pm,post_raw,like_count,url,created_at\n"
        "Rooms,Space,No,raw words,0,https://f.example/t/rooms/7/3,2021-03-05 00:00:00 UTC\n"
        "Secret,,Yes,psst,0,https://f.example/t/secret/8/1,2021-03-05 00:00:00 UTC\n"
    )
    page = read_discourse([save(tmp_path, "a.jsonl", lines), save(tmp_path, "b.csv", archive)])
    assert [found[0] for found in shown(page)] == ["7/1", "7/2", "7/3"]
    assert page.threads[0].heading == "Rooms"
    assert [finding.reason for finding in page.findings] == ["private_message", "no_author"]
    again = read_discourse([save(tmp_path, "c.json", [post(1), post(2), post(1)])])
    assert [hash_post(found) for found in again.threads[0].posts] == [
        hash_post(found) for found in page.threads[0].posts[:2]
    ]


def test_an_archive_that_names_no_author_is_told_once_unless_another_file_does(tmp_path: Path) -> None:
    archive = "post_raw,url,created_at\n" + "".join(
        f"words,https://f.example/t/rooms/7/{number},2021-03-05 00:00:00 UTC\n" for number in (1, 2, 3)
    )
    alone = save(tmp_path, "archive.csv", archive)
    page = read_discourse([alone])
    assert [(found.place, found.reason, found.text) for found in page.findings] == [("archive.csv", "no_author", "3")]
    for paths in ([alone, save(tmp_path, "a.json", [post(1)])], [tmp_path / "a.json", alone]):
        page = read_discourse(paths)
        assert page.threads[0].posts[0].author == "ann"
        assert [(found.place, found.reason, found.text) for found in page.findings] == [
            ("archive.csv", "no_author", "2")
        ]


@pytest.mark.parametrize("said", ["", "[1]", '{"a": 1}', "no json", "{}\n{", "[" * 100_000])
def test_what_is_no_answer_of_discourse_is_refused_with_a_sentence(tmp_path: Path, said: str) -> None:
    with pytest.raises(ForumError, match=r"x\.json"):
        read_discourse([save(tmp_path, "x.json", said)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["posts", "post_stream", "id", "topic_id", "post_number", "cooked", "raw", "created_at"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_or_refused(tmp_path: Path, said: object) -> None:
    for read in (read_discourse, read_decidim):
        try:
            page = read([save(tmp_path, "x.json", said)])
        except ForumError:
            continue
        assert all(isinstance(found, Finding) for found in page.findings)


# --- Decidim ---

PROPOSALS = [
    {"id": 4, "title": {"en": "Rooms", "es": "Salas"}, "body": {"en": "<p>More <b>rooms</b></p>", "es": ""}},
    {"id": 5, "title": {"es": "Luz"}, "body": {"es": "Más luz"}, "author": {"name": "Ana"}},
]
COMMENTS = [
    {
        "id": 1,
        "body": "Yes",
        "author": {"id": 9, "name": "Ann"},
        "alignment": 1,
        "depth": 0,
        "commentable_id": 4,
        "commentable_type": "Decidim::Proposals::Proposal",
        "created_at": "2021-03-05T00:00:00Z",
    },
    {
        "id": 4,
        "body": "No",
        "user_group": {"name": "Club"},
        "alignment": -1,
        "depth": 1,
        "commentable_id": 1,
        "commentable_type": "Decidim::Comments::Comment",
        "created_at": "2021-03-05T01:00:00Z",
    },
]


def rows_of(items: list[dict[str, Any]]) -> list[list[str]]:
    flat = []
    for item in items:
        row: dict[str, str] = {}
        for name, value in item.items():
            for inner, said in value.items() if isinstance(value, dict) else [("", value)]:
                row[f"{name}/{inner}" if inner else name] = str(said)
        flat.append(row)
    names = list(dict.fromkeys(name for row in flat for name in row))
    return [names, *([row.get(name, "") for name in names] for row in flat)]


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_every_form_of_decidims_exports_says_the_same(tmp_path: Path, form: str) -> None:
    paths = []
    for name, items in (("proposals", PROPOSALS), ("comments", COMMENTS)):
        path = tmp_path / f"{name}.{form}"
        if form == "json":
            save(tmp_path, path.name, items)
        elif form == "csv":
            save(tmp_path, path.name, "\n".join(";".join(row) for row in rows_of(items)))
        else:
            write_xlsx(path, {"Export": rows_of(items)})
        paths.append(path)
    page = read_decidim(paths)
    assert shown(page) == [
        ("proposal/4", 1, "More rooms"),
        ("comment/1", 2, "Yes"),
        ("comment/4", 3, "No"),
        ("proposal/5", 1, "Más luz"),
    ]
    assert [thread.heading for thread in page.threads] == ["Rooms", "Luz"]
    first, reply = list(walk(page.threads[0].posts))[1:]
    assert (first.author, first.at, first.extra["stance"]) == ("Ann", datetime(2021, 3, 5, tzinfo=UTC), "support")
    assert (reply.author, reply.author_kind, reply.extra["stance"]) == ("Club", "group", "oppose")
    assert (page.threads[1].posts[0].lang, page.threads[1].posts[0].author) == ("es", "Ana")


def test_comments_alone_are_threads_by_what_they_are_about(tmp_path: Path) -> None:
    page = read_decidim([save(tmp_path, "comments.json", COMMENTS)])
    assert [(thread.id, len(list(walk(thread.posts)))) for thread in page.threads] == [("proposal/4", 2)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.csv", b"a,b\n1,2\n"),
        ("x.csv", b"a,b\n"),
        ("x.csv", b""),
        ("x.csv", b"title,body\nTea,More of it\n"),
        ("x.csv", b"commentable_id,commentable_type\n4,Decidim::Proposals::Proposal\n"),
        ("x.txt", b"\xff\xfe\x00bin"),
        ("x.json", b""),
        ("x.json", b'{"a": [1]}'),
        ("x.json", b'{"a": []}'),
        ("x.json", b"{}"),
        ("x.json", b"7"),
    ],
)
def test_what_is_no_export_of_decidim_is_refused_with_a_sentence(tmp_path: Path, name: str, said: bytes) -> None:
    (tmp_path / name).write_bytes(said)
    with pytest.raises(ForumError, match=name):
        read_decidim([tmp_path / name])


@pytest.mark.parametrize(("name", "said"), [("x.csv", "id,title/en,body/en\n"), ("x.json", "[]")])
def test_an_export_of_no_proposals_is_empty(tmp_path: Path, name: str, said: str) -> None:
    assert read_decidim([save(tmp_path, name, said)]) == TalkPage()


# --- Polis ---


def test_polis_is_known_by_any_of_the_headings_it_has_had(tmp_path: Path) -> None:
    old = save(
        tmp_path, "a.csv", 'tid,pid,txt,created,mod\n0,3,"Two\nlines",1614902400000,-1\n7,3,Rooms,1614902400000,1\n'
    )
    new = save(
        tmp_path, "b.csv", 'comment-id,author-id,comment-body,timestamp,moderated\n0,3,"Two\nlines",1614902400000,-1\n'
    )
    first, second = [entry for entry in read_polis(old) if isinstance(entry, Post)]
    (other,) = [entry for entry in read_polis(new) if isinstance(entry, Post)]
    assert (first.id, first.text, first.author, first.at) == ("0", "Two\nlines", "3", datetime(2021, 3, 5, tzinfo=UTC))
    assert second.id == "7"
    assert hash_post(first) == hash_post(other)
    assert other.extra["moderated"] == "-1"


def test_what_is_no_polis_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ForumError, match=r"no comments\.csv of Polis"):
        list(read_polis(save(tmp_path, "x.csv", "a,b\n1,2\n")))


# --- nesting ---

IDS = st.sampled_from("abcdef")


@given(st.lists(st.tuples(IDS, IDS | st.just("")), unique_by=lambda pair: pair[0], max_size=6))
def test_nested_posts_are_a_forest_with_each_post_once(pairs: list[tuple[str, str]]) -> None:
    posts = [Post(name, "", "unknown", None, "x", parent_id=parent) for name, parent in pairs]
    roots, findings = nest_posts(posts)
    found = list(walk(roots))
    assert sorted(post.id for post in found) == sorted(post.id for post in posts)
    assert all(
        reply.depth == above.depth + 1 and reply.parent_id == above.id for above in found for reply in above.replies
    )
    assert {finding.reason for finding in findings} <= {"reply_to_missing", "reply_in_circle"}
    assert len(roots) == sum(1 for post in posts if not post.parent_id) + len(findings)


@pytest.mark.large
def test_replies_may_nest_ten_thousand_deep() -> None:
    posts = [Post(str(n), "", "unknown", None, "x", parent_id=str(n - 1) if n else "") for n in range(10_000)]
    roots, _findings = nest_posts(posts[::-1])
    assert max(post.depth for post in walk(roots)) == 10_000


def test_a_duplicate_is_dropped_and_another_under_its_id_kept_once() -> None:
    seen = Seen()
    one = Post("1", "a", "account", None, "x")
    other = Post("1", "b", "account", None, "y")
    outcomes = [seen.admit(found) for found in (one, one, other, other, one)]
    assert [(kept.id[:2] if kept else "", finding.reason if finding else "") for kept, finding in outcomes] == [
        ("1", ""),
        ("", "duplicate"),
        ("1~", "same_id_other_content"),
        ("", "duplicate"),
        ("", "duplicate"),
    ]
