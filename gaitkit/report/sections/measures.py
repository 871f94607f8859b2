"""The numbers: whole person, left beside right, and what has no value and why.

Measures without a value, gathered under the reason that they share.

What may be said of a side difference, by its size and by the rule that judged it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.measure.symmetry import INDEX
from gaitkit.model.catalogue import definition, definitions
from gaitkit.model.contact import REGIONS
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.wording import (
    interval,
    interval_of,
    number,
    quantity,
    signed,
    with_unit,
)
from gaitkit.norms.discrete import norm_for, why_not_comparable
from gaitkit.report.blocks import (
    Cell,
    Column,
    Paragraph,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.words import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.finding import Finding
    from gaitkit.model.leg_length import MethodEvidence
    from gaitkit.model.measurement import Measurement
    from gaitkit.norms.discrete import NormValue
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs


DifferenceVerdict = Literal["no_difference", "some_difference", "doubt", "unjudged"]


def difference_verdict(
    material: ReportInputs, difference: SideDifference
) -> DifferenceVerdict:
    """Return what may be said of a side difference.

    A difference beyond its limit counts as demonstrable only when the rule that judged
    it agrees, or when no rule looks at this measure; a rule in doubt wins always.
    """
    judged = _judgement(material, difference)
    if judged is not None and judged.verdict == "uncertain":
        return "doubt"
    if not difference.demonstrable:
        return "no_difference"
    return (
        "some_difference" if judged is None or judged.verdict == "met" else "unjudged"
    )


def _judgement(material: ReportInputs, difference: SideDifference) -> Finding | None:
    return next(
        (
            finding
            for finding in material.assessment.findings
            if finding.measure == difference.measure
            and finding.recording in {None, difference.left.recording}
        ),
        None,
    )


NAMED = ("tape", "block_test", "posterior")
"""Methods that are named beside a measure: their numbers stand side by side."""

NOTHING = "–"
TOTAL = "total"
SOLE = frozenset(region.value for region in REGIONS)
LIMITED = "*"
"""Marks a value from a recording that is usable with limits."""


@dataclass(frozen=True, slots=True)
class _Key:
    """What one row of the table is about."""

    name: str
    region: str | None
    recording: str | None
    method: str


def measures(material: ReportInputs) -> Section:
    """Return the tables of numbers and the list of what is missing."""
    words = material.words
    blocks: list[Block] = []
    sided = _sided(material)
    if sided.groups:
        blocks.append(sided)
    whole = _whole(material)
    if whole.groups:
        blocks.append(whole)
    given = [m for m in material.assessment.measurements if m.value is not None]
    if any(m.quality == "limited" for m in given):
        blocks.append(Paragraph(text=words("measures.limited", mark=LIMITED)))
    if material.averaged:
        note = words("measures.passes_note", n=len(material.plates))
        blocks.append(Paragraph(text=note))
    blocks += _reference_notes(material)
    blocks += _missing(material)
    return Section(
        anchor="measures",
        title=words("measures.title"),
        intro=words("measures.intro") if given else words("summary.no_value"),
        blocks=tuple(blocks),
    )


def foot_table(material: ReportInputs, recording: str | None) -> Table:
    """Return the measures of the foot that a pressure recording gave, whole feet.

    ``recording`` is None for the feet of several recordings, averaged together.
    """
    return _table_of_sides(
        material,
        caption=material.words("plate.foot_caption"),
        groups=_groups(material, sided=True, feet=True, plate=recording),
    )


def _sided(material: ReportInputs) -> Table:
    return _table_of_sides(
        material,
        caption=material.words("measures.sides_caption"),
        groups=_groups(material, sided=True),
    )


def _table_of_sides(
    material: ReportInputs, *, caption: str, groups: tuple[RowGroup, ...]
) -> Table:
    words = material.words
    return Table(
        caption=caption,
        columns=(
            Column(label=words("measures.measure")),
            Column(label=words("measures.left"), numeric=True, accent="left"),
            Column(label=words("measures.right"), numeric=True, accent="right"),
            Column(label=words("measures.difference"), numeric=True),
            Column(label=words("measures.healthy"), numeric=True),
        ),
        groups=groups,
    )


def _whole(material: ReportInputs) -> Table:
    words = material.words
    return Table(
        caption=words("measures.whole_caption"),
        columns=(
            Column(label=words("measures.measure")),
            Column(label=words("measures.value"), numeric=True),
            Column(label=words("measures.healthy"), numeric=True),
        ),
        groups=_groups(material, sided=False),
    )


def _groups(
    material: ReportInputs, *, sided: bool, feet: bool = False, plate: str | None = None
) -> tuple[RowGroup, ...]:
    """Return the rows in the order of the catalogue, under their groups.

    Measures of the foot (``feet``) stand with the pictures of the plate that gave them
    and nowhere else; regions of the sole have tables of their own.
    """
    rows: dict[str, list[Row]] = {}
    order = {entry.name: place for place, entry in enumerate(definitions())}
    keys = dict.fromkeys(
        _Key(m.name, m.region, m.recording, m.method)
        for m in material.assessment.measurements
        if m.value is not None and (m.side is not None) == sided
    )
    for key in sorted(keys, key=lambda key: order[key.name]):
        if _of_plate(material, key) != feet or key.region in SOLE:
            continue
        if feet and key.recording != plate:
            continue
        build = _sided_row if sided else _whole_row
        group = INDEX if key.name == INDEX else definition(key.name).group
        rows.setdefault(group, []).append(build(material, key))
    return tuple(
        RowGroup(title=material.words(f"measures.{group}"), rows=tuple(found))
        for group, found in rows.items()
    )


def _of_plate(material: ReportInputs, key: _Key) -> bool:
    """Tell whether a row is about a measure of the foot that a plate gave."""
    of_foot = key.name != INDEX and definition(key.name).group == "foot"
    pooled = key.recording is None and material.pooled
    return of_foot and (pooled or key.recording in material.plates)


def _sided_row(material: ReportInputs, key: _Key) -> Row:
    left, right = (_find(material, key, side) for side in Side)
    difference = next(
        (
            d
            for d in material.differences
            if d.left is left and d.right is right and left is not None
        ),
        None,
    )
    return Row(
        cells=(
            _name(material, key),
            _value(material, left),
            _value(material, right),
            _difference(material, difference),
            _healthy(material, key),
        )
    )


def _whole_row(material: ReportInputs, key: _Key) -> Row:
    return Row(
        cells=(
            _name(material, key),
            _value(material, _find(material, key, None)),
            _healthy(material, key),
        )
    )


def _name(material: ReportInputs, key: _Key) -> Cell:
    entry = definition(key.name)
    text = entry.label.of(material.language)
    if key.region is not None:
        of_measure = key.region in {d.name for d in definitions()}
        region = (
            definition(key.region).label.of(material.language)
            if of_measure
            else material.words(f"region.{key.region}")
        )
        if key.region != TOTAL:
            text = region if key.name == INDEX else f"{text}: {region}"
    several = len(material.assessment.recordings) > 1 and key.recording is not None
    notes = (key.recording,) if several and key.recording else ()
    if key.recording is None and key.name in material.averaged:
        notes = (material.words("measures.passes", n=len(material.plates)),)
    return Cell(text=text, notes=(*notes, *_by_hand(material, key)))


def _by_hand(material: ReportInputs, key: _Key) -> tuple[str, ...]:
    """Return the method of a measure that other methods may give as well."""
    if key.method in NAMED:
        return (material.words(f"method.{key.method}"),)
    method = _evidence(material, key.name, key.method)
    return () if method is None else (method.label.of(material.language),)


def _evidence(material: ReportInputs, name: str, method: str) -> MethodEvidence | None:
    """Return the method of the leg-length estimate that gave a measure of its group."""
    estimate = material.assessment.leg_length
    if estimate is None or definition(name).group != "leg_length":
        return None
    return next((m for m in estimate.methods if m.method == method), None)


def _value(material: ReportInputs, measurement: Measurement | None) -> Cell:
    words, language = material.words, material.language
    if measurement is None or measurement.value is None:
        return Cell(text=NOTHING, tone="quiet")
    count = words("measures.n", n=measurement.n) if measurement.n else ""
    if measurement.quality == "limited":
        count = f"{count} {LIMITED}"
    notes = [interval_of(measurement, language), count.strip()]
    method = _evidence(material, measurement.name, measurement.method)
    unconfirmed = method is not None and method.unconfirmed
    marks = mark(words, unconfirmed=measurement.unconfirmed or unconfirmed)
    return Cell(
        text=quantity(measurement.value, measurement.name, language),
        notes=(" · ".join(note for note in notes if note), *marks),
    )


def _difference(material: ReportInputs, difference: SideDifference | None) -> Cell:
    words, language = material.words, material.language
    if difference is None:
        return Cell(text=NOTHING, tone="quiet")
    limit = words(
        "measures.limit", limit=quantity(difference.limit, difference.measure, language)
    )
    digits = definition(difference.measure).digits
    text = with_unit(signed(difference.value, digits, language), difference.unit)
    span = interval(difference.low, difference.high, difference.measure, language)
    said = difference_verdict(material, difference)
    return Cell(
        text=text,
        notes=(words(f"measures.{said}"), f"{limit} · {span}"),
        tone="quiet" if said == "no_difference" else "caution",
    )


def _healthy(material: ReportInputs, key: _Key) -> Cell:
    words, language = material.words, material.language
    norm = _norm(material, key)
    if norm is None:
        return Cell(text=NOTHING, tone="quiet")
    if _not_comparable(material, norm, key.recording) is not None:
        return Cell(
            text=NOTHING, notes=(words("measures.no_comparison"),), tone="quiet"
        )
    digits, unit = definition(key.name).digits, definition(key.name).unit
    if norm.low is None or norm.high is None:
        mean, sd = (number(x, digits, language) for x in (norm.mean, norm.sd))
        text = f"{mean} ({sd})"
        return Cell(text=with_unit(text, unit), notes=(words("measures.mean_sd"),))
    return Cell(
        text=with_unit(interval(norm.low, norm.high, key.name, language), unit),
        notes=(words("measures.healthy_range", n=norm.n),),
    )


def _norm(material: ReportInputs, key: _Key) -> NormValue | None:
    """Return what is usual for a measure, at this walking speed where that is known."""
    if key.region is not None:
        return None
    speed, age = (
        material.speed_m_s(key.recording),
        material.assessment.subject.age_years,
    )
    return norm_for(key.name, speed_m_s=speed, age_years=age)


def _not_comparable(
    material: ReportInputs, norm: NormValue, recording: str | None
) -> str | None:
    """Return why a person may not be compared with a norm, or None."""
    reason = why_not_comparable(
        norm.reference,
        speed_m_s=material.speed_m_s(recording),
        age_years=material.assessment.subject.age_years,
    )
    return None if reason is None else reason.text.of(material.language)


def _reference_notes(material: ReportInputs) -> Iterator[Block]:
    words, language = material.words, material.language
    norms = {
        (norm.reference.key, m.recording): (norm, m.recording)
        for m in material.assessment.measurements
        if m.value is not None
        for norm in [_norm(material, _Key(m.name, m.region, m.recording, m.method))]
        if norm is not None
    }
    notes: list[str] = []
    for norm, recording in norms.values():
        source = norm.reference
        why = _not_comparable(material, norm, recording)
        if why is not None:
            notes.append(why)
        told = {
            "population": source.population.of(language),
            "citation": source.citation,
        }
        notes.append(
            words("measures.reference_note", licence=source.licence, **told)
            if source.licence
            else words("measures.own_reference_note", **told)
        )
        notes.append(words("measures.reference_caution"))
    yield from (Paragraph(text=note) for note in dict.fromkeys(notes))


def _missing(material: ReportInputs) -> Iterator[Block]:
    words, language = material.words, material.language
    items = [
        words(
            "measures.missing_item",
            measures=", ".join(
                definition(name).label.of(language) for name in gap.measures
            ),
            why=gap.reason.text.of(language),
            advice=gap.reason.advice.of(language),
        )
        for gap in gaps(material.assessment.measurements)
    ]
    if items:
        yield Points(title=words("measures.missing"), items=tuple(items), tone="quiet")


def _find(material: ReportInputs, key: _Key, side: Side | None) -> Measurement | None:
    return next(
        (
            m
            for m in material.assessment.measurements
            if _Key(m.name, m.region, m.recording, m.method) == key and m.side is side
        ),
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One reason and the names of all measures that are missing because of it."""

    reason: Reason
    measures: tuple[str, ...]


def gaps(measurements: Sequence[Measurement]) -> tuple[Gap, ...]:
    """Return why measures are missing, the reason with most measures first.

    A measure that some other recording does give is not missing; a symmetry index
    follows from its two sides and is not named by itself.
    """
    given = {_what(m) for m in measurements if m.value is not None}
    found: dict[Reason, dict[str, None]] = {}
    for m in measurements:
        if m.why_missing is not None and m.name != INDEX and _what(m) not in given:
            found.setdefault(m.why_missing, {})[m.name] = None
    listed = (Gap(reason=why, measures=tuple(names)) for why, names in found.items())
    return tuple(sorted(listed, key=lambda gap: -len(gap.measures)))


def _what(measurement: Measurement) -> tuple[str, Side | None, str | None]:
    return measurement.name, measurement.side, measurement.region
