"""The words of a finding: texts of the rule with the numbers of its judgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gaitkit.measure.uncertainty import Uncertainty, uncertainty_of
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import (
    percent_of,
    strongest_without_imaging,
    word_of,
)
from gaitkit.model.side import Side
from gaitkit.model.text import Language, Text
from gaitkit.model.wording import both, listed, number_with_unit, with_unit
from gaitkit.rules.chance import LeafOutcome, Missing, Outcome, Quantity
from gaitkit.rules.condition import EACH, Comparison, FactTest, Presence
from gaitkit.rules.evaluate import SIZES
from gaitkit.rules.judged_visit import RuleQuestion
from gaitkit.rules.rule import Rule
from gaitkit.rules.wording import fill, limit_text, placeholders, with_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gaitkit.model.finding import Verdict
    from gaitkit.rules.chance import Asked, Belief, Estimate

HOLDS = 0.5
"""A part holds, for the lists in texts, when it is more probable than not."""

NOTHING = Text(nl="–", en="–")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """Fills in the texts of one judgement."""

    rule: Rule
    question: RuleQuestion
    outcome: Outcome

    def sentence(self, verdict: Verdict) -> Text:
        """Return the sentence of the rule for a verdict, or the one all rules share."""
        phrases = self.question.phrases
        shared = {
            "not_met": phrases.not_met,
            "uncertain": phrases.uncertain,
            "not_assessable": phrases.not_assessable,
        }
        text = self.rule.text.of(verdict) or shared[verdict]
        return fill(text, self._lookup)

    def probability(self, verdict: Verdict) -> float | None:
        """Return the probability of what the sentence of a verdict claims.

        That of the first claim the sentence tells; without one, that of the condition
        for a rule that is met or in doubt, and that of its opposite for one that is
        not. None where the sentence claims nothing that has a probability.
        """
        if verdict == "not_assessable":
            return None
        text = self.rule.text.of(verdict)
        told = [] if text is None else claims_in(text)
        if told:
            return self._claimed(_named(self.outcome, told[0])).probability
        if verdict == "not_met":
            gated = any(leaf.gate for leaf in self.outcome.leaves)
            return None if gated else self.outcome.against or None
        return self.outcome.claimed

    def advice(self, verdict: Verdict) -> Text | None:
        """Return what to record or to do, or None when nothing is needed."""
        if verdict == "not_assessable":
            return self._missing_advice()
        wanted = self.rule.advice
        if verdict == "not_met" or wanted is None:
            return None
        return fill(wanted, self._lookup)

    def _lookup(self, name: str, argument: str, language: Language) -> str:
        return self._placeholder(name, argument).of(language)

    def _placeholder(self, name: str, argument: str) -> Text:
        if argument:
            return self._with_argument(name, argument)
        held, unheld = _held(self.outcome), _unheld(self.outcome)
        recording = self.question.scene.recording(self.question.focus)
        reasons = recording.quality.reasons if recording else ()
        plain: dict[str, Callable[[], Text | None]] = {
            "title": lambda: self.rule.title,
            "measure": self._measure,
            "side": self._side,
            "recording": lambda: _same(self.question.focus.recording),
            "reasons": lambda: _phrase(r.text for r in reasons),
            "reasons_advice": lambda: _phrase(r.advice for r in reasons),
            "met": lambda: self._labels(held),
            "met_advice": lambda: self._advices(held),
            "unmet": lambda: self._labels(unheld),
            "n_met": lambda: self._count(held),
            "n_unmet": lambda: self._count(unheld),
            "n_total": lambda: self._count(self.outcome.leaves),
            "next_reading": self._next_reading,
            "missing": lambda: listed(each.what for each in self._missing()),
            "missing_advice": self._missing_advice,
        }
        return plain[name]() or NOTHING

    def _next_reading(self) -> Text:
        legs = self.question.scene.leg_length
        if legs is None or not legs.next_readings:
            return self.question.phrases.other_reading
        first, phrases = legs.next_readings[0], self.question.phrases
        minutes = _same(f"{first.minutes:.0f}")
        if not first.may_decide:
            return phrases.next_teaches.filled(label=first.label, minutes=minutes)
        return phrases.next_decides.filled(
            label=first.label,
            minutes=minutes,
            percent=percent_of(first.decides or 0.0),
        )

    def _with_argument(self, name: str, argument: str) -> Text:
        question = self.question
        if name == "limit":
            return limit_text(question.rule_set.limit(argument), question.phrases)
        leaf = _named(self.outcome, argument)
        if name == "threshold":
            return self._threshold(leaf)
        if isinstance(leaf.leaf, FactTest):
            return _fact(leaf.leaf.fact, leaf.fact, question)
        if leaf.quantity is None:
            return question.phrases.unknown
        if name == "claim":
            return self._claimed(leaf).text
        if name == "chance":
            return self._chance(leaf)
        return self._of_quantity(name, leaf, leaf.quantity)

    def _of_quantity(self, name: str, leaf: LeafOutcome, quantity: Quantity) -> Text:
        limits = {
            "detectable_change": quantity.detectable_change,
            "healthy_p95": quantity.healthy_p95,
        }
        if name in limits:
            return (
                _plain_number(limits[name], quantity) or self.question.phrases.unknown
            )
        if name in {"larger", "smaller"}:
            side = quantity.larger
            if side is not None and name == "smaller":
                side = side.other
            return NOTHING if side is None else self.question.side_label(side)
        if name in {"left", "right"}:
            return self._one_side(quantity, name)
        return self._value(leaf, quantity)

    def _claimed(self, leaf: LeafOutcome) -> _Claim:
        """Return what may be said of a comparison, or of its opposite, and its chance.

        Without pictures of the bones no claim about the legs is worded more strongly
        than "probably".
        """
        phrases = self.question.phrases
        if leaf.quantity is None or leaf.asked is None:
            return _Claim(text=phrases.unknown, probability=0.0)
        known = _both_priors(leaf.quantity)
        chance, opposite = (known.claim(a) for a in (leaf.asked, leaf.asked.opposite))
        asked, held = leaf.asked, chance
        if opposite > chance:
            asked, held = leaf.asked.opposite, opposite
        compared = self._compared(leaf, leaf.quantity, asked)
        word = word_of(min(held, _strongest(leaf.quantity)))
        if word is None:
            text = phrases.claim_open.filled(
                compared=self._compared(leaf, leaf.quantity, leaf.asked),
                percent=percent_of(chance),
                most=percent_of(1.0 - opposite),
            )
            return _Claim(text=text, probability=chance)
        text = phrases.claim_in_words.filled(
            word=word, compared=compared, percent=percent_of(held)
        )
        return _Claim(text=text, probability=held)

    def _chance(self, leaf: LeafOutcome) -> Text:
        if leaf.quantity is None or leaf.asked is None:
            return self.question.phrases.unknown
        return self.question.phrases.chance_of.filled(
            compared=self._compared(leaf, leaf.quantity, leaf.asked),
            percent=percent_of(_both_priors(leaf.quantity).claim(leaf.asked)),
        )

    def _compared(self, leaf: LeafOutcome, quantity: Quantity, asked: Asked) -> Text:
        phrases = self.question.phrases
        words = {
            ">": phrases.more_than,
            ">=": phrases.at_least,
            "<": phrases.less_than,
            "<=": phrases.at_most,
        }
        text = words[asked.operator].filled(threshold=self._threshold(leaf))
        side = quantity.larger
        one_way = asked.size == "one_way" and asked.operator in {">", ">="}
        if quantity.belief is None or side is None or not one_way:
            return text
        return phrases.longer_leg.filled(
            compared=text, side=self.question.side_label(side)
        )

    def _value(self, leaf: LeafOutcome, quantity: Quantity) -> Text:
        estimate = quantity.estimate
        if quantity.belief is not None:
            return self._estimated(quantity, quantity.belief)
        size = isinstance(leaf.leaf, Comparison) and leaf.leaf.of in SIZES
        value = abs(estimate.value) if size else estimate.value
        sd = estimate.uncertainty.sd
        if sd == 0.0:
            return _plain_number(value, quantity) or NOTHING
        return _with_error_and_n(value, estimate.uncertainty, quantity)

    def _estimated(self, quantity: Quantity, belief: Belief) -> Text:
        side = quantity.larger or Side.LEFT
        size = _plain_number(abs(quantity.estimate.value), quantity)
        low, high = (
            _plain_number(end, quantity) or NOTHING
            for end in (belief.legs.low_mm, belief.legs.high_mm)
        )
        return self.question.phrases.estimated.filled(
            value=size or NOTHING,
            side=self.question.side_label(side),
            low=low,
            high=high,
        )

    def _one_side(self, quantity: Quantity, side: str) -> Text:
        row = next((row for row in quantity.rows if row.side == side), None)
        known = None if row is None else uncertainty_of(row)
        if row is None or row.value is None or known is None:
            return NOTHING
        return _with_error_and_n(row.value, known, replace(quantity, rows=(row,)))

    def _threshold(self, leaf: LeafOutcome) -> Text:
        question = self.question
        named = None if isinstance(leaf.leaf, Presence) else leaf.leaf.threshold
        if isinstance(named, str) and question.rule_set.has_limit(named):
            return limit_text(question.rule_set.limit(named), question.phrases)
        if leaf.threshold is None or leaf.quantity is None:
            return question.phrases.unknown
        return _plain_number(leaf.threshold, leaf.quantity) or NOTHING

    def _measure(self) -> Text | None:
        measure = self.question.focus.measure
        return definition(measure).label if measure else None

    def _side(self) -> Text | None:
        side = self.question.focus.side
        return self.question.side_label(side) if side else None

    def _labels(self, leaves: Iterable[LeafOutcome]) -> Text | None:
        """Return what parts are called; what is missing only when nothing else is.

        A part such as "not measured, so the next source counts" holds beside the part
        that was found, and is no finding itself.
        """
        known = tuple(leaves)
        if any(leaf.leaf.label is not None for leaf in known):
            known = tuple(
                leaf
                for leaf in known
                if leaf.leaf.label is not None or not isinstance(leaf.leaf, Presence)
            )
        labels = (self._label(leaf) for leaf in known)
        return listed(fill(label, self._lookup) for label in labels if label)

    def _label(self, outcome: LeafOutcome) -> Text | None:
        """Return what a part is called in lists; None for a part that is not listed.

        Without a label of its own, what is missing and what was answered with yes go
        by the name of the measure or question.
        """
        leaf, question = outcome.leaf, self.question
        if leaf.label is not None:
            return leaf.label
        if isinstance(leaf, Presence) and not leaf.measured:
            side = question.focus.side if leaf.side == EACH else None
            return question.on_side(definition(leaf.measure).label, side)
        if isinstance(leaf, FactTest) and (
            leaf.answered is False or leaf.equals == "yes"
        ):
            return question.fact_label(leaf.fact)
        return None

    def _count(self, leaves: Iterable[LeafOutcome]) -> Text | None:
        return _same(sum(self._label(leaf) is not None for leaf in leaves))

    def _advices(self, leaves: Iterable[LeafOutcome]) -> Text | None:
        advices = (leaf.leaf.advice for leaf in leaves)
        return listed(fill(advice, self._lookup) for advice in advices if advice)

    def _missing(self) -> tuple[Missing, ...]:
        return tuple(missing for leaf in self.outcome.open for missing in leaf.missing)

    def _missing_advice(self) -> Text | None:
        return listed(
            (each.advice for each in self._missing() if each.advice), separator=" "
        )


def _held(outcome: Outcome) -> tuple[LeafOutcome, ...]:
    """Return the leaves that hold inside branches that hold."""
    if outcome.worst < HOLDS:
        return ()
    if outcome.leaf is not None:
        return (outcome.leaf,)
    return tuple(leaf for part in outcome.parts for leaf in _held(part))


def _unheld(outcome: Outcome) -> tuple[LeafOutcome, ...]:
    """Return the leaves that are known not to hold."""
    return tuple(
        leaf for leaf in outcome.leaves if leaf.claim is not None and leaf.claim < HOLDS
    )


def _named(outcome: Outcome, name: str) -> LeafOutcome:
    """Return the leaf of that name; the loader checked that it exists."""
    return next(leaf for leaf in outcome.leaves if leaf.leaf.name == name)


def claims_in(text: Text) -> list[str]:
    """Return the parts of the condition whose chance a text tells as a claim."""
    return [argument for name, argument in placeholders(text.nl) if name == "claim"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A sentence that claims something, and the probability of exactly that."""

    text: Text
    probability: float


def _both_priors(quantity: Quantity) -> Belief | Estimate:
    """Return what is known of a quantity, whichever prior a gate asked."""
    if quantity.belief is None:
        return quantity.estimate
    return replace(quantity.belief, prior=None)


def _strongest(quantity: Quantity) -> float:
    """Return the probability beyond which no claim about a quantity is worded."""
    if quantity.belief is None or quantity.belief.legs.imaged:
        return 1.0
    return strongest_without_imaging()


def _with_error_and_n(value: float, known: Uncertainty, quantity: Quantity) -> Text:
    """Return ``4.2 ± 1.1° (n = 12)``; readings without a number have no n."""
    counts = "/".join(str(row.n) for row in quantity.rows if row.n)
    n = f" (n = {counts})" if counts else ""
    return both(
        lambda language: (
            with_unit(
                with_error(
                    value,
                    known.sd,
                    digits=quantity.digits,
                    language=language,
                    dof=known.dof,
                ),
                quantity.unit,
            )
            + n
        )
    )


def _plain_number(value: float | None, quantity: Quantity) -> Text | None:
    if value is None:
        return None
    return both(
        lambda language: number_with_unit(
            value, digits=quantity.digits, unit=quantity.unit, language=language
        )
    )


def _phrase(sentences: Iterable[Text]) -> Text | None:
    """Return sentences as a phrase to stand inside another, without its full stop."""
    told = listed(sentences, separator=" ")
    return both(lambda language: told.of(language).rstrip(".")) if told else None


def _same(value: object) -> Text | None:
    return None if value is None else Text(nl=str(value), en=str(value))


def _fact(fact: str, value: object, question: RuleQuestion) -> Text:
    """Return the value of a fact in words."""
    if value is None or value == ():
        return question.phrases.unknown
    label = question.rule_set.fact(fact)
    if isinstance(value, float | int) and not isinstance(value, bool):
        unit = label.unit if label and label.unit else "1"
        digits = label.digits if label else 0
        return both(
            lambda language: number_with_unit(
                float(value), digits=digits, unit=unit, language=language
            )
        )
    several = value if isinstance(value, tuple) else (value,)
    answers = (question.rule_set.answer(str(one).lower()) for one in several)
    return listed(answers, separator=", ") or question.phrases.unknown
