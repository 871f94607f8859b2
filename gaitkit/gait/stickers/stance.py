"""Stances of a foot from the stickers on its heel, seen from behind.

A heel that stands is still in the picture, whatever the size of the person; a heel
that swings is not. Speeds are divided by the length of the lower leg in the picture,
so that the same limits hold near and far.

Initial contact is when the heel comes to rest, foot off when it rises fastest: O'Connor
et al. 2007, doi:10.1016/j.gaitpost.2006.05.016, found the foot's upward speed largest
at foot off. Deviation: the heel instead of the middle of the foot. On 30 virtual
walkers at 30 and 60 pictures a second, not used for choosing the limits, initial
contact was 17 ms early (standard deviation 16 ms) and foot off 6 ms early (8 ms).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.stickers.paths import smooth
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from gaitkit.gait.stickers.paths import Array, LegStickers
    from gaitkit.gait.stickers.settings import StickerWalkSettings

PUSH_OFF_S = 0.45
"""Foot off follows the end of the rest of the heel within this time."""

RISES_ABOVE_PER_S = 3.0
"""Upward speed, in lengths of the lower leg a second, that a heel has at foot off. A
choice; about 9 in comfortable walking."""

MIN_RISING = 3
"""Frames after the rest in which foot off is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerStance:
    """One stance of a foot.

    Attributes
    ----------
    side : Side
        Which foot.
    start_s, end_s : float
        Initial contact and foot off.
    heel_off_s : float
        When the heel has left the floor.
    leg_px : float
        Length of the lower leg in the picture while the foot stands, pixels.
    """

    side: Side
    start_s: float
    end_s: float
    heel_off_s: float
    leg_px: float

    @property
    def heel_off_pct(self) -> float:
        """Heel off in percent of the stance."""
        return float(self.percent(np.asarray(self.heel_off_s)))

    def percent(self, time_s: Array) -> Array:
        """Return moments as percent of this stance."""
        return np.asarray(100.0 * (time_s - self.start_s) / (self.end_s - self.start_s))


def sticker_stances(
    leg: LegStickers, side: Side, *, settings: StickerWalkSettings
) -> tuple[StickerStance, ...]:
    """Return the whole stances of a foot.

    Parameters
    ----------
    leg : LegStickers
        Paths in pixels.
    side : Side
        Which foot.
    settings : StickerWalkSettings
        Limits of rest.

    Returns
    -------
    tuple of StickerStance
        A stance that begins before the film, or whose foot off is not seen, is left
        out.
    """
    step_s = float(np.median(np.diff(leg.time_s)))
    window = round(settings.smooth_s / step_s)
    change = smooth(leg.heel_lower, window=window, order=1, derivative=1) / step_s
    size = smooth(leg.leg_px[:, None], window=window, order=1)[:, 0]
    speed = np.linalg.norm(change, axis=1) / size
    found = (
        _stance(leg, side, rest, speed, change[:, 1] / size, settings)
        for rest in _rests(speed, leg.time_s, settings)
    )
    return tuple(stance for stance in found if stance is not None)


def _rests(
    speed: Array, time_s: Array, settings: StickerWalkSettings
) -> list[tuple[int, int]]:
    """Return first and last frame of each rest of the heel."""
    still = np.nan_to_num(speed, nan=np.inf) < settings.still_per_s
    edges = np.flatnonzero(np.diff(np.r_[False, still, False].astype(int)))
    rests = list(zip(edges[::2], edges[1::2] - 1, strict=True))
    joined: list[tuple[int, int]] = []
    for first, last in rests:
        if joined and _stays(speed[joined[-1][1] : first + 1], settings):
            joined[-1] = (joined[-1][0], int(last))
        else:
            joined.append((int(first), int(last)))
    return [
        (first, last)
        for first, last in joined
        if time_s[last] - time_s[first] >= settings.least_still_s
    ]


def _stays(between: Array, settings: StickerWalkSettings) -> bool:
    """Tell whether the heel never left its rest between two others."""
    return bool(np.all(between < settings.leaves_per_s))


def _stance(
    leg: LegStickers,
    side: Side,
    rest: tuple[int, int],
    speed: Array,
    sinking: Array,
    settings: StickerWalkSettings,
) -> StickerStance | None:
    time_s = leg.time_s
    start_s = _landing_s(time_s, speed, rest[0], settings.still_per_s)
    fastest = _fastest_rise(time_s, sinking, rest[1])
    if start_s is None or fastest is None:
        return None
    size_px = float(np.median(leg.leg_px[rest[0] : rest[1] + 1]))
    level = float(np.median(leg.heel_lower[rest[0] : rest[1] + 1, 1]))
    up = (level - leg.heel_lower[:, 1]) / size_px > settings.heel_off_share
    risen = np.flatnonzero(up[rest[0] : fastest + 1])
    lifted = rest[0] + int(risen[0]) if risen.size else rest[1]
    return StickerStance(
        side=side,
        start_s=start_s,
        end_s=float(time_s[fastest]),
        heel_off_s=float(time_s[lifted]),
        leg_px=size_px,
    )


def _fastest_rise(time_s: Array, sinking: Array, last: int) -> int | None:
    """Return the frame after a rest in which the heel rises fastest; None when unseen.

    The sole comes into view and hides the heel at about that moment: where the sticker
    is lost in a fast rise, the last frame that shows it is taken.
    """
    later = np.flatnonzero(
        (time_s > time_s[last]) & (time_s <= time_s[last] + PUSH_OFF_S)
    )
    gone = np.flatnonzero(~np.isfinite(sinking[later]))
    seen = later[: gone[0]] if gone.size else later
    if seen.size < MIN_RISING:
        return None
    fastest = int(seen[np.argmin(sinking[seen])])
    if -sinking[fastest] < RISES_ABOVE_PER_S:
        return None
    return fastest if fastest < seen[-1] or gone.size else None


def _landing_s(time_s: Array, speed: Array, first: int, limit: float) -> float | None:
    """Return when the speed fell below a limit before a rest; None when unseen."""
    at = first
    while at > 0 and speed[at - 1] < limit:
        at -= 1
    if at == 0 or not np.isfinite(speed[at - 1]):
        return None
    share = (limit - speed[at]) / (speed[at - 1] - speed[at])
    return float(time_s[at] - share * (time_s[at] - time_s[at - 1]))
