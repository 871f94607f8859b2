"""Whether it is safe to suggest anything at all, and how soon somebody has to look."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

from gaitkit.model.plan import Level, Request, Triage, TriageStatus
from gaitkit.model.text import Text
from gaitkit.rules.derived import visit_facts
from gaitkit.rules.evaluate import judge_condition
from gaitkit.rules.proposal import held_by
from gaitkit.rules.scene import Focus, Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.finding import Finding
    from gaitkit.model.visit import Visit
    from gaitkit.rules.rule import RuleSet

GRAVEST_FIRST: tuple[TriageStatus, ...] = ("stop", "refer", "incomplete")
DEVICES = ("heel_raise", "insole_element")
"""Kinds of suggestion that wait for an open question."""

SCREENING = "T"
"""First letter of the rules that ask before anything is made."""

AT_LEAST: dict[TriageStatus, Level] = {
    "stop": "same_day", "refer": "weeks", "incomplete": "ask_first", "clear": "go_on"
}  # fmt: skip
"""Level of a status for which no rule asks another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWords:
    """What a level of urgency means (``levels.toml``, gravest first).

    Attributes
    ----------
    level, label, within
        Its name, what it is called, and within what time.
    hard_stop, keep_moving : bool
        Nothing is shown but the stop; the patient may be told to keep moving.
    letters : tuple of str
        Which letters belong to it.
    source, confirmed
        Where it comes from, and whether it was read there.
    """

    level: Level
    label: Text
    within: Text
    hard_stop: bool
    keep_moving: bool
    letters: tuple[str, ...]
    source: str
    confirmed: bool


@cache
def levels() -> dict[Level, LevelWords]:
    """Return every level, gravest first."""
    file = resources.files("gaitkit.plan") / "levels.toml"
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: _words(name, tables[name]) for name in get_args(Level)}


def _words(level: Level, table: dict[str, Any]) -> LevelWords:
    return LevelWords(
        level=level,
        label=Text(**table["label"]),
        within=Text(**table["within"]),
        hard_stop=table["hard_stop"],
        keep_moving=table["keep_moving"],
        letters=tuple(table["letters"]),
        source=table["source"],
        confirmed=table["confirmed"],
    )


def triage(
    findings: Iterable[Finding], rule_set: RuleSet, asked: Iterable[Request] = ()
) -> Triage:
    """Return the gravest status that a rule of the triage asks for, and its level.

    Parameters
    ----------
    findings : iterable of Finding
        From `gaitkit.rules.judge.judge`.
    rule_set : RuleSet
        The same rule set.
    asked : iterable of Request
        From `requests`.

    Returns
    -------
    Triage
        ``stop``, ``refer`` or ``incomplete`` with the rules that say so; ``clear``
        only when every rule of the triage was judged and none is met. A set that has
        no rule of the triage, or a rule that could not be judged and may not stay
        open, is ``incomplete``. A level that is a hard stop makes it ``stop``.
    """
    known, levels_asked = tuple(findings), [request.level for request in asked]
    status, rules = _status(known, rule_set)
    if status == "clear" and held(known, rule_set):
        levels_asked.append("ask_first")
    levels_asked.append(AT_LEAST[status])
    level = gravest(levels_asked)
    if status in {"refer", "incomplete"} and levels()[level].hard_stop:
        status = "stop"
    return Triage(status=status, rules=rules, level=level)


def held(findings: Iterable[Finding], rule_set: RuleSet) -> bool:
    """Tell whether devices wait for an answer or for the weighing of a sign."""
    return any(
        finding.rule[0] == SCREENING
        and finding.verdict in block.when
        and set(DEVICES) <= set(block.suggestions)
        for finding in findings
        for block in rule_set.rule(finding.rule).blocks
    )


def gravest(asked: Iterable[Level]) -> Level:
    """Return the gravest level among some, ``go_on`` among none."""
    known = set(asked)
    return next((level for level in levels() if level in known), "go_on")


def requests(
    findings: Iterable[Finding], visit: Visit, rule_set: RuleSet
) -> tuple[Request, ...]:
    """Return what somebody else is asked, gravest first.

    Of one finding only the gravest level is asked.
    """
    scene = Scene(measurements=(), visit=visit, recordings=(), told=visit_facts(visit))
    asked = [
        request
        for finding in findings
        for request in _of_finding(finding, scene, rule_set)
    ]
    order = list(levels())
    return tuple(dict.fromkeys(sorted(asked, key=lambda each: order.index(each.level))))


def _of_finding(finding: Finding, scene: Scene, rule_set: RuleSet) -> Iterator[Request]:
    possible = tuple(
        template
        for template in rule_set.rule(finding.rule).requests
        if finding.verdict in template.on
    )
    if not possible:
        return
    question = scene.ask(rule_set, Focus(side=finding.side))
    templates = [
        template
        for template in possible
        if (
            template.when is None
            or judge_condition(template.when, question).worst == 1.0
        )
    ]
    worst = gravest(template.level for template in templates)
    for template in templates:
        if template.level == worst:
            yield Request(
                rule=finding.rule,
                level=template.level,
                to=template.to,
                within=levels()[template.level].within,
                text=template.text,
            )


def _status(
    findings: tuple[Finding, ...], rule_set: RuleSet
) -> tuple[TriageStatus, tuple[str, ...]]:
    judged = [
        (finding, rule.triage)
        for finding in findings
        if (rule := rule_set.rule(finding.rule)).triage is not None
    ]
    met = [(f.rule, status) for f, status in judged if f.verdict == "met"]
    for status in GRAVEST_FIRST:
        rules = tuple(dict.fromkeys(rule for rule, asked in met if asked == status))
        if rules:
            return status, rules
    ended = held_by(findings, rule_set)
    open_ = tuple(
        dict.fromkeys(
            finding.rule
            for finding, _ in judged
            if finding.verdict != "not_met"
            and (finding in ended or not rule_set.rule(finding.rule).may_stay_open)
        )
    )
    if open_ or not judged:
        return "incomplete", open_
    return "clear", ()
