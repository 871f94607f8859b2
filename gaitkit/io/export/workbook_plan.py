"""The plan as sheets of a workbook: the proposal, what was decided, the insoles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.io.export.doses import beyond_limit
from gaitkit.io.export.labels import side_label
from gaitkit.io.export.workbook_table import YES, Sheet
from gaitkit.model.decisions import standing_plan
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gaitkit.io.export.workbook_table import Cell
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import Decided, DecidedPlan
    from gaitkit.model.plan import FollowUp, Plan, Suggestion
    from gaitkit.model.text import Language

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


def plan_sheets(assessment: Assessment, language: Language) -> Iterator[Sheet]:
    """Yield what was proposed, what stands of it, and the insoles of what stands."""
    decided = standing_plan(assessment)
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
