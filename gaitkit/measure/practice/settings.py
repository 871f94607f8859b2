"""What a practice brings along: its own errors, and what it orders by default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSettings:
    """The files of a practice.

    Attributes
    ----------
    kit : str or None
        practice.toml as written by gaitkit kit read: its errors take the place of the
        stated ones. A path from the folder in which gaitkit is started.
    defaults : str or None
        practice.toml with the name, materials and doses that stand on a prescription;
        --practice FILE sets it. None leaves lines to write on.
    """

    kit: str | None = None
    defaults: str | None = None
