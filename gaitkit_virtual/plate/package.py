"""A simulated walk as files: exports of several makers with the truth beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from gaitkit.errors import OutputError
from gaitkit_virtual.plate.walk import PlateSpec, SimulatedPlate
from gaitkit_virtual.plate.writers import Maker, write_export

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WALKWAY = PlateSpec(
    rows=560, cols=80, pitch_mm=(5.0, 5.0), rate_hz=100.0, duration_s=2.8, step_kpa=2.5
)
"""A plate of 2.8 m with sensors of 5 mm: room for four steps."""

NAMES: dict[Maker, str] = {
    "footscan": "walk - Entire Plate Roll Off",
    "emed": "walk.lst",
    "zebris": "walk.txt",
    "tekscan": "walk.asf",
    "apd": "walk.apd",
    "xsensor": "walk.csv",
    "matrix": "walk_matrix.csv",
}
TRUTH = "truth.json"


def write_package(
    simulated: SimulatedPlate, folder: Path, *, makers: Sequence[Maker] = ("emed",)
) -> tuple[Path, ...]:
    """Write a simulated walk as exports, with its truth as JSON.

    Parameters
    ----------
    simulated : SimulatedPlate
        Recording and truth.
    folder : Path
        Made when it does not exist.
    makers : sequence of str
        Layouts to write; a plain matrix gets the TOML that explains it.

    Returns
    -------
    tuple of Path
        What was written; the truth last.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for maker in makers:
            path = folder / NAMES[maker]
            write_export(simulated.data, path, maker=maker)
            written.append(path)
            if maker == "matrix":
                _sidecar(simulated, path)
        truth = folder / TRUTH
        part = truth.with_name(f".{TRUTH}.part")
        part.write_text(truth_json(simulated), encoding="utf-8")
        part.replace(truth)
    except OSError as error:
        msg = f"{folder.name} cannot be written ({error.strerror}). Choose a place."
        raise OutputError(msg) from error
    return (*written, truth)


def truth_json(simulated: SimulatedPlate) -> str:
    """Return what is true of every contact as JSON text."""
    contacts = [asdict(contact) for contact in simulated.contacts]
    table = {"threshold_kpa": simulated.threshold_kpa, "contacts": contacts}
    return json.dumps(table, indent=2)


def _sidecar(simulated: SimulatedPlate, path: Path) -> None:
    rows, cols = simulated.data.attrs["pitch_mm"]
    time = simulated.data["time"].to_numpy()
    rate = (time.size - 1) / (time[-1] - time[0])
    text = (
        f'unit = "kPa"\npitch_rows_mm = {rows}\npitch_cols_mm = {cols}\n'
        f"rate_hz = {rate:.6f}\n"
    )
    path.with_name(f"{path.name}.toml").write_text(text, encoding="utf-8")
