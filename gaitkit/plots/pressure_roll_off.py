"""The roll-off as a short film: one picture a frame, drawn without matplotlib axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.plots.pressure_drawing import pressure_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.plate import MeasuredFoot

PIXELS_PER_MM = 1.6
POINT_PX = 4
_POINT_RGB = (191, 42, 47)
_TRACE_RGB = (28, 39, 51)


def roll_off_pictures(foot: MeasuredFoot) -> Iterator[np.ndarray]:
    """Yield one picture for each frame of stance, toes upwards.

    Parameters
    ----------
    foot : MeasuredFoot
        The contact.

    Yields
    ------
    ndarray (height, width, 3) of uint8
        Pressure of the frame on the scale of the whole contact, with the path of the
        centre of pressure so far. Height and width are even, as video encoders want.

    Notes
    -----
    Frames follow each other in the time of ``foot.load.interval_s``; played at 25
    pictures a second, a record of 100 Hz is four times slower than life.
    """
    contact = foot.contact
    cells = contact.pressure[foot.load.stance]
    top = float(cells.max(initial=0.0)) or 1.0
    palette = (pressure_colours()(np.linspace(0, 1, 256))[:, :3] * 255).astype(np.uint8)
    palette[0] = 255
    rows, cols = cells.shape[1:]
    row = _pixels(rows, contact.pitch_mm[0])
    col = _pixels(cols, contact.pitch_mm[1])
    trace = _trace(foot, row.size, col.size)
    for index, frame in enumerate(cells):
        level = np.ceil(255 * frame / top).astype(np.uint8)
        picture = palette[level[np.ix_(row, col)]]
        for y, x in trace[: index + 1]:
            picture[y : y + 1, x : x + 1] = _TRACE_RGB
        for y, x in trace[index : index + 1]:
            picture[y - POINT_PX : y + POINT_PX, x - POINT_PX : x + POINT_PX] = (
                _POINT_RGB
            )
        yield np.ascontiguousarray(picture[::-1])


def _pixels(cells: int, pitch_mm: float) -> np.ndarray:
    """Return the cell of every pixel along one direction; an even number."""
    count = 2 * round(cells * pitch_mm * PIXELS_PER_MM / 2)
    cell = (np.arange(count) / count * cells).astype(int)
    return np.asarray(np.minimum(cell, cells - 1))


def _trace(foot: MeasuredFoot, height: int, width: int) -> list[tuple[int, int]]:
    if not len(foot.path_mm):
        return []
    contact = foot.contact
    rows, cols = contact.pressure.shape[1:]
    spans = cols * contact.pitch_mm[1], rows * contact.pitch_mm[0]
    right = (foot.path_mm[:, 0] - contact.center_mm[0]) / spans[0] + 0.5
    ahead = (foot.path_mm[:, 1] - contact.center_mm[1]) / spans[1] + 0.5
    return [
        (
            int(np.clip(y * height, POINT_PX, height - POINT_PX)),
            int(np.clip(x * width, POINT_PX, width - POINT_PX)),
        )
        for y, x in zip(ahead, right, strict=True)
    ]
