"""Findings by hand as measurements, with the error of hands.

Repeated readings of one rater share the error of finding the landmarks, so they make
the error only a little smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.leg_length.evidence import manual_evidence
from gaitkit.measure.leg_length.readings import hand_readings
from gaitkit.measure.row import Origin, absent, measured
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.catalogue import definition
from gaitkit.model.reason import reason
from gaitkit.model.side import Side
from gaitkit.model.visit import FPI_ITEMS
from gaitkit.model.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.measure.leg_length.evidence import Evidence
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.visit import Examination, FootPosture, TapeReading

BY_HAND = "examination"
"""Name under which the catalogue keeps the error of hands."""

DIFFERENCE = "structural_leg_length_difference"
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
        Foot posture, navicular drop and rearfoot angle per foot; leg lengths by tape
        per side; the difference (left minus right, mm) by each method that counts.
        ``n`` counts readings, ``method`` names the tool.

    Notes
    -----
    A block under the right foot levels the pelvis when the left leg is longer, so its
    height is a positive difference. One reading by one person errs as Friberg 1988
    found (8.6 mm by tape, 7.5 mm by blocks); repeats by the same person take off
    little, other people more (`gaitkit.measure.leg_length.methods`). The errors are
    too small where a pelvis is twisted or a joint contracted, because then blocks
    level more than bones.
    """
    return (
        *_feet(examination),
        *_tape_lengths(examination.tape),
        *_differences(examination),
    )


def _feet(examination: Examination) -> Iterator[Measurement]:
    for side, foot in (
        (Side.LEFT, examination.left),
        (Side.RIGHT, examination.right),
    ):
        if foot.foot_posture is not None:
            yield from _foot_posture(foot.foot_posture, side)
        if foot.navicular_drop_mm is not None:
            yield _measurement("navicular_drop", foot.navicular_drop_mm, side=side)
        if foot.rearfoot_eversion_deg is not None:
            angle = foot.rearfoot_eversion_deg
            yield _measurement("rearfoot_angle_stance", angle, side=side)


def _foot_posture(posture: FootPosture, side: Side) -> Iterator[Measurement]:
    """Yield the score, or a row that names the items that lack; nothing when empty."""
    if posture.score is not None:
        yield _measurement("foot_posture_index", float(posture.score), side=side)
    elif len(posture.open_items) < len(FPI_ITEMS):
        count = len(FPI_ITEMS) - len(posture.open_items)
        named = listed((FPI_ITEMS[name] for name in posture.open_items), separator=", ")
        why = reason("fpi_incomplete", count=count, missing=named)
        yield absent(why, Origin(name="foot_posture_index", side=side, method=BY_HAND))


def _tape_lengths(readings: Sequence[TapeReading]) -> Iterator[Measurement]:
    for side in Side:
        lengths = [
            r.length_mm for r in readings if r.side is side and r.start == "asis"
        ]
        if lengths:
            mean = sum(lengths) / len(lengths)
            yield _measurement("tape_leg_length", mean, side=side, n=len(lengths))


def _differences(examination: Examination) -> Iterator[Measurement]:
    for each in manual_evidence(hand_readings(examination)):
        if not each.counts:
            continue
        if each.method.name == BLOCKS:
            yield _with_error("levelling_block_height", each)
        yield _with_error(DIFFERENCE, each)


def _with_error(name: str, evidence: Evidence) -> Measurement:
    """Return a difference with the error of its readings and raters."""
    origin = Origin(
        name=name,
        n=evidence.n,
        method=evidence.method.name,
        unconfirmed=evidence.unconfirmed,
    )
    return measured(evidence.value_mm, Uncertainty(sd=evidence.sd_mm), origin)


def _measurement(
    name: str,
    value: float,
    *,
    side: Side | None = None,
    n: int = 1,
) -> Measurement:
    error = definition(name).error(BY_HAND)
    known = None if error is None else Uncertainty(sd=error.sd)
    return measured(value, known, Origin(name=name, side=side, n=n, method=BY_HAND))
