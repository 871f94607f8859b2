"""The plates of a visit on the clock of its film."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.gait.clock import find_clock
from gaitkit.model.recording import ClockOffset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.visit import RecordingInput


def on_one_clock(
    analyses: Sequence[Analysis], inputs: Sequence[RecordingInput]
) -> tuple[Analysis, ...]:
    """Place every plate on the clock of the first recording that is not a plate.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.
    inputs : sequence of RecordingInput
        What the user knows about each, in the same order.

    Returns
    -------
    tuple of Analysis
        Events keep their own clock; ``recording.clock`` of a plate says how it is
        shifted, or ``recording.why_no_clock`` why that is not known.
    """
    reference = next((a for a in analyses if not a.plates and a.events), None)
    if reference is None:
        return tuple(analyses)
    return tuple(
        _placed(analysis, reference, marked_s=source.starts_at_s)
        if analysis.plates and analysis.events
        else analysis
        for analysis, source in zip(analyses, inputs, strict=True)
    )


def _placed(
    analysis: Analysis, reference: Analysis, *, marked_s: float | None
) -> Analysis:
    found = find_clock(analysis.events, reference.events, marked_s=marked_s)
    if isinstance(found, ClockOffset):
        recording = replace(analysis.recording, clock=found)
    else:
        recording = replace(analysis.recording, why_no_clock=found)
    return replace(analysis, recording=recording)
