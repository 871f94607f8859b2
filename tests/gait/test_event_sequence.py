"""Events that no walk can hold are removed; detectors are fused by their error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.gait.events.candidates import Candidate
from gaitkit.gait.events.extremes import peaks, upward_crossings
from gaitkit.gait.events.fusion import Timed, fuse, fuse_all
from gaitkit.gait.events.sequence import possible, typical_stride_s

if TYPE_CHECKING:
    from collections.abc import Sequence


def _at(kind: str, *times_s: float, strength: float = 1.0) -> list[Candidate]:
    return [Candidate(kind=kind, time_s=t, strength=strength) for t in times_s]


CONTACTS = _at("initial_contact", 0.0, 1.1, 2.2, 3.3)
OFFS = _at("foot_off", 0.68, 1.78, 2.88)


def _times(candidates: Sequence[Candidate], kind: str) -> list[float]:
    return [each.time_s for each in candidates if each.kind == kind]


def test_a_possible_sequence_is_kept_whole() -> None:
    assert len(possible([*CONTACTS, *OFFS])) == 7


def test_of_two_contacts_within_half_a_stride_the_stronger_stays() -> None:
    weak = _at("initial_contact", 1.3, strength=0.4)
    kept = possible([*CONTACTS, *OFFS, *weak])
    assert _times(kept, "initial_contact") == [0.0, 1.1, 2.2, 3.3]


@pytest.mark.parametrize("time_s", [1.2, 2.15])
def test_a_foot_off_at_an_impossible_phase_is_removed(time_s: float) -> None:
    kept = possible([*CONTACTS, *_at("foot_off", 0.68, time_s, 2.88)])
    assert _times(kept, "foot_off") == [0.68, 2.88]


def test_a_contact_right_after_a_foot_off_is_removed() -> None:
    early = _at("initial_contact", 3.05, strength=0.9)
    kept = possible([*CONTACTS[:3], *OFFS, *early])
    assert _times(kept, "initial_contact") == [0.0, 1.1, 2.2]


def test_a_missing_event_is_not_invented() -> None:
    kept = possible([*CONTACTS, *_at("foot_off", 0.68, 2.88)])
    assert _times(kept, "foot_off") == [0.68, 2.88]


def test_a_foot_off_before_the_first_contact_is_judged_by_the_next_one() -> None:
    assert _times(possible([*CONTACTS, *_at("foot_off", -0.42)]), "foot_off") == [-0.42]
    assert _times(possible([*CONTACTS, *_at("foot_off", -0.02)]), "foot_off") == []


def test_the_typical_stride_is_the_median_interval_of_one_kind() -> None:
    assert typical_stride_s([*CONTACTS, *OFFS]) == pytest.approx(1.1)
    assert typical_stride_s([]) == pytest.approx(1.1)


def test_fusion_weights_by_one_over_the_squared_error() -> None:
    first, second = _at("foot_off", 1.0, 1.03)
    fused = fuse(
        Timed(candidate=first, sd_s=0.01), [[Timed(candidate=second, sd_s=0.02)]]
    )
    assert fused.candidate.time_s == pytest.approx(1.006)
    assert fused.sd_s >= 0.5 * 0.01


def test_detectors_that_disagree_widen_the_error_and_lower_agreement() -> None:
    def fused(apart_s: float) -> Timed:
        first, second = _at("foot_off", 1.0, 1.0 + apart_s)
        return fuse(
            Timed(candidate=first, sd_s=0.01), [[Timed(candidate=second, sd_s=0.01)]]
        )

    assert fused(0.0).agreement == 1.0
    assert fused(0.08).agreement < 0.5
    assert fused(0.08).sd_s == pytest.approx(0.04)


def test_another_event_is_not_mistaken_for_the_same() -> None:
    first, second = _at("foot_off", 1.0, 1.2)
    alone = fuse(
        Timed(candidate=first, sd_s=0.01), [[Timed(candidate=second, sd_s=0.01)]]
    )
    assert alone.candidate.time_s == 1.0


def test_what_the_first_detector_misses_the_second_adds() -> None:
    first = [Timed(candidate=c, sd_s=0.01) for c in [*CONTACTS, *OFFS[:2]]]
    second = [Timed(candidate=c, sd_s=0.02) for c in OFFS]
    fused = fuse_all([first, second])
    assert _times([each.candidate for each in fused], "foot_off") == pytest.approx(
        [0.68, 1.78, 2.88]
    )


def test_a_peak_is_timed_between_samples() -> None:
    time = np.arange(0, 3, 1 / 30)
    wave = np.cos(2 * np.pi * (time - 0.512))
    found = peaks(wave, time_s=time, prominence=0.5)
    assert [t for t, _ in found] == pytest.approx([0.512, 1.512, 2.512], abs=0.001)


def test_the_edge_of_what_is_seen_is_no_peak() -> None:
    time = np.arange(0, 2, 1 / 30)
    rising = np.where(time < 1.0, time, np.nan)
    assert peaks(rising, time_s=time, prominence=0.1) == []


def test_a_crossing_is_interpolated_and_not_made_across_a_gap() -> None:
    time = np.arange(6.0)
    values = np.array([-1.0, 3.0, -1.0, np.nan, 2.0, 3.0])
    assert upward_crossings(values, time_s=time) == pytest.approx([0.25])
