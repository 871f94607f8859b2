"""Roles and sides follow from the places of stickers; what is not sure has no role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.model.side import Side
from gaitkit.pose.stickers.named import corrected
from gaitkit.pose.stickers.roles import COLUMN, BodyGuide, FrontalView, name_stickers
from gaitkit.pose.stickers.sticker import Sticker

if TYPE_CHECKING:
    from gaitkit.model.standing import PointRole

PELVIS_Y = 930.0
COLUMN_Y = (1435.0, 1496.0, 1556.0, 1578.0)
LEFT_X, RIGHT_X = 488.0, 592.0

BODY = BodyGuide(
    hips=np.array([[485.0, 1008.0], [598.0, 1009.0]]),
    knees=np.array([[487.0, 1270.0], [594.0, 1271.0]]),
    ankles=np.array([[490.0, 1530.0], [590.0, 1531.0]]),
)


def disc(x: float, y: float, *, size: float = 9.0) -> Sticker:
    return Sticker(
        x_px=x,
        y_px=y,
        sd_px=0.1,
        major_px=size,
        minor_px=size,
        angle_deg=0.0,
        contrast=90.0,
        colour="green",
    )


def pelvis() -> list[Sticker]:
    return [disc(512, PELVIS_Y, size=12), disc(575, PELVIS_Y + 3, size=12)]


def column(x: float) -> list[Sticker]:
    return [disc(x + lean, y) for lean, y in zip((2, 0, 0, -2), COLUMN_Y, strict=True)]


def everything() -> list[Sticker]:
    return [*pelvis(), *column(LEFT_X), *column(RIGHT_X)]


@pytest.mark.parametrize("body", [BODY, None])
def test_ten_stickers_from_behind_get_their_ten_roles(body: BodyGuide | None) -> None:
    named = name_stickers(everything()[::-1], view="posterior", body=body)
    assert named.missing == ()
    assert named.unnamed == 0
    for side, x in ((Side.LEFT, LEFT_X), (Side.RIGHT, RIGHT_X)):
        for role, y in zip(COLUMN, COLUMN_Y, strict=True):
            point = named.point(role, side)
            assert point is not None
            assert point.y_px == y
            assert abs(point.x_px - x) < 3
    left = named.point("psis", Side.LEFT)
    assert left is not None
    assert left.x_px == 512


@pytest.mark.parametrize(
    ("view", "role", "side"),
    [("posterior", "psis", Side.LEFT), ("anterior", "asis", Side.RIGHT)],
)
def test_the_left_of_the_picture_is_left_from_behind_and_right_from_the_front(
    view: FrontalView, role: PointRole, side: Side
) -> None:
    named = name_stickers(pelvis(), view=view, body=BODY)
    point = named.point(role, side)
    assert point is not None
    assert point.x_px == 512


def test_a_hidden_heel_sticker_leaves_its_whole_column_without_roles() -> None:
    named = name_stickers(
        [s for s in everything() if s.y_px != COLUMN_Y[2] or s.x_px > 540],
        view="posterior",
        body=BODY,
    )
    gone = {(m.role, m.side): m.why for m in named.missing}
    assert set(gone) == {(role, Side.LEFT) for role in COLUMN}
    why = gone["heel_upper", Side.LEFT]
    assert why.code == "sticker_column_incomplete"
    assert "3 stickers" in why.text.en
    assert named.point("heel_upper", Side.RIGHT) is not None


def test_a_hidden_pelvis_sticker_is_named_and_the_other_kept() -> None:
    named = name_stickers([pelvis()[0], *column(LEFT_X)], view="posterior", body=BODY)
    psis = [m for m in named.missing if m.role == "psis"]
    assert [m.side for m in psis] == [Side.RIGHT]
    assert named.point("psis", Side.LEFT) is not None


def test_a_spot_beside_the_body_is_no_sticker() -> None:
    stickers = [*everything(), disc(900, 1000), disc(60, 1500)]
    named = name_stickers(stickers, view="posterior", body=BODY)
    assert named.missing == ()
    assert named.unnamed == 2


def test_three_spots_on_the_pelvis_are_not_guessed_at() -> None:
    named = name_stickers(
        [*pelvis(), disc(540, PELVIS_Y + 2, size=12)], view="posterior", body=BODY
    )
    assert {m.why.code for m in named.missing} == {"sticker_pair_ambiguous"}
    assert named.points == ()


def test_malleoli_beside_the_column_are_medial_and_lateral() -> None:
    extra = [disc(LEFT_X - 26, 1530), disc(LEFT_X + 26, 1526)]
    named = name_stickers([*everything(), *extra], view="posterior", body=BODY)
    lateral = named.point("malleolus_lateral", Side.LEFT)
    medial = named.point("malleolus_medial", Side.LEFT)
    assert lateral is not None
    assert medial is not None
    assert (lateral.x_px, medial.x_px) == (LEFT_X - 26, LEFT_X + 26)


def test_one_leg_without_stickers_is_reported_when_the_other_has_them() -> None:
    named = name_stickers(column(LEFT_X), view="posterior", body=BODY)
    assert {m.side for m in named.missing} == {Side.RIGHT}


def test_a_point_by_hand_fills_a_gap_and_wins_over_a_sticker() -> None:
    named = name_stickers([pelvis()[0]], view="posterior", body=BODY)
    known = named.point("psis", Side.LEFT)
    assert known is not None
    by_hand = [
        replace(known, x_px=510.0, source="corrected"),
        replace(known, side=Side.RIGHT, x_px=577.0, source="corrected"),
    ]
    mended = corrected(named, by_hand)
    assert mended.missing == ()
    assert [p.x_px for p in mended.points] == [510.0, 577.0]
