"""The addresses a static copy holds: every public page that needs no server behind it."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from harken.documents.models import Document
from harken.people.queries import groups_below
from harken.processes.permissions import iterations_visible_to, processes_visible_to


def home_pages() -> Iterator[str]:
    """Home, each public process, its timeline, groups, iterations, documents and lineage."""
    visitor = AnonymousUser()
    yield reverse("home")
    for process in processes_visible_to(visitor).select_related("body").order_by("id"):
        yield reverse("process", args=[process.slug])
        yield reverse("timeline", args=[process.slug])
        yield reverse("groups", args=[process.slug])
        yield reverse("lineage", args=[process.slug])
        yield reverse("contents", args=[process.slug])
        for group in groups_below(process.body).order_by("id"):
            yield reverse("group", args=[process.slug, group.code])
        for iteration in iterations_visible_to(visitor, process):
            yield reverse("iteration", args=[process.slug, iteration.slug])
            yield reverse("links", args=[process.slug, iteration.slug])
            codes = (
                Document.objects.filter(iteration=iteration, published__isnull=False)
                .order_by("id")
                .values_list("code", flat=True)
            )
            for code in codes.iterator():
                yield reverse("document", args=[process.slug, iteration.slug, code])
                yield reverse("document-lineage", args=[process.slug, iteration.slug, code])
