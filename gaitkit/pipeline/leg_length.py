"""Legs compared in a film that shows walks in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.leg_length.two_directions import (
    WalkingTest,
    pass_heights,
    walking_test,
    walking_test_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.gait.walk import WalkResult
    from gaitkit.measure.leg_length.two_directions import LegLengthSettings
    from gaitkit.model.measurement import Measurement

SIDE_VIEWS = ("sagittal_left", "sagittal_right")


def two_direction_rows(
    walk: WalkResult,
    *,
    settings: LegLengthSettings,
    mirrored: Callable[[], WalkResult],
) -> tuple[Measurement, ...]:
    """Return what a film says of the difference of the legs, if it can say anything.

    Parameters
    ----------
    walk : WalkResult
        Of the film.
    settings : LegLengthSettings
        Whether to try, and whether the mirrored film is looked at as well.
    mirrored : callable
        Gives the same walk from the mirrored film; called only when it is wanted and
        the film shows both directions.

    Returns
    -------
    tuple of Measurement
        One row, with a value or the reason why not; empty when the film does not show
        both directions from the side, or has no scale.
    """
    if not settings.two_directions or not _comparable(walk):
        return ()
    passes = pass_heights(walk.walking, walk.strides, walk.passes)
    result = walking_test(passes, settings=settings)
    if not isinstance(result, WalkingTest):
        return ()
    if settings.mirrored:
        again = mirrored()
        seen = pass_heights(again.walking, again.strides, again.passes, mirrored=True)
        both = walking_test((*passes, *seen), settings=settings)
        result = both if isinstance(both, WalkingTest) else result
    return (walking_test_row(result, recording=walk.recording),)


def _comparable(walk: WalkResult) -> bool:
    """Return True for a side view with a scale in which lengths may be measured."""
    scaled = walk.calibration.method != "none"
    blocked = walk.quality.why_blocked("length", "timing")
    return walk.view in SIDE_VIEWS and scaled and blocked is None
