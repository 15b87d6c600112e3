"""The bench of long documents, with short ones: that everything it times is done."""

from __future__ import annotations

import pytest

from bench.documents import make_site, measure_all
from harken.documents.models import Anchor, Revision, Suggestion


@pytest.mark.django_db
def test_a_document_with_a_history_is_made_and_measured() -> None:
    made = make_site(passages=30, revisions=14, writers=2)
    assert Revision.objects.filter(document=made.document).count() == 14
    figures = {figure.name: figure for figure in measure_all(made, anchors=6, suggestions=3)}
    assert figures["save, one passage edited"].unit == "ms"
    assert figures["page, a reader, SQL"].value <= 12
    assert (
        figures["page, a reader, with 6 anchors and 3 suggestions, SQL"].value == figures["page, a reader, SQL"].value
    )
    assert (Anchor.objects.count(), Suggestion.objects.count()) == (6, 3)
