"""The known timing error of each detector, kind of recording and rate.

The numbers stand in ``bias.toml`` beside this module, with where they come from.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from gaitkit.model.events import EventKind
    from gaitkit.model.recording import RecordingKind

Modality = Literal["video", "markers"]
Surface = Literal["floor", "belt"]

REFERENCE_STRIDE_S = 1.1
"""Stride time of comfortable walking at which the biases stand in the table."""


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
    method: str,
    kind: EventKind,
    *,
    modality: Modality,
    rate_hz: float,
    stride_s: float = REFERENCE_STRIDE_S,
    surface: Surface = "floor",
) -> TimingError | None:
    """Return the known timing error, or None when it was never measured.

    Parameters
    ----------
    method : str
        Name of the detector.
    kind : {"initial_contact", "foot_off"}
        Event.
    modality : {"video", "markers"}
        Kind of recording.
    rate_hz : float
        Frames per second as recorded.
    stride_s : float
        Stride time of the walk, seconds: slow walkers draw the foot back longer
        before it lands, so rules on its forward path are earlier at contact.
    surface : {"floor", "belt"}
        What is walked on; a row that names none holds for both.
    """
    for row in _table():
        low, high = row["rate_hz"]
        fits = row["method"] == method and row["modality"] == modality
        fits = fits and row.get("surface", surface) == surface
        if fits and low <= rate_hz < high:
            entry = row[kind]
            longer_s = stride_s - REFERENCE_STRIDE_S
            bias_ms = entry["bias_ms"] + entry["per_stride_s_ms"] * longer_s
            return TimingError(bias_s=bias_ms / 1000, sd_s=entry["sd_ms"] / 1000)
    return None


@cache
def _table() -> list[dict[str, Any]]:
    source = resources.files("gaitkit.gait.events") / "bias.toml"
    rows: list[dict[str, Any]] = tomllib.loads(source.read_text(encoding="utf-8"))[
        "timing"
    ]
    return rows
