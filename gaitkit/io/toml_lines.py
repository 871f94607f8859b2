"""On which line of a TOML file a key stands, so that a refusal can point at it."""

from __future__ import annotations

import re
from collections import Counter

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=""")


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
