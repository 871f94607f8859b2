"""Several passes over a plate stand as one row, whose interval is never too narrow."""

from __future__ import annotations

import pytest

from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.report.over_plates import mean_over_plates

PLATES = {"plate_1", "plate_2"}


def step_time(value: float, recording: str | None, *, n: int) -> Measurement:
    return Measurement(
        name="step_time",
        unit="s",
        value=value,
        side=Side.LEFT,
        sd=0.04,
        low=value - 0.08,
        high=value + 0.08,
        dof=float(n),
        n=n,
        recording=recording,
    )


def test_passes_become_one_mean_weighted_by_steps() -> None:
    film = step_time(0.55, "walk", n=10)
    passes = (step_time(0.50, "plate_1", n=1), step_time(0.53, "plate_2", n=2))
    mean, other = mean_over_plates((*passes, film), PLATES)
    assert mean.value == pytest.approx(0.52)
    assert (mean.low, mean.high) == (pytest.approx(0.44), pytest.approx(0.60))
    assert (mean.sd, mean.dof, mean.n) == (pytest.approx(0.04), 1.0, 3)
    assert mean.recording is None
    assert other is film


def test_a_measure_averaged_over_the_visit_already_stays_as_it_is() -> None:
    rows = (step_time(0.52, None, n=3), step_time(0.50, "plate_1", n=1))
    assert mean_over_plates(rows, PLATES) == rows
