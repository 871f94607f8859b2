"""The visit file of a virtual patient, beside the recordings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.io.visit import VISIT_FILE
from gaitkit.model.visit import Examination, RecordingInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRUTH = "truth.json"
TRUTH_SCHEMA_VERSION = "1"

WORDS = (
    "kind",
    "view",
    "posture",
    "condition",
    "block_side",
    "foot_side",
    "foot_load",
    "sticker_colour",
)
NUMBERS = ("block_height_mm", "sticker_diameter_mm")
"""Keys of a recording that virtual patients use."""

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
    sex: str | None
    shod: bool
    recordings: tuple[RecordingInput, ...]
    examination: Examination
    truth: Json


def write_visit(folder: Path, visit: VirtualVisit) -> tuple[Path, ...]:
    """Write visit file and truth into a folder that is there, and return them."""
    file, truth = folder / VISIT_FILE, folder / TRUTH
    file.write_text("\n".join(_lines(visit)) + "\n", encoding="utf-8")
    table = {"schema_version": TRUTH_SCHEMA_VERSION, **visit.truth}
    text = json.dumps(table, indent=1, allow_nan=False)
    truth.write_text(text + "\n", encoding="utf-8")
    return file, truth


def _lines(visit: VirtualVisit) -> Iterator[str]:
    yield "# A virtual patient; what is true stands in truth.json."
    yield "[subject]"
    yield f'subject_id = "{visit.subject_id}"'
    yield f"height_m = {visit.height_m:g}"
    if visit.sex is not None:
        yield f'sex = "{visit.sex}"'
    yield f"shod = {str(visit.shod).lower()}"
    for recording in visit.recordings:
        yield ""
        yield from _recording(recording)
    for reading in visit.examination.tape:
        yield ""
        yield "[[examination.tape]]"
        yield f'side = "{reading.side}"'
        yield f"length_mm = {reading.length_mm:g}"
        yield f'rater = "{reading.rater}"'
    for test in visit.examination.block_tests:
        yield ""
        yield "[[examination.block_tests]]"
        yield f'side = "{test.side}"'
        yield f"height_mm = {test.height_mm:g}"
        yield f'rater = "{test.rater}"'


def _recording(recording: RecordingInput) -> Iterator[str]:
    yield "[[recording]]"
    yield f'file = "{recording.file.name}"'
    for name in WORDS:
        value = getattr(recording, name)
        if value is not None:
            yield f'{name} = "{value}"'
    for name in NUMBERS:
        value = getattr(recording, name)
        if value is not None:
            yield f"{name} = {value:g}"
    if recording.floor_line_px is not None:
        yield f"floor_line_px = {list(recording.floor_line_px)}"
