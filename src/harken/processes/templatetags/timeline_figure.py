"""The tag that draws a timeline in the interface's language and direction."""

from django import template
from django.utils.translation import get_language, get_language_bidi

from harken.processes.queries import Timeline
from harken.processes.timeline_figure import TimelineFigure
from harken.processes.timeline_figure import draw_timeline as draw

register = template.Library()


@register.simple_tag
def draw_timeline(timeline: Timeline, zone: str, *, still: bool) -> TimelineFigure:
    """The figure of a timeline; `still` for a page that must not depend on the day."""
    locale = (get_language() or "en").replace("-", "_")
    return draw(timeline, zone=zone, locale=locale, mirrored=get_language_bidi(), still=still)
