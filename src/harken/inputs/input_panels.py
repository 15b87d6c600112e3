"""What later rooms put on the page of an input, below its conversation: a plain registry they fill in `ready()`."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from harken.inputs.models import Input

InputPanel = Callable[[HttpRequest, Input], str]
"""Safe HTML about the input that the page was opened for, "" for nothing.

What changes it for readers without an account has to raise the process's `content_version`: copies are kept by that.
"""

_PANELS: list[InputPanel] = []


def register_input_panel(panel: InputPanel) -> None:
    """Have `panel` stand on pages of inputs."""
    _PANELS.append(panel)


def render_input_panels(request: HttpRequest, said: Input) -> SafeString:
    """What all rooms have to say there."""
    return mark_safe("".join(panel(request, said) for panel in _PANELS))  # noqa: S308 - each made by a page template
