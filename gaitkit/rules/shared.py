"""What rules share: limits, sources, words and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.model.text import Text
from gaitkit.rules.condition import Condition

Topic = Literal[
    "complaint", "cause", "course", "duration", "healing", "self_care", "prognosis",
    "collaboration", "evidence",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number that rules and plan share, with its unit and its source.

    ``confirmed`` is false for a number that nobody could check in its source; it is
    then marked as unconfirmed wherever it shows.
    """

    name: str
    value: float
    unit: str
    label: Text
    source: str
    confirmed: bool
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source.

    Attributes
    ----------
    key, url
        By which rules name it; where it stands.
    citation, citation_nl : str, str or None
        How it is cited; in Dutch where it has no title of its own.
    confirmed : bool
        True when the statement was read in it.
    """

    key: str
    citation: str
    confirmed: bool
    citation_nl: str | None = None
    url: str | None = None

    @property
    def cited(self) -> Text:
        """The citation in both languages."""
        return Text(nl=self.citation_nl or self.citation, en=self.citation)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLabel:
    """What a fact is called, and its unit when it is a number."""

    fact: str
    label: Text
    unit: str | None = None
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLabel:
    """What an answer is called."""

    answer: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    """A code of the profession and when it follows.

    Attributes
    ----------
    system, code, label
        Verbatim from the source, as text.
    when : condition on facts, or None
        None: never by itself; the therapist adds it.
    check : Text
        What could and could not be confirmed about it.
    source : str
        Reference key.
    other_form : str or None
        The same code as its own system writes it.
    """

    system: str
    code: str
    label: Text
    source: str
    check: Text
    when: Condition | None = None
    other_form: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRule:
    """What a source says, and when it is worth saying.

    Attributes
    ----------
    key, topic
        Its name; what it is about (``course``, ``duration``, ``self_care``, ...).
    text : Text
        In words; ``{limit:...}`` may stand in it.
    source : tuple of str
        Reference keys.
    when : condition on facts, or None
        None: always, after a triage that is clear.
    """

    key: str
    topic: Topic
    text: Text
    source: tuple[str, ...]
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Sentences and words that every rule shares (``phrases.toml``).

    Attributes
    ----------
    not_met, uncertain, not_assessable
        For rules that have no sentence of their own; placeholders as in rules.
    stopped
        For a rule that another one stops: ``{name}`` its title, ``{rule}`` the other.
    not_measured, blocked, no_error, no_limit
        Why a measure is missing: ``{name}`` its label; ``{rule}`` in ``blocked``.
    unknown, unconfirmed, left, right
        Words.
    more_than, at_least, less_than, at_most, longer_leg
        What a comparison says: ``{threshold}``; with the longer leg: ``{compared}``,
        ``{side}``.
    claim_in_words, claim_open, chance_of
        How it is told with its chance: ``{word}``, ``{compared}``, ``{percent}``,
        ``{most}``.
    estimated
        The best estimate of the leg length: ``{value}``, ``{side}``, ``{low}``,
        ``{high}``.
    next_decides, next_teaches
        What to measure of the legs: ``{label}``, ``{minutes}``, ``{percent}``.
    other_reading
        What to measure of the legs where no reading was worked out.
    too_few, few
        Strides or contacts: too few to judge (``{name}``, ``{n}``, ``{least}``), or
        fewer than an unreserved judgement takes (``{n}``, ``{target}``).
    measure_advice, answer_advice
        What to do about a missing measure, an unanswered question.
    decides
        Ends every suggestion.
    plan_none, plan_untriaged
        Why there is no suggestion; why nothing is suggested without triage.
    raise_begin, raise_go_on
        How a raise starts: a new one, one that is worn already.
    in_insole, under_shoe, forefoot_too, heel_total, heel_too_high
        Where a raise goes and what it adds up to: ``{amount}``.
    shoe_poor, shoe_unknown, shoe_good
        The points of the shoe advice: ``{points}``.
    needs_clinician
        Instead of a dose beyond a hard limit: ``{element}``, ``{most}``.
    opposite_layers, two_doses, posting_beyond, cushion_counted, first_ray_with_post,
    one_at_a_time
        Conflicts between the layers of an insole: ``{first}``, ``{second}``,
        ``{element}``, ``{amount}``, ``{most}``.
    instruction, maintenance, fits_shoes, permanent, reassess
        What is handed over, and for how long: ``{shoes}``.
    """

    not_met: Text
    uncertain: Text
    not_assessable: Text
    stopped: Text
    not_measured: Text
    blocked: Text
    no_error: Text
    no_limit: Text
    unknown: Text
    unconfirmed: Text
    more_than: Text
    at_least: Text
    less_than: Text
    at_most: Text
    longer_leg: Text
    claim_in_words: Text
    claim_open: Text
    chance_of: Text
    estimated: Text
    next_decides: Text
    next_teaches: Text
    other_reading: Text
    too_few: Text
    few: Text
    measure_advice: Text
    answer_advice: Text
    left: Text
    right: Text
    decides: Text
    plan_none: Text
    plan_untriaged: Text
    raise_begin: Text
    raise_go_on: Text
    in_insole: Text
    under_shoe: Text
    forefoot_too: Text
    heel_total: Text
    heel_too_high: Text
    shoe_poor: Text
    shoe_unknown: Text
    shoe_good: Text
    needs_clinician: Text
    opposite_layers: Text
    two_doses: Text
    posting_beyond: Text
    cushion_counted: Text
    first_ray_with_post: Text
    one_at_a_time: Text
    instruction: Text
    maintenance: Text
    fits_shoes: Text
    permanent: Text
    reassess: Text
