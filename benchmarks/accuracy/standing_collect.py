"""Assess pictures of virtual people who stand and keep what was found beside the truth.

Run ``python benchmarks/accuracy/standing_collect.py FILE [--first 1 --last 80] [--body
skinned]``, and once more with ``--exact`` for stickers that sit exactly on the bone;
then ``standing.py FILE... --exact FILE...`` makes the tables.
"""

from __future__ import annotations

import argparse
import logging
import pickle
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
from standing_cohort import EVALUATION_SEED, Result, sitting

from gaitkit.config import Config
from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.standing import analyse_standing
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.body import BodyKind
from gaitkit_virtual.standing.people import PeopleSpread
from gaitkit_virtual.standing.truth import stance_truth
from gaitkit_virtual.surface import best_body

BLOCKS_MM = {"anterior": (0.0, 10.0, -10.0), "posterior": (0.0, 10.0, -10.0)}
"""Blocks of the test: none, right, left."""

CONFIG = Config(pose=PoseSettings(threads=1))
SPREAD = PeopleSpread(
    pelvis_placing_mm=CONFIG.standing.placement_mm,
    rearfoot_placing_mm=CONFIG.standing.midline_mm,
)


EXACT = PeopleSpread(pelvis_placing_mm=0.0, rearfoot_placing_mm=0.0)
"""Stickers exactly on the bone: what is left is the error of the pictures."""


def results(
    number: int, view: str, folder: Path, *, spread: PeopleSpread, body: BodyKind
) -> list[Result]:
    """Return the pictures of a block test of one person."""
    sat = sitting(
        number,
        seed=EVALUATION_SEED,
        view=view,
        spread=spread,
        with_stickers=True,
        body=body,
    )
    found = []
    for block in BLOCKS_MM[view]:
        stance = sat.stance(block)
        source = RecordingInput(
            file=sat.file(stance, folder),
            kind="stance",
            view=view,
            block_height_mm=abs(block),
            block_side=Side.RIGHT if block > 0 else Side.LEFT,
        )
        analysis = analyse_standing(
            source,
            Subject(height_m=stance.height_m),
            recording_id=f"stance_{number}_{view}_{block:.0f}",
            config=CONFIG,
        )
        if analysis.standing is not None:
            small = np.zeros((2, 2, 3), np.uint8)
            standing = replace(analysis.standing, picture=small)
            analysis = replace(analysis, standing=standing)
        truth = stance_truth(
            stance, sat.camera, look=sat.person.look, stickers=sat.stickers
        )
        markers = stance.markers["position"]
        name = "PSI" if view == "posterior" else "ASI"
        left, right = (
            markers.sel(keypoint=letter + name).transpose("time", "space").to_numpy()[0]
            for letter in "LR"
        )
        apart = left - right
        discs = {
            side: float(each.discs_along_foot[0])
            for side, each in truth.rearfoot.items()
            if each.discs_along_foot is not None
        }
        found.append(
            Result(
                body=body,
                number=number,
                view=view,
                block_mm=block,
                source=source,
                analysis=analysis,
                height_m=stance.height_m,
                difference_mm=stance.parameters.leg_length_difference_mm
                + stance.parameters.functional_difference_mm,
                hips_mm=float(stance.height_difference_mm("hip")[0]),
                pelvis_deg=float(
                    np.degrees(np.arctan2(apart[2], np.hypot(apart[0], apart[1])))
                ),
                rearfoot_deg={s: float(stance.rearfoot_deg(s)[0]) for s in Side},
                discs_deg=discs,
                roll_deg=sat.camera.roll_deg,
            )
        )
    return found


def collect(
    file: Path, numbers: range, *, spread: PeopleSpread, body: BodyKind
) -> None:
    """Collect people one after another; the file grows, so that it may be stopped."""
    every: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            view = "anterior" if number % 2 else "posterior"
            try:
                every += results(number, view, Path(folder), spread=spread, body=body)
            except ConfigError as error:  # a sticker beside the body: nobody does that
                print(number, "left out:", error, flush=True)
                continue
            file.write_bytes(pickle.dumps(every))
            print(number, len(every), flush=True)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--last", type=int, default=80)
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--body", choices=get_args(BodyKind), default=best_body())
    asked = parser.parse_args()
    people = range(asked.first, asked.last + 1)
    spread = EXACT if asked.exact else SPREAD
    collect(asked.file, people, spread=spread, body=asked.body)
