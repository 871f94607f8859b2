"""Measures of simulated feet against their truth, and of real feet against labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.io import loadmat

from gaitkit.errors import InputError
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.contact import measure_foot
from gaitkit.measure.foot.plate import analyse_plate, ellipse_area_mm2
from gaitkit.measure.foot.settings import FootSettings
from gaitkit.measure.foot.steps import progression_angle_deg
from gaitkit.model.contact import REGIONS, ContactCorrection, RegionBorders
from gaitkit.model.pressure import total_force_n
from gaitkit.model.side import Side
from gaitkit_virtual.plate.walk import (
    PlateSpec,
    SimulatedPlate,
    WalkSpec,
    simulate_standing,
    simulate_walk,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plate import PlateResult

LABELS = {1: (1,), 2: (3, 4), 3: (5, 6, 7), 4: (9, 10)}
"""Expert labels (hallux, medial and lateral forefoot, heel) and our regions."""


@pytest.fixture(scope="module")
def walked(long_walk: SimulatedPlate) -> PlateResult:
    return analyse_plate(long_walk.data, recording="p1")


def of(
    result: PlateResult, name: str, side: Side | None, region: str | None = None
) -> Measurement:
    return next(
        m
        for m in result.measurements
        if m.name == name and m.side is side and m.region == region
    )


def test_every_contact_matches_its_truth(
    walked: PlateResult, long_walk: SimulatedPlate
) -> None:
    assert len(walked.feet) == len(long_walk.contacts) == 6
    assert walked.line is not None
    for foot, truth in zip(walked.feet, long_walk.contacts, strict=True):
        assert foot.side is truth.side
        angle = progression_angle_deg(foot, walked.line)
        assert angle == pytest.approx(truth.toe_out_deg, abs=1.2)
        assert foot.value("arch_index") == pytest.approx(truth.arch_index, abs=0.01)
        assert foot.value("peak_force", "total") == pytest.approx(
            truth.peak_force_n, rel=0.01
        )
        duration = truth.stop_s - truth.start_s
        assert foot.value("contact_time") == pytest.approx(duration, abs=0.01)


def test_the_means_of_each_side_match_the_truth(
    walked: PlateResult, long_walk: SimulatedPlate
) -> None:
    for side, toe_out in ((Side.LEFT, 4.0), (Side.RIGHT, 11.0)):
        truth = next(t for t in long_walk.contacts if t.side is side)
        area = of(walked, "contact_area", side, "total")
        assert area.value == pytest.approx(truth.area_cm2, rel=0.02)
        arch = of(walked, "arch_index", side)
        assert arch.value == pytest.approx(truth.arch_index, abs=0.01)
        angle = of(walked, "foot_progression_angle", side)
        assert angle.value == pytest.approx(toe_out, abs=1.0)
        assert angle.quality == "ok"
        assert angle.n == 3


def test_steps_match_the_truth(walked: PlateResult) -> None:
    for side in Side:
        assert of(walked, "step_length", side).value == pytest.approx(0.62, abs=0.005)
        assert of(walked, "step_time", side).value == pytest.approx(0.52, abs=0.011)
        # heel middles lie 44 mm ahead of the heel ends, which are 100 mm apart
        wider = 0.044 * (np.sin(np.radians(4)) + np.sin(np.radians(11)))
        width = of(walked, "step_width", side).value
        assert width == pytest.approx(0.10 + wider, abs=0.003)
    assert of(walked, "cadence", None).value == pytest.approx(60 / 0.52, rel=0.01)
    assert of(walked, "walking_speed", None).value == pytest.approx(
        0.62 / 0.52, rel=0.01
    )


def test_regions_share_the_whole_foot(walked: PlateResult) -> None:
    for foot in walked.feet:
        whole = foot.value("contact_area", "total")
        parts = sum(foot.value("contact_area", r.value) or 0 for r in REGIONS)
        assert parts == pytest.approx(whole)
        shares = sum(foot.value("impulse_share", r.value) or 0 for r in REGIONS)
        assert shares == pytest.approx(100, abs=0.5)
        loaded = foot.contact.peak >= 5.0
        assert foot.contact.regions is not None
        assert np.array_equal(foot.contact.regions > 0, loaded)


def test_events_stand_at_the_true_times(
    walked: PlateResult, long_walk: SimulatedPlate
) -> None:
    contacts = [e for e in walked.events if e.kind == "initial_contact"]
    truth = [t.start_s for t in long_walk.contacts]
    assert [e.time_s for e in contacts] == pytest.approx(truth, abs=0.01)
    assert all(e.recording == "p1" for e in walked.events)


def test_what_cannot_be_measured_says_why() -> None:
    plate = PlateSpec(rows=90, cols=50, pitch_mm=(5.0, 5.0), rate_hz=60.0)
    walk = WalkSpec(steps=1, first_heel_mm=60.0, step_width_mm=0.0)
    result = analyse_plate(simulate_walk(walk, plate).data)
    right = of(result, "contact_time", Side.RIGHT)
    assert right.value is None
    assert right.why_missing is not None
    assert right.why_missing.code == "contact_none"
    cadence = of(result, "cadence", None).why_missing
    assert cadence is not None
    assert cadence.code == "plate_too_few_steps"
    angle = of(result, "foot_progression_angle", Side.LEFT)
    assert angle.quality == "limited"
    assert [r.code for r in result.quality.reasons] == ["plate_line_unknown"]


def test_a_rejected_step_gives_its_reason() -> None:
    plate = PlateSpec(rows=300, cols=70, rate_hz=60.0, duration_s=1.6)
    walk = WalkSpec(start_s=-0.35, steps=5, first_heel_mm=300.0)
    result = analyse_plate(simulate_walk(walk, plate).data)
    assert result.rejected[0][0] == 1
    assert result.rejected[0][1].code == "contact_cut_at_start"


def test_corrections_by_hand_are_obeyed(one_step: SimulatedPlate) -> None:
    borders = RegionBorders(
        heel=0.4,
        forefoot=0.6,
        toes=0.8,
        hallux=0.4,
        metatarsals=(0.2, 0.4, 0.6, 0.8),
        seams=False,
    )
    corrected = analyse_plate(
        one_step.data,
        corrections=[ContactCorrection(number=1, side=Side.RIGHT, borders=borders)],
    )
    (foot,) = corrected.feet
    assert foot.side is Side.RIGHT
    assert foot.contact.side_method == "user"
    assert foot.contact.borders == borders
    left_out = analyse_plate(
        one_step.data, corrections=[ContactCorrection(number=1, use=False)]
    )
    assert left_out.rejected[0][1].code == "contact_excluded"
    turned = analyse_plate(
        one_step.data,
        corrections=[
            ContactCorrection(number=1, heel_mm=(0.0, 0.0), toe_mm=(-100.0, 100.0))
        ],
    )
    axis = turned.feet[0].contact.axis
    assert axis is not None
    assert axis.angle_deg == pytest.approx(45.0)
    assert axis.method == "manual"
    with pytest.raises(InputError, match="names contact 7"):
        analyse_plate(one_step.data, corrections=[ContactCorrection(number=7)])


def test_load_shares_of_a_standing_person() -> None:
    plate = PlateSpec(rows=90, cols=90, pitch_mm=(5.0, 5.0), rate_hz=50.0)
    data = simulate_standing(WalkSpec(step_width_mm=180.0), plate, left_share=0.6)
    result = analyse_plate(data)
    assert of(result, "load_share", Side.LEFT, "total").value == pytest.approx(
        60, abs=1
    )
    assert of(result, "load_share", Side.RIGHT, "total").value == pytest.approx(
        40, abs=1
    )
    front = of(result, "load_share", Side.LEFT, "forefoot").value or 0
    rear = of(result, "load_share", Side.LEFT, "rearfoot").value or 0
    assert front + rear == pytest.approx(60, abs=1)
    assert of(result, "sway_area", None).quality == "limited"  # 2 s are short
    assert result.line is None


def test_the_sway_ellipse_holds_95_percent_of_the_points() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(20000, 2)) * (3.0, 5.0)
    assert ellipse_area_mm2(points) == pytest.approx(np.pi * 5.9915 * 15, rel=0.03)
    inside = ((points / (3.0, 5.0)) ** 2).sum(axis=1) < 5.9915
    assert inside.mean() == pytest.approx(0.95, abs=0.005)


def flipped(sim: SimulatedPlate, *, rows: bool, cols: bool) -> PlateResult:
    cells = sim.data["pressure"].to_numpy()
    turned = cells[:, :: -1 if rows else 1, :: -1 if cols else 1]
    data = sim.data.assign(pressure=(("time", "row", "col"), turned))
    return analyse_plate(data)


def test_a_mirrored_plate_gives_exactly_mirrored_results() -> None:
    plate = PlateSpec(rows=300, cols=70, rate_hz=60.0, duration_s=2.2, step_kpa=2.5)
    sim = simulate_walk(WalkSpec(toe_out_deg=(3.0, 14.0), line_deg=1.5), plate)
    plain = flipped(sim, rows=False, cols=False)
    mirrored = flipped(sim, rows=False, cols=True)
    assert len(plain.measurements) == len(mirrored.measurements)
    for m in plain.measurements:
        side = m.side.other if m.side else None
        twin = of(mirrored, m.name, side, m.region)
        assert twin.value == m.value, (m.name, m.side, m.region)
        assert (twin.n, twin.quality) == (m.n, m.quality)


def test_a_plate_turned_by_180_degrees_changes_nothing() -> None:
    plate = PlateSpec(rows=300, cols=70, rate_hz=60.0, duration_s=2.2, step_kpa=2.5)
    sim = simulate_walk(WalkSpec(toe_out_deg=(3.0, 14.0), line_deg=1.5), plate)
    plain = flipped(sim, rows=False, cols=False)
    turned = flipped(sim, rows=True, cols=True)
    assert plain.measurements == turned.measurements
    assert plain.frame.heading != turned.frame.heading


@pytest.mark.shared
def test_regions_agree_with_the_experts_and_sides_with_the_labels(
    shared_data: Path,
) -> None:
    folder = shared_data / "plates/emed"
    overlaps, sides = [], []
    for path in sorted(folder.glob("NP*.lst")):
        picture = loadmat(str(folder / f"labels/{path.stem}.mat"))["out_mat"]
        (contact,) = analyse_plate(read_plate(path).mats[0]).feet
        mask = contact.contact.regions
        assert mask is not None
        label = np.where(mask > 0, picture[::-1].astype(int), 0)
        hallux, lateral = (np.nonzero(picture == k)[1].mean() for k in (1, 3))
        sides.append((contact.side is Side.LEFT) == (hallux > lateral))
        overlaps.append(
            [
                (np.isin(mask, ours) & (label == theirs)).sum()
                / (np.isin(mask, ours) | (label == theirs)).sum()
                for theirs, ours in LABELS.items()
            ]
        )
    assert sides == [True] * 18
    hallux_j, medial, lateral_j, heel = np.mean(overlaps, axis=0)
    assert hallux_j >= 0.92
    assert medial >= 0.88
    assert lateral_j >= 0.82
    assert heel >= 0.95


@pytest.mark.shared
def test_the_real_walk_has_the_measured_steps(shared_data: Path) -> None:
    (path,) = (shared_data / "plates/footscan").glob("barefoot_4*")
    data = read_plate(path).mats[0]
    result = analyse_plate(data)
    assert result.quality.status == "ok"
    for side in Side:
        assert of(result, "contact_time", side).value == pytest.approx(0.62, abs=0.03)
        assert of(result, "foot_length", side).value == pytest.approx(246, abs=10)
    whole = sum(foot.load.force_n.sum() for foot in result.feet)
    assert whole == pytest.approx(total_force_n(data).sum(), rel=0.002)


def test_the_axis_methods_agree_on_a_straight_foot(one_step: SimulatedPlate) -> None:
    contact = analyse_plate(one_step.data).feet[0].contact
    angles = {}
    for method in ("heel_forefoot", "principal", "center_of_pressure_66", "rectangle"):
        foot = measure_foot(contact, settings=FootSettings(axis=method))
        assert foot is not None
        assert foot.contact.axis is not None
        angles[method] = foot.contact.axis.angle_deg
    assert angles["heel_forefoot"] == pytest.approx(7.0, abs=1.0)
    assert max(angles.values()) - min(angles.values()) < 12
