"""The pages room as a Django app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Pages that compose many rooms."""

    name = "harken.pages"
    label = "pages"

    def ready(self) -> None:
        """Offer this room's pages to the static copy."""
        from harken.pages.static_pages import home_pages  # noqa: PLC0415 - apps first
        from harken.publishing.registry import register_static_pages  # noqa: PLC0415 - apps first

        register_static_pages(home_pages)
