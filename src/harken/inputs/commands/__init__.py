"""Voices from the command line: `harken import talk|mail|forum|table|lines`, `harken inputs move|recount|…`."""

from harken.documents.commands import import_group
from harken.inputs.commands.importing import EX_TEMPFAIL, talk
from harken.inputs.commands.ledger import inputs_group

__all__ = ["EX_TEMPFAIL", "import_group", "inputs_group", "talk"]
