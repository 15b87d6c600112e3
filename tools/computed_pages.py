"""Pages of the documentation whose figures are computed when they are built: a Sphinx extension.

    :::{computed}
    found = opinion_map(votes, seed=1)
    f"{found.grouping.k} groups"
    :::

shows the code and under it what its last expression gives: text as it stands, `Html` as it is, nothing for None. In a
line of text, {computed}`found.grouping.k` is replaced by its value. All pieces of a page share their names, from top to
bottom, and a page is computed anew at each build. A mistake in one ends the build.

Names that are there from the start: `folder` with a conversation (`polis/brexit-consensus` in the folder that
HARKEN_TEST_DATA names, else a made-up one) and `data_note`, a sentence that says which it is; `figure`, `table` and
`bars`.
"""

import ast
import os
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from docutils.utils import unescape
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from harken.core.sense.report_figures import HATCHING, draw_bar, draw_sign
from harken.core.sense.suppression import SMALLEST_FIGURE
from tools.sample_conversation import write_sample

REPOSITORY: Final = Path(__file__).resolve().parent.parent
_SHORT: Final = 24
_HATCHED: Final = '<svg class="bar"'  # needs a pattern, which a page has once
CONVERSATION: Final = Path("polis") / "brexit-consensus"


class Html(str):
    """Something drawn: shown as it is."""

    __slots__ = ()


def figure(drawing: str, caption: str) -> Html:
    """Return a drawing with what it says under it."""
    return Html(f"<figure>{drawing}<figcaption>{escape(caption)}</figcaption></figure>")


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Html:
    """Return a table. Numbers have two places and stand right; None is an empty cell; `Html` is not escaped."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    return Html(
        '<div class="table-wrapper docutils container" role="region" tabindex="0" aria-label="Table">'
        f'<table class="docutils"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "<td></td>"
    if isinstance(value, Html):
        return f"<td>{value}</td>"
    if isinstance(value, str):
        kind = "text" if len(value) > _SHORT else "word"
        return f'<td class="{kind}"><span lang="" dir="auto">{escape(value)}</span></td>'
    return f'<td class="number">{value:,}</td>' if isinstance(value, int) else f'<td class="number">{value:.2f}</td>'


def bars(counts: Iterable[Sequence[int]]) -> Html:
    """Return a bar for each group's counts of disagree, pass and agree, with the shares that agree and disagree."""
    lines = []
    for group, row in enumerate(counts):
        disagree, passed, agree = (int(each) for each in row)
        seen = disagree + passed + agree
        told = f"fewer than {SMALLEST_FIGURE} saw it"
        if seen >= SMALLEST_FIGURE:
            told = f"{draw_bar([disagree, passed, agree], width=110)} {agree / seen:.0%} / {disagree / seen:.0%}"
        lines.append(f"<span>{draw_sign(group)}{told}</span>")
    return Html(f'<span class="bars">{"".join(lines)}</span>')


def find_conversation(made: Path) -> tuple[Path, str]:
    """Return the folder of a conversation and a sentence that says which; a made-up one is written to `made`."""
    root = Path(os.environ.get("HARKEN_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if (root / CONVERSATION).is_dir():
        return root / CONVERSATION, (
            "The figures of this page are those of a real conversation, “brexit-consensus” of Polis' open data "
            "(CC BY 4.0), and were computed when it was built."
        )
    return write_sample(made), (
        "The machine this page was built on has no real conversation, so that its figures, computed when it was built, "
        "are those of a small made-up one. HARKEN_TEST_DATA names the folder of real ones."
    )


def run(code: str, names: dict[str, Any]) -> Any:
    """Run code among these names, and return the value of its last line if that is an expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "page", "exec"), names)  # noqa: S102 - code of our own pages, run where they are built
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "page", "eval"), names)  # noqa: S307 - the same code


def _names(env: BuildEnvironment) -> dict[str, Any]:
    """Return the names of the page that is being read; a page that begins has those that are always there."""
    known: dict[str, Any] | None = env.temp_data.get("computed")
    if known is None:
        folder, note = find_conversation(Path(env.doctreedir) / "made-up-conversation")
        known = {"folder": folder, "data_note": note, "figure": figure, "table": table, "bars": bars}
        env.temp_data["computed"] = known
    env.note_reread()
    return known


class ComputedDirective(SphinxDirective):
    """Code, and what it gives."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Compute, and return what to show."""
        code = "\n".join(self.content)
        value = run(code, _names(self.env))
        block = nodes.literal_block(code, code)
        block["language"] = "python"
        if value is None:
            return [block]
        shown = value if isinstance(value, Html) else f"<pre>{escape(str(value))}</pre>"
        if _HATCHED in shown and not self.env.temp_data.get("hatching"):
            self.env.temp_data["hatching"] = True
            shown = f"{HATCHING}{shown}"
        return [block, nodes.raw("", f'<div class="computed">{shown}</div>', format="html")]


class ComputedRole(SphinxRole):
    """A value in a line of text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Compute, and return the value as text."""
        value = run(unescape(self.text), _names(self.env))
        return [nodes.Text(f"{value:,}" if isinstance(value, int) else str(value))], []


_FIGURES: Final = (".map", ".axes", ".people", ".sign", ".g0", ".g3", ".g6", ".label", ".bar", ".patterns", "svg")


def write_styles(folder: Path) -> Path:
    """Write the styles of the report's figures for this documentation's light and dark, and return the file."""
    style = files("harken.core.sense").joinpath("report.css").read_text(encoding="utf-8")
    light, dark = (match.group(1).strip() for match in re.finditer(r":root \{(.*?)\}", style, flags=re.DOTALL))
    rules = "\n".join(line for line in style.splitlines() if line.startswith(_FIGURES))
    own = files("tools").joinpath("computed_pages.css").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "computed.css"
    path.write_text(
        f".computed {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ body:not([data-theme=light]) .computed {{ {dark} }} }}\n"
        f"body[data-theme=dark] .computed {{ {dark} }}\n.computed {{\n{rules}\n}}\n{own}",
        encoding="utf-8",
    )
    return path


def _add_styles(app: Sphinx) -> None:
    path = write_styles(Path(app.doctreedir) / "styles")
    app.config.html_static_path.append(str(path.parent))
    app.add_css_file(path.name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx what there is."""
    app.add_directive("computed", ComputedDirective)
    app.add_role("computed", ComputedRole())
    app.connect("builder-inited", _add_styles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
