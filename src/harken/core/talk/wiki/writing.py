"""What was said in a stretch of a rendered page, as plain text with a little Markdown."""

import re
from collections.abc import Iterator, Sequence

from harken.core.talk.wiki.nodes import Node

__all__ = ["strip_dash", "tidy_lines", "write_text"]

_PARAGRAPHS = frozenset(
    (
        "p", "div", "table", "ul", "ol", "dl", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
        "section", "figure", "center", "hr",
    )
)  # fmt: skip
_STRUCK = frozenset(("s", "strike", "del"))
_LINES = frozenset(
    (
        "li", "dd", "dt", "tr", "caption", "figcaption",
    )
)  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_TWO_SPACES = re.compile(" {2,}")
_MANY_LINES = re.compile(r"\n{3,}")
_ADDRESS = re.compile(r"(?:https?:)?//[^\s()<>]{1,2000}\Z")
_DASHES = " \t\n\xa0\u2013\u2014\u2015~\u2212"
_DEEPEST_BULLET = 8


def write_text(nodes: Sequence[Node], start: int, end: int, signatures: Sequence[tuple[int, int, int]]) -> str:
    """Return the words of `nodes[start:end]` without the signatures.

    Each signature is the place of its first node, of the node with its date, and where in that node the date ends.
    Paragraphs are set apart, list items begin with a mark, closings to other sites keep their address.
    """
    parts: list[str] = []
    waiting = iter(sorted(signatures))
    signature = next(waiting, None)
    place = start
    lowest = nodes[start].indent if start < end else 0
    closings: list[tuple[int, str]] = []
    while place < end:
        node = nodes[place]
        while closings and closings[-1][0] <= place:
            parts.append(closings.pop()[1])
        if signature is not None and place == signature[0]:
            _drop_dash(parts)
            date = nodes[signature[1]]
            rest = date.text[signature[2] :]
            place, signature = signature[1] + 1, _next_behind(waiting, signature[1])
            parts.append(_SPACES.sub(" ", rest))
            continue
        if not node.tag:
            parts.append(_SPACES.sub(" ", node.text))
        elif node.tag == "a" and "external" in node.classes and node.end <= end:
            address = _whole_address(node)
            if address and "autonumber" in node.classes:
                parts.append(address)
                place = node.end
                continue
            if address and not _shows(nodes, node, address):
                parts.append("[")
                closings.append((node.end, f"]({address})"))
        elif node.tag in _STRUCK and node.end <= end:
            parts.append("~~")
            closings.append((node.end, "~~"))
        else:
            parts.append(_mark(node, lowest, first=place == start))
        place += 1
    parts += [close for _, close in reversed(closings)]
    return tidy_lines("".join(parts))


def _next_behind(waiting: Iterator[tuple[int, int, int]], place: int) -> tuple[int, int, int] | None:
    return next((signature for signature in waiting if signature[0] > place), None)


def _mark(node: Node, lowest: int, *, first: bool) -> str:
    tag = node.tag
    if tag == "br":
        return "\n"
    if tag == "li" and not first:
        ordered = node.parent is not None and node.parent.tag == "ol"
        depth = min(max(0, node.indent - lowest - 1), _DEEPEST_BULLET)
        return f"\n\x1f{'  ' * depth}{'1.' if ordered else '-'} "
    if tag in _PARAGRAPHS:
        return "\n\n" if tag not in ("ul", "ol", "dl") else "\n"
    if tag in _LINES:
        return "\n"
    if tag in ("td", "th"):
        return " \x1e"
    return ""


def _whole_address(link: Node) -> str:
    address = link.attributes.get("href", "")
    if not _ADDRESS.match(address):
        return ""
    return f"https:{address}" if address.startswith("//") else address


def _shows(nodes: Sequence[Node], link: Node, address: str) -> bool:
    inner = nodes[link.index + 1] if link.index + 1 < link.end else None
    return inner is None or (not inner.tag and inner.text.strip() == address)


def _drop_dash(parts: list[str]) -> None:
    """Take away the dash many write before their name."""
    while parts:
        parts[-1] = strip_dash(parts[-1])
        if parts[-1]:
            break
        parts.pop()


def strip_dash(text: str) -> str:
    """Return a text without the spaces and dashes at its end."""
    kept = text.rstrip(_DASHES)
    bare = kept.rstrip("-")
    # One hyphen right behind a letter may belong to the word.
    return bare.rstrip(_DASHES) if len(kept) - len(bare) > 1 or not bare or bare[-1].isspace() else kept


def tidy_lines(text: str) -> str:
    """Return a text with spaces only between words and at most one empty line between lines."""
    lines = []
    for line in text.split("\n"):
        mark = line.startswith("\x1f")
        cells = [cell.strip() for cell in line[1 if mark else 0 :].split("\x1e")]
        words = " | ".join(cell for cell in cells if cell) if len(cells) > 1 else cells[0]
        if mark:
            body = line[1:]
            words = body[: len(body) - len(body.lstrip())] + words
            if words.strip() in ("-", "1."):
                words = ""
        lines.append((_TWO_SPACES.sub(" ", words) if "  " in words else words) if not mark else words)
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n").rstrip()
