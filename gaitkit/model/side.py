"""The two sides of a person."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """Left or right of the person, never of the picture."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT
