"""Repeatability and norm bands against numbers worked out by hand, and settings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gaitkit.archive.page import FEWEST_NORMAL, norm_band, within_subject
from gaitkit.archive.settings import BatchSettings
from gaitkit.errors import ConfigError

CADENCE = ("cadence", None, None, "/min")


def test_the_spread_within_people_is_that_of_the_analysis_of_variance() -> None:
    found = within_subject([[10.0, 12.0], [20.0, 20.0, 23.0], [7.0]])
    assert found is not None
    squares = 2.0 + 6.0  # about the means 11 and 21
    assert found[0] == pytest.approx(math.sqrt(squares / 3))
    assert found[1] < found[0] < found[2]


def test_differences_between_people_are_no_error() -> None:
    found = within_subject([[1.0, 1.0], [100.0, 100.0]])
    assert found is not None
    assert found[0] == 0.0


def test_the_interval_of_the_spread_covers_the_truth_as_often_as_it_says() -> None:
    chance, hits, rounds, sd = np.random.default_rng(3), 0, 400, 2.0
    for _ in range(rounds):
        people = chance.normal(0.0, 9.0, 12)[:, None] + chance.normal(0.0, sd, (12, 2))
        found = within_subject(people.tolist())
        assert found is not None
        hits += found[1] <= sd <= found[2]
    assert 0.92 < hits / rounds < 0.98


def test_without_repeats_nothing_is_said() -> None:
    assert within_subject([[1.0], [2.0]]) is None


def test_a_norm_band_holds_the_next_person_as_often_as_it_says() -> None:
    chance, hits, rounds = np.random.default_rng(4), 0, 800
    for _ in range(rounds):
        *own, another = chance.normal(110.0, 8.0, FEWEST_NORMAL + 1)
        band = norm_band(CADENCE, own)
        assert band is not None
        hits += band.low <= another <= band.high
    assert 0.93 < hits / rounds < 0.97


def test_a_norm_band_of_few_people_is_not_drawn() -> None:
    assert norm_band(CADENCE, [100.0] * (FEWEST_NORMAL - 1)) is None


def test_wrong_limits_of_a_batch_are_refused() -> None:
    for options, message in (
        ({"workers": 0}, "--workers is 0; expected 1 or more"),
        ({"workers": 2, "scheduler": "tcp://x:1"}, "leave one of them out"),
        ({"time_limit_s": 0.0}, "--time-limit is 0 s"),
        ({"recycle_after": 0}, "recycle_after is 0"),
    ):
        with pytest.raises(ConfigError, match=message):
            BatchSettings(**options)  # type: ignore[arg-type]
