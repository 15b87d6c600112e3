"""Where organisers shape the groups that carry a process."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harken.people.actions import (
    CodeTaken,
    GroupCannotMove,
    add_member,
    change_group,
    create_group,
    end_membership,
    move_group,
)
from harken.people.models import Group, GroupKind, Membership, Role
from harken.people.queries import find_group, members_of
from harken.processes.actions import mark_changed
from harken.processes.forms.groups import GroupForm, MemberForm
from harken.processes.models import Process
from harken.processes.page import load_for_organiser, process_page


def _load_group(process: Process, code: str) -> Group:
    found = find_group(process.body, code)
    if found is None:
        raise Http404
    return found


@login_required
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a group below another."""
    process = load_for_organiser(request, slug)
    form = GroupForm(process.body, None, request.POST or None, initial={"lang": process.lang, "parent": process.body})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = create_group(actor=request.user, **{**data, "kind": GroupKind(data["kind"])})
        except CodeTaken as error:
            form.add_error("code", str(error))
        else:
            mark_changed(process)
            return redirect("group-change", slug, made.code)
    context = process_page(request, process, form=form, group=None)
    return render(request, "processes/group_settings.html", context, status=422 if form.errors else 200)


@login_required
def change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Change a group's words and place, and who is in it."""
    process = load_for_organiser(request, slug)
    group = _load_group(process, code)
    initial = {name: getattr(group, name) for name in ("name", "kind", "parent", "lang", "description")}
    form = GroupForm(process.body, group, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            parent = data.pop("parent", None)
            if parent and parent.pk != group.parent_id:
                move_group(actor=request.user, group=group, parent=parent)
            change_group(actor=request.user, group=group, **{**data, "kind": GroupKind(data["kind"])})
        except GroupCannotMove as error:
            form.add_error("parent", str(error))
        else:
            mark_changed(process)
            messages.success(request, _("Saved."))
            return redirect("group-change", slug, code)
    context = process_page(request, process, form=form, group=group, members=members_of(group), member_form=MemberForm())
    return render(request, "processes/group_settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def member_add(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Give somebody a role."""
    process = load_for_organiser(request, slug)
    group = _load_group(process, code)
    form = MemberForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        role, user = Role(data["role"]), data["username"]
        add_member(
            actor=request.user, group=group, user=user, role=role, starts_on=data["starts_on"], ends_on=data["ends_on"]
        )
        mark_changed(process)
        return redirect("group-change", slug, code)
    initial = {name: getattr(group, name) for name in ("name", "kind", "parent", "lang", "description")}
    context = process_page(
        request,
        process,
        form=GroupForm(process.body, group, initial=initial),
        group=group,
        members=members_of(group),
        member_form=form,
    )
    return render(request, "processes/group_settings.html", context, status=422)


@login_required
@require_POST
def member_end(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """End a role today; the term stays on record."""
    process = load_for_organiser(request, slug)
    membership = get_object_or_404(Membership, pk=pk, group=_load_group(process, code))
    end_membership(actor=request.user, membership=membership, on=timezone.localdate())
    mark_changed(process)
    return redirect("group-change", slug, code)
