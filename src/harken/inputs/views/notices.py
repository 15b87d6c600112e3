"""The pages that mails lead to: how often mail comes, and no more of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from harken.inputs.actions.notices import set_mail, stop_mail
from harken.inputs.forms.notices import MailForm
from harken.inputs.models import Correspondent, Frequency


def _load(secret: str) -> Correspondent:
    return get_object_or_404(Correspondent.objects.select_related("process"), secret=secret)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request: HttpRequest, secret: str) -> HttpResponse:
    """How often mail comes; sending the form confirms the address, since only its mails lead here."""
    correspondent = _load(secret)
    form = MailForm(
        request.POST or None,
        initial={
            "frequency": correspondent.frequency,
            "lang": correspondent.lang,
            "time_zone": correspondent.time_zone,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        frequency = Frequency(data["frequency"])
        set_mail(
            actor=request.user,
            correspondent=correspondent,
            frequency=frequency,
            lang=data["lang"],
            time_zone=data["time_zone"],
        )
        messages.success(request, _("Noted."))
        return redirect("mail-settings", secret)
    context = {"correspondent": correspondent, "process": correspondent.process, "form": form}
    return render(request, "inputs/mail_settings.html", context, status=422 if form.errors else 200)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, secret: str) -> HttpResponse:
    """No more mail: asked once more of a person, since programs follow links too, and done at once for a mail program.

    Mail programs post here without a cookie or a form's token, as RFC 8058 (3.1) has it: the secret is what they have.
    """
    correspondent = _load(secret)
    if request.method == "POST":
        stop_mail(actor=request.user, correspondent=correspondent)
        correspondent.frequency = Frequency.NONE
    is_stopped = correspondent.frequency == Frequency.NONE
    context = {"correspondent": correspondent, "process": correspondent.process, "is_stopped": is_stopped}
    return render(request, "inputs/mail_stop.html", context)
