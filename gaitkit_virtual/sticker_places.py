"""Put stickers on the skin of a virtual body: each fixed to the bone beneath it.

From a point of the bone a ray goes outwards; where it leaves the skin the sticker lies,
flat on the skin. It then moves with its bone, so its place is exact in every frame. The
stickers of shank and heel are put on as seen along the foot, so that in the frontal
plane of the foot their lines are the axes of shank and calcaneus.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual.body_shape import DRAWN_HEIGHT_M
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.rearfoot import lean_in_foot
from gaitkit_virtual.rotations import Array
from gaitkit_virtual.stickers import Sticker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gaitkit_virtual.painter import Faces
    from gaitkit_virtual.posed import Posed

UPPER_CALF_SHARE, LOWER_CALF_SHARE = 0.40, 0.17
"""Heights of the shank's stickers above the ankle, as a share of the shank."""

UPPER_HEEL_M, LOWER_HEEL_M = 0.052, 0.021
"""Heights of the heel's stickers above the sole, of a body of 1.70 m."""

NAVICULAR_AHEAD_M, NAVICULAR_HEIGHT_M = 0.040, 0.045
"""Place of the navicular tuberosity from ankle and sole, of a body of 1.70 m."""

BALL_HEIGHT_M, HEEL_BACK_HEIGHT_M = 0.022, 0.030
"""Heights of the first metatarsophalangeal joint and of the sticker at the back of the
heel above the sole, of a body of 1.70 m."""

INNER_ROLES = ("navicular", "metatarsal_1", "heel_back")
"""Stickers on the inner side of the foot itself."""

SKIN_OF_LEG_M, SKIN_OF_PELVIS_M = 0.09, 0.14
"""Skin farther from its bone than this belongs to another part of the body."""

BONE_SHOWS_M = 0.045
"""By so much the skin of a thin body may lie under the point that a bone has in a
body of average build."""

FLAT_WITHIN_M = 0.010
"""A sticker lies as the skin within this distance does on average."""

LIFTED_M = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSticker:
    """A sticker on a body over time.

    Attributes
    ----------
    sticker : Sticker
        Which one.
    centre : array (n, 3)
        Its middle in metres.
    normal : array (n, 3)
        Unit vector away from the skin.
    bone : array (n, 3)
        The point of the bone under it, in metres.
    """

    sticker: Sticker
    centre: Array
    normal: Array
    bone: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    """A point of a bone, the bone's frame, the way to the skin and up along it."""

    point: Array
    frame: Array
    outwards: Array
    up: Array


def place_stickers(
    posed: Posed, faces: Callable[[int], Faces], stickers: Sequence[Sticker]
) -> tuple[PlacedSticker, ...]:
    """Put stickers on a body.

    Parameters
    ----------
    posed : Posed
        The walk or stance.
    faces : callable
        The skin in a frame, corners in order around each face as seen from outside.
    stickers : sequence of Sticker
        What to put on.

    Raises
    ------
    ConfigError
        If a sticker finds no skin.
    """
    frames = [_reference_frame(posed, sticker) for sticker in stickers]
    skins = {frame: faces(frame).corners for frame in set(frames)}
    return tuple(
        _placed(posed, sticker, frame, skins[frame])
        for sticker, frame in zip(stickers, frames, strict=True)
    )


def _placed(posed: Posed, sticker: Sticker, frame: int, skin: Array) -> PlacedSticker:
    anchor = _anchor(posed, sticker)
    outwards = anchor.outwards[frame]
    aside = _outer(posed, sticker, frame)
    moved = (sticker.outward_mm + sticker.skin_outward_mm) * aside
    moved = moved + (sticker.up_mm + sticker.skin_up_mm) * anchor.up[frame]
    start = anchor.point[frame] + moved / 1000
    pelvis = sticker.role in {"asis", "psis"}
    within = SKIN_OF_PELVIS_M if pelvis else SKIN_OF_LEG_M
    reach = _skin(start, outwards, skin, within_m=within)
    if reach is None:
        msg = (
            f"simulate.sticker: no skin over the {sticker.side} {sticker.role}; "
            "give a smaller outward_mm or up_mm"
        )
        raise ConfigError(msg)
    hit = start + reach * outwards
    normal = _normal(hit, outwards, skin)
    turn = anchor.frame[frame]
    local = turn.T @ (start + (reach + LIFTED_M) * outwards - anchor.point[frame])
    return PlacedSticker(
        sticker=sticker,
        centre=anchor.point + anchor.frame @ local,
        normal=anchor.frame @ (turn.T @ normal),
        bone=anchor.point,
    )


def _reference_frame(posed: Posed, sticker: Sticker) -> int:
    """Return the frame in which a therapist could have put it on: foot flat."""
    foot = _segment(posed, f"{sticker.side}_foot")
    heel = _point(posed, f"{sticker.side}_heel_contact")
    return int(np.argmin(np.abs(foot[:, 2, 0]) + heel[:, 2]))


def _anchor(posed: Posed, sticker: Sticker) -> _Anchor:
    if sticker.role in {"asis", "psis"}:
        return _on_pelvis(posed, sticker)
    if sticker.role.startswith("calf"):
        return _on_calf(posed, sticker)
    return _on_foot(posed, sticker)


def _on_pelvis(posed: Posed, sticker: Sticker) -> _Anchor:
    pelvis = _segment(posed, "pelvis")
    name = "ASI" if sticker.role == "asis" else "PSI"
    facing = 1 if sticker.role == "asis" else -1
    letter = "L" if sticker.side is Side.LEFT else "R"
    markers = posed.markers["position"].sel(keypoint=letter + name)
    return _Anchor(
        point=markers.transpose("time", "space").to_numpy(),
        frame=pelvis,
        outwards=facing * pelvis[:, :, 0],
        up=pelvis[:, :, 2],
    )


def _on_calf(posed: Posed, sticker: Sticker) -> _Anchor:
    share = UPPER_CALF_SHARE if sticker.role == "calf_upper" else LOWER_CALF_SHARE
    shank = _segment(posed, f"{sticker.side}_shank")
    knee = _point(posed, f"{sticker.side}_knee")
    ankle = _point(posed, f"{sticker.side}_ankle")
    behind = -_segment(posed, f"{sticker.side}_foot")[:, :, 0]
    up = shank[:, :, 2]
    level = behind - (behind * up).sum(axis=1)[:, None] * up
    return _Anchor(
        point=ankle + share * (knee - ankle),
        frame=shank,
        outwards=level / np.linalg.norm(level, axis=1)[:, None],
        up=up,
    )


def _on_foot(posed: Posed, sticker: Sticker) -> _Anchor:
    side, size = sticker.side, posed.height_m / DRAWN_HEIGHT_M
    foot = _segment(posed, f"{side}_foot")
    sole = _point(posed, f"{side}_ball_contact") - _point(posed, f"{side}_ankle")
    low = np.einsum("ni,ni->n", sole, foot[:, :, 2])
    medial = -sign_of(side) * foot[:, :, 1]
    if sticker.role in {"heel_upper", "heel_lower"}:
        above = UPPER_HEEL_M if sticker.role == "heel_upper" else LOWER_HEEL_M
        lean = np.tan(lean_in_foot(foot, _segment(posed, f"{side}_calcaneus")))
        height = low + size * above
        local = np.column_stack([np.zeros_like(low), lean * height, height])
        outwards = -foot[:, :, 0]
    elif sticker.role in INNER_ROLES:
        ahead, height = _on_inner_side(posed, sticker, size=size)
        local = np.column_stack([ahead, np.zeros_like(low), low + height])
        outwards = medial
    else:
        local = np.zeros((len(low), 3))
        outwards = medial if sticker.role == "malleolus_medial" else -medial
    point = _point(posed, f"{side}_ankle") + np.einsum("nij,nj->ni", foot, local)
    return _Anchor(point=point, frame=foot, outwards=outwards, up=foot[:, :, 2])


def _on_inner_side(
    posed: Posed, sticker: Sticker, *, size: float
) -> tuple[Array, float]:
    """Return how far ahead of the ankle (n,) and above the sole a sticker lies, m."""
    side = sticker.side
    foot = _segment(posed, f"{side}_foot")
    ankle = _point(posed, f"{side}_ankle")
    if sticker.role == "navicular":
        bone = size * NAVICULAR_HEIGHT_M
        if sticker.bone_mm is not None:
            bone = sticker.bone_mm / 1000
        return np.full(len(ankle), size * NAVICULAR_AHEAD_M), bone
    heel = sticker.role == "heel_back"
    contact = "heel_contact" if heel else "ball_contact"
    away = _point(posed, f"{side}_{contact}") - ankle
    ahead = np.einsum("ni,ni->n", away, foot[:, :, 0])
    if heel:
        return ahead + sticker.diameter_mm / 2000, size * HEEL_BACK_HEIGHT_M
    return ahead, size * BALL_HEIGHT_M


def _outer(posed: Posed, sticker: Sticker, frame: int) -> Array:
    pelvis = sticker.role in {"asis", "psis"}
    name = "pelvis" if pelvis else f"{sticker.side}_foot"
    if sticker.role.startswith("malleolus") or sticker.role in INNER_ROLES:
        return _segment(posed, name)[frame, :, 0]
    return np.asarray(sign_of(sticker.side) * _segment(posed, name)[frame, :, 1])


def _skin(
    start: Array, along: Array, corners: Array, *, within_m: float
) -> float | None:
    """Return how far along a ray the outermost skin near its start lies, in metres."""
    near = np.linalg.norm(corners.mean(axis=1) - start, axis=1) < 2 * within_m
    quads = corners[near]
    triangles = np.concatenate([quads[:, (0, 1, 2)], quads[:, (0, 2, 3)]])
    one, two = (triangles[:, i] - triangles[:, 0] for i in (1, 2))
    across = np.cross(along, two)
    size = (one * across).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = start - triangles[:, 0]
        u = (offset * across).sum(axis=1) / size
        turned = np.cross(offset, one)
        v = (turned @ along) / size
        reach = (turned * two).sum(axis=1) / size
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (reach > -BONE_SHOWS_M)
    hit &= reach < within_m
    # leaving the skin: its outer face looks along the ray
    hit &= np.cross(one, two) @ along > 0
    return float(reach[hit].max()) if hit.any() else None


def _normal(hit: Array, outwards: Array, corners: Array) -> Array:
    """Return the direction of the skin around a point, weighed by area."""
    distance = np.linalg.norm(corners.mean(axis=1) - hit, axis=1)
    area = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    near = (distance < max(FLAT_WITHIN_M, 1.001 * distance.min())) & (
        area @ outwards > 0
    )
    total = area[near].sum(axis=0) if near.any() else outwards
    return np.asarray(total / np.linalg.norm(total))


def _point(posed: Posed, name: str) -> Array:
    path = posed.keypoints["position"].sel(keypoint=name)
    return path.transpose("time", "space").to_numpy()


def _segment(posed: Posed, name: str) -> Array:
    frames = posed.segments.sel(segment=name)
    return frames.transpose("time", "axis", "direction").to_numpy()
