"""Blurring a frame in place: everything but the followed body, and its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from gaitkit.report.film.canvas import Canvas
    from gaitkit.report.film.privacy import Visible

CELLS_ACROSS = 32
"""Cells that the shorter edge of a blurred frame is reduced to: a face that fills an
eighth of the height is left with four."""

CELLS_IN_HEAD = 5
"""Cells at most across the blurred disc of the followed person's head, which is twice
as wide as the head."""

SAMPLES_IN_CELL = 4
"""Pixels across a cell that its mean is taken over: more cost time and change nothing
that can be seen."""

HEAD_SHARE, HEAD_ROOM = 0.30, 0.10
"""Share of a person's box that is blurred at its top, and above it, where only the
box is known: twice the height of a head (0.13 of body height), because a box around
keypoints may end at the eyes."""


def blur(canvas: Canvas, seen: Visible, row: int | None, *, scale: float) -> None:
    """Blur a frame, leaving only the body of the followed person sharp.

    Parameters
    ----------
    canvas : Canvas
        The frame; changed in place.
    seen : Visible
        Where head and body are.
    row : int or None
        Row of ``seen`` for this frame; None when the person was not followed here.
    scale : float
        Pixels of the canvas per pixel of ``seen``.

    Notes
    -----
    Without a known head in this frame the whole frame stays blurred. The head is
    blurred where it is in this frame and in the ones before and after.
    """
    heads = _heads(seen, row, scale=scale)
    box = _box(seen, row, canvas.size, scale=scale) if heads else None
    cell = max(
        [min(canvas.size) / CELLS_ACROSS] + [2 * r / CELLS_IN_HEAD for *_, r in heads]
    )
    for plane, part in ((canvas.luma, 1), (canvas.blue, 2), (canvas.red, 2)):
        _blur_plane(plane, cell / part, _shrunk(box, part), heads, part=part)


def _heads(
    seen: Visible, row: int | None, *, scale: float
) -> list[tuple[float, float, float]]:
    """Return the discs to blur, nothing when the head of this frame is not known."""
    if row is None or not np.isfinite([*seen.head[row], seen.radius[row]]).all():
        return []
    rows = range(max(row - 1, 0), min(row + 2, seen.radius.size))
    discs = [(*seen.head[i], seen.radius[i]) for i in rows]
    return [
        (x * scale, y * scale, r * scale)
        for x, y, r in discs
        if np.isfinite([x, y, r]).all()
    ]


def _box(
    seen: Visible, row: int | None, size: tuple[int, int], *, scale: float
) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom within the frame, on even pixels."""
    if row is None or not np.isfinite(seen.body[row]).all():
        return None
    limits = np.array([*size, *size])
    edges = np.clip(seen.body[row] * scale, 0, limits).astype(int) // 2 * 2
    left, top, right, bottom = (int(edge) for edge in edges)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _shrunk(
    box: tuple[int, int, int, int] | None, part: int
) -> tuple[slice, slice] | None:
    if box is None:
        return None
    left, top, right, bottom = (edge // part for edge in box)
    return slice(top, bottom), slice(left, right)


def _blur_plane(
    plane: np.ndarray,
    cell: float,
    keep: tuple[slice, slice] | None,
    heads: list[tuple[float, float, float]],
    *,
    part: int,
) -> None:
    sharp = plane[keep].copy() if keep else None
    height, width = plane.shape
    cells = (max(1, round(width / cell)), max(1, round(height / cell)))
    thin = max(1, int(cell) // SAMPLES_IN_CELL)
    sampled = np.ascontiguousarray(plane[::thin, ::thin])
    coarse = cv2.resize(sampled, cells, interpolation=cv2.INTER_AREA)
    cv2.resize(coarse, (width, height), dst=plane, interpolation=cv2.INTER_LINEAR)
    if keep is None or sharp is None:
        return
    mask = np.full(sharp.shape, 255, dtype=np.uint8)
    for x, y, radius in heads:
        place = (round(x / part) - keep[1].start, round(y / part) - keep[0].start)
        cv2.circle(mask, place, int(np.ceil(radius / part)), 0, cv2.FILLED)
    plane[keep] = cv2.copyTo(sharp, mask, plane[keep].copy())


def blur_upper_part(canvas: Canvas, box: tuple[float, float, float, float]) -> None:
    """Blur the part of a frame where the head of a boxed person is, in place.

    Parameters
    ----------
    canvas : Canvas
        The frame; changed in place.
    box : tuple of float
        Left, top, width and height of the person in pixels.
    """
    left, top, wide, high = box
    across = slice(
        _even(left - wide / 2, canvas.size[0]),
        _even(left + 1.5 * wide, canvas.size[0]),
    )
    down = slice(
        _even(top - HEAD_ROOM * high, canvas.size[1]),
        _even(top + HEAD_SHARE * high, canvas.size[1]),
    )
    cell = HEAD_SHARE * high / CELLS_IN_HEAD
    for plane, part in ((canvas.luma, 1), (canvas.blue, 2), (canvas.red, 2)):
        rows = slice(down.start // part, down.stop // part)
        columns = slice(across.start // part, across.stop // part)
        piece = plane[rows, columns].copy()
        if piece.size:
            _blur_plane(piece, cell / part, None, [], part=part)
            plane[rows, columns] = piece


def _even(edge: float, limit: int) -> int:
    return int(min(max(edge, 0.0), limit)) // 2 * 2
