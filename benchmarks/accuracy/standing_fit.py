"""Fit what the pose model shows of a hip height difference, on seeds kept for fitting.

Run ``python benchmarks/accuracy/standing_fit.py [people] [model]``: prints the rows of
``gaitkit/measure/standing/landmark_slope.toml``.
"""

from __future__ import annotations

import logging
import sys

import numpy as np
from standing_cohort import FIT_SEED, sitting

from gaitkit.measure.standing.heights import Turn, height_line
from gaitkit.measure.standing.optics import Optics, Roll
from gaitkit.model.side import Side
from gaitkit.pipeline.standing_picture import LANDMARK_SD, _landmarks
from gaitkit.pose.backend import open_backend
from gaitkit.pose.settings import PoseSettings
from gaitkit.pose.standing_body import bodies_in
from gaitkit.simulate.standing.people import PeopleSpread

BLOCKS_MM = (-20.0, -7.0, 7.0, 20.0)
VIEWS = ("posterior", "anterior")


def shown_and_true(sat, backend, block_mm):  # noqa: ANN001, ANN201
    """Return the shown and the true hip difference of one picture, mm."""
    stance = sat.stance(block_mm)
    picture = sat.picture(stance)
    bodies = bodies_in(picture, backend)
    if not bodies:
        return None
    camera = sat.camera
    points = {p.side: p for p in _landmarks(bodies[0], camera.view) if p.role == "hip"}
    depth = camera.distance_m
    optics = Optics(
        width_px=camera.width_px,
        height_px=camera.height_px,
        roll=Roll(deg=camera.roll_deg, sd_deg=0.0, source="user"),
        m_per_px=1 / camera.px_per_m(depth),
        scale_relative_sd=0.0,
        distance_m=depth,
        tilt_sd_deg=0.0,
    )
    turn = Turn(deg=0.0, sd_deg=0.0, view=camera.view)
    line = height_line(points[Side.LEFT], points[Side.RIGHT], optics=optics, turn=turn)
    ratio = bodies[0].height_px / (stance.height_m * camera.px_per_m(depth))
    true = float(stance.height_difference_mm("hip")[0])
    return line.difference_mm, true, ratio


def fit(model: str, view: str, people: int) -> None:
    spread = PeopleSpread()
    lines, residuals, ratios, every = [], [], [], []
    with open_backend(PoseSettings(model=model, threads=1)) as backend:
        for number in range(1, people + 1):
            sat = sitting(
                number, seed=FIT_SEED, view=view, spread=spread, with_stickers=False
            )
            rows = [shown_and_true(sat, backend, b) for b in BLOCKS_MM]
            rows = [row for row in rows if row is not None]
            if len(rows) < 3:
                continue
            shown, true, ratio = np.array(rows).T
            slope, zero = np.polyfit(true, shown, 1)
            left = shown - zero - slope * true
            own = float((left**2).sum() / (len(rows) - 2))
            spread_true = float(((true - true.mean()) ** 2).sum())
            lines.append((slope, zero, own / spread_true, own / len(rows)))
            residuals.append(own)
            ratios.append(float(ratio.mean()))
            every += rows
    slopes, zeros, slope_var, zero_var = np.array(lines).T
    chance = np.sqrt(np.mean(residuals))
    between = np.sqrt(max(slopes.var(ddof=1) - slope_var.mean(), 0.0))
    zero_sd = np.sqrt(max(zeros.var(ddof=1) - zero_var.mean(), 0.0))
    print("[[slope]]")
    print(f'model = "{model}"\nview = "{view}"')
    print(f"slope = {slopes.mean():.3f}\nslope_sd = {between:.3f}")
    print(f"zero_mm = {zeros.mean():.2f}\nzero_sd_mm = {zero_sd:.2f}")
    print(f"chance_mm = {chance:.2f}\npeople = {len(lines)}\npictures = {len(every)}")
    print(
        f"# zero: standard error {zeros.std(ddof=1) / np.sqrt(len(zeros)):.2f} mm; "
        f"slope: median {np.median(slopes):.3f}; ears to heels over stature "
        f"{np.mean(ratios):.4f} sd {np.std(ratios):.4f}",
        flush=True,
    )


if __name__ == "__main__":
    logging.disable(logging.INFO)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    size = sys.argv[2] if len(sys.argv) > 2 else "full"
    assert LANDMARK_SD
    for each in VIEWS:
        fit(size, each, count)
