"""The pages that a speaker alone has: what became of what they said, and changing it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.addresses import sender_address
from harken.documents.actions.remarks import NothingSaid
from harken.inputs.actions.arrivals import TooMany, network_of
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.languages import correct_language
from harken.inputs.actions.recording import TooLong
from harken.inputs.forms.giving import CorrectForm, LanguageForm
from harken.inputs.models import Input, Stance
from harken.inputs.permissions import correct_until, may_correct, may_withdraw, places_visible_to
from harken.inputs.queries.ledger import describe_inputs
from harken.inputs.queries.receipts import find_said, receipt_page, said_by
from harken.inputs.queries.rules import rules_of
from harken.inputs.receipts import read_receipt, receipt_token
from harken.processes.page import process_page

_MOST_OWN = 100


def _load(token: str) -> Input:
    pk = read_receipt(token)
    said = find_said(pk) if pk else None
    if said is None:
        raise Http404
    if said.document is not None:
        said.document.iteration.process = said.process
    return said


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What one said, where it stands, and what one can do with it."""
    return _show(request, _load(token), token)


def _show(request: HttpRequest, said: Input, token: str, form: CorrectForm | None = None) -> HttpResponse:
    # A receipt's address may be passed on: of what others said it shows what everybody sees.
    page = receipt_page(said, timezone.now(), inputs=places_visible_to(AnonymousUser(), said.process))
    rules = rules_of(said.process)
    correct_permit = may_correct(request.user, said, token, rules=rules)
    context = process_page(
        request,
        said.process,
        page=page,
        said=said,
        token=token,
        address=f"{settings.PUBLIC_ADDRESS}{reverse('receipt', args=[token])}",
        is_new="sent" in request.GET,
        correct_permit=correct_permit,
        correct_until=correct_until(said, rules),
        withdraw_permit=may_withdraw(request.user, said, token),
        correct_form=form or CorrectForm(page.newest.wording, said.lang),
        language_form=LanguageForm(said.lang),
        is_correcting=form is not None,
    )
    response = render(request, "inputs/giving_receipt.html", context, status=422 if form else 200)
    # Whoever follows a link from here tells no other site this address: SECURE_REFERRER_POLICY sees to that.
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, token: str) -> HttpResponse:
    """Say it in other words; the words before stay in the ledger."""
    if request.method != "POST":
        return redirect(f"{reverse('receipt', args=[token])}#correct")
    said = _load(token)
    form = CorrectForm(said.wordings.get(number=said.versions), said.lang, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        stance = Stance(data["stance"]) if data["stance"] else None
        try:
            correct_input(
                actor=request.user,
                said=said,
                correction=Correction(data["text"], data["lang"], stance, dict(form.responses)),
                receipt=token,
                network=network_of(sender_address(request)),
            )
        except (NothingSaid, TooLong, TooMany) as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("Corrected. What it said before stays in the ledger."))
            return redirect("receipt", token)
    return _show(request, said, token, form)


@never_cache
@require_POST
def language(request: HttpRequest, token: str) -> HttpResponse:
    """Say which language it is in."""
    said = _load(token)
    form = LanguageForm(said.lang, request.POST)
    if form.is_valid():
        correct_language(actor=request.user, said=said, lang=form.cleaned_data["lang"], receipt=token, origin="form")
        messages.success(request, _("Noted."))
    return redirect("receipt", token)


@never_cache
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take it back."""
    withdraw_input(actor=request.user, said=_load(token), receipt=token)
    messages.success(request, _("Withdrawn. Nobody but those who work with the input sees your words any more."))
    return redirect("receipt", token)


@never_cache
@login_required
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """All that somebody said under their account, with the receipts."""
    found = list(said_by(request.user).select_related("process")[:_MOST_OWN])
    rows = describe_inputs(found, sees_speakers=False, reader=request.user.pk)
    context = {"rows": [(said.process, row, receipt_token(said)) for said, row in zip(found, rows, strict=True)]}
    return render(request, "inputs/giving_own.html", context)
