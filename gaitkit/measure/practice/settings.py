"""Whose errors the estimate of a leg-length difference takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSettings:
    """The truth of a practice about its own readings.

    Attributes
    ----------
    kit : str or None
        practice.toml as written by gaitkit kit read: its errors take the place of the
        stated ones. A path from the folder in which gaitkit is started.
    """

    kit: str | None = None
