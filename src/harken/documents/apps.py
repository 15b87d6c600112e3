"""The documents room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Documents, passages, revisions, lineage."""

    name = "harken.documents"
    label = "documents"

    def ready(self) -> None:
        """Offer what a phase can open here."""
        from harken.processes.phase_actions import PhaseAction, register_phase_action  # noqa: PLC0415 - apps first

        register_phase_action(
            PhaseAction(
                "draft",
                _("Write and publish drafts"),
                _("Organisers and writers bring texts in and change them."),
                anchor="iterations",
            )
        )
        register_phase_action(
            PhaseAction(
                "connect",
                _("Say how texts connect"),
                _("Organisers and writers say what became of each draft, and which texts hang together."),
                anchor="iterations",
            )
        )
        register_phase_action(
            PhaseAction(
                "suggest",
                _("Suggest other words"),
                _("Whoever is signed in proposes new words for a passage, with a reason."),
                anchor="iterations",
            )
        )
