"""Still pictures of a video: key moments of a stride, and everyone who was seen."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from gaitkit.io.video_frames import frames
from gaitkit.model.side import Side
from gaitkit.report.film.blur import blur, blur_upper_part
from gaitkit.report.film.canvas import canvas_of
from gaitkit.report.film.scene import draw_skeleton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.io.video import VideoFile
    from gaitkit.model.recording import PersonChoice
    from gaitkit.model.strides import Stride
    from gaitkit.report.film.scene import Scene

MomentKind = Literal["initial_contact", "mid_stance", "foot_off", "mid_swing"]

STILL_HEIGHT_PX = 380
"""Height of a still: sharp at a quarter of the text width, on screen and in print."""

THUMBNAIL_HEIGHT_PX = 240
JPEG_QUALITY = 82
STILL_SHAPE = 0.78
"""Width over height of a still."""

BODY_SPACE = 1.12
"""Height of a still over the height of the box around the person."""

THUMBNAIL_SPACE = 1.1
MAX_THUMBNAILS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A key moment of a stride."""

    kind: MomentKind
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A picture of one moment of one side; ``jpeg`` is base64 text."""

    side: Side
    moment: Moment
    jpeg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A picture of one candidate; ``jpeg`` is base64 text."""

    number: int
    followed: bool
    jpeg: str


def key_moments(stride: Stride) -> tuple[Moment, ...]:
    """Return the four key moments of a stride, those that are known.

    The middle of stance lies halfway between the other foot's foot off and initial
    contact, the middle of swing halfway between foot off and the next contact.
    """
    moments = [Moment(kind="initial_contact", time_s=stride.start_s)]
    off, contact = stride.opposite_foot_off_s, stride.opposite_initial_contact_s
    if off is not None and contact is not None:
        moments.append(Moment(kind="mid_stance", time_s=(off + contact) / 2))
    if stride.foot_off_s is not None:
        middle = (stride.foot_off_s + stride.end_s) / 2
        moments.append(Moment(kind="foot_off", time_s=stride.foot_off_s))
        moments.append(Moment(kind="mid_swing", time_s=middle))
    return tuple(moments)


def typical_stride(strides: Sequence[Stride], side: Side) -> Stride | None:
    """Return the counted, complete stride of a side in the middle of the walk."""
    own = [s for s in strides if s.side is side and s.rejected is None and s.complete]
    return own[len(own) // 2] if own else None


def stride_stills(
    video: VideoFile, scene: Scene, strides: Sequence[Stride]
) -> tuple[Still, ...]:
    """Return a still of each key moment of one typical stride a side.

    All stills of a side have the same scale. The person is left sharp without the
    head when ``scene`` says that persons are blurred.
    """
    stills: list[Still] = []
    for side in Side:
        stride = typical_stride(strides, side)
        if stride is None:
            continue
        moments = key_moments(stride)
        rows = [scene.clock.row_at(moment.time_s) for moment in moments]
        height = _largest_height(scene, [row for row in rows if row is not None])
        for moment, row in zip(moments, rows, strict=True):
            picture = None if row is None else _picture(video, scene, row)
            if picture is not None and row is not None and height is not None:
                crop = _crop(picture, _middle(scene, row), height=BODY_SPACE * height)
                jpeg = _jpeg(crop, height_px=STILL_HEIGHT_PX)
                stills.append(Still(side=side, moment=moment, jpeg=jpeg))
    return tuple(stills)


def thumbnails(
    video: VideoFile, scene: Scene | None, choice: PersonChoice, *, blurred: bool
) -> tuple[Thumbnail, ...]:
    """Return a picture of each candidate in the frame where it is best seen.

    Of a candidate who was not followed only a box is known; when persons are blurred
    its upper part is, where the head is.
    """
    found = []
    for candidate in choice.candidates[:MAX_THUMBNAILS]:
        image = _frame(video, candidate.frame)
        if image is None:
            continue
        followed = candidate.number == choice.chosen
        left, top, width, height = candidate.box
        middle = np.array([left + width / 2, top + height / 2])
        canvas = canvas_of(image)
        if blurred:
            time_s = float(video.time_s[candidate.frame])
            row = None if scene is None else scene.clock.row_at(time_s)
            if scene is not None and row is not None and followed:
                blur(canvas, scene.seen, row, scale=1.0)
            else:
                blur_upper_part(canvas, candidate.box)
        crop = _crop(canvas.to_rgb(), middle, height=THUMBNAIL_SPACE * height)
        jpeg = _jpeg(crop, height_px=THUMBNAIL_HEIGHT_PX)
        found.append(Thumbnail(number=candidate.number, followed=followed, jpeg=jpeg))
    return tuple(found)


def _picture(video: VideoFile, scene: Scene, row: int) -> np.ndarray | None:
    """Return the frame of a row of the keypoints, blurred and with the skeleton."""
    time_s = float(scene.clock.time_s[row])
    image = _frame(video, int(np.argmin(np.abs(video.time_s - time_s))))
    if image is None:
        return None
    canvas = canvas_of(image)
    if scene.blurred:
        blur(canvas, scene.seen, row, scale=1.0)
    draw_skeleton(canvas, scene, row, scale=1.0)
    return canvas.to_rgb()


def _frame(video: VideoFile, index: int) -> np.ndarray | None:
    """Return one frame as RGB, or None when it is damaged."""
    if not 0 <= index < video.time_s.size:
        return None
    found = frames(video, start=index, stop=index + 1)
    return next((frame.image for frame in found), None)


def _middle(scene: Scene, row: int) -> np.ndarray:
    left, top, right, bottom = scene.seen.body[row]
    return np.array([(left + right) / 2, (top + bottom) / 2])


def _largest_height(scene: Scene, rows: list[int]) -> float | None:
    heights = [float(scene.seen.body[r][3] - scene.seen.body[r][1]) for r in rows]
    known = [height for height in heights if np.isfinite(height)]
    return max(known) if known else None


def _crop(image: np.ndarray, middle: np.ndarray, *, height: float) -> np.ndarray:
    """Return the part of a picture around a point, grey where it lies outside."""
    size = (max(2, round(height * STILL_SHAPE)), max(2, round(height)))
    centre = (float(middle[0]), float(middle[1]))
    inside = cv2.getRectSubPix(image, size, centre)
    return np.asarray(inside)


def _jpeg(image: np.ndarray, *, height_px: int) -> str:
    """Return an RGB picture as JPEG in base64, reduced to a height."""
    scale = height_px / image.shape[0]
    if scale < 1.0:
        size = (round(image.shape[1] * scale), height_px)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    swapped = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return base64.b64encode(coded.tobytes()).decode("ascii")
