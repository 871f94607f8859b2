"""Ten visits that contradict themselves, and visits that do not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gaitkit.model.analysis import Analysis
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import Measurement
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import assess
from gaitkit.pipeline.contradictions import without_contradictions, without_doubles

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.recording import Condition, RecordingKind


def row(
    recording: str, name: str, value: float, sd: float, side: Side | None = None
) -> Measurement:
    return Measurement(
        name=name, unit=definition(name).unit, value=value, side=side, sd=sd,
        low=value - 2 * sd, high=value + 2 * sd, recording=recording,
    )  # fmt: skip


def walk(
    name: str,
    *,
    kind: RecordingKind = "markers",
    cadence: float = 110.0,
    speed: float = 1.3,
    stance: tuple[float, float] = (61.0, 61.0),
    condition: Condition | None = None,
    sha: str | None = None,
) -> Analysis:
    return Analysis(
        recording=Recording(
            id=name, kind=kind, sha256=sha or name, condition=condition
        ),
        measurements=(
            row(name, "cadence", cadence, 1.5),
            row(name, "walking_speed", speed, 0.03),
            row(name, "stance", stance[0], 0.6, Side.LEFT),
            row(name, "stance", stance[1], 0.6, Side.RIGHT),
        ),
    )


def codes(*analyses: Analysis) -> list[set[str]]:
    found = without_contradictions(without_doubles(analyses))
    for analysis in found:
        quality = analysis.recording.quality
        assert (quality.status == "refused") == bool(quality.reasons)
    return [{w.code for w in each.recording.quality.reasons} for each in found]


CADENCE, SPEED = {"recordings_cadence_differs"}, {"recordings_speed_differs"}
SIDES, BYTES = {"recordings_sides_differ"}, {"recordings_same_bytes"}


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        pytest.param({"cadence": 132.0}, CADENCE, id="film of another pace"),
        pytest.param({"cadence": 55.0}, CADENCE, id="half the clock"),
        pytest.param({"cadence": 92.0}, CADENCE, id="slower by 18"),
        pytest.param({"speed": 2.6}, SPEED, id="twice the scale"),
        pytest.param({"speed": 0.65}, SPEED, id="half the scale"),
        pytest.param({"speed": 0.95}, SPEED, id="another speed"),
        pytest.param({"cadence": 140.0, "speed": 1.8}, CADENCE | SPEED, id="a runner"),
        pytest.param({"stance": (58.0, 64.0)}, SIDES, id="sides exchanged"),
        pytest.param({"sha": "one"}, BYTES, id="the same file twice"),
        pytest.param(
            {"sha": "one", "kind": "video"}, BYTES, id="one file as two kinds"
        ),
    ],
)
def test_a_visit_that_contradicts_itself_is_questioned(
    second: dict[str, object], wanted: set[str]
) -> None:
    first = walk("one", stance=(64.0, 58.0))
    second = {"stance": (64.0, 58.0)} | second
    assert codes(first, walk("two", **second)) == [wanted, wanted]  # type: ignore[arg-type]


def test_walks_that_agree_or_that_need_not_are_left_alone() -> None:
    assert codes(walk("one"), walk("two", cadence=118.0, speed=1.45)) == [set(), set()]
    other = walk("two", cadence=135.0, condition="with_insole")
    assert codes(walk("one", condition="barefoot"), other) == [set(), set()]
    assert codes(walk("one", stance=(62.0, 61.0)), walk("two")) == [set(), set()]


def test_a_difference_within_its_errors_is_no_contradiction() -> None:
    unsure = walk("two", cadence=128.0)
    rows = tuple(replace(m, sd=20.0) for m in unsure.measurements)
    assert codes(walk("one"), replace(unsure, measurements=rows)) == [set(), set()]


def test_only_those_that_contradict_are_questioned_of_three() -> None:
    found = codes(
        walk("one"), walk("two", condition="shod"), walk("three", cadence=60.0)
    )
    assert found == [CADENCE, set(), CADENCE]


def test_the_sentence_names_both_numbers_in_both_languages() -> None:
    first, _ = without_contradictions([walk("one"), walk("two", cadence=132.0)])
    (why,) = first.recording.quality.reasons
    assert why.text.en.startswith(
        "The cadence is 110 here and 132 steps per minute in two"
    )
    assert why.text.nl.startswith("De cadans is hier 110 en in two 132 stappen")
    exchanged, _ = without_contradictions(
        [walk("one", stance=(64.0, 58.0)), walk("two", stance=(58.0, 64.0))]
    )
    (why,) = exchanged.recording.quality.reasons
    assert "is larger than on the right here and smaller in two" in why.text.en


def test_no_rule_uses_a_recording_that_stands_twice_in_a_visit(tmp_path: Path) -> None:
    from gaitkit.io.plates.saved import write_npz
    from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk

    plate = PlateSpec(
        rows=440, cols=80, pitch_mm=(5.0, 5.0), rate_hz=50.0, duration_s=2.4
    )
    made = simulate_walk(WalkSpec(steps=3, first_heel_mm=60.0), plate)
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    write_npz(made.data, one)
    shutil.copy(one, two)
    recordings = tuple(RecordingInput(file=each, kind="plate") for each in (one, two))
    assessed = assess(Visit(recordings=recordings, subject=Subject()))
    assert {r.quality.status for r in assessed.recordings} == {"refused"}
    assert all(m.recording is not None for m in assessed.measurements if m.region)
    blocked = [f for f in assessed.findings if f.rule == "Q01"]
    assert {f.verdict for f in blocked} == {"met"}
    used = [f for f in assessed.findings if f.rule in {"F04", "F07"}]
    assert {f.verdict for f in used} <= {"not_assessable"}
