"""Damaged files are refused in one line: no crash, no hang, no runaway memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from motion_files import (
    PLACES_MM,
    Trial,
    plate_of_kind,
    standing_mm,
    trc_text,
    write_trial,
)

from gaitkit.io.convert import convert

SCRIPT = Path(__file__).resolve().parents[2] / "support" / "motion_fuzz.py"
CASES = 300
REAL_CASES = 120
LIMIT_S = 300
LIMIT_MB = 500
SLOWEST_S = 20.0
"""A hang, not a busy machine."""


def sound_files(folder: Path) -> list[Path]:
    """Return whole files of each format, with everything that can stand in one."""
    labels = [*PLACES_MM, "LKneeAngles"]
    events = [
        ("EVENT", "USED", [2]),
        ("EVENT", "CONTEXTS", ["Left", "Right"]),
        ("EVENT", "LABELS", ["Foot Strike", "Foot Off"]),
        ("EVENT", "TIMES", np.array([[0.0, 0.0], [0.3, 0.7]])),
        ("POINT", "ANGLES", ["LKneeAngles"]),
    ]
    trial = Trial(
        labels=labels,
        position_mm=standing_mm(labels),
        plates=[plate_of_kind(2), plate_of_kind(1)],
        parameters=events,
    )
    c3d = write_trial(folder / "sound.c3d", trial)
    trc = folder / "sound.trc"
    trc.write_text(trc_text(frames=60, promised=60))
    return [c3d, trc, *convert(c3d, folder / "sound.mot")]


def told(folder: Path, cases: int, sources: list[Path]) -> dict[str, float]:
    """Run the reader on damaged files and return what it tells."""
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(cases), *map(str, sources)],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    table: dict[str, float] = json.loads(result.stdout)
    return table


def test_300_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    found = told(tmp_path, CASES, sound_files(tmp_path))
    assert found["read"] + found["refused"] == CASES
    assert found["refused"] > CASES / 5
    assert found["peak_mb"] < LIMIT_MB
    assert found["slowest_s"] < SLOWEST_S


@pytest.mark.shared
def test_damaged_files_of_laboratories_are_read_or_refused(
    shared_data: Path, tmp_path: Path
) -> None:
    sources = [
        shared_data / "markers" / name
        for name in (
            "biomechzoo/HC033A10_Straight.c3d",
            "bmc/Gait.c3d",
            "bmc/walk.trc",
            "nimble_opencapU/walking2_grf.mot",
        )
    ]
    found = told(tmp_path, REAL_CASES, sources)
    assert found["read"] + found["refused"] == REAL_CASES
    assert found["peak_mb"] < LIMIT_MB
    assert found["slowest_s"] < SLOWEST_S
