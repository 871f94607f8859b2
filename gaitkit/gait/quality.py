"""Gates that fail closed: what a recording must show before a number may follow.

A gate names its reason and what it blocks. What depends on the blocked kind stops
(measures, and through them findings and plan); the rest goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.errors import ConfigError
from gaitkit.model.reason import Quality, QualityStatus, Reason
from gaitkit.model.settings import require_positive

Blocked = Literal["timing", "length", "angle", "findings", "all"]
"""``timing``, ``length`` and ``angle`` are the kinds of the catalogue; ``findings``
blocks conclusions while the measures stay; ``all`` blocks everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One gate that closed.

    Attributes
    ----------
    reason : Reason
        Why, and what to record instead.
    blocks : frozenset of Blocked
        Empty when the gate only warns: the recording is limited, its errors wider.
    """

    reason: Reason
    blocks: frozenset[Blocked] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkQuality:
    """All gates of a recording that closed.

    Attributes
    ----------
    gates : tuple of Gate
        In the order in which they were checked.
    """

    gates: tuple[Gate, ...] = ()

    @property
    def blocked(self) -> frozenset[Blocked]:
        """Everything that some gate blocks."""
        return frozenset(kind for gate in self.gates for kind in gate.blocks)

    @property
    def status(self) -> QualityStatus:
        """``refused`` when everything is blocked, ``limited`` when a gate closed."""
        if "all" in self.blocked:
            return "refused"
        return "limited" if self.gates else "ok"

    def why_blocked(self, *kinds: Blocked) -> Reason | None:
        """Return the first reason that blocks any of the kinds, or None.

        Parameters
        ----------
        *kinds : Blocked
            What is asked for, for example the kinds of a measure; ``all`` blocks each
            of them, and none given asks for ``all`` alone.
        """
        asked = {*kinds, "all"}
        return next((gate.reason for gate in self.gates if gate.blocks & asked), None)

    def as_quality(self) -> Quality:
        """Return the form that stands in the assessment."""
        return Quality(
            status=self.status, reasons=tuple(gate.reason for gate in self.gates)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    """Where the gates close.

    Attributes
    ----------
    min_rate_hz, wide_rate_hz : float
        Slower cameras are not timed; slower than the second have wider errors.
    min_cadence, max_cadence : float
        Steps per minute of an adult outside which slow motion is suspected; the second
        grows for smaller people.
    max_stride_s : float
        Median stride time above which slow motion is suspected.
    min_strides, few_strides : int
        Usable strides of each foot below which no finding follows; below the second
        means are uncertain (Owings & Grabiner 2003, doi:10.1016/S0021-9290(02)00427-9
        ask for far more for variability; ten are the advice of this program).
    max_cut_off : float
        Largest share of frames with feet beyond the edge of the picture.
    limited_unseen, refused_unseen : float
        Share of leg keypoints missing or uncertain that limits, and that refuses.
    max_unclear_swaps : float
        Largest share of frames in which left and right legs cannot be told apart.
    limited_tilt_deg, refused_tilt_deg : float
        Roll of the camera that limits, and that blocks angles and lengths.
    limited_size_change, refused_size_change : float
        Relative change of the size of the person along the way that limits, and that
        blocks angles and lengths (path oblique to the camera).
    """

    min_rate_hz: float = 25.0
    wide_rate_hz: float = 50.0
    min_cadence: float = 60.0
    max_cadence: float = 150.0
    max_stride_s: float = 2.0
    min_strides: int = 2
    few_strides: int = 5
    max_cut_off: float = 0.15
    limited_unseen: float = 0.2
    refused_unseen: float = 0.5
    max_unclear_swaps: float = 0.1
    limited_tilt_deg: float = 4.0
    refused_tilt_deg: float = 15.0
    limited_size_change: float = 0.2
    refused_size_change: float = 0.6

    def __post_init__(self) -> None:
        """Refuse limits that are not positive or cross each other.

        Raises
        ------
        ConfigError
            Naming the key.
        """
        require_positive(self, table="quality")
        pairs = (
            ("min_rate_hz", "wide_rate_hz"),
            ("min_cadence", "max_cadence"),
            ("min_strides", "few_strides"),
            ("limited_unseen", "refused_unseen"),
            ("limited_tilt_deg", "refused_tilt_deg"),
            ("limited_size_change", "refused_size_change"),
        )
        for low, high in pairs:
            if getattr(self, low) > getattr(self, high):
                msg = (
                    f"quality.{low} must not exceed quality.{high}, got "
                    f"{getattr(self, low)!r} and {getattr(self, high)!r}"
                )
                raise ConfigError(msg)
