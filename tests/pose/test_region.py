"""Geometry of the region in which the network looks for a body."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gaitkit.pose.region import Region, crop, letterbox, region_around


def test_an_upright_body_gives_an_unturned_square_of_twice_the_radius() -> None:
    region = region_around(np.array([50.0, 80.0]), np.array([50.0, 60.0]), scale=1.25)

    assert (region.x, region.y) == (50, 80)
    assert region.size == pytest.approx(2 * 20 * 1.25)
    assert region.rotation == pytest.approx(0)


@pytest.mark.parametrize(
    ("edge", "turn_deg"), [((70, 80), 90), ((30, 80), -90), ((50, 100), 180)]
)
def test_rotation_is_clockwise(edge: tuple[float, float], turn_deg: float) -> None:
    region = region_around(np.array([50.0, 80.0]), np.array(edge, float), scale=1.0)

    # 180 and -180 are the same turn
    turned = math.remainder(region.rotation - math.radians(turn_deg), 2 * math.pi)
    assert turned == pytest.approx(0, abs=1e-9)


def test_a_region_of_the_crop_size_copies_pixels() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (60, 80, 3), dtype=np.uint8)

    piece = crop(picture, Region(x=40, y=30, size=32), side=32)

    np.testing.assert_array_equal(piece, picture[14:46, 24:56])


def test_a_quarter_turn_turns_the_picture() -> None:
    picture = np.random.default_rng(2).integers(0, 255, (64, 64, 3), dtype=np.uint8)

    piece = crop(picture, Region(x=32, y=32, size=32, rotation=math.pi / 2), side=32)

    # the body lies with its head to the right: its head comes up, one pixel row aside
    # because a pixel index is its position
    turned = np.rot90(picture[16:48, 17:49])
    np.testing.assert_array_equal(piece, turned)


def test_a_mirrored_crop_reads_the_region_from_right_to_left() -> None:
    picture = np.random.default_rng(3).integers(0, 255, (60, 80, 3), dtype=np.uint8)

    piece = crop(picture, Region(x=40, y=30, size=32), side=32, mirrored=True)

    np.testing.assert_array_equal(piece, picture[14:46, 25:57][:, ::-1])


def test_beyond_the_picture_its_edge_is_repeated() -> None:
    picture = np.full((20, 20, 3), 90, np.uint8)

    piece = crop(picture, Region(x=0, y=0, size=40), side=16)

    assert (piece == 90).all()


def test_a_letterbox_is_black_above_and_below_a_wide_picture() -> None:
    picture = np.full((50, 100, 3), 200, np.uint8)

    fitted, square = letterbox(picture, side=20)

    assert (square.x, square.y, square.size) == (50, 25, 100)
    assert (fitted[:5] == 0).all()
    assert (fitted[5:15] == 200).all()
    assert (fitted[15:] == 0).all()


def test_a_point_of_the_unit_square_goes_to_its_place_in_the_picture() -> None:
    region = Region(x=100, y=50, size=40, rotation=math.pi / 2)

    to_picture = region.to_picture()

    # upper middle of the region: to the right of the centre
    np.testing.assert_allclose(to_picture @ [0.5, 0.0, 1.0], [120, 50], atol=1e-9)
