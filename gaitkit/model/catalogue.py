"""The catalogue: what each measure means, its unit, sign, range and known error.

The entries stand in ``catalogue.toml``. A measurement with a name or unit that is
not there is refused, so the catalogue is the full list of what gaitkit can say.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from gaitkit.doors import build, read_toml, shipped_table
from gaitkit.errors import CatalogueError
from gaitkit.model.chance import LEAST_INSIDE
from gaitkit.model.extension import Additions, load_extensions
from gaitkit.model.recording import View
from gaitkit.model.text import Text

T = TypeVar("T")

Group = Literal[
    "spatiotemporal", "kinematic", "score", "leg_length", "foot", "examination"
]
Kind = Literal["timing", "length", "angle"]


_ATOM = (
    r"(?:[mck]?m|[mu]?s|min|h|d|wk|mo|a|m?g|kg|k?N|[kM]?Pa|[mk]?W|[mk]?J|deg|rad|k?Hz"
    r"|%|1|K|Cel|[mu]?V|\{\w+\})-?[1-4]?"
)
UCUM = re.compile(rf"(?:{_ATOM}|(?=/))(?:[./]{_ATOM})*")
"""Units of UCUM that a measure may have, joined by ``.`` and ``/``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementError:
    """The systematic error of a measure with one kind of recording.

    Attributes
    ----------
    modality : str
        Kind of recording, for example ``video`` or ``markers``; ``video_far`` is
        the leg turned away from a side-view camera.
    sd : float
        Standard deviation, in the unit of the measure, of what averaging strides
        does not remove: the method's own error.
    detectable_change : float
        Smallest difference (95 %) between two sides or visits that is more than
        error.
    source : str
        Where both come from.
    inside : float or None
        Share of the references that the stated 95 % interval held on recordings of real
        people; None where nobody could count.
    """

    modality: str
    sd: float
    detectable_change: float
    source: str
    inside: float | None = None

    @property
    def holds(self) -> bool:
        """Return False where the interval was seen to hold too rarely."""
        return self.inside is None or self.inside >= LEAST_INSIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class StrideSpread:
    """How much a measure usually varies from stride to stride.

    Attributes
    ----------
    sd : float
        Standard deviation between the strides of one person, in the unit of the
        measure.
    source : str
        Where it comes from.
    """

    sd: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDefinition:
    """One entry of the catalogue.

    Attributes
    ----------
    name : str
        Name of the measure.
    group : str
        Group in reports.
    label, definition : Text
        Short label; full definition with its positive direction.
    unit : str
        UCUM unit.
    digits : int
        Decimals worth showing.
    sided : bool
        True when the measure belongs to a side.
    regions : tuple of str
        Allowed regions; empty when it has none.
    plausible : tuple of float
        Lowest and highest value that a person can have; outside it a value is an
        error of measurement and is not reported.
    kinds : tuple of {"timing", "length", "angle"}
        What it rests on: event times, metres, segment angles. A gate that blocks a
        kind blocks the measure.
    needs_scale : bool
        True when metres are needed.
    views : tuple of View
        Camera views from which a video can give it; empty when no video can.
    needs_skin_markers : str or None
        Evidence that keypoints without markers on the skin do not show it, from a film
        or a pose file; None when they do, or when no video can give it anyway.
    errors : tuple of MeasurementError
        Known error for each kind of recording.
    stride_spread : StrideSpread or None
        Usual spread between strides; None for what is not averaged over strides.
    """

    name: str
    group: Group
    label: Text
    definition: Text
    unit: str
    digits: int
    sided: bool
    plausible: tuple[float, float]
    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    needs_scale: bool = False
    views: tuple[View, ...] = ()
    needs_skin_markers: str | None = None
    errors: tuple[MeasurementError, ...] = ()
    stride_spread: StrideSpread | None = None

    def error(self, modality: str) -> MeasurementError | None:
        """Return the known error with that kind of recording, or None."""
        return next((e for e in self.errors if e.modality == modality), None)


def definition(name: str) -> MeasureDefinition:
    """Return the catalogue entry of a measure.

    Raises
    ------
    CatalogueError
        If the name is not in the catalogue.
    """
    found = _catalogue().get(name)
    if found is None:
        near = difflib.get_close_matches(name, _catalogue(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        msg = f"measure {name!r} is not in the catalogue{hint}"
        raise CatalogueError(msg)
    return found


def definitions() -> tuple[MeasureDefinition, ...]:
    """Return every entry, in the order of the file; what others added comes last."""
    return tuple(_catalogue().values())


def add_definition(entry: MeasureDefinition) -> None:
    """Add an entry to the catalogue of this process.

    Raises
    ------
    CatalogueError
        If the catalogue has one of that name, the unit is not UCUM, the range does not
        rise, or an error is no number.
    """
    low, high = entry.plausible
    if not is_ucum(entry.unit):
        msg = (
            f"measure {entry.name!r} has the unit {entry.unit!r}; expected UCUM of "
            "what gait is measured in, as mm, deg, %, m/s, kPa.s, /min or {score}"
        )
        raise CatalogueError(msg)
    if not low < high:
        msg = (
            f"measure {entry.name!r} needs a plausible range that rises; got {low:g} "
            f"to {high:g}"
        )
        raise CatalogueError(msg)
    spreads = [error.sd for error in entry.errors]
    spreads += [error.detectable_change for error in entry.errors]
    spreads += [entry.stride_spread.sd] if entry.stride_spread else []
    if not all(0 <= spread < math.inf for spread in spreads):
        msg = f"measure {entry.name!r} needs errors of 0 or more; got {spreads}"
        raise CatalogueError(msg)
    if entry.name in _catalogue():
        msg = f"measure {entry.name!r} is in the catalogue already; rename yours"
        raise CatalogueError(msg)
    _catalogue()[entry.name] = entry


def is_ucum(unit: str) -> bool:
    """Return whether a unit is UCUM, of what gait and feet are measured in.

    Examples
    --------
    >>> [is_ucum(unit) for unit in ("kPa.s", "N/kg", "/min", "{score}", "degrees")]
    [True, True, True, True, False]
    """
    return UCUM.fullmatch(unit) is not None


def add_measure(own: Additions[T], entry: MeasureDefinition, measure: T) -> None:
    """Add a measure with its entry.

    Raises
    ------
    CatalogueError
        If the catalogue refuses the entry (`add_definition`).
    """
    add_definition(entry)
    own.add(entry.name, measure)


def forget_measure(own: Additions[T], name: str) -> None:
    """Take away a measure that was added, with its entry."""
    if own.forget(name):
        _catalogue().pop(name, None)


def read_definitions(path: str | Path) -> tuple[MeasureDefinition, ...]:
    """Read entries of one's own, written as those of ``catalogue.toml``.

    Parameters
    ----------
    path : str or Path
        TOML; one table a measure. Needed are ``group``, ``label`` and ``definition``
        (each with ``nl`` and ``en``), ``unit``, ``digits``, ``sided`` and
        ``plausible``; a measure that is to have an error also needs
        ``errors.KIND.sd``, ``.detectable_change`` and ``.source`` for each kind of
        recording (``plate``, ``video``, ``markers``), and ``stride_spread``.

    Returns
    -------
    tuple of MeasureDefinition
        In the order of the file.

    Raises
    ------
    CatalogueError
        If the file is no TOML, or an entry is incomplete or says what no entry can.
    """
    entries = read_toml(Path(path), error=CatalogueError).items()
    return tuple(_own_entry(name, raw, f"{path}: {name}") for name, raw in entries)


def _own_entry(name: str, raw: object, where: str) -> MeasureDefinition:
    if not isinstance(raw, dict) or not isinstance(raw.get("errors", {}), dict):
        msg = f"{where}: expected a table [{name}] with its entry; correct it"
        raise CatalogueError(msg)
    errors = [
        {"modality": kind, **error} if isinstance(error, dict) else error
        for kind, error in raw.get("errors", {}).items()
    ]
    table = {**raw, "name": name, "errors": errors}
    return build(MeasureDefinition, table, where=where, error=CatalogueError)


def _catalogue() -> dict[str, MeasureDefinition]:
    load_extensions()
    return _entries()


@cache
def _entries() -> dict[str, MeasureDefinition]:
    table = shipped_table("gaitkit.model", "catalogue.toml")
    return {name: _entry(name, raw) for name, raw in table.items()}


def _entry(name: str, raw: dict[str, Any]) -> MeasureDefinition:
    spread = raw.get("stride_spread")
    plain = {
        **raw,
        "stride_spread": StrideSpread(**spread) if spread else None,
        "label": Text(**raw["label"]),
        "definition": Text(**raw["definition"]),
        "plausible": tuple(raw["plausible"]),
        "regions": tuple(raw.get("regions", ())),
        "kinds": tuple(raw.get("kinds", ())),
        "views": tuple(raw.get("views", ())),
        "errors": tuple(
            MeasurementError(modality=modality, **error)
            for modality, error in raw.get("errors", {}).items()
        ),
    }
    return MeasureDefinition(name=name, **plain)
