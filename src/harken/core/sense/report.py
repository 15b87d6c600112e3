"""An opinion map as a page to read: one HTML file with its drawings and styles in it, and nothing to run or fetch.

Shares of fewer than `SMALLEST_CELL` people are not told, and no participant is named: what single people said is
nobody's business. Each drawing has its figures beside it, in words or as a table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.bridging import Bridging
from harken.core.sense.grouping import Unclear
from harken.core.sense.map_json import group_letter
from harken.core.sense.maps import Caution, OpinionMap
from harken.core.sense.polis_files import Conversation
from harken.core.sense.report_figures import HATCHING, draw_bar, draw_map, draw_sign
from harken.core.sense.statistics import Typical

__all__ = ["CAUTIONS", "UNCLEAR", "render_report"]

SMALLEST_CELL: Final = 10
_MOST: Final = 10
_MOST_TYPICAL: Final = 7

CAUTIONS: Final = {
    Caution.NO_VOTES: "There are no votes that anybody could be placed by.",
    Caution.NOTHING_DIFFERS: "Everybody votes alike on each statement: there is nothing to map.",
    Caution.ONE_AXIS: "Votes differ along one line only; up and down means nothing here.",
    Caution.SECOND_AXIS: (
        "What lies up and down is uncertain: another direction explains the votes almost as well, "
        "and a few more votes may turn it."
    ),
    Caution.NO_GAP: (
        "There is no gap between groups: nearly as many people stand between two of them as in their middles, "
        "so whoever is near the border could as well be in the other."
    ),
    Caution.FOLLOWED: "Groups were carried over from an earlier map and not tested anew.",
}
UNCLEAR: Final = {
    Unclear.NOBODY: "Nobody has voted on enough statements to be placed in a group.",
    Unclear.FEW: "There are too few people to speak of groups.",
    Unclear.ALIKE: "All who voted enough stand in one place.",
    Unclear.UNSTABLE: "There are no clear groups: when people are drawn anew, they come out differently each time.",
    Unclear.SMALL: "There are no clear groups: however many one makes, one holds hardly anybody.",
    Unclear.CLOUD: "There are no clear groups: a single cloud of people would look as divided as this.",
}
# A table that is scrolled sideways has to be reached by keyboard.
_WIDE: Final = '<div class="wide" role="region" tabindex="0" aria-label="Table">'
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What all parts of the page are written from."""

    conversation: Conversation
    found: OpinionMap
    bridging: Bridging

    def text(self, place: int) -> str:
        name = self.found.statements[place]
        key = name.item() if isinstance(name, np.generic) else name
        said = self.conversation.texts.get(key, "").strip()
        return f'<span lang="" dir="auto">{escape(said)}</span>' if said else f"Statement {escape(str(key))}"

    def counts(self, place: int) -> list[tuple[str, list[int]]]:
        """Return what each group said, and everybody where there is one group only."""
        said = self.found.statistics
        if self.found.grouping.k < 2:
            return [("All", said.counts[place].tolist())]
        return [(f"Group {group_letter(group)}", rows[place].tolist()) for group, rows in enumerate(said.group_counts)]


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %"


def _people(size: int) -> str:
    return f"{size:,} people" if size >= SMALLEST_CELL else f"fewer than {SMALLEST_CELL} people"


def _figure(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2f}"


def _shares(counts: Sequence[int]) -> str:
    disagree, passed, agree = counts
    seen = disagree + passed + agree
    if seen < SMALLEST_CELL:
        return f"fewer than {SMALLEST_CELL} saw it"
    return f"<strong>{_percent(agree, seen)} agree</strong>, {_percent(disagree, seen)} disagree, of {seen:,}"


def _lines(sheet: _Sheet, place: int) -> str:
    rows = []
    for name, counts in sheet.counts(place):
        bar = draw_bar(counts) if sum(counts) >= SMALLEST_CELL else "<span></span>"
        rows.append(f'<span>{name}</span>{bar}<span class="share">{_shares(counts)}</span>')
    return f'<p class="numbers">{"".join(rows)}</p>'


def _statements(sheet: _Sheet, places: Iterable[int]) -> str:
    items = [f'<li><p class="said">{sheet.text(place)}</p>{_lines(sheet, place)}</li>' for place in places]
    return f'<ul class="statements">{"".join(items)}</ul>'


def _strongest(figures: NDArray[np.float64], least: float, *, among: NDArray[np.bool_] | None = None) -> list[int]:
    """Return the places of the largest figures above `least`, at most `_MOST`."""
    usable = np.where(np.isnan(figures) if among is None else np.isnan(figures) | ~among, -np.inf, figures)
    order = np.lexsort((np.arange(usable.size), -usable))[:_MOST]
    return [int(place) for place in order if usable[place] > least]


def _held_by_all(sheet: _Sheet, column: int) -> NDArray[np.bool_]:
    """Return the statements that more than half of every group are on one side of; `column` is that side's count."""
    counts = sheet.found.statistics.group_counts
    seen = counts.sum(axis=2)
    return np.asarray((seen.shape[0] > 0) & ((2 * counts[:, :, column] > seen) & (seen >= SMALLEST_CELL)).all(axis=0))


def _section(key: str, title: str, about: str, body: str) -> str:
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{title}</h2><p class="about">{about}</p>{body}</section>'


def _listed(sheet: _Sheet, places: Sequence[int], nothing: str) -> str:
    return _statements(sheet, places) if places else f"<p>{nothing}</p>"


def _consensus(sheet: _Sheet) -> str:
    said = sheet.found.statistics
    agreed = _strongest(said.consensus_low, 0.0, among=_held_by_all(sheet, 2))
    rejected = _strongest(said.against_low, 0.0, among=_held_by_all(sheet, 0))
    several = sheet.found.grouping.k > 1
    body = _listed(sheet, agreed, "Nothing yet that more than half of every group agree with.")
    if rejected:
        body += f"<h3>And what {'every group' if several else 'most'} rejects</h3>" + _statements(sheet, rejected)
    title = "What all groups agree on" if several else "What most agree on"
    about = "More than half of every group, and few who object; what is best assured by numbers comes first."
    return _section("consensus", title, about, body)


def _division(sheet: _Sheet) -> str:
    if sheet.found.grouping.k < 2:
        return ""
    places = _strongest(sheet.found.statistics.divides_low, 0.15)
    about = "Where the two groups farthest apart stand, less what chance may have added."
    return _section("division", "What divides", about, _listed(sheet, places, "Nothing divides the groups strongly."))


def _bridges(sheet: _Sheet) -> str:
    places = _strongest(sheet.bridging.scores, 0.0, among=sheet.found.counted)
    about = (
        "Support that is left when the main line along which people differ has been taken out: "
        "what people support who usually disagree."
    )
    return _section("bridges", "What bridges", about, _listed(sheet, places, "Nothing yet."))


def _next(sheet: _Sheet) -> str:
    places = _strongest(sheet.found.statistics.priority, 0.0)[:5]
    rows = "".join(
        f'<tr><td class="text">{sheet.text(place)}</td><td>{sheet.found.statistics.priority[place]:.1f}</td></tr>'
        for place in places
    )
    table = (
        f'{_WIDE}<table><thead><tr><th scope="col">Statement</th><th scope="col">Weight</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    return _section(
        "next", "What to ask next", "Votes on these would tell most.", table if places else "<p>Nothing.</p>"
    )


def _typical_line(row: Typical, sheet: _Sheet) -> str:
    word = "agree" if row.side > 0 else "disagree"
    others = f"{100 * row.outside:.0f} % of the others do"
    return (
        f'<li><p class="said">{sheet.text(row.statement)}</p>'
        f'<p class="quiet"><strong>{100 * row.inside:.0f} % {word}</strong>; {others}.</p></li>'
    )


def _groups(sheet: _Sheet) -> str:
    grouping, typical = sheet.found.grouping, sheet.found.statistics.typical
    if grouping.k < 2:
        return ""
    body = ""
    for group in range(grouping.k):
        size = int(grouping.sizes[group])
        rows = [row for row in typical[group] if _told(sheet, group, row)][:_MOST_TYPICAL]
        items = "".join(_typical_line(row, sheet) for row in rows)
        listed = f'<ul class="statements">{items}</ul>' if rows else "<p>Nothing that sets it apart with certainty.</p>"
        body += f"<h3>{draw_sign(group)}Group {group_letter(group)}: {_people(size)}</h3>{listed}"
    about = "What more than half of a group say and others say clearly less often, the clearest first."
    return _section("groups", "The groups", about, body)


def _told(sheet: _Sheet, group: int, row: Typical) -> bool:
    within = sheet.found.statistics.group_counts[:, row.statement].sum(axis=1)
    return bool(within[group] >= SMALLEST_CELL and within.sum() - within[group] >= SMALLEST_CELL)


def _map(sheet: _Sheet) -> str:
    found = sheet.found
    people, k = int(np.count_nonzero(found.placed)), found.grouping.k
    drawing = draw_map(found, f"Map of {people} participants{f' in {_NUMBERS[min(k, 8)]} groups' if k > 1 else ''}")
    if not drawing:
        return ""
    share = [_percent(value, found.components.total) for value in found.components.eigenvalues[:2]]
    key = "".join(
        f"<span>{draw_sign(group)}Group {group_letter(group)}, {_people(int(size))}</span>"
        for group, size in enumerate(found.grouping.sizes)
        if k > 1
    )
    rows = "".join(_where(found, group) for group in range(k))
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Group", "People", "Middle, across", "Middle half", "Middle, upwards", "Middle half")
    )
    caption = (
        "People who vote alike stand close together. "
        f"Across lies what explains most of the difference between votes ({share[0]}), "
        f"upwards what explains most of the rest ({share[1]}). "
        "Left and right, up and down have no meaning of their own."
    )
    return (
        f'<figure id="map">{drawing}<div class="key">{key}</div><figcaption>{caption}</figcaption>'
        f"<details><summary>As a table</summary>{_WIDE}<table><caption>Where people stand</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></details></figure>"
    )


def _where(found: OpinionMap, group: int) -> str:
    points = found.positions[found.groups == group]
    name = group_letter(group) if found.grouping.k > 1 else "All"
    if points.shape[0] < SMALLEST_CELL:
        return f'<tr><th scope="row">{name}</th><td colspan="5">{_people(points.shape[0])}</td></tr>'
    quarters = np.quantile(points, [0.25, 0.5, 0.75], axis=0)
    cells = "".join(
        f"<td>{quarters[1, axis]:.1f}</td><td>{quarters[0, axis]:.1f} to {quarters[2, axis]:.1f}</td>"
        for axis in (0, 1)
    )
    return f'<tr><th scope="row">{name}</th><td>{points.shape[0]:,}</td>{cells}</tr>'


def _everything(sheet: _Sheet) -> str:
    found, said = sheet.found, sheet.found.statistics
    order = np.lexsort((np.arange(found.statements.size), -np.nan_to_num(said.consensus_low, nan=-1.0)))
    rows = []
    for place in order.tolist():
        disagree, passed, agree = said.counts[place].tolist()
        if not found.counted[place] or agree + passed + disagree == 0:
            continue
        divides = said.divides[place] if found.grouping.k > 1 else np.nan
        cells = "".join(
            f"<td>{_figure(value)}</td>" for value in (said.consensus[place], divides, sheet.bridging.scores[place])
        )
        if agree + passed + disagree < SMALLEST_CELL:
            counts = f'<td colspan="3">fewer than {SMALLEST_CELL} saw it</td>'
            cells = "<td></td>" * 3
        else:
            counts = f"<td>{agree:,}</td><td>{passed:,}</td><td>{disagree:,}</td>"
        rows.append(f'<tr><td class="text">{sheet.text(place)}</td>{counts}{cells}</tr>')
    names = ("Statement", "Agree", "Pass", "Disagree", "Consensus", "Divides", "Bridges")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    table = f"{_WIDE}<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    out = int(np.count_nonzero(sheet.conversation.votes.moderated))
    left_out = f" {out:,} statements taken out by moderators are not shown." if out else ""
    about = f"Votes of everybody, those in no group included, ordered by consensus.{left_out}"
    body = f"<details><summary>Show the table</summary>{table}</details>"
    return _section("statements", "All statements", about, body)


def _made(sheet: _Sheet, maker: str) -> str:
    found = sheet.found
    settings = found.settings
    tried = "".join(
        f"<tr><td>{each.k}</td><td>{_figure(each.silhouette)}</td><td>{_figure(each.stability)}</td>"
        f"<td>{_percent(each.smallest, 1)}</td></tr>"
        for each in found.grouping.candidates
    )
    names = ("Groups", "Silhouette", "Found again", "Smallest")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    table = (
        f"{_WIDE}<table><caption>Numbers of groups that were tried</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{tried}</tbody></table></div>"
    )
    rules = "the formulas published for Polis" if settings.compat else "Harken's own formulas"
    apart = int(np.count_nonzero(~found.placed))
    notes = [
        f"Made with {escape(maker)}, by {rules}, seed {settings.seed}: the same votes give the same page.",
        f"A participant is in a group with {settings.fewest_votes} votes or more; {apart:,} have fewer.",
        *(escape(note) for note in sheet.conversation.notes),
    ]
    body = "".join(f"<li>{note}</li>" for note in notes)
    return _section("made", "How this was made", "", f"<ul>{body}</ul>{table if tried else ''}")


def _opening(sheet: _Sheet) -> str:
    votes, found = sheet.conversation.votes, sheet.found
    grouping = found.grouping
    counted = int(np.count_nonzero(found.counted))
    numbers = f"{votes.participants.size:,} people cast {votes.size:,} votes; {counted:,} statements count. "
    if grouping.reason is not None:
        verdict = UNCLEAR[grouping.reason]
    else:
        verdict = f"They fall into {_NUMBERS[min(grouping.k, 8)]} groups."
    cautions = "".join(f'<p class="caution">{CAUTIONS[each]}</p>' for each in found.cautions)
    topic = sheet.conversation.topic
    heading = f'<span lang="" dir="auto">{escape(topic)}</span>' if topic else "Opinion map"
    return f'<p class="kicker">Opinion map</p><h1>{heading}</h1><p class="lead">{numbers}{verdict}</p>{cautions}'


def render_report(conversation: Conversation, found: OpinionMap, bridging: Bridging, *, maker: str = "Harken") -> str:
    """Return the page as HTML.

    Args:
        conversation: the votes and the texts of statements.
        found: the map of these votes.
        bridging: their bridging scores.
        maker: name and version of the program, for the last section.
    """
    sheet = _Sheet(conversation, found, bridging)
    parts: list[tuple[str, str, Callable[[], str]]] = [
        ("groups", "The groups", lambda: _groups(sheet)),
        ("consensus", "Agreement", lambda: _consensus(sheet)),
        ("division", "What divides", lambda: _division(sheet)),
        ("bridges", "What bridges", lambda: _bridges(sheet)),
        ("next", "What to ask next", lambda: _next(sheet)),
        ("statements", "All statements", lambda: _everything(sheet)),
        ("made", "How this was made", lambda: _made(sheet, maker)),
    ]
    written = [(key, name, write()) for key, name, write in parts]
    links = "".join(f'<li><a href="#{key}">{name}</a></li>' for key, name, body in written if body)
    style = files("harken.core.sense").joinpath("report.css").read_text(encoding="utf-8")
    title = escape(conversation.topic or "Opinion map")
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>\n<style>\n{style}</style></head>\n"
        f'<body>{HATCHING}\n<header>{_opening(sheet)}<nav aria-label="On this page"><ul>{links}</ul></nav></header>\n'
        f"<main>{_map(sheet)}\n{''.join(body + chr(10) for _key, _name, body in written)}</main></body>\n</html>\n"
    )
