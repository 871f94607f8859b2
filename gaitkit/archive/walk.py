"""The walk over an archive: what is there, one visit after another.

Understood are a manifest (`gaitkit.archive.manifest`), visit folders (with
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
"""

from __future__ import annotations

import csv
import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.item import Item, Source
from gaitkit.archive.journal import JOURNAL_FILE
from gaitkit.archive.manifest import MANIFEST, manifest_items, names_files, read_text
from gaitkit.archive.place import (
    Entry,
    Links,
    Listing,
    absolute,
    entry_of,
    is_folder,
    is_text,
    list_folder,
    reading,
    shown,
)
from gaitkit.errors import InputError
from gaitkit.io.export.assessment import ASSESSMENT_FILE
from gaitkit.io.motion.companions import CORTEX, STORAGE
from gaitkit.io.visit import VISIT_FILE
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
