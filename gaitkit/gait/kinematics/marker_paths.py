"""Clean paths of markers by role, in the laboratory frame (forward, left, up)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.kinematics.vectors import Array
from gaitkit.model.keypoints import keypoints
from gaitkit.model.reason import Reason
from gaitkit.signal.cleaning import clean
from gaitkit.signal.laboratory import find_laboratory, to_laboratory
from gaitkit.signal.one_body import OneBody, on_one_body, without_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

    from gaitkit.model.motion import MotionRecording
    from gaitkit.signal.settings import SignalSettings

LEG_PARTS = (
    "hip",
    "knee",
    "ankle",
    "heel",
    "foot_index",
    "asis",
    "psis",
    "greater_trochanter",
    "thigh_wand",
    "knee_lateral",
    "knee_medial",
    "shank_wand",
    "ankle_lateral",
    "ankle_medial",
    "toe",
    "metatarsal_1",
    "metatarsal_5",
    "hallux",
    "calcaneus_wand",
    "calcaneus_lateral",
    "sustentaculum",
    "shoulder",
)
TRUNK_PARTS = ("sacrum", "c7", "t10", "clavicle", "sternum", "neck")
OUTLIER_FLOOR = 0.03
"""Markers leave the mean of their neighbours by less than this share of a leg (25 mm):
a heel braked with 100 m/s2 by 5 mm in 10 ms. Keypoints of films need more room."""

ACROSS = ("asis", "psis", "hip", "greater_trochanter", "knee_lateral", "knee", "heel")
"""Pairs that show which side is left, best first."""

AHEAD = ("toe", "foot_index", "metatarsal_5")

USED = (
    *(f"{side}_{part}" for part in LEG_PARTS for side in ("left", "right")),
    *TRUNK_PARTS,
)
"""Roles that the kinematics can use; arms and head are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerPaths:
    """Markers over time as plain arrays.

    Attributes
    ----------
    time_s : array (time,)
        Uniform clock.
    rate_hz : float
        Its rate.
    names : tuple of str
        Roles.
    position : array (time, 3, marker)
        Forward, left, up of the laboratory in metres; NaN where unseen.
    low_confidence, outlying : float
        Shares of samples that cleaning set to missing.
    doubts : tuple of Reason
        What was put right or left out because it is on no body.
    mirrored : bool
        True when the left markers lay on the right of the body in the file; the left
        axis has been turned round, so that here they lie on the left.
    """

    time_s: Array
    rate_hz: float
    names: tuple[str, ...]
    position: Array
    low_confidence: float = 0.0
    outlying: float = 0.0
    doubts: tuple[Reason, ...] = ()
    mirrored: bool = False

    def has(self, *roles: str) -> bool:
        """Return True when every role is there and seen at least once."""
        return all(
            role in self.names and bool(np.isfinite(self.at(role)).any())
            for role in roles
        )

    def at(self, role: str) -> Array:
        """Return the path (time, 3) of a role."""
        return self.position[:, :, self.names.index(role)]

    def first_of(self, *roles: str) -> Array | None:
        """Return the path of the first role that is there, or None."""
        found = next((role for role in roles if self.has(role)), None)
        return None if found is None else self.at(found)

    def middle(self, *roles: str) -> Array | None:
        """Return the mean path of the roles, or None unless all are there."""
        if not self.has(*roles):
            return None
        return np.asarray(sum(self.at(role) for role in roles)) / len(roles)


def marker_paths(motion: MotionRecording, *, settings: SignalSettings) -> MarkerPaths:
    """Clean the markers of a recording and turn them into the laboratory frame.

    Parameters
    ----------
    motion : MotionRecording
        In three dimensions, metres.
    settings : SignalSettings
        Limits and cut-off of the cleaning.

    Raises
    ------
    InputError
        If the vertical axis cannot be found, or there are fewer than two frames.
    """
    present, coded = without_codes(motion)
    turned = to_laboratory(present, find_laboratory(present))
    labels = {each.role: each.label for each in turned.roles if each.role in USED}
    every = {str(name): k for k, name in enumerate(turned.markers["keypoint"].values)}
    columns = [every[label] for label in labels.values()]
    markers = turned.markers.transpose("time", "space", "keypoint")
    checked = _checked(motion, markers["position"].to_numpy()[:, :, columns], labels)
    cleaned = clean(
        keypoints(
            checked.position,
            _confidence(motion, checked.position, markers, columns),
            time_s=markers["time"].to_numpy(),
            names=list(labels),
            space=("x", "y", "z"),
            space_unit="m",
        ),
        names=list(labels),
        settings=replace(
            settings, outlier_floor=min(settings.outlier_floor, OUTLIER_FLOOR)
        ),
    )
    found = MarkerPaths(
        time_s=cleaned.data["time"].to_numpy(),
        rate_hz=float(cleaned.data.attrs["rate_hz"]),
        names=tuple(labels),
        position=cleaned.data["position"].to_numpy(),
        low_confidence=cleaned.low_confidence,
        outlying=cleaned.outlying,
        doubts=(*(() if coded is None else (coded,)), *checked.reasons),
    )
    if not _is_mirrored(found):
        return found
    turned_round = found.position * np.array([1.0, -1.0, 1.0])[:, None]
    return replace(found, position=turned_round, mirrored=True)


def _checked(motion: MotionRecording, position: Array, names: Iterable[str]) -> OneBody:
    """Return markers of one body; keypoints of a pose model have no skin to judge."""
    if motion.kind != "markers" or motion.timing.rate_hz is None:
        return OneBody(position=position, reasons=())
    return on_one_body(
        position,
        tuple(names),
        rate_hz=motion.timing.rate_hz,
        first_frame=motion.first_frame,
    )


def _confidence(
    motion: MotionRecording, position: Array, markers: xr.Dataset, columns: list[int]
) -> Array:
    """Return what a pose model says; a marker is seen or it is not."""
    if motion.kind != "markers":
        return np.asarray(markers["confidence"].to_numpy()[:, columns])
    return np.asarray(np.isfinite(position).all(axis=1), dtype=np.float64)


def _is_mirrored(markers: MarkerPaths) -> bool:
    """Return True when left markers lie on the right of a body that faces its toes."""
    pair = next(
        (
            (f"left_{part}", f"right_{part}")
            for part in ACROSS
            if markers.has(f"left_{part}", f"right_{part}")
        ),
        None,
    )
    feet = [
        markers.at(f"{side}_{toe}") - markers.at(f"{side}_heel")
        for side in ("left", "right")
        for toe in AHEAD
        if markers.has(f"{side}_{toe}", f"{side}_heel")
    ]
    if pair is None or not feet:
        return False
    left = markers.at(pair[0]) - markers.at(pair[1])
    ahead = np.asarray(sum(feet))
    across = ahead[:, 0] * left[:, 1] - ahead[:, 1] * left[:, 0]
    known = across[np.isfinite(across)]
    return bool(known.size) and float(np.median(known)) < 0
