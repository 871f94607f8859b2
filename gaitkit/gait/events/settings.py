"""Settings of event detection, and the detectors that others add."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from gaitkit.errors import ConfigError, ExtensionError
from gaitkit.model.events import EventKind
from gaitkit.model.extension import Additions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gaitkit.gait.events.foot_paths import Detector
    from gaitkit.gait.events.timing import Modality, TimingError

    OwnErrors = Mapping[tuple[Modality, EventKind], TimingError]

METHODS = ("auto", "zeni", "oconnor", "velocity", "toe")
"""Detectors that come with gaitkit; ``auto`` fuses those that fit the recording."""

_OWN: Additions[tuple[Detector, OwnErrors]] = Additions("detector")
"""Detectors that others added, each with its known timing errors."""


def register_detector(
    detector: Detector,
    *,
    errors: Mapping[tuple[Modality, EventKind], TimingError] | None = None,
) -> None:
    """Add a detector of one's own, to be chosen by ``events.method``.

    It finds the candidates of one foot in one straight pass. As with the other
    detectors the swings of the foot say which of them are events, and its known bias
    is removed.

    Parameters
    ----------
    detector : Detector
        Has a ``name`` and ``find(foot)``, which takes a `FootPaths` (paths of heel,
        toe and pelvis in metres or leg lengths, times in seconds) and returns
        `Candidate` in the order of time.
    errors : mapping or None
        `TimingError` by kind of recording (``video``, ``markers``) and event, from a
        comparison with force plates; without it an event has a standard error of 50 ms.

    Raises
    ------
    ExtensionError
        If there is a detector of that name, it has no ``find``, or an error is of no
        known recording or event, or no number.

    Examples
    --------
    >>> from gaitkit.gait import Candidate, register_detector
    >>> class LowestHeel:
    ...     name = "lowest_heel"
    ...
    ...     def find(self, foot):
    ...         at = foot.heel[:, 1].argmin()
    ...         return (
    ...             Candidate(
    ...                 kind="initial_contact",
    ...                 time_s=float(foot.time_s[at]),
    ...                 strength=1.0,
    ...             ),
    ...         )
    >>> register_detector(LowestHeel())
    >>> forget_detector("lowest_heel")
    """
    name = getattr(detector, "name", None)
    if not isinstance(name, str) or not name or not hasattr(detector, "find"):
        msg = f"expected a detector with a name and find(foot), got {detector!r}"
        raise ExtensionError(f"{msg}; see gaitkit.gait.events.foot_paths.Detector")
    if name in METHODS:
        msg = f"a detector {name!r} comes with gaitkit; rename yours"
        raise ExtensionError(msg)
    _check_errors(name, errors or {})
    _OWN.add(name, (detector, dict(errors or {})))


def _check_errors(
    name: str, errors: Mapping[tuple[Modality, EventKind], TimingError]
) -> None:
    known = {
        (modality, kind)
        for modality in ("video", "markers")
        for kind in get_args(EventKind)
    }
    for key, error in errors.items():
        if key not in known or not (
            math.isfinite(error.bias_s) and 0 < error.sd_s < math.inf
        ):
            msg = (
                f"the detector {name!r} has an error {key}: {error}; expected video or "
                f"markers with {' or '.join(get_args(EventKind))}, a bias and a "
                "standard deviation above 0 in seconds"
            )
            raise ExtensionError(msg)


def forget_detector(name: str) -> None:
    """Take away a detector that was added."""
    _OWN.forget(name)


def own_detectors() -> Mapping[str, Detector]:
    """Return the detectors that others added, by name."""
    return {name: detector for name, (detector, _) in _OWN.known().items()}


def own_error(name: str, modality: Modality, kind: EventKind) -> TimingError | None:
    """Return the timing error that was given with a detector, or None."""
    _, errors = _OWN.known()[name]
    return errors.get((modality, kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """Which detector finds the events.

    Attributes
    ----------
    method : str
        ``auto`` fuses the detectors that fit the kind of recording and its rate;
        ``zeni``, ``oconnor``, ``velocity``, ``toe``, or one that was added.
    force_plates : bool
        Use force plates where a recording has them.
    """

    method: str = "auto"
    force_plates: bool = True

    def __post_init__(self) -> None:
        """Refuse an unknown method.

        Raises
        ------
        ConfigError
            With the methods that exist.
        """
        if self.method not in METHODS and self.method not in own_detectors():
            known = ", ".join((*METHODS, *_OWN.known()))
            msg = (
                f"events.method must be one of {known}, got {self.method!r}; correct "
                "it in the configuration"
            )
            raise ConfigError(msg)
