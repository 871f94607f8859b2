"""The door from the files of a rule set to their types: strict, and it names it all.

Every unknown key, missing key and wrong type becomes one line with the file and the
path of the key; reading goes on, so that one look shows everything there is to mend.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from gaitkit.rules.condition import KINDS, Condition

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

T = TypeVar("T")

COMBINED = ("all", "any", "among")
"""Keys whose items are conditions."""

ALTERNATIVES = ("float", "str", "bool", "tuple[str, ...]")
"""Names that pydantic adds to the path for each type that a value may have."""

MESSAGES = {
    "missing": "is needed and is not there",
    "union_tag_not_found": (
        "a condition needs one of all, any, at_least, fact, measured or measure"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """A value, or the problems that kept it from being read."""

    value: T | None
    problems: tuple[str, ...] = ()


def read_table(file: Path) -> Read[dict[str, Any]]:
    """Return the table of a TOML file, or why it cannot be read."""
    try:
        return Read(value=tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        why = "is missing; a rule set needs this file"
    except (OSError, UnicodeDecodeError) as cause:
        why = f"cannot be read: {cause}"
    except RecursionError:
        why = "is no rule file: its tables or lists are too deep"
    except ValueError as cause:  # no TOML, or a number of thousands of digits
        why = f"is not valid TOML: {cause}"
    return Read(value=None, problems=(f"{file.name}: {why}",))


def build(kind: type[T], table: object, *, where: str) -> Read[T]:
    """Build a dataclass from what stood in a file.

    Parameters
    ----------
    kind : type
        A dataclass.
    table : object
        As read from TOML.
    where : str
        File, and the entry in it, for the messages.

    Returns
    -------
    Read
        The dataclass, or one line for each problem.
    """
    try:
        text = json.dumps({"value": table}, default=str)
    except RecursionError:
        problem = f"{where}: its tables or lists are too deep"
        return Read(value=None, problems=(problem,))
    try:
        hashable: Any = kind
        made: Any = _door(hashable).model_validate_json(text)
    except ValidationError as refusal:
        lines = (_line(error, kind, where) for error in refusal.errors())
        return Read(value=None, problems=tuple(dict.fromkeys(lines)))
    return Read(value=made.value)


@cache
def _door(kind: Any) -> type[BaseModel]:  # noqa: ANN401 - a type
    config = ConfigDict(extra="forbid", strict=True)
    return create_model("Door", __config__=config, value=(kind, ...))


def _line(error: ErrorDetails, kind: type, where: str) -> str:
    tagged = error["loc"][1:]
    several = bool(tagged) and tagged[-1] in ALTERNATIVES
    tagged = tagged[:-1] if several else tagged
    path = ".".join(str(part) for part in _without_tags(tagged))
    place = f"{where}: {path}" if path else where
    if error["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        known = _known_keys(kind, tagged[:-1])
        near = difflib.get_close_matches(str(tagged[-1]), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"{place}: unknown key; {hint}"
    if error["type"] in MESSAGES:
        return f"{place}: {MESSAGES[error['type']]}"
    expected = error["msg"].removeprefix("Value error, ")
    came = error["input"]
    shown = "" if isinstance(came, dict | list) else f"; got {came!r}"
    if several:
        return f"{place}: has the wrong type{shown}"
    return f"{place}: {expected}{shown}"


def _without_tags(loc: tuple[int | str, ...]) -> list[int | str]:
    """Return a path without the names that pydantic adds for kinds of condition."""
    path: list[int | str] = []
    tag_next = False
    for part in loc:
        if tag_next and part in KINDS:
            tag_next = False
            continue
        in_list = isinstance(part, int) and bool(path) and path[-1] in COMBINED
        tag_next = part in {"condition", "when"} or in_list
        path.append(part)
    return path


def _known_keys(kind: Any, loc: tuple[int | str, ...]) -> list[str]:  # noqa: ANN401
    """Return the keys of the dataclass to which a path leads."""
    for part in (name for name in loc if isinstance(name, str)):
        if kind is Condition:
            kind = _condition_kind(part)
        elif dataclasses.is_dataclass(kind):
            hints = get_type_hints(kind, include_extras=True)
            kind = _inner(hints.get(part))
    return [f.name for f in dataclasses.fields(kind)] if _is_class(kind) else []


def _condition_kind(tag: str) -> Any:  # noqa: ANN401
    """Return the dataclass behind a kind of condition, ``measure`` for example."""
    tagged = get_args(get_args(Condition)[0])
    return next(get_args(t)[0] for t in tagged if get_args(t)[1].tag == tag)


def _inner(kind: Any) -> Any:  # noqa: ANN401
    """Return the dataclass or condition inside ``tuple[X, ...]`` or ``X | None``."""
    if kind is Condition or _is_class(kind):
        return kind
    inside = (_inner(argument) for argument in get_args(kind))
    return next((found for found in inside if found is not None), None)


def _is_class(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)
