"""Whoever goes back to an earlier version finds the ledger as well kept as before."""

import pytest
from django.conf import settings

from tests.documents.test_migrations import migrate, newest, triggers


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_going_back_and_coming_again_leaves_what_was_said_protected() -> None:
    rules_of_today = triggers()
    migrate([("inputs", "0002_append_only")])
    there = triggers()
    migrate(newest())
    kept = {name: rule for name, rule in rules_of_today.items() if name.startswith("inputs_")}
    assert kept
    assert {name: rule for name, rule in there.items() if name.startswith("inputs_")} == {
        name: rule for name, rule in kept.items() if not name.endswith("_no_replace")
    }
    assert triggers() == rules_of_today
