"""Strides: from one initial contact to the next of the same foot.

What a quality gate takes away from a walk.

One number of one stride, before strides are averaged into a measurement.

A joint angle over the gait cycle, averaged over strides.
"""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.catalogue import Kind
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side

CYCLE_POINTS = 101
"""Samples of a waveform: 0 to 100 % of the stride in steps of 1 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """One stride of one foot, ``[start_s, end_s)``.

    Attributes
    ----------
    recording : str
        Id of the recording.
    side : Side
        The foot whose initial contacts bound the stride.
    start_s, end_s : float
        Initial contact and the next initial contact of the same foot, seconds.
    foot_off_s : float or None
        Foot off of this foot.
    opposite_foot_off_s, opposite_initial_contact_s : float or None
        Events of the other foot inside the stride.
    walk_pass : int
        Number of the straight pass in which it lies, counted from 0.
    rejected : Reason or None
        Why the stride takes no part in the averages; None when it does.
    hurried : bool
        It is used although the person speeds up or slows down in it, for the walkway
        was too short for a steady one.
    """

    recording: str
    side: Side
    start_s: float
    end_s: float
    foot_off_s: float | None = None
    opposite_foot_off_s: float | None = None
    opposite_initial_contact_s: float | None = None
    walk_pass: int = 0
    rejected: Reason | None = None
    hurried: bool = False

    @property
    def duration_s(self) -> float:
        """Stride time in seconds."""
        return self.end_s - self.start_s

    @property
    def complete(self) -> bool:
        """True when all four events of the stride are known."""
        return None not in (
            self.foot_off_s,
            self.opposite_foot_off_s,
            self.opposite_initial_contact_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedKind:
    """A kind of measure that a quality gate has stopped, and why.

    Attributes
    ----------
    kind : {"timing", "length", "angle"}
        Every measure whose catalogue entry names this kind stays without a value.
    reason : Reason
        What is the matter and what to record instead.
    """

    kind: Kind
    reason: Reason


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """Mean and between-stride spread of one angle of one side, 0-100 % of the stride.

    Attributes
    ----------
    name : str
        Angle: ``hip_flexion``, ``knee_flexion``, ``ankle_dorsiflexion``,
        ``trunk_flexion``, ...
    side : Side
        Side whose initial contact is 0 %.
    recording : str
        Id of the recording.
    unit : str
        UCUM unit, ``deg``.
    mean, spread : tuple of float
        101 values each; standard deviation between strides (zeros when n is 1).
    sd : float
        Standard error that averaging strides does not remove, in the same unit.
    n : int
        Strides averaged.
    foot_off_pct : float or None
        Mean foot off in % of the stride.
    """

    name: str
    side: Side
    recording: str
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    n: int
    unit: str = "deg"
    sd: float = 0.0
    foot_off_pct: float | None = None
