"""Standing on the plate: load shares and sway.

References
----------
Schubert P, Kirchner M (2014). Ellipse area calculations and their applicability in
posturography. Gait Posture 39:518-522. doi:10.1016/j.gaitpost.2013.09.001
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.plate import Standing
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.contact import Contact

CHI2_95_2 = 5.991464547107979
"""95 % quantile of chi-square with 2 degrees of freedom."""

LOW_PASS_HZ = 10.0
"""Usual cut-off for the sway of standing people."""

REARFOOT = "rearfoot"
FOREFOOT = "forefoot"
TOTAL = "total"


def measure_standing(contacts: Sequence[Contact]) -> Standing:
    """Measure load shares and sway of a standing person.

    Parameters
    ----------
    contacts : sequence of Contact
        Feet of one recording that share most of its time.

    Notes
    -----
    Area = pi * chi2(0.95, 2) * sqrt(l1 * l2) with the eigenvalues l of the covariance
    of the centre of pressure: the ellipse in which 95 % of the points lie. The low-pass
    is a second-order zero-lag Butterworth filter of 10 Hz.
    """
    start = max(contact.start for contact in contacts)
    stop = min(contact.stop for contact in contacts)
    time = contacts[0].time_s[start - contacts[0].start : stop - contacts[0].start]
    interval = float(time[-1] - time[0]) / max(time.size - 1, 1)
    loads, moments = [], []
    for contact in contacts:
        cells = contact.pressure[start - contact.start : stop - contact.start]
        cells = cells.astype(np.float64) * contact.cell_mm2 * 1e-3
        rows, cols = cells.shape[1:]
        x = (np.arange(cols) - (cols - 1) / 2) * contact.pitch_mm[1]
        y = (np.arange(rows) - (rows - 1) / 2) * contact.pitch_mm[0]
        force = cells.sum(axis=(1, 2))
        moments.append(
            np.column_stack(
                [
                    cells.sum(axis=1) @ x + force * contact.center_mm[0],
                    cells.sum(axis=2) @ y + force * contact.center_mm[1],
                ]
            )
        )
        half = rows // 2
        rear = cells[:, :half].sum(axis=(1, 2))
        if rows % 2:  # the middle row belongs to both halves
            rear = rear + cells[:, half].sum(axis=1) / 2
        loads.append((contact.side, force, rear))
    whole = np.sum([force for _, force, _ in loads], axis=0)
    center = np.sum(moments, axis=0) / np.maximum(whole, 1e-9)[:, None]
    center = _smooth(center, 1 / interval if interval > 0 else 0.0)
    steps = np.hypot(*np.diff(center, axis=0).T)
    return Standing(
        duration_s=time.size * interval,
        load_share=_shares(loads, whole),
        center_mm=center,
        sway_path_mm=float(steps.sum()),
        sway_area_mm2=ellipse_area_mm2(center),
    )


def ellipse_area_mm2(center_mm: np.ndarray) -> float:
    """Return the area of the 95 % prediction ellipse of points (time, 2)."""
    covariance = np.cov(center_mm.T)
    determinant = max(float(np.linalg.det(covariance)), 0.0)
    return float(np.pi * CHI2_95_2 * np.sqrt(determinant))


def _shares(
    loads: Sequence[tuple[Side, np.ndarray, np.ndarray]], whole: np.ndarray
) -> tuple[tuple[Side, str, float, float], ...]:
    rows = []
    for side in Side:
        force = np.sum([f for s, f, _ in loads if s is side], axis=0)
        rear = np.sum([r for s, _, r in loads if s is side], axis=0)
        parts = ((TOTAL, force), (FOREFOOT, force - rear), (REARFOOT, rear))
        for region, part in parts:
            if np.ndim(part) == 0:
                continue
            share = 100 * part / np.maximum(whole, 1e-9)
            mean = 100 * float(np.sum(part)) / float(whole.sum())
            rows.append((side, region, mean, float(np.std(share))))
    return tuple(rows)


def _smooth(center: np.ndarray, rate_hz: float) -> np.ndarray:
    from scipy.signal import butter, sosfiltfilt

    shortest = int(3 * rate_hz / LOW_PASS_HZ) + 1
    if rate_hz <= 2.5 * LOW_PASS_HZ or len(center) <= shortest:
        return center
    sections = butter(2, LOW_PASS_HZ, fs=rate_hz, output="sos")
    return np.asarray(sosfiltfilt(sections, center, axis=0, padlen=shortest - 1))
