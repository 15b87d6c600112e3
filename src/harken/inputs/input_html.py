"""Inputs as HTML for many of them at once, joined from what was made safe when it was written and from escaped words.

A page template that loops over two hundred rows costs as much as everything else of a page (docs/decisions/0003).
"""

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Django's own makes a lazy text's words first, which takes three times as long and of which there are none here.
from html import escape
from typing import Final
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from harken.base.languages import name_in_interface
from harken.base.templatetags.harken import day_in_zone, said
from harken.core.text.words import QueryTerm, snippet
from harken.inputs.models import Channel, InputState, SpeakerKind, Stance
from harken.inputs.queries.campaigns import CampaignRow
from harken.inputs.queries.ledger import InputRow

# Here and not in the strings below: what collects messages does not look into those.
_VARIES: Final = gettext_lazy("(varies)")
_SOMEBODY: Final = gettext_lazy("Somebody")
_A_PASSAGE: Final = gettext_lazy("a passage")
_IN_REPLY_TO: Final = gettext_lazy("in reply to")
_LATE: Final = gettext_lazy("late")
_CORRECTED_ON: Final = gettext_lazy("corrected on %(day)s")
_WAITS_FOR_A_MODERATOR: Final = gettext_lazy("waits for a moderator")
_TOLD_BY_A_MACHINE: Final = gettext_lazy("told by a machine")
_ITS_SPEAKER_TOOK_THIS_BACK: Final = gettext_lazy("Its speaker took this back.")
_READ_ALL_OF_IT: Final = gettext_lazy("Read all of it")
_I_AGREE: Final = gettext_lazy("I agree")
_REPLY: Final = gettext_lazy("Reply")
_COMPLAIN: Final = gettext_lazy("Complain")
_THIS_CANNOT_BE_READ_NOW: Final = gettext_lazy("This cannot be read now.")

FOLDED_FROM: Final = 1_200
"""Texts with more characters are folded; their beginning stands for them."""

_BEGINNING: Final = 320
_DEEPEST: Final = 3
_LONGEST_QUOTE: Final = 240


@dataclass(frozen=True, slots=True)
class Ways:
    """Where things lie, seen from the page, and what whoever looks can do.

    `root` is the process's address; ways that are not open now are left out. `shows_state` is for those who work with
    the input: how far it has come, and the way to its earlier wordings.
    """

    root: str
    time_zone: str
    may_reply: bool = False
    may_agree: bool = False
    may_complain: bool = False
    shows_state: bool = False
    shows_supports: bool = True
    shows_place: bool = True

    def input(self, pk: int) -> str:
        """The permanent address of an input."""
        return f"{self.root}inputs/{pk}/"


class _Words:
    """The interface's words for rows, escaped: looked up once for each language, not for each of fifty rows."""

    def __init__(self) -> None:
        self.language = get_language() or ""
        self.somebody = escape(str(_SOMEBODY))
        self.late = f' <span class="flag">{escape(str(_LATE))}</span>'
        self.corrected = escape(str(_CORRECTED_ON))
        self.waits = f' <span class="flag">{escape(str(_WAITS_FOR_A_MODERATOR))}</span>'
        self.hint = f' title="{escape(str(_TOLD_BY_A_MACHINE))}"'
        self.passage = f" · {escape(str(_A_PASSAGE))}"
        self.read_all = f'<span class="more">{escape(str(_READ_ALL_OF_IT))}</span></summary>'
        self.agree = escape(str(_I_AGREE))
        self.reply = escape(str(_REPLY))
        self.complain = escape(str(_COMPLAIN))
        self.channels = {
            value: f' <span class="channel">{escape(str(label))}</span>' for value, label in Channel.choices
        }
        self.stances = {
            value: f' <span class="stance {value.replace(" ", "-")}">{escape(str(label))}</span>'
            for value, label in Stance.choices
        }
        self.states = {
            value: f' <span class="flag {value}">{escape(str(label))}</span>' for value, label in InputState.choices
        }
        self.speakers = {kind.value: escape(_name_kind(kind)) for kind in SpeakerKind}


@lru_cache(maxsize=64)
def _words_in(language: str | None) -> _Words:
    """The words of the language that is active, which is `language`."""
    return _Words()


class _Writer:
    """What all rows of a page have in common."""

    def __init__(
        self,
        ways: Ways,
        terms: Sequence[QueryTerm],
        here: int | None,
        rows: Mapping[int, InputRow],
        campaigns: Mapping[int, CampaignRow],
        *,
        is_thread: bool,
    ) -> None:
        self.ways = ways
        self.terms = terms
        self.here = here
        self.rows = rows
        self.campaigns = campaigns
        self.is_thread = is_thread
        self.words = _words_in(get_language())
        self.root = escape(ways.root)
        self._zone = zoneinfo.ZoneInfo(ways.time_zone)
        self._days: dict[datetime.date, str] = {}
        self._places: dict[tuple[str, str, str], str] = {}

    def day(self, moment: datetime.datetime) -> str:
        """The day of a moment in words, escaped."""
        day = moment.astimezone(self._zone).date()
        words = self._days.get(day)
        if words is None:
            words = self._days[day] = escape(day_in_zone(moment, self.ways.time_zone))
        return words

    def place(self, row: InputRow) -> str:
        """A link to what it is about; fifty inputs may all be about the same."""
        key = (row.iteration_slug, row.document, row.passage)
        link = self._places.get(key)
        if link is None:
            link = self._places[key] = _about(self, row)
        return link

    def name(self, row: InputRow) -> str:
        """Who said it, escaped."""
        return escape(row.speaker) if row.speaker else self.words.speakers[row.speaker_kind]


def name_speaker(row: InputRow) -> str:
    """Who said it, in words where there is no name to show."""
    return row.speaker or _name_kind(SpeakerKind(row.speaker_kind))


def _name_kind(kind: SpeakerKind) -> str:
    names = {
        SpeakerKind.PARTICIPANT: _("A participant"),
        SpeakerKind.GROUP: _("A group"),
    }
    return names.get(kind, str(_SOMEBODY))


def render_inputs(
    rows: Sequence[InputRow],
    ways: Ways,
    *,
    terms: Sequence[QueryTerm] = (),
    here: int | None = None,
    is_thread: bool = False,
    campaigns: Mapping[int, CampaignRow] | None = None,
) -> SafeString:
    """Items of a list, one for each input.

    With `terms`, what was searched for is marked in the beginning that is shown. In a thread replies stand below what
    they reply to, at most three steps in; beyond, and where that is not on the page, a line says it. `here` is the
    input that the page is about. `campaigns` are those that an input stands for, by its id.
    """
    writer = _Writer(ways, terms, here, {row.pk: row for row in rows}, campaigns or {}, is_thread=is_thread)
    last_heading = ""
    pieces: list[str] = []
    for row in rows:
        heading = row.heading if not is_thread or row.heading != last_heading else ""
        last_heading = row.heading or last_heading
        pieces += _item(writer, row, heading)
    return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped words and stored safe HTML


def _item(writer: _Writer, row: InputRow, heading: str) -> Iterator[str]:
    names = ["input"]
    if writer.is_thread and row.depth > 1:
        names.append(f"d{min(row.depth, _DEEPEST + 1) - 1}")
    if row.standing:
        names.append(row.standing)
    if row.pk == writer.here:
        names.append("here")
    current = ' aria-current="true"' if row.pk == writer.here else ""
    yield f'<li class="{" ".join(names)}" id="input-{row.pk}"{current}>'
    yield from _head(writer, row)
    if heading:
        yield f'<p class="topic" {_lang(row.lang)}>{escape(heading)}</p>'
    if row.quote:
        shown = row.quote if len(row.quote) <= _LONGEST_QUOTE else f"{row.quote[:_LONGEST_QUOTE]}…"
        yield f'<blockquote class="quote" dir="auto">{escape(shown)}</blockquote>'
    yield from _tombstones(writer, row)
    if not row.is_blank:
        yield from _words(writer, row)
        yield from _campaign(writer, row)
        yield from _acts(writer, row)
    yield "</li>"


def _campaign(writer: _Writer, row: InputRow) -> Iterator[str]:
    """That many say nearly the same, how many, and which words they share."""
    campaign = writer.campaigns.get(row.pk)
    if campaign is None:
        return
    number = ngettext("%(count)s input says nearly the same", "%(count)s inputs say nearly the same", campaign.size)
    address = f"{writer.root}inputs/?campaign={campaign.pk}"
    yield f'<p class="campaign"><a href="{address}">{number % {"count": campaign.size}}</a></p>'
    yield render_pattern(campaign)


def render_pattern(campaign: CampaignRow) -> SafeString:
    """The words that the inputs of a campaign share, with a gap where each says something else."""
    gap = f'<span class="gap"><span class="sr">{escape(str(_VARIES))}</span><span aria-hidden="true">…</span></span>'
    shared = " ".join(gap if piece.is_gap else escape(piece.text) for piece in campaign.pattern)
    return mark_safe(f'<p class="pattern" {_lang(campaign.lang)}>{shared}</p>')  # noqa: S308 - joined from escaped words


def _lang(code: str) -> str:
    return said(code) if code else 'dir="auto"'


def _head(writer: _Writer, row: InputRow) -> Iterator[str]:
    """Who, when, by which channel, and about what."""
    words = writer.words
    people = ""
    if row.headcount and not row.is_blank:
        number = ngettext("%(count)s person", "%(count)s people", row.headcount) % {"count": row.headcount}
        people = f" ({number})"
    yield (
        f'<p class="by"><b><bdi>{words.somebody if row.is_blank else writer.name(row)}</bdi>{people}</b> '
        f'<a href="{writer.root}inputs/{row.pk}/#input-{row.pk}">'
        f'<time datetime="{row.at.isoformat()}">{writer.day(row.at)}</time></a>'
    )
    if not row.is_blank:
        yield words.channels[row.channel]
    if row.stance:
        yield words.stances[row.stance]
    if row.is_late:
        yield words.late
    if row.corrected_at is not None and not row.is_blank:
        yield _corrected(writer, row.pk, row.corrected_at)
    if row.is_held:
        yield words.waits
    if row.lang and row.lang != words.language:
        yield f' <span class="in"{words.hint if row.is_detected else ""}>{escape(name_in_interface(row.lang))}</span>'
    if writer.ways.shows_state:
        yield words.states[row.state]
    yield "</p>"
    if writer.is_thread:
        yield from _reply_line(writer, row)
    elif row.document and writer.ways.shows_place:
        yield f'<p class="about">{writer.place(row)}</p>'


def _corrected(writer: _Writer, pk: int, at: datetime.datetime) -> str:
    """That these are not the first words. A speaker may have taken something back: not everybody reads those before."""
    words = writer.words.corrected % {"day": writer.day(at)}
    if writer.ways.shows_state:
        return f' <a class="corrected" href="{writer.root}inputs/{pk}/wordings/">{words}</a>'
    return f' <span class="corrected">{words}</span>'


def _about(writer: _Writer, row: InputRow) -> str:
    """A link to what it is about."""
    address = f"{writer.ways.root}{quote(row.iteration_slug)}/{quote(row.document)}/"
    title = row.document_title if len(row.document_title) <= 90 else f"{row.document_title[:89]}…"
    words = f'<span class="code">{escape(row.document)}</span> <bdi {said(row.document_lang)}>{escape(title)}</bdi>'
    if row.passage:
        address += f"passages/{quote(row.passage)}/"
        words += writer.words.passage
    return f'<a href="{escape(address)}">{words}</a>'


def _reply_line(writer: _Writer, row: InputRow) -> Iterator[str]:
    if row.parent is None:
        if row.document:
            yield f'<p class="about">{writer.place(row)}</p>'
        return
    parent = writer.rows.get(row.parent)
    if row.depth <= _DEEPEST + 1 and parent is not None:
        return
    if parent is None:
        address, name = f"{writer.ways.input(row.parent)}#input-{row.parent}", escape(_("an earlier input"))
    else:
        address, name = f"#input-{row.parent}", writer.words.somebody if parent.is_blank else writer.name(parent)
    link = f'<a href="{escape(address)}"><bdi>{name}</bdi></a>'
    yield f'<p class="reply-to">{escape(str(_IN_REPLY_TO))} {link}</p>'


def _tombstones(writer: _Writer, row: InputRow) -> Iterator[str]:
    """What stands in the place of words that are not here, with the reason."""
    zone = writer.ways.time_zone
    if row.hiding is not None:
        told = _("Hidden by a moderator on %(day)s: %(fault)s.") % {
            "day": day_in_zone(row.hiding.at, zone),
            "fault": row.hiding.fault_name,
        }
        yield f'<p class="tombstone">{escape(told)} <q {_lang(row.hiding.lang)}>{escape(row.hiding.reason)}</q></p>'
    elif row.is_withdrawn:
        yield f'<p class="tombstone">{escape(str(_ITS_SPEAKER_TOOK_THIS_BACK))}</p>'
    elif row.is_blank:
        yield f'<p class="tombstone">{escape(str(_THIS_CANNOT_BE_READ_NOW))}</p>'
    for one in row.tombstones:
        day = {"day": day_in_zone(one.at, zone)}
        told = _("The words were taken away on %(day)s.") if one.words else _("The name was taken away on %(day)s.")
        yield f'<p class="tombstone">{escape(told % day)} <q dir="auto">{escape(one.reason)}</q></p>'


def _words(writer: _Writer, row: InputRow) -> Iterator[str]:
    body: str = row.html
    for response in row.responses:
        if response.html:
            body = f'{body}<p class="asked" dir="auto">{escape(response.asked)}</p>{response.html}'
    if not body:
        return
    words = "\n".join((row.text, *(response.text for response in row.responses))) if row.responses else row.text
    attributes: str = _lang(row.lang)
    if writer.terms:
        found = "".join(
            f"<mark>{escape(piece)}</mark>" if is_found else escape(piece)
            for piece, is_found in snippet(words, writer.terms, length=_BEGINNING)
        )
        yield f'<details class="long"><summary><span class="beginning" {attributes}>{found}</span></summary>'
        yield f'<div class="said" {attributes}>{body}</div></details>'
    elif len(words) > FOLDED_FROM and row.pk != writer.here:
        beginning = " ".join(words[:_BEGINNING].split()).rsplit(" ", 1)[0]
        yield f'<details class="long"><summary><span class="beginning" {attributes}>{escape(beginning)} …</span>'
        yield writer.words.read_all
        yield f'<div class="said" {attributes}>{body}</div></details>'
    else:
        yield f'<div class="said" {attributes}>{body}</div>'


def _acts(writer: _Writer, row: InputRow) -> Iterator[str]:
    ways, words = writer.ways, writer.words
    links = []
    if row.supports and ways.shows_supports:
        agree = ngettext("%(count)s person agrees", "%(count)s people agree", row.supports) % {"count": row.supports}
        links.append(f'<span class="agreed">{agree}</span>')
    if row.has_words and row.standing == "":
        address = f"{writer.root}inputs/{row.pk}/"
        whose = f'<span class="sr">: {writer.name(row)}</span>'
        if ways.may_agree:
            links.append(f'<a href="{address}agree/">{words.agree}{whose}</a>')
        if ways.may_reply:
            links.append(f'<a href="{writer.root}say/?reply={row.pk}">{words.reply}{whose}</a>')
        if ways.may_complain:
            links.append(f'<a class="quiet" href="{address}complain/">{words.complain}{whose}</a>')
    if links:
        yield f'<p class="acts">{" ".join(links)}</p>'


def stamp_rows(rows: Iterable[InputRow]) -> str:
    """What changes whenever one of the rows would be shown otherwise: a page of them is made anew then."""
    return " ".join(
        f"{row.pk}.{row.versions}.{row.standing}.{row.state}.{row.lang}.{row.supports}.{row.speaker}.{row.is_late:d}."
        f"{row.parent}.{row.document}.{row.passage}.{len(row.tombstones)}.{row.hiding.at if row.hiding else ''}"
        for row in rows
    )
