"""Pages of themes: the tree, one with its extracts, and the forms that set them up and move them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.analysis.actions.placing import NotATheme
from harken.analysis.actions.themes import ElsewhereInTree, NoName, create_theme, merge_theme, move_theme, rename_theme
from harken.analysis.extract_html import render_extracts
from harken.analysis.forms.themes import MergeForm, ThemeForm
from harken.analysis.models import Theme
from harken.analysis.permissions import may_code_inputs, themes_visible_to
from harken.analysis.queries.extracts import extracts_of
from harken.analysis.queries.themes import ThemeRow, ThemeTree
from harken.analysis.theme_tree import tree_for
from harken.base.caching import answer_for_everybody
from harken.base.permits import require
from harken.inputs.input_html import stamp_rows
from harken.inputs.permissions import inputs_visible_to, may_see_speakers
from harken.inputs.queries.ledger import read_cursor
from harken.inputs.queries.reading import InputFilter, find_inputs
from harken.processes.models import Process
from harken.processes.page import load_process, process_page, process_stamp, public_process_page


@require_safe
@public_process_page
def themes(request: HttpRequest, process: Process) -> HttpResponse:
    """What people speak about: the themes of a process, with how many inputs belong to each."""
    tree = tree_for(process, request.user)
    may_code = bool(may_code_inputs(request.user, process))
    return render(request, "analysis/themes.html", process_page(request, process, tree=tree, may_code=may_code))


def _find(tree: ThemeTree, code: str) -> ThemeRow:
    row = tree.find(code)
    if row is None:
        raise Http404
    return row


@require_safe
def theme(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A theme: what belongs to it, and the words that do, said last in front.

    An import that brings other words raises no version of the process, so the rows tell whether a reader has the page.
    """
    process = load_process(request, slug)
    tree = tree_for(process, request.user)
    row = _find(tree, code)
    if row.code != code:
        # It was merged into this one.
        return redirect("theme", process.slug, row.code)
    page = find_inputs(
        inputs_visible_to(request.user, process),
        InputFilter(facets=(("theme", row.pk),)),
        sees_speakers=bool(may_see_speakers(request.user, process)),
        reader=request.user.pk,
        after=read_cursor(request.GET.get("after", "")),
    )

    def make() -> HttpResponse:
        extracts = extracts_of(page.rows, tree, themes=tree.ids_of(row))
        context = process_page(
            request,
            process,
            theme=get_object_or_404(themes_visible_to(request.user, process), pk=row.pk),
            row=row,
            above=tree.above(row),
            below=[one for one in tree.below(row) if one.depth == row.depth + 1],
            extracts=render_extracts(process, row, page.rows, extracts),
            page=page,
            may_code=bool(may_code_inputs(request.user, process)),
        )
        return render(request, "analysis/theme.html", context)

    return answer_for_everybody(request, content=lambda: f"{process_stamp(process)} {stamp_rows(page.rows)}", make=make)


def _load(request: HttpRequest, slug: str) -> tuple[Process, ThemeTree]:
    process = load_process(request, slug)
    require(may_code_inputs(request.user, process))
    return process, tree_for(process, request.user)


def _theme_at(process: Process, tree: ThemeTree, code: str) -> Theme | None:
    """The theme with a code, None for none."""
    return _theme_of(process, _find(tree, code)) if code else None


def _theme_of(process: Process, row: ThemeRow) -> Theme:
    found = Theme.objects.get(pk=row.pk)
    found.process = process
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a theme, below another one where the address names it."""
    process, tree = _load(request, slug)
    first = {"lang": process.lang, "parent": request.GET.get("below", "")}
    form = ThemeForm(request.POST or None, tree=tree, initial=first)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = create_theme(
                actor=request.user,
                process=process,
                name=told["name"],
                lang=told["lang"],
                description=told["description"],
                parent=_theme_at(process, tree, told["parent"]),
                origin="form",
            )
        except (NoName, NotATheme, ElsewhereInTree) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The theme was added."))
            return redirect("theme", slug, made.code)
    return _form_page(request, process, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Give a theme another name, description or place."""
    process, tree = _load(request, slug)
    row = _find(tree, code)
    theme = _theme_of(process, row)
    above = tree.by_id[row.parent].code if row.parent else ""
    first = {"name": theme.name, "lang": theme.lang, "description": theme.description, "parent": above}
    form = ThemeForm(request.POST or None, tree=tree, without=row, initial=first)
    if form.is_valid():
        told = form.cleaned_data
        try:
            # Whoever gives it another name leaves it where somebody else put it meanwhile.
            if "parent" in form.changed_data:
                parent = _theme_at(process, tree, told["parent"])
                move_theme(actor=request.user, theme=theme, parent=parent, origin="form")
            words = {name: told[name] for name in ("name", "lang", "description")}
            rename_theme(actor=request.user, theme=theme, origin="form", **words)
        except (NoName, NotATheme, ElsewhereInTree) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("theme", slug, row.code)
    return _form_page(request, process, form=form, row=row, merging=MergeForm(tree=tree, theme=row))


def _form_page(request: HttpRequest, process: Process, *, form: ThemeForm, **context: Any) -> HttpResponse:
    page = process_page(request, process, form=form, **context)
    return render(request, "analysis/theme_form.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def merge(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Let what belongs to a theme belong to another one."""
    process, tree = _load(request, slug)
    row = _find(tree, code)
    form = MergeForm(request.POST, tree=tree, theme=row)
    theme = _theme_of(process, row)
    into = _theme_at(process, tree, form.cleaned_data["into"]) if form.is_valid() else None
    if into is None:
        messages.error(request, _("Choose the theme that it becomes part of."))
        return redirect("theme-change", slug, row.code)
    try:
        merge_theme(actor=request.user, theme=theme, into=into, origin="form")
    except (NotATheme, ElsewhereInTree) as error:
        messages.error(request, str(error))
        return redirect("theme-change", slug, row.code)
    messages.success(request, _("The themes are one now. The old address leads here."))
    return redirect("theme", slug, into.code)
