"""The analysis room as a Django app."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Themes, extracts and codings."""

    name = "harken.analysis"
    label = "analysis"

    def ready(self) -> None:
        """Let lists of inputs be read by theme, and show an input's themes beside its conversation."""
        from harken.analysis import panels  # noqa: PLC0415 - apps first
        from harken.analysis.theme_facet import THEME_FACET  # noqa: PLC0415 - apps first
        from harken.inputs.facets import register_facet  # noqa: PLC0415 - apps first
        from harken.inputs.input_panels import register_input_panel  # noqa: PLC0415 - apps first

        register_facet(THEME_FACET)
        register_input_panel(panels.themes_of_input)
