"""The comparison of two visits as the same kind of document as the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.wording import number, quantity, with_unit
from gaitkit.report.blocks import (
    Callout,
    Cell,
    Column,
    Columns,
    Context,
    Fact,
    Facts,
    Paragraph,
    Points,
    Row,
    RowGroup,
    Section,
    Table,
)
from gaitkit.report.comparison_tables import (
    MOVED,
    NOTHING,
    change_figure,
    change_table,
    full_name,
    prom_table,
    verdict_word,
)
from gaitkit.report.inputs import report_inputs
from gaitkit.report.page_one.decision import decision
from gaitkit.report.page_one.lines import measure_lines
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import words
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.comparison import (
        ComparedVisit,
        Comparison,
        Evaluation,
        RecordingPair,
    )
    from gaitkit.model.reason import Reason
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.page_one.lines import MeasureLine
    from gaitkit.report.words import Words

SHOWN_CHANGES = 8
"""Changes that the summary names; all stand in the table."""


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
    told = {verdict_word(c): c for c in own}
    verdicts = [
        " ".join([*([words(f"side.{c.before.side}")] if c.before.side else []), said])
        for c in own
        for said in [words(f"compare.{verdict_word(c)}")]
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
