"""What stands on the sheets of the workbook of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import Plan
    from gaitkit.model.text import Language

Cell = str | float | int | date | None
"""What a cell of a workbook may hold; None is empty."""

SIDES = {
    "left": Text(nl="links", en="left"),
    "right": Text(nl="rechts", en="right"),
}
VERDICTS = {
    "met": Text(nl="gevonden", en="found"),
    "uncertain": Text(nl="twijfel", en="in doubt"),
    "not_met": Text(nl="niet gevonden", en="not found"),
    "not_assessable": Text(nl="niet te beoordelen", en="cannot be assessed"),
}
KINDS = {
    "heel_raise": Text(nl="hakverhoging", en="heel raise"),
    "insole_element": Text(nl="zoolelement", en="insole element"),
    "shoe_advice": Text(nl="schoenadvies", en="shoe advice"),
    "collaboration": Text(nl="samenwerking", en="collaboration"),
    "advice": Text(nl="advies", en="advice"),
    "retest": Text(nl="opnieuw meten", en="measure again"),
}
PLACES = {
    "in_insole": Text(nl="in de zool", en="in the insole"),
    "under_shoe": Text(nl="onder de schoen", en="under the shoe"),
}
STATES = {
    "suggestions": Text(nl="er zijn voorstellen", en="there are suggestions"),
    "withheld": Text(nl="geen voorstel gedaan", en="withheld"),
    "none": Text(nl="geen voorstel", en="none"),
}
SEXES = {
    "female": Text(nl="vrouw", en="female"),
    "male": Text(nl="man", en="male"),
    "other": Text(nl="anders", en="other"),
}
YES, NO = Text(nl="ja", en="yes"), Text(nl="nee", en="no")
MOST_STEPS = 6
MILLISECOND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: its name, heads, rows, and the decimals of each row."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: tuple[int, ...]


def sheets(assessment: Assessment, *, language: Language) -> Iterator[Sheet]:
    """Yield the sheets of a visit.

    Parameters
    ----------
    assessment : Assessment
        The visit.
    language : {"nl", "en"}
        Language of heads, labels and sentences.
    """
    yield _measurements(assessment, language)
    yield _findings(assessment, language)
    yield _plan(assessment.plan, language)
    yield _subject(assessment, language)
    yield _events(assessment, language)


def _measurements(assessment: Assessment, language: Language) -> Sheet:
    heads = (
        Text(nl="maat", en="measure"),
        Text(nl="zijde", en="side"),
        Text(nl="deel", en="region"),
        Text(nl="waarde", en="value"),
        Text(nl="eenheid", en="unit"),
        Text(nl="standaardfout", en="standard error"),
        Text(nl="van (95 %)", en="from (95 %)"),
        Text(nl="tot (95 %)", en="to (95 %)"),
        Text(nl="spreiding", en="spread"),
        Text(nl="aantal", en="n"),
        Text(nl="methode", en="method"),
        Text(nl="opname", en="recording"),
        Text(nl="kwaliteit", en="quality"),
        Text(nl="waarom leeg", en="why empty"),
        Text(nl="onbevestigd bij echte mensen", en="unconfirmed on real people"),
        Text(nl="naam", en="name"),
    )
    found = assessment.measurements
    return Sheet(
        name=Text(nl="metingen", en="measurements").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=tuple(_measured(m, language) for m in found),
        digits=tuple(definition(m.name).digits for m in found),
    )


def _measured(m: Measurement, language: Language) -> tuple[Cell, ...]:
    return (
        definition(m.name).label.of(language),
        SIDES[m.side].of(language) if m.side else None,
        m.region, m.value, m.unit, m.sd, m.low, m.high, m.spread, m.n, m.method,
        m.recording, m.quality,
        m.why_missing.text.of(language) if m.why_missing else None,
        YES.of(language) if m.unconfirmed else None,
        m.name,
    )  # fmt: skip


def _findings(assessment: Assessment, language: Language) -> Sheet:
    heads = (
        Text(nl="regel", en="rule"),
        Text(nl="revisie", en="revision"),
        Text(nl="oordeel", en="verdict"),
        Text(nl="kans", en="probability"),
        Text(nl="zijde", en="side"),
        Text(nl="bevinding", en="finding"),
        Text(nl="advies", en="advice"),
        Text(nl="opname", en="recording"),
        Text(nl="bron", en="source"),
    )
    rows = tuple(
        (
            f.rule, f.revision, VERDICTS[f.verdict].of(language), f.probability,
            SIDES[f.side].of(language) if f.side else None, f.text.of(language),
            f.advice.of(language) if f.advice else None, f.recording,
            ", ".join(f.evidence) or None,
        )
        for f in assessment.findings
    )  # fmt: skip
    percent = 2
    return Sheet(
        name=Text(nl="bevindingen", en="findings").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(percent,) * len(rows),
    )


def _plan(plan: Plan, language: Language) -> Sheet:
    heads = (
        Text(nl="soort", en="kind"),
        Text(nl="tekst", en="text"),
        Text(nl="zijde", en="side"),
        Text(nl="element", en="element"),
        Text(nl="startdosis", en="start dose"),
        Text(nl="eenheid", en="unit"),
        Text(nl="plaats", en="location"),
        *(
            Text(nl=f"stap {number}", en=f"step {number}")
            for number in range(1, MOST_STEPS + 1)
        ),
        Text(nl="van", en="from"),
        Text(nl="tot en met", en="to"),
        Text(nl="regel", en="rule"),
    )
    rows = tuple(_plan_rows(plan, language, width=len(heads)))
    return Sheet(
        name=Text(nl="voorstel", en="plan").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(1,) * len(rows),
    )


def _plan_rows(
    plan: Plan, language: Language, *, width: int
) -> Iterator[tuple[Cell, ...]]:
    def line(kind: Text, text: str | None, *more: Cell) -> tuple[Cell, ...]:
        filled = (kind.of(language), text, *more)
        return (*filled, *(None,) * (width - len(filled)))

    state = STATES[plan.status].of(language)
    why = f"{state}: {plan.reason.of(language)}" if plan.reason else state
    yield line(Text(nl="stand", en="status"), why)
    for s in plan.suggestions:
        steps = (*s.steps[:MOST_STEPS], *(None,) * (MOST_STEPS - len(s.steps)))
        yield (
            KINDS[s.kind].of(language), s.text.of(language),
            SIDES[s.side].of(language) if s.side else None, s.element, s.amount,
            s.unit, PLACES[s.location].of(language) if s.location else None, *steps,
            None, None, s.rule,
        )  # fmt: skip
    for caution in plan.cautions:
        yield line(Text(nl="let op", en="caution"), caution.of(language))
    for referral in plan.referrals:
        yield line(Text(nl="verwijzing", en="referral"), referral.of(language))
    if plan.follow_up is not None:
        blank = (None,) * (width - 5)
        label = Text(nl="controle", en="follow-up").of(language)
        window = plan.follow_up
        yield (label, None, *blank, window.from_, window.to, None)
    for code in plan.codes:
        kind = Text(nl=f"code {code.system}", en=f"code {code.system}")
        yield line(kind, code.label.of(language), None, code.code)


def _subject(assessment: Assessment, language: Language) -> Sheet:
    heads = (
        Text(nl="gegeven", en="fact"),
        Text(nl="waarde", en="value"),
        Text(nl="eenheid", en="unit"),
        Text(nl="dag", en="day"),
    )
    rows = tuple(_facts(assessment, language))
    return Sheet(
        name=Text(nl="persoon", en="subject").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(2,) * len(rows),
    )


def _facts(assessment: Assessment, language: Language) -> Iterator[tuple[Cell, ...]]:
    person, account = assessment.subject, assessment.provenance
    shod = None if person.shod is None else (YES if person.shod else NO).of(language)
    sex = None if person.sex is None else SEXES[person.sex].of(language)
    named: tuple[tuple[Text, Cell, str | None], ...] = (
        (Text(nl="pseudoniem", en="pseudonym"), person.subject_id, None),
        (Text(nl="lengte", en="height"), person.height_m, "m"),
        (Text(nl="gewicht", en="mass"), person.mass_kg, "kg"),
        (Text(nl="leeftijd", en="age"), person.age_years, "a"),
        (Text(nl="geslacht", en="sex"), sex, None),
        (Text(nl="met schoenen", en="shod"), shod, None),
    )
    for label, value, unit in named:
        yield label.of(language), value, unit if value is not None else None, None
    for prom in assessment.proms:
        yield prom.instrument, float(prom.score), "{score}", prom.taken_on
    for therapy in assessment.therapy:
        given = Text(nl="gegeven", en="given").of(language)
        yield given, therapy.given, None, therapy.start
    if assessment.visited_on is not None:
        yield (
            Text(nl="bezoek", en="visit").of(language),
            None,
            None,
            (assessment.visited_on),
        )
    created = datetime.fromisoformat(account.created).date()
    assessed = Text(nl="beoordeeld", en="assessed").of(language)
    yield assessed, f"gaitkit {account.gaitkit}", None, created


def _events(assessment: Assessment, language: Language) -> Sheet:
    heads = (
        Text(nl="opname", en="recording"),
        Text(nl="zijde", en="side"),
        Text(nl="soort", en="kind"),
        Text(nl="tijd (s)", en="time (s)"),
        Text(nl="beeld", en="frame"),
        Text(nl="zekerheid", en="confidence"),
        Text(nl="fout (s)", en="error (s)"),
        Text(nl="methode", en="method"),
    )
    kinds = {
        "initial_contact": Text(nl="initieel contact", en="initial contact"),
        "foot_off": Text(nl="voet los", en="foot off"),
    }
    rows = tuple(
        (
            e.recording, SIDES[e.side].of(language), kinds[e.kind].of(language),
            e.time_s, e.frame, e.confidence, e.sd_s, e.method,
        )
        for e in assessment.events
    )  # fmt: skip
    return Sheet(
        name=Text(nl="gebeurtenissen", en="events").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(MILLISECOND,) * len(rows),
    )
