"""From values of strides and contacts to measurements with an error.

`walk.measure_walk` is the entry for a walk; `symmetry` compares left and right,
`scores` compares whole curves with healthy adults, `absent` names what was not
measured, and `uncertainty` is the one place where errors are combined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.measure.agreement import agreement_of_stance
    from gaitkit.measure.foot.plate import analyse_plate
    from gaitkit.measure.foot.summary import register_foot_measure
    from gaitkit.measure.leg_length.estimate import estimate_leg_length
    from gaitkit.measure.row import Origin, absent, measured
    from gaitkit.measure.scores import (
        gait_profile_score,
        gait_variable_score,
        movement_analysis_profile,
    )
    from gaitkit.measure.symmetry import side_differences, symmetry_index
    from gaitkit.measure.uncertainty import Sample, Uncertainty, combine
    from gaitkit.model.contact import ContactCorrection
    from gaitkit.model.plate import MeasuredFoot
    from gaitkit.model.strides import StrideValue

_HOME = {
    "ContactCorrection": "gaitkit.model.contact",
    "MeasuredFoot": "gaitkit.model.plate",
    "Origin": "gaitkit.measure.row",
    "Sample": "gaitkit.measure.uncertainty",
    "StrideValue": "gaitkit.model.strides",
    "Uncertainty": "gaitkit.measure.uncertainty",
    "absent": "gaitkit.measure.row",
    "agreement_of_stance": "gaitkit.measure.agreement",
    "analyse_plate": "gaitkit.measure.foot.plate",
    "combine": "gaitkit.measure.uncertainty",
    "estimate_leg_length": "gaitkit.measure.leg_length.estimate",
    "gait_profile_score": "gaitkit.measure.scores",
    "gait_variable_score": "gaitkit.measure.scores",
    "measured": "gaitkit.measure.row",
    "movement_analysis_profile": "gaitkit.measure.scores",
    "register_foot_measure": "gaitkit.measure.foot.summary",
    "side_differences": "gaitkit.measure.symmetry",
    "symmetry_index": "gaitkit.measure.symmetry",
}

__all__ = [
    "ContactCorrection",
    "MeasuredFoot",
    "Origin",
    "Sample",
    "StrideValue",
    "Uncertainty",
    "absent",
    "agreement_of_stance",
    "analyse_plate",
    "combine",
    "estimate_leg_length",
    "gait_profile_score",
    "gait_variable_score",
    "measured",
    "movement_analysis_profile",
    "register_foot_measure",
    "side_differences",
    "symmetry_index",
]

__getattr__, __dir__ = lazy("gaitkit.measure", _HOME)
