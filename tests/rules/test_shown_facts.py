"""A fact of the sources is carried when the output of a visit that fits shows it.

Each visit is assessed without a recording, as a therapist would type it, and its whole
output (report and letter, in Dutch) is searched for the words that carry the fact.
"""

from __future__ import annotations

import html
import re
from functools import cache
from random import Random

import pytest

from gaitkit.io.visit import check_text
from gaitkit.pipeline.assess import assess
from gaitkit.report.context import context_of
from gaitkit.report.glossary import glossary
from gaitkit.report.html import to_html
from gaitkit.report.letter import letter_of, letter_texts
from gaitkit.report.material import material_of
from gaitkit.report.settings import ReportSettings
from gaitkit.rules.loader import shipped_rules
from gaitkit.rules.traceability import TracedFact, traced_facts

SEED = 20261201
LOT = 50

NO_ALARM = """
[intake.red_flags]
saddle_numbness = "no"
urine_or_stool_loss = "no"
urine_retention = "no"
bilateral_leg_signs = "no"
sexual_dysfunction = "no"
increasing_leg_weakness = "no"
trauma = "no"
cancer_history = "no"
weight_loss = "no"
night_pain = "no"
fever_or_infection = "no"
pulsating_abdomen = "no"
chest_pain = "no"
clinician_doubt = "no"
[intake.weak_flags]
minor_trauma_at_risk = "no"
steroid_use = "no"
height_loss = "no"
malaise = "no"
colic = "no"
urinary_symptoms = "no"
"""

VISITS = {
    "raise": """
visited_on = 2026-06-08
[subject]
age_years = 50
[intake]
pain_site = "low_back"
pain_depth = ["superficial", "deep"]
pain_moments = ["during_load", "evening"]
worse_on_load = "yes"
onset = "gradual"
onset_trigger = "work_posture"
onset_date = 2025-12-01
course = "increasing"
aggravating = ["standing", "walking", "sport"]
easing = ["lying"]
radiation = "none"
decided_together = "yes"
[[intake.goals]]
kind = "more_activity"
text = "een uur wandelen"
[intake.background]
known_specific_cause = "no"
sensory_loss = "no"
[intake.risk_factors]
overweight = "yes"
smoking = "yes"
inactivity = "yes"
[intake.yellow_flags]
stress = "yes"
fear_of_movement = "yes"
work = "yes"
[intake.shoes]
worn = ["everyday", "work", "sport"]
most_worn = "dress"
firmness = "poor"
heel_height = "good"
flexibility = "moderate"
sole_material = "poor"
ball_line = "poor"
upper_stability = "poor"
heel_counter = "poor"
[examination.left]
forefoot_pain = "metatarsal_2_4"
[[examination.imaging]]
method = "x_ray"
difference_mm = 18
[examination.inspection]
back_tilt = "left"
[examination.palpation]
pain_site = "low_back"
[examination.function]
muscle_problem = "yes"
joint_blockage = "yes"
[[therapy]]
given = "zool"
start = 2026-05-01
definitive = true
kind = "insole"
"""
    + NO_ALARM,
    "disc": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
onset = "sudden"
onset_trigger = "wrong_movement"
onset_date = 2026-05-28
course = "stable"
aggravating = ["bending", "sitting"]
easing = ["walking", "lying"]
radiation = "thigh_to_knee"
radiation_side = "both"
[intake.background]
known_specific_cause = "no"
"""
    + NO_ALARM,
    "nerve": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
onset_date = 2026-03-20
course = "stable"
radiation = "below_knee"
radiation_side = "left"
leg_pain_since = 2026-04-01
leg_worse_than_back = "yes"
tingling_to_foot = "yes"
[intake.background]
known_specific_cause = "no"
"""
    + NO_ALARM,
    "stop": """
[intake]
pain_site = "low_back"
"""
    + NO_ALARM.replace('saddle_numbness = "no"', 'saddle_numbness = "yes"')
    .replace('urine_or_stool_loss = "no"', 'urine_or_stool_loss = "yes"')
    .replace('urine_retention = "no"', 'urine_retention = "yes"')
    .replace('increasing_leg_weakness = "no"', 'increasing_leg_weakness = "yes"'),
    "doubt": """
[intake]
pain_site = "low_back"
"""
    + NO_ALARM.replace('clinician_doubt = "no"', 'clinician_doubt = "yes"'),
    "thoracic": """
[intake]
pain_site = "thoracic"
arm_tingling = "yes"
"""
    + NO_ALARM,
    "chest": """
[intake]
pain_site = "thoracic"
"""
    + NO_ALARM.replace('chest_pain = "no"', 'chest_pain = "yes"'),
    "open": """
[intake]
pain_site = "low_back"
""",
    "stopping": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
[follow_up]
wants_to_stop = "yes"
"""
    + NO_ALARM,
    "control": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
[intake.background]
known_specific_cause = "no"
[[proms]]
instrument = "NPRS"
score = 6
taken_on = 2026-03-30
[[proms]]
instrument = "NPRS"
score = 6
taken_on = 2026-06-08
[[therapy]]
given = "zool"
start = 2026-04-01
definitive = true
kind = "insole"
"""
    + NO_ALARM,
    "cause": """
[intake]
pain_site = "low_back"
reported_terms = ["hernia"]
[intake.background]
known_specific_cause = "no"
term_by_physician = "yes"
"""
    + NO_ALARM,
    "protrusion": """
[intake]
pain_site = "low_back"
radiation = "none"
reported_terms = ["protrusie"]
[intake.background]
known_specific_cause = "no"
"""
    + NO_ALARM,
    "words": """
[intake]
pain_site = "low_back"
reported_terms = ["rugklacht", "lage rug"]
"""
    + NO_ALARM,
    "weeks": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
onset_date = 2026-04-20
radiation = "none"
[intake.background]
known_specific_cause = "no"
"""
    + NO_ALARM,
    "borderland": """
visited_on = 2026-06-08
[intake]
pain_site = "low_back"
onset_date = 2026-03-12
radiation = "none"
[intake.background]
known_specific_cause = "no"
"""
    + NO_ALARM,
}
"""Made-up visits, as a therapist types them."""

SHOWN = tuple(fact for fact in traced_facts() if fact.shown)


@cache
def output(name: str) -> str:
    """Return everything that the visit gives, as plain text of one line."""
    from pathlib import Path

    assessment = assess(check_text(VISITS[name], Path("visit.toml")))
    material = material_of(
        assessment,
        (),
        rules=shipped_rules(),
        settings=ReportSettings(lang="nl"),
    )
    page = to_html(context_of(material))
    letter = " ".join(letter_texts(letter_of(material, glossary())))
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)) + " " + letter
    return re.sub(r"\s+", " ", text.replace("\N{NARROW NO-BREAK SPACE}", " "))


def lot() -> tuple[TracedFact, ...]:
    """Return fifty facts, picked by lot with a seed."""
    return tuple(Random(SEED).sample(traced_facts(), LOT))


@pytest.mark.parametrize("fact", SHOWN, ids=lambda fact: fact.id)
def test_a_carried_fact_stands_in_the_output_of_a_visit_that_fits(
    fact: TracedFact,
) -> None:
    visit, *pieces = fact.shown
    said = output(visit)
    assert [piece for piece in pieces if piece not in said] == []
    assert pieces


def test_fifty_facts_picked_by_lot_are_all_shown() -> None:
    """What nothing shows is not carried, and the page says so."""
    silent = [fact.id for fact in lot() if not fact.shown]
    assert silent == []
