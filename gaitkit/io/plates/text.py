"""Text of an export as a stream of lines, plain or gzipped, whatever its size."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from gaitkit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD_BYTES = 1 << 16
"""Enough to see the header of every known export."""

GZIP_MAGIC = b"\x1f\x8b"
BUFFER_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 24
"""No export has lines of 16 MB; a binary file without line ends may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """A file of text, opened again for each pass.

    Attributes
    ----------
    path : Path
        Where it is.
    head : bytes
        Its beginning, unpacked, for recognising the format.
    packed : bool
        True when it is gzipped.
    """

    path: Path
    head: bytes
    packed: bool

    @property
    def name(self) -> str:
        """Name of the file for messages."""
        return self.path.name

    def lines(self) -> Iterator[bytes]:
        """Yield the lines as bytes, line ends included.

        Raises
        ------
        FormatError
            If the packed stream is broken or a line has no end.
        """
        try:
            with self.open() as stream:
                while line := stream.readline(MAX_LINE_BYTES):
                    if len(line) == MAX_LINE_BYTES:
                        msg = f"{self.name} has a line of over 16 MB: it is not text"
                        raise FormatError(msg)
                    yield line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            msg = (
                f"{self.name} is a broken gzip file ({error}). "
                f"Copy it again from the source."
            )
            raise FormatError(msg) from error

    def open(self) -> IO[bytes]:
        """Open the (unpacked) bytes."""
        if self.packed:
            return cast("IO[bytes]", gzip.open(self.path, "rb"))
        return self.path.open("rb", buffering=BUFFER_BYTES)

    def error(self, message: str, *, line: int | None = None) -> FormatError:
        """Return a format error that says where it is."""
        where = self.name if line is None else f"{self.name}, line {line}"
        return FormatError(f"{where}: {message}")


def open_text(path: Path) -> TextSource:
    """Return a file as a source of lines.

    Raises
    ------
    InputError
        If it is missing, a folder, empty or unreadable.
    """
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(GZIP_MAGIC))
            stream.seek(0)
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        msg = f"{path.name} does not exist. Check the path."
        raise InputError(msg) from error
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror}). Give a readable file."
        raise InputError(msg) from error
    if not head:
        msg = f"{path.name} is empty (0 bytes). Export the recording again."
        raise InputError(msg)
    if magic != GZIP_MAGIC:
        return TextSource(path=path, head=head, packed=False)
    return TextSource(path=path, head=_unpacked_head(path), packed=True)


def decode(line: bytes) -> str:
    """Return a line as text: UTF-8 where it is valid, else Latin-1; stripped."""
    try:
        return line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return line.decode("latin-1").strip()


def number(text: str) -> float | None:
    """Return a number written with a point or a comma, None when it is none."""
    try:
        return float(text.strip().strip('"').replace(",", "."))
    except ValueError:
        return None


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        msg = f"{path.name} is a broken gzip file ({error}). Copy it again."
        raise FormatError(msg) from error
