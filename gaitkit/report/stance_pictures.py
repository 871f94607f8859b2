"""Pictures of standing persons as they may leave the machine: legs, small, no face.

Only what the lines need is kept: from a hand above the pelvis to the floor. The head
lies far above that edge, so no face can be in the picture whatever a detector found;
around the body the picture is blurred as in the film.
"""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.report.film.blur import blur
from gaitkit.report.film.canvas import canvas_of
from gaitkit.report.film.privacy import Visible

if TYPE_CHECKING:
    from gaitkit.model.standing import PicturePoint, StancePicture

SHOWN_HEIGHT_PX = 620
"""Sharp at two thirds of a page in print, some 50 kB as JPEG."""

JPEG_QUALITY = 82

ABOVE, BELOW, BESIDE = 0.22, 0.09, 0.34
"""Space kept around the points as shares of their height (pelvis to heel, about 1 m on
an adult): 0.22 m above the pelvis ends below the shoulders, whose height is 0.29 of
body height above the hips (Winter, Biomechanics and Motor Control, table 4.1)."""

LEAST_BESIDE = 0.6
"""Least space beside the points, as a share of their width."""

CLEAR = 0.75
"""Of the space beside the points this share stays sharp."""

HEAD_ABOVE, HEAD_RADIUS = 0.8, 0.3
"""Middle and radius of the head above the pelvis over the height of the points, from
the same table: (0.936 - 0.530) / 0.49, with room for a head that is bent."""

PNG = re.compile(r"data:image/png;base64,\s*([A-Za-z0-9+/=\s]+)")


def shown(stance: StancePicture, *, blurred: bool) -> StancePicture:
    """Return a stance picture cut, blurred and reduced, its points moved along.

    Parameters
    ----------
    stance : StancePicture
        As measured.
    blurred : bool
        Blur what is not the body. Cut it is in any case.

    Returns
    -------
    StancePicture
        At most `SHOWN_HEIGHT_PX` high. Without any point nothing tells where the
        person is: the picture is then blurred as a whole.
    """
    picture = stance.picture
    if not stance.points:
        return replace(stance, picture=_reduced(_veiled(picture, None), 1.0))
    box = np.array(
        [
            *([p.x_px, p.y_px] for p in stance.points),
            *(foot.floor_px for foot in stance.naviculars),
        ]
    )
    if blurred:
        picture = _veiled(picture, box)
    left, top, right, bottom = _frame(box, picture.shape[:2], share=1.0)
    picture = picture[top:bottom, left:right]
    scale = min(1.0, SHOWN_HEIGHT_PX / max(picture.shape[0], 1))
    return _moved(stance, _reduced(picture, scale), (left, top), scale)


def with_jpeg(svg: str) -> str:
    """Return an SVG element whose photographs are JPEG, a tenth of their size."""
    return PNG.sub(_coded, svg)


def _coded(found: re.Match[str]) -> str:
    raw = np.frombuffer(base64.b64decode(found.group(1)), dtype=np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(coded.tobytes()).decode('ascii')}"


def _frame(
    box: np.ndarray, size: tuple[int, int], *, share: float
) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom around points, within the picture."""
    low, high = box.min(axis=0), box.max(axis=0)
    wide, tall = high - low
    tall = max(tall, wide)
    beside = share * max(BESIDE * tall, LEAST_BESIDE * wide)
    edges = (low[0] - beside, low[1] - ABOVE * tall)
    ends = (high[0] + beside, high[1] + BELOW * tall)
    left, top = (max(0, int(edge)) for edge in edges)
    right = min(size[1], round(float(ends[0])))
    bottom = min(size[0], round(float(ends[1])))
    return left, top, max(right, left + 2), max(bottom, top + 2)


def _veiled(picture: np.ndarray, box: np.ndarray | None) -> np.ndarray:
    """Return the picture with only the body around some points sharp."""
    canvas = canvas_of(picture)
    if box is None:
        nowhere = np.full((1, 2), np.nan)
        seen = Visible(head=nowhere, radius=nowhere[:, 0], body=np.full((1, 4), np.nan))
        blur(canvas, seen, None, scale=1.0)
        return canvas.to_rgb()
    low, high = box.min(axis=0), box.max(axis=0)
    tall = float(max(high[1] - low[1], high[0] - low[0]))
    head = [(low[0] + high[0]) / 2, low[1] - HEAD_ABOVE * tall]
    body = _frame(box, picture.shape[:2], share=CLEAR)
    seen = Visible(
        head=np.array([head]),
        radius=np.array([HEAD_RADIUS * tall]),
        body=np.array([body], dtype=float),
    )
    blur(canvas, seen, 0, scale=1.0)
    return canvas.to_rgb()


def _reduced(picture: np.ndarray, scale: float) -> np.ndarray:
    if scale >= 1.0:
        return np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _moved(
    stance: StancePicture, picture: np.ndarray, corner: tuple[int, int], scale: float
) -> StancePicture:
    """Return the stance with its points in the pixels of the new picture."""

    def place(point: PicturePoint) -> PicturePoint:
        return replace(
            point,
            x_px=(point.x_px - corner[0]) * scale,
            y_px=(point.y_px - corner[1]) * scale,
            sd_px=point.sd_px * scale,
        )

    return replace(
        stance,
        picture=picture,
        points=tuple(place(point) for point in stance.points),
        lines=tuple(
            replace(line, left=place(line.left), right=place(line.right))
            for line in stance.lines
        ),
        rearfeet=tuple(
            replace(foot, points=tuple(place(point) for point in foot.points))
            for foot in stance.rearfeet
        ),
        naviculars=tuple(
            replace(
                foot,
                sticker=place(foot.sticker),
                floor_px=(
                    (foot.floor_px[0] - corner[0]) * scale,
                    (foot.floor_px[1] - corner[1]) * scale,
                ),
            )
            for foot in stance.naviculars
        ),
    )
