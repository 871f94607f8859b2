"""What a kit tells agrees with exact statistics; what it cannot tell is not told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from gaitkit.measure.leg_length.methods import shipped_errors
from gaitkit.measure.practice.kit import kit_estimates
from gaitkit.measure.practice.own import blended, errors_of
from gaitkit.model.practice import KitEstimate, KitReading, KitTilt, PracticeKit

BLOCKS = (0.0, 6.0, 12.0, -6.0, -12.0)


def pictures(
    seed: int, *, people: int = 20, answer: float = 0.65, again: bool = True
) -> list[KitTilt]:
    """Draw pictures: stance 2, reading 0.7, placing 3 mm; answers spread by 0.14."""
    rng = np.random.default_rng(seed)
    tilts = []
    for number in range(people):
        own, g = rng.normal(0, 6), rng.normal(answer, 0.14)
        shots = [(f"b{b:g}", b, 1) for b in BLOCKS]
        shots += [("again", 0.0, 1), ("new", 0.0, 2)] if again else []
        placed = {1: rng.normal(0, 3), 2: rng.normal(0, 3)}
        for stance, block, stickers in shots:
            height = own + placed[stickers] - g * block + rng.normal(0, 2)
            for _ in range(2 if stance == "b0" and again else 1):
                tilts.append(
                    KitTilt(
                        person=f"p{number}",
                        stance=stance,
                        block_mm=block,
                        stickers=stickers,
                        seated=False,
                        tilt_mm=float(height + rng.normal(0, 0.7)),
                    )
                )
    return tilts


def tapes(
    seed: int, *, rater: float = 5.0, chance: float = 3.0, imaging: bool = False
) -> list[KitReading]:
    """Draw two readings of twenty people by each of two raters."""
    rng = np.random.default_rng(seed)
    readings = []
    for number in range(20):
        true = rng.normal(0, 6)
        for who in ("first", "second"):
            off = rng.normal(0, rater)
            readings += [
                KitReading(
                    person=f"p{number}",
                    method="tape",
                    rater=who,
                    difference_mm=float(true + off + rng.normal(0, chance)),
                )
                for _ in range(2)
            ]
        if imaging:
            readings.append(
                KitReading(
                    person=f"p{number}", method="x_ray", difference_mm=float(true)
                )
            )
    return readings


def named(estimates: tuple[KitEstimate, ...], name: str) -> KitEstimate:
    return next(each for each in estimates if each.name == name)


def test_readings_by_hand_agree_with_the_analysis_of_variance() -> None:
    readings = tapes(3)
    table = np.array([r.difference_mm for r in readings]).reshape(20, 2, 2)
    within = float(table.var(axis=2, ddof=1).mean())
    between = float(2 * table.mean(axis=2).var(axis=1, ddof=1).mean())
    found = kit_estimates([], readings)
    chance, rater = (named(found, f"tape_{x}_mm") for x in ("reading", "rater"))
    assert chance.value == pytest.approx(math.sqrt(within), rel=0.01)
    assert rater.value == pytest.approx(math.sqrt((between - within) / 2), rel=0.01)
    low, high = (math.sqrt(within * 40 / stats.chi2.ppf(q, 40)) for q in (0.975, 0.025))
    assert chance.low == pytest.approx(low, rel=0.06)
    assert chance.high == pytest.approx(high, rel=0.06)


def test_the_mean_answer_is_that_of_the_own_lines_of_the_people() -> None:
    tilts = pictures(5, again=False)
    table = np.array([t.tilt_mm for t in tilts]).reshape(20, len(BLOCKS))
    slopes = -np.polyfit(BLOCKS, table.T, 1)[0]
    half = stats.t.ppf(0.975, 19) * slopes.std(ddof=1) / math.sqrt(20)
    found = named(kit_estimates(tilts, ()), "answer")
    assert found.known
    assert found.value == pytest.approx(slopes.mean(), rel=0.01)
    assert found.high is not None
    assert found.low is not None
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.03)


def test_the_detectable_change_is_that_of_the_pairs() -> None:
    tilts = pictures(7)
    one = {t.person: t.tilt_mm for t in reversed(tilts) if t.stance == "b0"}
    other = {t.person: t.tilt_mm for t in tilts if t.stance == "new"}
    apart = np.array([other[p] - one[p] for p in one])
    found = named(kit_estimates(tilts, ()), "change_new_stickers_mm")
    assert found.value == pytest.approx(1.96 * math.sqrt((apart**2).mean()), rel=0.1)


def test_intervals_of_readings_by_hand_hold_the_truth() -> None:
    held = {"tape_rater_mm": 0, "tape_reading_mm": 0}
    for seed in range(40):
        for each in kit_estimates([], tapes(1000 + seed)):
            true = {"tape_rater_mm": 5.0, "tape_reading_mm": 3.0}.get(each.name)
            if true is not None and each.low is not None and each.high is not None:
                held[each.name] += each.low <= true <= each.high
    # 0.95 of 40; fewer than 33 would come less than once in a thousand times
    assert min(held.values()) >= 33


def test_without_imaging_no_error_of_a_difference_is_told() -> None:
    found = kit_estimates(pictures(1), tapes(1))
    for name in ("zero_mm", "own_answer", "tape_error_mm", "block_test_error_mm"):
        estimate = named(found, name)
        assert not estimate.known
        assert estimate.value is None
        assert estimate.unknown == "kit_not_taken"


def test_asymmetry_is_an_upper_bound_and_the_spread_of_answers_is_not_used() -> None:
    found = kit_estimates(pictures(1), ())
    assert named(found, "tilt_spread_mm").unknown == "kit_upper_bound"
    spread = named(found, "answer_spread")
    assert spread.unknown == "kit_too_wide"
    assert not spread.known


def test_what_was_not_repeated_is_not_told_apart() -> None:
    found = kit_estimates(pictures(1, again=False), ())
    for name in ("reading_mm", "placing_mm", "stays_mm", "seated_mm"):
        assert named(found, name).value is None
    assert named(found, "stance_mm").known


def test_a_few_people_tell_nothing() -> None:
    found = kit_estimates(pictures(1, people=5), ())
    assert not any(each.known for each in found)
    assert named(found, "answer").unknown == "kit_few_people"


def test_imaging_tells_the_error_of_the_tape() -> None:
    readings = tapes(2, imaging=True)
    apart = [
        readings[i].difference_mm - readings[i + 4].difference_mm
        for i in range(0, 100, 5)
    ]
    square = float(np.mean(np.square(apart)))
    found = named(kit_estimates([], readings), "tape_error_mm")
    assert found.known
    assert found.value == pytest.approx(math.sqrt(square - 1.5**2))
    low = math.sqrt(square * 20 / stats.chi2.ppf(0.975, 20) - 1.5**2)
    assert found.low == pytest.approx(low)


def estimate(name: str, value: float, people: int = 20) -> KitEstimate:
    return KitEstimate(
        name=name,  # type: ignore[arg-type]
        value=value,
        low=0.8 * value,
        high=1.3 * value,
        people=people,
    )


def test_a_kit_raises_an_error_and_lowers_it_only_by_blending() -> None:
    assert blended(estimate("stance_mm", 3.0), 2.0) == 3.0
    lowered = blended(estimate("stance_mm", 1.0), 2.0)
    assert lowered == pytest.approx(math.sqrt((20 * 1 + 20 * 4) / 40))
    wide = KitEstimate(
        name="stance_mm", value=9.0, low=0.0, high=20.0, unknown="kit_too_wide"
    )
    assert blended(wide, 2.0) == 2.0


def test_the_estimate_takes_what_a_kit_knows_and_nothing_else() -> None:
    stated = shipped_errors()
    kit = PracticeKit(
        people=20,
        estimates=(
            estimate("answer", 0.8),
            estimate("stance_mm", 3.0),
            estimate("tape_rater_mm", 8.0),
        ),
    )
    own = errors_of(kit, stated)
    assert own.pictures.answer == 0.8
    assert own.pictures.stance_mm == 3.0
    assert own.pictures.seated_mm == stated.pictures.seated_mm
    tape, before = own.named("tape"), stated.named("tape")
    assert tape is not None
    assert before is not None
    assert tape.own
    assert tape.rater_mm == 8.0
    assert tape.method_mm == pytest.approx(before.method_mm)
    assert tape.sd_mm > before.sd_mm
    assert own.named("block_test") == stated.named("block_test")


def test_only_imaging_takes_the_mark_of_unconfirmed_away() -> None:
    stated = shipped_errors()
    known = (estimate("answer", 0.7), estimate("stance_mm", 2.0))
    without = errors_of(PracticeKit(people=20, estimates=known), stated)
    marked = without.named("stance_stickers")
    assert marked is not None
    assert marked.unconfirmed
    zero = (*known, estimate("zero_mm", 6.0))
    having = errors_of(PracticeKit(people=20, estimates=zero), stated)
    clear = having.named("stance_stickers")
    assert clear is not None
    assert not clear.unconfirmed
    assert having.pictures.lines["asis"].zero_mm == 6.0
    other, shipped = having.pictures.lines["psis"], stated.pictures.lines["psis"]
    assert other == replace(shipped, unconfirmed=True)
