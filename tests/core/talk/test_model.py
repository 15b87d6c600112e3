"""Threads of posts, whatever they come from."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from harken.core.talk.model import Attachment, Post, Thread, dump_json, hash_post, walk

NOON = datetime(2021, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
LEAF = Post("c", "Chen", "account", None, "c", depth=2, parent_id="a")
TREE = (
    Post(
        "a", "Amina", "account", datetime(2021, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2))), "a", replies=(LEAF,)
    ),
    Post("b", "", "unknown", None, "<b>\u2028ü"),
)


def test_posts_come_before_their_replies() -> None:
    assert [post.id for post in walk(TREE)] == ["a", "c", "b"]


def test_json_has_the_threads_with_times_in_utc() -> None:
    read = json.loads("".join(dump_json([Thread("t", "Roses", 2, TREE), Thread("u", "")])))

    assert read == [
        {
            "heading": "Roses",
            "posts": [
                {
                    "author": "Amina",
                    "timestamp": "2021-05-01T10:00:00Z",
                    "depth": 1,
                    "text": "a",
                    "id": "a",
                    "replies": [
                        {"author": "Chen", "timestamp": None, "depth": 2, "text": "c", "id": "c", "replies": []}
                    ],
                },
                {"author": "", "timestamp": None, "depth": 1, "text": "<b>\u2028ü", "id": "b", "replies": []},
            ],
        },
        {"heading": "", "posts": []},
    ]


def test_the_hash_tells_what_was_said_and_not_where_it_stands() -> None:
    post = TREE[0]

    assert hash_post(post) == hash_post(replace(post, id="x", depth=7, parent_id="y", heading="z", replies=()))
    assert hash_post(post) == hash_post(replace(post, at=datetime(2021, 5, 1, 10, 0, tzinfo=UTC)))
    for other in (
        replace(post, text="b"),
        replace(post, author="Bruno"),
        replace(post, at=None),
        replace(post, attachments=(Attachment("a.txt", sha256="00"),)),
    ):
        assert hash_post(other) != hash_post(post)
