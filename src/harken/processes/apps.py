"""The processes room as a Django app."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Processes, phases, iterations."""

    name = "harken.processes"
    label = "processes"
