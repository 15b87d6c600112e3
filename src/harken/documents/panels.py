"""What later rooms put on the pages of texts: plain registries that they fill in `AppConfig.ready()`.

A count stands in the margin, one line for each passage, and is read with all others in one query. A panel is a piece
of a page. A stamp is what a page's ETag needs besides the process's version, where what a room shows changes without.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from harken.documents.models import Document
from harken.processes.models import Process

Where = Literal["ways", "document", "passage", "beside"]
"""Below a document's head, after its text, on a passage's page, in the margin for the passage in focus."""


@dataclass(frozen=True, slots=True)
class MarginCount:
    """Something of which there are so many beside passages.

    `rows` takes a document's id and gives (a passage's public id, `name`, how many), with "" for the public id where it
    is about the document; it is compiled once with a stand-in for the id, so it decides nothing by it. `describe` puts
    a number into words.
    """

    name: str
    rows: Callable[[int], QuerySet[Any, Any]]
    describe: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """Where a panel stands: a document, and, on a passage's page or beside it, the passage.

    `counts` are those of `MarginCount` about the document, by name, where the page has them.
    """

    process: Process
    document: Document
    passage: int | None = None
    public_id: str = ""
    counts: tuple[tuple[str, int], ...] = ()


Panel = Callable[[HttpRequest, PanelPlace], str]
"""Safe HTML, "" for nothing."""
Stamp = Callable[[Process, str, str], str]
"""For a process and the address of a document in it: iteration and code."""

_COUNTS: dict[str, MarginCount] = {}
_PANELS: dict[Where, list[tuple[int, Panel]]] = {}
_STAMPS: list[Stamp] = []


def register_margin_count(count: MarginCount) -> None:
    """Have something counted beside passages; a name is registered once."""
    if count.name in _COUNTS:
        raise ValueError(f"The count {count.name} is registered twice.")
    _COUNTS[count.name] = count


def margin_counts() -> tuple[MarginCount, ...]:
    """All registered counts in the order of registration."""
    return tuple(_COUNTS.values())


def describe_margin_count(name: str, number: int) -> str:
    """A number in words."""
    return _COUNTS[name].describe(number)


def register_panel(where: Where, panel: Panel, *, order: int = 50) -> None:
    """Have `panel` stand on pages of texts; lower numbers stand in front."""
    panels = _PANELS.setdefault(where, [])
    panels.append((order, panel))
    panels.sort(key=lambda entry: entry[0])


def render_panels(where: Where, request: HttpRequest, place: PanelPlace) -> SafeString:
    """What all rooms have to say there."""
    pieces = [panel(request, place) for _order, panel in _PANELS.get(where, ())]
    return mark_safe("".join(pieces))  # noqa: S308 - each panel is safe HTML that a page template made


def register_stamp(stamp: Stamp) -> None:
    """Let pages of a document be made anew when `stamp` says something else."""
    _STAMPS.append(stamp)


def stamp_document(process: Process, *, iteration_slug: str, code: str, **_more: str) -> str:
    """What a page of a document depends on besides its process's version."""
    return " ".join(stamp(process, iteration_slug, code) for stamp in _STAMPS)
