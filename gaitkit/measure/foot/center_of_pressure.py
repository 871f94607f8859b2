"""The centre of pressure of one foot, its path, speed and excursion.

References
----------
Song J et al. (1996). Foot type biomechanics: comparison of planus and rectus foot
types. J Am Podiatr Med Assoc 86:16-23. doi:10.7547/87507315-86-1-16 (excursion index)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.foot import CenterOfPressure

if TYPE_CHECKING:
    from gaitkit.measure.foot.axis import Axis
    from gaitkit.measure.foot.footprint import Footprint
    from gaitkit.measure.foot.regions import FootRegions
    from gaitkit.model.foot import FootLoad

LOW_PASS_HZ = 20.0
"""Cut-off of the smoothing (code of the StepUP-P150 data set)."""

FEWEST_FRAMES = 10
"""A shorter roll-off has no path."""

DISTAL_TERTILE = 2.0 / 3.0


def center_of_pressure(
    foot: Footprint, axis: Axis, load: FootLoad, regions: FootRegions
) -> CenterOfPressure | None:
    """Return the centre of pressure during stance, None for too short a contact.

    Notes
    -----
    Sum of p*xy over sum of p on all loaded cells, in double precision; then a
    second-order zero-lag Butterworth low-pass of 20 Hz where the rate allows it.
    """
    frames = np.arange(load.first, load.last + 1)
    frames = frames[load.force_n[frames] > 0]
    if frames.size < FEWEST_FRAMES:
        return None
    rows, cols = foot.peak.shape
    cells = foot.pressure[frames].astype(np.float64)
    total = cells.sum(axis=(1, 2))
    x = (np.arange(cols) - (cols - 1) / 2) * foot.pitch_mm[1]
    y = (np.arange(rows) - (rows - 1) / 2) * foot.pitch_mm[0]
    lateral = (cells.sum(axis=1) @ x) / total
    forward = (cells.sum(axis=2) @ y) / total
    rate = 1 / load.interval_s
    lateral, forward = (_smooth(path, rate) for path in (lateral, forward))
    return CenterOfPressure(
        time_s=load.time_s[frames],
        lateral_mm=lateral,
        forward_mm=forward,
        along_mm=axis.along(lateral, forward) - regions.grid.start_mm,
        across_mm=axis.across(lateral, forward),
        length_mm=regions.grid.length_mm,
    )


def excursion_index(
    path: CenterOfPressure, regions: FootRegions, *, threshold_kpa: float
) -> float:
    """Return the centre of pressure excursion index, % of the forefoot width.

    Parameters
    ----------
    path : CenterOfPressure
        The roll-off.
    regions : FootRegions
        Its grid gives the width of the forefoot.
    threshold_kpa : float
        Contact of the width.

    Returns
    -------
    float
        Positive when the path bulges laterally; NaN when the path does not cross the
        distal tertile of the foot.

    Notes
    -----
    The construction line runs from the first to the last centre of pressure. At two
    thirds of the length, the distance across the foot between the path (its first
    crossing) and the line is divided by the width of the footprint there. Deviation
    from Song: across means perpendicular to the foot axis, not to the medial border.
    """
    level = DISTAL_TERTILE * path.length_mm
    along, across = path.along_mm, path.across_mm
    crossing = np.flatnonzero((along[:-1] < level) & (along[1:] >= level))
    if crossing.size == 0 or along[-1] - along[0] <= 0:
        return float("nan")
    at = int(crossing[0])
    part = (level - along[at]) / (along[at + 1] - along[at])
    here = across[at] + part * (across[at + 1] - across[at])
    share = (level - along[0]) / (along[-1] - along[0])
    line = across[0] + share * (across[-1] - across[0])
    grid = regions.grid
    row = int(np.argmin(np.abs(grid.along_mm - level)))
    loaded = np.flatnonzero(grid.values[row] >= threshold_kpa)
    if loaded.size == 0:
        return float("nan")
    width = float(np.ptp(grid.across_mm[loaded])) + float(
        grid.across_mm[1] - grid.across_mm[0]
    )
    return float(100 * (here - line) / width)


def _smooth(path: np.ndarray, rate_hz: float) -> np.ndarray:
    from scipy.signal import butter, sosfiltfilt

    if rate_hz <= 2.5 * LOW_PASS_HZ:
        return path
    sections = butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos")
    pad = min(path.size - 1, int(rate_hz / LOW_PASS_HZ) * 3)
    return np.asarray(sosfiltfilt(sections, path, padlen=pad))
