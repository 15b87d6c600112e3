"""The sample process comes in through the actions, whole, and once."""

import datetime

import pytest
from django.apps import apps
from django.db.models import Count

from harken.documents.models import Chapter, DocumentKind, EdgeState, LineageEdge, LineageKind, Version
from harken.pages.sample.load import load_sample, sample_is_loaded
from harken.people.models import Group
from harken.processes.models import Process
from harken.processes.permissions import is_open

pytestmark = pytest.mark.django_db


def count_everything() -> dict[str, int]:
    """How many rows each of our own tables holds."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("harken.")]
    return {model.__name__: model._base_manager.count() for model in ours}


def test_the_sample_is_complete_and_a_second_load_changes_nothing() -> None:
    assert not sample_is_loaded()
    slug = load_sample()
    assert sample_is_loaded()
    process = Process.objects.get(slug=slug)
    assert Group.objects.filter(root=process.body, kind="working-group").count() == 9
    assert [one.document_count for one in process.iterations.order_by("number")] == [34, 45, 2]
    recommendations = process.iterations.get(number=2).documents.filter(kind=DocumentKind.RECOMMENDATION)
    assert recommendations.count() == 42
    assert Chapter.objects.alias(count=Count("documents")).filter(count=0).count() == 1
    languages = set(Version.objects.values_list("lang", flat=True))
    assert {"en", "ar", "de", "es", "fr", "hi", "pt"} <= languages
    of_texts = set(LineageKind.values) - {LineageKind.MOVED}  # only passages move
    assert set(LineageEdge.objects.values_list("kind", flat=True)) == of_texts
    assert set(LineageEdge.objects.values_list("state", flat=True)) == set(EdgeState.values)
    counts = count_everything()
    assert load_sample() == slug
    assert count_everything() == counts


@pytest.mark.parametrize("reference", [datetime.date(2024, 2, 29), datetime.date(2099, 12, 31)])
def test_whatever_the_day_something_is_open(reference: datetime.date) -> None:
    process = Process.objects.get(slug=load_sample(reference=reference))
    noon = datetime.datetime.combine(reference, datetime.time(12), tzinfo=datetime.UTC)
    assert is_open(process, "give_input", noon)
