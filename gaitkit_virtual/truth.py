"""What is true about a virtual walk: angles, events, strides and their values.

Joint angles follow Plug-in Gait: Cardan angles in the order flexion, adduction,
rotation (Y, X, Z) of the distal against the proximal segment; the pelvis and the
trunk against the direction of walking, in the order tilt, obliquity, rotation. Signs
are those of gaitkit: flexion, dorsiflexion, adduction, internal rotation, anterior
tilt, toe-out positive; obliquity positive with that side up, rotation with that side
forward, lateral lean towards that side, ``rearfoot_angle`` (calcaneus against shank
seen along the foot) eversion positive. The ankle is 0 with the sole at right angles
to the shank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.model.events import Event
from gaitkit.model.side import Side
from gaitkit.model.strides import Stride, StrideValue
from gaitkit_virtual.parameters import sign_of
from gaitkit_virtual.rearfoot import rearfoot_angle
from gaitkit_virtual.rotations import about_left, about_up, relative, to_cardan
from gaitkit_virtual.virtual_walk import RECORDING

if TYPE_CHECKING:
    from gaitkit_virtual.footfalls import Footfall, Plan
    from gaitkit_virtual.points import Body
    from gaitkit_virtual.rotations import Array

METHOD = "truth"
_BOTH = (Side.LEFT, Side.RIGHT)


def true_angles(body: Body, time_s: Array) -> xr.Dataset:
    """Return all angles of a body in degrees (``time, side``)."""
    sides = [_angles_of(body, side) for side in _BOTH]
    variables = {
        name: (("time", "side"), np.degrees(np.column_stack([s[name] for s in sides])))
        for name in sides[0]
    }
    return xr.Dataset(
        variables,
        coords={"time": time_s, "side": [str(side) for side in _BOTH]},
        attrs={"unit": "deg"},
    )


def segment_orientations(body: Body, time_s: Array) -> xr.DataArray:
    """Return the orientation matrices of all segments."""
    upper = body.upper
    frames = {"pelvis": body.path.rotation, "trunk": upper.trunk, "head": upper.head}
    for side, leg in body.legs.items():
        frames[f"{side}_thigh"] = leg.thigh
        frames[f"{side}_shank"] = leg.shank
        frames[f"{side}_foot"] = leg.foot
        frames[f"{side}_calcaneus"] = body.heels[side]
        frames[f"{side}_toes"] = leg.foot @ about_left(-leg.toe)
        frames[f"{side}_upper_arm"] = upper.upper_arm[side]
        frames[f"{side}_forearm"] = upper.forearm[side]
    return xr.DataArray(
        np.stack(list(frames.values()), axis=1),
        dims=("time", "segment", "axis", "direction"),
        coords={
            "time": time_s,
            "segment": list(frames),
            "axis": ["forward", "left", "up"],
            "direction": ["forward", "left", "up"],
        },
        name="orientation",
    )


def true_events(plan: Plan, *, duration_s: float, rate_hz: float) -> tuple[Event, ...]:
    """Return every initial contact and foot off within the recording, by time."""
    events = []
    for fall in plan.footfalls:
        moments = (("initial_contact", fall.contact_s), ("foot_off", fall.off_s))
        for kind, time in moments:
            started = kind == "initial_contact" and fall.standing
            if 0 <= time <= duration_s and not started:
                events.append(
                    Event(
                        recording=RECORDING,
                        side=fall.side,
                        kind=kind,  # type: ignore[arg-type]
                        time_s=time,
                        method=METHOD,
                        frame=round(time * rate_hz),
                    )
                )
    return tuple(sorted(events, key=lambda event: event.time_s))


def true_strides(
    plan: Plan, *, duration_s: float
) -> tuple[tuple[Stride, ...], tuple[StrideValue, ...]]:
    """Return the complete strides on straight ways, and their values.

    A stride counts when it lies within the recording, both its contacts and the one
    between stand on one straight pass, and the foot did not start from standing.
    """
    strides: list[Stride] = []
    values: list[StrideValue] = []
    falls = plan.footfalls
    for before, first, between, last in zip(
        falls, falls[1:], falls[2:], falls[3:], strict=False
    ):
        inside = first.contact_s >= 0 and last.contact_s <= duration_s
        passes = {before.walk_pass, first.walk_pass, between.walk_pass, last.walk_pass}
        straight = len(passes) == 1 and None not in passes
        if inside and straight and not before.standing:
            strides.append(_stride(before, first, between, last))
            values += _values(before, first, between, last)
    return tuple(strides), tuple(values)


def _angles_of(body: Body, side: Side) -> dict[str, Array]:
    sign, leg = sign_of(side), body.legs[side]
    walking = about_up(body.path.heading)
    pelvis = to_cardan(relative(walking, body.path.rotation))
    trunk = to_cardan(relative(walking, body.upper.trunk))
    hip = to_cardan(relative(body.path.rotation, leg.thigh))
    ankle = to_cardan(relative(leg.shank, leg.foot))
    toes = relative(walking, leg.foot)[:, :, 0]
    return {
        "hip_flexion": -hip[:, 0],
        "hip_adduction": -sign * hip[:, 1],
        "hip_rotation": -sign * hip[:, 2],
        "knee_flexion": to_cardan(relative(leg.thigh, leg.shank))[:, 0],
        "ankle_dorsiflexion": -ankle[:, 0],
        "rearfoot_angle": rearfoot_angle(leg, body.heels[side], side=side),
        "foot_progression_angle": sign * np.arctan2(toes[:, 1], toes[:, 0]),
        "pelvic_tilt": pelvis[:, 0],
        "pelvic_obliquity": sign * pelvis[:, 1],
        "pelvic_rotation": -sign * pelvis[:, 2],
        "trunk_flexion": trunk[:, 0],
        "trunk_lateral_lean": -sign * trunk[:, 1],
        "trunk_rotation": -sign * trunk[:, 2],
    }


def _stride(
    before: Footfall, first: Footfall, between: Footfall, last: Footfall
) -> Stride:
    return Stride(
        recording=RECORDING,
        side=first.side,
        start_s=first.contact_s,
        end_s=last.contact_s,
        foot_off_s=first.off_s,
        opposite_foot_off_s=before.off_s,
        opposite_initial_contact_s=between.contact_s,
        walk_pass=first.walk_pass or 0,
    )


def _values(
    before: Footfall, first: Footfall, between: Footfall, last: Footfall
) -> list[StrideValue]:
    """Return the values of one stride.

    Step time, length and width belong to the step that ends with the first contact.
    Lengths are along the way walked, also on a treadmill.
    """
    time = last.contact_s - first.contact_s
    step = first.contact_s - before.contact_s
    stance = first.off_s - first.contact_s
    double = before.off_s - first.contact_s + first.off_s - between.contact_s
    single = between.contact_s - before.off_s
    length = last.way_m - first.way_m
    width = _width(before, first, between)
    sided = {
        "stride_time": time,
        "step_time": step,
        "stride_length": length,
        "step_length": first.way_m - before.way_m,
        "step_width": width,
        "stance": 100 * stance / time,
        "swing": 100 - 100 * stance / time,
        "single_support": 100 * single / time,
        "double_support": 100 * double / time,
        "foot_progression_angle": _toe_out(before, first, between),
        "walking_speed": length / time,
        "cadence": 120 / time,
    }
    return [
        StrideValue(name=name, value=value, side=first.side, start_s=first.contact_s)
        for name, value in sided.items()
    ]


def _width(before: Footfall, first: Footfall, between: Footfall) -> float:
    """Distance of the first heel from the line through the two others, in metres."""
    line = np.array([between.forward_m - before.forward_m, 0.0])
    line[1] = between.left_m - before.left_m
    to = np.array([first.forward_m - before.forward_m, first.left_m - before.left_m])
    cross = line[0] * to[1] - line[1] * to[0]
    return float(abs(cross) / np.hypot(*line))


def _toe_out(before: Footfall, first: Footfall, between: Footfall) -> float:
    """Angle of the flat foot to the way walked in degrees, toe-out positive."""
    ahead = between.forward_m - before.forward_m
    aside = between.left_m - before.left_m
    turned = first.azimuth_rad - np.arctan2(aside, ahead)
    turned = (turned + np.pi) % (2 * np.pi) - np.pi
    return float(np.degrees(sign_of(first.side) * turned))
