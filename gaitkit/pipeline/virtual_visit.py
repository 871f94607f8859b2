"""The visit file of a virtual patient, beside the recordings."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from gaitkit.io.visit import VISIT_FILE
from gaitkit.io.visit_toml import visit_toml
from gaitkit.model.subject import Sex, Subject
from gaitkit.model.visit import Examination, RecordingInput, Visit

TRUTH = "truth.json"
TRUTH_SCHEMA_VERSION = "1"

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualVisit:
    """One patient on one day, with the truth.

    Attributes
    ----------
    subject_id : str
        Pseudonym.
    height_m : float
        Body height as it would be measured.
    sex : str or None
        ``female`` or ``male``.
    shod : bool
        Whether they wear shoes.
    recordings : tuple of RecordingInput
        Files, by name only.
    examination : Examination
        Readings by hand.
    truth : dict
        Truth of the patient; one entry ``recordings`` a file is added by the writer.
    """

    subject_id: str
    height_m: float
    sex: Sex | None
    shod: bool
    recordings: tuple[RecordingInput, ...]
    examination: Examination
    truth: Json


def write_visit(folder: Path, visit: VirtualVisit) -> tuple[Path, ...]:
    """Write visit file and truth into a folder that is there, and return them."""
    file, truth = folder / VISIT_FILE, folder / TRUTH
    file.write_text(_text(visit), encoding="utf-8")
    table = {"schema_version": TRUTH_SCHEMA_VERSION, **visit.truth}
    text = json.dumps(table, indent=1, allow_nan=False)
    truth.write_text(text + "\n", encoding="utf-8")
    return file, truth


def _text(visit: VirtualVisit) -> str:
    subject = Subject(
        subject_id=visit.subject_id,
        height_m=visit.height_m,
        sex=visit.sex,
        shod=visit.shod,
    )
    by_name = (replace(r, file=Path(r.file.name)) for r in visit.recordings)
    written = Visit(
        subject=subject, recordings=tuple(by_name), examination=visit.examination
    )
    made = "A virtual patient; what is true stands in truth.json."
    return visit_toml(written, comments=(made,))
