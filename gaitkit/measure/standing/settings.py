"""What is assumed about pictures of a standing person; ``[standing]`` of the TOML."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gaitkit.errors import ConfigError

LARGEST = 90.0
"""No assumption here is larger, in mm or degrees."""

SIGNED = ("toe_out_deg", "calf_lean_deg", "heel_lean_deg", "floor_behind_mm")
"""Options that may be negative."""


REPORTED_ROLL_SD_DEG = 0.2
"""Error of a roll that somebody read from the level of the telephone."""


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
        How far the upper calf sticker lies in front of the lower one, as an angle:
        what is usual; the shape of the discs tells more.
    heel_lean_deg, heel_lean_sd_deg : float
        The same of the heel stickers.
    roll_max_deg : float
        Roll of the camera from which a picture is refused.
    turned_max_deg : float
        Angle between foot and line of sight from which a rearfoot is refused.
    level_half_width_max_mm : float
        Half the 95 % interval from which a levelling height is not told.
    navicular_placement_mm : float
        Error in height of a sticker on the navicular tuberosity against the bone. A
        judgement between two bounds: raters who palpate twice for one navicular drop
        differ by 2.0 to 3.3 mm (Shrader 2005, doi:10.1093/ptj/85.7.656), 1.4 to
        2.3 mm for each palpation, and markers lay 1.2 to 12.7 mm beside other bones
        of the foot on CT (J Foot Ankle Res 2012, 5 Suppl 1:O40).
    navicular_skin_mm : float
        How far a sticker that stays on the skin slides over the navicular between
        sitting and standing: marks on the skin showed 1.6 mm less drop than marks
        made anew (Shrader 2005).
    foot_tilt_sd_deg : float
        Tilt up or down of the camera in a picture of one foot.
    foot_tilt_max_deg : float
        Tilt down of that camera from which its picture is refused, where the floor
        lies so high in it that no level camera could see it there.
    floor_behind_mm, floor_behind_sd_mm : float
        How far the line on which the inner edge of the foot stands lies behind the
        sticker on the navicular, as the camera looks. A judgement.
    foot_turned_max_deg : float
        Turn of a foot out of the picture plane, by the shape of its stickers, from
        which it is refused.
    foot_above_max_deg : float
        Angle at which the camera looks down on a foot, from which it is refused.

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
    calf_lean_deg: float = -6.0
    calf_lean_sd_deg: float = 4.0
    heel_lean_deg: float = 8.5
    heel_lean_sd_deg: float = 5.0
    roll_max_deg: float = 8.0
    turned_max_deg: float = 15.0
    level_half_width_max_mm: float = 30.0
    navicular_placement_mm: float = 2.5
    navicular_skin_mm: float = 1.6
    foot_tilt_sd_deg: float = 4.0
    foot_tilt_max_deg: float = 5.0
    floor_behind_mm: float = 8.0
    floor_behind_sd_mm: float = 8.0
    foot_turned_max_deg: float = 30.0
    foot_above_max_deg: float = 25.0

    def __post_init__(self) -> None:
        """Check each option."""
        for field in fields(self):
            value = getattr(self, field.name)
            signed = field.name in SIGNED
            low = -LARGEST if signed else 0.0
            if not low <= value <= LARGEST:
                msg = (
                    f"standing.{field.name} is {value:g}; "
                    f"expected {low:g} to {LARGEST:g}"
                )
                raise ConfigError(msg)
