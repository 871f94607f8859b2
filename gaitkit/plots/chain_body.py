"""Outlines of a body seen from behind, for the drawing of the kinetic chain.

Units are hundredths of body height, x to the right of the picture and y up from the
floor, the right half only; the left half is its mirror image. The person is seen from
behind, so that left is left. Heights of joints are those of Winter (Biomechanics and
Motor Control of Human Movement, 4th ed., figure 4.1); widths are drawn for the eye.

Closed outlines with rounded corners, for drawings of the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.path import Path

    from gaitkit.model.chain import LinkName

    Point = tuple[float, float]

Outline = tuple[tuple[float, float], ...]
HEAD: Final = (0.0, 93.0, 5.2)
"""Middle (x, y) and radius of the head."""

OUTLINES: Final[dict[LinkName, Outline]] = {
    "trunk": (
        (0.0, 84.5), (4.3, 84.0), (15.2, 82.0), (18.8, 79.0), (17.4, 72.0),
        (14.5, 66.0), (13.3, 62.5), (0.0, 62.5),
    ),
    "pelvis": (
        (0.0, 61.5), (13.3, 61.5), (15.4, 57.5), (16.2, 53.5), (11.6, 51.5),
        (0.0, 49.5),
    ),
    "tibia": (
        (4.9, 25.2), (12.5, 25.2), (13.5, 20.5), (12.3, 14.0), (10.9, 7.4), (7.2, 7.4),
        (5.7, 14.0), (4.2, 20.5),
    ),
    "rearfoot": (
        (7.2, 6.4), (10.9, 6.4), (12.6, 3.0), (12.0, 0.6), (10.4, 0.0), (7.5, 0.0),
        (6.1, 0.6), (5.7, 3.0),
    ),
}  # fmt: skip
"""Parts that are links by themselves, from the middle line outwards."""

THIGH: Final[Outline] = (
    (1.7, 49.0), (16.2, 52.0), (15.9, 46.0), (13.3, 33.5), (12.3, 30.6), (5.1, 30.6),
    (3.8, 36.0),
)  # fmt: skip
"""Drawn for the eye: it joins hip and knee, and no number stands for it."""

JOINTS: Final[dict[LinkName, tuple[float, float, float]]] = {
    "hip": (11.0, 51.0, 3.3),
    "knee": (8.7, 28.0, 3.1),
}
"""Middle (x, y) and radius of the links that are joints."""

ANCHORS: Final[dict[LinkName, tuple[float, float]]] = {
    "trunk": (15.2, 72.0),
    "pelvis": (14.5, 57.5),
    "hip": (14.9, 51.0),
    "knee": (12.3, 28.0),
    "tibia": (12.5, 17.0),
    "rearfoot": (12.2, 3.0),
}
"""Where the words of a link point to."""

ROWS: Final[dict[LinkName, float]] = {
    "trunk": 78.0,
    "pelvis": 63.0,
    "hip": 48.0,
    "knee": 33.0,
    "tibia": 18.0,
    "rearfoot": 3.0,
}
"""Heights of the words, evenly spaced."""


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
