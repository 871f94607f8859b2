"""Stickers are found to a fraction of a pixel; what only has their colour is not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from drawn_discs import PAINT, SKIN, Disc, blank, draw, photographed

from gaitkit.errors import ConfigError
from gaitkit.pose.stickers.candidates import Candidate
from gaitkit.pose.stickers.place import find_stickers, place
from gaitkit.pose.stickers.sticker import (
    COLOURS,
    PictureBox,
    Sticker,
    StickerColour,
    StickerSettings,
)
from gaitkit.pose.stickers.track import follow_stickers

SETTINGS = StickerSettings()


@dataclass(frozen=True)
class Picture:
    index: int
    time_s: float
    image: np.ndarray


def find(image: np.ndarray, colour: StickerColour = "green") -> tuple[Sticker, ...]:
    return find_stickers(image, colour, settings=SETTINGS)


def error(sticker: Sticker, disc: Disc) -> float:
    return float(np.hypot(sticker.x_px - disc.x, sticker.y_px - disc.y))


@pytest.mark.parametrize("colour", COLOURS)
def test_a_disc_is_found_to_a_quarter_of_a_pixel(colour: StickerColour) -> None:
    rng = np.random.default_rng(3)
    errors = []
    for seed in range(12):
        disc = Disc(
            x=150 + rng.uniform(-1, 1),
            y=200 + rng.uniform(-1, 1),
            major=16,
            minor=16 * rng.uniform(0.6, 1),
            angle_deg=rng.uniform(0, 180),
            colour=colour,
        )
        image = blank()
        draw(image, disc)
        found = find(photographed(image, light=(0.7, 1.1), seed=seed), colour)
        assert len(found) == 1
        errors.append(error(found[0], disc))
    assert max(errors) < 0.25
    assert np.median(errors) < 0.13


def test_the_stated_error_is_that_of_the_centres() -> None:
    rng = np.random.default_rng(4)
    z = []
    for seed in range(40):
        disc = Disc(x=150 + rng.uniform(), y=200 + rng.uniform(), major=12)
        image = blank()
        draw(image, disc)
        (found,) = find(photographed(image, noise=8, seed=seed))
        z += [
            (found.x_px - disc.x) / found.sd_px,
            (found.y_px - disc.y) / found.sd_px,
        ]
    assert 0.3 < np.std(z) < 1.2
    assert abs(np.mean(z)) < 0.4


def test_a_disc_on_the_border_of_skin_and_floor_keeps_its_place() -> None:
    image = blank()
    image[:, :152] = (120, 115, 110)
    disc = Disc(x=150.3, y=200.6, major=18)
    draw(image, disc)
    (found,) = find(photographed(image))
    assert error(found, disc) < 0.3


def test_the_axes_of_a_turned_disc_are_those_of_its_ellipse() -> None:
    disc = Disc(x=150, y=200, major=30, minor=18, angle_deg=30)
    image = blank()
    draw(image, disc)
    (found,) = find(photographed(image))
    assert found.major_px == pytest.approx(30, abs=1.5)
    assert found.minor_px == pytest.approx(18, abs=1.5)
    assert found.angle_deg == pytest.approx(30, abs=4)


def test_a_white_sticker_s_diameter_is_that_of_its_black_ring() -> None:
    image = blank()
    draw(image, Disc(x=150, y=200, major=30, colour="white_ring"))
    (found,) = find(photographed(image), "white_ring")
    assert found.major_px == pytest.approx(30, abs=1.5)


def test_other_colours_are_left_alone() -> None:
    image = blank()
    for number, colour in enumerate(PAINT):
        draw(image, Disc(x=60 + 60 * number, y=200, major=14, colour=colour))
    picture = photographed(image)
    for number, colour in enumerate(PAINT):
        (found,) = find(picture, colour)  # type: ignore[arg-type]
        assert found.x_px == pytest.approx(60 + 60 * number, abs=0.5)


def test_stripes_squares_and_clothes_of_the_colour_are_no_stickers() -> None:
    image = blank()
    image[50:60, :] = PAINT["green"]
    image[100:112, 20:80] = PAINT["green"]
    image[250:400, :200] = PAINT["green"]
    assert find(photographed(image)) == ()


def test_a_line_of_one_pixel_is_no_sticker() -> None:
    image = blank()
    image[201, 150:156] = PAINT["red"]
    spot = Candidate(
        x=152.4, y=201.2, major=6.0, minor=4.0, angle_deg=0.0, outer=14.0, fit=0.1
    )
    assert place(image, spot, colour="red", settings=SETTINGS) is None


def test_a_sticker_on_clothes_of_its_own_colour_is_not_made_up() -> None:
    image = blank(colour=PAINT["green"])
    draw(image, Disc(x=150, y=200, major=16))
    assert find(photographed(image)) == ()


def test_a_sticker_on_paler_clothes_of_its_colour_is_found() -> None:
    image = blank(colour=(120, 165, 130))
    disc = Disc(x=150.4, y=200.2, major=16)
    draw(image, disc)
    (found,) = find(photographed(image))
    assert error(found, disc) < 0.25


def test_bare_skin_has_no_red_stickers() -> None:
    image = blank(colour=(230, 215, 200))
    cv2.circle(image, (150, 200), 9, SKIN, cv2.FILLED)
    assert find(photographed(image), "red") == ()


def test_only_the_box_is_searched() -> None:
    image = blank()
    draw(image, Disc(x=100, y=100, major=16))
    draw(image, Disc(x=200, y=300, major=16))
    box = PictureBox(left=0, top=200, right=300, bottom=900)
    (found,) = find_stickers(photographed(image), "green", settings=SETTINGS, box=box)
    assert (found.x_px, found.y_px) == pytest.approx((200, 300), abs=0.3)


def test_two_stickers_that_cross_keep_their_tracks() -> None:
    pictures = []
    for index in range(12):
        image = blank()
        draw(image, Disc(x=60 + 14 * index, y=200, major=12))
        draw(image, Disc(x=230 - 14 * index, y=240, major=12))
        if index == 5:
            image[180:220] = SKIN  # out of sight for one frame
        pictures.append(Picture(index, index / 30, photographed(image, seed=index)))
    tracks = follow_stickers(pictures, "green", settings=SETTINGS)
    assert [len(track.frames) for track in tracks] == [12, 11]
    lower, upper = tracks
    assert np.diff([s.x_px for s in lower.stickers]).max() < -12
    assert upper.at(5) is None
    assert upper.at(11) is not None


def test_a_setting_out_of_range_is_refused_by_its_key() -> None:
    with pytest.raises(ConfigError, match=r"stickers\.contrast_min is 300"):
        StickerSettings(contrast_min=300)
