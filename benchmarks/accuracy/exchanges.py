"""Are exchanged sides put back? Real cameras, with exchanges of their own and put in.

    python benchmarks/accuracy/exchanges.py [SHARED_DATA]

The keypoints are those of a pose model on a real walk seen by four cameras (`people/
pose2sim_demo`). Camera 2 exchanged the whole body in 30 of its 100 frames by itself,
known from the other three; into the three that did not exchanges are put, of the whole
body or of the legs only. Writes exchanges.md.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.keypoints import BLAZEPOSE, keypoints
from gaitkit.pose.swaps import LEG, repair_sides

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


REPOSITORY = Path(__file__).resolve().parents[2]
RESULT = Path(__file__).with_suffix(".md")
RATE_HZ = 60.0
SEED = 20261201
SOUND = ("c1", "c3", "c4")
PARTS = ("ankle", "hip")
COLUMNS = ("camera", "exchanged", "frames", "turned back", "left out", "passed",
           "good frames", "kept", "left out", "turned wrongly")  # fmt: skip

HEAD = """# Are exchanged sides put back?

Written by `python benchmarks/accuracy/exchanges.py`. Keypoints of a pose model on a
real walk, four cameras of 100 frames at 60 Hz. In camera 2 (c2) the model exchanged the
whole body by itself; into the others exchanges were put: keypoints exchanged, not
pictures, so what a model gets wrong beside the names is not in them. Counted are the
frames of ankles and hips; what is `left out` of the good ones is lost, not wrong.
`legs`: those of knee, ankle, heel and toe only, the trunk as it was; counted are the
ankles.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """One camera and the frames in which its sides are exchanged."""

    camera: str
    kind: str
    seen: xr.Dataset
    is_wrong: np.ndarray
    parts: tuple[str, ...] = PARTS


def main() -> None:
    """Write the page; exit 1 when an exchange passed or a good frame was turned."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path)
    data = parser.parse_args().data or REPOSITORY.parent / "shared" / "data"
    rows = [_row(film) for film in films(data / "people" / "pose2sim_demo")]
    lines = [HEAD, _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    RESULT.write_text("\n".join([*lines, *map(_line, rows), ""]), encoding="utf-8")
    print(RESULT.read_text("utf-8"))
    if any(row[5] != "0" or row[9] != "0" for row in rows):
        raise SystemExit(1)


def films(folder: Path) -> Iterator[Film]:
    """Yield the camera that exchanges by itself, and those into which it was put."""
    with np.load(folder / "mediapipe_full_keypoints_SinglePerson.npz") as every:
        cameras = {name: _keypoints(every[name]) for name in ("c2", *SOUND)}
    own = np.load(folder / "cam02_exchanged_frames.npy").astype(bool)
    yield Film(camera="c2", kind="by itself", seen=cameras["c2"], is_wrong=own)
    random = np.random.default_rng(SEED)
    for name in SOUND:
        count = cameras[name].sizes["time"]
        for kind, frames in _patterns(count, random):
            legs = kind.startswith("legs")
            is_wrong = np.zeros(count, dtype=bool)
            is_wrong[frames] = True
            yield Film(
                camera=name,
                kind=kind,
                seen=_exchanged(cameras[name], frames, legs=legs),
                is_wrong=is_wrong,
                parts=PARTS[:1] if legs else PARTS,
            )


def _patterns(
    count: int, random: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield where exchanges lie: in a run, at an end, in single frames."""
    start = int(random.integers(15, count - 45))
    yield "body, a run of 25", np.arange(start, start + 25)
    yield "body, the first 20", np.arange(20)
    yield "body, the last 15", np.arange(count - 15, count)
    yield "body, 8 single", np.sort(random.choice(count, 8, replace=False))
    start = int(random.integers(15, count - 45))
    yield "legs, a run of 12", np.arange(start, start + 12)
    yield "legs, 5 single", np.sort(random.choice(count, 5, replace=False))


def _keypoints(camera: np.ndarray) -> xr.Dataset:
    return keypoints(
        camera[:, :, :2].transpose(0, 2, 1),
        camera[:, :, 3],
        time_s=np.arange(len(camera)) / RATE_HZ,
        names=BLAZEPOSE,
        space_unit="px",
    )


def _exchanged(data: xr.Dataset, frames: np.ndarray, *, legs: bool) -> xr.Dataset:
    result = data.copy(deep=True)
    chosen = [
        name.removeprefix("left_")
        for name in BLAZEPOSE
        if name.startswith("left_")
        if not legs or name.removeprefix("left_") in LEG
    ]
    left, right = (
        np.array([BLAZEPOSE.index(f"{side}_{part}") for part in chosen])
        for side in ("left", "right")
    )
    for variable in ("position", "confidence"):
        values = result[variable].transpose("time", "keypoint", ...).to_numpy()
        both, other = np.concatenate([left, right]), np.concatenate([right, left])
        values[np.ix_(frames, both)] = values[np.ix_(frames, other)]
    return result


def _row(film: Film) -> tuple[str, ...]:
    after = repair_sides(film.seen, film.seen).keypoints
    fates = [_fate(film.seen, after, part) for part in film.parts]
    wrong = np.concatenate([each[film.is_wrong] for each in fates])
    good = np.concatenate([each[~film.is_wrong] for each in fates])
    counts = (
        wrong.size, *(np.sum(wrong == fate) for fate in ("turned", "lost", "kept")),
        good.size, *(np.sum(good == fate) for fate in ("kept", "lost", "turned")),
    )  # fmt: skip
    return (film.camera, film.kind, *(str(int(count)) for count in counts))


def _fate(before: xr.Dataset, after: xr.Dataset, part: str) -> np.ndarray:
    """Return for each frame whether a part was kept, turned or lost."""
    name = f"left_{part}"
    was, now = (d["position"].sel(keypoint=name).to_numpy() for d in (before, after))
    lost = np.isnan(now).any(axis=1)
    return np.where(lost, "lost", np.where((was == now).all(axis=1), "kept", "turned"))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
