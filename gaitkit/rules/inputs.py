"""Which measurements a comparison uses, and the number that it judges.

Where several recordings or methods give the same measure, the one with the smallest
error counts; a side difference always comes from one recording, or, for findings by
hand, from one method.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from gaitkit.measure.foot.summary import MODALITY
from gaitkit.measure.leg_length.estimate import POSTERIOR
from gaitkit.measure.symmetry import side_difference
from gaitkit.measure.uncertainty import Uncertainty, of_both, uncertainty_of
from gaitkit.model.catalogue import definition
from gaitkit.model.measurement import (
    PLATE_CONTACTS,
    STICKER_STEPS,
    STICKER_STEPS_OF_FILMS,
    Measurement,
)
from gaitkit.model.side import Side
from gaitkit.rules.chance import Belief, Estimate, Few, Missing, Quantity
from gaitkit.rules.condition import COUNTS, DIFFERENCES, EACH, Comparison, Presence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.rules.judged_visit import RuleQuestion
    from gaitkit.rules.rule import RuleSet

Rows = tuple[Measurement, ...]

EXACT = Uncertainty(sd=0.0)
HALF = (0.5, 0.5)
"""Weights of left and right in their mean."""

LEAST = "strides_least"
FILM, PLATE, STICKERS = TARGETS = (
    "strides_target_film", "contacts_target_plate", "strides_target_stickers"
)  # fmt: skip
"""Limits for the number of strides or contacts a side: the fewest that are judged at
all, and from how many on a judgement has no reserve. A set of rules without them, such
as a copy from before they were there, judges whatever was measured."""

CLEARS = "clears_from"
"""Limit for the probability from which a 95 % interval lies beyond a threshold."""

STRIDE_GROUPS = ("spatiotemporal", "kinematic")
"""Groups of the catalogue whose ``n`` counts strides."""

STANDING = ("load_share", "sway_path", "sway_area")
"""Measures of a plate on which somebody stands: no contacts are counted."""


def target_of(row: Measurement) -> str | None:
    """Return the limit for how many strides or contacts a measure should rest on.

    None for what counts none: findings by hand, pictures, lengths of legs.
    """
    if row.side is None:
        return None
    if row.method in {MODALITY, PLATE_CONTACTS}:
        return None if row.name in STANDING else PLATE
    if definition(row.name).group not in STRIDE_GROUPS:
        return None
    return STICKERS if row.method in {STICKER_STEPS, STICKER_STEPS_OF_FILMS} else FILM


def few_of(rows: Iterable[Measurement], question: RuleQuestion) -> Few | None:
    """Return how many strides or contacts there are where a target is not reached."""
    rule_set = question.rule_set
    targets = [
        (row.n, rule_set.limit(name))
        for row in rows
        if (name := target_of(row)) is not None and rule_set.has_limit(name)
    ]
    short = [Few(n=n, target=target) for n, target in targets if n < target.value]
    return min(short, key=lambda few: few.n, default=None)


def clears(probability: float, rule_set: RuleSet) -> bool:
    """Tell whether a 95 % interval lies beyond a threshold, where that is asked."""
    asked = rule_set.has_limit(CLEARS)
    return not asked or probability >= rule_set.limit(CLEARS).value


def too_few(row: Measurement, rule_set: RuleSet) -> bool:
    """Tell whether a measure rests on fewer strides or contacts than are judged."""
    counts = target_of(row) is not None and rule_set.has_limit(LEAST)
    return counts and row.n < rule_set.limit(LEAST).value


def measure_of(leaf: Comparison | Presence, question: RuleQuestion) -> str:
    """Return the measure that a leaf asks for."""
    return (question.focus.measure or "") if leaf.measure == EACH else leaf.measure


def rows_of(leaf: Comparison | Presence, question: RuleQuestion) -> Rows:
    """Return the measurements that a leaf asks for, with or without a value."""
    focus = question.focus
    side = focus.side if leaf.side == EACH else leaf.side
    region = leaf.region or focus.region
    return tuple(
        row
        for row in question.scene.measurements
        if row.name == measure_of(leaf, question)
        and (side is None or row.side == side)
        and (region is None or row.region == region)
        and (focus.recording is None or row.recording == focus.recording)
        and (not leaf.methods or row.method in leaf.methods)
    )


def usable(rows: Iterable[Measurement], question: RuleQuestion) -> Rows:
    """Return the rows that have a value and that no other rule keeps from use.

    What rests on fewer strides or contacts than any judgement takes is left out too.
    """
    scene = question.scene
    return tuple(
        row
        for row in rows
        if row.value is not None
        and not scene.blocked_by(row)
        and not too_few(row, question.rule_set)
    )


def quantity(
    leaf: Comparison, question: RuleQuestion, *, reference: float = 0.0
) -> Quantity | Missing:
    """Return the number that a comparison judges, or what is missing for it.

    Parameters
    ----------
    leaf : Comparison
        What is compared.
    question : RuleQuestion
        For what, and where to look.
    reference : float
        Subtracted from the value; the unit of the measure.

    Returns
    -------
    Quantity or Missing
        Signed; its size is compared by `gaitkit.rules.chance.claim`.
    """
    rows = rows_of(leaf, question)
    if leaf.of in COUNTS:
        return _count(leaf, rows, question)
    there = usable(rows, question)
    if not there:
        return missing(leaf, rows, question)
    entry = definition(measure_of(leaf, question))
    known = tuple(row for row in there if row.sd is not None)
    if not known:
        return Missing(what=question.phrases.no_error.filled(name=entry.label))
    if leaf.of in {*DIFFERENCES, "mean"}:
        return _of_both_sides(leaf, known, question)
    best = min(known, key=lambda row: row.sd or 0.0)
    shown = _shown(
        (best,), value=(best.value or 0.0) - reference, known=uncertainty_of(best)
    )
    legs = question.scene.leg_length
    if best.method != POSTERIOR or legs is None or not legs.curve_mm:
        return shown
    return replace(shown, belief=Belief(legs=legs, prior=leaf.prior))


def missing(
    leaf: Comparison | Presence,
    rows: Rows,
    question: RuleQuestion,
    *,
    side: Side | None = None,
) -> Missing:
    """Return what is missing when a measure has no usable value, and what to do.

    Where there is a value, a rule keeps it from use; where there is none, the
    measurement itself gives the reason. ``side`` is named when only that side is
    missing.
    """
    phrases = question.phrases
    side = side or (question.focus.side if leaf.side == EACH else None)
    label = question.on_side(definition(measure_of(leaf, question)).label, side)
    blocks = (question.scene.blocked_by(row) for row in rows if row.value is not None)
    block = next((found for found in blocks if found is not None), None)
    if block is not None:
        what = phrases.blocked.filled(name=label, rule=block.rule)
        return Missing(what=what, advice=block.advice)
    few = next(
        (r for r in rows if r.value is not None and too_few(r, question.rule_set)), None
    )
    if few is not None:
        least = f"{question.rule_set.limit(LEAST).value:.0f}"
        return Missing(
            what=phrases.too_few.filled(name=label, n=few.n, least=least),
            advice=phrases.measure_advice,
        )
    why = next((row.why_missing for row in rows if row.why_missing), None)
    return Missing(
        what=phrases.not_measured.filled(name=label),
        advice=why.advice if why else phrases.measure_advice,
    )


def _count(leaf: Comparison, rows: Rows, question: RuleQuestion) -> Quantity | Missing:
    """Return how many strides, methods or directions there are: an exact number.

    No method among those asked is a count of 0 as long as the measure was had in
    another way; a measure that was not had at all is missing.
    """
    of_any_method = rows_of(replace(leaf, methods=()), question)
    if not usable(of_any_method, question):
        return missing(leaf, of_any_method, question)
    there = usable(rows, question)
    counts = {
        "n": max((row.n for row in there), default=0),
        "methods": len({row.method for row in there}),
        "directions": len({row.value > 0 for row in there if row.value}),
    }
    return Quantity(
        estimate=Estimate(value=float(counts[leaf.of]), uncertainty=EXACT),
        unit="1",
        digits=0,
        rows=there,
    )


def _of_both_sides(
    leaf: Comparison, rows: Rows, question: RuleQuestion
) -> Quantity | Missing:
    """Return the mean or the difference of the two sides with the smallest error."""
    lefts = tuple(row for row in rows if row.side is Side.LEFT)
    rights = tuple(row for row in rows if row.side is Side.RIGHT)
    of_pair = _difference if leaf.of in DIFFERENCES else _mean
    found = tuple(
        both
        for left, right in product(lefts, rights)
        if (left.recording, left.region) == (right.recording, right.region)
        and (left.recording is not None or left.method == right.method)
        and (both := of_pair(left, right)) is not None
    )
    if found:
        return min(found, key=lambda both: both.estimate.uncertainty.sd)
    absent = Side.RIGHT if lefts else Side.LEFT
    of_absent = (r for r in rows_of(leaf, question) if r.side is absent)
    return missing(leaf, tuple(of_absent), question, side=absent)


def _difference(left: Measurement, right: Measurement) -> Quantity | None:
    difference = side_difference(left, right)
    if difference is None:
        return None
    return Quantity(
        estimate=Estimate(
            value=difference.value,
            uncertainty=Uncertainty(sd=difference.sd, dof=difference.dof),
        ),
        unit=difference.unit,
        digits=definition(difference.measure).digits,
        rows=(left, right),
        detectable_change=difference.detectable_change,
        healthy_p95=difference.healthy_p95,
    )


def _mean(left: Measurement, right: Measurement) -> Quantity | None:
    first, second = uncertainty_of(left), uncertainty_of(right)
    if first is None or second is None or left.value is None or right.value is None:
        return None
    value = 0.5 * (left.value + right.value)
    known = of_both(first, second, weights=HALF)
    return _shown((left, right), value=value, known=known)


def _shown(rows: Rows, *, value: float, known: Uncertainty | None) -> Quantity:
    return Quantity(
        estimate=Estimate(value=value, uncertainty=known or EXACT),
        unit=rows[0].unit,
        digits=definition(rows[0].name).digits,
        rows=rows,
    )
