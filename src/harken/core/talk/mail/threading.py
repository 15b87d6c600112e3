"""Who answers whom, from Message-IDs alone: Jamie Zawinski's algorithm (https://www.jwz.org/doc/threading.html).

Two things differ from its text. What a message itself says it answers is settled before what others' `References` say
of it, so that the order of the box does not matter; and nothing recurses, so that a thread may be of any depth.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from harken.core.outline.lexicon import fold_word

__all__ = ["Head", "Node", "base_subject", "thread_mail", "walk_nodes"]

# What programs put before the subject of an answer or of a message passed on, in the languages they speak.
_REPLY: Final = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?(?:re|aw|antw|sv|vs|rif|ref|res|r|odp|vá|ynt|bls|fw|fwd|wg|tr|rv|enc|i|رد|إعادة|पुनः|उत्तर|回复|答复|转发)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_LONGEST_SUBJECT: Final = 300
_LIST_TAG: Final = re.compile(r"\s*\[[^\[\]]{1,40}\]\s*")


@dataclass(frozen=True, slots=True)
class Head:
    """What threading needs of a message: its id, the ids it refers to from the oldest on, its subject."""

    id: str
    references: tuple[str, ...] = ()
    subject: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """A place in a thread. `head` is None where a message is referred to that is not there."""

    id: str
    head: Head | None = None
    parent: "Node | None" = field(default=None, repr=False)
    children: "list[Node]" = field(default_factory=list, repr=False)


def thread_mail(heads: Iterable[Head], *, prune: bool = True, by_subject: bool = False) -> list[Node]:
    """Return the roots of the threads that `heads` form, in the order in which they first appear.

    Every head is in exactly one place, whatever its references say: loops are cut, and a second head of the same id is
    a root of its own. `prune` removes places of missing messages, except where they hold several answers together at
    the top; `by_subject` puts an answer whose message is unknown under the first message with the same subject.
    """
    nodes, messages = _place_heads(heads)
    roots = _Roots()
    for node in messages:
        # What it says itself that it answers.
        if node.head is not None and node.head.references:
            _link(roots, node, nodes.get(node.head.references[-1]))
    for node in messages:
        references = node.head.references if node.head is not None else ()
        for older, newer in pairwise(references):
            child = nodes[newer]
            # Others' words on where a message belongs count only where it is not there to say it itself.
            if child.parent is None and (child.head is None or not child.head.references):
                _link(roots, child, nodes[older])
    for node in nodes.values():
        if node.parent is not None:
            node.parent.children.append(node)
    _order(messages, nodes)
    found = [node for node in nodes.values() if node.parent is None]
    if prune:
        found = _prune(found)
    found = [node for node in found if node.head is not None or node.children]
    return _join_subjects(found) if by_subject else found


def _place_heads(heads: Iterable[Head]) -> tuple[dict[str, Node], list[Node]]:
    nodes: dict[str, Node] = {}
    messages: list[Node] = []
    for head in heads:
        for reference in head.references:
            if reference not in nodes:
                nodes[reference] = Node(reference)
        node = nodes.get(head.id)
        if node is None or node.head is not None:
            key = head.id
            while key in nodes:
                key += "\0"
            node = nodes[key] = Node(head.id)
        node.head = head
        messages.append(node)
    return nodes, messages


class _Roots:
    """Which tree a node is in: a forest of disjoint sets, with paths shortened as they are walked."""

    def __init__(self) -> None:
        self._up: dict[int, Node] = {}

    def find(self, node: Node) -> Node:
        top = node
        while (above := self._up.get(id(top))) is not None:
            top = above
        while node is not top:
            above = self._up[id(node)]
            self._up[id(node)] = top
            node = above
        return top

    def hang(self, root: Node, below: Node) -> None:
        self._up[id(root)] = self.find(below)


def _link(roots: _Roots, child: Node, parent: Node | None) -> None:
    # `child` has no parent yet, so it is the root of its tree: a loop would begin exactly if `parent` is in that tree.
    if parent is None or child.parent is not None or roots.find(parent) is child:
        return
    child.parent = parent
    roots.hang(child, parent)


def _order(messages: Sequence[Node], nodes: dict[str, Node]) -> None:
    """Answers stand in the order of the box; a missing message where its first answer stands."""
    place = {id(node): number for number, node in enumerate(messages)}
    # From the leaves up: each missing message gets the place of the first message below it.
    for node in list(walk_nodes([node for node in nodes.values() if node.parent is None]))[::-1]:
        own = place.get(id(node[0]), len(messages))
        first = min((place[id(child)] for child in node[0].children), default=own)
        if node[0].head is None:
            place[id(node[0])] = first
        node[0].children.sort(key=lambda child: place[id(child)])


def _prune(roots: list[Node]) -> list[Node]:
    """Remove missing messages without answers, and put the answers of the others in their place.

    At the top that is done only for a single answer: several would fall apart into threads of their own.
    """
    for node, _depth in list(walk_nodes(roots))[::-1]:
        kept: list[Node] = []
        for child in node.children:
            if child.head is not None:
                kept.append(child)
            else:
                kept.extend(child.children)
        node.children = kept
        for child in kept:
            child.parent = node
    top: list[Node] = []
    for node in roots:
        if node.head is None and len(node.children) <= 1:
            for child in node.children:
                child.parent = None
                top.append(child)
        else:
            top.append(node)
    return top


def base_subject(subject: str) -> tuple[str, bool]:
    """Return a subject without list tags and marks of answers, folded, and whether it had such a mark."""
    is_reply = False
    subject = subject[:_LONGEST_SUBJECT]
    while (found := _REPLY.match(subject)) is not None:
        subject = subject[found.end() :]
        is_reply = True
    subject = _LIST_TAG.sub(" ", subject)
    while (found := _REPLY.match(subject)) is not None:
        subject = subject[found.end() :]
        is_reply = True
    return " ".join(fold_word(subject).split()), is_reply


def _join_subjects(roots: list[Node]) -> list[Node]:
    first: dict[str, Node] = {}
    for root in roots:
        subject, is_reply = base_subject(_subject_of(root))
        if subject and (not is_reply or root.head is None):
            first.setdefault(subject, root)
    kept = []
    for root in roots:
        subject, is_reply = base_subject(_subject_of(root))
        above = first.get(subject)
        if above is None or above is root or not is_reply or root.head is None:
            kept.append(root)
        else:
            root.parent = above
            above.children.append(root)
    return kept


def _subject_of(node: Node) -> str:
    if node.head is not None:
        return node.head.subject
    return next((child.head.subject for child in node.children if child.head is not None), "")


def walk_nodes(roots: Iterable[Node]) -> Iterator[tuple[Node, int]]:
    """Yield every place with its depth (0 at the top), each before what answers it."""
    stack = [(root, 0) for root in reversed(list(roots))]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(node.children))
