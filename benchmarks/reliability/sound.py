"""Whole files of every kind that gaitkit takes in, made here: nobody's recording.

`build` writes them into a folder, one folder a kind with `source.json` beside its
files: which file is damaged, its nature, and the doors that it is brought to.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "support"))

from damage import Nature  # noqa: E402
from motion_files import (  # noqa: E402
    PLACES_MM,
    Trial,
    plate_of_kind,
    standing_mm,
    write_trial,
)
from video_clips import Clip, every, has_encoder, write_clip  # noqa: E402

from gaitkit.io.convert import convert  # noqa: E402
from gaitkit_virtual.plate.walk import (  # noqa: E402
    PlateSpec,
    WalkSpec,
    simulate_walk,
)
from gaitkit_virtual.plate.writers import Maker, write_export  # noqa: E402
from gaitkit_virtual.visits.walk import (  # noqa: E402
    virtual_patient,
    write_virtual_markers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "source.json"
SAMPLE = REPOSITORY / "sample_data"
MOTION = ("inspect", "convert", "assess")
FORCES = ("inspect", "to_mot")
COMPANION = ("walk_inspect", "walk_assess")
MAPPED = ("mapped_inspect", "mapped_assess")
PLATE = ("inspect", "convert", "assess")
SENSORS = ("inspect", "convert")
"""For plates of which the places, the unit or the steps are not known."""

FILM = ("inspect", "frames")

SMALL_PLATE = PlateSpec(
    rows=40, cols=20, pitch_mm=(8.0, 6.0), rate_hz=20.0, duration_s=0.8, step_kpa=2.5
)
ONE_STEP = WalkSpec(steps=1, first_heel_mm=40.0, step_width_mm=0.0)

MAKERS: tuple[Maker, ...] = (
    "footscan", "emed", "zebris", "tekscan", "apd", "xsensor", "matrix",
)  # fmt: skip

CLIPS = {
    "video.mp4": "libx264", "video.mov": "mpeg4", "video.mkv": "libx264",
    "video.webm": "libvpx", "video.avi": "mjpeg", "video.ts": "mpeg2video",
    "video.wmv": "wmv2", "video.flv": "flv1", "video.mpg": "mpeg1video",
}  # fmt: skip

PEDAR = (
    "file name:  1.sol\tdate/time  1\nsensor type:  y\n"
    "total time [secs]:  0.05\ttime per frame [secs]:  0.01\n"
    "pressure values in  kPa\n\ntime[secs]\t"
    + "\t".join(str(sensor + 1) for sensor in range(198))
    + "\n"
    + "".join(f"{t / 100}\t" + "\t".join(["2.5"] * 198) + "\n" for t in range(1, 6))
)
STAPPONE = "sole_id,timestamp,pressure_01,pressure_02,corrupt\n" + "".join(
    f"1,{1000 + 16 * i},{i + 3},{i + 4},0\n" for i in range(20)
)
ZEBRIS_XML = (
    "<measurement><cell_count><x>4</x><y>3</y></cell_count><movements><movement>"
    "<clips><clip><cell_size><x>8</x><y>8</y></cell_size><frequency>100</frequency>"
    "<units>N/cm2</units><count>3</count><data>"
    + "<quant><cell_begin><x>1</x><y>1</y></cell_begin><cell_count><x>2</x><y>1</y>"
    "</cell_count><cells>1.5 2.5</cells></quant>"
    * 3
    + "</data></clip></clips></movement></movements></measurement>"
)
HEAD = (
    'visited_on = 2026-03-20\n[subject]\nsubject_id = "a"\nheight_m = 1.7\n'
    'mass_kg = 70\nage_years = 44\nsex = "female"\nshod = false\n\n'
)
RECORDING = '[[recording]]\nfile = "walk.trc"\nkind = "markers"\n\n'
CONFIG = (
    "[pose]\nbackend = 'blazepose'\nmodel = 'lite'\n\n[events]\n"
    "method = 'auto'\n\n[report]\nlang = 'en'\nhtml = false\npdf = false\n"
)
MAPPING = (
    'rate_hz = 100\nunit = "mm"\n\n[markers]\nleft_heel = "LHEE"\n'
    'right_heel = "RHEE"\nleft_ankle = "LANK"\n'
)
EDITS = (
    'decided_by = "t3"\ndecided_on = 2026-03-20\n\n[[edit]]\nrule = "L04"\n'
    'element = "heel_raise"\nside = "right"\naction = "change"\namount = 3\n'
    'unit = "mm"\nreason = "narrow shoe"\n'
)
MANIFEST = (
    "file,subject,visit,visited_on,norm,height_m,mass_kg,age_years,sex,shod,kind,view,"
    "condition,person,speed_factor\n"
    "walk.trc,p1,v1,2026-03-31,yes,1.72,70,44,female,no,markers,,barefoot,,\n"
    "plate.txt,p1,v1,2026-03-31,yes,1.72,70,44,female,no,plate,,barefoot,,\n"
    "other.trc,p2,v1,2026-04-01,no,1.80,81.5,51,male,no,,,barefoot,,1\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of file.

    Attributes
    ----------
    name : str
        Its folder.
    target : str
        The file, or folder of files, that is damaged, relative to that folder.
    nature : str
        What `damage.damaged` may do.
    doors : tuple of str
        Names of `doors.DOORS`, in order.
    """

    name: str
    target: str
    nature: Nature
    doors: tuple[str, ...]


def build(folder: Path, also: tuple[Path, ...] = ()) -> tuple[Source, ...]:
    """Write every kind of file, and copy those of folders named by the user."""
    for make in (_motion, _pose, _plates, _videos, _pictures, _words, _results):
        make(folder)
    for number, other in enumerate(also):
        _copies(folder, other, number)
    return sources(folder)


def sources(folder: Path) -> tuple[Source, ...]:
    """Return what `build` wrote."""
    notes = sorted(folder.glob(f"*/{SOURCE}"))
    tables = [json.loads(note.read_text()) for note in notes]
    return tuple(Source(**table | {"doors": tuple(table["doors"])}) for table in tables)


def _note(folder: Path, name: str, target: str, nature: Nature, doors: tuple[str, ...]
          ) -> Path:  # fmt: skip
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    source = Source(name=name, target=target, nature=nature, doors=doors)
    (place / SOURCE).write_text(json.dumps(asdict(source)))
    return place / target


def _motion(folder: Path) -> None:
    labels = [*PLACES_MM, "LKneeAngles"]
    events = [
        ("EVENT", "USED", [2]),
        ("EVENT", "CONTEXTS", ["Left", "Right"]),
        ("EVENT", "LABELS", ["Foot Strike", "Foot Off"]),
        ("EVENT", "TIMES", np.array([[0.0, 0.0], [0.3, 0.7]])),
        ("POINT", "ANGLES", ["LKneeAngles"]),
    ]
    trial = Trial(
        labels=labels,
        position_mm=standing_mm(labels),
        plates=[plate_of_kind(2), plate_of_kind(1)],
        parameters=events,
    )
    standing = _note(folder, "c3d", "standing.c3d", "c3d", MOTION)
    write_trial(standing, trial)
    convert(standing, _note(folder, "mot", "standing.mot", "text", FORCES))
    patient = virtual_patient({}, height_m=1.7)
    for ending, nature in (("c3d", "c3d"), ("trc", "text"), ("csv", "text")):
        walk = _note(folder, f"walk_{ending}", f"walk.{ending}", nature, MOTION)
        written = write_virtual_markers(
            walk, patient, duration_s=4.0, rate_hz=50.0, seed=1
        )
        written[1].unlink()
    forces = _note(folder, "companion_mot", "walk_grf.mot", "text", COMPANION)
    shutil.copy(folder / "mot" / "standing.mot", forces)
    shutil.copy(folder / "walk_trc" / "walk.trc", forces.with_name("walk.trc"))
    cortex = _note(folder, "companion_forces", "walk.forces", "text", COMPANION)
    rows = "".join(
        f"{k + 1}" + "\t1\t2\t700\t10\t20\t0\t300" * 2 + "\n" for k in range(150)
    )
    cortex.write_text(
        "[Force Data]\nNumberOfForcePlates=2\nSampleRate=50.0\nNumberOfSamples=150\n"
        "#Sample\tFX1\tFY1\n" + rows
    )
    shutil.copy(folder / "walk_trc" / "walk.trc", cortex.with_name("walk.trc"))


def _pose(folder: Path) -> None:
    walk = folder / "walk_trc" / "walk.trc"
    convert(walk, _note(folder, "pose_parquet", "walk.parquet", "binary", MOTION))
    names = [f"{side}_{part}" for part in ("hip", "knee", "ankle", "heel", "toe")
             for side in ("left", "right")]  # fmt: skip
    time_s = np.arange(90) / 30
    swing = 40 * np.sin(2 * np.pi * time_s)
    track = np.stack([100 + 50 * time_s + (-1) ** k * swing for k in range(len(names))])
    rows = ["scorer" + ",net" * 3 * len(names)]
    rows.append("bodyparts," + ",".join(name for name in names for _ in range(3)))
    rows.append("coords" + ",x,y,likelihood" * len(names))
    for k in range(len(time_s)):
        spots = (f"{track[n, k]:.2f},{40 * n + 50},0.98" for n in range(len(names)))
        rows.append(f"{k}," + ",".join(spots))
    table = _note(folder, "pose_deeplabcut", "pose.csv", "text", MAPPED)
    table.write_text("\n".join(rows) + "\n")
    table.with_name("map.toml").write_text("rate_hz = 30\n")
    frames = [
        {"landmark_positions": {name: [track[n, k], 40.0 * n, 1.0]
                                for n, name in enumerate(names)}}
        for k in range(len(time_s))
    ]  # fmt: skip
    landmarks = _note(folder, "pose_landmarks", "pose.json", "json", MOTION)
    landmarks.write_text(json.dumps({"fps": 30, "frames": frames}))
    openpose = _note(folder, "pose_openpose", "frames", "json", MAPPED)
    openpose.mkdir(exist_ok=True)
    openpose.with_name("map.toml").write_text("rate_hz = 30\n")
    for k in range(30):
        spots = [v for n in range(25) for v in (100 + k + n, 50 + 10 * n, 0.9)]
        person = {"version": 1.3, "people": [{"pose_keypoints_2d": spots}]}
        name = f"clip_{k:012d}_keypoints.json"
        (openpose / name).write_text(json.dumps(person))
    from gaitkit.io.export.keypoints import write_movement
    from gaitkit.io.motion.read import read_motion

    path = _note(folder, "pose_netcdf", "pose.nc", "binary", MOTION)
    write_movement(read_motion(walk).markers, path)


def _plates(folder: Path) -> None:
    data = simulate_walk(ONE_STEP, SMALL_PLATE).data
    for maker in MAKERS:
        path = _note(folder, f"plate_{maker}", "plate.txt", "text", PLATE)
        write_export(data, path, maker=maker)
    _note(folder, "plate_matrix", "plate.txt", "text", ("plate_read",))
    known = 'unit = "kPa"\npitch_rows_mm = 8\npitch_cols_mm = 6\nrate_hz = 20\n'
    path.with_name("plate.txt.toml").write_text(known)
    beside = _note(folder, "plate_sidecar", "plate.txt.toml", "toml", ("plate_beside",))
    beside.write_text(known)
    shutil.copy(path, beside.with_name("plate.txt"))
    texts = {"pedar": PEDAR, "stappone": STAPPONE}
    for name, text in texts.items():
        path = _note(folder, f"plate_{name}", "plate.txt", "text", SENSORS)
        path.write_text(text, encoding="utf-8")
    path = _note(folder, "plate_zebris_xml", "plate.xml", "xml", SENSORS)
    path.write_text(ZEBRIS_XML)
    whole = folder / "plate_footscan" / "plate.txt"
    path = _note(folder, "plate_packed", "plate.txt.gz", "binary", PLATE)
    path.write_bytes(gzip.compress(whole.read_bytes(), mtime=0))
    convert(whole, _note(folder, "plate_npz", "plate.npz", "zip", PLATE))


def _videos(folder: Path) -> None:
    for name, codec in CLIPS.items():
        if not has_encoder(codec):
            continue
        kind = name.partition(".")[2]
        path = _note(folder, f"video_{kind}", name, "video", FILM)
        tick = Fraction(1, 1000 if codec in {"libvpx", "flv1"} else 25)
        write_clip(path, every(25.0, 25), Clip(codec=codec, tick=tick))
    turned = _note(folder, "video_phone", "video.mp4", "video", FILM)
    write_clip(turned, every(30.0, 30), Clip(turn_deg=90, slowed=8.0))


def _pictures(folder: Path) -> None:
    from PIL import Image

    noise = np.random.default_rng(1).integers(0, 255, (240, 220, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    for ending in ("jpg", "png", "webp", "tif"):
        path = _note(folder, f"picture_{ending}", f"a.{ending}", "video",
                     ("inspect", "picture"))  # fmt: skip
        picture.save(path)


def _words(folder: Path) -> None:
    visit = (SAMPLE / "patients" / "07-no-correction" / "visit.toml").read_text()
    told = visit[visit.index("[examination") :]
    path = _note(folder, "visit", "visit.toml", "toml", ("visit_check", "assess_visit"))
    path.write_text(f"{HEAD}{RECORDING}{told}")
    shutil.copy(folder / "walk_trc" / "walk.trc", path.with_name("walk.trc"))
    path = _note(folder, "visit_recordings", "visit.toml", "toml", ("visit_read",))
    listed = (SAMPLE / "visit.toml").read_text()
    path.write_text(listed)
    for name in re.findall(r'^file = "(.+)"', listed, flags=re.MULTILINE):
        shutil.copy(SAMPLE / name, path.with_name(name))
    for name, file, text, door in (
        ("config", "config.toml", CONFIG, "assess_config"),
        ("edits", "edits.toml", EDITS, "edits"),
        ("mapping", "map.toml", MAPPING, "mapping"),
        ("rules", "rules/a.toml", "", "rules"),
    ):
        path = _note(folder, name, file, "toml", (door,))
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        shutil.copy(folder / "walk_trc" / "walk.trc", path.with_name("walk.trc"))
    shutil.copy(folder / "c3d" / "standing.c3d", folder / "mapping" / "standing.c3d")
    rules = REPOSITORY / "gaitkit" / "rules" / "data"
    shutil.rmtree(folder / "rules" / "rules")
    shutil.copytree(rules, folder / "rules" / "rules")
    path = _note(folder, "rules", "rules", "toml", ("rules",))
    path = _note(folder, "manifest", "manifest.csv", "text", ("manifest",))
    path.write_text(MANIFEST)
    for name in ("walk.trc", "other.trc"):
        shutil.copy(folder / "walk_trc" / "walk.trc", path.with_name(name))
    shutil.copy(folder / "plate_footscan" / "plate.txt", path.with_name("plate.txt"))


def _results(folder: Path) -> None:
    """Write an assessment and a store, which later runs read again."""
    from gaitkit.cli import main

    doors = ("compare", "to_workbook", "to_fhir")
    path = _note(folder, "assessment", "assessment.json", "json", doors)
    walk = folder / "walk_trc" / "walk.trc"
    out = folder / "assessment" / "made"
    quiet = ("--set", "report.html=false", "--set", "report.pdf=false")
    _quietly(main, ["assess", str(walk), "--out", str(out), "--force", *quiet])
    shutil.move(out / "assessment.json", path)
    other = json.loads(path.read_text())
    other["subject"]["height_m"] = 1.71
    path.with_name("after").mkdir(exist_ok=True)
    (path.with_name("after") / "assessment.json").write_text(json.dumps(other))
    shutil.rmtree(out)
    archive = folder / "archive"
    archive.mkdir(exist_ok=True)
    for number in range(2):
        text = walk.read_text().replace("walk.trc", f"walk_{number}.trc")
        (archive / f"walk_{number}.trc").write_text(text)
    (archive / "broken.trc").write_bytes(walk.read_bytes()[:700])
    store = _note(folder, "store", "store", "binary", ("query", "report", "failures",
                  "outcomes"))  # fmt: skip
    if not (store / "journal.sqlite").is_file():
        _quietly(main, ["batch", str(archive), "--store", str(store), "--quiet",
                        "--workers", "1"])  # fmt: skip
    shutil.rmtree(archive)


def _copies(folder: Path, other: Path, number: int) -> None:
    """Copy files that the user names, each as a kind of its own."""
    largest = 1_500_000
    found = sorted(p for p in other.rglob("*") if p.is_file() and p.suffix != ".md")
    for count, path in enumerate(found):
        if not 0 < path.stat().st_size <= largest:
            continue
        nature = _nature(path)
        name = f"other_{number}_{count:03d}"
        doors = MOTION if nature != "video" else FILM
        if path.suffix == ".toml":
            continue
        shutil.copyfile(path, _note(folder, name, path.name, nature, doors))


def _nature(path: Path) -> Nature:
    from gaitkit.io.formats import is_text

    head = path.read_bytes()[:4096]
    suffixes: dict[str, Nature] = {
        ".c3d": "c3d", ".json": "json", ".xml": "xml", ".npz": "zip", ".xlsx": "zip",
        ".mp4": "video", ".mov": "video", ".avi": "video", ".webm": "video",
        ".wmv": "video",
    }  # fmt: skip
    return suffixes.get(path.suffix.lower(), "text" if is_text(head) else "binary")


def _quietly(run: Callable[[list[str]], object], words: list[str]) -> None:
    try:
        run(words)
    except SystemExit as end:
        if end.code not in {0, 3}:
            raise


if __name__ == "__main__":
    build(Path(sys.argv[1]), tuple(Path(each) for each in sys.argv[2:]))
