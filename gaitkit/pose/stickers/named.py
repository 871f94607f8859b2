"""Stickers of a picture: found, named, and put right by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.pose.stickers.place import find_stickers
from gaitkit.pose.stickers.roles import (
    BodyGuide,
    FrontalView,
    MissingPoint,
    NamedPoints,
    name_stickers,
)
from gaitkit.pose.stickers.sticker import (
    COLOURS,
    PictureBox,
    Sticker,
    StickerColour,
    StickerSettings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.standing import PicturePoint

LEG_MARGIN = 0.55
"""Search beside and below the legs, as a share of hip to ankle."""

LEAST_POINTS = 2
"""Named points from which a colour is believed to be that of the stickers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerPicture:
    """The stickers of one picture.

    Attributes
    ----------
    colour : str
        Their colour.
    stickers : tuple of Sticker
        Every disc of that colour.
    named : NamedPoints
        Those with a role, and which are missing.
    """

    colour: StickerColour
    stickers: tuple[Sticker, ...]
    named: NamedPoints

    @property
    def largest_px(self) -> float | None:
        """Median major diameter of the larger half of the named discs."""
        sizes = sorted(
            s.major_px
            for s in self.stickers
            if any((s.x_px, s.y_px) == (p.x_px, p.y_px) for p in self.named.points)
        )
        return float(np.median(sizes[len(sizes) // 2 :])) if sizes else None


def stickers_of(
    image: np.ndarray,
    *,
    view: FrontalView,
    body: BodyGuide | None,
    colours: Sequence[StickerColour] = COLOURS,
    settings: StickerSettings,
) -> StickerPicture | None:
    """Return the stickers of a picture in the colour that gives most named points.

    Parameters
    ----------
    image : array (height, width, 3) of uint8
        RGB.
    view : {"posterior", "anterior"}
        From where the person is seen.
    body : BodyGuide or None
        Where the body is.
    colours : sequence of str
        Colours to try.
    settings : StickerSettings
        What counts as a sticker.

    Returns
    -------
    StickerPicture or None
        None when no colour gives a pair or a column.
    """
    box = None if body is None else _box(body)
    tried = []
    for colour in colours:
        found = find_stickers(image, colour, settings=settings, box=box)
        named = name_stickers(found, view=view, body=body)
        tried.append(StickerPicture(colour=colour, stickers=found, named=named))
    best = max(tried, key=lambda t: (len(t.named.points), len(t.named.missing)))
    enough = len(best.named.points) >= LEAST_POINTS or (
        len(colours) == 1 and best.named.missing
    )
    return best if enough else None


def _box(body: BodyGuide) -> PictureBox:
    every = np.concatenate([body.hips, body.knees, body.ankles])
    margin = LEG_MARGIN * max(body.leg_px, body.seated_trunk_px or 0.0)
    left, top = np.floor(every.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(every.max(axis=0) + margin).astype(int)
    return PictureBox(
        left=int(left), top=int(top), right=int(right), bottom=int(bottom)
    )


def corrected(named: NamedPoints, by_hand: Iterable[PicturePoint]) -> NamedPoints:
    """Return the points with those that somebody put right by hand in their place."""
    hand = {(p.role, p.side): p for p in by_hand}
    kept = tuple(p for p in named.points if (p.role, p.side) not in hand)
    missing: tuple[MissingPoint, ...] = tuple(
        m for m in named.missing if (m.role, m.side) not in hand
    )
    return NamedPoints(
        points=(*kept, *hand.values()), missing=missing, unnamed=named.unnamed
    )
