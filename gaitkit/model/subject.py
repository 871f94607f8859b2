"""The person who walks, as a pseudonym and a few facts that scale the measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.errors import InputError

Sex = Literal["female", "male", "other"]

HEIGHT_RANGE_M = (0.5, 2.5)
MASS_RANGE_KG = (5.0, 350.0)
AGE_RANGE_YEARS = (1.0, 115.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person by pseudonym. There is no field for a name or a birth date.

    Attributes
    ----------
    subject_id : str
        Pseudonym.
    height_m : float or None
        Standing height in metres; the usual source of scale for a video.
    mass_kg : float or None
        Body mass in kilograms.
    age_years : float or None
        Age in years at the visit.
    sex : {"female", "male", "other"} or None
        Sex, used only to choose reference data.
    shod : bool or None
        True when shoes were worn.

    Raises
    ------
    InputError
        If a quantity lies outside what a person can be (unit mistakes).
    """

    subject_id: str = "anonymous"
    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: Sex | None = None
    shod: bool | None = None

    def __post_init__(self) -> None:
        """Check each quantity against what a person can be."""
        _check("height_m", self.height_m, HEIGHT_RANGE_M, "metres, for example 1.72")
        _check("mass_kg", self.mass_kg, MASS_RANGE_KG, "kilograms")
        _check("age_years", self.age_years, AGE_RANGE_YEARS, "years")


def _check(
    name: str, value: float | None, limits: tuple[float, float], hint: str
) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        msg = (
            f"subject.{name} is {value:g}; expected {low:g} to {high:g} ({hint}). "
            f"Correct it, or leave it out when it is unknown."
        )
        raise InputError(msg)
