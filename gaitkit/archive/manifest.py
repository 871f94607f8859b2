"""A manifest: one recording a row, in a CSV file with a head.

``file`` is needed, relative to the manifest, absolute or a URL. Rows of the same
``subject`` and ``visit`` are one visit. Other columns: facts of the person
(``height_m mass_kg age_years sex shod``), of the visit (``visited_on`` as 2026-03-31,
``norm`` yes to tick it for the clinic's own norm bands) and of the recording (``kind
view condition person speed_factor scale_length_m scale_px starts_at_s``). An empty cell
is unknown; an unknown column is refused.

It is read as spreadsheets write it: UTF-8, UTF-16 or Windows-1252, with ``,`` ``;`` or
tabs between the cells, numbers with a decimal comma (not between commas), days as
31-3-2026, WAAR and ONWAAR, empty cells beside the table.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.item import Item, Source
from gaitkit.archive.place import absolute, entry_of, is_url, reading
from gaitkit.doors import build
from gaitkit.errors import InputError
from gaitkit.model.recording import Condition, RecordingKind, View
from gaitkit.model.subject import Sex, Subject
from gaitkit.model.visit import RecordingInput

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.csv"
"""A file of this name in the folder of an archive is taken as its manifest."""

SUBJECT_FACTS = ("height_m", "mass_kg", "age_years", "sex", "shod")
RECORDING_FACTS = (
    "kind", "view", "condition", "person", "speed_factor", "scale_length_m",
    "scale_px", "starts_at_s",
)  # fmt: skip

DECIMALS = frozenset({
    "height_m", "mass_kg", "age_years", "speed_factor", "scale_length_m", "scale_px",
    "starts_at_s",
})  # fmt: skip
YES_OR_NO = frozenset({"norm", "shod"})
TRUTHS = {"waar": "true", "ja": "yes", "onwaar": "false", "nee": "no"}
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-.](?P<month>\d{1,2})[-.](?P<year>\d{4})")
"""Dashes and dots are never American; with slashes nobody can tell 3/4 from 4/3."""

MOST_BYTES = 64 << 20
"""A million rows of 60 letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row as written; texts are read into types."""

    file: str
    subject: str | None = None
    visit: str | None = None
    visited_on: date | None = None
    norm: bool = False
    height_m: float | None = None
    mass_kg: float | None = None
    age_years: float | None = None
    sex: Sex | None = None
    shod: bool | None = None
    kind: RecordingKind | None = None
    view: View | None = None
    condition: Condition | None = None
    person: str | None = None
    speed_factor: float | None = None
    scale_length_m: float | None = None
    scale_px: float | None = None
    starts_at_s: float | None = None


def manifest_items(manifest: str) -> Iterator[Item]:
    """Yield the visits of a manifest, in the order of their first row.

    Raises
    ------
    InputError
        If it has no column ``file``, an unknown column or a cell of a wrong type (by
        row), or a file that it names is not there.
    """
    visits: dict[object, list[_Row]] = {}
    for number, row in enumerate(_rows(manifest)):
        together = row.subject is not None and row.visit is not None
        key = (row.subject, row.visit) if together else number
        visits.setdefault(key, []).append(row)
    for rows in visits.values():
        yield _item(rows, manifest)


def read_text(manifest: str) -> str:
    """Return the text of a manifest, in whatever encoding a spreadsheet wrote it.

    Raises
    ------
    InputError
        If it is larger than any manifest, or no text.
    """
    with reading(manifest) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        msg = f"{manifest}: expected a manifest of at most {MOST_BYTES // 2**20} MB"
        raise InputError(f"{msg}, got more; divide it")
    marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    told = next(
        (name for mark, name in marks.items() if content.startswith(mark)), None
    )
    for encoding in (told,) if told else ("utf-8-sig", "cp1252", "latin-1"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
            break
    msg = f"{manifest}: expected a table as text, and there are bytes in it that are "
    raise InputError(f"{msg}no text; save it again from the spreadsheet as CSV (UTF-8)")


def names_files(text: str) -> bool:
    """Return whether a table is a manifest: one of its columns is ``file``."""
    return "file" in _head(_cells(text, text.partition("\n")[0])[0])


def _rows(manifest: str) -> Iterator[_Row]:
    text = read_text(manifest)
    try:
        table = _cells(text, text.partition("\n")[0])
    except csv.Error as cause:
        msg = (
            f"{manifest}: expected a table, and it is damaged ({cause}); save it again"
        )
        raise InputError(msg) from None
    head = _head(table[0]) if table else []
    named = [name for name in head if name]
    if "file" not in named:
        msg = f"{manifest}: expected a column 'file' in its first line"
        raise InputError(f"{msg}, got {text.strip()[:60]!r}; name the columns")
    if len(named) > len(set(named)):
        twice = next(name for name in named if named.count(name) > 1)
        msg = f"{manifest}: expected each column once, got '{twice[:60]}' twice"
        raise InputError(f"{msg}; name them apart")
    for number, cells in enumerate(table[1:], start=2):
        if any(cells):
            yield _row(head, cells, where=f"{manifest} line {number}")


def _cells(text: str, first: str) -> list[list[str]]:
    """Return the cells of a table, without white space; the first line decides."""
    mark = max((";", "\t", ","), key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    return [[cell.strip() for cell in row] for row in table]


def _head(cells: list[str]) -> list[str]:
    return [cell.casefold() for cell in cells]


def _row(head: list[str], cells: list[str], *, where: str) -> _Row:
    """Return a row; cells to the right of the head may be there, empty."""
    width = len(head)
    if any(cells[width:]) or any(
        cell for name, cell in zip(head, cells, strict=False) if not name
    ):
        msg = f"{where}: expected {width} cells as in the first line, got {len(cells)}"
        raise InputError(f"{msg}; write numbers with a dot, or put ; between the cells")
    filled = {
        name: _as_written(name, cell)
        for name, cell in zip(head, cells, strict=False)
        if cell
    }
    return build(_Row, filled, where=where, error=InputError)


def _as_written(name: str, cell: str) -> str:
    """Return a cell as the door reads it, from what Dutch spreadsheets write."""
    if name in DECIMALS and DECIMAL_COMMA.fullmatch(cell):
        return cell.replace(",", ".")
    if name in YES_OR_NO:
        return TRUTHS.get(cell.casefold(), cell)
    day = DAY_FIRST.fullmatch(cell) if name == "visited_on" else None
    if day is not None:
        return f"{day['year']}-{day['month']:0>2}-{day['day']:0>2}"
    return cell


def _item(rows: list[_Row], manifest: str) -> Item:
    first = rows[0]
    entries = [entry_of(_place(row.file, manifest)) for row in rows]
    sources = tuple(
        Source(path=e.path, name=name, size=e.size, stamp=e.stamp)
        for e, name in zip(entries, _names([e.path for e in entries]), strict=True)
    )
    told = {name: getattr(first, name) for name in SUBJECT_FACTS}
    if first.subject is not None:
        told["subject_id"] = first.subject
    return Item(
        path=sources[0].path,
        layout="manifest",
        sources=sources,
        recordings=tuple(
            _recording(row, source) for row, source in zip(rows, sources, strict=True)
        ),
        subject=dataclasses.replace(Subject(), **told),
        visited_on=first.visited_on,
        norm=first.norm,
    )


def _recording(row: _Row, source: Source) -> RecordingInput:
    told = {name: getattr(row, name) for name in RECORDING_FACTS}
    return dataclasses.replace(RecordingInput(file=Path(source.name)), **told)


def _place(file: str, manifest: str) -> str:
    if is_url(file) or Path(file).is_absolute():
        return absolute(file)
    folder = manifest.replace("\\", "/").rpartition("/")[0]
    return absolute(f"{folder}/{file}")


def _names(paths: list[str]) -> list[str]:
    """Return the paths relative to the folder that all of them have in common."""
    parts = [path.replace("\\", "/").split("/") for path in paths]
    shared = 0
    while all(len(p) > shared + 1 and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    return ["/".join(p[shared:]) for p in parts]
