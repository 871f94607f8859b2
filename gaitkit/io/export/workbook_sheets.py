"""What stands on the sheets of the workbook of a visit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gaitkit.io.export.labels import (
    method_label,
    quality_label,
    region_label,
    side_label,
)
from gaitkit.io.export.workbook_plan import plan_sheets
from gaitkit.io.export.workbook_table import NO, YES, Sheet
from gaitkit.model.catalogue import definition
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.io.export.workbook_table import Cell
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.text import Language

VERDICTS = {
    "met": Text(nl="gevonden", en="found"),
    "uncertain": Text(nl="twijfel", en="in doubt"),
    "not_met": Text(nl="niet gevonden", en="not found"),
    "not_assessable": Text(nl="niet te beoordelen", en="cannot be assessed"),
}
SEXES = {
    "female": Text(nl="vrouw", en="female"),
    "male": Text(nl="man", en="male"),
    "other": Text(nl="anders", en="other"),
}
MILLISECOND = 3


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
    yield from plan_sheets(assessment, language)
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
        Text(nl="code van het deel", en="code of the region"),
        Text(nl="code van de methode", en="code of the method"),
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
        side_label(m.side, language),
        region_label(m.region, language), m.value, m.unit, m.sd, m.low, m.high,
        m.spread, m.n, method_label(m.method, language), m.recording,
        quality_label(m.quality, language),
        m.why_missing.text.of(language) if m.why_missing else None,
        YES.of(language) if m.unconfirmed else None,
        m.name, m.region, m.method or None,
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
            side_label(f.side, language), f.text.of(language),
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
            e.recording, side_label(e.side, language), kinds[e.kind].of(language),
            e.time_s, e.frame, e.confidence, e.sd_s,
            method_label(e.method, language),
        )
        for e in assessment.events
    )  # fmt: skip
    return Sheet(
        name=Text(nl="gebeurtenissen", en="events").of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(MILLISECOND,) * len(rows),
    )
