"""The spaces in which groups draft, seen by their members, the reviewers they invited, and organisers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.drafting import (
    CannotReview,
    ReadsAlready,
    begin_document,
    begin_space,
    end_review,
    invite_reviewer,
)
from harken.documents.actions.templates import NoSuchTemplate
from harken.documents.actions.texts import CodeUsed, NoTitle
from harken.documents.forms.drafting import NewTextForm, ReviewerForm
from harken.documents.models import Chapter, DocumentKind, Reviewer
from harken.documents.permissions import (
    drafting_iterations_visible_to,
    drafting_spaces_visible_to,
    groups_to_write_for,
    may_edit_templates,
    may_manage_reviewers,
    may_see_drafting,
    may_see_drafts_of,
    may_write_for,
)
from harken.documents.queries.drafting import drafts_page, find_space, free_codes, groups_without_space, space_page
from harken.documents.queries.templates import templates_of
from harken.documents.views.loading import load_iteration
from harken.people.queries import find_group
from harken.processes.models import Iteration, Process
from harken.processes.page import load_process, process_page


def _load_iteration(request: HttpRequest, process: Process, slug: str) -> Iteration:
    """The iteration for whoever drafts for it, also in preparation; others get a reason, or 404 where it is hidden."""
    found = drafting_iterations_visible_to(request.user, process).filter(slug=slug).first()
    if found is None:
        found = load_iteration(request, process, slug)
        require(may_see_drafting(request.user, found))
    found.process = process
    return found


def _load_space(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> Chapter:
    process = load_process(request, slug)
    found = find_space(_load_iteration(request, process, iteration_slug), code)
    if found is None:
        raise Http404
    require(may_see_drafts_of(request.user, found))
    return found


@login_required
@require_safe
def newest(request: HttpRequest, slug: str) -> HttpResponse:
    """The drafts of the newest iteration one drafts for."""
    process = load_process(request, slug)
    found = drafting_iterations_visible_to(request.user, process).order_by("-number").first()
    if found is None:
        return render(request, "documents/drafts.html", process_page(request, process, iteration=None))
    return redirect("drafts", slug, found.slug)


@login_required
@require_safe
def drafts(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Every group's space one may look into; for organisers what is ready and what is not."""
    process = load_process(request, slug)
    iteration = _load_iteration(request, process, iteration_slug)
    page = drafts_page(iteration, drafting_spaces_visible_to(request.user, process))
    context = process_page(request, process, iteration=iteration, page=page)
    context["to_begin"] = groups_without_space(iteration, groups_to_write_for(request.user, process))
    context["iterations"] = drafting_iterations_visible_to(request.user, process).order_by("-number")
    return render(request, "documents/drafts.html", context)


@login_required
@require_POST
def begin_chapter(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Begin a group's part of the iteration."""
    process = load_process(request, slug)
    iteration = _load_iteration(request, process, iteration_slug)
    group = find_group(process.body, code)
    if group is None:
        raise Http404
    begin_space(actor=request.user, iteration=iteration, group=group)
    return redirect("group-drafts", slug, iteration_slug, code)


def _render_space(request: HttpRequest, space: Chapter, form: ReviewerForm | None = None) -> HttpResponse:
    process = space.iteration.process
    form = form or ReviewerForm()
    context = process_page(request, process, iteration=space.iteration, group=space.group, page=space_page(space))
    context |= {
        "form": form,
        "may_write": may_write_for(request.user, space.group, process),
        "may_invite": bool(may_manage_reviewers(request.user, space)),
    }
    return render(request, "documents/group_drafts.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def group_drafts(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """A group's space: its texts, how far each is, and who reads them."""
    return _render_space(request, _load_space(request, slug, iteration_slug, code))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin_text(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Begin a text by one of the process's templates."""
    space = _load_space(request, slug, iteration_slug, code)
    process = space.iteration.process
    require(may_write_for(request.user, space.group, process))
    templates = templates_of(process)
    codes = free_codes(space.iteration, space.group.code, DocumentKind)
    initial = {"lang": space.lang, "template": templates[0].slug}
    form = NewTextForm(space, templates, codes, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_document(actor=request.user, chapter=space, **form.cleaned_data)
        except CodeUsed as error:
            form.add_error("code", str(error))
        except NoTitle as error:
            form.add_error("title", str(error))
        except NoSuchTemplate as error:
            form.add_error("template", str(error))
        else:
            messages.success(request, _("%(code)s was begun. Only those who draft here see it.") % {"code": made.code})
            return redirect("document-draft", slug, iteration_slug, made.code)
    context = process_page(request, process, iteration=space.iteration, group=space.group, form=form)
    context |= {"templates": templates, "may_edit_templates": bool(may_edit_templates(request.user, process))}
    return render(request, "documents/new_document.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def reviewer_add(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Invite somebody to read the group's drafts and remark on them."""
    space = _load_space(request, slug, iteration_slug, code)
    require(may_manage_reviewers(request.user, space))
    form = ReviewerForm(request.POST)
    if form.is_valid():
        try:
            made = invite_reviewer(actor=request.user, chapter=space, user=form.cleaned_data["who"])
        except (ReadsAlready, CannotReview) as error:
            form.add_error("who", str(error))
        else:
            messages.success(request, _("%(name)s can now read these drafts.") % {"name": made.user.name})
            return redirect("group-drafts", slug, iteration_slug, code)
    return _render_space(request, space, form)


@login_required
@require_POST
def reviewer_end(request: HttpRequest, slug: str, iteration_slug: str, code: str, pk: int) -> HttpResponse:
    """End an invitation."""
    space = _load_space(request, slug, iteration_slug, code)
    reviewer = get_object_or_404(Reviewer.objects.select_related("user"), chapter=space, pk=pk)
    reviewer.chapter = space
    end_review(actor=request.user, reviewer=reviewer)
    messages.success(request, _("%(name)s no longer reads these drafts.") % {"name": reviewer.user.name})
    return redirect("group-drafts", slug, iteration_slug, code)
