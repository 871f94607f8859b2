"""Settings of event detection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from gaitkit.errors import ConfigError

EventMethod = Literal["auto", "zeni", "oconnor", "velocity", "toe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """Which detector finds the events.

    Attributes
    ----------
    method : {"auto", "zeni", "oconnor", "velocity", "toe"}
        ``auto`` fuses the detectors that fit the kind of recording and its rate.
    force_plates : bool
        Use force plates where a recording has them.
    """

    method: EventMethod = "auto"
    force_plates: bool = True

    def __post_init__(self) -> None:
        """Refuse an unknown method.

        Raises
        ------
        ConfigError
            With the methods that exist.
        """
        if self.method not in get_args(EventMethod):
            msg = (
                f"events.method must be one of {', '.join(get_args(EventMethod))}, "
                f"got {self.method!r}; correct it in the configuration"
            )
            raise ConfigError(msg)
