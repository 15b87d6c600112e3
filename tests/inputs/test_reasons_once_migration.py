"""Where one form had made several agreements, none of them is lost, and the first keeps the reason."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from harken.inputs.models import Support
from tests.cast import Cast
from tests.documents.test_migrations import migrate, newest
from tests.inputs.giving import say_by_form

OLD = [("inputs", "0009_no_replacing")]


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_a_reason_stays_with_the_first_agreement_that_its_form_made(cast: Cast) -> None:
    said, reason, other = (say_by_form(cast.process).input.pk for _number in range(3))
    migrate(OLD)
    before: Any = MigrationExecutor(connection).loader.project_state(OLD).apps.get_model("inputs", "Support")
    given = (("a", reason), ("b", reason), ("c", None), ("d", other), ("e", reason))
    for key, why in given:
        before._default_manager.create(input_id=said, key=key, reason_id=why, at=timezone.now())
    migrate(newest())
    kept = Support.objects.order_by("key").values_list("key", "reason")
    assert list(kept) == [("a", reason), ("b", None), ("c", None), ("d", other), ("e", None)]
