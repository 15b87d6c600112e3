"""Every colour of text can be read on every ground it stands on, in both schemes and under every accent.

The colours are read from the style sheet itself; the measure is the contrast ratio of WCAG 2.2
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 4.5 for text, 3 for the edges of what can be acted on.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import harken.base
from harken.processes.models import Accent

STYLES = Path(harken.base.__file__).parent / "static" / "harken" / "page.css"
SCHEMES = ("light", "dark")
TEXT_ON_GROUND = [
    *itertools.product(("ink", "soft", "accent", "bad", "good"), ("paper", "wash")),
    *itertools.product(("ink",), ("ins", "del")),
    ("on-accent", "accent"),
    ("paper", "ink"),
]
EDGE_ON_GROUND = [*itertools.product(("edge", "accent"), ("paper", "wash"))]


def colours_in(css: str, selector: str) -> dict[str, str]:
    """The custom properties of one rule that hold a colour."""
    rule = re.search(rf"^{re.escape(selector)}\{{([^}}]*)\}}", css, flags=re.MULTILINE)
    return dict(re.findall(r"--([\w-]+):(#[0-9a-fA-F]{6})\b", rule.group(1))) if rule else {}


def colours_of(scheme: str, accent: str) -> dict[str, str]:
    """All colours a page with this accent has in one scheme."""
    light, _query, rest = STYLES.read_text(encoding="utf-8").partition("@media (prefers-color-scheme:dark){")
    dark = rest.partition("\n}\n")[0]
    selector = f"[data-accent={accent}]"
    colours = {**colours_in(light, ":root"), **colours_in(light, selector)}
    if scheme == "dark":
        colours |= {**colours_in(dark, ":root"), **colours_in(dark, selector)}
    return colours


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_guideline_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_two_schemes_and_all_accents_have_colours_of_their_own(scheme: str) -> None:
    accents = [colours_of(scheme, accent)["accent"] for accent in Accent.values]
    assert len(set(accents)) == len(Accent.values)
    assert colours_of("light", "teal")["paper"] != colours_of("dark", "teal")["paper"]
    for accent in Accent.values:
        assert colours_of("light", accent)["accent"] != colours_of("dark", accent)["accent"]


@pytest.mark.parametrize("accent", Accent.values)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_its_ground(scheme: str, accent: str) -> None:
    colours = colours_of(scheme, accent)
    for text, ground in TEXT_ON_GROUND:
        ratio = contrast(colours[text], colours[ground])
        assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("accent", Accent.values)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_of_what_can_be_acted_on_are_seen(scheme: str, accent: str) -> None:
    colours = colours_of(scheme, accent)
    for edge, ground in EDGE_ON_GROUND:
        ratio = contrast(colours[edge], colours[ground])
        assert ratio >= 3, f"{edge} on {ground}: {ratio:.2f}"
