"""Rendered talk pages: the HTML of both of MediaWiki's parsers.

The rules are those by which wikis show reply links (https://www.mediawiki.org/wiki/Extension:DiscussionTools): a
comment ends with the line in which somebody's signature stands, that is a date in the wiki's format behind a link
to a user's page, talk page or contributions in the same paragraph and at most 100 characters before; it begins behind
the end of the one before; lists give its level.
"""

import re
from dataclasses import dataclass, field

from harken.core.talk.model import Finding, TalkPage
from harken.core.talk.wiki.nodes import BLOCKS, LEAVES, Node, parse_html
from harken.core.talk.wiki.site import Wiki, guess_wiki
from harken.core.talk.wiki.timestamps import Stamp, find_stamp
from harken.core.talk.wiki.trees import Comment, Heading, build_page, shorten
from harken.core.talk.wiki.writing import write_text

__all__ = ["read_talk_html"]

_SIGNATURE_REACH = 100
_SIGNATURE_NODES = 300
_CLIMB = 60
_SHORTEST_DATE = 8
_SEPARATOR_CLASSES = frozenset(("mw-notalk", "outdent-template", "mw-trackedTemplate"))
_PAGE_PROPERTY = re.compile(r"(?:^|\s)mw:PageProp/(?:Category|redirect|Language)(?=$|\s)")


def read_talk_html(html: str, wiki: Wiki | None = None, title: str = "", *, keep_unsigned: bool = False) -> TalkPage:
    """Return the threads of a rendered talk page.

    `wiki` says how signatures look (None: it is guessed from the page, and a finding says so), `title` is that of the
    page: on somebody's own talk page links to it name them. What nobody signed is a finding, or with `keep_unsigned` a
    post of an unknown author.

    Raises:
        TalkError: the page is larger or nested more deeply than any page is.
    """
    nodes, language = parse_html(html)
    findings = []
    if wiki is None:
        wiki = guess_wiki("".join(node.text for node in nodes), [language])
    findings += [Finding("", "assumed", sentence) for sentence in wiki.assumed]
    reader = _HtmlReader(nodes, wiki, wiki.names.user_of_title(title) if title else "")
    reader.read()
    return build_page(reader.items, [*findings, *reader.findings], keep_unsigned=keep_unsigned)


@dataclass(slots=True)
class _Open:
    """The comment that is being read: its first and last node, where its line stops, where signatures stand in it."""

    comment: Comment
    start: int
    end: int
    stop: int
    signatures: list[tuple[int, int, int]] = field(default_factory=list)


class _HtmlReader:
    def __init__(self, nodes: list[Node], wiki: Wiki, page_user: str) -> None:
        self.nodes = nodes
        self.wiki = wiki
        self.page_user = page_user
        self.users: dict[str, str] = {}
        self.items: list[Heading | Comment] = []
        self.findings: list[Finding] = []
        self.current: _Open | None = None
        self.heading = ""
        # The last node that belongs to a heading or comment, and the last with a date.
        self.end = -1
        self.last_stamp = -1

    def read(self) -> None:
        nodes, place = self.nodes, 0
        while place < len(nodes):
            node = nodes[place]
            if node.silent:
                place = node.end
            elif node.heading == node.index:
                self._read_heading(node)
                place = node.end
            else:
                if not node.tag and len(node.text) >= _SHORTEST_DATE:
                    self._read_words(node)
                place += 1
        self._close(len(nodes))

    def _read_words(self, node: Node) -> None:
        stamp = find_stamp(self.wiki.formats, node.text) if "(" in node.text else None
        if stamp is not None:
            self._read_stamp(node, stamp)
            return
        typed = find_stamp(self.wiki.typed_formats, node.text)
        if typed is not None and self._find_author(node)[0]:
            # Whoever types a date can type any; the words stay with what the next signature signs.
            words = node.text[max(0, typed.start - _SIGNATURE_REACH) : typed.end]
            self.findings.append(Finding(self.heading, "typed_date", shorten(words.strip())))

    def _read_heading(self, node: Node) -> None:
        self._close(node.index)
        self.heading = write_text(self.nodes, node.index + 1, node.end, [])
        self.items.append(Heading(self.heading, int(node.tag[1])))
        self.end = node.end - 1

    def _close(self, until: int) -> None:
        """End the comment that is being read; what stands between it and `until` has no signature."""
        current, self.current = self.current, None
        if current is not None:
            current.comment.text = write_text(self.nodes, current.start, current.end + 1, current.signatures)
        start = self._next_leaf(self.end + 1, until)
        if start < until:
            words = write_text(self.nodes, start, until, [])
            if words:
                self.items.append(Comment("", None, self.nodes[start].indent + 1, words, signed=False))

    # --- signatures ---

    def _read_stamp(self, node: Node, stamp: Stamp) -> None:
        author, link = self._find_author(node)
        self.last_stamp = node.index
        if not author:
            # A date alone is a quotation or part of a sentence.
            return
        signature = (self._signature_start(node, link), node.index, stamp.end)
        current = self.current
        if current is not None and node.index < current.stop:
            self._add_to(current, signature, author, stamp)
            return
        end, stop = self._line_end(node)
        start = self._next_leaf(self.end + 1, node.index)
        if current is not None:
            current.comment.text = write_text(self.nodes, current.start, current.end + 1, current.signatures)
        level = min(self.nodes[start].indent, node.indent) + 1
        comment = Comment(author, stamp.at, level, "")
        label = self._label_between(self.end + 1, start)
        if label:
            comment.extra["label"] = label
        if stamp.at is None:
            self.findings.append(Finding(self.heading, "no_such_date", shorten(node.text[stamp.start : stamp.end])))
        self.items.append(comment)
        self.current = _Open(comment, start, end, stop, [signature])
        self.end = end

    def _add_to(self, current: _Open, signature: tuple[int, int, int], author: str, stamp: Stamp) -> None:
        """Several signatures on one line are one comment, by whom signed first: a note on it was added later."""
        current.signatures.append(signature)
        extra = current.comment.extra
        if "signed_also" not in extra:
            when = stamp.at.isoformat() if stamp.at is not None else ""
            extra["signed_also"] = f"{author} {when}".strip()

    def _find_author(self, node: Node) -> tuple[str, int]:
        """Return who signed before a date, and where the first link to them stands."""
        author, first, length = "", node.index, 0
        lowest = max(self.last_stamp + 1, node.index - _SIGNATURE_NODES, 0)
        for place in range(node.index - 1, lowest - 1, -1):
            before = self.nodes[place]
            if before.segment != node.segment or before.tag in BLOCKS:
                break
            if length >= _SIGNATURE_REACH:
                break
            if not before.tag:
                length += len(before.text.strip())
            elif before.tag == "a":
                user = self._user_of_link(before)
                if user and user == (author or user):
                    author, first = user, place
        return author, first

    def _user_of_link(self, link: Node) -> str:
        classes = link.attributes.get("class", "")
        if "ext-discussiontools-init-timestamplink" in classes:
            return ""
        address = link.attributes.get("href", "")
        if address:
            user = self.users.get(address)
            if user is None:
                user = self.users[address] = self.wiki.names.user_of_address(address)
            return user
        return self.page_user if "selflink" in classes else ""

    def _signature_start(self, node: Node, link: int) -> int:
        """Return where the signature begins: with the outermost element around the link that the date is not in."""
        found = self.nodes[link]
        for _ in range(_CLIMB):
            parent = found.parent
            if parent is None or parent.end > node.index or parent.segment != node.segment:
                break
            found = parent
        return found.index

    def _line_end(self, node: Node) -> tuple[int, int]:
        """Return the last node with content on the line of `node`, and the place where the line stops.

        A line stops where a block begins or ends, and at a break.
        """
        last, place = node.index, node.index + 1
        while place < len(self.nodes):
            after = self.nodes[place]
            if after.segment != node.segment or self._is_separator(after):
                break
            if (not after.tag and after.text.strip()) or after.tag in LEAVES:
                last = place
            place += 1
        return last, place

    # --- where comments begin ---

    def _next_leaf(self, place: int, until: int) -> int:
        """Return the first node from `place` on that is part of what somebody says, `until` if there is none before."""
        while place < until:
            node = self.nodes[place]
            if self._is_separator(node) or self._is_unseen(node):
                place = node.end
            elif node.text.strip() or node.tag in LEAVES:
                return place
            else:
                place += 1
        return min(place, until)

    def _is_separator(self, node: Node) -> bool:
        if node.tag in ("br", "hr"):
            return True
        if not node.attributes and node.tag != "dl":
            return False
        if node.tag in ("style", "link"):
            follower = self.nodes[node.end] if node.end < len(self.nodes) else None
            # A run of style sheets is walked through once: the next of them is asked when its turn comes.
            return (
                follower is not None
                and follower.parent is node.parent
                and follower.tag not in ("style", "link")
                and self._is_separator(follower)
            )
        if "class" in node.attributes and not _SEPARATOR_CLASSES.isdisjoint(node.classes):
            return True
        return node.tag == "dl" and self._is_label(node)

    def _is_label(self, node: Node) -> bool:
        """Whether a list is one term without an explanation: `;` of wikitext, used as a heading."""
        child = self.nodes[node.index + 1] if node.index + 1 < node.end else None
        return child is not None and child.tag == "dt" and child.end == node.end

    def _label_between(self, place: int, until: int) -> str:
        labels = []
        while place < until:
            node = self.nodes[place]
            if node.tag == "dl" and self._is_label(node):
                labels.append(write_text(self.nodes, node.index + 1, node.end, []))
                place = node.end
            else:
                place += 1
        return labels[-1] if labels else ""

    def _is_unseen(self, node: Node) -> bool:
        if node.tag == "meta":
            return True
        if node.tag == "link":
            return _PAGE_PROPERTY.search(node.attributes.get("rel", "")) is not None
        if node.tag == "span" and "mw:Transclusion" in node.attributes.get("typeof", "").split():
            if any(
                inner.tag or inner.text.strip() for inner in self.nodes[node.index + 1 : min(node.end, node.index + 4)]
            ):
                return False
            follower = self.nodes[node.end] if node.end < len(self.nodes) else None
            return (
                follower is None
                or not follower.tag
                or follower.parent is not node.parent
                or follower.attributes.get("about") != node.attributes.get("about")
            )
        return False
