"""Fit what the pose model shows of a hip height difference, on seeds kept for fitting.

``python benchmarks/accuracy/standing_fit.py FILE [--body skinned] [--model full]
[--people 36]`` draws the pictures, unless FILE is there already, keeps what was shown
beside the truth in FILE and prints rows of
``gaitkit/measure/standing/landmark_slope.toml``.
"""

from __future__ import annotations

import argparse
import logging
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
from standing_cohort import FIT_SEED, sitting

from gaitkit.measure.standing.camera import Optics, Roll
from gaitkit.measure.standing.heights import Turn, height_line, trunk_lean_deg
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.side import Side
from gaitkit.pipeline.standing_photo import _landmarks
from gaitkit.pose.backend import PoseBackend, open_backend
from gaitkit.pose.settings import PoseSettings
from gaitkit.pose.standing_body import bodies_in
from gaitkit_virtual.body import BodyKind
from gaitkit_virtual.standing.people import PeopleSpread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from standing_cohort import Sitting

    from gaitkit.measure.standing.landmarks import FrontalView

BLOCKS_MM = (-20.0, -7.0, 7.0, 20.0)
VIEWS: tuple[FrontalView, ...] = ("posterior", "anterior")
LEAST_PICTURES = 3
USUAL = StandingSettings()
"""What a picture is said to err by through the turn of the person is not chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one picture shows of the hips, and what is true."""

    number: int
    view: str
    shown_mm: float
    stated_sd_mm: float
    lean_deg: float
    true_mm: float


def shown(sat: Sitting, backend: PoseBackend, block_mm: float) -> Shown | None:
    """Return what one picture shows; None when nobody is found in it."""
    stance = sat.stance(block_mm)
    bodies = bodies_in(sat.picture(stance), backend)
    if not bodies:
        return None
    camera = sat.camera
    found = {(p.role, p.side): p for p in _landmarks(bodies[0], camera.view)}
    hips, shoulders = (
        (found[role, Side.LEFT], found[role, Side.RIGHT])
        for role in ("hip", "shoulder")
    )
    optics = Optics(
        width_px=camera.width_px,
        height_px=camera.height_px,
        roll=Roll(deg=camera.roll_deg, sd_deg=0.0, source="user"),
        m_per_px=1 / camera.px_per_m(camera.distance_m),
        scale_relative_sd=0.0,
        distance_m=camera.distance_m,
        tilt_sd_deg=USUAL.tilt_sd_deg,
    )
    turn = Turn(deg=0.0, sd_deg=USUAL.yaw_sd_deg, view=camera.view)
    line = height_line(*hips, optics=optics, turn=turn)
    return Shown(
        number=sat.number,
        view=camera.view,
        shown_mm=line.difference_mm,
        stated_sd_mm=line.sd_mm,
        lean_deg=trunk_lean_deg(hips, shoulders, optics=optics),
        true_mm=float(stance.height_difference_mm("hip")[0]),
    )


def collect(model: str, body: BodyKind, people: int) -> Iterator[Shown]:
    """Yield every picture of the people kept for fitting."""
    with open_backend(PoseSettings(model=model, threads=1)) as backend:
        for number in range(1, people + 1):
            for view in VIEWS:
                sat = sitting(
                    number,
                    seed=FIT_SEED,
                    view=view,
                    spread=PeopleSpread(),
                    with_stickers=False,
                    body=body,
                )
                rows = (shown(sat, backend, block) for block in BLOCKS_MM)
                yield from (row for row in rows if row is not None)
            print(number, flush=True)


def lean_part(rows: Sequence[Shown]) -> float:
    """Return the change with the lean of the trunk, mm per degree, within people."""
    own = np.array([r.number for r in rows])
    table = np.array([(r.shown_mm, r.true_mm, r.lean_deg) for r in rows])
    for number in set(own):
        table[own == number] -= table[own == number].mean(axis=0)
    return float(np.linalg.lstsq(table[:, 1:], table[:, 0], rcond=None)[0][1])


def fit(rows: Sequence[Shown], *, lean: float) -> str:
    """Return the numbers of one row of the file, for a given part of the lean."""
    lines, every = [], []
    for number in sorted({r.number for r in rows}):
        own = [r for r in rows if r.number == number]
        if len(own) < LEAST_PICTURES:
            continue
        true = np.array([r.true_mm for r in own])
        seen = np.array([r.shown_mm - lean * r.lean_deg for r in own])
        slope, zero = np.polyfit(true, seen, 1)
        left = float(((seen - zero - slope * true) ** 2).sum()) / (len(own) - 2)
        spread = float(((true - true.mean()) ** 2).sum())
        lines.append((slope, zero, spread, 1 / len(own) + true.mean() ** 2 / spread))
        every.append(left)
    slopes, zeros, spreads, shares = np.array(lines).T
    scatter = float(np.mean(every))
    stated = float(np.mean([r.stated_sd_mm**2 for r in rows]))
    between = np.sqrt(max(slopes.var(ddof=1) - (scatter / spreads).mean(), 0.0))
    zero_sd = np.sqrt(max(zeros.var(ddof=1) - (scatter * shares).mean(), 0.0))
    count = len(slopes)
    return (
        f"slope = {slopes.mean():.3f}  # standard error "
        f"{slopes.std(ddof=1) / np.sqrt(count):.3f}, median {np.median(slopes):.3f}\n"
        f"slope_sd = {between:.3f}\nlean_mm_per_deg = {lean:.2f}\n"
        f"zero_mm = {zeros.mean():.2f}  # standard error "
        f"{zeros.std(ddof=1) / np.sqrt(count):.2f}\n"
        f"zero_sd_mm = {zero_sd:.2f}\n"
        f"chance_mm = {np.sqrt(max(scatter - stated, 0)):.2f}  # all of the scatter "
        f"{np.sqrt(scatter):.2f}, points and turn {np.sqrt(stated):.2f}\n"
        f"people = {count}\npictures = {len(rows)}"
    )


if __name__ == "__main__":
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--body", choices=get_args(BodyKind), default="skinned")
    parser.add_argument("--model", default="full")
    parser.add_argument("--people", type=int, default=36)
    asked = parser.parse_args()
    if not asked.file.exists():
        drawn = tuple(collect(asked.model, asked.body, asked.people))
        asked.file.write_bytes(pickle.dumps(drawn))
    kept: tuple[Shown, ...] = pickle.loads(asked.file.read_bytes())
    for view in VIEWS:
        mine = [row for row in kept if row.view == view]
        print(f"[[slope]]\nmodel = {asked.model!r}\nview = {view!r}")
        print(fit(mine, lean=lean_part(mine)))
        print("# as shown, the lean of the trunk left in:")
        print("# " + fit(mine, lean=0.0).replace("\n", "\n# "), flush=True)
