"""What was said, on the pages of texts: how often in the margin, the newest beside a passage, the way to all of it."""

from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import Passage
from harken.documents.panels import MarginCount, PanelPlace
from harken.inputs.input_html import Ways, render_inputs
from harken.inputs.models import Consent, Input, InputCount
from harken.inputs.permissions import inputs_visible_to, may_see_speakers
from harken.inputs.queries.ledger import list_inputs
from harken.processes.models import Process

_NEWEST: Final = 5
_BESIDE: Final = 2


def describe_number(number: int) -> str:
    """How many inputs, in words."""
    return ngettext("%(count)s input", "%(count)s inputs", number) % {"count": number}


def _rows(document: int) -> QuerySet[Any, Any]:
    """How many inputs everybody can read stand beside each passage, and how many are about the document.

    The former are counted along an index that holds nothing else, and by the passages' keys, as they lie there: the
    passage's public id is looked up once for each number, not for each input. The latter number is kept; from it is
    taken what cannot be read now, along another such index.
    """
    everybody = ~Q(source__consent=Consent.CLOSED)
    beside = Input.objects.filter(everybody, document=document, passage__isnull=False, standing__isnull=True)
    public_id = Subquery(Passage.objects.filter(pk=OuterRef("passage")).values("public_id"))
    kept = InputCount.objects.filter(everybody, document=document)
    missing = Input.objects.filter(everybody, document=document, standing__isnull=False)
    name = Value("inputs")
    return (
        beside.order_by()
        .values("passage")
        .annotate(count=Count("pk"))
        .annotate(place=public_id, counted=name)  # after the count, or it is counted by them too
        .values_list("place", "counted", "count")
        .union(
            kept.order_by()
            .values("document")
            .annotate(place=Value(""), counted=name, count=Sum("inputs"))
            .values_list("place", "counted", "count"),
            missing.order_by()
            .values("document")
            .annotate(place=Value(""), counted=name, count=0 - Count("pk"))
            .values_list("place", "counted", "count"),
            all=True,
        )
    )


MARGIN_COUNT: Final = MarginCount("inputs", _rows, describe_number)


def document_ways(_request: HttpRequest, place: PanelPlace) -> str:
    """Below a document's head: how much was said about it, and where to read it."""
    number = dict(place.counts).get("inputs", 0)
    if number <= 0:
        return ""
    words = ngettext("%(number)s input on this text", "%(number)s inputs on this text", number) % {"number": number}
    return format_html('<a href="{}?{}">{}</a>', reverse("inputs", args=[place.process.slug]), _query(place), words)


def passage_inputs(request: HttpRequest, place: PanelPlace) -> str:
    """On a passage's page: the newest of what was said about it."""
    return _newest(request, place, "passage", _NEWEST)


def inputs_beside(request: HttpRequest, place: PanelPlace) -> str:
    """In the margin, for the passage in focus: the newest two."""
    return _newest(request, place, "beside", _BESIDE)


def _newest(request: HttpRequest, place: PanelPlace, name: str, size: int) -> str:
    process = place.process
    said = inputs_visible_to(request.user, process).filter(passage=place.passage)
    sees_speakers = bool(may_see_speakers(request.user, process))
    page = list_inputs(said, sees_speakers=sees_speakers, reader=request.user.pk, size=size)
    root = reverse("process", args=[process.slug])
    # Everybody may be shown a page that was made a while ago, so nothing is said here that changes by itself.
    ways = Ways(root, process.time_zone, shows_supports=False, shows_place=False)
    return _render(request, place, name, page=page, rows=render_inputs(page.rows, ways), query=_query(place))


def _query(place: PanelPlace) -> str:
    document = place.document
    asked = {"document": f"{document.iteration.slug}/{document.code}"}
    if place.public_id:
        asked["passage"] = place.public_id
    return urlencode(asked, safe="/")


def _render(request: HttpRequest, place: PanelPlace, name: str, **context: Any) -> str:
    about = {"process": place.process, "document": place.document, "place": place, **context}
    return render_to_string(f"inputs/reading_panels.html#{name}", about, request)


_WAITING: Final = Exists(Input.objects.filter(is_prepared__isnull=True))
_SAID: Final = FrozenQuery(
    lambda process, iteration, code: (
        InputCount.objects.filter(
            document__iteration__process=process, document__iteration__slug=iteration, document__code=code
        )
        .order_by()
        .values("document")
        .annotate(sum=Sum("inputs"), waiting=_WAITING)
        .values_list("sum", "waiting")
    ),
    texts=("iteration", "code"),
)
_SAID_IN_PROCESS: Final = FrozenQuery(
    lambda process: (
        InputCount.objects.filter(process=process)
        .order_by()
        .values("process")
        .annotate(sum=Sum("inputs"), waiting=_WAITING)
        .values_list("sum", "waiting")
    )
)


def stamp_document_page(process: Process, iteration_slug: str, code: str) -> str:
    """How much was said about a document, and whether some of it waits to be prepared. One query.

    Inputs are never deleted, so the number tells of each new one; that one is hidden, shown, corrected or redacted
    changes the process's version.
    """
    return str(_SAID.rows(process=process.pk, iteration=iteration_slug, code=code))


def stamp_process_page(process: Process, **_address: str) -> str:
    """The same for all that was said in a process. One query."""
    return str(_SAID_IN_PROCESS.rows(process=process.pk))
