"""What became of people who began a therapy, against what the profession reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gaitkit.model.text import Text
from gaitkit.model.visit import Prom

OutcomeVerdict = Literal[
    "compatible", "lower", "higher", "depends_on_lost", "too_few", "no_reference"
]
GroupName = Literal["all", "leg_length_difference", "no_leg_length_difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One person from the start of a therapy on.

    Attributes
    ----------
    start : date
        Start of the (definitive) therapy.
    proms : tuple of Prom
        Every questionnaire known of this person, in any order.
    cluster : str or None
        Therapist or practice, by pseudonym: people of one therapist resemble each
        other. None when unknown.
    leg_length_difference : bool or None
        Whether the therapy was for a leg-length difference; None when unknown.
    """

    start: date
    proms: tuple[Prom, ...] = ()
    cluster: str | None = None
    leg_length_difference: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """A share with its Wilson 95 % interval; all three from 0 to 1.

    ``n`` is the denominator. ``successes`` of it count.
    """

    successes: int
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeResult:
    """One definition of success in one group of people.

    Attributes
    ----------
    name : str
        ``A_any``, ``A_mic``, ``B_free``, ``B_free_wide``.
    label, definition : Text
        What is counted, in short and in full.
    reference : float or None
        Share that the profession reports, None where it reports none.
    started, measured, lost : int
        People who began with complaints; those of whom the outcome is known; the rest.
    of_measured : Proportion or None
        Of those measured.
    lost_failed, lost_succeeded : Proportion or None
        Of all who started, if none, and if all, of the lost were a success.
    design_effect : float or None
        By which factor resemblance within a cluster widens the variance; None when
        clusters are not known.
    verdict : str
        How the reference lies to the interval; ``depends_on_lost`` when that differs
        between the three denominators.
    statement : Text
        The result in words.
    """

    name: str
    label: Text
    definition: Text
    reference: float | None
    started: int
    measured: int
    lost: int
    of_measured: Proportion | None
    lost_failed: Proportion | None
    lost_succeeded: Proportion | None
    design_effect: float | None
    verdict: OutcomeVerdict
    statement: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeGroup:
    """The results of one group of people."""

    name: GroupName
    label: Text
    results: tuple[OutcomeResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReport:
    """Outcome of a set of courses.

    Attributes
    ----------
    revision : str
        Revision of the definitions, fixed before anybody looked.
    courses, painless_at_start : int
        Courses given; those left out because there was no pain at the start.
    groups : tuple of OutcomeGroup
        Everybody, and those with and without a leg-length difference where known.
    notes : tuple of Text
        What the figures are not. Always to be printed with them.
    """

    revision: str
    courses: int
    painless_at_start: int
    groups: tuple[OutcomeGroup, ...]
    notes: tuple[Text, ...]
