"""The methods that measure a leg-length difference, and how right each one is.

The numbers stand in ``methods.toml``, with their sources, for a podotherapist to read;
`shipped_errors` returns them. A practice that measured its own errors puts them in
their place: ``shipped_errors().with_own(own_errors(text))`` gives the table that the
estimate takes (``estimate_leg_length(..., errors=table)``). The text is TOML with a
table for each method, and only what was measured in it::

    [tape]
    sd_mm = 7.1          # total of one reading by one person
    rater_mm = 4.8       # parts that are left out shrink or grow with the total
    bias_mm = 0.4
    confirmed = true     # takes "unconfirmed" away from this method
    source = "twenty people, two examiners, 12 January 2027"

    [pictures]           # what twenty people can tell of the picture model
    answer = 0.71
    stance_mm = 1.6
    source = "..."

Any other key is refused by name. How much of its own twenty people a practice may
believe is for whoever writes the file: the estimate takes what stands there.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from gaitkit.doors import shipped_table
from gaitkit.errors import ConfigError
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

MethodKind = Literal["clinical", "imaging", "picture", "markers", "walking"]
ReadingKind = Literal[
    "tape", "palpation", "imaging", "markers", "pictures", "landmarks", "walking"
]
GrossName = Literal["by_hand", "imaging", "pictures"]
Status = Literal["read", "derived", "measured", "assumed"]
STANDING = "standing"
"""The group within which all other groups lie."""

PICTURES = "pictures"
"""Name of the picture model in the file and in a practice's own file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the errors of several methods of one visit have in common.

    Attributes
    ----------
    name : str
        Name of the group.
    sd_mm : float
        Shared part of the error.
    status, source, references
        Where it comes from.
    """

    name: str
    sd_mm: float
    status: Status
    source: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrossErrors:
    """How often a reading errs grossly, and how large such an error is.

    Attributes
    ----------
    share : float
        Share of readings, 0 to 1.
    times, least_mm : float
        Its standard deviation: the larger of ``times`` the usual error, and the usual
        error with ``least_mm`` beside it.
    """

    share: float
    times: float
    least_mm: float
    status: Status = "assumed"
    source: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineErrors:
    """What one pair of stickers shows of legs that are equal, mm between the hips.

    ``unconfirmed``: true when a practice confirmed its pictures with the other pair.
    """

    zero_mm: float
    status: Status
    source: str
    references: tuple[str, ...]
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureErrors:
    """The model of pictures of the pelvis (`gaitkit.measure.leg_length.likelihood`).

    Attributes
    ----------
    answer, answer_sd : float
        How far a pelvis follows a block, and the spread between people.
    own, own_sd : float
        How far it follows an own difference compared with a block.
    stance_mm, stays_mm : float
        Error of each stance anew, and what stays of a person on the same block.
    seat_mm, seated_mm : float
        Asymmetry between hip and seat bone; error each time somebody sits.
    lines : mapping of str to LineErrors
        ``asis`` and ``psis``.
    gross : GrossErrors
        Stickers far beside their bones.
    """

    answer: float
    answer_sd: float
    own: float
    own_sd: float
    stance_mm: float
    stays_mm: float
    seat_mm: float
    seated_mm: float
    lines: Mapping[str, LineErrors]
    gross: GrossErrors
    status: Status
    source: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """From how many errors on two kinds of reading contradict each other."""

    errors: float
    errors_with_imaging: float
    status: Status
    source: str
    references: tuple[str, ...]

    def limit(self, one: ReadingKind, other: ReadingKind) -> float:
        """Return from how many errors on these two kinds contradict each other."""
        return self.errors_with_imaging if "imaging" in {one, other} else self.errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method and its error, in millimetres of the difference left minus right.

    Attributes
    ----------
    name : str
        Name in the file, and ``method`` of its measurements.
    label : Text
        What a clinician calls it.
    kind : str
        By hand, of the bones, from pictures, markers, or walking.
    reading : str
        Methods of one kind of reading are not independent of each other.
    sd_mm : float
        Error of one reading by one person.
    method_mm, rater_mm : float
        Parts of it that stay with the method, and that all readings of one person (or
        one placing of stickers or markers) share.
    gross : GrossErrors
        Its gross errors, which are not part of ``sd_mm``.
    gain, gain_sd : float
        What it shows of a true difference, and the spread of that.
    status, source, references
        Where the numbers come from.
    alone : bool
        True when it may be the only source of a difference.
    why_not : str or None
        Code of the reason why it is shown and never counts; None when it does.
    rows : tuple of str
        Other names of its measurements.
    groups : tuple of str
        What it shares with other methods.
    bias_mm, bias_sd_mm : float
        Known bias, and how well it is known.
    unconfirmed : bool
        True when its error is unconfirmed on real people.
    own : bool
        True when the practice measured its error itself.
    """

    name: str
    label: Text
    kind: MethodKind
    reading: ReadingKind
    sd_mm: float
    method_mm: float
    rater_mm: float
    gross: GrossErrors
    status: Status
    source: str
    references: tuple[str, ...]
    alone: bool
    gain: float = 1.0
    gain_sd: float = 0.0
    why_not: str | None = None
    rows: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    bias_mm: float = 0.0
    bias_sd_mm: float = 0.0
    unconfirmed: bool = False
    own: bool = False

    def __post_init__(self) -> None:
        """Refuse parts that are larger than the whole.

        Raises
        ------
        ValueError
            If an error is not positive, or its parts do not fit in it.
        """
        if self.sd_mm <= 0 or self.reading_variance < 0:
            msg = (
                f"methods.toml: {self.name}: expected sd_mm above 0 and at least the "
                f"parts together, got {self.sd_mm:g}, method_mm {self.method_mm:g} and "
                f"rater_mm {self.rater_mm:g}; correct them"
            )
            raise ValueError(msg)

    @property
    def reading_variance(self) -> float:
        """Variance (mm2) that averages out over the readings of one person."""
        return self.sd_mm**2 - self.method_mm**2 - self.rater_mm**2

    @property
    def staying_share(self) -> float:
        """Share of the variance that stays when one person repeats the reading."""
        return (self.method_mm**2 + self.rater_mm**2) / self.sd_mm**2

    @property
    def family(self) -> str | None:
        """The group within ``standing`` that it belongs to."""
        return next((group for group in self.groups if group != STANDING), None)

    @property
    def standing(self) -> bool:
        """True when it looks at the pelvis of a person who stands."""
        return STANDING in self.groups

    def error_mm(self, *, readings: int, raters: int) -> float:
        """Return the error of a mean of as many readings by each of some people.

        Parameters
        ----------
        readings, raters : int
            Readings by each person; people. At least 1.
        """
        varying = (self.rater_mm**2 + self.reading_variance / readings) / raters
        return math.sqrt(self.method_mm**2 + varying + self.bias_sd_mm**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnError:
    """What a practice measured of one method; None where it measured nothing.

    ``numbers`` are keys of `Method` (or, for ``pictures``, of `PictureErrors`).
    """

    method: str
    numbers: tuple[tuple[str, float], ...] = ()
    confirmed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ErrorTable:
    """Everything that the estimate knows about errors; from ``methods.toml``."""

    methods: tuple[Method, ...]
    groups: tuple[Group, ...]
    pictures: PictureErrors
    contradiction: Contradiction

    def named(self, name: str) -> Method | None:
        """Return the method of a measurement with that ``method``, or None."""
        return next(
            (each for each in self.methods if name in (each.name, *each.rows)), None
        )

    def group_sd_mm(self, name: str) -> float:
        """Return the error that all methods of a group share, in millimetres."""
        return next(each.sd_mm for each in self.groups if each.name == name)

    def with_own(self, own: Iterable[OwnError]) -> ErrorTable:
        """Return the table with the errors that a practice measured itself.

        Raises
        ------
        ConfigError
            If a method is not known, or its parts do not fit in its error.
        """
        table = self
        for each in own:
            table = table._with(each)
        return table

    def _with(self, own: OwnError) -> ErrorTable:
        told: Status | None = "measured" if own.numbers else None
        if own.method == PICTURES:
            changed = replace(
                self.pictures,
                **cast("dict[str, Any]", dict(own.numbers)),
                status=told or self.pictures.status,
                source=own.source or self.pictures.source,
            )
            return replace(self, pictures=changed)
        method = next((m for m in self.methods if m.name == own.method), None)
        if method is None:
            known = ", ".join(m.name for m in self.methods)
            msg = f"own errors: {own.method!r} is no method; expected one of {known}"
            raise ConfigError(msg)
        new = _own(method, own)
        return replace(
            self, methods=tuple(new if m is method else m for m in self.methods)
        )


def own_errors(text: str) -> tuple[OwnError, ...]:
    """Read the errors that a practice measured itself.

    Parameters
    ----------
    text : str
        TOML as at the head of this module.

    Raises
    ------
    ConfigError
        If it is no TOML, or a key or value cannot be used; the message names it.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as cause:  # endless digits, too deep
        msg = f"own errors: no TOML ({cause}); correct the file"
        raise ConfigError(msg) from None
    return tuple(_own_error(name, raw) for name, raw in table.items())


def all_methods() -> tuple[Method, ...]:
    """Return every method, in the order of the file."""
    return shipped_errors().methods


def method_named(name: str) -> Method | None:
    """Return the method of a measurement with that ``method``, or None."""
    return shipped_errors().named(name)


@cache
def shipped_errors() -> ErrorTable:
    """Return the errors of ``methods.toml``."""
    table = _table()
    gross = {
        name: GrossErrors(**_listed(raw)) for name, raw in table.pop("gross").items()
    }
    groups = tuple(
        Group(name=name, **_listed(raw)) for name, raw in table.pop("groups").items()
    )
    pictures = table.pop(PICTURES)
    lines = {
        name: LineErrors(**_listed(raw)) for name, raw in pictures.pop("lines").items()
    }
    contradiction = table.pop("contradiction")
    return ErrorTable(
        methods=tuple(_method(name, raw, gross) for name, raw in table.items()),
        groups=groups,
        pictures=PictureErrors(**_listed(pictures), lines=lines, gross=gross[PICTURES]),
        contradiction=Contradiction(**_listed(contradiction)),
    )


def _own(method: Method, own: OwnError) -> Method:
    """Return a method with own numbers; parts that were not told keep their share."""
    numbers = dict(own.numbers)
    total = numbers.get("sd_mm", method.sd_mm)
    for part in ("method_mm", "rater_mm"):
        numbers.setdefault(part, getattr(method, part) * total / method.sd_mm)
    try:
        return replace(
            method,
            **cast("dict[str, Any]", numbers),
            unconfirmed=method.unconfirmed and not own.confirmed,
            own=True,
            status="measured",
            source=own.source or method.source,
        )
    except ValueError as cause:
        msg = f"own errors: {str(cause).removeprefix('methods.toml: ')}"
        raise ConfigError(msg) from None


OF_METHOD = (
    "sd_mm", "method_mm", "rater_mm", "bias_mm", "bias_sd_mm", "gain", "gain_sd",
)  # fmt: skip
SIGNED = ("bias_mm",)


def _own_error(name: str, raw: object) -> OwnError:
    numbers_of = tuple(f.name for f in fields(PictureErrors) if f.type == "float")
    known = numbers_of if name == PICTURES else OF_METHOD
    if not isinstance(raw, Mapping):
        msg = f"own errors: {name}: expected a table, got {raw!r}; write [{name}]"
        raise ConfigError(msg)
    numbers = []
    for key, value in raw.items():
        if key in {"confirmed", "source"}:
            continue
        if key not in known:
            msg = f"own errors: {name}.{key} is no key; expected {', '.join(known)}"
            raise ConfigError(msg)
        right = isinstance(value, int | float) and math.isfinite(value)
        if not right or (value < 0 and key not in SIGNED):
            msg = f"own errors: {name}.{key} is {value!r}; expected a number from 0"
            raise ConfigError(msg)
        numbers.append((key, float(value)))
    return OwnError(
        method=name,
        numbers=tuple(numbers),
        confirmed=raw.get("confirmed") is True,
        source=str(raw.get("source", "")),
    )


def _method(name: str, raw: dict[str, Any], gross: dict[str, GrossErrors]) -> Method:
    lists = {key: tuple(raw.get(key, ())) for key in ("rows", "groups", "references")}
    named = {"label": Text(**raw["label"]), "gross": gross[raw["gross"]]}
    return Method(name=name, **{**raw, **lists, **named})


def _listed(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "references": tuple(raw["references"])}


def _table() -> dict[str, Any]:
    return shipped_table("gaitkit.measure.leg_length", "methods.toml")
