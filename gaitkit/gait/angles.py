"""Sagittal joint angles from walking space.

A segment is a line between two keypoints, seen along the left-right axis. Its
inclination is measured from the vertical (thigh, shank, trunk) or the floor (foot).

===================  ==========================================  ===================
angle                is                                          positive
===================  ==========================================  ===================
thigh_inclination    knee ahead of the hip                       forward swing
shank_inclination    ankle ahead of the knee                     forward swing
foot_inclination     toe above the heel                          toes up
trunk_flexion        shoulders ahead of the hips                 leaning forward
hip_flexion          thigh inclination + assumed pelvic tilt     flexion
knee_flexion         thigh - shank inclination                   flexion
ankle_dorsiflexion   foot - shank inclination, zeroed            dorsiflexion
===================  ==========================================  ===================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.keypoints import path_of
from gaitkit.model.labelled import described
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gaitkit.model.events import Event

PELVIC_TILT_DEG = 9.8
"""Mean anterior tilt of the pelvis in walking (deg), 42 adults, sd 5.6 between people:
Fukuchi 2018, doi:10.7717/peerj.4640. A side view without pelvic markers does not show
the tilt, so it is assumed; hip flexion has this sd as a systematic error, its range
and its side difference do not."""

FLAT_START_S, FLAT_END_S = 0.10, 0.30
"""After initial contact the sole lies on the floor in this window (see placements);
the line from heel to toe keypoint is then the zero of the foot."""

ANGLES = (
    "hip_flexion",
    "knee_flexion",
    "ankle_dorsiflexion",
    "trunk_flexion",
    "thigh_inclination",
    "shank_inclination",
    "foot_inclination",
)
"""Names of the angles, in degrees."""


def sagittal_angles(walking: xr.Dataset, events: Sequence[Event]) -> xr.Dataset:
    """Return the sagittal angles of both sides over time.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space; any unit.
    events : sequence of Event
        Initial contacts give the moments at which the foot lies flat.

    Returns
    -------
    xarray.Dataset
        Variables as in ``ANGLES``, dims ``time, side``, degrees; NaN where a keypoint
        is missing. ``trunk_flexion`` is that of the whole trunk, the same for both
        sides. ``foot_inclination`` is zeroed per side at the median inclination of
        the foot lying flat, because heel and toe keypoints do not lie at one height.

    Notes
    -----
    Known errors of pose keypoints against rendered bodies (BlazePose, side view):
    knee flexion 4 deg too small on the near side and 7 deg on the far side, ankle
    keypoint 1.7 % of stature above the joint. They are not corrected: they were
    measured on virtual bodies and stand in the catalogue as error. In a laboratory
    hip flexion against the real pelvis needs pelvic markers and another function.
    """
    sides = {side: _of_side(walking, side, events) for side in Side}
    return described(
        xr.Dataset(
            {
                name: (
                    ("time", "side"),
                    np.column_stack([sides[side][name] for side in Side]),
                    {"units": "deg"},
                )
                for name in ANGLES
            },
            coords={
                "time": walking["time"].to_numpy(),
                "side": [str(side) for side in Side],
            },
            attrs={"rate_hz": walking.attrs["rate_hz"]},
        )
    )


def _of_side(
    walking: xr.Dataset, side: Side, events: Sequence[Event]
) -> dict[str, NDArray[np.float64]]:
    thigh = _from_vertical(walking, f"{side}_hip", f"{side}_knee")
    shank = _from_vertical(walking, f"{side}_knee", f"{side}_ankle")
    foot = _from_floor(walking, f"{side}_heel", f"{side}_foot_index")
    foot = foot - flat_foot_deg(
        foot, walking["time"].to_numpy(), _contacts(events, side)
    )
    return {
        "thigh_inclination": thigh,
        "shank_inclination": shank,
        "foot_inclination": foot,
        "trunk_flexion": _trunk(walking),
        "hip_flexion": thigh + PELVIC_TILT_DEG,
        "knee_flexion": thigh - shank,
        "ankle_dorsiflexion": foot - shank,
    }


def flat_foot_deg(
    foot_deg: NDArray[np.float64],
    time_s: NDArray[np.float64],
    contacts_s: Sequence[float],
) -> float:
    """Return the median inclination of the foot while it lies flat; 0 if never seen.

    Parameters
    ----------
    foot_deg : array (time,)
        Inclination of the line from heel to toe.
    time_s : array (time,)
        Seconds.
    contacts_s : sequence of float
        Initial contacts of this foot.
    """
    flat = np.zeros(time_s.size, dtype=bool)
    for contact in contacts_s:
        flat |= (time_s >= contact + FLAT_START_S) & (time_s <= contact + FLAT_END_S)
    known = foot_deg[flat & np.isfinite(foot_deg)]
    return float(np.median(known)) if known.size else 0.0


def _contacts(events: Sequence[Event], side: Side) -> list[float]:
    return [
        event.time_s
        for event in events
        if event.side is side and event.kind == "initial_contact"
    ]


def _from_vertical(walking: xr.Dataset, top: str, bottom: str) -> NDArray[np.float64]:
    """Return the inclination of a hanging segment, bottom ahead positive, degrees."""
    ahead = path_of(walking, bottom, "forward") - path_of(walking, top, "forward")
    down = path_of(walking, top, "up") - path_of(walking, bottom, "up")
    angle: NDArray[np.float64] = np.rad2deg(np.arctan2(ahead, down))
    return angle


def _from_floor(walking: xr.Dataset, heel: str, toe: str) -> NDArray[np.float64]:
    ahead = path_of(walking, toe, "forward") - path_of(walking, heel, "forward")
    rise = path_of(walking, toe, "up") - path_of(walking, heel, "up")
    angle: NDArray[np.float64] = np.rad2deg(np.arctan2(rise, ahead))
    return angle


def _trunk(walking: xr.Dataset) -> NDArray[np.float64]:
    """Return the forward lean of the line from mid-hips to mid-shoulders, degrees."""
    known = walking["keypoint"].to_numpy().tolist()
    if not {"left_shoulder", "right_shoulder"} <= set(known):
        return np.full(walking.sizes["time"], np.nan)
    middle = {
        part: [
            (
                path_of(walking, f"left_{part}", axis)
                + path_of(walking, f"right_{part}", axis)
            )
            / 2
            for axis in ("forward", "up")
        ]
        for part in ("shoulder", "hip")
    }
    ahead = middle["shoulder"][0] - middle["hip"][0]
    rise = middle["shoulder"][1] - middle["hip"][1]
    angle: NDArray[np.float64] = np.rad2deg(np.arctan2(ahead, rise))
    return angle
