"""The paths of one foot in one straight pass, as every detector needs them.

What a detector returns before its bias is removed: candidate events of one foot.

Peaks and crossings of a signal, timed between samples.

`scipy.signal` takes most of a second to load, so it is loaded at its first use; of a
video that is while the pose model works (`gaitkit.pipeline.video`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from gaitkit.model.events import EventKind
from gaitkit.model.keypoints import path_of
from gaitkit.model.side import Side
from gaitkit.signal.filters import derivative
from gaitkit.signal.gaps import valid_runs
from gaitkit.signal.progress import drift, rhythm_s
from gaitkit.signal.upright import mean_known, median_known

if TYPE_CHECKING:
    import xarray as xr

MIN_STRIDE_S = 0.6
"""Two peaks of one foot are at least this far apart: 200 steps/min."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPaths:
    """One foot in one pass.

    Attributes
    ----------
    side : Side
        The foot.
    walk_pass : int
        Number of the pass.
    time_s : array (time,)
        Uniform clock of the pass.
    rate_hz : float
        Its rate.
    heel, toe : array (time, 2)
        Forward and up.
    pelvis : array (time,)
        Forward position of the middle of the hips.
    """

    side: Side
    walk_pass: int
    time_s: NDArray[np.float64]
    rate_hz: float
    heel: NDArray[np.float64]
    toe: NDArray[np.float64]
    pelvis: NDArray[np.float64]

    def local_speed(self) -> NDArray[np.float64]:
        """Return the speed of walking (time,): mean of the pelvis over one stride."""
        foot = mean_known(np.stack([self.heel[:, 0], self.toe[:, 0]]), axis=0)
        apart = foot - self.pelvis
        window_s = rhythm_s(apart[:, None], rate_hz=self.rate_hz)
        return drift(self.pelvis, window_s=window_s, rate_hz=self.rate_hz)

    def feet_per_s(self) -> float | None:
        """Return the speed of walking in lengths from heel to toe; None if unknown."""
        length = self._lengths()
        speed = self.local_speed() / np.where(length > 0, length, np.nan)
        known = speed[np.isfinite(speed)]
        return max(0.0, float(np.median(known))) if known.size else None

    def length(self) -> float:
        """Return the median length from heel to toe; NaN where it was never seen."""
        return median_known(self._lengths())

    def _lengths(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(self.toe - self.heel, axis=1), dtype=float)

    def pace(self, path: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the velocity along a path of this foot."""
        return derivative(path, rate_hz=self.rate_hz)


def foot_paths(walking: xr.Dataset, *, side: Side, walk_pass: int) -> FootPaths:
    """Cut the paths of one foot in one pass out of walking space.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space with the coordinate ``walk_pass``.
    side : Side
        The foot.
    walk_pass : int
        Number of the pass.
    """
    part = walking.isel(time=walking["walk_pass"].to_numpy() == walk_pass)

    def point(name: str) -> NDArray[np.float64]:
        return np.column_stack(
            [path_of(part, name, axis) for axis in ("forward", "up")]
        )

    hips = [path_of(part, f"{each}_hip", "forward") for each in Side]
    return FootPaths(
        side=side,
        walk_pass=walk_pass,
        time_s=part["time"].to_numpy(),
        rate_hz=float(walking.attrs["rate_hz"]),
        heel=point(f"{side}_heel"),
        toe=point(f"{side}_foot_index"),
        pelvis=mean_known(np.stack(hips), axis=0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One possible event.

    Attributes
    ----------
    kind : {"initial_contact", "foot_off"}
        What the foot does.
    time_s : float
        When, between samples.
    strength : float
        0 to 1: how clearly the signal shows it.
    """

    kind: EventKind
    time_s: float
    strength: float


class Detector(Protocol):
    """A rule that finds the events of one foot in one straight pass."""

    @property
    def name(self) -> str:
        """Name in the registry."""

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return the candidates in the order of time, as the rule itself times them."""


def peaks(
    values: NDArray[np.float64],
    *,
    time_s: NDArray[np.float64],
    prominence: float,
    min_distance_s: float = MIN_STRIDE_S,
) -> list[tuple[float, float]]:
    """Return the maxima of a signal, timed by a parabola through three samples.

    Parameters
    ----------
    values : array (time,)
        Uniformly sampled; NaN where missing. A maximum at the edge of what is known
        is no maximum.
    time_s : array (time,)
        Seconds.
    prominence : float
        How far a maximum stands out, in the unit of ``values``.
    min_distance_s : float
        Of two maxima nearer than this the higher stays.

    Returns
    -------
    list of (time_s, prominence)
        In the order of time.
    """
    from scipy.signal import find_peaks

    step_s = float(time_s[1] - time_s[0]) if time_s.size > 1 else 1.0
    distance = max(1, round(min_distance_s / step_s))
    found: list[tuple[float, float]] = []
    for run in valid_runs(values):
        part = values[run]
        at, facts = find_peaks(part, prominence=prominence, distance=distance)
        for index, size in zip(at, facts["prominences"], strict=True):
            shift = _vertex(part[index - 1], part[index], part[index + 1])
            time = float(time_s[run.start + index]) + shift * step_s
            found.append((time, float(size)))
    return found


def upward_crossings(
    values: NDArray[np.float64], *, time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the times at which a signal rises through zero, linearly interpolated."""
    before, after = values[:-1], values[1:]
    at = np.flatnonzero((before < 0) & (after >= 0))
    share = -before[at] / (after[at] - before[at])
    crossing: NDArray[np.float64] = time_s[at] + share * (time_s[at + 1] - time_s[at])
    return crossing


def _vertex(left: float, middle: float, right: float) -> float:
    """Return where a parabola through three samples peaks, in samples off middle."""
    bend = left - 2 * middle + right
    return 0.0 if bend == 0 else float(0.5 * (left - right) / bend)
