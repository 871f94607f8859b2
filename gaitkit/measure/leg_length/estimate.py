"""The leg-length difference of a visit: prior, all methods, and what contradicts what.

Bones are estimated here. What beside the bones makes a leg act longer or shorter is
listed with its numbers and takes nothing off: how much of it is at work in a patient is
not known, and the methods that look at a standing person carry it as a shared error.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.evidence import (
    Evidence,
    manual_evidence,
    method_log,
    of_pictures,
    of_recordings,
    pictured,
    readings_from_recordings,
    together_log,
)
from gaitkit.measure.leg_length.functional import explained_mm, functional_parts
from gaitkit.measure.leg_length.methods import shipped_errors
from gaitkit.measure.leg_length.next_reading import (
    Beliefs,
    is_answered,
    next_readings,
)
from gaitkit.measure.leg_length.posterior import (
    GRID_MM,
    WIDE,
    Belief,
    after,
    before,
    prior_parts,
)
from gaitkit.measure.leg_length.readings import hand_readings
from gaitkit.measure.row import Origin, measured
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.leg_length import LegLengthEstimate, MethodEvidence, cumulative
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.methods import ErrorTable, ReadingKind
    from gaitkit.measure.leg_length.next_reading import AnswerLimits
    from gaitkit.model.leg_length import PriorName
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.standing import PelvisTilt
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import Examination

DIFFERENCE = "structural_leg_length_difference"
FUNCTIONAL = "functional_leg_length_difference"
POSTERIOR = "posterior"
"""``method`` of the best estimate."""

EXPLAINED = "pronation and extension of the knee"
"""``method`` of the functional difference."""

CURVE_REACH_MM = 40.0
"""The curves reach at least so far to either side of no difference."""

CURVE_TAIL = 1e-5
"""And so far that no more than this lies beyond them."""


def estimate_leg_length(
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    subject: Subject,
    tilts: Sequence[PelvisTilt] = (),
    errors: ErrorTable | None = None,
) -> LegLengthEstimate | None:
    """Return the posterior of the structural difference from all methods of a visit.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit. Differences from markers and files count; those of the
        examination are made from its readings.
    examination : Examination
        Readings by hand, imaging, findings, acquired causes.
    subject : Subject
        The person.
    tilts : sequence of PelvisTilt
        What the pictures with stickers on the pelvis show, seated ones too.
    errors : ErrorTable or None
        None takes those of ``methods.toml``; a practice may have its own.

    Returns
    -------
    LegLengthEstimate or None
        None when no method that counts measured a difference.

    Raises
    ------
    CatalogueError
        If a recording names a method that ``methods.toml`` does not know.

    Notes
    -----
    The prior is that of clinic patients, or the wide one after a fracture, a joint
    replacement or a growth disorder. Everybody is asked under the wide one as well:
    the interval is the envelope of both, and a claim has the less favourable
    probability (`LegLengthEstimate.chance_over`). A method never stands in the way of
    another: which ones are enough for a suggestion is for the rules to say.
    """
    table = errors or shipped_errors()
    evidence = evidence_of(measurements, examination, tilts=tilts, errors=table)
    used = tuple(each for each in evidence if each.counts)
    if not used:
        return None
    name: PriorName = "acquired" if examination.acquired_causes else "clinic"
    log = together_log(used, table)
    belief, wide = after(name, log), after(WIDE, log)
    ends = (*belief.interval_mm, *wide.interval_mm)
    shown = _shown_part(belief, wide)
    below = cumulative(GRID_MM, belief.density)
    over = {limit: _over(limit, below) for limit in (0.0, 5.0, 10.0, 20.0)}
    apart = _contradictions(used, table)
    return LegLengthEstimate(
        prior=name,
        prior_parts=prior_parts(name),
        methods=tuple(_shown(each, used, name, table) for each in evidence),
        mean_mm=belief.mean_mm,
        sd_mm=belief.sd_mm,
        low_mm=min(ends),
        high_mm=max(ends),
        p_over_5=sum(over[5.0]),
        p_over_10=sum(over[10.0]),
        p_over_20=sum(over[20.0]),
        p_left_longer=over[0.0][0],
        curve_mm=tuple(GRID_MM[shown].tolist()),
        prior_density=tuple(before(name).density[shown].tolist()),
        posterior_density=tuple(belief.density[shown].tolist()),
        wide_density=tuple(wide.density[shown].tolist()),
        kinds=tuple(dict.fromkeys(each.method.reading for each in used)),
        contradicting=bool(apart),
        disagreements=apart,
        functional=functional_parts(
            measurements, examination, subject=subject, evidence=evidence
        ),
        seated=sum(tilt.seated for each in used for tilt in each.tilts),
        unconfirmed=any(each.unconfirmed for each in used),
    )


def with_next_readings(
    estimate: LegLengthEstimate | None,
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    limits: AnswerLimits,
    tilts: Sequence[PelvisTilt] = (),
    errors: ErrorTable | None = None,
) -> LegLengthEstimate | None:
    """Return an estimate with what could be measured next, soonest to a decision first.

    Parameters
    ----------
    estimate : LegLengthEstimate or None
        From `estimate_leg_length`, with the same other arguments.
    limits : AnswerLimits
        When there is an answer; with one already nothing has to be measured.
    measurements, examination, tilts, errors
        As given to `estimate_leg_length`.
    """
    if estimate is None or is_answered(estimate, limits):
        return estimate
    table = errors or shipped_errors()
    evidence = evidence_of(measurements, examination, tilts=tilts, errors=table)
    used = tuple(each for each in evidence if each.counts)
    log = together_log(used, table)
    beliefs = Beliefs(own=after(estimate.prior, log), wide=after(WIDE, log))
    return replace(estimate, next_readings=next_readings(used, beliefs, table, limits))


def evidence_of(
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    tilts: Sequence[PelvisTilt] = (),
    errors: ErrorTable | None = None,
) -> tuple[Evidence, ...]:
    """Return what each method of a visit says, those that do not count last.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit.
    examination : Examination
        Readings by hand and imaging.
    tilts : sequence of PelvisTilt
        What the pictures with stickers on the pelvis show.
    errors : ErrorTable or None
        None takes those of ``methods.toml``.
    """
    rows = [
        row
        for row in measurements
        if row.name == DIFFERENCE and row.value is not None and row.method != POSTERIOR
    ]
    found = (
        *manual_evidence(
            (*hand_readings(examination), *readings_from_recordings(rows)), errors
        ),
        *of_recordings(pictured(rows), errors),
        *of_pictures(tilts, errors),
    )
    return tuple(sorted(found, key=lambda each: not each.counts))


def estimate_rows(
    estimate: LegLengthEstimate | None,
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    subject: Subject,
) -> tuple[Measurement, ...]:
    """Return the estimate as measurements: the posterior, and what is functional.

    Parameters
    ----------
    estimate : LegLengthEstimate or None
        From `estimate_leg_length`.
    measurements, examination, subject
        As given to it; the functional difference does not need an estimate.

    Returns
    -------
    tuple of Measurement
        ``structural_leg_length_difference`` with method ``posterior``, and
        ``functional_leg_length_difference`` where a number can be given (mm).
    """
    rows = [] if estimate is None else [_posterior_row(estimate)]
    parts = functional_parts(measurements, examination, subject=subject)
    explained = explained_mm(parts)
    if explained is not None:
        value, sd = explained
        origin = Origin(name=FUNCTIONAL, n=1, method=EXPLAINED)
        rows.append(measured(value, Uncertainty(sd=sd), origin))
    return tuple(rows)


def _posterior_row(estimate: LegLengthEstimate) -> Measurement:
    return measured(
        estimate.mean_mm,
        Uncertainty(sd=estimate.sd_mm),
        Origin(
            name=DIFFERENCE,
            n=sum(each.n for each in estimate.methods if each.why_not_used is None),
            method=POSTERIOR,
            unconfirmed=estimate.unconfirmed,
        ),
        interval=(estimate.low_mm, estimate.high_mm),
    )


def _shown(
    evidence: Evidence,
    used: Sequence[Evidence],
    prior: PriorName,
    errors: ErrorTable,
) -> MethodEvidence:
    plain = MethodEvidence(
        method=evidence.method.name,
        label=evidence.method.label,
        value_mm=evidence.value_mm,
        sd_mm=evidence.sd_mm,
        n=evidence.n,
        raters=evidence.raters,
        unconfirmed=evidence.unconfirmed,
        why_not_used=_why_not(evidence),
        own_error=evidence.method.own,
    )
    if not evidence.counts:
        return plain
    alone = after(prior, method_log(evidence, errors))
    total = math.fsum(each.sd_mm**-2 for each in used)
    return replace(
        plain,
        weight=evidence.sd_mm**-2 / total,
        alone_mm=alone.mean_mm,
        alone_sd_mm=alone.sd_mm,
    )


def _why_not(evidence: Evidence) -> Reason | None:
    if evidence.outdated:
        return reason("leg_length_before_cause")
    code = evidence.method.why_not
    return None if code is None else reason(code)


def _contradictions(used: Sequence[Evidence], errors: ErrorTable) -> tuple[Reason, ...]:
    """Return the pairs of kinds further apart than their errors allow, worst first."""
    kinds = [_of_kind(kind, used) for kind in dict.fromkeys(_kinds(used))]
    apart = []
    for one, other in combinations(kinds, 2):
        limit = errors.contradiction.limit(one.method.reading, other.method.reading)
        distance = abs(one.value_mm - other.value_mm)
        times = distance / math.hypot(one.sd_mm, other.sd_mm)
        if times > limit:
            apart.append((times, distance, one, other))
    apart.sort(key=lambda pair: -pair[0])
    return tuple(
        reason(
            "leg_length_methods_contradict",
            first=one.method.label,
            first_mm=round(one.value_mm, 1),
            second=other.method.label,
            second_mm=round(other.value_mm, 1),
            apart=round(distance, 1),
            times=round(times, 1),
        )
        for times, distance, one, other in apart
    )


def _kinds(used: Sequence[Evidence]) -> Iterator[ReadingKind]:
    yield from (each.method.reading for each in used)


def _of_kind(kind: ReadingKind, used: Sequence[Evidence]) -> Evidence:
    """Return what the surest method of a kind of reading says."""
    return min((e for e in used if e.method.reading == kind), key=lambda e: e.sd_mm)


def _over(limit_mm: float, below: NDArray[np.float64]) -> tuple[float, float]:
    """Return the probabilities that left, and right, is longer by more than a limit."""
    left = 1.0 - float(np.interp(limit_mm, GRID_MM, below))
    return left, float(np.interp(-limit_mm, GRID_MM, below))


def _shown_part(*beliefs: Belief) -> slice:
    """Return the part of the grid in which the curves are given, the same both ways."""
    furthest = CURVE_REACH_MM
    for belief in beliefs:
        below = cumulative(GRID_MM, belief.density)
        inside = GRID_MM[(below > CURVE_TAIL) & (below < 1.0 - CURVE_TAIL)]
        furthest = max(furthest, *np.abs(inside[[0, -1]]))
    middle = len(GRID_MM) // 2
    steps = min(math.ceil(furthest / (GRID_MM[1] - GRID_MM[0])) + 1, middle)
    return slice(middle - steps, middle + steps + 1)
