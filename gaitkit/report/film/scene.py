"""What is drawn into a frame: skeleton, joint angles, events and the clock."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.events import Event
from gaitkit.model.side import Side
from gaitkit.model.wording import number, with_unit
from gaitkit.plots.style import RULE, look
from gaitkit.report.film.blur import blur
from gaitkit.report.film.lettering import DARK, WHITE, ink, label
from gaitkit.report.film.privacy import Visible, visible
from gaitkit.report.words import Words

if TYPE_CHECKING:
    import xarray as xr

    from gaitkit.model.analysis import Analysis
    from gaitkit.report.film.canvas import Canvas

LEG = ("hip", "knee", "ankle", "heel", "foot_index", "ankle")
ARM = ("shoulder", "elbow", "wrist")
GIRDLES = (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"))

ANGLES = (
    ("hip_flexion", "hip"),
    ("knee_flexion", "knee"),
    ("ankle_dorsiflexion", "ankle"),
)
"""Angles written into the picture, and the joint beside which they stand."""

FOOT_POINT = {"initial_contact": "heel", "foot_off": "foot_index"}

FLASH_S = 0.3
"""How long an event stays visible after it happened."""

HALF_A_FRAME = 0.51
"""Reach of a clock in intervals: half, and a little for rounding of time stamps."""

LETTERS = 1 / 46
"""Size of the letters as a share of the shorter edge of the frame."""

LEAST_LETTERS_PX = 10

RING_GAP = 2.4
"""From an event's foot to its words, over the size of the letters: past the ring."""

UNKNOWN = np.array([np.nan, np.nan])

JOINT = 1.5
"""Radius of a joint over the width of a leg's line."""

LINE = 1 / 260
"""Width of a leg's line as a share of the shorter edge of the frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Times in s, and the longest distance at which one of them is still "now"."""

    time_s: np.ndarray
    reach_s: float

    def row_at(self, time_s: float) -> int | None:
        """Return the row nearest to a time, or None when none is near."""
        right = int(np.searchsorted(self.time_s, time_s))
        rows = [i for i in (right - 1, right) if 0 <= i < self.time_s.size]
        near = min(rows, key=lambda i: abs(float(self.time_s[i]) - time_s), default=0)
        if not rows or abs(float(self.time_s[near]) - time_s) > self.reach_s:
            return None
        return near


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Everything known about a walk that may be drawn, by row of its keypoints.

    Attributes
    ----------
    clock : Clock
        Times of the keypoints.
    points : dict of str to array (row, 2)
        Each keypoint in pixels of the recording.
    angles : dict of (str, Side) to array (row,)
        Each joint angle in degrees, NaN where unknown.
    events : tuple of Event
        In order of time.
    seen : Visible
        Where head and body are.
    near : Side
        Side that faces the camera; drawn over the other.
    blurred : bool
        Whether persons are made unrecognisable.
    words : Words
        Language.
    """

    clock: Clock
    points: dict[str, np.ndarray]
    angles: dict[tuple[str, Side], np.ndarray]
    events: tuple[Event, ...]
    seen: Visible
    near: Side
    blurred: bool
    words: Words

    def flashing(self, time_s: float) -> tuple[Event, ...]:
        """Return the events that happened just before a moment."""
        first = bisect_right(self.events, time_s - FLASH_S, key=_event_time)
        last = bisect_right(self.events, time_s + self.clock.reach_s, key=_event_time)
        return self.events[first:last]


def filmable(analysis: Analysis) -> bool:
    """Return whether a recording is a video in which somebody was followed."""
    return (
        analysis.recording.kind == "video"
        and analysis.source is not None
        and analysis.raw is not None
        and analysis.raw.sizes["time"] > 0
    )


def speed_factor_of(analysis: Analysis) -> float | None:
    """Return the speed factor that the user gave, None when the file says it."""
    timing = analysis.recording.timing
    if timing is None or timing.speed_source != "user":
        return None
    return timing.speed_factor


def scene_of(analysis: Analysis, *, blurred: bool, words: Words) -> Scene | None:
    """Gather what may be drawn of a recording; None when it has no picture points."""
    raw = analysis.raw
    if raw is None or raw.sizes["time"] == 0:
        return None
    time = raw["time"].to_numpy()
    position = (
        raw["position"].sel(space=["x", "y"]).transpose("keypoint", "time", "space")
    )
    names = [str(name) for name in raw["keypoint"].to_numpy()]
    return Scene(
        clock=_clock(time),
        points=dict(zip(names, position.to_numpy(), strict=True)),
        angles=_angles(analysis.angles, time),
        events=tuple(sorted(analysis.events, key=_event_time)),
        seen=visible(raw),
        near=Side.RIGHT if analysis.recording.view == "sagittal_right" else Side.LEFT,
        blurred=blurred,
        words=words,
    )


def draw(canvas: Canvas, scene: Scene, time_s: float, *, scale: float) -> None:
    """Blur a frame and draw skeleton, angles, events and clock into it.

    Parameters
    ----------
    canvas : Canvas
        The frame; changed in place.
    scene : Scene
        What is known.
    time_s : float
        Time of the frame on the clock of the recording.
    scale : float
        Pixels of the canvas per pixel of the recording.
    """
    row = scene.clock.row_at(time_s)
    if scene.blurred:
        blur(canvas, scene.seen, row, scale=scale)
    if row is not None:
        draw_skeleton(canvas, scene, row, scale=scale)
        _draw_angles(canvas, scene, row, scale=scale)
        _draw_events(canvas, scene, time_s, row=row, scale=scale)
    _draw_clock(canvas, scene, time_s, followed=row is not None)


def draw_skeleton(canvas: Canvas, scene: Scene, row: int, *, scale: float) -> None:
    """Draw trunk, arms and legs, the side away from the camera first."""
    thick = max(2, round(min(canvas.size) * LINE))
    thin = max(1, thick // 2)
    grey = ink(RULE)
    for pair in GIRDLES:
        canvas.path(_chain(scene, row, pair, scale), grey, width=thin)
    for side in (scene.near.other, scene.near):
        colour, dashed = ink(look(side).colour), look(side).line != "-"
        trunk = tuple(f"{side}_{part}" for part in ("shoulder", "hip"))
        arm = tuple(f"{side}_{part}" for part in ARM)
        leg = tuple(f"{side}_{part}" for part in LEG)
        canvas.path(_chain(scene, row, trunk, scale), grey, width=thin)
        canvas.path(_chain(scene, row, arm, scale), colour, width=thin)
        canvas.path(_chain(scene, row, leg, scale), colour, width=thick, dashed=dashed)
        for joint in _chain(scene, row, leg[:3], scale):
            canvas.ring(joint, JOINT * thick, WHITE, width=-1)
            canvas.ring(joint, JOINT * thick, colour, width=max(1, thick // 2))


def _draw_angles(canvas: Canvas, scene: Scene, row: int, *, scale: float) -> None:
    size = _letter_size(canvas)
    for angle, joint in ANGLES:
        for side in (scene.near.other, scene.near):
            values = scene.angles.get((angle, side))
            place, other = _chain(
                scene, row, (f"{side}_{joint}", f"{side.other}_{joint}"), scale
            )
            if values is None or not np.isfinite([*place, values[row]]).all():
                continue
            text = with_unit(number(float(values[row]), 0, scene.words.language), "deg")
            letters = label(text, size, ink(look(side).colour))
            width, height = letters.size
            shift = -size - width if place[0] < other[0] else size
            corner = (round(place[0] + shift), round(place[1] - height / 2))
            canvas.tag(letters, corner)


def _draw_events(
    canvas: Canvas, scene: Scene, time_s: float, *, row: int, scale: float
) -> None:
    size = _letter_size(canvas)
    middle = _chain(scene, row, ("left_hip", "right_hip"), scale)[:, 0].mean()
    for event in scene.flashing(time_s):
        then = scene.clock.row_at(event.time_s)
        point = f"{event.side}_{FOOT_POINT[event.kind]}"
        place = _chain(scene, row if then is None else then, (point,), scale)[0]
        if not np.isfinite(place).all():
            continue
        colour = ink(look(event.side).colour)
        grown = 1.0 + max(time_s - event.time_s, 0.0) / FLASH_S
        canvas.ring(place, size * grown, colour, width=max(2, size // 5))
        letters = label(_event_text(event, scene.words), size, colour)
        width, height = letters.size
        gap = RING_GAP * size
        shift = -gap - width if place[0] < middle else gap
        corner = (round(place[0] + shift), round(place[1] - height / 2))
        canvas.tag(letters, corner)


def _draw_clock(canvas: Canvas, scene: Scene, time_s: float, *, followed: bool) -> None:
    size = _letter_size(canvas)
    words, edge = scene.words, size // 2
    clock = with_unit(number(time_s, 2, words.language), "s")
    if not followed:
        clock = f"{clock} · {words('film.not_followed')}"
    canvas.tag(label(clock, size, DARK), (edge, edge))
    right = canvas.size[0]
    sides = ((words(f"side.{s}"), ink(look(s).colour)) for s in (Side.RIGHT, Side.LEFT))
    for text, ground in ((words("film.notice"), DARK), *sides):
        letters = label(text, size, ground)
        right -= letters.size[0] + edge
        canvas.tag(letters, (right, edge))


def _letter_size(canvas: Canvas) -> int:
    return max(LEAST_LETTERS_PX, round(min(canvas.size) * LETTERS))


def _event_text(event: Event, words: Words) -> str:
    time = with_unit(number(event.time_s, 2, words.language), "s")
    return f"{words(f'event.{event.kind}')} {words(f'side.{event.side}')} {time}"


def _chain(scene: Scene, row: int, names: tuple[str, ...], scale: float) -> np.ndarray:
    """Return the places of keypoints (point, 2) on the canvas; NaN where unknown."""
    places = [
        scene.points[name][row] if name in scene.points else UNKNOWN for name in names
    ]
    return np.array(places) * scale


def _angles(
    angles: xr.Dataset | None, time: np.ndarray
) -> dict[tuple[str, Side], np.ndarray]:
    """Return each angle at the times of the keypoints, NaN where it is not known."""
    if angles is None:
        return {}
    clock = _clock(angles["time"].to_numpy())
    rows = [clock.row_at(moment) for moment in time]
    return {
        (name, side): np.array([_at(series, row) for row in rows])
        for name, _ in ANGLES
        if name in angles
        for side in Side
        if side in angles["side"].to_numpy()
        for series in [angles[name].sel(side=side).to_numpy()]
    }


def _event_time(event: Event) -> float:
    return event.time_s


def _at(series: np.ndarray, row: int | None) -> float:
    return float("nan") if row is None else float(series[row])


def _clock(time_s: np.ndarray) -> Clock:
    """Return a clock that reaches half its median interval, and a little more."""
    step = float(np.median(np.diff(time_s))) if time_s.size > 1 else 0.0
    return Clock(time_s, HALF_A_FRAME * step)
