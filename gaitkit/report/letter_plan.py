"""The plan in the words of the letter to the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.report.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.report.glossary import Glossary
    from gaitkit.report.words import Words

MOST_PROPOSED = 8
"""Proposals of a letter, so that it stays one page; the report has all."""

UNITS = {"deg": "degrees", "mm": "millimetres"}
MARK = "*"
"""Marks a size that no study confirmed."""
WORN = "_worn"
"""Ends the name of the words for an element that the patient wears already."""
KEEP_MOVING = "keep_moving"


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
    standing: Sequence[Suggestion], plain: Glossary, words: Words
) -> tuple[str, ...]:
    """Return what the patient can do; to keep moving is always among it."""
    language = words.language
    advised = [s.element for s in standing if s.kind == "advice" and s.element]
    known = [plain.advice[name] for name in advised if name in plain.advice]
    texts = [text.of(language) for text in known]
    if KEEP_MOVING not in advised:
        texts.insert(0, words("letter.keep_moving"))
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
    elif plan.follow_up is None:
        made = {each.kind for each in standing} & {"heel_raise", "insole_element"}
        first = words("letter.window_open" if made else "letter.no_window")
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
