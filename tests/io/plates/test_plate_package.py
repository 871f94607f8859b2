"""Simulated walks as files, and what reading a walk costs."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from gaitkit.errors import OutputError
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit_virtual.plate.package import NAMES, write_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gaitkit_virtual.plate.walk import SimulatedPlate


def test_a_package_holds_exports_and_truth(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    paths = write_package(one_step, folder, makers=("emed", "matrix"))
    assert [p.name for p in paths] == [NAMES["emed"], NAMES["matrix"], "truth.json"]
    truth = json.loads(paths[-1].read_text())
    assert truth["contacts"][0]["side"] == "left"
    one, other = (read_plate(p).mats[0]["pressure"].to_numpy() for p in paths[:2])
    assert np.array_equal(one, other)
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_a_folder_that_is_a_file_is_refused(
    one_step: SimulatedPlate, tmp_path: Path
) -> None:
    (tmp_path / "made").touch()
    with pytest.raises(OutputError, match="made cannot be written"):
        write_package(one_step, tmp_path / "made")


def best(job: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.shared
def test_a_walk_of_16_mb_costs_little_time_and_memory(shared_data: Path) -> None:
    (path,) = (shared_data / "plates/footscan").glob("barefoot_1*")
    lines = path.read_bytes().split(b"\r\n")
    numbers = b"\n".join(line.rstrip(b"\t") for line in lines if line[:1].isdigit())
    base = best(
        lambda: pd.read_csv(
            io.BytesIO(numbers), sep="\t", header=None, dtype=np.float32, engine="c"
        )
    )
    analyse_plate(read_plate(path).mats[0])  # imports are not part of the cost
    assert best(lambda: read_plate(path)) <= 2 * base
    assert best(lambda: analyse_plate(read_plate(path).mats[0])) <= 6 * base
    tracemalloc.start()
    data = read_plate(path).mats[0]
    analyse_plate(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 4 * data["pressure"].nbytes
