"""Still pictures of a video: key moments of a stride, and everyone who was seen."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from gaitkit.model.side import Side
from gaitkit.report.film.blur import blur, blur_upper_part
from gaitkit.report.film.canvas import canvas_of
from gaitkit.report.film.reader import pictures_at
from gaitkit.report.film.scene import draw_skeleton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.io.video import VideoFile
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.recording import PersonCandidate, PersonChoice
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographs:
    """The still pictures of one recording."""

    recording: str
    stills: tuple[Still, ...] = ()
    people: tuple[Thumbnail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A still to be made: of whom, when, where it is found, how tall the body is."""

    side: Side
    moment: Moment
    row: int
    frame: int
    height: float


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


def photographs(
    video: VideoFile, scene: Scene | None, analysis: Analysis, *, blurred: bool
) -> Photographs:
    """Take the still pictures of a video, in one pass over the frames they need.

    Parameters
    ----------
    video : VideoFile
        The video.
    scene : Scene or None
        What is drawn in; None where nobody was followed.
    analysis : Analysis
        Strides and choice of person.
    blurred : bool
        Make persons unrecognisable: the followed person is left sharp without the
        head, of any other candidate the upper part of the box is blurred.
    """
    choice = analysis.recording.person
    candidates = choice.candidates[:MAX_THUMBNAILS] if choice is not None else ()
    wanted = _wanted(video, scene, analysis.strides) if scene is not None else []
    numbers = [each.frame for each in wanted] + [c.frame for c in candidates]
    pictures = pictures_at(video, numbers)
    stills = [
        _still(pictures[each.frame], scene, each)
        for each in wanted
        if each.frame in pictures and scene is not None
    ]
    people = [
        Thumbnail(
            number=candidate.number,
            followed=choice is not None and candidate.number == choice.chosen,
            jpeg=_portrait(pictures[candidate.frame], seen, box, blurred=blurred),
        )
        for candidate in candidates
        for seen, box in [(_seen(video, scene, choice, candidate), candidate.box)]
        if candidate.frame in pictures and box is not None
    ]
    return Photographs(
        recording=analysis.recording.id, stills=tuple(stills), people=tuple(people)
    )


def _wanted(video: VideoFile, scene: Scene, strides: Sequence[Stride]) -> list[_Wanted]:
    """Return the key moments of one typical stride a side; one scale for each side."""
    wanted = []
    for side in Side:
        stride = typical_stride(strides, side)
        moments = () if stride is None else key_moments(stride)
        rows = [(m, scene.clock.row_at(m.time_s)) for m in moments]
        known = [(m, r) for m, r in rows if r is not None and _height(scene, r) > 0]
        height = max((_height(scene, row) for _, row in known), default=0.0)
        for moment, row in known:
            frame = int(np.argmin(np.abs(video.time_s - scene.clock.time_s[row])))
            wanted.append(
                _Wanted(side=side, moment=moment, row=row, frame=frame, height=height)
            )
    return wanted


def _still(picture: np.ndarray, scene: Scene, wanted: _Wanted) -> Still:
    canvas = canvas_of(picture)
    if scene.blurred:
        blur(canvas, scene.seen, wanted.row, scale=1.0)
    draw_skeleton(canvas, scene, wanted.row, scale=1.0)
    left, top, right, bottom = scene.seen.body[wanted.row]
    middle = ((left + right) / 2, (top + bottom) / 2)
    crop = _crop(canvas.to_rgb(), middle, height=BODY_SPACE * wanted.height)
    jpeg = _jpeg(crop, height_px=STILL_HEIGHT_PX)
    return Still(side=wanted.side, moment=wanted.moment, jpeg=jpeg)


def _seen(
    video: VideoFile,
    scene: Scene | None,
    choice: PersonChoice | None,
    candidate: PersonCandidate,
) -> tuple[Scene, int] | None:
    """Return where the head of a candidate is known, or None for all but the chosen."""
    if scene is None or choice is None or candidate.number != choice.chosen:
        return None
    row = scene.clock.row_at(float(video.time_s[candidate.frame]))
    return None if row is None else (scene, row)


def _portrait(
    picture: np.ndarray,
    seen: tuple[Scene, int] | None,
    box: tuple[float, float, float, float],
    *,
    blurred: bool,
) -> str:
    canvas = canvas_of(picture)
    if blurred and seen is not None:
        blur(canvas, seen[0].seen, seen[1], scale=1.0)
    elif blurred:
        blur_upper_part(canvas, box)
    left, top, width, height = box
    middle = (left + width / 2, top + height / 2)
    crop = _crop(canvas.to_rgb(), middle, height=THUMBNAIL_SPACE * height)
    return _jpeg(crop, height_px=THUMBNAIL_HEIGHT_PX)


def _height(scene: Scene, row: int) -> float:
    return float(scene.seen.body[row][3] - scene.seen.body[row][1])


def _crop(
    image: np.ndarray, middle: tuple[float, float], *, height: float
) -> np.ndarray:
    """Return the part of a picture around a point, moved to lie within the picture."""
    high = min(max(2, round(height)), image.shape[0])
    wide = min(max(2, round(height * STILL_SHAPE)), image.shape[1])
    left = int(np.clip(middle[0] - wide / 2, 0, image.shape[1] - wide))
    top = int(np.clip(middle[1] - high / 2, 0, image.shape[0] - high))
    return np.ascontiguousarray(image[top : top + high, left : left + wide])


def _jpeg(image: np.ndarray, *, height_px: int) -> str:
    """Return an RGB picture as JPEG in base64, reduced to a height."""
    scale = height_px / image.shape[0]
    if scale < 1.0:
        size = (round(image.shape[1] * scale), height_px)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    swapped = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return base64.b64encode(coded.tobytes()).decode("ascii")
