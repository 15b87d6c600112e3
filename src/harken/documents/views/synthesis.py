"""The synthesis bench: earlier drafts beside the text being written, and passages carried across."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.lineage import NoReason, NoSuchEdge
from harken.documents.actions.passage_lineage import (
    CannotCarry,
    carry_passage,
    drop_passage,
    reword_passage,
    withdraw_edge,
)
from harken.documents.actions.saving import EditConflict, NoSuchRevision
from harken.documents.actions.texts import NoTitle
from harken.documents.forms.synthesis import CarryForm, WithdrawForm, WordsForm
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to, may_edit_document
from harken.documents.queries.lineage import lineage_edges
from harken.documents.queries.lineage_bench import offered_reasons
from harken.documents.queries.synthesis import (
    chosen_sources,
    earlier_documents,
    find_sources,
    proposed_sources,
    synthesis_bench,
)
from harken.documents.section_text import CannotKeep
from harken.documents.synthesis_html import SourceHtml, TargetHtml
from harken.documents.views.loading import load_document
from harken.processes.page import process_page

# A person can put these right; what else goes wrong is a fault.
_EXPECTED = (CannotCarry, CannotKeep, NoReason, NoSuchEdge, NoSuchRevision, NoTitle)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What could not be done, in a sentence, and what was chosen and typed, which stays in the form."""

    sentence: str
    data: Mapping[str, Any]
    passages: frozenset[str]


def _load_for_writing(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> Document:
    document = load_document(request, slug, iteration_slug, code)
    require(may_edit_document(request.user, document))
    return document


def _render_bench(
    request: HttpRequest, document: Document, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    process = document.iteration.process
    visible = documents_visible_to(request.user, process)
    earlier = earlier_documents(document, visible)
    added = [(slug, code) for slug, _slash, code in (one.partition("/") for one in request.GET.getlist("with"))]
    sources = chosen_sources(document, earlier, added)
    words = request.GET.get("find", "")
    beside = {source.pk for source in sources}
    bench = synthesis_bench(document, sources)
    addresses = _addresses(request)
    only_waiting = request.GET.get("show") == "not-yet"
    typed = refusal.data.get("text") if refusal else None
    edited = refusal.data.get("passage", "") if refusal and typed is not None else request.GET.get("edit", "")
    from_html = SourceHtml(chosen=refusal.passages if refusal else (), only_waiting=only_waiting)
    place = refusal.data.get("place", "") if refusal else ""
    into_html = TargetHtml(place=place, edited=edited, typed=typed, query=addresses["query"])
    context = process_page(
        request,
        process,
        document=document,
        bench=bench,
        sources=[(source, from_html.rows(source)) for source in bench.sources],
        head=into_html.rows(bench.head),
        sections=[(section, into_html.rows(section.rows)) for section in bench.sections],
        refusal=refusal,
        places=CarryForm.base_fields["carry_as"],
        show="not-yet" if only_waiting else "",
        reasons=offered_reasons(lineage_edges(process, visible)),
        find=words,
        added=request.GET.getlist("with"),
        found=[one for one in find_sources(earlier, words) if one.pk not in beside],
        proposed=[one for one in proposed_sources(document, earlier) if one.pk not in beside],
        **addresses,
    )
    return render(request, "documents/synthesis.html", context, status=status)


def _addresses(request: HttpRequest) -> dict[str, str]:
    """The parts of this page's query that its links and forms carry on."""
    kept = QueryDict(mutable=True)
    kept.setlist("with", request.GET.getlist("with"))
    beside = kept.urlencode(safe="/")
    if request.GET.get("show") == "not-yet":
        kept["show"] = "not-yet"
    return {"beside": beside, "query": kept.urlencode(safe="/")}


def _back(request: HttpRequest, document: Document, place: str = "") -> HttpResponse:
    iteration = document.iteration
    address = reverse("synthesis", args=[iteration.process.slug, iteration.slug, document.code])
    query = _addresses(request)["query"]
    return redirect(f"{address}{f'?{query}' if query else ''}{f'#{place}' if place else ''}")


def _try(
    request: HttpRequest, document: Document, form: forms.Form, act: Callable[[Mapping[str, Any]], HttpResponse]
) -> HttpResponse:
    """Do what a valid form asks; whatever is wrong is said on the bench, where all that was chosen still stands."""
    chosen = frozenset(request.POST.getlist("passage"))
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _render_bench(request, document, Refusal(sentence, request.POST, chosen), status=422)
    try:
        return act(form.cleaned_data)
    except EditConflict:
        sentence = _("Somebody else changed that passage meanwhile. Read what it says now, then do it again.")
        fresh = load_document(request, document.iteration.process.slug, document.iteration.slug, document.code)
        return _render_bench(request, fresh, Refusal(sentence, request.POST, chosen), status=409)
    except _EXPECTED as error:
        fresh = load_document(request, document.iteration.process.slug, document.iteration.slug, document.code)
        return _render_bench(request, fresh, Refusal(str(error), request.POST, chosen), status=422)


@login_required
@require_safe
def synthesis(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Sources beside the text; `?with=iteration-1/AD-R2` lays another beside it, `?show=not-yet` what is missing."""
    return _render_bench(request, _load_for_writing(request, slug, iteration_slug, code))


@login_required
@require_POST
def carry(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Carry the chosen passages to the chosen place."""
    document = _load_for_writing(request, slug, iteration_slug, code)

    def act(data: Mapping[str, Any]) -> HttpResponse:
        edges = carry_passage(
            actor=request.user,
            document=document,
            passages=data["passage"],
            reason=data["reason"],
            carry_as=data["carry_as"],
            place=data["place"],
            base=data["base"],
        )
        count = len(data["passage"])
        said = ngettext("%(count)s passage carried across.", "%(count)s passages carried across.", count)
        messages.success(request, said % {"count": count})
        place = edges[0].later.public_id if edges and edges[0].later else ""
        return _back(request, document, f"t-{place}" if place else "")

    return _try(request, document, CarryForm(request.POST), act)


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Say that the text leaves the chosen passages out."""
    document = _load_for_writing(request, slug, iteration_slug, code)

    def act(data: Mapping[str, Any]) -> HttpResponse:
        drop_passage(actor=request.user, document=document, passages=data["passage"], reason=data["reason"])
        count = len(data["passage"])
        said = ngettext("%(count)s passage left out.", "%(count)s passages left out.", count)
        messages.success(request, said % {"count": count})
        return _back(request, document, f"s-{data['passage'][0]}")

    return _try(request, document, CarryForm(request.POST), act)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Take back what was carried across or left out."""
    document = _load_for_writing(request, slug, iteration_slug, code)

    def act(data: Mapping[str, Any]) -> HttpResponse:
        is_gone = withdraw_edge(actor=request.user, document=document, edge_id=data["edge"])
        said = _("Taken back, with its words.") if is_gone else _("Taken back. The words of the text stay.")
        messages.success(request, said)
        return _back(request, document)

    return _try(request, document, WithdrawForm(request.POST), act)


@login_required
@require_POST
def words(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Change the words of one passage of the text."""
    document = _load_for_writing(request, slug, iteration_slug, code)

    def act(data: Mapping[str, Any]) -> HttpResponse:
        saved = reword_passage(
            actor=request.user, document=document, passage=data["passage"], text=data["text"], base=data["base"]
        )
        if saved.revision:
            messages.success(request, _("Saved as revision %(number)s.") % {"number": saved.revision.number})
        return _back(request, document, f"t-{data['passage']}")

    return _try(request, document, WordsForm(request.POST), act)
