"""Leg lengths from markers as measurements, with the error of placing markers.

A marker difference alone never shows which leg is longer: the catalogue states how far
markers and tape differ in people whose legs are equal by tape.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from typing import TYPE_CHECKING

from gaitkit.measure.row import Origin, measured
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.kinematics.leg_lengths import LegLengths
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.motion import BodyMeasures
    from gaitkit.model.recording import Recording
    from gaitkit.model.strides import StrideValue

MODALITY = "markers"
TAPE = "tape"
BY_HAND = "examination"
"""Kinds of error in the catalogue; ``tape`` is also a method."""

MM_PER_M = 1000.0
METHODS = {
    "asis_to_medial_malleolus": "markers, ASIS to medial malleolus in standing",
    "joint_centres": "markers, hip to knee to ankle centre",
}
"""How the methods are called in measurements."""

DYNAMIC = "markers, greatest in stance less smallest in swing (Khamis)"


def measure_leg_lengths(
    lengths: LegLengths, *, recording: Recording
) -> tuple[Measurement, ...]:
    """Return the leg lengths of a recording and their differences, left minus right.

    Parameters
    ----------
    lengths : LegLengths
        From `gaitkit.gait.kinematics.leg_lengths`.
    recording : Recording
        The recording.

    Returns
    -------
    tuple of Measurement
        ``structural_leg_length`` per side and ``structural_leg_length_difference``
        (mm) where both legs are measured; ``dynamic_leg_length_difference`` (mm)
        where both feet have a stride. The error is that of the catalogue for markers;
        strides do not lower it, for a marker sits where it sits.
    """
    found: list[Measurement] = []
    method = METHODS[lengths.method]
    structural = lengths.structural_mm
    if len(structural) == len(Side) and all(map(math.isfinite, structural.values())):
        found += [
            _row("structural_leg_length", value, recording, method=method, side=side)
            for side, value in structural.items()
        ]
        difference = structural[Side.LEFT] - structural[Side.RIGHT]
        found.append(
            _row(
                "structural_leg_length_difference",
                difference,
                recording,
                method=method,
            )
        )
    found += _dynamic(lengths.dynamic, recording)
    return tuple(found)


def measure_taped_legs(
    body: BodyMeasures, *, recording: Recording
) -> tuple[Measurement, ...]:
    """Return the leg lengths that a laboratory measured by tape and wrote in its file.

    Parameters
    ----------
    body : BodyMeasures
        Of the file.
    recording : Recording
        The recording; every file of a visit repeats the same reading.

    Returns
    -------
    tuple of Measurement
        ``tape_leg_length`` per side and the difference (left minus right, mm), with
        the error of one reading by one person; empty unless both legs are there.
    """
    lengths = {Side.LEFT: body.left_leg_m, Side.RIGHT: body.right_leg_m}
    known = {side: MM_PER_M * each for side, each in lengths.items() if each}
    if len(known) < len(Side):
        return ()
    rows = [
        _row(
            "tape_leg_length",
            value,
            recording,
            method=TAPE,
            side=side,
            modality=BY_HAND,
        )
        for side, value in known.items()
    ]
    difference = known[Side.LEFT] - known[Side.RIGHT]
    name = "structural_leg_length_difference"
    rows.append(_row(name, difference, recording, method=TAPE, modality=TAPE))
    return tuple(rows)


def _dynamic(values: Sequence[StrideValue], recording: Recording) -> list[Measurement]:
    of_side = {
        side: [each.value for each in values if each.side is side] for side in Side
    }
    if not all(of_side.values()):
        return []
    means = {side: statistics.fmean(own) for side, own in of_side.items()}
    row = _row(
        "dynamic_leg_length_difference",
        means[Side.LEFT] - means[Side.RIGHT],
        recording,
        method=DYNAMIC,
    )
    return [dataclasses.replace(row, n=len(values))]


def _row(
    name: str,
    value: float,
    recording: Recording,
    *,
    method: str,
    side: Side | None = None,
    modality: str = MODALITY,
) -> Measurement:
    error = definition(name).error(modality)
    known = None if error is None else Uncertainty(sd=error.sd)
    origin = Origin(name=name, side=side, n=1, method=method, recording=recording.id)
    return measured(value, known, origin)
