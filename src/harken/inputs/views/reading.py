"""Pages of what was said: lists, and conversations at the permanent address of each input in them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from harken.base.caching import answer_for_everybody
from harken.base.permits import require
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.languages import NoLanguage, correct_language
from harken.inputs.actions.moving import move_inputs
from harken.inputs.forms.reading import LanguageForm, MoveForm, narrow
from harken.inputs.input_html import Ways, render_inputs, stamp_rows
from harken.inputs.input_panels import render_input_panels
from harken.inputs.listing import LONGEST_QUERY, read_listing
from harken.inputs.models import Input
from harken.inputs.permissions import (
    inputs_visible_to,
    may_give_input,
    may_moderate,
    may_redact,
    may_see_source,
    may_see_speakers,
    may_see_terms,
    may_work_with_inputs,
    places_visible_to,
)
from harken.inputs.queries.contexts import contexts_of, who_was_heard
from harken.inputs.queries.ledger import PAGE, PLACES
from harken.inputs.queries.reading import ThreadPage, thread_page
from harken.inputs.queries.sources import SourceRow, describe_source
from harken.inputs.queries.texts import TextsToSpeakOf, texts_to_speak_of
from harken.inputs.queries.wordings import add_who_corrected, read_wordings
from harken.processes.models import Process
from harken.processes.page import load_process, process_page, process_stamp

_LONGEST_KEY = 100


@require_safe
def inputs(request: HttpRequest, slug: str) -> HttpResponse:
    """What was said, the newest in front: all of it, or what the address asks for."""
    process = load_process(request, slug)
    listing = read_listing(process, request.user, request.GET)
    page = listing.page(PAGE, folds=True)
    campaigns = listing.campaigns_on(page)
    total = listing.count(page) if listing.after is None else None
    ways = _ways(request, process)

    def make() -> HttpResponse:
        context = process_page(
            request,
            process,
            listing=listing,
            narrowing=narrow(listing.asked, listing.choices, listing.offered),
            longest_query=LONGEST_QUERY,
            page=page,
            total=total,
            rows=render_inputs(
                page.rows, ways, terms=listing.wanted.terms if listing.wanted.query else (), campaigns=campaigns
            ),
            next=listing.address_after(page.next) if page.next else "",
            query=listing.address_after(None) if listing.asked else "",
            may_give=ways.may_reply,
            may_work=listing.sees_speakers,
            heard=who_was_heard(process, timezone.now()) if total and not listing.asked else (),
        )
        is_partial = request.htmx  # type: ignore[attr-defined] # django-htmx's middleware puts it there
        return render(request, f"inputs/reading_inputs.html{'#found' if is_partial else ''}", context)

    def content() -> str:
        offered = [choices for _facet, choices in listing.offered]
        return f"{_stamp(process, ways)} {total} {stamp_rows(page.rows)} {campaigns} {listing.choices} {offered}"

    return answer_for_everybody(request, content=content, make=make)


def _ways(request: HttpRequest, process: Process) -> Ways:
    may_give = bool(may_give_input(request.user, process))
    return Ways(
        root=reverse("process", args=[process.slug]),
        time_zone=process.time_zone,
        may_reply=may_give,
        may_agree=may_give,
        may_complain=True,
        shows_state=bool(may_work_with_inputs(request.user, process)),
    )


def _stamp(process: Process, ways: Ways) -> str:
    return f"{process_stamp(process)} {ways.may_reply}"


@require_safe
def thread(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The conversation that an input stands in, at the place where it stands."""
    process = load_process(request, slug)
    places = places_visible_to(request.user, process)
    said = get_object_or_404(places.select_related(*PLACES, "source__group", "source__collected_by"), pk=pk)
    said.process = said.source.process = process
    after = request.GET.get("after")
    page = thread_page(
        places,
        said,
        sees_speakers=bool(may_see_speakers(request.user, process)),
        reader=request.user.pk,
        after=after[:_LONGEST_KEY] if after is not None else None,
    )
    ways = _ways(request, process)
    sees_terms = ways.shows_state or bool(may_see_terms(request.user, said.source))
    source = describe_source(said.source, sees_terms=sees_terms)

    def make() -> HttpResponse:
        return render(request, "inputs/reading_thread.html", _thread_context(request, said, page, ways, source))

    return answer_for_everybody(
        request, content=lambda: f"{_stamp(process, ways)} {stamp_rows(page.rows)} {source}", make=make
    )


def _thread_context(
    request: HttpRequest, said: Input, page: ThreadPage, ways: Ways, source: SourceRow
) -> dict[str, Any]:
    first = page.rows[0] if page.rows else None
    texts = _texts(request, said.process) if ways.shows_state else None
    return process_page(
        request,
        said.process,
        said=said,
        source=source,
        opens_source=bool(may_see_source(request.user, said.source)),
        page=page,
        first=first,
        heading=next((row.heading for row in page.rows if row.heading), ""),
        rows=render_inputs(page.rows, ways, here=said.pk, is_thread=True),
        panels=render_input_panels(request, said),
        languages=sorted({row.lang for row in page.rows if row.lang and not row.is_blank}),
        may_give=ways.may_reply,
        may_work=ways.shows_state,
        may_moderate=bool(may_moderate(request.user, said.process)),
        may_redact=bool(may_redact(request.user, said.process)),
        told=contexts_of([said.pk]).get(said.pk) if ways.shows_state else None,
        language_form=LanguageForm(initial={"lang": said.lang}) if ways.shows_state else None,
        texts=texts,
        move_form=MoveForm(initial={"code": _name_of(texts, said)}) if texts is not None else None,
    )


@login_required
@require_safe
def wordings(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What an input said at first and since, for those who work with it."""
    process = load_process(request, slug)
    require(may_work_with_inputs(request.user, process))
    seen = inputs_visible_to(request.user, process).select_related("source")
    said = get_object_or_404(seen, pk=pk)
    rows = add_who_corrected(said, read_wordings(said))
    context = process_page(request, process, said=said, rows=rows, redactions=said.redactions.all())
    return render(request, "inputs/reading_wordings.html", context)


def _texts(request: HttpRequest, process: Process) -> TextsToSpeakOf:
    return texts_to_speak_of(documents_visible_to(request.user, process))


def _name_of(texts: TextsToSpeakOf, said: Input) -> str:
    document = said.document
    if document is None:
        return ""
    # What is about a draft keeps its place where nobody writes another.
    place = f"{document.iteration.slug}/{document.code}"
    return texts.name_of(document.iteration.slug, document.code) or place


@login_required
@require_POST
def language(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which language an input is in."""
    process = load_process(request, slug)
    said: Input = get_object_or_404(inputs_visible_to(request.user, process), pk=pk)
    said.process = process
    form = LanguageForm(request.POST)
    lang = form.cleaned_data["lang"] if form.is_valid() else ""
    try:
        correct_language(actor=request.user, said=said, lang=lang, origin="form")
    except NoLanguage as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The language was corrected."))
    return redirect(f"{reverse('input', args=[slug, pk])}#input-{pk}")


@login_required
@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which text an input is about."""
    process = load_process(request, slug)
    chosen = inputs_visible_to(request.user, process).filter(pk=pk)
    get_object_or_404(chosen)
    form = MoveForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    document = _texts(request, process).find(code)
    if document is None and (code or form.errors):
        messages.error(request, _("There is no text with this code. The list shows those there are."))
    else:
        moved = move_inputs(actor=request.user, process=process, inputs=chosen, document=document, origin="form")
        sentence = ngettext("%(count)d input was moved.", "%(count)d inputs were moved.", moved)
        messages.success(request, sentence % {"count": moved})
    return redirect(f"{reverse('input', args=[slug, pk])}#input-{pk}")
