"""Which reader reads a file: a table, tried in order on the first 64 kB."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gaitkit.io.plates.generic import merged, sidecar, sidecar_of
from gaitkit.io.plates.plate_file import PlateFile, PlateOptions, with_user_values
from gaitkit.io.plates.plausible import (
    check_cells,
    check_clock_and_size,
    check_total_force,
)
from gaitkit.io.text import open_text
from gaitkit.model.pressure import NoPressureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.errors import FormatError
    from gaitkit.io.text import TextSource

READERS = (
    "gaitkit.io.plates.saved",
    "gaitkit.io.plates.footscan_dynamic",
    "gaitkit.io.plates.footscan",
    "gaitkit.io.plates.emed",
    "gaitkit.io.plates.tekscan",
    "gaitkit.io.plates.apd",
    "gaitkit.io.plates.zebris_text",
    "gaitkit.io.plates.zebris_xml",
    "gaitkit.io.plates.zebris_report",
    "gaitkit.io.plates.pedar",
    "gaitkit.io.plates.xsensor",
    "gaitkit.io.plates.xsensor_wide",
    "gaitkit.io.plates.stappone",
)
"""Modules with ``NAME``, ``MAKER``, ``recognises`` and ``read``, most certain first."""

LAST_READER = "gaitkit.io.plates.generic"
"""Tried when nobody recognises the file; it asks the user what the numbers are."""

ENTRY_POINTS = "gaitkit.plate_readers"
"""Group in which other packages may announce a reader (a module of the same form)."""


class PlateReader(Protocol):
    """A module that reads one export format."""

    NAME: str
    MAKER: str

    def recognises(self, source: TextSource) -> bool:
        """Tell from the head whether the file is of this format."""

    def read(self, source: TextSource, options: PlateOptions) -> PlateFile:
        """Read the file or raise a FormatError."""


def readers() -> Iterator[PlateReader]:
    """Yield the readers of gaitkit, then those of other packages."""
    for name in READERS:
        yield _module(name)
    for point in entry_points(group=ENTRY_POINTS):
        yield point.load()


def find_reader(path: Path) -> PlateReader | None:
    """Return the reader of a file, None when no export format is recognised.

    A matrix of numbers is a plate where a file beside it says what they are
    (``<file>.toml``); alone it is no recognised format, see ``read_plate``.

    Raises
    ------
    InputError
        If the file is missing, empty or unreadable.
    """
    source = open_text(path)
    generic = _module(LAST_READER)
    known = (*readers(), *((generic,) if sidecar_of(path).is_file() else ()))
    return next((reader for reader in known if reader.recognises(source)), None)


def read_plate(path: Path | str, *, options: PlateOptions | None = None) -> PlateFile:
    """Read a pressure export of any maker.

    Parameters
    ----------
    path : Path or str
        The file (gzip is unpacked on the way). The name does not matter.
    options : PlateOptions, optional
        What the user knows about the file; ``<file>.toml`` fills the gaps.

    Returns
    -------
    PlateFile
        One dataset for each mat, dims ``time, row, col``, pressures in kPa (or raw
        counts, which ``source_of(data).unit`` says).

    Raises
    ------
    InputError
        If the file is missing or empty, or facts are needed that it does not state.
    FormatError
        If nobody knows the format, the file is damaged, its checksum is wrong, or its
        total force is one that no person can make.
    """
    path = Path(path)
    source = open_text(path)
    used = merged(options or PlateOptions(), sidecar(path))
    reader = next((r for r in readers() if r.recognises(source)), None)
    if reader is None:
        generic = _module(LAST_READER)
        if not generic.recognises(source):
            raise _unknown(source)
        reader = generic
    content = _read(reader, source, used)
    mats = tuple(with_user_values(data, used) for data in content.mats)
    for data in mats:
        check_clock_and_size(data, name=path.name)
        check_cells(data, name=path.name)
        check_total_force(data, name=path.name, mass_kg=used.mass_kg)
    return PlateFile(
        mats=mats, vendor_values=content.vendor_values, notes=content.notes
    )


def _read(reader: PlateReader, source: TextSource, used: PlateOptions) -> PlateFile:
    """Read a file; numbers that no pressure can be are the file's fault.

    Any other error of a reader is a bug in it, and passes through as one.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return reader.read(source, used)
    except NoPressureError as cause:
        why = str(cause).partition("\n")[0][:120]
        raise source.error(
            f"its numbers are no pressures of a plate ({why}). The file is damaged; "
            f"export it again."
        ) from cause


def _module(name: str) -> PlateReader:
    module: PlateReader = import_module(name)
    return module


def _unknown(source: TextSource) -> FormatError:
    makers = sorted({module.MAKER for module in map(_module, READERS)} - {"gaitkit"})
    return source.error(
        f"this is no pressure export that gaitkit knows ({', '.join(makers)}, or a "
        f"matrix of numbers as text). Export the recording as text from the plate's "
        f"own program."
    )
