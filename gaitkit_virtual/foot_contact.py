"""The foot on the floor without sliding: heel, ankle, forefoot and toe rocker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit_virtual.rotations import Array, about_left, about_up

if TYPE_CHECKING:
    from gaitkit_virtual.anatomy import Foot
    from gaitkit_virtual.footfalls import Footfall
    from gaitkit_virtual.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class FootPose:
    """Ankle joint (n, 3) in m, foot orientation (n, 3, 3), toe extension (n,) rad."""

    ankle: Array
    rotation: Array
    toe: Array


def stance_pose(time_s: Array, *, fall: Footfall, foot: Foot, style: Style) -> FootPose:
    """Return the foot during one contact.

    The heel point stays where it met the floor until the foot is flat. From heel rise
    the foot turns about the MTP joint with the toes flat; at last the toes roll over
    their tip, which stays where it is until foot off. The formulas hold a little
    before and after the contact too, so that derivatives at its ends are exact.

    Parameters
    ----------
    time_s : array (n,)
        Times in seconds.
    fall : Footfall
        The contact.
    foot : Foot
        Sizes of the foot.
    style : Style
        Roll of the foot.
    """
    up = _toes_up(time_s, fall, style)
    risen = _heel_up(time_s, fall, style)
    turn = about_up(np.full_like(time_s, fall.azimuth_rad))
    rotation = turn @ about_left(risen - up)
    heel = np.array([fall.forward_m, fall.left_m, 0.0])
    ankle = heel - rotation @ np.asarray(foot.heel_contact)
    rolled = _toe_roll(time_s, fall, style)
    tip = (foot.toe_m - foot.ball_m, 0.0, -foot.ball_height_m)
    flat = np.asarray(foot.ball) - np.asarray(foot.heel_contact) + tip
    ball = heel + turn @ flat - turn @ about_left(rolled) @ np.asarray(tip)
    on_ball = ball - rotation @ np.asarray(foot.ball)
    rising = (time_s >= fall.rise_s)[:, None]
    return FootPose(
        ankle=np.where(rising, on_ball, ankle), rotation=rotation, toe=risen - rolled
    )


def _toes_up(time_s: Array, fall: Footfall, style: Style) -> Array:
    """Fall from the contact angle to 0, smoothly at the end."""
    if fall.standing:
        return np.zeros_like(time_s)
    share = (time_s - fall.contact_s) / (fall.flat_s - fall.contact_s)
    left = np.maximum(1 - share, 0)
    within = np.clip(share, 0, 1)
    still = 1 - within**3 * (10 - 15 * within + 6 * within**2)
    size = style.contact_pitch_rad * still + style.slap_rad * left**3
    return size * min(1.0, fall.step_share)


def _heel_up(time_s: Array, fall: Footfall, style: Style) -> Array:
    share = (time_s - fall.rise_s) / (fall.off_s - fall.rise_s)
    share = np.maximum(share, 0.0)
    powers = (style.rise_3, style.rise_4, style.rise_5, style.rise_6)
    rise = np.zeros_like(share)
    for power, size in enumerate(powers, start=3):
        rise += size * share**power
    return rise * min(1.0, fall.next_step_share)


def _toe_roll(time_s: Array, fall: Footfall, style: Style) -> Array:
    share = (time_s - fall.roll_s) / (fall.off_s - fall.roll_s)
    share = np.maximum(share, 0.0)
    roll = share**3 * (style.roll_3 + share * style.roll_4)
    return roll * min(1.0, fall.next_step_share)
