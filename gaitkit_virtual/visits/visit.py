"""The visit file of a virtual patient, beside the recordings.

What a therapist reads by hand on a virtual patient, errors included.

Friberg 1988 (doi:10.3109/09638288809164098) gives the whole error of one reading:
8.6 mm with a tape, 7.5 mm with blocks. It is split into what stays with the method on
this patient, what stays with the rater, and chance; the split is derived, as the file
of methods of the estimate says, and repeated here so that a change there shows as a
loss of coverage on virtual patients.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.visit import VISIT_FILE
from gaitkit.io.visit_text import visit_toml
from gaitkit.model.side import Side
from gaitkit.model.subject import Sex, Subject
from gaitkit.model.visit import (
    BlockTest,
    Examination,
    RecordingInput,
    TapeReading,
    Visit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit_virtual.standing.parameters import StandingParameters

TRUTH = "truth.json"
TRUTH_SCHEMA_VERSION = "1"
Json = dict[str, object]
ABOVE_HIP_M = 0.055
"""ASIS above the hip centre along the leg, roughly: a tape begins there."""

RATER = "1"
READINGS = 2
MOST_BLOCK_MM = 60.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingError:
    """How a method errs, standard deviations in mm of the left - right difference."""

    total_mm: float
    method_mm: float
    rater_mm: float

    @property
    def chance_mm(self) -> float:
        """What a second reading of the same rater draws anew."""
        return math.sqrt(self.total_mm**2 - self.method_mm**2 - self.rater_mm**2)

    def readings(self, rng: np.random.Generator, *, count: int) -> list[float]:
        """Return errors of the readings of one rater on one patient, in mm."""
        shared = rng.normal(0, self.method_mm) + rng.normal(0, self.rater_mm)
        return [float(shared + rng.normal(0, self.chance_mm)) for _ in range(count)]


TAPE = ReadingError(total_mm=8.6, method_mm=4.5, rater_mm=6.4)
BLOCKS = ReadingError(total_mm=7.5, method_mm=2.0, rater_mm=5.8)


def virtual_examination(
    person: StandingParameters, *, seed: Sequence[int]
) -> Examination:
    """Return two readings with a tape and two with blocks, by one rater.

    Parameters
    ----------
    person : StandingParameters
        The patient.
    seed : sequence of int
        Seed of the errors.

    Notes
    -----
    The tape measures the bones; blocks level the standing pelvis, to which unequal
    eversion adds. Tapes are read to 1 mm, blocks to 1 mm.
    """
    rng = np.random.default_rng(list(seed))
    bones = person.leg_length_difference_mm
    standing = bones + person.functional_difference_mm
    tape: list[TapeReading] = []
    for error in TAPE.readings(rng, count=READINGS):
        tape += _tape(person, bones + error)
    blocks = tuple(
        _block(standing + error) for error in BLOCKS.readings(rng, count=READINGS)
    )
    return Examination(tape=tuple(tape), block_tests=blocks)


def _tape(person: StandingParameters, difference_mm: float) -> list[TapeReading]:
    legs = [person.thigh_of(side) + person.shank_of(side) for side in Side]
    middle = 1000 * (sum(legs) / 2 + ABOVE_HIP_M)
    left = round(middle + difference_mm / 2)
    lengths = {Side.LEFT: left, Side.RIGHT: left - round(difference_mm)}
    return [
        TapeReading(side=side, length_mm=float(length), rater=RATER)
        for side, length in lengths.items()
    ]


def _block(difference_mm: float) -> BlockTest:
    """Return the block under the leg that seems shorter."""
    side = Side.RIGHT if difference_mm > 0 else Side.LEFT
    height = min(float(round(abs(difference_mm))), MOST_BLOCK_MM)
    return BlockTest(side=side, height_mm=height, rater=RATER)
