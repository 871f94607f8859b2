"""Pressure, force, area and time of each region and of the whole foot.

Notes
-----
``pressure_time_integral`` is novel's: the integral over time of the highest cell of
the region. (Melai 2011 divides the impulse by the area instead; the two differ by a
factor of two and more and must not be compared.) Shares of contact are in per cent of
stance, shares of impulse in per cent of the foot.

References
----------
Melai T et al. (2011). Calculation of plantar pressure time integral, an alternative
approach. Gait Posture 34:379-383. doi:10.1016/j.gaitpost.2011.06.005
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.contact import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.measure.foot.footprint import Footprint
    from gaitkit.model.foot import FootLoad

TOTAL = "total"

Value = tuple[str, str | None, float]
"""Name in the catalogue, region, value (NaN where there is none)."""


def shape_values(foot: Footprint, mask: np.ndarray, load: FootLoad) -> Iterator[Value]:
    """Yield area, peak pressure and peak force of the regions and the whole."""
    area = np.bincount(mask.ravel(), minlength=len(REGIONS) + 1)[1:] * foot.cell_cm2
    for index, region in enumerate(REGIONS):
        yield "contact_area", region.value, float(area[index])
        yield "peak_pressure", region.value, _peak(load.region_peak_kpa[:, index])
        yield "peak_force", region.value, _peak(load.region_force_n[:, index])
    yield "contact_area", TOTAL, float(area.sum())
    yield "peak_pressure", TOTAL, float(foot.peak.max())
    yield "peak_force", TOTAL, float(load.force_n.max())


def timed_values(load: FootLoad, *, threshold_kpa: float) -> Iterator[Value]:
    """Yield contact time, integrals and shares; all NaN for a single picture."""
    stance = load.stance
    step = load.interval_s
    whole = float(load.force_n[stance].sum())
    frames = load.last - load.first + 1
    yield "contact_time", None, load.contact_time_s
    for index, region in enumerate(REGIONS):
        peak = load.region_peak_kpa[stance, index]
        touched = int((peak >= threshold_kpa).sum())
        force = float(load.region_force_n[stance, index].sum())
        absent = touched == 0 or not np.isfinite(step)
        missing = float("nan")
        integral = missing if absent else float(peak.sum()) * step
        yield "pressure_time_integral", region.value, integral
        share = missing if np.isnan(step) else 100 * force / whole
        yield "impulse_share", region.value, share
        contact = missing if np.isnan(step) else 100 * touched / frames
        yield "contact_share", region.value, contact
    highest = load.region_peak_kpa[stance].max(axis=1)
    yield "pressure_time_integral", TOTAL, float(highest.sum()) * step


def _peak(values: np.ndarray) -> float:
    highest = float(values.max(initial=0.0))
    return highest if highest > 0 else float("nan")
