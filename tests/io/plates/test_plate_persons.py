"""Ten plates that no person of this visit left, and people who are left alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.config import Config
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.measure.foot.plausible import person_doubts
from gaitkit.measure.limits import person_limits, visit_limits
from gaitkit.model.pressure import pitch_of, pressure, source_of
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.plate import analyse_plate_file

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.recording import Recording
    from gaitkit_virtual.plate.walk import SimulatedPlate

ADULT = Subject(height_m=1.75, mass_kg=75.0)
PLATES = Path(__file__).parents[4] / "shared" / "data" / "plates"


def rebuilt(
    data: xr.Dataset,
    *,
    factor: float = 1.0,
    pitch: float = 1.0,
    pace: float = 1.0,
    cells: np.ndarray | None = None,
    saturation_kpa: float | None = None,
) -> xr.Dataset:
    """Return a recording with a wrong unit, sensor size or clock, or other cells."""
    rows, cols = pitch_of(data)
    values = data["pressure"].to_numpy() if cells is None else cells
    return pressure(
        values * factor,
        time_s=data["time"].to_numpy() / pace,
        pitch_mm=(rows * pitch, cols * pitch),
        source=dataclasses.replace(source_of(data), saturation_kpa=saturation_kpa),
    )


def codes(data: xr.Dataset, subject: Subject = ADULT) -> set[str]:
    result = analyse_plate(data)
    return {why.code for why in person_doubts(result, data, subject=subject)}


def stuck(data: xr.Dataset, count: int = 1, noise: float = 0.0) -> np.ndarray:
    cells = data["pressure"].to_numpy().copy()
    shape = cells[:, 5, 5 : 5 + count].shape
    cells[:, 5, 5 : 5 + count] = 60.0 + noise * np.random.default_rng(1).normal(
        size=shape
    )
    return cells


def flat(data: xr.Dataset) -> np.ndarray:
    return np.minimum(data["pressure"].to_numpy(), 150.0)


def test_a_person_s_walk_is_left_alone(long_walk: SimulatedPlate) -> None:
    assert codes(long_walk.data) == set()
    assert codes(long_walk.data, Subject()) == set()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        pytest.param("plate_foot_size", {"pitch": 2.0}, id="sensors twice as large"),
        pytest.param("plate_foot_size", {"pitch": 0.5}, id="sensors half as large"),
        pytest.param("plate_foot_size", {"pitch": 0.3}, id="a paw's size"),
        pytest.param("plate_force", {"factor": 10.0}, id="ten times"),
        pytest.param("plate_force", {"factor": 0.1}, id="a tenth"),
        pytest.param("plate_force", {"factor": 6.895}, id="kPa taken for psi"),
        pytest.param("plate_force", {"factor": 1 / 6.895}, id="psi taken for kPa"),
        pytest.param("plate_cadence", {"pace": 2.0}, id="half the clock"),
    ],
)
def test_a_wrong_scale_is_questioned(
    long_walk: SimulatedPlate, code: str, wrong: dict[str, float]
) -> None:
    assert code in codes(rebuilt(long_walk.data, **wrong))


def test_another_mass_or_stature_is_questioned(long_walk: SimulatedPlate) -> None:
    assert "plate_force" in codes(long_walk.data, Subject(mass_kg=35.0))
    assert "plate_force" in codes(long_walk.data, Subject(mass_kg=150.0))
    assert "plate_foot_size" in codes(long_walk.data, Subject(height_m=1.05))


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_sensor_that_never_changes_is_left_out_and_named(
    long_walk: SimulatedPlate, noise: float
) -> None:
    clean = analyse_plate(long_walk.data)
    data = rebuilt(long_walk.data, cells=stuck(long_walk.data, noise=noise))
    found = analyse_plate(data)
    assert found.measurements == clean.measurements
    assert person_doubts(found, data, subject=ADULT) == ()
    assert found.quality.status == "limited"
    (why,) = (r for r in found.quality.reasons if r.code == "plate_sensors_left_out")
    assert "left out: 6/6 (60 kPa)" in why.text.en


def test_a_stuck_sensor_under_the_foot_gives_no_peak(
    long_walk: SimulatedPlate,
) -> None:
    clean = analyse_plate(long_walk.data)
    cells = long_walk.data["pressure"].to_numpy().copy()
    peak = cells.max(axis=0)
    row, col = np.unravel_index(int(peak.argmax()), peak.shape)
    cells[:, row, col] = 900.0
    found = analyse_plate(rebuilt(long_walk.data, cells=cells))
    highest = {
        m.side: m.value
        for m in found.measurements
        if m.name == "peak_pressure" and m.region == "total"
    }
    assert max(value for value in highest.values() if value) < peak.max()
    assert len(found.feet) == len(clean.feet)


def test_many_sensors_that_never_change_are_questioned(
    long_walk: SimulatedPlate,
) -> None:
    data = rebuilt(long_walk.data, cells=stuck(long_walk.data, count=12))
    found = person_doubts(analyse_plate(data), data, subject=ADULT)
    (why,) = (why for why in found if why.code == "plate_sensor_stuck")
    assert why.text.en.startswith("12 sensors show the same pressure")


def test_a_flat_top_is_questioned(long_walk: SimulatedPlate) -> None:
    cells = flat(long_walk.data)
    stated = rebuilt(long_walk.data, cells=cells, saturation_kpa=150.0)
    assert "plate_saturated" in codes(stated)
    assert "plate_saturated" in codes(rebuilt(long_walk.data, cells=cells))


def test_every_limit_names_its_source_and_unit() -> None:
    for limit in (*person_limits().values(), *visit_limits().values()):
        assert limit.low < limit.high
        assert limit.unit
        assert len(limit.source) > 20


@pytest.mark.skipif(not PLATES.is_dir(), reason="no shared recordings beside the code")
def test_paws_are_refused_and_people_are_not() -> None:
    (paws,) = (PLATES / "footscan").glob("27 03 2012*")
    found = analysed(paws)
    assert found.quality.status == "refused"
    assert "plate_foot_size" in {why.code for why in found.quality.reasons}
    (feet,) = (PLATES / "footscan").glob("barefoot_4*")
    assert analysed(feet).quality.status != "refused"
    assert analysed(feet, mass_kg=62.0).quality.status == "refused"


@pytest.mark.skipif(not PLATES.is_dir(), reason="no shared recordings beside the code")
@pytest.mark.parametrize("name", ["emed/NP22_2483.lst", "emed/NP23_2491.lst",
                                  "tekscan/subj_01R.asf", "zebris_apd/MDwalk2.apd",
                                  "xsensor/pressuRe_xsensor_data.csv"])  # fmt: skip
def test_genuine_recordings_of_every_maker_are_left_alone(name: str) -> None:
    for data in read_plate(PLATES / name).mats:
        assert codes(data, Subject()) == set()


def analysed(path: Path, mass_kg: float | None = None) -> Recording:
    return analyse_plate_file(
        RecordingInput(file=path),
        Subject(mass_kg=mass_kg),
        recording_id="plate_1",
        config=Config(),
    ).recording
