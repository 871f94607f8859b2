"""The walk over an archive: what is there, one visit after another.

Understood are a manifest (`manifest_items`), visit folders (with
``visit.toml``), folders of OpenPose files (one recording each), BIDS-like names (the
files of one session in one folder are a visit) and loose files in any tree (a visit
each). Nothing is held in memory but the listing of one folder, so that an archive of
any size can be walked.

A loose file whose name says that it is no recording (a text document, a picture of a
report, notes of a program) is passed over; every other file is an item, also when its
content turns out to be broken: then it is refused with a reason.

Names after BIDS and Motion-BIDS: ``sub-01_ses-02_task-walk_run-1.c3d``.

References
----------
Jeung S, et al. (2024) Motion-BIDS: an extension to the brain imaging data structure
to organize motion data. doi:10.1038/s41597-024-03559-8

A manifest: one recording a row, in a CSV file with a head.

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
from gaitkit.archive.journal import JOURNAL_FILE
from gaitkit.archive.place import (
    Entry,
    Links,
    Listing,
    absolute,
    entry_of,
    is_folder,
    is_text,
    is_url,
    list_folder,
    reading,
    shown,
)
from gaitkit.doors import build
from gaitkit.errors import InputError
from gaitkit.io.export.assessment import ASSESSMENT_FILE
from gaitkit.io.motion.companions import CORTEX, STORAGE
from gaitkit.io.visit import VISIT_FILE
from gaitkit.model.recording import Condition, RecordingKind, View
from gaitkit.model.subject import Sex, Subject
from gaitkit.model.visit import RecordingInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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


NEVER = frozenset({
    ".bak", ".bat", ".bib", ".css", ".db", ".doc", ".docx", ".exe", ".htm", ".html",
    ".ini", ".ipynb", ".key", ".lnk", ".log", ".m", ".md", ".odt", ".pdf", ".ppt",
    ".pptx", ".py", ".r", ".register", ".rtf", ".sqlite", ".svg", ".toml", ".tsv",
    ".url", ".wav", ".xlsx", ".yaml", ".yml",
})  # fmt: skip
"""Endings of names that no recording has."""

PAPERS = re.compile(r"(?i)^(readme|licen[cs]e|changes|changelog|notes?)(\.\w+)?$")
"""Names of papers that lie in any archive."""

RESULTS = frozenset({JOURNAL_FILE, ASSESSMENT_FILE})
"""Files by which a folder is known to hold results of gaitkit and no recordings."""

KEYPOINTS = "_keypoints.json"
JSON_POSES = (b'"pose_keypoints_2d"', b'"landmark_positions"')
"""What the beginning of a JSON file with poses holds."""

HEAD_BYTES = 4096
ENTITY = re.compile(r"(?:^|_)(?P<key>[a-z]+)-(?P<label>[A-Za-z0-9]+)(?=_|\.|$)")
NOT_IN_LABEL = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A file that is no recording."""

    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A place that should hold recordings and cannot be read."""

    path: str
    why: InputError


Found = Item | PassedOver | Unusable


def walk(archive: str, *, follow_links: bool = False) -> Iterator[Found]:
    """Yield every visit of an archive, and what was passed over.

    Parameters
    ----------
    archive : str
        A folder (with ``manifest.csv``, or any tree), one manifest ``.csv``, or one
        recording; on this machine or a URL.
    follow_links : bool
        True also walks what links of the file system show outside the archive. What
        they show inside it is walked once, where it lies.

    Raises
    ------
    InputError
        If there is nothing, or a manifest is wrong.
    """
    root = absolute(archive)
    if is_folder(root):
        listing = list_folder(root)
        manifest = next((e for e in listing.files if e.name == MANIFEST), None)
        if manifest is not None:
            yield from manifest_items(manifest.path)
        else:
            links = Links(root, follow=follow_links)
            yield from _in_folder(root, listing, links)
    elif _is_manifest(root):
        yield from manifest_items(root)
    else:
        yield _loose(entry_of(root), ())


def _is_manifest(path: str) -> bool:
    if not path.lower().endswith(".csv"):
        return False
    try:
        return names_files(read_text(path))
    except (InputError, csv.Error):
        return False


def _in_folder(folder: str, listing: Listing, links: Links) -> Iterator[Found]:
    names = {entry.name for entry in listing.files}
    if names & RESULTS:
        yield PassedOver(path=folder, why="results of gaitkit")
        return
    if VISIT_FILE in names:
        yield _visit_folder(folder, listing, links)
        return
    listing, unnamed = _with_names(listing)
    yield from unnamed
    listing, passed_over = _walked(listing, links)
    yield from passed_over
    frames = [e for e in listing.files if e.name.endswith(KEYPOINTS)]
    if frames:
        yield _keypoint_folder(folder, frames)
    yield from _in_files([e for e in listing.files if e not in set(frames)])
    for inner in listing.folders:
        try:
            yield from _in_folder(inner, list_folder(inner), links)
        except InputError as why:
            yield Unusable(path=inner, why=why)


def _with_names(listing: Listing) -> tuple[Listing, list[Unusable]]:
    """Leave out what has a name that is no text; each costs itself alone."""
    paths = [entry.path for entry in listing.files] + list(listing.folders)
    unnamed = [
        Unusable(
            path=shown(path),
            why=InputError(f"{shown(path)}: expected a name in UTF-8; rename it"),
        )
        for path in paths
        if not is_text(path)
    ]
    kept = Listing(
        files=tuple(entry for entry in listing.files if is_text(entry.path)),
        folders=tuple(folder for folder in listing.folders if is_text(folder)),
        links=listing.links,
    )
    return kept, unnamed


def _walked(listing: Listing, links: Links) -> tuple[Listing, list[PassedOver]]:
    """Leave out what links show and what is walked elsewhere or not at all."""
    paths = [entry.path for entry in listing.files] + list(listing.folders)
    why = {path: links.why_not(path, listing) for path in paths}
    kept = Listing(
        files=tuple(entry for entry in listing.files if not why[entry.path]),
        folders=tuple(folder for folder in listing.folders if not why[folder]),
        links=listing.links,
    )
    return kept, [PassedOver(path=p, why=w) for p, w in why.items() if w]


def _in_files(entries: Sequence[Entry]) -> Iterator[Found]:
    """Yield the loose files of one folder; those of one BIDS session together."""
    taken = _companions(entries)
    beside = {entry.path for each in taken.values() for entry in each}
    sessions: dict[tuple[str, str], list[Item]] = {}
    for entry in entries:
        if entry.path in beside:
            continue
        why = why_not(entry.path, entry.size)
        if why is not None:
            yield PassedOver(path=entry.path, why=why)
            continue
        item = _loose(entry, taken.get(entry.path, ()))
        entities = entities_of(entry.name)
        if entities is None:
            yield item
        elif entities.ses is None:
            yield _of_subject(item, entities.sub)
        else:
            sessions.setdefault((entities.sub, entities.ses), []).append(item)
    for (sub, _), items in sessions.items():
        yield _of_subject(_together(items), sub)


def _companions(entries: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the force and angle files that belong to each TRC file."""
    by_name = {entry.name: entry for entry in entries}
    found = {}
    for entry in entries:
        if entry.name.lower().endswith(".trc"):
            stem = entry.name[: -len(".trc")]
            names = (stem + end for end in (CORTEX, *STORAGE))
            found[entry.path] = tuple(by_name[n] for n in names if n in by_name)
    return found


def why_not(path: str, size: int) -> str | None:
    """Return why a loose file is no recording, None when it may be one."""
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    suffix = Path(name).suffix
    if suffix in NEVER or PAPERS.match(name):
        return f"{suffix or name}: no recording by its name"
    if suffix == ".json" and size:
        with reading(path) as stream:
            head = stream.read(HEAD_BYTES)
        if not any(mark in head for mark in JSON_POSES):
            return ".json without poses"
    return None


def _loose(entry: Entry, companions: Sequence[Entry]) -> Item:
    return Item(
        path=entry.path,
        layout="file",
        sources=tuple(_source(e, e.name) for e in (entry, *companions)),
        recordings=(RecordingInput(file=Path(entry.name)),),
    )


def _of_subject(item: Item, sub: str) -> Item:
    return dataclasses.replace(item, layout="bids", subject=Subject(subject_id=sub))


def _together(items: Sequence[Item]) -> Item:
    return dataclasses.replace(
        items[0],
        sources=tuple(source for item in items for source in item.sources),
        recordings=tuple(each for item in items for each in item.recordings),
    )


def _visit_folder(folder: str, listing: Listing, links: Links) -> Item:
    return Item(
        path=folder,
        layout="visit_folder",
        sources=tuple(_below(listing, links)),
    )


def _below(listing: Listing, links: Links, prefix: str = "") -> Iterator[Source]:
    listing, _ = _with_names(listing)  # a visit file, which is UTF-8, cannot name them
    listing, _ = _walked(listing, links)
    for entry in listing.files:
        yield _source(entry, prefix + entry.name)
    for inner in listing.folders:
        name = inner.replace("\\", "/").rpartition("/")[2]
        yield from _below(list_folder(inner), links, f"{prefix}{name}/")


def _keypoint_folder(folder: str, frames: Sequence[Entry]) -> Item:
    name = folder.replace("\\", "/").rpartition("/")[2]
    return Item(
        path=folder,
        layout="keypoint_folder",
        sources=tuple(_source(frame, f"{name}/{frame.name}") for frame in frames),
        recordings=(RecordingInput(file=Path(name)),),
    )


def _source(entry: Entry, name: str) -> Source:
    return Source(path=entry.path, name=name, size=entry.size, stamp=entry.stamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """The entities of a name that gaitkit uses; None where absent."""

    sub: str
    ses: str | None = None
    task: str | None = None
    tracksys: str | None = None
    acq: str | None = None
    run: str | None = None


def entities_of(name: str) -> Entities | None:
    """Return the entities of a file name, or None when it has no ``sub-``.

    Other entities are passed over, since BIDS adds new ones.
    """
    found = {match["key"]: match["label"] for match in ENTITY.finditer(name)}
    if "sub" not in found or not name.startswith("sub-"):
        return None
    return Entities(
        sub=found["sub"],
        ses=found.get("ses"),
        task=found.get("task"),
        tracksys=found.get("tracksys"),
        acq=found.get("acq"),
        run=found.get("run"),
    )


def label(text: str) -> str:
    """Return a text as a label, which may hold letters and digits only."""
    return NOT_IN_LABEL.sub("", text)


def stem_of(entities: Entities) -> str:
    """Return the name without its suffix: entities in the order of Motion-BIDS."""
    order = (
        ("sub", entities.sub),
        ("ses", entities.ses),
        ("task", entities.task),
        ("tracksys", entities.tracksys),
        ("acq", entities.acq),
        ("run", entities.run),
    )
    return "_".join(f"{key}-{value}" for key, value in order if value is not None)
