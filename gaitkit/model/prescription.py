"""The order of a pair of insoles: what sheet, solid, letter and FHIR tell alike.

It is made once, from the decided plan, the footprints and the defaults of the practice
(`gaitkit.insole.order`); nothing that is handed over works out a number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gaitkit.model.insole import Doses, InsoleShape
from gaitkit.model.intake import Answer, ShoeKind
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.text import Text

InsoleLength = Literal["full", "three_quarter"]
OrderKind = Literal["new", "adaptation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeDefaults:
    """What a practice orders unless it says otherwise (``practice.toml``).

    Attributes
    ----------
    name, agb, place, therapist : str
        Of the practice, as they stand on page one, letters and order; empty leaves a
        line to write on.
    laboratory : str
        To whom the order goes.
    material, shore_a, cover, cover_shore_a
        Of shell and cover; None leaves a line to write on.
    length : {"full", "three_quarter"}
        How far the insole reaches.
    loose_raise : bool
        True makes a heel raise as a part of its own under the insole, so that it can
        be taken away or replaced.
    base_heel_mm, base_forefoot_mm, least_mm : float or None
        Thickness of the shell, and what never gets thinner; None takes the usual one.
    arch_mm, pad_mm, pad_behind_mm, cup_mm, recess_mm : float or None
        Doses and places of elements that were decided without a number.
    insole_codes : tuple of str
        Codes of the profession that the sheet names, such as NVvP 20.
    shoes : tuple of str
        Kinds of shoe that the practice makes insoles for, to tick on the sheet where
        the visit does not tell the shoe.
    second_pair : bool
        True orders two pairs alike.
    delivery_days : int or None
        Days from the order to delivery; None leaves a line to write on.
    language : {"nl", "en"} or None
        Language of the sheet; None is that of the report.
    """

    name: str = ""
    agb: str = ""
    place: str = ""
    therapist: str = ""
    laboratory: str = ""
    material: str = ""
    shore_a: float | None = None
    cover: str = ""
    cover_shore_a: float | None = None
    length: InsoleLength = "full"
    loose_raise: bool = False
    base_heel_mm: float | None = None
    base_forefoot_mm: float | None = None
    least_mm: float | None = None
    arch_mm: float | None = None
    pad_mm: float | None = None
    pad_behind_mm: float | None = None
    cup_mm: float | None = None
    recess_mm: float | None = None
    insole_codes: tuple[str, ...] = ("NVvP 20", "Cliq 06.12.12.06.09.00")
    shoes: tuple[ShoeKind, ...] = ()
    second_pair: bool = False
    delivery_days: int | None = None
    language: Literal["nl", "en"] | None = None

    @property
    def named(self) -> str:
        """Practice, place, code and therapist in one line; empty when none is told."""
        code = f"AGB {self.agb}" if self.agb else ""
        parts = (self.name, self.place, code, self.therapist)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedElement:
    """One element under one foot.

    Attributes
    ----------
    element : str
        Its name in the rules.
    label : Text
        What it is called.
    amount, unit : float or None, str or None
        Dose; None where none can be given.
    decided : bool
        True when a number was decided; False when it is the usual one of the practice.
    """

    element: str
    label: Text
    amount: float | None = None
    unit: str | None = None
    decided: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderShoe:
    """What a shoemaker puts under one shoe: under heel, ball and toes, mm.

    ``after_mm`` is the raise that lies in the insole before it is added, so that both
    together never begin higher than was decided; None where it is added at once.
    """

    heel_mm: float
    ball_mm: float
    toe_mm: float
    after_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """Whole thickness of a finished insole, mm: what a calliper finds.

    A pocket under the heel counts as filled with its cushion, not pressed together.

    Attributes
    ----------
    heel, heel_medial, heel_lateral : float
        Under the middle of the heel and at both borders of the insole beside it.
    wedge_medial, wedge_lateral : float
        What the rearfoot wedge alone adds at these borders; below 0 it takes off.
    arch, ball, toe : float
        At the medial border where the arch support is highest, under the second
        metatarsal head, and on the axis ahead of the toes; the last two None where a
        3/4 insole does not reach.
    """

    heel: float
    heel_medial: float
    heel_lateral: float
    wedge_medial: float
    wedge_lateral: float
    arch: float
    ball: float | None
    toe: float | None

    @property
    def highest_heel(self) -> float:
        """The highest of the three under the heel."""
        return max(self.heel, self.heel_medial, self.heel_lateral)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FootOrder:
    """The insole of one foot.

    Attributes
    ----------
    side : Side
        The foot.
    elements : tuple of OrderedElement
        From the heel forwards.
    doses : Doses
        The same as numbers of the solid.
    shape : InsoleShape or None
        With every place worked out; None without footprint and shoe size.
    heights : Heights or None
        Of that shape, a loose raise under it counted.
    loose_raise : InsoleShape or None
        The same insole with the raise that is made as a part of its own; its own shape
        then has none.
    steps_mm : tuple of float
        Heights inside the shoe that a raise goes through; the first is made.
    discs_mm : tuple of float
        Thickness of the loose discs that go along, one for each later step.
    under_shoe : UnderShoe or None
        What goes under the shoe.
    refusals : tuple of Reason
        Why there is no solid of it; empty when it can be made.
    notes : tuple of Reason
        What whoever makes it has to know.
    """

    side: Side
    elements: tuple[OrderedElement, ...]
    doses: Doses
    shape: InsoleShape | None = None
    heights: Heights | None = None
    loose_raise: InsoleShape | None = None
    steps_mm: tuple[float, ...] = ()
    discs_mm: tuple[float, ...] = ()
    under_shoe: UnderShoe | None = None
    refusals: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedShoe:
    """The shoe that the insoles have to fit."""

    most_worn: ShoeKind | None = None
    worn: tuple[ShoeKind, ...] = ()
    size_eu: float | None = None
    removable_footbed: Answer = "not_asked"
    heel_height_mm: float | None = None
    room_mm: float | None = None
    raise_limit_mm: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prescription:
    """The whole order.

    Attributes
    ----------
    number : str
        Number of the order: day and pseudonym.
    subject_id : str
        Pseudonym.
    mass_kg : float or None
        Body mass.
    ordered_on : date or None
        Day of the decision, or of the visit.
    deliver_on : date or None
        When it has to be there.
    kind : {"new", "adaptation"}
        What is asked.
    draft : bool
        True when nobody decided yet: then there is no solid.
    decided_by : str or None
        Pseudonym of the therapist.
    practice : PracticeDefaults
        Material, shore, length and the rest.
    shoe : OrderedShoe
        The shoe.
    left, right : FootOrder
        Both feet: insoles are made as a pair.
    """

    number: str
    subject_id: str
    mass_kg: float | None = None
    ordered_on: date | None = None
    deliver_on: date | None = None
    kind: OrderKind = "new"
    draft: bool = True
    decided_by: str | None = None
    practice: PracticeDefaults = field(default_factory=PracticeDefaults)
    shoe: OrderedShoe
    left: FootOrder
    right: FootOrder

    @property
    def has_insoles(self) -> bool:
        """True when something goes into the shoes, so that a sheet is written."""
        return any(foot.elements for foot in self.feet)

    def foot(self, side: Side) -> FootOrder:
        """Return the order of one foot."""
        return self.left if side is Side.LEFT else self.right

    @property
    def feet(self) -> tuple[FootOrder, FootOrder]:
        """Left, then right."""
        return self.left, self.right

    @property
    def makeable(self) -> bool:
        """True when both solids may be written."""
        return not self.draft and not any(foot.refusals for foot in self.feet)

    @property
    def heel_difference_mm(self) -> float | None:
        """Thickness under the heel, left minus right: to be checked on the bench."""
        if self.left.heights is None or self.right.heights is None:
            return None
        return self.left.heights.heel - self.right.heights.heel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Handover:
    """What all that is handed over reads: who the practice is and what it orders."""

    practice: PracticeDefaults = field(default_factory=PracticeDefaults)
    order: Prescription | None = None
