"""The comparison of two visits as the same kind of document as the report.

Tables and figure of the comparison of two visits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.symmetry import INDEX
from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.wording import interval, number, percent, quantity, signed, with_unit
from gaitkit.plots.changes import ChangeWords, plot_changes
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Columns,
    Context,
    Drawing,
    Fact,
    Facts,
    Paragraph,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.inputs import report_inputs
from gaitkit.report.page_one.decision import decision
from gaitkit.report.page_one.lines import measure_lines
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import words
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.comparison import (
        Change,
        ComparedVisit,
        Comparison,
        Evaluation,
        PromChange,
        RecordingPair,
    )
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.reason import Reason
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.page_one.lines import MeasureLine
    from gaitkit.report.words import Words

SHOWN_CHANGES = 8
"""Changes that the summary names; all stand in the table."""

FIGURE = "changes"
SHOWN_ROWS = 40
"""Rows of the figure, the largest changes first when there are more."""

MOVED = frozenset({"increased", "decreased"})
NOTHING = "–"


def comparison_context(
    comparison: Comparison,
    *,
    language: Language,
    visits: tuple[Assessment, Assessment],
) -> Context:
    """Return the comparison, worded and formatted, for the layouts of the report.

    Parameters
    ----------
    comparison : Comparison
        Two visits of one person.
    language : {"nl", "en"}
        Language of the document.
    visits : tuple of Assessment
        The two, whose lines of page one and whose decisions stand first.
    """
    say = words(language)
    days = [
        each.visited_on or each.assessed_on
        for each in (comparison.before, comparison.after)
    ]
    sections = (
        _page_ones(comparison, visits, say),
        _summary(comparison, say),
        _complaints(comparison, say),
        _measures(comparison, say),
        _not_compared(comparison, say),
        _visits(comparison, say),
        _use(say),
    )
    return Context(
        language=language,
        title=say("compare.title"),
        subtitle=say("compare.subtitle"),
        subject_label=say("document.subject"),
        subject=comparison.subject_id,
        date_label=say("document.date"),
        date=say("compare.days", before=_day(days[0]), after=_day(days[1])),
        version=f"{say('document.version')} {comparison.after.gaitkit}",
        notice=say("document.notice"),
        contents=say("document.contents"),
        skip=say("document.skip"),
        page_of=say("document.page_of"),
        sections=tuple(section for section in sections if section is not None),
    )


def _page_ones(
    comparison: Comparison, visits: tuple[Assessment, Assessment], words: Words
) -> Section:
    """Return what page one says of both visits: its lines, and what was decided."""
    settings = ReportSettings(lang=words.language, overlay=False)
    one, two = (
        report_inputs(each, (), rules=shipped_rules(), settings=settings)
        for each in visits
    )
    before = {line.subject: line for line in measure_lines(one)}
    after = {line.subject: line for line in measure_lines(two)}
    rows = tuple(
        _line_row(before.get(subject), after.get(subject), comparison, words)
        for subject in dict.fromkeys((*after, *before))
    )
    table = Table(
        caption=words("compare.lines_caption"),
        columns=(
            Column(label=words("compare.measure")),
            Column(label=words("compare.before")),
            Column(label=words("compare.after")),
            Column(label=words("compare.judgement")),
        ),
        groups=(RowGroup(title=words("compare.lines"), rows=rows),),
    )
    decided = Columns(
        lists=tuple(
            Points(
                title=words(f"compare.{_state(of)}", visit=words(f"compare.{visit}")),
                items=_decided(of, words),
            )
            for visit, of in (("first", one), ("second", two))
        )
    )
    return Section(
        anchor="page-one",
        title=words("compare.page_one"),
        blocks=(table, decided) if rows else (decided,),
    )


def _line_row(
    before: MeasureLine | None,
    after: MeasureLine | None,
    comparison: Comparison,
    words: Words,
) -> Row:
    """Return a line of page one at both visits, by the same measure or not at all."""
    shown = after or before
    assert shown is not None  # one of the two has it
    same = before is None or after is None or before.label == after.label
    own = [
        c
        for c in comparison.changes
        if shown.measure and c.before.name == shown.measure and c.before.region is None
    ]
    told = {_verdict(c): c for c in own}
    verdicts = [
        " ".join([*([words(f"side.{c.before.side}")] if c.before.side else []), said])
        for c in own
        for said in [words(f"compare.{_verdict(c)}")]
    ]
    if len(told) == 1:
        verdicts = [words(f"compare.{next(iter(told))}")]
    return Row(
        cells=(
            Cell(text=shown.label, notes=(shown.source,)),
            _of_line(before if same else None, words),
            _of_line(after, words),
            Cell(
                text="; ".join(verdicts) or NOTHING,
                tone="caution" if MOVED & told.keys() else "quiet",
            ),
        )
    )


def _of_line(line: MeasureLine | None, words: Words) -> Cell:
    """Return what a line of page one says: both sides, below them the difference."""
    if line is None:
        return Cell(text=NOTHING, tone="quiet")
    one_sided = bool(line.left) and not (line.right or line.difference)
    sides = [
        value if one_sided else f"{words(f'side.{name}')} {value}"
        for name, value in (("left", line.left), ("right", line.right))
        if value
    ]
    return Cell(
        text=" · ".join(sides) or line.difference,
        notes=(line.difference,) if sides and line.difference else (),
    )


def _verdict(change: Change) -> str:
    return "not_judged" if change.verdict == "no_claim" else change.verdict


def _state(material: ReportInputs) -> str:
    return "decided" if plan_in_force(material.assessment).noted else "proposed"


def _decided(material: ReportInputs, words: Words) -> tuple[str, ...]:
    """Return the decision of a visit as page one has it, an element an item."""
    found = decision(material)
    rows = [
        words(
            "compare.decided_item",
            element=row.label,
            doses=", ".join(
                f"{words(f'side.{side}')} {dose}"
                for side, dose in (("left", row.left), ("right", row.right))
                if dose
            ),
        )
        for row in found.rows
    ]
    return (found.headline, *rows)


def _summary(comparison: Comparison, words: Words) -> Section:
    changes = comparison.changes
    moved = [c for c in changes if c.verdict in {"increased", "decreased"}]
    items = [
        words(
            "compare.changed_item",
            measure=full_name(change.before, words),
            before=quantity(change.before.value or 0.0, change.before.name, language),
            after=quantity(change.after.value or 0.0, change.after.name, language),
        )
        for language in (words.language,)
        for change in moved[:SHOWN_CHANGES]
    ]
    if len(moved) > SHOWN_CHANGES:
        items.append(words("compare.more", n=len(moved) - SHOWN_CHANGES))
    still = sum(c.verdict == "no_demonstrable_change" for c in changes)
    lists = (
        Points(
            title=words("compare.changed"),
            items=tuple(items) or (words("compare.nothing_changed"),),
            tone="good",
        ),
        Points(
            title=words("compare.unchanged_title"),
            items=(words.count("compare.unchanged", still),),
        ),
        Points(
            title=words("compare.no_claim_title"),
            items=_no_claims(comparison, words),
            tone="caution",
        ),
        Points(
            title=words("compare.next"), items=_next(comparison, words), tone="quiet"
        ),
    )
    blocks: list[Block] = [Columns(lists=lists)]
    if comparison.recordings:
        seen = tuple(_seen(pair, words) for pair in comparison.recordings)
        blocks.insert(0, Facts(facts=seen))
    if comparison.notes:
        notes = tuple(note.text.of(words.language) for note in comparison.notes)
        blocks.append(Callout(title=words("compare.notes"), items=notes))
    return Section(
        anchor="summary", title=words("compare.summary"), blocks=tuple(blocks)
    )


def _no_claims(comparison: Comparison, words: Words) -> tuple[str, ...]:
    found: dict[Reason, int] = {}
    for change in comparison.changes:
        if change.why_no_claim is not None:
            found[change.why_no_claim] = found.get(change.why_no_claim, 0) + 1
    return tuple(
        words.count("compare.no_claim", n, why=why.text.of(words.language))
        for why, n in found.items()
    ) or (words("compare.all_judged"),)


def _next(comparison: Comparison, words: Words) -> tuple[str, ...]:
    reasons = [note.advice for note in comparison.notes]
    reasons += [c.why_no_claim.advice for c in comparison.changes if c.why_no_claim]
    items = dict.fromkeys(text.of(words.language) for text in reasons)
    return tuple(items) or (words("compare.nothing_next"),)


def _complaints(comparison: Comparison, words: Words) -> Section:
    blocks: list[Block] = []
    if comparison.evaluation is not None:
        blocks.append(_evaluation(comparison.evaluation, words))
    if comparison.proms:
        blocks.append(prom_table(comparison.proms, words))
    else:
        blocks.append(Paragraph(text=words("compare.complaints_none")))
    return Section(
        anchor="complaints",
        title=words("compare.complaints"),
        intro=words("compare.complaints_intro") if comparison.proms else "",
        blocks=tuple(blocks),
    )


def evaluation_text(moment: Evaluation, words: Words) -> str:
    """Return when the evaluation was, against its window."""
    return words(
        f"compare.evaluation_{moment.status}",
        days=moment.days,
        start=_day(moment.start),
        first=_day(moment.from_),
        last=_day(moment.to),
    )


def _evaluation(moment: Evaluation, words: Words) -> Callout:
    items = [evaluation_text(moment, words)]
    if not moment.definitive:
        items.append(words("compare.provisional"))
    return Callout(
        title=words("compare.evaluation"),
        items=tuple(items),
        tone="good" if moment.status == "in_window" else "caution",
    )


def _measures(comparison: Comparison, words: Words) -> Section | None:
    if not comparison.changes:
        return None
    drawing = change_figure(comparison, words)
    table = change_table(comparison, words)
    return Section(
        anchor="measures",
        title=words("compare.measures"),
        intro=words("compare.measures_intro"),
        blocks=(table,) if drawing is None else (drawing, table),
    )


def _not_compared(comparison: Comparison, words: Words) -> Section | None:
    found: dict[Reason, dict[str, None]] = {}
    for each in comparison.not_compared:
        label = definition(each.name).label.of(words.language)
        found.setdefault(each.why, {})[label] = None
    if not found:
        return None
    language = words.language
    items = tuple(
        words(
            "compare.not_compared_item",
            measures=", ".join(labels),
            why=why.text.of(language),
            advice=why.advice.of(language),
        )
        for why, labels in found.items()
    )
    return Section(
        anchor="not-compared",
        title=words("compare.not_compared"),
        blocks=(Points(items=items),),
    )


def _visits(comparison: Comparison, words: Words) -> Section:
    lists = [
        _visit(comparison.before, words("compare.first"), words),
        _visit(comparison.after, words("compare.second"), words),
    ]
    return Section(
        anchor="visits",
        title=words("compare.visits"),
        blocks=(Columns(lists=tuple(lists)),),
    )


def _visit(visit: ComparedVisit, title: str, words: Words) -> Facts:
    revision = words("compare.revision", revision=visit.rule_set_revision)
    day = _day(visit.visited_on) if visit.visited_on else words("compare.unknown")
    return Facts(
        title=title,
        facts=(
            Fact(label=words("compare.day"), value=day),
            Fact(label=words("compare.assessed"), value=_day(visit.assessed_on)),
            Fact(label=words("document.version"), value=visit.gaitkit),
            Fact(label=words("compare.rules"), value=revision),
        ),
    )


def _seen(pair: RecordingPair, words: Words) -> Fact:
    """Return what a pair of recordings shows, under which condition, how fast."""
    kind = words(f"recording.{pair.kind}").capitalize()
    if pair.view is not None:
        kind = words("compare.pair", kind=kind, view=words(f"view.{pair.view}"))
    conditions = (
        words("compare.not_stated") if each is None else words(f"subject.{each}")
        for each in (pair.condition_before, pair.condition_after)
    )
    speeds = (
        words("compare.unknown")
        if speed is None
        else with_unit(number(speed, 2, words.language), "m/s")
        for speed in (pair.speed_before_m_s, pair.speed_after_m_s)
    )
    told = (
        words("compare.from_to", what=words(f"compare.{key}"), before=old, after=new)
        for key, (old, new) in (("condition", conditions), ("speed", speeds))
    )
    return Fact(label=kind, value="; ".join(told))


def _use(words: Words) -> Section:
    keys: Iterable[str] = ("text", "duties", "privacy")
    return Section(
        anchor="intended-use",
        title=words("intended_use.title"),
        blocks=tuple(Paragraph(text=words(f"intended_use.{key}")) for key in keys),
    )


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def full_name(measurement: Measurement, words: Words) -> str:
    """Return a measure with its region and side in words."""
    language = words.language
    name = definition(measurement.name).label.of(language)
    if measurement.region is not None:
        region = measurement.region
        named = (
            definition(region).label.of(language).lower()
            if measurement.name == INDEX
            else words(f"region.{region}")
        )
        name = f"{name}, {named}"
    return (
        name
        if measurement.side is None
        else f"{name} {words(f'side.{measurement.side}')}"
    )


def change_figure(comparison: Comparison, words: Words) -> Drawing | None:
    """Return every judged change of a whole measure in multiples of its limit."""
    judged = [
        change
        for change in comparison.changes
        if change.verdict != "no_claim"
        and change.before.region is None
        and change.detectable_change > 0
    ]
    if not judged:
        return None
    if len(judged) > SHOWN_ROWS:
        largest = sorted(judged, key=lambda c: -abs(c.value) / c.detectable_change)
        kept = {id(change) for change in largest[:SHOWN_ROWS]}
        judged = [change for change in judged if id(change) in kept]
    moved = sum(change.verdict in MOVED for change in judged)
    alt = words("compare.figure_alt", n=len(judged), k=moved)
    ax = plot_changes(
        judged,
        rows=[(full_name(c.before, words), _difference(c, words)) for c in judged],
        words=ChangeWords(
            smaller=words("compare.smaller"),
            none=words("compare.none_shown"),
            larger=words("compare.larger"),
            axis=words("compare.axis"),
        ),
        language=words.language,
    )
    return Drawing(
        name=FIGURE,
        svg=to_svg(ax, name=FIGURE, title=alt),
        caption=words("compare.figure"),
        alt=alt,
    )


def change_table(comparison: Comparison, words: Words) -> Table:
    """Return the table of all changes, by pair of recordings."""
    groups: dict[str, list[Row]] = {}
    titles = {
        pair.before: f"{words(f'recording.{pair.kind}').capitalize()} "
        f"({pair.before} → {pair.after})"
        for pair in comparison.recordings
    }
    for change in comparison.changes:
        if change.before.region is not None and change.verdict not in MOVED:
            continue
        own = titles.get(change.before.recording or "", words("compare.whole_visit"))
        groups.setdefault(own, []).append(_row(change, words))
    return Table(
        caption=words("compare.table"),
        columns=(
            Column(label=words("compare.measure")),
            Column(label=words("compare.before"), numeric=True),
            Column(label=words("compare.after"), numeric=True),
            Column(label=words("compare.change"), numeric=True),
            Column(label=words("compare.judgement")),
        ),
        groups=tuple(
            RowGroup(title=title, rows=tuple(rows)) for title, rows in groups.items()
        ),
    )


def prom_table(changes: Sequence[PromChange], words: Words) -> Table:
    """Return the questionnaires of both visits."""
    columns = (
        "questionnaire", "before", "after", "change", "important_from", "judgement",
    )  # fmt: skip
    return Table(
        caption=words("compare.complaints_caption"),
        columns=tuple(
            Column(label=words(f"compare.{key}"), numeric=key in columns[1:4])
            for key in columns
        ),
        groups=(
            RowGroup(
                title=words("compare.complaints"),
                rows=tuple(_prom_row(change, words) for change in changes),
            ),
        ),
    )


def _row(change: Change, words: Words) -> Row:
    language, name = words.language, change.before.name
    limit = quantity(change.detectable_change, name, language)
    moved = change.verdict in MOVED
    tone: Tone = "caution" if moved else "quiet"
    return Row(
        cells=(
            Cell(text=full_name(change.before, words)),
            _value(change.before, words),
            _value(change.after, words),
            Cell(
                text=_difference(change, words),
                notes=(interval(change.low, change.high, name, language),),
            ),
            Cell(
                text=words(f"compare.{_verdict(change)}"),
                notes=(words("compare.limit", limit=limit),),
                tone=tone,
            ),
        )
    )


def _value(measurement: Measurement, words: Words) -> Cell:
    shown = quantity(measurement.value or 0.0, measurement.name, words.language)
    note = words("measures.n", n=measurement.n)
    return Cell(text=shown, notes=(note,))


def _difference(change: Change, words: Words) -> str:
    entry = definition(change.before.name)
    shown = signed(change.value, entry.digits, words.language)
    return with_unit(shown, entry.unit)


def _prom_row(change: PromChange, words: Words) -> Row:
    language = words.language
    notes = [words("compare.recovered")] if change.recovered else []
    good = change.verdict in {"improved", "success"}
    return Row(
        cells=(
            Cell(
                text=change.label.of(language),
                notes=(words("compare.source", source=change.source.of(language)),),
            ),
            Cell(text=_score(change.before.score if change.before else None, words)),
            Cell(text=_score(change.after.score, words)),
            Cell(text=NOTHING if change.change is None else _step(change, words)),
            Cell(text=_limit(change, words)),
            Cell(
                text=words(f"compare.{change.verdict}"),
                notes=tuple(notes),
                tone="good" if good else "plain",
            ),
        )
    )


def _step(change: PromChange, words: Words) -> str:
    value = change.change or 0.0
    return signed(value, 0 if value.is_integer() else 1, words.language)


def _score(score: float | None, words: Words) -> str:
    if score is None:
        return NOTHING
    return number(score, 0 if float(score).is_integer() else 1, words.language)


def _limit(change: PromChange, words: Words) -> str:
    if change.mic is None:
        return NOTHING
    points = _score(change.mic, words)
    if change.mic_relative is None:
        return words("compare.points", points=points)
    share = percent(change.mic_relative, words.language)
    return words("compare.points_or_share", points=points, share=share)
