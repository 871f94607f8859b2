"""What a detector returns before its bias is removed: candidate events of one foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gaitkit.model.events import EventKind

if TYPE_CHECKING:
    from gaitkit.gait.events.foot_paths import FootPaths


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One possible event.

    Attributes
    ----------
    kind : {"initial_contact", "foot_off"}
        What the foot does.
    time_s : float
        When, between samples.
    strength : float
        0 to 1: how clearly the signal shows it.
    """

    kind: EventKind
    time_s: float
    strength: float


class Detector(Protocol):
    """A rule that finds the events of one foot in one straight pass."""

    @property
    def name(self) -> str:
        """Name in the registry."""

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return the candidates in the order of time, as the rule itself times them."""
