"""Posts that name what they reply to, into trees of any depth; and posts that come twice, told apart."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from harken.core.talk.model import Finding, Post, hash_post

__all__ = ["Seen", "nest_posts"]


def nest_posts(posts: Sequence[Post], *, depth: int = 1) -> tuple[tuple[Post, ...], tuple[Finding, ...]]:
    """Return the posts that answer none of the others, each with its replies in order, and what could not be placed.

    Every post comes back exactly once, with the depth it has in the tree. A post that answers one that is not here
    stands at the top and keeps its `parent_id`; where posts answer each other in a circle, the first of them does. The
    ids of `posts` must differ.
    """
    places = {post.id: place for place, post in enumerate(posts)}
    parents = [places.get(post.parent_id, -1) if post.parent_id else -1 for post in posts]
    findings = [
        Finding(post.id, "reply_to_missing", post.parent_id)
        for post, parent in zip(posts, parents, strict=True)
        if post.parent_id and parent < 0
    ]
    for place in _cut_circles(parents):
        findings.append(Finding(posts[place].id, "reply_in_circle", posts[place].parent_id))
        parents[place] = -1
    children: list[list[int]] = [[] for _ in posts]
    roots: list[int] = []
    for place, parent in enumerate(parents):
        (children[parent] if parent >= 0 else roots).append(place)
    order: list[tuple[int, int]] = []
    stack = [(root, depth) for root in reversed(roots)]
    while stack:
        place, level = stack.pop()
        order.append((place, level))
        stack.extend((child, level + 1) for child in reversed(children[place]))
    built: dict[int, Post] = {}
    for place, level in reversed(order):
        replies = tuple(built.pop(child) for child in children[place])
        built[place] = replace(posts[place], depth=level, replies=replies)
    return tuple(built[root] for root in roots), tuple(findings)


def _cut_circles(parents: Sequence[int]) -> list[int]:
    """The first place of each circle in `parents`."""
    state = [0] * len(parents)
    first = []
    for start in range(len(parents)):
        path = []
        place = start
        while place >= 0 and state[place] == 0:
            state[place] = 1
            path.append(place)
            place = parents[place]
        if place >= 0 and state[place] == 1:
            first.append(min(path[path.index(place) :]))
        for walked in path:
            state[walked] = 2
    return first


class Seen:
    """Remembers posts by id and content, some hundred bytes each, and so tells duplicates apart among any number."""

    def __init__(self) -> None:
        self._contents: dict[int, int] = {}

    def admit(self, post: Post) -> tuple[Post | None, Finding | None]:
        """Return the post to keep, if any, and what is to say about it.

        The same content under the same id again is dropped. Other content under the same id is kept under an id of its
        own, made from its content: which of two is the true one is not ours to say.
        """
        content = int(hash_post(post)[:16], 16)
        known = self._contents.setdefault(_short(post.id), content)
        if known is content:  # the very object: it was not known before
            return post, None
        if known == content:
            return None, Finding(post.id, "duplicate", post.text[:120])
        other = _apart(post, content)
        if self._contents.setdefault(_short(other), content) is not content:
            return None, Finding(post.id, "duplicate", post.text[:120])
        return replace(post, id=other), Finding(post.id, "same_id_other_content", post.text[:120])

    def id_of(self, post: Post) -> str:
        """The id under which what a post says was admitted."""
        content = int(hash_post(post)[:16], 16)
        return post.id if self._contents.get(_short(post.id)) == content else _apart(post, content)


def _apart(post: Post, content: int) -> str:
    return f"{post.id}~{content:016x}"


def _short(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
