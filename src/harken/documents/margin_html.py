"""The line beside a passage that says how much was said about it, as safe HTML for many passages at once."""

from collections.abc import Mapping
from typing import Final

from django.utils.html import format_html
from django.utils.translation import ngettext

from harken.documents.queries.marginalia import PassageCounts

_BETWEEN: Final = " · "


def describe_counts(counts: PassageCounts) -> str:
    """What waits beside a passage, in words."""
    suggestions = counts.suggestions + counts.stale
    parts = [
        (suggestions, ngettext("%(count)s suggestion", "%(count)s suggestions", suggestions)),
        (counts.remarks, ngettext("%(count)s remark", "%(count)s remarks", counts.remarks)),
        (counts.loose, ngettext("%(count)s remark came loose", "%(count)s remarks came loose", counts.loose)),
    ]
    return _BETWEEN.join(words % {"count": count} for count, words in parts if count)


def render_spokes(counts: Mapping[str, PassageCounts], *, passage_pages: str = "passages/") -> dict[str, str]:
    """For each passage with something to read the line that leads to its page, for `AssembledText.html`.

    `passage_pages` is what addresses of the passages' own pages begin with, seen from the page.
    """
    return {
        public_id: format_html(
            '<p class="spoke"><a href="{}{}/">{}</a></p>', passage_pages, public_id, describe_counts(found)
        )
        for public_id, found in counts.items()
    }
