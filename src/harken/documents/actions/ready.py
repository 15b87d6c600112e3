"""Keeping readers' pages ready: the text of a published revision put together once, when it is published."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from harken.documents.models import Document, ReadyText, Template
from harken.documents.passage_html import assemble_text, stamp_of
from harken.documents.queries.texts import load_passages_of
from harken.documents.section_text import StoredPassage

_BATCH = 500


def make_ready(documents: Iterable[Document]) -> None:
    """Put together what readers see of the published revisions of `documents`. Two queries for each 500."""
    published = [document for document in documents if document.published]
    for start in range(0, len(published), _BATCH):
        batch = published[start : start + _BATCH]
        passages = load_passages_of([document.published for document in batch if document.published])
        ReadyText.objects.bulk_create(
            [_ready_text(document, passages[document.published_id or 0]) for document in batch],
            update_conflicts=True,
            unique_fields=["document"],
            update_fields=["revision", "stamp", "head", "contents", "html"],
        )


def _ready_text(document: Document, passages: Sequence[StoredPassage]) -> ReadyText:
    text = assemble_text(passages, lang=document.lang, template=document.template)
    return ReadyText(
        document=document,
        revision=document.published,
        stamp=stamp_of(document.template),
        html=text.fragments,
        **text.to_json(),
    )


@transaction.atomic
def make_ready_again(template: Template) -> None:
    """After a template changed: put the published texts that follow it together anew."""
    make_ready(Document.objects.filter(template=template, published__isnull=False).select_related("published"))
