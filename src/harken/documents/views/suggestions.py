"""A document's suggestions, and each one: discussed, decided, renewed, withdrawn."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.core.text.hunks import merge_words
from harken.documents.actions.remarks import NothingSaid, remark_on_suggestion
from harken.documents.actions.suggestions import (
    Accepted,
    AlreadyDecided,
    NoReason,
    NothingProposed,
    TextMovedOn,
    accept_suggestion,
    carry_to_draft,
    decline_suggestion,
    renew_suggestion,
    withdraw_suggestion,
)
from harken.documents.actions.texts import NoTitle
from harken.documents.changes_html import render_changes
from harken.documents.forms.marginalia import DecisionForm, DiscussForm, RenewForm, SuggestionFilterForm
from harken.documents.models import Document, Suggestion, SuggestionState, Version
from harken.documents.permissions import (
    may_decide_suggestion,
    may_discuss_suggestion,
    may_edit_document,
    may_read_draft,
    may_withdraw_suggestion,
    remarks_visible_to,
    suggestions_visible_to,
)
from harken.documents.queries.suggestions import (
    WAITING,
    count_states,
    find_suggestion,
    hunks_of,
    list_suggestions,
    same_proposals,
    talk_about,
)
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import CannotKeep, StoredPassage
from harken.documents.views.loading import document_of, load_document
from harken.processes.models import Process
from harken.processes.page import process_page, public_process_page


@require_safe
@public_process_page
def suggestions(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> HttpResponse:
    """A document's suggestions, the newest first: those that wait, or `?state=`, `?passage=`, `?author=`."""
    document = document_of(request, process, iteration_slug, code)
    visible = suggestions_visible_to(request.user, document)
    form = SuggestionFilterForm(request.GET)
    chosen: dict[str, Any] = (
        {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    )
    counts = count_states(visible)
    context = process_page(
        request,
        process,
        document=document,
        page=list_suggestions(visible, **chosen),
        chosen=chosen,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        states=[(state.value, state.label, counts[state]) for state in SuggestionState if counts.get(state)],
        may_decide=bool(may_edit_document(request.user, document)),
    )
    return render(request, "documents/suggestions.html", context)


@dataclass(frozen=True, slots=True)
class _InDraft:
    """What accepting a suggestion would make of the draft; `words` to begin with where somebody has to word it."""

    state: str
    words: str
    changes: str
    differs: bool


def _preview(document: Document, suggestion: Suggestion) -> _InDraft | None:
    passages = {passage.passage_id: passage for passage in load_passages(document.current)}
    carried = carry_to_draft(document, suggestion, suggestion.words, passages)
    passage = passages.get(carried.passage_id or suggestion.passage_id)
    if passage is None:
        return None
    words = carried.words
    if carried.state == "stale":
        words = merge_words(suggestion.on.text, passage.text, suggestion.words).text
    differs = passage.version_id != suggestion.on_id
    return _InDraft(carried.state, words, render_changes(passage.text, words, passage.lang), differs)


def _find(request: HttpRequest, document: Document, pk: int) -> Suggestion:
    suggestion = find_suggestion(suggestions_visible_to(request.user, document), pk)
    if suggestion is None:
        raise Http404
    suggestion.document = document
    return suggestion


def _present(document: Document, suggestion: Suggestion) -> StoredPassage | None:
    """The passage as it stands in the text a suggestion is about: the draft, or what readers see."""
    revision = document.current if suggestion.is_private else document.published
    found = (passage for passage in load_passages(revision) if passage.passage_id == suggestion.passage_id)
    return next(found, None)


def _render_suggestion(
    request: HttpRequest,
    document: Document,
    suggestion: Suggestion,
    *,
    decision: DecisionForm | None = None,
    discuss: DiscussForm | None = None,
    renew: RenewForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands in it as it was sent."""
    user, waits = request.user, suggestion.state in WAITING
    may_decide = waits and bool(may_decide_suggestion(user, suggestion))
    may_withdraw = waits and bool(may_withdraw_suggestion(user, suggestion))
    present = _present(document, suggestion) if suggestion.state == SuggestionState.STALE else None
    context = process_page(
        request,
        document.iteration.process,
        document=document,
        suggestion=suggestion,
        same=same_proposals(suggestions_visible_to(user, document), suggestion),
        talk=talk_about(remarks_visible_to(user, document), suggestion),
        may_decide=may_decide,
        may_withdraw=may_withdraw,
        may_resolve=bool(may_read_draft(user, document)),
        discuss_permit=may_discuss_suggestion(user, suggestion),
        discuss_form=discuss or DiscussForm(),
        decision_form=decision or DecisionForm(),
        present=present,
        present_changes=render_changes(suggestion.on.text, present.text, present.lang) if present else "",
    )
    if may_decide:
        hunks = hunks_of(suggestion.on.text, suggestion.words)
        context |= {"hunks": hunks if len(hunks) > 1 else [], "in_draft": _preview(document, suggestion)}
    if present and (may_decide or may_withdraw):
        words = merge_words(suggestion.on.text, present.text, suggestion.words).text
        context["renew_form"] = renew or RenewForm(initial={"version": present.version_id, "words": words})
    return render(request, "documents/suggestion.html", context, status=422 if decision or discuss or renew else 200)


@require_safe
@public_process_page
def suggestion(request: HttpRequest, process: Process, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """One suggestion: what it changes and why, what was said about it, and what became of it."""
    document = document_of(request, process, iteration_slug, code)
    return _render_suggestion(request, document, _find(request, document, pk))


def _page_of(document: Document, suggestion: Suggestion, place: str = "") -> str:
    args = [document.iteration.process.slug, document.iteration.slug, document.code, suggestion.pk]
    return f"{reverse('suggestion', args=args)}{f'#{place}' if place else ''}"


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """Accept, accept in part or in other words, or decline; then back to where the decision was made."""
    document = load_document(request, slug, iteration_slug, code)
    found = _find(request, document, pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            said = _decide(request, found, form.cleaned_data)
        except NoReason as error:
            form.add_error("reason", str(error))
        except (TextMovedOn, NothingProposed, AlreadyDecided, NoTitle, CannotKeep) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            if form.cleaned_data["from_passage"]:
                process = document.iteration.process
                args = [process.slug, document.iteration.slug, document.code, found.passage.public_id]
                return redirect("passage-talk", *args)
            return redirect(_page_of(document, found))
    return _render_suggestion(request, document, _find(request, document, pk), decision=form)


def _decide(request: HttpRequest, suggestion: Suggestion, data: dict[str, Any]) -> str:
    """Do what the form says, and say what came of it."""
    if data["decision"] == "decline":
        decline_suggestion(actor=request.user, suggestion=suggestion, reason=data["reason"])
        return _("Declined. %(name)s can read why.") % {"name": suggestion.author_name}
    options: dict[str, Any] = {}
    if data["decision"] == "some":
        options = {"on": data["on"], "chosen": data["chosen"]}
    elif data["decision"] == "words":
        options = {"words": data["words"]}
    accepted = accept_suggestion(actor=request.user, suggestion=suggestion, reason=data["reason"], **options)
    return _say_accepted(accepted)


def _say_accepted(accepted: Accepted) -> str:
    said = {"number": accepted.revision.number, "names": ", ".join(accepted.revision.credits)}
    if accepted.is_published:
        return _("Revision %(number)s says so, credits %(names)s, and readers see it.") % said
    return (
        _("Revision %(number)s of the draft says so and credits %(names)s; readers see it when it is published.") % said
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """Take one's own suggestion back."""
    document = load_document(request, slug, iteration_slug, code)
    found = _find(request, document, pk)
    try:
        withdraw_suggestion(actor=request.user, suggestion=found)
    except AlreadyDecided as error:
        messages.error(request, str(error))
    return redirect(_page_of(document, found))


@login_required
@require_POST
def renew(request: HttpRequest, slug: str, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """Say what a stale suggestion proposes for what the passage says now."""
    document = load_document(request, slug, iteration_slug, code)
    found = _find(request, document, pk)
    form = RenewForm(request.POST)
    if form.is_valid():
        version = get_object_or_404(Version, pk=form.cleaned_data["version"], passage__document=document)
        words = form.cleaned_data["words"]
        try:
            renew_suggestion(actor=request.user, suggestion=found, version=version, words=words)
        except (TextMovedOn, NothingProposed, AlreadyDecided, CannotKeep) as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("The suggestion is open again."))
            return redirect(_page_of(document, found))
    return _render_suggestion(request, document, _find(request, document, pk), renew=form)


@login_required
@require_POST
def discuss(request: HttpRequest, slug: str, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """Say something about a suggestion."""
    document = load_document(request, slug, iteration_slug, code)
    found = _find(request, document, pk)
    form = DiscussForm(request.POST)
    if form.is_valid():
        lang = getattr(request.user, "lang", "") or get_language() or document.lang
        try:
            remark_on_suggestion(actor=request.user, suggestion=found, text=form.cleaned_data["text"], lang=lang)
        except (NothingSaid, CannotKeep) as error:
            form.add_error("text", str(error))
        else:
            return redirect(_page_of(document, found, "talk"))
    return _render_suggestion(request, document, _find(request, document, pk), discuss=form)
