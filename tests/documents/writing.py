"""A text that a group drafts, for tests of writing."""

from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, PassageKind, Section, Template
from harken.documents.queries.reading import find_document
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage, read_section
from harken.documents.typed_text import TypedText, write_typed
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration
from tests.cast import Cast

FIRST = "Rain is kept in barrels at every house that wants one."
SECOND = "Nobody waters at noon, since half of it is lost to the sun."
THIRD = "A pump is shared by the whole street and mended each spring."


def begin_draft(
    cast: Cast, text: str = f"{FIRST}\n\n{SECOND}\n\n{THIRD}", *, template: Template | None = None, section: str = ""
) -> Document:
    """A private draft of Advocacy with a title and one text, loaded as views load it."""
    iteration = Iteration.objects.filter(process=cast.process).first() or add_iteration(
        actor=OPERATOR, process=cast.process, number=1, title="Iteration 1", date="2026-01"
    )
    chapter, _made = Chapter.objects.get_or_create(
        iteration=iteration, group=cast.advocacy, defaults={"position": 0, "lang": "en"}
    )
    number = Document.objects.filter(chapter=chapter).count() + 1
    passages = (DraftPassage(PassageKind.TITLE, "Water the beds"), *read_section(text, section))
    drafted = DraftDocument(f"AD-R{number}", passages, number, "en", number, template=template)
    create_documents(actor=OPERATOR, chapter=chapter, drafts=[drafted], publish=False)
    return as_it_is(cast, drafted.code)


def as_it_is(cast: Cast, code: str = "AD-R1") -> Document:
    """The document as it is stored now."""
    found = find_document(Document.objects.filter(iteration__process=cast.process), "iteration-1", code)
    assert found is not None
    found.iteration.process = cast.process
    found.chapter.iteration = found.iteration
    return found


def passages_of(document: Document) -> list[StoredPassage]:
    """The current passages."""
    return load_passages(Document.objects.select_related("current").get(pk=document.pk).current)


def texts_of(document: Document) -> list[str]:
    """What the current passages say, without the title."""
    return [passage.text for passage in passages_of(document) if passage.kind != "title"]


def typed_of(document: Document) -> TypedText:
    """The document as it stands in the editor."""
    return write_typed(passages_of(document), document.template)


def add_template(cast: Cast, *keys: str) -> Template:
    """A template with a section for each key, named in English."""
    sections = [Section(key, {"en": key.title()}, {"en": f"Say {key}."}, budget=20).to_json() for key in keys]
    return Template.objects.create(
        process=cast.process, slug="plain", kind="recommendation", names={"en": "Plain"}, sections_json=sections
    )
