"""The door between TOML files and gaitkit's dataclasses: strict, with clear refusals.

An unknown key is refused by its full path with the nearest known key; a value of
the wrong type is refused with what was expected and what came.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from pydantic import ConfigDict, ValidationError, create_model

from gaitkit.io.toml_lines import place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.errors import GaitkitError

T = TypeVar("T")


def read_toml(path: Path, *, error: type[GaitkitError]) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    GaitkitError
        Of type ``error`` when the file is missing, unreadable or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"{path} does not exist; expected a TOML file"
    except (OSError, UnicodeDecodeError) as cause:
        msg = f"{path} cannot be read as a TOML file: {cause}"
    except tomllib.TOMLDecodeError as cause:
        msg = f"{path} is not valid TOML: {cause}"
    raise error(msg)


def build(
    kind: type[T],
    table: dict[str, Any],
    *,
    where: str,
    error: type[GaitkitError],
    text: str | None = None,
) -> T:
    """Build a dataclass from a plain table, refusing what it does not know.

    Parameters
    ----------
    kind : type
        A dataclass, nested at will.
    table : dict
        As read from TOML.
    where : str
        Name of the file or option, for the message.
    error : type
        Class of the error to raise.
    text : str or None
        The file as it stands, to name the line; None when it is not at hand.

    Raises
    ------
    GaitkitError
        Of type ``error``: unknown key, wrong type, or a value out of range.
    """
    door = create_model(
        "Door", __config__=ConfigDict(extra="forbid"), value=(kind, ...)
    )
    try:
        return door.model_validate({"value": table}).value  # type: ignore[attr-defined, no-any-return]
    except ValidationError as refusal:
        first = refusal.errors()[0]
        message = _explain(first, kind)
        path = ".".join(str(part) for part in _path(first))
    raise error(f"{place(where, path, text)}: {message}")


def _path(first: Any) -> list[object]:  # noqa: ANN401 - pydantic's own record
    return [part for part in first["loc"][1:] if part != "function-after"]


def _explain(first: Any, kind: type) -> str:  # noqa: ANN401 - pydantic's own record
    path = _path(first)
    name = ".".join(str(part) for part in path)
    if first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        known = _known_keys(kind, path[:-1])
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"unknown key {name!r}; {hint}"
    if first["type"] == "missing":
        return f"{name!r} is needed and is not there"
    expected = first["msg"].removeprefix("Value error, ")
    return f"{name!r}: {expected}; got {first['input']!r}"


def _known_keys(kind: Any, path: Sequence[object]) -> list[str]:  # noqa: ANN401
    """Return the field names of the dataclass that ``path`` leads to."""
    for part in path:
        if isinstance(part, str) and dataclasses.is_dataclass(kind):
            kind = get_type_hints(kind).get(part)
        kind = _dataclass_in(kind)
    if not dataclasses.is_dataclass(kind):
        return []
    return [field.name for field in dataclasses.fields(kind)]


def _dataclass_in(kind: Any) -> Any:  # noqa: ANN401
    """Return the dataclass inside ``tuple[X, ...]`` or ``X | None``, else ``kind``."""
    if dataclasses.is_dataclass(kind):
        return kind
    arguments = getattr(kind, "__args__", ())
    return next((a for a in arguments if dataclasses.is_dataclass(a)), kind)
