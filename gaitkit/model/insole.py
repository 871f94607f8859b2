"""An insole as ordered: the print under it, its shape, its mesh, the whole order.

Every foot is handled as a right foot: ``u`` counts laterally (medial is negative),
``v`` forward from the heel end of the footprint; the axis ``u = 0`` runs from the
middle of the heel through the second metatarsal head. Lengths are mm, angles degrees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gaitkit.model.side import Side

PrintOrigin = Literal["plate", "mirrored", "shoe_size"]
"""From this foot on a plate, from the other foot, or from the size of the shoe."""

HEEL_MIDDLE = 0.16
"""Middle of the heel as a share of the length, from its end."""

Border = tuple[float, float]
Place = tuple[float, float]
"""Medial and lateral ``u``; and ``(u, v)``; mm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PressurePicture:
    """Highest pressure of each place, averaged over steps, on a square grid.

    Attributes
    ----------
    kpa : ndarray (v, u)
        Pressure, bilinear between sensors.
    u_mm, v_mm : ndarray
        Places of columns and rows.
    """

    kpa: np.ndarray
    u_mm: np.ndarray
    v_mm: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantarPrint:
    """The footprint of one foot with the landmarks that an insole needs.

    Attributes
    ----------
    side : Side
        The foot; its places are those of a right foot whichever it is.
    origin : {"plate", "mirrored", "shoe_size"}
        Where it comes from; without a plate the places are estimates.
    length_mm : float
        Length of the print along the axis, or of the foot by the size of the shoe.
    heel_mm, ball_mm : tuple of float
        Medial and lateral border of heel and ball.
    hallux_mm, toes_mm : tuple of float
        Medial border of the hallux and lateral border of the toes, ``(u, v)``.
    midfoot_mm : tuple of float or None
        Borders of what the midfoot put on the plate; None when it stayed free.
    heads_mm : tuple of tuple of float
        Metatarsal heads 1 to 5, ``(u, v)``.
    steps : int
        Steps that were averaged; 0 without a plate.
    cells_mm : ndarray (cell, 2)
        Places of the sensors in contact in any of the steps; empty without a plate.
    picture : PressurePicture or None
        Pressure under the foot.
    unsure : bool
        True when no step was whole and widths or lengths may be short.
    """

    side: Side
    origin: PrintOrigin
    length_mm: float
    heel_mm: Border
    ball_mm: Border
    hallux_mm: Place
    toes_mm: Place
    heads_mm: tuple[Place, Place, Place, Place, Place]
    midfoot_mm: Border | None = None
    steps: int = 0
    cells_mm: np.ndarray
    picture: PressurePicture | None = None
    unsure: bool = False

    @property
    def ball_width_mm(self) -> float:
        """Breadth of the ball."""
        return self.ball_mm[1] - self.ball_mm[0]

    @property
    def heel_width_mm(self) -> float:
        """Breadth of the heel."""
        return self.heel_mm[1] - self.heel_mm[0]

    @property
    def heel_middle_mm(self) -> Place:
        """Middle of the heel, where the axis begins and heights are checked."""
        return 0.0, HEEL_MIDDLE * self.length_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """What the insole of one foot holds, as decided; 0 is not there.

    Attributes
    ----------
    raise_mm : float
        Heel raise inside the shoe.
    rearfoot_deg, forefoot_deg : float
        Wedges; medial is positive, lateral negative.
    skive_mm, cup_mm, arch_mm, pad_mm, recess_mm, hallux_mm, cushion_mm : float
        Medial heel skive, heel cup, medial arch support, metatarsal pad, cut-out under
        the first metatarsal head, extension under the hallux, heel cushion.
    """

    raise_mm: float = 0.0
    rearfoot_deg: float = 0.0
    forefoot_deg: float = 0.0
    skive_mm: float = 0.0
    cup_mm: float = 0.0
    arch_mm: float = 0.0
    pad_mm: float = 0.0
    recess_mm: float = 0.0
    hallux_mm: float = 0.0
    cushion_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The shell: thickness under heel and forefoot, and what never gets thinner, mm."""

    heel_mm: float
    forefoot_mm: float
    least_mm: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InsoleShape:
    """The insole of one foot, with every place worked out.

    Attributes
    ----------
    print_ : PlantarPrint
        The footprint it lies under.
    base, doses
        Thickness and elements.
    outline_mm : ndarray (point, 2)
        Closed outline, counter-clockwise from the heel end, 2 mm apart.
    raise_full_mm, raise_end_mm : float
        The raise is whole up to here, and nothing from there on, from the heel end.
    pivot_mm : float
        ``u`` about which the rearfoot wedge turns: 0 is the middle of the heel.
    pivot_adds_mm : float
        What the wedge adds under the middle of the heel because its pivot moved.
    forefoot_far_mm : float
        ``u`` of the thin border of a forefoot wedge.
    arch_at_mm : float
        Where the arch support is highest, from the heel end.
    pad_behind_mm : float
        How far the front edge of the pad lies behind heads 2 to 4.
    three_quarter : bool
        True when it ends behind the metatarsal heads.
    """

    print_: PlantarPrint
    base: Base
    doses: Doses
    outline_mm: np.ndarray
    raise_full_mm: float
    raise_end_mm: float
    pivot_mm: float
    pivot_adds_mm: float
    forefoot_far_mm: float
    arch_at_mm: float
    pad_behind_mm: float
    three_quarter: bool = False

    @property
    def side(self) -> Side:
        """The foot."""
        return self.print_.side

    @property
    def as_made(self) -> InsoleShape:
        """The shape of the solid: no pad and no cut-out at a place that was guessed.

        A print from the shoe size tells where heads usually lie; the drawing shows them
        to be felt for.
        """
        if self.print_.origin != "shoe_size":
            return self
        return replace(self, doses=replace(self.doses, pad_mm=0.0, recess_mm=0.0))

    @property
    def length_mm(self) -> float:
        """Length of the insole."""
        return float(np.ptp(self.outline_mm[:, 1]))

    @property
    def width_mm(self) -> float:
        """Breadth of the insole."""
        return float(np.ptp(self.outline_mm[:, 0]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """A surface of triangles.

    Attributes
    ----------
    name : str
        What it is; never the name of a person.
    vertices_mm : ndarray (vertex, 3)
        x to the wearer's right, y forward, z up; z = 0 is the underside.
    triangles : ndarray (triangle, 3)
        Numbers of vertices, counter-clockwise seen from outside.
    closed : bool
        False for a top surface alone.
    """

    name: str
    vertices_mm: np.ndarray
    triangles: np.ndarray
    closed: bool = True
