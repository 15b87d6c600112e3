"""From headings and signed comments in the order of the page to threads."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from harken.core.talk.model import AuthorKind, Finding, Post, TalkPage, Thread
from harken.core.talk.wiki.titles import is_address

__all__ = ["Comment", "Heading", "build_page", "shorten"]

_LONGEST_QUOTE = 500
_LONGEST_NAME = 80


@dataclass(slots=True)
class Heading:
    """A heading of the page; `level` 0 stands for the place before the first one."""

    text: str
    level: int


@dataclass(slots=True)
class Comment:
    """A comment as it stands on the page; `level` 1 is not indented.

    `lines` are, where the source was read, its lines as (indentation, words), and `signed_line` the whole of the one
    with the signature. What nobody signed is a comment too, with `signed` false.
    """

    author: str
    at: datetime | None
    level: int
    text: str
    extra: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[int, str]] = field(default_factory=list)
    signed_line: str = ""
    signed: bool = True


def shorten(text: str) -> str:
    """Return at most 500 characters of a text."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def kind_of(author: str) -> AuthorKind:
    """Return what is known of somebody by their name on a wiki."""
    if not author:
        return "unknown"
    return "address" if is_address(author) else "account"


def build_page(
    items: Sequence[Heading | Comment], findings: Sequence[Finding] = (), *, keep_unsigned: bool = False
) -> TalkPage:
    """Return the threads of a page: one for each heading, and one before the first if something was said there.

    What nobody signed becomes findings, or with `keep_unsigned` posts of unknown authors; before the first heading,
    where notices about the page stand, it is always a finding.

    A comment replies to the closest one before it, under the same heading, that is indented less. The id of a post is
    made of its author and minute (and counted where somebody posted twice in one), so that it stays the same when the
    page grows, when a thread is moved to an archive, and in every form the page is read in.
    """
    namer = _Namer()
    threads = []
    reported = list(findings)
    for heading, found in _sections(items):
        comments = [comment for comment in found if comment.signed or (keep_unsigned and heading.level)]
        left = [comment for comment in found if not comment.signed and not (keep_unsigned and heading.level)]
        reported += [Finding(heading.text, "no_signature", shorten(comment.text)) for comment in left]
        if heading.level or comments:
            posts = _build_posts(comments, heading.text, namer)
            oldest = min((post.at for post in posts if post.at is not None), default=None)
            threads.append(Thread(namer.thread(heading.text, oldest), heading.text, heading.level, posts))
    return TalkPage(tuple(threads), tuple(reported))


def _sections(items: Sequence[Heading | Comment]) -> Iterator[tuple[Heading, list[Comment]]]:
    heading, comments = Heading("", 0), list[Comment]()
    for item in items:
        if isinstance(item, Heading):
            yield heading, comments
            heading, comments = item, []
        else:
            comments.append(item)
    yield heading, comments


def _build_posts(comments: Sequence[Comment], heading: str, namer: "_Namer") -> tuple[Post, ...]:
    parents: list[int] = []
    open_comments: list[int] = []
    for place, comment in enumerate(comments):
        while open_comments and comments[open_comments[-1]].level >= comment.level:
            open_comments.pop()
        parents.append(open_comments[-1] if open_comments else -1)
        open_comments.append(place)
    ids = [namer.post(comment.author, comment.at, comment.text) for comment in comments]
    replies: list[list[Post]] = [[] for _ in comments]
    top: list[Post] = []
    # Replies come after what they reply to, so that from the end each comes with its own already made.
    for place in range(len(comments) - 1, -1, -1):
        comment, parent = comments[place], parents[place]
        extra: Mapping[str, str] = comment.extra
        post = Post(
            id=ids[place],
            author=comment.author,
            author_kind=kind_of(comment.author),
            at=comment.at,
            text=comment.text,
            depth=comment.level,
            parent_id=ids[parent] if parent >= 0 else "",
            heading=heading,
            extra=extra,
            replies=tuple(reversed(replies[place])),
        )
        (replies[parent] if parent >= 0 else top).append(post)
        replies[place] = []
    return tuple(reversed(top))


class _Namer:
    """Gives ids, each once."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}

    def post(self, author: str, at: datetime | None, text: str) -> str:
        when = at.astimezone(UTC).strftime("%Y%m%dT%H%M") if at is not None else f"x{_digest(text)}"
        return self._once(f"c-{_short(author)}-{when}")

    def thread(self, heading: str, at: datetime | None) -> str:
        when = f"-{at.astimezone(UTC):%Y%m%dT%H%M}" if at is not None else ""
        return self._once(f"h-{_short(heading)}{when}")

    def _once(self, name: str) -> str:
        count = self.used[name] = self.used.get(name, 0) + 1
        return name if count == 1 else f"{name}-{count}"


def _short(name: str) -> str:
    name = name.replace(" ", "_")
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}~{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
