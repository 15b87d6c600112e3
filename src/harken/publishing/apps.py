"""The publishing room as a Django app."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """Static copies."""

    name = "harken.publishing"
    label = "publishing"
