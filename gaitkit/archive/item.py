"""One unit of work: a visit of an archive, usually a single recording."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput

if TYPE_CHECKING:
    from collections.abc import Sequence

Layout = Literal["file", "visit_folder", "keypoint_folder", "manifest", "bids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of an item.

    Attributes
    ----------
    path : str
        Absolute local path, or URL.
    name : str
        Path relative to the item, with ``/``; recordings name their file by it.
    size : int
        Bytes.
    stamp : str
        Changes when the content may have changed: time of modification, or what the
        remote store uses for it.
    """

    path: str
    name: str
    size: int
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One visit to be assessed: its files and what is known about them.

    Attributes
    ----------
    path : str
        Where it was found: the file, or the folder of the visit.
    layout : str
        How it was found. For ``visit_folder`` the folder says everything itself.
    sources : tuple of Source
        Every file that may take part, companions and visit file included.
    recordings : tuple of RecordingInput
        ``file`` is the name of a source; empty for a visit folder.
    subject : Subject
        From a manifest or BIDS names; the default where nothing is known.
    visited_on : date or None
        Day of the visit, where a manifest tells it.
    norm : bool
        True when a manifest ticks the visit for the clinic's own norm bands.
    only : str or None
        Name of the one recording to be done, after the whole visit has killed its
        worker; None for all.
    """

    path: str
    layout: Layout
    sources: tuple[Source, ...]
    recordings: tuple[RecordingInput, ...] = ()
    subject: Subject = field(default_factory=Subject)
    visited_on: date | None = None
    norm: bool = False
    only: str | None = None

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(source.size for source in self.sources)


def content_of(item: Item, hashes: Sequence[str]) -> str:
    """Return the content hash of an item.

    Parameters
    ----------
    item : Item
        One visit.
    hashes : sequence of str
        sha256 of each of its sources, in order.

    Returns
    -------
    str
        That of the file itself where there is one, so that a copy under another name
        is the same; else over names within the visit and contents.
    """
    if len(hashes) == 1:
        return hashes[0]
    pairs = zip((source.name for source in item.sources), hashes, strict=True)
    return _digest(sorted(pairs))


def facts_of(item: Item) -> str:
    """Return the hash of what was told about an item beside its content.

    What was not told is not in it, so that it stays the same in later versions, which
    may ask more.
    """
    names = [source.name for source in item.sources]
    recordings = [
        _told(each) | {"file": _place_in(names, each.file.as_posix())}
        for each in item.recordings
    ]
    person = dataclasses.asdict(item.subject).items()
    subject = {name: value for name, value in person if value is not None}
    day = item.visited_on.isoformat() if item.visited_on else None
    return _digest([recordings, subject, day, item.only])


def work_of(content: str, facts: str, *, config: str, version: str) -> str:
    """Return the key of a piece of work: content, facts, configuration and version."""
    return _digest([content, facts, config, version])


def to_json(item: Item) -> bytes:
    """Return an item as JSON, for the register."""
    return _adapter().dump_json(item)


def from_json(text: bytes) -> Item:
    """Return the item of `to_json`."""
    return _adapter().validate_json(text)


def _place_in(names: Sequence[str], file: str) -> int:
    """Return which source a recording names; a folder of frames is the first."""
    return names.index(file) if file in names else 0


def _told(recording: RecordingInput) -> dict[str, object]:
    table: dict[str, object] = _recording_adapter().dump_python(
        recording, mode="json", exclude_defaults=True
    )
    return table


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


@cache
def _adapter() -> TypeAdapter[Item]:
    return TypeAdapter(Item)


@cache
def _recording_adapter() -> TypeAdapter[RecordingInput]:
    return TypeAdapter(RecordingInput)
