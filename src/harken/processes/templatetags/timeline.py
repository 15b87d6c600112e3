"""Tags about where a process stands: its timeline drawn, and the one thing a reader can do now."""

from django import template
from django.utils.translation import get_language, get_language_bidi

from harken.processes.phase_actions import PhaseAction
from harken.processes.queries import Timeline
from harken.processes.timeline_figure import TimelineFigure
from harken.processes.timeline_figure import draw_timeline as draw

register = template.Library()


@register.simple_tag
def draw_timeline(timeline: Timeline, zone: str, *, still: bool) -> TimelineFigure:
    """The figure of a timeline; `still` for a page that must not depend on the day."""
    locale = (get_language() or "en").replace("-", "_")
    return draw(timeline, zone=zone, locale=locale, mirrored=get_language_bidi(), still=still)


@register.filter
def opens(timeline: Timeline, action: str) -> bool:
    """Whether a phase opens the action now."""
    return timeline.opens(action)


@register.simple_tag
def next_action(timeline: Timeline) -> PhaseAction | None:
    """The one thing to invite a reader to now, of all that open phases open to everybody."""
    inviting = [action for row in timeline.open_now for action in row.opens if action.invites]
    return max(inviting, key=lambda action: action.invites, default=None)
