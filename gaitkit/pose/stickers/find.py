"""Find round stickers in a picture."""

from __future__ import annotations

import numpy as np

from gaitkit.pose.stickers.candidates import candidates
from gaitkit.pose.stickers.place import place
from gaitkit.pose.stickers.sticker import (
    PictureBox,
    Sticker,
    StickerColour,
    StickerSettings,
)


def find_stickers(
    image: np.ndarray,
    colour: StickerColour,
    *,
    settings: StickerSettings,
    box: PictureBox | None = None,
) -> tuple[Sticker, ...]:
    """Find the round stickers of one colour.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB, upright.
    colour : {"red", "green", "blue", "yellow", "white_ring"}
        Colour of the stickers; ``white_ring`` is white with a black ring.
    settings : StickerSettings
        What counts as a sticker.
    box : PictureBox or None
        Where to look; None: in the whole picture.

    Returns
    -------
    tuple of Sticker
        From top to bottom. Also whatever else is round and has that colour: which
        of them are stickers on the body, `gaitkit.pose.stickers.roles` decides.

    Notes
    -----
    Candidates are spots that are elliptic at some level of their colour
    (`candidates`); the centre is the centre of mass of each pixel's share of the
    sticker (`place`). A sticker on clothes of its own colour has no edge and is not
    found; one that is partly hidden is found where its visible part still looks like
    an ellipse, and its centre is then wrong by up to a third of what is hidden.
    """
    whole = PictureBox(left=0, top=0, right=image.shape[1], bottom=image.shape[0])
    part = (whole if box is None else box).within(image)
    if part.is_empty:
        return ()
    piece = image[part.top : part.bottom, part.left : part.right]
    piece = np.ascontiguousarray(piece)
    spots = candidates(piece, colour, settings, longest=max(image.shape[:2]))
    found = [place(piece, spot, colour=colour, settings=settings) for spot in spots]
    seen = [_moved(each, part) for each in found if each is not None]
    return tuple(sorted(_apart(seen), key=lambda each: (each.y_px, each.x_px)))


def _moved(sticker: Sticker, box: PictureBox) -> Sticker:
    """Return a sticker of a piece in the coordinates of the whole picture."""
    return Sticker(
        x_px=sticker.x_px + box.left,
        y_px=sticker.y_px + box.top,
        sd_px=sticker.sd_px,
        major_px=sticker.major_px,
        minor_px=sticker.minor_px,
        angle_deg=sticker.angle_deg,
        contrast=sticker.contrast,
        colour=sticker.colour,
    )


def _apart(stickers: list[Sticker]) -> list[Sticker]:
    """Leave out what two candidates found twice."""
    kept: list[Sticker] = []
    for each in sorted(stickers, key=lambda s: -s.contrast):
        if all(
            np.hypot(*(each.centre - other.centre)) > other.major_px / 2
            for other in kept
        ):
            kept.append(each)
    return kept
