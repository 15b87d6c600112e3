"""The inputs room as a Django app."""

import datetime

from django.apps import AppConfig


class InputsConfig(AppConfig):
    """Sources and inputs: the ledger."""

    name = "harken.inputs"
    label = "inputs"

    def ready(self) -> None:
        """Have workers send mail, and read it."""
        from harken.base.periodic import register_periodic  # noqa: PLC0415 - apps first
        from harken.inputs.actions.mailing import send_notices  # noqa: PLC0415 - apps first
        from harken.inputs.actions.polling import POLL_EVERY, POLL_TAKES, poll_mailboxes  # noqa: PLC0415 - apps first

        register_periodic("send notices", every=datetime.timedelta(seconds=20), run=send_notices)
        register_periodic("poll mailboxes", every=POLL_EVERY, run=poll_mailboxes, at_most=POLL_TAKES)
