"""Settings of the search for contacts on a plate."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gaitkit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSettings:
    """How cells become feet, and when a foot is flagged.

    Attributes
    ----------
    threshold_kpa : float
        A cell counts as contact from this pressure on. 5 kPa is the floor of Zebris
        plates and lies below that of emed (10 kPa).
    bin_s : float
        Frames are joined to bins of about this length for the search.
    gap_mm : float
        Cells closer than this in the same time are one foot (25 to 35 mm separated
        all 15 contacts of four real walks).
    reach_mm : float
        A heel and a forefoot without midfoot contact are one foot up to this gap.
    gap_s : float
        Parts of one foot follow each other within this time.
    longest_foot_mm, widest_foot_mm : float
        Nothing larger is one foot.
    smallest_area_mm2 : float
        Anything smaller is noise.
    smallest_force_share : float
        A contact whose peak force is below this share of the highest is noise.
    insole_force_share : float
        An insole stands while its force is at least this share of its peak: laces
        and shaft press it during swing too.
    start_force, end_force : float
        A contact is cut when its force in the first or last frame of the record is
        above this share of its peak. The start is lenient: records that are triggered
        by the step begin a little late.
    length_low, length_high : float
        Bounds of a usual length as a share of the median.
    area_low, impulse_low : float
        Bounds of a usual area and impulse as a share of the median.
    time_low, time_high : float
        Bounds of a usual contact time as a share of the median.
    drag_length : float
        A footprint longer than this share of the median was dragged.
    unsure : float
        A side is unsure below this probability.
    """

    threshold_kpa: float = 5.0
    bin_s: float = 0.016
    gap_mm: float = 35.0
    reach_mm: float = 110.0
    gap_s: float = 0.04
    longest_foot_mm: float = 330.0
    widest_foot_mm: float = 140.0
    smallest_area_mm2: float = 400.0
    smallest_force_share: float = 0.03
    insole_force_share: float = 0.15
    start_force: float = 0.15
    end_force: float = 0.05
    length_low: float = 0.8
    length_high: float = 1.2
    area_low: float = 0.5
    impulse_low: float = 0.6
    time_low: float = 0.6
    time_high: float = 1.6
    drag_length: float = 1.33
    unsure: float = 0.9

    def __post_init__(self) -> None:
        """Refuse a value that is not positive."""
        for item in fields(self):
            value = getattr(self, item.name)
            if not value > 0:
                msg = (
                    f"contacts.{item.name} is {value!r}; expected a number "
                    f"above 0. Leave it out to use the default."
                )
                raise ConfigError(msg)
