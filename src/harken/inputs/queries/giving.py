"""What somebody is about to speak of, and what they are shown of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.documents.models import Document, Passage, Version
from harken.documents.queries.reading import find_document, find_readable
from harken.documents.quoting import find_words
from harken.inputs.models import Input
from harken.inputs.queries.ledger import PLACES, InputRow, describe_inputs
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class Place:
    """A place to speak of, as an address names it: everything may be left out but what the later ones lie in."""

    iteration: str = ""
    document: str = ""
    passage: str = ""
    quote: str = ""
    before: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: the process where all is None.

    `version` is what the passage says now, `start` and `end` the words of it that were chosen (all of it where these
    are None); `reply` is how the input that is replied to reads.
    """

    document: Document | None = None
    passage: Passage | None = None
    version: Version | None = None
    start: int | None = None
    end: int | None = None
    reply_to: Input | None = None
    reply: InputRow | None = None

    @property
    def words(self) -> str:
        """The chosen words."""
        return self.version.text[self.start : self.end] if self.version and self.start is not None else ""


def find_subject(
    process: Process,
    place: Place,
    *,
    documents: Callable[[], QuerySet[Document]],
    inputs: Callable[[], QuerySet[Input]],
    reader: int | None = None,
) -> Subject | None:
    """What lies at `place`, if it is among the `documents` and `inputs` of the process; else None.

    These are asked for only where they are needed: writing such a query costs more than asking it. `reader` is the
    account of whoever looks. At most five queries.
    """
    if place.reply:
        return _find_reply(process, inputs(), reader, place.reply)
    if not place.document:
        return Subject()
    # Most who speak have no account, and see of a public process what everybody sees.
    document = find_readable(process, place.iteration, place.document) if process.is_public else None
    if document is None and reader is not None:
        document = find_document(documents(), place.iteration, place.document)
    if document is None:
        return None
    _know_process(document, process)
    if not place.passage:
        return Subject(document)
    versions = _find_versions(document, place.passage)
    if not versions:
        return None
    version = _find_shown(document, versions)
    if version is None:
        # It is gone from the text: what remains to speak of is the text.
        return Subject(document)
    found = find_words(version.text, place.quote, place.before) if place.quote else None
    start, end = found or (None, None)
    return Subject(document, version.passage, version, start, end)


def _find_reply(process: Process, inputs: QuerySet[Input], reader: int | None, pk: str) -> Subject | None:
    if not pk.isascii() or not pk.isdecimal() or len(pk) > 18:
        return None
    said = inputs.filter(pk=int(pk)).select_related(*PLACES).first()
    if said is None or said.standing is not None:
        return None
    said.process = process
    if said.document is not None:
        _know_process(said.document, process)
    [row] = describe_inputs([said], sees_speakers=False, reader=reader)
    return Subject(said.document, said.passage, reply_to=said, reply=row)


def _know_process(document: Document, process: Process) -> None:
    """Spare the permits a query: the document's process is at hand, with its phases."""
    document.iteration.process = process


def _find_versions(document: Document, public_id: str) -> list[Version]:
    """All that a passage of a text ever said, the newest in front; nothing where it has no such passage."""
    versions = Version.objects.filter(passage__public_id=public_id, passage__document=document)
    return list(versions.select_related("passage").order_by("-pk"))


def _find_shown(document: Document, versions: Sequence[Version]) -> Version | None:
    """What a passage says in the text that readers see; in the draft where there is no other."""
    shown = document.published or document.current
    standing = set(shown.version_ids) if shown else set()
    return next((one for one in versions if one.pk in standing), None)
