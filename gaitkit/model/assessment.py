"""The whole answer for one visit, small enough to write as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gaitkit.model.chain import KineticChain
from gaitkit.model.contact import ContactRow
from gaitkit.model.decisions import DecidedPlan, PlanEdits
from gaitkit.model.events import Event
from gaitkit.model.finding import Finding
from gaitkit.model.intake import Goal, Intake
from gaitkit.model.leg_length import LegLengthEstimate
from gaitkit.model.measurement import Measurement, SideDifferenceRow
from gaitkit.model.motion import Mapping
from gaitkit.model.plan import Plan
from gaitkit.model.recording import Recording
from gaitkit.model.strides import Stride, Waveform
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    Examination,
    FollowUpAnswers,
    Prom,
    RecordingInput,
    Therapy,
)

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHash:
    """A file that took part, by name and content."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitProvenance:
    """What went into an assessment and stands nowhere else in it.

    With this, the assessment and the files the run can be repeated
    (`gaitkit.pipeline.repeat`). No file is told by its own name, which may be that of a
    patient, and nothing is repeated in own words.

    Attributes
    ----------
    recordings : tuple of RecordingInput
        What the user said of each; files have neutral names.
    files : tuple of FileHash
        The content of each file under its neutral name, also of those that were read
        because they lie beside a recording (``recording_1.toml``).
    marker_maps : tuple of Mapping
        The content of ``map_1``, ``map_2``, ...
    examination, follow_up
        What was found by hand and answered; raters are numbered. None for nothing.
    goals : tuple of Goal
        As they stand in the plan, with their kind and score.
    """

    recordings: tuple[RecordingInput, ...] = ()
    files: tuple[FileHash, ...] = ()
    marker_maps: tuple[Mapping, ...] = ()
    examination: Examination | None = None
    follow_up: FollowUpAnswers | None = None
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationNotes:
    """What the therapist wrote about inspection, palpation and function."""

    inspection: str | None = None
    palpation: str | None = None
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What produced the assessment.

    Attributes
    ----------
    gaitkit : str
        Version of gaitkit.
    config : dict
        The full configuration, as ``gaitkit config`` prints it.
    rule_set_revision : str
        Revision of the rule set.
    rule_set_sha256 : str
        Hash over the rule, text and threshold files.
    model_files : tuple of FileHash
        Pose model files used.
    created : str
        Date and time, ISO 8601 with time zone.
    schema : str
        Version of the layout of the assessment.
    practice_kit_sha256 : str or None
        Hash of the practice's own errors that the estimate took; None as shipped.
    visit : VisitProvenance or None
        What else went in; None in files from before it was kept.
    extensions : tuple of str
        Detectors, measures and norms that others added, and which package did.
    """

    gaitkit: str
    config: dict[str, object]
    rule_set_revision: str
    rule_set_sha256: str
    model_files: tuple[FileHash, ...]
    created: str
    schema: str = SCHEMA_VERSION
    practice_kit_sha256: str | None = None
    visit: VisitProvenance | None = None
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Recordings, measurements, findings and plan of one visit.

    ``leg_length`` is None when no method measured a leg-length difference; ``chains``
    holds the kinetic chain of both sides. ``edits`` is what the therapist noted about
    the plan and ``decided`` what stands of it; read that with
    `gaitkit.model.decisions.plan_in_force`. ``proms``, ``therapy`` and ``visited_on``
    repeat what the visit says, so that assessments can be compared without visits;
    ``intake`` repeats what the patient told, without anything in own words, and
    ``notes`` what the therapist wrote about what was seen and felt; what was found by
    hand stands in ``provenance.visit``. ``differences`` holds left minus right of what
    is in force, and ``contacts`` each contact with a plate, as the report shows them.
    """

    subject: Subject
    recordings: tuple[Recording, ...]
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    measurements: tuple[Measurement, ...]
    waveforms: tuple[Waveform, ...]
    findings: tuple[Finding, ...]
    plan: Plan
    provenance: Provenance
    leg_length: LegLengthEstimate | None = None
    chains: tuple[KineticChain, ...] = ()
    edits: PlanEdits | None = None
    decided: DecidedPlan | None = None
    proms: tuple[Prom, ...] = ()
    therapy: tuple[Therapy, ...] = ()
    visited_on: date | None = None
    intake: Intake | None = None
    notes: ExaminationNotes | None = None
    differences: tuple[SideDifferenceRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    schema_version: str = SCHEMA_VERSION

    def table(self) -> pd.DataFrame:
        """Return the measurements as a table, one row each.

        Returns
        -------
        DataFrame
            ``name, side, region, value, unit, sd, low, high`` (95 % interval), ``n,
            method, recording, quality`` and, where there is no value, ``why_missing``:
            the code of the reason. Sides and codes are plain text.

        Examples
        --------
        >>> from gaitkit.io.export.assessment import read_assessment_json
        >>> steps = read_assessment_json(folder).table()  # doctest: +SKIP
        >>> steps[steps["name"] == "step_length"]  # doctest: +SKIP
        """
        import pandas as pd

        rows = [
            {
                "name": row.name,
                "side": None if row.side is None else str(row.side),
                "region": row.region,
                "value": row.value,
                "unit": row.unit,
                "sd": row.sd,
                "low": row.low,
                "high": row.high,
                "n": row.n,
                "method": row.method,
                "recording": row.recording,
                "quality": row.quality,
                "why_missing": None
                if row.why_missing is None
                else row.why_missing.code,
            }
            for row in self.measurements
        ]
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        """Show the measurements with a value, as a notebook shows a table."""
        known = self.table().dropna(subset="value")
        shown = known[["name", "side", "region", "value", "low", "high", "unit", "n"]]
        html: str = shown.to_html(index=False, na_rep="", float_format="{:.3g}".format)
        return html
