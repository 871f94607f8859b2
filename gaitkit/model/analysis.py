"""What one recording gave: its signals, events, strides and measurements.

The assessment keeps the small values; the signals here feed pictures and tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from gaitkit.model.assessment import FileHash
from gaitkit.model.events import Event
from gaitkit.model.labelled import described
from gaitkit.model.measurement import Measurement
from gaitkit.model.plate import PlateResult
from gaitkit.model.recording import Recording
from gaitkit.model.standing import BlockLine, RearfootCurve, StancePicture
from gaitkit.model.strides import Stride, Waveform


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The result of one recording.

    Attributes
    ----------
    recording : Recording
        Identity, clock, scale and quality.
    source : Path or None
        The file it was read from.
    raw : xarray.Dataset or None
        Keypoints as recorded (``time, space, keypoint``; px for a video).
    walking : xarray.Dataset or None
        Cleaned keypoints on a uniform clock in walking space.
    angles : xarray.Dataset or None
        Variables are angles in degrees; dims ``time, side``.
    events, strides, waveforms, measurements
        What follows from them.
    plates : tuple of PlateResult
        Contacts, feet and line of walking of each mat of a pressure recording.
    standing : StancePicture or None
        Points and lines of a picture of a standing person.
    block_lines : tuple of BlockLine
        Of the first picture of a block test: the line through all of them.
    rearfoot : tuple of RearfootCurve
        Rearfoot angle over stance from stickers.
    model_files : tuple of FileHash
        Pose model files that took part.
    """

    recording: Recording
    source: Path | None = None
    raw: xr.Dataset | None = None
    walking: xr.Dataset | None = None
    angles: xr.Dataset | None = None
    events: tuple[Event, ...] = ()
    strides: tuple[Stride, ...] = ()
    waveforms: tuple[Waveform, ...] = field(default=())
    measurements: tuple[Measurement, ...] = ()
    plates: tuple[PlateResult, ...] = ()
    standing: StancePicture | None = None
    block_lines: tuple[BlockLine, ...] = ()
    rearfoot: tuple[RearfootCurve, ...] = ()
    model_files: tuple[FileHash, ...] = ()

    def __post_init__(self) -> None:
        """Let every signal say what it is and in which unit."""
        for signal in (self.raw, self.walking, self.angles):
            if signal is not None:
                described(signal)
