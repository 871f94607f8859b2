"""How true the insole solids are, on every real step beside the checkout, in Markdown.

``python benchmarks/accuracy/insole.py [SHARED_DATA] > benchmarks/accuracy/insole.md``

Every contact of every plate recording is taken for itself: its print gives an insole
with the doses of five orders, or a refusal with its reason. Angles, slopes and heights
are read from the triangles by fits that know nothing of how they were made; watertight
is counted edge by edge. Nothing here is a measurement of a made insole.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.interpolate import LinearNDInterpolator

from gaitkit.errors import GaitkitError
from gaitkit.insole.footprint import is_whole, print_of_shoe, prints_of
from gaitkit.insole.heights import ROUNDING_MM, heel_raise, height
from gaitkit.insole.mesh import raise_of, solid_of, volume_cm3
from gaitkit.insole.outline import inside
from gaitkit.insole.parameters import parameter
from gaitkit.insole.shape import is_of_no_foot, refusals, shape_of
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.model.insole import Base, Doses, InsoleShape, Mesh, PlantarPrint
from gaitkit.model.pressure import source_of
from gaitkit.model.side import Side

SHELL = Base(heel_mm=3.0, forefoot_mm=2.0, least_mm=1.5)
FOLDERS = ("emed", "footscan", "tekscan", "xsensor", "zebris", "zebris_apd")
ORDERS = {
    "raise 7": Doses(raise_mm=7.0),
    "medial wedge 4": Doses(rearfoot_deg=4.0),
    "lateral wedge 3, raise 5": Doses(rearfoot_deg=-3.0, raise_mm=5.0),
    "skive 3": Doses(skive_mm=3.0),
    "raise 7, wedge 2, arch 8, pad 5": Doses(
        raise_mm=7.0, rearfoot_deg=2.0, arch_mm=8.0, pad_mm=5.0
    ),
}
REFUSED = {
    "pad 11 mm": Doses(pad_mm=11.0),
    "wedge 7 deg": Doses(rearfoot_deg=7.0),
    "cut-out and hallux extension": Doses(recess_mm=1.5, hallux_mm=2.0),
    "cut-out and medial forefoot wedge": Doses(recess_mm=1.5, forefoot_deg=2.0),
    "skive and lateral wedge": Doses(skive_mm=2.0, rearfoot_deg=-2.0),
    "cushion 3 mm in a shell of 3 mm": Doses(cushion_mm=3.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One real contact with its print."""

    plate: str
    print_: PlantarPrint


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one solid showed."""

    closed: bool
    one_piece: bool
    volume_pct: float
    heel_mm: float
    wedge_deg: float | None
    run_out_deg: float | None
    skive_deg: float | None
    twin: bool
    lowest_mm: float
    undercut: int
    scale_mm: float
    seconds: float


def main() -> None:
    """Print the page."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    steps, left_out = read_steps(shared / "plates")
    print("# Insole solids on real footprints")
    print()
    print("Made by `python benchmarks/accuracy/insole.py`. Every contact of every real")
    print("plate recording for itself; every figure is read from the triangles.")
    print()
    print_ground(steps, left_out)
    print_solids(steps)
    print_parts(steps)
    print_refusals(steps)
    print_limits()


def read_steps(folder: Path) -> tuple[list[Step], Counter[tuple[str, str]]]:
    """Return every contact that shows a whole foot, and why others were left out."""
    steps: list[Step] = []
    out: Counter[tuple[str, str]] = Counter()
    files = [f for name in FOLDERS for f in sorted((folder / name).glob("*"))]
    for file in (each for each in files if each.is_file()):
        try:
            mats = read_plate(file).mats
            walked = [(source_of(mat).surface, analyse_plate(mat).feet) for mat in mats]
        except GaitkitError:
            out[file.parent.name, "cannot be read as calibrated pressure"] += 1
            continue
        for surface, feet in walked:
            for foot in feet:
                if surface not in {"plate", "treadmill"}:
                    out[file.parent.name, f"surface is {surface}"] += 1
                elif not is_whole(foot):
                    flags = ", ".join(sorted(each.value for each in foot.contact.flags))
                    out[file.parent.name, f"flags: {flags}"] += 1
                elif found := prints_of([foot]):
                    (print_,) = found.values()
                    steps.append(Step(plate=file.parent.name, print_=print_))
                else:
                    out[file.parent.name, "no metatarsal head found"] += 1
    return steps, out


def print_ground(steps: list[Step], out: Counter[tuple[str, str]]) -> None:
    """Print how many steps there are and how broad they were."""
    print("## Prints")
    print()
    print("| plate | steps | length mm | ball / length | heel / length |")
    print("| --- | --- | --- | --- | --- |")
    for plate in dict.fromkeys(step.plate for step in steps):
        own = [step.print_ for step in steps if step.plate == plate]
        whole = [
            each for each in own if parameter("print_length").holds(each.length_mm)
        ]
        lengths = [each.length_mm for each in whole]
        balls = [each.ball_width_mm / each.length_mm for each in whole]
        heels = [each.heel_width_mm / each.length_mm for each in whole]
        print(
            f"| {plate} | {len(own)} ({len(whole)} of a whole foot) | "
            f"{span(lengths, 0)} | {span(balls, 3)} | {span(heels, 3)} |"
        )
    print()
    for (plate, why), count in sorted(out.items()):
        print(f"- {plate}: {count} left out, {why}")
    print()


def print_solids(steps: list[Step]) -> None:
    """Print what the solids of every order showed."""
    print("## Solids")
    print()
    print(
        "| order | made of | watertight, one piece | volume against raster, % at most "
        "| "
        "heel against plan, mm at most | wedge, run-out or skive against formula, deg "
        "at most | mirrored pair equal | undercut faces | thinnest mm | length against "
        "print and margins, mm at most | s |"
    )
    print("| --- " * 11 + "|")
    for name, doses in ORDERS.items():
        found, tried = [], 0
        for step in steps:
            tried += 1
            shape = shape_of(step.print_, doses, SHELL)
            if not refusals(shape):
                found.append(checked(shape))
        off = [
            each
            for c in found
            for each in (c.wedge_deg, c.run_out_deg, c.skive_deg)
            if each is not None
        ]
        print(
            f"| {name} | {len(found)} of {tried} | "
            f"{sum(c.closed and c.one_piece for c in found)} | "
            f"{max(c.volume_pct for c in found):.3f} | "
            f"{max(c.heel_mm for c in found):.3f} | "
            f"{max(off, default=0.0):.3f} | {sum(c.twin for c in found)} | "
            f"{sum(c.undercut for c in found)} | "
            f"{min(c.lowest_mm for c in found):.2f} | "
            f"{max(c.scale_mm for c in found):.2f} | "
            f"{np.median([c.seconds for c in found]):.2f} |",
            flush=True,
        )
    print()


def print_parts(steps: list[Step]) -> None:
    """Print 3/4 insoles, loose raises and insoles by the shoe size."""
    print("## 3/4 insoles, loose raises, and insoles by the shoe size alone")
    print()
    print(
        "| solid | made of | watertight, one piece | volume against raster, % at most |"
    )
    print("| --- | --- | --- | --- |")
    both = Doses(raise_mm=7.0, arch_mm=8.0, pad_mm=5.0)
    short = [shape_of(step.print_, both, SHELL, three_quarter=True) for step in steps]
    raised = [shape_of(step.print_, Doses(raise_mm=7.0), SHELL) for step in steps]
    sizes = [
        shape_of(print_of_shoe(side, size), both, SHELL).as_made
        for size in np.arange(34.0, 49.0)
        for side in Side
    ]
    rows = (
        ("3/4 with raise 7, arch 8, pad 5", short, solid_of, raster_cm3),
        ("loose raise 7", raised, raise_of, raise_raster_cm3),
        ("shoe size 34 to 48, raise 7, arch 8, pad drawn only", sizes, solid_of,
         raster_cm3),
    )  # fmt: skip
    for name, shapes, made_by, raster in rows:
        kept = [shape for shape in shapes if not refusals(shape)]
        meshes = [made_by(shape) for shape in kept]
        closed = sum(edges_twice(mesh) and euler(mesh) == 2 for mesh in meshes)
        off = max(
            100 * abs(volume_cm3(mesh) / raster(shape) - 1)
            for mesh, shape in zip(meshes, kept, strict=True)
        )
        print(f"| {name} | {len(kept)} of {len(shapes)} | {closed} | {off:.3f} |")
    print()


def raise_raster_cm3(shape: InsoleShape, step: float = 0.5) -> float:
    """Return the volume of a loose raise summed over a square grid."""
    edge = parameter("loose_raise_edge").default
    low, high = shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0)
    u, v = np.meshgrid(
        *(np.arange(a + step / 2, b, step) for a, b in zip(low, high, strict=True))
    )
    kept = inside(shape.outline_mm, u, v)
    raised = heel_raise(shape, u[kept], v[kept])
    return float(raised[raised >= edge].sum()) * step**2 / 1000


def checked(shape: InsoleShape) -> Checked:
    """Return what the solid of a shape shows."""
    began = time.perf_counter()
    mesh = solid_of(shape)
    seconds = time.perf_counter() - began
    u, v, z, reading = top_reader(mesh)
    del u, v, z
    length = shape.print_.length_mm
    middle = shape.print_.heel_middle_mm
    plan = SHELL.heel_mm + shape.doses.raise_mm + shape.pivot_adds_mm
    heel = float(reading(*middle)) - plan
    own, other = mesh, solid_of(mirrored(shape))
    raster = raster_cm3(shape)
    lows = mesh.vertices_mm[:, 2]
    expected = length + sum(
        parameter(name).default for name in ("margin_heel", "margin_toe")
    )
    return Checked(
        closed=edges_twice(mesh),
        one_piece=euler(mesh) == 2,
        volume_pct=100 * abs(volume_cm3(mesh) / raster - 1),
        heel_mm=abs(heel),
        wedge_deg=wedge_off(shape, reading),
        run_out_deg=run_out_off(shape, reading),
        skive_deg=skive_off(shape, reading),
        twin=np.array_equal(own.vertices_mm * [-1, 1, 1], other.vertices_mm),
        lowest_mm=float(lows[lows > 0].min()),
        undercut=undercut_faces(mesh),
        scale_mm=abs(float(np.ptp(mesh.vertices_mm[:, 1])) - expected),
        seconds=seconds,
    )


def mirrored(shape: InsoleShape) -> InsoleShape:
    """Return the same shape under the other foot."""
    return replace(shape, print_=replace(shape.print_, side=shape.side.other))


def top_reader(
    mesh: Mesh,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LinearNDInterpolator]:
    """Return the top of a solid as a right foot, and its height between points."""
    sign = -1.0 if mesh.name.startswith("insole_left") else 1.0
    top = mesh.vertices_mm[mesh.vertices_mm[:, 2] > 0] * [sign, 1, 1]
    u, v, z = top.T
    return u, v, z, LinearNDInterpolator(np.column_stack([u, v]), z)


def edges_twice(mesh: Mesh) -> bool:
    """Tell whether two triangles meet at every edge and run along it opposite ways."""
    edges = mesh.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    ahead = {(int(a), int(b)) for a, b in edges}
    return len(ahead) == len(edges) and all((b, a) in ahead for a, b in ahead)


def euler(mesh: Mesh) -> int:
    """Return vertices less edges plus triangles: 2 for a piece without a hole."""
    edges = np.sort(mesh.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    return (
        len(np.unique(mesh.triangles))
        - len(np.unique(edges, axis=0))
        + len(mesh.triangles)
    )


def undercut_faces(mesh: Mesh) -> int:
    """Return how many faces above the floor look down."""
    a, b, c = (mesh.vertices_mm[mesh.triangles[:, k]] for k in range(3))
    down = np.cross(b - a, c - a)[:, 2] < -1e-9
    return int((down & (np.maximum.reduce([a, b, c])[:, 2] > 0)).sum())


def raster_cm3(shape: InsoleShape, step: float = 0.5) -> float:
    """Return the volume under the formulas summed over a square grid."""
    low, high = shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0)
    u, v = np.meshgrid(
        *(np.arange(a + step / 2, b, step) for a, b in zip(low, high, strict=True))
    )
    kept = inside(shape.outline_mm, u, v)
    return float(height(shape, u[kept], v[kept]).sum()) * step**2 / 1000


def wedge_off(shape: InsoleShape, reading: LinearNDInterpolator) -> float | None:
    """Return how far the slope across the heel lies from the ordered degrees."""
    if not shape.doses.rearfoot_deg:
        return None
    u = np.linspace(*(0.8 * each for each in shape.print_.heel_mm), 41)
    z = reading(u, np.full(41, shape.print_.heel_middle_mm[1]))
    slope = math.degrees(math.atan(-np.polyfit(u, z, 1)[0]))
    return abs(slope - shape.doses.rearfoot_deg)


def run_out_off(shape: InsoleShape, reading: LinearNDInterpolator) -> float | None:
    """Return how far the run-out of a raise alone lies from its formula."""
    if shape.doses != Doses(raise_mm=shape.doses.raise_mm):
        return None
    full, end = shape.raise_full_mm, shape.raise_end_mm
    # the shell gets thinner from 0.40 of the length on: before that the raise is alone
    v = np.linspace(full + 9, 0.40 * shape.print_.length_mm - 9, 41)
    z = reading(np.zeros(41), v)
    got = math.degrees(math.atan(-np.polyfit(v, z, 1)[0]))
    run = end - ROUNDING_MM - full
    return abs(got - math.degrees(math.atan(shape.doses.raise_mm / run)))


def skive_off(shape: InsoleShape, reading: LinearNDInterpolator) -> float | None:
    """Return how far the plane of a skive lies from 15 degrees."""
    if shape.doses != Doses(skive_mm=shape.doses.skive_mm):
        return None
    medial, lateral = shape.print_.heel_mm
    edge = medial + (lateral - medial) / 3
    u = np.linspace(edge - 3.0, edge - 9.0, 25)
    z = reading(u, np.full(25, 0.12 * shape.print_.length_mm))
    return abs(math.degrees(math.atan(-np.polyfit(u, z, 1)[0])) - 15.0)


def print_refusals(steps: list[Step]) -> None:
    """Print what is refused and why, of prints and of orders."""
    print("## Refused")
    print()
    print("| what | solids refused | reason |")
    print("| --- | --- | --- |")
    level = [shape_of(step.print_, Doses(), SHELL) for step in steps]
    why = Counter(r.code for shape in level for r in refusals(shape)[:1])
    for code, count in why.items():
        print(f"| a real contact without any element | {count} | {code} |")
    no_foot = [step.print_ for step in steps if is_of_no_foot(step.print_)]
    drawn = [shape_of(print_of_shoe(p.side, 42.0), Doses(), SHELL) for p in no_foot]
    again = sum(bool(refusals(shape)) for shape in drawn)
    lengths = span([each.length_mm for each in no_foot], 0)
    print(
        f"| the contacts of no whole foot ({lengths} mm long), shoe size 42 told "
        f"| {again} of {len(no_foot)} | drawn by the shoe size |"
    )
    whole = [
        step for step, shape in zip(steps, level, strict=True) if not refusals(shape)
    ]
    for name, doses in REFUSED.items():
        codes: Counter[str] = Counter()
        for step in whole:
            found = refusals(shape_of(step.print_, doses, SHELL))
            codes[found[0].code if found else "made"] += 1
        told = ", ".join(f"{code} {count}" for code, count in codes.items())
        print(
            f"| {name} | {sum(codes.values()) - codes['made']} of {len(whole)} "
            f"| {told} |"
        )
    print()


def print_limits() -> None:
    """Print what this page does not show."""
    print("## What this does not show")
    print()
    print(
        "No insole was printed or milled from these files. Places of metatarsal heads"
    )
    print("are places of pressure and were compared with no picture of the bones. The")
    print("people are few; nobody of them has a deformed foot.")


def span(values: list[float], digits: int) -> str:
    """Return lowest, middle and highest."""
    if not values:
        return "–"
    low, middle, high = np.percentile(values, (0, 50, 100))
    return f"{low:.{digits}f} / {middle:.{digits}f} / {high:.{digits}f}"


if __name__ == "__main__":
    main()
