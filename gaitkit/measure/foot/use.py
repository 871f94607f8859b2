"""Which contacts a measure may use: fully, with a wider error, or not at all.

A flag limits different measures in different ways. A foot that was already loaded
when the record began has lost its first moments, but its shape and axis are whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gaitkit.model.contact import ContactFlag as Flag
from gaitkit.model.reason import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.foot import MeasuredFoot

Need = Literal["time", "shape", "place"]
"""What a measure rests on: the whole course of the contact, the whole footprint, or
where the foot stood."""

_HARMLESS = frozenset({Flag.AXIS_UNSURE, Flag.SIDE_UNSURE})
_OK: dict[Need, frozenset[Flag]] = {
    "time": _HARMLESS,
    "shape": _HARMLESS | {Flag.CUT_AT_START},
    "place": frozenset({Flag.SIDE_UNSURE, Flag.CUT_AT_START, Flag.OUTLIER}),
}
_LIMITED: dict[Need, frozenset[Flag]] = {
    "time": _HARMLESS | {Flag.CUT_AT_START, Flag.OUTLIER},
    "shape": _HARMLESS | {Flag.CUT_AT_START, Flag.OUTLIER},
    "place": frozenset(
        {Flag.SIDE_UNSURE, Flag.CUT_AT_START, Flag.OUTLIER, Flag.AXIS_UNSURE}
    ),
}

NO_START = frozenset({Flag.CUT_AT_START, Flag.PARTIAL})
NO_END = frozenset({Flag.CUT_AT_END, Flag.PARTIAL})
"""With one of these a contact says nothing of when the foot met, or left, the floor:
of half a foot on the plate the other half may have landed or left at another time."""

_TIMED = frozenset(
    {
        "contact_time",
        "pressure_time_integral",
        "impulse_share",
        "contact_share",
        "medial_lateral_balance",
        "initial_contact_phase",
        "forefoot_contact_phase",
        "foot_flat_phase",
        "forefoot_push_off_phase",
        "center_of_pressure_excursion_index",
        "center_of_pressure_path",
        "center_of_pressure_velocity",
    }
)

_WORST_FIRST = (
    Flag.EXCLUDED,
    Flag.OVERLAP,
    Flag.EDGE,
    Flag.CUT_AT_END,
    Flag.PARTIAL,
    Flag.DRAG,
    Flag.CUT_AT_START,
    Flag.OUTLIER,
    Flag.AXIS_UNSURE,
    Flag.SIDE_UNSURE,
)


def need_of(name: str) -> Need:
    """Return what a measure rests on."""
    if name == "foot_progression_angle":
        return "place"
    return "time" if name in _TIMED else "shape"


def usable(
    feet: Sequence[MeasuredFoot], need: Need
) -> tuple[tuple[MeasuredFoot, ...], bool]:
    """Return the feet that a measure may use, and whether their error is wider.

    Feet without a limiting flag where there are any; otherwise feet with a mild one.
    """
    good = tuple(foot for foot in feet if foot.contact.flags <= _OK[need])
    if good:
        return good, False
    mild = tuple(foot for foot in feet if foot.contact.flags <= _LIMITED[need])
    return mild, bool(mild)


def rejection(foot: MeasuredFoot) -> Reason | None:
    """Return why a contact takes no part in the averages over whole steps."""
    if foot.contact.flags <= _OK["time"]:
        return None
    worst = next(flag for flag in _WORST_FIRST if flag in foot.contact.flags)
    return reason(f"contact_{worst.value}")
