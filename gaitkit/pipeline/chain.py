"""The kinetic chains of a visit, for the assessment and for its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.chain.chain import kinetic_chains

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.chain import KineticChain
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.visit import Visit


def chain_maker(
    visit: Visit, analyses: Sequence[Analysis], *, leg_length: LegLengthEstimate | None
) -> Callable[[Sequence[Measurement]], tuple[KineticChain, ...]]:
    """Return what makes both chains from measurements of the visit.

    Parameters
    ----------
    visit : Visit
        Examination and subject.
    analyses : sequence of Analysis
        Their curves tell how links move together and in which order.
    leg_length : LegLengthEstimate or None
        Best estimate of the difference.
    """
    waveforms = tuple(wave for each in analyses for wave in each.waveforms)

    def chains(measurements: Sequence[Measurement]) -> tuple[KineticChain, ...]:
        return kinetic_chains(
            measurements,
            waveforms,
            examination=visit.examination,
            subject=visit.subject,
            leg_length=leg_length,
        )

    return chains
