"""The known timing error of each detector, kind of recording and rate.

The numbers stand in ``bias.toml`` beside this module, with where they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from gaitkit.doors import shipped_table

if TYPE_CHECKING:
    from gaitkit.model.events import EventKind
    from gaitkit.model.recording import RecordingKind

Modality = Literal["video", "markers"]
Surface = Literal["floor", "belt"]

REFERENCE_STRIDE_S = 1.1
"""Stride time of comfortable walking at which the biases stand in the table."""


COMFORTABLE_FEET_PER_S = 7.0
"""Speed of comfortable walking in lengths from heel to toe."""

ANY = (0.0, float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How a walk was recorded and walked, as far as detectors err by it.

    Attributes
    ----------
    modality : {"video", "markers"}
        Kind of recording.
    rate_hz : float
        Frames per second as recorded.
    surface : {"floor", "belt"}
        What is walked on.
    stride_s : float
        Stride time of the walk, seconds: slow walkers draw the foot back longer
        before it lands, so rules on its forward path are earlier at contact.
    feet_per_s : float
        Speed of walking in lengths from heel to toe a second: who shuffles puts the
        foot down flat.
    """

    modality: Modality
    rate_hz: float
    surface: Surface = "floor"
    stride_s: float = REFERENCE_STRIDE_S
    feet_per_s: float = COMFORTABLE_FEET_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingError:
    """What a detector is off on average, and the spread about that.

    Attributes
    ----------
    bias_s : float
        Detected minus true time, seconds.
    sd_s : float
        Standard deviation of one event about the bias, seconds.
    """

    bias_s: float
    sd_s: float


def modality_of(kind: RecordingKind, *, unit: Literal["m", "px"]) -> Modality:
    """Return the row of the timing table that fits a recording.

    Films and pose files in pixels are ``video``; 3-D positions are ``markers``.
    """
    return "video" if kind == "video" or unit == "px" else "markers"


def timing_error(
    method: str, kind: EventKind, walked: Conditions
) -> TimingError | None:
    """Return the known timing error, or None when it was never measured.

    Parameters
    ----------
    method : str
        Name of the detector; ``auto``: what all of them together are off, once the bias
        of each is removed.
    kind : {"initial_contact", "foot_off"}
        Event.
    walked : Conditions
        How it was recorded and how fast the person walks.
    """
    for row in _table():
        if row["method"] == method and _fits(row, walked):
            entry = row[kind]
            longer_s = walked.stride_s - REFERENCE_STRIDE_S
            bias_ms = entry["bias_ms"] + entry["per_stride_s_ms"] * longer_s
            return TimingError(bias_s=bias_ms / 1000, sd_s=entry["sd_ms"] / 1000)
    return None


def _fits(row: dict[str, Any], walked: Conditions) -> bool:
    """Return True for a row of these conditions; what it does not name is any."""
    if row["modality"] != walked.modality:
        return False
    if row.get("surface", walked.surface) != walked.surface:
        return False
    ranges = {"rate_hz": walked.rate_hz, "feet_per_s": walked.feet_per_s}
    return all(
        low <= value < high
        for key, value in ranges.items()
        for low, high in [row.get(key, ANY)]
    )


@cache
def _table() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = shipped_table("gaitkit.gait.events", "bias.toml")[
        "timing"
    ]
    return rows
