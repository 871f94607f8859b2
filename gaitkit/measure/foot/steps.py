"""Steps and strides between the contacts of a plate.

Conventions as for keypoints: a left step runs from the right initial contact to the
next left one, its length is the distance along the line of progression from the right
to the left heel; support is in per cent of the stride of the side.

The line of progression, and where and when each foot stood on it.

Notes
-----
The line is fitted to the middles of the heels with an offset for the side: with three
contacts or more, right = a + b * forward + c * (right foot +1, left foot -1). This
equals the line through the midpoints of consecutive feet. With fewer contacts b is
unknown and the plate's own direction is taken, which the measures then say.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.contacts.find import FEWEST_FOR_LINE
from gaitkit.gait.spatiotemporal import SECONDS_PER_MINUTE
from gaitkit.measure.foot.summary import NO_END, NO_START, rejection, usable
from gaitkit.model.contact import ContactRow
from gaitkit.model.plate import ProgressionLine
from gaitkit.model.side import Side
from gaitkit.model.strides import StrideValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.plate import MeasuredFoot, PlateResult

MM_PER_M = 1000.0
LONGEST_STEP_S = 1.5
"""A longer pause between two contacts is not a step (cadence under 40 /min)."""


def step_values(
    feet: Sequence[MeasuredFoot], line: ProgressionLine
) -> tuple[StrideValue, ...]:
    """Return the values of all steps and strides.

    Parameters
    ----------
    feet : sequence of MeasuredFoot
        Contacts in the order of time.
    line : ProgressionLine
        Direction of walking.

    Returns
    -------
    tuple of StrideValue
        ``step_length``, ``step_width``, ``step_time``, ``cadence``,
        ``stride_length``, ``stride_time``, ``walking_speed``, ``stance``, ``swing``,
        ``single_support``, ``double_support``.

    Notes
    -----
    Only contacts that follow each other with alternating sides count. Two contacts
    give a step, three a stride with stance and support. Speed is taken from steps, as
    most plates hold only two or three.
    """
    values: list[StrideValue] = []
    for first, second in itertools.pairwise(feet):
        if _is_step(first, second):
            values += _step(first, second, line)
    for first, second, third in zip(feet, feet[1:], feet[2:], strict=False):
        if _is_step(first, second) and _is_step(second, third):
            values += _stride(first, second, third, line)
    return tuple(values)


def _initial_contact_s(foot: MeasuredFoot) -> float | None:
    if foot.peak_only or not foot.contact.flags.isdisjoint(NO_START):
        return None
    return float(foot.load.time_s[foot.load.first])


def _foot_off_s(foot: MeasuredFoot) -> float | None:
    if foot.peak_only or not foot.contact.flags.isdisjoint(NO_END):
        return None
    return float(foot.load.time_s[foot.load.last]) + foot.load.interval_s


def _is_step(first: MeasuredFoot, second: MeasuredFoot) -> bool:
    if first.side is second.side or first.peak_only:
        return False
    gap = second.load.time_s[second.load.first] - first.load.time_s[first.load.first]
    return bool(0 < gap < LONGEST_STEP_S)


def _step(
    first: MeasuredFoot, second: MeasuredFoot, line: ProgressionLine
) -> Iterator[StrideValue]:
    start = float(second.load.time_s[second.load.first])
    placed, _ = usable((first, second), "place")
    both = 2
    length = None
    if len(placed) == both:
        length = line.along(second.heel_mm) - line.along(first.heel_mm)
        width = abs(line.beside(second.heel_mm) - line.beside(first.heel_mm))
        yield _value("step_length", length / MM_PER_M, second.side, start)
        yield _value("step_width", width / MM_PER_M, second.side, start)
    begin, end = _initial_contact_s(first), _initial_contact_s(second)
    if begin is None or end is None:
        return
    time = end - begin
    yield _value("step_time", time, second.side, start)
    yield _value("cadence", SECONDS_PER_MINUTE / time, None, start)
    if length is not None:
        yield _value("walking_speed", length / MM_PER_M / time, None, start)


def _stride(
    first: MeasuredFoot,
    second: MeasuredFoot,
    third: MeasuredFoot,
    line: ProgressionLine,
) -> Iterator[StrideValue]:
    start = float(first.load.time_s[first.load.first])
    side = first.side
    placed, _ = usable((first, third), "place")
    both = 2
    if len(placed) == both:
        length = (line.along(third.heel_mm) - line.along(first.heel_mm)) / MM_PER_M
        yield _value("stride_length", length, side, start)
    begin, end = _initial_contact_s(first), _initial_contact_s(third)
    if begin is not None and end is not None:
        time = end - begin
        yield _value("stride_time", time, side, start)
        off = _foot_off_s(first)
        if off is not None:
            stance = 100 * (off - begin) / time
            yield _value("stance", stance, side, start)
            yield _value("swing", 100 - stance, side, start)
    yield from _support(first, second, third)


def _support(
    first: MeasuredFoot, second: MeasuredFoot, third: MeasuredFoot
) -> Iterator[StrideValue]:
    """Yield support in the stride of the second foot's opposite.

    The swing of one foot is the single support of the other; both double supports lie
    between foot off and initial contact of opposite feet.
    """
    begin, after_on = _initial_contact_s(first), _initial_contact_s(third)
    before_off = _foot_off_s(first)
    if begin is None or after_on is None or before_off is None:
        return
    time = after_on - begin
    start = float(second.load.time_s[second.load.first])
    single = 100 * (after_on - before_off) / time
    yield _value("single_support", single, second.side, start)
    middle_on, middle_off = _initial_contact_s(second), _foot_off_s(second)
    if middle_on is not None and middle_off is not None:
        double = (before_off - middle_on) + (middle_off - after_on)
        yield _value("double_support", 100 * double / time, None, start)


def _value(name: str, value: float, side: Side | None, start_s: float) -> StrideValue:
    return StrideValue(name=name, value=value, side=side, start_s=start_s)


def progression_line(feet: Sequence[MeasuredFoot]) -> ProgressionLine:
    """Fit the line of progression to the heels of a walk."""
    used, _ = usable(feet, "place")
    both_sides = len({foot.side for foot in used}) > 1
    if len(used) < FEWEST_FOR_LINE or not both_sides:
        middle = np.mean([foot.heel_mm for foot in feet], axis=0)
        return ProgressionLine(
            angle_rad=0.0,
            start_mm=(float(middle[0]), float(middle[1])),
            fitted=False,
        )
    # turned so that the first foot is a right one: a mirrored walk is the same problem
    turn = 1.0 if used[0].side is Side.RIGHT else -1.0
    right = turn * np.array([foot.heel_mm[0] for foot in used])
    ahead = np.array([foot.heel_mm[1] for foot in used])
    side = turn * np.array([1.0 if f.side is Side.RIGHT else -1.0 for f in used])
    design = np.column_stack([np.ones_like(ahead), ahead - ahead[0], side])
    (start, slope, _), *_ = np.linalg.lstsq(design, right, rcond=None)
    return ProgressionLine(
        angle_rad=float(turn * np.arctan(slope)),
        start_mm=(float(turn * start), float(ahead[0])),
        fitted=True,
    )


def progression_angle_deg(foot: MeasuredFoot, line: ProgressionLine) -> float | None:
    """Return the angle of a foot against the line, toe-out positive."""
    axis = foot.contact.axis
    if axis is None:
        return None
    sign = -1.0 if foot.side is Side.LEFT else 1.0
    return axis.angle_deg - sign * float(np.degrees(line.angle_rad))


def contact_rows(result: PlateResult) -> tuple[ContactRow, ...]:
    """Return each contact of a plate with its own values, as an assessment keeps it."""
    rows = []
    for foot in result.feet:
        angle = None
        if result.line is not None and usable([foot], "place")[0]:
            angle = progression_angle_deg(foot, result.line)
        rows.append(
            ContactRow(
                recording=result.recording,
                number=foot.contact.number,
                side=foot.side,
                side_confidence=foot.contact.side_confidence,
                side_method=foot.contact.side_method,
                contact_time_s=foot.value("contact_time"),
                peak_force_n=foot.value("peak_force", "total"),
                foot_progression_angle_deg=angle,
                why_unused=rejection(foot),
            )
        )
    return tuple(rows)
