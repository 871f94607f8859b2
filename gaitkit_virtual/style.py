"""The few numbers that make footfalls into a normal-looking walk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Height and rhythm of the pelvis and roll of the foot, fitted per walker.

    Attributes
    ----------
    height_m : float
        Mean height of the hip centres.
    forward_m : float
        Pelvis ahead of the middle between the feet at initial contact.
    up_cos2_m, up_sin2_m, up_cos4_m, up_sin4_m : float
        Vertical harmonics, two and four a stride.
    forward_cos2_m, forward_sin2_m : float
        Forward harmonics, two a stride.
    contact_pitch_rad, slap_rad : float
        Toes up at initial contact: a part that comes down from rest and a part that
        is already on its way down.
    rise_3, rise_4, rise_5, rise_6 : float
        Heel rise in radians as a polynomial in the share of the time from heel rise
        to foot off, powers 3 to 6, so that it starts smoothly.
    roll_3, roll_4 : float
        Roll of the toes over their tip likewise, from toe rise to foot off.
    """

    height_m: float
    forward_m: float
    up_cos2_m: float
    up_sin2_m: float
    up_cos4_m: float
    up_sin4_m: float
    forward_cos2_m: float
    forward_sin2_m: float
    contact_pitch_rad: float
    slap_rad: float
    rise_3: float
    rise_4: float
    rise_5: float
    rise_6: float
    roll_3: float
    roll_4: float
