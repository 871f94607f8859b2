"""Which foot stands on a force plate: markers at the centre of pressure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.motion import Floats
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gaitkit.model.motion import ForcePlate, MotionRecording

HIND = ("heel", "ankle_lateral", "ankle")
FORE = ("toe", "foot_index", "metatarsal_5", "metatarsal_1", "hallux")

TIP_BEYOND = {"toe": 1.3, "metatarsal_5": 1.35, "metatarsal_1": 1.3}
"""Heel to tip over heel to marker: an assumption, that the metatarsal heads lie at
about three quarters of the foot. It decides whether a foot is whole on a plate."""

MAX_DISTANCE_M = 0.15
"""The centre of pressure lies under the foot; farther markers belong to nobody on the
plate, or to other clothes than a shoe."""

EDGE_MARGIN_M = 0.02
"""Markers sit on the skin and edges are known to a centimetre: a foot counts as whole
on the plate when it reaches over its edge by no more."""

FLAT = (0.25, 0.6)
"""Part of a contact in which the foot lies flat."""

LIFTED_M = 0.05
"""A foot whose markers are higher than in its lowest places by more is in the air."""

STILL_M_S = 0.4
"""A foot that moves faster does not stand: in swing it is well above 1 m/s."""

STANDS_S = 0.03
"""Shorter stillness is noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPath:
    """The hind and forefoot of one side over time, z up.

    Attributes
    ----------
    time_s : array (time,)
        Clock of the markers.
    hind, tip : array (time, 3)
        Heel and tip of the foot, metres.
    """

    time_s: Floats
    hind: Floats
    tip: Floats

    def at(self, time_s: Floats) -> tuple[Floats, Floats]:
        """Return heel and tip at other times; NaN in gaps and outside."""
        return _sampled(self.hind, self.time_s, time_s), _sampled(
            self.tip, self.time_s, time_s
        )

    @property
    def floor_m(self) -> float:
        """Height of the heel when it stands."""
        known = self.hind[np.isfinite(self.hind[:, 2]), 2]
        return float(np.quantile(known, 0.05)) if known.size else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOnPlate:
    """Whose contact it is.

    Attributes
    ----------
    side : Side or None
        The foot, None where no foot is near enough.
    confidence : float
        0 to 1: how much nearer it is than the other.
    whole : bool or None
        Whether it stood within the edges; None where these are unknown.
    other_off : bool
        Whether the other foot did not stand on the plate.
    """

    side: Side | None
    confidence: float
    whole: bool | None
    other_off: bool


def feet_of(recording: MotionRecording) -> dict[Side, FootPath]:
    """Return the feet whose heel and forefoot are marked, z up."""
    data = recording.by_role()["position"].transpose("time", "space", "keypoint")
    roles = [str(role) for role in data["keypoint"].to_numpy()]
    position = data.to_numpy()
    feet = {}
    for side in Side:
        hind = next((p for p in HIND if f"{side}_{p}" in roles), None)
        fore = next((p for p in FORE if f"{side}_{p}" in roles), None)
        if hind is None or fore is None:
            continue
        heel = position[:, :, roles.index(f"{side}_{hind}")]
        ball = position[:, :, roles.index(f"{side}_{fore}")]
        tip = heel + TIP_BEYOND.get(fore, 1.0) * (ball - heel)
        feet[side] = FootPath(time_s=data["time"].to_numpy(), hind=heel, tip=tip)
    return feet


def foot_on(
    plate: ForcePlate, run: tuple[int, int], feet: dict[Side, FootPath]
) -> FootOnPlate:
    """Return which foot made a contact.

    Parameters
    ----------
    plate : ForcePlate
        In the frame of gaitkit (z up).
    run : tuple of int
        Samples of the contact, half open.
    feet : dict of Side to FootPath
        Both feet, where marked.

    Notes
    -----
    The distance of a foot is the median, over the contact, of the horizontal distance
    of the centre of pressure from the line heel to tip; frames in which the foot is in
    the air do not count for it.
    """
    start, end = run
    time_s = plate.time_s[start:end]
    center = plate.center_of_pressure_m[start:end, :2]
    away = {side: _distance(foot, time_s, center) for side, foot in feet.items()}
    near = [side for side in Side if away.get(side, np.inf) <= MAX_DISTANCE_M]
    if not near:
        return FootOnPlate(side=None, confidence=0.0, whole=None, other_off=False)
    side = min(near, key=lambda each: away[each])
    other = away.get(side.other, np.inf)
    share = 1.0 if not np.isfinite(other) else 1 - away[side] / max(other, 1e-9)
    flat = time_s[int(FLAT[0] * time_s.size) : int(FLAT[1] * time_s.size) + 1]
    return FootOnPlate(
        side=side,
        confidence=float(np.clip(share, 0.0, 1.0)),
        whole=_is_whole(plate, feet[side], flat),
        other_off=side.other not in feet
        or not _stands_on(plate, feet[side.other], time_s),
    )


def _distance(foot: FootPath, time_s: Floats, center: Floats) -> float:
    heel, tip = foot.at(time_s)
    low = heel[:, 2] <= foot.floor_m + 4 * LIFTED_M
    along = tip[:, :2] - heel[:, :2]
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((center - heel[:, :2]) * along).sum(axis=1) / length, 0, 1)
    nearest = heel[:, :2] + share[:, None] * along
    gap = np.hypot(*(center - nearest).T)[low]
    gap = gap[np.isfinite(gap)]
    return float(np.median(gap)) if gap.size else float("inf")


def _is_whole(plate: ForcePlate, foot: FootPath, time_s: Floats) -> bool | None:
    if plate.corners_m is None:
        return None
    ends = np.stack(foot.at(time_s))
    known = np.isfinite(ends).all(axis=(0, 2))
    if not known.any():
        return None
    places = np.median(ends[:, known], axis=1)
    return bool(_inside(plate.corners_m, places[:, :2], margin_m=EDGE_MARGIN_M).all())


def _stands_on(plate: ForcePlate, foot: FootPath, time_s: Floats) -> bool:
    """Return whether a foot stands on the plate at any time: low, still and inside."""
    if plate.corners_m is None:
        return False
    inside = (foot.time_s >= time_s[0]) & (foot.time_s <= time_s[-1])
    low = foot.floor_m + LIFTED_M
    needed = STANDS_S * (foot.time_s.size - 1) / float(np.ptp(foot.time_s))
    for path in (foot.hind, foot.tip):
        speed = np.hypot(*np.gradient(path[:, :2], foot.time_s, axis=0).T)
        over = _inside(plate.corners_m, path[:, :2], margin_m=0.0)
        stands = inside & (path[:, 2] <= low) & (speed < STILL_M_S) & over
        if int(stands.sum()) > needed:
            return True
    return False


def _inside(corners: Floats, places: Floats, *, margin_m: float) -> NDArray[np.bool_]:
    """Return which places (n, 2) lie in a rectangle, widened by a margin."""
    middle = corners[:, :2].mean(axis=0)
    inside = np.ones(len(places), dtype=np.bool_)
    for axis in (corners[0] - corners[1], corners[0] - corners[3]):
        length = float(np.hypot(axis[0], axis[1]))
        if not length > 0:  # a plate that stands upright: nobody is on it
            return np.zeros(len(places), dtype=np.bool_)
        away = np.abs((places - middle) @ (axis[:2] / length))
        inside &= away <= length / 2 + margin_m
    return inside


def _sampled(path: Floats, time_s: Floats, wanted: Floats) -> Floats:
    return np.column_stack(
        [
            np.interp(wanted, time_s, path[:, axis], left=np.nan, right=np.nan)
            for axis in range(path.shape[1])
        ]
    )
