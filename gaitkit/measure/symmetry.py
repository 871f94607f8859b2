"""Left against right: signed differences and the symmetry index, with their errors.

A signed side difference is always left minus right. What both sides have in common,
the scale and the definition of the method, cancels; what each leg has for itself, such
as being the far leg of a side view, does not.

References
----------
Robinson, Herzog, Nigg (1987), symmetry index. J Manipulative Physiol Ther 10:172-176.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import (
    Uncertainty,
    of_both,
    probability,
    uncertainty_of,
)
from gaitkit.model.measurement import Measurement, SideDifferenceRow
from gaitkit.model.reason import reason
from gaitkit.model.side import Side
from gaitkit.norms.discrete import asymmetry_limit

if TYPE_CHECKING:
    from collections.abc import Sequence


INDEX = "symmetry_index"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideDifference:
    """Left minus right of one measure in one recording.

    Attributes
    ----------
    measure, region, unit : str
        As in the catalogue (``region`` may be None).
    value : float
        Left minus right.
    sd, dof : float
        Standard error and its degrees of freedom (None: normal).
    low, high : float
        95 % interval of the true difference.
    detectable_change : float
        A true difference of zero gives a smaller one than this in 95 % of such
        recordings. It holds the catalogue's detectable change of the method and the
        chance of these strides.
    healthy_p95 : float or None
        95 % of healthy adults differ less than this; None when unknown.
    left, right : Measurement
        The two values.
    quality : {"ok", "limited"}
        ``limited`` when either side is.
    """

    measure: str
    region: str | None
    unit: str
    value: float
    sd: float
    dof: float | None
    low: float
    high: float
    detectable_change: float
    healthy_p95: float | None
    left: Measurement
    right: Measurement
    quality: Literal["ok", "limited"]

    @property
    def limit(self) -> float:
        """Size below which there is no demonstrable difference.

        The larger of the detectable change and the healthy 95th percentile.
        """
        return max(self.detectable_change, self.healthy_p95 or 0.0)

    @property
    def demonstrable(self) -> bool:
        """True when the difference is larger than error and healthy variation."""
        return abs(self.value) > self.limit

    def probability_left_larger(self, by: float = 0.0) -> float:
        """Return the probability that left truly exceeds right by more than ``by``.

        A negative ``by`` asks whether right exceeds left by less than that.
        """
        return probability(self.value - by, Uncertainty(sd=self.sd, dof=self.dof))


def side_difference(left: Measurement, right: Measurement) -> SideDifference | None:
    """Return left minus right with its error.

    Parameters
    ----------
    left, right : Measurement
        The same measure and region of the left and of the right side, from the same
        recording.

    Returns
    -------
    SideDifference or None
        None when either side has no value or no error.

    Raises
    ------
    ValueError
        If they are not the two sides of one measure of one recording.
    """
    _check_pair(left, right)
    known = _both_known(left, right)
    if known is None or left.value is None or right.value is None:
        return None
    combined = of_both(*known, weights=(1.0, -1.0))
    value = left.value - right.value
    low, high = combined.interval(value)
    limit = asymmetry_limit(left.name) if left.region is None else None
    return SideDifference(
        measure=left.name,
        region=left.region,
        unit=left.unit,
        value=value,
        sd=combined.sd,
        dof=combined.dof,
        low=low,
        high=high,
        detectable_change=combined.half_width,
        healthy_p95=None if limit is None else limit.p95_absolute,
        left=left,
        right=right,
        quality=_worse(left, right),
    )


def side_differences(
    measurements: Sequence[Measurement],
) -> tuple[SideDifference, ...]:
    """Return left minus right for every measure of which both sides are known.

    Parameters
    ----------
    measurements : sequence of Measurement
        Of one or more recordings; sides are compared within a recording and a method
        only.

    Returns
    -------
    tuple of SideDifference
        In the order of the left measurements.
    """
    rights = {_key(m): m for m in measurements if m.side is Side.RIGHT}
    pairs = (
        (m, rights[_key(m)])
        for m in measurements
        if m.side is Side.LEFT and _key(m) in rights
    )
    found = (side_difference(left, right) for left, right in pairs)
    return tuple(difference for difference in found if difference is not None)


def difference_rows(
    measurements: Sequence[Measurement],
) -> tuple[SideDifferenceRow, ...]:
    """Return the side differences as an assessment keeps them, without both sides."""
    return tuple(
        SideDifferenceRow(
            measure=d.measure,
            region=d.region,
            unit=d.unit,
            method=d.left.method,
            recording=d.left.recording,
            value=d.value,
            sd=d.sd,
            dof=d.dof,
            low=d.low,
            high=d.high,
            detectable_change=d.detectable_change,
            healthy_p95=d.healthy_p95,
            quality=d.quality,
        )
        for d in side_differences(measurements)
    )


def symmetry_index(left: Measurement, right: Measurement) -> Measurement:
    """Return ``100 (L - R) / (0.5 (L + R))`` with its error.

    Parameters
    ----------
    left, right : Measurement
        The two sides of one measure of one recording.

    Returns
    -------
    Measurement
        ``symmetry_index`` with the measure as region; without a value, and with the
        reason, when a side is missing or when the mean of both sides is not clearly
        different from zero.

    Raises
    ------
    ValueError
        If they are not the two sides of one measure of one recording.
    CatalogueError
        If the catalogue names no symmetry index for the measure.

    Notes
    -----
    The error follows from the partial derivatives ``400 R / (L + R)^2`` and
    ``-400 L / (L + R)^2``; the error of the scale cancels exactly. A percentage is
    refused where left and right have different signs or zero lies within the 95 %
    interval of their mean: there the linear propagation, and the index itself, break
    down. Other formulas of the name give other values.
    """
    _check_pair(left, right)
    origin = Origin(
        name=INDEX,
        region=left.name,
        method=left.method,
        recording=left.recording,
        quality=_worse(left, right),
    )
    known = _both_known(left, right)
    if known is None or left.value is None or right.value is None:
        missing = left.why_missing or right.why_missing
        return absent(missing or reason("one_side_missing"), origin)
    total = left.value + right.value
    mean_known = of_both(*known, weights=(0.5, 0.5))
    if left.value * right.value <= 0 or mean_known.half_width >= abs(0.5 * total):
        return absent(reason("symmetry_near_zero"), origin)
    weights = (400.0 * right.value / total**2, -400.0 * left.value / total**2)
    combined = of_both(*known, weights=weights)
    value = 200.0 * (left.value - right.value) / total
    return measured(value, combined, replace(origin, n=min(left.n, right.n)))


def _both_known(
    left: Measurement, right: Measurement
) -> tuple[Uncertainty, Uncertainty] | None:
    first, second = uncertainty_of(left), uncertainty_of(right)
    return None if first is None or second is None else (first, second)


def _key(m: Measurement) -> tuple[str, str | None, str | None, str]:
    return m.name, m.region, m.recording, m.method


def _worse(left: Measurement, right: Measurement) -> Literal["ok", "limited"]:
    return "ok" if left.quality == right.quality == "ok" else "limited"


def _check_pair(left: Measurement, right: Measurement) -> None:
    sides = (left.side, right.side)
    same = (left.name, left.region, left.recording) == (
        right.name,
        right.region,
        right.recording,
    )
    if sides != (Side.LEFT, Side.RIGHT) or not same:
        msg = (
            f"expected the left and the right side of one measure of one recording, "
            f"got {left.name} {left.side} of {left.recording} and "
            f"{right.name} {right.side} of {right.recording}"
        )
        raise ValueError(msg)
