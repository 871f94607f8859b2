"""Closed outlines with rounded corners, for drawings of the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.path import Path

    Point = tuple[float, float]


def rounded(outline: Sequence[Point], *, sign: float) -> Path:
    """Return the outline of a part, straight along the middle line of the body.

    Parameters
    ----------
    outline : sequence of (x, y)
        Corners of the part at the right of the drawing, in its units.
    sign : float
        1.0 for that part, -1.0 for its mirror image.
    """
    from matplotlib.path import Path

    bends = [
        (sign * x, y)
        for x, y in outline
        for _ in range(2 if x == 0.0 else 1)  # twice: the curve goes through it
    ]
    points, kinds = [_between(bends[-1], bends[0])], [Path.MOVETO]
    for bend, following in zip(bends, [*bends[1:], bends[0]], strict=True):
        points += [bend, _between(bend, following)]
        kinds += [Path.CURVE3, Path.CURVE3]
    return Path(points, kinds)


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
