"""What page one shows of a visit: lines, reasons and short words, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import TypeAdapter

from gaitkit.model.text import Text

Box = Literal["now", "with", "decision", "nowhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChoice:
    """One measure, or one thing found by hand, that a line may show.

    Attributes
    ----------
    why : str
        Why it is chosen, or what it stands in for.
    measure : str or None
        Name in the catalogue.
    found : str or None
        Name of what was found by hand on each foot, instead of a measure.
    method : str or None
        Only by this method.
    region : str or None
        Only of this region of the foot.
    kinds : tuple of str
        Kinds of recording that may give it, the best first; empty: by hand, or the
        visit as a whole.
    above, below : str or None
        Limits of the rule set from which a value is outside the reference.
    usual : Text or None
        The reference in words, where the limits alone would mislead.
    label, unit : Text or None, str or None
        Of what was found by hand.
    """

    why: str
    measure: str | None = None
    found: str | None = None
    method: str | None = None
    region: str | None = None
    kinds: tuple[str, ...] = ()
    above: str | None = None
    below: str | None = None
    usual: Text | None = None
    label: Text | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSubject:
    """One of the six lines: what it is about, why, and what may show it."""

    subject: str
    why: str
    choices: tuple[LineChoice, ...]
    reference: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyOf:
    """The measures of which one explains some elements, and why these."""

    elements: tuple[str, ...]
    measures: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIf:
    """An answer that speaks against some elements."""

    elements: tuple[str, ...]
    answer: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A suggestion in few words, and the box in which it stands."""

    elements: tuple[str, ...]
    box: Box
    nl: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an evaluation came to, by the rule that says so, in few words."""

    rule: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All choices of page one."""

    lines: tuple[LineSubject, ...]
    why: tuple[WhyOf, ...] = ()
    not_if: tuple[NotIf, ...] = ()
    short: tuple[Short, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    def explaining(self, element: str) -> tuple[str, ...]:
        """Return the measures of which one explains an element, the best first."""
        return next((w.measures for w in self.why if element in w.elements), ())

    def against(self, element: str) -> tuple[NotIf, ...]:
        """Return what speaks against an element."""
        return tuple(each for each in self.not_if if element in each.elements)

    def short_of(self, element: str) -> Short | None:
        """Return a suggestion in few words, None when it has none."""
        return next((each for each in self.short if element in each.elements), None)


@cache
def choices() -> Choices:
    """Return the choices of page one."""
    file = resources.files("gaitkit.report.page_one") / "choices.toml"
    table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return TypeAdapter(Choices).validate_python(table)
