"""A permit: yes or no to one action by one actor on one object now, with the reason to show.

Rooms pair each `may_<verb>(actor, thing) -> Permit` with `<things>_visible_to(actor) -> QuerySet`.
"""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer to "may I?".

    `reason` is a sentence for the person refused (empty when granted); `sign_in_helps` says that the same
    request might be granted to somebody known.
    """

    ok: bool
    reason: str | Promise = ""
    sign_in_helps: bool = False

    def __bool__(self) -> bool:
        """Whether the action is granted."""
        return self.ok


class Refused(PermissionDenied):
    """An action was asked for without a permit; carries the permit and its reason."""

    def __init__(self, permit: Permit) -> None:
        super().__init__(str(permit.reason))
        self.permit = permit


GRANTED: Final = Permit(ok=True)


def refuse(reason: str | Promise, *, sign_in_helps: bool = False) -> Permit:
    """A permit that says no, and why."""
    return Permit(ok=False, reason=reason, sign_in_helps=sign_in_helps)


def require(permit: Permit) -> None:
    """Go on with a granted permit, or raise `Refused`."""
    if not permit:
        raise Refused(permit)


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs the program itself, at the command line: may do all, and is named so in the audit events."""

    name: str = "operator"
    pk: None = None
    is_authenticated: bool = True
    is_superuser: bool = True


OPERATOR: Final = Operator()

SIGN_IN_FIRST: Final = refuse(_("Sign in first."), sign_in_helps=True)
