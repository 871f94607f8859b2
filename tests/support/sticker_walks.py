"""Walks seen from behind with four stickers on each leg, exactly projected.

The stickers are fixed to the shank and to a heel that everts by a known curve on top
of the foot of a virtual walker.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from gaitkit.model.events import Event
from gaitkit.model.keypoints import keypoints
from gaitkit.model.side import Side
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.rotations import about_forward
from gaitkit_virtual.walker import walk

CALF_UPPER = (-0.055, 0.0, 0.17)
CALF_LOWER = (-0.042, 0.0, 0.075)
HEEL_UPPER = (-0.045, 0.0, -0.015)
HEEL_LOWER = (-0.056, 0.0, -0.055)
"""Places in the axes forward, left, up of shank or heel from the ankle, in metres."""

PSIS = (-0.09, 0.05, 0.06)
"""Left dimple in the axes of the pelvis, from the middle of the hips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerWalk:
    """Stickers in pixels, and what is true.

    ``stickers_deg`` is the angle of the sticker lines seen along the flat foot.
    """

    stickers: xr.Dataset
    stickers_deg: dict[Side, np.ndarray]
    obliquity_deg: dict[Side, np.ndarray]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Camera, walker and what is pasted on."""

    camera: Camera = field(
        default_factory=lambda: Camera(
            view="posterior",
            distance_m=3.5,
            height_m=0.6,
            width_px=1080,
            height_px=1920,
            focal_px=1500.0,
        )
    )
    walker: WalkerParameters = field(
        default_factory=lambda: WalkerParameters(height_m=1.72, start_forward_m=-1.8)
    )
    duration_s: float = 3.6
    rate_hz: float = 60.0
    eversion_deg: dict[Side, float] = field(
        default_factory=lambda: {Side.LEFT: 8.0, Side.RIGHT: 4.0}
    )
    peak_at: float = 0.4
    noise_px: float = 0.0
    seed: int = 0


def film_stickers(scene: Scene) -> StickerWalk:
    """Return the stickers that a camera sees on a walk."""
    walked = walk(
        scene.walker,
        duration_s=scene.duration_s,
        rate_hz=scene.rate_hz,
        seed=scene.seed,
    )
    time = walked.keypoints["time"].to_numpy()
    rng = np.random.default_rng(scene.seed)
    points, truth, obliquity = {}, {}, {}
    pelvis = walked.segments.sel(segment="pelvis").to_numpy()
    hips = 0.5 * (_point(walked, "left_hip") + _point(walked, "right_hip"))
    for side in Side:
        ankle = _point(walked, f"{side}_ankle")
        shank = walked.segments.sel(segment=f"{side}_shank").to_numpy()
        foot = walked.segments.sel(segment=f"{side}_foot").to_numpy()
        sign = 1.0 if side is Side.LEFT else -1.0
        added = sign * np.radians(_eversion(scene, walked.events, side, time))
        heel = foot @ about_forward(added)
        points[f"{side}_calf_upper"] = ankle + shank @ np.array(CALF_UPPER)
        points[f"{side}_calf_lower"] = ankle + shank @ np.array(CALF_LOWER)
        points[f"{side}_heel_upper"] = ankle + heel @ np.array(HEEL_UPPER)
        points[f"{side}_heel_lower"] = ankle + heel @ np.array(HEEL_LOWER)
        truth[side] = _seen_along_foot(points, side, scene.walker)
        dimple = np.array([PSIS[0], sign * PSIS[1], PSIS[2]])
        points[f"{side}_psis"] = hips + pelvis @ dimple
        obliquity[side] = (
            walked.angles["pelvic_obliquity"].sel(side=str(side)).to_numpy()
        )
    stacked = np.stack(list(points.values()), axis=1)
    seen = scene.camera.project(stacked)[..., :2]
    seen = seen + rng.normal(0, scene.noise_px, seen.shape)
    inside = (
        (seen > 0) & (seen < np.array([scene.camera.width_px, scene.camera.height_px]))
    ).all(axis=-1)
    seen = np.where(inside[..., None], seen, np.nan)
    return StickerWalk(
        stickers=keypoints(
            np.swapaxes(seen, 1, 2),
            inside.astype(float),
            time_s=time,
            names=list(points),
            space_unit="px",
        ),
        stickers_deg=truth,
        obliquity_deg=obliquity,
        events=walked.events,
    )


def stances(events: tuple[Event, ...], side: Side) -> list[tuple[float, float]]:
    """Return initial contact and foot off of every whole stance of a side."""
    own = [event for event in events if event.side is side]
    return [
        (first.time_s, then.time_s)
        for first, then in itertools.pairwise(own)
        if first.kind == "initial_contact" and then.kind == "foot_off"
    ]


def _point(walked: object, name: str) -> np.ndarray:
    position = walked.keypoints["position"]  # type: ignore[attr-defined]
    return position.sel(keypoint=name).transpose("time", "space").to_numpy()


def _seen_along_foot(
    points: dict[str, np.ndarray], side: Side, walker: WalkerParameters
) -> np.ndarray:
    """Return the angle of the sticker lines in the frontal plane of the flat foot."""
    out = 1.0 if side is Side.LEFT else -1.0
    toe_out = walker.toe_out_left_deg if out > 0 else walker.toe_out_right_deg
    azimuth = np.radians(walker.heading_deg + out * toe_out)
    left = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])

    def lean(upper: str, lower: str) -> np.ndarray:
        line = points[f"{side}_{upper}"] - points[f"{side}_{lower}"]
        return np.arctan2(line @ left, line[:, 2])

    bend = lean("calf_upper", "calf_lower") - lean("heel_upper", "heel_lower")
    return out * np.degrees(bend)


def _eversion(
    scene: Scene, events: tuple[Event, ...], side: Side, time: np.ndarray
) -> np.ndarray:
    """Return a rise and fall of the heel over each stance, 0 at its ends."""
    curve = np.zeros_like(time)
    for start, end in stances(events, side):
        share = np.clip((time - start) / (end - start), 0, 1)
        warped = np.where(
            share < scene.peak_at,
            0.5 * share / scene.peak_at,
            0.5 + 0.5 * (share - scene.peak_at) / (1 - scene.peak_at),
        )
        curve += scene.eversion_deg[side] * np.sin(np.pi * warped) ** 2
    return curve
