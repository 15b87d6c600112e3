"""The rows of the queue as HTML, see `harken.inputs.bench_html`."""

from collections.abc import Collection, Iterator, Sequence

# Django's own makes a lazy text's words first, which takes three times as long and of which there are none here.
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.templatetags.harken import day_in_zone, said
from harken.inputs.bench_html import render_brief, render_origin
from harken.inputs.input_html import render_pattern
from harken.inputs.queries.campaigns import CampaignRow
from harken.inputs.queries.queue import QueueRow


class _Writer:
    """What all rows of a page have in common; the interface's words are looked up once."""

    def __init__(self, time_zone: str) -> None:
        self.time_zone = time_zone
        self.choose = escape(_("Choose:"))
        self.whose_since = _("turn of %(whose)s since %(day)s")
        self.since = _("since %(day)s")
        self.owned_by = escape(_("with"))
        self.overdue_since = _("overdue since %(day)s")
        self.due = _("due %(day)s")
        self.proposed = escape(_("proposed by the program"))
        self.done_to_all = escape(_("What you do here is done to all of them."))

    def turn(self, row: QueueRow) -> Iterator[str]:
        """Whose turn it is since when, who has it, and until when."""
        turn = row.turn
        since = escape(day_in_zone(turn.since, self.time_zone))
        if turn.whose:
            words = self.whose_since % {"whose": escape(turn.whose), "day": since}
        else:
            words = self.since % {"day": since}
        yield f'<span class="whose">{words}</span>'
        if row.owner:
            yield f" · <span>{self.owned_by} <bdi>{escape(row.owner)}</bdi></span>"
        if turn.due_at:
            day = {"day": escape(day_in_zone(turn.due_at, self.time_zone))}
            late = f'<b class="overdue">{self.overdue_since % day}</b>' if turn.is_overdue else self.due % day
            yield f" · {late}"

    def item(self, row: QueueRow, *, back: str, is_opened: bool, is_picked: bool) -> Iterator[str]:
        """A row: a box to choose it by, what it says with a link that opens it, and how it stands."""
        pk, lang = row.said.pk, row.said.lang
        here, current = (" here", ' aria-current="true"') if is_opened else ("", "")
        checked = " checked" if is_picked else ""
        yield f'<li class="pick{here}" id="input-{pk}" tabindex="-1">\n'
        yield '<p class="tool soft"><label class="choose">'
        yield f'<input type="checkbox" name="pick" value="{row.pick}"{checked}>'
        yield f' <span class="sr">{self.choose} </span>{render_origin(row.said, self.time_zone)}</label></p>\n'
        yield f'<p class="clamp"><a class="open" href="?{back}open={pk}"{current} {said(lang)}>'
        yield f"{render_brief(row.said)}</a></p>\n"
        if row.campaign:
            yield from self.campaign(row.campaign)
        yield f'<p class="tool turn"><span class="flag {row.said.state}">{escape(row.state_name)}</span>'
        if row.said.standing:
            yield f' <span class="flag {row.said.standing}">{escape(row.turn.state)}</span>'
        yield " "
        yield from self.turn(row)
        if row.notes:
            notes = ngettext("%(number)s note", "%(number)s notes", row.notes) % {"number": row.notes}
            yield f" · {notes}"
        yield "</p>\n</li>\n"

    def campaign(self, campaign: CampaignRow) -> Iterator[str]:
        """How many say nearly the same, and the words they share."""
        size = campaign.size
        said_so = ngettext("%(number)s input says nearly the same", "%(number)s inputs say nearly the same", size) % {
            "number": size
        }
        yield f'<p class="tool folded"><a href="?state=&amp;campaign={campaign.pk}">{said_so}</a>'
        if campaign.is_confirmed is None:
            yield f' <span class="flag">{self.proposed}</span>'
        yield f' <span class="soft">{self.done_to_all}</span></p>\n{render_pattern(campaign)}\n'


def render_queue(
    rows: Sequence[QueueRow], time_zone: str, *, back: str, opened: int | None, picked: Collection[str]
) -> SafeString:
    """The items of the queue's list, one for each row.

    `back` is the part of the address that leads back here, `opened` the id of the input that is open beside the list,
    `picked` what the form sent to choose rows by, see `QueueRow.pick`.
    """
    writer = _Writer(time_zone)
    before = f"{escape(back)}&amp;" if back else ""
    pieces: list[str] = []
    for row in rows:
        pieces += writer.item(row, back=before, is_opened=row.said.pk == opened, is_picked=row.pick in picked)
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped words


def render_turn(row: QueueRow, time_zone: str) -> SafeString:
    """Whose turn an input is since when, who has it, and until when."""
    return mark_safe("".join(_Writer(time_zone).turn(row)))  # noqa: S308 - joined from escaped words
