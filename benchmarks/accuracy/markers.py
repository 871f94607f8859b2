"""How right are events, angles and leg lengths of markers? Real walks and virtual ones.

Real recordings (beside the checkout, not committed) bring force plates and the
laboratory's own Plug-in Gait angles; virtual walks bring exact truth. Regenerate the
section "Markers" of RESULTS.md with

    python benchmarks/accuracy/markers.py [SHARED_DATA]
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.events.settings import EventSettings
from gaitkit.gait.gates import WalkFacts
from gaitkit.gait.motion import MotionResult, analyse_motion
from gaitkit.gait.walk import WalkSettings
from gaitkit.io.motion.conventions import recognise
from gaitkit.io.motion.read import read_motion
from gaitkit.model.motion import MotionRecording
from gaitkit.model.recording import Timing
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.events import Event
    from gaitkit_virtual.virtual_walk import VirtualWalk

REPOSITORY = Path(__file__).resolve().parents[2]
RESULT = Path(__file__).with_name("RESULTS.md")
TITLE = "## Markers"

METHODS: tuple[str, ...] = ("auto", "velocity", "toe", "zeni", "oconnor")
DEVELOPERS = ("HC002", "HC030", "bmc/Gait", "walking2")
"""Recordings on which the timing constants were fitted, with virtual walks."""

KINDS = {"FS": "initial_contact", "FO": "foot_off"}
SIDES = {"L": Side.LEFT, "R": Side.RIGHT}
SHARP_RISE_MS = 25.0
TOLERANCE_S = 0.05
FARTHEST_S = 0.15
"""Events farther apart are not the same."""

LAB = {
    "pelvic_tilt": ("PelvisAngles", "x", 1),
    "pelvic_obliquity": ("PelvisAngles", "y", 1),
    "pelvic_rotation": ("PelvisAngles", "z", 1),
    "hip_flexion": ("HipAngles", "x", 1),
    "hip_adduction": ("HipAngles", "y", 1),
    "hip_rotation": ("HipAngles", "z", 1),
    "knee_flexion": ("KneeAngles", "x", 1),
    "ankle_dorsiflexion": ("AnkleAngles", "x", 1),
    "foot_progression": ("FootProgressAngles", "z", -1),
    "trunk_flexion": ("ThoraxAngles", "x", 1),
    "rearfoot_eversion": ("HFTBA", "z", -1),
}
"""Label, component and sign of the laboratory's own angle."""

AGAINST_LABORATORY_AXES = ("pelvic_", "foot_", "trunk_")
"""Angles that the laboratory takes against its own axes: compared in straight walks."""

VIRTUAL = {
    "default": {},
    "slow, 1.4 s a stride": {"stride_time_s": 1.4},
    "leg 20 mm longer, half in the pelvis": {
        "thigh_difference_mm": 20.0,
        "pelvis_share": 0.5,
    },
    "toes out 15 deg, trunk leans 4 deg": {
        "toe_out_left_deg": 15.0,
        "trunk_lateral_lean_deg": 4.0,
    },
    "oblique to the axes, 30 deg": {"heading_deg": 30.0},
    "treadmill": {"mode": "treadmill"},
}
TRUE_ANGLES = ("pelvic_tilt", "pelvic_obliquity", "pelvic_rotation", "hip_flexion",
               "hip_adduction", "hip_rotation", "knee_flexion", "ankle_dorsiflexion",
               "trunk_flexion", "trunk_lateral_lean")  # fmt: skip
EDGE_SAMPLES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One true event on a force plate."""

    file: str
    side: Side
    kind: str
    time_s: float


def main() -> None:
    """Write the section."""
    default = REPOSITORY.parent / "shared" / "data"
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    parts = [TITLE, "", "Written by `python benchmarks/accuracy/markers.py`.", ""]
    if data.is_dir():
        parts += [*_events(data), *_parkinson(data), *_angles(data), *_legs(data)]
    parts += _virtual()
    _write("\n".join(parts))


def _write(section: str) -> None:
    """Put the section in the place of the one that stands in the file."""
    old = RESULT.read_text("utf-8") if RESULT.exists() else "# Accuracy\n"
    before, _, rest = old.partition(TITLE)
    following = re.search(r"^## ", rest, flags=re.MULTILINE)
    after = rest[following.start() :] if following else ""
    text = f"{before.rstrip()}\n\n{section.rstrip()}\n"
    RESULT.write_text(text + (f"\n{after}" if after else ""), encoding="utf-8")


def analysed(motion: MotionRecording, method: str = "auto") -> MotionResult:
    """Analyse a recording without its force plates."""
    facts = WalkFacts(recording="walk", kind=motion.kind, timing=motion.timing)
    events = EventSettings(method=method, force_plates=False)
    return analyse_motion(motion, facts=facts, settings=WalkSettings(events=events))


def _truth(data: Path) -> list[Contact]:
    found = []
    with (data / "markers" / "truth" / "fp_events.csv").open() as file:
        for row in csv.DictReader(file):
            if row["clean"] == "True" and float(row["rise_ms"]) <= SHARP_RISE_MS:
                found.append(
                    Contact(
                        file=row["file"],
                        side=SIDES[row["side"]],
                        kind=KINDS[row["event"]],
                        time_s=float(row["time_s"]),
                    )
                )
    return found


def _events(data: Path) -> list[str]:
    truth = _truth(data)
    motions = {c.file: read_motion(data / "markers" / c.file) for c in truth}
    lines = [
        "### Events against force plates",
        "",
        f"{len(truth)} events of clean contacts (force rises within 25 ms, threshold "
        "20 N) in walks and turns of children and adults at 100 to 150 Hz; force "
        "plates not used. The constants were fitted on the developers' half (HC002, "
        "HC030, bmc/Gait, walking2) and on virtual walks; the rule `toe` was chosen "
        "with all of them in sight. A surplus event lies within 0.4 s of a true one "
        "of its foot and is not it. F1 at 50 ms; errors in ms, detected minus true.",
        "",
        "| detector | half | event | n | F1 | median abs. | mean abs. | bias | sd |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in METHODS:
        events = {f: analysed(m, method).walk.events for f, m in motions.items()}
        for half in ("developers", "other"):
            own = [
                c
                for c in truth
                if any(d in c.file for d in DEVELOPERS) == (half == "developers")
            ]
            for kind in KINDS.values():
                part = [c for c in own if c.kind == kind]
                lines.append(f"| {method} | {half} | {kind} | {_row(part, events)} |")
    return [*lines, ""]


def _row(truth: Sequence[Contact], events: dict[str, tuple[Event, ...]]) -> str:
    gaps = np.array([_gap(contact, events[contact.file]) for contact in truth])
    hits = int((np.abs(gaps) <= TOLERANCE_S).sum())
    surplus = _surplus(truth, events)
    f1 = 2 * hits / (len(truth) + hits + surplus)
    error = 1000 * gaps[np.abs(gaps) <= FARTHEST_S]
    size = np.abs(error)
    return (
        f"{len(truth)} | {f1:.3f} | {np.median(size):.1f} | {size.mean():.1f} | "
        f"{error.mean():+.1f} | {error.std(ddof=1):.1f}"
    )


def _gap(contact: Contact, events: Iterable[Event]) -> float:
    gaps = [
        event.time_s - contact.time_s
        for event in events
        if event.side is contact.side and event.kind == contact.kind
    ]
    return min(gaps, key=abs, default=np.inf)


def _surplus(truth: Sequence[Contact], events: dict[str, tuple[Event, ...]]) -> int:
    """Count events within 0.4 s of a true one of their foot that are not it."""
    count = 0
    for contact in truth:
        near = [
            event
            for event in events[contact.file]
            if event.side is contact.side
            and event.kind == contact.kind
            and abs(event.time_s - contact.time_s) < 0.4
        ]
        matched = any(abs(e.time_s - contact.time_s) <= TOLERANCE_S for e in near)
        count += len(near) - matched
    return count


def _parkinson(data: Path) -> list[str]:
    file = data / "pose" / "example_parkinson.json"
    truth = json.loads(file.read_text("utf-8"))["ground_truth"]
    motion = read_motion(file)
    lines = [
        "### Short flat steps (Parkinson's disease, 150 Hz, annotated events)",
        "",
        "| detector | true | found | F1 at 50 ms |",
        "| --- | --- | --- | --- |",
    ]
    for method in METHODS:
        events = analysed(motion, method).walk.events
        contacts = [
            Contact(file="", side=side, kind=kind, time_s=frame / 150)
            for key, kind in (
                ("hs_frames", "initial_contact"),
                ("to_frames", "foot_off"),
            )
            for side in Side
            for frame in truth[key][side]
        ]
        hits = sum(abs(_gap(each, events)) <= TOLERANCE_S for each in contacts)
        f1 = 2 * hits / (len(contacts) + len(events))
        lines.append(f"| {method} | {len(contacts)} | {len(events)} | {f1:.3f} |")
    return [*lines, ""]


def _angles(data: Path) -> list[str]:
    cycles = defaultdict(set)
    with (data / "markers" / "truth" / "c3d_angles.csv").open() as table:
        for row in csv.DictReader(table):
            part = (row["side"], int(row["f_start"]), int(row["f_end"]))
            cycles[row["file"]].add(part)
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for file, parts in sorted(cycles.items()):
        motion = read_motion(data / "markers" / file)
        for name, error in _lab_errors(motion, sorted(parts)):
            straight = "Straight" in file
            if straight or not name.startswith(AGAINST_LABORATORY_AXES):
                spread, offset = float(np.std(error)), float(np.mean(error))
                found[name].append((spread, offset, float(np.hypot(spread, offset))))
    lines = [
        "### Angles against the laboratory's Plug-in Gait",
        "",
        "Root mean square over each cycle, deg; five children. Angles against the "
        "axes of the laboratory in straight walks, the others in turns as well. The "
        "trunk's forward lean is the thorax of Plug-in Gait; rearfoot eversion is "
        "that of the Oxford foot model.",
        "",
        "| angle | cycles | rms, offset apart: mean (worst) | offset: mean (sd) "
        "| rms with offset |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in LAB:
        spread, offset, both = np.array(found[name]).T
        lines.append(
            f"| {name} | {spread.size} | {spread.mean():.2f} ({spread.max():.2f}) | "
            f"{offset.mean():+.2f} ({offset.std():.2f}) | {both.mean():.2f} |"
        )
    return [*lines, ""]


def _lab_errors(
    motion: MotionRecording, parts: Sequence[tuple[str, int, int]]
) -> Iterable[tuple[str, np.ndarray]]:
    """Yield, per angle and cycle, ours less the laboratory's."""
    if motion.angles is None:
        return
    ours = analysed(motion).walk.angles
    labels = set(motion.angles["label"].to_numpy().tolist())
    for letter, start, end in parts:
        for name, (label, component, sign) in LAB.items():
            if letter + label not in labels or name not in ours:
                continue
            lab = motion.angles["angle"].sel(label=letter + label, component=component)
            own = ours[name].sel(side=str(SIDES[letter])).to_numpy()
            error = (own - sign * lab.to_numpy())[start : end + 1]
            known = error[np.isfinite(error)]
            if known.size > 0.7 * error.size:
                yield name, known


def _legs(data: Path) -> list[str]:
    lines = [
        "### Leg lengths, mm",
        "",
        "Tape against ASIS to medial malleolus in standing; the difference is left "
        "minus right with the 95 % interval that the catalogue's placement error of "
        "15 mm gives (every interval holds the tape's 0).",
        "",
        "| trial | tape L, R | markers L, R | difference |",
        "| --- | --- | --- | --- |",
    ]
    with (data / "markers" / "truth" / "leg_length.csv").open() as table:
        for row in csv.DictReader(table):
            if row["static"] != "True":
                continue
            legs = analysed(read_motion(data / "markers" / row["file"])).legs
            if legs is None:
                continue
            left, right = (legs.structural_mm[side] for side in Side)
            gap = left - right
            lines.append(
                f"| {Path(row['file']).stem} | {float(row['measured_L_mm']):.0f}, "
                f"{float(row['measured_R_mm']):.0f} | {left:.1f}, {right:.1f} | "
                f"{gap:+.1f} ({gap - 29.4:+.0f} to {gap + 29.4:+.0f}) |"
            )
    return [*lines, ""]


def _virtual() -> list[str]:
    lines = [
        "### Virtual walks, markers without noise",
        "",
        "1.70 m, 100 Hz, 6 s. Angles: largest root mean square error of "
        f"{len(TRUE_ANGLES)} angles and both sides, deg. Events: bias in ms. Leg: "
        "error of the structural difference, mm.",
        "",
        "| walk | angles, worst rms | contact | foot off | missed | leg |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, chosen in VIRTUAL.items():
        parameters = WalkerParameters(height_m=1.7, **chosen)  # type: ignore[arg-type]
        walked = walk(parameters, duration_s=6.0, rate_hz=100.0)
        lines.append(f"| {name} | {_virtual_row(walked)} |")
    return [*lines, ""]


def _virtual_row(walked: VirtualWalk) -> str:
    result = analysed(virtual_recording(walked))
    worst, which = 0.0, ""
    for angle in TRUE_ANGLES:
        for side in Side:
            true = walked.angles[angle].sel(side=str(side)).to_numpy()
            found = result.walk.angles[angle].sel(side=str(side)).to_numpy()
            error = (found - true)[EDGE_SAMPLES:-EDGE_SAMPLES]
            rms = float(np.sqrt(np.mean(error**2)))
            if rms > worst:
                worst, which = rms, angle
    gaps = defaultdict(list)
    for event in walked.events:
        if 0.4 < event.time_s < walked.duration_s - 0.4:
            contact = Contact(
                file="", side=event.side, kind=event.kind, time_s=event.time_s
            )
            gaps[event.kind].append(_gap(contact, result.walk.events))
    contact_ms, off_ms = (1000 * np.array(gaps[kind]) for kind in KINDS.values())
    missed = int((np.abs([*contact_ms, *off_ms]) > 1000 * TOLERANCE_S).sum())
    legs = result.legs
    true_mm = walked.parameters.leg_length_difference_mm
    error_mm = float("nan")
    if legs is not None:
        own = legs.structural_mm
        error_mm = own[Side.LEFT] - own[Side.RIGHT] - true_mm
    return (
        f"{worst:.2f} ({which}) | {contact_ms.mean():+.1f} | {off_ms.mean():+.1f} | "
        f"{missed} | {error_mm:+.2f}"
    )


def virtual_recording(walked: VirtualWalk) -> MotionRecording:
    """Return the markers of a virtual walk as a recording."""
    labels = [str(name) for name in walked.markers["keypoint"].to_numpy()]
    found = recognise(labels)
    return MotionRecording(
        path=Path("virtual"),
        kind="markers",
        format="virtual",
        markers=walked.markers,
        roles=found.roles if found else (),
        timing=Timing(
            source="header",
            rate_hz=walked.rate_hz,
            duration_s=walked.duration_s,
            frames=walked.markers.sizes["time"],
        ),
    )


if __name__ == "__main__":
    main()
