"""One walk analysed: keypoints in; events, strides, angles and their values out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from gaitkit.errors import CatalogueError, ExtensionError
from gaitkit.gait.angles import sagittal_angles
from gaitkit.gait.events.detect import detect
from gaitkit.gait.events.settings import EventSettings
from gaitkit.gait.events.timing import modality_of
from gaitkit.gait.force_plates import ForceSettings
from gaitkit.gait.gates import Seen, recording_gates, stride_gates
from gaitkit.gait.quality import QualityLimits, WalkQuality
from gaitkit.gait.spatiotemporal import length_values, timing_values
from gaitkit.gait.strides import StrideSettings, find_strides
from gaitkit.gait.waveforms import peak_values, waveforms
from gaitkit.model.catalogue import (
    MeasureDefinition,
    add_measure,
    definition,
    forget_measure,
)
from gaitkit.model.events import Event
from gaitkit.model.extension import Additions, code_of_others
from gaitkit.model.keypoints import GAIT
from gaitkit.model.recording import Calibration, View
from gaitkit.model.strides import Stride, StrideValue, Waveform
from gaitkit.signal.cleaning import clean, within_picture
from gaitkit.signal.passes import PassSettings, WalkPass
from gaitkit.signal.settings import SignalSettings
from gaitkit.signal.upright import stand_upright
from gaitkit.signal.view import find_view
from gaitkit.signal.walking_space import to_walking_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.gait.gates import WalkFacts
    from gaitkit.model.side import Side

HEAD = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
"""Keypoints that give the height of the person besides those of the gait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkSettings:
    """All settings of the analysis of a walk.

    Attributes
    ----------
    signal, passes, events, force_plates, strides, quality
        The settings of each step.
    """

    signal: SignalSettings = field(default_factory=SignalSettings)
    passes: PassSettings = field(default_factory=PassSettings)
    events: EventSettings = field(default_factory=EventSettings)
    force_plates: ForceSettings = field(default_factory=ForceSettings)
    strides: StrideSettings = field(default_factory=StrideSettings)
    quality: QualityLimits = field(default_factory=QualityLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkResult:
    """Everything that one recording of a walk gave.

    Attributes
    ----------
    recording : str
        Id of the recording.
    walking : xarray.Dataset
        Walking space (dims ``time, space, keypoint``); NaN outside the passes.
    angles : xarray.Dataset
        Sagittal angles (dims ``time, side``), degrees.
    events : tuple of Event
        Initial contacts and foot offs.
    strides : tuple of Stride
        Accepted and rejected ones.
    stride_values : tuple of StrideValue
        Values of the accepted strides; kinds that a gate blocks are left out.
    waveforms : tuple of Waveform
        Mean curves per angle and side.
    calibration : Calibration
        Scale, its error, and camera tilt.
    view : View or None
        What the camera saw; that of the longest pass.
    passes : tuple of WalkPass
        Straight passes; each knows the side that faces the camera.
    quality : WalkQuality
        Gates that closed and what they block.
    low_confidence, outlying, missing : float
        Shares of keypoint samples that were masked, rejected, and stayed missing.
    """

    recording: str
    walking: xr.Dataset
    angles: xr.Dataset
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    stride_values: tuple[StrideValue, ...]
    waveforms: tuple[Waveform, ...]
    calibration: Calibration
    view: View | None
    passes: tuple[WalkPass, ...]
    quality: WalkQuality
    low_confidence: float
    outlying: float
    missing: float

    def near_side(self, time_s: float) -> Side | None:
        """Return the side that faces the camera at a moment; None in a laboratory.

        The side turned away is measured with larger error.
        """
        inside = next((each for each in self.passes if each.holds(time_s)), None)
        return None if inside is None else inside.near_side


def analyse_walk(
    raw: xr.Dataset, *, facts: WalkFacts, settings: WalkSettings | None = None
) -> WalkResult:
    """Analyse the walk in a recording of one person.

    Parameters
    ----------
    raw : xarray.Dataset
        Keypoints of one person as recorded: dims ``time, space, keypoint``; picture
        space (px, ``y`` down) or 3-D (m); time stamps in real seconds, possibly
        irregular; NaN is missing.
    facts : WalkFacts
        Id, kind, clock, view, person and size.
    settings : WalkSettings or None
        Settings of each step; None: the defaults.

    Returns
    -------
    WalkResult
        Without events where a gate refuses timing; ``quality`` says why.

    Raises
    ------
    InputError
        If there are fewer than two frames, or needed keypoints are absent.
    """
    chosen = settings or WalkSettings()
    inside = within_picture(raw, picture_px=facts.picture_px)
    cleaned = clean(inside, names=(*GAIT, *HEAD), settings=chosen.signal)
    space = to_walking_space(
        cleaned.data,
        known=facts.size,
        settings=chosen.passes,
        picture_px=facts.picture_px,
    )
    sight = find_view(stand_upright(cleaned.data), space.passes)
    seen = Seen(raw=raw, cleaned=cleaned, space=space, sight=sight)
    early = WalkQuality(gates=recording_gates(seen, facts, limits=chosen.quality))
    events: tuple[Event, ...] = ()
    if not untimed(early):
        found = detect(
            space.data,
            recording=facts.recording,
            modality=modality_of(facts.kind, unit=raw.attrs["space_unit"]),
            settings=chosen.events,
            surface=space.surface,
        )
        events = with_frames(found, raw)
    return _assembled(seen, events, early, facts, chosen)


WalkMeasure = Callable[[WalkResult], Iterable[StrideValue]]
"""A measure of one's own: takes a walk, returns its values of single strides."""

_OWN: Additions[WalkMeasure] = Additions("walk measure")


def register_walk_measure(entry: MeasureDefinition, measure: WalkMeasure) -> None:
    """Add a measure of one's own to every walk: film, markers and pose files.

    Its mean over the strides of a side gets the error that its entry states for the
    kind of recording, and stands in ``assessment.json``, the report and the workbook
    like any other; where it cannot be given the reason stands there.

    Parameters
    ----------
    entry : MeasureDefinition
        Its entry in the catalogue (`read_definitions` reads one from TOML): of the
        group ``spatiotemporal`` or ``kinematic``, with a spread between strides and an
        error for each kind of recording that can give it.
    measure : callable
        Takes a `WalkResult`, yields a `StrideValue` of that name for each stride that
        has one.

    Raises
    ------
    CatalogueError
        If the catalogue has one of that name, or the entry is no such entry.
    ExtensionError
        If a walk measure of that name was added before.
    """
    if entry.group not in {"spatiotemporal", "kinematic"}:
        msg = f"measure {entry.name!r} needs group spatiotemporal or kinematic"
        raise CatalogueError(msg)
    if not entry.errors or entry.stride_spread is None:
        msg = (
            f"measure {entry.name!r} needs errors and stride_spread: a number without "
            "its error is not shown"
        )
        raise CatalogueError(msg)
    add_measure(_OWN, entry, measure)


def forget_walk_measure(name: str) -> None:
    """Take away a measure that was added, with its entry."""
    forget_measure(_OWN, name)


def with_own_measures(walk: WalkResult) -> WalkResult:
    """Add the values of the measures that others added.

    Raises
    ------
    ExtensionError
        If one fails, or gives another measure than its entry.
    """
    measures = _OWN.known().items()
    own = [value for name, each in measures for value in _own_values(name, each, walk)]
    if not own:
        return walk
    kept = allowed_values(own, walk.quality)
    return replace(walk, stride_values=(*walk.stride_values, *kept))


def _own_values(name: str, measure: WalkMeasure, walk: WalkResult) -> list[StrideValue]:
    entry, what = definition(name), f"the walk measure {name!r}"
    with code_of_others(what, advice="mend it, or leave it out"):
        every = tuple(measure(walk))
        found = [each for each in every if not math.isnan(each.value)]
        endless = any(math.isinf(each.value) for each in found)
        fits = all(
            each.name == name
            and (each.side is not None) == entry.sided
            and (each.region in entry.regions if entry.regions else each.region is None)
            for each in found
        )
    if endless:
        msg = f"{what} gives an infinite value"
        raise ExtensionError(f"{msg}; leave such strides out")
    if not fits:
        msg = f"{what} gives values of another name, side or region"
        raise ExtensionError(f"{msg} than its entry names; correct one of the two")
    return found


def untimed(quality: WalkQuality) -> bool:
    """Return True when a gate forbids timing: then no event is looked for."""
    return quality.why_blocked("timing") is not None


def _assembled(
    seen: Seen,
    events: tuple[Event, ...],
    early: WalkQuality,
    facts: WalkFacts,
    settings: WalkSettings,
) -> WalkResult:
    space = seen.space
    strides = find_strides(
        space.data,
        events,
        passes=space.passes,
        recording=facts.recording,
        settings=settings.strides,
    )
    late = stride_gates(strides, facts, limits=settings.quality)
    quality = early if untimed(early) else WalkQuality(gates=(*early.gates, *late))
    angles = sagittal_angles(space.data, events)
    values = (
        *timing_values(strides, events),
        *length_values(space.data, strides, events),
        *peak_values(angles, strides),
    )
    curves = waveforms(angles, strides, recording=facts.recording)
    walk = WalkResult(
        recording=facts.recording,
        walking=space.data,
        angles=angles,
        events=events,
        strides=strides,
        stride_values=allowed_values(values, quality),
        waveforms=() if quality.why_blocked("angle") else curves,
        calibration=space.calibration,
        view=seen.sight.view,
        passes=space.passes,
        quality=quality,
        low_confidence=seen.cleaned.low_confidence,
        outlying=seen.cleaned.outlying,
        missing=seen.cleaned.missing,
    )
    return with_own_measures(walk)


def allowed_values(
    values: Sequence[StrideValue], quality: WalkQuality
) -> tuple[StrideValue, ...]:
    """Leave out the values of kinds that a gate blocks."""
    return tuple(
        value
        for value in values
        if quality.why_blocked(*definition(value.name).kinds) is None
    )


def with_frames(events: Sequence[Event], raw: xr.Dataset) -> tuple[Event, ...]:
    """Give each event the number of the nearest recorded frame."""
    time_s = raw["time"].to_numpy()
    number = (
        raw["frame"].to_numpy() if "frame" in raw.coords else np.arange(time_s.size)
    )
    nearest = (int(np.argmin(np.abs(time_s - event.time_s))) for event in events)
    return tuple(
        replace(event, frame=int(number[index]))
        for event, index in zip(events, nearest, strict=True)
    )
