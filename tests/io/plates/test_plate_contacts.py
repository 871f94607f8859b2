"""Contacts: counted, sided, directed and flagged as they truly are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, InputError
from gaitkit.gait.contacts.find import (
    Contacts,
    find_contacts,
    left_probabilities,
    place_logits,
)
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.io.plates.registry import read_plate
from gaitkit.model.contact import ContactFlag, Heading
from gaitkit.model.pressure import pressure, source_of
from gaitkit.model.side import Side
from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.walk import (
    PlateSpec,
    WalkSpec,
    simulate_standing,
    simulate_walk,
)

if TYPE_CHECKING:
    from pathlib import Path

PLATE = PlateSpec(
    rows=300, cols=70, pitch_mm=(7.62, 5.08), rate_hz=60.0, duration_s=2.2
)


def sides(found: Contacts) -> str:
    return "".join(contact.side[0] for contact in found.contacts)


def flags(found: Contacts) -> list[set[ContactFlag]]:
    return [set(contact.flags) for contact in found.contacts]


@pytest.mark.parametrize("heading", ["rows_down", "rows_up", "cols_up", "cols_down"])
@pytest.mark.parametrize("first", list(Side))
def test_a_walk_in_any_direction_has_its_contacts_and_sides(
    heading: Heading, first: Side
) -> None:
    plate = PLATE
    if heading.startswith("cols"):
        plate = PlateSpec(
            rows=50, cols=260, pitch_mm=(8.0, 8.0), rate_hz=60.0, duration_s=2.2
        )
    sim = simulate_walk(WalkSpec(heading=heading, first_side=first), plate)
    found = find_contacts(sim.data)
    assert found.frame.heading == heading
    assert [c.side for c in found.contacts] == [t.side for t in sim.contacts]
    assert all(c.side_confidence > 0.95 for c in found.contacts)
    assert not any(flags(found))


def test_a_foot_without_midfoot_contact_is_one_contact() -> None:
    high = SoleShape(midfoot=0.004)
    found = find_contacts(simulate_walk(WalkSpec(left=high, right=high), PLATE).data)
    assert len(found.contacts) == 3


def test_cut_records_and_edges_are_flagged_and_kept() -> None:
    walk = WalkSpec(start_s=-0.35, steps=5, first_heel_mm=300.0)
    short = PlateSpec(
        rows=300, cols=70, pitch_mm=(7.62, 5.08), rate_hz=60.0, duration_s=1.6
    )
    found = find_contacts(simulate_walk(walk, short).data)
    assert flags(found)[0] == {ContactFlag.CUT_AT_START}
    assert ContactFlag.CUT_AT_END in flags(found)[-1]
    off = find_contacts(simulate_walk(WalkSpec(first_heel_mm=-60.0), PLATE).data)
    assert ContactFlag.EDGE in flags(off)[0]
    assert ContactFlag.PARTIAL in flags(off)[0]
    assert flags(off)[1:] == [set(), set()]


def test_a_late_trigger_at_low_force_is_not_called_cut() -> None:
    found = find_contacts(simulate_walk(WalkSpec(start_s=-0.005), PLATE).data)
    assert not any(flags(found))


def test_steps_that_follow_in_the_same_place_stay_apart() -> None:
    walk = WalkSpec(step_length_mm=20.0, step_width_mm=0.0, step_time_s=0.75, steps=2)
    found = find_contacts(simulate_walk(walk, PLATE).data)
    assert len(found.contacts) == 2


def test_feet_that_touch_are_cut_and_say_so() -> None:
    walk = WalkSpec(step_length_mm=262.0, step_width_mm=40.0, step_time_s=0.4, steps=2)
    found = find_contacts(simulate_walk(walk, PLATE).data)
    assert len(found.contacts) == 2
    assert sides(found) == "lr"


def test_a_treadmill_is_unrolled_by_its_belt() -> None:
    plate = PlateSpec(
        rows=50, cols=120, pitch_mm=(8.46, 8.46), rate_hz=50.0, duration_s=3.0
    )
    walk = WalkSpec(
        heading="cols_up",
        first_heel_mm=450.0,
        belt_m_s=1.1,
        steps=5,
        step_length_mm=572.0,
    )
    found = find_contacts(simulate_walk(walk, plate).data)
    assert sides(found) == "lrlrl"
    assert found.frame.heading == "cols_up"
    extents = [c.pressure.shape[1] * 8.46 for c in found.contacts]
    assert max(extents) < 275


def test_standing_is_recognised_with_its_sides() -> None:
    data = simulate_standing(WalkSpec(step_width_mm=160.0), PLATE)
    found = find_contacts(data)
    assert found.standing
    assert not any(flags(found))  # standing through the record is not a cut step
    assert sides(found) == "lr"
    assert found.frame.heading == "rows_down"


def test_nobody_on_the_plate_is_an_error(one_step: object) -> None:
    empty = pressure(
        np.zeros((5, 20, 20)),
        time_s=np.arange(5) / 50,
        pitch_mm=(5.0, 5.0),
        source=source_of(one_step.data),  # type: ignore[attr-defined]
    )
    with pytest.raises(InputError, match="nobody stood on the plate"):
        find_contacts(empty)


def test_a_setting_out_of_range_names_its_key() -> None:
    with pytest.raises(ConfigError, match=r"contacts\.gap_mm is -1"):
        ContactSettings(gap_mm=-1.0)


def test_places_beside_the_line_are_exactly_antisymmetric() -> None:
    across = np.array([-50.0, 48.0, -45.0, 60.0])
    ahead = np.array([0.0, 610.0, 1250.0, 1830.0])
    assert np.array_equal(place_logits(across, ahead), -place_logits(-across, ahead))
    assert (place_logits(across, ahead) > 0).tolist() == [True, False, True, False]


def test_alternation_settles_an_unclear_contact() -> None:
    chances = left_probabilities([3.0, 0.0, 3.0])
    assert chances[1] < 0.02
    alone = left_probabilities([0.0])
    assert alone[0] == pytest.approx(0.5)


@pytest.mark.shared
def test_the_two_human_walks_have_three_alternating_contacts(shared_data: Path) -> None:
    expected = {
        "barefoot_1": [{ContactFlag.EDGE, ContactFlag.CUT_AT_START}, set(), set()],
        "barefoot_4": [set(), set(), set()],
    }
    for name, marks in expected.items():
        (path,) = (shared_data / "plates/footscan").glob(f"{name}*")
        found = find_contacts(read_plate(path).mats[0])
        assert len(found.contacts) == 3
        assert sides(found) in {"lrl", "rlr"}
        assert flags(found) == marks


@pytest.mark.shared
def test_the_treadmill_sides_agree_with_the_vendors_forces(shared_data: Path) -> None:
    (path,) = (shared_data / "plates/zebris").iterdir()
    found = find_contacts(read_plate(path).mats[0])
    assert len(found.contacts) == 27
    assert sides(found) == "rl" * 13 + "r"  # vendor: left force from 0.38 s to 1.04 s
    assert found.contacts[1].time_s[0] == pytest.approx(0.38, abs=0.02)


@pytest.mark.shared
def test_insoles_that_state_their_side_are_recognised_by_shape(
    shared_data: Path,
) -> None:
    for name, side in (("subj_01L.asf", Side.LEFT), ("subj_01R.asf", Side.RIGHT)):
        data = read_plate(shared_data / "plates/tekscan" / name).mats[0]
        found = find_contacts(data)
        assert {contact.side for contact in found.contacts} == {side}
        assert len(found.contacts) >= 6
