"""A film from behind asks the plates of its visit where the feet point."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gaitkit.model.analysis import Analysis
from gaitkit.model.measurement import Measurement
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.video_from_behind import AXIS_SD_DEG, plate_directions


def plate(
    angle_deg: float | None, sd_deg: float | None = 1.0, *, condition: Any = None
) -> Analysis:
    row = Measurement(
        name="foot_progression_angle",
        unit="deg",
        value=angle_deg,
        side=Side.LEFT,
        sd=sd_deg,
        low=None if angle_deg is None else angle_deg - 2.0,
        high=None if angle_deg is None else angle_deg + 2.0,
        n=3,
        method="plate",
        recording="plate_1",
    )
    return Analysis(
        recording=Recording(
            id="plate_1", kind="plate", sha256="0" * 64, condition=condition
        ),
        measurements=(row,),
    )


def test_the_direction_is_that_of_the_plate_and_the_axis_widens_its_error() -> None:
    found = plate_directions([plate(12.0)], condition=None)
    assert set(found) == {Side.LEFT}
    assert found[Side.LEFT].toe_out_deg == pytest.approx(12.0)
    assert found[Side.LEFT].sd_deg == pytest.approx((1.0 + AXIS_SD_DEG**2) ** 0.5)


def test_several_plates_are_weighed_by_their_error() -> None:
    found = plate_directions([plate(10.0, 1.0), plate(20.0, 3.0)], condition=None)
    assert found[Side.LEFT].toe_out_deg == pytest.approx(11.0)


def test_a_plate_with_shoes_tells_nothing_of_bare_feet() -> None:
    shod = plate(12.0, condition="shod")
    assert plate_directions([shod], condition="barefoot") == {}
    assert Side.LEFT in plate_directions([shod], condition="shod")


def test_nothing_measured_is_nothing_told() -> None:
    assert plate_directions([], condition=None) == {}


def test_plates_are_analysed_before_films_and_the_order_of_the_visit_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assess = import_module("gaitkit.pipeline.assess")
    known: list[int] = []

    def film(source: Any, subject: Any, *, others: Any, **rest: Any) -> Analysis:
        known.append(len(others))
        return Analysis(
            recording=Recording(id=rest["recording_id"], kind="video", sha256="0" * 64)
        )

    monkeypatch.setattr(assess, "analyse_video", film)
    monkeypatch.setitem(assess.ANALYSERS, "plate", lambda *_, **__: plate(12.0))
    visit = Visit(
        subject=Subject(),
        recordings=(
            RecordingInput(file=Path("one.mp4"), kind="video"),
            RecordingInput(file=Path("plate.csv"), kind="plate"),
            RecordingInput(file=Path("two.mp4"), kind="video"),
        ),
    )
    analyses = assess.analyse(visit)
    assert [each.recording.id for each in analyses] == ["video_1", "plate_1", "video_2"]
    assert known == [1, 1]
