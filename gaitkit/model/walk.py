"""What a quality gate takes away from a walk."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.model.catalogue import Kind
from gaitkit.model.reason import Reason


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
