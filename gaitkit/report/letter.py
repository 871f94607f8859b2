"""The letter to the patient: one page in plain words, with the numbers of the report.

Words for measures and insoles come from ``glossary.toml``, sentences from
``texts_letter_*.toml``. A letter names no disease and no chance; when the plan is
withheld it says what is needed first and nothing else: no numbers of the walk, and no
advice to keep moving. What the therapist
rejected is left out, and a dose that was changed is the one told.

The plan in the words of the letter to the patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import reaches
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.side import Side
from gaitkit.model.wording import number
from gaitkit.plan.make import levels
from gaitkit.report.blocks import Fact
from gaitkit.report.sections.leg_length import longer, p_longer
from gaitkit.report.sections.measures import difference_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.words import Glossary, PlainMeasure, Words

MOST_SEEN = 6
"""Sentences on what was seen, so that the letter stays one page."""

TAPE = "tape"
NERVE = "neurological_examination"
"""Element that is proposed where a nerve may hurt the leg."""

MOST_PROPOSED = 8
"""Proposals of a letter, so that it stays one page; the report has all."""

UNITS = {"deg": "degrees", "mm": "millimetres"}
MARK = "*"
"""Marks a size that no study confirmed."""

WORN = "_worn"
"""Ends the name of the words for an element that the patient wears already."""

KEEP_MOVING = "keep_moving"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """A heading with sentences: first running text, then a list, then text again."""

    title: str
    text: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The whole letter, worded and formatted; every field is text of one language.

    ``facts`` stand in the head and ``signing`` at the end; an empty value leaves a line
    to write on, such as that for the name of the patient. ``urgency`` stands in a bar
    over the text, red when ``grave``.
    """

    language: str
    title: str
    subject_label: str
    subject: str
    date_label: str
    date: str
    greeting: str
    opening: str
    parts: tuple[LetterPart, ...]
    closing: str
    sender: str
    notice: str
    facts: tuple[Fact, ...] = ()
    urgency: str = ""
    grave: bool = False
    signing: tuple[Fact, ...] = ()


def letter_of(material: ReportInputs, plain: Glossary) -> Letter:
    """Return the letter to the patient of a visit.

    Parameters
    ----------
    material : ReportInputs
        The assessment, its language and its rules.
    plain : Glossary
        Plain words for measures and suggestions.
    """
    words, assessment = material.words, material.assessment
    status = assessment.plan.triage.status
    treated = assessment.plan.status != "withheld"
    measured = treated or status in {"clear", "incomplete"}
    parts = [_measured(material), _seen(material, plain)] if treated else []
    parts.append(_plan(material, plain))
    if treated:
        items = self_help(
            _standing(material), plain, words, moving=_may_move(assessment.plan)
        )
        if items:
            parts.append(LetterPart(title=words("letter.self"), items=items))
    if status == "stop":
        parts.append(_meanwhile(words))
    elif _asks_for_signs(material):
        parts.append(_signs(words))
    further = next_steps(_standing(material), assessment.plan, words)
    parts.append(LetterPart(title=words("letter.further"), text=further))
    day = assessment.visited_on or datetime.fromisoformat(assessment.provenance.created)
    return Letter(
        language=material.language,
        title=words("letter.title"),
        subject_label=words("letter.for"),
        subject=assessment.subject.subject_id,
        date_label=words("letter.date"),
        date=day.strftime("%d-%m-%Y"),
        greeting=words("letter.greeting"),
        opening=words("letter.opening" if measured else "letter.opening_stop"),
        parts=tuple(parts),
        closing=words("letter.closing"),
        sender=words("letter.sender"),
        notice=words("letter.notice", version=assessment.provenance.gaitkit),
        facts=(Fact(label=words("letter.name"), value=""),),
        urgency=words("letter.urgency_stop") if status == "stop" else "",
        grave=status == "stop",
    )


def letter_texts(letter: Letter) -> Iterator[str]:
    """Yield every sentence of a letter from top to bottom."""
    yield from (letter.title, letter.greeting, letter.opening)
    for part in letter.parts:
        yield from (part.title, *part.text, *part.items, *part.after)
    yield from (letter.closing, letter.sender, letter.notice)


def _measured(material: ReportInputs) -> LetterPart:
    words, assessment = material.words, material.assessment
    kinds = [recording.kind for recording in assessment.recordings]
    if "block_test" in kinds:
        kinds = [kind for kind in kinds if kind != "stance"]
    said = [words(f"letter.{kind}") for kind in kinds]
    by_hand = {m.method for m in assessment.measurements if m.value is not None}
    said += [words("letter.tape")] * (TAPE in by_hand)
    said += [words("letter.block_test")] * ("block_test" in by_hand)
    return LetterPart(title=words("letter.measured"), text=tuple(dict.fromkeys(said)))


def _seen(material: ReportInputs, plain: Glossary) -> LetterPart:
    words, assessment = material.words, material.assessment
    found = list(_sentences(material, plain))[:MOST_SEEN]
    if assessment.leg_length is not None:
        found.append(_leg_length(assessment.leg_length, words))
    if not found:
        return LetterPart(
            title=words("letter.seen"), text=(words("letter.nothing_seen"),)
        )
    return LetterPart(title=words("letter.seen"), items=tuple(found))


def _sentences(material: ReportInputs, plain: Glossary) -> Iterator[str]:
    """Yield what is always told, then where left and right demonstrably differ."""
    for wanted in (True, False):
        for name, measure in plain.measures.items():
            if measure.shown is wanted:
                text = _sentence(material, name, measure)
                if text is not None:
                    yield text


def _sentence(material: ReportInputs, name: str, measure: PlainMeasure) -> str | None:
    if not definition(name).sided:
        found = _first(material, name)
        if found is None:
            return None
        return measure.text.of(material.language).format(
            value=_shown(found, material, measure)
        )
    difference = _difference(material, name)
    if difference is None:
        return None
    differs = difference_verdict(material, difference) == "some_difference"
    if not (measure.shown or differs):
        return None
    text = measure.text.of(material.language).format(
        left=_shown(difference.left, material, measure),
        right=_shown(difference.right, material, measure),
    )
    key = "difference" if differs else "no_difference"
    return f"{text} {material.words(f'letter.{key}')}"


def _first(material: ReportInputs, name: str) -> Measurement | None:
    return next(
        (
            m
            for m in material.assessment.measurements
            if m.name == name and m.value is not None
        ),
        None,
    )


def _difference(material: ReportInputs, name: str) -> SideDifference | None:
    return next(
        (d for d in material.differences if d.measure == name and d.region is None),
        None,
    )


def _shown(
    measurement: Measurement, material: ReportInputs, plain: PlainMeasure
) -> str:
    value = measurement.value or 0.0
    if plain.factor is not None:
        return number(plain.factor * value, 0, material.language)
    return number(value, definition(measurement.name).digits, material.language)


def _leg_length(estimate: LegLengthEstimate, words: Words) -> str:
    probability, side = p_longer(estimate).least, longer(estimate)
    if not reaches(probability, "probable"):
        return words("letter.longer_open")
    sure = estimate.imaged and reaches(probability, "very_probable")
    key = "longer_sure" if sure else "longer_probable"
    leg = "left_leg" if side is Side.LEFT else "right_leg"
    ends = sorted((estimate.low_mm, estimate.high_mm), key=abs)
    if estimate.low_mm * estimate.high_mm < 0:  # none is possible too
        ends = [0.0, max(ends, key=lambda end: end * estimate.mean_mm)]
    value, low, high = (
        number(abs(each), 0, words.language) for each in (estimate.mean_mm, *ends)
    )
    return words(
        f"letter.{key}", leg=words(f"letter.{leg}"), value=value, low=low, high=high
    )


def _plan(material: ReportInputs, plain: Glossary) -> LetterPart:
    words, plan = material.words, material.assessment.plan
    title = words("letter.plan")
    if plan.triage.status != "clear":
        title = words("letter.needed")
        said = [words(f"letter.{_need(plan)}")]
        told = alarm_signs(material)
        if told and plan.triage.status in {"stop", "refer"}:
            said.insert(0, words("letter.told_us", signs="; ".join(told)))
        if plan.triage.status == "refer" and plan.requests:
            within = plan.requests[0].within.of(material.language)
            said.append(words("letter.refer_within", within=within))
        return LetterPart(title=title, text=tuple(said))
    if plan.status == "withheld":
        return LetterPart(title=title, text=(words("letter.ended"),))
    items = proposals(_standing(material), plain, words)
    if not items:
        return LetterPart(title=title, text=(words("letter.none"),))
    return LetterPart(title=title, items=items, after=remarks(items, words))


def _need(plan: Plan) -> str:
    """Return the key of what is needed first; an emergency has words of its own."""
    level = plan.triage.level
    return "stop_emergency" if level == "emergency" else plan.triage.status


def alarm_signs(material: ReportInputs) -> tuple[str, ...]:
    """Return the alarm signs that the patient told of, by their names."""
    told = material.assessment.intake
    if told is None:
        return ()
    found = []
    for group, answers in (("red_flags", told.red_flags),):
        for name in answers.__slots__:
            known = material.rules.fact(f"intake.{group}.{name}")
            if getattr(answers, name) == "yes" and known is not None:
                found.append(known.label.of(material.language))
    return tuple(found)


def _may_move(plan: Plan) -> bool:
    """Tell whether the level of urgency lets the patient be told to keep moving."""
    level = plan.triage.level
    return level is None or levels()[level].keep_moving


def _meanwhile(words: Words) -> LetterPart:
    """Return what the patient does until the physician was there."""
    items = tuple(words(f"letter.meanwhile_{number}") for number in range(1, 4))
    return LetterPart(title=words("letter.meanwhile"), items=items)


def _asks_for_signs(material: ReportInputs) -> bool:
    """Tell whether the four signs for direct contact stand in the letter.

    They do with low back pain, with whom a physician looks at first, and with a leg
    that a nerve may hurt.
    """
    plan, told = material.assessment.plan, material.assessment.intake
    elements = {each.element for each in plan.suggestions}
    low_back = told is not None and told.pain_site == "low_back"
    return low_back or plan.triage.status == "refer" or NERVE in elements


def _signs(words: Words) -> LetterPart:
    """Return the four signs for which one phones the general practitioner at once."""
    signs = tuple(words(f"letter.sign_{number}") for number in range(1, 5))
    return LetterPart(
        title=words("letter.signs"), text=(words("letter.signs_call"),), items=signs
    )


def _standing(material: ReportInputs) -> tuple[Suggestion, ...]:
    """Return what is proposed after the therapist's decisions."""
    return plan_in_force(material.assessment).plan.suggestions


def proposals(
    standing: Sequence[Suggestion], plain: Glossary, words: Words
) -> tuple[str, ...]:
    """Return what is proposed, one sentence each, without what the patient does.

    Proposals about the body and the shoe come before new measurements, of which one
    sentence is enough.
    """
    made = [s for s in standing if s.kind not in {"advice", "retest"}]
    again = [s for s in standing if s.kind == "retest"]
    found = (_proposal(each, plain, words) for each in (*made, *again))
    return tuple(dict.fromkeys(found))[:MOST_PROPOSED]


def remarks(items: Sequence[str], words: Words) -> tuple[str, ...]:
    """Return what is said below the proposals: who decides, what the mark means."""
    marked = any(MARK in item for item in items)
    said = (words("letter.consider"),)
    return (words("letter.usual_size", mark=MARK), *said) if marked else said


def self_help(
    standing: Sequence[Suggestion], plain: Glossary, words: Words, *, moving: bool
) -> tuple[str, ...]:
    """Return what the patient can do; to keep moving is among it when ``moving``."""
    language = words.language
    advised = [s.element for s in standing if s.kind == "advice" and s.element]
    names = [name for name in advised if moving or name != KEEP_MOVING]
    known = [plain.advice[name] for name in names if name in plain.advice]
    texts = [text.of(language) for text in known]
    if moving and KEEP_MOVING not in advised:
        texts.insert(0, words("letter.keep_moving"))
    if {each.kind for each in standing} & {"heel_raise", "insole_element"}:
        texts += [words("letter.wearing"), words("letter.stop_rule")]
    return tuple(dict.fromkeys(texts))


def handed_over(
    standing: Sequence[Suggestion], plan: Plan, words: Words
) -> tuple[str, ...]:
    """Return the goals, what goes with an insole or raise, and for how long it is."""
    goals = [words("letter.goal", goal=text.of(words.language)) for text in plan.goals]
    kinds = {each.kind for each in standing}
    if not kinds & {"heel_raise", "insole_element"}:
        return tuple(goals)
    said = [words("letter.instruction")] * bool(plan.deliverables)
    if plan.permanence is not None:
        lasting = "permanent" if "heel_raise" in kinds else "reassess"
        said.append(words(f"letter.{lasting}"))
    return (*goals, *said)


def next_steps(
    standing: Sequence[Suggestion], plan: Plan, words: Words
) -> tuple[str, ...]:
    """Return how it goes on: after a referral, or when the check is."""
    status = plan.triage.status
    if status != "clear":
        first = words(f"letter.{status}_next")
    elif plan.status == "withheld":
        first = words("letter.ended_next")
    elif plan.follow_up is None or plan.follow_up.proposed:
        made = {each.kind for each in standing} & {"heel_raise", "insole_element"}
        first = words("letter.window_open" if made else "letter.no_window")
    elif plan.follow_up.back_by is not None:
        first = words("letter.back_by", day=_day(plan.follow_up.back_by))
    elif plan.follow_up.reached and plan.follow_up.outcome is not None:
        first = words(f"letter.next_{plan.follow_up.outcome}")
    elif plan.follow_up.overdue:
        first = words("letter.window_past")
    else:
        start, end = _day(plan.follow_up.from_), _day(plan.follow_up.to)
        first = words("letter.window", start=start, end=end)
    if status == "stop":
        return (first,)
    before = handed_over(standing, plan, words) if status == "clear" else ()
    return (*before, first, words("letter.call"))


def _proposal(suggestion: Suggestion, plain: Glossary, words: Words) -> str:
    element = suggestion.element or suggestion.kind
    if suggestion.worn is not None:
        element = f"{element}{WORN}"
    known = plain.suggestions.get(element) or plain.suggestions[suggestion.kind]
    side = suggestion.side
    place = suggestion.location
    mark = MARK if suggestion.unconfirmed else ""
    amount = _amount(suggestion.amount, suggestion.unit, words) + mark
    text = known.text.of(words.language).format(
        foot=words(f"letter.{side}_foot" if side else "letter.both_feet"),
        heel=words(f"letter.{side}_heel" if side else "letter.both_heels"),
        place=words(f"letter.{place}") if place else "",
        amount=amount,
        worn=_amount(suggestion.worn, suggestion.unit, words),
    )
    if known.steps is None or len(suggestion.steps) < 2:  # noqa: PLR2004 - a way up
        return text
    later = list(_later(suggestion, words))
    steps = known.steps.of(words.language).format(
        steps=words("letter.then").join(later)
    )
    return f"{text} {steps}"


def _later(suggestion: Suggestion, words: Words) -> Iterator[str]:
    """Yield the steps after the first, with the day of each where it is known."""
    for later, step in enumerate(suggestion.steps[1:], start=1):
        shown = _amount(step, suggestion.unit, words)
        if suggestion.step_dates:
            day = _day(suggestion.step_dates[later])
            shown = words("letter.from_day", step=shown, day=day)
        yield shown


def _amount(amount: float | None, unit: str | None, words: Words) -> str:
    if amount is None:
        return words("letter.open_size")
    shown = number(amount, 0 if float(amount).is_integer() else 1, words.language)
    key = UNITS.get(unit or "")
    return shown if key is None else words(f"letter.{key}", value=shown)


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")
