"""The rows of the synthesis bench, joined from fragments that were made safe when they were written.

Twenty drafts of forty passages are a thousand rows: a page template that loops over them takes most of a second.
"""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from harken.base.languages import find_direction
from harken.documents.queries.synthesis import OriginRow, SourceEdge, SourceRow, SourceState, SourceText, TargetRow

# Here and not in the strings below: what collects messages does not look into those.
_SAVE_THESE_WORDS: Final = gettext_lazy("Save these words")
_LEAVE_THEM_AS_THEY_WERE: Final = gettext_lazy("Leave them as they were")


def _said(lang: str) -> str:
    return f'lang="{escape(lang)}" dir="{find_direction(lang)}"'


def _quote(reason: str) -> str:
    return f'<q dir="auto">{escape(reason)}</q>'


class SourceHtml:
    """Writes the rows of sources; its words are translated once."""

    def __init__(self, *, chosen: Collection[str] = (), only_waiting: bool = False) -> None:
        self._chosen = chosen
        self._only_waiting = only_waiting
        self._passage = escape(gettext("Passage"))
        self._undo = escape(gettext("Undo"))
        self._left_out = escape(gettext("left out:"))
        self._states = {
            SourceState.KEPT: escape(gettext("kept in")),
            SourceState.REWORDED: escape(gettext("reworded in")),
            SourceState.MERGED: escape(gettext("merged into")),
            SourceState.NOT_YET: escape(gettext("not yet")),
        }

    def rows(self, source: SourceText) -> SafeString:
        """The rows of one source, or those alone that the text makes nothing of yet."""
        code = escape(source.document.code)
        shown = (
            row
            for row in source.rows
            if not self._only_waiting or (row.is_counted and row.state == SourceState.NOT_YET)
        )
        return mark_safe("".join(self._row(row, code) for row in shown))  # noqa: S308 - escaped, or stored safe HTML

    def _row(self, row: SourceRow, code: str) -> str:
        key = row.public_id
        checked = " checked" if key in self._chosen else ""
        uncounted = "" if row.is_counted else " uncounted"
        name = f"{code}, {self._passage} {row.number}"
        return (
            f'<li class="from {row.kind} {row.state}{uncounted}" id="s-{key}" data-name="{code} {row.number}">'
            f'<label class="pick"><input type="checkbox" name="passage" value="{key}" form="carry" aria-label="{name}"'
            f' aria-describedby="w-{key} st-{key}"{checked}> <span class="no" aria-hidden="true">{row.number}</span>'
            f'</label><div class="what"><div class="said" id="w-{key}" {_said(row.lang)}>{row.html}</div>'
            f'<p class="became" id="st-{key}">{self._became(row, name)}</p></div></li>'
        )

    def _became(self, row: SourceRow, name: str) -> str:
        if not row.edges:
            return self._states[SourceState.NOT_YET] if row.is_counted else ""
        return "; ".join(self._edge(row, edge, name) for edge in row.edges)

    def _edge(self, row: SourceRow, edge: SourceEdge, name: str) -> str:
        undo = (
            f'<button class="plain" form="withdraw" name="edge" value="{edge.edge_id}">{self._undo}'
            f'<span class="sr">: {name}</span></button>'
        )
        if edge.number is None:
            return f"{self._left_out} {_quote(edge.reason)} {undo}"
        place = f'<a href="#t-{edge.public_id}" aria-label="{self._passage} {edge.number}">¶{edge.number}</a>'
        return f"{self._states[row.state]} {place} {undo}"


class TargetHtml:
    """Writes the rows of the text being written; its words are translated once.

    `edited` is the public id of the passage whose words are being changed, to `typed` where that was refused; `query`
    is what this page's links carry on.
    """

    def __init__(self, *, place: str = "", edited: str = "", typed: str | None = None, query: str = "") -> None:
        self._place = place
        self._edited = edited
        self._typed = typed
        self._query = escape(query)
        self._passage = escape(gettext("Passage"))
        self._from = escape(gettext("from"))
        self._change = escape(gettext("Change its words"))
        self._comma = "، " if find_direction(get_language() or "en") == "rtl" else ", "

    def rows(self, rows: Iterable[TargetRow]) -> SafeString:
        """The rows of a section."""
        return mark_safe("".join(map(self._row, rows)))  # noqa: S308 - escaped values and stored safe HTML

    def _row(self, row: TargetRow) -> str:
        key = row.public_id
        checked = " checked" if self._place == f"p:{key}" else ""
        is_edited = key == self._edited
        said = self._form(row) if is_edited else f'<div class="said" id="w-{key}" {_said(row.lang)}>{row.html}</div>'
        query = f"{self._query}&amp;" if self._query else ""
        change = (
            ""
            if is_edited
            else f'<p class="row-acts"><a href="?{query}edit={key}#t-{key}">{self._change}'
            f'<span class="sr"> {row.number}</span></a></p>'
        )
        return (
            f'<li class="into {row.kind}" id="t-{key}" tabindex="-1"><label class="pick"><input type="radio"'
            f' name="place" value="p:{key}" form="carry" aria-label="{self._passage} {row.number}"'
            f' aria-describedby="w-{key}"{checked}> <span class="no" aria-hidden="true">{row.number}</span></label>'
            f'<div class="what">{said}{self._origins(row.origins)}{change}</div></li>'
        )

    def _form(self, row: TargetRow) -> str:
        label = gettext("Words of passage %(number)s") % {"number": row.number}
        words = row.text if self._typed is None else self._typed
        # The line feed after the tag is no part of the words: a browser takes one away.
        return (
            f'<div id="w-{row.public_id}"><label class="sr" for="words">{escape(label)}</label><textarea id="words"'
            f' name="text" form="reword" rows="4" {_said(row.lang)} autofocus>\n{escape(words)}</textarea>'
            f'<p class="actions"><button form="reword" name="passage" value="{row.public_id}">'
            f'{escape(str(_SAVE_THESE_WORDS))}</button> <a href="?{self._query}#t-{row.public_id}">'
            f"{escape(str(_LEAVE_THEM_AS_THEY_WERE))}</a></p></div>"
        )

    def _origins(self, origins: Iterable[OriginRow]) -> str:
        pieces = []
        for (_kind, reason), alike in groupby(origins, key=lambda origin: origin.what_and_why):
            several = list(alike)
            links = self._comma.join(
                f'<a href="#s-{origin.public_id}"><span class="code">{escape(origin.code)}</span></a>'
                for origin in several
            )
            kind = escape(several[0].kind_name)
            pieces.append(f'<p class="origin">{self._from} {links}{self._comma}{kind}: {_quote(reason)}</p>')
        return "".join(pieces)
