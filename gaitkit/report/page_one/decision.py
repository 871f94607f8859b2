"""The largest box: what was decided for left and right, why, how sure, when not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import said, strongest_without_imaging
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of, number, quantity, with_unit
from gaitkit.report.blocks import Tone
from gaitkit.report.page_one.choices import choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.decisions import Decided, DecidedPlan
    from gaitkit.model.finding import Finding
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import Suggestion
    from gaitkit.report.inputs import ReportInputs

DEVICES = ("heel_raise", "insole_element")
LEGS, POSTERIOR = "structural_leg_length_difference", "posterior"
CERTAIN = 1.0
"""Chance of what was answered or seen: it has no measure behind it."""

MOST_ROWS = 6
"""Elements with a line of their own; the prescription has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One element: dose left and right, and below it why, how sure and when not."""

    label: str
    left: str = ""
    right: str = ""
    left_note: str = ""
    right_note: str = ""
    why: str = ""
    sure: str = ""
    not_if: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The box: one sentence, the elements, and what goes with them."""

    headline: str
    rows: tuple[DecisionRow, ...] = ()
    notes: tuple[str, ...] = ()
    tone: Tone = "plain"
    left: str = ""
    right: str = ""
    why_label: str = ""
    sure_label: str = ""
    not_if_label: str = ""


def decision(material: ReportInputs) -> Decision:
    """Return the decision of a visit, or what comes before one."""
    words, plan = material.words, material.assessment.plan
    decided = plan_in_force(material.assessment)
    if plan.status == "withheld":
        return _withheld(material)
    found = tuple(_rows(material, decided))
    rows, more = found[:MOST_ROWS], found[MOST_ROWS:]
    notes = (*_outcomes(material), *_notes(material, decided))
    if more:
        listed = ", ".join(row.label for row in more)
        notes = (words("page.more_elements", listed=listed), *notes)
    if plan.provisional:
        notes = (words("page.provisional"), *notes)
    if rows:
        headline = _headline(material, decided)
        return Decision(
            headline=headline,
            rows=rows,
            notes=notes,
            left=words("page.head_left"),
            right=words("page.head_right"),
            why_label=words("page.why"),
            sure_label=words("page.sure"),
            not_if_label=words("page.not_if"),
        )
    return Decision(headline=_nothing_made(material), notes=notes)


def _withheld(material: ReportInputs) -> Decision:
    words, language = material.words, material.language
    plan = material.assessment.plan
    status = plan.triage.status
    tones: dict[str, Tone] = {"stop": "stop", "refer": "stop", "incomplete": "caution"}
    notes = [plan.reason.of(language)] if plan.reason else []
    return Decision(
        headline=words(f"page.withheld_{status}"),
        notes=tuple(notes),
        tone=tones.get(status, "caution"),
    )


def _nothing_made(material: ReportInputs) -> str:
    """Say that nothing is made, and why: in doubt, to ask first, or no ground."""
    plan, words = material.assessment.plan, material.words
    if plan.provisional:
        return words("page.held")
    if any(each.kind == "retest" and each.element is None for each in plan.suggestions):
        return words("page.measure_first")
    return words("page.nothing_made")


def _headline(material: ReportInputs, decided: DecidedPlan) -> str:
    """Return what is made, in one line."""
    words = material.words
    standing = [s for s in decided.plan.suggestions if s.kind in DEVICES]
    raises = [s for s in standing if s.kind == "heel_raise" and s.side]
    worn = any(s.worn is not None for s in raises)
    elements = any(s.kind == "insole_element" for s in standing)
    sides = {s.side for s in raises}
    where = " ".join(words(f"side.{side}") for side in sides if side)
    if raises and elements:
        key = "raise_and_insole"
    elif raises:
        key = "raise_worn" if worn else "raise_alone"
    else:
        key = "insole"
    return words(f"page.headline_{key}", side=where)


def _rows(material: ReportInputs, decided: DecidedPlan) -> Iterator[DecisionRow]:
    """Yield a row for each element that stands; the same element of both sides once."""
    made = [i for i in decided.items if i.standing and i.standing.kind in DEVICES]
    names = dict.fromkeys(i.about.element or i.about.kind for i in made)
    for name in names:
        same = [i for i in made if (i.about.element or i.about.kind) == name]
        yield _row(material, name, same)


def _row(material: ReportInputs, name: str, items: list[Decided]) -> DecisionRow:
    language = material.language
    about = items[0].about
    label = about.label or material.rules.answer(name)
    doses, notes = dict.fromkeys(Side, ""), dict.fromkeys(Side, "")
    before = []
    for item in items:
        standing = item.standing
        if standing is None:
            continue
        for side in (standing.side,) if standing.side else tuple(Side):
            doses[side] = dose_text(material, standing)
            notes[side] = _dose_note(material, standing)
        was = item.proposal
        if was is not None and dose_text(material, was) != dose_text(
            material, standing
        ):
            before.append(dose_text(material, was))
    findings = [f for i in items if (f := _finding(material, i.about)) is not None]
    return DecisionRow(
        label=label.of(language),
        left=doses[Side.LEFT],
        right=doses[Side.RIGHT],
        left_note=notes[Side.LEFT],
        right_note=notes[Side.RIGHT],
        why=_why(material, name, items, findings),
        sure=_sure(material, items[0].standing or about, findings),
        not_if=_not_if(material, name),
        before=material.words("page.before", dose=", ".join(before)) if before else "",
    )


def dose_text(material: ReportInputs, of: Suggestion) -> str:
    """Return a dose: its steps with the days they begin, or one height."""
    words = material.words
    if of.amount is None:
        return words("page.to_the_print" if of.kind == "insole_element" else "page.yes")
    steps = of.steps or (of.amount,)
    shown = [_plain(material, each) for each in steps]
    return with_unit(" → ".join(shown), of.unit or "")


def _dose_note(material: ReportInputs, of: Suggestion) -> str:
    """Return what goes with a dose: how fast, where, or that it stays."""
    words, notes = material.words, list[str]()
    if of.worn is not None and len(of.steps) <= 1 and of.worn == of.amount:
        notes.append(words("page.stays"))
    if len(of.steps) > 1:
        days = material.rules.limit("raise_step_days").value
        notes.append(words("page.every", weeks=f"{days / 7:.0f}"))
    plan = plan_in_force(material.assessment).plan
    rest = [s for s in plan.suggestions if s.location == "under_shoe"]
    if of.location == "in_insole" and rest:
        under = dose_text(material, rest[0])
        notes.append(words("page.of_which_under_shoe", dose=under))
    elif of.location == "in_insole":
        notes.append(words("page.in_insole"))
    return ", ".join(notes)


def _plain(material: ReportInputs, value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1, material.language)


def _finding(material: ReportInputs, about: Suggestion) -> Finding | None:
    """Return the finding from which a suggestion follows."""
    same = [
        f
        for f in material.assessment.findings
        if f.rule == about.rule and f.verdict in {"met", "uncertain"}
    ]
    of_side = [f for f in same if f.side in {None, about.side}]
    return next(iter(of_side or same), None)


def _why(
    material: ReportInputs, name: str, items: list[Decided], findings: Iterable[Finding]
) -> str:
    """Return the one number, with its margin, that explains an element."""
    used = [m for f in findings for m in f.measurements if m.value is not None]
    sides = {i.about.side for i in items}
    for measure in choices().explaining(name):
        values = [
            m
            for m in (*used, *material.assessment.measurements)
            if m.name == measure
            and m.value is not None
            and (m.side is None or m.side in sides or None in sides)
            and (measure != LEGS or m.method == POSTERIOR)
        ]
        if values:
            return _told(material, values[0])
    return ""


def _told(material: ReportInputs, m: Measurement) -> str:
    """Return a value with its interval; of the legs the shorter one and by how much."""
    words, language = material.words, material.language
    if m.name == LEGS:
        right = (m.value or 0.0) > 0
        shorter = words("page.right_shorter" if right else "page.left_shorter")
        shown = with_unit(number(abs(m.value or 0.0), 0, language), "mm")
        if m.low is None or m.high is None:
            return f"{shorter} {shown}"
        low, high = (m.low, m.high) if right else (-m.high, -m.low)
        most = with_unit(number(high, 0, language), "mm")
        span = words("page.span", low=number(low, 0, language), high=most)
        return f"{shorter} {shown}{span}"
    label = definition(m.name).label.of(language)
    where = f" {words(f'side.{m.side}')}" if m.side else ""
    ends = interval_of(m, language)
    span = words("page.span_ends", ends=ends) if ends else ""
    return f"{label}{where} {quantity(m.value or 0.0, m.name, language)}{span}"


def _sure(
    material: ReportInputs, about: Suggestion, findings: Iterable[Finding]
) -> str:
    """Return how sure it is: the chance of its ground, and the evidence."""
    words, parts = material.words, list[str]()
    for finding in findings:
        p = finding.probability
        if p is not None and p < CERTAIN:
            estimate = material.assessment.leg_length
            imaged = estimate is not None and estimate.imaged
            strongest = CERTAIN if imaged else strongest_without_imaging()
            parts.append(said(p, strongest=strongest).of(material.language))
            break
    grades = [g for g in about.grade if g != "design"]
    if grades:
        parts.append(words("page.grade", grade="/".join(grades)))
    if about.unconfirmed:
        parts.append(words("page.dose_unconfirmed"))
    return "; ".join(parts)


def _not_if(material: ReportInputs, name: str) -> str:
    """Return what speaks against an element, each with what was answered."""
    told = material.assessment.intake
    if told is None:
        return ""
    groups: dict[str, list[str]] = {}
    for each in choices().against(name):
        answer = getattr(told.background, each.answer)
        groups.setdefault(answer, []).append(each.label.of(material.language))
    return "; ".join(
        material.words(f"page.asked_{answer}", what=", ".join(groups[answer]))
        for answer in ("yes", "unsure", "no", "not_asked")
        if answer in groups
    )


def _outcomes(material: ReportInputs) -> Iterator[str]:
    """Yield what the evaluation came to, in few words: each leads somewhere."""
    met = {f.rule for f in material.assessment.findings if f.verdict == "met"}
    for outcome in choices().outcomes:
        if outcome.rule in met:
            yield outcome.nl if material.language == "nl" else outcome.en


def _notes(material: ReportInputs, decided: DecidedPlan) -> Iterator[str]:
    """Yield what is decided beside elements, in few words, and what was rejected."""
    words, language = material.words, material.language
    for suggestion in decided.plan.suggestions:
        short = choices().short_of(suggestion.element or "")
        if short is not None and short.box == "decision":
            where = f"{words(f'side.{suggestion.side}')}: " if suggestion.side else ""
            yield f"{where}{short.nl if language == 'nl' else short.en}"
    yield from (text for i in decided.items if (text := _not_made(material, i)))
    for foot in decided.plan.insoles:
        side = words(f"side.{foot.side}")
        yield from (f"{side}: {text.of(language)}" for text in foot.conflicts)


def _not_made(material: ReportInputs, item: Decided) -> str:
    """Return that something was rejected, or that it is only offered."""
    words, about = material.words, item.about
    label = about.label or material.rules.answer(about.element or about.kind)
    name = label.of(material.language)
    if item.decision == "reject":
        return words("page.rejected", what=name)
    if item.standing is None and about.optional and item.decision == "open":
        side = words(f"side.{about.side}") if about.side else ""
        what = " ".join(filter(None, (name, side, dose_text(material, about))))
        return words("page.offered", what=what)
    return ""
