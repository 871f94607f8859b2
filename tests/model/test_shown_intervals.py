"""Intervals as people read them stay inside what a person can have."""

from __future__ import annotations

import pytest

from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of


@pytest.mark.parametrize(
    ("name", "region", "value", "ends", "shown"),
    [
        ("peak_pressure", "total", 93.0, (-53.0, 239.0), "0 tot 239"),
        ("stance", None, 93.0, (88.0, 99.0), "88,0 tot 95,0"),
        ("cadence", None, 110.0, (105.0, 115.0), "105 tot 115"),
    ],
)
def test_no_interval_goes_beyond_what_is_possible(
    name: str,
    region: str | None,
    value: float,
    ends: tuple[float, float],
    shown: str,
) -> None:
    entry = definition(name)
    made = Measurement(
        name=name, unit=entry.unit, value=value, region=region,
        side=Side.LEFT if entry.sided else None,
        sd=5.0, low=ends[0], high=ends[1], n=4, method="x",
    )  # fmt: skip
    assert interval_of(made, "nl") == shown
    assert (made.low, made.high) == ends, "the number itself keeps its error"
