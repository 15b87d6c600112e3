"""What a phase can open: a plain registry that rooms fill in `AppConfig.ready()`.

A phase keeps a list of these names as data; every permit asks `harken.processes.permissions.is_open`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PhaseAction:
    """One thing people can do while a phase opens it.

    `label` invites in words ("Say what you think"); `description` tells an organiser what opening it means;
    `anchor` is where on the process page one finds how; `page` the name of the address, below the process's, where one
    does it. `invites` is above 0 for what everybody may do: readers are
    invited to the open action with the highest number; what only people with a role may do invites nobody.
    """

    name: str
    label: str | Promise
    description: str | Promise
    anchor: str = ""
    page: str = ""
    invites: int = 0


_ACTIONS: dict[str, PhaseAction] = {}


def register_phase_action(action: PhaseAction) -> None:
    """Offer `action` to organisers; a name is registered once."""
    if _ACTIONS.setdefault(action.name, action) != action:
        raise ValueError(f"The phase action {action.name} is registered twice.")


def phase_actions() -> tuple[PhaseAction, ...]:
    """All registered actions in the order of registration."""
    return tuple(_ACTIONS.values())


def find_phase_action(name: str) -> PhaseAction | None:
    """The action of this name, if a room offers it."""
    return _ACTIONS.get(name)


register_phase_action(
    PhaseAction("read", _("Read the texts"), _("Everybody can read what is published."), anchor="iterations", invites=1)
)
register_phase_action(
    PhaseAction(
        "give_input",
        _("Say what you think"),
        _("Everybody can give input on what is published, in any language."),
        anchor="guidance",
        page="say",
        invites=2,
    )
)
