"""Every measure of one walk: means over strides, symmetry, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.conditions import WalkConditions
from gaitkit.measure.summary import summarise
from gaitkit.measure.symmetry import INDEX, symmetry_index
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.catalogue import Group, MeasureDefinition
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.stride_value import StrideValue
    from gaitkit.model.walk import BlockedKind
    from gaitkit.signal.passes import WalkPass

EXPECTED: tuple[Group, ...] = ("spatiotemporal", "kinematic")
"""Groups of which every measure is asked of every walk."""


def measure_walk(
    values: Sequence[StrideValue],
    *,
    recording: Recording,
    passes: Sequence[WalkPass] = (),
    blocked: Sequence[BlockedKind] = (),
) -> tuple[Measurement, ...]:
    """Return every measure of a walk with its error, or the reason why it is absent.

    Parameters
    ----------
    values : sequence of StrideValue
        Values of single strides; may be empty.
    recording : Recording
        Kind, view, scale and quality of the recording.
    passes : sequence of WalkPass
        Straight passes; in a side view they tell which leg faces the camera.
    blocked : sequence of BlockedKind
        Kinds of measure that a quality gate has stopped.

    Returns
    -------
    tuple of Measurement
        In the order of the catalogue: all spatiotemporal and kinematic measures, left
        before right, any other measure of which there are values, and a symmetry
        index for every measure that has one.

    Raises
    ------
    CatalogueError
        If a value bears a name that is not in the catalogue.
    """
    conditions = WalkConditions(
        recording=recording, passes=tuple(passes), blocked=tuple(blocked)
    )
    present = {definition(value.name).name for value in values}
    means = tuple(
        measurement
        for entry in definitions()
        if entry.name != INDEX and (entry.group in EXPECTED or entry.name in present)
        for measurement in _measure(entry, values, conditions)
    )
    return means + tuple(_indexes(means))


def _measure(
    entry: MeasureDefinition,
    values: Sequence[StrideValue],
    conditions: WalkConditions,
) -> Iterator[Measurement]:
    own = [value for value in values if value.name == entry.name]
    for region in entry.regions or (None,):
        here = [value for value in own if value.region == region]
        for side in (Side.LEFT, Side.RIGHT) if entry.sided else (None,):
            yield summarise(
                [v for v in here if v.side is side] if entry.sided else here,
                entry=entry,
                side=side,
                region=region,
                conditions=conditions,
            )


def _indexes(means: Sequence[Measurement]) -> Iterator[Measurement]:
    for name in definition(INDEX).regions:
        sides = {m.side: m for m in means if m.name == name}
        if Side.LEFT in sides and Side.RIGHT in sides:
            yield symmetry_index(sides[Side.LEFT], sides[Side.RIGHT])
