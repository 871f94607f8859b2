"""The insole of each foot: elements in the order of making, conflicts said aloud."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from gaitkit.model.plan import FootInsole, InsoleLayer, Suggestion
from gaitkit.model.side import Side
from gaitkit.model.wording import both, number_with_unit
from gaitkit.plan.hard_limits import POSTING, hard_limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.text import Text
    from gaitkit.rules.rule import RuleSet

ORDER = (
    "medial_rearfoot_post", "lateral_rearfoot_post", "medial_arch_support",
    "medial_heel_skive", "heel_cup", "heel_cushion", "heel_raise",
    "equal_heel_raise", "medial_forefoot_post", "lateral_forefoot_post",
    "metatarsal_pad", "first_ray_cut_out",
)  # fmt: skip
"""From the heel forward; an element that is not named comes last."""

UNDER_HEEL = ("medial_rearfoot_post", "lateral_rearfoot_post")
FIRST_RAY, MEDIAL_FOREFOOT = "first_ray_cut_out", "medial_forefoot_post"
RAISE, CUSHION = "heel_raise", "heel_cushion"


def without_opposites(
    suggestions: Iterable[Suggestion], rule_set: RuleSet
) -> tuple[Suggestion, ...]:
    """Return the suggestions without elements that contradict each other on a foot."""
    known = tuple(suggestions)
    return tuple(
        each for each in known if not any(_opposes(each, o, rule_set) for o in known)
    )


def insoles(
    suggestions: Iterable[Suggestion],
    rule_set: RuleSet,
    *,
    dropped: Iterable[Suggestion] = (),
) -> tuple[FootInsole, ...]:
    """Return the insole of each foot that gets an element.

    Parameters
    ----------
    suggestions : iterable of Suggestion
        What is suggested; elements without a side belong to both feet.
    rule_set : RuleSet
        For the words.
    dropped : iterable of Suggestion
        Elements that `without_opposites` took away, to be named.

    Returns
    -------
    tuple of FootInsole
        Layers in the order of `ORDER`; the same element of two rules stands once,
        with the lowest dose to start with.
    """
    known, gone = tuple(suggestions), tuple(dropped)
    feet = (_foot(side, known, gone, rule_set) for side in Side)
    return tuple(foot for foot in feet if foot.layers or foot.conflicts)


def one_sided_cushion(suggestions: Iterable[Suggestion], side: Side) -> float:
    """Return how much thicker the cushion of that foot is than of the other, mm.

    The uncompressed thickness counts, so that a raise is rather too small.
    """
    amounts = dict.fromkeys(Side, 0.0)
    for each in suggestions:
        if each.element == CUSHION and each.amount is not None:
            for foot in (each.side,) if each.side else tuple(Side):
                amounts[foot] = max(amounts[foot], each.amount)
    return max(0.0, amounts[side] - amounts[side.other])


def _foot(
    side: Side,
    suggestions: tuple[Suggestion, ...],
    dropped: tuple[Suggestion, ...],
    rule_set: RuleSet,
) -> FootInsole:
    elements = sorted(
        (each for each in suggestions if _is_layer(each) and each.side in {None, side}),
        key=lambda each: (_place(each), each.element or "", each.rule),
    )
    chosen: list[Suggestion] = []
    conflicts: list[Text] = []
    for _, group in groupby(elements, key=lambda each: each.element):
        same = tuple(group)
        chosen.append(min(same, key=lambda each: (each.amount or 0.0, each.rule)))
        if len(same) > 1:
            name = rule_set.answer(same[0].element or "")
            conflicts.append(rule_set.phrases.two_doses.filled(element=name))
    conflicts += _conflicts(tuple(chosen), rule_set)
    conflicts += _named_opposites(
        (each for each in dropped if each.side in {None, side}), rule_set
    )
    layers = tuple(_layer(n, each, rule_set) for n, each in enumerate(chosen, start=1))
    return FootInsole(
        side=side, layers=layers, conflicts=tuple(dict.fromkeys(conflicts))
    )


def _is_layer(suggestion: Suggestion) -> bool:
    in_insole = suggestion.location != "under_shoe" and not suggestion.optional
    return suggestion.kind in {"insole_element", "heel_raise"} and in_insole


def _place(suggestion: Suggestion) -> int:
    element = suggestion.element or ""
    return ORDER.index(element) if element in ORDER else len(ORDER)


def _layer(order: int, suggestion: Suggestion, rule_set: RuleSet) -> InsoleLayer:
    element = suggestion.element or suggestion.kind
    return InsoleLayer(
        order=order,
        element=element,
        label=rule_set.answer(element),
        rule=suggestion.rule,
        amount=suggestion.amount,
        low=suggestion.low,
        high=suggestion.high,
        unit=suggestion.unit,
        unconfirmed=suggestion.unconfirmed,
    )


def _conflicts(chosen: tuple[Suggestion, ...], rule_set: RuleSet) -> Iterator[Text]:
    phrases = rule_set.phrases
    by_element = {each.element: each for each in chosen}
    posting = sum(
        by_element[name].amount or 0.0 for name in UNDER_HEEL if name in by_element
    )
    most = hard_limits()[POSTING]
    if posting > most.most:
        yield phrases.posting_beyond.filled(
            amount=_shown(posting, most.unit), most=most.text
        )
    if {FIRST_RAY, MEDIAL_FOREFOOT} <= set(by_element):
        yield phrases.first_ray_with_post
    cushion = by_element.get(CUSHION)
    if cushion is not None and cushion.amount is not None and RAISE in by_element:
        shown = _shown(cushion.amount, "mm")
        yield phrases.cushion_counted.filled(amount=shown)
    if len(chosen) > 1:
        yield phrases.one_at_a_time


def _named_opposites(
    dropped: Iterable[Suggestion], rule_set: RuleSet
) -> Iterator[Text]:
    elements = {each.element for each in dropped}
    for first, second in rule_set.opposites:
        if {first, second} <= elements:
            yield rule_set.phrases.opposite_layers.filled(
                first=rule_set.answer(first), second=rule_set.answer(second)
            )


def _opposes(one: Suggestion, other: Suggestion, rule_set: RuleSet) -> bool:
    apart = None not in (one.side, other.side) and one.side != other.side
    pair = {one.element, other.element}
    return not apart and any(pair == set(each) for each in rule_set.opposites)


def _shown(value: float, unit: str) -> Text:
    return both(
        lambda language: number_with_unit(value, digits=0, unit=unit, language=language)
    )
