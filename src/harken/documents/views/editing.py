"""Writing: the editor, what would change, and the questions where two people changed one passage.

Whatever keeps a request from being answered (nobody is signed in any more, a form from before the sign-in, a phase that
closed), the words that came with it stand on the page that says so.
"""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from harken.base.permits import Refused, require
from harken.documents.actions.saving import EditConflict, Saved, discard_kept_text
from harken.documents.actions.texts import NoTitle
from harken.documents.actions.typing import keep_typed, save_typed
from harken.documents.forms.editing import BaseForm, SaveForm, answers_besides, read_choices, read_typed_text
from harken.documents.models import Document, Revision
from harken.documents.permissions import may_edit_document
from harken.documents.queries.editing import conflict_rows, editor_page, find_base, find_kept, review_page
from harken.documents.queries.findings import find_in_document
from harken.documents.queries.history import names_since
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import CannotKeep, StoredPassage
from harken.documents.typed_text import CannotKeepField, TypedText, read_typed, with_all_areas, write_typed
from harken.documents.views.loading import load_document
from harken.people.models import User
from harken.processes.page import process_page

_NOT_OF_THIS_TEXT = gettext_lazy("These words were not written on a revision of this text.")
_SAVED_PAGES = "saved-pages"
_MOST_SAVED_PAGES = 20


@csrf_exempt  # checked in `_receive`, which keeps the words
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponseBase:
    """The editor of a text; what is sent from it is shown as changes, saved, kept, or asked about."""
    if request.method == "POST":
        return _receive(request, slug, iteration_slug, code)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    document = load_document(request, slug, iteration_slug, code)
    require(may_edit_document(request.user, document))
    kept = find_kept(document, request.user)
    base = kept.base if kept else document.current
    if base is None:
        raise Http404
    passages = load_passages(base)
    typed = TypedText.from_json(kept.fields) if kept else write_typed(passages, document.template)
    return _show_editor(request, document, typed, base, passages, kept_at=kept.at if kept else None)


def _receive(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Answer what the editor sent; on every way out the words are either saved or on the page."""
    typed = read_typed_text(request.POST)
    if not request.user.is_authenticated:
        return _hold(request, typed, _("You are signed out."), 403)
    try:
        document = load_document(request, slug, iteration_slug, code)
        require(may_edit_document(request.user, document))
    except Http404:
        return _hold(request, typed, _("This text is not here, or not for you to see."), 404)
    except Refused as refused:
        return _hold(request, typed, str(refused), 403)
    base = _find_base(request, document)
    if base is None:
        return _hold(request, typed, _NOT_OF_THIS_TEXT, 422)
    passages = load_passages(base)
    if CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is not None:
        wrong = _("This page is from before you signed in. Your words are here: go on from this one.")
        return _show_editor(request, document, typed, base, passages, wrong=wrong, status=403)
    steps = {"review": _review, "save": _save, "keep": _keep}
    try:
        return steps.get(request.POST.get("step", ""), _go_on)(request, document, typed, base, passages)
    except CannotKeepField as error:
        return _show_editor(request, document, typed, base, passages, wrong=str(error), at=error.field, status=422)
    except NoTitle as error:
        return _show_editor(request, document, typed, base, passages, wrong=str(error), at="title", status=422)
    except CannotKeep as error:
        return _show_editor(request, document, typed, base, passages, wrong=str(error), status=422)


def _find_base(request: HttpRequest, document: Document) -> Revision | None:
    """The revision of this text that the words were written on; nothing for one of another text."""
    form = BaseForm(request.POST)
    return find_base(document, form.cleaned_data["base"]) if form.is_valid() else None


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _hold(request: HttpRequest, typed: TypedText, reason: str | Promise, status: int) -> HttpResponse:
    """The words that came with a request which cannot be answered now, and how to go on with them."""
    context = {"typed": typed, "reason": reason, "base": request.POST.get("base", "")}
    return render(request, "documents/held.html", context, status=status)


def _context(request: HttpRequest, document: Document, typed: TypedText, base: Revision) -> dict[str, object]:
    return process_page(
        request,
        document.iteration.process,
        document=document,
        typed=typed,
        base=base,
        page_id=request.POST.get("page", ""),
    )


def _show_editor(
    request: HttpRequest,
    document: Document,
    typed: TypedText,
    base: Revision,
    passages: Sequence[StoredPassage],
    *,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    """The editor with these words in it; `shown` may say what is `wrong`, at which field, and since when they wait."""
    typed = with_all_areas(typed, passages, document.template)
    kept_at = shown.get("kept_at")
    page = editor_page(document, typed, base, passages, interface=get_language() or document.lang)
    context = _context(request, document, typed, base)
    saved_pages = " ".join(request.session.get(_SAVED_PAGES, []))
    context |= {"page": page, "kept_at": kept_at, "now": timezone.now(), "saved_pages": saved_pages, **shown}
    response = render(request, "documents/edit.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _go_on(
    request: HttpRequest, document: Document, typed: TypedText, base: Revision, passages: Sequence[StoredPassage]
) -> HttpResponse:
    """Back to the editor, with the words as they are."""
    return _show_editor(request, document, typed, base, passages)


def _review(
    request: HttpRequest,
    document: Document,
    typed: TypedText,
    base: Revision,
    passages: Sequence[StoredPassage],
    form: SaveForm | None = None,
) -> HttpResponse:
    """What would change, word by word, with the class that is proposed for it."""
    drafts = read_typed(typed, passages, document)
    review = review_page(document, passages, drafts)
    context = _context(request, document, typed, base)
    interface = get_language() or document.lang
    shown = form or SaveForm(initial={"note": request.POST.get("note", "")})
    shown.propose(review.proposed)
    context |= {
        "review": review,
        "page": editor_page(document, typed, base, passages, interface=interface),
        "form": shown,
        "findings": find_in_document(document, drafts),
    }
    return render(request, "documents/review.html", context, status=422 if form else 200)


def _save(
    request: HttpRequest, document: Document, typed: TypedText, base: Revision, passages: Sequence[StoredPassage]
) -> HttpResponse:
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _review(request, document, typed, base, passages, form)
    known_sections = list(with_all_areas(typed, passages, document.template).sections)
    try:
        saved = save_typed(
            actor=cast(User, request.user),
            document=document,
            typed=typed,
            base=base.number,
            choices=read_choices(request.POST, passages, known_sections),
            note=form.cleaned_data["note"],
            change_class=form.cleaned_data["change_class"],
        )
    except EditConflict as conflict:
        context = _context(request, document, typed, base) | {"form": form}
        asked = conflict_rows(conflict.merged.conflicts, document.lang)
        context |= {
            "rows": asked,
            "answers": answers_besides(request.POST, {row.passage_id for row in asked}),
            "others": names_since(document, base.number),
        }
        return render(request, "documents/conflict.html", context)
    _remember_page(request)
    messages.success(request, _say(saved))
    return redirect("document-draft", document.iteration.process.slug, document.iteration.slug, document.code)


def _say(saved: Saved) -> str:
    """What came of it, in sentences."""
    said = (
        _("Saved as revision %(number)s.") % {"number": saved.revision.number}
        if saved.revision
        else _("The text says all of this already, so nothing was saved.")
    )
    if not saved.others or not saved.merged_count:
        return said
    merged = ngettext(
        "What %(names)s changed meanwhile, in %(count)s passage, is in it too.",
        "What %(names)s changed meanwhile, in %(count)s passages, is in it too.",
        saved.merged_count,
    )
    return f"{said} {merged % {'names': ', '.join(saved.others), 'count': saved.merged_count}}"


def _remember_page(request: HttpRequest) -> None:
    """Let the browser know, when it comes back, that what it kept of this page is saved."""
    page = request.POST.get("page", "")[:40]
    if page:
        request.session[_SAVED_PAGES] = [*request.session.get(_SAVED_PAGES, []), page][-_MOST_SAVED_PAGES:]


def _keep(
    request: HttpRequest, document: Document, typed: TypedText, base: Revision, passages: Sequence[StoredPassage]
) -> HttpResponse:
    kept = keep_typed(actor=cast(User, request.user), document=document, typed=typed, base=base.number)
    if kept:
        messages.success(request, _("Kept for you alone. It is no revision yet: nobody else sees it."))
    else:
        messages.info(request, _("The text says all of this already, so there is nothing to keep."))
    return redirect(_address(document))


def _address(document: Document) -> str:
    return reverse("document-edit", args=[document.iteration.process.slug, document.iteration.slug, document.code])


@require_POST
def keep(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Keep what stands in the editor, as its script asks every few seconds; or let go what was kept (`discard`)."""
    if not request.user.is_authenticated:
        return JsonResponse({"reason": _("You are signed out.")}, status=403)
    document = load_document(request, slug, iteration_slug, code)
    permit = may_edit_document(request.user, document)
    if request.POST.get("step") == "discard":
        discard_kept_text(actor=request.user, document=document)
        messages.info(request, _("Your unsaved words are gone. This is the text as it stands."))
        return redirect(_address(document) if permit else "document-draft", slug, iteration_slug, code)
    if not permit:
        return JsonResponse({"reason": str(permit.reason)}, status=403)
    base = _find_base(request, document)
    if base is None:
        return JsonResponse({"reason": str(_NOT_OF_THIS_TEXT)}, status=422)
    typed = read_typed_text(request.POST)
    try:
        kept = keep_typed(actor=request.user, document=document, typed=typed, base=base.number)
    except CannotKeep as error:
        return JsonResponse({"reason": str(error)}, status=422)
    return JsonResponse({"kept": kept is not None})
