"""Mail becomes threads: a forest with each message once, whatever is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.mail.posts import head_of, read_mail_threads, stream_mail
from harken.core.talk.mail.threading import Head, thread_mail, walk_nodes
from harken.core.talk.model import Post, dump_json, walk
from tests.core.talk.letters import HEADERS, box, raw


def shape(heads: list[Head], **options: bool) -> list[tuple[str, int, bool]]:
    return [(node.id, depth, node.head is not None) for node, depth in walk_nodes(thread_mail(heads, **options))]


def test_missing_messages_hold_their_answers_together_at_the_top_only() -> None:
    heads = [Head("b", ("a", "gone")), Head("c", ("a",)), Head("d", ("lost",))]
    assert shape(heads) == [("a", 0, False), ("b", 1, True), ("c", 1, True), ("d", 0, True)]
    assert shape(heads, prune=False) == [
        ("a", 0, False),
        ("gone", 1, False),
        ("b", 2, True),
        ("c", 1, True),
        ("lost", 0, False),
        ("d", 1, True),
    ]


def test_an_answer_without_references_may_be_placed_by_its_subject() -> None:
    heads = [Head("a", (), "[list] Rooms"), Head("b", (), "AW: [list] Rooms"), Head("c", (), "Rooms")]
    assert shape(heads) == [("a", 0, True), ("b", 0, True), ("c", 0, True)]
    assert shape(heads, by_subject=True) == [("a", 0, True), ("b", 1, True), ("c", 0, True)]


@pytest.mark.large
def test_a_thread_may_be_ten_thousand_deep() -> None:
    heads = [Head(str(number), (str(number - 1),) if number else ()) for number in range(10_000)]
    for order in (heads, heads[::-1]):
        assert max(depth for _node, depth in walk_nodes(thread_mail(order))) == 9_999
    posts = [
        Post(head.id, "a", "mailbox", None, "x", heading="s", extra={"references": " ".join(head.references)})
        for head in heads
    ]
    page = read_mail_threads(posts)
    assert max(post.depth for post in walk(page.threads[0].posts)) == 10_000
    assert sum(1 for piece in dump_json(page.threads) if '"author"' in piece) == 10_000


IDS = st.sampled_from("abcdefgh")


@given(
    st.lists(
        st.builds(Head, IDS, st.lists(IDS, max_size=4).map(tuple), st.sampled_from(["s", "Re: s", ""])), max_size=12
    ),
    st.booleans(),
    st.booleans(),
)
def test_threads_are_a_forest_with_each_message_once(heads: list[Head], prune: bool, by_subject: bool) -> None:
    roots = thread_mail(heads, prune=prune, by_subject=by_subject)
    nodes = [node for node, _depth in walk_nodes(roots)]
    assert len({id(node) for node in nodes}) == len(nodes)
    assert sorted(node.head.id for node in nodes if node.head) == sorted(head.id for head in heads)
    assert all(child.parent is node for node in nodes for child in node.children)
    assert all(root.parent is None for root in roots)


@given(st.permutations([Head("b", ("a",)), Head("a"), Head("c", ("a", "b")), Head("d", ("x", "b")), Head("e", ("x",))]))
def test_the_order_of_the_box_does_not_change_who_answers_whom(heads: list[Head]) -> None:
    parents = {
        node.id: node.parent.id if node.parent else "" for node, _depth in walk_nodes(thread_mail(heads, prune=False))
    }
    assert parents == {"a": "", "b": "a", "c": "b", "d": "b", "e": "x", "x": ""}


def test_answers_to_a_message_that_is_not_there_are_one_thread() -> None:
    def answer(name: str) -> str:
        return HEADERS.replace("<a@x>", f"<{name}@x>") + "References: <gone@x>\n\nWords of " + name

    page = read_mail_threads(stream_mail(raw(box(answer("b"), answer("c")))))
    (thread,) = page.threads
    assert [(post.id, post.depth, post.parent_id) for post in walk(thread.posts)] == [
        ("b@x", 1, "gone@x"),
        ("c@x", 1, "gone@x"),
    ]
    assert [(finding.place, finding.reason) for finding in page.findings] == [("gone@x", "message_missing")]
    assert head_of(thread.posts[0]) == Head("b@x", ("gone@x",), "Rooms")
