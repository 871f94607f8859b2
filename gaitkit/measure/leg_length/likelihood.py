"""How probable what was measured is for each true difference, gross errors included.

*One reading* ``m`` of one person errs by a normal, or, now and then, grossly::

    L(d) = (1 - q) N(m; d, s) + q N(m; d, S),   S = max(times s, sqrt(s^2 + least^2))

with ``q``, ``times`` and ``least`` of ``methods.toml``. A gross error is a share of its
own instead of a wider error for all: of two readings that contradict each other neither
drags the estimate to the middle, and the interval widens or splits instead of moving.

*An error that several share* (what a method measures in a person; how somebody stands)
is a convolution of their product with a normal.

*Pictures of the pelvis* of one person and one pair of stickers show, in mm between the
hip joints,

    y = z + g (k d leg - b) + chance,      leg = 1 standing, 0 seated,

with ``z`` the asymmetry of the pelvis and of the placing of the stickers, ``b`` the
block under the right foot, ``g`` how far a pelvis follows a block, ``k`` how far it
follows an own difference compared with a block. A step between two standing pictures
cancels ``z``, and ``d`` with it; a seated picture shows ``z`` without ``d``. ``g`` and
``k`` belong to the person and are the same in front and behind; ``z`` is not. They are
integrated by Gauss-Hermite quadrature; for each pair the likelihood is a normal in
``d``. Wrong where a person answers a block by bending a knee, and where the seat bones
are as uneven as the rest of the pelvis (``seat_mm`` is assumed).

References
----------
Fann AV (2003). J Orthop Sports Phys Ther / Arch Phys Med Rehabil: blocks of 6.35 and
12.7 mm moved the sacral sulci of 39 people by 4.6 +- 4.0 and 7.8 +- 4.3 mm on X-ray.
Box GEP, Tiao GC (1968). A Bayesian approach to some outlier problems. Biometrika
55:119-129. doi:10.1093/biomet/55.1.119
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.posterior import GRID_MM, STEP_MM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.methods import GrossErrors, PictureErrors
    from gaitkit.model.standing import PelvisTilt

NODES = 5
"""Points of the quadrature over each of the two answers of a person."""

LEAST_ANSWER, LEAST_OWN = 0.15, 0.3
"""A pelvis that follows a block, or an own difference, less than this is no pelvis."""

KERNEL_SDS = 4.5
FLOOR = 1e-300


def reading_log(
    value_mm: float,
    sd_mm: float,
    gross: GrossErrors,
    *,
    shared_mm: float = 0.0,
    gain: tuple[float, float] = (1.0, 0.0),
) -> NDArray[np.float64]:
    """Return the log likelihood of one reading at `GRID_MM`.

    Parameters
    ----------
    value_mm, sd_mm : float
        The reading and the error that it has for itself.
    gross : GrossErrors
        Share and size of gross errors.
    shared_mm : float
        Part of the error of the reading that is added later (`with_shared`); it is
        part of the error from which the size of a gross one follows.
    gain : tuple of float
        What the reading shows of a true difference, and the spread of that.
    """
    whole = math.hypot(sd_mm, shared_mm)
    size = max(gross.times * whole, math.hypot(whole, gross.least_mm))
    wild = math.sqrt(size**2 - shared_mm**2)
    likely = np.zeros_like(GRID_MM)
    for shows, weight in _gains(*gain):
        off = shows * GRID_MM - value_mm
        plain = (1.0 - gross.share) / sd_mm * np.exp(-0.5 * (off / sd_mm) ** 2)
        rare = gross.share / wild * np.exp(-0.5 * (off / wild) ** 2)
        likely += weight * (plain + rare)
    log: NDArray[np.float64] = np.log(likely + FLOOR)
    return log


@lru_cache(maxsize=16)
def _gains(gain: float, sd: float) -> tuple[tuple[float, float], ...]:
    if sd == 0.0:
        return ((gain, 1.0),)
    at, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return tuple(
        (max(gain + sd * float(x), LEAST_OWN), float(w / weights.sum()))
        for x, w in zip(at, weights, strict=True)
    )


def with_shared(log: NDArray[np.float64], sd_mm: float) -> NDArray[np.float64]:
    """Return a log likelihood with an error that all of it shares."""
    if sd_mm <= 0.0:
        return log
    top = log.max()
    spread = np.convolve(_edged(np.exp(log - top)), _kernel(sd_mm), mode="valid")
    result: NDArray[np.float64] = np.log(spread + FLOOR) + top
    return result


def _edged(likely: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.pad(likely, _MOST_HALF, mode="edge")


_MOST_HALF = math.ceil(KERNEL_SDS * 20.0 / STEP_MM)
"""Half the length of every kernel, in steps: what is shared stays below 20 mm."""


@lru_cache(maxsize=64)
def _kernel(sd_mm: float) -> NDArray[np.float64]:
    at = STEP_MM * np.arange(-_MOST_HALF, _MOST_HALF + 1)
    kernel = np.exp(-0.5 * (at / sd_mm) ** 2)
    whole: NDArray[np.float64] = kernel / kernel.sum()
    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What the pictures of one pair of stickers say, for one size of the zero.

    ``log N = scale - (curve(g) - 2 a along(g) + a^2 stiff) / 2`` with ``a = g k d``.
    """

    stiff: float
    leg_y: float
    leg_b: float
    y_y: float
    y_b: float
    b_b: float
    scale: float

    def at(
        self, g: NDArray[np.float64], slope: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the log likelihood for answers ``g`` and shown differences."""
        along = self.leg_y + g * self.leg_b
        square = self.y_y + 2.0 * g * self.y_b + g**2 * self.b_b
        return self.scale - 0.5 * (square - 2.0 * slope * along + slope**2 * self.stiff)


def pictures_log(
    tilts: Sequence[PelvisTilt], errors: PictureErrors, *, gross: bool = True
) -> NDArray[np.float64]:
    """Return the log likelihood of all pictures of the pelvis of a visit.

    Parameters
    ----------
    tilts : sequence of PelvisTilt
        Front and back, standing and seated, with and without blocks.
    errors : PictureErrors
        Of ``methods.toml``.
    gross : bool
        False leaves stickers far beside their bones out.

    Returns
    -------
    array (grid,)
        Without the part of how somebody stands, which is added with `with_shared`.
    """
    lines = [
        (
            _line([t for t in tilts if t.line == name], errors, of_line.zero_mm),
            _line(
                [t for t in tilts if t.line == name],
                errors,
                math.hypot(of_line.zero_mm, errors.gross.least_mm),
            ),
        )
        for name, of_line in errors.lines.items()
        if any(t.line == name for t in tilts)
    ]
    share = errors.gross.share if gross else 0.0
    answers = _answers(errors)
    g = np.array([[pair[0]] for pair, _ in answers])
    shown = np.array([[pair[0] * pair[1]] for pair, _ in answers]) * GRID_MM
    log = np.log([[weight] for _, weight in answers]) + np.zeros_like(shown)
    for plain, wild in lines:
        own = math.log1p(-share) + plain.at(g, shown)
        if share:
            own = np.logaddexp(own, math.log(share) + wild.at(g, shown))
        log = log + own
    top = log.max()
    total: NDArray[np.float64] = np.log(np.exp(log - top).sum(axis=0) + FLOOR) + top
    return total


def _line(tilts: Sequence[PelvisTilt], errors: PictureErrors, zero_mm: float) -> _Line:
    y = np.array([t.tilt_mm for t in tilts])
    block = np.array([t.block_mm for t in tilts])
    leg = np.array([0.0 if t.seated else 1.0 for t in tilts])
    precision = np.linalg.inv(_covariance(tilts, errors, zero_mm))
    _, log_determinant = np.linalg.slogdet(precision)
    return _Line(
        stiff=float(leg @ precision @ leg),
        leg_y=float(leg @ precision @ y),
        leg_b=float(leg @ precision @ block),
        y_y=float(y @ precision @ y),
        y_b=float(y @ precision @ block),
        b_b=float(block @ precision @ block),
        scale=0.5 * float(log_determinant),
    )


def _covariance(
    tilts: Sequence[PelvisTilt], errors: PictureErrors, zero_mm: float
) -> NDArray[np.float64]:
    """Return the covariance (pictures, pictures) of what is not the legs, in mm2."""
    roll = max((t.roll_mm for t in tilts), default=0.0)
    result = np.full((len(tilts), len(tilts)), zero_mm**2 + roll**2)
    for i, one in enumerate(tilts):
        for j, other in enumerate(tilts):
            if one.seated and other.seated:
                result[i, j] += errors.seat_mm**2
            elif not one.seated and not other.seated:
                same = one.block_mm == other.block_mm
                result[i, j] += errors.stays_mm**2 if same else 0.0
        anew = errors.seated_mm if one.seated else errors.stance_mm
        result[i, i] += anew**2 + one.sd_mm**2
    return result


@lru_cache(maxsize=8)
def _answers(
    errors: PictureErrors,
) -> tuple[tuple[tuple[float, float], float], ...]:
    """Return pairs of answer to a block and to an own difference, with weights."""
    at, weights = np.polynomial.hermite_e.hermegauss(NODES)
    shares = weights / weights.sum()
    answers = [max(errors.answer + errors.answer_sd * x, LEAST_ANSWER) for x in at]
    own = [max(errors.own + errors.own_sd * x, LEAST_OWN) for x in at]
    return tuple(
        ((answers[i], own[j]), float(shares[i] * shares[j]))
        for i, j in product(range(NODES), repeat=2)
    )
