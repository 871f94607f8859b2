"""A rule and the set of rules: conditions, words, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from gaitkit.errors import RuleError
from gaitkit.model.catalogue import Kind
from gaitkit.model.plan import Level, Receiver, SuggestionKind, TriageStatus
from gaitkit.model.text import Text
from gaitkit.rules.condition import Condition
from gaitkit.rules.shared import (
    AnswerLabel,
    CodeRule,
    FactLabel,
    Limit,
    Phrases,
    Reference,
    StatementRule,
)

if TYPE_CHECKING:
    from gaitkit.model.finding import Verdict

Status = Literal["active", "draft", "retired"]
Grade = Literal["A", "B", "C", "G", "design"]
Each = Literal["recording", "measure", "side"]
SideOfSuggestion = Literal["left", "right", "each", "larger", "smaller"]
Computed = Literal["heel_raise", "test_raise", "under_shoe", "shoe"]
Role = Literal["allows_next_step", "tells_what_is_open"]
"""What the program itself asks of a rule, whatever its id: that being met allows the
next step of a raise that is worn; that being met means that answers are missing."""


MET_FROM = "met_from"
"""Name of the usual limit from which a rule is met."""

RELEVANT_DIFFERENCE = "relevant_difference"
"""Name of the limit from which a difference of the legs asks for anything."""

EVERY_RULE = "*"
"""In a block: every rule that is not itself part of the triage."""

EVERY_SUGGESTION = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictTexts:
    """One sentence for each verdict; the rule set has one for those left out."""

    met: Text
    not_met: Text | None = None
    uncertain: Text | None = None
    not_assessable: Text | None = None

    def of(self, verdict: Verdict) -> Text | None:
        """Return the sentence of a verdict, or None when the rule has none."""
        match verdict:
            case "met":
                return self.met
            case "not_met":
                return self.not_met
            case "uncertain":
                return self.uncertain
            case "not_assessable":
                return self.not_assessable


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How strong the ground of a rule is, and where it stands.

    Grades: A randomised trials, B observational or biomechanical, C expert or source
    document, G guideline, ``design`` a choice of this software.
    """

    grade: tuple[Grade, ...]
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What a rule that is met takes away.

    Attributes
    ----------
    rules : tuple of str
        Rules that may then not use the measurements concerned: those of the same
        recording, side and measure as the finding; all when the finding has none.
        ``*`` is every rule outside the triage.
    kinds : tuple of {"timing", "length", "angle"}
        Only measures that rest on one of these; empty for all.
    suggestions : tuple of str
        Kinds or elements that are then not suggested, on the same side where the
        finding has one; ``*`` is every suggestion.
    when : tuple of {"met", "uncertain", "not_assessable"}
        Verdicts on which it holds.
    """

    when: tuple[Literal["met", "uncertain", "not_assessable"], ...] = ("met",)
    rules: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTemplate:
    """A question to somebody else that follows when a rule is met.

    Attributes
    ----------
    level, to
        How soon, and who.
    text : Text
        The question as the letter puts it.
    when : condition on facts, or None
        None: always. Of one finding only the gravest level is asked.
    on : tuple of {"met", "uncertain"}
        Verdicts from which it follows.
    """

    on: tuple[Literal["met", "uncertain"], ...] = ("met",)
    level: Level
    to: Receiver
    text: Text
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionTemplate:
    """A suggestion that follows from a verdict.

    Attributes
    ----------
    kind, element, location
        As in `gaitkit.model.plan.Suggestion`.
    text : Text
        Without "the podotherapist decides": the plan adds it to every suggestion.
    when : {"met", "uncertain"}
        Verdict from which it follows.
    side : str or None
        ``each`` is the side of the finding; ``larger`` and ``smaller`` follow the
        sign of the first difference (left minus right) that the rule compares.
    amount : str or None
        Name of the limit that is the dose.
    low, high : str or None
        Names of the limits between which the dose usually lies.
    steps : tuple of str
        Names of limits: doses step by step.
    computed : {"heel_raise", "test_raise", "under_shoe", "shoe"} or None
        The plan works it out: side, dose, steps and place of a raise from the best
        estimate of the leg-length difference (`gaitkit.plan.heel_raise`), or the
        points of the shoe advice (`gaitkit.plan.suggest`).
    optional : bool
        The therapist may choose it or not; it is never part of the plan by itself.
    contraindications : tuple of Text
        When not.
    """

    kind: SuggestionKind
    text: Text
    when: Literal["met", "uncertain"] = "met"
    element: str | None = None
    side: SideOfSuggestion | None = None
    amount: str | None = None
    low: str | None = None
    high: str | None = None
    steps: tuple[str, ...] = ()
    computed: Computed | None = None
    optional: bool = False
    location: Literal["in_insole", "under_shoe"] | None = None
    contraindications: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule; equal to no other object, so that it is cheap to look up.

    Attributes
    ----------
    id : str
        Letter and number, for example ``Q02``; never reused.
    revision : int
        Counts up with every change of meaning.
    status : {"active", "draft", "retired"}
        Only active rules are judged.
    title, caveat : Text
        What it is about; what it cannot say.
    condition, doubt
        See `gaitkit.rules.condition`; where the condition is not met and ``doubt``
        holds, the rule is uncertain: more has to be asked or examined first.
    text, advice
        Sentences; what to record or to do when it is met or uncertain.
    evidence : Evidence
        Grade and reference keys.
    for_each : tuple of {"recording", "measure", "side"}
        Judged once for each; empty: once for the visit.
    applies_to : tuple of str
        Measures for ``each``.
    triage : {"incomplete", "refer", "stop"} or None
        What it does to the triage when met.
    met_from : str
        Limit from which the probability of the condition makes the rule met.
    role : {"allows_next_step", "tells_what_is_open"} or None
        What the program itself asks of it, see `Role`.
    may_stay_open : bool
        Of a rule of the triage: that its questions are open does not by itself keep
        suggestions away; its blocks say what does.
    blocks, suggestions, cautions, referrals, requests
        What follows when it is met.
    """

    id: str
    revision: int
    status: Status
    title: Text
    condition: Condition
    text: VerdictTexts
    evidence: Evidence
    advice: Text | None = None
    caveat: Text | None = None
    for_each: tuple[Each, ...] = ()
    applies_to: tuple[str, ...] = ()
    doubt: Condition | None = None
    triage: TriageStatus | None = None
    met_from: str = MET_FROM
    role: Role | None = None
    may_stay_open: bool = False
    requests: tuple[RequestTemplate, ...] = ()
    blocks: tuple[Block, ...] = ()
    suggestions: tuple[SuggestionTemplate, ...] = ()
    cautions: tuple[Text, ...] = ()
    referrals: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleSet:
    """Rules in order of priority with everything they refer to.

    Two rule sets are the same only when they are one object; ``sha256`` tells whether
    they say the same.

    Attributes
    ----------
    revision, sha256 : str
        Which set this is; hash over its files.
    priority : tuple of str
        First letters of the ids, most important first.
    opposites : tuple of tuple of str
        Elements that must not follow from the same condition.
    """

    revision: str
    sha256: str
    priority: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    references: tuple[Reference, ...]
    facts: tuple[FactLabel, ...]
    answers: tuple[AnswerLabel, ...]
    codes: tuple[CodeRule, ...]
    phrases: Phrases
    statements: tuple[StatementRule, ...] = ()

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with that id.

        Raises
        ------
        RuleError
            If there is none; the message lists those there are.
        """
        found = _rules_by_id(self).get(rule_id)
        if found is None:
            known = ", ".join(rule.id for rule in self.rules)
            msg = f"there is no rule {rule_id!r} in this set; it has {known}"
            raise RuleError(msg)
        return found

    def has_role(self, rule_id: str, role: Role) -> bool:
        """Tell whether the rule with that id plays a role."""
        return self.rule(rule_id).role == role

    def limit(self, name: str) -> Limit:
        """Return a limit; a rule set that was loaded has every one it names."""
        return _limits_by_name(self)[name]

    def has_limit(self, name: str) -> bool:
        """Tell whether there is a limit of that name."""
        return name in _limits_by_name(self)

    def reference(self, key: str) -> Reference | None:
        """Return the source with that key, or None."""
        return next((r for r in self.references if r.key == key), None)

    def fact(self, path: str) -> FactLabel | None:
        """Return the label of a fact, or None."""
        return _facts_by_path(self).get(path)

    def answer(self, answer: str) -> Text:
        """Return what an answer is called; itself when it has no label."""
        found = (label.label for label in self.answers if label.answer == answer)
        return next(found, Text(nl=answer, en=answer))

    @property
    def active(self) -> tuple[Rule, ...]:
        """The rules that are judged."""
        return tuple(rule for rule in self.rules if rule.status == "active")


@lru_cache(maxsize=16)
def _rules_by_id(rule_set: RuleSet) -> dict[str, Rule]:
    """Return the rules by id; a visit asks for them thousands of times."""
    return {rule.id: rule for rule in rule_set.rules}


@lru_cache(maxsize=16)
def _limits_by_name(rule_set: RuleSet) -> dict[str, Limit]:
    return {limit.name: limit for limit in rule_set.limits}


@lru_cache(maxsize=16)
def _facts_by_path(rule_set: RuleSet) -> dict[str, FactLabel]:
    return {fact.fact: fact for fact in rule_set.facts}
