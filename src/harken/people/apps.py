"""The people room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts, groups, memberships."""

    name = "harken.people"
    label = "people"
