"""The base room as a Django app."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Plumbing shared by all rooms."""

    name = "harken.base"
    label = "base"

    def ready(self) -> None:
        """Register the system checks."""
        from harken.base import checks  # noqa: F401, PLC0415 - registers itself; needs the apps to be loaded
