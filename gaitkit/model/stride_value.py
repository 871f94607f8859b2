"""One number of one stride, before strides are averaged into a measurement."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class StrideValue:
    """A measure of one stride (or step) of one side.

    Attributes
    ----------
    name : str
        Name in the catalogue.
    value : float
        In the unit of the catalogue; always finite (absent values are left out).
    side : Side or None
        None for measures of both feet together, such as cadence.
    start_s : float
        Start of the stride on the clock of the recording.
    region : str or None
        Region, where the measure has one.
    sd : float or None
        Standard error of this one value from the timing of its events and the noise
        of its keypoints, in the same unit; None when it is not known.
    """

    name: str
    value: float
    start_s: float
    side: Side | None = None
    region: str | None = None
    sd: float | None = None
