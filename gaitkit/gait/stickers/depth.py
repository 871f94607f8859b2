"""How the stickers of one leg lie in depth, from how their lines shorten on the way.

Somebody who walks away is seen from above at first and less and less so. A line that
leans forward is long at first and shortens, one that leans back grows, so the ratio of
heel line to calf line changes from step to step by how differently the two lean; and
within a step by how far the shank leans on. That is what the projection must know; the
usual leans of people are only where the fit begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import Array
from gaitkit.gait.stickers.shape import DepthAxis, error_axes, shank_lean_deg
from gaitkit.gait.stickers.sight import rays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.stickers.paths import LegStickers
    from gaitkit.gait.stickers.shape import LegShape
    from gaitkit.gait.stickers.sight import Lens
    from gaitkit.gait.stickers.stance import StickerStance

FLAT_PCT = (15.0, 55.0)
"""Percent of stance in which the foot lies flat, and a little of its heel's rise."""

BINS = 5
"""Parts of that time in which the calf line is read; the shank leans on meanwhile."""

LENGTH_SD_PX = 0.12
"""Standard error of the mean length of a heel line over one stance, pixels. Single
stills of virtual people: 0.10 px (58 feet, JPEG 92); films are a little worse."""

CALF_SD_PX = 0.08
"""The same of a calf line over one part of a stance; of single stills 0.05 px."""

ANKLE_ABOVE_HEEL = 0.45
"""Height of the ankle, about which the shank leans, above the middle of the heel line;
over the length of the calf line. About 45 and 100 mm in an adult."""

CALF_BEYOND_HEEL = 0.07
"""How far the middle of the calf line lies beyond that of the heel line where the
shank is upright, over the length of the calf line: 7 mm on virtual people."""

LEAST_STEPS = 2
DEPTH_ROUNDS = 5
"""Repetitions of the linearised fit; it settles in three."""

FREE = 1e3
"""Standard error of what nobody knows beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """One row for each part of each stance.

    Attributes
    ----------
    ratio : array (n,)
        Logarithm of heel line over calf line.
    covariance : array (n, n)
        Of their errors: the heel line is common to the rows of a stance.
    heel_above, calf_above : array (n,)
        Slope under which the camera sees each line from above.
    calf_up : array (n,)
        Height of the calf line above the ankle over the distance.
    beyond : array (n,)
        How far the calf line lies beyond the heel line, over the distance.
    lean : array (n,)
        Usual lean of the shank, radians.
    """

    ratio: Array
    covariance: Array
    heel_above: Array
    calf_above: Array
    calf_up: Array
    beyond: Array
    lean: Array


def fitted_depth(
    leg: LegStickers, stances: Sequence[StickerStance], *, lens: Lens, shape: LegShape
) -> LegShape:
    """Return a shape whose leans of calf and heel are those of this person's stickers.

    Parameters
    ----------
    leg : LegStickers
        Stickers of one leg, pixels.
    stances : sequence of StickerStance
        Its stances.
    lens : Lens
        The camera; its height above the stickers follows from where they are seen.
    shape : LegShape
        What is usual, and by how much people differ.

    Returns
    -------
    LegShape
        With ``depth_axes``: independent ways in which the leans may still be off.
        With fewer than two stances as given.

    Notes
    -----
    A line of length ``L`` at distance ``Z`` that leans forward by ``b`` and is seen
    from above under a slope ``t`` measures ``L (cos b + sin b t) / Z`` in the picture.
    The logarithm of the ratio of both lines is fitted to all stances (Gauss-Newton,
    generalised least squares) with a free constant, because nobody knows how far apart
    stickers were put, and with normal priors on the leans. It is wrong when the camera
    was moved during the film.
    """
    rows = _rows(leg, stances, lens)
    if rows is None:
        return shape
    usual = np.array(
        [
            np.radians(shape.heel_forward_deg),
            -np.radians(shape.calf_back_deg),
            shape.shank_gain,
            0.0,
        ]
    )
    sd = np.array(
        [
            np.radians(shape.heel_forward_sd_deg),
            np.radians(np.hypot(shape.calf_back_sd_deg, shape.shank_sd_deg)),
            shape.shank_gain_sd,
            FREE,
        ]
    )
    weight = np.linalg.inv(rows.covariance)
    found = usual
    for _ in range(DEPTH_ROUNDS):
        shown, change = _shown(found, rows)
        known = change.T @ weight @ change + np.diag(sd**-2.0)
        pull = change.T @ weight @ (rows.ratio - shown) + (usual - found) / sd**2
        found = found + np.linalg.solve(known, pull)
    return replace(
        shape,
        heel_forward_deg=float(np.degrees(found[0])),
        calf_back_deg=float(-np.degrees(found[1])),
        shank_gain=float(found[2]),
        depth_axes=tuple(
            DepthAxis(
                heel_deg=float(np.degrees(step[0])),
                calf_deg=float(-np.degrees(step[1])),
                gain=float(step[2]),
            )
            for step in error_axes(np.linalg.inv(known)[:3, :3])
        ),
    )


def _rows(
    leg: LegStickers, stances: Sequence[StickerStance], lens: Lens
) -> _Rows | None:
    found = [rows for each in stances if (rows := _stance(leg, each, lens)) is not None]
    if len(found) < LEAST_STEPS:
        return None
    columns, errors = zip(*found, strict=True)
    ratio, calf_sd, heel, calf, up, beyond, lean = np.concatenate(columns, axis=1)
    stance = np.repeat(np.arange(len(found)), [each.shape[1] for each in columns])
    common = np.array(errors)[stance]
    same = stance[:, None] == stance[None]
    return _Rows(
        ratio=ratio,
        covariance=np.diag(calf_sd**2) + same * np.outer(common, common),
        heel_above=heel,
        calf_above=calf,
        calf_up=up,
        beyond=beyond,
        lean=lean,
    )


def _stance(
    leg: LegStickers, stance: StickerStance, lens: Lens
) -> tuple[Array, float] | None:
    """Return the columns (7, parts) of a stance and the error of its heel line."""
    percent = stance.percent(leg.time_s)
    corners = (leg.calf_upper, leg.calf_lower, leg.heel_upper, leg.heel_lower)
    flat = (percent > FLAT_PCT[0]) & (percent < FLAT_PCT[1])
    flat &= np.all([np.isfinite(each).all(axis=1) for each in corners], axis=0)
    if flat.sum() < BINS:
        return None
    calf_top, calf_end, heel_top, heel_end = (
        rays(each[flat], lens)[:, :2] for each in corners
    )
    heel = float(np.linalg.norm(heel_top - heel_end, axis=1).mean())
    heel_at = float((heel_top + heel_end)[:, 1].mean() / 2)
    columns = []
    for part in np.array_split(np.arange(int(flat.sum())), BINS):
        calf = float(np.linalg.norm(calf_top - calf_end, axis=1)[part].mean())
        calf_at = float((calf_top + calf_end)[part, 1].mean() / 2)
        lean = float(np.radians(shank_lean_deg(percent[flat][part])).mean())
        calf_sd = CALF_SD_PX / (calf * lens.focal_px)
        up = calf_at - heel_at - ANKLE_ABOVE_HEEL * calf
        place = (-heel_at, -calf_at, up, CALF_BEYOND_HEEL * calf)
        columns.append((np.log(heel / calf), calf_sd, *place, lean))
    return np.array(columns).T, float(LENGTH_SD_PX / (heel * lens.focal_px))


def _shown(leans: Array, rows: _Rows) -> tuple[Array, Array]:
    """Return the logarithm of the ratio (n,) for some leans, and its change (n, 4)."""
    heel, gain = leans[0], leans[2]
    calf = leans[1] + gain * rows.lean
    heel_long = np.cos(heel) + np.sin(heel) * rows.heel_above
    calf_long = np.cos(calf) + np.sin(calf) * rows.calf_above
    # the shank leans away from the camera
    farther = 1.0 + rows.beyond + rows.calf_up * np.tan(gain * rows.lean)
    by_heel = (np.cos(heel) * rows.heel_above - np.sin(heel)) / heel_long
    by_calf = (np.sin(calf) - np.cos(calf) * rows.calf_above) / calf_long
    by_gain = rows.lean * (
        by_calf + rows.calf_up / np.cos(gain * rows.lean) ** 2 / farther
    )
    shown = leans[3] + np.log(heel_long) - np.log(calf_long) + np.log(farther)
    change = np.stack([by_heel, by_calf, by_gain, np.ones_like(by_gain)], axis=1)
    return shown, change
