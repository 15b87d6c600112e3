"""Mail as posts: streamed for the ledger, or as whole threads to look at."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final

from harken.core.talk.mail.boxes import Quoting, RawMessage, open_box
from harken.core.talk.mail.limits import MailLimits
from harken.core.talk.mail.messages import Mail, read_mail
from harken.core.talk.mail.threading import Head, Node, thread_mail, walk_nodes
from harken.core.talk.model import Finding, Post, TalkPage, Thread
from harken.core.talk.nesting import Seen

__all__ = ["head_of", "mail_post", "read_mail_posts", "read_mail_threads", "stream_mail"]

REFERENCES: Final = "references"


def mail_post(mail: Mail) -> Post:
    """Return a message as a post. `extra` has its address, subject, references and what stands beside its own words."""
    extra = {
        "address": mail.author.address,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "footer": mail.footer,
        "automatic": mail.automatic,
        "list_id": mail.list_id,
        REFERENCES: " ".join(mail.references),
        "id_made": "yes" if mail.is_id_made else "",
    }
    is_known = bool(mail.author.address or mail.author.name)
    return Post(
        id=mail.id,
        # Somebody without a name is not named by the whole of an address: that is nobody's to publish.
        author=mail.author.name or mail.author.address.partition("@")[0],
        author_kind="mailbox" if is_known else "unknown",
        at=mail.at,
        text=mail.text,
        parent_id=mail.references[-1] if mail.references else "",
        heading=mail.subject,
        html=mail.html,
        lang=mail.lang,
        extra={name: value for name, value in extra.items() if value},
        attachments=mail.attachments,
    )


def stream_mail(
    messages: Iterable[RawMessage], *, zone: tzinfo = UTC, own: Collection[str] = (), keep_automatic: bool = False
) -> Iterator[Post | Finding]:
    """Yield each message as a post without replies, and what is to say about it; nothing else is held in memory.

    `parent_id` names the message that is answered, which may come later or never. Mail nobody wrote becomes a finding
    `automatic_…`, unless `keep_automatic`.
    """
    seen = Seen()
    for raw in messages:
        mail = read_mail(raw, zone=zone, own=own)
        yield from mail.findings
        if mail.is_automatic and not keep_automatic:
            yield Finding(raw.place, f"automatic_{mail.automatic}", mail.subject)
            continue
        post, finding = seen.admit(mail_post(mail))
        if finding is not None:
            yield replace(finding, place=raw.place)
        if post is not None:
            yield post


def read_mail_posts(
    path: Path,
    *,
    zone: tzinfo = UTC,
    own: Collection[str] = (),
    keep_automatic: bool = False,
    quoting: Quoting = "mboxrd",
    limits: MailLimits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Post | Finding]:
    """Yield the posts and findings of an mbox, maildir or message at `path`, as `stream_mail` does.

    `progress` is told after each message how many bytes of the file (unpacked) are behind.

    Raises:
        MailError: nothing at `path` is mail.
    """

    def told() -> Iterator[RawMessage]:
        for raw in open_box(path, limits=limits, quoting=quoting):
            yield raw
            if progress is not None:
                progress(raw.position)

    return stream_mail(told(), zone=zone, own=own, keep_automatic=keep_automatic)


def head_of(post: Post) -> Head:
    """Return what threading needs of a post made of a message."""
    return Head(post.id, tuple(post.extra.get(REFERENCES, "").split()), post.heading)


def read_mail_threads(entries: Iterable[Post | Finding], *, by_subject: bool = False) -> TalkPage:
    """Return whole threads, for looking at and for boxes that fit in memory.

    A message that is referred to but not there has no post; its answers stand where it would, their `parent_id` names
    it, and a finding says so.
    """
    posts: dict[str, Post] = {}
    heads: list[Head] = []
    findings: list[Finding] = []
    for entry in entries:
        if isinstance(entry, Finding):
            findings.append(entry)
        else:
            posts[entry.id] = entry
            heads.append(head_of(entry))
    threads = []
    for root in thread_mail(heads, by_subject=by_subject):
        findings.extend(
            Finding(node.id, "message_missing", "") for node, _depth in walk_nodes([root]) if node.head is None
        )
        threads.append(_thread_of(root, posts))
    return TalkPage(tuple(threads), tuple(findings))


def _thread_of(root: Node, posts: dict[str, Post]) -> Thread:
    built: dict[int, tuple[Post, ...]] = {}
    for node, depth in list(walk_nodes([root]))[::-1]:
        replies = tuple(post for child in node.children for post in built.pop(id(child)))
        if node.head is None:
            built[id(node)] = replies
            continue
        parent = node.parent
        above = parent.id if parent is not None else posts[node.id].parent_id
        level = depth + 1 if root.head is not None else max(1, depth)
        built[id(node)] = (replace(posts[node.id], depth=level, parent_id=above, replies=replies),)
    top = built[id(root)]
    return Thread(root.id, top[0].heading if top else "", 0, top)
