"""The drawings of the report, as SVG that needs no script: the map, and bars of what a group said."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.grouping import gather_cells
from harken.core.sense.map_json import group_letter
from harken.core.sense.maps import OpinionMap

__all__ = ["HATCHING", "draw_bar", "draw_map", "draw_sign"]

_WIDTH: Final = 720.0
_MARGIN: Final = 34.0
_SIGNS: Final = 8  # as many shapes as there can be groups
# Disagreement is hatched, so that it is told from agreement without colour.
HATCHING: Final = (
    '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatching" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="ground" width="5" height="5"/><rect class="stripe" width="2.2" height="5"/></pattern></defs></svg>'
)


def _polygon(x: float, y: float, radius: float, corners: int, turned: float) -> str:
    angles = turned + 2 * np.pi * np.arange(corners) / corners
    points = " ".join(f"{x + radius * np.cos(a):.1f},{y + radius * np.sin(a):.1f}" for a in angles)
    return f'<polygon points="{points}"/>'


def _sign(group: int, x: float, y: float, size: float) -> str:
    """Return a shape of the same area for each group: circle, square, triangle, lozenge and so on."""
    shape = group % _SIGNS
    if shape == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    corners, turned, larger = (
        (4, np.pi / 4, 1.25),
        (3, -np.pi / 2, 1.55),
        (4, 0.0, 1.25),
        (3, np.pi / 2, 1.55),
        (5, -np.pi / 2, 1.15),
        (6, 0.0, 1.1),
        (8, np.pi / 8, 1.05),
    )[shape - 1]
    return _polygon(x, y, size * larger, corners, turned)


def draw_sign(group: int) -> str:
    """Return a group's shape by itself, to stand in a line of text."""
    drawn = _sign(group, 8, 8, 5)
    return (
        f'<svg class="sign g{group % _SIGNS}" viewBox="0 0 16 16" width="16" height="16" '
        f'aria-hidden="true">{drawn}</svg>'
    )


def draw_bar(counts: Sequence[int], *, width: int = 150) -> str:
    """Return disagree, pass and agree (in this order in `counts`) as one bar: agree from the left."""
    disagree, passed, agree = counts
    seen = max(1, disagree + passed + agree)
    left, right = width * agree / seen, width * disagree / seen
    return (
        f'<svg class="bar" viewBox="0 0 {width} 10" width="{width}" height="10" aria-hidden="true">'
        f'<rect class="pass" x="0.5" y="0.5" width="{width - 1}" height="9"/>'
        f'<rect class="agree" x="0" y="0" width="{left:.1f}" height="10"/>'
        f'<rect class="disagree" x="{width - right:.1f}" y="0" width="{right:.1f}" height="10"/></svg>'
    )


class _Frame:
    """Positions on the map to places in the drawing; both axes have one scale."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        # The outermost one in two hundred stand at the edge: one far away must not press all others together.
        low, high = np.quantile(points, [0.0025, 0.9975], axis=0)
        room = np.maximum((high - low) * 0.04, 1e-9)
        self.low, self.high = np.minimum(low - room, -1e-9), np.maximum(high + room, 1e-9)
        self.scale = (_WIDTH - 2 * _MARGIN) / max(float(self.high[0] - self.low[0]), 1e-9)
        self.scale = min(self.scale, 520 / max(float(self.high[1] - self.low[1]), 1e-9))
        self.height = max(160.0, float(self.high[1] - self.low[1]) * self.scale + 2 * _MARGIN)
        self.start = (_WIDTH - float(self.high[0] - self.low[0]) * self.scale) / 2

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        inside = np.clip(points, self.low, self.high)
        x = self.start + (inside[:, 0] - self.low[0]) * self.scale
        y = self.height - _MARGIN - (inside[:, 1] - self.low[1]) * self.scale
        return np.stack([x, y], axis=1)


def _draw_group(group: int, points: NDArray[np.float64], frame: _Frame, unit: float) -> str:
    cells = gather_cells(points)
    places, sizes = frame.place(cells.points), unit * np.sqrt(cells.weights)
    order = np.argsort(-sizes, kind="stable")
    drawn = "".join(_sign(group, float(places[at, 0]), float(places[at, 1]), float(sizes[at])) for at in order)
    return f'<g class="people g{group % _SIGNS}">{drawn}</g>'


def draw_map(found: OpinionMap, title: str) -> str:
    """Return the map: a sign for each place where somebody stands, its area for how many, its shape for their group.

    Args:
        found: the map.
        title: what a screen reader says for it.
    """
    placed = found.placed
    if not placed.any() or not np.abs(found.positions[placed]).max() > 0:
        return ""
    frame = _Frame(found.positions[placed])
    people = int(np.count_nonzero(placed))
    unit = float(np.clip(90 / np.sqrt(people), 0.9, 6.0))
    zero = frame.place(np.zeros((1, 2)))[0].tolist()
    axes = (
        f"M{_MARGIN / 2:.0f} {zero[1]:.1f}H{_WIDTH - _MARGIN / 2:.0f}"
        f"M{zero[0]:.1f} {_MARGIN / 2:.0f}V{frame.height - _MARGIN / 2:.0f}"
    )
    size = f"0 0 {_WIDTH:.0f} {frame.height:.0f}"
    parts = [
        f'<svg class="map" viewBox="{size}" role="img" aria-labelledby="map-title">',
        f'<title id="map-title">{title}</title>',
        f'<path class="axes" d="{axes}"/>',
    ]
    parts += [
        _draw_group(group, found.positions[found.groups == group], frame, unit)
        for group in range(found.grouping.k)
        if (found.groups == group).any()
    ]
    if found.grouping.k > 1:
        parts += [_draw_label(group, at) for group, at in enumerate(frame.place(found.grouping.centers).tolist())]
    return "".join([*parts, "</svg>"])


def _draw_label(group: int, at: Any) -> str:
    return f'<text class="label" x="{at[0]:.1f}" y="{at[1]:.1f}" dy="0.36em">{group_letter(group)}</text>'
