"""A plate and a film of one virtual walk: one clock, and agreement of both."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.gait.clock import find_clock, paired
from gaitkit.measure.agreement import agreement_of_measures, agreement_of_stance
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason
from gaitkit.model.recording import ClockOffset
from gaitkit.model.side import Side
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.plate.under_walk import PlatePlace, plate_under_walk
from gaitkit_virtual.plate.walk import PlateSpec
from gaitkit_virtual.walker import walk

if TYPE_CHECKING:
    from gaitkit.model.events import Event
    from gaitkit.model.plate import PlateResult

UNEVEN = WalkerParameters(
    height_m=1.72,
    stride_length_m=1.2,
    stride_time_sd_s=0.05,
    step_time_difference_s=0.06,
)
EVEN = dataclasses.replace(UNEVEN, stride_time_sd_s=0.0)
PLATE = PlateSpec(rows=480, cols=44, pitch_mm=(5.0, 5.0), rate_hz=100.0, duration_s=3.0)
BEGINS_S = 2.5
WALK_S = 8.0
FILM_SD_S = 0.015
SEED = 8


def film_of(parameters: WalkerParameters) -> list[Event]:
    """The true events of a walk, as a film of 50 frames a second would time them."""
    noise = np.random.default_rng(4)
    walked = walk(parameters, duration_s=WALK_S, rate_hz=50.0, seed=SEED)
    return [
        dataclasses.replace(
            event, time_s=event.time_s + noise.normal(0, FILM_SD_S), sd_s=FILM_SD_S
        )
        for event in walked.events
    ]


def plate_of(parameters: WalkerParameters) -> PlateResult:
    place = PlatePlace(start_m=2.7, begins_at_s=BEGINS_S)
    simulated = plate_under_walk(
        parameters, plate=PLATE, place=place, duration_s=WALK_S, seed=SEED
    )
    return analyse_plate(simulated.data)


@pytest.fixture(scope="module")
def uneven() -> PlateResult:
    return plate_of(UNEVEN)


@pytest.fixture(scope="module")
def even() -> PlateResult:
    return plate_of(EVEN)


def test_the_plate_sees_the_steps_of_the_walker(uneven: PlateResult) -> None:
    truth = walk(UNEVEN, duration_s=WALK_S, rate_hz=50.0, seed=SEED).events
    pairs = paired(uneven.events, truth, offset_s=BEGINS_S)
    assert len(pairs) >= 6
    apart = [p.other.time_s + BEGINS_S - p.reference.time_s for p in pairs]
    assert np.abs(apart).max() < 1.5 / PLATE.rate_hz
    assert {foot.side for foot in uneven.feet} == set(Side)


def test_an_uneven_walk_is_found_in_the_film(uneven: PlateResult) -> None:
    found = find_clock(uneven.events, film_of(UNEVEN))
    assert isinstance(found, ClockOffset)
    assert found.method == "contacts"
    assert found.offset_s == pytest.approx(BEGINS_S, abs=3 * found.sd_s)
    assert found.offset_s == pytest.approx(BEGINS_S, abs=0.02)


def test_an_even_walk_fits_at_several_places_and_nothing_is_claimed(
    even: PlateResult,
) -> None:
    found = find_clock(even.events, film_of(EVEN))
    assert isinstance(found, Reason)
    assert found.code == "clock_ambiguous"
    assert "starts_at_s" in found.advice.en


def test_a_film_of_the_steps_over_the_plate_fits_at_one_place(
    even: PlateResult,
) -> None:
    low, high = BEGINS_S + even.events[0].time_s, BEGINS_S + even.events[-1].time_s
    film = [e for e in film_of(EVEN) if low - 0.1 < e.time_s < high + 0.1]
    found = find_clock(even.events, film)
    assert isinstance(found, ClockOffset)
    assert found.offset_s == pytest.approx(BEGINS_S, abs=0.02)


def test_a_marked_start_chooses_and_the_contacts_refine(even: PlateResult) -> None:
    found = find_clock(even.events, film_of(EVEN), marked_s=BEGINS_S + 0.15)
    assert isinstance(found, ClockOffset)
    assert found.method == "marked_contacts"
    assert found.offset_s == pytest.approx(BEGINS_S, abs=0.02)


def test_a_mark_where_nothing_fits_stands_alone(even: PlateResult) -> None:
    found = find_clock(even.events, film_of(EVEN), marked_s=60.0)
    assert isinstance(found, ClockOffset)
    assert (found.method, found.offset_s, found.events) == ("marked", 60.0, 0)


def test_another_walk_does_not_fit(uneven: PlateResult) -> None:
    slow = dataclasses.replace(EVEN, stride_time_s=1.6)
    found = find_clock(uneven.events, film_of(slow))
    assert isinstance(found, Reason)
    assert found.code == "clock_no_match"


def test_the_same_steps_stand_equally_long_in_both(uneven: PlateResult) -> None:
    rows = agreement_of_stance(film_of(UNEVEN), uneven.events, offset_s=BEGINS_S)
    assert {row.side for row in rows} == set(Side)
    for row in rows:
        assert row.n >= 1
        assert abs(row.difference) < 3 * FILM_SD_S
        assert row.agrees


def test_without_one_clock_averages_are_compared(even: PlateResult) -> None:
    rows = agreement_of_stance(film_of(EVEN), even.events, offset_s=None)
    assert [row.n for row in rows] == [0, 0]
    assert all(row.agrees for row in rows)


def test_a_measure_of_both_is_compared_with_both_errors() -> None:
    def toe_out(value: float, sd: float) -> Measurement:
        return Measurement(
            name="foot_progression_angle", unit="deg", value=value, side=Side.LEFT,
            sd=sd, n=3,
        )  # fmt: skip

    (near,) = agreement_of_measures([toe_out(7.0, 3.0)], [toe_out(10.0, 4.0)])
    assert near.difference == 3.0
    assert near.high == pytest.approx(3.0 + 1.96 * 5.0, abs=0.01)
    assert near.agrees
    (far,) = agreement_of_measures([toe_out(7.0, 0.3)], [toe_out(10.0, 0.4)])
    assert far.agrees is False


def test_a_plate_that_nobody_meets_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no step meets the plate at 90 m"):
        plate_under_walk(
            EVEN,
            plate=PLATE,
            place=PlatePlace(start_m=90.0, begins_at_s=0.0),
            duration_s=2.0,
        )
