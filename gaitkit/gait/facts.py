"""What is known of a recording besides its keypoints."""

from __future__ import annotations

from dataclasses import dataclass, field

from gaitkit.model.recording import PersonChoice, RecordingKind, Timing, View
from gaitkit.signal.scale import ScaleInput


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkFacts:
    """Facts that the reader and the user give.

    Attributes
    ----------
    recording : str
        Id of the recording; events, strides and curves carry it.
    kind : {"video", "markers", "pose", ...}
        Kind of recording.
    timing : Timing
        Its clock. The time stamps of the keypoints are real seconds: the speed
        factor is already in them.
    view : View or None
        The view the user named; None: it is found.
    person : PersonChoice or None
        Who was followed; None where there is one person only.
    size : ScaleInput
        Body height or a known length.
    picture_width_px, picture_height_px : float or None
        Size of the picture. Without the height cut-off feet are not looked for; with
        both, lengths on an oblique path are more exact.
    """

    recording: str
    kind: RecordingKind
    timing: Timing
    view: View | None = None
    person: PersonChoice | None = None
    size: ScaleInput = field(default_factory=ScaleInput)
    picture_width_px: float | None = None
    picture_height_px: float | None = None

    @property
    def picture_px(self) -> tuple[float, float] | None:
        """Width and height of the picture, or None when either is unknown."""
        if self.picture_width_px is None or self.picture_height_px is None:
            return None
        return self.picture_width_px, self.picture_height_px
