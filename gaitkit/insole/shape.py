"""From a print and the decided doses to a shape with every place worked out.

What cannot be made is refused here with its reason and never clipped: a dose beyond
its bound, elements that contradict each other, a print that is no whole foot, a top
that is too steep or too thin.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.insole.heights import (
    FOREFOOT_WEDGE_BEHIND_MM,
    ROUNDING_MM,
    base,
    heel_raise,
    raw_height,
    wedge_run,
)
from gaitkit.insole.outline import inside, outline_of
from gaitkit.insole.parameters import parameter
from gaitkit.model.insole import InsoleShape
from gaitkit.model.reason import reason
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.insole.parameters import Parameter
    from gaitkit.model.insole import Base, Doses, PlantarPrint
    from gaitkit.model.reason import Reason

RAISE_FULL = 0.25
"""Of the length: up to here a raise is whole."""

ARCH_AT = 0.42
"""Of the length: here an arch support is highest, under the navicular."""

GRID_MM = 1.0
"""Grid on which the least thickness and the steepest slope are looked for."""

NEARLY = 1e-6

DEGREES = Text(nl="graden", en="degrees")

BOUNDS = {
    "raise_mm": "heel_raise",
    "rearfoot_deg": "rearfoot_wedge",
    "forefoot_deg": "forefoot_wedge",
    "skive_mm": "skive",
    "cup_mm": "heel_cup",
    "arch_mm": "arch",
    "pad_mm": "pad",
    "recess_mm": "recess",
    "hallux_mm": "hallux",
    "cushion_mm": "cushion",
}
"""Parameter that bounds each dose."""


def shape_of(
    print_: PlantarPrint,
    doses: Doses,
    base_: Base,
    *,
    length_mm: float | None = None,
    pad_behind_mm: float | None = None,
    three_quarter: bool = False,
) -> InsoleShape:
    """Work out the shape of the insole of one foot.

    Parameters
    ----------
    print_ : PlantarPrint
        The footprint.
    doses : Doses
        What was decided.
    base_ : Base
        Thickness of the shell.
    length_mm : float or None
        Length of the insole where the shoe fixes it.
    pad_behind_mm : float or None
        Front edge of a pad behind heads 2 to 4; None takes the usual place.
    three_quarter : bool
        True ends the insole behind the metatarsal heads.

    Returns
    -------
    InsoleShape
        Whether it can be made is asked with `refusals`.

    Notes
    -----
    A wedge turns about the middle of the heel. Where that would make the insole thinner
    than the least on its low side, the pivot moves there as little as needed; what the
    wedge then adds under the middle of the heel stands in ``pivot_adds_mm``.
    """
    outline = outline_of(print_, length_mm=length_mm, three_quarter=three_quarter)
    end = print_.heads_mm[1][1] - parameter("raise_end_behind_head").default
    behind = parameter("pad_behind_heads").default
    level = InsoleShape(
        print_=print_,
        base=base_,
        doses=doses,
        outline_mm=outline,
        raise_full_mm=RAISE_FULL * print_.length_mm,
        raise_end_mm=end,
        pivot_mm=0.0,
        pivot_adds_mm=0.0,
        forefoot_far_mm=_far_border(print_, doses, outline),
        arch_at_mm=ARCH_AT * print_.length_mm,
        pad_behind_mm=behind if pad_behind_mm is None else pad_behind_mm,
        three_quarter=three_quarter,
    )
    pivot = _pivot(level)
    slope = math.tan(math.radians(doses.rearfoot_deg))
    return dataclasses.replace(level, pivot_mm=pivot, pivot_adds_mm=slope * pivot)


def refusals(shape: InsoleShape) -> tuple[Reason, ...]:
    """Return why an insole cannot be made as decided, or nothing.

    Parameters
    ----------
    shape : InsoleShape
        From `shape_of`.
    """
    wrong = (
        *print_refusals(shape.print_),
        *_outside(shape),
        *_doses(shape.doses),
        *_contradictions(shape.doses),
        *_beyond_front(shape),
    )
    return wrong or (*_run_out(shape), *_thin(shape), *_steep(shape))


def is_of_no_foot(print_: PlantarPrint) -> bool:
    """Tell whether a print is too short or too long for a whole foot."""
    return not parameter("print_length").holds(print_.length_mm)


def print_refusals(print_: PlantarPrint) -> tuple[Reason, ...]:
    """Return why a print is no ground for an insole, or nothing."""
    shares = (
        ("ball_width", print_.ball_width_mm / print_.length_mm),
        ("heel_width", print_.heel_width_mm / print_.length_mm),
    )
    length = parameter("print_length")
    if is_of_no_foot(print_):
        return (
            reason(
                "insole_print_length",
                length=round(print_.length_mm),
                low=length.low,
                high=length.high,
            ),
        )
    return tuple(
        reason(
            f"insole_{name}",
            share=round(share, 2),
            low=parameter(name).low,
            high=parameter(name).high,
        )
        for name, share in shares
        if not parameter(name).holds(share)
    )


def _outside(shape: InsoleShape) -> Iterator[Reason]:
    cells = shape.print_.cells_mm
    if shape.three_quarter:  # what lies ahead of it is left out on purpose
        cells = cells[cells[:, 1] < 0.5 * shape.print_.length_mm]
    if not len(cells):
        return
    share = 1.0 - float(inside(shape.outline_mm, *cells.T).mean())
    if share > parameter("cells_outside").high:
        yield reason("insole_cells_outside", percent=round(100 * share))


def _doses(doses: Doses) -> Iterator[Reason]:
    for name, bound in BOUNDS.items():
        value, limit = getattr(doses, name), parameter(bound)
        signed = name.endswith("_deg")
        if value != 0 and not limit.holds(abs(value) if signed else value):
            yield _beyond(limit, value)


def _beyond(limit: Parameter, value: float) -> Reason:
    return reason(
        "insole_dose",
        element=limit.label,
        dose=abs(value),
        low=limit.low,
        high=limit.high,
        unit=DEGREES if limit.unit == "deg" else limit.unit,
    )


def _beyond_front(shape: InsoleShape) -> Iterator[Reason]:
    doses = shape.doses
    if shape.three_quarter and (
        doses.forefoot_deg or doses.recess_mm or doses.hallux_mm
    ):
        yield reason("insole_three_quarter")


def _contradictions(doses: Doses) -> Iterator[Reason]:
    if doses.recess_mm and doses.hallux_mm:
        yield reason("insole_recess_hallux")
    if doses.recess_mm and doses.forefoot_deg > 0:
        yield reason("insole_recess_wedge")
    if doses.skive_mm and doses.rearfoot_deg < 0:
        yield reason("insole_skive_wedge")
    if doses.cup_mm and doses.cup_mm < doses.skive_mm:
        yield reason("insole_skive_cup", skive=doses.skive_mm, cup=doses.cup_mm)


def _run_out(shape: InsoleShape) -> Iterator[Reason]:
    slope, limit = run_out_deg(shape), parameter("run_out_slope")
    if slope > limit.high:
        yield reason("insole_run_out", slope=round(slope, 1), most=limit.high)


def run_out_deg(shape: InsoleShape) -> float:
    """Return the slope of the straight part of the run-out of the raise, degrees."""
    run = shape.raise_end_mm - ROUNDING_MM - shape.raise_full_mm
    return math.degrees(math.atan2(shape.doses.raise_mm, run))


def lacking_mm(shape: InsoleShape) -> float:
    """Return how much thicker the base must be so that nothing is under the least."""
    u, v = grid_of(shape)
    return max(0.0, shape.base.least_mm - float(raw_height(shape, u, v).min()))


def _thin(shape: InsoleShape) -> Iterator[Reason]:
    lacking = lacking_mm(shape)
    if lacking > NEARLY:
        yield reason(
            "insole_thin",
            least=shape.base.least_mm,
            got=round(shape.base.least_mm - lacking, 1),
        )


def steepest_deg(shape: InsoleShape) -> float:
    """Return the steepest slope of the top without cup, pocket and cut-out, degrees."""
    doses = dataclasses.replace(shape.doses, cup_mm=0.0, cushion_mm=0.0, recess_mm=0.0)
    plain = dataclasses.replace(shape, doses=doses)
    u, v = grid_of(shape)
    step = GRID_MM / 2
    du = raw_height(plain, u + step, v) - raw_height(plain, u - step, v)
    dv = raw_height(plain, u, v + step) - raw_height(plain, u, v - step)
    return math.degrees(math.atan(float(np.hypot(du, dv).max()) / GRID_MM))


def _steep(shape: InsoleShape) -> Iterator[Reason]:
    slope, limit = steepest_deg(shape), parameter("top_slope")
    if slope > limit.high:
        yield reason("insole_steep", slope=round(slope), most=limit.high)


def grid_of(shape: InsoleShape, step_mm: float = GRID_MM) -> tuple[np.ndarray, ...]:
    """Return places inside the outline on a square grid, as ``u`` and ``v``."""
    low, high = shape.outline_mm.min(axis=0), shape.outline_mm.max(axis=0)
    u, v = np.meshgrid(
        *(np.arange(a, b, step_mm) for a, b in zip(low, high, strict=True))
    )
    kept = inside(shape.outline_mm, u, v)
    return u[kept], v[kept]


def _far_border(print_: PlantarPrint, doses: Doses, outline: np.ndarray) -> float:
    """Return ``u`` of the border at which a forefoot wedge ends in nothing."""
    ahead = outline[:, 1] >= print_.heads_mm[1][1] - 2 * FOREFOOT_WEDGE_BEHIND_MM[0]
    across = outline[ahead, 0]
    return float(across.max() if doses.forefoot_deg >= 0 else across.min())


def _pivot(level: InsoleShape) -> float:
    """Return ``u`` about which the wedge turns so that nothing gets too thin."""
    slope = math.tan(math.radians(level.doses.rearfoot_deg))
    if slope == 0:
        return 0.0
    u, v = level.outline_mm.T
    run = wedge_run(level, v)
    kept = run > NEARLY
    u, v, run = u[kept], v[kept], run[kept]
    room = base(level, u, v) + heel_raise(level, u, v) - level.base.least_mm
    # slope * (pivot - u) * run >= -room, in the direction of the low side
    needed = math.copysign(1.0, slope) * u - room / (abs(slope) * run)
    return math.copysign(max(0.0, float(needed.max())), slope)
