"""The form on paper: to print for a document and a language, with a code that leads to the form on the site."""

import io
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from harken.documents.permissions import documents_visible_to
from harken.inputs.forms.giving import context_label
from harken.inputs.models import Consent, Input, Stance
from harken.inputs.permissions import may_give_input
from harken.inputs.queries.giving import Place, Subject, find_subject
from harken.inputs.queries.rules import choose_note, input_window, rules_of
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.queries import choose_questions, guiding_questions_of


def _load(request: HttpRequest, slug: str) -> tuple[Process, Subject]:
    process = load_process(request, slug)
    place = Place(request.GET.get("iteration", ""), request.GET.get("document", ""), request.GET.get("passage", ""))
    documents = documents_visible_to(request.user, process)
    subject = find_subject(process, place, documents=lambda: documents, inputs=Input.objects.none)
    if subject is None:
        raise Http404
    return process, subject


def _query(subject: Subject) -> str:
    """What the address of the form says of what it is about."""
    if subject.document is None:
        return ""
    named = {"iteration": subject.document.iteration.slug, "document": subject.document.code}
    if subject.passage is not None:
        named["passage"] = subject.passage.public_id
    return f"?{urlencode(named)}"


@require_safe
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to print."""
    process, subject = _load(request, slug)
    rules = rules_of(process)
    query = _query(subject)
    context = process_page(
        request,
        process,
        subject=subject,
        questions=choose_questions(guiding_questions_of(process), process, get_language() or process.lang),
        stances=[label for _value, label in Stance.choices],
        consents=[label for _value, label in Consent.choices],
        contexts=[context_label(kind) for kind in rules.contexts],
        context_note=choose_note(rules, process, get_language() or process.lang),
        window=input_window(process, rules, timezone.now()),
        permit=may_give_input(request.user, process, subject.document),
        address=f"{settings.PUBLIC_ADDRESS}{reverse('say', args=[slug])}{query}",
        code=f"{reverse('say-qr', args=[slug])}{query}",
    )
    response = render(request, "inputs/giving_print.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """A QR code of the form's address in the interface's language, as SVG."""
    _process, subject = _load(request, slug)
    made = segno.make(
        f"{settings.PUBLIC_ADDRESS}{reverse('say', args=[slug])}{_query(subject)}", micro=False, error="m"
    )
    drawn = io.BytesIO()
    made.save(drawn, kind="svg", border=4, xmldecl=False, omitsize=True, dark="#000", light="#fff")
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    patch_cache_control(response, private=True, max_age=24 * 60 * 60)
    return response
