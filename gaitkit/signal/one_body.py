"""Markers are used only where they can belong to this body.

Four faults of marker files are looked for: a code for "missing" that stands as a place
(``-9999``), a marker held still where a gap was filled with its last value, a marker
that leaves its bone, and left and right exchanged, for a stretch or throughout. Bones
do not change their length, so that the distances within a segment show all of them.
An exchange is put back where the distances and the order of the sides say so without
doubt; everything else is left out, with its frames.

Wrong where a marker is off its bone for most of a recording, together with all others
of its segment, and in a standing person, in whom distances tell nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitkit.doors import shipped_table
from gaitkit.model.chance import MAD_TO_SD
from gaitkit.model.motion import Floats
from gaitkit.model.reason import Reason, reason
from gaitkit.signal.gaps import runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.motion import MotionRecording

Mask = NDArray[np.bool_]

SIDES = ("left", "right")

FRAMES_MIN = 10
"""Frames in which a distance must be seen to be known."""

REFINED_S = 0.15
"""Seconds round the end of an exchange in which the jump is sought."""

REPEATED = 3
"""Samples from which a code is no chance."""

EXCESS_MAX = 4.0
"""Most that one distance says against a marker: twice what skin allows, squared."""

EQUALLY = 0.9
"""Two markers whose distances are this equally wrong cannot be told apart."""

MIRRORED_SHARE = 0.8
"""A file in which the sides lie the wrong way round in so many frames is mirrored, or
its labels are; in fewer the body was exchanged for a stretch."""

COPIED = 0.5
"""Two markers at one place in this share of their frames are copies."""

SHOWN_RUNS, SHOWN_LABELS = 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The numbers of ``one_body.toml``, in metres; see there."""

    skin_m: float
    skin_sd_m: float
    loose_sd_m: float
    lateral_sd_m: float
    lateral_sure_m: float
    reach_m: float
    frozen_frames: int
    frozen_neighbour_m: float
    frozen_body_m: float
    frozen_foot_m: float
    switch: float
    sure: float
    most: float
    whole: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneBody:
    """Markers of one body, and what was done to have them.

    Attributes
    ----------
    position : array (time, 3, marker)
        As they came in; sides put back, NaN where a marker is on no body.
    reasons : tuple of Reason
        What was put back and what was left out, with the frames.
    """

    position: Floats
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bones:
    """Pairs of markers on one bone: their columns and median distances."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    distance: Floats
    median: Floats
    sd: Floats


def without_codes(motion: MotionRecording) -> tuple[MotionRecording, Reason | None]:
    """Set to missing what is a code for it, or lies beyond the reach of a body.

    Parameters
    ----------
    motion : MotionRecording
        In metres, axes as in the file.

    Notes
    -----
    A code has three equal numbers (-9999, 9999.99), or stands at exactly the same
    place for two markers of one frame, where no two balls fit.
    """
    markers = motion.markers.transpose("time", "space", "keypoint")
    position = markers["position"].to_numpy()
    seen = np.isfinite(position).all(axis=1)
    size = np.abs(position)
    coded = _repeated(seen & (size[:, :1] == size).all(axis=1) & (size[:, 0] > 0))
    labels = [str(name) for name in markers["keypoint"].to_numpy()]
    played = [labels.index(each.label) for each in motion.roles]
    coded[:, played] |= _coincident(position[:, :, played])
    kept = np.where(coded[:, None], np.nan, position)
    middle = _median(kept, axis=2)[:, :, None]
    far = np.linalg.norm(kept - middle, axis=1) > limits().reach_m
    coded |= seen & far
    if not coded.any():
        return motion, None
    cleaned = markers.copy()
    cleaned["position"] = markers["position"].where(
        ~markers["position"].copy(data=np.broadcast_to(coded[:, None], position.shape))
    )
    cleaned["confidence"] = markers["confidence"].where(~coded, 0.0)
    told = _told("motion_markers_coded", coded, labels, motion.first_frame)
    return replace(motion, markers=cleaned), told


def on_one_body(
    position: Floats, names: Sequence[str], *, rate_hz: float, first_frame: int
) -> OneBody:
    """Put exchanged sides back and leave out what is on no bone.

    Parameters
    ----------
    position : array (time, 3, marker)
        Forward, left and up of a laboratory, metres; NaN where unseen.
    names : sequence of str
        Roles of the markers.
    rate_hz : float
        Frames per second.
    first_frame : int
        Number of the first frame, for what is told.
    """
    place, told = position.copy(), []

    def leave_out(code: str, mask: Mask) -> None:
        if mask.any():
            place[np.broadcast_to(mask[:, None], place.shape)] = np.nan
            told.append(_told(code, mask, names, first_frame))

    def put_back(mask: Mask) -> None:
        if mask.any():
            place[:] = _exchanged(place, names, mask)
            told.append(_told("motion_sides_put_back", mask, names, first_frame))

    put_back(_throughout(place, names))
    sure, unsure = _stretches(place, names, rate_hz)
    put_back(sure)
    leave_out("motion_sides_unclear", unsure)
    leave_out("motion_markers_frozen", _frozen(place, names))
    leave_out("motion_markers_off_bone", _off_bone(place, names))
    return OneBody(position=place, reasons=tuple(told))


@cache
def limits() -> Limits:
    """Return the limits of ``one_body.toml``."""
    table = _table()
    found = {
        key.replace("_mm", "_m"): value / 1000 if key.endswith("_mm") else value
        for key, value in {**table["limits"], **table["exchange"]}.items()
    }
    return Limits(**found)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return shipped_table("gaitkit.signal", "one_body.toml")


def _coincident(position: Floats) -> Mask:
    """Return where two markers that are apart otherwise are at exactly one place.

    Markers that are together in most frames are copies that a model made.
    """
    found = np.zeros((position.shape[0], position.shape[2]), dtype=bool)
    for one, other in combinations(range(position.shape[2]), 2):
        same = (position[:, :, one] == position[:, :, other]).all(axis=1)
        if same.sum() >= REPEATED and same.sum() < COPIED * _seen_together(
            position, one, other
        ):
            found[:, one] |= same
            found[:, other] |= same
    return found


def _repeated(samples: Mask) -> Mask:
    """Return those of markers that have several: once is chance in a rounded file."""
    return np.asarray(samples & (samples.sum(axis=0) >= REPEATED))


def _seen_together(position: Floats, one: int, other: int) -> int:
    both = np.isfinite(position[:, :, one]) & np.isfinite(position[:, :, other])
    return int(both.all(axis=1).sum())


def _frozen(place: Floats, names: Sequence[str]) -> Mask:
    """Return where a marker stands exactly still and its body does not."""
    limit, frozen = limits(), np.zeros((place.shape[0], place.shape[2]), dtype=bool)
    body = _median(place, axis=2)
    feet, segments = _feet(), _segments(names)
    for column, name in enumerate(names):
        still = (np.diff(place[:, :, column], axis=0) == 0).all(axis=1)
        far = limit.frozen_foot_m if name in feet else limit.frozen_body_m
        bones = [each for each in segments if column in each]
        for run in runs(still):
            frames = slice(run.start, run.stop + 1)
            if frames.stop - frames.start < limit.frozen_frames:
                continue
            moved = max(
                (_moved(place[frames], column, each) for each in bones), default=0.0
            )
            if moved > limit.frozen_neighbour_m or _reach_of(body[frames]) > far:
                frozen[run.start + 1 : run.stop + 1, column] = True
    return frozen


def _moved(place: Floats, column: int, members: Sequence[int]) -> float:
    """Return how far half of the others on a bone move against a marker."""
    apart = [_change(place[:, :, k] - place[:, :, column])
             for k in members if k != column]  # fmt: skip
    return float(np.median(apart)) if apart else 0.0


def _change(between: Floats) -> float:
    length = np.linalg.norm(between, axis=1)
    known = length[np.isfinite(length)]
    return float(np.ptp(known)) if known.size else 0.0


def _reach_of(path: Floats) -> float:
    known = path[np.isfinite(path).all(axis=1)]
    return float(np.linalg.norm(np.ptp(known, axis=0))) if known.size else 0.0


def _throughout(place: Floats, names: Sequence[str]) -> Mask:
    """Return the markers whose sides are exchanged in the whole recording.

    Distances to the own side that vary, while those to the other side do not, and
    sides that lie in the wrong order tell it.
    """
    order = np.arange(len(names))
    best = _misfit(place, names, order)
    while _sets(names) and best > limits().whole:
        tried = [(_misfit(place, names, order[turn]), turn) for turn in _sets(names)]
        least, turn = min(tried, key=lambda pair: pair[0])
        if least > best - limits().whole:
            break
        best, order = least, order[turn]
    moved = order != np.arange(len(names))
    return np.broadcast_to(moved, (place.shape[0], len(names)))


def _misfit(place: Floats, names: Sequence[str], order: NDArray[np.int64]) -> float:
    """Return how badly the markers of one order fit bones and sides."""
    limit, turned = limits(), place[:, :, order]
    bones = _bones(turned, names)
    loose = np.minimum(bones.sd / limit.skin_sd_m, np.sqrt(2 * limit.most))
    aside = _aside(turned, names)
    crossed = _median(aside, axis=0) < -limit.lateral_sure_m
    wrong = limit.most * crossed.sum() / len(SIDES)
    return float((loose**2 / 2).sum() + wrong)


def _aside(place: Floats, names: Sequence[str]) -> Floats:
    """Return how far each marker lies to its side of its partner (time, marker).

    Feet are left out, they may cross; NaN for them.
    """
    facing = _facing(place, names)
    left = np.stack((-facing[:, 1], facing[:, 0]), axis=1)
    found = np.full((place.shape[0], len(names)), np.nan)
    feet = _feet()
    for one, other in _pairs(names):
        if names[one] in feet:
            continue
        between = place[:, :2, one] - place[:, :2, other]
        found[:, one] = found[:, other] = (between * left).sum(axis=1)
    whole = np.nansum(found, axis=1)
    known = whole[whole != 0]
    mirrored = known.size > 0 and float(np.mean(known < 0)) > MIRRORED_SHARE
    return np.asarray(-found if mirrored else found)


def _facing(place: Floats, names: Sequence[str]) -> Floats:
    """Return where the body faces: the mean of both feet, whichever is which."""
    order = list(names)
    ahead = np.zeros((place.shape[0], 2))
    for toe in ("toe", "metatarsal_5", "metatarsal_1", "foot_index"):
        needed = [f"{side}_{part}" for side in SIDES for part in (toe, "heel")]
        if set(needed) <= set(order):
            sign = {toe: 1, "heel": -1}
            for name in needed:
                path = place[:, :2, order.index(name)]
                ahead += sign[name.partition("_")[2]] * path
            break
    length = np.linalg.norm(ahead, axis=1, keepdims=True)
    return np.asarray(
        np.divide(ahead, length, out=np.full_like(ahead, np.nan), where=length > 0)
    )


def _stretches(
    place: Floats, names: Sequence[str], rate_hz: float
) -> tuple[Mask, Mask]:
    """Return what is exchanged for a stretch for sure, and what perhaps is."""
    sure = np.zeros((place.shape[0], len(names)), dtype=bool)
    unsure = sure.copy()
    turns = _sets(names)
    if not turns or place.shape[0] < FRAMES_MIN:
        return sure, unsure
    same = np.arange(len(names))
    usual, aside = _bones(place, names), _aside(place, names)
    costs = np.stack(
        [_costs(place, turn, usual, aside) for turn in (same, *turns)], axis=1
    )
    if float((costs[:, 0] - costs.min(axis=1)).sum()) < 2 * limits().switch:
        return sure, unsure  # what could be gained pays for no exchange
    state, usual_cost = _likeliest(costs), float(np.median(costs.min(axis=1)))
    window = max(round(REFINED_S * rate_hz), 1)
    for number, begun in enumerate(turns, start=1):
        for run in runs(state == number):
            turn = _completed(place[run], begun, names, usual, aside[run])
            frames = _to_the_jumps(place, turn, run, window)
            fit = _costs(place[frames], turn, usual, aside[frames])
            if float(np.mean(fit)) - usual_cost > limits().sure:
                continue  # exchanged it does not fit either
            gain = float(np.mean(costs[frames, 0] - fit))
            target = sure if gain > limits().sure else unsure
            target[frames, turn != same] = True
    return sure, unsure & ~sure


def _completed(
    place: Floats,
    turn: NDArray[np.int64],
    names: Sequence[str],
    usual: _Bones,
    aside: Floats,
) -> NDArray[np.int64]:
    """Return an exchange with what must be added or taken back to fit best."""
    best = float(np.mean(_costs(place, turn, usual, aside)))
    for _ in range(len(_pairs(names))):
        tried = [
            (float(np.mean(_costs(place, turn[more], usual, aside))), turn[more])
            for more in _sets(names)
        ]
        least, other = min(tried, key=lambda pair: pair[0])
        if least > best - limits().sure / 2:
            break
        best, turn = least, other
    return turn


def _costs(
    place: Floats, turn: NDArray[np.int64], usual: _Bones, aside: Floats
) -> Floats:
    """Return for each frame how badly an order fits what the recording shows."""
    limit = limits()
    turned = place[:, :, turn]
    distance = np.linalg.norm(
        turned[:, :, usual.one] - turned[:, :, usual.other], axis=1
    )
    firm = usual.sd < limit.loose_sd_m
    off = (distance - usual.median)[:, firm] / limit.skin_sd_m
    middle = _median(np.abs(aside), axis=0)
    sign = np.where(turn == np.arange(turn.size), 1.0, -1.0)
    wide = middle > limit.lateral_sure_m
    order = ((aside * sign - middle) / limit.lateral_sd_m)[:, wide]
    return np.asarray(
        np.nansum(np.minimum(off**2 / 2, limit.most), axis=1)
        + np.nansum(np.minimum(order**2 / 2, limit.most), axis=1) / 2
    )


def _likeliest(costs: Floats) -> NDArray[np.int64]:
    """Return the likeliest state of each frame.

    The algorithm of Viterbi (1967, doi:10.1109/TIT.1967.1054010).
    """
    frames, states = costs.shape
    switch = limits().switch * (1 - np.eye(states))
    total, before = costs[0].copy(), np.zeros((frames, states), dtype=np.int64)
    total[1:] += limits().switch
    for frame in range(1, frames):
        ways = total[:, None] + switch
        before[frame] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[frame]
    state = np.zeros(frames, dtype=np.int64)
    state[-1] = total.argmin()
    for frame in range(frames - 1, 0, -1):
        state[frame - 1] = before[frame, state[frame]]
    return state


def _to_the_jumps(
    place: Floats, turn: NDArray[np.int64], run: slice, window: int
) -> slice:
    """Return a stretch between the jumps that its exchange explains."""
    forth = np.linalg.norm(np.diff(place, axis=0), axis=1)
    turned = np.linalg.norm(place[1:][:, :, turn] - place[:-1], axis=1)
    gain = np.nansum(forth - turned, axis=1)  # of a switch between two frames

    def sought(edge: int) -> int:
        low, high = max(edge - window, 1), min(edge + window + 1, len(place))
        if edge <= 0 or edge >= len(place) or low >= high:
            return edge
        return low + int(np.argmax(gain[low - 1 : high - 1]))

    start, stop = sought(run.start), sought(run.stop)
    return slice(start, stop) if start < stop else run


def _exchanged(place: Floats, names: Sequence[str], chosen: Mask) -> Floats:
    """Return the places with the sides of the chosen samples exchanged."""
    result = place.copy()
    for left, right in _pairs(names):
        frames = chosen[:, left]
        result[frames, :, left] = place[frames, :, right]
        result[frames, :, right] = place[frames, :, left]
    return result


def _off_bone(place: Floats, names: Sequence[str]) -> Mask:
    """Return the samples that keep no distance to the others of their bones."""
    limit, bones = limits(), _bones(place, names)
    off = np.zeros((place.shape[0], len(names)), dtype=bool)
    if not bones.one.size:
        return off
    # throughout: a marker that is firm to none of its mates is on no bone
    firm = bones.sd < limit.loose_sd_m
    away = _blamed(~firm[None], bones.sd[None], bones, len(names))[0]
    off[:, away] = True
    apart = np.abs(bones.distance - bones.median)
    broken = apart > limit.skin_m
    broken &= firm & ~away[bones.one] & ~away[bones.other]
    frames = np.flatnonzero(broken.any(axis=1))
    apart[:, ~firm | away[bones.one] | away[bones.other]] = 0.0
    off[frames] |= _blamed(broken[frames], apart[frames], bones, len(names))
    return off & np.isfinite(place).all(axis=1)


def _blamed(broken: Mask, off: Floats, bones: _Bones, count: int) -> Mask:
    """Return which markers explain broken distances: the one that is most off, first.

    Two that are equally far off, a pair that nothing else ties to a bone, both go.
    """
    blamed = np.zeros((len(broken), count), dtype=bool)
    weight = np.nan_to_num(np.minimum((off / limits().skin_m) ** 2, EXCESS_MAX))
    for frame in range(len(broken)):
        left, share = broken[frame].copy(), weight[frame].copy()
        while left.any():
            total, at_fault = np.zeros(count), np.zeros(count, dtype=bool)
            for ends in (bones.one, bones.other):
                np.add.at(total, ends, share)
                at_fault[ends[left]] = True
            total[~at_fault] = 0.0
            worst = np.flatnonzero(total >= EQUALLY * total.max())
            blamed[frame, worst] = True
            touched = np.isin(bones.one, worst) | np.isin(bones.other, worst)
            left &= ~touched
            share[touched] = 0.0
    return blamed


def _bones(place: Floats, names: Sequence[str]) -> _Bones:
    pairs = [
        (one, other)
        for members in _segments(names)
        for one, other in combinations(members, 2)
    ]
    known = dict.fromkeys(pairs)
    one = np.array([pair[0] for pair in known], dtype=np.int64)
    other = np.array([pair[1] for pair in known], dtype=np.int64)
    distance = np.linalg.norm(place[:, :, one] - place[:, :, other], axis=1)
    enough = np.isfinite(distance).sum(axis=0) >= min(FRAMES_MIN, len(distance))
    one, other, distance = one[enough], other[enough], distance[:, enough]
    median = _median(distance, axis=0)
    sd = MAD_TO_SD * _median(np.abs(distance - median), axis=0)
    return _Bones(one=one, other=other, distance=distance, median=median, sd=sd)


def _median(values: Floats, *, axis: int) -> Floats:
    """Return the median of what is known, NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmedian(values, axis=axis))


def _segments(names: Sequence[str]) -> list[list[int]]:
    """Return the columns of each segment, one list a side for those of a side."""
    found = []
    for title, parts in _table()["segments"].items():
        midline = title in {"pelvis", "trunk"}
        for sides in (SIDES,) if midline else (("left",), ("right",)):
            members = _columns(names, parts, sides)
            found.append(members)
    return found


def _columns(
    names: Sequence[str], parts: Iterable[str], sides: Sequence[str]
) -> list[int]:
    wanted = {f"{side}_{part}" for side in sides for part in parts} | set(parts)
    return [column for column, name in enumerate(names) if name in wanted]


def _feet() -> frozenset[str]:
    """Return the roles on the feet, toes as well."""
    parts = _table()["exchanged_together"]["foot"]
    return frozenset(f"{side}_{part}" for side in SIDES for part in parts)


def _pairs(names: Sequence[str]) -> list[tuple[int, int]]:
    """Return the columns of left and right of each part that has both."""
    order = list(names)
    return [
        (order.index(name), order.index(other))
        for name in order
        if name.startswith("left_")
        for other in (f"right_{name.removeprefix('left_')}",)
        if other in order
    ]


def _sets(names: Sequence[str]) -> list[NDArray[np.int64]]:
    """Return the exchanges that are thought of, each as an order of the columns."""
    pairs = _pairs(names)
    sets = {frozenset({pair}) for pair in pairs}
    for parts in _table()["exchanged_together"].values():
        wanted = {f"left_{part}" for part in parts}
        sets.add(frozenset(pair for pair in pairs if names[pair[0]] in wanted))
    sets.add(frozenset(pairs))
    turns = []
    for each in sorted(sets - {frozenset()}, key=lambda s: (len(s), sorted(s))):
        turn = np.arange(len(names))
        for left, right in each:
            turn[left], turn[right] = right, left
        turns.append(turn)
    return turns


def _told(code: str, mask: Mask, labels: Sequence[str], first_frame: int) -> Reason:
    """Return the reason with its markers and its frames."""
    which = [labels[column] for column in np.flatnonzero(mask.any(axis=0)).tolist()]
    stretches = runs(np.asarray(mask.any(axis=1)))
    frames = [
        f"{run.start + first_frame}-{run.stop - 1 + first_frame}"
        for run in stretches[:SHOWN_RUNS]
    ]
    return reason(
        code,
        labels=", ".join(which[:SHOWN_LABELS])
        + (", ..." if len(which) > SHOWN_LABELS else ""),
        frames=", ".join(frames) + (", ..." if len(stretches) > SHOWN_RUNS else ""),
        samples=int(mask.sum()),
    )
