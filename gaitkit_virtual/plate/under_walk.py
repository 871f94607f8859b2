"""A pressure plate under a virtual walker: film and plate of the same steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.errors import ConfigError
from gaitkit.model.side import Side
from gaitkit_virtual.footfalls import plan_footfalls
from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.walk import (
    CONTACT_FORCE_N,
    PlateSpec,
    SimulatedPlate,
    WalkSpec,
    simulate_walk,
)

if TYPE_CHECKING:
    from gaitkit_virtual.footfalls import Footfall
    from gaitkit_virtual.parameters import WalkerParameters

MM_PER_M = 1000.0
FINE_STANCE = np.linspace(0.0, 1.0, 4001)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatePlace:
    """Where a plate lies in the walk, and when it records.

    Attributes
    ----------
    start_m : float
        Forward place of its first row; its middle lies on the line of walking.
    begins_at_s : float
        Time of the walk at which its clock reads 0.
    left, right : SoleShape
        The soles.
    """

    start_m: float
    begins_at_s: float
    left: SoleShape = field(default_factory=SoleShape)
    right: SoleShape = field(default_factory=SoleShape)


def plate_under_walk(
    parameters: WalkerParameters,
    *,
    plate: PlateSpec,
    place: PlatePlace,
    duration_s: float,
    seed: int = 0,
) -> SimulatedPlate:
    """Record the steps of a virtual walker on a plate.

    Parameters
    ----------
    parameters : WalkerParameters
        The walker, straight ahead overground.
    plate : PlateSpec
        The device.
    place : PlatePlace
        Where it lies and when it starts; the soles.
    duration_s : float
        Length of the walk, as for `gaitkit_virtual.walker.walk`.
    seed : int
        Seed of the walk: the same parameters, duration and seed are the same steps.

    Returns
    -------
    SimulatedPlate
        Recording and truth; a foot that is partly off the plate is cut there.

    Raises
    ------
    ConfigError
        If the walker turns or walks on a belt, or no step meets the plate.

    Notes
    -----
    The force crosses 20 N exactly at the walker's initial contact and foot off.
    """
    if parameters.mode != "overground" or parameters.heading_deg != 0:
        msg = (
            "simulate: a plate under a walker needs mode overground and heading_deg "
            f"0, got {parameters.mode} and {parameters.heading_deg:g}"
        )
        raise ConfigError(msg)
    plan = plan_footfalls(parameters, duration_s=duration_s, seed=seed)
    steps = [
        simulate_walk(_step(fall, parameters, place), plate)
        for fall in plan.footfalls
        if _meets(fall, plate, place)
    ]
    if not steps:
        msg = (
            f"simulate: no step meets the plate at {place.start_m:g} m from "
            f"{place.begins_at_s:g} s on; move it, or start it at another time"
        )
        raise ConfigError(msg)
    summed = np.sum([step.data["pressure"].to_numpy() for step in steps], axis=0)
    data = steps[0].data.copy()
    data["pressure"] = data["pressure"].copy(data=summed)
    return replace(
        steps[0],
        data=data,
        contacts=tuple(truth for step in steps for truth in step.contacts),
    )


def _meets(fall: Footfall, plate: PlateSpec, place: PlatePlace) -> bool:
    """Tell whether a foot touches the plate while it records."""
    heel = (fall.forward_m - place.start_m) * MM_PER_M
    sole = place.left if fall.side is Side.LEFT else place.right
    on_plate = -sole.length_mm < heel < plate.rows * plate.pitch_mm[0]
    begin, end = (t - place.begins_at_s for t in (fall.contact_s, fall.off_s))
    return on_plate and end > 0 and begin < plate.duration_s


def _step(fall: Footfall, parameters: WalkerParameters, place: PlatePlace) -> WalkSpec:
    sole = place.left if fall.side is Side.LEFT else place.right
    loaded = FINE_STANCE[sole.force_n(FINE_STANCE) >= CONTACT_FORCE_N]
    stance = (fall.off_s - fall.contact_s) / float(loaded[-1] - loaded[0])
    sign = -1.0 if fall.side is Side.LEFT else 1.0
    toe_out = float(np.degrees(parameters.toe_out_of(fall.side)))
    beside = -(fall.left_m - parameters.start_left_m) * MM_PER_M
    return WalkSpec(
        left=place.left,
        right=place.right,
        steps=1,
        first_side=fall.side,
        first_heel_mm=(fall.forward_m - place.start_m) * MM_PER_M,
        step_width_mm=2 * sign * beside,
        toe_out_deg=(toe_out, toe_out),
        stance_s=stance,
        start_s=fall.contact_s - place.begins_at_s - float(loaded[0]) * stance,
    )
