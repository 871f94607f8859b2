"""Which sticker is which on one foot that is seen from its inner side.

The toes of a left foot then point to the right of the picture, those of a right foot
to the left. Places are told from the medial malleolus and by its height above the
floor, so that neither the size of the foot nor the scale matters. What does not fit is
left without a name: a foot seen from its outer side has no navicular at its place.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole
from gaitkit.pose.stickers.roles import SAME_SIZE, MissingPoint, NamedPoints
from gaitkit.pose.stickers.sticker import Sticker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.visit import PictureLine

FOOT_ROLES: tuple[PointRole, ...] = (
    "navicular",
    "malleolus_medial",
    "metatarsal_1",
    "heel_back",
)

NAVICULAR_AHEAD, NAVICULAR_UP = (0.15, 1.05), (0.15, 0.97)
BALL_AHEAD, BALL_UP = (1.05, 2.4), (0.08, 0.65)
HEEL_BEHIND, HEEL_UP = (0.25, 1.3), (0.08, 0.75)
"""Places ahead of the malleolus (of the heel: behind it) and above the floor, in
heights of the malleolus above the floor. On adults the malleolus stands 65 to 85 mm
high, the navicular 20 to 60 mm high and 25 to 55 mm ahead of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A sticker by how far it lies towards the toes and above the floor, pixels."""

    sticker: Sticker
    ahead: float
    up: float


def toes_to(side: Side) -> int:
    """Return 1 when the toes of a foot seen from inside point right, else -1."""
    return 1 if side is Side.LEFT else -1


def name_foot_stickers(
    stickers: Sequence[Sticker], *, side: Side, floor: PictureLine
) -> NamedPoints:
    """Give the stickers of one foot their roles.

    Parameters
    ----------
    stickers : sequence of Sticker
        All discs of one colour in the picture.
    side : Side
        Which foot.
    floor : tuple of float
        Both ends of the line on which its inner edge stands, pixels.

    Returns
    -------
    NamedPoints
        Navicular and medial malleolus, with first metatarsal and heel where they are.
        Without exactly one pair that fits, the navicular is missing, with the reason:
        too few discs in their places, several choices, or a foot that points the
        other way.
    """
    places = _places(stickers, floor, toes=toes_to(side))
    pairs = _pairs(places)
    why = _why_not(places, pairs)
    if why is not None:
        gone = (MissingPoint(role=r, side=side, why=why) for r in FOOT_ROLES[:2])
        return NamedPoints(missing=tuple(gone), unnamed=len(stickers))
    malleolus, navicular = pairs[0]
    named = {"navicular": navicular, "malleolus_medial": malleolus}
    rest = [p for p in places if p not in pairs[0]]
    ball = [p for p in rest if _is_ball(p, malleolus)]
    heel = [p for p in rest if _fits(p, malleolus, (HEEL_BEHIND, HEEL_UP), way=-1)]
    for role, found in (("metatarsal_1", ball), ("heel_back", heel)):
        if len(found) == 1:
            named[role] = found[0]
    return NamedPoints(
        points=tuple(
            _point(named[role].sticker, role, side)
            for role in FOOT_ROLES
            if role in named
        ),
        unnamed=len(stickers) - len(named),
    )


def _places(
    stickers: Sequence[Sticker], floor: PictureLine, *, toes: int
) -> list[_Place]:
    x1, y1, x2, y2 = floor
    slope = (y2 - y1) / (x2 - x1)
    return [
        _Place(sticker=s, ahead=toes * s.x_px, up=y1 + slope * (s.x_px - x1) - s.y_px)
        for s in stickers
    ]


def _pairs(places: list[_Place], *, way: int = 1) -> list[tuple[_Place, _Place]]:
    """Return every malleolus with a navicular at its place; -1: for toes behind."""
    return [
        (one, other)
        for one, other in itertools.permutations(places, 2)
        if one.up > 0 and _fits(other, one, (NAVICULAR_AHEAD, NAVICULAR_UP), way=way)
    ]


def _is_ball(place: _Place, malleolus: _Place, *, way: int = 1) -> bool:
    return _fits(place, malleolus, (BALL_AHEAD, BALL_UP), way=way)


def _fits(
    place: _Place,
    malleolus: _Place,
    zone: tuple[tuple[float, float], tuple[float, float]],
    *,
    way: int,
) -> bool:
    ahead, up = zone
    sizes = sorted((place.sticker.major_px, malleolus.sticker.major_px))
    return (
        ahead[0] < way * (place.ahead - malleolus.ahead) / malleolus.up < ahead[1]
        and up[0] < place.up / malleolus.up < up[1]
        and sizes[1] <= SAME_SIZE * sizes[0]
    )


def _why_not(places: list[_Place], pairs: list[tuple[_Place, _Place]]) -> Reason | None:
    """Return why there is no navicular for sure, None when there is one."""
    if len(pairs) > 1:
        return reason("navicular_ambiguous", count=len(places))
    if not pairs:
        back = _pairs(places, way=-1)
        if len(back) == 1 and not any(_is_ball(p, back[0][0]) for p in places):
            return reason("navicular_wrong_side")
        return reason("navicular_sticker_missing", count=len(places))
    malleolus, navicular = pairs[0]
    if any(_is_ball(p, malleolus) for p in places):
        return None
    # without a ball ahead the other foot's heel may lie where the navicular should
    behind = [other for one, other in _pairs(places, way=-1) if one is malleolus]
    wrong = any(_is_ball(p, malleolus, way=-1) for p in places) or any(
        other.up > navicular.up for other in behind
    )
    return reason("navicular_wrong_side") if wrong else None


def _point(sticker: Sticker, role: PointRole, side: Side) -> PicturePoint:
    return PicturePoint(
        role=role,
        side=side,
        x_px=sticker.x_px,
        y_px=sticker.y_px,
        sd_px=sticker.sd_px,
        source="sticker",
    )
