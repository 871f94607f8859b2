"""Timing and lengths of strides and steps against exact truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gaitkit.gait.spatiotemporal import timing_values
from gaitkit.gait.walk import analyse_walk
from gaitkit.model.events import Event
from gaitkit.model.side import Side
from gaitkit.model.strides import Stride

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.model.strides import StrideValue
    from gaitkit_virtual.virtual_walk import VirtualWalk

    Walker = Callable[..., VirtualWalk]
    Film = Callable[..., xr.Dataset]
    Markers = Callable[..., xr.Dataset]
    Facts = Callable[..., WalkFacts]


def _values(
    values: Sequence[StrideValue], name: str, side: Side | None = None
) -> list[float]:
    return [v.value for v in values if v.name == name and v.side is side]


def _stride(**chosen: Any) -> Stride:
    return Stride(
        **{
            "recording": "walk",
            "side": Side.LEFT,
            "start_s": 10.0,
            "end_s": 11.0,
            "foot_off_s": 10.62,
            "opposite_foot_off_s": 10.12,
            "opposite_initial_contact_s": 10.52,
            **chosen,
        }
    )


def test_the_phases_of_one_stride_follow_from_its_four_events() -> None:
    values = timing_values([_stride()])
    expected = {
        "stride_time": 1.0,
        "step_time": 0.48,
        "stance": 62.0,
        "swing": 38.0,
        "single_support": 40.0,
    }
    for name, value in expected.items():
        assert _values(values, name, Side.LEFT) == [pytest.approx(value)]
    assert _values(values, "cadence") == [pytest.approx(120.0)]
    assert _values(values, "double_support") == [pytest.approx(22.0)]


def test_the_error_of_a_time_is_that_of_its_two_events() -> None:
    def event(kind: str, time_s: float) -> Event:
        return Event(
            recording="walk",
            side=Side.LEFT,
            kind=kind,
            time_s=time_s,
            method="test",
            sd_s=0.01,
        )

    start, end = event("initial_contact", 10.0), event("initial_contact", 11.0)
    values = timing_values([_stride()], [start, end])
    sd = {value.name: value.sd for value in values}
    assert sd["stride_time"] == pytest.approx(0.01 * 2**0.5)
    assert sd["cadence"] == pytest.approx(120 * 0.01 * 2**0.5)
    assert sd["stance"] is None


def test_the_step_of_a_stride_runs_from_the_other_foot_to_this_one() -> None:
    values = timing_values([_stride(opposite_initial_contact_s=10.6)])
    assert _values(values, "step_time", Side.LEFT) == [pytest.approx(0.4)]


def test_rejected_strides_give_no_value(
    walker: Walker, film: Film, facts: Facts
) -> None:
    result = analyse_walk(film(walker()), facts=facts())
    rejected = [
        Stride(**{f: getattr(s, f) for f in s.__dataclass_fields__})
        for s in result.strides
    ]
    assert timing_values([]) == ()
    assert len(_values(timing_values(rejected), "cadence")) == len(
        [s for s in result.strides if s.rejected is None]
    )


@pytest.mark.parametrize("name", ["stride_length", "step_length", "step_width"])
def test_lengths_from_markers_are_within_5_mm(
    walker: Walker, markers: Markers, facts: Facts, name: str
) -> None:
    virtual = walker(
        rate_hz=100.0, step_length_difference_m=0.06, step_time_difference_s=0.05
    )
    result = analyse_walk(markers(virtual), facts=facts("markers"))
    for side in Side:
        measured = np.mean(_values(result.stride_values, name, side))
        true = np.mean(_values(virtual.stride_values, name, side))
        assert measured == pytest.approx(true, abs=0.005)


def test_toes_out_is_measured_per_side_on_any_heading(
    walker: Walker, markers: Markers, facts: Facts
) -> None:
    virtual = walker(
        rate_hz=100.0,
        heading_deg=200.0,
        toe_out_left_deg=12.0,
        toe_out_right_deg=-4.0,
    )
    values = analyse_walk(markers(virtual), facts=facts("markers")).stride_values
    for side, true in ((Side.LEFT, 12.0), (Side.RIGHT, -4.0)):
        found = _values(values, "foot_progression_angle", side)
        assert np.mean(found) == pytest.approx(true, abs=0.5)


@pytest.mark.parametrize("view", ["sagittal_left", "sagittal_right"])
def test_a_film_shows_a_step_difference_and_invents_none(
    walker: Walker, film: Film, facts: Facts, view: str
) -> None:
    def difference(**chosen: float) -> float:
        virtual = walker(duration_s=6.0, **chosen)
        result = analyse_walk(film(virtual, view=view), facts=facts())
        left, right = (
            np.mean(_values(result.stride_values, "step_length", side)) for side in Side
        )
        return float(left - right)

    assert difference() == pytest.approx(0.0, abs=0.015)
    assert difference(step_length_difference_m=0.08) == pytest.approx(0.08, abs=0.02)


def test_a_film_shows_no_width_and_no_foot_angle(
    walker: Walker, film: Film, facts: Facts
) -> None:
    values = analyse_walk(film(walker()), facts=facts()).stride_values
    names = {v.name for v in values}
    assert "stride_length" in names
    assert not names & {"step_width", "foot_progression_angle"}


def test_the_speed_is_way_over_time_of_the_stride(
    walker: Walker, film: Film, facts: Facts
) -> None:
    virtual = walker()
    values = analyse_walk(film(virtual), facts=facts()).stride_values
    speed = np.mean(_values(values, "walking_speed"))
    length = np.mean(_values(values, "stride_length", Side.LEFT))
    time = np.mean(_values(values, "stride_time", Side.LEFT))
    assert speed == pytest.approx(length / time, rel=0.01)
    assert speed == pytest.approx(virtual.parameters.speed_m_s, rel=0.02)
