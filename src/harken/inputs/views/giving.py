"""The form that people speak through."""

import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from harken.base.addresses import sender_address
from harken.documents.actions.anchors import NotThere
from harken.documents.actions.remarks import NothingSaid
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.agreeing import agree_because, agree_with_input, stop_agreeing, support_key, supports_of
from harken.inputs.actions.arrivals import TooMany, network_of
from harken.inputs.actions.following import Contact
from harken.inputs.actions.giving import Given, SentBefore, give_input
from harken.inputs.actions.recording import About, NotAboutThat, Said, Speaker, TooLong, Words
from harken.inputs.browsers import known_browser, new_browser, remember_browser
from harken.inputs.form_tokens import FormNotTaken, new_form_token, read_form_token
from harken.inputs.forms.giving import AgreeForm, SayForm, renew_token
from harken.inputs.models import Consent, Frequency, Input, InputRules, SpeakerKind, Stance
from harken.inputs.permissions import inputs_visible_to, may_agree, may_give_input
from harken.inputs.queries.giving import Place, Subject, find_subject
from harken.inputs.queries.ledger import PLACES, InputRow, describe_inputs
from harken.inputs.queries.rules import Window, choose_note, input_window, rules_of
from harken.inputs.queries.similar import LEAST_SHARE, find_similar
from harken.inputs.written_in import likely_languages
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.queries import choose_questions, guiding_questions_of

_LONGEST_IN_ADDRESS = 1_000
_MOST_DIGITS = 19
_FEWEST_CHARACTERS = 20
"""From so many on it is looked whether somebody said it already."""
_VERY_ALIKE = 0.75
"""What shares so much of its words with an input is shown that one before it is sent."""


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, whose answer to a request that fails it would lose what was written."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _answer_nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_CSRF_CHECK: Final = _CsrfCheck(_answer_nothing)


def _comes_from_here(request: HttpRequest) -> bool:
    """Whether the request carries this browser's own token, as Django checks it of all other forms."""
    return _CSRF_CHECK.process_view(request, _answer_nothing, (), {}) is None


def read_place(parameters: QueryDict) -> Place:
    """What an address says that one wants to speak of."""
    names = ("iteration", "document", "passage", "quote", "before", "reply")
    return Place(**{name: parameters.get(name, "")[:_LONGEST_IN_ADDRESS] for name in names})


def load_subject(request: HttpRequest, process: Process) -> Subject:
    """What the address says that one wants to speak of, if the visitor may see it, else 404."""
    subject = find_subject(
        process,
        read_place(request.GET),
        documents=lambda: documents_visible_to(request.user, process),
        inputs=lambda: inputs_visible_to(request.user, process),
        reader=request.user.pk if request.user.is_authenticated else None,
    )
    if subject is None:
        raise Http404
    return subject


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, slug: str) -> HttpResponse:
    """Say something about the process, a document, a passage or what somebody said."""
    process = load_process(request, slug)
    subject = load_subject(request, process)
    rules = rules_of(process)
    form = _make_form(request, process, rules)
    if request.method != "POST":
        return _show(request, process, subject, rules, form)
    if "look" in request.POST:
        return _look(request, process, subject, rules, form)
    return _take(request, process, subject, rules, form)


def _make_form(request: HttpRequest, process: Process, rules: InputRules) -> SayForm:
    lang = get_language() or process.lang
    questions = guiding_questions_of(process)
    return SayForm(
        request.POST if request.method == "POST" else None,
        initial={
            "token": lambda: str(new_form_token()),
            "lang": "",
            "consent": Consent.PUBLIC.value,
            "frequency": Frequency.AT_ONCE.value,
            "name": getattr(request.user, "name", ""),
            "stance": "",
        },
        questions=choose_questions(questions, process, lang),
        every_question=questions,
        contexts=rules.contexts,
        languages=[lang, *process.languages],
    )


def _show(
    request: HttpRequest,
    process: Process,
    subject: Subject,
    rules: InputRules,
    form: SayForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    window = input_window(process, rules, now)
    context = process_page(
        request,
        process,
        subject=subject,
        form=form,
        context_note=choose_note(rules, process, get_language() or process.lang),
        window=window,
        time_left=_time_left(window, now),
        permit=may_give_input(request.user, process, subject.document),
        address=request.get_full_path(),
        print_address=_print_address(process, subject),
        **more,
    )
    response = render(request, "inputs/giving_say.html", context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _print_address(process: Process, subject: Subject) -> str:
    named = {}
    if subject.document is not None:
        named = {"iteration": subject.document.iteration.slug, "document": subject.document.code}
    address = reverse("say-print", args=[process.slug])
    return f"{address}?{urlencode(named)}" if named else address


def _time_left(window: Window, now: datetime.datetime) -> str:
    """How long input is still taken, in the largest unit of which there is one."""
    if window.closes_at is None:
        return ""
    minutes = max(0, int((window.closes_at - now).total_seconds() // 60))
    if days := minutes // (24 * 60):
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    if hours := minutes // 60:
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return ngettext("%(count)d minute left", "%(count)d minutes left", minutes) % {"count": minutes}


def _look(request: HttpRequest, process: Process, subject: Subject, rules: InputRules, form: SayForm) -> HttpResponse:
    """What others said already: beside the form while it is written, or the form again with it."""
    found = _similar(request, process, subject, form)
    if request.htmx:  # type: ignore[attr-defined] # django-htmx's middleware puts it there
        told = {"process": process, "subject": subject, "similar": found, "seen": True}
        return render(request, "inputs/giving_say.html#similar", told)
    # Nothing was sent yet, so nothing is wrong yet; checked all the same for the sake of questions that changed.
    form.errors.clear()
    return _show(request, process, subject, rules, form, similar=found, looked=True, seen=True)


def _take(request: HttpRequest, process: Process, subject: Subject, rules: InputRules, form: SayForm) -> HttpResponse:
    """Put what was sent into the ledger; whatever comes in between, the words are shown again."""
    permit = may_give_input(request.user, process, subject.document)
    if not permit:
        form.add_error(None, str(permit.reason))
        return _show(request, process, subject, rules, form, status=403)
    if not _comes_from_here(request):
        sentence = _(
            "Your browser did not send back the cookie of this page, by which we know that it was you who sent it. "
            "Nothing is lost: let your browser keep cookies of this site, then send it again."
        )
        form.add_error(None, sentence)
        return _show(request, process, subject, rules, form, status=403)
    if form.is_valid():
        if not form.cleaned_data["seen"] and (alike := _similar(request, process, subject, form, is_sent=True)):
            return _show(
                request, process, subject, rules, form, status=422, similar=alike, is_very_alike=True, seen=True
            )
        browser = known_browser(request) or new_browser()
        try:
            given = _give(request, process, subject, form, browser)
        except (FormNotTaken, SentBefore) as error:
            form.add_error(None, str(error))
            renew_token(form)
        except (TooMany, NotThere, NotAboutThat) as error:
            form.add_error(None, str(error))
        except (NothingSaid, TooLong) as error:
            form.add_error("text", str(error))
        else:
            response = HttpResponseRedirect(f"{reverse('receipt', args=[given.receipt])}?sent")
            if "agree" in request.POST:
                remember_browser(response, browser)
            return response
    return _show(request, process, subject, rules, form, status=422)


def _give(request: HttpRequest, process: Process, subject: Subject, form: SayForm, browser: str) -> Given:
    data = form.cleaned_data
    said = Said(
        text=data["text"],
        lang=data["lang"],
        page_lang=get_language() or process.lang,
        stance=Stance(data["stance"]) if data["stance"] else None,
        responses=form.answers,
        contexts=form.told,
    )
    terms: dict[str, Any] = {
        "actor": request.user,
        "form": read_form_token(data["token"], timezone.now()),
        "speaker": _speaker(request, data["name"]),
        "network": network_of(sender_address(request)),
        "contact": _contact(process, form),
        "consent": Consent(data["consent"]),
        "is_trapped": bool(data["website"]),
    }
    if "agree" in request.POST:
        return agree_because(
            said=_find_input(request, process, request.POST["agree"]), reason=said, browser=browser, **terms
        )
    words = None
    if subject.version is not None and subject.start is not None and subject.end is not None:
        words = Words(subject.version, subject.start, subject.end)
    about = About(subject.document, passage=subject.passage, words=words)
    return give_input(process=process, said=said, about=about, reply_to=subject.reply_to, **terms)


def _contact(process: Process, form: SayForm) -> Contact | None:
    data = form.cleaned_data
    if not data["email"]:
        return None
    frequency = Frequency(data["frequency"] or Frequency.AT_ONCE)
    return Contact(data["email"], get_language() or process.lang, data["time_zone"] or process.time_zone, frequency)


def _find_input(request: HttpRequest, process: Process, pk: str) -> Input:
    """The input at an id, if the visitor may read it, else 404."""
    number = int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < _MOST_DIGITS else 0
    said = get_object_or_404(inputs_visible_to(request.user, process).select_related(*PLACES), pk=number)
    said.process = process
    if said.document is not None:
        said.document.iteration.process = process
    return said


def _similar(
    request: HttpRequest, process: Process, subject: Subject, form: SayForm, *, is_sent: bool = False
) -> tuple[InputRow, ...]:
    """What others said already in words like these: about the same text, then about anything else in the process.

    What is sent is held against its own text alone: "I agree with this" says something else about each.
    """
    text = "\n".join(
        [str(form["text"].value() or ""), *(str(field.value() or "") for _q, field in form.question_fields)]
    )
    if len(text.strip()) < _FEWEST_CHARACTERS:
        return ()
    inputs = inputs_visible_to(request.user, process).filter(standing=None)
    near = Q(document=subject.document) if subject.document is not None else None
    if is_sent and near is not None:
        inputs, near = inputs.filter(near), None
    least = _VERY_ALIKE if is_sent else LEAST_SHARE
    likely = likely_languages(tuple(process.languages))
    return find_similar(inputs, text, str(form["lang"].value() or ""), likely=likely, near=near, least=least)


def _speaker(request: HttpRequest, name: str) -> Speaker:
    """Whoever signs in speaks under their own name unless they write another, or none."""
    if request.user.is_authenticated and name == request.user.name:
        return Speaker(SpeakerKind.PARTICIPANT)
    return Speaker(SpeakerKind.PSEUDONYM if name else SpeakerKind.UNKNOWN, name)


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Agree with what somebody said, with a reason or without, or take that back."""
    process = load_process(request, slug)
    said = _find_input(request, process, str(pk))
    browser = known_browser(request)
    lang = get_language() or process.lang
    form = AgreeForm(
        request.POST or None,
        initial={"token": str(new_form_token()), "lang": "", "name": getattr(request.user, "name", "")},
        languages=[lang, *process.languages],
    )
    if "stop" in request.POST:
        stop_agreeing(actor=request.user, said=said, browser=browser)
        messages.success(request, _("You no longer agree with this."))
        return redirect("input-agree", slug, pk)
    if request.method == "POST" and form.is_valid():
        browser = browser or new_browser()
        try:
            given = _agree(request, said, browser, form)
        except (FormNotTaken, SentBefore) as error:
            form.add_error(None, str(error))
            renew_token(form)
        except (TooMany, TooLong) as error:
            form.add_error("text", str(error))
        else:
            done = f"{reverse('receipt', args=[given.receipt])}?sent" if given else request.path
            response = redirect(done)
            remember_browser(response, browser)
            return response
    key = support_key(request.user, browser)
    reader = request.user.pk if request.user.is_authenticated else None
    context = process_page(
        request,
        process,
        said=describe_inputs([said], sees_speakers=False, reader=reader)[0],
        form=form,
        permit=may_agree(request.user, said),
        support=supports_of(said, key).first() if browser or reader is not None else None,
    )
    return render(request, "inputs/giving_agree.html", context, status=422 if form.errors else 200)


def _agree(request: HttpRequest, said: Input, browser: str, form: AgreeForm) -> Given | None:
    """The reason, if one is given; without one nothing is written that a machine could write too quickly."""
    data = form.cleaned_data
    network = network_of(sender_address(request))
    if not data["text"].strip():
        agree_with_input(actor=request.user, said=said, browser=browser, network=network)
        return None
    return agree_because(
        actor=request.user,
        said=said,
        browser=browser,
        reason=Said(data["text"], data["lang"], get_language() or said.process.lang),
        form=read_form_token(data["token"], timezone.now()),
        speaker=_speaker(request, data["name"]),
        network=network,
    )
