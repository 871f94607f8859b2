"""Which reading teaches most for its minutes: expected information, not a decision.

For each candidate of ``next_reading.toml`` the information that it is expected to add
is the mutual information of its reading ``m`` and the difference ``d``, given all that
was measured::

    I = sum_d sum_m p(d) p(m | d) log2(p(m | d) / p(m)),   p(m) = sum_d p(d) p(m | d)

with ``p(d)`` the posterior of patients and ``p(m | d)`` a normal with gross errors. The
error of the candidate is what it adds to the readings of its kind that are there: from
the precisions of that kind with and without it, so that a second examiner is worth less
than a first and a seated picture more beside standing ones. The numbers of the pictures
that would be taken do not matter for their error, only which ones.

References
----------
Lindley DV (1956). On a measure of the information provided by an experiment. Ann Math
Stat 27:986-1005. doi:10.1214/aoms/1177728069
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.measure.leg_length.evidence import STICKER_PICTURES, of_people, of_pictures
from gaitkit.measure.leg_length.methods import STANDING
from gaitkit.measure.leg_length.posterior import GRID_MM, STEP_MM, Belief
from gaitkit.measure.leg_length.readings import Reading
from gaitkit.model.leg_length import NextReading
from gaitkit.model.standing import PelvisTilt
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.measure.leg_length.evidence import Evidence
    from gaitkit.measure.leg_length.methods import ErrorTable, GrossErrors

LITTLE_LEFT_BITS = 0.05
"""When imaging too would add less than this, nothing is worth measuring."""

READ_SD_MM = 0.7
"""Error of reading one picture between the hips, mm, of a picture not yet taken."""

COARSE = 4
"""Steps of the grid that are taken together: information needs no finer ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reading of the data file."""

    label: Text
    minutes: float
    method: str = STICKER_PICTURES
    readings: int = 1
    standing: int = 0
    seated: int = 0
    blocks: tuple[float, ...] = ()


def next_readings(
    used: Sequence[Evidence], belief: Belief, errors: ErrorTable
) -> tuple[NextReading, ...]:
    """Return what could be measured next, the most information a minute first.

    Parameters
    ----------
    used : sequence of Evidence
        What counts already.
    belief : Belief
        The posterior of patients.
    errors : ErrorTable
        Errors of the methods.
    """
    found = []
    for each in _candidates():
        method = errors.named(each.method)
        if method is None:
            continue
        sd = _added_sd(each, used, errors)
        if sd is not None:
            bits = information(belief, sd_mm=sd, gross=method.gross)
            found.append(NextReading(label=each.label, minutes=each.minutes, bits=bits))
    if max((each.bits for each in found), default=0.0) < LITTLE_LEFT_BITS:
        return ()
    return tuple(sorted(found, key=lambda each: -each.bits / each.minutes))


def information(belief: Belief, *, sd_mm: float, gross: GrossErrors) -> float:
    """Return the information (bit) that a reading is expected to add to a belief."""
    at = GRID_MM[::COARSE]
    weight = belief.density[::COARSE]
    weight = weight / weight.sum()
    inside = weight > 1e-7  # noqa: PLR2004 - the rest adds nothing
    given = _readings_given(at, at[inside], sd_mm, gross)
    expected = weight[inside] @ given
    ratio = np.log2(np.maximum(given, 1e-300) / np.maximum(expected, 1e-300))
    step = COARSE * STEP_MM
    return float(step * (weight[inside, None] * given * ratio).sum())


def _readings_given(
    readings: NDArray[np.float64],
    differences: NDArray[np.float64],
    sd_mm: float,
    gross: GrossErrors,
) -> NDArray[np.float64]:
    """Return p(reading | difference), (differences, readings)."""
    off = readings[None, :] - differences[:, None]
    # a grid of 2 mm holds no narrower error
    usual = max(sd_mm, 1.0)
    wild = max(gross.times * usual, math.hypot(usual, gross.least_mm))
    total: NDArray[np.float64] = np.zeros_like(off)
    for share, sd in ((1.0 - gross.share, usual), (gross.share, wild)):
        total += share / (sd * math.sqrt(2 * math.pi)) * np.exp(-0.5 * (off / sd) ** 2)
    return total


def _added_sd(
    candidate: Candidate, used: Sequence[Evidence], errors: ErrorTable
) -> float | None:
    """Return the error of what a candidate adds; None when it adds nothing."""
    old = next((e for e in used if e.method.name == candidate.method), None)
    if old is not None and old.tilts:
        old = _level(old.tilts, errors)
    new = _with(candidate, old, errors)
    shared = errors.group_sd_mm(STANDING) if new.method.standing else 0.0
    # pictures have the part of how somebody stands in their error, readings have not
    beside = 0.0 if new.tilts else shared
    after = 1.0 / (new.sd_mm**2 + beside**2)
    before = 0.0 if old is None else 1.0 / (old.sd_mm**2 + beside**2)
    return None if after <= before * 1.001 else 1.0 / math.sqrt(after - before)


def _with(candidate: Candidate, old: Evidence | None, errors: ErrorTable) -> Evidence:
    """Return the evidence of a method after a candidate was measured."""
    if candidate.method != STICKER_PICTURES:
        raters = 0 if old is None else old.raters
        taken = [
            Reading(method=candidate.method, rater=str(n), value_mm=0.0, n=n_readings)
            for n, n_readings in enumerate([candidate.readings] * (raters + 1))
        ]
        return of_people(taken, errors)[0]
    tilts = [_tilt(0.0) for _ in range(candidate.standing)]
    tilts += [_tilt(0.0, block_mm=block) for block in candidate.blocks]
    tilts += [_tilt(0.0, seated=True) for _ in range(candidate.seated)]
    return _level((*(old.tilts if old else ()), *tilts), errors)


def _level(tilts: Sequence[PelvisTilt], errors: ErrorTable) -> Evidence:
    """Return the evidence of these pictures of somebody who stands level."""
    answer = errors.pictures.answer
    level = tuple(replace(t, tilt_mm=-answer * t.block_mm) for t in tilts)
    return of_pictures(level, errors)[0]


def _tilt(mm: float, *, block_mm: float = 0.0, seated: bool = False) -> PelvisTilt:
    return PelvisTilt(
        recording="",
        line="asis",
        tilt_mm=mm,
        sd_mm=READ_SD_MM,
        block_mm=block_mm,
        seated=seated,
    )


@cache
def _candidates() -> tuple[Candidate, ...]:
    file = resources.files("gaitkit.measure.leg_length") / "next_reading.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Candidate(
            **{
                **raw,
                "label": Text(**raw["label"]),
                "blocks": tuple(float(b) for b in raw.get("blocks", ())),
            }
        )
        for raw in table.values()
    )
