"""The dose of a heel raise: how much, in which steps, in the insole or under the shoe.

The raise aims at a share (70 %) of the best estimate of the leg-length difference, as
in the trial of Rannisto 2019. It begins with half of that, at least 3 and at most
5 mm, and goes on by 2 to 3 mm every two weeks. What does not fit in the shoe goes
under it. All numbers stand in ``limits.toml`` of the rule set; those of the steps are
from expert opinion and unconfirmed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gaitkit.model.side import Side
from gaitkit.rules.derived import outcome_facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.model.measurement import Measurement
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet

POSTERIOR = "posterior"
"""Method of the row that holds the best estimate of all methods together."""

DIFFERENCE = "structural_leg_length_difference"

LIMITS = (
    "raise_share", "raise_start_share", "raise_start_least", "raise_start_most",
    "raise_step_least", "raise_step_most", "raise_step_cautious", "raise_step_days",
)  # fmt: skip
"""Limits on which a dose rests; it is unconfirmed when one of them is."""

NARROW_SHOES = ("dress",)
"""Shoes that hold less of a raise."""

LONG_STANDING_YEARS = 10.0
"""A difference older than this is raised in smaller steps (Heilig; from memory)."""

PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeelRaise:
    """A raise under one foot, all heights in mm.

    Attributes
    ----------
    side : Side
        The shorter leg.
    target_mm, start_mm : float
        Where it leads to, what it begins with (or what is worn now).
    steps_mm : tuple of float
        From the start to the target.
    step_dates : tuple of date
        When each begins; empty when the start is not known.
    limit_mm : float
        What fits in the insole of the shoe worn most.
    under_shoe_mm : float
        What remains of the target for under the shoe.
    forefoot : bool
        True when the forefoot is raised too.
    cushion_mm : float
        Taken off for a cushion on this side.
    unconfirmed : bool
        True when a number behind it could not be confirmed.
    worn_mm : float or None
        Raise worn already, from which this goes on; None when none is worn.
    """

    side: Side
    target_mm: float
    start_mm: float
    steps_mm: tuple[float, ...]
    step_dates: tuple[date, ...] = ()
    limit_mm: float
    under_shoe_mm: float
    forefoot: bool
    cushion_mm: float = 0.0
    unconfirmed: bool = True
    worn_mm: float | None = None


def posterior_of(rows: Iterable[Measurement]) -> Measurement | None:
    """Return the best estimate among the numbers of a finding, or None."""
    return next(
        (
            row
            for row in rows
            if row.name == DIFFERENCE
            and row.method == POSTERIOR
            and row.value is not None
        ),
        None,
    )


def shorter_side(difference_mm: float) -> Side | None:
    """Return the shorter leg of a difference left minus right, or None when equal."""
    if difference_mm == 0.0:
        return None
    return Side.RIGHT if difference_mm > 0 else Side.LEFT


def heel_raise(
    difference_mm: float,
    visit: Visit,
    rule_set: RuleSet,
    *,
    cushion_mm: float = 0.0,
    go_on: bool = False,
) -> HeelRaise | None:
    """Return the raise for a leg-length difference.

    Parameters
    ----------
    difference_mm : float
        Best estimate, left minus right, mm.
    visit : Visit
        Shoes, what is worn now, what speaks for small steps, when it began.
    rule_set : RuleSet
        The limits.
    cushion_mm : float
        Thickness, under load, of a cushion on the side of the raise that the other
        foot has not, mm; taken off, so that it never makes a raise larger.
    go_on : bool
        True when the evaluation of a raise that is worn allows the next step.

    Returns
    -------
    HeelRaise or None
        None when nothing is left to raise.

    Notes
    -----
    ``target = share * |difference| - cushion``, in whole mm; ``start = target / 2``
    between 3 and 5 mm and never above the target. A raise that is worn now is the
    start; with new pain, or when worse, it goes back one step, and without permission
    to go on it stays.
    """
    side = shorter_side(difference_mm)
    value = {name: rule_set.limit(name).value for name in LIMITS}
    share = value["raise_share"] / PERCENT
    target = _whole(share * abs(difference_mm) - cushion_mm)
    if side is None or target <= 0:
        return None
    worn = _worn(visit, side, target, value, go_on=go_on)
    steps = _fresh(visit, target, value) if worn is None else worn
    if not steps:
        return None
    limit = in_insole_limit(visit, rule_set)
    return HeelRaise(
        side=side,
        target_mm=target,
        start_mm=steps[0],
        steps_mm=steps,
        step_dates=_dates(visit, side, len(steps), value["raise_step_days"]),
        limit_mm=limit,
        under_shoe_mm=max(0.0, target - limit),
        forefoot=target > rule_set.limit("forefoot_with_raise_from").value,
        cushion_mm=cushion_mm,
        worn_mm=None if worn is None else visit.follow_up.raise_mm,
        unconfirmed=any(not rule_set.limit(name).confirmed for name in LIMITS),
    )


def chosen_raise(
    side: Side,
    target_mm: float,
    visit: Visit,
    rule_set: RuleSet,
    *,
    start_mm: float | None = None,
) -> HeelRaise:
    """Return the raise that a therapist chose, with the steps that lead to it.

    Parameters
    ----------
    side : Side
        Under which foot.
    target_mm : float
        Height that was chosen, mm.
    visit : Visit
        Shoes, what is worn now, what speaks for small steps, when it began.
    rule_set : RuleSet
        The limits.
    start_mm : float or None
        Height to begin with where that was chosen too, mm; None begins as
        `heel_raise` does, or one step above what is worn.

    Returns
    -------
    HeelRaise
        Nothing is taken off or held back: the height is the therapist's.
    """
    value = {name: rule_set.limit(name).value for name in LIMITS}
    worn, longest = _worn_on(visit, side), _longest_step(visit, value)
    if start_mm is not None:
        steps = _steps(min(start_mm, target_mm), target_mm, longest)
    elif worn is None:
        steps = _fresh(visit, target_mm, value)
    else:
        steps = _steps(min(worn, target_mm), target_mm, longest)[1:] or (target_mm,)
    limit = in_insole_limit(visit, rule_set)
    return HeelRaise(
        side=side,
        target_mm=target_mm,
        start_mm=steps[0],
        steps_mm=steps,
        step_dates=_dates(visit, side, len(steps), value["raise_step_days"]),
        limit_mm=limit,
        under_shoe_mm=max(0.0, target_mm - limit),
        forefoot=target_mm > rule_set.limit("forefoot_with_raise_from").value,
        worn_mm=worn,
        unconfirmed=False,
    )


def in_insole_limit(visit: Visit, rule_set: RuleSet) -> float:
    """Return what fits in the insole of the shoe worn most, mm.

    A shoe that is not known counts as narrow as soon as a dress shoe is among those
    the insole has to fit.
    """
    shoes = visit.intake.shoes
    worn = (shoes.most_worn,) if shoes.most_worn else shoes.worn
    narrow = any(kind in NARROW_SHOES for kind in worn)
    name = "in_insole_narrow_shoe" if narrow else "in_insole_deep_shoe"
    return rule_set.limit(name).value


def cushion_under(visit: Visit, side: Side | None) -> float:
    """Return the thickness under load of a cushion that lies under that foot only."""
    shoes = visit.intake.shoes
    return (shoes.cushion_compressed_mm or 0.0) if shoes.cushion_side is side else 0.0


def cautious(visit: Visit) -> bool:
    """Tell whether smaller steps are called for: an old difference, a fixed curve."""
    background = visit.intake.background
    years = background.difference_years
    return (
        background.fixed_spine_curve == "yes"
        or background.unstable_ankle == "yes"
        or background.fall_risk == "yes"
        or (years is not None and years > LONG_STANDING_YEARS)
    )


def _fresh(visit: Visit, target: float, value: dict[str, float]) -> tuple[float, ...]:
    """Return the steps of a raise that begins now."""
    half = _whole(target * value["raise_start_share"] / PERCENT)
    most = value["raise_start_least" if cautious(visit) else "raise_start_most"]
    start = min(target, max(value["raise_start_least"], min(half, most)))
    return _steps(start, target, _longest_step(visit, value))


def _worn(
    visit: Visit,
    side: Side,
    target: float,
    value: dict[str, float],
    *,
    go_on: bool,
) -> tuple[float, ...] | None:
    """Return the steps from the raise that is worn now; None when none is worn."""
    now = _worn_on(visit, side)
    if now is None:
        return None
    worse = outcome_facts(visit).change == "worse"
    if visit.follow_up.new_pain == "yes" or worse:
        now = max(0.0, now - value["raise_step_least"])
        return (now,) if now else ()
    worn = min(now, target)
    if not go_on:
        return (worn,)
    steps = _steps(worn, target, _longest_step(visit, value))
    return steps[1:] or (worn,)


def _worn_on(visit: Visit, side: Side) -> float | None:
    """Return the raise that is worn under a foot, mm; None when none is."""
    given = [t.side for t in visit.therapy if t.kind == "heel_raise" and t.side]
    if given and given[-1] is not side:
        return None
    return visit.follow_up.raise_mm or None


def _longest_step(visit: Visit, value: dict[str, float]) -> float:
    return value["raise_step_cautious" if cautious(visit) else "raise_step_most"]


def _steps(start: float, target: float, longest: float) -> tuple[float, ...]:
    """Return whole mm from start to target in as few even steps as possible."""
    count = math.ceil((target - start) / longest)
    between = tuple(
        _whole(start + (target - start) * step / count) for step in range(1, count)
    )
    return (start, *between, target) if count else (start,)


def _dates(visit: Visit, side: Side, count: int, days: float) -> tuple[date, ...]:
    """Return when each step begins, from the start of a raise that was given."""
    starts = [
        given.start
        for given in visit.therapy
        if given.kind == "heel_raise" and given.side in {None, side}
    ]
    if not starts or visit.follow_up.raise_mm:
        return ()
    first = max(starts)
    return tuple(first + timedelta(days=days * step) for step in range(count))


def _whole(value: float) -> float:
    """Return whole millimetres, halves upwards."""
    return float(math.floor(value + 0.5))
