"""What the commands print: short, plain, one fact a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.wording import SIDE_WORDS, interval_of, quantity
from gaitkit.report.comparison import evaluation_text
from gaitkit.report.comparison_tables import full_name
from gaitkit.report.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.io.inspection import Inspection
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.comparison import Comparison
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.text import Language

HEADLINES = ("cadence", "walking_speed", "step_length", "stance")
"""Measures shown on the terminal; the rest stands in the report."""

FILES = (
    "result.pdf",
    "prescription.pdf",
    "insole_left.stl",
    "insole_right.stl",
    "insoles.3mf",
    "letter.pdf",
    "letter_gp.pdf",
    "letter_therapist.pdf",
    "letter_shoemaker.pdf",
    "report.html",
    "report.pdf",
    "overlay.mp4",
    "assessment.fhir.json",
    "assessment.json",
)
"""Files of an assessment that are named when they are there."""

PLAN_WORDS = {
    "suggestions": {"nl": "suggesties", "en": "suggestions"},
    "withheld": {"nl": "aangehouden", "en": "withheld"},
    "none": {"nl": "geen", "en": "none"},
}


def show_assessment(
    assessment: Assessment, folder: Path, *, language: Language
) -> None:
    """Print the headlines of an assessment and where its files are.

    After a stop there is one headline: what has to be done today.
    """
    plan = assessment.plan
    if plan.triage.status != "stop":
        for recording in assessment.recordings:
            _show_quality(recording, language)
        for measurement in assessment.measurements:
            if measurement.name in HEADLINES and measurement.value is not None:
                print(_line(measurement, language))
    reason = f": {plan.reason.of(language)}" if plan.reason else ""
    print(f"plan: {PLAN_WORDS[plan.status][language]}{reason}")
    for name in FILES:
        if (folder / name).is_file():
            print(folder / name)


def show_comparison(
    comparison: Comparison, folder: Path, *, language: Language
) -> None:
    """Print what changed, what to mind, and where the files are."""
    for change in comparison.changes:
        if change.verdict in {"increased", "decreased"}:
            values = (
                quantity(m.value or 0.0, m.name, language)
                for m in (change.before, change.after)
            )
            name = full_name(change.before, words(language))
            print(f"{name}: {' -> '.join(values)}")
    for prom in comparison.proms:
        verdict = words(language)(f"compare.{prom.verdict}")
        print(f"{prom.label.of(language)}: {verdict}")
    if comparison.evaluation is not None:
        print(evaluation_text(comparison.evaluation, words(language)))
    for note in comparison.notes:
        print(f"{note.text.of(language)} {note.advice.of(language)}")
    for name in ("compare.html", "compare.json", "changes.csv"):
        print(folder / name)


def show_inspection(inspection: Inspection, *, language: Language) -> None:
    """Print what is in a file."""
    for label, value in inspection.lines(language):
        print(f"{label:<18}{value}")


def _show_quality(recording: Recording, language: Language) -> None:
    view = recording.view or "-"
    print(f"{recording.id}: {recording.kind}, {view}, {recording.quality.status}")
    for reason in recording.quality.reasons:
        print(f"  {reason.text.of(language)} {reason.advice.of(language)}")


def _line(measurement: Measurement, language: Language) -> str:
    entry = definition(measurement.name)
    label = entry.label.of(language)
    side = f" {SIDE_WORDS[measurement.side].of(language)}" if measurement.side else ""
    interval = interval_of(measurement, language)
    error = f" (95 %: {interval}, n = {measurement.n})" if interval else ""
    value = quantity(measurement.value or 0.0, measurement.name, language)
    return f"{label}{side}: {value}{error}"
