"""Settings of a walk with stickers."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerWalkSettings:
    """How stances and the rearfoot are read from stickers.

    Attributes
    ----------
    still_per_s, leaves_per_s : float
        Speed of the heel in the picture, in lengths of the lower leg (upper calf
        sticker to lower heel sticker) a second, below which it stands still, and
        above which a rest is over, so that noise does not cut it in two.
    least_still_s : float
        A shorter rest is no stance.
    smooth_s : float
        Window of the speeds, seconds.
    angle_smooth_s : float
        Window of the rearfoot angle, seconds.
    heel_off_share : float
        The heel is off when it has risen by this share of the lower leg.
    least_heel_px : float
        Steps whose heel stickers lie nearer to each other are too small to measure.
    most_turned_deg : float
        A foot that points farther than this past the line of sight is refused.
    """

    still_per_s: float = 0.6
    leaves_per_s: float = 1.0
    least_still_s: float = 0.12
    smooth_s: float = 0.05
    angle_smooth_s: float = 0.15
    heel_off_share: float = 0.05
    least_heel_px: float = 10.0
    most_turned_deg: float = 20.0

    def __post_init__(self) -> None:
        """Refuse settings that mean nothing."""
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value <= 0:
                msg = f"sticker_walk.{name} must be above 0, got {value:g}"
                raise ConfigError(msg)
        if self.still_per_s > self.leaves_per_s:
            msg = (
                "sticker_walk.still_per_s must not exceed leaves_per_s, got "
                f"{self.still_per_s:g} and {self.leaves_per_s:g}"
            )
            raise ConfigError(msg)
