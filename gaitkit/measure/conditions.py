"""What one walk can give at all: its kind, view, scale, quality and gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.model.reason import Reason, reason
from gaitkit.model.recording import Recording, View
from gaitkit.model.side import Side
from gaitkit.model.strides import BlockedKind
from gaitkit.model.text import Text
from gaitkit.signal.passes import WalkPass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.catalogue import Kind, MeasureDefinition

Modality = Literal["video", "video_far", "markers", "plate"]

_NEAR_SIDE: dict[View, Side] = {
    "sagittal_left": Side.LEFT,
    "sagittal_right": Side.RIGHT,
}
_FRONT_VIEWS: tuple[View, ...] = ("posterior", "anterior")
_FROM_THE_SIDE = Text(nl="opzij", en="the side")
_VIEW_TEXT: dict[View, Text] = {
    "sagittal_left": _FROM_THE_SIDE,
    "sagittal_right": _FROM_THE_SIDE,
    "posterior": Text(nl="achteren", en="behind"),
    "anterior": Text(nl="voren", en="the front"),
}

_UNMARKED = frozenset({"video", "pose"})
"""Recordings whose keypoints a pose model placed, nobody's fingers on the skin."""

_WIDENS: dict[str, tuple[Kind, ...]] = {
    "camera_slow": ("timing",),
    "oblique_view": ("length", "angle"),
    "camera_tilted": ("length", "angle"),
    "few_strides": (),
    "motion_companion_unread": (),
    "motion_events_from_first_frame": (),
    "motion_events_outside": (),
    "motion_events_unread": (),
    "motion_labels_repeated": (),
    "motion_plate_moment_unit": (),
    "motion_plate_unread": (),
    "motion_rate_unknown": ("timing",),
    "motion_unit_assumed": ("length",),
    "plate_sensors_left_out": (),
    "plate_shown_mirrored": (),
    "plate_sum_differs": (),
    "too_few_strides": (),
    "treadmill": (),
    "view_differs": (),
    "video_cut_off": (),
    "video_mirrored": (),
}
"""Which kinds of measure a limit makes less certain; every kind when it is not named
here. Few strides widen the error by themselves; the others leave it as it is."""


_FEW = frozenset({"few_strides", "too_few_strides"})
"""These call a measurement limited without widening its error a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkConditions:
    """What decides which measures a walk can give, and how well.

    Attributes
    ----------
    recording : Recording
        Kind, view, scale and quality.
    passes : tuple of WalkPass
        Straight passes; in a side view they tell which leg faces the camera.
    blocked : tuple of BlockedKind
        What quality gates have stopped.
    """

    recording: Recording
    passes: tuple[WalkPass, ...] = ()
    blocked: tuple[BlockedKind, ...] = ()

    @property
    def modality(self) -> Modality:
        """The kind of recording, as the catalogue names its errors.

        Keypoints in pixels are ``video``; those that come in metres are ``markers``.
        """
        recording = self.recording
        if recording.kind == "plate":
            return "plate"
        in_metres = recording.kind == "markers" or (
            recording.kind == "pose" and recording.calibration.method == "file"
        )
        return "markers" if in_metres else "video"

    def modality_of(self, side: Side | None, *, start_s: float) -> Modality:
        """Return the modality of one stride: the far leg of a video is seen worse."""
        if self.modality != "video" or side is None:
            return self.modality
        if self.recording.view in _FRONT_VIEWS:
            return "video"
        return "video" if self._near_side(start_s) is side else "video_far"

    def widens(self, entry: MeasureDefinition) -> bool:
        """Return True when a limit of the recording makes a measure less certain.

        A gate that blocks some kinds says nothing about the others.
        """
        blocking = {blocked.reason.code for blocked in self.blocked}
        limits = {r.code for r in self.recording.quality.reasons} - blocking
        return any(
            code not in _WIDENS or not set(_WIDENS[code]).isdisjoint(entry.kinds)
            for code in limits
        )

    @property
    def few(self) -> bool:
        """Return True when so few strides were found that their means are unsure."""
        return any(r.code in _FEW for r in self.recording.quality.reasons)

    def _near_side(self, time_s: float) -> Side | None:
        """Return the side that faces the camera, or None when nothing tells."""
        by_view = _NEAR_SIDE.get(self.recording.view) if self.recording.view else None
        return next((p.near_side for p in self.passes if p.holds(time_s)), by_view)


def why_not(entry: MeasureDefinition, conditions: WalkConditions) -> Reason | None:
    """Return why a recording cannot give a measure at all, or None when it can.

    What no such recording shows comes first, then a gate, then the scale.
    """
    recording = conditions.recording
    if entry.needs_skin_markers is not None and recording.kind in _UNMARKED:
        return reason("needs_skin_markers")
    unseen = _why_unseen(entry, recording) if conditions.modality == "video" else None
    if unseen is not None:
        return unseen
    gate = next((b.reason for b in conditions.blocked if b.kind in entry.kinds), None)
    if gate is not None:
        return gate
    if recording.quality.status == "refused":
        return next(iter(recording.quality.reasons), reason("not_measured"))
    if entry.needs_scale and recording.calibration.method == "none":
        return reason("no_scale")
    return None


def _why_unseen(entry: MeasureDefinition, recording: Recording) -> Reason | None:
    if not entry.views:
        return reason("not_from_video")
    if recording.view is None or recording.view in entry.views:
        return None
    return reason(
        "view_cannot_show",
        view=_VIEW_TEXT[recording.view],
        needed=_views_text(entry.views),
    )


def _views_text(views: Sequence[View]) -> Text:
    """Return the views in words, each once: "behind or the front"."""
    texts = list(dict.fromkeys(_VIEW_TEXT[view] for view in views))
    return Text(
        nl=" of ".join(t.nl for t in texts), en=" or ".join(t.en for t in texts)
    )
