"""The truth about a virtual film as a JSON file that people and programs can read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit_virtual.patient_video import PatientVideo
    from gaitkit_virtual.virtual_walk import VirtualWalk

SCHEMA_VERSION = "1"
CURVES = (
    "hip_flexion",
    "knee_flexion",
    "ankle_dorsiflexion",
    "hip_adduction",
    "pelvic_obliquity",
    "pelvic_tilt",
    "pelvic_rotation",
    "trunk_flexion",
    "rearfoot_angle",
)
"""Angles whose mean curve over the stride is written."""

Json = dict[str, object]


def write_truth(path: Path, film: PatientVideo) -> None:
    """Write the truth of a film.

    Parameters
    ----------
    path : Path
        The JSON file.
    film : PatientVideo
        The film.

    Notes
    -----
    Keys: ``camera``, ``parameters`` (of the first pass), ``leg_length_mm``, ``events``,
    ``spatiotemporal`` (mean, standard deviation and number per side),
    ``angles`` (mean curve per side, 101 points from 0 to 100 % of the stride, deg).
    """
    text = json.dumps(film_table(film), indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def film_table(film: PatientVideo) -> Json:
    """Return what `write_truth` writes."""
    first = film.passes[0]
    table: Json = {
        "schema_version": SCHEMA_VERSION,
        "video": film.path.name,
        "rate_hz": first.rate_hz,
        "pass_starts_s": [round(start, 4) for start in film.starts_s],
        "camera": asdict(film.camera),
        "parameters": asdict(first.parameters),
        "leg_length_mm": {side.value: first.leg_length_mm(side) for side in Side},
        "events": _events(film),
        "spatiotemporal": _spatiotemporal(film),
        "angles": {side.value: _curves(film, side) for side in Side},
    }
    if film.stickers:
        table["stickers"] = [
            _sticker(film, index) for index in range(len(film.stickers[0]))
        ]
        table["rearfoot_deg"] = {side.value: _rearfoot(film, side) for side in Side}
    return table


def write_walk_truth(path: Path, walked: VirtualWalk) -> None:
    """Write the truth of a virtual walk, with the keys of `write_truth` but a film's.

    Parameters
    ----------
    path : Path
        The JSON file.
    walked : VirtualWalk
        The walk, with at least one stride of each foot.
    """
    truth: Json = {
        "schema_version": SCHEMA_VERSION,
        "rate_hz": walked.rate_hz,
        "duration_s": walked.duration_s,
        "seed": walked.seed,
        "parameters": asdict(walked.parameters),
        "leg_length_mm": {side.value: walked.leg_length_mm(side) for side in Side},
        "events": _events(walked),
        "spatiotemporal": _spatiotemporal(walked),
        "angles": {side.value: _curves(walked, side) for side in Side},
    }
    text = json.dumps(truth, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _sticker(film: PatientVideo, index: int) -> Json:
    frames = [frame[index] for frame in film.stickers]
    sticker = frames[0].placed.sticker
    return {
        "role": sticker.role,
        "side": sticker.side.value,
        "colour": sticker.colour,
        "diameter_mm": sticker.diameter_mm,
        "visible": [round(one.visible, 3) for one in frames],
        "px": [[round(one.x_px, 3), round(one.y_px, 3)] for one in frames],
    }


def _rearfoot(film: PatientVideo, side: Side) -> list[float]:
    """Return the true rearfoot angle of each frame, eversion positive."""
    angle = film.angles["rearfoot_angle"].sel(side=side.value)
    return [round(float(value), 3) for value in angle]


def _events(film: PatientVideo | VirtualWalk) -> list[Json]:
    return [
        {
            "side": event.side.value,
            "kind": event.kind,
            "time_s": round(event.time_s, 5),
        }
        for event in film.events
    ]


def _spatiotemporal(film: PatientVideo | VirtualWalk) -> Json:
    table: Json = {}
    for name in sorted({value.name for value in film.stride_values}):
        sides = {}
        for side in Side:
            values = [
                v.value for v in film.stride_values if (v.name, v.side) == (name, side)
            ]
            sides[side.value] = {
                "mean": round(float(np.mean(values)), 5),
                "sd": _spread(values),
                "n": len(values),
            }
        table[name] = sides
    return table


def _spread(values: list[float]) -> float | None:
    """Return the standard deviation, None with fewer than two values."""
    return round(float(np.std(values, ddof=1)), 5) if len(values) > 1 else None


def _curves(film: PatientVideo | VirtualWalk, side: Side) -> Json:
    angles = film.angles.sel(side=side.value)
    time = angles["time"].to_numpy()
    share = np.linspace(0, 1, CYCLE_POINTS)
    strides = [stride for stride in film.strides if stride.side is side]
    curves: Json = {}
    for name in CURVES:
        path = angles[name].to_numpy()
        each = [
            np.interp(stride.start_s + share * stride.duration_s, time, path)
            for stride in strides
        ]
        curves[name] = [round(float(v), 2) for v in np.mean(each, axis=0)]
    return curves
