"""What is said about one passage: its page, and the forms on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.anchors import NotThere
from harken.documents.actions.remarks import NothingSaid, remark_on_words, resolve_remark
from harken.documents.actions.suggestions import NoReason, NothingProposed, TextMovedOn, suggest_words
from harken.documents.changes_html import render_changes
from harken.documents.forms.marginalia import RemarkForm, SuggestForm
from harken.documents.models import Document, Remark, Version
from harken.documents.panels import PanelPlace, render_panels, stamp_document
from harken.documents.permissions import (
    drafts_visible_to,
    may_edit_document,
    may_read_draft,
    may_remark,
    may_suggest,
    remarks_visible_to,
    suggestions_visible_to,
)
from harken.documents.queries.marginalia import PassageMargin, passage_history, passage_kin, passage_margin
from harken.documents.quoting import find_words
from harken.documents.section_text import CannotKeep, StoredPassage
from harken.documents.views.loading import document_of, load_document
from harken.processes.lateness import find_late
from harken.processes.models import Process
from harken.processes.page import process_page, stamped_process_page
from harken.processes.queries import timeline_of

SHOWN_AT_ONCE = 8
"""So many proposals for a passage are shown in full; the others are folded."""


def _find_margin(request: HttpRequest, document: Document, public_id: str) -> PassageMargin:
    margin = passage_margin(
        document,
        public_id,
        reads_draft=bool(may_read_draft(request.user, document)),
        suggestions=suggestions_visible_to(request.user, document),
        remarks=remarks_visible_to(request.user, document),
    )
    if margin is None:
        raise Http404
    return margin


def _choose_text(request: HttpRequest, margin: PassageMargin) -> tuple[StoredPassage | None, bool]:
    """The text the page is about, and whether it is the draft's alone: for its group's eyes where the two differ."""
    if margin.draft is None or (margin.differs and request.GET.get("on") == "published"):
        return margin.shown, False
    return margin.draft, margin.differs or margin.published is None


def _render_passage(
    request: HttpRequest,
    document: Document,
    margin: PassageMargin,
    *,
    suggest_form: SuggestForm | None = None,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands in it as it was sent."""
    user, reads_draft = request.user, margin.reads_draft
    shown, is_draft = _choose_text(request, margin)
    may_choose = reads_draft and shown is not None and not is_draft and not margin.differs
    context = process_page(
        request,
        document.iteration.process,
        document=document,
        margin=margin,
        shown=shown,
        is_draft=is_draft,
        reads_draft=reads_draft,
        at_once=margin.groups[:SHOWN_AT_ONCE],
        folded=margin.groups[SHOWN_AT_ONCE:],
        suggest_permit=may_suggest(user, document),
        may_remark=margin.draft is not None and bool(may_remark(user, document)),
        may_decide=bool(may_edit_document(user, document)),
        suggest_form=suggest_form or _fresh_suggest_form(shown, may_choose=may_choose),
        remark_form=remark_form or _fresh_remark_form(request, margin),
        suggest_open=bool(suggest_form) or "suggest" in request.GET,
        remark_open=bool(remark_form) or "quote" in request.GET,
        history=passage_history(document, margin.passage_id, reads_draft=reads_draft),
        kin=passage_kin(document, margin.passage_id, drafts=drafts_visible_to(user, document.iteration.process)),
    )
    place = PanelPlace(document.iteration.process, document, margin.passage_id, margin.public_id)
    context["panels"] = render_panels("passage", request, place)
    if margin.differs and margin.published and margin.draft:
        context["draft_changes"] = render_changes(margin.published.text, margin.draft.text, margin.draft.lang)
    return render(request, "documents/passage.html", context, status=422 if suggest_form or remark_form else 200)


def _fresh_suggest_form(shown: StoredPassage | None, *, may_choose: bool) -> SuggestForm:
    initial = {"version": shown.version_id, "words": shown.text} if shown else {}
    return SuggestForm(initial=initial, may_choose=may_choose)


def _fresh_remark_form(request: HttpRequest, margin: PassageMargin) -> RemarkForm:
    quoted = {name: request.GET.get(name, "")[:2000] for name in ("quote", "before")}
    version = margin.draft.version_id if margin.draft else None
    return RemarkForm(initial={"version": version, **quoted})


@require_safe
@stamped_process_page(stamp_document)
def passage(request: HttpRequest, process: Process, iteration_slug: str, code: str, public_id: str) -> HttpResponse:
    """Everything about one passage; for the margin of a page that shows its text, what waits and the last words."""
    document = document_of(request, process, iteration_slug, code)
    margin = _find_margin(request, document, public_id)
    if not request.htmx:  # type: ignore[attr-defined] # django-htmx's middleware puts it there
        return _render_passage(request, document, margin)
    timeline = timeline_of(process, timezone.now())
    late = find_late(process, timeline)
    context = {
        "process": process,
        "document": document,
        "margin": margin,
        "groups": margin.groups[:3],
        "more": max(0, len(margin.groups) - 3),
        "late": late,
        "may_say": margin.published is not None and (timeline.opens("give_input") or "give_input" in late),
        "suggest_permit": may_suggest(request.user, document),
        "may_remark": margin.draft is not None and bool(may_remark(request.user, document)),
        "panels": render_panels("beside", request, PanelPlace(process, document, margin.passage_id, margin.public_id)),
    }
    return render(request, "documents/passage.html#margin", context)


def _passage_page(document: Document, public_id: str, place: str = "", on: str = "") -> str:
    process = document.iteration.process
    address = reverse("passage-talk", args=[process.slug, document.iteration.slug, document.code, public_id])
    return f"{address}{f'?on={on}' if on else ''}{f'#{place}' if place else ''}"


def _version_of(margin: PassageMargin, version_id: int) -> Version:
    return get_object_or_404(Version, pk=version_id, passage=margin.passage_id)


@login_required
@require_POST
def suggest(request: HttpRequest, slug: str, iteration_slug: str, code: str, public_id: str) -> HttpResponse:
    """Propose other words for the passage."""
    document = load_document(request, slug, iteration_slug, code)
    margin = _find_margin(request, document, public_id)
    shown, is_draft = _choose_text(request, margin)
    may_choose = margin.reads_draft and not is_draft and not margin.differs
    form = SuggestForm(request.POST, may_choose=may_choose)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = suggest_words(
                actor=request.user,
                document=document,
                version=_version_of(margin, data["version"]),
                words=data["words"],
                reason=data["reason"],
                is_private=is_draft or data.get("is_private", False),
            )
        except TextMovedOn as error:
            form = _on_newest(form, shown, may_choose=may_choose)
            form.add_error("words", str(error))
        except (NothingProposed, CannotKeep) as error:
            form.add_error("words", str(error))
        except NoReason as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Your suggestion stands here now. Whoever decides about it will say why."))
            return redirect(_passage_page(document, made.passage.public_id, f"suggestion-{made.pk}", _on(request)))
    return _render_passage(request, document, margin, suggest_form=form)


def _on(request: HttpRequest) -> str:
    return "published" if request.GET.get("on") == "published" else ""


def _on_newest(form: SuggestForm, shown: StoredPassage | None, *, may_choose: bool) -> SuggestForm:
    """The form with what was typed, for the passage as it stands now."""
    data: dict[str, Any] = {name: form.data.get(name, "") for name in form.fields}
    data["version"] = shown.version_id if shown else ""
    return SuggestForm(data, may_choose=may_choose)


@login_required
@require_POST
def remark(request: HttpRequest, slug: str, iteration_slug: str, code: str, public_id: str) -> HttpResponse:
    """Remark on words of the passage as it stands in the draft."""
    document = load_document(request, slug, iteration_slug, code)
    # Before the words are looked for: the answer would tell others which words the draft holds.
    require(may_remark(request.user, document))
    margin = _find_margin(request, document, public_id)
    form = RemarkForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        version = _version_of(margin, data["version"])
        try:
            start, end = _find_quote(version, data["quote"], data["before"])
            made = remark_on_words(
                actor=request.user,
                document=document,
                version=version,
                start=start,
                end=end,
                text=data["text"],
                lang=_language_of(request, document),
            )
        except NotThere as error:
            form.add_error("quote", str(error))
        except (NothingSaid, CannotKeep) as error:
            form.add_error("text", str(error))
        else:
            return redirect(_passage_page(document, public_id, f"remark-{made.pk}"))
    return _render_passage(request, document, margin, remark_form=form)


def _find_quote(version: Version, quote: str, before: str) -> tuple[int, int]:
    place = find_words(version.text, quote, before) if quote else (0, len(version.text))
    if place is None:
        raise NotThere(_("These words do not stand in the passage. Copy them from it, or leave this empty."))
    return place


def _language_of(request: HttpRequest, document: Document) -> str:
    """The language somebody most likely writes in: their own, the interface's, or the text's."""
    return getattr(request.user, "lang", "") or get_language() or document.lang


@login_required
@require_POST
def resolve(request: HttpRequest, slug: str, iteration_slug: str, code: str, remark_id: int) -> HttpResponse:
    """Say that a remark is dealt with (`state=resolved`), or take that back."""
    document = load_document(request, slug, iteration_slug, code)
    visible = remarks_visible_to(request.user, document).select_related("anchor__passage", "anchor__place__passage")
    found: Remark = get_object_or_404(visible, pk=remark_id)
    found.document = document
    resolve_remark(actor=request.user, remark=found, is_resolved=request.POST.get("state") == "resolved")
    place = f"remark-{found.pk}"
    if found.anchor is None:
        process = document.iteration.process
        address = [process.slug, document.iteration.slug, document.code, found.suggestion_id]
        return redirect(f"{reverse('suggestion', args=address)}#{place}")
    stands = found.anchor.place.passage if found.anchor.place else None
    return redirect(_passage_page(document, (stands or found.anchor.passage).public_id, place))
