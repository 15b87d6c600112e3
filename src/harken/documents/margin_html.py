"""The line beside a passage that says how much was said about it, as safe HTML for many passages at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext, pgettext

from harken.base.templatetags.harken import comma
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
    return _BETWEEN.join(words % {"count": count} for count, words in parts if count)


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
    for public_id in {**counts, **origins}:
        said, came_from = counts.get(public_id), origins.get(public_id, ())
        lines = "<br>".join(_lines(public_id, said, came_from, process_root, passage_pages))
        if lines:
            found[public_id] = mark_safe(f'<p class="spoke">{lines}</p>')  # noqa: S308 - joined from safe pieces
    return found


def _lines(
    public_id: str, counts: PassageCounts | None, origins: Sequence[OriginRow], process_root: str, passage_pages: str
) -> Iterator[SafeString]:
    if counts and passage_pages:
        yield format_html('<a href="{}{}/">{}</a>', passage_pages, public_id, describe_counts(counts))
    if origins:
        links = format_html_join(
            comma(),
            '<a class="code" href="{}{}/{}/#p-{}">{}</a>',
            ((process_root, row.iteration_slug, row.code, row.public_id, row.code) for row in origins[:_MOST_ORIGINS]),
        )
        more = len(origins) - _MOST_ORIGINS
        yield format_html("{} {}{}", pgettext("an earlier text", "from"), links, f" +{more}" if more > 0 else "")
