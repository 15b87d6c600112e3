"""Importing a page with 10,000 recommendations: reading, comparing with the record, writing; and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from bench import site
from bench.figures import Figure, Result
from bench.material import make_outline

ITERATIONS, GROUPS, RECOMMENDATIONS = 2, 50, 100

T = TypeVar("T")


def timed(run: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def measure() -> Result:
    site.prepare()
    from harken.base.permits import OPERATOR
    from harken.core.outline import read_outline
    from harken.documents.actions.outline import import_outline
    from harken.documents.models import Document
    from harken.documents.queries.outline_plan import plan_outline

    content = make_outline(iterations=ITERATIONS, groups=GROUPS, recommendations=RECOMMENDATIONS).encode()
    process = site.make_process("large")
    reading, outline = timed(lambda: read_outline(content, name="large.md"))
    planning, plan = timed(lambda: plan_outline(process, outline))
    writing, _counts = timed(lambda: import_outline(actor=OPERATOR, plan=plan, source="large.md"))
    again, second = timed(lambda: plan_outline(process, outline))
    count = Document.objects.filter(iteration__process=process).count()
    if count != ITERATIONS * GROUPS * RECOMMENDATIONS or not second.changes_nothing:
        raise SystemExit(f"{count} recommendations were imported, or importing again would change something")
    whole = reading + planning + writing
    figures = (
        Figure("whole import", whole, "s"),
        Figure("recommendations", count / whole, "recommendations/s"),
        Figure("reading the file", reading, "s"),
        Figure("comparing it with the record", planning, "s"),
        Figure("writing it", writing, "s"),
        Figure("comparing the same file again", again, "s"),
    )
    return Result(figures, 1, (f"{count} recommendations in Markdown, {len(content) / 1e6:.1f} MB.",))
