"""Strides: from one initial contact to the next of the same foot."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.reason import Reason
from gaitkit.model.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """One stride of one foot, ``[start_s, end_s)``.

    Attributes
    ----------
    recording : str
        Id of the recording.
    side : Side
        The foot whose initial contacts bound the stride.
    start_s, end_s : float
        Initial contact and the next initial contact of the same foot, seconds.
    foot_off_s : float or None
        Foot off of this foot.
    opposite_foot_off_s, opposite_initial_contact_s : float or None
        Events of the other foot inside the stride.
    walk_pass : int
        Number of the straight pass in which it lies, counted from 0.
    rejected : Reason or None
        Why the stride takes no part in the averages; None when it does.
    hurried : bool
        It is used although the person speeds up or slows down in it, for the walkway
        was too short for a steady one.
    """

    recording: str
    side: Side
    start_s: float
    end_s: float
    foot_off_s: float | None = None
    opposite_foot_off_s: float | None = None
    opposite_initial_contact_s: float | None = None
    walk_pass: int = 0
    rejected: Reason | None = None
    hurried: bool = False

    @property
    def duration_s(self) -> float:
        """Stride time in seconds."""
        return self.end_s - self.start_s

    @property
    def complete(self) -> bool:
        """True when all four events of the stride are known."""
        return None not in (
            self.foot_off_s,
            self.opposite_foot_off_s,
            self.opposite_initial_contact_s,
        )
