"""A visit as the text of a visit file: only what is known about it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.visit import Visit

RENAMED = {"recordings": "recording"}
"""Tables that are called otherwise in the file than in the type."""


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
        case tuple():
            return f"[{', '.join(_literal(each) for each in value)}]"
        case float():
            return f"{value:g}"
        case _:
            return repr(value)
