"""The typed values that travel along the line from recording to assessment.

Small things are frozen dataclasses; signals are labelled ``xarray`` datasets.
Nothing here opens a file other than the data files of the package itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.catalogue import (
        MeasureDefinition,
        definition,
        definitions,
        read_definitions,
    )
    from gaitkit.model.comparison import Comparison
    from gaitkit.model.contact import Contact, ContactCorrection
    from gaitkit.model.decisions import PlanEdit, PlanEdits
    from gaitkit.model.events import Event
    from gaitkit.model.finding import Finding
    from gaitkit.model.intake import Intake
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.motion import ForcePlate, MotionRecording
    from gaitkit.model.plan import Plan, Suggestion
    from gaitkit.model.plate import MeasuredFoot, PlateResult
    from gaitkit.model.reason import Reason
    from gaitkit.model.recording import Recording
    from gaitkit.model.side import Side
    from gaitkit.model.strides import Stride, StrideValue, Waveform
    from gaitkit.model.subject import Subject
    from gaitkit.model.text import Text
    from gaitkit.model.visit import (
        BlockTest,
        Examination,
        FootExamination,
        ImagingReading,
        Prom,
        RecordingInput,
        TapeReading,
        Therapy,
        Visit,
    )

_HOME = {
    "Analysis": "gaitkit.model.analysis",
    "Assessment": "gaitkit.model.assessment",
    "BlockTest": "gaitkit.model.visit",
    "Comparison": "gaitkit.model.comparison",
    "Contact": "gaitkit.model.contact",
    "ContactCorrection": "gaitkit.model.contact",
    "Event": "gaitkit.model.events",
    "Examination": "gaitkit.model.visit",
    "Finding": "gaitkit.model.finding",
    "FootExamination": "gaitkit.model.visit",
    "ForcePlate": "gaitkit.model.motion",
    "ImagingReading": "gaitkit.model.visit",
    "Intake": "gaitkit.model.intake",
    "MeasureDefinition": "gaitkit.model.catalogue",
    "MeasuredFoot": "gaitkit.model.plate",
    "Measurement": "gaitkit.model.measurement",
    "MotionRecording": "gaitkit.model.motion",
    "Plan": "gaitkit.model.plan",
    "PlanEdit": "gaitkit.model.decisions",
    "PlanEdits": "gaitkit.model.decisions",
    "PlateResult": "gaitkit.model.plate",
    "Prom": "gaitkit.model.visit",
    "Reason": "gaitkit.model.reason",
    "Recording": "gaitkit.model.recording",
    "RecordingInput": "gaitkit.model.visit",
    "Side": "gaitkit.model.side",
    "Stride": "gaitkit.model.strides",
    "StrideValue": "gaitkit.model.strides",
    "Subject": "gaitkit.model.subject",
    "Suggestion": "gaitkit.model.plan",
    "TapeReading": "gaitkit.model.visit",
    "Text": "gaitkit.model.text",
    "Therapy": "gaitkit.model.visit",
    "Visit": "gaitkit.model.visit",
    "Waveform": "gaitkit.model.strides",
    "definition": "gaitkit.model.catalogue",
    "definitions": "gaitkit.model.catalogue",
    "read_definitions": "gaitkit.model.catalogue",
}

__all__ = [
    "Analysis",
    "Assessment",
    "BlockTest",
    "Comparison",
    "Contact",
    "ContactCorrection",
    "Event",
    "Examination",
    "Finding",
    "FootExamination",
    "ForcePlate",
    "ImagingReading",
    "Intake",
    "MeasureDefinition",
    "MeasuredFoot",
    "Measurement",
    "MotionRecording",
    "Plan",
    "PlanEdit",
    "PlanEdits",
    "PlateResult",
    "Prom",
    "Reason",
    "Recording",
    "RecordingInput",
    "Side",
    "Stride",
    "StrideValue",
    "Subject",
    "Suggestion",
    "TapeReading",
    "Text",
    "Therapy",
    "Visit",
    "Waveform",
    "definition",
    "definitions",
    "read_definitions",
]

__getattr__, __dir__ = lazy("gaitkit.model", _HOME)
