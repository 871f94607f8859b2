"""The leg-length difference of a visit: prior, all methods, and what contradicts what.

Bones are estimated here. What beside the bones makes a leg act longer or shorter is
listed with its numbers and takes nothing off: how much of it is at work in a patient is
not known, and the methods that look at a standing person carry it as a shared error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.evidence import (
    Evidence,
    of_people,
    of_recordings,
    pictured,
    taken_from_files,
)
from gaitkit.measure.leg_length.functional import explained_mm, functional_parts
from gaitkit.measure.leg_length.posterior import after, before
from gaitkit.measure.leg_length.prior import PRIORS
from gaitkit.measure.leg_length.readings import hand_readings
from gaitkit.measure.leg_length.together import Together, put_together
from gaitkit.measure.uncertainty import Uncertainty
from gaitkit.model.catalogue import definition
from gaitkit.model.leg_length import LegLengthEstimate, MethodEvidence
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.posterior import Belief
    from gaitkit.model.leg_length import PriorName
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import Examination

DIFFERENCE = "structural_leg_length_difference"
FUNCTIONAL = "functional_leg_length_difference"
POSTERIOR = "posterior"
"""``method`` of the best estimate."""
EXPLAINED = "pronation and extension of the knee"
"""``method`` of the functional difference."""

LEAST_PROBABILITY = 1e-4
"""Smaller probabilities are written as this one, never as 0."""
CURVE_STEP_MM = 0.5
CURVE_REACH_MM = 40.0
"""The curves reach at least so far to either side of no difference."""
CURVE_SDS = 4.0
"""And so many standard deviations beyond the mean."""


def estimate_leg_length(
    measurements: Sequence[Measurement],
    examination: Examination,
    *,
    subject: Subject,
) -> LegLengthEstimate | None:
    """Return the posterior of the structural difference from all methods of a visit.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit. Differences from pictures, markers and files count; those
        of the examination are made from its readings.
    examination : Examination
        Readings by hand, imaging, findings, acquired causes.
    subject : Subject
        The person.

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
    The prior is that of clinic patients, or the wider one after a fracture, a joint
    replacement or a growth disorder. A method never stands in the way of another:
    which ones are enough for a suggestion is for the rules to say.
    """
    evidence = evidence_of(measurements, examination)
    used = tuple(each for each in evidence if each.counts)
    if not used:
        return None
    name: PriorName = "acquired" if examination.acquired_causes else "clinic"
    together = put_together(used)
    belief = after(PRIORS[name], value_mm=together.value_mm, sd_mm=together.sd_mm)
    at = _grid(belief)
    low, high = belief.interval_mm
    weights = dict(zip((e.method.name for e in used), together.weights, strict=True))
    return LegLengthEstimate(
        prior=name,
        prior_parts=PRIORS[name],
        methods=tuple(_shown(each, weights, name) for each in evidence),
        mean_mm=belief.mean_mm,
        sd_mm=belief.sd_mm,
        low_mm=low,
        high_mm=high,
        p_over_5=belief.larger_than(5.0),
        p_over_10=belief.larger_than(10.0),
        p_over_20=belief.larger_than(20.0),
        p_left_longer=belief.left_longer,
        curve_mm=tuple(at.tolist()),
        prior_density=tuple(before(PRIORS[name]).density(at).tolist()),
        posterior_density=tuple(belief.density(at).tolist()),
        disagreements=_disagreements(used, together),
        functional=functional_parts(
            measurements, examination, subject=subject, evidence=evidence
        ),
        unconfirmed=any(each.unconfirmed for each in used),
    )


def evidence_of(
    measurements: Sequence[Measurement], examination: Examination
) -> tuple[Evidence, ...]:
    """Return what each method of a visit says, those that do not count last.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit.
    examination : Examination
        Readings by hand and imaging.
    """
    rows = [
        row
        for row in measurements
        if row.name == DIFFERENCE and row.value is not None and row.method != POSTERIOR
    ]
    found = (
        *of_people((*hand_readings(examination), *taken_from_files(rows))),
        *of_recordings(pictured(rows)),
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
        low, high = Uncertainty(sd=sd).interval(value)
        rows.append(
            Measurement(
                name=FUNCTIONAL,
                unit=definition(FUNCTIONAL).unit,
                value=value,
                sd=sd,
                low=low,
                high=high,
                n=1,
                method=EXPLAINED,
            )
        )
    return tuple(rows)


def _posterior_row(estimate: LegLengthEstimate) -> Measurement:
    return Measurement(
        name=DIFFERENCE,
        unit=definition(DIFFERENCE).unit,
        value=estimate.mean_mm,
        sd=estimate.sd_mm,
        low=estimate.low_mm,
        high=estimate.high_mm,
        n=sum(each.n for each in estimate.methods if each.why_not_used is None),
        method=POSTERIOR,
        unconfirmed=estimate.unconfirmed,
    )


def _shown(
    evidence: Evidence, weights: dict[str, float], prior: PriorName
) -> MethodEvidence:
    alone = after(PRIORS[prior], value_mm=evidence.value_mm, sd_mm=evidence.sd_mm)
    return MethodEvidence(
        method=evidence.method.name,
        label=evidence.method.label,
        value_mm=evidence.value_mm,
        sd_mm=evidence.sd_mm,
        n=evidence.n,
        raters=evidence.raters,
        weight=weights[evidence.method.name] if evidence.counts else 0.0,
        alone_mm=alone.mean_mm if evidence.counts else None,
        alone_sd_mm=alone.sd_mm if evidence.counts else None,
        unconfirmed=evidence.unconfirmed,
        why_not_used=_why_not(evidence),
    )


def _why_not(evidence: Evidence) -> Reason | None:
    if evidence.outdated:
        return reason("leg_length_before_cause")
    code = evidence.method.why_not
    return None if code is None else reason(code)


def _disagreements(used: Sequence[Evidence], together: Together) -> tuple[Reason, ...]:
    if not together.contradictions:
        return ()
    pairs = tuple(
        reason(
            "leg_length_methods_contradict",
            first=used[pair.first].method.label,
            first_mm=round(used[pair.first].value_mm, 1),
            second=used[pair.second].method.label,
            second_mm=round(used[pair.second].value_mm, 1),
            apart=round(pair.apart_mm, 1),
            times=round(pair.times, 1),
        )
        for pair in together.contradictions
    )
    overall = reason(
        "leg_length_errors_widened",
        chi_squared=round(together.chi_squared, 1),
        dof=together.dof,
        probability=max(round(together.probability, 4), LEAST_PROBABILITY),
        factor=round(together.widened, 2),
    )
    return (*pairs, overall)


def _grid(belief: Belief) -> NDArray[np.float64]:
    """Return where the curves are given, the same to both sides."""
    furthest = abs(belief.mean_mm) + CURVE_SDS * belief.sd_mm
    steps = int(np.ceil(max(CURVE_REACH_MM, furthest) / CURVE_STEP_MM))
    return CURVE_STEP_MM * np.arange(-steps, steps + 1, dtype=float)
