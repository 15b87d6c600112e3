"""System checks of the configuration: one message for each mistake, with a hint that ends it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_configuration(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Show what `settings.py` could not read in the environment or in the configuration file."""
    return [
        Error(f"Configuration: {mistake}", hint=hint, id="harken.E001")
        for mistake, hint in settings.CONFIGURATION_MISTAKES
    ]
