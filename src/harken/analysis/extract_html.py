"""Extracts of a theme as HTML: fifty at once, joined here as other lists are (docs/decisions/0003)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

# As other lists do (`harken.inputs.bench_html`): there are no lazy texts here.
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from harken.analysis.queries.extracts import ExtractRow
from harken.analysis.queries.themes import ThemeRow
from harken.base.templatetags.harken import said
from harken.inputs.bench_html import render_brief, render_origin
from harken.inputs.queries.ledger import InputRow
from harken.processes.models import Process


def render_extracts(
    process: Process, theme: ThemeRow, rows: Iterable[InputRow], extracts: Mapping[int, Sequence[ExtractRow]]
) -> SafeString:
    """The items of a list of inputs, each with the words that belong to the theme or to one below it."""
    root = reverse("process", args=[process.slug])
    words = escape(_("Read it in its place")), escape(_("These words were taken away or corrected."))
    pieces = [piece for row in rows for piece in _item(process, root, theme, row, extracts.get(row.pk, ()), *words)]
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped words and stored safe HTML


def _item(
    process: Process,
    root: str,
    theme: ThemeRow,
    row: InputRow,
    extracts: Sequence[ExtractRow],
    place: str,
    gone: str,
) -> Iterator[str]:
    way = f'<a href="{root}inputs/{row.pk}/#input-{row.pk}">{place}</a>'
    yield f'<li><p class="tool soft">{render_origin(row, process.time_zone)} {way}</p>'
    attributes = said(row.lang)
    for extract in extracts:
        if extract.is_gone:
            yield f'<p class="empty">{gone}</p>'
        elif extract.is_whole:
            yield f'<p class="whole" {attributes}>{render_brief(row)}</p>'
        else:
            yield f"<blockquote {attributes}>{escape(extract.words)}</blockquote>"
        if extract.theme.pk != theme.pk:
            below = f"{root}themes/{extract.theme.code}/"
            name = f'<a href="{below}" {said(extract.theme.lang)}>{escape(extract.theme.name)}</a>'
            yield f'<p class="tool soft">{name}</p>'
    yield "</li>"
