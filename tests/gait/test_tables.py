"""What was found in a recording as tables, and signals that say what they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import xarray as xr
from archive_world import write_walk

import gaitkit
from gaitkit.errors import InputError
from gaitkit.gait import angle_cycles, as_table, contact_pressure
from gaitkit.io import read_motion, read_plate, write_keypoints, write_netcdf
from gaitkit.model.contact import REGIONS
from gaitkit.model.labelled import mean_rate_hz

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis

SAMPLES = Path(__file__).parents[2] / "sample_data"


def analysed(path: Path) -> Analysis:
    visit = gaitkit.Visit(
        subject=gaitkit.Subject(),
        recordings=(gaitkit.RecordingInput(file=path),),
    )
    (found,) = gaitkit.analyse(visit)
    return found


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return analysed(write_walk(tmp_path_factory.mktemp("walk") / "walk.trc"))


@pytest.fixture(scope="module")
def plate() -> Analysis:
    return analysed(SAMPLES / "plate.txt.gz")


def silent(data: xr.Dataset) -> list[str]:
    """Return the variables that do not say what they are, or in which unit."""
    return [
        str(name)
        for name, variable in data.variables.items()
        if not variable.attrs.get("long_name")
        or (variable.dtype.kind in "fiu" and not variable.attrs.get("units"))
        if name not in data.dims or variable.dtype.kind == "f"
    ]


def test_every_signal_of_a_walk_says_what_it_is_and_in_which_unit(
    walk: Analysis, tmp_path: Path
) -> None:
    motion = read_motion(str(write_walk(tmp_path / "walk.trc")))
    for data in (walk.raw, walk.walking, walk.angles, angle_cycles(walk),
                 motion.markers, motion.by_role()):  # fmt: skip
        assert data is not None
        assert not silent(data)
    assert walk.angles is not None
    assert walk.angles["knee_flexion"].attrs == {
        "units": "deg",
        "long_name": "knee flexion",
    }


def test_every_signal_of_a_plate_says_what_it_is_and_in_which_unit(
    plate: Analysis,
) -> None:
    for mat in read_plate(str(SAMPLES / "plate.txt.gz")).mats:
        assert not silent(mat)
    foot = plate.plates[0].feet[0]
    assert not silent(contact_pressure(foot.contact))


def test_a_time_in_a_file_stays_a_number_of_seconds(
    walk: Analysis, plate: Analysis, tmp_path: Path
) -> None:
    (mat, *_) = read_plate(SAMPLES / "plate.txt.gz").mats
    write_netcdf(mat, str(tmp_path / "plate.nc"))
    assert walk.raw is not None
    write_keypoints(walk.raw, str(tmp_path / "walk.nc"))
    for name in ("plate.nc", "walk.nc"):
        with xr.open_dataset(tmp_path / name, engine="scipy") as data:
            assert data["time"].dtype == np.float64
    with xr.open_dataset(tmp_path / "walk.nc", engine="scipy") as data:
        assert data.attrs["fps"] == 50.0


def test_every_stride_in_use_has_its_angles_from_contact_to_contact(
    walk: Analysis,
) -> None:
    data = angle_cycles(walk)
    used = [stride for stride in walk.strides if stride.rejected is None]
    assert data.sizes == {"stride": len(used), "percent": 101}
    assert sorted(data["start_s"].to_numpy()) == [s.start_s for s in sorted(
        used, key=lambda stride: stride.start_s)]  # fmt: skip
    left = data["knee_flexion"].where(data["side"] == "left", drop=True)
    curve = next(
        w for w in walk.waveforms if (w.name, w.side.value) == ("knee_flexion", "left")
    )
    assert left.sizes["stride"] == curve.n
    assert np.allclose(left.mean("stride"), curve.mean)
    table = data["knee_flexion"].to_dataframe()
    assert {"side", "knee_flexion", "start_s"} <= set(table.columns)


def test_a_recording_without_angles_says_so(plate: Analysis) -> None:
    with pytest.raises(InputError, match="holds no angles; give one of a walk"):
        angle_cycles(plate)


def test_events_and_strides_are_tables_of_plain_text(walk: Analysis) -> None:
    events = as_table(walk.events)
    assert set(events["side"]) == {"left", "right"}
    assert {type(value) for value in events["side"]} == {str}
    assert len(events) == len(walk.events)
    rejected = as_table(walk.strides)["rejected"]
    assert [value for value in rejected if value is not None] == [
        stride.rejected.code for stride in walk.strides if stride.rejected
    ]
    assert as_table([]).empty
    with pytest.raises(InputError, match="expected events"):
        as_table([1, 2])


def test_a_step_holds_the_region_of_each_sensor(plate: Analysis) -> None:
    foot = plate.plates[0].feet[0]
    data = contact_pressure(foot.contact)
    assert set(np.unique(data["region"])) <= {"outside", *REGIONS}
    heel = data["pressure"].where(data["region"] == "heel_medial")
    area_m2 = np.prod(foot.contact.pitch_mm) * 1e-6
    at = list(REGIONS).index("heel_medial")
    force_n = heel.sum(("row", "col")) * 1000 * area_m2
    assert np.allclose(force_n, foot.load.region_force_n[:, at], atol=0.5)


def test_a_rate_reads_as_people_write_it() -> None:
    assert mean_rate_hz(np.arange(7) / 100) == 100.0
    assert mean_rate_hz(np.cumsum(np.full(1000, 1 / 30))) == 30.0
