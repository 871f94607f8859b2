"""The one door for text: is it a file, is it packed, which letters, which numbers.

Every reader of text comes through here, so that all of them know the same encodings
(UTF-8 with and without the mark that spreadsheets put in front, UTF-16, and Latin-1
where a line is no UTF-8), the same separators and the same decimal signs, and none of
them waits for a pipe or unpacks without an end. What a file is called is never asked.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from gaitkit.errors import FormatError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD_BYTES = 1 << 16
"""Enough to see the header of every known export."""

GZIP_MAGIC = b"\x1f\x8b"
BUFFER_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 24
"""No export has lines of 16 MB; a binary file without line ends may."""

MAX_UNPACKED_BYTES = 1 << 30
"""A packed export unpacks to 1 GB at most: ten minutes of a large plate."""

MOST_PACKED = 150
"""Bytes out of one: steps on the plates of four makers pack to 8 to 20, lines of zeros
to 258."""

PACKED_FREE_BYTES = 1 << 26
"""Below this a file may be packed as tight as it likes."""

MAX_WHOLE_BYTES = 1 << 28
"""Tables that are held whole have 256 MB at most: an hour of 60 markers at 100 Hz."""

Encoding = Literal["utf-8", "utf-16-le", "utf-16-be"]

MARKS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What programs put in front of a text, and the encoding that it tells."""

LEAST_WIDE_BYTES = 8
"""Shorter beginnings do not tell UTF-16 without a mark from anything else."""

WIDE_SHARE = 0.9
"""Share of every second byte that is zero where Latin letters are UTF-16."""

SEPARATORS = ("\t", ";", ",")
"""Signs between the cells of a table, most certain first."""

MOST_DIGITS = 9
"""Counts and indices have fewer digits."""

COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
"""A number with a decimal comma, as a cell of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """A file of text, opened again for each pass.

    Attributes
    ----------
    path : Path
        Where it is.
    head : bytes
        Its beginning, unpacked, as UTF-8 without a mark where it is UTF-16 or has one.
    packed : bool
        True when it is gzipped.
    encoding : {"utf-8", "utf-16-le", "utf-16-be"}
        Of the bytes in the file.
    mark_bytes : int
        Length of the mark in front.
    """

    path: Path
    head: bytes
    packed: bool
    encoding: Encoding = "utf-8"
    mark_bytes: int = 0

    @property
    def name(self) -> str:
        """Name of the file for messages."""
        return self.path.name

    def lines(self) -> Iterator[bytes]:
        """Yield the lines as bytes (UTF-8, or Latin-1), line ends included.

        Raises
        ------
        FormatError
            If the packed stream is broken or endless, or a line has no end.
        """
        with self.open() as stream:
            while line := stream.readline(MAX_LINE_BYTES):
                if len(line) == MAX_LINE_BYTES:
                    msg = f"{self.name} has a line of over 16 MB: it is not text"
                    raise FormatError(msg)
                yield line

    def open(self) -> IO[bytes]:
        """Open the unpacked bytes: UTF-8 without a mark, or Latin-1.

        Whoever reads them meets a FormatError where the packed stream is broken or
        endless, or the encoding changes.
        """
        raw: IO[bytes]
        if self.packed:
            raw = io.BufferedReader(_Unpacked(self.path), BUFFER_BYTES)
        else:
            raw = self.path.open("rb", buffering=BUFFER_BYTES)
        raw.read(self.mark_bytes)
        if self.encoding == "utf-8":
            return raw
        recoded = _AsUtf8(raw, self.encoding, name=self.name)
        return io.BufferedReader(recoded, BUFFER_BYTES)

    def text(self) -> str:
        """Return the whole text, for tables that are held in memory.

        Raises
        ------
        FormatError
            If it is larger than such a table can be, or not text.
        """
        if not self.packed and self.path.stat().st_size > MAX_WHOLE_BYTES:
            raise _too_large(self.name, MAX_WHOLE_BYTES)
        parts, size = [], 0
        for line in self.lines():
            size += len(line)
            if size > MAX_WHOLE_BYTES:
                raise _too_large(self.name, MAX_WHOLE_BYTES)
            parts.append(line)
        content = b"".join(parts)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("latin-1")

    def error(self, message: str, *, line: int | None = None) -> FormatError:
        """Return a format error that says where it is."""
        where = self.name if line is None else f"{self.name}, line {line}"
        return FormatError(f"{where}: {message}")


class _Unpacked(io.RawIOBase):
    """A packed file, read no further than a recording can reach."""

    def __init__(self, path: Path) -> None:
        self._packed = path.open("rb")
        self._raw = gzip.GzipFile(fileobj=self._packed, mode="rb")
        self._name = path.name
        self._bytes = 0

    def readable(self) -> bool:
        """Return True: it is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        try:
            chunk = self._raw.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            msg = f"{self._name} is a broken gzip file ({error}). Copy it again."
            raise FormatError(msg) from error
        self._bytes += len(chunk)
        if self._bytes > MAX_UNPACKED_BYTES:
            raise _too_large(self._name, MAX_UNPACKED_BYTES)
        read = self._packed.tell()
        if self._bytes > max(PACKED_FREE_BYTES, MOST_PACKED * read):
            msg = (
                f"{self._name} unpacks to more than {MOST_PACKED} times its size, "
                "which is no recording of steps; give it unpacked if it is one"
            )
            raise FormatError(msg)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the file behind it."""
        self._raw.close()
        self._packed.close()
        super().close()


class _AsUtf8(io.RawIOBase):
    """Another encoding, read as UTF-8."""

    def __init__(self, raw: IO[bytes], encoding: Encoding, *, name: str) -> None:
        self._raw = raw
        self._name = name
        self._decode = codecs.getincrementaldecoder(encoding)().decode
        self._waiting = b""

    def readable(self) -> bool:
        """Return True: it is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        while not self._waiting:
            chunk = self._raw.read(BUFFER_BYTES)
            try:
                text = self._decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                msg = (
                    f"{self._name} begins as UTF-16 text and does not go on so; save "
                    f"it again as UTF-8"
                )
                raise FormatError(msg) from error
            self._waiting = text.encode("utf-8", "replace")
            if not chunk:
                break
        taken = self._waiting[: len(buffer)]
        buffer[: len(taken)] = taken
        self._waiting = self._waiting[len(taken) :]
        return len(taken)

    def close(self) -> None:
        """Close the file behind it."""
        self._raw.close()
        super().close()


def require_file(path: Path) -> None:
    """Refuse what is no ordinary file, before anything is opened.

    A pipe, a socket or a device would be waited for without an end.

    Raises
    ------
    InputError
        If there is nothing, a folder, a pipe, a socket or a device, or it may not be
        looked at.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        msg = f"{path}: expected a recording, and there is no such file; check the path"
        raise InputError(msg) from None
    except (OSError, ValueError) as cause:
        why = getattr(cause, "strerror", None) or str(cause)
        msg = f"{str(path)[:200]!r}: the file cannot be read ({why}); check the path"
        raise InputError(msg) from None
    if stat.S_ISDIR(mode):
        msg = f"{path}: expected a recording, got a folder; give one file in it"
        raise InputError(msg)
    if not stat.S_ISREG(mode):
        msg = (
            f"{path}: expected a file, got a pipe, a socket or a device; save the "
            "recording as a file and give that"
        )
        raise InputError(msg)


def first_bytes(path: Path) -> bytes:
    """Return the first bytes of a file as they stand.

    Raises
    ------
    InputError
        If it is missing, a folder, a pipe or a device, or unreadable.
    FormatError
        If it is empty.
    """
    require_file(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as cause:
        msg = f"{path}: the file cannot be read ({cause.strerror}); check permissions"
        raise InputError(msg) from None
    if not head:
        msg = (
            f"{path}: expected a recording, got an empty file (0 bytes); "
            "copy it again from its source"
        )
        raise FormatError(msg)
    return head


def open_text(path: Path) -> TextSource:
    """Return a file as a source of lines.

    Raises
    ------
    InputError
        If it is missing, a folder, a pipe or a device, or unreadable.
    FormatError
        If it is empty, or begins as a packed file and is none.
    """
    head = first_bytes(path)
    packed = head.startswith(GZIP_MAGIC)
    if packed:
        head = _unpacked_head(path)
    encoding, mark_bytes = encoding_of(head)
    return TextSource(
        path=path,
        head=as_utf8(head),
        packed=packed,
        encoding=encoding,
        mark_bytes=mark_bytes,
    )


def encoding_of(head: bytes) -> tuple[Encoding, int]:
    """Return the encoding that the first bytes of a text tell, and its mark's length.

    UTF-16 is known by its mark, or by a zero in every second byte. Anything else is
    called UTF-8: lines that are none are read as Latin-1 (see `decode`).
    """
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if len(head) >= LEAST_WIDE_BYTES:
        first, second = head[0::2], head[1::2]
        zeros = first.count(0) / len(first), second.count(0) / len(second)
        if zeros[1] > WIDE_SHARE and zeros[0] == 0:
            return "utf-16-le", 0
        if zeros[0] > WIDE_SHARE and zeros[1] == 0:
            return "utf-16-be", 0
    return "utf-8", 0


def as_utf8(head: bytes) -> bytes:
    """Return the first bytes of a file as UTF-8 without a mark; others as they are."""
    encoding, mark_bytes = encoding_of(head)
    head = head[mark_bytes:]
    if encoding == "utf-8":
        return head
    whole = head[: len(head) - len(head) % 2]
    return whole.decode(encoding, "replace").encode("utf-8", "replace")


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


def whole_number(text: bytes) -> int | None:
    """Return a count or an index, None where a text is none.

    Python refuses to read thousands of digits; no count of a recording has ten.
    """
    return int(text) if text.isdigit() and len(text) <= MOST_DIGITS else None


def separator_of(header: str) -> str:
    """Return the sign between the names of a table's heading.

    Names hold no such signs, so the one that is there most often is meant; a comma
    when there is none.
    """
    return max(reversed(SEPARATORS), key=header.count)


def decimal_sign(cells: Iterable[str], *, separator: str | None) -> Literal[".", ","]:
    """Return the decimal sign of a table's cells.

    Parameters
    ----------
    cells : iterable of str
        Cells of numbers, enough to see one that is no whole number.
    separator : str or None
        Between the cells; None is any blank. A comma between cells is no decimal sign.
    """
    if separator == ",":
        return "."
    for cell in cells:
        if COMMA_NUMBER.fullmatch(cell.strip().strip('"')):
            return ","
        if "." in cell and number(cell) is not None:
            return "."
    return "."


def _too_large(name: str, limit: int) -> FormatError:
    return FormatError(
        f"{name} holds more than {limit >> 20} MB of text: no recording is so long; "
        "export a shorter piece"
    )


def _unpacked_head(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        msg = f"{path.name} is a broken gzip file ({error}). Copy it again."
        raise FormatError(msg) from error
