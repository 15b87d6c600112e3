"""The inputs room as a Django app."""

from django.apps import AppConfig


class InputsConfig(AppConfig):
    """Sources and inputs: the ledger."""

    name = "harken.inputs"
    label = "inputs"
