"""The clock of a recording from its time stamps: rate, jitter, drops, slow motion.

Nothing here divides a frame number by a frame rate. The rate that is reported
describes the stamps; times are always the stamps themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gaitkit.errors import FormatError, InputError
from gaitkit.model.labelled import RATE_DIGITS
from gaitkit.model.recording import TimeSource, Timing

ROUNDING_S = 0.001
"""Coarsest rounding that containers write: Matroska stamps are whole milliseconds."""

DROP_TOLERANCE = 0.25
"""A gap counts as dropped frames when it is this near a whole number of intervals."""

REGULAR = (0.5, 1.5)
"""An interval between these fractions of the median belongs to the regular beat."""

REAL_TIME = (0.75, 4 / 3)
"""Played rate over capture rate between these counts as real time: a phone that
slows from 30 to 24 pictures a second in the dark is not slow motion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFactor:
    """How played seconds become real seconds, as far as the file or the user says.

    Attributes
    ----------
    user : float or None
        Real seconds per played second, given by the user; wins over the file.
    capture_rate_hz : float or None
        Rate at which the camera says that it filmed.
    """

    user: float | None = None
    capture_rate_hz: float | None = None

    def __post_init__(self) -> None:
        """Refuse a factor that is not a positive number."""
        if self.user is not None and not (math.isfinite(self.user) and self.user > 0):
            msg = (
                f"speed_factor is {self.user:g}; expected real seconds per played "
                "second, above 0 (0.25 for a film played four times too slow)"
            )
            raise InputError(msg)


RATE_RANGE_HZ = (0.2, 20_000.0)
"""From a picture every five seconds to the fastest plates and cameras."""

LONGEST_S = 86_400.0
"""No recording of a person walking or standing lasts longer than a day."""


SPARSE = ((60.0, 0.005), (3600.0, 0.05))
"""From so many seconds on, fewer than this share of the frames are no recording but a
damaged time: who is in view for a second of three minutes cannot be measured."""


def check_possible(timing: Timing, *, where: object) -> None:
    """Refuse a clock that no recording can have.

    Raises
    ------
    FormatError
        If rate or duration is no number, or out of range, or nearly all frames between
        the first time and the last are missing.
    """
    rate_hz, duration_s = timing.rate_hz, timing.duration_s
    if rate_hz is not None:
        check_rate(rate_hz, where=where)
    if duration_s is not None and not 0 <= duration_s <= LONGEST_S:
        msg = (
            f"{where}: expected a recording of at most {LONGEST_S / 3600:g} hours, got "
            f"{duration_s:.6g} s; export it again"
        )
        raise FormatError(msg)
    _check_filled(timing, where=where)


def check_rate(rate_hz: float, *, where: object) -> None:
    """Refuse a rate that no recording can have; NaN is none.

    Raises
    ------
    FormatError
        If it is out of range.
    """
    low, high = RATE_RANGE_HZ
    if not low <= rate_hz <= high:
        msg = (
            f"{where}: expected a rate of {low:g} to {high:g} Hz, got {rate_hz:.6g}; "
            "export it again"
        )
        raise FormatError(msg)


def _check_filled(timing: Timing, *, where: object) -> None:
    frames, spanned = timing.frames, timing.frames + timing.dropped
    for longest_s, least in SPARSE:
        if (timing.duration_s or 0) > longest_s and frames < least * spanned:
            msg = (
                f"{where}: expected times that follow each other, got {frames} frames "
                f"in {timing.duration_s:.6g} s at {timing.rate_hz:.6g} Hz; one of the "
                "times is wrong, or cut the recording down to the walk"
            )
            raise FormatError(msg)


def real_time(
    played_s: np.ndarray,
    *,
    source: TimeSource = "pts",
    duplicated: int = 0,
    speed: SpeedFactor | None = None,
) -> tuple[np.ndarray, Timing]:
    """Turn the time stamps of a recording into real seconds, and describe its clock.

    Parameters
    ----------
    played_s : array (frame,)
        Stamps in seconds, strictly increasing, as the file plays them; at least two.
    source : {"pts", "header", "user", "assumed"}
        Where the stamps come from.
    duplicated : int
        Frames that were left out because they repeated the stamp before them.
    speed : SpeedFactor or None
        What the user or the file says about slow motion.

    Returns
    -------
    time_s : array (frame,)
        Real seconds since the first frame, which is at 0.
    timing : Timing
        The clock. ``rate_hz`` is one over the median interval; where the intervals
        differ only by the rounding of the clock, the mean of the regular intervals
        takes the place of the median, so that 30 Hz in whole milliseconds reads
        30.0 and not 30.3. An interval of whole multiples of the median is a drop;
        in between it makes the rate variable.

    Raises
    ------
    InputError
        If the speed factor is not positive.
    """
    speed = speed or SpeedFactor()
    stamps = np.asarray(played_s, dtype=np.float64)
    played_rate_hz, intervals_s = _beat(stamps)
    factor, known_by = _factor(speed, played_rate_hz=played_rate_hz)
    time_s = (stamps - stamps[0]) * factor
    spread_s = float(np.ptp(intervals_s))
    multiples = np.diff(stamps) * played_rate_hz
    irregular = _is_irregular(multiples)
    return time_s, Timing(
        source=source,
        rate_hz=round(played_rate_hz / factor, RATE_DIGITS),
        duration_s=float(time_s[-1]),
        frames=int(stamps.size),
        variable=spread_s > ROUNDING_S * (1 + 1e-6) or bool(irregular.any()),
        jitter_ms=round(float(np.std(intervals_s)) * factor * 1e3, RATE_DIGITS),
        dropped=int(np.sum(np.round(multiples[~irregular]) - 1)),
        duplicated=duplicated,
        capture_rate_hz=speed.capture_rate_hz,
        speed_factor=factor,
        speed_source=known_by,
    )


def even_time(
    frames: int, rate_hz: float | None, *, where: object
) -> tuple[np.ndarray, Timing]:
    """Return the times of frames that come at the rate of a header, and the clock.

    Parameters
    ----------
    frames : int
        How many; at least two.
    rate_hz : float or None
        As the header states it; None when it does not.
    where : object
        The file, for the message.

    Raises
    ------
    FormatError
        If there is one frame, or no recording can have that rate.
    """
    if frames < 2:  # noqa: PLR2004 - a movement needs two
        msg = f"{where}: expected a movement, got {frames} frame; record longer"
        raise FormatError(msg)
    known_hz = rate_hz or 0.0
    check_rate(known_hz, where=where)
    time_s = np.arange(frames) / known_hz
    return time_s, Timing(
        source="header",
        rate_hz=known_hz,
        duration_s=float(time_s[-1]),
        frames=frames,
    )


def _beat(stamps: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the nominal rate (Hz, as played) and the regular intervals (s)."""
    intervals_s = np.diff(stamps)
    median_s = float(np.median(intervals_s))
    low, high = REGULAR
    regular = intervals_s[
        (intervals_s > low * median_s) & (intervals_s < high * median_s)
    ]
    if not regular.size:  # two intervals far apart have a median between them
        regular = intervals_s
    rounding_only = float(np.ptp(regular)) <= ROUNDING_S * (1 + 1e-6)
    interval_s = float(np.mean(regular)) if rounding_only else median_s
    return round(1 / interval_s, RATE_DIGITS), regular


def _is_irregular(multiples: np.ndarray) -> np.ndarray:
    """Return which intervals, in units of the nominal one, fit no regular beat."""
    low, high = REGULAR
    off_beat = np.abs(multiples - np.round(multiples)) > DROP_TOLERANCE
    irregular: np.ndarray = (multiples <= low) | ((multiples >= high) & off_beat)
    return irregular


def _factor(
    speed: SpeedFactor, *, played_rate_hz: float
) -> tuple[float, Literal["none", "metadata", "user"]]:
    if speed.user is not None:
        return speed.user, "user"
    if speed.capture_rate_hz is None:
        return 1.0, "none"
    ratio = played_rate_hz / speed.capture_rate_hz
    slowest, fastest = REAL_TIME
    return (1.0, "none") if slowest < ratio < fastest else (ratio, "metadata")
