"""A picture of somebody who stands, or of one foot, that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.analysis import Analysis
from gaitkit.model.reason import Quality, Reason
from gaitkit.model.recording import Recording, RecordingKind
from gaitkit.pose.files import sha256_of

if TYPE_CHECKING:
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import View
    from gaitkit.model.visit import RecordingInput


def refused_picture(
    source: RecordingInput,
    why: Reason,
    *,
    view: View | None,
    measurements: tuple[Measurement, ...],
    recording_id: str,
) -> Analysis:
    """Return the analysis of a picture that can be read and not used.

    Parameters
    ----------
    source : RecordingInput
        The file and what the user knows about it.
    why : Reason
        Why it cannot be used.
    view : str or None
        From where the person or the foot is seen.
    measurements : tuple of Measurement
        The rows that it would have given, each without a value.
    recording_id : str
        Id of the recording.
    """
    return Analysis(
        recording=Recording(
            id=recording_id,
            kind=picture_kind(source),
            sha256=sha256_of(source.file),
            view=view,
            rate_hz=None,
            duration_s=None,
            time_source="assumed",
            scale="px",
            quality=Quality(status="refused", reasons=(why,)),
            condition=source.condition,
        ),
        source=source.file,
        measurements=measurements,
    )


def picture_kind(source: RecordingInput) -> RecordingKind:
    """Return whether a picture belongs to a block test."""
    return "block_test" if source.kind == "block_test" else "stance"
