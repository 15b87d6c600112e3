"""What every bench shows of an input, as HTML: where it came from, what it says, in brief and in full.

Benches show fifty at once. A page template that loops over them, with a part for each of these, costs three times as
much as everything else of the page (docs/decisions/0003).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Django's own makes a lazy text's words first, which takes three times as long and of which there are none here.
from html import escape

from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.languages import name_in_interface
from harken.base.templatetags.harken import day_in_zone, said
from harken.inputs.queries.ledger import InputRow

_LONGEST_HEADING = 120
_LONGEST_BRIEF = 280
# More marks than this on each letter are no writing.
_MOST_MARKS = 4


@dataclass(frozen=True, slots=True)
class ShownInput:
    """An input on a page that shows all of it."""

    origin: SafeString
    words: SafeString


def show_input(row: InputRow, time_zone: str) -> ShownInput:
    """Where an input came from, its days by the clocks of `time_zone`, and all it says."""
    return ShownInput(render_origin(row, time_zone), render_words(row))


def render_origin(row: InputRow, time_zone: str) -> SafeString:
    """When it was said, by which channel, about what, in which language, and who said it."""
    return _join(_origin(row, time_zone))


def render_words(row: InputRow) -> SafeString:
    """All it says, or that this was taken away."""
    return _join(_words(row))


def render_brief(row: InputRow) -> str:
    """The beginning of what it says, escaped, to be read in a list."""
    heading = f"{escape(_shorten(row.heading, _LONGEST_HEADING))} – " if row.heading else ""
    words = row.text or (row.responses[0].text if row.responses else _("Its words were taken away."))
    return heading + escape(_shorten(words, _LONGEST_BRIEF))


def _shorten(words: str, longest: int) -> str:
    """The beginning of the words; Django's filter reads long ones to their end, one character after the other."""
    beginning = unicodedata.normalize("NFC", words[: longest * _MOST_MARKS])
    return beginning if len(beginning) <= longest else str(truncatechars(beginning, longest))


def _join(pieces: Iterator[str]) -> SafeString:
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped words and stored safe HTML


def _origin(row: InputRow, time_zone: str) -> Iterator[str]:
    yield f'<span class="from"><time datetime="{row.at.isoformat()}">{escape(day_in_zone(row.at, time_zone))}</time>'
    yield f" <span>{escape(row.channel_name)}</span>"
    if row.document:
        yield f' <span class="code" title="{escape(row.document_title)}">{escape(row.document)}</span>'
    if row.lang:
        yield f" <span>{escape(name_in_interface(row.lang))}</span>"
    speaker = row.speaker or _("somebody unknown")
    yield f" <bdi>{escape(speaker)}</bdi>"
    if row.headcount:
        people = ngettext("%(number)s person", "%(number)s people", row.headcount) % {"number": row.headcount}
        yield f" <span>{people}</span>"
    if row.is_late:
        late = _("late")
        yield f' <span class="flag">{escape(late)}</span>'
    yield "</span>"


def _words(row: InputRow) -> Iterator[str]:
    attributes = said(row.lang)
    if row.heading:
        yield f'<p class="title" {attributes}>{escape(row.heading)}</p>'
    if row.html:
        yield f'<div class="body" {attributes}>{row.html}</div>'
    for response in row.responses:
        asked = f'<p class="tool soft" dir="auto">{escape(response.asked)}</p>'
        yield f'<div class="body">{asked}<div {attributes}>{response.html}</div></div>'
    if not row.has_words:
        gone = _("Its words were taken away.")
        yield f'<p class="empty">{escape(gone)}</p>'
