"""Which reading brings a decision soonest for its minutes.

For each candidate of ``next_reading.toml`` the chance that an answer (raise, no raise,
the cause first) stands after it, over the readings ``m`` that are to be expected::

    P = sum_m p(m) [answered(p(d | m), w(d | m))],   p(m) = sum_d p(d) p(m | d)

with ``p(d)`` the posterior of patients, ``w(d)`` the wide one, and ``p(m | d)`` a
normal with gross errors. Which chances make an answer is for the rules to say
(`AnswerLimits`); a reading that would contradict another kind makes none. Where hardly
any candidate decides, the order is that of the information that they are expected to
add (mutual information of ``m`` and ``d``, bit)::

    I = sum_d sum_m p(d) p(m | d) log2(p(m | d) / p(m))

The error of the candidate is what it adds to the readings of its kind that are there:
from the precisions of that kind with and without it, so that a second examiner is worth
less than a first and a seated picture more beside standing ones. The numbers of the
pictures that would be taken do not matter for their error, only which ones. Wrong by
what the normal of the candidate leaves out: how blocks and pictures share the way in
which somebody stands.

References
----------
Lindley DV (1956). On a measure of the information provided by an experiment. Ann Math
Stat 27:986-1005. doi:10.1214/aoms/1177728069
Raiffa H, Schlaifer R (1961). Applied statistical decision theory (preposterior
analysis).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitkit.doors import shipped_table
from gaitkit.measure.leg_length.evidence import (
    STICKER_PICTURES,
    manual_evidence,
    of_pictures,
)
from gaitkit.measure.leg_length.methods import (
    STANDING,
    Method,
)
from gaitkit.measure.leg_length.posterior import GRID_MM, STEP_MM, Belief
from gaitkit.measure.leg_length.readings import Reading
from gaitkit.model.leg_length import NextReading
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gaitkit.measure.leg_length.evidence import Evidence
    from gaitkit.measure.leg_length.methods import (
        ErrorTable,
        GrossErrors,
        ReadingKind,
    )
    from gaitkit.model.leg_length import Assumed, LegLengthEstimate, Way

    Said = dict[ReadingKind, tuple[float, float]]

LITTLE_LEFT_BITS = 0.05
"""When imaging too would add less than this, nothing is worth measuring."""

READ_SD_MM = 0.7
"""Error of reading one picture between the hips, mm, of a picture not yet taken."""

COARSE = 2
"""Steps of the grid that are taken together: what is expected needs no finer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reading of the data file."""

    label: Text
    minutes: float
    method: str = STICKER_PICTURES
    readings: int = 1
    standing: int = 0
    seated: int = 0
    blocks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """From which chances an answer follows; the numbers are those of the rules.

    Attributes
    ----------
    relevant_mm, larger_mm, large_mm : float
        Sizes of a difference.
    raise_from : float
        Chance of more than ``relevant_mm`` to one side, under both priors.
    within_larger, within_relevant, within_larger_wide : float
        Chances of at most these sizes that make "no raise": among patients, among
        patients, and assuming nothing.
    cause_from : float
        Chance of more than ``large_mm`` under both priors.
    kinds_least : int
        Independent kinds of reading that a raise needs where there is no imaging.
    """

    relevant_mm: float
    larger_mm: float
    large_mm: float
    raise_from: float
    within_larger: float
    within_relevant: float
    within_larger_wide: float
    cause_from: float
    kinds_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What is believed under the prior of the visit, and assuming nothing."""

    own: Belief
    wide: Belief


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chances:
    """Chances of sizes after each of a number of readings, arrays (readings,)."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    over_relevant: NDArray[np.float64]
    over_larger: NDArray[np.float64]
    over_large: NDArray[np.float64]


def next_readings(
    used: Sequence[Evidence],
    beliefs: Beliefs,
    errors: ErrorTable,
    limits: AnswerLimits,
) -> tuple[NextReading, ...]:
    """Return what could be measured next, soonest to a decision first.

    Parameters
    ----------
    used : sequence of Evidence
        What counts already.
    beliefs : Beliefs
        The posteriors.
    errors : ErrorTable
        Errors of the methods.
    limits : AnswerLimits
        When there is an answer.
    """
    found = []
    for each in _candidates():
        method = errors.named(each.method)
        sd = _added_sd(each, used, errors) if method is not None else None
        if method is None or sd is None:
            continue
        new = _New(method=method, sd_mm=sd)
        found.append(
            NextReading(
                label=each.label,
                minutes=each.minutes,
                bits=information(beliefs.own, sd_mm=sd, gross=method.gross),
                decides=_decides(new, used, beliefs, errors, limits),
            )
        )
    if max((each.bits for each in found), default=0.0) < LITTLE_LEFT_BITS:
        return ()
    return tuple(sorted(found, key=_soonest))


def _soonest(reading: NextReading) -> tuple[float, float]:
    decides = reading.decides if reading.may_decide else 0.0
    rate = (decides or 0.0) / reading.minutes
    return -rate, -reading.bits / reading.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """A reading not yet taken: its method, and the error of what it adds."""

    method: Method
    sd_mm: float


def is_answered(estimate: LegLengthEstimate, limits: AnswerLimits) -> bool:
    """Return whether raise, no raise or the cause first stands already."""

    def chances(assumed: Assumed) -> _Chances:
        def over(limit_mm: float, way: Way = "either") -> NDArray[np.float64]:
            return np.array([estimate.chances_over(limit_mm, way=way)[assumed]])

        return _Chances(
            left=over(limits.relevant_mm, "left"),
            right=over(limits.relevant_mm, "right"),
            over_relevant=over(limits.relevant_mm),
            over_larger=over(limits.larger_mm),
            over_large=over(limits.large_mm),
        )

    answered = _answered(
        (chances("patients"), chances("nothing")),
        limits,
        enough=_enough(estimate.kinds, limits),
        contradicted=np.array([estimate.contradicting]),
    )
    return bool(answered[0])


def _decides(
    new: _New,
    used: Sequence[Evidence],
    beliefs: Beliefs,
    errors: ErrorTable,
    limits: AnswerLimits,
) -> float:
    """Return the chance that an answer stands after a reading."""
    at = _coarse()
    given = _readings_given(at, at, new.sd_mm, new.method.gross)
    expected = beliefs.own.density[::COARSE] @ given
    answered = _answered(
        (
            _chances(beliefs.own, given, limits),
            _chances(beliefs.wide, given, limits),
        ),
        limits,
        enough=_enough({new.method.reading, *(e.method.reading for e in used)}, limits),
        contradicted=_would_contradict(new, at, used, errors),
    )
    return float(expected[answered].sum() / expected.sum())


def _answered(
    chances: tuple[_Chances, _Chances],
    limits: AnswerLimits,
    *,
    enough: bool,
    contradicted: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    own, wide = chances
    no_raise = (
        (1.0 - own.over_larger >= limits.within_larger)
        & (1.0 - own.over_relevant >= limits.within_relevant)
        & (1.0 - wide.over_larger >= limits.within_larger_wide)
    )
    either = np.maximum(
        np.minimum(own.left, wide.left), np.minimum(own.right, wide.right)
    )
    raised = enough & (either >= limits.raise_from)
    cause = np.minimum(own.over_large, wide.over_large) >= limits.cause_from
    result: NDArray[np.bool_] = cause | ((no_raise | raised) & ~contradicted)
    return result


def _enough(kinds: Collection[str], limits: AnswerLimits) -> bool:
    return "imaging" in kinds or len(set(kinds)) >= limits.kinds_least


def _chances(
    belief: Belief, given: NDArray[np.float64], limits: AnswerLimits
) -> _Chances:
    """Return the chances of sizes after readings whose p(reading | d) is given."""
    after = belief.density[::COARSE, None] * given
    after = after / after.sum(axis=0)
    at = _coarse()

    def over(limit_mm: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        # a step of the grid that a limit cuts counts with the part beyond it
        beyond = (np.abs(at) - limit_mm) / (COARSE * STEP_MM) + 0.5
        beyond = np.clip(beyond, 0.0, 1.0)
        return np.where(at > 0, beyond, 0) @ after, np.where(at < 0, beyond, 0) @ after

    left, right = over(limits.relevant_mm)
    return _Chances(
        left=left,
        right=right,
        over_relevant=left + right,
        over_larger=np.add(*over(limits.larger_mm)),
        over_large=np.add(*over(limits.large_mm)),
    )


def _by_kind(used: Sequence[Evidence]) -> Said:
    """Return value and error of the surest method of each kind of reading, mm."""
    surest = sorted(used, key=lambda e: -e.sd_mm)
    return {e.method.reading: (e.value_mm, e.sd_mm) for e in surest}


def _contradict(said: Said, errors: ErrorTable) -> bool:
    return any(
        abs(one[0] - other[0])
        > errors.contradiction.limit(kind, another) * math.hypot(one[1], other[1])
        for (kind, one), (another, other) in combinations(said.items(), 2)
    )


def _would_contradict(
    new: _New, at: NDArray[np.float64], used: Sequence[Evidence], errors: ErrorTable
) -> NDArray[np.bool_]:
    """Return for each reading whether kinds would contradict each other after it."""
    said = _by_kind(used)
    kind = new.method.reading
    old = said.pop(kind, None)
    precision = new.sd_mm**-2
    weighted = at * precision
    if old is not None:
        weighted = weighted + old[0] * old[1] ** -2
        precision += old[1] ** -2
    value, sd = weighted / precision, precision**-0.5
    result = np.full(len(at), _contradict(said, errors))
    for another, (other, other_sd) in said.items():
        limit = errors.contradiction.limit(kind, another) * math.hypot(sd, other_sd)
        result |= np.abs(value - other) > limit
    return result


def _coarse() -> NDArray[np.float64]:
    return GRID_MM[::COARSE]


def information(belief: Belief, *, sd_mm: float, gross: GrossErrors) -> float:
    """Return the information (bit) that a reading is expected to add to a belief."""
    at = _coarse()
    weight = belief.density[::COARSE]
    weight = weight / weight.sum()
    inside = weight > 1e-7  # noqa: PLR2004 - the rest adds nothing
    given = _readings_given(at, at[inside], sd_mm, gross)
    expected = weight[inside] @ given
    ratio = np.log2(np.maximum(given, 1e-300) / np.maximum(expected, 1e-300))
    step = COARSE * STEP_MM
    return float(step * (weight[inside, None] * given * ratio).sum())


def _readings_given(
    readings: NDArray[np.float64],
    differences: NDArray[np.float64],
    sd_mm: float,
    gross: GrossErrors,
) -> NDArray[np.float64]:
    """Return p(reading | difference), (differences, readings)."""
    off = readings[None, :] - differences[:, None]
    # a grid of 1 mm holds no narrower error
    usual = max(sd_mm, 1.0)
    wild = max(gross.times * usual, math.hypot(usual, gross.least_mm))
    total: NDArray[np.float64] = np.zeros_like(off)
    for share, sd in ((1.0 - gross.share, usual), (gross.share, wild)):
        total += share / (sd * math.sqrt(2 * math.pi)) * np.exp(-0.5 * (off / sd) ** 2)
    return total


def _added_sd(
    candidate: Candidate, used: Sequence[Evidence], errors: ErrorTable
) -> float | None:
    """Return the error of what a candidate adds; None when it adds nothing."""
    old = next((e for e in used if e.method.name == candidate.method), None)
    if old is not None and old.tilts:
        old = _level(old.tilts, errors)
    new = _with(candidate, old, errors)
    shared = errors.group_sd_mm(STANDING) if new.method.standing else 0.0
    # pictures have the part of how somebody stands in their error, readings have not
    beside = 0.0 if new.tilts else shared
    after = 1.0 / (new.sd_mm**2 + beside**2)
    before = 0.0 if old is None else 1.0 / (old.sd_mm**2 + beside**2)
    return None if after <= before * 1.001 else 1.0 / math.sqrt(after - before)


def _with(candidate: Candidate, old: Evidence | None, errors: ErrorTable) -> Evidence:
    """Return the evidence of a method after a candidate was measured."""
    if candidate.method != STICKER_PICTURES:
        raters = 0 if old is None else old.raters
        taken = [
            Reading(method=candidate.method, rater=str(n), value_mm=0.0, n=n_readings)
            for n, n_readings in enumerate([candidate.readings] * (raters + 1))
        ]
        return manual_evidence(taken, errors)[0]
    tilts = [_tilt(0.0) for _ in range(candidate.standing)]
    tilts += [_tilt(0.0, block_mm=block) for block in candidate.blocks]
    tilts += [_tilt(0.0, seated=True) for _ in range(candidate.seated)]
    return _level((*(old.tilts if old else ()), *tilts), errors)


def _level(tilts: Sequence[PelvisTilt], errors: ErrorTable) -> Evidence:
    """Return the evidence of these pictures of somebody who stands level."""
    answer = errors.pictures.answer
    level = tuple(replace(t, tilt_mm=-answer * t.block_mm) for t in tilts)
    return of_pictures(level, errors)[0]


def _tilt(mm: float, *, block_mm: float = 0.0, seated: bool = False) -> PelvisTilt:
    return PelvisTilt(
        recording="",
        line="asis",
        tilt_mm=mm,
        sd_mm=READ_SD_MM,
        block_mm=block_mm,
        seated=seated,
    )


@cache
def _candidates() -> tuple[Candidate, ...]:
    table = shipped_table("gaitkit.measure.leg_length", "next_reading.toml")
    return tuple(
        Candidate(
            **{
                **raw,
                "label": Text(**raw["label"]),
                "blocks": tuple(float(b) for b in raw.get("blocks", ())),
            }
        )
        for raw in table.values()
    )
