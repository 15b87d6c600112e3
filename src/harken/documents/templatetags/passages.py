"""The passages of a document as one piece of HTML."""

from django import template
from django.utils.safestring import SafeString

from harken.documents.passage_html import assemble_passages
from harken.documents.queries.reading import DocumentPage

register = template.Library()


@register.simple_tag
def passages(page: DocumentPage, *, static_copy: bool) -> SafeString:
    """The passages in order; on the site itself each with its permanent address, which a static copy cannot answer."""
    return assemble_passages(page.passages, lang=page.document.lang, with_address=not static_copy)
