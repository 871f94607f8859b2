"""What a kit of about twenty people tells a practice about its own readings.

A picture of a standing person ``i`` with a block ``b`` under the right foot shows, in
mm between the hips,

    y = a_i - g_i b + placing + stays + stance + reading

``a_i`` holds the asymmetry of the pelvis and the own difference of the legs, which no
block tells apart; ``g_i`` is how far this pelvis follows a block. ``a_i`` is the
person's own and is projected out. Which variances can be told depends on what was
taken: two pictures of one stance tell the reading, a second stance on the same block
the stance, a second placing of the stickers the placing (`VarianceModel`).

What cannot be known is not told. Without imaging no truth of a leg-length difference is
in a kit; the spread of the tilts without a block is the asymmetry, the own differences
and the placing together, so an upper bound of each. The spread of the answers between
people is told only when its interval allows.

References
----------
Bonett DG (2006). Approximate confidence interval for standard deviation of nonnormal
distributions. Comput Stat Data Anal 50:775-782. doi:10.1016/j.csda.2004.10.003
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from gaitkit.measure.practice.variance import (
    Interval,
    PersonReadings,
    VarianceModel,
)
from gaitkit.model.chance import COVERAGE, Z_95
from gaitkit.model.practice import KitEstimate, KitQuantity, KitReading, KitTilt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from gaitkit.model.practice import KitUnknown

    Array = NDArray[np.float64]

LEAST_PEOPLE = 8
"""Fewer people tell nothing: the interval of an sd from 7 is wider than 0.66 to 2."""

LEAST_WITH_IMAGING = 12
WIDEST_RATIO = 2.6
"""An sd whose upper limit is more than so many times the lower one is not used; twenty
people give 1.9 where each tells one value."""

WIDEST_ANSWER = 0.2
"""Half interval of the mean answer above which it is not used."""

IMAGING_MM = 1.5
"""Error of imaging itself, taken out of what is held against it; assumed, as in
``leg_length/methods.toml``."""

IMAGING = ("x_ray", "ct", "ultrasound")
SOURCES: tuple[tuple[str, KitQuantity], ...] = (
    ("stance", "stance_mm"),
    ("seated", "seated_mm"),
    ("placing", "placing_mm"),
    ("answer", "answer_spread"),
    ("reading", "reading_mm"),
    ("stays", "stays_mm"),
)
"""Sources of chance; the earlier one holds both when a kit cannot tell two apart."""

HAND: tuple[str, ...] = ("tape", "block_test")
_HAND_NAMES: dict[str, tuple[tuple[str, KitQuantity], ...]] = {
    "tape": (("rater", "tape_rater_mm"), ("reading", "tape_reading_mm")),
    "block_test": (
        ("rater", "block_test_rater_mm"),
        ("reading", "block_test_reading_mm"),
    ),
}
_HAND_ERRORS: dict[str, KitQuantity] = {
    "tape": "tape_error_mm",
    "block_test": "block_test_error_mm",
}


def kit_estimates(
    tilts: Sequence[KitTilt], readings: Sequence[KitReading]
) -> tuple[KitEstimate, ...]:
    """Return everything that a kit tells, and for the rest why it does not.

    Parameters
    ----------
    tilts : sequence of KitTilt
        Readings of pictures.
    readings : sequence of KitReading
        Tape and blocks by hand, and imaging.
    """
    people = _by_person(tilts)
    model = _model(people)
    answer = _answer(people, model)
    return (
        answer,
        *_of_pictures(people, model),
        *_of_imaging(people, answer, readings),
        *_of_hands(readings),
    )


def _model(people: dict[str, list[KitTilt]]) -> VarianceModel | None:
    """Return the model of the pictures; None where they tell nothing."""
    if len(people) < LEAST_PEOPLE:
        return None
    model = VarianceModel(
        [_readings(each) for each in people.values()],
        order=[source for source, _ in SOURCES],
    )
    return model if model.sources else None


def _of_pictures(
    people: dict[str, list[KitTilt]], model: VarianceModel | None
) -> Iterator[KitEstimate]:
    count = len(people)
    for source, name in SOURCES:
        if model is None or source not in model.sources:
            yield _nothing(name, count)
            continue
        yield _told(name, model.sd(source), people=model.people)
    yield _spread_of_tilts(people)
    yield _change("change_same_stickers_mm", people, _again_same)
    yield _change("change_new_stickers_mm", people, _again_new)


def _answer(
    people: dict[str, list[KitTilt]], model: VarianceModel | None
) -> KitEstimate:
    """Return how far pelvises follow a block, on average."""
    moved = [t for t in people.values() if len({r.block_mm for r in t}) > 1]
    if model is None or len(moved) < LEAST_PEOPLE:
        return _nothing("answer", len(moved))
    found = model.slope()
    wide = (found.high - found.low) / 2 > WIDEST_ANSWER
    return KitEstimate(
        name="answer",
        value=found.value,
        low=found.low,
        high=found.high,
        people=len(moved),
        unknown="kit_too_wide" if wide else None,
    )


def _spread_of_tilts(people: dict[str, list[KitTilt]]) -> KitEstimate:
    """Return the spread between people of the tilt without a block: a bound."""
    name: KitQuantity = "tilt_spread_mm"
    own = [
        float(np.mean([t.tilt_mm for t in tilts]))
        for each in people.values()
        if (tilts := [t for t in each if not t.seated and t.block_mm == 0])
    ]
    if len(own) < LEAST_PEOPLE:
        return _nothing(name, len(own))
    found = _bonett(np.array(own))
    return KitEstimate(
        name=name,
        value=found.value,
        low=found.low,
        high=found.high,
        people=len(own),
        unknown="kit_upper_bound",
    )


def _change(
    name: KitQuantity,
    people: dict[str, list[KitTilt]],
    pair: Callable[[Sequence[KitTilt]], float | None],
) -> KitEstimate:
    """Return the detectable change from pairs of the same thing: exact, by chi squared.

    The differences are taken about 0, so that a second person who places stickers
    elsewhere on average counts as well.
    """
    pairs = [pair(each) for each in people.values()]
    apart = np.array([p for p in pairs if p is not None])
    if len(apart) < LEAST_PEOPLE:
        return _nothing(name, len(apart))
    found = _chi_squared(float((apart**2).mean()), len(apart))
    scaled = Interval(
        value=Z_95 * found.value, low=Z_95 * found.low, high=Z_95 * found.high
    )
    return _told(name, scaled, people=len(apart))


def _again_same(tilts: Sequence[KitTilt]) -> float | None:
    """Return the difference of two stances on the same block with the same stickers."""
    for number, one in enumerate(tilts):
        for other in tilts[number + 1 :]:
            same = (one.block_mm, one.stickers) == (other.block_mm, other.stickers)
            standing = not one.seated and not other.seated
            if same and standing and one.stance != other.stance:
                return other.tilt_mm - one.tilt_mm
    return None


def _again_new(tilts: Sequence[KitTilt]) -> float | None:
    """Return the difference of two stances on the same block with new stickers."""
    for number, one in enumerate(tilts):
        for other in tilts[number + 1 :]:
            standing = not one.seated and not other.seated
            new = one.stickers != other.stickers
            if standing and new and one.block_mm == other.block_mm:
                return other.tilt_mm - one.tilt_mm
    return None


def _of_imaging(
    people: dict[str, list[KitTilt]],
    answer: KitEstimate,
    readings: Sequence[KitReading],
) -> Iterator[KitEstimate]:
    """Yield what only known differences of the legs tell about pictures.

    The tilt without a block is ``z + g k d``: a line over ``d``, whose scatter is the
    zero error and whose slope over the mean answer is ``k``.
    """
    truth = _true_differences(readings)
    pairs = [
        (truth[person], own)
        for person, each in people.items()
        if person in truth and (own := _level_tilt(each)) is not None
    ]
    if len(pairs) < LEAST_WITH_IMAGING:
        yield _nothing("zero_mm", len(pairs))
        yield _nothing("own_answer", len(pairs))
        return
    d, tilt = np.array(pairs).T
    fitted = stats.linregress(d, tilt)
    left = tilt - fitted.intercept - fitted.slope * d
    free = len(pairs) - 2
    yield _told(
        "zero_mm",
        _chi_squared(float((left**2).sum()) / free, free, less=IMAGING_MM**2 / 4),
        people=len(pairs),
    )
    if answer.value is None or not answer.known:
        yield _nothing("own_answer", len(pairs))
        return
    half = float(stats.t.ppf(0.5 + COVERAGE / 2, free)) * float(fitted.stderr)
    value = float(fitted.slope) / answer.value
    share = ((answer.high or 0.0) - (answer.low or 0.0)) / 2 / answer.value
    half = math.hypot(half / answer.value, value * share)
    yield KitEstimate(
        name="own_answer",
        value=value,
        low=value - half,
        high=value + half,
        people=len(pairs),
        unknown="kit_too_wide" if half > 2 * WIDEST_ANSWER else None,
    )


def _level_tilt(tilts: Sequence[KitTilt]) -> float | None:
    """Return the tilt of the first stance without a block, None without one."""
    first = next((t for t in tilts if not t.seated and t.block_mm == 0), None)
    if first is None:
        return None
    own = [t.tilt_mm for t in tilts if t.stance == first.stance]
    return float(np.mean(own))


def _of_hands(readings: Sequence[KitReading]) -> Iterator[KitEstimate]:
    truth = _true_differences(readings)
    for method in HAND:
        own = [r for r in readings if r.method == method]
        yield from _of_hand(method, own)
        first: dict[str, float] = {}
        for reading in own:
            first.setdefault(reading.person, reading.difference_mm)
        apart = np.array([v - truth[p] for p, v in first.items() if p in truth])
        name = _HAND_ERRORS[method]
        if len(apart) < LEAST_WITH_IMAGING:
            yield _nothing(name, len(apart))
        else:
            square = float((apart**2).mean())
            found = _chi_squared(square, len(apart), less=IMAGING_MM**2)
            yield _told(name, found, people=len(apart))


def _of_hand(method: str, readings: Sequence[KitReading]) -> Iterator[KitEstimate]:
    """Yield what stays with a person who measures, and the chance of one reading."""
    together: dict[str, list[KitReading]] = defaultdict(list)
    for reading in readings:
        together[reading.person].append(reading)
    several = [each for each in together.values() if len(each) > 1]
    names = _HAND_NAMES[method]
    if len(several) < LEAST_PEOPLE:
        yield from (_nothing(name, len(several)) for _, name in names)
        return
    model = VarianceModel(
        [_hand_readings(each) for each in several], order=["reading", "rater"]
    )
    both = len(model.sources) == len(names)
    for source, name in names:
        # readings of one kind only do not tell a person from a repeat
        if both and source in model.sources:
            yield _told(name, model.sd(source), people=len(several))
        else:
            yield _nothing(name, len(several))


def _hand_readings(readings: Sequence[KitReading]) -> PersonReadings:
    raters = [r.rater for r in readings]
    return PersonReadings(
        values=np.array([r.difference_mm for r in readings]),
        slope=None,
        means=np.ones((len(readings), 1)),
        sources={"rater": _same(raters), "reading": np.eye(len(readings))},
    )


def _readings(tilts: Sequence[KitTilt]) -> PersonReadings:
    """Return the pictures of a person as the model wants them."""
    standing = np.array([0.0 if t.seated else 1.0 for t in tilts])
    block = np.array([t.block_mm for t in tilts])
    both = np.outer(standing, standing)
    stance = _same([t.stance for t in tilts])
    means = np.column_stack([standing, 1 - standing])
    return PersonReadings(
        values=np.array([t.tilt_mm for t in tilts]),
        slope=-block * standing,
        means=means[:, means.any(axis=0)],
        sources={
            "stance": stance * both,
            "seated": stance * np.outer(1 - standing, 1 - standing),
            "placing": _same([t.stickers for t in tilts]),
            "answer": np.outer(block, block) * both,
            "reading": np.eye(len(tilts)),
            "stays": _same([t.block_mm for t in tilts]) * both,
        },
    )


def _same(labels: Sequence[object]) -> Array:
    return np.array([[float(a == b) for b in labels] for a in labels])


def _by_person(tilts: Sequence[KitTilt]) -> dict[str, list[KitTilt]]:
    people: dict[str, list[KitTilt]] = defaultdict(list)
    for tilt in sorted(tilts, key=lambda t: (t.person, t.seated)):
        people[tilt.person].append(tilt)
    return people


def _true_differences(readings: Sequence[KitReading]) -> dict[str, float]:
    """Return the mean of what imaging says of each person."""
    of: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        if reading.method in IMAGING:
            of[reading.person].append(reading.difference_mm)
    return {person: float(np.mean(values)) for person, values in of.items()}


def _chi_squared(mean_square: float, free: int, *, less: float = 0.0) -> Interval:
    """Return a standard deviation from a mean square with so many free differences."""
    low = float(stats.chi2.ppf(0.5 + COVERAGE / 2, free))
    high = float(stats.chi2.ppf(0.5 - COVERAGE / 2, free))
    value, lower, upper = (
        math.sqrt(max(square - less, 0.0))
        for square in (
            mean_square,
            mean_square * free / low,
            mean_square * free / high,
        )
    )
    return Interval(value=value, low=lower, high=upper)


def _bonett(values: Array) -> Interval:
    """Return a standard deviation whose interval allows for tails (Bonett 2006)."""
    n, sd = len(values), float(np.std(values, ddof=1))
    trim = 1 / (2 * math.sqrt(n - 4))
    away = values - stats.trim_mean(values, trim)
    kurtosis = n * float((away**4).sum()) / float(((n - 1) * sd**2) ** 2)
    z = float(stats.norm.ppf(0.5 + COVERAGE / 2))
    scale = n / (n - z)
    error = scale * math.sqrt((kurtosis - (n - 3) / n) / (n - 1))
    low, high = (
        math.exp(0.5 * (math.log(scale * sd**2) + sign * z * error)) for sign in (-1, 1)
    )
    return Interval(value=sd, low=low, high=high)


def _told(name: KitQuantity, found: Interval, *, people: int) -> KitEstimate:
    """Return an estimate, marked as unknown when its interval is too wide to use."""
    why: KitUnknown | None = None
    if found.low <= 0 or found.high > WIDEST_RATIO * found.low:
        why = "kit_too_wide"
    return KitEstimate(
        name=name,
        value=found.value,
        low=found.low,
        high=found.high,
        people=people,
        unknown=why,
    )


def _nothing(name: KitQuantity, people: int) -> KitEstimate:
    few = people > 0
    return KitEstimate(
        name=name, people=people, unknown="kit_few_people" if few else "kit_not_taken"
    )
