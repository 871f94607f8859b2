"""Cases that a clinician can read, and how they are put to the rules.

A file in ``tests/cases`` names a rule and lists cases: what was measured, recorded and
answered, and what the rule should find. Units follow from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.stats import norm

from gaitkit.measure.chain.chain import kinetic_chains
from gaitkit.measure.examination import measure_examination
from gaitkit.measure.leg_length.estimate import (
    POSTERIOR,
    estimate_leg_length,
    estimate_rows,
)
from gaitkit.measure.leg_length.methods import method_named
from gaitkit.model.catalogue import definition
from gaitkit.model.finding import Finding, Verdict
from gaitkit.model.intake import ACTIVE_SIGNS
from gaitkit.model.leg_length import LegLengthEstimate
from gaitkit.model.measurement import Measurement
from gaitkit.model.plan import Level, Plan, PlanStatus, SuggestionKind, TriageStatus
from gaitkit.model.reason import Quality, Reason, reason
from gaitkit.model.recording import Calibration, Recording, RecordingKind
from gaitkit.model.side import Side
from gaitkit.model.subject import Sex, Subject
from gaitkit.model.text import Text
from gaitkit.model.visit import (
    Activity,
    Answer,
    BlockTest,
    Examination,
    FollowUpAnswers,
    Intake,
    PainSite,
    Prom,
    Radiation,
    RedFlags,
    Therapy,
    Visit,
)
from gaitkit.plan.make import make_plan
from gaitkit.rules.judge import judge
from gaitkit.rules.loader import build, read_table
from gaitkit.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.chain import KineticChain
    from gaitkit.rules.rule import RuleSet

CASES = Path(__file__).resolve().parents[1] / "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measurement; ``missing`` is a code of ``reasons.toml``."""

    name: str
    value: float | None = None
    sd: float | None = None
    side: Side | None = None
    n: int = 12
    dof: float | None = None
    method: str = ""
    recording: str | None = None
    missing: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recording and its quality."""

    id: str
    kind: RecordingKind = "video"
    rate_hz: float | None = None
    tilt_deg: float | None = None
    confidence: float | None = None
    status: Literal["ok", "limited", "refused"] = "ok"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The intake; ``alarm`` answers every alarm question, then come the exceptions.

    Unless ``screened`` is false, weak alarm signs and a known cause that a case does
    not name were asked and answered with no.

    ``intake``, ``examination`` and the rest are as in a visit file; the short keys
    are for what most cases need.
    """

    alarm: Answer = "no"
    screened: bool = True
    alarm_yes: tuple[str, ...] = ()
    alarm_not_asked: tuple[str, ...] = ()
    alarm_unsure: tuple[str, ...] = ()
    sex: Sex | None = None
    pain_site: PainSite | None = None
    radiation: Radiation | None = None
    aggravating: tuple[Activity, ...] = ()
    age_years: float | None = None
    block_tested: bool = False
    definitive_therapy: str | None = None
    intake: Intake | None = None
    examination: Examination | None = None
    follow_up: FollowUpAnswers = field(default_factory=FollowUpAnswers)
    proms: tuple[Prom, ...] = ()
    therapy: tuple[Therapy, ...] = ()
    visited_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPlan:
    """What the plan should be; what is left out may be anything."""

    status: PlanStatus | None = None
    triage: TriageStatus | None = None
    suggests: tuple[SuggestionKind, ...] | None = None
    elements: tuple[str, ...] | None = None
    elements_not: tuple[str, ...] = ()
    doses: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    follow_up: tuple[str, str] | None = None
    level: Level | None = None
    provisional: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the rule should find; ``says`` are pieces of the Dutch text."""

    verdict: Verdict
    probability: float | None = None
    within: float = 0.01
    side: Side | None = None
    measure: str | None = None
    recording: str | None = None
    says: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    advises: str | None = None
    plan: ExpectedPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case."""

    name: str
    expect: Expected
    told: Told = field(default_factory=Told)
    recorded: tuple[Recorded, ...] = ()
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """The cases of one rule; ``extra_rule`` is a rule of the test itself."""

    rule: str
    cases: tuple[Case, ...]
    extra_rule: Rule | None = None


def read_cases(file: Path) -> CaseFile:
    """Return the cases of a file; every key that is not known is refused."""
    table = read_table(file)
    read = build(CaseFile, table.value, where=file.name)
    assert read.value is not None, (*table.problems, *read.problems)
    return read.value


def with_rule(rule_set: RuleSet, rule: Rule | None) -> RuleSet:
    """Return the rule set with one more rule, in its place."""
    if rule is None:
        return rule_set
    rank = rule_set.priority.index
    rules = sorted((*rule_set.rules, rule), key=lambda r: (rank(r.id[0]), r.id))
    return replace(rule_set, rules=tuple(rules))


def findings_of(case: Case, rule_set: RuleSet) -> tuple[Finding, ...]:
    """Return what all rules find in a case."""
    of_case = visit(case.told)

    rows = tuple(measurement(each) for each in case.measured)
    rows, legs = with_estimate(rows, of_case)

    def chains_of(rows: Sequence[Measurement]) -> tuple[KineticChain, ...]:
        return kinetic_chains(
            rows,
            (),
            examination=of_case.examination,
            subject=of_case.subject,
            leg_counts_mm=rule_set.limit("relevant_difference").value,
        )

    return judge(
        rule_set,
        rows,
        of_case,
        tuple(recording(each) for each in case.recorded),
        chains_of=chains_of,
        leg_length=legs,
    )


def with_estimate(
    rows: tuple[Measurement, ...], of_case: Visit
) -> tuple[tuple[Measurement, ...], LegLengthEstimate | None]:
    """Return the rows with those of the examination, and the estimate of the legs.

    A case that gives a row ``posterior`` gets the normal of that row as its estimate,
    under both priors; a case with readings of tape, blocks or imaging the estimate of
    gaitkit.
    """
    stated = legs_of(rows)
    if stated is not None:
        return rows, stated
    examination = of_case.examination
    if not (examination.tape or examination.block_tests or examination.imaging):
        return rows, None
    measured = (*rows, *measure_examination(examination))
    legs = estimate_leg_length(measured, examination, subject=of_case.subject)
    estimated = estimate_rows(legs, measured, examination, subject=of_case.subject)
    return (*measured, *estimated), legs


def legs_of(rows: Sequence[Measurement]) -> LegLengthEstimate | None:
    """Return the estimate that a row of the posterior stands for, None without one."""
    stated = next((row for row in rows if row.method == POSTERIOR), None)
    return None if stated is None else normal_legs(stated, rows)


def normal_legs(stated: Measurement, rows: Sequence[Measurement]) -> LegLengthEstimate:
    """Return an estimate that is the normal of a row, whatever is assumed before."""
    value, sd = stated.value or 0.0, stated.sd or 1.0
    at = np.arange(-120.0, 120.5, 0.5)
    density = norm.pdf(at, value, sd)
    methods = (method_named(row.method) for row in rows)
    kinds = (m.reading for m in methods if m is not None and m.why_not is None)
    over = [float(norm.sf(x, value, sd) + norm.cdf(-x, value, sd)) for x in (5, 10, 20)]
    return LegLengthEstimate(
        prior="clinic",
        prior_parts=(),
        methods=(),
        mean_mm=value,
        sd_mm=sd,
        low_mm=value - 1.96 * sd,
        high_mm=value + 1.96 * sd,
        p_over_5=over[0],
        p_over_10=over[1],
        p_over_20=over[2],
        p_left_longer=float(norm.sf(0, value, sd)),
        curve_mm=tuple(at.tolist()),
        posterior_density=tuple(density.tolist()),
        wide_density=tuple(density.tolist()),
        kinds=tuple(dict.fromkeys(kinds)),
    )


def plan_of(case: Case, rule_set: RuleSet) -> Plan:
    """Return the plan of a case."""
    return make_plan(findings_of(case, rule_set), visit(case.told), rule_set)


def measurement(measured: Measured) -> Measurement:
    """Return the measurement of a case."""
    why = reason_of(measured.missing) if measured.missing else None
    return Measurement(
        name=measured.name,
        unit=definition(measured.name).unit,
        value=measured.value,
        sd=measured.sd,
        side=measured.side,
        region=measured.region,
        n=measured.n,
        dof=measured.dof,
        method=measured.method,
        recording=measured.recording,
        why_missing=why,
    )


def reason_of(code: str) -> Reason:
    """Return a reason; where its sentence has numbers, a stand-in for it."""
    try:
        return reason(code)
    except KeyError:
        text = Text(nl=code, en=code)
        return Reason(code=code, text=text, advice=text)


def recording(recorded: Recorded) -> Recording:
    """Return the recording of a case."""
    return Recording(
        id=recorded.id,
        kind=recorded.kind,
        sha256="0" * 64,
        rate_hz=recorded.rate_hz,
        confidence=recorded.confidence,
        calibration=Calibration(camera_tilt_deg=recorded.tilt_deg),
        quality=Quality(
            status=recorded.status,
            reasons=tuple(reason_of(code) for code in recorded.reasons),
        ),
    )


def screened(intake: Intake) -> Intake:
    """Return an intake in which what devices wait for was asked.

    No alarm, no known cause, and pain that comes on load.
    """
    weak = intake.weak_flags
    open_ = [name for name in ACTIVE_SIGNS if getattr(weak, name) == "not_asked"]
    cause = intake.background.known_specific_cause
    load = (
        intake.aggravating or intake.pain_moments or intake.worse_on_load != "not_asked"
    )
    return replace(
        intake,
        worse_on_load=intake.worse_on_load if load else "yes",
        weak_flags=replace(weak, **dict.fromkeys(open_, "no")),
        background=replace(
            intake.background,
            known_specific_cause="no" if cause == "not_asked" else cause,
        ),
    )


def visit(told: Told) -> Visit:
    """Return the visit of a case."""
    answers = {flag.name: told.alarm for flag in fields(RedFlags)}
    answers |= dict.fromkeys(told.alarm_yes, "yes")
    answers |= dict.fromkeys(told.alarm_not_asked, "not_asked")
    answers |= dict.fromkeys(told.alarm_unsure, "unsure")
    start = told.definitive_therapy
    short = Intake(
        pain_site=told.pain_site,
        radiation=told.radiation,
        aggravating=told.aggravating,
    )
    return Visit(
        subject=Subject(age_years=told.age_years, sex=told.sex),
        intake=screened(replace(told.intake or short, red_flags=RedFlags(**answers)))
        if told.screened
        else replace(told.intake or short, red_flags=RedFlags(**answers)),
        visited_on=told.visited_on,
        follow_up=told.follow_up,
        proms=told.proms,
        examination=told.examination
        or Examination(
            block_tests=(BlockTest(side=Side.LEFT, height_mm=5.0),)
            if told.block_tested
            else ()
        ),
        therapy=(
            Therapy(given="zool", start=date.fromisoformat(start), definitive=True),
        )
        if start
        else told.therapy,
    )
