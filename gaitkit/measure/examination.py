"""Findings by hand as measurements, with the error of hands.

Repeated readings of one rater share the error of finding the landmarks, so they are
averaged but do not make the error smaller.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.visit import BlockTest, Examination, TapeReading

BY_HAND = "examination"
"""Name under which the catalogue keeps the error of hands."""

DIFFERENCE = "structural_leg_length_difference"
TAPE = "tape"
BLOCKS = "block_test"


def measure_examination(examination: Examination) -> tuple[Measurement, ...]:
    """Return what was found by hand as measurements with their error.

    Parameters
    ----------
    examination : Examination
        Findings of the visit; what was not examined is left out.

    Returns
    -------
    tuple of Measurement
        Foot posture and navicular drop per foot; leg lengths by tape per side and
        their difference (left minus right, mm); the difference by block test. ``n``
        counts readings, ``method`` names the tool.

    Notes
    -----
    A block under the right foot levels the pelvis when the left leg is longer, so its
    height is a positive difference. The error of the difference is that of Friberg
    1988 (8.6 mm by tape, 7.5 mm by blocks), whatever the number of readings by one
    rater; it is too small where a pelvis is twisted or a joint contracted, because
    then blocks level more than bones.
    """
    return (
        *_feet(examination),
        *_tape(examination.tape),
        *_blocks(examination.block_tests),
    )


def _feet(examination: Examination) -> Iterator[Measurement]:
    for side, foot in (
        (Side.LEFT, examination.left),
        (Side.RIGHT, examination.right),
    ):
        if foot.foot_posture is not None:
            score = sum(dataclasses.astuple(foot.foot_posture))
            yield _measurement("foot_posture_index", float(score), side=side)
        if foot.navicular_drop_mm is not None:
            yield _measurement("navicular_drop", foot.navicular_drop_mm, side=side)


def _tape(readings: Sequence[TapeReading]) -> Iterator[Measurement]:
    means = {}
    for side in Side:
        lengths = [r.length_mm for r in readings if r.side is side]
        if lengths:
            means[side] = sum(lengths) / len(lengths)
            yield _measurement(
                "tape_leg_length", means[side], side=side, n=len(lengths)
            )
    if len(means) == len(Side):
        yield _measurement(
            DIFFERENCE,
            means[Side.LEFT] - means[Side.RIGHT],
            method=TAPE,
            n=len(readings),
        )


def _blocks(tests: Sequence[BlockTest]) -> Iterator[Measurement]:
    if not tests:
        return
    signed = [t.height_mm if t.side is Side.RIGHT else -t.height_mm for t in tests]
    mean = sum(signed) / len(signed)
    yield _measurement(
        "levelling_block_height", mean, method=BLOCKS, n=len(tests), error=BLOCKS
    )
    yield _measurement(DIFFERENCE, mean, method=BLOCKS, n=len(tests))


def _measurement(
    name: str,
    value: float,
    *,
    side: Side | None = None,
    method: str = BY_HAND,
    n: int = 1,
    error: str | None = None,
) -> Measurement:
    entry = definition(name)
    known = entry.error(error or method)
    plain = Measurement(
        name=name, unit=entry.unit, value=value, side=side, n=n, method=method
    )
    if known is None:
        return plain
    uncertainty = Uncertainty(sd=known.sd)
    low, high = uncertainty.interval(value)
    return dataclasses.replace(plain, sd=known.sd, low=low, high=high)
