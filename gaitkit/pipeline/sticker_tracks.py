"""The stickers of a film as named paths: found, followed, and told apart by votes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.model.keypoints import keypoints
from gaitkit.model.side import Side
from gaitkit.pose.stickers.roles import BodyGuide, name_stickers
from gaitkit.pose.stickers.sticker import PictureBox
from gaitkit.pose.stickers.track import follow_stickers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import xarray as xr

    from gaitkit.io.video_frames import Frame
    from gaitkit.model.visit import StickerColour
    from gaitkit.pose.stickers.sticker import Sticker, StickerSettings
    from gaitkit.pose.stickers.track import StickerTrack

MARGIN = 0.35
"""Stickers are looked for so far around hips, knees and ankles, as a share of the
height from ankle to hip; the heels lie below the ankles."""

LEAST_VOTES = 3
"""Frames in which a track must have been given the same name."""

LEAST_SHARE = 0.6
"""Share of the frames with a name in which it must have been that one."""

GUIDES = ("hip", "knee", "ankle")


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
