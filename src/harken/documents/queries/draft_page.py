"""What a draft's page shows to its group: the current revision with every section, also those without words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from harken.documents.models import Document, Revision
from harken.documents.passage_html import AssembledText, assemble_text
from harken.documents.queries.texts import load_passages


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft's text; `is_newer` says that readers see another revision, or none."""

    text: AssembledText
    revision: Revision
    is_newer: bool


def draft_page(document: Document) -> DraftPage:
    """What the group sees at `document`'s draft. One query."""
    if document.current is None:
        raise ValueError(f"{document} has no revision.")
    text = assemble_text(
        load_passages(document.current),
        lang=document.lang,
        template=document.template,
        passage_pages="../passages/",
        nothing_yet=_("Nothing stands here yet."),
        no_longer=_("No longer in the template. What was written here stays in the text."),
    )
    return DraftPage(text, document.current, document.current_id != document.published_id)
