"""A document's passages as one piece of HTML, joined from fragments that were made safe when they were written.

A page template that loops over a thousand passages costs a hundred times as much (docs/decisions/0003).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from harken.base.languages import find_direction


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage on the page: its number in the margin, its permanent id, its ready HTML."""

    number: int
    public_id: str
    kind: str
    lang: str
    html: str
    text: str


# The element around a passage's own HTML: a paragraph's already holds its <p>, and may hold lists and quotes.
_ELEMENTS = {"heading": "h2", "item": "span"}


def _passage(row: PassageRow, lang: str, label: str, *, with_address: bool) -> str:
    element = _ELEMENTS.get(row.kind, "div")
    said = "" if row.lang == lang else f' lang="{escape(row.lang)}" dir="{find_direction(row.lang)}"'
    place = f"p-{row.public_id}"
    address = f"/passages/{row.public_id}/"
    # Shown by the style sheet under the passage that the address of the page names.
    cite = f'<a class="cite" dir="ltr" href="{address}">{address}</a>' if with_address else ""
    return (
        f'<{"li" if row.kind == "item" else "div"} class="p {row.kind}" id="{place}">'
        f'<a class="no" href="#{place}" aria-label="{label} {row.number}">{row.number}</a>'
        f'<{element} class="said"{said}>{row.html}</{element}>{cite}</{"li" if row.kind == "item" else "div"}>'
    )


def assemble_passages(rows: Iterable[PassageRow], *, lang: str, with_address: bool) -> SafeString:
    """The passages in order, list items in lists; a passage names its language only where it is not `lang`.

    `with_address` gives each the link to its permanent address (harken.documents.passage_urls).
    """
    label = escape(gettext("Passage"))
    pieces = []
    for is_item, run in groupby(rows, key=lambda row: row.kind == "item"):
        passages = "".join(_passage(row, lang, label, with_address=with_address) for row in run)
        pieces.append(f'<ul role="list">{passages}</ul>' if is_item else passages)
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped values and stored safe HTML
