"""A visit as an Excel workbook: measurements, findings, plan, person and events.

Numbers are numbers, so that Excel writes them as the reader's own country does, with
the decimals of the catalogue; units have their own column; days are dates. Codes of
the profession are text, their leading zeros included.

What stands on the sheets of the workbook of a visit.

The plan as sheets of a workbook: the proposal, what was decided, the insoles.

A table of a workbook, and the words that several of them share.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from gaitkit.io.atomic import new_file
from gaitkit.io.export.labels import (
    beyond_limit,
    method_label,
    quality_label,
    region_label,
    side_label,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import Decided, DecidedPlan
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import FollowUp, Plan, Suggestion
    from gaitkit.model.text import Language

NARROWEST, WIDEST = 8, 60
"""Width of columns in characters."""

DAY = {"nl": "dd-mm-yyyy", "en": "yyyy-mm-dd"}
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
KINDS = {
    "heel_raise": Text(nl="hielverhoging", en="heel raise"),
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
ACTIONS = {
    "accept": Text(nl="aangenomen", en="accepted"),
    "change": Text(nl="gewijzigd", en="changed"),
    "reject": Text(nl="afgewezen", en="rejected"),
    "follows": Text(nl="volgt uit een ander besluit", en="follows from another"),
    "open": Text(nl="nog niet besloten", en="not decided yet"),
}
FOLLOW_UP = Text(nl="controle", en="follow-up")
OVERDUE = Text(nl="termijn verstreken", en="overdue")
QUESTIONNAIRE = Text(nl="vragenlijst van acht weken", en="questionnaire of eight weeks")
UNIT, LOW, HIGH, UNCONFIRMED = (
    Text(nl="eenheid", en="unit"),
    Text(nl="gebruikelijk van", en="usual from"),
    Text(nl="gebruikelijk tot", en="usual to"),
    Text(nl="dosis onbevestigd", en="dose unconfirmed"),
)
BEFORE_STEPS = (
    Text(nl="soort", en="kind"),
    Text(nl="tekst", en="text"),
    Text(nl="zijde", en="side"),
    Text(nl="element", en="element"),
    Text(nl="startdosis", en="start dose"),
    UNIT,
    LOW,
    HIGH,
    Text(nl="doel", en="target"),
    UNCONFIRMED,
    Text(nl="naar keuze van de therapeut", en="at the therapist's choice"),
    Text(nl="plaats", en="location"),
)
AFTER_STEPS = (
    Text(nl="besluit", en="decision"),
    Text(nl="reden", en="reason"),
    Text(nl="boven de grens", en="beyond the limit"),
    Text(nl="van", en="from"),
    Text(nl="tot en met", en="to"),
    Text(nl="regel", en="rule"),
    Text(nl="code van het element", en="code of the element"),
)
INSOLE_HEADS = (
    Text(nl="voet", en="foot"),
    Text(nl="laag", en="layer"),
    Text(nl="onderdeel", en="element"),
    Text(nl="startdosis", en="start dose"),
    UNIT,
    LOW,
    HIGH,
    UNCONFIRMED,
    Text(nl="opmerking", en="remark"),
    Text(nl="regel", en="rule"),
)
Cell = str | float | int | date | None
"""What a cell of a workbook may hold; None is empty."""

YES, NO = Text(nl="ja", en="yes"), Text(nl="nee", en="no")


def write_workbook(assessment: Assessment, path: Path, *, language: Language) -> Path:
    """Write a visit as an Excel workbook, and return the path.

    Parameters
    ----------
    assessment : Assessment
        The result.
    path : Path
        File to write, ``.xlsx``.
    language : {"nl", "en"}
        Language of heads, labels and sentences.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    import xlsxwriter

    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        book.set_properties({"title": "gaitkit", "comments": ""})
        for sheet in sheets(assessment, language=language):
            _write(book, sheet, language)
    with new_file(path) as part:
        part.write_bytes(memory.getvalue())
    return path


def _write(book: Workbook, sheet: Sheet, language: Language) -> None:
    """Put a table on a new sheet, its head frozen and its columns wide enough."""
    page: Worksheet = book.add_worksheet(sheet.name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    for column, title in enumerate(sheet.heads):
        page.write_string(0, column, title, head)
    shapes = {digits: _number(book, digits) for digits in sorted(set(sheet.digits))}
    day = book.add_format({"num_format": DAY[language], "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for line, (row, digits) in enumerate(
        zip(sheet.rows, sheet.digits, strict=True), start=1
    ):
        for column, cell in enumerate(row):
            shape = wrapped if isinstance(cell, str) else shapes[digits]
            _put(page, (line, column), cell, shape=shape, day=day)
    last = max(len(sheet.heads) - 1, 0)
    for column in range(last + 1):
        page.set_column(column, column, _width(sheet, column))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(sheet.rows)), last)
    page.ignore_errors({"number_stored_as_text": f"A1:AZ{len(sheet.rows) + 1}"})


def _number(book: Workbook, digits: int) -> Format:
    """Return a format with that many decimals; Excel puts the reader's own comma."""
    pattern = f"0.{'0' * digits}" if digits else "0"
    shape: Format = book.add_format({"num_format": pattern, "valign": "top"})
    return shape


def _put(
    page: Worksheet,
    place: tuple[int, int],
    cell: Cell,
    *,
    shape: Format,
    day: Format,
) -> None:
    """Write one cell as what it is; None stays empty."""
    line, column = place
    if isinstance(cell, str):
        page.write_string(line, column, cell, shape)
    elif isinstance(cell, date):
        page.write_datetime(line, column, cell, day)
    elif isinstance(cell, float):
        page.write_number(line, column, cell, shape)
    elif cell is not None:
        page.write_number(line, column, cell)


def _width(sheet: Sheet, column: int) -> int:
    texts: Sequence[str] = [
        cell for row in sheet.rows if isinstance(cell := row[column], str)
    ]
    longest = max((len(text) for text in (sheet.heads[column], *texts)), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


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


def plan_sheets(assessment: Assessment, language: Language) -> Iterator[Sheet]:
    """Yield what was proposed, what stands of it, and the insoles of what stands."""
    decided = plan_in_force(assessment)
    doses = (*assessment.plan.suggestions, *decided.plan.suggestions)
    most = max((len(each.steps) for each in doses), default=0)
    heads = (*BEFORE_STEPS, *_step_heads(most), *AFTER_STEPS)
    rows = tuple(_rows(decided, language, most=most))
    yield _sheet(Text(nl="voorstel", en="plan"), heads, rows, language)
    if decided.noted:
        rows = tuple(
            _suggested(item, each, language, most=most)
            for item in decided.items
            if (each := item.standing) is not None
        )
        yield _sheet(Text(nl="besluit", en="decision"), heads, rows, language)
    layers = tuple(_layers(decided.plan, language))
    if layers:
        yield _sheet(Text(nl="zolen", en="insoles"), INSOLE_HEADS, layers, language)


def _step_heads(most: int) -> Iterator[Text]:
    """Yield the heads of that many steps, then of the day on which each begins."""
    numbers = range(1, most + 1)
    yield from (Text(nl=f"stap {n}", en=f"step {n}") for n in numbers)
    yield from (Text(nl=f"dag van stap {n}", en=f"day of step {n}") for n in numbers)


def _sheet(
    name: Text,
    heads: tuple[Text, ...],
    rows: tuple[tuple[Cell, ...], ...],
    language: Language,
) -> Sheet:
    return Sheet(
        name=name.of(language),
        heads=tuple(head.of(language) for head in heads),
        rows=rows,
        digits=(1,) * len(rows),
    )


def _rows(
    decided: DecidedPlan, language: Language, *, most: int
) -> Iterator[tuple[Cell, ...]]:
    plan = decided.plan
    steps: tuple[Cell, ...] = (None,) * (2 * most)

    def line(kind: Text, text: str | None, code: str | None = None) -> tuple[Cell, ...]:
        blank = (None,) * (len(BEFORE_STEPS) - len(("kind", "text", "side", "element")))
        begin = (kind.of(language), text, None, code, *blank)
        return (*begin, *steps, *(None,) * len(AFTER_STEPS))

    state = STATES[plan.status].of(language)
    why = f"{state}: {plan.reason.of(language)}" if plan.reason else state
    yield line(Text(nl="stand", en="status"), why)
    for item in decided.items:
        if item.proposal is not None:
            yield _suggested(item, item.proposal, language, most=most)
    for kind, texts in _told(plan):
        for text in texts:
            yield line(kind, text.of(language))
    for kind, remark, start, end in _windows(plan.follow_up):
        row = line(kind, remark.of(language) if remark else None)
        yield (*row[:-4], start, end, None, None)
    for code in plan.codes:
        kind = Text(nl=f"code {code.system}", en=f"code {code.system}")
        yield line(kind, code.label.of(language), code.code)


def _told(plan: Plan) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    """Yield what is said beside the suggestions, by kind."""
    lasting = (plan.permanence,) if plan.permanence else ()
    yield Text(nl="let op", en="caution"), plan.cautions
    yield Text(nl="verwijzing", en="referral"), plan.referrals
    yield Text(nl="wat meegaat", en="what goes with it"), plan.deliverables
    yield Text(nl="hoe lang", en="for how long"), lasting
    yield Text(nl="doel van de patiënt", en="goal of the patient"), plan.goals


def _suggested(
    item: Decided, s: Suggestion, language: Language, *, most: int
) -> tuple[Cell, ...]:
    """Return the row of a suggestion, as it was proposed or as it stands."""
    decision = (
        ACTIONS[item.decision].of(language), item.reason, beyond_limit(item, language)
    )  # fmt: skip
    return (
        KINDS[s.kind].of(language), s.text.of(language), side_label(s.side, language),
        s.label.of(language) if s.label else None,
        s.amount, s.unit, s.low, s.high, s.target,
        YES.of(language) if s.unconfirmed else None,
        YES.of(language) if s.optional else None,
        PLACES[s.location].of(language) if s.location else None,
        *_filled(s.steps, most), *_filled(s.step_dates, most), *decision, None, None,
        s.rule, s.element,
    )  # fmt: skip


def _filled(values: tuple[Cell, ...], most: int) -> tuple[Cell, ...]:
    """Return as many values as there are columns for steps."""
    return (*values, *(None,) * (most - len(values)))


def _windows(
    window: FollowUp | None,
) -> Iterator[tuple[Text, Text | None, date, date]]:
    """Yield what is to be done within which days."""
    if window is None:
        return
    yield FOLLOW_UP, OVERDUE if window.overdue else None, window.from_, window.to
    start, end = window.questionnaire_from, window.questionnaire_to
    if start is not None and end is not None:
        yield QUESTIONNAIRE, None, start, end


def _layers(plan: Plan, language: Language) -> Iterator[tuple[Cell, ...]]:
    for foot in plan.insoles:
        side = side_label(foot.side, language)
        for each in foot.layers:
            yield (
                side, each.order, each.label.of(language), each.amount, each.unit,
                each.low, each.high, YES.of(language) if each.unconfirmed else None,
                None, each.rule,
            )  # fmt: skip
        for conflict in foot.conflicts:
            yield (side, *(None,) * 7, conflict.of(language), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: its name, heads, rows, and the decimals of each row."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    digits: tuple[int, ...]
