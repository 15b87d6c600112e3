"""The rows that moderators choose from as HTML, see `harken.inputs.bench_html`."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from harken.base.templatetags.harken import in_zone, said
from harken.inputs.bench_html import render_origin, render_words
from harken.inputs.models import Hiding
from harken.inputs.queries.moderation import ModeratedRow

Why = Sequence[tuple[str, str]]
"""Why the machine held an input, in words, each with what it saw."""


def render_picks(rows: Sequence[tuple[ModeratedRow, Why]], time_zone: str, *, picked: Collection[str]) -> SafeString:
    """The items of the moderators' list, each with a box to choose it by; `picked` is what the form sent."""
    pieces: list[str] = []
    for row, why in rows:
        pieces += _item(row, why, time_zone, is_picked=str(row.said.pk) in picked)
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped words and stored safe HTML


def _item(row: ModeratedRow, why: Why, time_zone: str, *, is_picked: bool) -> Iterator[str]:
    pk, choose = row.said.pk, _("Choose:")
    checked = " checked" if is_picked else ""
    yield f'<li class="pick" id="input-{pk}" tabindex="-1">\n'
    yield f'<p class="tool soft"><label class="choose"><input type="checkbox" name="pick" value="{pk}"{checked}>'
    yield f' <span class="sr">{escape(choose)} </span>{render_origin(row.said, time_zone)}</label></p>\n'
    yield render_words(row.said)
    if why:
        yield '<ul class="why-held">'
        for words, seen in why:
            shown = f' <span class="soft" dir="auto">{escape(seen)}</span>' if seen else ""
            yield f"<li>{escape(words)}{shown}</li>"
        yield "</ul>\n"
    if row.complaints:
        yield from _complaints(row, time_zone)
    if row.hiding:
        yield from _hiding(row.hiding, time_zone)
    yield "</li>\n"


def _complaints(row: ModeratedRow, time_zone: str) -> Iterator[str]:
    yield '<dl class="said-against">'
    for one in row.complaints:
        without = _("without words")
        words = escape(one.text) if one.text else f'<span class="soft">{escape(without)}</span>'
        yield f"<dt>{escape(one.fault_name)}, {escape(in_zone(one.at, time_zone))}</dt>"
        yield f"<dd {said(one.lang)}>{words}</dd>"
    yield "</dl>\n"


def _hiding(hiding: Hiding, time_zone: str) -> Iterator[str]:
    told = _("Hidden by %(name)s, %(moment)s: %(fault)s") % {
        "name": escape(hiding.by_name),
        "moment": escape(in_zone(hiding.at, time_zone)),
        "fault": escape(hiding.get_fault_display()),
    }
    yield f'<dl class="said-against"><dt>{told}</dt><dd {said(hiding.lang)}>{escape(hiding.reason)}</dd>'
    if hiding.decided_at:
        refused = _("Appeal refused by %(name)s, %(moment)s") % {
            "name": escape(hiding.decided_by_name),
            "moment": escape(in_zone(hiding.decided_at, time_zone)),
        }
        yield f'<dt>{refused}</dt><dd dir="auto">{escape(hiding.decision)}</dd>'
    yield "</dl>\n"
