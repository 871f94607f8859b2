"""A detector, measures and norms from outside, without touching gaitkit."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from archive_world import write_walk
from installed import install

import gaitkit
from gaitkit.archive.batch import Request, purpose_of
from gaitkit.config import load_config
from gaitkit.errors import CatalogueError, ConfigError, ExtensionError
from gaitkit.gait import Candidate, TimingError, detectors
from gaitkit.gait.events.settings import forget_detector
from gaitkit.gait.walk import forget_walk_measure
from gaitkit.measure.foot.summary import forget_foot_measure
from gaitkit.model import extension
from gaitkit.model.catalogue import definition
from gaitkit.model.strides import StrideValue
from gaitkit.model.text import Text
from gaitkit.norms import NormValue, Reference, norm_for, read_norms
from gaitkit.norms.discrete import forget_norms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.gait import FootPaths, WalkResult
    from gaitkit.measure import MeasuredFoot
    from gaitkit.model.catalogue import MeasureDefinition
    from gaitkit.model.events import Event

GROUP = "gaitkit.extensions"
REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "sample_data"
ENTRY = """
[{name}]
group = "{group}"
label.nl = "Eigen maat"
label.en = "Own measure"
definition.nl = "Maat van buiten."
definition.en = "Measure from outside."
unit = "%"
digits = 0
sided = true
plausible = [0.0, 100.0]
errors.{kind}.sd = 2.0
errors.{kind}.detectable_change = 5.5
errors.{kind}.source = "assumed in this test"
stride_spread.sd = 3.0
stride_spread.source = "assumed in this test"
"""
PACKAGE = '''
"""Adds a detector, two measures and a norm."""

from pathlib import Path

import gaitkit
from gaitkit.gait import Candidate
from gaitkit.measure import StrideValue
from gaitkit.model.text import Text
from gaitkit.norms import Reference, read_norms

HERE = Path(__file__).parent


class LowestHeel:
    name = "lowest_heel"

    def find(self, foot):
        from gaitkit.gait import detectors

        return detectors()["zeni"].find(foot)


def heel_force_share(foot):
    force = foot.load.region_force_n
    return 100 * force[:, -2:].sum() / force.sum()


def swing_share(walk):
    for stride in walk.strides:
        if stride.rejected is None and stride.complete:
            share = 100 * (1 - (stride.foot_off_s - stride.start_s) / stride.duration_s)
            yield StrideValue(
                name="own_swing_share", value=share, side=stride.side,
                start_s=stride.start_s,
            )


def register():
    foot, walk = gaitkit.read_definitions(HERE / "entries.toml")
    gaitkit.register_foot_measure(foot, heel_force_share)
    gaitkit.register_walk_measure(walk, swing_share)
    gaitkit.register_detector(LowestHeel())
    ours = Reference(
        key="ours", title="People of the clinic", authors="A clinic", year=2026,
        population=Text(nl="30 mensen uit de praktijk", en="30 people of the clinic"),
        subjects=30, limbs=60,
    )
    gaitkit.register_norms(read_norms(HERE / "norms.csv", reference=ours))
'''


def entry(folder: Path, **changes: str) -> MeasureDefinition:
    words = {"name": "own_share", "group": "foot", "kind": "plate", **changes}
    file = folder / "entry.toml"
    file.write_text(ENTRY.format(**words), encoding="utf-8")
    (found,) = gaitkit.read_definitions(str(file))
    return found


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    forget_foot_measure("own_share")
    forget_walk_measure("own_share")
    forget_detector("own")
    for measure in ("cadence", "arch_index"):
        forget_norms(measure)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    own = folder / "ownpackage"
    own.mkdir()
    (own / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    (own / "entries.toml").write_text(
        ENTRY.format(name="heel_force_share", group="foot", kind="plate")
        + ENTRY.format(name="own_swing_share", group="spatiotemporal", kind="markers"),
        encoding="utf-8",
    )
    (own / "norms.csv").write_text(
        "measure,mean,sd,n,low,high,age_from,age_to,speed_from,speed_to\n"
        "arch_index,0.21,0.05,60,0.11,0.31,,,,\n"
        "cadence,131,9,30,,,4,12,,\n",
        encoding="utf-8",
    )
    entry = "own = ownpackage:register"
    install(folder, "ownpackage", "1.2", group=GROUP, entry=entry)
    return folder


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_walk(tmp_path_factory.mktemp("walk") / "walk.trc")


def run(package: Path, *words: object) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(REPOSITORY), str(package)))
    quiet = ("--set", "report.pdf=false", "--set", "report.overlay=false")
    return subprocess.run(
        [sys.executable, "-m", "gaitkit", *map(str, words), *quiet],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )


def stored(folder: Path) -> dict[str, Any]:
    text = (folder / "assessment.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_an_installed_package_adds_a_detector_measures_and_norms(
    package: Path, tmp_path: Path
) -> None:
    visit = SAMPLES / "patients" / "10-raise-and-insole"
    done = run(package, "assess", visit, "--out", tmp_path / "plate", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assessment = stored(tmp_path / "plate")
    rows = [m for m in assessment["measurements"] if m["name"] == "heel_force_share"]
    assert {m["side"] for m in rows} == {"left", "right"}
    assert all(m["low"] < m["value"] < m["high"] for m in rows)
    told = assessment["provenance"]["extensions"]
    assert "foot measure heel_force_share (ownpackage 1.2)" in told
    assert "detector lowest_heel (ownpackage 1.2)" in told
    page = (tmp_path / "plate" / "report.html").read_text(encoding="utf-8")
    assert "Own measure" in page
    assert "30 people of the clinic" in page


def test_a_walk_is_timed_by_the_detector_that_a_package_added(
    walk: Path,
    package: Path,
    tmp_path: Path,
) -> None:
    method = ("--set", "events.method=lowest_heel")
    done = run(package, "assess", walk, "--out", tmp_path / "a", *method)
    assert done.returncode == 0, done.stderr
    assessment = stored(tmp_path / "a")
    assert {event["method"] for event in assessment["events"]} == {"lowest_heel"}
    values = {
        name: {
            m["side"]: m["value"]
            for m in assessment["measurements"]
            if m["name"] == name
        }
        for name in ("own_swing_share", "swing")
    }
    assert values["own_swing_share"] == pytest.approx(values["swing"])


def test_without_the_package_its_detector_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="got 'lowest_heel'"):
        load_config(assignments={"events": {"method": "lowest_heel"}})


def test_a_package_that_fails_ends_in_one_line(
    walk: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "broken.py").write_text(
        "def register():\n    raise OSError('no table')\n"
    )
    install(tmp_path, "broken", "0.1", group=GROUP, entry="own = broken:register")
    done = run(tmp_path, "assess", walk, "--out", tmp_path / "out")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: the extension 'own' of broken 0.1 cannot be used")
    assert "no table" in line
    assert not (tmp_path / "out").exists()


# -- in code


def test_a_foot_measure_is_one_function_and_one_entry(tmp_path: Path) -> None:
    def own_share(foot: MeasuredFoot) -> float:
        force = foot.load.region_force_n
        return float(100 * force[:, -2:].sum() / force.sum())

    gaitkit.register_foot_measure(entry(tmp_path), own_share)
    visit = gaitkit.read_visit(SAMPLES / "patients/10-raise-and-insole/visit.toml")
    assessment = gaitkit.judge(visit, gaitkit.analyse(visit))
    pooled = [m for m in assessment.measurements if m.name == "own_share"]
    known = [m for m in assessment.measurements if m.name == "arch_index"]
    assert [(m.side, m.n, m.recording) for m in pooled] == [
        (m.side, m.n, m.recording) for m in known
    ]
    table = assessment.table()
    assert set(table.loc[table["name"] == "own_share", "unit"]) == {"%"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (lambda _foot: math.nan, None),
        (lambda _foot: {"heel": 1.0}, "gives heel, which its entry does not name"),
        (lambda foot: foot.nothing, "failed \\(AttributeError"),
        (lambda _foot: "many", "failed \\(ValueError"),
        (lambda _foot: math.inf, "gives an infinite value"),
    ],
)
def test_a_foot_measure_that_gives_nonsense_is_told(
    given: object, why: str | None, tmp_path: Path
) -> None:
    gaitkit.register_foot_measure(entry(tmp_path), given)  # type: ignore[arg-type]
    visit = gaitkit.read_visit(SAMPLES / "patients/10-raise-and-insole/visit.toml")
    if why is not None:
        with pytest.raises(ExtensionError, match=why):
            gaitkit.analyse(visit)
        return
    rows = [
        m
        for analysis in gaitkit.analyse(visit)
        for m in analysis.measurements
        if m.name == "own_share"
    ]
    assert rows
    assert all(m.value is None and m.why_missing is not None for m in rows)


def test_what_has_no_error_or_no_place_is_not_added(tmp_path: Path) -> None:
    taken = entry(tmp_path, name="arch_index")
    with pytest.raises(CatalogueError, match="in the catalogue already"):
        gaitkit.register_foot_measure(taken, lambda _foot: 1.0)
    unknown = entry(tmp_path, kind="markers")
    with pytest.raises(CatalogueError, match=r"needs errors\.plate"):
        gaitkit.register_foot_measure(unknown, lambda _foot: 1.0)
    with pytest.raises(CatalogueError, match="group spatiotemporal or kinematic"):
        gaitkit.register_walk_measure(entry(tmp_path), lambda _walk: ())
    with pytest.raises(CatalogueError, match="group 'foot'"):
        gaitkit.register_foot_measure(
            entry(tmp_path, group="kinematic"), lambda _foot: 1.0
        )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[own]\nunit = 'mm'\n", "is needed and is not there"),
        ("own = 1\n", "expected a table"),
        ("[own\n", "not valid TOML"),
        (ENTRY.format(name="own", group="feet", kind="plate"), "group"),
        (
            ENTRY.format(name="own", group="foot", kind="plate") + "colour = 1\n",
            "unknown",
        ),
    ],
)
def test_an_entry_that_is_none_is_refused_by_file_and_name(
    text: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError, match=why) as refused:
        gaitkit.read_definitions(file)
    assert str(file) in str(refused.value)


class Own:
    """The rule of another detector under a name of its own."""

    name = "own"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        return detectors()["velocity"].find(foot)


def test_a_detector_brings_the_error_that_was_measured_for_it(
    walk: Path,
) -> None:
    error = {
        ("markers", kind): TimingError(bias_s=0.010, sd_s=0.004)
        for kind in ("initial_contact", "foot_off")
    }
    visit = gaitkit.Visit(
        subject=gaitkit.Subject(),
        recordings=(gaitkit.RecordingInput(file=walk),),
    )
    config = load_config

    def events(given: object) -> list[Event]:
        gaitkit.register_detector(Own(), errors=given)  # type: ignore[arg-type]
        (found,) = gaitkit.analyse(
            visit, config=config(assignments={"events": {"method": "own"}})
        )
        forget_detector("own")
        return [each for each in found.events if each.method == "own"]

    plain, known = events(None), events(error)
    assert plain
    assert {round(each.sd_s, 3) for each in plain} == {0.05}
    assert {round(each.sd_s, 3) for each in known} == {0.004}
    shifts = {round(a.time_s - b.time_s, 4) for a, b in zip(plain, known, strict=True)}
    assert shifts == {0.01}


def test_a_detector_is_added_once_and_by_a_name_of_its_own() -> None:
    gaitkit.register_detector(Own())
    with pytest.raises(ExtensionError, match="is there already"):
        gaitkit.register_detector(Own())
    own = Own()
    own.name = "zeni"
    with pytest.raises(ExtensionError, match="comes with gaitkit"):
        gaitkit.register_detector(own)
    with pytest.raises(ExtensionError, match="expected a detector"):
        gaitkit.register_detector(object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("find", "why"),
    [
        (lambda _foot: 1 / 0, "failed \\(ZeroDivisionError"),
        (
            lambda _foot: (Candidate(kind="foot_off", time_s=math.nan, strength=1.0),),
            "a time that is no number",
        ),
        (
            lambda _foot: (Candidate(kind="heel_strike", time_s=1.0, strength=1.0),),  # type: ignore[arg-type]
            "returned kind 'heel_strike'; expected initial_contact or foot_off",
        ),
        (
            lambda _foot: (Candidate(kind="foot_off", time_s=9e9, strength=1.0),),
            "returned a time outside",
        ),
    ],
)
def test_a_detector_that_fails_is_told_by_name(
    walk: Path,
    find: object,
    why: str,
) -> None:
    own = Own()
    own.find = find  # type: ignore[method-assign, assignment]
    gaitkit.register_detector(own)
    visit = gaitkit.Visit(
        subject=gaitkit.Subject(),
        recordings=(gaitkit.RecordingInput(file=walk),),
    )
    with pytest.raises(ExtensionError, match=why):
        gaitkit.analyse(
            visit, config=load_config(assignments={"events": {"method": "own"}})
        )


def test_a_walk_measure_of_another_name_is_told(
    walk: Path,
    tmp_path: Path,
) -> None:
    def other(walk: WalkResult) -> Iterator[StrideValue]:
        for stride in walk.strides:
            yield StrideValue(
                name="cadence", value=1.0, side=stride.side, start_s=stride.start_s
            )

    own = entry(tmp_path, group="spatiotemporal", kind="markers")
    gaitkit.register_walk_measure(own, other)
    visit = gaitkit.Visit(
        subject=gaitkit.Subject(),
        recordings=(gaitkit.RecordingInput(file=walk),),
    )
    with pytest.raises(ExtensionError, match="of another name, side or region"):
        gaitkit.analyse(visit)


OURS = Reference(
    key="ours",
    title="Children who walked here",
    authors="A clinic",
    year=2026,
    population=Text(nl="20 kinderen", en="20 children"),
    subjects=20,
    limbs=40,
)


def norms(folder: Path, rows: str) -> tuple[NormValue, ...]:
    file = folder / "norms.csv"
    file.write_text(
        "measure,mean,sd,n,age_from,age_to,speed_from,speed_to\n" + rows, "utf-8"
    )
    return read_norms(str(file), reference=OURS)


def test_norms_of_one_s_own_hold_for_their_ages_and_speeds(tmp_path: Path) -> None:
    usual = norm_for("cadence", age_years=30.0, speed_m_s=1.2)
    gaitkit.register_norms(
        norms(
            tmp_path,
            "cadence,140,9,20,4,8,,\ncadence,128,8,20,8,12,0.9,1.2\n"
            "cadence,133,8,20,8,12,1.2,1.5\n",
        )
    )

    def mean(age: float | None, speed: float | None) -> float | None:
        found = norm_for("cadence", age_years=age, speed_m_s=speed)
        return None if found is None else found.mean

    assert mean(5.0, None) == 140
    assert mean(9.0, 1.0) == 128
    assert mean(9.0, 1.2) == 133
    assert mean(9.0, 2.0) is None
    assert norm_for("cadence", age_years=30.0, speed_m_s=1.2) == usual


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("cadence,140,0,20,,,,\n", "standard deviation above 0"),
        ("cadence,140,nan,20,,,,\n", "standard deviation above 0"),
        ("cadence,140,9,20,8,4,,\n", "limits that rise"),
        ("cadence,many,9,20,,,,\n", "row 2: expected measure, mean, sd and n"),
        ("cadence,140,9\n", "row 2: expected measure, mean, sd and n"),
    ],
)
def test_a_norm_that_cannot_be_is_refused(rows: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ExtensionError, match=why):
        norms(tmp_path, rows)


def test_two_norms_for_the_same_people_are_refused(tmp_path: Path) -> None:
    rows = "cadence,140,9,20,4,8,,\ncadence,150,9,20,6,10,,\n"
    with pytest.raises(ExtensionError, match="two norms of 'cadence'"):
        gaitkit.register_norms(norms(tmp_path, rows))
    with pytest.raises(CatalogueError, match="'kadence' is not in the catalogue"):
        gaitkit.register_norms(norms(tmp_path, "kadence,140,9,20,,,,\n"))


@pytest.mark.parametrize("unit", ["millimeter", "°", "m/sec", "", "kgs", "mm/"])
def test_a_unit_that_is_none_is_refused(unit: str, tmp_path: Path) -> None:
    known = entry(tmp_path)
    with pytest.raises(CatalogueError, match="expected UCUM"):
        gaitkit.register_foot_measure(
            dataclasses.replace(known, unit=unit), lambda _foot: 1.0
        )


def test_an_error_that_is_no_number_is_refused(tmp_path: Path) -> None:
    known = entry(tmp_path)
    unsure = dataclasses.replace(known.errors[0], sd=math.nan)
    with pytest.raises(CatalogueError, match="errors of 0 or more"):
        gaitkit.register_foot_measure(
            dataclasses.replace(known, errors=(unsure,)), lambda _foot: 1.0
        )


@pytest.mark.parametrize(
    ("key", "sd_s"),
    [
        (("marker", "initial_contact"), 0.01),
        (("markers", "heel_strike"), 0.01),
        (("markers", "initial_contact"), 0.0),
        (("markers", "initial_contact"), math.nan),
    ],
)
def test_a_timing_error_of_nothing_known_is_refused(
    key: tuple[str, str], sd_s: float
) -> None:
    errors: Any = {key: TimingError(bias_s=0.0, sd_s=sd_s)}
    with pytest.raises(ExtensionError, match="expected video or markers with"):
        gaitkit.register_detector(Own(), errors=errors)
    gaitkit.register_detector(Own())  # nothing of the refused one stayed


def test_what_was_added_in_code_goes_with_its_entry(tmp_path: Path) -> None:
    gaitkit.register_foot_measure(entry(tmp_path), lambda _foot: 1.0)
    assert definition("own_share").unit == "%"
    forget_foot_measure("own_share")
    with pytest.raises(CatalogueError):
        definition("own_share")


def test_a_package_that_failed_once_is_told_the_same_way_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second try would only meet what the first left half added."""

    class Broken:
        name, dist = "own", None

        def load(self) -> object:
            raise OSError("no table")

    monkeypatch.setattr(extension, "_state", extension._State())
    monkeypatch.setattr(extension, "entry_points", lambda **_group: [Broken()])
    for _ in range(2):
        with pytest.raises(ExtensionError, match=r"cannot be used \(OSError: no table"):
            extension.load_extensions()


def test_what_an_installed_package_adds_decides_what_a_batch_has_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(archive=str(tmp_path), store=tmp_path / "store")
    before = purpose_of(request)
    gaitkit.register_detector(Own())
    assert purpose_of(request) == before, "workers know nothing of a script"
    forget_detector("own")
    monkeypatch.setattr(extension._state, "origin", "ownpackage 1.2")
    gaitkit.register_detector(Own())
    assert purpose_of(request).config != before.config
