"""Accuracy of the navicular height from stickers, on virtual feet.

``python benchmarks/accuracy/navicular.py`` draws the feet (about ten minutes on one
core; the human skin has to be fetched once with ``gaitkit simulate fetch-body``) and
writes ``navicular.md``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.config import Config
from gaitkit.measure.standing.settings import StandingSettings
from gaitkit.model.side import Side
from gaitkit.pipeline.foot_picture import analyse_foot_picture, with_navicular_drops
from gaitkit_virtual.standing.foot import foot_camera
from gaitkit_virtual.standing.people import SKINS, STICKER_COLOURS, take_setting
from gaitkit_virtual.visits.foot import (
    FootShot,
    PictureChoice,
    foot_shot,
    take_foot,
    virtual_foot,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.standing import FootLoad
    from gaitkit.model.visit import RecordingInput

PAGE = Path(__file__).with_name("navicular.md")
SEED = 20
CLICK_PX = 1.5
"""Standard error of each end of the floor line, as somebody points at it."""
PLACING_MM = 2.5
"""Standard error of a careless sticker along the skin, each way."""
SLIDE_MM = 1.6
"""Standard deviation of how far the skin slides over a navicular that sinks."""
IN_VIEW = 0.28
"""Height over distance of a level camera that still has the foot in its picture."""
TURNS_DEG = (0, 10, 20, 30, 40)
TILTS_DEG = (-15, -8, 0, 8, 15)
LOADS: tuple[FootLoad, ...] = ("unloaded", "loaded")
NAMES = (
    "navicular_height",
    "navicular_height_unloaded",
    "navicular_height_normalised",
    "navicular_drop",
)
EXACT = Config(standing=StandingSettings(navicular_placement_mm=0, navicular_skin_mm=0))
CARELESS = Config()


@dataclass(slots=True)
class Tally:
    """Errors, intervals and refusals of one measure."""

    error: list[float] = field(default_factory=list)
    sd: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, row: Measurement, truth: float) -> None:
        """Add one measurement."""
        if row.value is None:
            self.refused[row.why_missing.code] += 1
            return
        self.error.append(row.value - truth)
        self.sd.append(row.sd)
        self.inside.append(row.low <= truth <= row.high)

    def line(self, name: str) -> str:
        """Return the row of the table."""
        refused = ", ".join(f"{code} {n}" for code, n in self.refused.items()) or "-"
        if not self.error:
            return f"| {name} | 0 | | | | | | {refused} |"
        e = np.array(self.error)
        return (
            f"| {name} | {len(e)} | {e.mean():+.2f} | {e.std(ddof=1):.2f} | "
            f"{np.sqrt((e**2).mean()):.2f} | {np.mean(self.sd):.2f} | "
            f"{100 * np.mean(self.inside):.0f} % | {refused} |"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """How somebody sets up the phone: turn of the foot in the picture, and tilt."""

    turn_deg: float | None = None
    tilt_deg: float | None = None


def shots(number: int, *, careless: bool, camera: Camera) -> dict[FootLoad, FootShot]:
    """Return the two pictures of one virtual foot."""
    rng = np.random.default_rng([SEED, number])
    side = Side.LEFT if number % 2 else Side.RIGHT
    height = float(np.clip(rng.normal(1.74, 0.1), 1.5, 2.0))
    table = {
        "foot": {
            "navicular_mm": float(np.clip(rng.normal(41, 6), 25, 52)),
            "drop_mm": float(np.clip(rng.normal(6, 3), 0, 12)),
            "colour": str(rng.choice(STICKER_COLOURS)),
        },
        "look": {
            "skin": SKINS[int(rng.integers(len(SKINS)))],
            "weight": float(rng.uniform(-0.6, 0.6)),
            "sex": str(rng.choice(["female", "male"])),
        },
    }
    body = "skinned" if number % 4 < 2 else "procedural"
    chosen = virtual_foot(table, height_m=height, side=side, body=body)
    distance = float(rng.uniform(0.5, 1.5))
    plain = foot_camera(chosen.person, side, distance_m=distance)
    tilt = float(rng.normal(0, 2.5))
    seen = replace(
        plain,
        height_m=float(rng.uniform(0.05, min(0.30, IN_VIEW * distance))),
        pan_deg=float(rng.normal(0, 3)),
        roll_deg=float(rng.normal(0, 1.5)),
        tilt_deg=tilt if camera.tilt_deg is None else camera.tilt_deg,
        distortion=float(rng.uniform(-0.03, 0.01)),
    )
    setting = take_setting(seen.view, seed=(SEED, number, 1))
    chosen = replace(chosen, camera=seen)
    placed = rng.normal(0, PLACING_MM, (len(LOADS) * 2, 2)).clip(-7.5, 7.5)
    slid = float(np.random.default_rng([SEED, number, 3]).normal(0, SLIDE_MM))
    result = {}
    for load in LOADS:
        turn = rng.normal(0, 6) if camera.turn_deg is None else camera.turn_deg
        shot = foot_shot(chosen, side, load, seed=number)
        toe_out = f"toe_out_{side}_deg"
        stickers = shot.stickers
        if careless:
            stickers = tuple(
                replace(s, outward_mm=float(along), up_mm=float(up))
                for s, (along, up) in zip(stickers, placed, strict=True)
            )
            if load == "loaded":
                first, *others = stickers
                first = replace(first, up_mm=float(np.clip(first.up_mm + slid, -9, 9)))
                stickers = (first, *others)
        result[load] = replace(
            shot,
            person=replace(shot.person, **{toe_out: float(turn)}),
            setting=replace(setting, plumb_line=None),
            stickers=stickers,
        )
    return result


def pointed(source: RecordingInput, folder: Path, *, seed: int) -> RecordingInput:
    """Return a recording whose floor line somebody pointed at."""
    rng = np.random.default_rng([SEED, seed, 2])
    line = np.array(source.floor_line_px) + rng.normal(0, CLICK_PX, 4)
    return replace(
        source,
        file=folder / source.file.name,
        floor_line_px=tuple(float(v) for v in line),
    )


def analysed(
    number: int,
    config: Config,
    *,
    careless: bool,
    camera: Camera,
    loads: Sequence[FootLoad] = LOADS,
) -> tuple[tuple[Analysis, ...], dict[str, float]]:
    """Draw and measure one foot; return what was measured and what is true."""
    analyses, truth = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken = shots(number, careless=careless, camera=camera)
        for order, load in enumerate(loads):
            shot = taken[load]
            source, told = take_foot(folder, shot, PictureChoice())
            source = pointed(source, folder, seed=2 * number + order)
            analyses.append(
                analyse_foot_picture(source, recording_id=load, config=config)
            )
            key = "navicular_height" + ("" if load == "loaded" else "_unloaded")
            truth[key] = shot.navicular_mm
            length = told["foot"]["truncated_mm"]
    truth["navicular_height_normalised"] = 100 * truth["navicular_height"] / length
    higher = truth.get("navicular_height_unloaded", float("nan"))
    truth["navicular_drop"] = higher - truth["navicular_height"]
    return with_navicular_drops(analyses, config), truth


def tallied(
    feet: int,
    config: Config,
    *,
    careless: bool,
    camera: Camera | None = None,
    loads: Sequence[FootLoad] = LOADS,
) -> dict[str, Tally]:
    """Return the tally of each measure over virtual feet."""
    tallies = {name: Tally() for name in NAMES}
    for number in range(feet):
        found, truth = analysed(
            number,
            config,
            careless=careless,
            camera=camera or Camera(),
            loads=loads,
        )
        for row in (row for each in found for row in each.measurements):
            tallies[row.name].add(row, truth[row.name])
    return tallies


HEAD = (
    "| measure | n | bias | sd of error | root mean square | stated sd | in the 95 % "
    "interval | refused |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def page(feet: int, few: int) -> str:
    """Return the page."""
    exact = tallied(feet, EXACT, careless=False)
    careless = tallied(feet, CARELESS, careless=True)
    turned = {
        turn: tallied(
            few,
            CARELESS,
            careless=False,
            camera=Camera(turn_deg=turn),
            loads=("loaded",),
        )
        for turn in TURNS_DEG
    }
    tilted = {
        tilt: tallied(
            few,
            CARELESS,
            careless=False,
            camera=Camera(tilt_deg=tilt),
            loads=("loaded",),
        )
        for tilt in TILTS_DEG
    }
    height = "navicular_height"
    return "\n".join(
        (
            "# Navicular height from stickers: virtual feet",
            "",
            f"Written by `benchmarks/accuracy/navicular.py`: {feet} virtual feet (half "
            "with a human skin, half drawn from rings), each once sitting and once "
            "standing; camera 0.5 to 1.5 m away and 0.05 to 0.30 m high, pan 3, roll "
            "1.5 and tilt 2.5 degrees (standard deviations), foot turned by 6 degrees, "
            "1920 x 1080 pixels, JPEG; scale from the diameter of the stickers "
            f"(12 mm); floor line pointed at with {CLICK_PX:g} px. Heights in mm, the "
            "normalised height in percent of truncated foot length. A foot that sits "
            "is drawn standing with a higher navicular, before the same camera. "
            "Unconfirmed on real people.",
            "",
            "## Stickers exactly on their points (placing error and sliding set to 0)",
            "",
            HEAD,
            *(tally.line(name) for name, tally in exact.items()),
            "",
            f"## Stickers put on with {PLACING_MM:g} mm each way, kept between the "
            f"pictures; the skin slides by {SLIDE_MM:g} mm over the navicular that "
            "sinks",
            "",
            HEAD,
            *(tally.line(name) for name, tally in careless.items()),
            "",
            f"## Foot turned out of the picture plane ({few} feet, exact stickers)",
            "",
            HEAD.replace("measure", "turn, deg"),
            *(tallies[height].line(f"{turn}") for turn, tallies in turned.items()),
            "",
            f"## Camera tilted without anybody knowing ({few} feet, exact stickers; "
            "positive looks down)",
            "",
            HEAD.replace("measure", "tilt, deg"),
            *(tallies[height].line(f"{tilt}") for tilt, tallies in tilted.items()),
            "",
        )
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feet", type=int, default=36)
    parser.add_argument("--few", type=int, default=6)
    asked = parser.parse_args()
    PAGE.write_text(page(asked.feet, asked.few), encoding="utf-8")


if __name__ == "__main__":
    main()
