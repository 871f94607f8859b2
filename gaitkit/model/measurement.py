"""One number with its error, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from gaitkit.errors import CatalogueError
from gaitkit.model.catalogue import MeasureDefinition, definition
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side

PLATE_CONTACTS = "plate, mean over contacts"
STICKER_STEPS = "stickers, mean over steps"
STICKER_STEPS_OF_FILMS = "stickers, mean over steps of several films"
"""Methods of rows that others look for: of the contacts with a plate, of the steps of
one film read by stickers, and of those of all such films of a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measure of one recording (or of the visit), with its error.

    Attributes
    ----------
    name : str
        Name in the catalogue.
    unit : str
        UCUM unit; must be the one of the catalogue.
    value : float or None
        The value; None exactly when ``why_missing`` says why.
    side : Side or None
        Side of the person; None for measures of the whole person.
    region : str or None
        Region of the foot, name of an angle, or measure compared.
    sd : float or None
        Standard error of ``value``: stride spread over the root of ``n``, scale,
        keypoint and method error combined.
    low, high : float or None
        95 % interval of the true value.
    shared_sd : float
        Part of ``sd`` that the other side, and other measures of the same recording,
        share (scale, definition of the method). It cancels in a side difference.
    dof : float or None
        Effective degrees of freedom of ``sd``; None when it is known so well that the
        error is normal.
    spread : float or None
        Standard deviation between strides (or readings), None when ``n`` < 2.
    n : int
        Strides, contacts or readings behind the value.
    method : str
        How it was measured.
    recording : str or None
        Id of the recording, None for the visit as a whole.
    quality : {"ok", "limited"}
        ``limited`` when a reason of the recording widens its error, when there are too
        few strides to know it well, or when intervals of this measure and kind of
        recording held the reference too rarely (``inside`` in the catalogue).
    why_missing : Reason or None
        Why there is no value.
    unconfirmed : bool
        True when its error or a correction in it was measured on virtual patients
        only, and so is unconfirmed on real people.

    Raises
    ------
    CatalogueError
        If the name, unit, region or side is not in the catalogue.
    ValueError
        If value, error and reason contradict each other, or are not finite.
    """

    name: str
    unit: str
    value: float | None
    side: Side | None = None
    region: str | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    shared_sd: float = 0.0
    dof: float | None = None
    spread: float | None = None
    n: int = 0
    method: str = ""
    recording: str | None = None
    quality: Literal["ok", "limited"] = "ok"
    why_missing: Reason | None = None
    unconfirmed: bool = False

    def __post_init__(self) -> None:
        """Check the measurement against the catalogue and against itself."""
        self._check_against(definition(self.name))
        if (self.value is None) == (self.why_missing is None):
            msg = (
                f"{self.name} needs either a value or why_missing, not both or neither"
            )
            raise ValueError(msg)
        numbers = (
            self.value,
            self.sd,
            self.low,
            self.high,
            self.shared_sd,
            self.dof,
            self.spread,
        )
        if any(x is not None and not math.isfinite(x) for x in numbers):
            msg = f"{self.name} holds a number that is not finite: {numbers}"
            raise ValueError(msg)

    def _check_against(self, entry: MeasureDefinition) -> None:
        if self.unit != entry.unit:
            msg = f"{self.name} has unit {entry.unit!r}, got {self.unit!r}"
            raise CatalogueError(msg)
        if entry.regions and self.region not in entry.regions:
            msg = f"{self.name} has regions {entry.regions}, got {self.region!r}"
            raise CatalogueError(msg)
        if not entry.regions and self.region is not None:
            msg = f"{self.name} has no regions, got {self.region!r}"
            raise CatalogueError(msg)
        if not entry.sided and self.side is not None:
            msg = f"{self.name} belongs to no side, got {self.side}"
            raise CatalogueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideDifferenceRow:
    """Left minus right of one measure as the assessment keeps it.

    Attributes
    ----------
    measure, region, unit : str
        As in the catalogue (``region`` may be None).
    method : str
        Of both sides.
    recording : str or None
        Of both sides; None where several were averaged.
    value : float
        Left minus right.
    sd, dof : float
        Standard error and its degrees of freedom (None: normal).
    low, high : float
        95 % interval of the true difference.
    detectable_change : float
        A true difference of zero gives a smaller one than this in 95 % of such
        recordings.
    healthy_p95 : float or None
        95 % of healthy adults differ less than this; None when unknown.
    quality : {"ok", "limited"}
        ``limited`` when either side is.
    """

    measure: str
    region: str | None
    unit: str
    method: str
    recording: str | None
    value: float
    sd: float
    dof: float | None
    low: float
    high: float
    detectable_change: float
    healthy_p95: float | None
    quality: Literal["ok", "limited"]
