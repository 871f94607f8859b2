"""Six lines of measures: left, right, difference with its margin, reference, verdict.

No line mixes recordings: left and right come from one, and the line says which. What
was not measured is left out, and so is the line when nothing was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import reaches, said, strongest_without_imaging
from gaitkit.model.side import Side
from gaitkit.model.wording import interval, number, signed, unit_of, with_unit
from gaitkit.norms.discrete import discrete, own_norm, why_not_comparable
from gaitkit.report.blocks import Tone
from gaitkit.report.page_one.choices import choices
from gaitkit.report.sections.leg_length import longer, p_longer
from gaitkit.report.sections.measures import difference_verdict
from gaitkit.rules.rule import RELEVANT_DIFFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.page_one.choices import LineChoice, LineSubject

LEAST = "strides_least"
"""Limit below which many strides or contacts a value is shown and not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """One line; every field is text, empty where there is nothing to say.

    Attributes
    ----------
    subject : str
        Which of the six it is.
    measure : str
        Name in the catalogue; empty for what was found by hand.
    label, source
        What was measured, and in which recording or by whom.
    left, right, difference, reference, verdict
        The five columns.
    tone : str
        ``caution`` when the verdict says that something is there.
    """

    subject: str
    label: str
    source: str
    measure: str = ""
    left: str = ""
    right: str = ""
    difference: str = ""
    reference: str = ""
    verdict: str = ""
    tone: Tone = "plain"


def measure_lines(material: ReportInputs) -> tuple[MeasureLine, ...]:
    """Return the lines that have something to show, in the order of the choices."""
    found = (_line(material, subject) for subject in choices().lines)
    return tuple(line for line in found if line is not None)


def _line(material: ReportInputs, subject: LineSubject) -> MeasureLine | None:
    for choice in subject.choices:
        if choice.found is not None:
            line = _found(material, subject, choice)
        elif choice.measure is not None and definition(choice.measure).sided:
            line = _sided(material, subject, choice)
        else:
            line = _whole(material, subject, choice)
        if line is not None:
            return line
    return None


def _candidates(
    material: ReportInputs, choice: LineChoice, side: Side | None
) -> Iterable[Measurement]:
    """Return the values that a choice allows, of the best kind of recording first."""
    kinds = {r.id: r.kind for r in material.assessment.recordings}
    found = [
        (m, _pooled_kind(m) if m.recording is None else kinds.get(m.recording))
        for m in material.assessment.measurements
        if m.name == choice.measure
        and m.side is side
        and m.value is not None
        and choice.region in {None, m.region}
        and choice.method in {None, m.method}
    ]
    wanted = [
        (m, kind)
        for m, kind in found
        if (kind in choice.kinds if choice.kinds else kind is None)
    ]
    order = {kind: place for place, kind in enumerate(choice.kinds)}
    ranked = sorted(
        wanted, key=lambda each: (order.get(each[1] or "", 0), each[0].sd or 0.0)
    )
    return [m for m, _ in ranked]


def _pooled_kind(m: Measurement) -> str | None:
    """Return the kind of the recordings that a value without one was averaged over."""
    first = m.method.partition(",")[0]
    return first if first in {"plate", "markers", "pose", "video"} else None


def _sided(
    material: ReportInputs, subject: LineSubject, choice: LineChoice
) -> MeasureLine | None:
    """Return a line of both sides of one recording, or of the one side there is."""
    lefts = _candidates(material, choice, Side.LEFT)
    rights = _candidates(material, choice, Side.RIGHT)
    pairs = [
        d
        for d in material.differences
        if any(d.left is m for m in lefts) and any(d.right is m for m in rights)
    ]
    if pairs:
        order = {id(m): place for place, m in enumerate(lefts)}
        best = min(pairs, key=lambda d: order[id(d.left)])
        return _pair(material, subject, choice, best)
    alone = next(iter([*lefts, *rights]), None)
    if alone is None:
        return None
    line = _begun(material, subject, alone)
    text = _value(material, alone)
    left = alone.side is Side.LEFT
    return MeasureLine(
        subject=subject.subject,
        measure=line.measure,
        label=line.label,
        source=line.source,
        left=text if left else "",
        right="" if left else text,
        reference=_reference(material, subject, choice, alone),
        verdict=_outside(material, choice, (alone,)),
    )


def _pair(
    material: ReportInputs,
    subject: LineSubject,
    choice: LineChoice,
    pair: SideDifference,
) -> MeasureLine:
    line = _begun(material, subject, pair.left)
    source = _source(material, pair.left, pair.right.n)
    few = min(pair.left.n, pair.right.n)
    judged = few >= material.rules.limit(LEAST).value or pair.left.recording is None
    verdicts = []
    tone: Tone = "plain"
    if judged:
        verdicts.append(_outside(material, choice, (pair.left, pair.right)))
        stands = difference_verdict(material, pair)
        verdicts.append(material.words(f"page.{stands}"))
        if verdicts[0] or stands != "no_difference":
            tone = "caution"
    else:
        verdicts.append(material.words("page.too_few", n=few))
    return MeasureLine(
        subject=subject.subject,
        measure=line.measure,
        label=line.label,
        source=source,
        left=_value(material, pair.left),
        right=_value(material, pair.right),
        difference=_margin(material, pair),
        reference=_reference(material, subject, choice, pair.left),
        verdict="; ".join(v for v in verdicts if v),
        tone=tone,
    )


def _whole(
    material: ReportInputs, subject: LineSubject, choice: LineChoice
) -> MeasureLine | None:
    value = next(iter(_candidates(material, choice, None)), None)
    if value is None:
        return None
    estimate = material.assessment.leg_length
    if subject.subject == "leg_length" and estimate is not None and choice.method:
        return _legs(material, subject, choice, estimate)
    line = _begun(material, subject, value)
    return MeasureLine(
        subject=subject.subject,
        measure=line.measure,
        label=line.label,
        source=line.source,
        difference="" if subject.subject != "leg_length" else _value(material, value),
        left=_value(material, value) if subject.subject != "leg_length" else "",
        reference=_reference(material, subject, choice, value),
    )


def _legs(
    material: ReportInputs,
    subject: LineSubject,
    choice: LineChoice,
    estimate: LegLengthEstimate,
) -> MeasureLine:
    """Return the line of the leg lengths: which is longer, by how much, how sure."""
    words, language = material.words, material.language
    limit = material.rules.limit(RELEVANT_DIFFERENCE)
    over = estimate.chance_over(limit.value).least
    strongest = 1.0 if estimate.imaged else strongest_without_imaging()
    measure = choice.measure or ""
    ends = interval(estimate.low_mm, estimate.high_mm, measure, language)
    # one leg is called longer only where that is probable, as in the sentence of it
    known = reaches(p_longer(estimate).least, "probable")
    side = longer(estimate) if known else None
    text = with_unit(signed(estimate.mean_mm, 1, language), "mm")
    kinds = [words(f"page.kind_{kind}") for kind in estimate.kinds]
    return MeasureLine(
        subject=subject.subject,
        measure=measure,
        label=definition(measure).label.of(language),
        source=", ".join(kinds) or words("page.by_hand"),
        left=_length(material, side, Side.LEFT),
        right=_length(material, side, Side.RIGHT),
        difference=f"{text} ({ends})",
        reference=subject.reference.of(language) if subject.reference else "",
        verdict=words(
            "page.over_limit",
            limit=with_unit(number(limit.value, 0, language), "mm"),
            chance=said(over, strongest=strongest).of(language),
        ),
        tone="caution" if over >= 0.5 else "plain",  # noqa: PLR2004 - more likely than not
    )


def _length(material: ReportInputs, longest: Side | None, side: Side) -> str:
    if longest is None:
        return ""
    return material.words("page.longer" if side is longest else "page.shorter")


def _found(
    material: ReportInputs, subject: LineSubject, choice: LineChoice
) -> MeasureLine | None:
    """Return a line of what was found by hand on each foot, without a margin."""
    account = material.assessment.provenance.visit
    seen = None if account is None else account.examination
    if seen is None or choice.found is None or choice.label is None:
        return None
    values = {side: getattr(getattr(seen, side), choice.found) for side in Side}
    if all(value is None for value in values.values()):
        return None
    language = material.language
    low = material.rules.limit(choice.below) if choice.below else None
    outside = [
        material.words(f"side.{side}")
        for side, value in values.items()
        if low is not None and value is not None and value < low.value
    ]
    shown = {
        side: ""
        if value is None
        else with_unit(number(value, 0, language), choice.unit or "")
        for side, value in values.items()
    }
    reference = ""
    if low is not None:
        least = with_unit(number(low.value, 0, language), low.unit)
        reference = material.words("page.at_least", least=least)
    return MeasureLine(
        subject=subject.subject,
        label=choice.label.of(language),
        source=material.words("page.by_hand"),
        left=shown[Side.LEFT],
        right=shown[Side.RIGHT],
        reference=reference,
        verdict=material.words("page.limited", side=_listed(outside, material))
        if outside
        else "",
        tone="caution" if outside else "plain",
    )


def _begun(
    material: ReportInputs, subject: LineSubject, of: Measurement
) -> MeasureLine:
    """Return the line with its label and source, everything else still empty."""
    label = definition(of.name).label.of(material.language)
    return MeasureLine(
        subject=subject.subject,
        measure=of.name,
        label=label,
        source=_source(material, of),
    )


def _source(material: ReportInputs, of: Measurement, other: int | None = None) -> str:
    """Return where a line comes from, with its counts left and right."""
    words, n = material.words, f"{of.n}" if of.n else ""
    if other is not None and other != of.n:
        n = f"{of.n}/{other}"
    if of.recording is None:
        kind = _pooled_kind(of)
        if kind is None:
            return words("page.by_hand")
        passes = sum(r.kind == kind for r in material.assessment.recordings)
        said_of = words(f"recording.{kind}")
        return words("page.passes", kind=said_of, passes=passes, n=n)
    kind = next(r.kind for r in material.assessment.recordings if r.id == of.recording)
    said_kind = words(f"recording.{kind}")
    same = [r for r in material.assessment.recordings if r.kind == kind]
    if len(same) > 1:
        number_of = [r.id for r in same].index(of.recording) + 1
        said_kind = f"{said_kind} {number_of}"
    return f"{said_kind}, n {n}" if n else said_kind


def _value(material: ReportInputs, of: Measurement) -> str:
    entry = definition(of.name)
    text = number(of.value or 0.0, entry.digits, material.language)
    return with_unit(text, entry.unit)


def _margin(material: ReportInputs, pair: SideDifference) -> str:
    """Return a difference with its margin: half its 95 % interval."""
    digits, language = definition(pair.measure).digits, material.language
    half = (pair.high - pair.low) / 2
    value = signed(pair.value, digits, language)
    return f"{value} ± {with_unit(number(half, digits, language), pair.unit)}"


def _bounds(
    material: ReportInputs, choice: LineChoice, of: Measurement
) -> tuple[float | None, float | None]:
    """Return from which to which value is usual, as far as it is known."""
    rules = material.rules
    low = rules.limit(choice.below).value if choice.below else None
    high = rules.limit(choice.above).value if choice.above else None
    if low is None and high is None and of.region is None:
        speed_m_s = material.speed_m_s(of.recording)
        age_years = material.assessment.subject.age_years
        own = own_norm(of.name, speed_m_s=speed_m_s, age_years=age_years)
        norm = own or discrete(of.name)
        comparable = norm is not None and (
            why_not_comparable(norm.reference, speed_m_s=speed_m_s, age_years=age_years)
            is None
        )
        if norm is not None and comparable:
            return norm.low, norm.high
    return low, high


def _reference(
    material: ReportInputs, subject: LineSubject, choice: LineChoice, of: Measurement
) -> str:
    language, words = material.language, material.words
    usual = choice.usual or subject.reference
    if usual is not None:
        return usual.of(language)
    low, high = _bounds(material, choice, of)
    digits, unit = definition(of.name).digits, unit_of(definition(of.name).unit)
    if low is not None and high is not None:
        ends = interval(low, high, of.name, language)
        return with_unit(ends, definition(of.name).unit)
    if low is not None:
        return words("page.at_least", least=f"{number(low, digits, language)} {unit}")
    if high is not None:
        return words("page.at_most", most=f"{number(high, digits, language)} {unit}")
    return ""


def _outside(
    material: ReportInputs, choice: LineChoice, values: tuple[Measurement, ...]
) -> str:
    """Return which sides lie outside the reference, by more than their error or not."""
    words, said_of = material.words, list[str]()
    for m in values:
        low, high = _bounds(material, choice, m)
        side = words(f"side.{m.side}") if m.side else ""
        value = m.value or 0.0
        if low is not None and value <= low:
            sure = m.high is not None and m.high < low
            key = "page.below" if sure else "page.maybe_below"
            if sure or choice.below:
                said_of.append(words(key, side=side))
        elif high is not None and value >= high:
            sure = m.low is not None and m.low > high
            key = "page.above" if sure else "page.maybe_above"
            if sure or choice.above:
                said_of.append(words(key, side=side))
    return ", ".join(said_of)


def _listed(sides: list[str], material: ReportInputs) -> str:
    return f" {material.words('page.and')} ".join(sides)
