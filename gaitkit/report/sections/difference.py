"""What may be said of a side difference, by its size and by the rule that judged it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gaitkit.measure.symmetry import SideDifference
    from gaitkit.model.finding import Finding
    from gaitkit.report.inputs import ReportInputs

DifferenceVerdict = Literal["no_difference", "some_difference", "doubt", "unjudged"]


def difference_verdict(
    material: ReportInputs, difference: SideDifference
) -> DifferenceVerdict:
    """Return what may be said of a side difference.

    A difference beyond its limit counts as demonstrable only when the rule that judged
    it agrees, or when no rule looks at this measure; a rule in doubt wins always.
    """
    judged = _judgement(material, difference)
    if judged is not None and judged.verdict == "uncertain":
        return "doubt"
    if not difference.demonstrable:
        return "no_difference"
    return (
        "some_difference" if judged is None or judged.verdict == "met" else "unjudged"
    )


def _judgement(material: ReportInputs, difference: SideDifference) -> Finding | None:
    return next(
        (
            finding
            for finding in material.assessment.findings
            if finding.measure == difference.measure
            and finding.recording in {None, difference.left.recording}
        ),
        None,
    )
