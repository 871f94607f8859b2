"""Whether a C3D file is sound, checked byte by byte before a library reads it.

The reader that follows (ezc3d) trusts the counts in a file: a cut or damaged file can
end the whole program, or take all its memory. So the structure is walked here first,
in the way of that reader: header, every group and parameter, and whether the data that
the counts promise are there.

Some programs write sound files that the reader refuses or misreads: a count as REAL or
as a byte, a group in two pieces, rates that do not divide by a thousandth, a
description of more than 127 letters, more frames than 16 bits count. These get a copy
of their parameters in the plain form; the data are left as they are.

References
----------
The C3D File Format User Guide, Motion Lab Systems 2008.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gaitkit.errors import FormatError, InputError

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 512
"""Bytes of a block of a C3D file."""

MARK = 0x50
INTEL, DEC, MIPS = 84, 85, 86
"""Processor types of the parameter section."""

CHARACTER, BYTE, INTEGER, FLOAT = -1, 1, 2, 4
"""Types of parameters; the absolute value is the bytes of one value."""

MAX_DIMENSIONS = 7
MAX_DESCRIPTION = 127
"""Longer descriptions are read as negative by the reader."""

MOST_COUNTED = 1 << 16
"""Frames that a word of the header cannot count any more."""

MOST_IN_PIECE = 60_000
"""Frames that are read at once."""

MAX_RATE_MISFIT = 1e-3
"""How far the ratio of two rates may lie from the samples that the header counts, as a
share: rates are REAL, and some programs round them."""

MAX_TRAILING_BYTES = 4 * BLOCK
"""What may follow the data: the last block is filled up, and some add one."""

RATE_RANGE_HZ = (1.0, 10_000.0)
"""Rates of markers that can be."""

MAX_SAMPLES_PER_FRAME = 2000
"""Analog samples in one frame of markers: 100 kHz at 50 Hz."""

TYPES = {
    "POINT:USED": INTEGER,
    "POINT:FRAMES": INTEGER,
    "POINT:SCALE": FLOAT,
    "POINT:RATE": FLOAT,
    "POINT:LABELS": CHARACTER,
    "POINT:DATA_START": INTEGER,
    "ANALOG:USED": INTEGER,
    "ANALOG:RATE": FLOAT,
    "ANALOG:GEN_SCALE": FLOAT,
    "ANALOG:SCALE": FLOAT,
    "ANALOG:OFFSET": INTEGER,
    "ROTATION:USED": INTEGER,
    "ROTATION:DATA_START": INTEGER,
    "ROTATION:RATIO": INTEGER,
    "ROTATION:RATE": FLOAT,
}
"""Types that the reader takes for granted; other numbers are rewritten as these."""


TRIAL = "TRIAL"
FIELDS = ("ACTUAL_START_FIELD", "ACTUAL_END_FIELD")
"""First and last frame, in two words each."""


class _BrokenError(Exception):
    """What is wrong with the file, for the message."""


class _UnfitError(Exception):
    """Why a whole file is of no use here, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """A C3D file whose structure holds.

    Attributes
    ----------
    frames, first_frame : int
        How many frames it holds, and the number of the first (1 is the beginning).
    plain : iterator of bytes, or None
        The file in the form that the reader knows, in pieces of so many frames as it
        can count; None when it already has that form.
    """

    frames: int
    first_frame: int
    plain: Iterator[bytes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sound:
    """Where the data of a sound file lie."""

    frames: int
    ratio: int
    begin: int
    bytes_per_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parameter:
    kind: int
    values: int
    """How many values (characters) it has."""
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A group (number below 0) or a parameter, as it stands in the file."""

    number: int
    name: str
    raw_name: bytes
    locked: bool
    each: _Parameter | None = None
    dimensions: bytes = b""
    description: bytes = b""


def check_c3d(path: Path) -> SoundFile:
    """Refuse a C3D file whose structure does not hold.

    Raises
    ------
    InputError
        If it was written on a MIPS processor, which no reader here knows, or it holds
        no points.
    FormatError
        If header, parameters and data do not fit together.
    """
    content = path.read_bytes()
    try:
        return _check(content)
    except _UnfitError as cause:
        msg = f"{path}: {cause}"
        raise InputError(msg) from None
    except _BrokenError as cause:
        msg = (
            f"{path}: expected a whole C3D file, and it is damaged ({cause}); copy it "
            "again from its source"
        )
        raise FormatError(msg) from None
    except struct.error:
        msg = (
            f"{path}: expected a whole C3D file, and it is damaged (it ends within its "
            "header); copy it again from its source"
        )
        raise FormatError(msg) from None


def _check(content: bytes) -> SoundFile:
    if len(content) < 2 * BLOCK or content[1] != MARK or not content[0]:
        msg = "its first block is no C3D header"
        raise _BrokenError(msg)
    start = (content[0] - 1) * BLOCK
    processor = content[start + 3] if start + 3 < len(content) else 0
    if processor == MIPS:
        msg = (
            "expected a C3D file in Intel or DEC format, got MIPS (SGI) format; "
            "convert it to Intel format with the program that wrote it"
        )
        raise _UnfitError(msg)
    if processor not in {INTEL, DEC}:
        msg = f"its parameters name no known processor, {processor}"
        raise _BrokenError(msg)
    return _Structure(content, start + 4, dec=processor == DEC).check()


class _Structure:
    """The parameters of one file and what they promise."""

    def __init__(self, content: bytes, start: int, *, dec: bool) -> None:
        self.content = content
        self.dec = dec
        self.odd = False
        self.records: list[_Record] = []
        self.parameters = self._walk(start)

    def check(self) -> SoundFile:
        """Raise _BrokenError where counts and data disagree."""
        for name, kind in TYPES.items():
            group, _, key = name.partition(":")
            for each in self._series(group, key):
                numeric = CHARACTER not in {kind, each.kind}
                if not (each.kind == kind or numeric) or not (
                    each.values or key == "LABELS" or self._optional(name)
                ):
                    msg = f"{name} has the wrong type or no value"
                    raise _BrokenError(msg)
                self.odd |= each.kind != kind
        points, ratio = self._points(), self._ratio()
        samples = self._analog_channels() * ratio
        scale = self._number("POINT", "SCALE", missing=-1.0)
        if not math.isfinite(scale) or scale == 0:
            msg = f"POINT:SCALE is {scale:g}"
            raise _BrokenError(msg)
        width = 4 if scale < 0 else 2
        begin = (self._word(8) - 1) * BLOCK
        have = max(len(self.content) - begin, 0)
        one = (4 * points + samples) * width
        frames = self._frames(have, one)
        if begin < BLOCK or frames * one > have:
            msg = f"it promises {frames} frames, {frames * one} bytes, and holds {have}"
            raise _BrokenError(msg)
        self._check_rotations(frames)
        self.odd |= frames >= MOST_COUNTED
        sound = _Sound(frames=frames, ratio=ratio, begin=begin, bytes_per_frame=one)
        return SoundFile(
            frames=frames,
            first_frame=self._first_frame(),
            plain=self._pieces(sound) if self.odd else None,
        )

    def _optional(self, name: str) -> bool:
        """Analog scales may be empty when there is no analog channel."""
        return name.startswith("ANALOG") and self._integer("ANALOG", "USED") == 0

    def _points(self) -> int:
        points = self._integer("POINT", "USED")
        if points == 0:
            msg = (
                "expected markers, got a C3D file without any (POINT:USED is 0; analog "
                "channels or rotations alone); export the markers with it"
            )
            raise _UnfitError(msg)
        if points < 0:
            msg = f"POINT:USED is {points}"
            raise _BrokenError(msg)
        return points

    def _frames(self, have: int, one: int) -> int:
        """Return the number of frames, beyond what a word can count too."""
        frames = int(self._number("POINT", "FRAMES"))
        if frames < 0:  # more than an INT holds is stored as its negative
            frames += MOST_COUNTED
        if frames == 0:
            frames = self._word(4) - self._word(3) + 1
        first, last = (self._field(key) for key in FIELDS)
        told = last - first + 1 if first and last else 0
        counted = {frames % MOST_COUNTED, MOST_COUNTED - 1}
        wrapped = told % MOST_COUNTED in counted or MOST_COUNTED - 1 in {
            frames,
            self._word(4),
        }
        if told >= MOST_COUNTED and wrapped and one and told * one <= have:
            return told
        beyond = (have // one - frames) // MOST_COUNTED * MOST_COUNTED if one else 0
        if beyond > 0 and have - (frames + beyond) * one <= MAX_TRAILING_BYTES:
            return frames + beyond  # nothing but more frames can fill the file so
        if frames <= 0:
            msg = f"it promises {frames} frames"
            raise _BrokenError(msg)
        return frames

    def _first_frame(self) -> int:
        """Return the number of the first frame: TRIAL counts beyond 65,535."""
        header, told = self._word(3), self._field(FIELDS[0])
        beyond = header == MOST_COUNTED - 1 or told % MOST_COUNTED == header
        return told if told and beyond else header

    def _field(self, key: str) -> int:
        """Return a number of TRIAL that is stored in two words, 0 when absent."""
        each = self.parameters.get(f"{TRIAL}:{key}")
        if each is None or not each.values:
            return 0
        if each.kind not in {INTEGER, FLOAT}:
            return 0
        words = [int(word) % MOST_COUNTED for word in self._values(each)[:2]]
        if each.kind == FLOAT and each.values == 1:  # counts as far as it likes
            return int(self._float(each.offset))
        return sum(word << (16 * place) for place, word in enumerate(words))

    def _ratio(self) -> int:
        """Return the analog samples of each channel in one frame."""
        rate_hz = self._number("POINT", "RATE")
        low, high = RATE_RANGE_HZ
        if not low <= rate_hz <= high:
            msg = f"POINT:RATE is {rate_hz:g}, expected {low:g} to {high:g} Hz"
            raise _BrokenError(msg)
        ratio, counted = self._number("ANALOG", "RATE") / rate_hz, self._word(9)
        whole = round(ratio)
        if not 0 <= ratio <= MAX_SAMPLES_PER_FRAME or (
            abs(ratio - whole) > MAX_RATE_MISFIT * max(whole, 1)
        ):
            msg = f"ANALOG:RATE is {ratio:g} times POINT:RATE"
            raise _BrokenError(msg)
        if int(ratio) != whole:
            if counted != whole:
                msg = (
                    f"ANALOG:RATE is {ratio:g} times POINT:RATE, and the header counts "
                    f"{counted} samples a frame"
                )
                raise _BrokenError(msg)
            self.odd = True
        return whole

    def _analog_channels(self) -> int:
        channels = self._integer("ANALOG", "USED")
        for key in ("SCALE", "OFFSET"):
            known = sum(each.values for each in self._series("ANALOG", key))
            if channels < 0 or known < channels:
                msg = f"ANALOG:{key} has {known} values for {channels} channels"
                raise _BrokenError(msg)
        return channels

    def _check_rotations(self, frames: int) -> None:
        if not any(name.startswith("ROTATION:") for name in self.parameters):
            return
        ratio = self._number("ROTATION", "RATIO", missing=math.nan)
        if math.isnan(ratio):
            rate = self._number("ROTATION", "RATE", missing=math.nan)
            ratio = rate / self._number("POINT", "RATE")
        used = self._integer("ROTATION", "USED")
        begin = (self._integer("ROTATION", "DATA_START") - 1) * BLOCK
        floats = 17  # a 4 x 4 matrix and its reliability
        needed = frames * ratio * used * floats * 4
        if not (used >= 0 and ratio >= 0 and begin >= 0) or not (
            begin + needed <= len(self.content)
        ):
            msg = "its rotations are not whole"
            raise _BrokenError(msg)

    def _word(self, number: int) -> int:
        """Return a 16-bit word of the header, counted from 0."""
        value: int = struct.unpack_from("<H", self.content, 2 * number)[0]
        return value

    def _series(self, group: str, key: str) -> list[_Parameter]:
        """Return a parameter and its continuations (LABELS, LABELS2, ...)."""
        found = []
        for number in ("", *map(str, range(2, 256))):
            each = self.parameters.get(f"{group}:{key}{number}")
            if each is None and number:
                break
            if each is not None:
                found.append(each)
        return found

    def _integer(self, group: str, key: str) -> int:
        return int(self._number(group, key))

    def _number(self, group: str, key: str, *, missing: float = 0.0) -> float:
        """Return the first value of a parameter."""
        each = self.parameters.get(f"{group}:{key}")
        if each is None or not each.values:
            return missing
        if each.kind == FLOAT:
            value = self._float(each.offset)
        else:
            form = "<h" if each.kind == INTEGER else "<b"
            value = float(struct.unpack_from(form, self.content, each.offset)[0])
        if not math.isfinite(value):
            msg = f"{group}:{key} is no number"
            raise _BrokenError(msg)
        return value

    def _float(self, offset: int) -> float:
        raw = self.content[offset : offset + 4]
        if self.dec:  # words swapped, exponent higher by 2
            raw = bytes((raw[2], raw[3], raw[0], raw[1] - 1 if raw[1] else 0))
        value: float = struct.unpack("<f", raw)[0]
        return value

    def _walk(self, start: int) -> dict[str, _Parameter]:
        """Return the parameters by ``GROUP:NAME`` and refuse what does not join."""
        groups: dict[int, str] = {}
        position, more = start, True
        while more:
            length = abs(self._signed(position))
            if length == 0:
                break
            number = self._signed(position + 1)
            at = position + 2 + length
            raw_name = self.content[position + 2 : at]
            name = raw_name.decode("latin-1").upper()
            (offset,) = struct.unpack_from("<H", self.content, at)
            if number == 0:
                msg = f"a parameter at byte {position} belongs to no group"
                raise _BrokenError(msg)
            each, dimensions, end = (
                (None, b"", at + 2) if number < 0 else self._parameter(at + 2)
            )
            description = self._description(end)
            self.records.append(
                _Record(
                    number=number,
                    name=name,
                    raw_name=raw_name,
                    locked=self._signed(position) < 0,
                    each=each,
                    dimensions=dimensions,
                    description=description,
                )
            )
            if number < 0:
                self._add_group(groups, -number, name)
            position = end + 1 + len(description)
            more = offset != 0
            if more and position != at + offset:
                msg = f"its parameters do not join at byte {position}"
                raise _BrokenError(msg)
        return self._named(groups)

    def _add_group(self, groups: dict[int, str], number: int, name: str) -> None:
        """Keep a group; one that comes in two pieces is put together afterwards."""
        if groups.get(number, name) != name:
            msg = f"the groups {groups[number]} and {name} have one number"
            raise _BrokenError(msg)
        self.odd |= name in groups.values()
        groups[number] = name

    def _named(self, groups: dict[int, str]) -> dict[str, _Parameter]:
        table: dict[str, _Parameter] = {}
        for record in self.records:
            if record.each is None:
                continue
            full = f"{groups.get(record.number, '')}:{record.name}"
            if full in table and full.startswith(("POINT:", "ANALOG:", "ROTATION:")):
                msg = f"{full} is there twice"
                raise _BrokenError(msg)
            table[full] = record.each
        return table

    def _parameter(self, at: int) -> tuple[_Parameter, bytes, int]:
        """Return a parameter, its dimensions, and where its description begins."""
        kind, dimensions = self._signed(at), self._signed(at + 1)
        fewest = 1 if kind == CHARACTER else 0
        if kind not in {CHARACTER, BYTE, INTEGER, FLOAT} or not (
            fewest <= dimensions <= MAX_DIMENSIONS
        ):
            msg = f"a parameter at byte {at} has no known type"
            raise _BrokenError(msg)
        begin = at + 2 + dimensions
        sizes = self.content[at + 2 : begin]
        values = math.prod(sizes)
        end = begin + values * abs(kind)
        if end >= len(self.content):
            msg = f"a parameter at byte {at} is longer than the file"
            raise _BrokenError(msg)
        return _Parameter(kind=kind, values=values, offset=begin), sizes, end

    def _description(self, at: int) -> bytes:
        length = self.content[at]
        if at + 1 + length > len(self.content):
            msg = f"a description at byte {at} is longer than the file"
            raise _BrokenError(msg)
        self.odd |= length > MAX_DESCRIPTION
        return self.content[at + 1 : at + 1 + length]

    def _signed(self, at: int) -> int:
        value: int = struct.unpack_from("<b", self.content, at)[0]
        return value

    def _pieces(self, sound: _Sound) -> Iterator[bytes]:
        """Yield the file in the form that the reader knows, in pieces it can count."""
        for first in range(0, sound.frames, MOST_IN_PIECE):
            frames = min(sound.frames - first, MOST_IN_PIECE)
            start = sound.begin + first * sound.bytes_per_frame
            whole = frames == sound.frames
            end = None if whole else start + frames * sound.bytes_per_frame
            yield self._piece(sound, frames) + self.content[start:end]

    def _piece(self, sound: _Sound, frames: int) -> bytes:
        """Return header and parameters for so many frames."""
        numbers = {r.name: -r.number for r in reversed(self.records) if r.each is None}
        names = {-r.number: r.name for r in self.records if r.each is None}
        dropped = () if frames == sound.frames else (TRIAL, "ROTATION")
        kept: dict[tuple[int, str], _Record] = {}
        for record in self.records:
            owner = names.get(abs(record.number), "")
            number = numbers.get(owner, abs(record.number))
            key = (number, "" if record.each is None else record.name)
            if owner not in dropped and (record.each is not None or key not in kept):
                sign = -1 if record.each is None else 1
                kept[key] = replace(record, number=sign * number)
        rate_hz = sound.ratio * self._number("POINT", "RATE")
        known = {"POINT:FRAMES": float(frames), "ANALOG:RATE": rate_hz}
        written, blocks, shift = b"", 0, 0
        for _ in range(2):  # where the data begin depends on the parameters' length
            written = b"".join(
                self._written(r, names.get(abs(r.number), ""), known, shift=shift)
                for r in kept.values()
            )
            blocks = -(-(4 + len(written) + 2) // BLOCK)
            shift = 1 + blocks - sound.begin // BLOCK
        head = bytearray(self.content[:BLOCK])
        head[0] = 2
        struct.pack_into("<H", head, 16, 2 + blocks)
        if frames != sound.frames:
            struct.pack_into("<HH", head, 6, 1, frames)
        opening = bytes((1, MARK, min(blocks, 255), DEC if self.dec else INTEL))
        return bytes(head) + (opening + written).ljust(blocks * BLOCK, b"\0")

    def _written(
        self, record: _Record, group: str, known: dict[str, float], *, shift: int
    ) -> bytes:
        """Return the bytes of a group or parameter."""
        body = b""
        each = record.each
        if each is not None:
            full = f"{group}:{record.name}"
            end = each.offset + each.values * abs(each.kind)
            kind, data = each.kind, self.content[each.offset : end]
            wanted = TYPES.get(full, kind)
            if full in known or (wanted != kind and CHARACTER not in {kind, wanted}):
                values = [known[full]] if full in known else self._values(each)
                kind, data = wanted, self._encoded(wanted, values)
            elif full.endswith(":DATA_START"):
                data = struct.pack("<H", int(self._values(each)[0]) + shift)
            body = struct.pack("<bb", kind, len(record.dimensions))
            body += record.dimensions + data
        description = record.description[:MAX_DESCRIPTION]
        body += bytes((len(description),)) + description
        length = len(record.raw_name)
        head = struct.pack("<bb", -length if record.locked else length, record.number)
        return head + record.raw_name + struct.pack("<H", len(body) + 2) + body

    def _values(self, each: _Parameter) -> list[float]:
        """Return the numbers of a parameter."""
        if each.kind == FLOAT:
            return [self._float(each.offset + 4 * n) for n in range(each.values)]
        form = f"<{each.values}{'h' if each.kind == INTEGER else 'b'}"
        return [float(v) for v in struct.unpack_from(form, self.content, each.offset)]

    def _encoded(self, kind: int, values: list[float]) -> bytes:
        if kind == INTEGER:
            return b"".join(struct.pack("<H", round(v) % MOST_COUNTED) for v in values)
        plain = b"".join(struct.pack("<f", value) for value in values)
        if not self.dec:
            return plain
        words = [plain[n : n + 4] for n in range(0, len(plain), 4)]
        return b"".join(
            bytes((w[2], w[3] + 1 if w[3] or w[2] else 0, w[0], w[1])) for w in words
        )
