"""Inputs for programs: Atom (RFC 4287, replies as RFC 4685 has them), JSON, and rows of a table.

Each is made from what a page would show the same visitor, and so says no more of a speaker than that.
"""

import csv
import datetime
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET  # only writes

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from harken.core.talk.tables.formulas import guard_cell
from harken.inputs.input_html import name_speaker
from harken.inputs.queries.contexts import ContextRow
from harken.inputs.queries.ledger import InputRow
from harken.processes.models import Process

ATOM: Final = "http://www.w3.org/2005/Atom"
_THREADING: Final = "http://purl.org/syndication/thread/1.0"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 has no place for (https://www.w3.org/TR/xml/#charsets).
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE: Final = 80

COLUMNS: Final = (
    *("id", "address", "said_at", "recorded_at", "channel", "source", "licence", "source_group"),
    *("source_headcount", "iteration", "document", "passage", "language"),
    *("stance", "kind", "speaker_kind", "speaker", "headcount", "heading", "text", "answers", "reply_to", "thread"),
    *("state", "standing", "late", "agree", "contexts"),
)


def absolute(name: str, *arguments: Any) -> str:
    """The address of a page for whoever is elsewhere, in the site's own language, so that it never changes."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{settings.PUBLIC_ADDRESS}{reverse(name, args=arguments)}"


def describe_input(row: InputRow, process: Process) -> dict[str, Any]:
    """An input as JSON has it."""
    return {
        "id": row.pk,
        "url": absolute("input", process.slug, row.pk),
        "at": row.at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "corrected_at": row.corrected_at.isoformat() if row.corrected_at else None,
        "channel": row.channel,
        "source": row.source,
        "source_url": absolute("source", process.slug, row.source_pk),
        "source_group": row.source_group or None,
        "source_headcount": row.source_headcount,
        "licence": row.licence or None,
        "iteration": row.iteration_slug or None,
        "document": row.document or None,
        "passage": row.passage or None,
        "quote": row.quote or None,
        "lang": row.lang or None,
        "lang_detected": row.is_detected,
        "stance": row.stance or None,
        "kind": row.kind,
        "speaker": {"kind": row.speaker_kind, "name": row.speaker or None, "headcount": row.headcount},
        "heading": row.heading or None,
        "text": row.text,
        "html": row.html,
        "answers": [{"question": one.asked, "text": one.text} for one in row.responses],
        "thread": row.thread,
        "reply_to": row.parent,
        "late": row.is_late,
        "agree": row.supports,
        "redactions": [
            {"at": one.at.isoformat(), "reason": one.reason, "words": one.words, "speaker": one.speaker}
            for one in row.tombstones
        ],
    }


def write_atom(process: Process, rows: Sequence[InputRow], *, title: str, here: str, following: str) -> bytes:
    """A feed of inputs; `here` is its own address, `following` that of the page after it or "" (RFC 5005)."""
    ET.register_namespace("", ATOM)
    ET.register_namespace("thr", _THREADING)
    feed = ET.Element(f"{{{ATOM}}}feed", {_LANG: process.lang})
    _add(feed, "id", absolute("inputs", process.slug))
    _add(feed, "title", title)
    newest = max((row.changed_at for row in rows), default=process.created_at)
    _add(feed, "updated", _moment(newest))
    _add(feed, "link", rel="self", href=here)
    _add(feed, "link", rel="alternate", type="text/html", href=absolute("inputs", process.slug))
    if following:
        _add(feed, "link", rel="next", href=following)
    for row in rows:
        _add_entry(feed, row, process)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: ET.Element, row: InputRow, process: Process) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry", {_LANG: row.lang} if row.lang else {})
    address = absolute("input", process.slug, row.pk)
    _add(entry, "id", address)
    _add(entry, "title", row.heading or _shorten(row))
    _add(entry, "published", _moment(row.at))
    _add(entry, "updated", _moment(row.changed_at))
    _add(_add(entry, "author"), "name", name_speaker(row))
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    for scheme, term in (("channel", row.channel), ("document", row.document), ("stance", row.stance)):
        if term:
            _add(entry, "category", term=term, scheme=f"urn:harken:{scheme}")
    if row.parent:
        reference = absolute("input", process.slug, row.parent)
        ET.SubElement(entry, f"{{{_THREADING}}}in-reply-to", {"ref": reference, "href": reference})
    if row.licence:
        _add(entry, "rights", row.licence)
    answers = "".join(response.html for response in row.responses)
    _add(entry, "content", f"{row.html}{answers}", type="html")


def _add(above: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    clean = {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in attributes.items()}
    element = ET.SubElement(above, f"{{{ATOM}}}{name}", clean)
    if text:
        element.text = _NOT_IN_XML.sub("\ufffd", text)
    return element


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _shorten(row: InputRow) -> str:
    words = " ".join((row.text or " ".join(one.text for one in row.responses)).split())
    return words if len(words) <= _TITLE else f"{words[:_TITLE].rsplit(' ', 1)[0]} …"


class _Echo:
    """What is written comes back at once."""

    def write(self, line: str) -> str:
        return line


def write_table(process: Process, rows: Iterable[tuple[InputRow, Sequence[ContextRow]]]) -> Iterator[str]:
    """The lines of a CSV file, whose cells no spreadsheet takes for formulas.

    With each input comes what its speaker told of themselves: only for those who work with it.
    """
    writer = csv.writer(_Echo())
    # Without this sign spreadsheets take UTF-8 for something else.
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    zone = zoneinfo.ZoneInfo(process.time_zone)
    for row, told in rows:
        contexts = "\n".join(f"{one.kind}: {one.value}" for one in told)
        yield writer.writerow([guard_cell(cell) for cell in (*_cells(row, process, zone), contexts)])


def _cells(row: InputRow, process: Process, zone: datetime.tzinfo) -> tuple[str, ...]:
    return (
        str(row.pk),
        absolute("input", process.slug, row.pk),
        row.said_at.astimezone(zone).isoformat() if row.said_at else "",
        row.recorded_at.astimezone(zone).isoformat(),
        row.channel,
        row.source,
        row.licence,
        row.source_group,
        str(row.source_headcount or ""),
        row.iteration_slug,
        row.document,
        row.passage,
        row.lang,
        row.stance,
        row.kind,
        row.speaker_kind,
        row.speaker,
        str(row.headcount or ""),
        row.heading,
        row.text,
        "\n".join(f"{one.asked}\n{one.text}" for one in row.responses),
        str(row.parent or ""),
        str(row.thread),
        row.state,
        row.standing,
        "yes" if row.is_late else "",
        str(row.supports),
    )
