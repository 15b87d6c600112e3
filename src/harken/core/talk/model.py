"""What every foreign conversation becomes: threads of posts, and findings of what could not be placed.

Replies may be nested thousands deep (a hostile page, a mail thread in which everyone answers the last message), so
nothing here walks down by recursion: use `walk` and `dump_json`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

__all__ = [
    "Attachment",
    "AuthorKind",
    "Finding",
    "Post",
    "TalkError",
    "TalkPage",
    "Thread",
    "dump_json",
    "hash_post",
    "walk",
]

# account: a named account of the foreign system; address: known by an IP address alone; mailbox: known by an e-mail
# address; group: several people spoke together; unknown: nobody signed.
AuthorKind = Literal["account", "address", "mailbox", "group", "unknown"]


class TalkError(ValueError):
    """A conversation cannot be read; the message is a sentence a person can act on."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a post; `size` in bytes, `sha256` as hexadecimal digits (empty if the content was left)."""

    name: str
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """One contribution as it was said.

    `id` is stable: the same post read again, from a longer page too, has the same id. `author` is plain text (never
    markup), empty if unknown. `at` is aware and in UTC, or None if unknown. `depth` is how deep the post stands in the
    source (1: not indented); `parent_id` is the post it replies to, empty for one that replies to none. `text` is what
    was said without the signature; `html` the same as markup nobody has cleaned yet, if the source had any. `lang` is
    what the source says of the language. `extra` is what is known besides, by name: address, revision, stance, ….
    Equality leaves `replies` out, so that comparing does not go down a deep thread.
    """

    id: str
    author: str
    author_kind: AuthorKind
    at: datetime | None
    text: str
    depth: int = 1
    parent_id: str = ""
    heading: str = ""
    html: str = field(default="", repr=False)
    lang: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    replies: "tuple[Post, ...]" = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Thread:
    """Posts under one heading (or one subject); `level` is that of the heading, 0 if the thread has none."""

    id: str
    heading: str
    level: int = 0
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could not be placed: where it stands, why (a short fixed word), and its words (shortened)."""

    place: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class TalkPage:
    """What one file or page holds."""

    threads: tuple[Thread, ...] = ()
    findings: tuple[Finding, ...] = ()


def walk(posts: Iterable[Post]) -> Iterator[Post]:
    """Yield posts and all their replies, each before its replies, in the order they stand in the source."""
    for post, _depth in walk_with_depth(posts):
        yield post


def walk_with_depth(posts: Iterable[Post]) -> Iterator[tuple[Post, int]]:
    """As `walk`, each with how deep it stands: 1 for what replies to nothing."""
    stack = [iter(posts)]
    while stack:
        post = next(stack[-1], None)
        if post is None:
            stack.pop()
        else:
            yield post, len(stack)
            stack.append(iter(post.replies))


def hash_post(post: Post) -> str:
    """Return 64 hexadecimal digits that change when what was said, by whom or when changes (SHA-256).

    Where the post stands is not part of it: a thread that was moved or indented anew says nothing new.
    """
    at = post.at.astimezone(UTC).isoformat() if post.at is not None else ""
    files = [f"{file.name}\0{file.sha256}" for file in post.attachments]
    said = json.dumps([post.author, post.author_kind, at, post.text, files], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def dump_json(threads: Iterable[Thread]) -> Iterator[str]:
    """Yield JSON in pieces: threads (heading, posts) of posts (author, timestamp, depth, text, id, replies).

    Timestamps are UTC in ISO 8601 (`2018-10-01T09:30:00Z`), null if unknown. Joined, the pieces are one JSON list.
    """
    yield "["
    for number, thread in enumerate(threads):
        yield (", " if number else "") + '{"heading": ' + _dump(thread.heading) + ', "posts": ['
        stack = [iter(thread.posts)]
        is_first = True
        while stack:
            post = next(stack[-1], None)
            if post is None:
                stack.pop()
                yield "]}" if stack else "]"
                is_first = False
                continue
            at = post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if post.at is not None else None
            said = {"author": post.author, "timestamp": at, "depth": post.depth, "text": post.text, "id": post.id}
            yield ("" if is_first else ", ") + _dump(said)[:-1] + ', "replies": ['
            stack.append(iter(post.replies))
            is_first = True
        yield "}"
    yield "]"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
