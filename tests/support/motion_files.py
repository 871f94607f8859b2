"""Motion files made on the spot: markers, force plates and events that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import ezc3d
import numpy as np

from gaitkit.model.motion import Floats

if TYPE_CHECKING:
    from pathlib import Path


RATE_HZ, ANALOG_HZ, FRAMES = 100.0, 1000.0, 120

PLACES_MM = {
    "LASI": (0.0, 120.0, 950.0),
    "RASI": (0.0, -120.0, 950.0),
    "LPSI": (-150.0, 60.0, 960.0),
    "RPSI": (-150.0, -60.0, 960.0),
    "LKNE": (0.0, 150.0, 500.0),
    "RKNE": (0.0, -150.0, 500.0),
    "LANK": (-30.0, 140.0, 80.0),
    "RANK": (-30.0, -140.0, 80.0),
    "LHEE": (-100.0, 100.0, 40.0),
    "RHEE": (-100.0, -100.0, 40.0),
    "LTOE": (70.0, 100.0, 40.0),
    "RTOE": (70.0, -100.0, 40.0),
}
"""Somebody who stands facing x, z up, the middle of the feet at the origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A force plate to write: type, corners (mm), origin (mm) and raw channels."""

    kind: int = 2
    corners: Floats = field(
        default_factory=lambda: np.array(
            [[300.0, 300, 0], [300, 0, 0], [-300, 0, 0], [-300, 300, 0]]
        )
    )
    origin: tuple[float, float, float] = (0.0, 0.0, -40.0)
    channels: Floats = field(default_factory=lambda: np.zeros((6, 1200)))
    matrix: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What to write into a C3D file."""

    labels: Sequence[str] = tuple(PLACES_MM)
    position_mm: Floats | None = None
    descriptions: Sequence[str] = ()
    unit: str = "mm"
    first_frame: int = 1
    plates: Sequence[Plate] = ()
    parameters: Sequence[tuple[str, str, Any]] = ()


def standing_mm(labels: Sequence[str] = tuple(PLACES_MM)) -> Floats:
    """Return the standing person, (3, point, frame)."""
    places = np.array([PLACES_MM.get(label, (0.0, 0.0, 1.0)) for label in labels])
    return np.repeat(places.T[:, :, None], FRAMES, axis=2)


def write_trial(path: Path, trial: Trial | None = None) -> Path:
    """Write a C3D file."""
    trial = trial or Trial()
    position = trial.position_mm
    if position is None:
        position = standing_mm(trial.labels)
    content = ezc3d.c3d()
    point = content["parameters"]["POINT"]
    point["UNITS"]["value"] = [trial.unit] if trial.unit else []
    point["RATE"]["value"] = [RATE_HZ]
    point["LABELS"]["value"] = list(trial.labels)
    if trial.descriptions:
        point["DESCRIPTIONS"]["value"] = list(trial.descriptions)
    content["data"]["points"] = np.concatenate((position, np.ones_like(position[:1])))
    content["header"]["points"]["first_frame"] = trial.first_frame - 1
    if trial.plates:
        _add_plates(content, trial.plates)
    for group, key, value in trial.parameters:
        content.add_parameter(group, key, value)
    content.write(str(path))
    return path


def _add_plates(content: Any, plates: Sequence[Plate]) -> None:
    rows = np.concatenate([plate.channels for plate in plates])
    analog = content["parameters"]["ANALOG"]
    analog["RATE"]["value"] = [ANALOG_HZ]
    analog["LABELS"]["value"] = [f"channel{k}" for k in range(len(rows))]
    content.add_parameter("ANALOG", "UNITS", [*["N", "N", "N", "Nmm", "Nmm", "Nmm"]
                          * len(plates)][: len(rows)])  # fmt: skip
    content["data"]["analogs"] = rows[None]
    width = max(len(plate.channels) for plate in plates)
    channel = np.zeros((width, len(plates)))
    begin = 1
    for number, plate in enumerate(plates):
        count = len(plate.channels)
        channel[:count, number] = np.arange(begin, begin + count)
        begin += count
    add = content.add_parameter
    add("FORCE_PLATFORM", "USED", [len(plates)])
    add("FORCE_PLATFORM", "TYPE", [plate.kind for plate in plates])
    add("FORCE_PLATFORM", "CORNERS", np.stack([p.corners.T for p in plates], axis=2))
    add("FORCE_PLATFORM", "ORIGIN", np.array([p.origin for p in plates]).T)
    add("FORCE_PLATFORM", "CHANNEL", channel)
    add("FORCE_PLATFORM", "ZERO", [1, 0])
    matrices = [plate.matrix for plate in plates if plate.matrix is not None]
    if matrices:
        add("FORCE_PLATFORM", "CAL_MATRIX", np.stack(matrices, axis=2))


SAMPLES = 1200
TIME_S = np.arange(SAMPLES) / ANALOG_HZ
CENTER_MM = np.array([10.0, 110.0, 0.0])
"""Under the left foot, in the laboratory."""
TWIST_NM = 3.0
SLOPE_N_S = 5000.0
ON_S, OFF_S, PEAK_N = 0.3, 0.9, 500.0


def vertical_n(time_s: Floats = TIME_S) -> Floats:
    """Return a force that rises and falls in straight lines."""
    rise = (time_s - ON_S) * SLOPE_N_S
    fall = (OFF_S - time_s) * SLOPE_N_S
    return np.clip(np.minimum(rise, fall), 0, PEAK_N)


def plate_of_kind(kind: int, *, fz: Floats | None = None, sign: float = 1) -> Plate:
    """Return a plate whose channels tell the known force, the way each type does."""
    fz = vertical_n() if fz is None else fz
    base = Plate(kind=kind)
    corners = base.corners
    x, y = corners[0] - corners[1], corners[0] - corners[3]
    axes = np.stack([x / 300, y / 600, np.cross(x, y) / np.prod([300, 600])])
    force = np.stack((0.1 * fz, -0.05 * fz, fz))
    local = axes @ force
    spot = (axes @ (CENTER_MM - corners.mean(axis=0)))[:, None]
    twist = np.where(fz > 0, -1000 * TWIST_NM, 0.0)  # the plate's z points down
    moment = np.cross(spot.repeat(fz.size, axis=1).T, local.T).T
    moment[2] += twist
    if kind == 1:
        places = spot[:2].repeat(fz.size, axis=1)
        return replace(base, channels=sign * np.vstack((local, sign * places, twist)))
    if kind == 3:
        a, b, depth = 120.0, 200.0, -40.0
        moment -= np.cross(local.T, [0, 0, depth]).T
        along, across = moment[0] / b, moment[1] / a
        z1 = (local[2] + along - across) / 4
        z2 = (local[2] + along + across) / 4
        z3 = (local[2] - along + across) / 4
        z4 = (local[2] - along - across) / 4
        half = moment[2] / 2 / b
        rows = (local[0] / 2 - half, local[0] / 2 + half, local[1] / 2, local[1] / 2,
                z1, z2, z3, z4)  # fmt: skip
        return replace(base, channels=sign * np.vstack(rows), origin=(a, b, depth))
    moment -= np.cross(local.T, base.origin).T
    channels = sign * np.vstack((local, moment))
    if kind == 2:
        return replace(base, channels=channels)
    matrix = np.eye(6) + 0.1 * np.arange(36).reshape(6, 6) / 36
    return replace(base, channels=np.linalg.solve(matrix, channels), matrix=matrix)


TRC_HEAD = (
    "PathFileType\t4\t(X/Y/Z)\ta.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
    "OrigDataStartFrame\tOrigNumFrames\n"
    "{rate}\t{rate}\t{frames}\t{count}\t{unit}\t{rate}\t1\t{frames}\n"
)


def trc_text(
    *, unit: str = "mm", frames: int = 20, promised: int = 20, rate: str = "100"
) -> str:
    """Return a TRC file of the standing person."""
    head = TRC_HEAD.format(rate=rate, frames=promised, count=len(PLACES_MM), unit=unit)
    names = "Frame#\tTime\t" + "\t\t\t".join(PLACES_MM) + "\n\t\tX1\tY1\tZ1\n\n"
    cells = "\t".join(f"{v:g}" for place in PLACES_MM.values() for v in place)
    rows = (f"{n + 1}\t{n / 100:.3f}\t{cells}\n" for n in range(frames))
    return head + names + "".join(rows)
