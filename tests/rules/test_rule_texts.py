"""What the texts of the rule set may and may not say, and how numbers are written."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, get_args

import pytest
from rule_cases import CASES, findings_of, read_cases, visit, with_rule

from gaitkit.model.text import Text
from gaitkit.model.wording import listed, number_with_unit, with_unit
from gaitkit.plan.make import make_plan
from gaitkit.rules.check_texts import forbidden_words, texts_of
from gaitkit.rules.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    FactTest,
    Of,
    Presence,
)
from gaitkit.rules.explain import explain, explanation, rule_lines
from gaitkit.rules.loader import default_folder
from gaitkit.rules.rule import Block, Rule
from gaitkit.rules.shared import Phrases
from gaitkit.rules.wording import (
    PLACEHOLDERS,
    fill,
    limit_text,
    placeholders,
    with_error,
)

if TYPE_CHECKING:
    from gaitkit.model.finding import Finding
    from gaitkit.model.plan import Plan
    from gaitkit.rules.rule import RuleSet

FORBIDDEN = (
    "hernia", "scoliose", "scoliosis", "artrose", "osteoarthritis", "fractuur",
    "fracture", "tumor", "kanker", "cancer", "cauda equina", "radiculair", "stenose",
    "spondylolisthesis", "ischias", "sciatica", "lumbago", "trendelenburg",
    "platvoet", "flat foot", "hallux rigidus", "bechterew", "syndroom", "syndrome",
    "diagnose", "diagnosis", "pathologie", "pathology", "ongeschikt verklaard",
    "kans op herstel", "chance of recovery", "paracetamol", "nsaid", "mri",
)  # fmt: skip
"""Written by hand, so that an emptied ``never.toml`` is noticed."""

EVERY_CASE = tuple(
    (file, case)
    for file in map(read_cases, sorted(CASES.glob("*.toml")))
    for case in file.cases
)


def every_text(rule_set: RuleSet) -> list[Text]:
    texts = [placed.text for rule in rule_set.rules for placed in texts_of(rule)]
    texts += [limit.label for limit in rule_set.limits]
    texts += [fact.label for fact in rule_set.facts]
    texts += [each for code in rule_set.codes for each in (code.label, code.check)]
    texts += [getattr(rule_set.phrases, name.name) for name in fields(Phrases)]
    texts += [reference.cited for reference in rule_set.references]
    texts += [said.text for said in rule_set.statements]
    return texts


def everything_said(rule_set: RuleSet) -> list[Text]:
    """Return every sentence that the cases bring forth, filled in."""
    said: list[Text] = []
    for findings, plan in every_outcome(rule_set):
        for finding in findings:
            said += [finding.text, *([finding.advice] if finding.advice else [])]
        said += [*plan.cautions, *plan.referrals, *plan.deliverables]
        for suggestion in plan.suggestions:
            said += [suggestion.text, *suggestion.contraindications]
        said += [text for foot in plan.insoles for text in foot.conflicts]
        said += [statement.text for statement in plan.statements]
        said += [text for text in (plan.reason, plan.permanence) if text]
    return said


@cache
def every_outcome(rule_set: RuleSet) -> tuple[tuple[tuple[Finding, ...], Plan], ...]:
    """Return findings and plan of every case; several tests look at them."""
    outcomes = []
    for file, case in EVERY_CASE:
        rules = with_rule(rule_set, file.extra_rule)
        found = findings_of(case, rules)
        outcomes.append((found, make_plan(found, visit(case.told), rules)))
    return tuple(outcomes)


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_text_holds_a_word_of_diagnosis(word: str, rule_set: RuleSet) -> None:
    assert forbidden_words(f"Past bij {word}.") != ()
    whole = re.compile(rf"\b{word}", re.IGNORECASE)
    for text in every_text(rule_set):
        assert not whole.search(text.nl)
        assert not whole.search(text.en)


def test_ordinary_words_are_not_forbidden() -> None:
    sentence = "Neem opnieuw op; de meting is niet geschikt en intens en ten slotte."
    assert forbidden_words(sentence) == ()


def test_what_is_said_in_dutch_has_a_decimal_comma_and_no_english(
    rule_set: RuleSet,
) -> None:
    english = re.compile(r"\b(the|left|right|measured|record|missing|with|not)\b")
    for text in everything_said(rule_set):
        assert not re.search(r"\d\.\d", text.nl), text.nl
        assert not re.search(r"\d,\d", text.en), text.en
        assert not english.search(text.nl), text.nl
        assert "{" not in text.nl + text.en


def test_every_suggestion_ends_by_saying_who_decides(rule_set: RuleSet) -> None:
    suggestions = [s for _, plan in every_outcome(rule_set) for s in plan.suggestions]
    assert len(suggestions) > 20
    for suggestion in suggestions:
        assert suggestion.text.nl.endswith("; de podotherapeut beslist")
        assert suggestion.text.en.endswith("; the podotherapist decides")


def test_an_unconfirmed_number_is_marked_wherever_it_shows(rule_set: RuleSet) -> None:
    doubted = tuple(
        replace(limit, confirmed=limit.name != "norm_walking_speed")
        for limit in rule_set.limits
    )
    rules = replace(rule_set, limits=doubted)
    limit = rules.limit("norm_walking_speed")
    assert limit_text(limit, rules.phrases).en.endswith("m/s (unconfirmed)")
    assert "(onbevestigd)" in explain(rules, "Q03", language="nl")


def test_numbers_are_written_as_people_write_them() -> None:
    assert (
        number_with_unit(-1.25, digits=1, unit="deg", language="nl")
        == "\N{MINUS SIGN}1,2°"
    )
    assert number_with_unit(-0.04, digits=1, unit="", language="en") == "0.0"
    assert with_unit("60", "Hz") == "60\N{NARROW NO-BREAK SPACE}Hz"
    assert with_unit("8", "{score}") == "8"


def test_a_small_error_never_shows_as_zero() -> None:
    assert with_error(1.24, 0.002, digits=2, language="en") == "1.240 ± 0.004"
    assert with_error(97.0, 0.2, digits=0, language="nl") == "97,0 ± 0,4"
    assert with_error(5.0, 0.0, digits=0, language="nl") == "5 ± 0"


def test_placeholders_are_found_with_their_argument() -> None:
    assert placeholders("{measure}: {value:speed}") == (
        ("measure", ""),
        ("value", "speed"),
    )


def test_a_list_names_each_thing_once() -> None:
    one, two = Text(nl="een", en="one"), Text(nl="twee", en="two")
    assert listed((one, two, one)) == Text(nl="een; twee", en="one; two")
    assert listed(()) is None


def test_a_text_is_filled_by_language() -> None:
    text = Text(nl="{a:b} en {c}", en="{a:b} and {c}")
    filled = fill(text, lambda name, argument, language: name + argument + language)
    assert filled == Text(nl="abnl en cnl", en="aben and cen")


def test_every_rule_is_explained_in_both_languages(rule_set: RuleSet) -> None:
    for rule in rule_set.rules:
        dutch = explain(rule_set, rule.id, language="nl")
        english = explain(rule_set, rule.id, language="en")
        assert len(dutch.splitlines()) == len(english.splitlines())
        assert "Geldt als" in dutch
        assert "Met when" in english
        assert "{" not in dutch + english


def test_an_explanation_names_limits_with_their_source(rule_set: RuleSet) -> None:
    told = explain(rule_set, "F03", language="en")
    assert (
        "FPI-6 from which foot posture is called pronated: 6 (source: Langley" in told
    )
    assert "B: observational or biomechanical studies" in told
    assert "no suggestion of medial rearfoot post" in told


def test_an_explanation_says_the_condition_in_plain_words(rule_set: RuleSet) -> None:
    told = explanation(rule_set, "T07").sections[0]
    assert told.heading.en == "Met when"
    assert [line.en for line in told.lines[:3]] == [
        "all of:",
        "  at least 3 of these 4:",
        "    worse on bending",
    ]
    q02 = explain(rule_set, "Q02", language="nl")
    assert (
        "verschil tussen links en rechts van de maat is groter dan de grootste van: de "
        "aantoonbare verandering, wat 95 % van gezonde volwassenen niet haalt"
    ) in q02


def test_the_list_has_one_line_for_each_rule(rule_set: RuleSet) -> None:
    lines = rule_lines(rule_set, language="nl")
    assert len(lines) == len(rule_set.rules)
    assert lines[0].split() == [
        "T01",
        "G",
        "Direct",
        "contact",
        "met",
        "de",
        "huisarts",
    ]


def test_a_draft_says_so_in_the_list(rule_set: RuleSet) -> None:
    first = replace(rule_set.rules[0], status="draft")
    edited = replace(rule_set, rules=(first, *rule_set.rules[1:]))
    assert rule_lines(edited, language="en")[0].endswith("(draft, not judged)")


def test_the_guide_for_authors_names_every_key_and_placeholder() -> None:
    guide = (default_folder() / "README.md").read_text(encoding="utf-8")
    for name in PLACEHOLDERS:
        assert re.search(rf"\{{{name}(:NAME)?\}}", guide), name
    kinds = (Rule, Comparison, Presence, FactTest, AllOf, AnyOf, AtLeast, Block)
    keys = {key.name for kind in kinds for key in fields(kind)}
    for key in (*keys, *get_args(Of)):
        assert re.search(rf"`{key}[`. ]", guide), key


def test_no_rule_writes_a_unit_after_a_limit_that_brings_its_own(
    rule_set: RuleSet,
) -> None:
    doubled = [
        (file.name, name)
        for file in default_folder().glob("*.toml")
        for name, unit in re.findall(
            r"\{limit:(\w+)\} (mm|cm|kPa|deg|kg|%)\b", file.read_text("utf-8")
        )
        if rule_set.limit(name).unit == unit
    ]
    assert doubled == []
