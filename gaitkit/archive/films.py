"""The films of an archive with everybody blurred, named like the exported dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.archive.export import exported
from gaitkit.archive.place import at_hand
from gaitkit.archive.pseudonym import default_key
from gaitkit.archive.query import asking
from gaitkit.archive.register import Register, register_path
from gaitkit.archive.tables import series_name
from gaitkit.archive.walk import stem_of
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_file
from gaitkit.model.analysis import Analysis
from gaitkit.model.keypoints import keypoints
from gaitkit.model.recording import Recording
from gaitkit.pose.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import xarray as xr
    from duckdb import DuckDBPyConnection

    from gaitkit.archive.export import Exported
    from gaitkit.archive.item import Item
    from gaitkit.model.progress import Progress
    from gaitkit.model.text import Language

RAW = """
SELECT name, axis, time_s, value, confidence FROM read_parquet($1)
WHERE series = 'keypoints_raw' ORDER BY name, axis, time_s
"""
HASH = "SELECT sha256 FROM recordings WHERE visit = $1 AND recording = $2"


def export_films(
    store: Path,
    out: Path,
    *,
    key: Path | None = None,
    language: Language = "en",
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write every video of a store with all faces blurred and the walk drawn in.

    Parameters
    ----------
    store : Path
        Folder of the store.
    out : Path
        Folder of the dataset; films lie under ``derivatives/films``.
    key : Path or None
        Key of the pseudonyms, beside which the register lies.
    language : {"nl", "en"}
        Of the words in the picture.
    progress : Progress or None
        Told how many are done.

    Returns
    -------
    tuple of Path
        The films. There is no sound in them. A frame in which the walker's head is
        not known is blurred as a whole.

    Raises
    ------
    InputError
        If there is no store or no register, or a film is no longer where it was.
    OutputError
        If a film cannot be written.
    """
    place = register_path(key or default_key(store))
    if not place.is_file():
        msg = f"{place}: the register is not there; name the key with --key"
        raise InputError(msg)
    written = []
    with asking(store) as base, Register(place) as register:
        films = [each for each in exported(base) if each.kind == "video"]
        for number, each in enumerate(films, start=1):
            target = out / "derivatives" / "films" / each.folder
            file = target / f"{stem_of(each.entities)}_video.mp4"
            _write(base, each, register, store, file=file, language=language)
            written.append(file)
            if progress is not None:
                progress("films", number, len(films))
    return tuple(written)


def _write(
    base: DuckDBPyConnection,
    each: Exported,
    register: Register,
    store: Path,
    *,
    file: Path,
    language: Language,
) -> None:
    from gaitkit.report.overlay import write_overlay
    from gaitkit.report.words import words

    rows = base.execute(HASH, [each.visit, each.recording]).fetchall()
    digest = str(rows[0][0]) if rows else ""
    item = register.item_of(each.visit)
    if item is None:
        msg = f"{each.visit}: not known to the register; run the batch again"
        raise InputError(msg)
    series = store.resolve() / series_name(each.visit, each.recording)
    with at_hand(item) as folder, new_file(file) as part:
        analysis = Analysis(
            recording=Recording(id=each.recording, kind="video", sha256=digest),
            source=_source(item, folder, digest),
            raw=_raw(base, series),
        )
        write_overlay(analysis, part, blurred=True, words=words(language))


def _source(item: Item, folder: Path, digest: str) -> Path:
    """Return the file of a visit that has a content.

    Raises
    ------
    InputError
        If none has.
    """
    for path in _files(item, folder):
        if sha256_of(path) == digest:
            return path
    msg = f"{item.path}: the film is no longer there; was it changed?"
    raise InputError(msg)


def _files(item: Item, folder: Path) -> Iterator[Path]:
    yield from (folder / source.name for source in item.sources)


def _raw(base: DuckDBPyConnection, series: Path) -> xr.Dataset:
    """Return the keypoints of a video as recorded, from the store."""
    table = base.execute(RAW, [str(series)]).df()
    names = sorted(table["name"].unique())
    axes = sorted(table["axis"].unique())
    times = sorted(table["time_s"].unique())
    shape = (len(names), len(axes), len(times))
    position = table["value"].to_numpy().reshape(shape)
    confidence = table["confidence"].to_numpy().reshape(shape)[:, 0]
    return keypoints(
        position.transpose(2, 1, 0),
        confidence.T,
        time_s=times,
        names=names,
        space=axes,
        space_unit="px",
    )
