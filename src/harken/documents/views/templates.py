"""Where organisers say what each kind of text is made of."""

from typing import Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.templates import (
    LastTemplate,
    NoSuchSection,
    NoWords,
    TemplateInUse,
    TooManySections,
    add_section,
    add_template,
    change_section,
    change_template,
    install_templates,
    move_section,
    move_template,
    remove_section,
    remove_template,
    restore_section,
)
from harken.documents.forms.templates import NewSectionForm, NewTemplateForm, SectionForm, TemplateForm
from harken.documents.models import Depth, DocumentKind, Section, Template
from harken.documents.permissions import may_edit_templates, may_write_documents
from harken.documents.queries.templates import (
    find_template,
    missing_templates,
    section_rows,
    template_rows,
)
from harken.processes.models import Process
from harken.processes.page import load_process, process_page


def _load(request: HttpRequest, slug: str) -> Process:
    process = load_process(request, slug)
    require(may_edit_templates(request.user, process))
    return process


def _find(process: Process, slug: str) -> Template:
    found = find_template(process, slug)
    if found is None:
        raise Http404
    return found


def _section_of(template: Template, key: str) -> Section:
    found = next((section for section in template.sections if section.key == key), None)
    if found is None:
        raise Http404
    return found


def _step(request: HttpRequest) -> Literal["up", "down"]:
    return "up" if request.POST.get("step") == "up" else "down"


def _render_list(request: HttpRequest, process: Process, form: NewTemplateForm | None = None) -> HttpResponse:
    rows = template_rows(process)
    known = [row.template for row in rows]
    form = form or NewTemplateForm(known, initial={"lang": process.lang})
    context = process_page(request, process, rows=rows, form=form)
    context["missing"] = [str(template) for template in missing_templates(process, known)]
    return render(request, "documents/templates.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def templates(request: HttpRequest, slug: str) -> HttpResponse:
    """Every template, to change, to put in order, to add to."""
    return _render_list(request, _load(request, slug))


@login_required
@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a template."""
    process = _load(request, slug)
    form = NewTemplateForm([row.template for row in template_rows(process)], request.POST)
    if not form.is_valid():
        return _render_list(request, process, form)
    data = form.cleaned_data
    made = add_template(
        actor=request.user,
        process=process,
        names={data["lang"]: data["name"]},
        kind=DocumentKind(data["kind"]),
        like=data["like"],
    )
    return redirect("template", slug, made.slug)


@login_required
@require_POST
def install(request: HttpRequest, slug: str) -> HttpResponse:
    """Take up the shipped templates that the process does not have."""
    install_templates(actor=request.user, process=_load(request, slug))
    messages.success(request, _("The templates that come with the program are here."))
    return redirect("templates", slug)


@login_required
@require_POST
def move(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """Offer a template earlier or later."""
    process = _load(request, slug)
    _find(process, template)
    move_template(actor=request.user, process=process, slug=template, step=_step(request))
    return redirect(f"{reverse('templates', args=[slug])}#t-{template}")


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """Take a template away that no text follows."""
    process = _load(request, slug)
    name = str(_find(process, template))
    try:
        remove_template(actor=request.user, process=process, slug=template)
    except (TemplateInUse, LastTemplate) as error:
        messages.error(request, str(error))
        return redirect("template", slug, template)
    messages.success(request, _("“%(template)s” was removed.") % {"template": name})
    return redirect("templates", slug)


def _render_template(
    request: HttpRequest,
    process: Process,
    template: Template,
    *,
    form: TemplateForm | None = None,
    section_form: NewSectionForm | None = None,
) -> HttpResponse:
    words = form or TemplateForm(template)
    new = section_form or NewSectionForm(initial={"lang": process.lang})
    row = next(row for row in template_rows(process) if row.template.slug == template.slug)
    context = process_page(request, process, template=template, row=row, form=words, section_form=new)
    context["sections"] = section_rows(template.sections)
    context["former"] = section_rows([section for section in template.every_section if section.removed])
    status = 422 if words.errors or new.errors else 200
    return render(request, "documents/template.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """A template's sections and its own words."""
    process = _load(request, slug)
    found = _find(process, template)
    if request.method != "POST":
        return _render_template(request, process, found)
    form = TemplateForm(found, request.POST)
    if form.is_valid():
        try:
            change_template(
                actor=request.user,
                process=process,
                slug=template,
                names=form.words("name"),
                descriptions=form.words("description"),
                asks_acceptance=form.cleaned_data["asks_acceptance"],
            )
        except NoWords as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("template", slug, template)
    return _render_template(request, process, found, form=form)


@login_required
@require_safe
def preview(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """What an empty text written with the template looks like, at one depth or at all."""
    process = load_process(request, slug)
    require(may_write_documents(request.user, process))
    found = _find(process, template)
    depth = request.GET.get("depth", "")
    depth = depth if depth in Depth.values else ""
    sections = [section for section in found.sections if not depth or depth in section.depths]
    lang = get_language() or "en"
    context = process_page(request, process, template=found, depth=depth, depths=Depth, lang=lang)
    context["row"] = next(row for row in template_rows(process) if row.template.slug == template)
    context["sections"] = section_rows(sections)
    return render(request, "documents/template_preview.html", context)


@login_required
@require_POST
def section_add(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """Add a section; its own page follows."""
    process = _load(request, slug)
    found = _find(process, template)
    form = NewSectionForm(request.POST)
    if form.is_valid():
        titles = {form.cleaned_data["lang"]: form.cleaned_data["title"]}
        try:
            made = add_section(actor=request.user, process=process, slug=template, titles=titles)
        except TooManySections as error:
            form.add_error(None, str(error))
        else:
            return redirect("template-section", slug, template, made.key)
    return _render_template(request, process, found, section_form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, slug: str, template: str, key: str) -> HttpResponse:
    """A section's words in every language, its budget and its depths."""
    process = _load(request, slug)
    found = _find(process, template)
    stored = _section_of(found, key)
    form = SectionForm(process, stored, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_section(
                actor=request.user,
                process=process,
                slug=template,
                key=key,
                titles=form.words("title"),
                guidance=form.words("guidance"),
                budget=data["budget"],
                depths=data["depths"],
                required=data["required"],
            )
        except NoWords as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Texts written with this template follow."))
            return redirect(f"{reverse('template', args=[slug, template])}#s-{key}")
    [row] = section_rows([stored])
    context = process_page(request, process, template=found, form=form, section=row)
    return render(request, "documents/template_section.html", context, status=422 if form.errors else 200)


_SECTION_ACTS = {"remove": remove_section, "restore": restore_section}


@login_required
@require_POST
def section_act(request: HttpRequest, slug: str, template: str, key: str, act: str) -> HttpResponse:
    """Move a section up or down, take it out, take it in again."""
    process = _load(request, slug)
    _find(process, template)
    back = reverse("template", args=[slug, template])
    try:
        if act == "move":
            move_section(actor=request.user, process=process, slug=template, key=key, step=_step(request))
        else:
            change = _SECTION_ACTS[act]
            change(actor=request.user, process=process, slug=template, key=key)
    except NoSuchSection as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect(f"{back}#{'former' if act == 'remove' else f's-{key}'}")
