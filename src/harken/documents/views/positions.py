"""Where the members of a group stand on its text, and the acceptance of texts that ask for it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from harken.documents.actions.consensus import (
    NoWords,
    TextMovedOn,
    accept_document,
    show_positions,
    state_position,
)
from harken.documents.actions.saving import NoSuchRevision
from harken.documents.forms.consensus import AcceptForm, PositionForm, PositionsShownForm
from harken.documents.models import Document, PositionKind, PositionsShown
from harken.documents.permissions import may_show_positions, may_state_position, positions_visible_to
from harken.documents.queries.consensus import ConsensusPanel, consensus_of, earlier_positions
from harken.documents.section_text import CannotKeep
from harken.documents.views.loading import load_document, load_draft
from harken.people.models import User
from harken.processes.page import process_page


def _fresh_form(request: HttpRequest, document: Document, consensus: ConsensusPanel | None) -> PositionForm:
    """The form for the draft as it is now, with what holds still; who is asked again begins with an empty one."""
    user = cast(User, request.user)
    number = document.current.number if document.current else 0
    initial = {"revision": number, "lang": user.lang or get_language() or document.lang}
    mine = consensus.inside.mine if consensus and consensus.inside else None
    if mine and not mine.is_asked_again:
        initial |= {"kind": mine.kind, "words": mine.words, "lang": mine.lang}
    return PositionForm(initial=initial)


def _render_positions(
    request: HttpRequest,
    document: Document,
    *,
    refused: PositionForm | None = None,
    refused_setting: PositionsShownForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands in it as it was sent."""
    consensus = consensus_of(document, published=False, viewer=request.user)
    context = process_page(
        request,
        document.iteration.process,
        document=document,
        consensus=consensus,
        readers=consensus_of(document, published=True),
        earlier=earlier_positions(positions_visible_to(request.user, document)),
        form=refused or _fresh_form(request, document, consensus),
        shown_form=refused_setting or PositionsShownForm(initial={"shown": document.positions_shown}),
        may_state=bool(may_state_position(request.user, document)),
        may_show=bool(may_show_positions(request.user, document)),
    )
    return render(request, "documents/positions.html", context, status=422 if refused or refused_setting else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def positions(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Say where one stands on the draft, and see where the others do."""
    document = load_draft(request, slug, iteration_slug, code)
    if request.method != "POST":
        return _render_positions(request, document)
    form = PositionForm(request.POST)
    if form.is_valid():
        data = {**form.cleaned_data, "kind": PositionKind(form.cleaned_data["kind"])}
        try:
            state_position(actor=cast(User, request.user), document=document, **data)
        except (NoWords, CannotKeep) as error:
            form.add_error("words", str(error))
        except NoSuchRevision as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your position is on record. You can change it at any time."))
            return redirect(f"{reverse('positions', args=[slug, iteration_slug, code])}#all")
    return _render_positions(request, document, refused=form)


@login_required
@require_POST
def shown(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Set how much of it readers see."""
    document = load_draft(request, slug, iteration_slug, code)
    form = PositionsShownForm(request.POST)
    if not form.is_valid():
        return _render_positions(request, document, refused_setting=form)
    show_positions(actor=request.user, document=document, shown=PositionsShown(form.cleaned_data["shown"]))
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('positions', args=[slug, iteration_slug, code])}#readers")


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Accept the published revision of a text that asks for it."""
    document = load_document(request, slug, iteration_slug, code)
    form = AcceptForm(request.POST)
    number = form.cleaned_data["revision"] if form.is_valid() else 0
    try:
        accept_document(actor=cast(User, request.user), document=document, revision=number)
    except TextMovedOn as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You have accepted this text."))
    return redirect(f"{reverse('document', args=[slug, iteration_slug, code])}#acceptance")
