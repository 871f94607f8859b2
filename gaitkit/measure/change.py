"""One measure before and after: the change, its error, and what may be said of it.

The error of a change holds both standard errors; only the bias of the method cancels::

    sd^2 = own_b^2 + own_a^2 + (shared_b^2 - c^2) + (shared_a^2 - c^2)
    c    = min(shared_b, shared_a, bias of the method)

``own`` is what a value has for itself (chance of its strides, and the part of the
method's error that differs from visit to visit), ``shared`` the rest: the bias of the
method and the scale. The same method has the same bias at both visits, so it cancels
(``c``, from the catalogue); the scale is found anew at each visit, so it does not. Of
two methods, or of a method whose bias the catalogue does not give, nothing cancels, and
values of different methods are not compared at all.

A change is demonstrable when it is larger than its 95 % limit and than the catalogue's
detectable change of the method. Measures of walking depend on speed: they are judged
only when both speeds are known and differ by at most `ChangeSettings.speed_m_s`.

The method is wrong where the second visit differs in something else that matters: other
shoes, another walkway, another examiner, fatigue, pain of that day.

References
----------
JCGM 100:2008, Guide to the expression of uncertainty in measurement, section 5.
Fukuchi CA et al. (2019), speed and gait. doi:10.1186/s13643-019-1063-z
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.errors import ConfigError
from gaitkit.measure.uncertainty import (
    Uncertainty,
    of_both,
    own_and_shared,
    uncertainty_of,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.comparison import Change, NotCompared
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.comparison import ChangeVerdict
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.reason import Reason

SPEED = "walking_speed"
STANDING = frozenset({"load_share", "sway_path", "sway_area"})
"""Measures of a plate on which a person stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings:
    """When two visits may be compared.

    Attributes
    ----------
    speed_m_s : float
        Largest difference in walking speed at which measures of walking are compared,
        in metres per second; the rule set's limit for comparing with the norm.

    Raises
    ------
    ConfigError
        If it is not above 0.
    """

    speed_m_s: float = 0.15

    def __post_init__(self) -> None:
        """Check the speed."""
        if not self.speed_m_s > 0:
            msg = f"change.speed_m_s must be above 0, got {self.speed_m_s!r}"
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Under what two values were measured.

    Attributes
    ----------
    modalities : tuple of str
        Kinds of recording under which the catalogue may know the method's error, such
        as ``("video", "video_far")``; the smallest bias among them is taken.
    walking : bool
        True for a recording of a walk, of which the measures depend on speed.
    speeds_m_s : tuple of (float or None)
        Walking speed before and after.
    """

    modalities: tuple[str, ...] = ()
    walking: bool = False
    speeds_m_s: tuple[float | None, float | None] = (None, None)


def change(
    before: Measurement,
    after: Measurement,
    *,
    circumstances: Circumstances,
    settings: ChangeSettings | None = None,
) -> Change | NotCompared:
    """Return after minus before with its error, or why the two are not compared.

    Parameters
    ----------
    before, after : Measurement
        The same measure, side and region of two visits.
    circumstances : Circumstances
        How both were measured.
    settings : ChangeSettings or None
        None: the defaults.

    Returns
    -------
    Change or NotCompared
        ``NotCompared`` when a value or its error is missing, or the methods differ.

    Raises
    ------
    ValueError
        If they are not the same measure, side and region.
    """
    _check_same(before, after)
    refusal = _refusal(before, after)
    known = uncertainty_of(before), uncertainty_of(after)
    if refusal is not None or known[0] is None or known[1] is None:
        return NotCompared(
            name=before.name,
            side=before.side,
            region=before.region,
            why=refusal or reason("compare_error_unknown"),
        )
    cancelled = _bias(before.name, known[0], known[1], circumstances)
    combined = change_uncertainty(known[0], known[1], cancelled_sd=cancelled)
    value = (after.value or 0.0) - (before.value or 0.0)
    low, high = combined.interval(value)
    detectable = max(
        combined.half_width, _detectable(before.name, circumstances.modalities)
    )
    why = _why_no_claim(before.name, circumstances, settings or ChangeSettings())
    return Change(
        before=before,
        after=after,
        value=value,
        sd=combined.sd,
        dof=combined.dof,
        low=low,
        high=high,
        cancelled_sd=cancelled,
        detectable_change=detectable,
        verdict="no_claim" if why else _verdict(value, detectable),
        why_no_claim=why,
    )


def change_uncertainty(
    before: Uncertainty, after: Uncertainty, *, cancelled_sd: float
) -> Uncertainty:
    """Return the uncertainty of after minus before.

    Parameters
    ----------
    before, after : Uncertainty
        Of the two values.
    cancelled_sd : float
        Bias of the method that both have in common; at most either shared error.

    Returns
    -------
    Uncertainty
        As in the formula at the head of this module; its degrees of freedom follow
        Welch and Satterthwaite.
    """
    first, second = (_without(each, cancelled_sd) for each in (before, after))
    return of_both(second, first, weights=(1.0, -1.0))


def depends_on_speed(name: str, *, walking: bool) -> bool:
    """Return True when a measure changes with walking speed alone."""
    return walking and name != SPEED and name not in STANDING


def expected_by_chance(changes: Sequence[Change]) -> float:
    """Return how many changes fall outside their error when nothing changed."""
    return 0.05 * sum(each.verdict != "no_claim" for each in changes)


def _without(known: Uncertainty, bias: float) -> Uncertainty:
    """Return an uncertainty without the bias, nothing of it shared any more."""
    return Uncertainty(sd=math.sqrt(max(known.sd**2 - bias**2, 0.0)), dof=known.dof)


def _bias(
    name: str, before: Uncertainty, after: Uncertainty, circumstances: Circumstances
) -> float:
    entry = definition(name)
    known = [
        own_and_shared(error)[1]
        for modality in circumstances.modalities
        if (error := entry.error(modality)) is not None
    ]
    return min(before.shared_sd, after.shared_sd, *known) if known else 0.0


def _detectable(name: str, modalities: tuple[str, ...]) -> float:
    entry = definition(name)
    found = (entry.error(modality) for modality in modalities)
    return min((e.detectable_change for e in found if e is not None), default=0.0)


def _verdict(value: float, detectable: float) -> ChangeVerdict:
    if abs(value) <= detectable:
        return "no_demonstrable_change"
    return "increased" if value > 0 else "decreased"


def _why_no_claim(
    name: str, circumstances: Circumstances, settings: ChangeSettings
) -> Reason | None:
    if not depends_on_speed(name, walking=circumstances.walking):
        return None
    before, after = circumstances.speeds_m_s
    if before is None or after is None:
        return reason("compare_speed_unknown")
    difference = abs(after - before)
    if difference <= settings.speed_m_s:
        return None
    return reason(
        "compare_speed_differs",
        difference=round(difference, 2),
        limit=settings.speed_m_s,
    )


def _refusal(before: Measurement, after: Measurement) -> Reason | None:
    if before.value is None or after.value is None:
        return reason("compare_one_visit")
    if before.method != after.method:
        return reason("compare_method_differs")
    return None


def _check_same(before: Measurement, after: Measurement) -> None:
    first, second = ((m.name, m.side, m.region, m.unit) for m in (before, after))
    if first != second:
        msg = f"expected one measure, side and region twice, got {first} and {second}"
        raise ValueError(msg)
