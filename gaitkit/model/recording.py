"""What was recorded, how its clock and its scale are known, how good it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gaitkit.model.reason import Quality, Reason

RecordingKind = Literal["video", "plate", "markers", "pose", "stance", "block_test"]
View = Literal["sagittal_left", "sagittal_right", "posterior", "anterior"]
TimeSource = Literal["pts", "header", "user", "assumed"]
SpaceUnit = Literal["m", "px"]
ClockMethod = Literal["contacts", "marked", "marked_contacts"]
Condition = Literal["barefoot", "shod", "with_insole", "with_raise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The clock of a recording.

    Attributes
    ----------
    source : {"pts", "header", "user", "assumed"}
        Where the times come from: presentation time stamps of a video, a rate in
        the header, a rate that the user gave, or an assumption.
    rate_hz : float or None
        One over the median interval between frames.
    duration_s : float or None
        Last minus first time stamp, after the speed factor.
    frames : int
        Number of frames.
    variable : bool
        True when the intervals vary by more than the clock's own rounding.
    jitter_ms : float or None
        Standard deviation of the intervals, drops left out.
    dropped, duplicated : int
        Frames missing from, and repeated in, an otherwise regular sequence.
    capture_rate_hz : float or None
        Rate at which the camera says it filmed, when it says so (slow motion).
    speed_factor : float
        Played seconds are multiplied by this to get real seconds (1 = real time).
    speed_source : {"none", "metadata", "user"}
        Where the speed factor comes from.
    """

    source: TimeSource
    rate_hz: float | None
    duration_s: float | None
    frames: int
    variable: bool = False
    jitter_ms: float | None = None
    dropped: int = 0
    duplicated: int = 0
    capture_rate_hz: float | None = None
    speed_factor: float = 1.0
    speed_source: Literal["none", "metadata", "user"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How lengths in the picture become metres.

    Attributes
    ----------
    method : {"file", "subject_height", "known_length", "none"}
        Where the scale comes from; ``none`` means that lengths stay unknown.
    m_per_px : float or None
        Metres per pixel in the plane of the walk.
    relative_sd : float or None
        Standard error of the scale as a fraction of it.
    camera_tilt_deg : float or None
        Roll of the picture against the floor line; positive when the floor rises
        to the right of the picture.
    pitch_mm : tuple of float or None
        Of a plate: distance of the sensors along rows and along columns; of several
        mats that of the first.
    """

    method: Literal["file", "subject_height", "known_length", "none"] = "none"
    m_per_px: float | None = None
    relative_sd: float | None = None
    camera_tilt_deg: float | None = None
    pitch_mm: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCandidate:
    """One person seen in a recording, with what speaks for the choice.

    Attributes
    ----------
    number : int
        1 for the best candidate, as ``--person N`` counts.
    score : float
        0 to 1; the weighted sum of the shares below.
    start_s, end_s : float
        When the person is in view.
    path_heights : float
        Length of the path in own body heights.
    duration_s, completeness : float
        Seconds tracked; fraction of frames with both feet in view.
    upright, size : float or None
        Fraction of frames with an upright trunk; body height as a fraction of the
        picture. None where the recording cannot show it.
    frame : int
        The frame in which the person is best seen.
    box : tuple of float or None
        Left, top, width, height in pixels in that frame; None without a picture.
    """

    number: int
    score: float
    start_s: float
    end_s: float
    path_heights: float
    duration_s: float
    upright: float | None
    size: float | None
    completeness: float
    frame: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """Who was followed, who else was seen, and what was repaired on the way.

    Attributes
    ----------
    chosen : int
        Number of the candidate that was followed.
    method : {"only", "scored", "user"}
        Nobody else was there, the best score won, or the user said so.
    ambiguous : bool
        True when the runner-up is too close to be sure.
    candidates : tuple of PersonCandidate
        Best first.
    identity_jumps : int
        Frames at which the track leapt to another body and was cut there.
    swaps_repaired, swaps_unclear : int
        Frames in which left and right legs were exchanged and put right, and
        frames in which they may be exchanged but the evidence was not clear (those
        frames are set to missing).
    """

    chosen: int
    method: Literal["only", "scored", "user"]
    ambiguous: bool
    candidates: tuple[PersonCandidate, ...]
    identity_jumps: int = 0
    swaps_repaired: int = 0
    swaps_unclear: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """How the clock of a recording is shifted against that of another one.

    Attributes
    ----------
    reference : str
        Id of the recording whose clock counts.
    offset_s : float
        Added to a time of this recording it gives the time of the reference.
    sd_s : float
        Its standard error.
    events : int
        Events that both recordings show and that carry it.
    method : {"contacts", "marked", "marked_contacts"}
        Found from the contacts; marked by somebody; marked, then refined by them.
    """

    reference: str
    offset_s: float
    sd_s: float
    events: int
    method: ClockMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording of a visit, as it stands in the assessment.

    ``rate_hz``, ``duration_s`` and ``time_source`` repeat what ``timing`` holds in
    detail; ``scale`` is the unit of lengths and ``calibration`` says how it is known.
    ``confidence`` (0 to 1) is the median confidence of the keypoints that were used,
    None where a recording has none. ``clock`` places it on the clock of another
    recording of the visit; ``why_no_clock`` says why that was tried in vain.
    """

    id: str
    kind: RecordingKind
    sha256: str
    view: View | None = None
    rate_hz: float | None = None
    duration_s: float | None = None
    time_source: TimeSource = "assumed"
    scale: SpaceUnit = "px"
    quality: Quality = field(default_factory=Quality)
    condition: Condition | None = None
    timing: Timing | None = None
    calibration: Calibration = field(default_factory=Calibration)
    person: PersonChoice | None = None
    confidence: float | None = None
    clock: ClockOffset | None = None
    why_no_clock: Reason | None = None
