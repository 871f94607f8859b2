"""The order of a pair of insoles, from the decided plan and the footprints.

Everything that is handed over about an insole reads the one `Prescription` made here.
Nothing is clipped in silence: what does not fit in the shoe goes under it, with both
numbers told; what cannot be made leaves both solids away, with the reason. Insoles are
made as a pair: a foot without an element gets the plain shell.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.insole.footprint import print_of_shoe, prints_of
from gaitkit.insole.heights import heel_raise, height, rearfoot_wedge
from gaitkit.insole.outline import borders_at
from gaitkit.insole.parameters import parameter, proportions, under_shoe_shares
from gaitkit.insole.shape import (
    is_of_no_foot,
    lacking_mm,
    refusals,
    run_out_deg,
    shape_of,
)
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.insole import Base, Doses
from gaitkit.model.intake import Shoes
from gaitkit.model.prescription import (
    FootOrder,
    Heights,
    OrderedElement,
    OrderedShoe,
    PracticeDefaults,
    Prescription,
    UnderShoe,
)
from gaitkit.model.reason import reason
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Visit
from gaitkit.plan.heel_raise import in_insole_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import DecidedPlan
    from gaitkit.model.insole import InsoleShape, PlantarPrint
    from gaitkit.model.plan import Suggestion
    from gaitkit.model.reason import Reason
    from gaitkit.rules.rule import RuleSet

RAISES = ("heel_raise", "test_raise", "equal_heel_raise")
UNDER_SHOE = "under_shoe_raise"

AT = {
    "medial_rearfoot_post": ("rearfoot_deg", 1.0, "rearfoot_wedge"),
    "lateral_rearfoot_post": ("rearfoot_deg", -1.0, "rearfoot_wedge"),
    "medial_forefoot_post": ("forefoot_deg", 1.0, "forefoot_wedge"),
    "lateral_forefoot_post": ("forefoot_deg", -1.0, "forefoot_wedge"),
    "medial_heel_skive": ("skive_mm", 1.0, "skive"),
    "heel_cup": ("cup_mm", 1.0, "heel_cup"),
    "heel_cushion": ("cushion_mm", 1.0, "cushion"),
    "medial_arch_support": ("arch_mm", 1.0, "arch"),
    "metatarsal_pad": ("pad_mm", 1.0, "pad"),
    "first_ray_cut_out": ("recess_mm", 1.0, "recess"),
    "hallux_extension": ("hallux_mm", 1.0, "hallux"),
}
"""Dose, its sign and its parameter, of each element of the rules."""

OPPOSITE = (
    ("medial_rearfoot_post", "lateral_rearfoot_post"),
    ("medial_forefoot_post", "lateral_forefoot_post"),
)

SIDE = {
    Side.LEFT: Text(nl="linker", en="left"),
    Side.RIGHT: Text(nl="rechter", en="right"),
}
TENTH = 10


def prescription_of(
    assessment: Assessment,
    analyses: Sequence[Analysis],
    rules: RuleSet,
    *,
    practice: PracticeDefaults | None = None,
) -> Prescription | None:
    """Return the order of a visit, None when nothing is to be made.

    Parameters
    ----------
    assessment : Assessment
        With the decided plan.
    analyses : sequence of Analysis
        The recordings, for the footprints.
    rules : RuleSet
        Words and limits.
    practice : PracticeDefaults or None
        What the practice orders by default.
    """
    house = practice or PracticeDefaults()
    decided = plan_in_force(assessment)
    if not any(_is_made(each) or _is_under(each) for each in decided.plan.suggestions):
        return None
    shoes = assessment.intake.shoes if assessment.intake else Shoes()
    shoe = _shoe(assessment, shoes, rules)
    drawn, missing = ground(assessment, analyses)
    orders = {
        side: _foot(side, decided, rules, house=house, shoe=shoe) for side in Side
    }
    drawn, missing, told = _grounded(drawn, missing, shoe.size_eu)
    orders = _shaped(orders, drawn, house, shoe.size_eu)
    day = decided.decided_on or assessment.visited_on
    wait = house.delivery_days
    draft = not decided.noted
    feet = {
        side: _judged(orders[side], shoe, missing[side], told, draft=draft)
        for side in Side
    }
    made_on = day or datetime.fromisoformat(assessment.provenance.created).date()
    return Prescription(
        number=f"{made_on:%Y%m%d}-{assessment.subject.subject_id}",
        subject_id=assessment.subject.subject_id,
        mass_kg=assessment.subject.mass_kg,
        ordered_on=day,
        deliver_on=None if wait is None or day is None else day + timedelta(days=wait),
        kind="adaptation" if _wears_one(decided) else "new",
        draft=draft,
        decided_by=decided.decided_by,
        practice=house,
        shoe=shoe,
        left=feet[Side.LEFT],
        right=feet[Side.RIGHT],
    )


def ground(
    assessment: Assessment, analyses: Sequence[Analysis]
) -> tuple[dict[Side, PlantarPrint], dict[Side, tuple[Reason, ...]]]:
    """Return the print of each foot, and of each foot without one why it has none.

    Parameters
    ----------
    assessment : Assessment
        Not used for anything but the recordings it refused.
    analyses : sequence of Analysis
        Those of plates; feet inside shoes, pictures of unknown scale and recordings
        that may be of somebody else give no print.
    """
    known = {each.id: each for each in assessment.recordings}
    feet, why = [], []
    for analysis in analyses:
        recording = known.get(analysis.recording.id, analysis.recording)
        for plate in analysis.plates:
            doubts = [
                each
                for each in recording.quality.reasons
                if recording.quality.status == "refused" or recording.quality.questioned
            ]
            own = [*_unfit(plate.source.surface, plate.source.pitch_evidence), *doubts]
            if recording.condition not in {None, "barefoot"}:
                own.append(reason("insole_not_plate"))
            for foot in plate.feet:
                coarse = _coarse(foot.contact.pitch_mm)
                if own or coarse:
                    why += [*own, *coarse]
                else:
                    feet.append(foot)
    prints = prints_of(feet)
    missing = {
        side: ()
        if side in prints
        else (*dict.fromkeys(why), reason("insole_no_print", side=SIDE[side]))
        for side in Side
    }
    return prints, missing


def _unfit(surface: str, pitch_evidence: str) -> Iterator[Reason]:
    if surface not in {"plate", "treadmill"}:
        yield reason("insole_not_plate")
    elif pitch_evidence in {"assumed", "unknown"}:
        yield reason("insole_scale")


def _coarse(pitch_mm: tuple[float, float]) -> tuple[Reason, ...]:
    limit, pitch = parameter("coarsest_sensor"), max(pitch_mm)
    if pitch <= limit.high:  # NaN is not
        return ()
    if not np.isfinite(pitch):
        return (reason("insole_scale"),)
    return (reason("insole_coarse", pitch=round(pitch, 1), most=limit.high),)


def _is_made(suggestion: Suggestion) -> bool:
    made = suggestion.kind in {"insole_element", "heel_raise"}
    return made and not suggestion.optional and suggestion.location != "under_shoe"


def _is_under(suggestion: Suggestion) -> bool:
    return suggestion.location == "under_shoe" and not suggestion.optional


def _wears_one(decided: DecidedPlan) -> bool:
    return any(each.worn for each in decided.plan.suggestions)


def _shoe(assessment: Assessment, shoes: Shoes, rules: RuleSet) -> OrderedShoe:
    intake = assessment.intake
    visit = Visit() if intake is None else Visit(intake=intake)
    return OrderedShoe(
        most_worn=shoes.most_worn,
        worn=shoes.worn,
        size_eu=shoes.size_eu,
        removable_footbed=shoes.removable_footbed,
        heel_height_mm=shoes.heel_height_mm,
        room_mm=shoes.room_mm,
        raise_limit_mm=in_insole_limit(visit, rules),
    )


def _foot(
    side: Side,
    decided: DecidedPlan,
    rules: RuleSet,
    *,
    house: PracticeDefaults,
    shoe: OrderedShoe,
) -> FootOrder:
    """Return the elements and doses of one foot, not shaped yet."""
    own = [
        each
        for each in decided.plan.suggestions
        if each.side in {None, side} and each.kind in {"insole_element", "heel_raise"}
    ]
    layers = [
        layer
        for foot in decided.plan.insoles
        if foot.side is side
        for layer in foot.layers
    ]
    raised = [each for each in own if each.element in RAISES and _is_made(each)]
    steps = _steps(raised)
    inside = tuple(min(step, shoe.raise_limit_mm) for step in steps)
    doses: dict[str, float] = {"raise_mm": inside[0]} if inside else {}
    elements = [
        OrderedElement(
            element="heel_raise",
            label=rules.answer(each.element or "heel_raise"),
            amount=inside[0],
            unit="mm",
        )
        for each in raised[:1]
    ]
    for layer in layers:
        if layer.element in AT:
            ordered = _ordered(layer.element, layer.label, layer.amount, house)
            name, sign, _ = AT[layer.element]
            doses[name] = doses.get(name, 0.0) + sign * (ordered.amount or 0.0)
            elements.append(ordered)
    return FootOrder(
        side=side,
        elements=tuple(elements),
        doses=Doses(**doses),
        steps_mm=tuple(dict.fromkeys(inside)),
        discs_mm=_discs(inside),
        under_shoe=_under(own, steps, inside),
        refusals=tuple(_opposites({each.element for each in layers}, rules)),
    )


def _steps(raised: Sequence[Suggestion]) -> tuple[float, ...]:
    """Return the heights of the raises of a foot together, step by step."""
    courses = [each.steps or (each.amount or 0.0,) for each in raised]
    longest = max((len(course) for course in courses), default=0)
    return tuple(
        sum(course[min(at, len(course) - 1)] for course in courses)
        for at in range(longest)
    )


def _discs(inside: tuple[float, ...]) -> tuple[float, ...]:
    """Return the discs that bring a raise from its first height to its last."""
    grown = (after - before for before, after in pairwise(inside))
    return tuple(each for each in grown if each > 0)


def _under(
    own: Sequence[Suggestion], steps: tuple[float, ...], inside: tuple[float, ...]
) -> UnderShoe | None:
    """Return what goes under the shoe: as decided, or what the shoe does not hold."""
    told = [each.amount or 0.0 for each in own if each.location == "under_shoe"]
    heel = max(told, default=0.0)
    if steps:
        heel = max(heel, steps[0] - inside[0])
    if heel <= 0:
        return None
    share = under_shoe_shares()
    # a raise that begins inside the shoe goes on under it when the shoe is full
    later = bool(steps) and steps[0] <= inside[0] and steps[-1] > inside[-1]
    return UnderShoe(
        heel_mm=heel,
        ball_mm=share.ball * heel,
        toe_mm=share.toe * heel,
        after_mm=inside[-1] if later else None,
    )


def _ordered(
    element: str, label: Text, amount: float | None, house: PracticeDefaults
) -> OrderedElement:
    _, _, name = AT[element]
    unit = parameter(name).unit
    if amount is not None:
        return OrderedElement(element=element, label=label, amount=amount, unit=unit)
    usual = {
        "arch": house.arch_mm,
        "pad": house.pad_mm,
        "heel_cup": house.cup_mm,
        "recess": house.recess_mm,
    }.get(name)
    return OrderedElement(
        element=element,
        label=label,
        amount=parameter(name).default if usual is None else usual,
        unit=unit,
        decided=False,
    )


def _opposites(elements: set[str], rules: RuleSet) -> Iterator[Reason]:
    for first, second in OPPOSITE:
        if {first, second} <= elements:
            yield reason(
                "insole_opposite",
                first=rules.answer(first),
                second=rules.answer(second),
            )


def _grounded(
    prints: dict[Side, PlantarPrint],
    missing: dict[Side, tuple[Reason, ...]],
    size_eu: float | None,
) -> tuple[
    dict[Side, PlantarPrint], dict[Side, tuple[Reason, ...]], tuple[Reason, ...]
]:
    """Return prints to draw on, why there are none, and what is to be told of them.

    Where no foot left a print that can be a whole foot, the shoe size gives both.
    """
    usable = {side: each for side, each in prints.items() if not is_of_no_foot(each)}
    if usable or size_eu is None:
        return usable or prints, missing, ()
    template = {side: print_of_shoe(side, size_eu) for side in Side}
    told = (reason("insole_template", size=size_eu),)
    return template, dict.fromkeys(Side, ()), told


def _shaped(
    orders: dict[Side, FootOrder],
    prints: dict[Side, PlantarPrint],
    house: PracticeDefaults,
    size_eu: float | None,
) -> dict[Side, FootOrder]:
    """Return the orders with shapes; both shells are as thick as one of them needs."""
    if not prints:
        return orders
    ground_ = {
        side: prints.get(side) or _mirrored(prints[side.other], side) for side in Side
    }
    base = base_of(house)
    length = None if size_eu is None else proportions().insole_mm(size_eu)

    def shaped(side: Side, doses: Doses, base_: Base) -> InsoleShape:
        return shape_of(
            ground_[side],
            doses,
            base_,
            length_mm=length,
            pad_behind_mm=house.pad_behind_mm,
            three_quarter=house.length == "three_quarter",
        )

    doses = {
        side: dataclasses.replace(order.doses, raise_mm=0.0)
        if house.loose_raise
        else order.doses
        for side, order in orders.items()
    }
    shapes = {side: shaped(side, doses[side], base) for side in orders}
    lacking = np.ceil(TENTH * max(map(lacking_mm, shapes.values()))) / TENTH
    if lacking > 0:
        base = dataclasses.replace(
            base,
            heel_mm=base.heel_mm + lacking,
            forefoot_mm=base.forefoot_mm + lacking,
        )
        shapes = {side: shaped(side, doses[side], base) for side in orders}
    thicker = (reason("insole_base_thicker", more=float(lacking)),) * bool(lacking)
    return {
        side: dataclasses.replace(
            order,
            shape=shapes[side],
            loose_raise=_loose(shapes[side], order.doses, house),
            heights=heights_of(shapes[side], _loose(shapes[side], order.doses, house)),
            notes=(*order.notes, *thicker),
        )
        for side, order in orders.items()
    }


def _loose(
    shape: InsoleShape, doses: Doses, house: PracticeDefaults
) -> InsoleShape | None:
    """Return the insole with the raise that is made apart from it, None without one."""
    if not house.loose_raise or not doses.raise_mm:
        return None
    return dataclasses.replace(shape, doses=Doses(raise_mm=doses.raise_mm))


def base_of(house: PracticeDefaults) -> Base:
    """Return the shell of a practice, with the usual thickness where it names none."""

    def chosen(value: float | None, name: str) -> float:
        return parameter(name).default if value is None else value

    return Base(
        heel_mm=chosen(house.base_heel_mm, "base_heel"),
        forefoot_mm=chosen(house.base_forefoot_mm, "base_forefoot"),
        least_mm=chosen(house.least_mm, "least_thickness"),
    )


def heights_of(shape: InsoleShape, loose: InsoleShape | None = None) -> Heights:
    """Return the thickness where a calliper is put, a loose raise under it too."""
    print_, shape = shape.print_, shape.as_made
    filled = dataclasses.replace(
        shape, doses=dataclasses.replace(shape.doses, cushion_mm=0.0)
    )
    heel_v = print_.heel_middle_mm[1]
    places = np.array([heel_v, shape.arch_at_mm])
    medial, lateral = borders_at(shape.outline_mm, places)
    toe_v = 0.94 * print_.length_mm
    at = (
        (0.0, heel_v),
        (medial[0], heel_v),
        (lateral[0], heel_v),
        (medial[1], shape.arch_at_mm),
        print_.heads_mm[1],
        (0.0, toe_v),
    )
    u, v = np.asarray(at).T
    whole = height(filled, u, v)
    if loose is not None:
        whole = whole + heel_raise(loose, u, v)
    heel, heel_medial, heel_lateral, arch, ball, toe = map(float, whole)
    wedge_medial, wedge_lateral = map(
        float, rearfoot_wedge(shape, u[1:3], v[1:3]) - shape.pivot_adds_mm
    )
    return Heights(
        heel=heel,
        heel_medial=heel_medial,
        heel_lateral=heel_lateral,
        wedge_medial=wedge_medial,
        wedge_lateral=wedge_lateral,
        arch=arch,
        ball=None if shape.three_quarter else ball,
        toe=None if shape.three_quarter else toe,
    )


def _mirrored(print_: PlantarPrint, side: Side) -> PlantarPrint:
    return dataclasses.replace(
        print_, side=side, origin="mirrored", picture=None, cells_mm=np.zeros((0, 2))
    )


def _judged(
    order: FootOrder,
    shoe: OrderedShoe,
    missing: tuple[Reason, ...],
    told: tuple[Reason, ...],
    *,
    draft: bool,
) -> FootOrder:
    """Return an order with what speaks against its solid, and what to mind."""
    wrong = [*order.refusals, *missing]
    notes = [*told, *order.notes]
    if order.shape is not None:
        wrong += refusals(order.shape.as_made)
        notes += _notes(order, order.shape.as_made, shoe)
    if draft:
        wrong.append(reason("insole_undecided"))
    return dataclasses.replace(
        order, refusals=tuple(dict.fromkeys(wrong)), notes=tuple(notes)
    )


def _notes(order: FootOrder, shape: InsoleShape, shoe: OrderedShoe) -> Iterator[Reason]:
    if order.loose_raise is not None:
        yield reason(
            "insole_loose_raise",
            mm=order.doses.raise_mm,
            edge=parameter("loose_raise_edge").default,
        )
    yield from _length_notes(shape, shoe)
    if shape.pivot_adds_mm:
        yield reason(
            "insole_pivot",
            pivot=round(abs(shape.pivot_mm), 1),
            adds=round(shape.pivot_adds_mm, 1),
        )
    raised = order.loose_raise or shape
    slope, usual = run_out_deg(raised), parameter("run_out_slope").default
    if slope > usual:
        yield reason("insole_run_out_note", slope=round(slope, 1), usual=usual)
    thickest = float(height(shape, *shape.outline_mm.T).max())
    if shoe.room_mm is not None and thickest > shoe.room_mm:
        yield reason("insole_room", thick=round(thickest, 1), room=shoe.room_mm)


def _length_notes(shape: InsoleShape, shoe: OrderedShoe) -> Iterator[Reason]:
    """Yield where the insole that the shoe size gives does not go with the print."""
    if shoe.size_eu is None or shape.print_.origin == "shoe_size":
        return
    asked = shape.print_.length_mm + sum(
        parameter(f"margin_{end}").default for end in ("heel", "toe")
    )
    given = proportions().insole_mm(shoe.size_eu)
    if not parameter("shoe_spare").holds(given - asked):
        yield reason(
            "insole_shoe_length",
            size=shoe.size_eu,
            shoe=round(given),
            print=round(asked),
        )
