"""Real and made-up feet for the tests of insoles."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gaitkit.insole.footprint import print_of_shoe, prints_of
from gaitkit.io.plates.registry import read_plate
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.model.insole import Base, PlantarPrint
from gaitkit.model.pressure import source_of
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

SHELL = Base(heel_mm=3.0, forefoot_mm=2.0, least_mm=1.5)

WALKED_ON = ("emed", "footscan", "zebris", "zebris_apd")
"""Folders with recordings of people who walked on a plate or a treadmill."""


def size_42(side: Side = Side.RIGHT) -> PlantarPrint:
    """Return a foot in usual proportions."""
    return print_of_shoe(side, 42.0)


@cache
def real_prints(shared_data: Path) -> dict[str, PlantarPrint]:
    """Return the print of each foot of each recording on a plate, by file and side."""
    found = {}
    files = [
        file
        for folder in WALKED_ON
        for file in sorted((shared_data / "plates" / folder).glob("*"))
        if file.is_file()
    ]
    for file in files:
        for mat in read_plate(file).mats:
            assert source_of(mat).surface in {"plate", "treadmill"}
            for side, print_ in prints_of(analyse_plate(mat).feet).items():
                found[f"{file.name} {side}"] = print_
    return found
