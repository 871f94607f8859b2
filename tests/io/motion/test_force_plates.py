"""Contacts on force plates: force, place, foot and moment are known exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import (
    ANALOG_HZ,
    CENTER_MM,
    ON_S,
    PEAK_N,
    PLACES_MM,
    SLOPE_N_S,
    TIME_S,
    TWIST_NM,
    Plate,
    Trial,
    plate_of_kind,
    standing_mm,
    vertical_n,
    write_trial,
)

from gaitkit.errors import ConfigError
from gaitkit.gait.force_plates import ForceSettings, plate_contacts, plate_events
from gaitkit.io.motion.c3d_plates import _Geometry, _plate
from gaitkit.io.motion.read import read_motion
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.motion import ForcePlate


def read_plate(path: Path, *plates: Plate) -> ForcePlate:
    """Write and read back the first plate."""
    return read_motion(write_trial(path, Trial(plates=plates))).plates[0]


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("sign", [1, -1], ids=["reaction", "action"])
def test_every_type_gives_force_place_and_moment(
    kind: int, sign: int, tmp_path: Path
) -> None:
    plate = read_plate(tmp_path / "a.c3d", plate_of_kind(kind, sign=sign))
    middle = plate.time_s.searchsorted(0.6)
    assert plate.force_n[middle] == pytest.approx([50, -25, 500], rel=1e-5)
    known = CENTER_MM / 1000
    assert plate.center_of_pressure_m[middle] == pytest.approx(known, abs=1e-5)
    assert plate.free_moment_nm[middle] == pytest.approx(TWIST_NM, abs=1e-3)
    assert np.isnan(plate.center_of_pressure_m[0]).all()


def test_moments_in_newton_millimetres_called_newton_metres_are_noticed(
    tmp_path: Path,
) -> None:
    units = ("ANALOG", "UNITS", ["N", "N", "N", "Nm", "Nm", "Nm"])
    trial = Trial(plates=[plate_of_kind(2)], parameters=[units])
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    middle = found.plates[0].time_s.searchsorted(0.6)
    spot = found.plates[0].center_of_pressure_m[middle]
    assert spot == pytest.approx(CENTER_MM / 1000, abs=1e-4)
    assert [each.code for each in found.reasons] == ["motion_plate_moment_unit"]


WALK = np.linspace(-0.1, 0.15, 200)
"""Centre of pressure in metres from heel to toe, from the middle of the plate."""


def wrench(length_per_m: float, kind: int = 2) -> tuple[np.ndarray, _Geometry]:
    """Return the channels of a foot that rolls over a plate, and the plate."""
    force = np.array([30.0, -20.0, -700.0])
    zero = np.zeros(WALK.size)
    across = 0.02 + 0.1 * WALK
    rows = [np.full(WALK.size, each) for each in force]
    if kind == 1:
        rows += [across * length_per_m, WALK * length_per_m, zero]
    else:
        rows += [
            WALK * force[2] * length_per_m,
            -across * force[2] * length_per_m,
            zero,
        ]
    corners = np.array([[0.2, 0.3, 0], [-0.2, 0.3, 0], [-0.2, -0.3, 0], [0.2, -0.3, 0]])
    place = _Geometry(kind=kind, corners=corners, origin=np.zeros(3), axes=np.eye(3))
    return np.array(rows), place


@pytest.mark.parametrize("kind", [1, 2])
@pytest.mark.parametrize("stated", [True, False], ids=["wrong", "missing"])
@pytest.mark.parametrize(("truth", "said"), [(1.0, 1e-3), (1e-3, 1.0), (1e-3, 1e-3)])
def test_the_unit_of_moment_is_the_one_in_which_a_foot_rolls_over_the_plate(
    kind: int, stated: bool, truth: float, said: float
) -> None:
    raw, place = wrench(1 / truth, kind)
    plate, told = _plate(
        raw,
        place,
        name="1",
        time_s=np.arange(WALK.size) / 100,
        unit=(said, stated),
        body_m=np.array([0.0, 0.0, 1.0]),
    )
    np.testing.assert_allclose(plate.center_of_pressure_m[:, 1], WALK, atol=1e-9)
    assert (told is None) == (truth == said)


def test_the_place_of_a_plate_of_type_1_is_not_levelled_with_its_forces(
    tmp_path: Path,
) -> None:
    plate = plate_of_kind(1)
    zero = ("FORCE_PLATFORM", "ZERO", [1, 20])
    trial = Trial(plates=[plate], parameters=[zero])
    found = read_motion(write_trial(tmp_path / "a.c3d", trial)).plates[0]
    middle = found.time_s.searchsorted(0.6)
    known = CENTER_MM / 1000
    assert found.center_of_pressure_m[middle] == pytest.approx(known, abs=1e-4)


def test_a_plate_of_unknown_type_is_told_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    trial = Trial(plates=[replace(plate_of_kind(2), kind=21), plate_of_kind(2)])
    found = read_motion(write_trial(tmp_path / "a.c3d", trial))
    assert [plate.name for plate in found.plates] == ["2"]
    assert "type 21 is unknown" in found.reasons[0].text.en


def test_a_contact_crosses_the_threshold_between_samples(tmp_path: Path) -> None:
    trial = Trial(plates=[plate_of_kind(2)])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.side is Side.LEFT
    assert contact.clean
    assert contact.initial_contact_s == pytest.approx(0.304, abs=1e-5)
    assert contact.foot_off_s == pytest.approx(0.896, abs=1e-5)
    assert contact.peak_n == pytest.approx(PEAK_N, rel=1e-5)
    assert contact.rise_ms == pytest.approx(20, abs=2)
    assert not contact.filtered


def test_the_error_of_a_contact_is_threshold_over_slope(tmp_path: Path) -> None:
    trial = Trial(plates=[plate_of_kind(2)])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    settings = ForceSettings(threshold_sd_n=25.0)
    (contact,) = plate_contacts(recording, settings=settings)
    known = np.hypot(25.0 / SLOPE_N_S, 1 / ANALOG_HZ / np.sqrt(12))
    assert contact.initial_contact_sd_s == pytest.approx(known, rel=1e-4)


def test_both_ends_of_a_clean_contact_are_events(tmp_path: Path) -> None:
    trial = Trial(plates=[plate_of_kind(2)])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    events = plate_events(recording, recording_id="markers_1")
    assert [(e.kind, e.side, e.frame, e.recording, e.method) for e in events] == [
        ("initial_contact", Side.LEFT, 30, "markers_1", "force_plate"),
        ("foot_off", Side.LEFT, 90, "markers_1", "force_plate"),
    ]


def test_a_slow_rise_shows_that_the_force_was_filtered(tmp_path: Path) -> None:
    from scipy.signal import butter, filtfilt

    smooth = filtfilt(*butter(2, 6 / (ANALOG_HZ / 2)), vertical_n())
    trial = Trial(plates=[plate_of_kind(2, fz=np.clip(smooth, 0, None))])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.filtered
    assert contact.initial_contact_s is not None
    early_s = 0.304 - contact.initial_contact_s
    assert 0.01 < early_s < 2 * contact.initial_contact_sd_s


def test_a_contact_that_the_recording_cuts_has_no_end(tmp_path: Path) -> None:
    fz = np.where(TIME_S > ON_S, PEAK_N, 0.0)
    trial = Trial(plates=[plate_of_kind(2, fz=fz)])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.initial_contact_s is not None
    assert contact.foot_off_s is None
    assert np.isnan(contact.foot_off_sd_s)


def test_a_foot_over_the_edge_is_not_clean(tmp_path: Path) -> None:
    position = standing_mm()
    for label in ("LHEE", "LTOE", "LANK"):
        position[0, list(PLACES_MM).index(label)] += 200
    trial = Trial(plates=[plate_of_kind(2)], position_mm=position)
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.whole_foot is False
    assert not contact.clean
    assert plate_events(recording, recording_id="m") == ()


def test_two_feet_on_a_plate_are_not_clean(tmp_path: Path) -> None:
    wide = np.array([[300.0, 300, 0], [300, -300, 0], [-300, -300, 0], [-300, 300, 0]])
    plate = replace(plate_of_kind(1), corners=wide)
    recording = read_motion(write_trial(tmp_path / "a.c3d", Trial(plates=[plate])))
    (contact,) = plate_contacts(recording)
    assert not contact.other_foot_off
    assert not contact.clean


def test_a_force_far_from_both_feet_belongs_to_nobody(tmp_path: Path) -> None:
    position = standing_mm() + np.array([2000.0, 0, 0])[:, None, None]
    trial = Trial(plates=[plate_of_kind(2)], position_mm=position)
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.side is None
    assert not contact.clean


def test_drift_of_an_unloaded_plate_is_taken_off(tmp_path: Path) -> None:
    trial = Trial(plates=[plate_of_kind(2, fz=vertical_n() + 15.0)])
    recording = read_motion(write_trial(tmp_path / "a.c3d", trial))
    (contact,) = plate_contacts(recording)
    assert contact.initial_contact_s == pytest.approx(0.304, abs=1e-3)


def test_a_wrong_setting_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"force_plates\.threshold_n must be above 0"):
        ForceSettings(threshold_n=0)
