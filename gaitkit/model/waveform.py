"""A joint angle over the gait cycle, averaged over strides."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.side import Side

CYCLE_POINTS = 101
"""Samples of a waveform: 0 to 100 % of the stride in steps of 1 %."""


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
