"""Damaged files of every kind at every door: the small run of the long command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parents[2] / "benchmarks" / "reliability" / "fuzz.py"
SEED = 14
CASES = 60


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def run(work: Path, *words: object) -> list[dict[str, str]]:
    """Run the command in a folder and return its cases."""
    done = subprocess.run(
        [sys.executable, str(FUZZ), "--work", str(work), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MPLBACKEND": "Agg"},
    )
    state = max(work.glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    assert done.stdout.startswith("seed"), done.stderr
    return [json.loads(line) for line in state.read_text().splitlines()]


def faults(cases: list[dict[str, str]]) -> list[str]:
    return [
        f"{each['source']}, {each['door']}, {each['damage']}: {each['what'][-400:]}"
        for each in cases
        if each["verdict"] == "fault"
    ]


def test_whole_and_damaged_files_are_read_or_refused_in_one_line(work: Path) -> None:
    whole = run(work, "--whole", "--first-door")
    assert len(whole) > 40
    assert not faults(whole)
    cases = run(work, "--seed", SEED, "--count", CASES)
    assert not faults(cases)
    assert sum(each["verdict"] == "refused" for each in cases) > CASES / 4
