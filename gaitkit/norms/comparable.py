"""Whether a person may be compared with a reference at all (rule Q03).

Joint angles change with walking speed, so a band of healthy adults at their own
comfortable speed says nothing about somebody who walks much slower or faster.

References
----------
Fukuchi, Fukuchi, Duarte (2019), effects of walking speed.
doi:10.1186/s13643-019-1063-z
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from gaitkit.norms.source import Reference

MAX_SPEED_DIFFERENCE_M_S = 0.15
"""Largest difference in speed at which angles are still compared: about one standard
deviation of the comfortable speed of the reference adults (0.15 to 0.17 m/s). A choice
of gaitkit; the review above shows that speed matters but names no limit."""


def why_not_comparable(
    reference: Reference, *, speed_m_s: float | None, age_years: float | None
) -> Reason | None:
    """Return why a person may not be compared with a reference, or None when they may.

    Parameters
    ----------
    reference : Reference
        Whom to compare with.
    speed_m_s : float or None
        Walking speed of the person in this recording; None when unknown.
    age_years : float or None
        Age of the person; None when unknown, which is taken for adult: the reference
        is always named as adults.

    Returns
    -------
    Reason or None
        ``norm_adults_only``, ``norm_speed_unknown`` or ``norm_speed_differs``.
    """
    if age_years is not None and age_years < reference.valid_from_years:
        return reason("norm_adults_only", age=f"{age_years:.0f}")
    if reference.speed_m_s is None:
        return None
    if speed_m_s is None:
        return reason("norm_speed_unknown", norm=round(reference.speed_m_s, 2))
    if not speeds_match(speed_m_s, reference.speed_m_s):
        return reason(
            "norm_speed_differs",
            speed=f"{speed_m_s:.2f}",
            norm=round(reference.speed_m_s, 2),
            limit=f"{MAX_SPEED_DIFFERENCE_M_S:.2f}",
        )
    return None


def speeds_match(first_m_s: float, second_m_s: float) -> bool:
    """Return whether two walks are close enough in speed to compare their angles.

    It serves for two visits of one person as well as for a person and a reference.
    """
    return abs(first_m_s - second_m_s) <= MAX_SPEED_DIFFERENCE_M_S
