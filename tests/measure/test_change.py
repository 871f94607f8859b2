"""A change: what cancels, what does not, and when nothing may be said."""

from __future__ import annotations

import math

import pytest

from gaitkit.errors import ConfigError
from gaitkit.measure.change import (
    ChangeSettings,
    Circumstances,
    change,
    change_uncertainty,
    depends_on_speed,
    expected_by_chance,
)
from gaitkit.measure.uncertainty import Uncertainty, own_and_shared
from gaitkit.model.catalogue import definition
from gaitkit.model.comparison import Change, NotCompared
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side

KNEE = "knee_flexion_swing_peak"
MARKERS = Circumstances(modalities=("markers",), walking=True, speeds_m_s=(1.2, 1.25))


def knee(value: float | None, *, sd: float = 2.0, shared: float = 0.0) -> Measurement:
    """Return a knee angle by markers."""
    return Measurement(
        name=KNEE, unit="deg", value=value, side=Side.LEFT, sd=sd, shared_sd=shared,
        n=12, method="markers", recording="markers_1",
    )  # fmt: skip


def judged(before: Measurement, after: Measurement, **more: object) -> Change:
    """Return a change that is not refused."""
    found = change(before, after, circumstances=MARKERS, **more)  # type: ignore[arg-type]
    assert isinstance(found, Change)
    return found


def test_errors_of_two_visits_add_as_squares() -> None:
    found = change_uncertainty(
        Uncertainty(sd=3.0), Uncertainty(sd=4.0), cancelled_sd=0.0
    )
    assert found.sd == pytest.approx(5.0)


def test_a_bias_that_both_visits_share_is_not_in_the_error() -> None:
    before = Uncertainty(sd=math.hypot(3.0, 2.0), shared_sd=2.0)
    after = Uncertainty(sd=math.hypot(4.0, 2.0), shared_sd=2.0)
    assert change_uncertainty(before, after, cancelled_sd=2.0).sd == pytest.approx(5.0)


def test_only_the_bias_of_the_method_cancels_and_not_the_scale() -> None:
    error = definition("step_length").error("video")
    assert error is not None
    own, bias = own_and_shared(error)
    scale = 0.03
    shared = math.hypot(bias, scale)
    one = Measurement(
        name="step_length", unit="m", value=0.60, side=Side.LEFT,
        sd=math.hypot(own, shared), shared_sd=shared, method="video",
    )  # fmt: skip
    circumstances = Circumstances(
        modalities=("video",), walking=True, speeds_m_s=(1.2, 1.2)
    )
    found = change(one, one, circumstances=circumstances)
    assert isinstance(found, Change)
    assert found.cancelled_sd == pytest.approx(min(bias, shared))
    assert found.sd == pytest.approx(math.sqrt(2.0 * (own**2 + scale**2)))


def test_a_method_without_a_known_error_cancels_nothing() -> None:
    circumstances = Circumstances(
        modalities=("no such",), walking=True, speeds_m_s=(1.2, 1.2)
    )
    found = change(
        knee(60.0, sd=3.0, shared=2.0), knee(60.0, sd=3.0, shared=2.0),
        circumstances=circumstances,
    )  # fmt: skip
    assert isinstance(found, Change)
    assert found.cancelled_sd == 0.0
    assert found.sd == pytest.approx(3.0 * math.sqrt(2.0))


@pytest.mark.parametrize(
    ("after", "verdict"),
    [(70.0, "increased"), (50.0, "decreased"), (62.0, "no_demonstrable_change")],
)
def test_a_change_is_after_minus_before_against_its_limit(
    after: float, verdict: str
) -> None:
    found = judged(knee(60.0), knee(after))
    assert found.value == pytest.approx(after - 60.0)
    assert found.verdict == verdict
    assert found.why_no_claim is None
    assert found.low < found.value < found.high


def test_the_limit_is_never_below_the_detectable_change_of_the_method() -> None:
    error = definition(KNEE).error("markers")
    assert error is not None
    found = judged(knee(60.0, sd=0.01), knee(60.5, sd=0.01))
    assert found.detectable_change == error.detectable_change
    assert found.verdict == "no_demonstrable_change"


def test_a_wider_error_never_makes_a_change_demonstrable() -> None:
    sizes = [judged(knee(60.0, sd=sd), knee(66.0, sd=sd)) for sd in (1.0, 2.0, 4.0)]
    limits = [found.detectable_change for found in sizes]
    assert limits == sorted(limits)
    assert sizes[-1].verdict == "no_demonstrable_change"


@pytest.mark.parametrize(
    ("speeds", "code"),
    [
        ((1.0, 1.16), "compare_speed_differs"),
        ((1.16, 1.0), "compare_speed_differs"),
        ((None, 1.0), "compare_speed_unknown"),
        ((1.0, None), "compare_speed_unknown"),
    ],
)
def test_at_another_or_an_unknown_speed_nothing_is_claimed(
    speeds: tuple[float | None, float | None], code: str
) -> None:
    circumstances = Circumstances(
        modalities=("markers",), walking=True, speeds_m_s=speeds
    )
    found = change(knee(60.0), knee(90.0), circumstances=circumstances)
    assert isinstance(found, Change)
    assert found.verdict == "no_claim"
    assert found.why_no_claim is not None
    assert found.why_no_claim.code == code


def test_the_reason_names_both_numbers_in_the_way_of_the_language() -> None:
    circumstances = Circumstances(
        modalities=("markers",), walking=True, speeds_m_s=(1.0, 1.2)
    )
    found = change(knee(60.0), knee(90.0), circumstances=circumstances)
    assert isinstance(found, Change)
    assert found.why_no_claim is not None
    assert "verschilt 0,2 m/s" in found.why_no_claim.text.nl
    assert "meer dan 0,15 m/s" in found.why_no_claim.text.nl
    assert "by 0.2 m/s" in found.why_no_claim.text.en


def test_speed_itself_and_what_stands_still_do_not_depend_on_speed() -> None:
    assert depends_on_speed(KNEE, walking=True)
    assert not depends_on_speed("walking_speed", walking=True)
    assert not depends_on_speed("sway_path", walking=True)
    assert not depends_on_speed("foot_posture_index", walking=False)


def test_a_missing_value_another_method_or_no_error_is_not_compared() -> None:
    plain = knee(60.0)
    other = Measurement(
        name=KNEE, unit="deg", value=60.0, side=Side.LEFT, sd=2.0, method="video"
    )
    unsure = Measurement(
        name=KNEE, unit="deg", value=60.0, side=Side.LEFT, method="markers"
    )
    for second, code in (
        (other, "compare_method_differs"),
        (unsure, "compare_error_unknown"),
    ):
        found = change(plain, second, circumstances=MARKERS)
        assert isinstance(found, NotCompared)
        assert found.why.code == code


def test_two_different_measures_are_a_bug() -> None:
    stance = Measurement(name="stance", unit="%", value=60.0, side=Side.LEFT)
    with pytest.raises(ValueError, match="expected one measure, side and region twice"):
        change(knee(60.0), stance, circumstances=MARKERS)


def test_a_limit_of_speed_must_be_positive() -> None:
    with pytest.raises(ConfigError, match=r"change\.speed_m_s must be above 0, got 0"):
        ChangeSettings(speed_m_s=0)


@pytest.mark.parametrize("sd", [0.5, 3.0])
@pytest.mark.parametrize("after", [52.0, 60.0, 71.0])
def test_turning_the_visits_round_turns_the_change_round(
    after: float, sd: float
) -> None:
    there = judged(knee(60.0), knee(after, sd=sd))
    back = judged(knee(after, sd=sd), knee(60.0))
    assert back.value == pytest.approx(-there.value)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.detectable_change == pytest.approx(there.detectable_change)
    turned = {"increased": "decreased", "decreased": "increased"}
    assert back.verdict == turned.get(there.verdict, there.verdict)


def test_one_of_twenty_judged_changes_is_expected_by_chance() -> None:
    judged_one = judged(knee(60.0), knee(61.0))
    silent = change(knee(60.0), knee(61.0), circumstances=Circumstances(walking=True))
    assert isinstance(silent, Change)
    assert expected_by_chance([judged_one] * 40 + [silent] * 40) == pytest.approx(2.0)
