"""The outline of an insole round a footprint: one smooth closed line.

Notes
-----
A closed cubic spline with centripetal parameters through eighteen points. Heel, ball
and toes take their widths from the print; the waist and the cap of the toes follow a
fixed pattern, so that gaps of the print (the arch, between ball and toes) cannot dent
it. Widths are measured along the foot, so a print that was cut at a side gives an
outline that is too narrow there: `gaitkit.insole.checks` refuses those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.insole.parameters import parameter

if TYPE_CHECKING:
    from gaitkit.model.insole import PlantarPrint

SPACING_MM = 2.0
"""Between points of the outline that is returned."""

FINE = 4000
"""Points along the spline before it is spaced evenly."""

HEEL_WIDEST = 0.15
"""Of the length: here the heel is as broad as it gets."""

HEEL_ANGLES_DEG = (0.0, 38.0, 70.0)
"""Points on the round of the heel, from its end sideways."""


def outline_of(
    print_: PlantarPrint,
    *,
    length_mm: float | None = None,
    three_quarter: bool = False,
) -> np.ndarray:
    """Return the outline as points 2 mm apart, counter-clockwise from the heel end.

    Parameters
    ----------
    print_ : PlantarPrint
        The print, as a right foot.
    length_mm : float or None
        Length of the insole where the shoe fixes it; None adds the margins to the
        length of the print.
    three_quarter : bool
        True ends the insole just behind the metatarsal heads, along the line from the
        first to the fifth.

    Returns
    -------
    ndarray (point, 2)
        ``u`` and ``v`` in mm; the last point is not the first again.
    """
    from scipy.interpolate import CubicSpline

    points = _points(print_, _toe_end(print_, length_mm))
    closed = np.vstack([points, points[:1]])
    chord = np.sqrt(np.hypot(*np.diff(closed, axis=0).T))
    knots = np.concatenate([[0.0], np.cumsum(chord)])
    spline = CubicSpline(knots, closed, bc_type="periodic")
    fine = spline(np.linspace(0.0, knots[-1], FINE + 1))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(fine, axis=0).T))])
    count = max(round(along[-1] / SPACING_MM), 3)
    wanted = np.arange(count) * along[-1] / count
    ring = [np.interp(wanted, along, fine[:, axis]) for axis in range(2)]
    whole = np.column_stack(ring)
    return behind(whole, *_front(print_)) if three_quarter else whole


def _front(print_: PlantarPrint) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two places of the front edge of a 3/4 insole."""
    back = parameter("three_quarter_behind_heads").default
    (u1, v1), (u5, v5) = print_.heads_mm[0], print_.heads_mm[4]
    return (u1, v1 - back), (u5, v5 - back)


def behind(
    outline: np.ndarray, medial: tuple[float, float], lateral: tuple[float, float]
) -> np.ndarray:
    """Return the part of an outline behind a straight line across the foot.

    Parameters
    ----------
    outline : ndarray (point, 2)
        Closed, counter-clockwise.
    medial, lateral : tuple of float
        Two places ``(u, v)`` of the line.

    Returns
    -------
    ndarray (point, 2)
        Its points 2 mm apart, the cut too.
    """
    slope = (lateral[1] - medial[1]) / (lateral[0] - medial[0])
    beyond = outline[:, 1] - medial[1] - slope * (outline[:, 0] - medial[0])
    ring: list[np.ndarray] = []
    for here, there, now, then in zip(
        outline, np.roll(outline, -1, axis=0), beyond, np.roll(beyond, -1), strict=True
    ):
        if now <= 0:
            ring.append(here)
        if (now <= 0) != (then <= 0):
            ring.append(here + (there - here) * now / (now - then))
    return _spaced(np.array(ring))


def _spaced(ring: np.ndarray) -> np.ndarray:
    """Return a closed line with its long edges cut into parts of 2 mm."""
    points: list[np.ndarray] = []
    for here, there in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        length = float(np.hypot(*(there - here)))
        if length < SPACING_MM / 100:  # a corner met twice
            continue
        count = max(round(length / SPACING_MM), 1)
        points += [here + (there - here) * at / count for at in range(count)]
    return np.array(points)


def inside(outline: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Tell which places lie inside an outline (even-odd rule)."""
    flat_u, flat_v = np.ravel(u), np.ravel(v)
    order = np.argsort(flat_v, kind="stable")
    across, along = flat_u[order], flat_v[order]
    begin, end = outline, np.roll(outline, -1, axis=0)
    low, high = np.minimum(begin[:, 1], end[:, 1]), np.maximum(begin[:, 1], end[:, 1])
    first, last = np.searchsorted(along, low), np.searchsorted(along, high)
    result = np.zeros(flat_v.size, dtype=bool)
    # of each edge only the places between its ends are looked at
    for (u0, v0), (u1, v1), a, b in zip(begin, end, first, last, strict=True):
        if b > a:
            crossing = (u1 - u0) * (along[a:b] - v0) / (v1 - v0) + u0
            result[a:b] ^= across[a:b] < crossing
    back = np.empty_like(result)
    back[order] = result
    return back.reshape(np.shape(v))


def borders_at(outline: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return medial and lateral border of an outline at places along the foot.

    Beyond its ends the border at the nearest end is returned.
    """
    tip, end = int(outline[:, 1].argmax()), int(outline[:, 1].argmin())
    ring = np.roll(outline, -end, axis=0)
    turn = (tip - end) % len(outline)
    lateral = ring[: turn + 1]
    medial = np.vstack([ring[turn:], ring[:1]])[::-1]
    return (
        np.interp(v, *_rising(medial)),
        np.interp(v, *_rising(lateral)),
    )


def _rising(side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``v`` and ``u`` of one side of an outline, ``v`` never falling."""
    return np.maximum.accumulate(side[:, 1]), side[:, 0]


def _toe_end(print_: PlantarPrint, length_mm: float | None) -> float:
    heel = parameter("margin_heel").default
    if length_mm is not None:
        return length_mm - heel
    return print_.length_mm + parameter("margin_toe").default


def _points(print_: PlantarPrint, toe_end: float) -> np.ndarray:
    """Return the points of the spline, counter-clockwise from the heel end."""
    side, behind = parameter("margin_side").default, parameter("margin_heel").default
    length = print_.length_mm
    half = print_.heel_width_mm / 2 + side
    widest = HEEL_WIDEST * length
    turn = np.radians(HEEL_ANGLES_DEG)
    round_u, round_v = half * np.sin(turn), widest - (widest + behind) * np.cos(turn)
    medial, lateral = print_.ball_mm[0] - side, print_.ball_mm[1] + side
    toes = max(print_.toes_mm[0] + side, 0.80 * lateral)
    hallux = min(print_.hallux_mm[0] - side, 0.98 * medial)
    cap = toe_end - print_.hallux_mm[1]
    waist = -half + 0.04 * (medial + half), half + 0.50 * (lateral - half)
    if print_.midfoot_mm is not None:
        waist = (
            min(waist[0], print_.midfoot_mm[0] - side),
            max(waist[1], print_.midfoot_mm[1] + side),
        )
    return np.array(
        [
            *zip(round_u, round_v, strict=True),
            (half + 0.24 * (waist[1] - half), 0.26 * length),
            (waist[1], 0.43 * length),
            (lateral, 0.645 * length),
            (max(0.97 * lateral, (lateral + toes) / 2), 0.75 * length),
            (toes, print_.toes_mm[1] - 0.03 * length),
            (0.60 * toes, toe_end - 0.42 * cap),
            (0.25 * hallux, toe_end),
            (0.72 * hallux, toe_end - 0.28 * cap),
            (hallux, print_.hallux_mm[1] - 0.05 * length),
            (medial, 0.72 * length),
            (waist[0] + 0.42 * (medial - waist[0]), 0.56 * length),
            (waist[0], 0.42 * length),
            (-half - 0.02 * half, 0.27 * length),
            *zip(-round_u[:0:-1], round_v[:0:-1], strict=True),
        ]
    )
