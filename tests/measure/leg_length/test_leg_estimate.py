"""The estimate of a visit, from what stands in its examination and recordings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitkit.errors import CatalogueError
from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.estimate import estimate_leg_length, estimate_rows
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    AcquiredCause,
    BlockTest,
    Examination,
    FootExamination,
    ImagingReading,
    TapeReading,
)

if TYPE_CHECKING:
    from gaitkit.model.leg_length import LegLengthEstimate

calm = settings(deadline=None, derandomize=True, max_examples=60)
NAME = "structural_leg_length_difference"
NOBODY = Subject()


def examined(
    *,
    tape_mm: float | None = None,
    block_mm: float | None = None,
    x_ray_mm: float | None = None,
    acquired: bool = False,
) -> Examination:
    tape = () if tape_mm is None else (
        TapeReading(side=Side.LEFT, length_mm=880.0 + tape_mm),
        TapeReading(side=Side.RIGHT, length_mm=880.0),
    )  # fmt: skip
    side = Side.RIGHT if (block_mm or 0.0) >= 0 else Side.LEFT
    return Examination(
        tape=tape,
        block_tests=()
        if block_mm is None
        else (BlockTest(side=side, height_mm=abs(block_mm)),),
        imaging=()
        if x_ray_mm is None
        else (ImagingReading(method="x_ray", difference_mm=x_ray_mm),),
        acquired_causes=(AcquiredCause(cause="fracture"),) if acquired else (),
    )


def row(
    method: str, value: float, sd: float, recording: str | None = "r"
) -> Measurement:
    return Measurement(
        name=NAME,
        unit="mm",
        value=value,
        sd=sd,
        n=1,
        method=method,
        recording=recording,
    )


def estimated(examination: Examination, *rows: Measurement) -> LegLengthEstimate | None:
    measured = (*measure_examination(examination), *rows)
    return estimate_leg_length(measured, examination, subject=NOBODY)


def surely(examination: Examination, *rows: Measurement) -> LegLengthEstimate:
    found = estimated(examination, *rows)
    assert found is not None
    return found


def test_nothing_measured_gives_no_estimate() -> None:
    assert estimated(Examination()) is None


def test_a_tape_of_ten_millimetres_is_mostly_prior() -> None:
    found = surely(examined(tape_mm=10.0))
    assert found.prior == "clinic"
    assert 3.0 < found.mean_mm < 4.0
    assert 5.0 < found.sd_mm < 6.0
    assert found.low_mm < 0 < found.high_mm
    (tape,) = found.methods
    assert (tape.method, tape.weight, tape.n, tape.raters) == ("tape", 1.0, 2, 1)
    assert tape.alone_mm == pytest.approx(found.mean_mm)


def test_an_acquired_cause_takes_the_wide_prior() -> None:
    found = surely(examined(tape_mm=10.0, acquired=True))
    assert found.prior == "acquired"
    # by hand: ten, times 400 over 400 + 74, less what a gross error leaves
    assert found.mean_mm == pytest.approx(8.44, abs=0.4)
    assert found.wide_density == found.posterior_density


def test_hand_methods_are_counted_once() -> None:
    found = surely(examined(tape_mm=8.0, block_mm=10.0))
    assert [m.method for m in found.methods] == ["tape", "block_test"]
    assert math.fsum(m.weight for m in found.methods) == pytest.approx(1.0)
    assert found.disagreements == ()


def test_rows_of_pictures_count_through_their_pictures_only() -> None:
    rows = (
        row("stance_stickers", 9.0, 4.0),
        row("block_test_stickers", 10.0, 3.5, recording=None),
    )
    assert surely(examined(tape_mm=8.0), *rows).kinds == ("tape",)
    tilt = PelvisTilt(recording="r", line="asis", tilt_mm=6.0, sd_mm=0.7)
    examination = examined(tape_mm=8.0)
    found = estimate_leg_length(
        (*measure_examination(examination), *rows),
        examination,
        subject=NOBODY,
        tilts=[tilt],
    )
    assert found is not None
    assert found.kinds == ("tape", "pictures")
    assert found.unconfirmed


def test_what_is_told_holds_under_both_priors() -> None:
    found = surely(examined(tape_mm=20.0, block_mm=22.0))
    over = found.chance_over(5.0, way="left")
    assert over.least < found.chances_over(5.0, way="left")["nothing"] == over.most
    assert found.low_mm < found.mean_mm < 20.0 < found.high_mm
    assert found.chance_over(10.0).least == pytest.approx(found.p_over_10, abs=1e-4)


def test_landmarks_are_shown_and_do_not_count() -> None:
    found = surely(examined(tape_mm=2.0), row("stance_landmarks", 20.0, 8.0))
    assert found.mean_mm == surely(examined(tape_mm=2.0)).mean_mm
    shown = found.methods[-1]
    assert shown.why_not_used is not None
    assert shown.why_not_used.code == "leg_length_landmarks_unconfirmed"


def test_a_tape_that_every_file_repeats_is_one_reading() -> None:
    files = [row("tape", 6.0, 8.6, f"markers_{n}") for n in range(4)]
    found = surely(Examination(), *files)
    (tape,) = found.methods
    assert tape.raters == 1
    assert tape.sd_mm == pytest.approx(8.6)


def test_markers_far_apart_on_legs_equal_by_tape_say_little() -> None:
    placed = "markers, ASIS to medial malleolus in standing"
    found = surely(examined(tape_mm=0.0), row(placed, -27.0, 15.0))
    assert abs(found.mean_mm) < 5.0
    assert found.p_over_5 < 0.5
    assert found.low_mm < -10.0 < 5.0 < found.high_mm


def test_a_row_of_the_estimate_itself_is_never_evidence() -> None:
    assert estimated(Examination(), row("posterior", 5.0, 2.0, None)) is None


def test_a_method_that_nobody_described_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"method 'pendulum' is not in .*methods"):
        estimated(Examination(), row("pendulum", 5.0, 2.0))


def test_a_walk_alone_gives_no_estimate_and_beside_others_does_not_count() -> None:
    walked = row("two_directions", 20.0, 8.0)
    assert estimated(Examination(), walked) is None
    found = surely(examined(tape_mm=2.0), walked)
    plain = surely(examined(tape_mm=2.0))
    assert found.mean_mm == plain.mean_mm
    shown = found.methods[-1]
    assert (shown.method, shown.weight, shown.alone_mm) == ("two_directions", 0.0, None)
    assert shown.why_not_used is not None
    assert shown.why_not_used.code == "leg_length_walk_unconfirmed"


def test_methods_that_contradict_are_named_with_their_statistics() -> None:
    found = surely(examined(tape_mm=30.0, x_ray_mm=1.0))
    (pair,) = found.disagreements
    assert found.contradicting
    assert pair.code == "leg_length_methods_contradict"
    assert "meetlint (SIAS tot malleolus) (30 mm)" in pair.text.nl
    assert "differ by 29 mm, 3.3 times" in pair.text.en
    # the wild tape does not drag the picture of the bones along
    alone = surely(examined(x_ray_mm=1.0))
    assert found.mean_mm == pytest.approx(alone.mean_mm, abs=0.5)


def test_two_methods_of_one_kind_are_no_two_kinds() -> None:
    book = Examination(
        block_tests=(
            BlockTest(side=Side.RIGHT, height_mm=9.0),
            BlockTest(side=Side.RIGHT, height_mm=8.0, tool="book"),
        )
    )
    found = surely(book)
    assert len(found.methods) == 2
    assert found.kinds == ("palpation",)


@calm
@given(
    tape=st.floats(-40.0, 40.0), block=st.floats(-40.0, 40.0), xray=st.floats(-40, 40)
)
def test_a_mirrored_patient_has_the_mirrored_estimate(
    tape: float, block: float, xray: float
) -> None:
    one = surely(examined(tape_mm=tape, block_mm=block, x_ray_mm=xray))
    other = surely(examined(tape_mm=-tape, block_mm=-block, x_ray_mm=-xray))
    assert one.mean_mm == pytest.approx(-other.mean_mm, abs=1e-6)
    assert one.sd_mm == pytest.approx(other.sd_mm)
    assert one.p_over_5 == pytest.approx(other.p_over_5, abs=1e-9)
    assert one.p_left_longer == pytest.approx(1.0 - other.p_left_longer, abs=1e-9)
    assert one.posterior_density == pytest.approx(
        other.posterior_density[::-1], abs=1e-9
    )


@calm
@given(tape=st.floats(-40.0, 40.0), block=st.floats(-40.0, 40.0))
def test_what_an_estimate_says_fits_together(tape: float, block: float) -> None:
    found = surely(examined(tape_mm=tape, block_mm=block))
    assert found.low_mm < found.mean_mm < found.high_mm
    assert 1.0 >= found.p_over_5 >= found.p_over_10 >= found.p_over_20 >= 0.0
    step = found.curve_mm[1] - found.curve_mm[0]
    assert math.fsum(found.posterior_density) * step == pytest.approx(1.0, abs=0.001)
    at = np.asarray(found.curve_mm)
    density = np.asarray(found.posterior_density)
    assert float((at * density).sum() * step) == pytest.approx(found.mean_mm, abs=0.05)


def test_the_estimate_becomes_a_row_with_its_own_interval() -> None:
    examination = examined(tape_mm=8.0, block_mm=10.0)
    measured = measure_examination(examination)
    found = surely(examination)
    (posterior,) = estimate_rows(found, measured, examination, subject=NOBODY)
    assert (posterior.name, posterior.method) == (NAME, "posterior")
    assert (posterior.value, posterior.sd) == (found.mean_mm, found.sd_mm)
    assert (posterior.low, posterior.high) == (found.low_mm, found.high_mm)
    assert posterior.n == 3  # two tape readings and one block


def test_a_functional_difference_does_not_need_an_estimate() -> None:
    examination = Examination(
        left=FootExamination(rearfoot_eversion_deg=12.0),
        right=FootExamination(rearfoot_eversion_deg=2.0),
    )
    measured = measure_examination(examination)
    (functional,) = estimate_rows(None, measured, examination, subject=NOBODY)
    assert functional.name == "functional_leg_length_difference"
    assert functional.value == pytest.approx(-4.33, abs=0.01)
    assert functional.low is not None
    assert functional.low < -4.33 < (functional.high or 0.0)
