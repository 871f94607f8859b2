"""Each broken rule is refused with a line that says what is wrong and where.

A file in ``broken`` is one rule, put into a copy of the rule set that comes with
gaitkit; ``sound.toml`` is the same rule before it was broken.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gaitkit.errors import RuleError
from gaitkit.rules.loader import find_problems, load_rules

BROKEN = Path(__file__).parent / "broken"

MESSAGES = {
    "unknown_key": "sugestions: unknown key; did you mean 'suggestions'?",
    "unknown_key_in_condition": (
        "condition.all.0.opertor: unknown key; did you mean 'operator'?"
    ),
    "no_kind_of_condition": (
        "condition: a condition needs one of all, any, at_least, fact, measured or "
        "measure"
    ),
    "empty_condition": "condition: 'any' needs at least one part",
    "too_many_at_least": (
        "condition: at_least must lie between 1 and 1 (the parts of among), got 3"
    ),
    "wrong_type": "condition.threshold: has the wrong type; got True",
    "wrong_operator": (
        "condition.operator: Input should be '>', '>=', '<' or '<='; got '=>'"
    ),
    "no_english": "text.met.en: is needed and is not there",
    "bad_id": "id: 'Q2' should be a capital letter and two digits, like Q02",
    "letter_without_priority": (
        "id: X90 begins with a letter without priority; known: T, Q, L, F, K, S, C, E"
    ),
    "double_id": (
        "id: Q02 already stands in Q02.toml; an id is never used twice, not even that "
        "of a retired rule"
    ),
    "unknown_measure": (
        "condition: measure 'cadance' is not in the catalogue; did you mean 'cadence'?"
    ),
    "wrong_unit": (
        "condition: walking_speed is compared in 'm/s'; write unit = 'm/s' beside the "
        "threshold, got 'km/h'"
    ),
    "no_unit": (
        "condition: cadence is compared in '/min'; write unit = '/min' beside the "
        "threshold, got None"
    ),
    "unknown_limit": (
        "condition: limit 'norm_speed' is not there; did you mean 'norm_walking_speed'?"
    ),
    "limit_of_another_unit": (
        "condition: limit 'norm_walking_speed' is in 'm/s', but compared with cadence "
        "it needs '/min'"
    ),
    "side_of_a_whole_person": (
        "condition: cadence has no sides, but side = 'left' is asked"
    ),
    "no_side": (
        "condition: stance belongs to a side; add side = 'left', 'right' or 'each'"
    ),
    "side_limit_of_a_value": (
        "condition: detectable_change and healthy_asymmetry_p95 are limits of a side "
        "difference only"
    ),
    "reference_without_difference": (
        "condition: of = 'value' and reference belong together"
    ),
    "each_side_without_for_each": (
        "condition: side 'each' needs for_each = [\"side\"]"
    ),
    "each_measure_without_list": (
        'applies_to: needs for_each = ["measure"], and the other way round'
    ),
    "unknown_fact": (
        "condition: fact 'intake.red_flags.truama' is not there; "
        "did you mean 'intake.red_flags.trauma'?"
    ),
    "impossible_answer": (
        "condition: answer of intake.red_flags.trauma 'maybe' is not there; "
        "known are no, not_asked, unsure, yes"
    ),
    "wrong_test_of_a_fact": (
        "condition: subject.age_years is a number; test it with operator and "
        "threshold, or with answered"
    ),
    "fact_without_label": (
        "condition: subject.shod has no label in facts.toml; add one in nl and en"
    ),
    "recording_fact_without_for_each": (
        'condition: recording.rate_hz needs for_each = ["recording"]'
    ),
    "two_tests_of_a_fact": (
        "condition: a fact needs exactly one of equals, one_of, contains, lacks, "
        "answered, or operator with threshold"
    ),
    "unknown_source": (
        "evidence.references: reference 'friberg1989' is not there; "
        "did you mean 'friberg1988'?"
    ),
    "grade_without_source": (
        "evidence.references: a grade other than design needs a source"
    ),
    "unknown_placeholder": (
        "text.met: placeholder 'valeu' is not there; did you mean 'value'?"
    ),
    "placeholder_in_one_language": (
        "text.met: nl and en differ in their placeholders: {title}"
    ),
    "placeholder_of_no_part": (
        "text.met: {value:cadans}: part 'cadans' is not there; known are none"
    ),
    "placeholder_at_the_wrong_place": (
        "advice: placeholder {missing} cannot stand here; possible: title, measure, "
        "side, recording, limit, reasons"
    ),
    "unmatched_brace": "text.met: braces do not match",
    "diagnosis_word": (
        "text.met.nl: 'hernia' may not be used: gaitkit makes no diagnosis, prediction "
        "or medical advice; describe what was measured"
    ),
    "decimal_point_in_dutch": (
        "text.met: nl writes 1.2 with a point; Dutch has a decimal comma"
    ),
    "block_of_no_rule": "blocks.rules: rule 'Q99' is not there; known are C01, C02",
    "suggestion_in_triage": (
        "suggestions: a rule of the triage suggests nothing; use referrals"
    ),
    "unknown_dose": (
        "suggestions: limit 'raise_start' is not there; did you mean 'raise_share'"
    ),
    "element_without_name": ("suggestions.element: an insole element needs its name"),
    "contradiction": (
        "E90 contradicts L01 (L01.toml): same condition, but E90 suggests heel_raise "
        "and L01 stops it; retire one of them or tell their conditions apart"
    ),
    "not_toml": "is not valid TOML",
}


def put(name: str, folder: Path) -> Path:
    return Path(shutil.copy(BROKEN / f"{name}.toml", folder / f"{name}.toml"))


@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_broken_rule_is_refused_with_its_file_and_what_is_wrong(
    name: str, message: str, edited_folder: Path
) -> None:
    put(name, edited_folder)
    problems = find_problems(edited_folder)
    told = [line for line in problems if line.startswith(f"{name}.toml: {message}")]
    assert told, problems


def test_every_broken_rule_has_its_message() -> None:
    assert {file.stem for file in BROKEN.glob("*.toml")} == {"sound", *MESSAGES}


def test_the_rule_before_it_was_broken_is_sound(edited_folder: Path) -> None:
    put("sound", edited_folder)
    assert find_problems(edited_folder) == ()
    assert load_rules(edited_folder).rule("E90").status == "active"


def test_all_problems_are_told_at_once_one_line_each(edited_folder: Path) -> None:
    for name in ("unknown_key", "wrong_operator", "not_toml", "bad_id"):
        put(name, edited_folder)
    with pytest.raises(RuleError) as refusal:
        load_rules(edited_folder)
    lines = str(refusal.value).splitlines()
    assert {line.partition(":")[0] for line in lines} == {
        "unknown_key.toml",
        "wrong_operator.toml",
        "not_toml.toml",
        "bad_id.toml",
    }
