"""Every answer of the intake changes an outcome, or is not asked.

For each answer a pair of visits is sought that differ in it alone, and whose findings,
plan or letter differ.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from typed_visits import VISITS

from gaitkit.io.interview import questions
from gaitkit.io.visit import check_text
from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.estimate import estimate_leg_length, estimate_rows
from gaitkit.model.side import Side
from gaitkit.model.text import without_none
from gaitkit.model.visit import FollowUpAnswers, Intake
from gaitkit.pipeline.assess import assess
from gaitkit.plan.make import make_plan
from gaitkit.report.inputs import report_inputs
from gaitkit.report.page_one.page import page_one
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.judge import judge
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.visit import Visit

LEG = """
visited_on = 2026-06-08
[subject]
age_years = 66
sex = "female"
[intake]
pain_site = "low_back"
onset_date = 2019-01-01
onset_trigger = "none"
aggravating = ["walking"]
easing = ["bending"]
radiation = "thigh_to_knee"
[intake.legs]
standing_provokes = "yes"
[intake.background]
known_specific_cause = "no"
"""
YOUNG = """
visited_on = 2026-06-08
[subject]
age_years = 32
sex = "female"
[intake]
pain_site = "low_back"
onset_date = 2019-01-01
aggravating = ["sport"]
[intake.weak_flags]
better_by_moving = "yes"
[intake.inflammatory]
insidious = "yes"
[intake.pregnancy]
status = "pregnant"
[intake.background]
known_specific_cause = "no"
"""
OLD = """
visited_on = 2026-06-08
[subject]
age_years = 70
[intake]
pain_site = "low_back"
onset_date = 2026-05-01
[intake.background]
known_specific_cause = "no"
"""
SCREENED = VISITS["weeks"].split("[intake.red_flags]")[1]
LEG_SITE = """
visited_on = 2026-06-08
[subject]
age_years = 50
[intake]
pain_site = "leg"
pain_side = "both"
aggravating = ["walking"]
easing = ["sitting"]
[intake.legs]
standing_provokes = "yes"
[intake.background]
known_specific_cause = "no"
"""
RISK = """
[intake]
pain_site = "low_back"
aggravating = ["walking"]
[intake.start_back]
total = 2
distress = 1
open_items = 0
[intake.background]
known_specific_cause = "no"
"""
MORE = {
    "leg site": LEG_SITE + "[intake.red_flags]" + SCREENED,
    "risk": RISK + "[intake.red_flags]" + SCREENED,
    "cushion": VISITS["raise"].replace(
        "[intake.shoes]",
        '[intake.shoes]\ncushion_side = "right"\ncushion_compressed_mm = 2.0',
    ),
    "leg": LEG + "[intake.red_flags]" + SCREENED,
    "young": YOUNG.replace('[intake.weak_flags]\nbetter_by_moving = "yes"\n', "")
    + "[intake.red_flags]"
    + SCREENED
    + 'better_by_moving = "yes"\n',
    "old": OLD + "[intake.red_flags]" + SCREENED,
    "malaise": OLD
    + "[intake.red_flags]"
    + SCREENED.replace('malaise = "no"', 'malaise = "yes"'),
}
"""Visits in which answers about legs, inflammation and weak signs weigh."""

SHOWN_ONLY = (
    "intake.way_in",
    "intake.pain_depth",
    "intake.onset",
    "intake.onset_trigger",
    "intake.arm_tingling",
    "intake.weak_flags_reason",
)
"""Answers that describe the complaint to whoever reads, and judge nothing."""
ORDERED_ONLY = ("intake.shoes.size_eu",)
"""Answers that no rule judges and the order of the insoles follows (tests/insole)."""

UNUSED = ("intake.history",)
"""Read from old files, asked no more."""

TOLD = (("intake", Intake), ("follow_up", FollowUpAnswers))
OWN_WORDS = "in own words"


def answers(kind: type, within: str) -> Iterator[tuple[str, Any]]:
    """Yield every answer of a part of the visit by its path, with its type."""
    for name, hint in get_type_hints(kind).items():
        part = without_none(hint)
        if dataclasses.is_dataclass(part):
            yield from answers(part, f"{within}.{name}")  # type: ignore[arg-type]
        else:
            yield f"{within}.{name}", part


ANSWERS = dict(each for name, kind in TOLD for each in answers(kind, name))


def possible(kind: Any) -> tuple[Any, ...]:
    """Return answers of a type that are worth trying."""
    if get_origin(kind) is Literal:
        return (*get_args(kind), None)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        single = possible(inner)
        return ((), *((each,) for each in single if each is not None))
    if dataclasses.is_dataclass(kind):
        return tuple(
            kind(kind=name, text=text, score=score)  # type: ignore[call-arg]
            for name, text, score in (
                ("less_pain", "slapen", 2.0),
                ("more_activity", "lopen", None),
            )
        )
    return {
        float: (None, 0.0, 1.0, 3.0, 5.0, 8.0, 25.0, 45.0),
        str: ("hernia", "protrusie", OWN_WORDS),
        date: (None, date(2026, 6, 1), date(2026, 4, 1), date(2000, 1, 1)),
        Side: (None, *Side),
    }[kind]


def changed(visit: Visit, path: str, value: Any) -> Visit:
    """Return the visit with one other answer."""

    def put(part: Any, steps: list[str]) -> Any:
        name, *deeper = steps
        new = put(getattr(part, name), deeper) if deeper else value
        return dataclasses.replace(part, **{name: new})

    done: Visit = put(visit, path.split("."))
    return done


def allowed(path: str, kind: Any) -> tuple[Any, ...]:
    """Return the answers to try; one that is asked has no None."""
    found = possible(kind)
    has_none = "not_asked" not in get_args(kind)
    return found if has_none else tuple(each for each in found if each is not None)


@cache
def bases() -> tuple[Visit, ...]:
    """Return visits of every kind, as therapists type them."""
    texts = (*VISITS.values(), *MORE.values())
    return tuple(check_text(text, Path("visit.toml")) for text in texts)


def outcome(visit: Visit) -> object:
    """Return what the rules find and what the plan says and asks."""
    rules = shipped_rules()
    measured = measure_examination(visit.examination)
    legs = estimate_leg_length(measured, visit.examination, subject=visit.subject)
    rows = estimate_rows(legs, measured, visit.examination, subject=visit.subject)
    found = judge(rules, (*measured, *rows), visit, (), leg_length=legs)
    plan = make_plan(found, visit, rules)
    return tuple((f.rule, f.side, f.verdict, f.text, f.advice) for f in found), plan


@cache
def outcome_of(base: int) -> object:
    return outcome(bases()[base])


def acts(path: str) -> bool:
    """Tell whether some visit comes out differently by this answer alone."""
    return any(
        outcome(changed(visit, path, value)) != outcome_of(number)
        for number, visit in enumerate(bases())
        for value in allowed(path, ANSWERS[path])
    )


@pytest.mark.parametrize(
    "path", [p for p in ANSWERS if p not in (*SHOWN_ONLY, *ORDERED_ONLY, *UNUSED)]
)
def test_every_answer_changes_an_outcome(path: str) -> None:
    assert acts(path), f"{path} changes nothing: let it act, or do not ask it"


@pytest.mark.parametrize("path", SHOWN_ONLY)
def test_an_answer_that_only_describes_stands_in_the_report(path: str) -> None:
    base = bases()[0]
    seen = {report(changed(base, path, v)) for v in allowed(path, ANSWERS[path])}
    assert len(seen) > 1, path


def report(visit: Visit) -> str:
    """Return the report of a visit without the time at which it was made."""
    settings = ReportSettings(lang="nl")
    made = assess(visit)
    account = dataclasses.replace(made.provenance, created="2026-06-08T12:00:00+00:00")
    assessment = dataclasses.replace(made, provenance=account)
    material = report_inputs(assessment, (), rules=shipped_rules(), settings=settings)
    return to_html(context_of(material), page=page_one(material))


def test_every_question_about_the_complaint_is_one_that_was_tried() -> None:
    told = tuple(name for name, _ in TOLD)
    asked = {q.path for q in questions("nl") if q.path.startswith(told)}
    assert asked <= set(ANSWERS) - set(UNUSED)


@pytest.mark.parametrize(
    "key", ["only_walking_or_standing", "gone_on_sitting", "unchanged_three_months"]
)
def test_an_answer_that_is_asked_no_more_is_still_read(key: str) -> None:
    text = f'[intake.legs]\n{key} = "yes"\nstanding_provokes = "yes"\n'
    read = check_text(text, Path("visit.toml"))
    assert read.intake.legs.standing_provokes == "yes"
    assert f"intake.legs.{key}" not in {q.path for q in questions("nl")}
