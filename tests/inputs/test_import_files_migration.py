"""What was brought before several files could be is there afterwards, under its name."""

from typing import Any

import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from harken.inputs.models import ImportDraft
from tests.cast import Cast
from tests.documents.test_migrations import migrate, newest

OLD = [("inputs", "0006_context_notes")]


def go_back() -> Apps:
    """Take the tables back to where a draft had one file; the models of then."""
    migrate(OLD)
    return MigrationExecutor(connection).loader.project_state(OLD).apps


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_the_one_file_of_a_draft_is_the_first_of_several(cast: Cast) -> None:
    before: Any = go_back().get_model("inputs", "ImportDraft")
    told = {"process_id": cast.process.pk, "by_id": cast.chen.pk, "channel": "list", "at": timezone.now()}
    drafts = before._default_manager
    drafts.create(name="lines.txt", file="imports/1.txt", terms={"format": "lines"}, **told)
    drafts.create(name="https://wiki.example.org/", terms={"address": "https://wiki.example.org/"}, **told)
    drafts.create(name="gone.txt", terms={"format": "lines"}, imported_at=timezone.now(), **told)
    migrate(newest())
    kept = {draft.name: list(draft.files.values_list("name", "file")) for draft in ImportDraft.objects.all()}
    assert kept == {
        "lines.txt": [("lines.txt", "imports/1.txt")],
        "https://wiki.example.org/": [],
        "gone.txt": [("gone.txt", "")],
    }
    back: Any = go_back().get_model("inputs", "ImportDraft")
    files = back._default_manager.values_list("name", "file")
    assert dict(files) == {"lines.txt": "imports/1.txt", "https://wiki.example.org/": "", "gone.txt": ""}
    migrate(newest())
