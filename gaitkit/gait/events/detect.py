"""Initial contact and foot off, by the detector that fits the recording.

The tip of the foot: it falls fastest as the heel lands, and leaves last.

While the heel strikes, the forefoot is on its way down; its fall is braked from that
moment on. Unlike rules on the forward path of the heel this needs no drawing back of
the foot before it lands, which short, flat steps lack (Parkinson's disease): there
they are 60 to 95 ms late where this rule is 20 ms late.

The rule was found here, by comparing 140 rules with 21 force-plate contacts and the
13 events of a walk with Parkinson's disease; it needs the exact heights of markers.

What two feet can do together: events that no walk can hold are removed.

Several detectors made into one: each event is the weighted mean of their times.

The swings of a foot say which events there are (`gaitkit.gait.events.detect`). A
detection that belongs to no swing is left out, however clear it looks; one that does is
kept, even when one detector alone has it. Where none has it there is no event.

Swings: the skeleton of a walk, from the speed of a foot over that of the body.

While a foot swings it moves faster than the body, while it stands slower, at every
pace of walking, with short steps and on a treadmill. Each swing begins with one foot
off and ends with one initial contact: this says how many events there are and in which
order; the detectors say when exactly.

On 294 contacts of children, adults, older people and people with Parkinson's disease
(0.09 to 1.5 m/s, floor, turns and treadmill) every contact that force plates or a
laboratory knew had its swing; it ends 34 to 54 ms before the contact.

A foot stands after it swung. Where a pose model loses a foot in full swing, the foot
stops as if it landed and then jumps back to where the model believes it: there nobody
saw a contact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from gaitkit.errors import ExtensionError
from gaitkit.gait.events.foot_paths import Candidate, foot_paths, peaks
from gaitkit.gait.events.oconnor import OConnor
from gaitkit.gait.events.settings import own_detectors, own_error
from gaitkit.gait.events.timing import COMFORTABLE_FEET_PER_S, Conditions, timing_error
from gaitkit.gait.events.velocity import Velocity
from gaitkit.gait.events.zeni import Zeni, farthest
from gaitkit.model.events import Event, EventKind
from gaitkit.model.extension import code_of_others
from gaitkit.model.side import Side
from gaitkit.signal.gaps import runs
from gaitkit.signal.upright import mean_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from gaitkit.gait.events.foot_paths import Detector, FootPaths
    from gaitkit.gait.events.settings import EventSettings
    from gaitkit.gait.events.timing import Modality, Surface, TimingError

AUTO: dict[Modality, tuple[str, ...]] = {
    "video": ("zeni", "velocity"),
    "markers": ("velocity", "toe", "zeni"),
}
"""Detectors that ``auto`` fuses, the most trusted first. O'Connor's rule needs clean
heights, which keypoints of a film are not: on virtual films it misses or invents a
fifth of the events."""

SEEN_WITH = ("heel", "foot_index", "ankle", "knee")
"""What is seen of a foot whose event is sure."""

UNKNOWN_SD_S = 0.05
"""Standard error of a detector whose timing was never measured on such recordings."""

MIN_PROMINENCE = 0.3
"""A fall stands out by at least this share of the range of vertical velocity."""

MIN_DISTANCE_S = 0.2
"""Of two falls nearer than this the faster stays."""

DEFAULT_STRIDE_S = 1.1
"""Stride time when fewer than two contacts are known (comfortable walking)."""

SHORTEST_STRIDE_S = 0.5
"""Two events of one kind and foot that are nearer than this are no stride."""

SHORTEST_STEP_SHARE = 0.2
"""Contacts of opposite feet nearer than this share of a stride cannot both be true.
Of 402 steps of children, adults and people with Parkinson's disease on force plates the
shortest is 0.39; the short steps of hemiplegic gait reach 0.3."""

SHORTEST_STEP_S = 0.12
"""The same in seconds, whatever the stride: half a step of a toddler in a hurry."""

WINDOW_S = 0.12
"""A second detector may shift an event by at most this much: double support lasts
about 0.12 s; farther away it is another event."""

SHARED_ERROR = 0.7
"""Detectors on the same keypoints share errors: the error of their mean is at least
this share of the best of them (judgement)."""

ALONE = 0.5
"""Agreement of an event that one of several detectors alone has."""

SHORTEST_S = 0.08
"""A foot that outruns the body for less than this does not swing; a pause within a
swing that is shorter is none. The swing of a toddler at 200 steps/min outruns it for
0.2 s."""

PEAK_SHARE = 1.3
"""In swing a foot reaches at least this many times the speed of the body: it has to
cover a stride in less than half its time, which gives 2.0 and more."""

DELAY_S: dict[EventKind, float] = {"initial_contact": 0.045, "foot_off": 0.0}
"""The event comes so much after the border of the swing (see above)."""

REACH_S = 0.15
"""An event lies within this of the border of its swing: three times the spread."""

STANDS_S = 0.12
"""So long after a swing the foot is asked whether it stands: the shortest double
support."""

GOES_BACK_SHARE = 0.5
"""A foot that goes back by more than this share of its length meanwhile does not stand.
Feet that land reach 0.27 in a real film and 0.02 with markers (91 contacts of children,
adults and Parkinson's disease); feet that jump back reach 0.5 to 1.3."""


def detectors(modality: Modality = "markers") -> dict[str, Detector]:
    """Return every detector by name, with the limits of a kind of recording.

    Those that others added are among them.
    """
    every = (Zeni(), OConnor(), Velocity(modality=modality), Toe())
    return {each.name: each for each in every} | dict(own_detectors())


def detect(
    walking: xr.Dataset,
    *,
    recording: str,
    modality: Modality,
    settings: EventSettings,
    surface: Surface = "floor",
) -> tuple[Event, ...]:
    """Find initial contacts and foot offs of both feet in every pass.

    Parameters
    ----------
    walking : xarray.Dataset
        Walking space with the coordinate ``walk_pass`` and ``attrs["rate_hz"]``.
    recording : str
        Id that the events carry.
    modality : {"video", "markers"}
        Kind of recording; decides the corrections of bias.
    settings : EventSettings
        The method.
    surface : {"floor", "belt"}
        What is walked on: on a treadmill the detectors are off by other amounts.

    Returns
    -------
    tuple of Event
        In the order of time. Times lie between samples; the bias of the method is
        removed; ``sd_s`` is the standard error of one event.

    Notes
    -----
    The swings of the feet say which events there are; a detection outside them is left
    out, and none is invented. Where heel, toe or hips are missing there is no event.
    """
    chosen = AUTO[modality] if settings.method == "auto" else (settings.method,)
    passes = sorted(set(walking["walk_pass"].to_numpy().tolist()) - {-1})
    events: list[Event] = []
    for number in passes:
        for side in Side:
            foot = foot_paths(walking, side=side, walk_pass=number)
            for each in _of_foot(foot, chosen, modality=modality, surface=surface):
                events.append(
                    Event(
                        recording=recording,
                        side=side,
                        kind=each.candidate.kind,
                        time_s=each.candidate.time_s,
                        method=settings.method,
                        confidence=_confidence(walking, side, each),
                        sd_s=each.sd_s,
                    )
                )
    return possible(events)


def _of_foot(
    foot: FootPaths,
    methods: Sequence[str],
    *,
    modality: Modality,
    surface: Surface,
) -> list[Timed]:
    """Return the events of one foot in one pass."""
    table = detectors(modality)
    found = {name: _found(table[name], foot) for name in methods}
    walked = Conditions(
        modality=modality,
        surface=surface,
        rate_hz=foot.rate_hz,
        stride_s=typical_stride_s(found[methods[0]]),
        feet_per_s=foot.feet_per_s() or COMFORTABLE_FEET_PER_S,
    )

    def timed(candidate: Candidate, method: str) -> Timed:
        error = _timing_error(method, candidate.kind, walked)
        if error is None:
            return Timed(candidate=candidate, sd_s=UNKNOWN_SD_S)
        return unbiased(candidate, error)

    detected = [[timed(each, name) for each in found[name]] for name in methods]
    events = fuse_all(detected, swings(foot))
    return [_stated(each, walked) for each in events] if len(methods) > 1 else events


def _found(detector: Detector, foot: FootPaths) -> tuple[Candidate, ...]:
    """Return the candidates of a detector.

    Raises
    ------
    ExtensionError
        If it was added by others and fails, or returns an event of no known kind, or
        at a time that the foot was not seen.
    """
    if detector.name not in own_detectors():
        return detector.find(foot)
    what = f"the detector {detector.name!r}"
    with code_of_others(what, advice="mend it, or choose another method"):
        candidates = tuple(detector.find(foot))
        numbers = [value for c in candidates for value in (c.time_s, c.strength)]
        known = bool(np.isfinite(numbers).all())
        strange = {c.kind for c in candidates} - {*get_args(EventKind)}
        first_s, last_s = foot.time_s[0], foot.time_s[-1]
        inside = all(first_s <= c.time_s <= last_s for c in candidates)
    if not known:
        msg = f"{what} returned a time that is no number"
        raise ExtensionError(f"{msg}; leave such candidates out")
    if strange or not inside:
        got = f"kind {min(map(str, strange))!r}" if strange else "a time outside"
        kinds = " or ".join(get_args(EventKind))
        msg = f"{what} returned {got}; expected {kinds}"
        raise ExtensionError(f"{msg} between the first and the last time of the foot")
    return tuple(sorted(candidates, key=lambda each: each.time_s))


def _timing_error(
    method: str, kind: EventKind, walked: Conditions
) -> TimingError | None:
    if method in own_detectors():
        return own_error(method, walked.modality, kind)
    return timing_error(method, kind, walked)


def _stated(event: Timed, walked: Conditions) -> Timed:
    """Return an event of all detectors with the error that was found for them.

    Where they differ that is added.
    """
    known = timing_error("auto", event.candidate.kind, walked)
    if known is None:
        return replace(event, sd_s=float(np.hypot(UNKNOWN_SD_S, event.spread_s)))
    timed = unbiased(event.candidate, known)
    sd_s = float(np.hypot(known.sd_s, event.spread_s))
    return replace(event, candidate=timed.candidate, sd_s=sd_s)


def _confidence(walking: xr.Dataset, side: Side, event: Timed) -> float:
    """Return strength x agreement x how well the foot is seen.

    That is the confidence of the keypoint that makes the event, times the share of the
    foot and its leg that is seen at all.
    """
    part = "heel" if event.candidate.kind == "initial_contact" else "foot_index"
    names = [f"{side}_{each}" for each in SEEN_WITH]
    there = [name for name in names if name in walking["keypoint"]]
    at = walking.sel(time=event.candidate.time_s, method="nearest")
    known = np.isfinite(at["position"].sel(keypoint=there).to_numpy()).all(axis=0)
    near = float(at["confidence"].sel(keypoint=f"{side}_{part}"))
    value = event.candidate.strength * event.agreement * near * float(known.mean())
    return float(np.clip(np.nan_to_num(value), 0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Toe:
    """Fastest fall of the toe; toe farthest behind the pelvis."""

    name: str = "toe"

    def find(self, foot: FootPaths) -> tuple[Candidate, ...]:
        """Return contacts from the fall of the toe, foot offs from its farthest lag."""
        fall = -foot.pace(foot.toe[:, 1])
        known = fall[np.isfinite(fall)]
        if not known.size:
            return ()
        span = float(np.ptp(np.percentile(known, [2, 98])))
        found = peaks(
            fall,
            time_s=foot.time_s,
            prominence=MIN_PROMINENCE * span,
            min_distance_s=MIN_DISTANCE_S,
        )
        contacts = [
            Candidate(
                kind="initial_contact", time_s=time, strength=min(1.0, size / span)
            )
            for time, size in found
        ]
        offs = farthest(foot.pelvis - foot.toe[:, 0], foot, "foot_off")
        return tuple(sorted(contacts + offs, key=lambda each: each.time_s))


def typical_stride_s(candidates: Sequence[Candidate]) -> float:
    """Return the median time between events of one kind."""
    intervals: list[float] = []
    for kind in ("initial_contact", "foot_off"):
        times = sorted(each.time_s for each in candidates if each.kind == kind)
        intervals += np.diff(times).tolist()
    plausible = [each for each in intervals if each > SHORTEST_STRIDE_S]
    return float(np.median(plausible)) if plausible else DEFAULT_STRIDE_S


def possible(events: Sequence[Event]) -> tuple[Event, ...]:
    """Remove contacts of opposite feet that are too near to be two steps.

    Parameters
    ----------
    events : sequence of Event
        Of both feet, as detected.

    Returns
    -------
    tuple of Event
        In the order of time. Of two contacts that exclude each other the one of the
        smaller confidence goes, and with it the foot off before it, for the foot that
        did not land did not leave either.
    """
    kept = sorted(events, key=lambda event: event.time_s)
    contacts = [each for each in kept if each.kind == "initial_contact"]
    stride_s = _stride_s(contacts)
    least = max(SHORTEST_STEP_S, SHORTEST_STEP_SHARE * stride_s)
    for event in sorted(contacts, key=lambda each: each.confidence):
        stronger = (
            other
            for other in kept
            if other.kind == "initial_contact" and other.side is not event.side
        )
        if any(abs(other.time_s - event.time_s) < least for other in stronger):
            kept = [each for each in kept if each not in _of_swing(event, kept)]
    return tuple(kept)


def _of_swing(contact: Event, events: Sequence[Event]) -> tuple[Event, ...]:
    """Return a contact and the foot off that began its swing."""
    before = [
        each
        for each in events
        if each.side is contact.side and each.time_s < contact.time_s
    ]
    last = max(before, key=lambda each: each.time_s, default=None)
    if last is None or last.kind != "foot_off":
        return (contact,)
    return (last, contact)


def _stride_s(contacts: Sequence[Event]) -> float:
    intervals: list[float] = []
    for side in {each.side for each in contacts}:
        times = [each.time_s for each in contacts if each.side is side]
        intervals += np.diff(times).tolist()
    plausible = [each for each in intervals if each > SHORTEST_STRIDE_S]
    return float(np.median(plausible)) if plausible else DEFAULT_STRIDE_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An event with the standard error of its time.

    Attributes
    ----------
    candidate : Candidate
        Kind, time and strength; the bias of its detector is removed.
    sd_s : float
        Standard error of the time, seconds.
    spread_s : float
        How far the detectors differ, seconds; 0 for a single one.
    agreement : float
        0 to 1: 1 when all detectors agree, 0.5 when they spread by twice their error
        or one of them stands alone.
    """

    candidate: Candidate
    sd_s: float
    spread_s: float = 0.0
    agreement: float = 1.0


def unbiased(candidate: Candidate, error: TimingError) -> Timed:
    """Return a candidate at its corrected time."""
    time_s = candidate.time_s - error.bias_s
    return Timed(candidate=replace(candidate, time_s=time_s), sd_s=error.sd_s)


def fuse_all(
    detected: Sequence[Sequence[Timed]], swings: Sequence[Swing]
) -> list[Timed]:
    """Return the events of one foot from all that each detector found.

    Parameters
    ----------
    detected : sequence of sequences of Timed
        One per detector, the most trusted first.
    swings : sequence of Swing
        Of the same foot.

    Returns
    -------
    list of Timed
        In the order of time: at most one foot off and one contact a swing.
    """
    events: list[Timed] = []
    for swing in swings:
        for kind in get_args(EventKind):
            about_s = swing.near(kind)
            if about_s is None:
                continue
            near = [_nearest(kind, about_s, each) for each in detected]
            used = [each for each in near if each is not None]
            if used:
                events.append(fuse(used, detectors=len(detected)))
    return sorted(events, key=lambda each: each.candidate.time_s)


def fuse(same: Sequence[Timed], *, detectors: int) -> Timed:
    """Return the weighted mean of one event as several detectors have it.

    Parameters
    ----------
    same : sequence of Timed
        At most one per detector, the most trusted first.
    detectors : int
        How many were asked.

    Notes
    -----
    Weights are one over the squared standard error; what differs from the most trusted
    one by more than `WINDOW_S` is another event. Where the detectors differ by more
    than their errors, their spread adds to the error.
    """
    anchor = same[0]
    used = [
        each
        for each in same
        if abs(each.candidate.time_s - anchor.candidate.time_s) <= WINDOW_S
    ]
    times = np.array([each.candidate.time_s for each in used])
    sd = np.array([each.sd_s for each in used])
    weight = sd**-2
    mean = float(np.average(times, weights=weight))
    spread = float(np.sqrt(np.average((times - mean) ** 2, weights=weight)))
    formal = max(float(weight.sum() ** -0.5), SHARED_ERROR * float(sd.min()))
    support = 1.0
    if detectors > 1:
        support = ALONE + (1 - ALONE) * (len(used) - 1) / (detectors - 1)
    return Timed(
        candidate=replace(anchor.candidate, time_s=mean),
        sd_s=float(np.hypot(formal, spread)),
        spread_s=spread,
        agreement=support / (1.0 + (spread / formal) ** 2 / 4),
    )


def _nearest(
    kind: EventKind, about_s: float, candidates: Sequence[Timed]
) -> Timed | None:
    def distance(each: Timed) -> float:
        return abs(each.candidate.time_s - about_s)

    same = [
        each
        for each in candidates
        if each.candidate.kind == kind and distance(each) <= REACH_S
    ]
    return min(same, key=distance, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One swing of one foot.

    Attributes
    ----------
    start_s, end_s : float or None
        Where the foot gets faster than the body and where it gets slower; None where
        that was not seen, or where the foot does not stand after it.
    """

    start_s: float | None
    end_s: float | None

    def near(self, kind: EventKind) -> float | None:
        """Return about when the event of a kind is, or None."""
        border = self.end_s if kind == "initial_contact" else self.start_s
        return None if border is None else border + DELAY_S[kind]


def swings(foot: FootPaths) -> tuple[Swing, ...]:
    """Return the swings of one foot, in the order of time.

    Parameters
    ----------
    foot : FootPaths
        Heel, toe and pelvis along the way walked; where the heel or the toe is unseen
        the other stands for the foot.
    """
    ends = [foot.pace(path[:, 0]) for path in (foot.heel, foot.toe)]
    centre = mean_known(np.stack(ends), axis=0)
    body = foot.local_speed()
    known = np.isfinite(centre) & np.isfinite(body) & (body > 0)
    with np.errstate(invalid="ignore"):
        ahead = _bridged(known & (centre > body), known, foot.rate_hz)
        top = known & (centre > PEAK_SHARE * body)
    found = []
    for run in runs(ahead):
        if top[run].any() and _long(run, known, foot.rate_hz):
            end_s = _border(foot, known, run.stop - 1, centre - body)
            found.append(
                Swing(
                    start_s=_border(foot, known, run.start - 1, centre - body),
                    end_s=_landed(foot, end_s),
                )
            )
    return tuple(found)


def _bridged(
    ahead: NDArray[np.bool_], known: NDArray[np.bool_], rate_hz: float
) -> NDArray[np.bool_]:
    """Close pauses that are too short for a foot to have stood."""
    closed = ahead.copy()
    for pause in runs(known & ~ahead):
        inside = pause.start > 0 and pause.stop < ahead.size
        short = (pause.stop - pause.start) / rate_hz < SHORTEST_S
        if inside and short and ahead[pause.start - 1] and ahead[pause.stop]:
            closed[pause] = True
    return closed


def _long(run: slice, known: NDArray[np.bool_], rate_hz: float) -> bool:
    """Return True for a swing of some length; one that is cut may be of any."""
    cut = run.start == 0 or run.stop == known.size
    cut = cut or not (known[run.start - 1] and known[run.stop])
    return cut or (run.stop - run.start) / rate_hz >= SHORTEST_S


def _border(
    foot: FootPaths,
    known: NDArray[np.bool_],
    index: int,
    lead: NDArray[np.float64],
) -> float | None:
    """Return when the lead of the foot crosses zero after a sample, or None."""
    if index < 0 or index + 1 >= known.size or not known[index : index + 2].all():
        return None
    share = lead[index] / (lead[index] - lead[index + 1])
    return float(foot.time_s[index] + share / foot.rate_hz)


def _landed(foot: FootPaths, end_s: float | None) -> float | None:
    """Return the end of a swing after which the foot stands, or None."""
    if end_s is None:
        return None
    landed_s = end_s + DELAY_S["initial_contact"]
    inside = (foot.time_s >= landed_s) & (foot.time_s <= landed_s + STANDS_S)
    place = mean_known(np.stack([foot.heel[inside, 0], foot.toe[inside, 0]]), axis=0)
    place = place[np.isfinite(place)]
    if not place.size:
        return end_s
    back = float((np.maximum.accumulate(place) - place).max())
    return None if back > GOES_BACK_SHARE * foot.length() else end_s
