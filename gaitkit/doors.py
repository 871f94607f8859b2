"""The door between TOML files and gaitkit's dataclasses: strict, with clear refusals.

An unknown key is refused by its full path with the nearest known key; a value of
the wrong type is refused with what was expected and what came.

On which line of a TOML file a key stands, so that a refusal can point at it.
"""

from __future__ import annotations

import codecs
import dataclasses
import difflib
import re
import tomllib
from collections import Counter
from enum import Enum
from importlib import resources
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from gaitkit.errors import GaitkitError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

T = TypeVar("T")
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that an editor wrote with two bytes a sign."""

SHOWN_LETTERS = 120
"""Of a key or value in a message."""

AT_LINE = re.compile(r"^(.*) \(at line (\d+), column (\d+)\)$")
"""How the reader of TOML names a place."""

BEGINS_WITH_KEY = re.compile(r"^([\w-]+(?:\.[\w-]+)+) is ")
"""How a type of ours refuses a value: ``subject.height_m is 172; expected ...``."""

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=""")


def shipped_table(package: str, name: str) -> dict[str, Any]:
    """Return the table of a TOML file that comes with gaitkit.

    Parameters
    ----------
    package : str
        Package beside whose modules the file lies, ``gaitkit.model``.
    name : str
        Name of the file.
    """
    file = resources.files(package) / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


def read_toml(path: Path, *, error: type[GaitkitError]) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    GaitkitError
        Of type ``error`` when the file is missing, unreadable or not TOML.
    """
    return toml_table(toml_text(path, error=error), where=str(path), error=error)


def toml_text(path: Path, *, error: type[GaitkitError]) -> str:
    """Return the text of a TOML file, with or without the mark that Windows puts.

    Raises
    ------
    GaitkitError
        Of type ``error`` when the file is missing, unreadable or not UTF-8.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        msg = (
            f"{path}: expected a TOML file, got a pipe, a socket or a device; save it "
            "as a file and give that"
        )
        raise error(msg)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        msg = f"{path} does not exist; expected a TOML file"
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        wide = content.startswith(WIDE)
        where, kind = (path, "UTF-16") if wide else (f"{path}:{line}", "no UTF-8")
        msg = (
            f"{where}: expected a text file in UTF-8, got {kind}; save it again as "
            "UTF-8 (in the editor: save as, encoding)"
        )
    except OSError as cause:
        msg = f"{path} cannot be read as a TOML file: {cause.strerror}"
    else:
        return "\n".join(text.replace("\r\n", "\n").split("\r"))
    raise error(msg)


def toml_table(text: str, *, where: str, error: type[GaitkitError]) -> dict[str, Any]:
    """Return the table of a TOML text.

    Raises
    ------
    GaitkitError
        Of type ``error`` when it is not TOML; with the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        known = AT_LINE.match(str(cause))
    except RecursionError:
        msg = f"{where}: its lists or tables are too deep; correct the file"
        raise error(msg) from None
    except ValueError:
        msg = f"{where}: a number has too many digits; correct it"
        raise error(msg) from None
    if known is None:
        msg = f"{where}: this is not valid TOML: it ends too early; correct the end"
    else:
        what, line, column = known.groups()
        msg = (
            f"{where}:{line}: this is not valid TOML: {what} (at column {column}); "
            "correct that line"
        )
    raise error(msg)


def toml_value(value: object) -> str:
    """Return a value as it stands in a TOML file.

    Parameters
    ----------
    value : object
        Text, number, day, yes or no, a list of such, a member of an enumeration or a
        path. A whole number is written without a point.
    """
    import tomlkit

    text: str = tomlkit.item(plain_value(value)).as_string()
    return text


def plain_value(value: object) -> Any:  # noqa: ANN401 - what TOML and JSON can hold
    """Return a value as TOML holds it: text of members and paths, lists of tuples."""
    match value:
        case Enum() | PurePath():
            return str(value)
        case tuple() | list():
            return [plain_value(each) for each in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


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
        Of type ``error``: unknown key, wrong type, a value out of range, or a number
        that is none (``nan``) or without end (``inf``).
    """
    from pydantic import ConfigDict, ValidationError, create_model

    strict = ConfigDict(extra="forbid", allow_inf_nan=False)
    door = create_model("Door", __config__=strict, value=(kind, ...))
    try:
        return door.model_validate({"value": table}).value  # type: ignore[attr-defined, no-any-return]
    except ValidationError as refusal:
        first = refusal.errors()[0]
        message = _explain(first, kind)
        path = ".".join(str(part) for part in _path(first))
    except GaitkitError as refusal:
        message = str(refusal)
        named = BEGINS_WITH_KEY.match(message)
        if text is None or named is None:
            raise
        path = named[1]
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
        return f"unknown key {_short(name)}; {hint}"
    if first["type"] == "missing":
        return f"{name!r} is needed and is not there"
    expected = first["msg"].removeprefix("Value error, ")
    return f"{_short(name)}: {expected}; got {_short(first['input'])}"


def _short(value: object) -> str:
    """Return a value as a message quotes it."""
    shown = repr(value)
    return shown if len(shown) <= SHOWN_LETTERS else f"{shown[:SHOWN_LETTERS]}..."


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


def line_of(path: str, text: str) -> int | None:
    """Return the line of a key, or of the nearest table around it.

    Parameters
    ----------
    path : str
        As in messages: ``examination.tape.0.length_mm``.
    text : str
        The file.

    Returns
    -------
    int or None
        Counts from 1. None when neither the key nor a table around it is written
        out, as for a table that is missing altogether.

    Notes
    -----
    Reads lines, not TOML: a key inside an inline table or a text of several lines
    is found as the key that holds it.
    """
    lines = _lines(text)
    parts = path.split(".")
    while parts:
        found = lines.get(".".join(parts))
        if found is None and parts[-1].isdigit():
            found = lines.get(".".join(parts[:-1]))
        if found is not None:
            return found
        parts.pop()
    return None


def place(where: str, path: str, text: str | None) -> str:
    """Return ``file:line`` of a key, or the file alone where no line is known."""
    line = None if text is None else line_of(path, text)
    return where if line is None else f"{where}:{line}"


def _lines(text: str) -> dict[str, int]:
    """Return the line of each table and key; the first of two stays."""
    found: dict[str, int] = {}
    counted: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = HEADER.match(line)
        key = KEY.match(line)
        if header:
            table = _table(_plain(header[2]), counted, many=header[1] == "[[")
            found.setdefault(table, number)
        elif key:
            name = _plain(key[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _table(name: str, counted: Counter[str], *, many: bool) -> str:
    """Return the full path of a table, with the numbers of the lists around it."""
    parts = name.split(".")
    path = ""
    for depth, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        last = depth == len(parts) - 1
        if last and many:
            counted[path] += 1
        if counted[path]:
            path = f"{path}.{counted[path] - 1}"
    return path


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
