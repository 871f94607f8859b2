"""Which sticker is which: roles and sides from where the stickers are.

Seen from behind, the left of the picture is the person's left; seen from the front it
is the right. A pair lies on the pelvis; a column of four on the midline of each lower
leg and heel; what lies beside a column at the height of the ankle is a malleolus. What
does not fit is left without a name, and a role that cannot be told stays empty with
its reason: nothing is guessed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gaitkit.model.reason import Reason, reason
from gaitkit.model.side import Side
from gaitkit.model.standing import PicturePoint, PointRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.pose.stickers.sticker import Sticker

FrontalView = Literal["posterior", "anterior"]

COLUMN: tuple[PointRole, ...] = ("calf_upper", "calf_lower", "heel_upper", "heel_lower")
"""Midline of a lower leg from above to below."""

PELVIS: dict[FrontalView, PointRole] = {"posterior": "psis", "anterior": "asis"}

PELVIS_ZONE = (0.75, 1.5)
LEG_ZONE = (-0.22, 0.62)
"""Heights of pelvis and lower leg above the ankles, as a share of hip to ankle."""

SEATED_ZONE, SEATED_HALF = (-0.35, 0.6), 0.5
"""Heights of the pelvis of a seated person above the hips, and the farthest from
their middle, as a share of the trunk."""

BESIDE_LEG = 0.28
"""Farthest from its leg that a sticker lies, as a share of hip to ankle."""

PELVIS_HALF = 0.45
"""Farthest from the middle of the hips, as a share of hip to ankle."""

STEEPEST_PAIR = 0.6
"""Largest slope of a pair on the pelvis: 31 degrees; a camera turned further is
refused anyway."""

WHOLE_BODY = 2.0
"""Height over width of all stickers from which the top pair lies on the pelvis."""

COLUMN_LEAN = 0.45
"""Largest slope of two neighbours in a column: 24 degrees of leg or heel."""

COLUMN_SHARES = (0.12, 0.75)
"""Each of the three gaps of a column over its length."""

SAME_SIZE = 1.6
"""Ratio of diameters within a column."""

RIVAL = 1.5
"""A second choice of four whose column is less bent than this times the best makes
the column ambiguous."""

MALLEOLUS_BESIDE = (0.12, 0.8)
"""Distance of a malleolus from the column over the length of the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyGuide:
    """Coarse places of a body in the picture, for sorting stickers.

    Attributes
    ----------
    hips, knees, ankles : array (2, 2)
        x and y in pixels: first row left in the picture, second row right.
    seated_trunk_px : float or None
        Of a seated person the distance of hips and shoulders: the legs then tell no
        heights, and only the stickers on the pelvis are looked for. None when standing.
    """

    hips: np.ndarray
    knees: np.ndarray
    ankles: np.ndarray
    seated_trunk_px: float | None = None

    @property
    def leg_px(self) -> float:
        """Mean distance of hip and ankle."""
        return float(np.linalg.norm(self.hips - self.ankles, axis=1).mean())

    def height_of(self, sticker: Sticker) -> float:
        """Return the height above the ankles as a share of the leg."""
        up = self.hips.mean(axis=0) - self.ankles.mean(axis=0)
        away = sticker.centre - self.ankles.mean(axis=0)
        return float(away @ up) / float(up @ up)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPoint:
    """A role that should be there and is not, and why."""

    role: PointRole
    side: Side
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoints:
    """The named points of one picture.

    Attributes
    ----------
    points : tuple of PicturePoint
        What has a role.
    missing : tuple of MissingPoint
        What has none although others of its kind do.
    unnamed : int
        Discs that fit nowhere.
    """

    points: tuple[PicturePoint, ...] = ()
    missing: tuple[MissingPoint, ...] = ()
    unnamed: int = 0

    def point(self, role: PointRole, side: Side) -> PicturePoint | None:
        """Return the point of a role and side, None when it is not there."""
        found = (p for p in self.points if p.role == role and p.side is side)
        return next(found, None)


def side_of(column: Literal[0, 1], view: FrontalView) -> Side:
    """Return the person's side that is left (0) or right (1) in the picture."""
    left_first = view == "posterior"
    return Side.LEFT if (column == 0) == left_first else Side.RIGHT


def name_stickers(
    stickers: Sequence[Sticker], *, view: FrontalView, body: BodyGuide | None = None
) -> NamedPoints:
    """Give stickers their roles and sides.

    Parameters
    ----------
    stickers : sequence of Sticker
        All discs of one colour in one picture.
    view : {"posterior", "anterior"}
        From where the person is seen.
    body : BodyGuide or None
        Where the body is, when the pose model knows: what lies beside it is left
        out. None sorts by the arrangement alone, as for a close picture of both
        heels.

    Returns
    -------
    NamedPoints
        A pair on the pelvis with one side absent, and a column with fewer than four
        stickers or with two ways to choose them, are reported as missing.
    """
    upper, lower = _zones(stickers, body)
    named = [_pelvis(upper, view, body)]
    if view == "posterior":
        legs = _legs(lower, body)
        named += [_column(leg, side_of(n, view)) for n, leg in legs]  # type: ignore[arg-type]
        named += [_absent_leg(named[1:], view)]
    points = tuple(p for each in named for p in each.points)
    return NamedPoints(
        points=points,
        missing=tuple(m for each in named for m in each.missing),
        unnamed=len(stickers) - len(points),
    )


def _zones(
    stickers: Sequence[Sticker], body: BodyGuide | None
) -> tuple[list[Sticker], list[Sticker]]:
    """Split stickers into those on the pelvis and those on the lower legs."""
    if body is not None and body.seated_trunk_px is not None:
        return [s for s in stickers if _on_seated_pelvis(s, body)], []
    if body is not None:
        upper = [s for s in stickers if _on_pelvis(s, body)]
        lower = [s for s in stickers if _on_leg(s, body)]
        return upper, lower
    if len(stickers) < 2:  # noqa: PLR2004 - a pair
        return [], list(stickers)
    places = np.array([s.centre for s in stickers])
    width, height = np.ptp(places, axis=0)
    order = [stickers[i] for i in np.argsort(places[:, 1])]
    alone = len(stickers) == 2  # noqa: PLR2004 - a pair
    if alone or height > WHOLE_BODY * width:
        return order[:2], order[2:]
    return [], order


def _on_pelvis(sticker: Sticker, body: BodyGuide) -> bool:
    low, high = PELVIS_ZONE
    aside = abs(sticker.x_px - float(body.hips[:, 0].mean()))
    return low < body.height_of(sticker) < high and aside < PELVIS_HALF * body.leg_px


def _on_seated_pelvis(sticker: Sticker, body: BodyGuide) -> bool:
    trunk = body.seated_trunk_px or 0.0
    away = sticker.centre - body.hips.mean(axis=0)
    low, high = SEATED_ZONE
    aside, down = float(away[0]), float(away[1])
    return low * trunk < -down < high * trunk and abs(aside) < SEATED_HALF * trunk


def _on_leg(sticker: Sticker, body: BodyGuide) -> bool:
    low, high = LEG_ZONE
    near = min(_beside(sticker, body, number) for number in (0, 1))
    return low < body.height_of(sticker) < high and near < BESIDE_LEG * body.leg_px


def _beside(sticker: Sticker, body: BodyGuide, number: int) -> float:
    """Return how far a sticker is from the line of a lower leg, in pixels."""
    knee, ankle = body.knees[number], body.ankles[number]
    along = (knee - ankle) / np.linalg.norm(knee - ankle)
    away = sticker.centre - ankle
    return float(abs(away[0] * along[1] - away[1] * along[0]))


def _pelvis(
    stickers: list[Sticker], view: FrontalView, body: BodyGuide | None
) -> NamedPoints:
    role = PELVIS[view]
    pairs = [pair for pair in itertools.combinations(stickers, 2) if _is_pair(pair)]
    if len(pairs) == 1:
        left, right = sorted(pairs[0], key=lambda s: s.x_px)
        return NamedPoints(
            points=(
                _point(left, role, side_of(0, view)),
                _point(right, role, side_of(1, view)),
            )
        )
    if not stickers:
        return NamedPoints()
    code = "sticker_pair_ambiguous" if pairs else "sticker_pair_incomplete"
    why = reason(code, count=len(stickers))
    lone: tuple[PicturePoint, ...] = ()
    absent: tuple[Side, ...] = tuple(Side)
    if len(stickers) == 1 and body is not None:
        number = int(stickers[0].x_px > float(body.hips[:, 0].mean()))
        side = side_of(number, view)  # type: ignore[arg-type]
        lone = (_point(stickers[0], role, side),)
        absent = (side.other,)
    missing = tuple(MissingPoint(role=role, side=side, why=why) for side in absent)
    return NamedPoints(points=lone, missing=missing)


def _is_pair(pair: tuple[Sticker, Sticker]) -> bool:
    one, other = pair
    across, down = abs(one.x_px - other.x_px), abs(one.y_px - other.y_px)
    return down <= STEEPEST_PAIR * across and _same_size(pair)


def _same_size(stickers: Sequence[Sticker]) -> bool:
    sizes = [s.major_px for s in stickers]
    return max(sizes) <= SAME_SIZE * min(sizes)


def _legs(
    stickers: list[Sticker], body: BodyGuide | None
) -> list[tuple[int, list[Sticker]]]:
    """Split the stickers of the lower legs into left and right of the picture."""
    if not stickers:
        return []
    if body is not None:
        near = [int(_beside(s, body, 1) < _beside(s, body, 0)) for s in stickers]
    else:
        ordered = sorted(s.x_px for s in stickers)
        gaps = np.diff(ordered)
        if not gaps.size:
            return []
        widest = int(np.argmax(gaps))
        middle = (ordered[widest] + ordered[widest + 1]) / 2
        near = [int(s.x_px > middle) for s in stickers]
    legs = [
        (n, [s for s, own in zip(stickers, near, strict=True) if own == n])
        for n in (0, 1)
    ]
    return [(n, leg) for n, leg in legs if leg]


def _column(stickers: list[Sticker], side: Side) -> NamedPoints:
    """Name the column of four of one leg, and the malleoli beside it."""
    choices = []
    for four in itertools.combinations(sorted(stickers, key=lambda s: s.y_px), 4):
        bend = _bend(four)
        if bend is not None:
            choices.append((bend, four))
    choices.sort(key=lambda choice: choice[0])
    if not choices:
        return _no_column("sticker_column_incomplete", stickers, side)
    if len(choices) > 1 and choices[1][0] < RIVAL * choices[0][0] + BEND_FLOOR:
        return _no_column("sticker_column_ambiguous", stickers, side)
    four = choices[0][1]
    points = [_point(s, r, side) for s, r in zip(four, COLUMN, strict=True)]
    rest = [s for s in stickers if s not in four]
    return NamedPoints(points=(*points, *_malleoli(rest, four, side)))


BEND_FLOOR = 0.02
"""Bends closer together than this do not tell two columns apart."""


def _bend(four: Sequence[Sticker]) -> float | None:
    """Return how little four discs look like a column, None when they are none."""
    places = np.array([s.centre for s in four])
    steps = np.diff(places, axis=0)
    length = float(np.ptp(places[:, 1]))
    low, high = COLUMN_SHARES
    if not length or not _same_size(four):
        return None
    shares = steps[:, 1] / length
    if (shares < low).any() or (shares > high).any():
        return None
    leans = np.abs(steps[:, 0]) / steps[:, 1]
    if (leans > COLUMN_LEAN).any():
        return None
    return float(leans.max())


def _malleoli(
    rest: list[Sticker], four: Sequence[Sticker], side: Side
) -> list[PicturePoint]:
    """Name what lies beside the ankle; only one on either side is sure."""
    upper, lower = four[1], four[3]
    length = lower.y_px - four[0].y_px
    low, high = MALLEOLUS_BESIDE
    found: dict[PointRole, list[Sticker]] = {
        "malleolus_medial": [],
        "malleolus_lateral": [],
    }
    for sticker in rest:
        beside = (sticker.x_px - four[2].x_px) / length
        if upper.y_px < sticker.y_px < lower.y_px and low < abs(beside) < high:
            # from behind the left foot's outer side is on the left of the picture
            outer = (beside < 0) == (side is Side.LEFT)
            found["malleolus_lateral" if outer else "malleolus_medial"].append(sticker)
    return [_point(own[0], role, side) for role, own in found.items() if len(own) == 1]


def _no_column(code: str, stickers: list[Sticker], side: Side) -> NamedPoints:
    why = reason(code, count=len(stickers))
    missing = (MissingPoint(role=role, side=side, why=why) for role in COLUMN)
    return NamedPoints(missing=tuple(missing))


def _absent_leg(legs: list[NamedPoints], view: FrontalView) -> NamedPoints:
    """Say that a leg has no stickers when the other one has."""
    if len(legs) != 1:
        return NamedPoints()
    known = [p.side for p in legs[0].points] + [m.side for m in legs[0].missing]
    return _no_column("sticker_column_incomplete", [], known[0].other)


def _point(sticker: Sticker, role: PointRole, side: Side) -> PicturePoint:
    return PicturePoint(
        role=role,
        side=side,
        x_px=sticker.x_px,
        y_px=sticker.y_px,
        sd_px=sticker.sd_px,
        source="sticker",
    )
