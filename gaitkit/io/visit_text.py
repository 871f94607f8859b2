"""The visit file as text: how an answer and a reading are written into it.

An answer takes the place of its key, so that comments and everything else in the file
stay as they are (`tomlkit`).

A visit as the text of a visit file: only what is known about it.
"""

from __future__ import annotations

import dataclasses
import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import Comment, InlineTable

from gaitkit.doors import HEADER, KEY, plain_value, toml_value

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
        The file; comments, order and layout stay as they are.
    path : str
        Full path of the key. Where the file has it as a comment, as the template does,
        that comment becomes the answer.
    value : object
        The answer.
    """
    document = tomlkit.parse(text)
    *tables, key = path.split(".")
    table = _table_in(document, tables)
    commented = None if key in table else _commented_out(table, key)
    if commented is None:
        table[key] = plain_value(value)
    else:
        commented.trivia.comment = f"{key} = {toml_value(value)}"
    return _ended(tomlkit.dumps(document))


def without_answer(text: str, path: str) -> str:
    """Return the text of a visit file in which a key is open again."""
    document = tomlkit.parse(text)
    table: Any = document
    *tables, key = path.split(".")
    for name in tables:
        table = table.get(name, {})
    if key in table:
        del table[key]
    return _ended(tomlkit.dumps(document))


def with_entry(text: str, table: str, entry: Mapping[str, object]) -> str:
    """Return the text of a visit file with one entry more in a list of tables."""
    document = tomlkit.parse(text)
    *around, name = table.split(".")
    values = {key: plain_value(value) for key, value in entry.items()}
    holder = _table_in(document, around) if _is_there(document, around) else None
    if holder is not None and name in holder:
        holder[name].append(values)
        return _ended(tomlkit.dumps(document))
    lines = [f"{key} = {toml_value(value)}" for key, value in entry.items()]
    return "\n".join([text.rstrip("\n"), "", f"[[{table}]]", *lines]) + "\n"


def _is_there(document: Any, names: Sequence[str]) -> bool:  # noqa: ANN401
    for name in names:
        if name not in document:
            return False
        document = document[name]
    return True


def _table_in(document: Any, names: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a table of the document by its names, made where it is not there."""
    for number, name in enumerate(names):
        if name not in document:
            inside = isinstance(document, InlineTable)
            more = number < len(names) - 1
            document[name] = (
                tomlkit.inline_table() if inside else tomlkit.table(is_super_table=more)
            )
        document = document[name]
    return document


def _commented_out(table: Any, key: str) -> Comment | None:  # noqa: ANN401
    """Return the comment that stands where a key of this table would."""
    body = getattr(getattr(table, "value", table), "body", ())
    for _, item in body:
        if not isinstance(item, Comment):
            continue
        written = item.trivia.comment.removeprefix("#")
        if HEADER.match(written):
            return None
        found = KEY.match(written)
        if found and found[1] == key and not written.startswith(" "):
            return item
    return None


def _ended(text: str) -> str:
    """Return a text that ends with one line end."""
    return text.rstrip("\n") + "\n"


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
            yield f"{name} = {toml_value(inner)}"
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
