"""A sticker across the border of two backgrounds is found where it is."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_discs import Disc, blank, draw, photographed

from gaitkit.pose.stickers.place import find_stickers, shares
from gaitkit.pose.stickers.sticker import Sticker, StickerColour, StickerSettings

SETTINGS = StickerSettings()

SHIRT_SHORTS = {
    "red": ((250, 208, 250), (110, 103, 121)),
    "green": ((70, 139, 136), (45, 50, 46)),
    "blue": ((180, 110, 175), (28, 28, 26)),
    "yellow": ((200, 205, 215), (45, 40, 38)),
}
"""Shirt and shorts; on those of the first three stickers were not found."""


def hem(colour: StickerColour, at: float) -> np.ndarray:
    shirt, shorts = SHIRT_SHORTS[colour]
    image = blank(colour=shirt)
    row = int(at)
    image[row + 1 :] = shorts
    image[row] = (at - row) * np.array(shirt) + (1 - at + row) * np.array(shorts)
    return image


def found_on(image: np.ndarray, colour: StickerColour) -> tuple[Sticker, ...]:
    return find_stickers(image, colour, settings=SETTINGS)


@pytest.mark.parametrize("colour", SHIRT_SHORTS)
@pytest.mark.parametrize("offset", [-8.0, -5.0, -2.5, 0.3, 3.0, 5.5, 8.0])
def test_a_sticker_on_the_hem_is_found_to_half_a_pixel(
    colour: StickerColour, offset: float
) -> None:
    disc = Disc(x=150.3, y=200.6, major=13, minor=12, colour=colour)
    image = hem(colour, 200.6 + offset)
    draw(image, disc)
    (found,) = found_on(photographed(image), colour)
    assert np.hypot(found.x_px - disc.x, found.y_px - disc.y) < 0.5
    assert found.major_px == pytest.approx(13, abs=1.5)


def test_a_shirt_of_a_paler_red_is_a_background_and_no_sticker() -> None:
    image = blank(colour=(142, 61, 44))
    image[203:] = (31, 37, 35)
    disc = Disc(x=150.3, y=200.6, major=14, minor=13.4, colour="red")
    draw(image, disc)
    (found,) = found_on(photographed(image), "red")
    assert np.hypot(found.x_px - disc.x, found.y_px - disc.y) < 0.4


def test_the_error_stated_on_a_hem_is_that_of_the_centres() -> None:
    rng = np.random.default_rng(6)
    z = []
    for seed in range(32):
        colour = list(SHIRT_SHORTS)[seed % len(SHIRT_SHORTS)]
        x, y = 150 + rng.uniform(), 200 + rng.uniform()
        image = hem(colour, y + rng.uniform(-7, 7))
        draw(image, Disc(x=x, y=y, major=12, colour=colour))
        (found,) = found_on(photographed(image, noise=4, seed=seed), colour)
        z += [(found.x_px - x) / found.sd_px, (found.y_px - y) / found.sd_px]
    assert 0.4 < np.sqrt(np.mean(np.square(z))) < 1.3


@pytest.mark.parametrize("colour", SHIRT_SHORTS)
def test_a_hem_alone_has_no_stickers(colour: StickerColour) -> None:
    image = hem(colour, 200.4)
    image[150:200, 140] = SHIRT_SHORTS[colour][1]
    assert found_on(photographed(image), colour) == ()


def test_a_second_sticker_close_by_is_not_taken_for_a_background() -> None:
    image = hem("blue", 203.0)
    discs = [Disc(x=x, y=200.0, major=13, colour="blue") for x in (140.0, 160.0)]
    for disc in discs:
        draw(image, disc)
    found = sorted(found_on(photographed(image), "blue"), key=lambda s: s.x_px)
    assert [s.x_px for s in found] == pytest.approx([140, 160], abs=0.4)


def test_a_mixture_of_three_colours_has_the_share_that_was_mixed() -> None:
    sticker, one, other = (np.array(c, float) for c in ((20, 70, 185), *_TWO))
    rng = np.random.default_rng(2)
    weights = rng.dirichlet(np.ones(3), size=(20, 20))
    pixels = weights @ np.array([sticker, one, other])
    around = np.zeros((20, 20), bool)
    around[0], around[-1] = True, True
    pixels[0], pixels[-1] = one, other
    weights[0], weights[-1] = (0, 1, 0), (0, 0, 1)
    share, contrast = shares(pixels, around, np.zeros((20, 20)), sticker=sticker)
    assert share == pytest.approx(weights[..., 0], abs=1e-9)
    assert contrast == pytest.approx(min(np.linalg.norm(sticker - c) for c in _TWO))


def test_even_shade_is_one_background() -> None:
    shade = np.linspace(0.5, 1.0, 24)[:, None, None]
    pixels = np.broadcast_to(shade * np.array([200.0, 160, 130]), (24, 24, 3)).copy()
    y, x = np.mgrid[-11.5:12:1, -11.5:12:1]
    around = np.hypot(x, y) > 7
    angle = np.arctan2(y, x)
    sticker = np.array([30.0, 160, 70])
    share, _ = shares(pixels, around, angle, sticker=sticker)
    assert np.abs(share[around]).max() < 0.4
    assert np.abs(np.median(share[around])) < 0.05


_TWO = (180, 110, 175), (28, 28, 26)
