"""The one maker of measurements: a number with its error, or no number and why.

Whatever is measured, told or combined becomes a row here, so that every row is held
against the catalogue in the same way. `gaitkit.measure.pooled` makes the rows of
several recordings together; nothing else constructs a `Measurement`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.measure.uncertainty import Uncertainty
    from gaitkit.model.catalogue import MeasureDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a row is about, and what it comes from.

    Attributes
    ----------
    name : str
        Name in the catalogue.
    side : Side or None
        Side of the person; None for the whole person.
    region : str or None
        Region of the foot, name of an angle, or measure compared.
    method : str
        How it was measured.
    recording : str or None
        Id of the recording, None for the visit as a whole.
    n : int
        Strides, contacts or readings behind it.
    spread : float or None
        Standard deviation between them, in the unit of the measure.
    quality : {"ok", "limited"}
        ``limited`` where the recording, or what was used of it, widens the error.
    unconfirmed : bool
        True when the error rests on virtual patients only.
    """

    name: str
    side: Side | None = None
    region: str | None = None
    method: str = ""
    recording: str | None = None
    n: int = 0
    spread: float | None = None
    quality: Literal["ok", "limited"] = "ok"
    unconfirmed: bool = False


def measured(
    value: float,
    known: Uncertainty | None,
    origin: Origin,
    *,
    interval: tuple[float, float] | None = None,
) -> Measurement:
    """Return a value with its error, or none where the catalogue calls it absurd.

    Parameters
    ----------
    value : float
        In the unit of the catalogue.
    known : Uncertainty or None
        How well it is known; None where nobody measured the error.
    origin : Origin
        What it is a value of, and what it comes from.
    interval : tuple of float or None
        95 % interval where it is not that of ``known``: the quantiles of a posterior,
        or of a value that cannot be below zero.

    Returns
    -------
    Measurement
        Without a value, and with the reason ``implausible_value``, outside the
        plausible range: such a number is an error of measurement.
    """
    entry = definition(origin.name)
    why = _implausible(value, entry)
    if why is not None:
        return absent(why, replace(origin, n=0, spread=None))
    low, high = interval or ((None, None) if known is None else known.interval(value))
    return Measurement(
        name=entry.name,
        unit=entry.unit,
        value=value,
        side=origin.side,
        region=origin.region,
        sd=None if known is None else known.sd,
        low=low,
        high=high,
        shared_sd=0.0 if known is None else known.shared_sd,
        dof=None if known is None else known.dof,
        spread=origin.spread,
        n=origin.n,
        method=origin.method,
        recording=origin.recording,
        quality=origin.quality,
        unconfirmed=origin.unconfirmed,
    )


def absent(why: Reason, origin: Origin) -> Measurement:
    """Return a row without a value that says why.

    Parameters
    ----------
    why : Reason
        Why there is no value, and what to do about it.
    origin : Origin
        What it is about, and what it should have come from.
    """
    return Measurement(
        name=origin.name,
        unit=definition(origin.name).unit,
        value=None,
        side=origin.side,
        region=origin.region,
        n=origin.n,
        method=origin.method,
        recording=origin.recording,
        quality=origin.quality,
        why_missing=why,
        unconfirmed=origin.unconfirmed,
    )


def _implausible(value: float, entry: MeasureDefinition) -> Reason | None:
    """Return why a value cannot be true, or None inside the plausible range."""
    low, high = entry.plausible
    if low <= value <= high:
        return None
    return reason(
        "implausible_value",
        value=f"{value:.{entry.digits}f}",
        unit=entry.unit,
        low=f"{low:g}",
        high=f"{high:g}",
    )
