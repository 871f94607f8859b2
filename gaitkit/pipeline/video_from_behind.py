"""A film of somebody with stickers who walks away from the camera.

The stickers of a film as named paths: found, followed, and told apart by votes.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.gait.quality import WalkQuality
from gaitkit.gait.stickers.sight import Lens
from gaitkit.gait.stickers.walk import FootDirection, analyse_sticker_walk
from gaitkit.gait.walk import WalkResult
from gaitkit.io.video import VideoFile
from gaitkit.io.video_frames import frames
from gaitkit.measure.rearfoot.walking import measure_sticker_walk
from gaitkit.measure.standing.camera import Roll, roll_of_floor
from gaitkit.measure.standing.settings import REPORTED_ROLL_SD_DEG
from gaitkit.measure.walk import measure_walk
from gaitkit.model.analysis import Analysis
from gaitkit.model.events import Event, EventKind
from gaitkit.model.keypoints import keypoints
from gaitkit.model.reason import Quality, reason
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput, StickerColour
from gaitkit.pose.floor_line import find_floor_line
from gaitkit.pose.follow import PoseTrack
from gaitkit.pose.stickers.roles import BodyGuide, name_stickers
from gaitkit.pose.stickers.sticker import PictureBox
from gaitkit.pose.stickers.track import follow_stickers
from gaitkit.signal.scale import FOCAL_LONG_SIDES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import xarray as xr

    from gaitkit.config import Config
    from gaitkit.gait.stickers.walk import StickerWalkResult
    from gaitkit.io.video_frames import Frame
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.pose.stickers.sticker import Sticker, StickerSettings
    from gaitkit.pose.stickers.track import StickerTrack

FOCAL_RELATIVE_SD = 0.12
"""Spread of the focal length of main cameras of telephones about the usual one."""


REPORTED_TOE_OUT_SD_DEG = 3.0
"""A direction of the feet that was told is rarely that of each step: 2 to 3 deg
between steps. Assumed."""

AXIS_SD_DEG = 3.0
"""Long axis of a footprint on a plate against the line of heel and second toe: ways to
draw such an axis differ by 2 to 7 deg (the catalogue's source)."""

PROGRESSION = "foot_progression_angle"
METHOD = "stickers"
SIDE_VIEW_GATES = ("towards_camera", "no_walk", "too_few_strides", "no_scale")
"""What is said of a film that should have been made from the side."""

SIDE_VIEW_KINDS = ("oblique_view", "few_strides", "slow_motion")
MARGIN = 0.35
"""Stickers are looked for so far around hips, knees and ankles, as a share of the
height from ankle to hip; the heels lie below the ankles."""

LEAST_VOTES = 3
"""Frames in which a track must have been given the same name."""

LEAST_SHARE = 0.6
"""Share of the frames with a name in which it must have been that one."""

GUIDES = ("hip", "knee", "ankle")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFromBehind:
    """A film, its keypoints, its stickers, and what the side-view analysis said."""

    source: RecordingInput
    colour: StickerColour
    video: VideoFile
    track: PoseTrack
    walk: WalkResult


def declared_colour(source: RecordingInput, walk: WalkResult) -> StickerColour | None:
    """Return the colour of the stickers of a film from behind; None for other films.

    Without a declared colour such a film is refused as one that should have been made
    from the side.
    """
    return source.sticker_colour if walk.view == "posterior" else None


def plate_directions(
    analyses: Sequence[Analysis], *, condition: str | None
) -> dict[Side, FootDirection]:
    """Return the toe-out of the feet that the plates of a visit measured.

    Parameters
    ----------
    analyses : sequence of Analysis
        Recordings of the visit that were analysed before.
    condition : str or None
        On the feet in the film; plates with another condition do not count.

    Returns
    -------
    dict of Side to FootDirection
        Mean over the plates that have it, weighed by their error, with how far a
        footprint's axis may lie from that of the foot; a side without is left out.
    """
    rows = [
        row
        for each in analyses
        if each.recording.kind == "plate" and each.recording.condition == condition
        for row in each.measurements
        if row.name == PROGRESSION and row.value is not None and row.sd is not None
    ]
    found = {}
    for side in Side:
        own = [row for row in rows if row.side is side]
        if own:
            weight = np.array([(row.sd or 1.0) ** -2.0 for row in own])
            mean = float(np.average([row.value or 0.0 for row in own], weights=weight))
            sd = float(np.hypot(weight.sum() ** -0.5, AXIS_SD_DEG))
            found[side] = FootDirection(toe_out_deg=mean, sd_deg=sd)
    return found


def analyse_from_behind(
    film: FilmFromBehind,
    recording: Recording,
    *,
    config: Config,
    directions: Mapping[Side, FootDirection] | None = None,
) -> Analysis:
    """Analyse a walk away from the camera by its stickers.

    Parameters
    ----------
    film : FilmFromBehind
        The film and its keypoints.
    recording : Recording
        As made for a film from the side; what does not concern this view is taken off
        its quality.
    config : Config
        All settings.
    directions : mapping of Side to FootDirection or None
        Toe-out that something else in the visit measured (`plate_directions`); what
        was told for this film comes first.

    Returns
    -------
    Analysis
        With a rearfoot curve of each foot that could be measured. Everything else that
        a walk may give says why it is absent.
    """
    first = next(iter(frames(film.video, start=0, stop=1)))
    roll = _roll(film.source, first.image, config)
    lens = Lens(
        focal_px=FOCAL_LONG_SIDES * max(film.video.width, film.video.height),
        middle_px=(film.video.width / 2, film.video.height / 2),
        focal_relative_sd=FOCAL_RELATIVE_SD,
        roll_deg=roll.deg,
        roll_sd_deg=roll.sd_deg,
    )
    paths = sticker_paths(
        frames(film.video, start=0, stop=None),
        film.track.keypoints,
        colour=film.colour,
        settings=config.stickers,
    )
    result = analyse_sticker_walk(
        paths,
        lens=lens,
        directions={**(directions or {}), **_directions(film.source)},
        settings=config.sticker_walk,
    )
    quality = _quality(film.walk.quality, result)
    seen = dataclasses.replace(recording, quality=quality, view="posterior")
    own = measure_sticker_walk(result, recording=recording.id, roll_sd_deg=roll.sd_deg)
    return Analysis(
        recording=seen,
        source=film.source.file,
        raw=film.track.keypoints,
        events=_events(result, recording.id),
        measurements=(*own, *_others(own, seen)),
        rearfoot=tuple(foot.curve for foot in result.feet if foot.curve is not None),
    )


def _directions(source: RecordingInput) -> dict[Side, FootDirection]:
    """Return the toe-out of the feet that was told for this recording."""
    told = {Side.LEFT: source.toe_out_left_deg, Side.RIGHT: source.toe_out_right_deg}
    return {
        side: FootDirection(toe_out_deg=angle, sd_deg=REPORTED_TOE_OUT_SD_DEG)
        for side, angle in told.items()
        if angle is not None
    }


def _roll(source: RecordingInput, picture: np.ndarray, config: Config) -> Roll:
    """Return the roll: as told, as found along the floor, or unknown."""
    if source.roll_deg is not None:
        return Roll(deg=source.roll_deg, sd_deg=REPORTED_ROLL_SD_DEG, source="user")
    line = source.floor_line_px or find_floor_line(np.ascontiguousarray(picture))
    if line is not None:
        return roll_of_floor(line)
    return Roll(deg=0.0, sd_deg=config.standing.roll_sd_deg, source="none")


def _quality(walk: WalkQuality, result: StickerWalkResult) -> Quality:
    """Return the quality of the film as one from behind."""
    kept = tuple(
        gate
        for gate in walk.gates
        if gate.reason.code not in {*SIDE_VIEW_GATES, *SIDE_VIEW_KINDS}
    )
    quality = WalkQuality(gates=kept).as_quality()
    if any(foot.curve is not None for foot in result.feet) or result.pelvis:
        return quality
    why = tuple(foot.why_missing for foot in result.feet if foot.why_missing)
    none = (reason("stickers_walk_unread"), *dict.fromkeys(why))
    return Quality(status="refused", reasons=(*none, *quality.reasons))


def _others(own: tuple[Measurement, ...], recording: Recording) -> list[Measurement]:
    """Return the measures of a walk that stickers do not give, each with its reason."""
    given = {row.name for row in own}
    absent = measure_walk((), recording=recording)
    return [row for row in absent if row.name not in given]


def _events(result: StickerWalkResult, recording: str) -> tuple[Event, ...]:
    moments: list[tuple[EventKind, Side, float]] = [
        moment
        for foot in result.feet
        for stance in foot.stances
        for moment in (
            ("initial_contact", stance.side, stance.start_s),
            ("foot_off", stance.side, stance.end_s),
        )
    ]
    events = [
        Event(recording=recording, side=side, kind=kind, time_s=at, method=METHOD)
        for kind, side, at in moments
    ]
    return tuple(sorted(events, key=lambda event: event.time_s))


def sticker_paths(
    frames: Iterable[Frame],
    body: xr.Dataset,
    *,
    colour: StickerColour,
    settings: StickerSettings,
) -> xr.Dataset:
    """Find the stickers of a film seen from behind and give their paths names.

    Parameters
    ----------
    frames : iterable of Frame
        Every frame of the film, in order.
    body : xarray.Dataset
        Keypoints in pixels of the same frames (``time, space, keypoint``): where to
        look, and which leg is which.
    colour : str
        Colour of the stickers.
    settings : StickerSettings
        What counts as a sticker.

    Returns
    -------
    xarray.Dataset
        Keypoints in pixels, named ``left_calf_upper``, ``right_psis`` and so on; NaN
        where not seen; no keypoint where none was found.

    Notes
    -----
    In single frames, above all in swing, names can go wrong; a path takes the name
    that it had in most of its frames, and none when that is no clear majority.
    """
    guides = _guides(body)
    tracks = follow_stickers(
        frames, colour, settings=settings, box_of=lambda index: _box(guides, index)
    )
    return _dataset(_named(tracks, guides), body)


def _guides(body: xr.Dataset) -> list[BodyGuide | None]:
    """Return where the legs are in each frame, the left one first."""
    position = body["position"].sel(space=["x", "y"])
    pairs = {
        part: position.sel(keypoint=[f"{side}_{part}" for side in Side])
        .transpose("time", "keypoint", "space")
        .to_numpy()
        for part in GUIDES
    }
    whole = np.all(
        [np.isfinite(pair).all(axis=(1, 2)) for pair in pairs.values()], axis=0
    )
    return [
        BodyGuide(
            hips=pairs["hip"][i], knees=pairs["knee"][i], ankles=pairs["ankle"][i]
        )
        if whole[i]
        else None
        for i in range(body.sizes["time"])
    ]


def _box(guides: Sequence[BodyGuide | None], index: int) -> PictureBox | None:
    guide = guides[index] if index < len(guides) else None
    if guide is None:
        return None
    places = np.concatenate([guide.hips, guide.knees, guide.ankles])
    margin = MARGIN * guide.leg_px
    left, top = places.min(axis=0) - margin
    right, bottom = places.max(axis=0) + margin
    return PictureBox(
        left=int(left), top=int(top), right=int(right) + 1, bottom=int(bottom) + 1
    )


def _named(
    tracks: Sequence[StickerTrack], guides: Sequence[BodyGuide | None]
) -> dict[str, list[StickerTrack]]:
    """Return the tracks of each name."""
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    by_frame: dict[int, list[tuple[int, Sticker]]] = defaultdict(list)
    for number, track in enumerate(tracks):
        for frame, sticker in zip(track.frames, track.stickers, strict=True):
            by_frame[frame].append((number, sticker))
    for frame, seen in by_frame.items():
        guide = guides[frame] if frame < len(guides) else None
        if guide is not None:
            for number, name in _names(seen, guide):
                votes[number][name] += 1
    named: dict[str, list[StickerTrack]] = defaultdict(list)
    for number, counted in votes.items():
        name, most = counted.most_common(1)[0]
        if most >= LEAST_VOTES and most >= LEAST_SHARE * counted.total():
            named[name].append(tracks[number])
    return named


def _names(
    seen: Sequence[tuple[int, Sticker]], guide: BodyGuide
) -> list[tuple[int, str]]:
    """Return the names that the stickers of one frame get."""
    stickers = [sticker for _, sticker in seen]
    places = {(s.x_px, s.y_px): number for number, s in seen}
    named = name_stickers(stickers, view="posterior", body=guide)
    return [
        (places[point.x_px, point.y_px], f"{point.side}_{point.role}")
        for point in named.points
    ]


def _dataset(named: dict[str, list[StickerTrack]], body: xr.Dataset) -> xr.Dataset:
    """Return the paths; where two tracks share a name in a frame, the longer counts."""
    names = sorted(named)
    frames = body.sizes["time"]
    position = np.full((frames, 2, len(names)), np.nan)
    for column, name in enumerate(names):
        for track in sorted(named[name], key=lambda track: len(track.frames)):
            for frame, sticker in zip(track.frames, track.stickers, strict=True):
                if frame < frames:
                    position[frame, :, column] = sticker.centre
    return keypoints(
        position,
        np.isfinite(position).all(axis=1).astype(float),
        time_s=body["time"].to_numpy(),
        names=names,
        space_unit="px",
    )
