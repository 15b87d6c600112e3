"""Reading outlines from files, without a database: the kinds of text that carry the same page."""

from __future__ import annotations

from bench.figures import Figure, Result, median_seconds
from bench.material import make_outline
from bench.site import find_real_page

N = 5


def measure() -> Result:
    from harken.core.outline import read_outline

    content = make_outline(iterations=2, groups=9, recommendations=50).encode()
    taken = median_seconds(lambda: read_outline(content, name="page.md"), N)
    figures = [Figure("Markdown, 900 recommendations", taken * 1000, "ms")]
    real = find_real_page()
    if real:
        page = real.read_bytes()
        taken = median_seconds(lambda: read_outline(page, name=real.name), N)
        figures.append(Figure("a published page as text", taken * 1000, "ms"))
    return Result(tuple(figures), N)
