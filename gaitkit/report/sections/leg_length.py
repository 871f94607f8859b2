"""The leg-length difference: the best estimate first, then what it rests on.

The drawing of what is known of the leg-length difference.

The leg-length estimate in plain words, for its chapter and for the summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.chance import percent_of, reaches, said, strongest_without_imaging
from gaitkit.model.side import Side
from gaitkit.model.wording import number, percent, sentence, signed, with_unit
from gaitkit.plots.leg_length import plot_leg_length
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Drawing,
    Paragraph,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
    Tile,
    Tiles,
)
from gaitkit.report.sections.measures import NOTHING
from gaitkit.report.words import mark
from gaitkit.rules.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.leg_length import (
        ChanceRange,
        LegLengthEstimate,
        MethodEvidence,
        Way,
    )
    from gaitkit.report.blocks import Accent, Block
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.words import Words

MEASURE = "structural_leg_length_difference"
ACCENTS: dict[Side, Accent] = {Side.LEFT: "left", Side.RIGHT: "right"}
NEXT_SHOWN = 3
"""Readings that are named as the next one, the most gain a minute first."""

NAME = "leg-length"
PEOPLE = 100
"""Natural frequencies are told of this many."""


def leg_length(material: ReportInputs) -> Section | None:
    """Return the estimate, or in one line why there is none."""
    words, estimate = material.words, material.assessment.leg_length
    if estimate is None:
        return _absent(material)
    return Section(
        anchor="leg-length",
        title=words("leg_length.title"),
        intro=words("leg_length.intro"),
        blocks=tuple(_blocks(material, estimate)),
    )


def _absent(material: ReportInputs) -> Section | None:
    why = next(
        (
            m.why_missing
            for m in material.assessment.measurements
            if m.name == MEASURE and m.why_missing is not None
        ),
        None,
    )
    given = any(
        m.name == MEASURE and m.value is not None
        for m in material.assessment.measurements
    )
    if why is None or given:
        return None
    words, language = material.words, material.language
    text = words(
        "leg_length.absent",
        why=why.text.of(language),
        advice=why.advice.of(language),
    )
    return Section(
        anchor="leg-length",
        title=words("leg_length.title"),
        blocks=(Paragraph(text=text),),
    )


def _blocks(material: ReportInputs, estimate: LegLengthEstimate) -> Iterator[Block]:
    words, language = material.words, material.language
    yield Callout(
        title=headline(estimate, words),
        items=(words("unconfirmed.see"),) if estimate.unconfirmed else (),
        tone="plain",
    )
    yield Tiles(tiles=tuple(_tiles(material, estimate)))
    yield Paragraph(text=_frequencies(material, estimate))
    yield leg_length_drawing(material, estimate)
    yield _table(material, estimate)
    yield Paragraph(text=_prior(material, estimate))
    if estimate.disagreements:
        yield Callout(
            title=words("leg_length.disagree"),
            items=tuple(
                f"{reason.text.of(language)} {reason.advice.of(language)}"
                for reason in estimate.disagreements
            ),
        )
    if estimate.functional:
        yield Points(
            title=words("leg_length.functional"),
            items=tuple(part.text.of(language) for part in estimate.functional),
        )
        yield Paragraph(text=words("leg_length.functional_caption"))
    yield Points(
        title=words("leg_length.next"),
        items=tuple(_next(material, estimate)),
        tone="quiet",
    )


def _tiles(material: ReportInputs, estimate: LegLengthEstimate) -> Iterator[Tile]:
    words, language = material.words, material.language
    side = longer(estimate)
    leg = words(f"leg_length.{side}_leg")
    low, high = (
        signed(end, 1, language) for end in (estimate.low_mm, estimate.high_mm)
    )
    yield Tile(
        label=words("leg_length.estimate"),
        value=signed(estimate.mean_mm, 1, language),
        unit="mm",
        note=words("leg_length.interval_note", low=low, high=high),
        accent=ACCENTS[side],
    )
    yield _frequency_tile(
        material,
        label=words("leg_length.tile_side", leg=sentence(leg)),
        chance=p_longer(estimate),
        accent=ACCENTS[side],
    )
    for limit in (5, 10, 20):
        shown = with_unit(str(limit), "mm")
        label = words("leg_length.tile_over", limit=shown)
        chance = estimate.chance_over(float(limit))
        yield _frequency_tile(material, label=label, chance=chance)


def _frequency_tile(
    material: ReportInputs, *, label: str, chance: ChanceRange, accent: Accent = "none"
) -> Tile:
    words = material.words
    return Tile(
        label=label,
        value=frequencies(chance, words, short=True),
        unit=words("leg_length.of_hundred"),
        note=words("leg_length.frequency_note"),
        accent=accent,
    )


def _frequencies(material: ReportInputs, estimate: LegLengthEstimate) -> str:
    words = material.words
    return words(
        "leg_length.frequencies",
        over_5=frequencies(estimate.chance_over(5.0), words),
        over_10=frequencies(estimate.chance_over(10.0), words),
        over_20=frequencies(estimate.chance_over(20.0), words),
        side=frequencies(p_longer(estimate), words),
        leg=words(f"leg_length.{longer(estimate)}_leg"),
    )


def _prior(material: ReportInputs, estimate: LegLengthEstimate) -> str:
    words, language = material.words, material.language
    parts = (
        words(
            "leg_length.prior_part",
            weight=percent(part.weight, language),
            sd=millimetres(part.sd_mm, words),
        )
        for part in estimate.prior_parts
    )
    said = [words(f"leg_length.prior_{estimate.prior}", parts="; ".join(parts))]
    if estimate.wide_density:
        said.append(words("leg_length.prior_wide"))
    if estimate.seated:
        said.append(words("leg_length.seated", n=estimate.seated))
    return " ".join(said)


def _table(material: ReportInputs, estimate: LegLengthEstimate) -> Table:
    words = material.words
    groups = []
    for key, counts in (("counting", True), ("not_counting", False)):
        rows = tuple(
            _row(material, method)
            for method in estimate.methods
            if (method.why_not_used is None) == counts
        )
        if rows:
            groups.append(RowGroup(title=words(f"leg_length.{key}"), rows=rows))
    return Table(
        caption=words("leg_length.methods_caption"),
        columns=(
            Column(label=words("leg_length.method")),
            Column(label=words("leg_length.measured"), numeric=True),
            Column(label=words("leg_length.weight"), numeric=True),
            Column(label=words("leg_length.alone"), numeric=True),
        ),
        groups=tuple(groups),
    )


def _row(material: ReportInputs, method: MethodEvidence) -> Row:
    words, language = material.words, material.language
    notes = [words("leg_length.readings", n=method.n, raters=method.raters)]
    if method.why_not_used is not None:
        notes.append(method.why_not_used.text.of(language))
    if method.own_error:
        notes.append(words("leg_length.own_error"))
    weight = Cell(text=percent(method.weight, language))
    if method.why_not_used is not None:
        weight = Cell(text=NOTHING, tone="quiet")
    alone = Cell(text=NOTHING, tone="quiet")
    if method.alone_mm is not None and method.alone_sd_mm is not None:
        alone = Cell(text=_with_error(material, method.alone_mm, method.alone_sd_mm))
    return Row(
        cells=(
            Cell(text=method.label.of(language), notes=tuple(notes)),
            Cell(
                text=_with_error(material, method.value_mm, method.sd_mm),
                notes=(
                    *mark(words, unconfirmed=method.unconfirmed),
                    *((words("kit.own_error"),) if method.own_error else ()),
                ),
            ),
            weight,
            alone,
        )
    )


def _with_error(material: ReportInputs, value: float, sd: float) -> str:
    text = with_error(value, sd, digits=1, language=material.language)
    return with_unit(text, "mm")


def _next(material: ReportInputs, estimate: LegLengthEstimate) -> Iterator[str]:
    """Yield what would make the estimate better, or that it is good enough."""
    words = material.words
    wanted = {
        "next_disagree": bool(estimate.disagreements),
        "next_one_method": len(estimate.kinds) == 1 and not estimate.imaged,
        "next_functional": bool(estimate.functional),
        "next_unconfirmed": estimate.unconfirmed,
    }
    keys = [key for key, holds in wanted.items() if holds]
    if any(each.decides is not None for each in estimate.next_readings):
        yield _next_readings(material, estimate)
    elif not keys and not estimate.next_readings:
        keys = ["next_enough"]
    yield from (words(f"leg_length.{key}") for key in keys)


def _next_readings(material: ReportInputs, estimate: LegLengthEstimate) -> str:
    words, language = material.words, material.language
    readings = (
        words(
            "leg_length.next_reading",
            label=each.label.of(language),
            minutes=number(each.minutes, 0, language),
            percent=percent_of(each.decides or 0.0).of(language),
        )
        for each in estimate.next_readings[:NEXT_SHOWN]
    )
    return words("leg_length.next_order", readings=" ".join(readings))


def leg_length_drawing(material: ReportInputs, estimate: LegLengthEstimate) -> Drawing:
    """Return the posterior with every method below it."""
    words, language = material.words, material.language
    shown = [(estimate.mean_mm, 0.5 * (estimate.high_mm - estimate.low_mm))]
    shown += [
        (method.value_mm, Uncertainty(sd=method.sd_mm).half_width)
        for method in estimate.methods
    ]
    texts = [
        f"{signed(value, 1, language)} ± {number(margin, 1, language)}"
        for value, margin in shown
    ]
    ax = plot_leg_length(estimate, texts=texts, language=language)
    said = headline(estimate, words)
    alt = words("leg_length.alt", n=len(estimate.methods), said=said)
    return Drawing(
        name=NAME,
        svg=to_svg(ax, name=NAME, title=alt),
        caption=words("leg_length.caption"),
        alt=alt,
    )


def longer(estimate: LegLengthEstimate) -> Side:
    """Return the leg that the best estimate says is longer."""
    return Side.LEFT if estimate.mean_mm >= 0 else Side.RIGHT


def p_longer(estimate: LegLengthEstimate) -> ChanceRange:
    """Return the probability that the leg of the best estimate is the longer one."""
    way: Way = "left" if longer(estimate) is Side.LEFT else "right"
    return estimate.chance_over(0.0, way=way)


def headline(estimate: LegLengthEstimate, words: Words) -> str:
    """Return the estimate in one or two sentences, seen from the longer leg.

    The leg is named as the longer one with the probability of exactly that.
    """
    side, probability = longer(estimate), p_longer(estimate).least
    ends = (estimate.low_mm, estimate.high_mm)
    if side is Side.RIGHT:
        ends = (-estimate.high_mm, -estimate.low_mm)
    strongest = 1.0 if estimate.imaged else strongest_without_imaging()
    chance = said(probability, strongest=strongest).of(words.language)
    text = words(
        "leg_length.longer" if reaches(probability, "probable") else "leg_length.open",
        leg=words(f"leg_length.{side}_leg"),
        said=chance,
        value=millimetres(abs(estimate.mean_mm), words),
        low=number(ends[0], 1, words.language),
        high=millimetres(ends[1], words),
    )
    if ends[0] >= 0:
        return text
    other = words(f"leg_length.{side.other}_leg")
    return f"{text} {words('leg_length.below_zero', other=other)}"


def millimetres(value: float, words: Words) -> str:
    """Return a length with one decimal and its unit."""
    return with_unit(number(value, 1, words.language), "mm")


def frequencies(chance: ChanceRange, words: Words, *, short: bool = False) -> str:
    """Return of how many of a hundred people something holds, under both priors."""
    least = frequency(chance.least, words, short=short)
    most = frequency(chance.most, words, short=short)
    if least == most:
        return least
    return words("leg_length.range", least=least, most=most)


def frequency(probability: float, words: Words, *, short: bool = False) -> str:
    """Return of how many of a hundred people something holds, none and all avoided."""
    count = round(100.0 * probability)
    if count == 0:
        return "< 1" if short else words("leg_length.fewer_than_one")
    if count == PEOPLE:
        return "> 99" if short else words("leg_length.more_than_99")
    return str(count)
