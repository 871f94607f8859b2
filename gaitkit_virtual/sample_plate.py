"""The pressure plate of the sample visit: the same steps as its film."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.package import truth_json
from gaitkit_virtual.plate.under_walk import PlatePlace, plate_under_walk
from gaitkit_virtual.plate.walk import PlateSpec
from gaitkit_virtual.plate.writers import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit_virtual.plate.walk import SimulatedPlate
    from gaitkit_virtual.virtual_walk import VirtualWalk

PLATE_NAME = "plate.txt.gz"
TRUTH_NAME = "plate_truth.json"

PLATE = PlateSpec(
    rows=256,
    cols=64,
    pitch_mm=(7.62, 5.08),
    rate_hz=125.0,
    duration_s=3.0,
    floor_kpa=5.0,
)
"""A plate of 1.95 m with the sensors of a footscan plate (7.62 by 5.08 mm)."""

PLACE = PlatePlace(
    start_m=-1.25,
    begins_at_s=1.70,
    left=SoleShape(length_mm=252.0, peak_force_n=780.0),
    right=SoleShape(length_mm=252.0, midfoot=0.10, inward=1.6, peak_force_n=780.0),
)
"""In front of the camera; the right foot is flat and rolls inwards, as on the further
passes (``sample`` in ``patients.toml``)."""


def make_sample_plate(folder: Path, walked: VirtualWalk) -> SimulatedPlate:
    """Write what a plate records of the first pass of the sample film, and its truth.

    Parameters
    ----------
    folder : Path
        An existing folder.
    walked : VirtualWalk
        The pass.
    """
    simulated = plate_under_walk(
        walked.parameters,
        plate=PLATE,
        place=PLACE,
        duration_s=walked.duration_s,
        seed=walked.seed,
    )
    plain = folder / f".{PLATE_NAME}.plain"
    try:
        write_export(simulated.data, plain, maker="footscan")
        # no name and no time in the header: the same walk gives the same bytes
        packed = gzip.compress(plain.read_bytes(), compresslevel=9, mtime=0)
    finally:
        plain.unlink(missing_ok=True)
    (folder / PLATE_NAME).write_bytes(packed)
    text = truth_json(simulated)
    (folder / TRUTH_NAME).write_text(text + "\n", encoding="utf-8")
    return simulated
