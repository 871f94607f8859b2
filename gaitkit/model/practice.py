"""What a practice measured about its own readings, and what came out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gaitkit.errors import InputError

KitQuantity = Literal[
    "answer",
    "answer_spread",
    "reading_mm",
    "stance_mm",
    "stays_mm",
    "placing_mm",
    "seated_mm",
    "tilt_spread_mm",
    "change_same_stickers_mm",
    "change_new_stickers_mm",
    "zero_mm",
    "own_answer",
    "tape_rater_mm",
    "tape_reading_mm",
    "tape_error_mm",
    "block_test_rater_mm",
    "block_test_reading_mm",
    "block_test_error_mm",
]
"""Everything that a kit may tell.

``answer`` is how far a pelvis follows a block (mm a mm), ``answer_spread`` its standard
deviation between people. Both are in mm at the usual hip distance of the height: of
people whose hips are wider by a tenth it is lower by a tenth, as all their tilts are.
``reading_mm``: two pictures of one stance; ``stance_mm``:
the person steps on the spot anew; ``stays_mm``: comes back whenever this person stands
on this block; ``placing_mm``: stickers put on anew; ``seated_mm``: sits down anew, all
as standard deviations of the tilt between the hips. ``tilt_spread_mm`` is the spread
between people of the tilt without a block. ``change_..``: detectable change, 95 %.
With imaging: ``zero_mm``, what level legs show, ``own_answer``, how far a pelvis
follows an own difference over how far it follows a block, and ``.._error_mm`` of
readings by hand.
"""

KitUnknown = Literal[
    "kit_not_taken", "kit_few_people", "kit_too_wide", "kit_upper_bound"
]
"""Why a quantity is not known: nothing of the kind was taken; fewer people than
needed; the interval is too wide to be used; only an upper bound can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitTilt:
    """One reading of the pelvis of one person in one picture.

    Attributes
    ----------
    person : str
        Pseudonym.
    stance : str
        Pictures that were taken without moving share it.
    block_mm : float
        Height under the right foot, negative under the left.
    stickers : int
        Which placing of the stickers.
    seated : bool
        True on a level seat; no block then.
    tilt_mm : float
        How much higher the left point stands, mm between the hip joints.
    """

    person: str
    stance: str
    block_mm: float
    stickers: int
    seated: bool
    tilt_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KitReading:
    """One leg-length difference of one person, left minus right, in mm.

    Attributes
    ----------
    person : str
        Pseudonym.
    method : {"tape", "block_test", "x_ray", "ct", "ultrasound"}
        How it was measured.
    rater : str
        Who measured; only equality counts.
    difference_mm : float
        Left minus right.
    """

    person: str
    method: Literal["tape", "block_test", "x_ray", "ct", "ultrasound"]
    rater: str = ""
    difference_mm: float

    def __post_init__(self) -> None:
        """Refuse what no pair of legs differs by."""
        if not abs(self.difference_mm) <= LARGEST_MM:
            msg = (
                f"reading.difference_mm is {self.difference_mm:g}; expected "
                f"{-LARGEST_MM:g} to {LARGEST_MM:g} mm, left minus right"
            )
            raise InputError(msg)


LARGEST_MM = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KitEstimate:
    """One quantity of a kit with its 95 % interval.

    Attributes
    ----------
    name : str
        Which quantity.
    value, low, high : float or None
        Estimate and interval; None where nothing can be said. Of an upper bound only
        ``high`` is a claim.
    people : int
        How many people it rests on.
    unknown : str or None
        Why it must not be used; None when it is known.
    """

    name: KitQuantity
    value: float | None = None
    low: float | None = None
    high: float | None = None
    people: int = 0
    unknown: KitUnknown | None = None

    @property
    def known(self) -> bool:
        """Whether a value with an interval stands there that may be used."""
        return self.unknown is None and self.value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeKit:
    """The truth of a practice about its own readings.

    Attributes
    ----------
    schema_version : str
        Of the file.
    practice : str
        Its name or number, as its kit says; may be empty.
    line : {"asis", "psis"}
        Where the stickers were.
    people : int
        How many took part.
    taken : str
        Day of the last picture as the kit says, or empty.
    estimates : tuple of KitEstimate
        One for each quantity.
    """

    schema_version: str = "1"
    practice: str = ""
    line: Literal["asis", "psis"] = "asis"
    people: int = 0
    taken: str = ""
    estimates: tuple[KitEstimate, ...] = field(default_factory=tuple)

    def of(self, name: KitQuantity) -> KitEstimate:
        """Return a quantity; one that says nothing when the file lacks it."""
        found = next((e for e in self.estimates if e.name == name), None)
        return found or KitEstimate(name=name, unknown="kit_not_taken")
