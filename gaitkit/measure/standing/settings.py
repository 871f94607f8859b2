"""What is assumed about pictures of a standing person; ``[standing]`` of the TOML."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gaitkit.errors import ConfigError

LARGEST = 90.0
"""No assumption here is larger, in mm or degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSettings:
    """Errors and limits of stance pictures. Standard errors unless said otherwise.

    Attributes
    ----------
    placement_mm : float
        Error in height of a sticker on PSIS or ASIS against the bone, per sticker.
        A judgement between two bounds: levelling by palpation alone errs by 7.5 mm
        (Friberg 1988), which leaves at most 2.9 mm a thumb on the PSIS, and the height
        of a sticker differs less than two separate marks do (8 mm apart on average
        within a rater on the PSIS, Int J Ind Ergon 1993, 11:145). 0 where the places
        were checked by imaging.
    midline_mm : float
        Error sideways of a sticker against the midline of calf or heel, per sticker.
        A judgement.
    roll_sd_deg : float
        Roll of a camera about which nothing is known: a telephone on a stand.
    tilt_sd_deg : float
        Tilt up or down of a camera about which nothing is known.
    yaw_sd_deg : float
        Turn of a person who was asked to stand square to the camera.
    toe_out_deg, toe_out_sd_deg : float
        Direction of a foot about which nothing was told, toes out positive.
    calf_lean_deg, calf_lean_sd_deg : float
        How far the upper calf sticker lies in front of the lower one, as an angle.
    heel_lean_deg, heel_lean_sd_deg : float
        How far the upper heel sticker lies in front of the lower one, as an angle.
    restance_mm : float
        Change of the pelvis between two stances of one person, in height between the
        hips.
    roll_max_deg : float
        Roll of the camera from which a picture is refused.
    turned_max_deg : float
        Angle between foot and line of sight from which a rearfoot is refused.
    level_half_width_max_mm : float
        Half the 95 % interval from which a levelling height is not told.

    Raises
    ------
    ConfigError
        If an option is negative or absurd; the message names its key.
    """

    placement_mm: float = 2.5
    midline_mm: float = 0.5
    roll_sd_deg: float = 1.2
    tilt_sd_deg: float = 3.0
    yaw_sd_deg: float = 3.5
    toe_out_deg: float = 7.0
    toe_out_sd_deg: float = 4.5
    calf_lean_deg: float = -5.0
    calf_lean_sd_deg: float = 4.0
    heel_lean_deg: float = 8.0
    heel_lean_sd_deg: float = 5.0
    restance_mm: float = 1.0
    roll_max_deg: float = 8.0
    turned_max_deg: float = 15.0
    level_half_width_max_mm: float = 30.0

    def __post_init__(self) -> None:
        """Check each option."""
        for field in fields(self):
            value = getattr(self, field.name)
            signed = field.name in {"toe_out_deg", "calf_lean_deg", "heel_lean_deg"}
            low = -LARGEST if signed else 0.0
            if not low <= value <= LARGEST:
                msg = (
                    f"standing.{field.name} is {value:g}; "
                    f"expected {low:g} to {LARGEST:g}"
                )
                raise ConfigError(msg)
