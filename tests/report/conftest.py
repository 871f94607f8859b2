"""A whole visit to report on: a virtual walk, its film, measurements and findings."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from gaitkit.model.analysis import Analysis
from gaitkit.model.assessment import Assessment, FileHash, Provenance
from gaitkit.model.catalogue import definition
from gaitkit.model.finding import Finding
from gaitkit.model.keypoints import keypoints
from gaitkit.model.measurement import Measurement
from gaitkit.model.plan import Plan, Suggestion, Triage
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.recording import (
    Calibration,
    PersonCandidate,
    PersonChoice,
    Recording,
    Timing,
)
from gaitkit.model.side import Side
from gaitkit.model.strides import CYCLE_POINTS, Waveform
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from gaitkit.model.strides import Stride
    from gaitkit_virtual.virtual_walk import VirtualWalk

WIDTH, HEIGHT = 640, 320
PX_PER_M = 100.0
FLOOR_PX = 300.0
START_PX = 620.0
RATE_HZ = 30.0
DURATION_S = 6.0
ANGLES = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "trunk_flexion")
HEAD_CELLS_PX = 3
BYSTANDER = (90, 60)
"""Left and top of a second face in the film, 24 pixels wide."""


@pytest.fixture(scope="session")
def virtual_walk() -> VirtualWalk:
    """Return a walk with a stiff left knee."""
    walker = WalkerParameters(
        height_m=1.65,
        stride_time_s=1.12,
        knee_flexion_difference_deg=-16.0,
        stride_time_sd_s=0.015,
        step_length_sd_m=0.01,
    )
    return walk(walker, duration_s=DURATION_S, rate_hz=RATE_HZ, seed=7)


@pytest.fixture(scope="session")
def film(virtual_walk: VirtualWalk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of the walk: chequered heads on a noisy wall."""
    file = tmp_path_factory.mktemp("film") / "walk.mp4"
    points = picture_points(virtual_walk)
    rng = np.random.default_rng(1)
    wall = rng.integers(90, 170, size=(HEIGHT, WIDTH, 3), dtype=np.uint8)
    with av.open(str(file), "w") as target:
        stream = target.add_stream("libx264", rate=30, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for row in range(points.sizes["time"]):
            picture = wall.copy()
            chequer(picture, left=BYSTANDER[0], top=BYSTANDER[1], size=24)
            draw_person(picture, points.isel(time=row))
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return file


def chequer(picture: np.ndarray, *, left: int, top: int, size: int) -> None:
    """Draw a fine black and white chequer board: anything fine is lost in a blur."""
    rows, columns = np.mgrid[0:size, 0:size] // HEAD_CELLS_PX
    board = ((rows + columns) % 2 * 255).astype(np.uint8)[..., None]
    place = picture[top : top + size, left : left + size]
    place[...] = np.broadcast_to(board, (size, size, 3))[: len(place), : place.shape[1]]


def draw_person(picture: np.ndarray, frame: xr.Dataset) -> None:
    """Draw a body with a chequered head."""
    at = {
        str(name): frame["position"].sel(keypoint=name).to_numpy()
        for name in frame["keypoint"].to_numpy()
    }
    for side in Side:
        for a, b in (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle")):
            ends = [tuple(int(x) for x in at[f"{side}_{part}"]) for part in (a, b)]
            cv2.line(picture, *ends, (60, 60, 90), 9)
    x, y = at["left_ear"]
    if 12 <= x < WIDTH - 12:
        chequer(picture, left=int(x) - 10, top=int(y) - 12, size=20)


def picture_points(walk_: VirtualWalk) -> xr.Dataset:
    """Return the walk as a camera sees it that looks at the left side."""
    position = walk_.keypoints["position"].transpose("time", "space", "keypoint")
    forward, up = (position.sel(space=axis).to_numpy() for axis in ("forward", "up"))
    x, y = START_PX - PX_PER_M * forward, FLOOR_PX - PX_PER_M * up
    rng = np.random.default_rng(5)
    confidence = np.clip(rng.normal(0.9, 0.05, x.shape), 0, 1)
    return keypoints(
        np.stack([x, y], axis=1) + rng.normal(0, 0.4, (len(x), 2, x.shape[1])),
        confidence,
        time_s=walk_.keypoints["time"].to_numpy(),
        names=[str(name) for name in walk_.keypoints["keypoint"].to_numpy()],
        space_unit="px",
    )


@pytest.fixture(scope="session")
def recording() -> Recording:
    """Return a side view of the walk, limited for its low rate."""
    limit = Reason(
        code="slow_camera",
        text=Text(
            nl="De camera is traag (30 beelden per seconde): tijden zijn minder zeker.",
            en="The camera is slow (30 frames per second): times are less certain.",
        ),
        advice=Text(
            nl="Film met 60 beelden per seconde of meer.",
            en="Film at 60 frames per second or more.",
        ),
    )
    people = (
        PersonCandidate(
            number=1, score=0.82, start_s=0.0, end_s=6.0, path_heights=3.6,
            duration_s=6.0, upright=1.0, size=0.52, completeness=0.97, frame=60,
            box=(330.0, 130.0, 110.0, 175.0),
        ),
        PersonCandidate(
            number=2, score=0.31, start_s=0.0, end_s=6.0, path_heights=0.0,
            duration_s=6.0, upright=1.0, size=0.3, completeness=0.4, frame=10,
            box=(70.0, 50.0, 60.0, 150.0),
        ),
    )  # fmt: skip
    return Recording(
        id="walk",
        kind="video",
        sha256="5d41402abc4b2a76b9719d911017c592" * 2,
        view="sagittal_left",
        rate_hz=RATE_HZ,
        duration_s=DURATION_S,
        time_source="pts",
        scale="m",
        quality=Quality(status="limited", reasons=(limit,)),
        condition="shod",
        timing=Timing(
            source="pts", rate_hz=RATE_HZ, duration_s=DURATION_S, frames=181,
            jitter_ms=0.2, dropped=1,
        ),
        calibration=Calibration(
            method="subject_height", m_per_px=0.01, relative_sd=0.02,
            camera_tilt_deg=0.4,
        ),
        person=PersonChoice(
            chosen=1, method="scored", ambiguous=False, candidates=people,
            swaps_repaired=4, swaps_unclear=1,
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def analysis(virtual_walk: VirtualWalk, recording: Recording, film: Path) -> Analysis:
    """Return what an analysis of the film would give, from the truth."""
    raw = picture_points(virtual_walk)
    walking = virtual_walk.keypoints.sel(space=["forward", "up"])
    strides = tuple(
        dataclasses.replace(stride, recording="walk") for stride in virtual_walk.strides
    )
    too_short = Reason(
        code="stride_incomplete",
        text=Text(nl="De schrede is niet compleet.", en="The stride is incomplete."),
        advice=Text(nl="Film langer.", en="Film for longer."),
    )
    strides = (*strides[:-1], dataclasses.replace(strides[-1], rejected=too_short))
    used = [stride for stride in strides if stride.rejected is None]
    return Analysis(
        recording=recording,
        source=film,
        raw=raw,
        walking=walking.isel(space=slice(None)),
        angles=virtual_walk.angles,
        events=tuple(
            dataclasses.replace(event, recording="walk", confidence=0.9)
            for event in virtual_walk.events
        ),
        strides=strides,
        waveforms=waveforms(virtual_walk, used),
        measurements=measurements(virtual_walk, used),
    )


def waveforms(walk_: VirtualWalk, strides: list[Stride]) -> tuple[Waveform, ...]:
    """Return the mean of each true angle over the strides."""
    time, found = walk_.angles["time"].to_numpy(), []
    for name in ANGLES:
        for side in Side:
            own = [stride for stride in strides if stride.side is side]
            series = walk_.angles[name].sel(side=side).to_numpy()
            cycles = np.array(
                [
                    np.interp(
                        np.linspace(s.start_s, s.end_s, CYCLE_POINTS), time, series
                    )
                    for s in own
                ]
            )
            found.append(
                Waveform(
                    name=name,
                    side=side,
                    recording="walk",
                    mean=tuple(cycles.mean(axis=0)),
                    spread=tuple(cycles.std(axis=0) + 1.0),
                    n=len(own),
                    foot_off_pct=62.0,
                )
            )
    return tuple(found)


def measurements(walk_: VirtualWalk, strides: list[Stride]) -> tuple[Measurement, ...]:
    """Return timing, lengths and two angles with errors, and what is missing."""
    starts = {stride.start_s for stride in strides}
    values: dict[tuple[str, Side | None], list[float]] = {}
    for value in walk_.stride_values:
        sided = definition(value.name).sided
        if value.start_s in starts and "sagittal_left" in definition(value.name).views:
            values.setdefault((value.name, value.side if sided else None), []).append(
                value.value
            )
    for side, peak, contact in ((Side.LEFT, 46.0, 6.0), (Side.RIGHT, 63.5, 5.2)):
        values["knee_flexion_swing_peak", side] = [peak - 0.5, peak, peak + 0.5]
        values["knee_flexion_initial_contact", side] = [contact] * 3
    given = tuple(_measured(name, side, v) for (name, side), v in values.items())
    hidden = reason("view_cannot_show", view="opzij", needed="achteren")
    missing = tuple(
        Measurement(
            name=name, unit=definition(name).unit, value=None, side=side,
            recording="walk", why_missing=hidden,
        )
        for name in ("step_width", "trunk_lateral_lean_peak")
        for side in (Side if definition(name).sided else (None,))
    )  # fmt: skip
    return given + missing


def _measured(name: str, side: Side | None, values: list[float]) -> Measurement:
    entry = definition(name)
    error = entry.error("video")
    sd = error.sd if error is not None else 1.0
    mean = float(np.mean(values))
    return Measurement(
        name=name,
        unit=entry.unit,
        value=mean,
        side=side,
        sd=sd,
        low=mean - 1.96 * sd,
        high=mean + 1.96 * sd,
        spread=float(np.std(values)),
        n=len(values),
        method="virtual",
        recording="walk",
        quality="limited" if "timing" in entry.kinds else "ok",
    )


@pytest.fixture(scope="session")
def assessment(analysis: Analysis) -> Assessment:
    """Return the assessment of the visit."""
    used = tuple(
        m for m in analysis.measurements if m.name == "knee_flexion_swing_peak"
    )
    return Assessment(
        subject=Subject(
            subject_id="proef-017", height_m=1.65, age_years=34, sex="female"
        ),
        recordings=(analysis.recording,),
        events=analysis.events,
        strides=analysis.strides,
        measurements=analysis.measurements,
        waveforms=analysis.waveforms,
        findings=(
            Finding(
                rule="Q02",
                revision=1,
                verdict="met",
                probability=0.97,
                side=Side.LEFT,
                measure="knee_flexion_swing_peak",
                text=Text(
                    nl="De knie buigt links in de zwaaifase minder dan rechts.",
                    en="The left knee bends less in swing than the right.",
                ),
                measurements=used,
                evidence=("fukuchi2018",),
            ),
            Finding(
                rule="Q01",
                revision=1,
                verdict="uncertain",
                probability=0.61,
                text=Text(
                    nl="De standfase is links korter.", en="Stance is shorter left."
                ),
            ),
            Finding(
                rule="F03",
                revision=1,
                verdict="not_assessable",
                text=Text(
                    nl="De voetstand is niet onderzocht.",
                    en="The posture of the foot was not examined.",
                ),
            ),
        ),
        plan=Plan(
            status="withheld",
            triage=Triage(status="incomplete", rules=("T06",)),
            reason=Text(
                nl="Niet alle alarmvragen zijn beantwoord; er zijn geen suggesties.",
                en="Not every alarm question was answered; no suggestions are made.",
            ),
            suggestions=(),
        ),
        provenance=Provenance(
            gaitkit="0.1.0",
            config={"report": {"lang": "nl", "html": True}, "pose": {"model": "full"}},
            rule_set_revision="2026.11",
            rule_set_sha256="ab" * 32,
            model_files=(FileHash(name="pose_landmark_full", sha256="e9a5" * 16),),
            created="2026-11-21T10:15:00+01:00",
        ),
    )


@pytest.fixture(scope="session")
def suggested(assessment: Assessment) -> Assessment:
    """Return the same visit with a suggestion instead of a withheld plan."""
    plan = Plan(
        status="suggestions",
        triage=Triage(status="clear"),
        suggestions=(
            Suggestion(
                kind="retest",
                rule="Q01",
                side=Side.LEFT,
                text=Text(
                    nl="Overweeg de meting te herhalen. De podotherapeut beslist.",
                    en="Consider measuring again. The podotherapist decides.",
                ),
                contraindications=(Text(nl="Pijn bij lopen", en="Pain in walking"),),
            ),
        ),
    )
    return dataclasses.replace(assessment, plan=plan)
