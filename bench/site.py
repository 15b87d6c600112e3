"""A site to measure: Django set up on the bench's own `HARKEN_HOME`, and a process in it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bench.material import make_outline

if TYPE_CHECKING:
    from harken.processes.models import Process

ROOT = Path(__file__).resolve().parent.parent


def find_real_page() -> Path | None:
    """Return the published strategy page among the test data, or None where it is not."""
    folder = Path(os.environ.get("HARKEN_TEST_DATA", ROOT.parent / "shared" / "data"))
    page = folder / "wikimedia-2030" / "page.txt"
    return page if page.exists() else None


def prepare() -> None:
    """Set Django up and bring the home's database and static files up to date."""
    import django

    django.setup()
    from harken.base.home import prepare_home

    prepare_home(static=True)


def import_text(process: Process, content: bytes, name: str) -> None:
    """Import an outline into a process, by the action that the command and the pages call."""
    from harken.base.permits import OPERATOR
    from harken.core.outline import read_outline
    from harken.documents.actions.outline import import_outline
    from harken.documents.queries.outline_plan import plan_outline

    plan = plan_outline(process, read_outline(content, name=name))
    import_outline(actor=OPERATOR, plan=plan, source=name)


def make_process(slug: str) -> Process:
    """Begin an empty public process."""
    from harken.base.permits import OPERATOR
    from harken.processes.actions import create_process

    return create_process(actor=OPERATOR, slug=slug, name="A strategy to measure", lang="en", is_public=True)


def make_strategy(slug: str) -> Process:
    """Begin a process with two iterations of nine groups and 90 recommendations, and lineage between them."""
    from harken.base.permits import OPERATOR
    from harken.documents.actions.lineage import propose_edges

    process = make_process(slug)
    content = make_outline(iterations=2, groups=9, recommendations=10).encode()
    import_text(process, content, "strategy.md")
    earlier, later = process.iterations.order_by("number")
    propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    return process
