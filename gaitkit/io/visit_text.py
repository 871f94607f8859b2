"""The visit file as text: how an answer and a reading are written into it.

An answer replaces the line of its key, so that comments and everything else in the file
stay as they are.

A visit as the text of a visit file: only what is known about it.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING

from gaitkit.doors import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gaitkit.model.visit import Visit

RENAMED = {"recordings": "recording"}
"""Tables that are called otherwise in the file than in the type."""


def answers_in(text: str) -> dict[str, object]:
    """Return every answer of a visit file by its path; lists of tables as they are."""
    found: dict[str, object] = {}
    _gather(tomllib.loads(text), "", found)
    return {path: value for path, value in found.items() if value != "not_asked"}


def _gather(table: Mapping[str, object], path: str, found: dict[str, object]) -> None:
    for name, value in table.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            _gather(value, here, found)
        else:
            found[here] = value


def with_answer(text: str, path: str, value: object) -> str:
    """Return the text of a visit file with one answer written into it.

    Parameters
    ----------
    text : str
        The file; comments and other keys stay as they are.
    path : str
        Full path of the key.
    value : object
        The answer.
    """
    table, _, key = path.rpartition(".")
    lines = text.splitlines()
    line = f"{key} = {_literal(value)}"
    start, end = _section(lines, table)
    if start is None:
        return "\n".join([*lines, "", f"[{table}]", line]) + "\n"
    pattern = re.compile(rf"^#?\s*{re.escape(key)}\s*=")
    for number in range(start, end):
        if pattern.match(lines[number]):
            lines[number] = line
            break
    else:
        lines.insert(end, line)
    return "\n".join(lines) + "\n"


def without_answer(text: str, path: str) -> str:
    """Return the text of a visit file in which a key is open again."""
    table, _, key = path.rpartition(".")
    lines = text.splitlines()
    start, end = _section(lines, table)
    pattern = re.compile(rf"^\s*{re.escape(key)}\s*=")
    kept = [
        line
        for number, line in enumerate(lines)
        if start is None or not (start <= number < end and pattern.match(line))
    ]
    return "\n".join(kept) + "\n"


def with_entry(text: str, table: str, entry: Mapping[str, object]) -> str:
    """Return the text of a visit file with one entry more in a list of tables."""
    lines = [f"{key} = {_literal(value)}" for key, value in entry.items()]
    return "\n".join([text.rstrip("\n"), "", f"[[{table}]]", *lines]) + "\n"


def _section(lines: list[str], table: str) -> tuple[int | None, int]:
    """Return the first line inside a table and the line after its last."""
    headers = [
        (number, match[2].strip())
        for number, each in enumerate(lines)
        if (match := HEADER.match(each.removeprefix("#")))
    ]
    ends = [number for number, _ in headers] + [len(lines)]
    if not table:
        return 0, ends[0]
    for place, (number, name) in enumerate(headers):
        if name == table and not lines[number].startswith("#"):
            return number + 1, ends[place + 1]
    return None, len(lines)


def visit_toml(visit: Visit, *, comments: Sequence[str] = ()) -> str:
    """Return a visit as TOML that `gaitkit.io.visit.read_visit` reads back.

    Parameters
    ----------
    visit : Visit
        Files of recordings as they should stand there, beside the visit file.
    comments : sequence of str
        Lines above everything.

    Returns
    -------
    str
        Every answer that differs from "not known"; the rest is left out.
    """
    head = [*(f"# {line}".rstrip() for line in comments), ""] if comments else []
    return "\n".join([*head, *_table(visit, "")]).strip() + "\n"


def _table(value: object, path: str) -> Iterator[str]:
    """Yield the plain keys of a dataclass, then the tables inside it."""
    known = list(_known(value))
    for name, inner in known:
        if not _is_table(inner):
            yield f"{name} = {_literal(inner)}"
    for name, inner in known:
        if _is_table(inner):
            yield from _inner(inner, f"{path}.{name}" if path else name)


def _inner(value: object, path: str) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from ("", f"[[{path}]]", *_table(each, path))
        return
    lines = list(_table(value, path))
    bare = all(not _is_table(inner) for _, inner in _known(value))
    if bare or (lines and lines[0]):
        yield from ("", f"[{path}]")
    yield from lines


def _known(value: object) -> Iterator[tuple[str, object]]:
    """Yield the fields that differ from their default."""
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        found = getattr(value, field.name)
        if field.default is not dataclasses.MISSING:
            default = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        else:
            default = dataclasses.MISSING
        if found != default:
            yield RENAMED.get(field.name, field.name), found


def _is_table(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and dataclasses.is_dataclass(value[0])
    return dataclasses.is_dataclass(value)


def _literal(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum() | PurePath():
            return json.dumps(str(value), ensure_ascii=False)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case tuple() | list():
            return f"[{', '.join(_literal(each) for each in value)}]"
        case float():
            return f"{value:g}"
        case _:
            return repr(value)
