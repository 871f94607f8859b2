"""What does a walk past a camera show of a leg-length difference? Virtual patients.

Each patient walks to and fro past a camera; the film and the mirrored film go through
the pose model. The constants of `gaitkit.measure.leg_length.two_directions` are fitted
on the first patients, the others only tell how right they are. Regenerate
leg_length_walking.md (about a minute a patient) with

    python benchmarks/accuracy/leg_length_walking.py
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.config import Config
from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.walk import analyse_walk
from gaitkit.io.video import read_video
from gaitkit.measure.leg_length.two_directions import (
    PassHeights,
    WalkingTest,
    pass_heights,
    walking_test,
)
from gaitkit.model.recording import Timing
from gaitkit.model.side import Side
from gaitkit.pipeline.video import follow_mirrored, keypoints_of
from gaitkit.signal.scale import ScaleInput
from gaitkit_virtual.body import Look
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.film import Setting
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import Shooting, virtual_patient_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr

RESULT = Path(__file__).with_suffix(".md")
PEOPLE, FITTED = 48, 30
RATE_HZ = 25.0
DIFFERENCES_MM = (-20, -12, -6, 0, 0, 6, 12, 20)
SKIN = np.array([0.80, 0.60, 0.49])
SEEN_IN = {
    "one direction": ((Side.RIGHT, False),),
    "both directions": ((Side.LEFT, False), (Side.RIGHT, False)),
    "both, and mirrored": tuple(
        (side, flip) for side in Side for flip in (False, True)
    ),
}
HEAD = """# What a walk past a camera shows of a leg-length difference

{people} virtual patients walk to and fro past a camera (1280 x 720, 25 Hz, 3.6 to 5 m,
roll sd 0.5 deg), differences of -20 to 20 mm shared at random between thigh and shank;
{whole} of them are seen in both directions in the film and in the mirrored film. Height
of the left joint less the right one, mean over whole strides, against the true
difference. `error of one person` is the residual over the slope. The constants of
`two_directions.py` were fitted on {first} of the first 30. Written by
`leg_length_walking.py`.

These patients walk evenly but for their legs. Real knees differ by 2.4 mm with equal
legs (six people by markers), which the stated error holds and these patients do not.

## What shows
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A virtual patient, the camera, and what the pose model showed."""

    seed: int
    difference_mm: float
    hips: tuple[PassHeights, ...]
    knees: tuple[PassHeights, ...]


def patient(seed: int) -> tuple[WalkerParameters, Shooting]:
    """Return a patient and the film that is made of them."""
    r = np.random.default_rng(seed)
    difference = float(r.choice(DIFFERENCES_MM)) + float(r.normal(0, 2))
    height = float(r.uniform(1.56, 1.90))
    stride = float(r.uniform(1.02, 1.2))
    shank = float(r.uniform(0, 1))
    parameters = WalkerParameters(
        height_m=height,
        stride_time_s=stride,
        shank_difference_mm=difference * shank,
        thigh_difference_mm=difference * (1 - shank),
        pelvis_share=float(r.uniform(0.4, 1)),
        pelvic_obliquity_deg=float(r.uniform(3.5, 5.5)),
        toe_out_left_deg=float(r.uniform(3, 11)),
        toe_out_right_deg=float(r.uniform(3, 11)),
        step_width_m=float(r.uniform(0.07, 0.13)),
    )
    camera = Camera(
        view="sagittal_right",
        distance_m=float(r.uniform(3.6, 5.0)),
        height_m=float(r.uniform(0.85, 1.15)),
        width_px=1280,
        height_px=720,
        focal_px=950.0,
        roll_deg=float(r.normal(0, 0.5)),
        pan_deg=float(r.normal(0, 1.5)),
    )
    red, green, blue = SKIN * r.uniform(0.45, 1.1)
    look = Look(
        skin=(float(red), float(green), float(blue)),
        shirt=_colour(r),
        shorts=_colour(r),
        shoes=_colour(r),
        girth=float(r.uniform(0.95, 1.25)),
        shorts_to=float(r.choice([0.5, 0.7, 1.0, 1.6])),
    )
    setting = Setting(noise_sd=float(r.uniform(0, 4)), seed=seed)
    return parameters, Shooting(
        camera=camera, rate_hz=RATE_HZ, passes=2, way_m=5.6, look=look, setting=setting
    )


def filmed(seed: int) -> Person:
    """Film a patient, look at the film and at the mirrored film."""
    parameters, shooting = patient(seed)
    config = Config()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.mp4"
        virtual_patient_video(path, parameters, shooting=shooting, seed=seed)
        plain = keypoints_of(path, config).keypoints
        mirrored = follow_mirrored(read_video(path), config).keypoints
    return seen(seed, parameters, plain, mirrored)


def seen(
    seed: int, parameters: WalkerParameters, plain: xr.Dataset, mirrored: xr.Dataset
) -> Person:
    """Return what both films show of the knees, and of the hips in their place."""
    shown: dict[str, list[PassHeights]] = {"knee": [], "hip": []}
    for keypoints, flipped in ((plain, False), (mirrored, True)):
        frames = keypoints.sizes["time"]
        walk = analyse_walk(
            keypoints,
            facts=WalkFacts(
                recording="video_1",
                kind="video",
                timing=Timing(
                    source="pts",
                    rate_hz=RATE_HZ,
                    duration_s=frames / RATE_HZ,
                    frames=frames,
                ),
                size=ScaleInput(subject_height_m=parameters.height_m),
                picture_width_px=1280.0,
                picture_height_px=720.0,
            ),
        )
        for joint in shown:
            points = _as_knees(walk.walking, joint)
            shown[joint] += pass_heights(
                points, walk.strides, walk.passes, mirrored=flipped
            )
    return Person(
        seed=seed,
        difference_mm=parameters.shank_difference_mm + parameters.thigh_difference_mm,
        hips=tuple(shown["hip"]),
        knees=tuple(shown["knee"]),
    )


def _as_knees(walking: xr.Dataset, joint: str) -> xr.Dataset:
    """Return the walk with another joint in the place of the knees."""
    names = {f"{side}_{joint}": f"{side}_knee" for side in Side}
    chosen = walking.sel(keypoint=list(names))
    return chosen.assign_coords(keypoint=list(names.values()))


def _colour(r: np.random.Generator) -> tuple[float, float, float]:
    red, green, blue = r.uniform(0.1, 0.9, 3)
    return float(red), float(green), float(blue)


def lines(people: Sequence[Person]) -> Iterator[str]:
    """Yield the page."""
    every = set(SEEN_IN["both, and mirrored"])
    whole = [p for p in people if {_cell(each) for each in p.knees} == every]
    first = [p for p in whole if p.seed < FITTED]
    yield HEAD.format(people=len(people), whole=len(whole), first=len(first))
    yield "| joint | seen in | mm per mm | residual mm | error of one person mm |"
    yield "| --- | --- | --- | --- | --- |"
    for joint in ("hip", "knee"):
        for name, cells in SEEN_IN.items():
            yield _fitted(whole, joint, name, cells)
    yield "\n## The test as it ships\n"
    yield "| patients | films | n | bias mm | RMSE mm | stated error mm | in 95 % |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    later = [p for p in people if p.seed >= FITTED]
    earlier = [p for p in people if p.seed < FITTED]
    for name, group in (("fitted", earlier), ("held out", later)):
        for mirrored in (False, True):
            yield _tested(name, group, mirrored=mirrored)


def _cell(each: PassHeights) -> tuple[Side, bool]:
    return each.near_side, each.mirrored


def _fitted(
    people: Sequence[Person],
    joint: str,
    name: str,
    cells: tuple[tuple[Side, bool], ...],
) -> str:
    true = np.array([person.difference_mm for person in people])
    passes = [p.hips if joint == "hip" else p.knees for p in people]
    shown = np.array(
        [np.mean([h.difference_mm for h in own if _cell(h) in cells]) for own in passes]
    )
    design = np.column_stack([np.ones_like(true), true])
    (_, slope), *_ = np.linalg.lstsq(design, shown, rcond=None)
    residual = (shown - shown.mean() - slope * (true - true.mean())).std(ddof=2)
    error = residual / np.sqrt(((true - true.mean()) ** 2).sum())
    alone = f"{residual / slope:.0f}" if slope > 2 * error else "says nothing"
    return (
        f"| {joint} | {name} | {slope:.3f} ± {error:.3f} | {residual:.1f} | {alone} |"
    )


def _tested(name: str, people: Sequence[Person], *, mirrored: bool) -> str:
    pairs = []
    for person in people:
        passes = [each for each in person.knees if mirrored or not each.mirrored]
        result = walking_test(passes)
        if isinstance(result, WalkingTest):
            pairs.append((result, person.difference_mm))
    errors = np.array([result.value_mm - true for result, true in pairs])
    inside = [result.low_mm <= true <= result.high_mm for result, true in pairs]
    stated = np.median([result.sd_mm for result, _ in pairs])
    films = "film and mirrored film" if mirrored else "film"
    return (
        f"| {name} | {films} | {len(pairs)} | {errors.mean():+.1f} | "
        f"{np.sqrt(np.mean(errors**2)):.1f} | {stated:.1f} | "
        f"{sum(inside)} of {len(inside)} |"
    )


def main() -> None:
    """Film everybody and write the page."""
    people = [filmed(seed) for seed in range(PEOPLE)]
    RESULT.write_text("\n".join(lines(people)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
