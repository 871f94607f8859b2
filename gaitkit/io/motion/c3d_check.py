"""Whether a C3D file is sound, checked byte by byte before a library reads it.

The reader that follows (ezc3d) trusts the counts in a file: a cut or damaged file can
end the whole program, or take all its memory. So the structure is walked here first,
in the way of that reader: header, every group and parameter, and whether the data that
the counts promise are there.

References
----------
The C3D File Format User Guide, Motion Lab Systems 2008.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
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

RATE_RANGE_HZ = (1.0, 10_000.0)
"""Rates of markers that can be."""
MAX_SAMPLES_PER_FRAME = 2000
"""Analog samples in one frame of markers: 100 kHz at 50 Hz."""

TYPES = {
    "POINT:USED": (INTEGER,),
    "POINT:FRAMES": (INTEGER, FLOAT),
    "POINT:SCALE": (FLOAT,),
    "POINT:RATE": (FLOAT,),
    "POINT:LABELS": (CHARACTER,),
    "POINT:DATA_START": (INTEGER,),
    "ANALOG:USED": (INTEGER,),
    "ANALOG:RATE": (FLOAT,),
    "ANALOG:GEN_SCALE": (FLOAT,),
    "ANALOG:SCALE": (FLOAT,),
    "ANALOG:OFFSET": (INTEGER,),
    "ROTATION:USED": (INTEGER,),
    "ROTATION:DATA_START": (INTEGER,),
    "ROTATION:RATIO": (INTEGER,),
    "ROTATION:RATE": (FLOAT,),
}
"""Types that the reader takes for granted."""


class _BrokenError(Exception):
    """What is wrong with the file, for the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parameter:
    kind: int
    values: int
    """How many values (characters) it has."""
    offset: int


def check_c3d(path: Path) -> None:
    """Refuse a C3D file whose structure does not hold.

    Raises
    ------
    InputError
        If it was written on a MIPS processor, which no reader here knows.
    FormatError
        If header, parameters and data do not fit together.
    """
    content = path.read_bytes()
    try:
        _check(content)
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


def _check(content: bytes) -> None:
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
        raise InputError(msg)
    if processor not in {INTEL, DEC}:
        msg = f"its parameters name no known processor, {processor}"
        raise _BrokenError(msg)
    _Structure(content, start + 4, dec=processor == DEC).check()


class _Structure:
    """The parameters of one file and what they promise."""

    def __init__(self, content: bytes, start: int, *, dec: bool) -> None:
        self.content = content
        self.dec = dec
        self.parameters = self._walk(start)

    def check(self) -> None:
        """Raise _BrokenError where counts and data disagree."""
        for name, kinds in TYPES.items():
            group, _, key = name.partition(":")
            for each in self._series(group, key):
                if each.kind not in kinds or not (
                    each.values or key == "LABELS" or self._optional(name)
                ):
                    msg = f"{name} has the wrong type or no value"
                    raise _BrokenError(msg)
        points, frames = self._points(), self._frames()
        samples = self._analog_samples()
        scale = self._number("POINT", "SCALE", missing=-1.0)
        if not math.isfinite(scale) or scale == 0:
            msg = f"POINT:SCALE is {scale:g}"
            raise _BrokenError(msg)
        width = 4 if scale < 0 else 2
        begin = (self._word(8) - 1) * BLOCK
        needed = frames * (4 * points + samples) * width
        if begin < BLOCK or begin + needed > len(self.content):
            have = max(len(self.content) - begin, 0)
            msg = f"it promises {frames} frames, {needed} bytes, and holds {have}"
            raise _BrokenError(msg)
        self._check_rotations(frames)

    def _optional(self, name: str) -> bool:
        """Analog scales may be empty when there is no analog channel."""
        return name.startswith("ANALOG") and self._integer("ANALOG", "USED") == 0

    def _points(self) -> int:
        points = self._integer("POINT", "USED")
        if points <= 0:
            msg = f"POINT:USED is {points}: it holds no points"
            raise _BrokenError(msg)
        return points

    def _frames(self) -> int:
        frames = int(self._number("POINT", "FRAMES"))
        if frames < 0:  # more than an INT holds is stored as its negative
            frames += 1 << 16
        if frames == 0:
            frames = self._word(4) - self._word(3) + 1
        if frames <= 0:
            msg = f"it promises {frames} frames"
            raise _BrokenError(msg)
        return frames

    def _analog_samples(self) -> int:
        """Return the analog values in one frame."""
        rate_hz = self._number("POINT", "RATE")
        low, high = RATE_RANGE_HZ
        if not low <= rate_hz <= high:
            msg = f"POINT:RATE is {rate_hz:g}, expected {low:g} to {high:g} Hz"
            raise _BrokenError(msg)
        ratio = self._number("ANALOG", "RATE") / rate_hz
        if not 0 <= ratio <= MAX_SAMPLES_PER_FRAME or int(ratio) != round(ratio):
            msg = f"ANALOG:RATE is {ratio:g} times POINT:RATE"
            raise _BrokenError(msg)
        channels = self._integer("ANALOG", "USED")
        for key in ("SCALE", "OFFSET"):
            known = sum(each.values for each in self._series("ANALOG", key))
            if channels < 0 or known < channels:
                msg = f"ANALOG:{key} has {known} values for {channels} channels"
                raise _BrokenError(msg)
        return channels * int(ratio)

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
        found: list[tuple[int, str, _Parameter]] = []
        position, more = start, True
        while more:
            length = abs(self._signed(position))
            if length == 0:
                break
            group = self._signed(position + 1)
            at = position + 2 + length
            name = self.content[position + 2 : at].decode("latin-1").upper()
            (offset,) = struct.unpack_from("<H", self.content, at)
            if group == 0:
                msg = f"a parameter at byte {position} belongs to no group"
                raise _BrokenError(msg)
            if group < 0:
                _add(groups, -group, name)
                position = self._past_description(at + 2)
            else:
                each, position = self._parameter(at + 2)
                found.append((group, name, each))
            more = offset != 0
            if more and position != at + offset:
                msg = f"its parameters do not join at byte {position}"
                raise _BrokenError(msg)
        table: dict[str, _Parameter] = {}
        for number, key, each in found:
            full = f"{groups.get(number, '')}:{key}"
            if full in table and full.startswith(("POINT:", "ANALOG:", "ROTATION:")):
                msg = f"{full} is there twice"
                raise _BrokenError(msg)
            table[full] = each
        return table

    def _parameter(self, at: int) -> tuple[_Parameter, int]:
        kind, dimensions = self._signed(at), self._signed(at + 1)
        fewest = 1 if kind == CHARACTER else 0
        if kind not in {CHARACTER, BYTE, INTEGER, FLOAT} or not (
            fewest <= dimensions <= MAX_DIMENSIONS
        ):
            msg = f"a parameter at byte {at} has no known type"
            raise _BrokenError(msg)
        begin = at + 2 + dimensions
        values = math.prod(self.content[at + 2 : begin])
        end = begin + values * abs(kind)
        if end >= len(self.content):
            msg = f"a parameter at byte {at} is longer than the file"
            raise _BrokenError(msg)
        each = _Parameter(kind=kind, values=values, offset=begin)
        return each, self._past_description(end)

    def _past_description(self, at: int) -> int:
        length = self._signed(at)
        if not 0 <= length <= MAX_DESCRIPTION:
            msg = f"a description at byte {at} has no length"
            raise _BrokenError(msg)
        return at + 1 + length

    def _signed(self, at: int) -> int:
        value: int = struct.unpack_from("<b", self.content, at)[0]
        return value


def _add(groups: dict[int, str], number: int, name: str) -> None:
    if name in groups.values() or number in groups:
        msg = f"the group {name} is there twice"
        raise _BrokenError(msg)
    groups[number] = name
