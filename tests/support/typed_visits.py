"""Visits without a recording, as a therapist types them."""

from __future__ import annotations

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
