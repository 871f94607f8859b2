"""A film of a virtual patient who walks to and fro past a camera, with its truth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import ConfigError
from gaitkit.io.export.video import Encoding, write_video
from gaitkit.model.events import Event
from gaitkit.model.strides import Stride, StrideValue
from gaitkit_virtual.body import Look
from gaitkit_virtual.camera import Camera, picture_keypoints
from gaitkit_virtual.film import Actor, Setting, film, stickers_seen
from gaitkit_virtual.sticker_paint import SeenSticker
from gaitkit_virtual.stickers import Sticker
from gaitkit_virtual.virtual_walk import VirtualWalk
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit_virtual.parameters import WalkerParameters

SIDE_VIEWS = ("sagittal_left", "sagittal_right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shooting:
    """How a film of a virtual patient is made.

    Attributes
    ----------
    camera : Camera
        The camera.
    rate_hz : float
        Frames a second.
    passes : int
        Times the patient walks past, to and fro in turn; what happens out of sight
        between two passes is cut out.
    way_m : float
        Length of a pass in metres, its middle in front of the camera.
    look : Look
        The patient's looks.
    stickers : tuple of Sticker
        What sticks on the patient's skin.
    others : tuple of Actor
        Other people in the picture; their walks last as long as the film.
    setting : Setting
        Room, light and noise.
    encoding : Encoding
        Compression.
    """

    camera: Camera
    rate_hz: float
    passes: int
    way_m: float
    look: Look = field(default_factory=Look)
    stickers: tuple[Sticker, ...] = ()
    others: tuple[Actor, ...] = ()
    setting: Setting = field(default_factory=Setting)
    encoding: Encoding = field(default_factory=Encoding)

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.passes < 1 or self.way_m <= 0 or self.rate_hz <= 0:
            msg = (
                f"simulate: passes, way_m and rate_hz must be above 0, got "
                f"{self.passes}, {self.way_m:g} and {self.rate_hz:g}"
            )
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientVideo:
    """A film and everything true about it, on the clock of the film.

    Attributes
    ----------
    path : Path
        The film.
    camera : Camera
        The camera.
    passes : tuple of VirtualWalk
        The walks; each begins at its own time 0.
    starts_s : tuple of float
        When each pass begins in the film.
    keypoints : xarray.Dataset
        True picture keypoints (``time, space, keypoint``) in pixels of all frames.
    angles : xarray.Dataset
        True angles in degrees (``time, side``) of all frames.
    events : tuple of Event
        True events.
    strides : tuple of Stride
        True complete strides; ``walk_pass`` counts the passes.
    stride_values : tuple of StrideValue
        True spatiotemporal values of the strides.
    stickers : tuple of tuple of SeenSticker
        For each frame of the film each sticker.
    """

    path: Path
    camera: Camera
    passes: tuple[VirtualWalk, ...]
    starts_s: tuple[float, ...]
    keypoints: xr.Dataset
    angles: xr.Dataset
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    stride_values: tuple[StrideValue, ...]
    stickers: tuple[tuple[SeenSticker, ...], ...] = ()


def virtual_patient_video(
    path: Path, parameters: WalkerParameters, *, shooting: Shooting, seed: int = 0
) -> PatientVideo:
    """Film a virtual patient and return the truth.

    Parameters
    ----------
    path : Path
        The mp4 file to write.
    parameters : WalkerParameters
        The patient; heading, start and mode are set by the shooting.
    shooting : Shooting
        Camera, passes, looks and compression.
    seed : int
        Seed of the variation between steps.

    Returns
    -------
    PatientVideo
        The film and its truth.

    Raises
    ------
    ConfigError
        If the patient cannot walk so.
    OutputError
        If the film cannot be written.
    """
    walks = tuple(
        one_pass(parameters, shooting, number=number, seed=seed)
        for number in range(shooting.passes)
    )
    frames = [walked.keypoints.sizes["time"] for walked in walks]
    first = np.concatenate([[0], np.cumsum(frames)[:-1]])
    starts = tuple(float(frame / shooting.rate_hz) for frame in first)
    write_video(
        path,
        chain.from_iterable(_filmed(walks, shooting, first)),
        rate_hz=shooting.rate_hz,
        encoding=shooting.encoding,
    )
    return _with_truth(path, walks, starts, shooting)


def one_pass(
    parameters: WalkerParameters, shooting: Shooting, *, number: int, seed: int
) -> VirtualWalk:
    """Return one pass of a film without filming it.

    Parameters
    ----------
    parameters : WalkerParameters
        The patient.
    shooting : Shooting
        Camera, way and rate.
    number : int
        Which pass, from 0; odd ones go back.
    seed : int
        Seed of the film.
    """
    sagittal = shooting.camera.view in SIDE_VIEWS
    back = number % 2 == 1
    half = shooting.way_m / 2 if sagittal else 0.0
    target = shooting.camera.target_forward_m
    person = replace(
        parameters,
        mode="overground",
        start="walking",
        heading_deg=180.0 if back else 0.0,
        start_forward_m=target + (half if back else -half),
        start_left_m=shooting.camera.target_left_m,
    )
    duration = shooting.way_m / parameters.speed_m_s
    return walk(
        person,
        duration_s=duration,
        rate_hz=shooting.rate_hz,
        seed=seed + number,
    )


def _filmed(
    walks: Sequence[VirtualWalk], shooting: Shooting, first: np.ndarray
) -> Iterator[Iterator[np.ndarray]]:
    for walked, start in zip(walks, first, strict=True):
        patient = Actor(walk=walked, look=shooting.look, stickers=shooting.stickers)
        others = [
            replace(other, first_frame=other.first_frame + int(start))
            for other in shooting.others
        ]
        yield film((*others, patient), shooting.camera, setting=shooting.setting)


def _with_truth(
    path: Path,
    walks: tuple[VirtualWalk, ...],
    starts: tuple[float, ...],
    shooting: Shooting,
) -> PatientVideo:
    pairs = list(zip(walks, starts, strict=True))
    pictures = [picture_keypoints(w, shooting.camera) for w in walks]
    return PatientVideo(
        path=path,
        camera=shooting.camera,
        passes=walks,
        starts_s=starts,
        keypoints=_on_one_clock(pictures, starts),
        angles=_on_one_clock([w.angles for w in walks], starts),
        events=tuple(
            _event_at(event, start, shooting.rate_hz)
            for walked, start in pairs
            for event in walked.events
        ),
        strides=tuple(
            _stride_at(stride, start, number)
            for number, (walked, start) in enumerate(pairs)
            for stride in walked.strides
        ),
        stride_values=tuple(
            replace(value, start_s=value.start_s + start)
            for walked, start in pairs
            for value in walked.stride_values
        ),
        stickers=tuple(_stickers(walks, shooting)),
    )


def _stickers(
    walks: Sequence[VirtualWalk], shooting: Shooting
) -> Iterator[tuple[SeenSticker, ...]]:
    for walked in walks if shooting.stickers else ():
        patient = Actor(walk=walked, look=shooting.look, stickers=shooting.stickers)
        yield from stickers_seen(patient, shooting.camera)


def _on_one_clock(parts: Sequence[xr.Dataset], starts: Sequence[float]) -> xr.Dataset:
    moved = [
        part.assign_coords(time=part["time"] + start)
        for part, start in zip(parts, starts, strict=True)
    ]
    return xr.concat(moved, dim="time")


def _event_at(event: Event, start_s: float, rate_hz: float) -> Event:
    time = event.time_s + start_s
    return replace(event, time_s=time, frame=round(time * rate_hz))


def _stride_at(stride: Stride, start_s: float, number: int) -> Stride:
    def later(time_s: float | None) -> float | None:
        return None if time_s is None else time_s + start_s

    return replace(
        stride,
        start_s=stride.start_s + start_s,
        end_s=stride.end_s + start_s,
        foot_off_s=later(stride.foot_off_s),
        opposite_foot_off_s=later(stride.opposite_foot_off_s),
        opposite_initial_contact_s=later(stride.opposite_initial_contact_s),
        walk_pass=number,
    )
