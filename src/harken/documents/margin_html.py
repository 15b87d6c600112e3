"""The line beside a passage that says how much was said about it, as safe HTML for many passages at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext

from harken.base.templatetags.harken import comma, said
from harken.documents.panels import describe_margin_count
from harken.documents.queries.marginalia import PassageCounts
from harken.documents.queries.synthesis import OriginRow

_BETWEEN: Final = " · "
_MOST_ORIGINS: Final = 4


def describe_counts(counts: PassageCounts) -> str:
    """What waits beside a passage, in words."""
    suggestions = counts.suggestions + counts.stale
    parts = [
        (suggestions, ngettext("%(count)s suggestion", "%(count)s suggestions", suggestions)),
        (counts.remarks, ngettext("%(count)s remark", "%(count)s remarks", counts.remarks)),
        (counts.loose, ngettext("%(count)s remark came loose", "%(count)s remarks came loose", counts.loose)),
    ]
    others = [describe_margin_count(name, number) for name, number in counts.others]
    return _BETWEEN.join([*others, *(words % {"count": count} for count, words in parts if count)])


def render_spokes(
    counts: Mapping[str, PassageCounts],
    origins: Mapping[str, Sequence[OriginRow]],
    *,
    process_root: str,
    passage_pages: str = "passages/",
) -> dict[str, SafeString]:
    """For each passage with something to read the line that leads to it, for `AssembledText.html`.

    `passage_pages` is what addresses of the passages' own pages begin with, seen from the page ("": there are none);
    `process_root` is the process's address.
    """
    found: dict[str, SafeString] = {}
    # The words are the page's, beside a text that may be in another language and direction.
    whose = said(get_language() or "en")
    # Hundreds of passages, and a handful of different counts: each is put into words once.
    words = {counted: escape(describe_counts(counted)) for counted in set(counts.values())}
    for public_id in dict.fromkeys((*filter(None, counts), *origins)):
        counted, came_from = counts.get(public_id), origins.get(public_id, ())
        told = words[counted] if counted else ""
        lines = "<br>".join(_lines(public_id, told, came_from, process_root, passage_pages))
        if lines:
            found[public_id] = mark_safe(f'<p class="spoke" {whose}>{lines}</p>')  # noqa: S308 - joined from safe pieces
    return found


def _lines(
    public_id: str, told: str, origins: Sequence[OriginRow], process_root: str, passage_pages: str
) -> Iterator[str]:
    if told and passage_pages:
        yield f'<a href="{escape(passage_pages)}{escape(public_id)}/">{told}</a>'
    if origins:
        # Several passages of one text name it once.
        texts: dict[tuple[str, str], OriginRow] = {}
        for row in origins:
            texts.setdefault((row.iteration_slug, row.code), row)
        origins = list(texts.values())
        links = format_html_join(
            comma(),
            '<a class="code" href="{}{}/{}/#p-{}">{}</a>',
            ((process_root, row.iteration_slug, row.code, row.public_id, row.code) for row in origins[:_MOST_ORIGINS]),
        )
        more = len(origins) - _MOST_ORIGINS
        yield format_html("{} {}{}", pgettext("an earlier text", "from"), links, f" +{more}" if more > 0 else "")
