"""A manifest: one recording a row, in a CSV file with a head.

``file`` is needed, relative to the manifest, absolute or a URL. Rows of the same
``subject`` and ``visit`` are one visit. Other columns: facts of the person
(``height_m mass_kg age_years sex shod``), of the visit (``visited_on`` as 2026-03-31,
``norm`` yes to tick it for the clinic's own norm bands) and of the recording (``kind
view condition person speed_factor scale_length_m scale_px starts_at_s``). An empty cell
is unknown; an unknown column is refused.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.archive.item import Item, Source
from gaitkit.archive.place import absolute, entry_of, is_url, reading
from gaitkit.errors import InputError
from gaitkit.io.toml_door import build
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


def _rows(manifest: str) -> Iterator[_Row]:
    with reading(manifest) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        sample = text.readline()
        text.seek(0)
        table = csv.DictReader(text, delimiter=";" if ";" in sample else ",")
        if "file" not in (table.fieldnames or ()):
            msg = f"{manifest}: expected a column 'file' in its first line"
            raise InputError(f"{msg}, got {sample.strip()[:60]!r}; name the columns")
        for row in table:
            filled: dict[str, Any] = {k: v.strip() for k, v in row.items() if v}
            where = f"{manifest} line {table.line_num}"
            yield build(_Row, filled, where=where, error=InputError)


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
