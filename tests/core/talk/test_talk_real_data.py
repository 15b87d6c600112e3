"""What nobody here wrote: mail archives, odd messages, Decidim, Discourse and Polis exports, where they lie beside us.

The files are not part of the project; without them these tests are skipped.
"""

import csv
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harken.core.talk.forums import ForumError
from harken.core.talk.forums.decidim import read_decidim
from harken.core.talk.forums.discourse import read_discourse
from harken.core.talk.forums.polis import read_polis, read_polis_topic
from harken.core.talk.mail.boxes import open_box
from harken.core.talk.mail.messages import read_mail
from harken.core.talk.mail.posts import head_of, read_mail_posts, read_mail_threads
from harken.core.talk.mail.threading import thread_mail, walk_nodes
from harken.core.talk.model import Finding, Post, walk
from harken.core.talk.tables.posts import read_table_posts
from harken.core.talk.tables.proposing import propose_mapping
from harken.core.talk.tables.reading import open_table

DATA = Path(os.environ.get("HARKEN_TEST_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
MAIL, DECIDIM, DISCOURSE, POLIS = DATA / "mail", DATA / "decidim", DATA / "discourse" / "api", DATA / "polis"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not beside the repository")


# --- mail ---


@pytest.mark.parametrize("path", sorted(MAIL.glob("*.mbox")), ids=lambda path: path.stem)
def test_threads_are_those_of_the_message_ids(path: Path) -> None:
    expected = json.loads(path.with_suffix(".tree.json").read_text())["tree"]
    heads = [head_of(entry) for entry in read_mail_posts(path, keep_automatic=True) if isinstance(entry, Post)]
    found = [
        {
            "depth": depth,
            "subject": node.head.subject if node.head else "[ Message not available ]",
            "message_id": node.id,
            "present": node.head is not None,
        }
        for node, depth in walk_nodes(thread_mail(heads, prune=path.stem != "testbox"))
    ]
    assert found == expected


@pytest.mark.parametrize("path", sorted(MAIL.glob("*.mbox")), ids=lambda path: path.stem)
def test_everything_a_person_sent_to_a_list_is_a_post(path: Path) -> None:
    page = read_mail_threads(read_mail_posts(path))
    posts = [post for thread in page.threads for post in walk(thread.posts)]
    assert len(posts) == sum(1 for _message in open_box(path))
    assert all(post.at is not None and post.text and "@" in post.extra["address"] for post in posts)


@pytest.mark.parametrize("path", sorted((MAIL / "odd").glob("*")), ids=lambda path: path.stem)
def test_odd_messages_are_read(path: Path) -> None:
    for raw in open_box(path):
        mail = read_mail(raw)
        assert mail.id
        assert mail.author.name or mail.author.address
        assert "\ufffd" not in mail.text + mail.author.name + mail.subject


def test_odd_messages_say_what_they_said() -> None:
    def read(name: str) -> str:
        return " ".join(read_mail(raw).text for raw in open_box(MAIL / "odd" / f"{name}.txt"))

    assert "é è ç à î ï ë" in read("payload-iso8859")
    assert "message 1" in read("python-msg_31")  # its boundary is another
    assert read("html-email-1").endswith("réponse français")
    assert read("wrong-in-reply-to-header") == "Dummy person's reply"


# --- Decidim ---


def expected_comments(path: Path) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Title and comments with their depth, from the text that shows how a conversation nests."""
    title, comments = "", list[tuple[int, str]]()
    for line in path.read_text().splitlines():
        name, _, said = line.partition(" : ")
        if name == "Title":
            if title:
                yield title, comments
            title, comments = said, []
        elif name.strip() == "Comment":
            comments.append(((len(name) - len(name.lstrip())) // 2, said))
    yield title, comments


@pytest.mark.parametrize("name", ["config1", "config2"])
def test_comments_of_decidim_nest_as_expected(name: str) -> None:
    page = read_decidim([DECIDIM / f"proposals_{name}.xls", DECIDIM / f"comments_{name}.xls"])
    found = [
        (thread.heading, [(post.depth - 1, post.text) for post in list(walk(thread.posts))[1:]])
        for thread in page.threads
    ]
    assert found == list(expected_comments(DECIDIM / f"mapping_result_{name}.txt"))
    assert {finding.reason for finding in page.findings} <= {"no_date"}


def test_proposals_of_decidim_keep_what_is_known_of_them() -> None:
    page = read_decidim([DECIDIM / "proposals_config2.xls", DECIDIM / "comments_config2.xls"])
    proposal = page.threads[0].posts[0]
    assert (proposal.extra["category"], proposal.extra["endorsements"], proposal.extra["comments"]) == (
        "cat",
        "12",
        "4",
    )
    comment = proposal.replies[0]
    assert (comment.author, comment.at) == ("3696", datetime(2020, 11, 24, 17, 9, tzinfo=UTC))
    assert comment.extra["stance"] == "support"


# --- Discourse ---


def test_a_topic_of_discourse_is_a_thread_by_what_posts_reply_to() -> None:
    said = json.loads((DISCOURSE / "topic.json").read_text())["post_stream"]["posts"]
    (thread,) = read_discourse([DISCOURSE / "topic.json"]).threads
    posts = list(walk(thread.posts))
    assert sorted(post.extra["post_id"] for post in posts) == sorted(str(post["id"]) for post in said)
    assert {post.id: post.parent_id for post in posts} == {
        f"57/{post['post_number']}": f"57/{post['reply_to_post_number']}" if post["reply_to_post_number"] else ""
        for post in said
    }
    assert posts[0].at == datetime(2013, 2, 4, 20, 26, 26, tzinfo=UTC)
    assert posts[0].text.startswith("Welcome!\n\n### Try is a sandbox")
    assert not any("<p>" in post.text for post in posts)


def test_every_answer_of_discourse_is_read_alone_and_with_the_others() -> None:
    paths = sorted(DISCOURSE.glob("*.json"))
    alone = {post.id for path in paths for thread in read_discourse([path]).threads for post in walk(thread.posts)}
    together = read_discourse(paths)
    assert {post.id.partition("~")[0] for t in together.threads for post in walk(t.posts)} == alone
    assert {finding.reason for finding in together.findings} == {
        "posts_not_in_file",  # the list of latest topics
        "reply_to_missing",  # the list of what somebody replied
        "same_id_other_content",  # topic 57 is two topics in these files
    }


# --- Polis ---


@pytest.mark.parametrize("path", sorted(POLIS.glob("*/comments.csv")), ids=lambda path: path.parent.name)
def test_statements_of_polis_are_all_read(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as stream:
        said = list(csv.DictReader(stream))
    entries = list(read_polis(path))
    posts = [entry for entry in entries if isinstance(entry, Post)]
    assert not [entry for entry in entries if isinstance(entry, Finding)]
    assert [(post.id, post.author, post.text) for post in posts] == [
        (row["comment-id"], row["author-id"], row["comment-body"].strip()) for row in said
    ]
    assert all(
        post.at == datetime.fromtimestamp(int(row["timestamp"]) // 1000, UTC)
        for post, row in zip(posts, said, strict=True)
    )
    assert read_polis_topic(path.parent / "summary.csv")["topic"]


def test_votes_of_polis_are_no_statements() -> None:
    for path in sorted(POLIS.glob("*/*votes.csv")):
        with pytest.raises(ForumError, match="holds votes"):
            list(read_polis(path))


@pytest.mark.parametrize("path", sorted(POLIS.glob("*/comments.csv")), ids=lambda path: path.parent.name)
def test_statements_of_polis_are_a_table_like_any_other(path: Path) -> None:
    table = open_table(path)
    mapping = propose_mapping(table)
    assert (mapping.text, mapping.id) == ("comment-body", "comment-id")
    posts = [entry for entry in read_table_posts(table, mapping) if isinstance(entry, Post)]
    assert [post.id for post in posts] == [post.id for post in read_polis(path) if isinstance(post, Post)]
