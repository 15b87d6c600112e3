"""An input's themes, below its conversation: for everybody to read, and for those who code a form."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from harken.analysis.forms.themes import CodeForm
from harken.analysis.permissions import may_code_inputs
from harken.analysis.queries.extracts import extracts_of
from harken.analysis.theme_tree import tree_for
from harken.inputs.models import Input
from harken.inputs.permissions import may_see_speakers
from harken.inputs.queries.ledger import describe_rows


def themes_of_input(request: HttpRequest, said: Input) -> str:
    """The themes that an input belongs to, with the words that do. Nothing where a stranger finds none."""
    process = said.process
    tree = tree_for(process, request.user)
    may_code = bool(may_code_inputs(request.user, process))
    if not tree and not may_code:
        return ""
    sees_speakers = bool(may_see_speakers(request.user, process))
    rows = describe_rows([said.pk], sees_speakers=sees_speakers, reader=request.user.pk)
    extracts = extracts_of(rows, tree, with_proposed=may_code).get(said.pk, [])
    if not extracts and not may_code:
        return ""
    context = {"process": process, "said": said, "tree": tree, "extracts": extracts, "may_code": may_code}
    if may_code:
        context["form"] = CodeForm(tree=tree, auto_id="code_%s", label_suffix="")
    return render_to_string("analysis/panel.html", context, request)
