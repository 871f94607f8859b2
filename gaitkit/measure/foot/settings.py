"""Settings of the measures of the foot."""

from __future__ import annotations

from dataclasses import dataclass, field

from gaitkit.errors import ConfigError
from gaitkit.gait.contacts.settings import ContactSettings
from gaitkit.measure.foot.footprint import NamedMethod
from gaitkit.measure.foot.regions import DEFAULT_BORDERS
from gaitkit.model.contact import RegionBorders


@dataclass(frozen=True, slots=True, kw_only=True)
class FootSettings:
    """How footprints are measured.

    Attributes
    ----------
    contacts : ContactSettings
        Search for contacts; its threshold is also that of contact area.
    axis : str
        Method of the long axis.
    borders : RegionBorders
        Cuts between the regions.
    stance_force_n : float
        A foot stands while its force is at least this (the usual bound of force
        plates, 20 N).
    axis_check_deg : float
        The axis is unsure when it differs by more from the principal axis.
    """

    contacts: ContactSettings = field(default_factory=ContactSettings)
    axis: NamedMethod = "heel_forefoot"
    borders: RegionBorders = DEFAULT_BORDERS
    stance_force_n: float = 20.0
    axis_check_deg: float = 8.0

    def __post_init__(self) -> None:
        """Check the numbers and name their keys."""
        for key, value in (
            ("stance_force_n", self.stance_force_n),
            ("axis_check_deg", self.axis_check_deg),
        ):
            if not value > 0:
                msg = f"plate.{key} is {value!r}; expected a number above 0."
                raise ConfigError(msg)
