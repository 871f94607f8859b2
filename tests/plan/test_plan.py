"""The plan: what is withheld and why, the window for evaluation, codes and doses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rule_cases import Case, Expected, Measured, Told, findings_of, visit

from gaitkit.model.finding import Finding
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Intake, Therapy, Visit
from gaitkit.plan.make import codes, follow_up, make_plan
from gaitkit.rules.condition import FactTest
from gaitkit.rules.facts import ProposalFacts
from gaitkit.rules.loader import default_folder
from gaitkit.rules.rule import Block, Evidence, Rule, SuggestionTemplate, VerdictTexts

if TYPE_CHECKING:
    from gaitkit.model.plan import Plan
    from gaitkit.rules.rule import RuleSet

WORDS = Text(nl="woorden.", en="words.")


def plan_for(told: Told, rule_set: RuleSet, *measured: Measured) -> Plan:
    case = Case(
        name="", expect=Expected(verdict="met"), told=told, measured=tuple(measured)
    )
    return make_plan(findings_of(case, rule_set), visit(told), rule_set)


def test_without_any_judgement_nothing_is_suggested(rule_set: RuleSet) -> None:
    plan = make_plan((), Visit(), rule_set)
    assert (plan.status, plan.triage.status) == ("withheld", "incomplete")
    assert plan.reason == rule_set.phrases.plan_untriaged


def test_a_triage_rule_that_could_not_be_judged_withholds_everything(
    rule_set: RuleSet,
) -> None:
    unknown = Finding(rule="T01", revision=1, verdict="not_assessable", text=WORDS)
    plan = make_plan((unknown,), Visit(), rule_set)
    assert (plan.status, plan.triage.rules) == ("withheld", ("T01",))


def test_nothing_to_suggest_is_said(rule_set: RuleSet) -> None:
    triage = tuple(rule for rule in rule_set.rules if rule.triage)
    plan = plan_for(Told(), replace(rule_set, rules=triage))
    assert (plan.status, plan.triage.status) == ("none", "clear")
    assert plan.reason == rule_set.phrases.plan_none


def test_a_stop_leaves_nothing_but_the_referral(rule_set: RuleSet) -> None:
    told = Told(
        alarm_yes=("saddle_numbness", "trauma"),
        pain_site="low_back",
        definitive_therapy="2026-01-05",
    )
    slow = Measured(name="walking_speed", value=0.5, sd=0.05)
    plan = plan_for(told, rule_set, slow)
    assert plan.status == "withheld"
    assert plan.triage.rules == ("T01",)
    assert (plan.suggestions, plan.cautions, plan.codes) == ((), (), ())
    assert plan.follow_up is None
    assert plan.referrals[0].en == "Phone the general practitioner now."


def test_open_questions_keep_codes_and_the_date_of_evaluation(
    rule_set: RuleSet,
) -> None:
    told = Told(
        alarm="not_asked", pain_site="low_back", definitive_therapy="2026-01-05"
    )
    plan = plan_for(told, rule_set)
    assert plan.status == "withheld"
    assert plan.reason is not None
    assert plan.reason.en.startswith("Not all alarm questions were answered")
    assert "L03" in {code.code for code in plan.codes}
    assert plan.follow_up is not None


def test_the_evaluation_is_6_to_10_weeks_after_the_definitive_therapy(
    rule_set: RuleSet,
) -> None:
    given = Visit(
        therapy=(
            Therapy(given="proefzool", start=date(2026, 1, 1)),
            Therapy(given="zool", start=date(2026, 2, 1), definitive=True),
            Therapy(given="tape", start=date(2026, 3, 1)),
        )
    )
    window = follow_up(given, rule_set)
    assert window is not None
    assert (window.from_, window.to) == (date(2026, 3, 15), date(2026, 4, 12))
    assert (window.to - window.from_).days == 28


def test_without_a_definitive_therapy_the_last_one_counts(rule_set: RuleSet) -> None:
    given = Visit(therapy=(Therapy(given="tape", start=date(2026, 3, 1)),))
    window = follow_up(given, rule_set)
    assert window is not None
    assert window.from_ == date(2026, 4, 12)
    assert follow_up(Visit(), rule_set) is None


def codes_of(intake: Intake, rule_set: RuleSet, *kinds: str) -> list[str]:
    proposal = ProposalFacts(kinds=kinds)
    found = codes(Visit(intake=intake), rule_set, proposal=proposal)
    return [code.code for code in found]


def test_codes_follow_from_the_intake_only(rule_set: RuleSet) -> None:
    assert codes_of(Intake(), rule_set) == []
    assert codes_of(Intake(pain_site="foot"), rule_set) == []
    assert codes_of(
        Intake(pain_site="low_back", aggravating=("walking",)), rule_set
    ) == [
        "L03", "M54.5", "003911", "003911", "Z01", "010026", "b28013", "s7608", "a450",
    ]  # fmt: skip


def test_radiation_chooses_between_the_two_codes_of_the_gp(rule_set: RuleSet) -> None:
    for radiation, code in (
        ("none", "L03"), ("buttock", "L86"), ("below_knee", "L86"),
    ):  # fmt: skip
        found = codes_of(Intake(pain_site="low_back", radiation=radiation), rule_set)
        assert {"L03", "L86"} & set(found) == {code}


def test_orthosis_codes_come_with_an_insole(rule_set: RuleSet) -> None:
    low_back = Intake(pain_site="low_back")
    added = set(codes_of(low_back, rule_set, "insole_element", "shoe_advice"))
    added -= set(codes_of(low_back, rule_set))
    assert added == {"06.12.12", "06.12.12.06.09.00", "20", "61"}


def test_every_code_of_the_care_module_stands_there_verbatim(
    rule_set: RuleSet,
) -> None:
    printed = [
        "L03", "L86", "M54.5", "003911", "003911", "Z01", "010026", "b28013", "s7608",
        "a415", "a420", "a450", "p920", "06.12.12", "06.12.12.06.09.00", "20", "61",
        "70",
    ]  # fmt: skip
    assert [code.code for code in rule_set.codes] == printed
    assert all(code.source == "S1" for code in rule_set.codes)
    assert "003911" in (default_folder() / "codes.toml").read_text(encoding="utf-8")


def always(name: str, **parts: object) -> Rule:
    """Return a rule that is met when the age is not filled in."""
    return Rule(
        id=name,
        revision=1,
        status="active",
        title=WORDS,
        condition=FactTest(fact="subject.age_years", answered=False),
        text=VerdictTexts(met=WORDS),
        evidence=Evidence(grade=("C",), references=("S1",)),
        **parts,
    )


def set_of(rule_set: RuleSet, *rules: Rule) -> RuleSet:
    triage = tuple(rule for rule in rule_set.rules if rule.triage)
    return replace(rule_set, rules=(*triage, *rules))


def test_a_suggestion_has_its_dose_and_contraindication_from_the_data(
    rule_set: RuleSet,
) -> None:
    template = SuggestionTemplate(
        kind="insole_element",
        element="trial",
        side="right",
        amount="follow_up_from",
        steps=("follow_up_from", "follow_up_to"),
        location="in_insole",
        text=Text(
            nl="Verhoog {limit:follow_up_from}.", en="Raise {limit:follow_up_from}."
        ),
        contraindications=(WORDS,),
    )
    plan = plan_for(Told(), set_of(rule_set, always("L90", suggestions=(template,))))
    (suggestion,) = plan.suggestions
    assert suggestion.text.nl == "Verhoog 42; de podotherapeut beslist"
    assert (suggestion.amount, suggestion.unit) == (42, "d")
    assert suggestion.steps == (42, 70)
    assert suggestion.side is Side.RIGHT
    assert suggestion.contraindications == (WORDS,)
    assert suggestion.evidence == ("S1",)


def test_a_blocked_element_is_not_suggested(rule_set: RuleSet) -> None:
    post = SuggestionTemplate(
        kind="insole_element", element="medial_rearfoot_post", text=WORDS
    )
    pad = SuggestionTemplate(
        kind="insole_element", element="metatarsal_pad", text=WORDS
    )
    suggests = always("F90", suggestions=(post, pad))
    stops = always("Q90", blocks=(Block(suggestions=("medial_rearfoot_post",)),))
    plan = plan_for(Told(), set_of(rule_set, suggests, stops))
    assert [s.element for s in plan.suggestions] == ["metatarsal_pad"]


def test_a_block_on_one_side_leaves_the_other(rule_set: RuleSet) -> None:
    both = tuple(
        SuggestionTemplate(
            kind="insole_element", element="medial_rearfoot_post", side=side, text=WORDS
        )
        for side in ("left", "right")
    )
    rules = tuple(r for r in rule_set.rules if r.triage or r.id == "F03")
    extended = replace(rule_set, rules=(*rules, always("F90", suggestions=both)))
    posture = Measured(name="foot_posture_index", side=Side.LEFT, value=9.0, sd=1.0)
    plan = plan_for(Told(), extended, posture)
    posts = [s.side for s in plan.suggestions if s.element == "medial_rearfoot_post"]
    assert posts == [Side.RIGHT]


def test_the_same_suggestion_of_two_findings_stands_once(rule_set: RuleSet) -> None:
    template = SuggestionTemplate(kind="advice", text=WORDS)
    twice = always("C90", suggestions=(template, template))
    assert len(plan_for(Told(), set_of(rule_set, twice)).suggestions) == 1
