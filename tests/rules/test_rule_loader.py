"""Reading a rule set: its order, hash and shared files, and what makes it unsafe."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from rule_cases import Measured, measurement

from gaitkit.errors import RuleError
from gaitkit.model.side import Side
from gaitkit.model.visit import RedFlags
from gaitkit.norms.discrete import MAX_SPEED_DIFFERENCE_M_S
from gaitkit.norms.source import reference
from gaitkit.rules.inputs import too_few
from gaitkit.rules.loader import default_folder, find_problems, load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.rules.rule import RuleSet


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_rule_set_that_comes_with_gaitkit_is_sound() -> None:
    assert find_problems() == ()


def test_rules_stand_in_order_of_priority(rule_set: RuleSet) -> None:
    letters = [rule.id[0] for rule in rule_set.rules]
    assert letters == sorted(letters, key=rule_set.priority.index)


def test_the_first_rule_set_is_there(rule_set: RuleSet) -> None:
    wanted = {"Q01", "Q02", "Q03", "F03", "K03", "L01", "T06"}
    assert wanted <= {rule.id for rule in rule_set.active}


def test_an_edited_text_changes_the_hash_and_nothing_else_does(
    edited_folder: Path,
) -> None:
    before = load_rules(edited_folder).sha256
    assert before == load_rules(default_folder()).sha256
    (edited_folder / "notes.md").write_text("not a rule", encoding="utf-8")
    assert load_rules(edited_folder).sha256 == before
    edit(edited_folder / "Q02.toml", "Meet opnieuw.", "Meet nog eens.")
    assert load_rules(edited_folder).sha256 != before


def test_line_ends_of_another_system_do_not_change_the_hash(
    edited_folder: Path,
) -> None:
    before = load_rules(edited_folder).sha256
    file = edited_folder / "Q02.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_rules(edited_folder).sha256 == before


def test_a_retired_rule_keeps_its_id_and_is_not_active(edited_folder: Path) -> None:
    edit(edited_folder / "Q03.toml", 'status = "active"', 'status = "retired"')
    rules = load_rules(edited_folder)
    assert rules.rule("Q03").status == "retired"
    assert "Q03" not in {rule.id for rule in rules.active}


def test_an_unknown_rule_is_named_with_those_there_are(rule_set: RuleSet) -> None:
    with pytest.raises(RuleError, match=r"there is no rule 'Q99' .* it has T01, T02"):
        rule_set.rule("Q99")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="expected a folder with a rule set"):
        load_rules(tmp_path / "nowhere")


def test_every_missing_shared_file_is_named(tmp_path: Path) -> None:
    problems = find_problems(tmp_path)
    shared = ("rule_set", "phrases", "codes", "limits", "references", "facts")
    for name in shared:
        told = f"{name}.toml: is missing; a rule set needs this file"
        assert told in problems
    assert any("holds no rule" in line for line in problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "limits.toml",
            "[met_from]",
            "[met_form]",
            "limits.toml: limit 'met_from' is not there; did you mean 'met_form'?",
        ),
        (
            "limits.toml",
            'source = "friberg1988"',
            'source = "friberg"',
            "limits.toml: clinical_methods_least: source: reference 'friberg' is not "
            "there; did you mean 'friberg1988'?",
        ),
        (
            "limits.toml",
            "value = 42",
            'value = "42"',
            "limits.toml: follow_up_from: value: Input should be a valid number; "
            "got '42'",
        ),
        (
            "codes.toml",
            'code = "003911"',
            "code = 3911",
            "codes.toml: codes.3.code: Input should be a valid string; got 3911",
        ),
        (
            "codes.toml",
            'contains = "walking"',
            'contains = "waking"',
            "codes.toml: Activiteiten (ICF) a450: when: answer of intake.aggravating "
            "'waking' is not there; did you mean 'walking'?",
        ),
        (
            "references.toml",
            "confirmed = true",
            "checked = true",
            "references.toml: gaitkit: checked: unknown key; known are",
        ),
        (
            "phrases.toml",
            'decides.nl = "de podotherapeut beslist"',
            "",
            "phrases.toml: decides.nl: is needed and is not there",
        ),
        (
            "phrases.toml",
            "{name} (niet gemeten)",
            "{naam} (niet gemeten)",
            "phrases.toml: not_measured: placeholder 'naam' is not there; "
            "did you mean 'name'?",
        ),
        (
            "limits.toml",
            "value = 0.50",
            "value = 0.90",
            "limits.toml: expected 0.5 <= uncertain_from <= met_from <= 1, got 0.9 "
            "and 0.8",
        ),
        (
            "T07.toml",
            "at_least = 3",
            "at_least = 3\nblocks = 1",
            "T07.toml: condition.all.0.blocks: unknown key; known are at_least, among",
        ),
    ],
)
def test_a_mistake_in_a_shared_file_is_told_with_its_place(
    file: str, old: str, new: str, message: str, edited_folder: Path
) -> None:
    edit(edited_folder / file, old, new)
    problems = find_problems(edited_folder)
    assert [line for line in problems if line.startswith(message)], problems


def test_rules_that_block_each_other_in_a_circle_are_refused(
    edited_folder: Path,
) -> None:
    edit(
        edited_folder / "K03.toml",
        "[[suggestions]]",
        '[[blocks]]\nrules = ["Q01"]\n\n[[suggestions]]',
    )
    (told,) = find_problems(edited_folder)
    assert told.startswith("blocks: rules block each other in a circle: ")
    assert {"Q01", "K03"} <= set(told.partition("circle: ")[2].split(" -> "))


@pytest.mark.parametrize("flag", [flag.name for flag in fields(RedFlags)])
def test_a_set_that_does_not_guard_an_alarm_question_is_refused(
    flag: str, edited_folder: Path
) -> None:
    for name in ("T01", "T02", "T04", "T06"):
        file = edited_folder / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        other = "trauma" if flag != "trauma" else "weight_loss"
        file.write_text(
            text.replace(f"red_flags.{flag}", f"red_flags.{other}"), encoding="utf-8"
        )
    problems = find_problems(edited_folder)
    path = f"intake.red_flags.{flag}"
    assert any(path in line and "was answered" in line for line in problems)
    assert any(path in line and "'yes'" in line for line in problems)


def test_a_triage_rule_made_draft_leaves_an_unsafe_set(edited_folder: Path) -> None:
    edit(edited_folder / "T06.toml", 'status = "active"', 'status = "draft"')
    assert len(find_problems(edited_folder)) == len(fields(RedFlags))


def test_an_alarm_that_only_counts_with_another_does_not_guard(
    edited_folder: Path,
) -> None:
    edit(edited_folder / "T01.toml", "any = [", "all = [")
    told = find_problems(edited_folder)
    assert len(told) == 5
    assert all("'yes'; without it suggestions could appear" in line for line in told)


def test_the_speed_limits_are_those_of_the_norms(rule_set: RuleSet) -> None:
    assert rule_set.limit("norm_walking_speed").value == (
        reference("fukuchi2018").speed_m_s
    )
    assert rule_set.limit("speed_difference_most").value == MAX_SPEED_DIFFERENCE_M_S
    assert rule_set.limit("adult_from").value == (
        reference("fukuchi2018").valid_from_years
    )


COUNTING = (
    "strides_least", "strides_target_film", "contacts_target_plate",
    "strides_target_stickers", "clears_from",
)  # fmt: skip


def without(text: str, table: str) -> str:
    """Return TOML without one of its tables."""
    return re.sub(rf"(?ms)^\[{table}\]\n.*?(?=^\[|\Z)", "", text)


def test_a_set_without_limits_on_counts_or_words_for_them_judges_a_single_stride(
    edited_folder: Path,
) -> None:
    """A copy of the rules from before they were there goes on."""
    for name in ("Q01.toml", "Q06.toml"):
        (edited_folder / name).unlink()
    limits, phrases = (edited_folder / name for name in ("limits.toml", "phrases.toml"))
    text = limits.read_text("utf-8")
    for name in COUNTING:
        text = without(text, name)
    limits.write_text(text, "utf-8")
    said = phrases.read_text("utf-8")
    phrases.write_text(re.sub(r"(?m)^(too_few|few)\..*\n", "", said), "utf-8")
    own = load_rules(edited_folder)
    assert not any(own.has_limit(name) for name in COUNTING)
    assert own.phrases.too_few == load_rules().phrases.too_few
    row = measurement(
        Measured(
            name="peak_pressure",
            side=Side.LEFT,
            region="metatarsal_2",
            value=700.0,
            sd=40.0,
            n=1,
            method="plate",
            recording="plate",
        )
    )
    assert too_few(row, load_rules())
    assert not too_few(row, own)


def test_a_limit_on_counts_that_is_there_needs_the_unit_of_a_count(
    edited_folder: Path,
) -> None:
    limits = edited_folder / "limits.toml"
    text = limits.read_text("utf-8")
    table = re.search(r"(?ms)^\[contacts_target_plate\]\n.*?(?=^\[|\Z)", text)
    assert table is not None
    wrong = table[0].replace('unit = "1"', 'unit = "mm"')
    limits.write_text(text.replace(table[0], wrong), "utf-8")
    with pytest.raises(RuleError, match=r"limits\.toml: limit 'contacts_target_plate'"):
        load_rules(edited_folder)
