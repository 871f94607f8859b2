"""Strides from events: which take part, and why others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gaitkit.errors import ConfigError
from gaitkit.gait.strides import StrideSettings, find_strides
from gaitkit.model.events import Event
from gaitkit.model.keypoints import GAIT, keypoints
from gaitkit.model.side import Side
from gaitkit.signal.passes import WalkPass

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from gaitkit.model.strides import Stride

STRIDE_S = 1.1


def _event(side: str, kind: str, time_s: float, confidence: float = 1.0) -> Event:
    return Event(
        recording="walk",
        side=Side(side),
        kind=kind,
        time_s=time_s,
        method="test",
        confidence=confidence,
    )


def _events(strides: int = 4, stride_s: float = STRIDE_S) -> list[Event]:
    """Return a perfect walk: left contact at 0.5 s, stance 62 %, even steps."""
    events = []
    for n in range(-1, strides + 1):
        for side, start in (("left", 0.5), ("right", 0.5 + stride_s / 2)):
            contact = start + n * stride_s
            events.append(_event(side, "initial_contact", contact))
            events.append(_event(side, "foot_off", contact + 0.62 * stride_s))
    whole = [each for each in events if each.time_s >= 0.5]
    return sorted(whole, key=lambda each: each.time_s)


def _walking(duration_s: float = 12.0) -> xr.Dataset:
    time = np.arange(0, duration_s, 0.02)
    position = np.zeros((time.size, 2, len(GAIT)))
    return keypoints(
        position,
        np.ones((time.size, len(GAIT))),
        time_s=time,
        names=GAIT,
        space=("forward", "up"),
        space_unit="m",
    )


def _pass(start_s: float = 0.0, end_s: float = 12.0, **chosen: Any) -> WalkPass:
    return WalkPass(
        **{
            "number": 0,
            "start_s": start_s,
            "end_s": end_s,
            "direction": (1.0,),
            "kind": "overground",
            "speed": 1.2,
            "starts": "edge",
            "ends": "edge",
            **chosen,
        }
    )


def _strides(
    events: Sequence[Event],
    *,
    walking: xr.Dataset | None = None,
    passes: tuple[WalkPass, ...] | None = None,
    **settings: float,
) -> tuple[Stride, ...]:
    return find_strides(
        _walking() if walking is None else walking,
        events,
        passes=passes or (_pass(),),
        recording="walk",
        settings=StrideSettings(**settings),
    )


def _codes(strides: Sequence[Stride]) -> list[str]:
    return [s.rejected.code for s in strides if s.rejected is not None]


def test_a_perfect_walk_gives_every_stride_of_both_feet() -> None:
    strides = _strides(_events(4))
    assert [s.side for s in strides].count(Side.LEFT) == 4
    assert [s.side for s in strides].count(Side.RIGHT) == 4
    assert _codes(strides) == []
    first = strides[0]
    assert (first.start_s, first.end_s) == (0.5, pytest.approx(1.6))
    assert first.foot_off_s == pytest.approx(0.5 + 0.62 * STRIDE_S)
    assert first.opposite_initial_contact_s == pytest.approx(0.5 + 0.5 * STRIDE_S)
    assert first.complete


def test_no_stride_spans_two_passes() -> None:
    passes = (_pass(0.0, 2.0), _pass(2.0, 12.0, number=1))
    strides = _strides(_events(4), passes=passes)
    assert {s.walk_pass for s in strides} == {0, 1}
    for stride in strides:
        inside = (0.0, 2.0) if stride.walk_pass == 0 else (2.0, 12.0)
        assert inside[0] <= stride.start_s < stride.end_s <= inside[1]


def test_a_stride_with_a_missing_foot_off_is_incomplete() -> None:
    events = [e for e in _events(3) if not (e.kind == "foot_off" and 1 < e.time_s < 2)]
    assert "stride_incomplete" in _codes(_strides(events))


def test_a_missed_contact_makes_a_stride_that_is_no_stride() -> None:
    events = [
        e
        for e in _events(4)
        if not (
            e.side is Side.LEFT
            and e.kind == "initial_contact"
            and abs(e.time_s - 0.5 - STRIDE_S) < 0.01
        )
    ]
    strides = [s for s in _strides(events) if s.side is Side.LEFT]
    assert strides[0].duration_s == pytest.approx(2 * STRIDE_S)
    assert _codes(strides) == ["stride_incomplete"]


@pytest.mark.parametrize(
    ("stride_s", "code"), [(0.4, "stride_too_short"), (3.4, "stride_too_long")]
)
def test_strides_out_of_range_say_so(stride_s: float, code: str) -> None:
    strides = _strides(_events(2, stride_s))
    assert set(_codes(strides)) == {code}
    assert all(s.rejected is not None for s in strides)


def test_a_keypoint_missing_for_a_third_of_a_stride_rejects_it() -> None:
    walking = _walking()
    walking["position"].loc[{"time": slice(0.6, 1.0), "keypoint": "left_knee"}] = np.nan
    strides = _strides(_events(3), walking=walking)
    rejected = [s for s in strides if s.rejected is not None]
    assert [(s.side, s.start_s) for s in rejected] == [(Side.LEFT, 0.5)]
    assert rejected[0].rejected.code == "stride_gap"
    assert "38 %" in rejected[0].rejected.text.en


def test_an_uncertain_event_rejects_every_stride_that_uses_it() -> None:
    events = _events(3)
    index = next(i for i, e in enumerate(events) if e.time_s > 1.0)
    weak = events[index]
    events[index] = _event(weak.side, weak.kind, weak.time_s, confidence=0.05)
    strides = _strides(events)
    assert weak.kind == "initial_contact"
    using = [
        s
        for s in strides
        if weak.time_s in (s.start_s, s.end_s, s.opposite_initial_contact_s)
    ]
    assert len(using) == 2
    assert all(s.rejected.code == "stride_uncertain" for s in using)
    assert len(_codes(strides)) == len(using)


def test_a_stride_far_from_the_median_is_an_outlier() -> None:
    events = _events(5)
    shifted = [
        _event(e.side, e.kind, e.time_s + 0.6 * (e.time_s > 4.5)) for e in events
    ]
    codes = _codes(_strides(shifted))
    assert set(codes) <= {"stride_outlier", "stride_incomplete"}
    assert "stride_outlier" in codes


def test_first_and_last_stride_of_a_pass_that_starts_and_stops_in_view_go() -> None:
    passes = (_pass(starts="stop", ends="stop"),)
    strides = [s for s in _strides(_events(4), passes=passes) if s.side is Side.LEFT]
    codes = [s.rejected.code if s.rejected else None for s in strides]
    assert codes == ["stride_first_or_last", None, None, "stride_first_or_last"]


def test_feet_that_leave_in_the_wrong_order_are_refused() -> None:
    events = [
        e
        if not (e.kind == "foot_off" and e.side is Side.RIGHT)
        else _event(e.side, e.kind, e.time_s + 0.45)
        for e in _events(3)
    ]
    assert "stride_out_of_order" in _codes(_strides(events))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"min_stride_s": 3.0, "max_stride_s": 2.0}, r"strides\.min_stride_s must lie"),
        ({"max_missing": 0.0}, r"strides\.max_missing must lie between 0 and 1, got 0"),
    ],
)
def test_settings_that_contradict_are_refused(
    settings: dict[str, float], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        StrideSettings(**settings)


def _speeding(duration_s: float = 12.0) -> xr.Dataset:
    """Return a body that speeds up all the way: its first strides are slower."""
    walking = _walking(duration_s)
    position = walking["position"].copy(deep=True)
    position.loc[{"space": "forward"}] = (0.2 * walking["time"] ** 2).broadcast_like(
        position.sel(space="forward")
    )
    return walking.assign(position=position)


def test_unsteady_strides_are_used_where_a_foot_has_no_other() -> None:
    """One stride of each foot while the body speeds up: a short walkway."""
    passes = (_pass(end_s=4.0, starts="stop"),)
    (left, right) = _strides(_events(1), walking=_speeding(), passes=passes)
    assert (left.rejected, left.hurried) == (None, True)
    assert (right.rejected, right.hurried) == (None, True)


def test_unsteady_strides_stay_out_where_a_foot_has_others() -> None:
    passes = (_pass(starts="stop"),)
    strides = _strides(_events(4), walking=_speeding(), passes=passes)
    assert _codes(strides) == ["stride_first_or_last"] * 2
    assert not any(each.hurried for each in strides)


def test_an_unsteady_stride_of_an_unsure_event_is_not_used() -> None:
    """A short walkway is no excuse for events that nobody saw."""
    events = [
        _event(each.side, each.kind, each.time_s, confidence=0.1) for each in _events(1)
    ]
    passes = (_pass(end_s=4.0, starts="stop"),)
    strides = _strides(events, walking=_speeding(), passes=passes)
    assert _codes(strides) == ["stride_first_or_last"] * 2
    assert not any(each.hurried for each in strides)


def _with_late_contact(late_s: float, strides: int = 6) -> list[Event]:
    """Return a walk whose third left contact comes late."""
    wrong_s = 0.5 + 2 * STRIDE_S
    return [
        _event(each.side, each.kind, each.time_s + late_s)
        if each.side is Side.LEFT
        and each.kind == "initial_contact"
        and each.time_s == pytest.approx(wrong_s)
        else each
        for each in _events(strides)
    ]


def test_no_stride_rests_on_the_event_that_makes_another_wrong() -> None:
    """A contact 0.35 s late: one stride is an outlier, the next one is short."""
    strides = _strides(_with_late_contact(0.35))
    wrong_s = 0.5 + 2 * STRIDE_S + 0.35
    at_fault = [
        each
        for each in strides
        if pytest.approx(wrong_s)
        in (each.start_s, each.end_s, each.opposite_initial_contact_s)
    ]
    assert len(at_fault) >= 3
    assert all(each.rejected is not None for each in at_fault)


def test_a_stride_of_usual_time_beside_a_wrong_one_is_kept() -> None:
    """The wrong stride ends where a sound one begins; that contact was not at fault."""
    strides = _strides(_with_late_contact(0.0))
    assert _codes(strides) == []
    late = _strides(_with_late_contact(0.35))
    kept = [each for each in late if each.rejected is None]
    assert all(abs(each.duration_s - STRIDE_S) < 0.12 * STRIDE_S for each in kept)
    assert len(kept) >= 7
