"""A body of smooth rings around the bones of a virtual walk, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual import body_shape as shape
from gaitkit_virtual.rearfoot import lean_in_foot
from gaitkit_virtual.rotations import Array, about_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.posed import Posed

AROUND = 24
"""Points on a ring."""

BEND = 0.18
"""Share of a bone on each side of a joint over which the rings turn."""

HIP_BEND = (-0.15, 0.35)
"""Shares of the thigh between which its rings turn from the pelvis to the bone."""

SOLE_POWER = 0.6
"""Below 1 makes the cross-section of a shoe boxier than an oval."""

TRUNK_BLEND_M = (0.05, 0.35)
"""Between these heights above the hips the rings turn from pelvis to trunk."""

BodyKind = Literal["procedural", "skinned"]
Sex = Literal["female", "male"]
Colour = tuple[float, float, float]
"""Red, green, blue, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Clothes, colours and build of a virtual body. Colours are red, green, blue.

    Attributes
    ----------
    skin, hair, shirt, shorts, shoes, soles, socks : tuple of float
        Colours, 0 to 1.
    girth : float
        Thickness of trunk and limbs against the average build.
    shorts_to : float
        Where shorts or trousers end: 0 hip, 1 knee, 1.92 ankle.
    barefoot : bool
        Bare feet, whose heels lean as the calcanei do, instead of shoes and socks.
    body : {"procedural", "skinned"}
        Drawn rings, or a human skin that has to be fetched once.
    sex, weight : str, float
        Of a skinned body: base shape, and build from -1 (lightest) to 1 (heaviest).

    Raises
    ------
    ConfigError
        If the weight lies outside -1 to 1.
    """

    skin: Colour = (0.80, 0.60, 0.49)
    hair: Colour = (0.20, 0.13, 0.09)
    shirt: Colour = (0.16, 0.42, 0.50)
    shorts: Colour = (0.27, 0.29, 0.36)
    shoes: Colour = (0.78, 0.24, 0.16)
    soles: Colour = (0.95, 0.95, 0.93)
    socks: Colour = (0.85, 0.85, 0.85)
    girth: float = 1.08
    shorts_to: float = 0.6
    barefoot: bool = False
    body: BodyKind = "procedural"
    sex: Sex = "female"
    weight: float = 0.0

    def __post_init__(self) -> None:
        """Check the build."""
        if not -1 <= self.weight <= 1:
            msg = f"simulate.look.weight is {self.weight:g}; expected -1 to 1"
            raise ConfigError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One closed surface of the body.

    Attributes
    ----------
    vertices : array (time, rings, around, 3)
        Metres, forward, left, up.
    colours : array (rings, around, 3)
        Colour of each vertex.
    """

    vertices: Array
    colours: Array


def body_parts(walk: Posed, look: Look) -> tuple[Part, ...]:
    """Put the shape of a clothed person around the bones of a walk.

    Parameters
    ----------
    walk : Posed
        The walk or stance.
    look : Look
        Colours and build.
    """
    bones = _Bones(walk)
    parts = [*_trunk(bones, look), *_head(bones, look)]
    for side in Side:
        parts += [*_leg(bones, side, look), _foot(bones, side, look)]
        parts.append(_arm(bones, side, look))
    return tuple(outside_out(part) for part in parts)


def outside_out(part: Part) -> Part:
    """Order the rings so that faces turn their front to the outside."""
    rings = part.vertices[0]
    middle = rings.mean(axis=1)
    along = middle[-1] - middle[0]
    spoke, following = (rings[:, i] - middle for i in (0, 1))
    if (np.cross(spoke, following) @ along).sum() > 0:
        return part
    return Part(vertices=part.vertices[:, ::-1], colours=part.colours[::-1])


class _Bones:
    """Points and orientations of a walk by name, as plain arrays."""

    def __init__(self, walk: Posed) -> None:
        position = walk.keypoints["position"].transpose("keypoint", "time", "space")
        names = [str(name) for name in position["keypoint"].to_numpy()]
        self.point = dict(zip(names, position.to_numpy(), strict=True))
        frames = walk.segments.transpose("segment", "time", "axis", "direction")
        names = [str(name) for name in frames["segment"].to_numpy()]
        self.frame = dict(zip(names, frames.to_numpy(), strict=True))
        self.size = walk.height_m / shape.DRAWN_HEIGHT_M
        tilt = np.radians([walk.pelvic_tilt_deg])
        self.level_pelvis = self.frame["pelvis"] @ about_left(-tilt)


def _trunk(bones: _Bones, look: Look) -> list[Part]:
    start, end = TRUNK_BLEND_M
    parts = []
    for rings, colour in ((shape.TRUNK, None), (shape.NECK, look.skin)):
        heights = np.array([ring.at for ring in rings])
        share = np.clip((heights - start) / (end - start), 0, 1)
        frames = _between(bones.level_pelvis, bones.frame["trunk"], share)
        axis = bones.point["chest"] - bones.point["pelvis_center"]
        axis = axis / np.linalg.norm(axis, axis=1)[:, None]
        origin = bones.point["pelvis_center"][:, None]
        centres = origin + bones.size * heights[:, None] * axis[:, None]
        shades = [
            colour or (look.shirt if ring.at > shape.SHIRT_FROM_M else look.shorts)
            for ring in rings
        ]
        size = bones.size * (look.girth if colour is None else 1)
        vertices = _lofted(centres, frames, rings, size=size)
        parts.append(Part(vertices=vertices, colours=_per_ring(shades)))
    return parts


def _leg(bones: _Bones, side: Side, look: Look) -> list[Part]:
    points = [bones.point[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")]
    frames = [bones.frame[f"{side}_{bone}"] for bone in ("thigh", "shank")]
    size = bones.size * look.girth
    legs = []
    cloth = tuple(ring for ring in shape.TROUSERS if ring.at <= look.shorts_to)
    layers = [(shape.BARE_LEG, look.skin), (cloth, look.shorts)]
    if not look.barefoot:
        layers.insert(1, (shape.SOCK, look.socks))
    for rings, colour in layers:
        centres, turned = _along_limb(points, frames, rings)
        at = np.array([ring.at for ring in rings])
        share = np.clip((at - HIP_BEND[0]) / (HIP_BEND[1] - HIP_BEND[0]), 0, 1)
        turned = _mixed(bones.level_pelvis[:, None], turned, share)
        length = np.linalg.norm(points[1] - points[0], axis=1)[:, None]
        above = np.minimum(at, 0) * length
        down = points[0][:, None] - above[..., None] * turned[..., 2]
        centres = np.where((at < 0)[:, None], down, centres)
        legs.append(
            Part(
                vertices=_lofted(centres, turned, rings, size=size),
                colours=_per_ring([colour] * len(rings)),
            )
        )
    return legs


def _arm(bones: _Bones, side: Side, look: Look) -> Part:
    points = [
        bones.point[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist")
    ]
    frames = [bones.frame[f"{side}_{bone}"] for bone in ("upper_arm", "forearm")]
    shades = [
        look.shirt if ring.at < shape.SLEEVE_TO else look.skin for ring in shape.ARM
    ]
    size = bones.size * look.girth
    centres, turned = _along_limb(points, frames, shape.ARM)
    vertices = _lofted(centres, turned, shape.ARM, size=size)
    return Part(vertices=vertices, colours=_per_ring(shades))


def _along_limb(
    points: Sequence[Array], frames: Sequence[Array], rings: Sequence[shape.Ring]
) -> tuple[Array, Array]:
    """Return centres and orientations of rings along two bones.

    The rings turn gradually at the joint between the bones.
    """
    top, middle, end = points
    at = np.array([ring.at for ring in rings])
    upper = top[:, None] + at[:, None] * (middle - top)[:, None]
    lower = middle[:, None] + (at - 1)[:, None] * (end - middle)[:, None]
    centres = np.where((at <= 1)[:, None], upper, lower)
    share = np.clip((at - 1 + BEND) / (2 * BEND), 0, 1)
    return centres, _between(frames[0], frames[1], share)


def _foot(bones: _Bones, side: Side, look: Look) -> Part:
    """Loft the foot or shoe along its axis; it bends at the MTP joint."""
    ankle, ball = bones.point[f"{side}_ankle"], bones.point[f"{side}_mtp"]
    foot, toes = bones.frame[f"{side}_foot"], bones.frame[f"{side}_toes"]
    local = np.einsum("nji,nj->ni", foot, ball - ankle)[0]
    sole_m = np.einsum("nji,nj->ni", foot, bones.point[f"{side}_heel_contact"] - ankle)
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    across, upward = np.cos(angle), np.sin(angle)
    across, upward = (np.sign(v) * np.abs(v) ** SOLE_POWER for v in (across, upward))
    rows, shades = [], []
    lean = _heel_lean(bones, side) if look.barefoot else np.zeros(len(ankle))
    for ring in shape.BARE_FOOT if look.barefoot else shape.SHOE:
        middle, half = (ring.bottom + ring.top) / 2, (ring.top - ring.bottom) / 2
        height = bones.size * (middle + half * upward)
        section = np.column_stack(
            [
                np.full(AROUND, bones.size * ring.at),
                bones.size * ring.width * across,
                height + sole_m[0, 2],
            ]
        )
        beyond = section[0, 0] > local[0]
        frame, origin = (toes, ball) if beyond else (foot, ankle)
        section = section - local if beyond else section
        moved = np.repeat(section[None], len(ankle), axis=0)
        fading = np.clip(1 - section[0, 0] / local[0], 0, 1) if not beyond else 0.0
        moved[:, :, 1] += np.outer(lean * fading, section[:, 2])
        rows.append(origin[:, None] + np.einsum("nij,nkj->nki", frame, moved))
        low = height < bones.size * shape.SOLE_THICKNESS_M
        worn = np.where(low[:, None], look.soles, look.shoes)
        bare = np.broadcast_to(look.skin, worn.shape)
        shades.append(bare if look.barefoot else worn)
    return Part(vertices=np.stack(rows, axis=1), colours=np.array(shades))


def _heel_lean(bones: _Bones, side: Side) -> Array:
    """Return how far the heel leans to the left (n,), metres per metre of height."""
    foot, heel = bones.frame[f"{side}_foot"], bones.frame[f"{side}_calcaneus"]
    return np.asarray(np.tan(lean_in_foot(foot, heel)))


def _head(bones: _Bones, look: Look) -> list[Part]:
    rings = _finer(shape.HEAD)
    frame, base = bones.frame["head"], bones.point["head_base"]
    local = _rings_local(rings)
    skull = Part(
        vertices=base[:, None, None]
        + bones.size * np.einsum("nij,rkj->nrki", frame, local),
        colours=_face_colours(local, look),
    )
    spots = [(shape.NOSE, look.skin), *((ear, look.skin) for ear in shape.EARS)]
    return [skull, *(_knob(bones, spot, colour) for spot, colour in spots)]


def _knob(bones: _Bones, spot: shape.Spot, colour: Colour) -> Part:
    """Return a small ellipsoid on the head."""
    polar = np.linspace(0, np.pi, 7)[:, None]
    around = np.linspace(0, 2 * np.pi, AROUND // 2, endpoint=False)[None]
    unit = np.stack(
        [
            np.sin(polar) * np.cos(around),
            np.sin(polar) * np.sin(around),
            -np.cos(polar) * np.ones_like(around),
        ],
        axis=2,
    )
    local = np.array([spot.forward, spot.left, spot.up]) + unit * np.array(spot.reach)
    frame, base = bones.frame["head"], bones.point["head_base"]
    vertices = base[:, None, None] + bones.size * np.einsum(
        "nij,rkj->nrki", frame, local
    )
    return Part(vertices=vertices, colours=np.broadcast_to(colour, local.shape))


def _face_colours(local: Array, look: Look) -> Array:
    forward, _, up = np.moveaxis(local, -1, 0)
    dark, lips = (0.12, 0.09, 0.08), tuple(0.72 * np.array(look.skin))
    colours = np.broadcast_to(look.skin, local.shape).copy()
    crown = up > shape.HAIRLINE_M
    back = (forward < shape.EAR_LINE_M - 0.45 * (up - 0.10)) & (up > shape.NAPE_M)
    temples = (up > shape.TEMPLE_M) & (forward < shape.TEMPLE_AHEAD_M)
    colours[crown | back | temples] = look.hair
    spots = [(spot, dark) for spot in shape.EYES]
    spots += [(spot, look.hair) for spot in shape.BROWS] + [(shape.MOUTH, lips)]
    for spot, colour in spots:
        centre = np.array([spot.forward, spot.left, spot.up])
        inside = (((local - centre) / np.array(spot.reach)) ** 2).sum(axis=2) < 1
        colours[inside] = colour
    return colours


def _finer(rings: Sequence[shape.Ring], between: int = 3) -> list[shape.Ring]:
    """Return rings with others interpolated between them, for the face."""
    table = np.array(rings)
    count = (len(rings) - 1) * between + 1
    at = np.linspace(0, len(rings) - 1, count)
    columns = [np.interp(at, np.arange(len(rings)), c) for c in table.T]
    return [shape.Ring(*map(float, row)) for row in np.column_stack(columns)]


def _rings_local(rings: Sequence[shape.Ring]) -> Array:
    """Return head rings (rings, around, 3) in metres from the head base."""
    angle = np.linspace(0, 2 * np.pi, 2 * AROUND, endpoint=False)
    return np.stack(
        [
            np.column_stack(
                [
                    ring.ahead + ring.depth * np.cos(angle),
                    ring.width * np.sin(angle),
                    np.full(len(angle), ring.at),
                ]
            )
            for ring in rings
        ]
    )


def _lofted(
    centres: Array, frames: Array, rings: Sequence[shape.Ring], *, size: float
) -> Array:
    """Return vertices (n, rings, around, 3) of ovals around a row of centres."""
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    table = np.array(rings)
    depth, width, ahead = (table[:, i, None] for i in (1, 2, 3))
    front = size * (ahead + depth * np.cos(angle))
    aside = size * width * np.sin(angle)
    return np.asarray(
        centres[:, :, None]
        + front[..., None] * frames[:, :, None, :, 0]
        + aside[..., None] * frames[:, :, None, :, 1]
    )


def _between(first: Array, second: Array, share: Array) -> Array:
    """Blend two orientations (n, 3, 3) by shares (rings,) to (n, rings, 3, 3)."""
    return _mixed(first[:, None], second[:, None], share)


def _mixed(first: Array, second: Array, share: Array) -> Array:
    """Blend orientations (n, rings, 3, 3) by shares (rings,)."""
    weight = share[:, None, None]
    mixed = (1 - weight) * first + weight * second
    front = mixed[..., 0] / np.linalg.norm(mixed[..., 0], axis=-1, keepdims=True)
    left = mixed[..., 1]
    left = left - (left * front).sum(axis=-1, keepdims=True) * front
    left = left / np.linalg.norm(left, axis=-1, keepdims=True)
    return np.stack([front, left, np.cross(front, left)], axis=-1)


def _per_ring(shades: Sequence[Colour]) -> Array:
    return np.repeat(np.array(shades)[:, None], AROUND, axis=1)
