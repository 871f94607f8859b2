"""How true the plate results are, and what they cost: tables in Markdown.

``python benchmarks/accuracy/plates.py [SHARED_DATA] > benchmarks/accuracy/plates.md``

Simulated walks have exact truth. Real recordings (beside the checkout, not committed)
give checksums, contacts and the overlap with regions that experts drew; the borders of
the regions are refitted without the person they are judged on.
"""

from __future__ import annotations

import io
import sys
import time
import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.footprint import Axis, Footprint, find_axis, footprint_of
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.measure.foot.regions import DEFAULT_BORDERS, find_regions
from gaitkit.measure.foot.steps import progression_angle_deg
from gaitkit.model.pressure import source_of
from gaitkit.model.side import Side
from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk

if TYPE_CHECKING:
    from gaitkit.model.contact import RegionBorders

PLATES = {
    "5.0 x 5.0 mm, 100 Hz": PlateSpec(
        rows=440, cols=80, pitch_mm=(5.0, 5.0), rate_hz=100.0, duration_s=2.4
    ),
    "7.6 x 5.1 mm, 126 Hz": PlateSpec(
        rows=290, cols=80, pitch_mm=(7.62, 5.08), rate_hz=126.0, duration_s=2.4
    ),
    "8.5 x 8.5 mm, 100 Hz": PlateSpec(
        rows=260, cols=48, pitch_mm=(8.46, 8.46), rate_hz=100.0, duration_s=2.4
    ),
}
ARCHES = {"high": 0.03, "usual": 0.06, "flat": 0.10}
TOE_OUT = ((0.0, 12.0), (7.0, 7.0), (18.0, -4.0))
LABELS = {1: (1,), 2: (3, 4), 3: (5, 6, 7), 4: (9, 10)}
NAMES = ("hallux", "medial forefoot", "lateral forefoot", "heel")

GRID: dict[str, tuple[float, ...]] = {
    "heel": (0.25, 0.27, 0.29, 0.31, 0.33),
    "forefoot": (0.53, 0.55, 0.57, 0.59, 0.61),
    "toes": (0.80, 0.815, 0.83, 0.845),
    "fan_tilt": (0.3, 0.6, 0.9, 1.2),
}
START = replace(DEFAULT_BORDERS, heel=0.33, forefoot=0.53, toes=0.83, fan_tilt=0.0)
"""Borders before fitting: mean expert borders of 120 emed steps, fan without tilt.
Cuts of the hallux and between the metatarsals are literature and are not fitted."""


@dataclass(frozen=True)
class Labelled:
    """One emed step with the regions an expert drew."""

    subject: str
    foot: Footprint
    axis: Axis
    label: np.ndarray
    side_right: bool


def main(shared: Path | None) -> None:
    print("# Accuracy of plate results\n")
    simulated()
    if shared is not None:
        real(shared)
        speed(shared)


def simulated() -> None:
    print("## Simulated walks: largest error of a side's mean (of one contact)\n")
    print("| plate | contacts | arch index | foot progression deg | area % |", end="")
    print(" contact time frames | force % | sides wrong |")
    print("|---|---|---|---|---|---|---|---|")
    for name, plate in PLATES.items():
        rows, means, wrong = [], [], 0
        for arch in ARCHES.values():
            for toe_out in TOE_OUT:
                sole = SoleShape(midfoot=arch)
                walk = WalkSpec(
                    left=sole, right=sole, toe_out_deg=toe_out, line_deg=1.0, steps=4,
                    step_length_mm=610.0, first_heel_mm=60.0,
                )  # fmt: skip
                sim = simulate_walk(walk, plate)
                result = analyse_plate(sim.data)
                errors = []
                for foot, truth in zip(result.feet, sim.contacts, strict=True):
                    wrong += foot.side is not truth.side
                    angle = progression_angle_deg(foot, result.line)
                    errors.append(
                        (
                            foot.value("arch_index") - truth.arch_index,
                            angle - truth.toe_out_deg,
                            100
                            * (
                                foot.value("contact_area", "total") / truth.area_cm2 - 1
                            ),
                            plate.rate_hz
                            * (
                                foot.value("contact_time")
                                - (truth.stop_s - truth.start_s)
                            ),
                            100
                            * (
                                foot.value("peak_force", "total") / truth.peak_force_n
                                - 1
                            ),
                        )
                    )
                rows += errors
                means += [np.mean(errors[0::2], axis=0), np.mean(errors[1::2], axis=0)]
        one, mean = np.abs(rows).max(axis=0), np.abs(means).max(axis=0)
        cells = " | ".join(f"{m:.3f} ({o:.3f})" for m, o in zip(mean, one, strict=True))
        print(f"| {name} | {len(rows)} | {cells} | {wrong} |")
    print()


def real(shared: Path) -> None:
    plates = shared / "plates"
    print("## Checksums of real exports\n")
    print("| file | total | frames | largest difference | tolerance |")
    print("|---|---|---|---|---|")
    for path in sorted(p for p in plates.rglob("*") if p.is_file()):
        if {"labels", "mun104", "norms"} & set(path.parts):
            continue
        for data in read_plate(path).mats:
            check = source_of(data).checksum
            if check is not None:
                print(
                    f"| {path.name} | {check.name} | {check.frames} | "
                    f"{check.worst:.4f} {check.unit} | {check.tolerance:.2f} |"
                )
    steps = labelled(plates / "emed")
    print("\n## Regions against the experts, 18 emed steps (mean Jaccard)\n")
    print("| borders | " + " | ".join(NAMES) + " |")
    print("|---|---|---|---|---|")
    scores = [jaccard(step, DEFAULT_BORDERS) for step in steps]
    print(f"| default | {cells_of(np.mean(scores, axis=0))} |")
    left_out = np.zeros((len(steps), len(NAMES)))
    for subject in sorted({step.subject for step in steps}):
        fitted = fit([step for step in steps if step.subject != subject])
        own = [i for i, step in enumerate(steps) if step.subject == subject]
        left_out[own] = [jaccard(steps[i], fitted) for i in own]
        print(f"| {subject}, fitted without | {cells_of(left_out[own].mean(axis=0))} |")
    print(f"| all, each fitted without | {cells_of(left_out.mean(axis=0))} |")
    right = sum(step.side_right for step in steps)
    print(f"\nLeft and right: {right} of {len(steps)}.\n")


def drawn(path: Path) -> np.ndarray:
    """Return the regions that an expert drew in a step, rows from the heel on."""
    from scipy.io import loadmat

    picture = loadmat(str(path.parent / f"labels/{path.stem}.mat"))["out_mat"]
    return np.asarray(picture.astype(int)[::-1])


def labelled(folder: Path) -> list[Labelled]:
    steps = []
    for path in sorted(folder.glob("NP*.lst")):
        picture = drawn(path)
        (measured,) = analyse_plate(read_plate(path).mats[0]).feet
        contact = measured.contact
        hallux, lateral = (np.nonzero(picture == k)[1].mean() for k in (1, 3))
        true_side = Side.LEFT if hallux > lateral else Side.RIGHT
        foot = footprint_of(contact, threshold_kpa=5.0)
        label = picture[:, ::-1] if contact.side is Side.LEFT else picture
        axis = find_axis(foot)
        assert axis is not None
        steps.append(
            Labelled(
                subject=path.stem[:4],
                foot=foot,
                axis=axis,
                label=np.where(foot.peak > 0, label, 0),
                side_right=contact.side is true_side,
            )
        )
    return steps


def jaccard(step: Labelled, borders: RegionBorders) -> list[float]:
    mask = find_regions(step.foot, step.axis, borders=borders).mask
    found = []
    for theirs, ours in LABELS.items():
        mine, expert = np.isin(mask, ours), step.label == theirs
        found.append(float((mine & expert).sum() / (mine | expert).sum()))
    return found


def fit(steps: list[Labelled]) -> RegionBorders:
    """Search one border after the other for the largest summed overlap."""
    borders = START
    best = float(np.sum([jaccard(step, borders) for step in steps]))
    for name, values in GRID.items():
        for value in values:
            tried = replace(borders, **{name: value})
            score = float(np.sum([jaccard(step, tried) for step in steps]))
            if score > best + 1e-6:
                borders, best = tried, score
    return borders


def cells_of(values: np.ndarray) -> str:
    return " | ".join(f"{value:.3f}" for value in values)


def speed(shared: Path) -> None:
    import pandas as pd

    (path,) = (shared / "plates/footscan").glob("barefoot_1*")
    lines = path.read_bytes().split(b"\r\n")
    numbers = b"\n".join(line.rstrip(b"\t") for line in lines if line[:1].isdigit())

    def pandas_parser() -> object:
        return pd.read_csv(
            io.BytesIO(numbers), sep="\t", header=None, dtype=np.float32, engine="c"
        )

    def parse() -> object:
        return read_plate(path)

    def everything() -> object:
        return analyse_plate(read_plate(path).mats[0])

    base, ours, whole = (best_of(job) for job in (pandas_parser, parse, everything))
    print("## Cost of a footscan text of 16 MB\n")
    print("| what | times pandas' C parser of the same numbers |")
    print("|---|---|")
    print(f"| parse | {ours / base:.2f} |")
    print(f"| parse and all measures | {whole / base:.2f} |")
    size = read_plate(path).mats[0]["pressure"].nbytes
    tracemalloc.start()
    everything()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"\nPeak memory: {peak / size:.2f} times the float32 array.")


def best_of(job: object, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        job()  # type: ignore[operator]
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
