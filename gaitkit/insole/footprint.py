"""The footprint of a foot for its insole: axis, borders and metatarsal heads.

Notes
-----
Each whole step is turned so that its axis runs from the middle of the heel through the
peak of the second metatarsal head; landmarks are the medians over the steps. Length and
borders come from the sensors with their outer half, never from a resampled picture: on
a coarse plate resampling loses 5 to 8 mm of length. The places across of all heads and
the place along of the second are measured; along, the other heads lie behind it as
``insole.toml`` says, because their peaks wander by more than a centimetre between steps
of one person. A head is the place of highest pressure, which may lie some mm from the
bone: whoever makes the insole feels for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.insole.parameters import proportions
from gaitkit.model.contact import METATARSALS, REGIONS, ContactFlag, Region
from gaitkit.model.insole import (
    HEEL_MIDDLE,
    Border,
    Place,
    PlantarPrint,
    PressurePicture,
)
from gaitkit.model.plate import MeasuredFoot
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.contact import Contact

WHOLE = frozenset({ContactFlag.AXIS_UNSURE, ContactFlag.CUT_AT_START})
"""A step with no other flag than these shows the whole foot, on a known side."""

HEEL_BAND = (0.08, 0.24)
MEDIAL_BALL_BAND = (0.66, 0.78)
LATERAL_BALL_BAND = (0.58, 0.72)
MIDFOOT_BAND = (0.36, 0.50)
"""Parts of the length in which heel, ball and midfoot show their breadth."""

BORDER_PERCENTILES = (5, 95)
"""Of the sensors in a band: one sensor that sticks out makes no border."""

HEAD_SHARE = 0.7
"""Sensors of at least this share of the peak of their region make up a head."""

PICTURE_STEP_MM = 2.0
FEWEST_SENSORS = 3
ROUNDS = 3
NUMBER = {region: index for index, region in enumerate(REGIONS, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Step:
    """One step in the frame of an insole."""

    u: np.ndarray
    v: np.ndarray
    length_mm: float
    heel: Border
    ball: Border
    midfoot: Border
    hallux: Place | None
    toes: Place | None
    head_u: tuple[float, ...]
    second_v: float
    turn_rad: float
    origin: Place
    foot: MeasuredFoot


def prints_of(feet: Iterable[MeasuredFoot]) -> dict[Side, PlantarPrint]:
    """Return the print of each side that has a whole step on a plate.

    Parameters
    ----------
    feet : iterable of MeasuredFoot
        Contacts of plates or treadmills of known pitch, with regions.

    Returns
    -------
    dict
        By side; a side without a whole step is absent.
    """
    known = [step for foot in feet if is_whole(foot) and (step := _step(foot))]
    by_side = {side: [s for s in known if s.foot.side is side] for side in Side}
    return {side: _mean(side, steps) for side, steps in by_side.items() if steps}


def is_whole(foot: MeasuredFoot) -> bool:
    """Tell whether a contact shows a whole foot of known side."""
    contact = foot.contact
    return contact.flags <= WHOLE and contact.axis is not None


def print_of_shoe(side: Side, size_eu: float) -> PlantarPrint:
    """Return the print that a shoe size lets expect, in usual proportions.

    Parameters
    ----------
    side : Side
        The foot.
    size_eu : float
        Continental size, two thirds of a centimetre of last a size.
    """
    share = proportions()
    length = share.foot_per_size_mm * size_eu - share.foot_less_mm
    return PlantarPrint(
        side=side,
        origin="shoe_size",
        length_mm=length,
        heel_mm=(-share.heel_width * length / 2, share.heel_width * length / 2),
        ball_mm=(share.ball_medial * length, share.ball_lateral * length),
        hallux_mm=(share.hallux_u * length, share.hallux_v * length),
        toes_mm=(share.toes_u * length, share.toes_v * length),
        heads_mm=_heads(
            tuple(each * length for each in share.heads_u), share.second_v, length
        ),
        cells_mm=np.zeros((0, 2)),
    )


def _step(foot: MeasuredFoot) -> _Step | None:
    """Turn one contact into the frame of an insole; None when a landmark lacks."""
    contact = foot.contact
    if contact.axis is None or contact.regions is None:
        return None
    mirrored = contact.side is Side.LEFT
    label, peak = contact.regions, contact.peak
    if mirrored:
        label, peak = label[:, ::-1], peak[:, ::-1]
    row, col = np.nonzero(label)
    region, kpa = label[row, col], peak[row, col]
    sign = -1.0 if mirrored else 1.0
    heel = contact.axis.heel_mm
    x = _centred(col, label.shape[1], contact.pitch_mm[1])
    y = _centred(row, label.shape[0], contact.pitch_mm[0])
    x, y = (
        x - sign * (heel[0] - contact.center_mm[0]),
        y - heel[1] + contact.center_mm[1],
    )
    turn = _through_second_head((x, y), (region, kpa), contact)
    return None if turn is None else _measured(foot, (x, y), (region, kpa), turn)


def _through_second_head(
    places: tuple[np.ndarray, np.ndarray],
    sensors: tuple[np.ndarray, np.ndarray],
    contact: Contact,
) -> float | None:
    """Return the direction of the line from the middle of the heel through head 2.

    The band of the heel turns with the line, so it is drawn again a few times.
    """
    region, kpa = sensors
    turn = 0.0 if contact.axis is None else math.radians(contact.axis.angle_deg)
    for _ in range(ROUNDS):
        across, along = _turned(*places, turn)
        half = _half_sensor(contact.pitch_mm, turn)
        length = float(np.ptp(along)) + 2 * half
        v = along - along.min() + half
        middle = sum(_borders(across, v / length, HEEL_BAND)) / 2
        second = _head(across, v, kpa, region == NUMBER[Region.METATARSAL_2])
        if second is None or not math.isfinite(middle):
            return None
        turn += math.atan2(second[0] - middle, second[1] - HEEL_MIDDLE * length)
    return turn


def _measured(
    foot: MeasuredFoot,
    places: tuple[np.ndarray, np.ndarray],
    sensors: tuple[np.ndarray, np.ndarray],
    turn: float,
) -> _Step | None:
    region, kpa = sensors
    across, along = _turned(*places, turn)
    half_u = _half_sensor(foot.contact.pitch_mm, turn + np.pi / 2)
    half_v = _half_sensor(foot.contact.pitch_mm, turn)
    length = float(np.ptp(along)) + 2 * half_v
    v = along - along.min() + half_v
    heel = _borders(across, v / length, HEEL_BAND)
    u = across - sum(heel) / 2
    heads = [_head(u, v, kpa, region == NUMBER[each]) for each in METATARSALS]
    if any(head is None for head in heads):
        return None
    medial = _borders(u, v / length, MEDIAL_BALL_BAND)[0]
    lateral = _borders(u, v / length, LATERAL_BALL_BAND)[1]
    midfoot = _borders(u, v / length, MIDFOOT_BAND)
    half_heel = (heel[1] - heel[0]) / 2 + half_u
    return _Step(
        u=u,
        v=v,
        length_mm=length,
        heel=(-half_heel, half_heel),
        ball=(medial - half_u, lateral + half_u),
        midfoot=(midfoot[0] - half_u, midfoot[1] + half_u),
        hallux=_rim(u, v, region == NUMBER[Region.HALLUX], outwards=-half_u),
        toes=_rim(u, v, region == NUMBER[Region.TOES], outwards=half_u),
        head_u=tuple(head[0] for head in heads if head is not None),
        second_v=next(head[1] for head in heads[1:] if head is not None),
        turn_rad=turn,
        origin=(sum(heel) / 2, float(along.min()) - half_v),
        foot=foot,
    )


def _mean(side: Side, steps: Sequence[_Step]) -> PlantarPrint:
    share = proportions()
    length = float(np.median([step.length_mm for step in steps]))
    hallux = [step.hallux for step in steps if step.hallux is not None]
    midfoot = [step.midfoot for step in steps if np.isfinite(step.midfoot[0])]
    toes = [step.toes for step in steps if step.toes is not None]
    second = float(np.median([step.second_v for step in steps])) / length
    across = np.median([step.head_u for step in steps], axis=0)
    return PlantarPrint(
        side=side,
        origin="plate",
        length_mm=length,
        heel_mm=_median_pair([step.heel for step in steps]),
        ball_mm=_median_pair([step.ball for step in steps]),
        midfoot_mm=_median_pair(midfoot) if midfoot else None,
        hallux_mm=_median_pair(
            hallux or [(share.hallux_u * length, share.hallux_v * length)]
        ),
        toes_mm=_median_pair(toes or [(share.toes_u * length, share.toes_v * length)]),
        heads_mm=_heads(tuple(float(u) for u in across - across[1]), second, length),
        steps=len(steps),
        cells_mm=np.concatenate([np.column_stack([s.u, s.v]) for s in steps]),
        picture=_picture(steps, length),
    )


def _heads(
    across: tuple[float, ...], second_v: float, length: float
) -> tuple[Place, Place, Place, Place, Place]:
    behind = proportions().heads_behind_mm
    scale = length / proportions().heads_behind_at_mm
    one, two, three, four, five = (
        (u, second_v * length - back * scale)
        for u, back in zip(across, behind, strict=True)
    )
    return one, two, three, four, five


def _picture(steps: Sequence[_Step], length: float) -> PressurePicture:
    """Return the mean of the peak pictures of the steps on one grid."""
    reach = max(float(np.abs(step.u).max()) for step in steps) + 10
    columns = round(reach / PICTURE_STEP_MM)
    u = np.arange(-columns, columns + 1) * PICTURE_STEP_MM
    v = np.arange(-10.0, length + 10, PICTURE_STEP_MM)
    total = np.mean([_resampled(step, u, v) for step in steps], axis=0)
    return PressurePicture(kpa=total, u_mm=u, v_mm=v)


def _resampled(step: _Step, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    from scipy.ndimage import map_coordinates

    contact = step.foot.contact
    peak = contact.peak.astype(np.float64)
    if contact.side is Side.LEFT:
        peak = peak[:, ::-1]
    across, along = np.meshgrid(u + step.origin[0], v + step.origin[1])
    x, y = _turned(across, along, -step.turn_rad)
    axis = contact.axis
    if axis is None:  # whole steps have one
        return np.zeros(across.shape)
    sign = -1.0 if contact.side is Side.LEFT else 1.0
    x = x + sign * (axis.heel_mm[0] - contact.center_mm[0])
    y = y + axis.heel_mm[1] - contact.center_mm[1]
    row = y / contact.pitch_mm[0] + (peak.shape[0] - 1) / 2
    col = x / contact.pitch_mm[1] + (peak.shape[1] - 1) / 2
    values: np.ndarray = map_coordinates(
        peak, [row, col], order=1, mode="constant", cval=0.0
    )
    return values


def _centred(index: np.ndarray, size: int, pitch: float) -> np.ndarray:
    return np.asarray((index - (size - 1) / 2) * pitch)


def _turned(
    x: np.ndarray, y: np.ndarray, angle: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return places (across, along) an axis that points to ``angle`` from forward."""
    sin, cos = np.sin(angle), np.cos(angle)
    return np.asarray(x * cos - y * sin), np.asarray(y * cos + x * sin)


def _half_sensor(pitch_mm: tuple[float, float], angle: float) -> float:
    dy, dx = pitch_mm
    return float(abs(np.cos(angle)) * dy + abs(np.sin(angle)) * dx) / 2


def _borders(
    across: np.ndarray, share: np.ndarray, band: tuple[float, float]
) -> Border:
    inside = (share >= band[0]) & (share <= band[1])
    if not inside.any():
        return np.nan, np.nan
    low, high = np.percentile(across[inside], BORDER_PERCENTILES)
    return float(low), float(high)


def _head(
    across: np.ndarray, along: np.ndarray, kpa: np.ndarray, inside: np.ndarray
) -> Place | None:
    if not inside.any():
        return None
    weight = np.where(kpa[inside] >= HEAD_SHARE * kpa[inside].max(), kpa[inside], 0.0)
    total = float(weight.sum())
    return (
        float((across[inside] * weight).sum()) / total,
        float((along[inside] * weight).sum()) / total,
    )


def _rim(
    u: np.ndarray, v: np.ndarray, inside: np.ndarray, *, outwards: float
) -> Place | None:
    """Return the outer border of toes, None when too few sensors saw them."""
    if inside.sum() < FEWEST_SENSORS:
        return None
    percentile = BORDER_PERCENTILES[outwards > 0]
    return (
        float(np.percentile(u[inside], percentile)) + outwards,
        float(np.median(v[inside])),
    )


def _median_pair(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    first, second = np.median(np.asarray(pairs), axis=0)
    return float(first), float(second)
