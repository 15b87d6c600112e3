"""Where organisers shape the groups that carry a process."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from harken.people.actions import CodeTaken, GroupCannotMove
from harken.people.models import Group, GroupKind, Membership, Role
from harken.people.queries import find_group
from harken.processes.actions import add_group, describe_group, end_role, give_role
from harken.processes.forms.groups import GroupForm, MemberForm
from harken.processes.models import Process
from harken.processes.page import load_for_organiser, process_page


def _load_group(process: Process, code: str) -> Group:
    found = find_group(process.body, code)
    if found is None:
        raise Http404
    return found


def _words_of(group: Group) -> dict[str, Any]:
    return {name: getattr(group, name) for name in ("name", "kind", "parent", "lang", "description")}


def _terms_of(group: Group) -> dict[str, list[Membership]]:
    """Every role ever given in `group`: those held now, those to come, those that are over. One query."""
    today = timezone.localdate()
    terms: dict[str, list[Membership]] = {"held": [], "coming": [], "over": []}
    for term in group.memberships.select_related("user").order_by("role", "user__display_name", "starts_on", "id"):
        if term.ends_on and term.ends_on < today:
            terms["over"].append(term)
        else:
            terms["coming" if term.starts_on > today else "held"].append(term)
    return terms


def _render_group(
    request: HttpRequest, process: Process, group: Group, *, form: GroupForm, member_form: MemberForm
) -> HttpResponse:
    context = process_page(request, process, group=group, form=form, member_form=member_form, terms=_terms_of(group))
    context["today"] = timezone.localdate()
    status = 422 if form.errors or member_form.errors else 200
    return render(request, "processes/group_settings.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a group below another."""
    process = load_for_organiser(request, slug)
    form = GroupForm(process.body, None, request.POST or None, initial={"lang": process.lang, "parent": process.body})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = add_group(actor=request.user, process=process, **{**data, "kind": GroupKind(data["kind"])})
        except CodeTaken as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("%(group)s was added.") % {"group": made.name})
            return redirect("group-change", slug, made.code)
    context = process_page(request, process, form=form, group=None)
    return render(request, "processes/group_settings.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change a group's words and place, and who is in it."""
    process = load_for_organiser(request, slug)
    group = _load_group(process, code)
    form = GroupForm(process.body, group, request.POST or None, initial=_words_of(group))
    if request.method == "POST" and form.is_valid():
        words = {**form.cleaned_data, "kind": GroupKind(form.cleaned_data["kind"])}
        try:
            describe_group(actor=request.user, process=process, group=group, **words)
        except GroupCannotMove as error:
            form.add_error("parent", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("group-change", slug, code)
    return _render_group(request, process, group, form=form, member_form=MemberForm(group))


@login_required
@require_POST
def member_add(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Give somebody a role."""
    process = load_for_organiser(request, slug)
    group = _load_group(process, code)
    form = MemberForm(group, request.POST)
    if not form.is_valid():
        words = GroupForm(process.body, group, initial=_words_of(group))
        return _render_group(request, process, group, form=words, member_form=form)
    data = form.cleaned_data
    term = give_role(
        actor=request.user,
        process=process,
        group=group,
        user=data["username"],
        role=Role(data["role"]),
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
    )
    said = {"name": term.user.name, "role": term.get_role_display()}
    messages.success(request, _("%(name)s was given the role: %(role)s.") % said)
    return redirect("group-change", slug, code)


@login_required
@require_POST
def member_end(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """End a role today; the term stays on record."""
    process = load_for_organiser(request, slug)
    membership = get_object_or_404(Membership, pk=pk, group=_load_group(process, code))
    ended = end_role(actor=request.user, process=process, membership=membership, on=timezone.localdate())
    messages.success(request, _("The role of %(name)s ends when today ends.") % {"name": ended.user.name})
    return redirect("group-change", slug, code)
