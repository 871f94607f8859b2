"""Every output of a decided visit against the decision, read apart from the product.

What stands is worked out here from the proposal and the decisions alone, and what each
output says is read back from what it hands over: cells, sentences, FHIR parameters.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from gaitkit.insole.order import prescription_of
from gaitkit.io.export.fhir.bundle import fhir_bundle
from gaitkit.io.export.workbook import plan_sheets
from gaitkit.model.decisions import PlanEdit, PlanEdits, plan_in_force
from gaitkit.model.side import Side
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import letter_of, letter_texts
from gaitkit.report.letters_to_others import letter_to_gp, letter_to_shoemaker
from gaitkit.report.page_one.page import page_one
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.model.text import Language
    from gaitkit.rules.rule import RuleSet

DEVICES = frozenset({"heel_raise", "insole_element"})
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
DOSE = re.compile(r"(\d+(?:[.,]\d+)?)(?=[\u2009\u00a0\u202f ]?(?:mm|°))")
HEIGHTS = tuple(each / 2 for each in range(4, 33))
DAY = date(2026, 5, 11)
SHOEMAKER_MM = {"1", "2"}
"""How exact the height is checked, and the loose layers, whatever the dose."""


def random_edits(plan: Plan, random: Random) -> PlanEdits:
    """Return decisions about a proposal as a therapist may take them."""
    edits = []
    for each in plan.suggestions:
        action = random.choice(("open", "accept", "change", "reject"))
        if action == "open" or (action == "change" and each.amount is None):
            continue
        amount = start = None
        if action == "change":
            amount = random.choice(HEIGHTS)
            if each.element == "heel_raise" and random.random() < 0.5:
                start = random.choice([h for h in HEIGHTS if h <= amount])
        edits.append(
            PlanEdit(
                rule=each.rule,
                action=action,  # type: ignore[arg-type] - one of the three
                element=each.element,
                side=each.side,
                amount=amount,
                unit=each.unit if amount is not None else None,
                start=start,
                reason=None if action == "accept" else "patient prefers it",
            )
        )
    return PlanEdits(decided_by="therapist-1", decided_on=DAY, edit=tuple(edits))


def contradictions(
    assessment: Assessment, rules: RuleSet, *, language: Language
) -> Iterator[str]:
    """Yield where an output says another thing than was decided."""
    yield from _of_the_plan(assessment)
    material = report_inputs(
        assessment,
        (),
        rules=rules,
        settings=ReportSettings(lang=language, overlay=False),
    )
    yield from _of_page_one(assessment, page_one(material))
    yield from _of_the_workbook(assessment, language)
    yield from _of_fhir(assessment, fhir_bundle(assessment, language=language))
    yield from _of_the_order(assessment, rules)
    letters = {
        "patient": letter_of(material, glossary()),
        "gp": letter_to_gp(material),
        "shoemaker": letter_to_shoemaker(material),
    }
    for name, letter in letters.items():
        if letter is not None:
            text = " ".join(letter_texts(letter))
            yield from _of_a_letter(assessment, name, text)


def _edit_of(each: Suggestion, edits: PlanEdits | None) -> PlanEdit | None:
    found = None
    for edit in edits.edit if edits else ():
        if (edit.rule, edit.side, edit.element) == (each.rule, each.side, each.element):
            found = edit
    return found


def _of_the_plan(assessment: Assessment) -> Iterator[str]:
    """The decided plan against the decisions themselves."""
    decided = plan_in_force(assessment)
    standing = decided.plan.suggestions
    for each in assessment.plan.suggestions:
        edit = _edit_of(each, assessment.edits)
        same = [
            s
            for s in standing
            if (s.rule, s.side, s.element, s.kind)
            == (each.rule, each.side, each.element, each.kind)
        ]
        what = f"{each.rule} {each.element} {each.side}"
        if edit is not None and edit.action == "reject" and same:
            yield f"plan: {what} was rejected and stands"
        if edit is not None and edit.action == "change" and edit.amount is not None:
            if not same:
                yield f"plan: {what} was changed and is gone"
            elif edit.amount != (same[0].target or same[0].amount):
                yield f"plan: {what} is {same[0].amount}, decided was {edit.amount}"
        if edit is not None and edit.action == "accept" and not same:
            yield f"plan: {what} was accepted and is gone"


def _written(values: Iterator[float] | list[float]) -> set[str]:
    shown = set()
    for value in values:
        for text in (f"{value:g}", f"{value:.1f}", f"{value:.0f}"):
            if abs(float(text) - value) < 0.051:
                shown |= {text, text.replace(".", ",")}
    return shown


def _doses(each: Suggestion) -> list[float]:
    values = (each.amount, each.target, *each.steps)
    return [value for value in values if value is not None]


def _of_page_one(assessment: Assessment, page: Any) -> Iterator[str]:
    decided = plan_in_force(assessment)
    rows = page.decision.rows
    standing = [s for s in decided.plan.suggestions if s.kind in DEVICES]
    if assessment.plan.status == "withheld" and rows:
        yield "page one: a dose beside what is withheld"
    for side, name in ((Side.LEFT, "left"), (Side.RIGHT, "right")):
        own = [s for s in standing if s.side in {None, side}]
        allowed = _written([value for s in own for value in _doses(s)])
        shown = {n for row in rows for n in NUMBER.findall(getattr(row, name))}
        if shown - allowed:
            yield f"page one, {name}: {sorted(shown - allowed)} was not decided"
        if len({s.element or s.kind for s in standing}) <= 6:
            for s in own:
                first = s.steps[0] if s.steps else s.amount
                if first is not None and not _written([first]) & shown:
                    yield f"page one, {name}: {first} of {s.rule} {s.element} is lost"


def _of_the_workbook(assessment: Assessment, language: Language) -> Iterator[str]:
    decided = plan_in_force(assessment)
    sheets = {sheet.name: sheet for sheet in plan_sheets(assessment, language)}
    sheet = sheets.get({"nl": "besluit", "en": "decision"}[language])
    if sheet is None:
        if decided.noted:
            yield "workbook: no sheet of what was decided"
        return
    told = [tuple(row[4:9]) for row in sheet.rows]
    wanted = [
        (s.amount, s.unit, s.low, s.high, s.target) for s in decided.plan.suggestions
    ]
    if sorted(map(str, told)) != sorted(map(str, wanted)):
        yield f"workbook: {told} where {wanted} was decided"


def _of_fhir(assessment: Assessment, bundle: Any) -> Iterator[str]:
    decided = plan_in_force(assessment)
    requests = [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "DeviceRequest"
    ]
    told = []
    for request in requests:
        values = [
            (p["code"]["coding"][0]["code"], float(p["valueQuantity"]["value"]))
            for p in request.get("parameter", ())
            if "valueQuantity" in p and "layer" not in p["code"]["coding"][0]["code"]
        ]
        told.append(sorted(values))
    wanted = []
    for s in decided.plan.suggestions:
        if s.kind in DEVICES:
            values = [("start-dose", s.amount), ("target-dose", s.target)]
            values += [(f"step-{n}", step) for n, step in enumerate(s.steps, start=1)]
            wanted.append(sorted((k, float(v)) for k, v in values if v is not None))
    if sorted(map(str, told)) != sorted(map(str, wanted)):
        yield f"FHIR: {told} where {wanted} was decided"


def _of_the_order(assessment: Assessment, rules: RuleSet) -> Iterator[str]:
    order = prescription_of(assessment, (), rules)
    standing = plan_in_force(assessment).plan.suggestions
    made = [
        s
        for s in standing
        if s.kind in DEVICES and not s.optional and s.location != "under_shoe"
    ]
    if order is None:
        if made:
            yield "order: none, and something is to be made"
        return
    for side, foot in ((Side.LEFT, order.left), (Side.RIGHT, order.right)):
        raises = [s for s in made if s.kind == "heel_raise" and s.side in {None, side}]
        steps = [list(s.steps) or [s.amount or 0.0] for s in raises]
        length = max(map(len, steps), default=0)
        whole = [sum(c[min(n, len(c) - 1)] for c in steps) for n in range(length)]
        limit = order.shoe.raise_limit_mm
        inside = list(dict.fromkeys(min(step, limit) for step in whole))
        if list(foot.steps_mm) != inside:
            yield f"order, {side}: raise {foot.steps_mm}, decided {whole} of {limit}"
        for element in foot.elements:
            own = [
                s.amount
                for s in made
                if s.element == element.element
                and s.side in {None, side}
                and s.amount is not None
            ]
            if element.element != "heel_raise" and own and element.amount not in own:
                yield f"order, {side}: {element.element} {element.amount}, not {own}"
        under = [
            s.amount or 0.0
            for s in standing
            if s.location == "under_shoe" and s.side in {None, side}
        ]
        heel = max([*under, *(step - limit for step in whole[:1])], default=0.0)
        found = foot.under_shoe.heel_mm if foot.under_shoe else 0.0
        if abs(found - max(heel, 0.0)) > 1e-9:
            yield f"order, {side}: under the shoe {found}, decided {heel}"


def _of_a_letter(assessment: Assessment, name: str, text: str) -> Iterator[str]:
    decided = plan_in_force(assessment)
    legs = assessment.leg_length
    allowed = [value for s in decided.plan.suggestions for value in _doses(s)]
    allowed += [
        abs(part)
        for s in decided.plan.suggestions
        for part in ((s.target or s.amount or 0.0) - u for u in allowed)
    ]
    texts = " ".join(
        part
        for s in decided.plan.suggestions
        for each in (s.text, *s.contraindications)
        for part in (each.nl, each.en)
    )
    measured = set(DOSE.findall(texts))
    if legs is not None:
        values = (legs.mean_mm, legs.low_mm, legs.high_mm, 5.0, 10.0)
        measured |= _written([abs(value) for value in values])
    measured |= {
        number
        for m in assessment.measurements
        if m.value is not None
        for number in _written([abs(m.value)])
    }
    if name == "shoemaker":
        measured |= SHOEMAKER_MM
    strange = set(DOSE.findall(text)) - _written(allowed) - measured
    if strange:
        yield f"letter to {name}: {sorted(strange)} was not decided"
