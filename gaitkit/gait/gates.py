"""The gates themselves: each looks at one thing and closes or does not.

What is known of a recording besides its keypoints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.gait.quality import Blocked, Gate, QualityLimits
from gaitkit.model.reason import reason
from gaitkit.model.recording import PersonChoice, RecordingKind, Timing, View
from gaitkit.model.side import Side
from gaitkit.signal.cleaning import Cleaned
from gaitkit.signal.scale import ScaleInput
from gaitkit.signal.view import FRONTAL_WIDTH, Sight
from gaitkit.signal.walking_space import WalkingSpace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gaitkit.model.strides import Stride

FEET = tuple(f"{side}_{part}" for part in ("heel", "foot_index") for side in Side)
"""Keypoints that must lie within the picture."""

EDGE_SHARE = 0.005
"""A keypoint nearer to the lower edge than this share of the picture is cut off."""

STANDING_STEP = 0.3
"""Feet that never come farther apart than this, in leg lengths, do not walk."""

ADULT_M, TODDLER_M = 1.7, 0.95
"""Statures: of an adult, for whom the limits of cadence stand, and at three years."""

EVERYTHING: frozenset[Blocked] = frozenset({"all"})
MEASURES: frozenset[Blocked] = frozenset({"timing", "length", "angle", "findings"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known before events are looked for.

    Attributes
    ----------
    raw : xarray.Dataset
        Keypoints as recorded.
    cleaned : Cleaned
        The same, cleaned, with what was lost.
    space : WalkingSpace
        Walking space with its passes.
    sight : Sight
        From where the camera looks.
    """

    raw: xr.Dataset
    cleaned: Cleaned
    space: WalkingSpace
    sight: Sight


def recording_gates(
    seen: Seen, facts: WalkFacts, *, limits: QualityLimits
) -> tuple[Gate, ...]:
    """Check what must hold before events are looked for.

    Parameters
    ----------
    seen : Seen
        The recording.
    facts : WalkFacts
        What else is known of it.
    limits : QualityLimits
        Where the gates close.
    """
    return (
        *_walk(seen),
        *_rate(seen, limits),
        *_view(seen, facts, limits),
        *_person(facts, seen.raw.sizes["time"], limits),
        *_visibility(seen, facts, limits),
        *_geometry(seen, limits),
    )


def stride_gates(
    strides: Sequence[Stride], facts: WalkFacts, *, limits: QualityLimits
) -> tuple[Gate, ...]:
    """Check what the strides themselves show: their number and their pace."""
    return (
        *_pace(strides, facts, limits),
        *_number(strides, limits),
        *_short(strides),
    )


def _walk(seen: Seen) -> Iterator[Gate]:
    if seen.sight.frontal:
        ratio = round(seen.sight.width_ratio / FRONTAL_WIDTH, 1)
        yield Gate(reason=reason("towards_camera", ratio=ratio), blocks=EVERYTHING)
    elif not seen.space.passes:
        code = "standing" if _stands(seen.cleaned.data) else "no_walk"
        yield Gate(reason=reason(code), blocks=EVERYTHING)
    elif any(each.kind == "treadmill" for each in seen.space.passes):
        yield Gate(reason=reason("treadmill"))


def _stands(data: xr.Dataset) -> bool:
    """Return True when feet are seen and stay where they are."""
    position = data["position"]
    spans = []
    for side in Side:
        ankle = position.sel(keypoint=f"{side}_ankle").to_numpy()
        hip = position.sel(keypoint=f"{side}_hip").to_numpy()
        known = np.isfinite(ankle).all(axis=1) & np.isfinite(hip).all(axis=1)
        if not known.any():
            return False
        leg = float(np.median(np.linalg.norm(hip[known] - ankle[known], axis=1)))
        spread = np.ptp(np.percentile(ankle[known], [5, 95], axis=0), axis=0)
        spans.append(float(spread.max()) / leg if leg > 0 else np.inf)
    return max(spans) < STANDING_STEP


def _rate(seen: Seen, limits: QualityLimits) -> Iterator[Gate]:
    rate = float(seen.cleaned.data.attrs["rate_hz"])
    shown = round(rate, 1)
    if rate < limits.min_rate_hz * (1 - RATE_SLACK):
        limit = f"{limits.min_rate_hz:g}"
        gate = reason("camera_too_slow", rate=shown, limit=limit)
        yield Gate(reason=gate, blocks=MEASURES)
    elif rate < limits.wide_rate_hz * (1 - RATE_SLACK):
        limit = f"{limits.wide_rate_hz:g}"
        yield Gate(reason=reason("camera_slow", rate=shown, limit=limit))


RATE_SLACK = 0.01
"""A nominal 25 or 50 frames/s that comes as 24.9 or 49.95 passes."""


def _view(seen: Seen, facts: WalkFacts, limits: QualityLimits) -> Iterator[Gate]:
    found = seen.sight.view
    if facts.view is not None and found is not None and facts.view != found:
        yield Gate(reason=reason("view_differs", given=facts.view, found=found))
    change = abs(seen.space.size_gradient)
    if change > limits.limited_size_change:
        blocked: frozenset[Blocked] = (
            frozenset({"length", "angle"})
            if change > limits.refused_size_change
            else frozenset()
        )
        percent = round(100 * change)
        yield Gate(reason=reason("oblique_view", percent=percent), blocks=blocked)


def _person(facts: WalkFacts, frames: int, limits: QualityLimits) -> Iterator[Gate]:
    person = facts.person
    if person is None:
        return
    if person.ambiguous:
        yield Gate(reason=reason("person_ambiguous"), blocks=frozenset({"findings"}))
    if person.identity_jumps:
        yield Gate(reason=reason("identity_jumps", count=person.identity_jumps))
    unclear = person.swaps_unclear / max(frames, 1)
    if unclear > limits.max_unclear_swaps:
        percent = round(100 * unclear)
        yield Gate(
            reason=reason("legs_exchanged", percent=percent),
            blocks=frozenset({"findings"}),
        )


def _visibility(seen: Seen, facts: WalkFacts, limits: QualityLimits) -> Iterator[Gate]:
    if facts.picture_height_px is not None:
        cut = _cut_off(seen.raw, facts.picture_height_px)
        if cut > limits.max_cut_off:
            percent = round(100 * cut)
            yield Gate(reason=reason("feet_cut_off", percent=percent), blocks=MEASURES)
    unseen = seen.cleaned.low_confidence + seen.cleaned.missing
    if unseen > limits.limited_unseen:
        blocked = EVERYTHING if unseen > limits.refused_unseen else frozenset()
        percent = round(100 * min(unseen, 1.0))
        yield Gate(reason=reason("low_confidence", percent=percent), blocks=blocked)


def _cut_off(raw: xr.Dataset, height_px: float) -> float:
    """Return the share of seen frames in which a foot lies on or below the edge."""
    feet = raw["position"].sel(keypoint=list(FEET), space="y").to_numpy()
    seen: NDArray[np.bool_] = np.isfinite(feet).any(axis=1)
    if not seen.any():
        return 0.0
    lowest = np.nanmax(feet[seen], axis=1)
    return float((lowest >= height_px * (1 - EDGE_SHARE)).mean())


def _geometry(seen: Seen, limits: QualityLimits) -> Iterator[Gate]:
    tilt = seen.space.calibration.camera_tilt_deg
    if tilt is not None and abs(tilt) > limits.limited_tilt_deg:
        refused = abs(tilt) > limits.refused_tilt_deg
        yield Gate(
            reason=reason("camera_tilted", tilt=round(tilt, 1)),
            blocks=frozenset({"angle", "length"}) if refused else frozenset(),
        )
    if seen.space.passes and seen.space.data.attrs["space_unit"] == "px":
        yield Gate(reason=reason("no_scale"), blocks=frozenset({"length"}))


def _number(strides: Sequence[Stride], limits: QualityLimits) -> Iterator[Gate]:
    used = [each for each in strides if each.rejected is None]
    fewest = min(sum(each.side is side for each in used) for side in Side)
    if not used:
        gate = reason("too_few_strides", found=0, needed=limits.min_strides)
        yield Gate(reason=gate, blocks=MEASURES)
    elif fewest < limits.min_strides:
        gate = reason("too_few_strides", found=fewest, needed=limits.min_strides)
        yield Gate(reason=gate, blocks=frozenset({"findings"}))
    elif fewest < limits.few_strides:
        gate = reason("few_strides", found=fewest, needed=limits.few_strides)
        yield Gate(reason=gate)


def _short(strides: Sequence[Stride]) -> Iterator[Gate]:
    """Tell when strides are used that no longer walkway would have needed."""
    count = sum(each.hurried for each in strides if each.rejected is None)
    if count:
        yield Gate(reason=reason("short_walkway", count=count))


def _pace(
    strides: Sequence[Stride], facts: WalkFacts, limits: QualityLimits
) -> Iterator[Gate]:
    """Ask for the speed factor when nobody walks at such a pace.

    The clock of a laboratory is no matter of playing speed.
    """
    if facts.timing.speed_source != "none" or facts.kind == "markers":
        return
    durations = [each.duration_s for each in strides]
    if not durations:
        return
    stride_s = float(np.median(durations))
    cadence = 120.0 / stride_s
    fastest = _fastest_cadence(facts.size.subject_height_m, limits)
    ordinary = limits.min_cadence <= cadence <= fastest
    if not ordinary or stride_s > limits.max_stride_s:
        yield Gate(
            reason=reason(
                "slow_motion", cadence=round(cadence), stride=round(stride_s, 2)
            ),
            blocks=frozenset({"timing", "findings"}),
        )


def _fastest_cadence(height_m: float | None, limits: QualityLimits) -> float:
    """Return the cadence beyond which a film plays too fast.

    Walkers of different size are alike in time over the square root of length
    (Hof 1996, doi:10.1016/0966-6362(95)01057-2). Who may be a child is given the limit
    of a toddler.
    """
    smaller = TODDLER_M if height_m is None else min(height_m, ADULT_M)
    return limits.max_cadence * math.sqrt(ADULT_M / smaller)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkFacts:
    """Facts that the reader and the user give.

    Attributes
    ----------
    recording : str
        Id of the recording; events, strides and curves carry it.
    kind : {"video", "markers", "pose", ...}
        Kind of recording.
    timing : Timing
        Its clock. The time stamps of the keypoints are real seconds: the speed
        factor is already in them.
    view : View or None
        The view the user named; None: it is found.
    person : PersonChoice or None
        Who was followed; None where there is one person only.
    size : ScaleInput
        Body height or a known length.
    picture_width_px, picture_height_px : float or None
        Size of the picture. Without the height cut-off feet are not looked for; with
        both, lengths on an oblique path are more exact.
    """

    recording: str
    kind: RecordingKind
    timing: Timing
    view: View | None = None
    person: PersonChoice | None = None
    size: ScaleInput = field(default_factory=ScaleInput)
    picture_width_px: float | None = None
    picture_height_px: float | None = None

    @property
    def picture_px(self) -> tuple[float, float] | None:
        """Width and height of the picture, or None when either is unknown."""
        if self.picture_width_px is None or self.picture_height_px is None:
            return None
        return self.picture_width_px, self.picture_height_px
