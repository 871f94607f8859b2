"""The insole: footprint, outline, heights, mesh and order, all from one decided plan.

Every foot is handled as a right foot: ``u`` counts laterally, ``v`` forward from the
heel end of the footprint, the axis ``u = 0`` runs from the middle of the heel through
the second metatarsal head. Lengths are mm, angles degrees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.insole.footprint import print_of_shoe, prints_of
    from gaitkit.insole.mesh import solid_of, top_of, volume_cm3
    from gaitkit.insole.order import prescription_of
    from gaitkit.insole.outline import outline_of
    from gaitkit.insole.shape import shape_of

_HOME = {
    "outline_of": "gaitkit.insole.outline",
    "prescription_of": "gaitkit.insole.order",
    "print_of_shoe": "gaitkit.insole.footprint",
    "prints_of": "gaitkit.insole.footprint",
    "shape_of": "gaitkit.insole.shape",
    "solid_of": "gaitkit.insole.mesh",
    "top_of": "gaitkit.insole.mesh",
    "volume_cm3": "gaitkit.insole.mesh",
}

__all__ = [
    "outline_of",
    "prescription_of",
    "print_of_shoe",
    "prints_of",
    "shape_of",
    "solid_of",
    "top_of",
    "volume_cm3",
]

__getattr__, __dir__ = lazy("gaitkit.insole", _HOME)
