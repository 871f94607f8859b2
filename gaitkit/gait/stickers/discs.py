"""How calf and heel of a standing person lean, from the shape in which discs are seen.

A round sticker lies flat on the skin, so its ellipse in the picture tells the direction
of the skin there. A line between two stickers leans as the skin at its ends does on
average (exactly so on an arc). With a camera that looks down on the leg the discs of
calf and lower heel change their shape by 0.7 to 0.8 % for each degree; that of the
upper heel looks at the camera and tells next to nothing. What is usual stays part of
the answer, weighed by its error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import Array
from gaitkit.gait.stickers.shape import LegLean
from gaitkit.gait.stickers.sight import rays
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.stickers.sight import Lens


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinNormal:
    """Direction of the skin under a sticker, degrees; people differ by the ``sd``.

    Attributes
    ----------
    line : int
        0 for the line of the calf, 1 for that of the heel.
    elevation_deg, elevation_sd_deg : float
        How much more upwards the skin looks than the line leans forward.
    lateral_deg, lateral_sd_deg : float
        How far the skin looks outwards, of people who stand with their toes out.
    """

    line: int
    elevation_deg: float
    elevation_sd_deg: float
    lateral_deg: float
    lateral_sd_deg: float


SKIN = {
    "calf_upper": SkinNormal(
        line=0,
        elevation_deg=-1.6,
        elevation_sd_deg=1.6,
        lateral_deg=-19.0,
        lateral_sd_deg=14.0,
    ),
    "calf_lower": SkinNormal(
        line=0,
        elevation_deg=2.6,
        elevation_sd_deg=2.2,
        lateral_deg=-9.0,
        lateral_sd_deg=24.0,
    ),
    "heel_upper": SkinNormal(
        line=1,
        elevation_deg=13.0,
        elevation_sd_deg=3.0,
        lateral_deg=20.0,
        lateral_sd_deg=10.0,
    ),
    "heel_lower": SkinNormal(
        line=1,
        elevation_deg=-14.2,
        elevation_sd_deg=2.5,
        lateral_deg=3.0,
        lateral_sd_deg=10.0,
    ),
}
"""Measured on 132 feet of 66 virtual people of two body meshes, seed 500, kept for
fitting; the spreads of the first kind are taken 1.1 to 1.6 times as wide as there.
Unconfirmed on real people."""

FEET_ALIKE = 0.8
"""Correlation of left and right of one person; 0.93 to 0.97 on the virtual people,
less is claimed."""

SIZE_SD_PX = 0.2
"""Error of a diameter of a disc: 0.02 of 9 px on virtual people, JPEG 92."""

BENT = 0.01
"""Least error of a diameter as a share of it: a disc of 12 mm that follows a heel of
25 mm radius looks 1 % narrower than a flat one (arc against chord)."""

TILT_SD = 0.03
"""Error of the correlation of both directions in a disc, measured there as 0.023."""

FREEDOM = 4.0
"""Of Student's distribution of these errors: a disc that lies half on the floor behind
or on a hem is off by ten times the usual."""

DISC_ROUNDS = 8
"""Repetitions of the linearised fit; it settles in five."""

NUDGE = math.radians(0.5)
SIZE_UNKNOWN = 10.0
"""Standard deviation of the logarithm of the size, about which nothing is assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """The ellipse that one sticker is in a picture.

    Attributes
    ----------
    role : str
        Which of `SKIN`.
    side : Side
        Of which leg.
    x_px, y_px : float
        Its centre.
    wide_px, tall_px : float
        Root of its second moments across and down, as diameters.
    tilt : float
        Correlation of both, y down: 0 for an ellipse that stands upright.
    """

    role: str
    side: Side
    x_px: float
    y_px: float
    wide_px: float
    tall_px: float
    tilt: float


def disc_of_ellipse(
    role: str,
    side: Side,
    *,
    centre: tuple[float, float],
    diameters: tuple[float, float],
    angle_deg: float,
) -> Disc:
    """Return the disc of an ellipse; the angle is that of the major axis, clockwise."""
    major, minor = diameters
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    wide = math.hypot(major * cos, minor * sin)
    tall = math.hypot(major * sin, minor * cos)
    return Disc(
        role=role,
        side=side,
        x_px=centre[0],
        y_px=centre[1],
        wide_px=wide,
        tall_px=tall,
        tilt=(major**2 - minor**2) * cos * sin / (wide * tall),
    )


def mean_disc(discs: Sequence[Disc]) -> Disc:
    """Return the mean of one disc over several frames."""
    first = discs[0]
    places = ("x_px", "y_px", "wide_px", "tall_px", "tilt")
    mean = {name: float(np.mean([getattr(d, name) for d in discs])) for name in places}
    return Disc(role=first.role, side=first.side, **mean)


def leans_of_discs(
    discs: Sequence[Disc], *, lens: Lens, usual: LegLean
) -> dict[Side, LegLean]:
    """Return how the sticker lines of each leg lean.

    Parameters
    ----------
    discs : sequence of Disc
        Stickers of calf and heel of one person seen from behind, all of one size; a
        leg needs not have all four.
    lens : Lens
        The camera, taken to look level.
    usual : LegLean
        What is usual, and by how much people differ.

    Returns
    -------
    dict of Side to LegLean
        For each side with a disc.

    Notes
    -----
    A disc with unit normal ``n`` seen along ``u`` has the second moments
    ``J (I - n n') J'`` with ``J = [[1, 0, -u_x], [0, 1, -u_y]]``, up to its size. The
    unknowns are both leans of each leg, two directions of the skin under each disc and
    one size; their normal prior and the shapes with Student's errors (Lange et al.
    1989, doi:10.1080/01621459.1989.10478852) are fitted together (Gauss-Newton with
    weights), and the covariance is that of the linearised fit. Virtual discs are flat,
    real ones follow the skin: narrowing those of the tendon by 8 % and of the heel by
    2 %, as bending would, moved heel less calf by 1.6 deg and left its spread as it
    was. It is wrong where a sticker does not stick; unconfirmed on real people.
    """
    if not discs:
        return {}
    problem = _Problem.of(discs, lens, usual)
    found, covariance = problem.solved()
    own = {side: slice(1 + 2 * k, 3 + 2 * k) for k, side in enumerate(problem.sides)}
    return {
        side: LegLean.known(
            np.degrees(found[at]), covariance[at, at] * math.degrees(1.0) ** 2
        )
        for side, at in own.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Unknowns: size, leans of each leg, then up and aside of the skin at each disc.

    Attributes
    ----------
    sides : tuple of Side
        Legs.
    sight : array (discs, 3)
        Ray of each disc.
    shown, error : array (discs, 3)
        Logarithm of both diameters and tilt, y up; and their standard errors.
    mean : array (unknowns,)
        Before the shapes are looked at; angles in radians.
    precision : array (unknowns, unknowns)
        Inverse of the covariance of that.
    """

    sides: tuple[Side, ...]
    sight: Array
    shown: Array
    error: Array
    mean: Array
    precision: Array

    @classmethod
    def of(cls, discs: Sequence[Disc], lens: Lens, usual: LegLean) -> _Problem:
        sides = tuple(side for side in Side if any(d.side is side for d in discs))
        shown = np.array([_upright(disc, lens.roll_deg) for disc in discs])
        diameters = np.exp(shown[:, :2])
        size = np.maximum(SIZE_SD_PX / diameters, BENT)
        error = np.column_stack([size, np.full(len(discs), TILT_SD)])
        mean, covariance = _before(discs, sides, usual)
        mean[0] = np.median(shown[:, 0])
        places = np.array([(d.x_px, d.y_px) for d in discs])
        return cls(
            sides=sides,
            sight=rays(places, lens),
            shown=shown,
            error=error,
            mean=mean,
            precision=np.asarray(np.linalg.inv(covariance)),
        )

    def solved(self) -> tuple[Array, Array]:
        """Return the unknowns and their covariance."""
        found, weight = self.mean, np.ones(len(self.sight))
        known = self.precision
        for number in range(DISC_ROUNDS):
            seen, change = self._seen(found)
            inverse = (weight[:, None] / self.error**2).ravel()
            known = (change.T * inverse) @ change + self.precision
            pull = (change.T * inverse) @ (self.shown - seen).ravel()
            pull += self.precision @ (self.mean - found)
            found = found + np.linalg.solve(known, pull)
            if number > 0:
                weight = self._weight(found)
        return found, np.asarray(np.linalg.inv(known))

    def _weight(self, found: Array) -> Array:
        """Return the weight (discs,) of each disc: less the worse it fits."""
        off = ((self.shown - self._seen(found)[0]) / self.error) ** 2
        return np.asarray(np.minimum((FREEDOM + 3) / (FREEDOM + off.sum(axis=1)), 1.0))

    def _seen(self, found: Array) -> tuple[Array, Array]:
        """Return what shapes (discs, 3) show, and the change (discs * 3, unknowns)."""
        first, count = 1 + 2 * len(self.sides), len(self.sight)
        skin = found[first:].reshape(count, 2)
        shape = _shape(self.sight, skin)
        shape[:, :2] += found[0]
        change = np.zeros((count, 3, len(found)))
        change[:, :2, 0] = 1.0
        each = np.arange(count)
        for way in range(2):
            step = np.eye(2)[way] * NUDGE
            slope = _shape(self.sight, skin + step) - _shape(self.sight, skin - step)
            change[each, :, first + 2 * each + way] = slope / (2 * NUDGE)
        return shape, change.reshape(count * 3, -1)


def _upright(disc: Disc, roll_deg: float) -> tuple[float, float, float]:
    """Return the logarithms of both diameters and the tilt, y up and the roll out."""
    across = -disc.tilt * disc.wide_px * disc.tall_px
    moments = np.array([[disc.wide_px**2, across], [across, disc.tall_px**2]])
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    turn = np.array([[cos, sin], [-sin, cos]])
    level = turn @ moments @ turn.T
    wide, tall = math.sqrt(level[0, 0]), math.sqrt(level[1, 1])
    return math.log(wide), math.log(tall), float(level[0, 1]) / (wide * tall)


def _before(
    discs: Sequence[Disc], sides: Sequence[Side], usual: LegLean
) -> tuple[Array, Array]:
    """Return mean and covariance of the unknowns before any shape is looked at."""
    legs = len(sides)
    count = 1 + 2 * legs + 2 * len(discs)
    from_leans = np.zeros((count, 2 * legs))
    from_leans[1 : 1 + 2 * legs] = np.eye(2 * legs)
    more, own = np.zeros(count), np.zeros(count)
    own[0] = SIZE_UNKNOWN
    for number, disc in enumerate(discs):
        skin, row = SKIN[disc.role], 1 + 2 * legs + 2 * number
        out = -1.0 if disc.side is Side.LEFT else 1.0
        from_leans[row, 2 * sides.index(disc.side) + skin.line] = 1.0
        more[row : row + 2] = np.radians([skin.elevation_deg, out * skin.lateral_deg])
        own[row : row + 2] = np.radians([skin.elevation_sd_deg, skin.lateral_sd_deg])
    alike = np.full((legs, legs), FEET_ALIKE) + (1 - FEET_ALIKE) * np.eye(legs)
    leans = np.radians(np.tile([usual.calf_deg, usual.heel_deg], legs))
    apart = np.kron(alike, usual.covariance * math.radians(1.0) ** 2)
    covariance = from_leans @ apart @ from_leans.T + np.diag(own**2)
    return from_leans @ leans + more, covariance


def _shape(sight: Array, skin: Array) -> Array:
    """Return the shape (n, 3) of discs of size 1 whose skin looks up and aside."""
    up, aside = skin.T
    normal = np.stack(
        [np.cos(up) * np.sin(aside), np.sin(up), -np.cos(up) * np.cos(aside)], axis=1
    )
    across = normal[:, 0] - sight[:, 0] * normal[:, 2]
    upright = normal[:, 1] - sight[:, 1] * normal[:, 2]
    wide = 1.0 + sight[:, 0] ** 2 - across**2
    tall = 1.0 + sight[:, 1] ** 2 - upright**2
    both = sight[:, 0] * sight[:, 1] - across * upright
    return np.stack(
        [np.log(wide) / 2, np.log(tall) / 2, both / np.sqrt(wide * tall)], axis=1
    )
