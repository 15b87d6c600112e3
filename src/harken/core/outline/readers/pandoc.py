"""DOCX and ODT through pandoc's document tree (https://hackage.haskell.org/package/pandoc-types).

pandoc runs in its sandbox (no files, no network), with bounded memory and time; the tree is walked without recursion.
"""

import json
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pypandoc  # type: ignore[import-untyped]  # it ships no types, and only its path is asked for

from harken.core.outline.blocks import BlockBuilder, BlockStream
from harken.core.outline.formats import Format
from harken.core.outline.limits import Limits
from harken.core.outline.model import OutlineError

__all__ = ["read_package"]

_TEXT_OF = {"Space": " ", "SoftBreak": " "}
_QUOTES = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}
# Where in each element's content the inlines or blocks inside it stand.
_INLINE_INSIDE = {
    "Emph": None,
    "Underline": None,
    "Strikeout": None,
    "Superscript": None,
    "Subscript": None,
    "SmallCaps": None,
    "Span": 1,
    "Link": 1,
    "Cite": 1,
}


@cache
def _pandoc_path() -> str:
    return str(pypandoc.get_pandoc_path())


def read_package(package: bytes, said: Format, limits: Limits) -> BlockStream:
    """Return the blocks of a checked DOCX or ODT package; the format knows no lines.

    Raises:
        OutlineError: pandoc cannot read the document, or not within the limits of time and memory.
    """
    tree = _run_pandoc(package, said, limits)
    builder = BlockBuilder(limits)
    try:
        walk_tree(tree["blocks"], builder)
        title = "".join(_meta_words(tree.get("meta", {}).get("title")))
    except (KeyError, IndexError, TypeError) as error:
        raise OutlineError(
            f"The {said.description} was converted to something unexpected; save it as HTML and try that."
        ) from error
    return builder.stream(title)


def _run_pandoc(package: bytes, said: Format, limits: Limits) -> dict[str, Any]:
    command = [
        _pandoc_path(),
        "+RTS",
        f"-M{limits.converter_megabytes}M",
        "-RTS",
        "--sandbox",
        f"--from={said.name}",
        "--to=json",
    ]
    try:
        result = subprocess.run(  # noqa: S603  # no shell, and every argument is our own
            command, input=package, capture_output=True, timeout=limits.converter_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise OutlineError(
            f"The {said.description} took longer than {limits.converter_seconds:g} seconds to convert; it is refused."
        ) from error
    except OSError as error:
        raise OutlineError("pandoc, which reads office documents, cannot be started on this machine.") from error
    if result.returncode != 0:
        raise OutlineError(_explain_failure(result.returncode, result.stderr, said, limits))
    try:
        tree: dict[str, Any] = json.loads(result.stdout)
    except RecursionError as error:
        raise OutlineError(f"The {said.description} is nested too deeply to be read.") from error
    return tree


def _explain_failure(code: int, stderr: bytes, said: Format, limits: Limits) -> str:
    # 251 is how the runtime of pandoc ends when the heap is exhausted, 2 when its stack is.
    if code in (251, 2) or b"heap" in stderr.lower():
        return f"The {said.description} needs more than {limits.converter_megabytes} MB of memory to convert."
    said_by_pandoc = stderr.decode("utf-8", "replace").strip().splitlines()
    reason = said_by_pandoc[-1][:200] if said_by_pandoc else f"pandoc ended with code {code}"
    return f"The {said.description} cannot be converted: {reason}"


def walk_tree(blocks: list[Any], builder: BlockBuilder) -> None:
    """Feed the builder with pandoc's blocks; a stack of iterators stands in for recursion."""
    stack: list[tuple[Iterator[Any], str]] = [(iter(blocks), "")]
    while stack:
        iterator, closing = stack[-1]
        element = next(iterator, None)
        if element is None:
            stack.pop()
            _close(closing, builder)
        else:
            stack.extend(_open(element, builder))


def _close(closing: str, builder: BlockBuilder) -> None:
    if closing == "list":
        builder.close_list()
    elif closing == "item":
        builder.close_item()
    elif closing == "block":
        builder.flush()
    elif closing == "table":
        builder.table(False)
    elif closing == "bold":
        builder.bold(False)
    elif closing:
        builder.text(closing)


def _open(element: Any, builder: BlockBuilder) -> list[tuple[Iterator[Any], str]]:
    """Handle one element and return what is inside it, to be walked next."""
    kind, content = element["t"], element.get("c")
    if kind in ("Str", "Space", "SoftBreak", "LineBreak", "Code", "Math", "Quoted", "Strong") or kind in _INLINE_INSIDE:
        return _open_inline(kind, content, builder)
    if kind in ("Para", "Plain"):
        builder.flush()
        return [(iter(content), "block")]
    if kind == "Header":
        builder.open_heading(min(6, max(1, content[0])))
        return [(iter(content[2]), "block")]
    if kind in ("BulletList", "OrderedList"):
        ordered = kind == "OrderedList"
        builder.open_list(ordered=ordered, start=content[0][0] if ordered else 1)
        items = content[1] if ordered else content
        return [(iter([{"t": "_Item", "c": item} for item in items]), "list")]
    if kind == "_Item":
        builder.open_item()
        return [(iter(content), "item")]
    return _open_other(kind, content, builder)


def _open_inline(kind: str, content: Any, builder: BlockBuilder) -> list[tuple[Iterator[Any], str]]:
    if kind == "Str":
        builder.text(content)
    elif kind == "LineBreak":
        builder.line_break()
    elif kind in _TEXT_OF:
        builder.text(" ")
    elif kind in ("Code", "Math"):
        builder.text(content[1])
    elif kind == "Quoted":
        opening, closing = _QUOTES[content[0]["t"]]
        builder.text(opening)
        return [(iter(content[1]), closing)]
    elif kind == "Strong":
        builder.bold(True)
        return [(iter(content), "bold")]
    else:
        inside = _INLINE_INSIDE[kind]
        return [(iter(content if inside is None else content[inside]), "")]
    return []


def _open_other(kind: str, content: Any, builder: BlockBuilder) -> list[tuple[Iterator[Any], str]]:
    if kind not in ("RawInline", "Image", "Note"):
        builder.flush()
    if kind == "BlockQuote":
        return [(iter(content), "block")]
    if kind in ("Div", "Figure"):
        return [(iter(content[-1]), "block")]
    if kind == "LineBlock":
        return [(iter([{"t": "Para", "c": line} for line in content]), "block")]
    if kind == "CodeBlock":
        for line in content[1].splitlines():
            builder.flush()
            builder.text(line)
        builder.flush()
    elif kind == "DefinitionList":
        inside = []
        for term, definitions in content:
            inside.append({"t": "Para", "c": [{"t": "Strong", "c": term}]})
            inside.extend(block for definition in definitions for block in definition)
        return [(iter(inside), "block")]
    elif kind == "Table":
        builder.table(True)
        return [(iter(list(_table_blocks(content))), "table")]
    return []


def _table_blocks(content: Any) -> Iterator[Any]:
    _, caption, _, head, bodies, foot = content
    yield from caption[1]
    rows = [*head[1], *(row for body in bodies for part in body[2:4] for row in part), *foot[1]]
    for row in rows:
        for cell in row[1]:
            yield from cell[4]


def _meta_words(value: Any) -> Iterator[str]:
    """Yield the words of a metadata value, which is a list of inlines or a string."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(reversed(current))
        elif isinstance(current, dict):
            kind = current.get("t")
            if kind in ("Str", "MetaString"):
                yield str(current["c"])
            elif kind in _TEXT_OF:
                yield " "
            else:
                stack.append(current.get("c"))
