"""Do the intervals hold? The share of true values inside the 95 % intervals.

    python benchmarks/accuracy/coverage.py [SHARED_DATA] [--more LABEL=FOLDER ...]

Every recording with a reference beside the checkout is analysed as a user would have
it, and each measurement is compared with the reference. Results of a recording are
kept in a folder of the temporary directory, so that a run that was cut off goes on
where it stopped; ``--fresh`` starts anew. ``--more`` names folders of further C3D files
with the laboratory's angles or events, which nobody used to set an error. Writes
coverage.md. A measure that holds in fewer than 0.90 must have ``inside`` in the
catalogue below it, from which the program marks every value; exit 1 where it has not.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import hashlib
import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from markers import AGAINST_LABORATORY_AXES, LAB, SIDES
from markers import _truth as clean_contacts
from plates import drawn

from gaitkit.config import Config
from gaitkit.errors import GaitkitError
from gaitkit.gait.kinematics.values import anatomical_values
from gaitkit.gait.waveforms import peak_values
from gaitkit.io.motion.read import read_motion
from gaitkit.measure.uncertainty import quantile
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import LEAST_INSIDE
from gaitkit.model.pressure import N_PER_KPA_MM2
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.motion import analyse_motion_file
from gaitkit.pipeline.plate import analyse_plate_file
from gaitkit.pipeline.video import analyse_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.motion import MotionRecording
    from gaitkit.model.strides import StrideValue

REPOSITORY = Path(__file__).resolve().parents[2]
RESULT = Path(__file__).with_suffix(".md")
FILM = Path(__file__).with_name("film_events.toml")
MATCH_S = 0.15
"""An event farther from the true one is another event, not the same with an error."""
LAB_RANGE_DEG = 90.0
"""A laboratory angle beyond it has turned over (an angle of 180 deg stands in one
file): no reference."""

OBLIQUE_DEG = 10.0
"""Strides across the laboratory's axes, or after a turn, by more than this: the angles
against those axes (pelvis, trunk, foot) mix tilt and obliquity and are no reference."""

SET_ON_THIS = frozenset(
    {("rearfoot_eversion_peak", "markers"), ("rearfoot_eversion_peak_time", "markers")}
)
"""Errors of the catalogue that come from the very recordings of this page: judged with
the error set anew on all subjects but the one judged."""

OPENSIM = {
    "knee_flexion": "knee_angle",
    "hip_flexion": "hip_flexion",
    "ankle_dorsiflexion": "ankle_angle",
    "hip_adduction": "hip_adduction",
}
"""Coordinates of the inverse kinematics; flexion and adduction positive in both."""

COLUMNS = ("measure", "source", "n", "subjects", "inside", "rms", "width",
           "error from", "mark")  # fmt: skip

HEAD = """# Do the intervals hold?

Written by `python benchmarks/accuracy/coverage.py`, with `--more` eight more children
of the biomechzoo study and two treadmill walks. Each measurement of a recording
with a reference is one case; `inside` is the share whose 95 % interval holds the
reference, `width` half the interval in the middle of the cases, `rms` the root mean
square of the error. `error from` says where the error comes from: `catalogue` an entry
of `model/catalogue.toml` set on other people (studies, or assumed), so that every case
here is held out; `left out` an entry that was set on the people of this page: each is
judged with the error of the others (their root mean square or, where tails are long,
their 95th percentile over 1.96); `set on these` the timing of events, whose errors were
set on these recordings with others (`gait/events/bias.toml` says how many lie inside
when each person is judged by the others); `others` the same errors on recordings that
had no part in them. A true event that was not found counts as outside. What holds in
fewer than 0.90 bears a mark: here, and by `inside` of that entry of the catalogue in
every report, table and file that gaitkit writes (quality `limited`); this script fails
where the catalogue has no such mark. The timing of an event is not shown as a measure.

The reference angles are the laboratory's own over the strides that gaitkit found, so
what is judged is the angle and not the event. References that are no reference are left
out: laboratory angles that turned over (beyond 90 deg), and those of pelvis, foot
progression and trunk in walks across the laboratory's axes (turns), which it takes
against those axes. Recordings that hold no whole
stride (inverse kinematics over 1.4 s of walking, `nimble_opencapU`) have no case; of
that source the force under the feet is judged (150 Hz). Without a reference, and so
without a row: `pose2sim_demo` (views of the same keypoints, no markers), the curves of
Fukuchi 2018 (norms, no recordings; two of that study's treadmill walks with the
laboratory's labels are judged here as `more`), the plates of other makers.

Why rows of 1.00 are not narrowed: the laboratory's angles come from the same markers,
so they agree in all that follows from where these were put, which is the larger part of
the error (another examiner's placement: 2 to 5 deg, McGinley 2009,
doi:10.1016/j.gaitpost.2008.09.003); experts' regions lie on the same pressure, so the
error of the sensors is not in it; four children with a tape cannot tell 1.00 from 0.95.
Nothing here could measure that part, so it stays as the studies state it. Foot off of
markers at 100 Hz: all 22 here, 0.95 of the 56 from which its error was set.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One measurement against its reference."""

    measure: str
    modality: str
    source: str
    subject: str
    value: float
    half_width: float
    truth: float
    sd: float
    dof: float | None = None

    @property
    def error(self) -> float:
        """Measured minus true."""
        return self.value - self.truth


def main() -> None:
    """Collect the cases of every source and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--more", action="append", default=[], metavar="LABEL=FOLDER")
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args()
    data = given.data or REPOSITORY.parent / "shared" / "data"
    more = [Path(each.split("=", 1)[1]) for each in given.more]
    kept = _Kept(fresh=given.fresh)
    cases = [case for each in _jobs(data, more) for case in kept.of(*each)]
    RESULT.write_text(page(cases), encoding="utf-8")
    print(RESULT.read_text("utf-8"))
    unmarked = sorted(_unmarked(cases))
    if unmarked:
        sys.exit(f"under {LEAST_INSIDE:.2f} and not marked: {', '.join(unmarked)}")


class _Kept:
    """Cases of recordings that were done before."""

    def __init__(self, *, fresh: bool) -> None:
        self._folder = Path(tempfile.gettempdir()) / "gaitkit-coverage"
        self._folder.mkdir(exist_ok=True)
        if fresh:
            for old in self._folder.glob("*.json"):
                old.unlink()

    def of(self, job: Callable[[Path], Iterator[Case]], file: Path) -> list[Case]:
        """Return the cases of a file, from before or worked out now."""
        stem = hashlib.sha256(f"{job.__name__} {file}".encode()).hexdigest()[:16]
        path = self._folder / f"{stem}.json"
        if path.exists():
            return [Case(**each) for each in json.loads(path.read_text("utf-8"))]
        try:
            found = list(job(file))
        except GaitkitError as error:
            print(f"{file.name}: {error}")
            found = []
        path.write_text(json.dumps([asdict(each) for each in found]), "utf-8")
        print(f"{file.name}: {len(found)} cases", flush=True)
        return found


Job = tuple["Callable[[Path], Iterator[Case]]", Path]


def _jobs(data: Path, more: Sequence[Path]) -> Iterator[Job]:
    """Yield who works out the cases of which file."""
    markers = data / "markers"
    for file in _with_angles(markers / "biomechzoo", more):
        yield laboratory, file
    for file in sorted((markers / "nimble_opencapU").glob("walking?.trc")):
        yield inverse_kinematics, file
    for name in sorted({contact.file for contact in clean_contacts(data)}):
        yield force_plates, markers / name
    for file in sorted((markers / "biomechzoo").glob("*_Static.c3d")):
        yield tape, file
    yield annotated, data / "pose" / "example_parkinson.json"
    yield read_by_eye, data / tomllib.loads(FILM.read_text("utf-8"))["file"]
    for file in _with_angles(markers / "biomechzoo", more):
        if not file.is_relative_to(data):
            yield labelled, file
    for file in sorted((data / "plates" / "emed").glob("NP*.lst")):
        yield experts, file


def _with_angles(folder: Path, more: Sequence[Path]) -> Iterator[Path]:
    """Yield C3D files, none twice: the further folders may hold the same."""
    known = set()
    for each in (folder, *more):
        for file in sorted(each.rglob("*.c3d")):
            content = hashlib.sha256(file.read_bytes()).digest()
            if content not in known:
                known.add(content)
                yield file


def laboratory(file: Path) -> Iterator[Case]:
    """Yield angles of markers against the laboratory's Plug-in Gait and Oxford foot."""
    motion = read_motion(file)
    analysis = analysed(file)
    if motion.angles is None or analysis.angles is None:
        return
    labels = set(motion.angles["label"].to_numpy().tolist())
    reference = {}
    for name, (label, component, sign) in LAB.items():
        if all(letter + label in labels for letter in SIDES):
            reference[name] = np.column_stack(
                [
                    sign
                    * motion.angles["angle"]
                    .sel(label=letter + label, component=component)
                    .to_numpy()
                    for letter in SIDES
                ]
            )
    if _obliquely(motion, analysis):
        reference = {
            name: angle
            for name, angle in reference.items()
            if not name.startswith(AGAINST_LABORATORY_AXES)
        }
    rate = f"{analysis.recording.rate_hz:.0f} Hz"
    yield from _angle_cases(
        analysis,
        reference,
        source=f"markers {rate}, Plug-in Gait and Oxford foot",
        subject=file.name[:5],
    )


def _obliquely(motion: MotionRecording, analysis: Analysis) -> bool:
    """Return True when a stride goes across the laboratory's axes or another way."""
    place = motion.by_role()["position"].sel(
        keypoint=[f"{side}_asis" for side in Side], space=["x", "y"]
    )
    middle = place.mean("keypoint", skipna=False).dropna("time")
    ways = []
    for stride in analysis.strides:
        part = middle.sel(time=slice(stride.start_s, stride.end_s))
        if stride.rejected is None and part.sizes["time"] > 1:
            gone = part.diff("time").sum("time")
            ways.append(np.arctan2(gone.sel(space="y"), gone.sel(space="x")).item())
    turned = np.degrees(np.array(ways))
    across = np.abs((turned + 45.0) % 90.0 - 45.0)
    apart = np.abs((turned - turned[:1] + 180.0) % 360.0 - 180.0)
    return bool((across > OBLIQUE_DEG).any() or (apart > OBLIQUE_DEG).any())


def inverse_kinematics(file: Path) -> Iterator[Case]:
    """Yield angles of markers against inverse kinematics of a whole-body model."""
    analysis = analysed(file)
    table = file.with_name(f"{file.stem}_ik.mot").read_text("utf-8").splitlines()
    start = table.index("endheader") + 1
    names = table[start].split()
    rows = np.array([line.split() for line in table[start + 1 :] if line], dtype=float)
    columns = dict(zip(names, rows.T, strict=True))
    if analysis.angles is None:
        return
    time_s = analysis.angles["time"].to_numpy()
    reference = {
        name: np.column_stack(
            [
                np.degrees(np.interp(time_s, columns["time"], columns[f"{joint}_{s}"]))
                for s in "lr"
            ]
        )
        for name, joint in OPENSIM.items()
    }
    rate = f"{analysis.recording.rate_hz:.0f} Hz"
    source = f"markers {rate}, inverse kinematics"
    yield from _angle_cases(analysis, reference, source=source, subject="nimble")


def _angle_cases(
    analysis: Analysis, reference: dict[str, np.ndarray], *, source: str, subject: str
) -> Iterator[Case]:
    angles = analysis.angles
    assert angles is not None
    theirs = xr.Dataset(
        {name: (("time", "side"), values) for name, values in reference.items()},
        coords={"time": angles["time"], "side": angles["side"]},
        attrs=angles.attrs,
    )
    true = _means(
        (
            *_known(peak_values, theirs, analysis),
            *_known(anatomical_values, theirs, analysis),
        )
    )
    for row in analysis.measurements:
        truth = true.get((row.name, row.side))
        if row.value is None or row.sd is None or truth is None:
            continue
        if abs(truth) <= LAB_RANGE_DEG:
            yield Case(
                measure=row.name, modality="markers", source=source, subject=subject,
                value=row.value, half_width=quantile(row.dof) * row.sd, truth=truth,
                sd=row.sd, dof=row.dof,
            )  # fmt: skip


def _known(
    values_of: Callable[..., tuple[StrideValue, ...]],
    angles: xr.Dataset,
    analysis: Analysis,
) -> tuple[StrideValue, ...]:
    """Return the values of the strides; angles the reference lacks give none."""
    lacking = set(analysis.angles or ()) - set(angles)
    gap = np.full((angles.sizes["time"], angles.sizes["side"]), np.nan)
    whole = angles.assign({name: (("time", "side"), gap) for name in lacking})
    return values_of(whole, analysis.strides)


def _means(
    values: Sequence[StrideValue],
) -> dict[tuple[str, Side | None], float]:
    groups: dict[tuple[str, Side | None], list[float]] = defaultdict(list)
    for value in values:
        groups[value.name, value.side].append(value.value)
    return {key: float(np.mean(each)) for key, each in groups.items()}


def force_plates(file: Path) -> Iterator[Case]:
    """Yield events of markers against force plates."""
    analysis = analysed(file)
    data = next(parent for parent in file.parents if parent.name == "data")
    rate = f"{analysis.recording.rate_hz:.0f} Hz"
    for contact in clean_contacts(data):
        if file.as_posix().endswith(contact.file):
            yield from _event_case(
                analysis, contact.side, contact.kind, contact.time_s,
                source=f"markers {rate}, force plates", subject=file.name[:5],
            )  # fmt: skip


def annotated(file: Path) -> Iterator[Case]:
    """Yield events of a 3-D pose file against marks set by hand."""
    analysis = analysed(file)
    marks = json.loads(file.read_text("utf-8"))["ground_truth"]
    rate = analysis.recording.rate_hz or np.nan
    for key, kind in (("hs_frames", "initial_contact"), ("to_frames", "foot_off")):
        for side in Side:
            for frame in marks[key][side]:
                yield from _event_case(
                    analysis, side, kind, frame / rate,
                    source=f"pose in metres {rate:.0f} Hz, marked by hand",
                    subject="parkinson",
                )  # fmt: skip


def read_by_eye(file: Path) -> Iterator[Case]:
    """Yield events of a real film against those read from enlarged pictures."""
    read = tomllib.loads(FILM.read_text("utf-8"))
    analysis = analyse_video(
        RecordingInput(file=file),
        Subject(height_m=read["height_m"]),
        recording_id="film",
        config=Config(),
    )
    for kind in ("initial_contact", "foot_off"):
        for side in Side:
            for frame in read[kind][side]:
                yield from _event_case(
                    analysis, side, kind, frame / read["rate_hz"],
                    source=f"film {read['rate_hz']:.0f} Hz, read by eye",
                    subject="sports2d",
                )  # fmt: skip


def labelled(file: Path) -> Iterator[Case]:
    """Yield events of markers against the labels that a treadmill laboratory stored."""
    marks = {(e.side, e.kind, e.time_s) for e in read_motion(file).events}
    analysis = analysed(file)
    if "treadmill" not in {r.code for r in analysis.recording.quality.reasons}:
        return
    rate = f"{analysis.recording.rate_hz:.0f} Hz"
    for side, kind, time_s in sorted(marks):
        yield from _event_case(
            analysis, side, kind, time_s,
            source=f"markers {rate}, treadmill, labels (more)", subject=file.stem,
        )  # fmt: skip


def _event_case(
    analysis: Analysis,
    side: Side,
    kind: str,
    time_s: float,
    *,
    source: str,
    subject: str,
) -> Iterator[Case]:
    near = [
        event
        for event in analysis.events
        if event.side is side
        and event.kind == kind
        and event.sd_s is not None
        and abs(event.time_s - time_s) <= MATCH_S
    ]
    event = min(near, key=lambda each: abs(each.time_s - time_s), default=None)
    sd_ms = 1000 * (event.sd_s or 0.0) if event else 0.0
    yield Case(
        measure=f"{kind} (ms)", modality="events", source=source, subject=subject,
        value=1000 * event.time_s if event else np.nan,
        half_width=quantile(None) * sd_ms, truth=1000 * time_s, sd=sd_ms,
    )  # fmt: skip


def tape(file: Path) -> Iterator[Case]:
    """Yield leg lengths of markers against the tape."""
    data = next(parent for parent in file.parents if parent.name == "data")
    with (data / "markers" / "truth" / "leg_length.csv").open() as table:
        rows = {Path(row["file"]).name: row for row in csv.DictReader(table)}
    row = rows[file.name]
    own = {side: float(row[f"measured_{letter}_mm"]) for letter, side in SIDES.items()}
    true = {
        ("structural_leg_length", Side.LEFT): own[Side.LEFT],
        ("structural_leg_length", Side.RIGHT): own[Side.RIGHT],
        ("structural_leg_length_difference", None): own[Side.LEFT] - own[Side.RIGHT],
    }
    for found in analysed(file).measurements:
        truth = true.get((found.name, found.side))
        by_markers = (found.method or "").startswith("markers")
        if truth is None or found.value is None or found.sd is None or not by_markers:
            continue
        yield Case(
            measure=found.name, modality="markers", source="markers standing, tape",
            subject=file.name[:5], value=found.value,
            half_width=quantile(found.dof) * found.sd, truth=truth, sd=found.sd,
            dof=found.dof,
        )  # fmt: skip


def experts(file: Path) -> Iterator[Case]:
    """Yield what the hallux bore against the region that experts drew."""
    analysis = analyse_plate_file(
        RecordingInput(file=file), Subject(), recording_id="plate_1", config=Config()
    )
    (result,) = analysis.plates
    (foot,) = result.feet
    pressure = foot.contact.pressure
    hallux = pressure[:, drawn(file) == 1]
    touched = hallux.max(axis=0) >= Config().contacts.threshold_kpa
    rows, cols = foot.contact.pitch_mm
    force_n = hallux.sum(axis=1) * rows * cols * N_PER_KPA_MM2
    true = {
        "peak_pressure": float(hallux.max()),
        "peak_force": float(force_n.max()),
        "contact_area": float(touched.sum()) * rows * cols / 100,
        "impulse_share": 100 * float(hallux.sum() / pressure.sum()),
    }
    for row in analysis.measurements:
        if row.region == "hallux" and row.name in true and row.value is not None:
            assert row.sd is not None
            yield Case(
                measure=f"{row.name}, hallux", modality="plate",
                source="plate emed, regions drawn by experts", subject=file.name[:4],
                value=row.value, half_width=quantile(row.dof) * row.sd,
                truth=true[row.name], sd=row.sd, dof=row.dof,
            )  # fmt: skip


def analysed(file: Path) -> Analysis:
    """Analyse a walk as a user would, but for its force plates."""
    config = Config()
    events = dataclasses.replace(config.events, force_plates=False)
    chosen = dataclasses.replace(config, events=events)
    return analyse_motion_file(
        RecordingInput(file=file), Subject(), recording_id="walk", config=chosen
    )


def page(cases: Sequence[Case]) -> str:
    """Return the page."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.measure, case.source].append(case)
    lines = [
        HEAD,
        f"| {' | '.join(COLUMNS)} |",
        f"|{' --- |' * len(COLUMNS)}",
    ]
    for (measure, source), own in sorted(groups.items(), key=lambda g: (g[0][1], g[0])):
        lines.append(f"| {measure} | {source} | {_row(own)} |")
    return "\n".join([*lines, ""])


def _unmarked(cases: Sequence[Case]) -> Iterator[str]:
    """Yield measures that hold too rarely and that the catalogue does not mark."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.measure, case.source].append(case)
    for (measure, source), own in groups.items():
        if _share(own) >= LEAST_INSIDE or own[0].modality == "events":
            continue
        error = definition(measure.split(",")[0]).error(own[0].modality)
        if error is None or error.holds:
            yield f"{measure} ({source})"


def _share(own: Sequence[Case]) -> float:
    inside = [abs(case.error) <= _half_width(case, own) for case in own]
    return float(np.mean(inside))


def _row(own: Sequence[Case]) -> str:
    share = _share(own)
    rms = float(np.sqrt(np.nanmean([case.error**2 for case in own])))
    width = float(np.median([_half_width(case, own) for case in own]))
    subjects = len({case.subject for case in own})
    mark = "" if share >= LEAST_INSIDE else f"under {LEAST_INSIDE:.2f}"
    return (
        f"{len(own)} | {subjects} | {share:.2f} | {rms:.2f} | {width:.2f} | "
        f"{_error_from(own[0])} | {mark}"
    )


def _half_width(case: Case, own: Sequence[Case]) -> float:
    """Return half the interval; with the others' error where it was set on them."""
    if (case.measure, case.modality) not in SET_ON_THIS:
        return case.half_width
    error = definition(case.measure).error(case.modality)
    assert error is not None
    others = [abs(each.error) for each in own if each.subject != case.subject]
    tail = float(np.quantile(others, 0.95)) / quantile(None)
    sd = max(float(np.sqrt(np.mean(np.square(others)))), tail)
    variance = case.sd**2 - error.sd**2 + sd**2
    return quantile(case.dof) * float(np.sqrt(max(variance, 0.0)))


def _error_from(case: Case) -> str:
    if case.modality == "events":
        whose = "others" if "(more)" in case.source else "set on these"
        return f"{whose} (`gait/events/bias.toml`)"
    if (case.measure, case.modality) in SET_ON_THIS:
        return f"left out (`errors.{case.modality}`)"
    return f"catalogue (`errors.{case.modality}`)"


if __name__ == "__main__":
    main()
