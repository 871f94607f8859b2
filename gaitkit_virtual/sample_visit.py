"""Make the sample visit: ``python -m gaitkit_virtual.sample_visit FOLDER``.

The patient, the camera and the seed are fixed, so the same versions of the libraries
give the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.io.export.video import Encoding
from gaitkit_virtual.camera import Camera
from gaitkit_virtual.parameters import WalkerParameters
from gaitkit_virtual.patient_video import Shooting, virtual_patient_video
from gaitkit_virtual.sample_plate import make_sample_plate
from gaitkit_virtual.truth_file import write_truth

if TYPE_CHECKING:
    from gaitkit_virtual.patient_video import PatientVideo

VIDEO_NAME = "walk.mp4"
TRUTH_NAME = "walk_truth.json"
SEED = 7

PATIENT = WalkerParameters(
    height_m=1.72,
    stride_time_s=1.10,
    stride_length_m=1.28,
    shank_difference_mm=9.0,
    pelvis_share=0.7,
    knee_flexion_difference_deg=13.0,
    step_length_difference_m=-0.03,
    stride_time_sd_s=0.008,
    step_length_sd_m=0.010,
)
"""Left shank 9 mm longer, right knee bends 13 degrees less in swing, right step 3 cm
longer."""

SHOOTING: Shooting = Shooting(
    camera=Camera(
        view="sagittal_right",
        distance_m=4.6,
        height_m=1.0,
        width_px=1280,
        height_px=720,
        focal_px=1000.0,
    ),
    rate_hz=50.0,
    passes=4,
    way_m=6.9,
    encoding=Encoding(quality=23, preset="slow", key_every_s=10.0),
)


def make_sample_visit(folder: Path) -> PatientVideo:
    """Write the sample film, the plate under it and their truth into a folder.

    Parameters
    ----------
    folder : Path
        An existing folder.
    """
    film = virtual_patient_video(
        folder / VIDEO_NAME, PATIENT, shooting=SHOOTING, seed=SEED
    )
    write_truth(folder / TRUTH_NAME, film)
    make_sample_plate(folder, film.passes[0])
    return film


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        sys.exit("usage: python -m gaitkit_virtual.sample_visit FOLDER")
    from gaitkit_virtual.visits.patients import draw_sample

    make_sample_visit(Path(sys.argv[1]))
    draw_sample(Path(sys.argv[1]))
