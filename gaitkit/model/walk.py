"""Facts about a walk that decide what may be measured, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.catalogue import Kind
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedKind:
    """A kind of measure that a quality gate has stopped, and why.

    Attributes
    ----------
    kind : {"timing", "length", "angle"}
        Every measure whose catalogue entry names this kind stays without a value.
    reason : Reason
        What is the matter and what to record instead.
    """

    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NearSide:
    """The side of the person that faces a side-view camera in ``[start_s, end_s)``.

    It changes when a person walks there and back.

    Attributes
    ----------
    start_s, end_s : float
        From when to when, in seconds on the clock of the recording.
    side : Side
        The leg that the camera sees unhidden.
    """

    start_s: float
    end_s: float
    side: Side
