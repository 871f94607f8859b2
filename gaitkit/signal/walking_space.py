"""Walking space: forward, left and up along the path of the person, floor at 0.

Everything after this module is the same for a film, for markers and for pose files:
``forward`` increases the way the person walks, in every pass, whichever way that was
in the recording.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from gaitkit.model.keypoints import keypoints
from gaitkit.model.labelled import described
from gaitkit.model.recording import Calibration
from gaitkit.signal.floor import Floor, find_floor
from gaitkit.signal.passes import PassSettings, WalkPass, find_passes
from gaitkit.signal.scale import Scale, ScaleInput, find_scale, stature_px
from gaitkit.signal.upright import Upright, stand_upright

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAMERA_HEIGHT = 0.7
"""Height of a hand-held or tripod camera over stature (about 1.2 m); decides which
part of the slope of the floor line is perspective when the path runs obliquely."""

MAX_LAB_FLOOR_M = 0.15
"""In a laboratory whose standing feet are between 0 and this height, 0 is the floor;
markers sit a few centimetres above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingSpace:
    """Keypoints in walking space and how they got there.

    Attributes
    ----------
    data : xarray.Dataset
        Dims ``time, space, keypoint``; NaN outside the passes; coordinate
        ``walk_pass`` (time,) holds the number of the pass, -1 outside; coordinate
        ``square_at`` (time,) the forward position at which the camera looks square at
        the path, NaN where that is unknown; attributes ``space_unit``, ``rate_hz``.
    passes : tuple of WalkPass
        The straight passes, with speeds in the unit of ``data``.
    calibration : Calibration
        Scale and camera tilt.
    size_gradient : float
        Relative change of the size of the person over the way seen (0.1: grows by
        10 % from the left end to the right end); 0 in a laboratory.
    """

    data: xr.Dataset
    passes: tuple[WalkPass, ...]
    calibration: Calibration
    size_gradient: float = 0.0

    @property
    def surface(self) -> Literal["floor", "belt"]:
        """What is walked on."""
        on_belt = any(each.kind == "treadmill" for each in self.passes)
        return "belt" if on_belt else "floor"


def to_walking_space(
    clean: xr.Dataset,
    *,
    known: ScaleInput,
    settings: PassSettings,
    picture_px: tuple[float, float] | None = None,
) -> WalkingSpace:
    """Find the passes, the floor and the scale, and turn the keypoints into them.

    Parameters
    ----------
    clean : xarray.Dataset
        Clean keypoints on a uniform clock, in picture or laboratory space.
    known : ScaleInput
        What is known of size; not needed when the keypoints are in metres.
    settings : PassSettings
        What counts as a pass.
    picture_px : tuple of float or None
        Width and height of the picture, where there is one.

    Returns
    -------
    WalkingSpace
        With no passes (and all positions NaN) when nobody walks.

    Raises
    ------
    InputError
        If hips, knees, ankles, heels or toes are absent.
    """
    walk = stand_upright(clean)
    passes = find_passes(walk, settings=settings)
    floor = find_floor(walk, passes) if passes else None
    if not passes or floor is None:
        return _nowhere(walk, clean)
    if not walk.planar:
        return _in_laboratory(walk, clean, passes, floor)
    return _in_picture(walk, clean, passes, floor, known, picture_px)


def _nowhere(walk: Upright, clean: xr.Dataset) -> WalkingSpace:
    axes = ("forward", "up") if walk.planar else ("forward", "left", "up")
    shape = (walk.time_s.size, len(axes), len(walk.names))
    data = _dataset(walk, clean, np.full(shape, np.nan), (), axes, walk.unit)
    return WalkingSpace(data=data, passes=(), calibration=Calibration())


def _in_laboratory(
    walk: Upright,
    clean: xr.Dataset,
    passes: tuple[WalkPass, ...],
    floor: Floor,
) -> WalkingSpace:
    position = np.full((walk.time_s.size, 3, len(walk.names)), np.nan)
    zero_is_floor = walk.unit == "m" and 0 <= floor.level <= MAX_LAB_FLOOR_M
    level = 0.0 if zero_is_floor else floor.level
    for each in passes:
        inside = each.samples(walk.time_s)
        ahead = np.asarray(each.direction)
        aside = np.array([-ahead[1], ahead[0]])
        horizontal = walk.horizontal[inside]
        position[inside, 0] = np.einsum("thk,h->tk", horizontal, ahead)
        position[inside, 1] = np.einsum("thk,h->tk", horizontal, aside)
        position[inside, 2] = walk.up[inside] - level
        if each.kind == "treadmill":
            elapsed = walk.time_s[inside] - each.start_s
            position[inside, 0] += (each.speed * elapsed)[:, None]
    axes = ("forward", "left", "up")
    method: Literal["file", "none"] = "file" if walk.unit == "m" else "none"
    return WalkingSpace(
        data=_dataset(walk, clean, position, passes, axes, walk.unit),
        passes=passes,
        calibration=Calibration(method=method),
    )


def _in_picture(
    walk: Upright,
    clean: xr.Dataset,
    passes: tuple[WalkPass, ...],
    floor: Floor,
    known: ScaleInput,
    picture_px: tuple[float, float] | None,
) -> WalkingSpace:
    inside = np.any([each.samples(walk.time_s) for each in passes], axis=0)
    scale = find_scale(walk, floor, known=known, inside=inside, picture_px=picture_px)
    metric = bool(np.isfinite(scale.m_per_px))
    if not metric:
        scale = replace(scale, m_per_px=1.0)
    roll = _roll(walk, floor, gradient=scale.gradient, inside=inside)
    x, up = walk.horizontal[:, 0, :], walk.up
    along = x * np.cos(roll) + (up - floor.level) * np.sin(roll)
    way = scale.along_m(along)
    height = scale.height_m((up - floor.height(x)) * np.cos(roll), along)
    position = np.full((walk.time_s.size, 2, len(walk.names)), np.nan)
    scaled: list[WalkPass] = []
    for each in passes:
        part = each.samples(walk.time_s)
        position[part, 0] = each.direction[0] * way[part]
        position[part, 1] = height[part]
        speed = each.speed * scale.m_per_px * scale.stretch
        scaled.append(replace(each, speed=speed))
        if each.kind == "treadmill":
            elapsed = walk.time_s[part] - each.start_s
            position[part, 0] += (speed * elapsed)[:, None]
    middle = walk.middle("hip")[inside, 0]
    seen = middle[np.isfinite(middle)]
    data = _dataset(
        walk, clean, position, passes, ("forward", "up"), "m" if metric else "px"
    )
    return WalkingSpace(
        data=described(
            data.assign_coords(square_at=("time", _square_at(walk, passes, scale)))
        ),
        passes=tuple(scaled),
        calibration=_calibration(
            scale if metric else None, known, roll if floor.sloped else None
        ),
        size_gradient=float(scale.gradient * np.ptp(seen)) if seen.size else 0.0,
    )


def _square_at(
    walk: Upright, passes: tuple[WalkPass, ...], scale: Scale
) -> NDArray[np.float64]:
    """Return the forward position square to the camera (time,); NaN where unknown."""
    square = np.full(walk.time_s.size, np.nan)
    if scale.square_px is None:
        return square
    way = float(scale.along_m(np.array([scale.square_px]))[0])
    for each in passes:
        if each.kind == "overground":
            square[each.samples(walk.time_s)] = each.direction[0] * way
    return square


def _roll(
    walk: Upright, floor: Floor, *, gradient: float, inside: NDArray[np.bool_]
) -> float:
    """Return the roll of the camera in radians: slope of the floor less perspective.

    Where the person grows to the right by ``gradient`` per px, the floor sinks in the
    picture by that times the height of the camera in pixels.
    """
    if not floor.sloped:
        return 0.0
    stature = stature_px(walk, floor, inside=inside)
    height_px = stature[0] if stature is not None else 0.0
    return float(np.arctan(floor.slope + gradient * CAMERA_HEIGHT * height_px))


def _calibration(
    scale: Scale | None, known: ScaleInput, roll: float | None
) -> Calibration:
    tilt_deg = None if roll is None else float(np.rad2deg(roll))
    if scale is None:
        return Calibration(camera_tilt_deg=tilt_deg)
    by_length = known.known_length_m is not None
    return Calibration(
        method="known_length" if by_length else "subject_height",
        m_per_px=scale.m_per_px,
        relative_sd=scale.relative_sd,
        camera_tilt_deg=tilt_deg,
    )


def _dataset(
    walk: Upright,
    clean: xr.Dataset,
    position: NDArray[np.float64],
    passes: tuple[WalkPass, ...],
    axes: tuple[str, ...],
    unit: Literal["m", "px"],
) -> xr.Dataset:
    number = np.full(walk.time_s.size, -1, dtype=np.int64)
    for each in passes:
        number[each.samples(walk.time_s)] = each.number
    data = keypoints(
        position,
        clean["confidence"].to_numpy(),
        time_s=walk.time_s,
        names=walk.names,
        space=axes,
        space_unit=unit,
    )
    return described(
        data.assign_coords(walk_pass=("time", number)).assign_attrs(
            rate_hz=walk.rate_hz
        )
    )
