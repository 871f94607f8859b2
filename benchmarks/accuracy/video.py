"""How right is a whole video analysis? Virtual patients filmed with known truth.

Every patient walks to and fro past a camera; the film goes through the whole line
(decoding, pose, events, measures) and is compared with what the patient really did.
Regenerate video.md with

    python benchmarks/accuracy/video.py
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.config import Config
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.video import analyse_video
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import (
    PatientVideo,
    Shooting,
    virtual_patient_video,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.events import Event

RESULT = Path(__file__).with_suffix(".md")
TOLERANCE_S = 0.1
PATIENT = WalkerParameters(height_m=1.72, stride_time_s=1.10, stride_length_m=1.28)
CAMERA = Camera(
    view="sagittal_right",
    distance_m=4.6,
    height_m=1.0,
    width_px=1280,
    height_px=720,
    focal_px=1000.0,
)
PATIENTS = {
    "even": PATIENT,
    "brisk": replace(PATIENT, stride_time_s=0.98, stride_length_m=1.45),
    "slow": replace(PATIENT, stride_time_s=1.35, stride_length_m=1.02),
    "one leg longer": replace(PATIENT, shank_difference_mm=15.0, pelvis_share=0.5),
    "one step shorter": replace(PATIENT, step_length_difference_m=0.06),
}
RATES_HZ = (30.0, 50.0, 60.0)
HEAD = """# Accuracy of a whole video analysis on virtual patients

Each row is one film of four passes in a side view, 1280 x 720 pixels, analysed with
the default settings; the scale comes from the patient's height. Events: error of
matched events (within 100 ms), predicted minus true, and share of the true events
that were found; those with the person half out of the picture count as missed.
Measures: estimate minus truth; `in 95 %` counts how many of the true values lie inside
the interval given. Written by `video.py`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The errors of one film."""

    name: str
    cells: tuple[str, ...]


def event_errors_s(
    found: Sequence[Event], true: Sequence[Event], *, kind: str
) -> tuple[np.ndarray, float]:
    """Return errors of matched events and the share of true ones that were found."""
    errors, hits, total = [], 0, 0
    for event in true:
        if event.kind != kind:
            continue
        total += 1
        near = [
            e.time_s - event.time_s
            for e in found
            if e.kind == kind and e.side is event.side
        ]
        best = min(near, key=abs, default=np.inf)
        if abs(best) <= TOLERANCE_S:
            hits += 1
            errors.append(best)
    return np.asarray(errors), hits / total if total else float("nan")


def true_means(film: PatientVideo) -> dict[tuple[str, str | None], float]:
    """Return the true mean of each measure and side over complete strides."""
    groups: dict[tuple[str, str | None], list[float]] = {}
    for value in film.stride_values:
        groups.setdefault((value.name, value.side), []).append(value.value)
        if value.side is not None:
            groups.setdefault((value.name, None), []).append(value.value)
    return {key: float(np.mean(values)) for key, values in groups.items()}


def compared(analysis: Analysis, film: PatientVideo) -> Iterator[str]:
    """Yield the cells of one row."""
    for kind in ("initial_contact", "foot_off"):
        errors, share = event_errors_s(analysis.events, film.events, kind=kind)
        if not errors.size:
            yield "-"
            continue
        bias, mae = 1000 * errors.mean(), 1000 * np.abs(errors).mean()
        yield f"{bias:+.0f} / {mae:.0f} ms, {share:.0%}"
    truth = true_means(film)
    pairs = [
        (m, truth[m.name, m.side])
        for m in analysis.measurements
        if m.value is not None and (m.name, m.side) in truth
    ]
    for name, digits in (
        ("cadence", 1), ("walking_speed", 3), ("step_length", 3), ("stance", 1),
    ):  # fmt: skip
        errors = [m.value - t for m, t in pairs if m.name == name and m.value]
        yield ", ".join(f"{error:+.{digits}f}" for error in errors) or "-"
    inside = [m.low <= t <= m.high for m, t in pairs if m.low is not None]  # type: ignore[operator]
    yield f"{sum(inside)} of {len(inside)}"
    yield str(sum(s.rejected is None for s in analysis.strides))


def scored(name: str, parameters: WalkerParameters, *, rate_hz: float) -> Score:
    """Film one patient, analyse the film and compare."""
    shooting = Shooting(camera=CAMERA, rate_hz=rate_hz, passes=4, way_m=6.9)
    with tempfile.TemporaryDirectory() as folder:
        film = virtual_patient_video(
            Path(folder) / "walk.mp4", parameters, shooting=shooting, seed=11
        )
        analysis = analyse_video(
            RecordingInput(file=film.path),
            Subject(height_m=parameters.height_m),
            recording_id="video_1",
            config=Config(),
        )
        return Score(name=name, cells=tuple(compared(analysis, film)))


def main() -> None:
    """Score every patient at 50 Hz, and the even one at every rate."""
    films = [(name, patient, 50.0) for name, patient in PATIENTS.items()]
    films += [("even", PATIENT, rate) for rate in RATES_HZ if rate != 50.0]
    titles = (
        "patient", "Hz", "initial contact: bias / MAE, found",
        "foot off: bias / MAE, found", "cadence /min", "speed m/s", "step L, R m",
        "stance L, R %", "in 95 %", "strides",
    )  # fmt: skip
    rows = [titles, tuple("---" for _ in titles)]
    for name, patient, rate_hz in films:
        score = scored(name, patient, rate_hz=rate_hz)
        rows.append((score.name, f"{rate_hz:.0f}", *score.cells))
        print(" | ".join(rows[-1]))
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    RESULT.write_text(f"{HEAD}\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
