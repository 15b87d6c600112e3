"""A process's themes as a visitor has them."""

from harken.analysis.queries.themes import ThemeTree, read_tree
from harken.base.actions import Actor
from harken.inputs.permissions import may_work_with_inputs, sources_visible_to
from harken.processes.keeping import keep_with
from harken.processes.models import Process
from harken.processes.permissions import may_see_process


def tree_for(process: Process, actor: Actor) -> ThemeTree:
    """The themes of a process with the numbers that hold for a visitor.

    Strangers all see the same, until somebody codes, moves a theme or hides an input: all of these change the
    process's version.
    """
    if not may_see_process(actor, process):
        return ThemeTree((), {}, {})
    if actor.is_authenticated:
        return _read_tree(process, actor)
    return keep_with(process, "themes", lambda: _read_tree(process, actor), may_be_empty=True)


def _read_tree(process: Process, actor: Actor) -> ThemeTree:
    everything = bool(may_work_with_inputs(actor, process))
    return read_tree(process, sources_visible_to(actor, process), everything=everything)
