"""The inputs room as a Django app."""

import datetime

from django.apps import AppConfig


class InputsConfig(AppConfig):
    """Sources and inputs: the ledger."""

    name = "harken.inputs"
    label = "inputs"

    def ready(self) -> None:
        """Have workers prepare what was said, send mail, and read it; put what was said on the pages of texts."""
        from harken.base.periodic import register_periodic  # noqa: PLC0415 - apps first
        from harken.documents.panels import register_margin_count, register_panel, register_stamp  # noqa: PLC0415 - apps first
        from harken.inputs import panels  # noqa: PLC0415 - apps first
        from harken.inputs.actions.arrivals import forget_arrivals  # noqa: PLC0415 - apps first
        from harken.inputs.actions.forgetting import forget_drafts  # noqa: PLC0415 - apps first
        from harken.inputs.actions.mailing import send_notices  # noqa: PLC0415 - apps first
        from harken.inputs.queries.rules import GIVE_INPUT, takes_late  # noqa: PLC0415 - apps first
        from harken.processes.lateness import register_late  # noqa: PLC0415 - apps first

        register_periodic("prepare inputs", every=datetime.timedelta(seconds=5), run=_prepare_inputs)
        register_margin_count(panels.MARGIN_COUNT)
        register_panel("ways", panels.document_ways)
        register_panel("passage", panels.passage_inputs)
        register_panel("beside", panels.inputs_beside)
        register_stamp(panels.stamp_document_page)
        register_late(GIVE_INPUT, takes_late)
        register_periodic("forget drafts", every=datetime.timedelta(hours=6), run=forget_drafts)
        register_periodic("forget arrivals", every=datetime.timedelta(hours=1), run=forget_arrivals)
        register_periodic("send notices", every=datetime.timedelta(seconds=20), run=send_notices)
        minutes = datetime.timedelta(minutes=1)
        register_periodic("poll mailboxes", every=5 * minutes, run=_poll_mailboxes, at_most=20 * minutes)


def _prepare_inputs() -> None:
    """The detector of languages is loaded here, in a worker that needs it: the web server has no use for it."""
    from harken.inputs.models import Input  # noqa: PLC0415 - apps first

    if Input.objects.filter(is_prepared__isnull=True).exists():
        from harken.inputs.actions.preparing import prepare_inputs  # noqa: PLC0415 - see above

        prepare_inputs()


def _poll_mailboxes() -> None:
    """What reads mail is loaded here, in a worker, as above."""
    from harken.inputs.actions.polling import poll_mailboxes  # noqa: PLC0415 - see above

    poll_mailboxes()
