"""Settings of the cleaning of keypoints."""

from __future__ import annotations

from dataclasses import dataclass

from gaitkit.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSettings:
    """How raw keypoints become clean paths.

    Attributes
    ----------
    min_confidence : float
        A keypoint below this confidence (0 to 1) is missing in that frame.
    outlier_sd : float
        A coordinate farther from its neighbours in time than this many robust
        standard deviations is missing.
    outlier_floor : float
        Distance from the neighbours that is never an outlier, as a fraction of the
        length of the leg: the true bend of a path at foot contact stays below it.
    max_gap_s : float
        A gap of one keypoint is filled when it lasts no longer, in seconds.
    cutoff_video_hz : float
        Cut-off frequency for keypoints from pictures, after the double pass, Hz.
    cutoff_markers_hz : float
        The same for markers (positions in metres), Hz.
    filter_order : int
        Order of one pass of the Butterworth filter; two passes double it.
    """

    min_confidence: float = 0.3
    outlier_sd: float = 6.0
    outlier_floor: float = 0.12
    max_gap_s: float = 0.2
    cutoff_video_hz: float = 6.0
    cutoff_markers_hz: float = 12.0
    filter_order: int = 2

    def __post_init__(self) -> None:
        """Refuse a setting that is out of range.

        Raises
        ------
        ConfigError
            Naming the key, its range and what came.
        """
        _check("min_confidence", self.min_confidence, 0.0, 1.0)
        _check("outlier_sd", self.outlier_sd, 2.0, 100.0)
        _check("outlier_floor", self.outlier_floor, 0.0, 1.0)
        _check("max_gap_s", self.max_gap_s, 0.0, 1.0)
        _check("cutoff_video_hz", self.cutoff_video_hz, 1.0, 50.0)
        _check("cutoff_markers_hz", self.cutoff_markers_hz, 1.0, 200.0)
        _check("filter_order", self.filter_order, 1, 8)


def _check(key: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        msg = (
            f"signal.{key} must lie between {low:g} and {high:g}, got {value:g}; "
            f"correct it in the configuration"
        )
        raise ConfigError(msg)
