"""Both kinetic chains of a visit: links, every sign, origin and conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.chain.judged import ChainEvidence, judged
from gaitkit.measure.chain.links import Gait, chain_links
from gaitkit.measure.chain.origin import conclusion, origin_of
from gaitkit.measure.chain.table import OriginLimits, SignRow, origin_limits, sign_rows
from gaitkit.model.chain import ChainSign, KineticChain, SignState
from gaitkit.model.side import Side
from gaitkit.norms.discrete import why_not_comparable
from gaitkit.norms.source import reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.strides import Waveform
    from gaitkit.model.subject import Subject
    from gaitkit.model.visit import Examination

SPEED_UNKNOWN = "norm_speed_unknown"
"""A film from behind shows no speed; frontal angles at an unknown, comfortable speed
are compared all the same, and the conclusion never rests on one of them alone."""


def kinetic_chains(
    measurements: Sequence[Measurement],
    waveforms: Sequence[Waveform],
    *,
    examination: Examination,
    subject: Subject,
    leg_counts_mm: float,
    leg_length: LegLengthEstimate | None = None,
) -> tuple[KineticChain, KineticChain]:
    """Return the chain of both sides.

    Parameters
    ----------
    measurements : sequence of Measurement
        All of the visit; markers count before stickers and these before keypoints.
    waveforms : sequence of Waveform
        Curves over the stride, of all recordings.
    examination : Examination
        Tests by hand.
    subject : Subject
        The person; a child is not compared with adults.
    leg_counts_mm : float
        Difference of the legs from which a longer one is looked for as a cause.
    leg_length : LegLengthEstimate or None
        Best estimate of the difference.

    Returns
    -------
    tuple of KineticChain
        Left, right. Without measurements every link says why, every sign is
        ``not_measured`` and the origin ``undetermined``.

    Notes
    -----
    The table is that of ``signs.toml``: judgement from mechanisms, not validated in
    patients. It orders what was measured and diagnoses nothing.
    """
    gait = Gait(
        measurements=measurements,
        waveforms=waveforms,
        comparable=_comparable(measurements, subject),
    )
    chains = []
    for side in Side:
        evidence = ChainEvidence(
            side=side,
            links=chain_links(gait, side),
            gait=gait,
            examination=examination,
            leg_counts_mm=leg_counts_mm,
            leg_length=leg_length,
        )
        chains.append(_chain(evidence))
    return chains[0], chains[1]


def _chain(evidence: ChainEvidence) -> KineticChain:
    signs = tuple(_sign(row, evidence) for row in sign_rows())
    origin = origin_of(signs)
    unconfirmed = any(
        link.measurement is not None and link.measurement.unconfirmed
        for link in evidence.links
    )
    return KineticChain(
        side=evidence.side,
        links=evidence.links,
        signs=signs,
        origin=origin,
        text=conclusion(evidence.side, signs, origin=origin, unconfirmed=unconfirmed),
    )


def _sign(row: SignRow, evidence: ChainEvidence) -> ChainSign:
    found = judged(row, evidence)
    state = _state(found.probability, origin_limits())
    return ChainSign(
        sign=row.sign,
        speaks_for=row.speaks_for,
        state=state,
        text=row.label
        if found.probability is None
        else row.found.filled(**found.values),
        probability=found.probability,
        evidence=row.evidence,
    )


def _state(probability: float | None, limits: OriginLimits) -> SignState:
    if probability is None:
        return "not_measured"
    if probability >= limits.present_from:
        return "present"
    return "absent" if probability <= limits.absent_to else "uncertain"


def _comparable(measurements: Sequence[Measurement], subject: Subject) -> bool:
    """Tell whether frontal angles may be compared with those of healthy adults."""
    speeds = [
        m.value
        for m in measurements
        if m.name == "walking_speed" and m.value is not None
    ]
    why = why_not_comparable(
        reference("fukuchi2018"),
        speed_m_s=sum(speeds) / len(speeds) if speeds else None,
        age_years=subject.age_years,
    )
    return why is None or why.code == SPEED_UNKNOWN
