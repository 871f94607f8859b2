"""Seeded damage that knows how files are made: counts, numbers, encodings, packing.

Every mutation takes the bytes of a file and a generator of chance and returns other
bytes; the same seed gives the same bytes. `damaged` chooses those that fit the nature
of a file.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Mutation = Callable[[bytes, random.Random], bytes]

Nature = Literal["text", "binary", "c3d", "video", "zip", "toml", "json", "xml"]

NUMBER = re.compile(rb"(?<![\w.])[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")

ODD_NUMBERS = (
    b"0", b"-1", b"-0", b"1", b"nan", b"NaN", b"inf", b"-Infinity", b"1e30", b"-1e30",
    b"1e308", b"1e400", b"1e-320", b"2147483648", b"-2147483649", b"65536", b"99999999",
    b"9" * 5000, b"..310", b"1.2.3", b"1,5", b"1.234,5", b"1_000", b"0x10", b"1e", b"-",
    b"", b"\xd9\xa3", b"\xc2\xb2", b"true", b"None", b"1 000", b"#DIV/0!", b"0.0000001",
)  # fmt: skip
"""What stands where a number should: limits of types, words, other alphabets."""

ODD_WORDS = (
    b"", b"\x00", b"\xff\xfe", b"a" * 100_000, b'"', b"'", b"\xe9", b"\xed\xa0\x80",
    b"../../etc/passwd", b"=1+1", b"%s%n", b"{0.__class__}", b"[red]x[/red]",
    b"\x1b[2J",
    "\u202e\u0000\U0001f9b6".encode(), b"\r", b"\n", b"\n\n", b"\t\t\t", b";;;",
    b"NULL",
)  # fmt: skip
HEAD_BYTES = 1500
"""Where counts, rates and sizes stand in most files."""

BOMB_BYTES = 40_000_000
"""Zeros that pack into 40 kB."""

SHORT_LIMITS = (0, 1, 2, 127, 255, 32_767, 32_768, 65_535)
LONG_LIMITS = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 100_000, 1 << 24)
FLOAT_LIMITS = (0.0, -1.0, float("nan"), float("inf"), 1e30, -1e30, 1e-30, 50.0005)

C3D_FIELDS = (0, 2, 4, 6, 8, 10, 16, 18)
"""Bytes of the words of the header of a C3D file: where the parameters begin, points,
channels, first and last frame, longest gap, first block of data, samples a frame."""

C3D_FLOATS = (12, 20)
"""Bytes of its scale and its rate."""

C3D_KEYS = (
    b"USED", b"FRAMES", b"RATE", b"SCALE", b"LABELS", b"CHANNEL", b"TIMES", b"UNITS",
    b"DATA_START", b"OFFSET", b"GEN_SCALE", b"TYPE", b"CORNERS", b"ORIGIN", b"ZERO",
    b"CONTEXTS", b"POINT", b"ANALOG", b"FORCE_PLATFORM", b"EVENT", b"CAL_MATRIX",
)  # fmt: skip
VIDEO_MARKS = (
    b"mvhd", b"tkhd", b"mdhd", b"stts", b"stsz", b"stco", b"stsc", b"stss", b"ctts",
    b"avcC", b"elst", b"moov", b"trak", b"mdat", b"avih", b"strh", b"strf", b"idx1",
    b"movi", b"\x44\x89", b"\x2a\xd7\xb1", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75",
    b"onMetaData", b"\xa1\xdc\xab\x8c", b"\x91\x07\xdc\xb7", b"IHDR", b"Exif",
    b"\xff\xc0", b"\xff\xc4", b"VP8 ",
)  # fmt: skip


def damaged(content: bytes, nature: Nature, dice: random.Random) -> tuple[bytes, str]:
    """Return a damaged copy and the names of what was done to it."""
    choices = MUTATIONS[nature]
    done = []
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3))):
        mutation = dice.choice(choices)
        content = mutation(content, dice)
        done.append(mutation.__name__)
    return content, "+".join(done)


# -- any file


def cut(content: bytes, dice: random.Random) -> bytes:
    """Let a file end too early, in its header or anywhere."""
    longest = min(len(content), 4000) if dice.random() < 0.5 else len(content)
    return content[: dice.randrange(max(longest, 1))]


def flipped(content: bytes, dice: random.Random) -> bytes:
    """Exchange bytes anywhere."""
    data = bytearray(content)
    for _ in range(dice.randrange(1, 40) if data else 0):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def flipped_head(content: bytes, dice: random.Random) -> bytes:
    """Exchange bytes where the counts stand."""
    data = bytearray(content)
    for _ in range(dice.randrange(1, 6) if data else 0):
        data[dice.randrange(min(len(data), HEAD_BYTES))] = dice.randrange(256)
    return bytes(data)


def limits(content: bytes, dice: random.Random) -> bytes:
    """Put the largest and smallest numbers of a type where numbers may stand."""
    data = bytearray(content)
    if len(data) < 16:
        return content
    for _ in range(dice.randrange(1, 4)):
        near = min(len(data), HEAD_BYTES) if dice.random() < 0.7 else len(data)
        at = dice.randrange(max(near - 8, 1)) & ~1
        order = dice.choice("<>")
        kind, values = dice.choice(
            (("H", SHORT_LIMITS), ("I", LONG_LIMITS), ("f", FLOAT_LIMITS))
        )
        struct.pack_into(order + kind, data, at, dice.choice(values))
    return bytes(data)


def shifted(content: bytes, dice: random.Random) -> bytes:
    """Take bytes out or put some in."""
    data = bytearray(content)
    for _ in range(dice.randrange(1, 6)):
        at, size = dice.randrange(len(data) + 1), dice.randrange(1, 40)
        if dice.random() < 0.5:
            del data[at : at + size]
        else:
            data[at:at] = dice.randbytes(size)
    return bytes(data)


def blanked(content: bytes, dice: random.Random) -> bytes:
    """Let a stretch be zeros, as a disk leaves it that was full."""
    if not content:
        return content
    at = dice.randrange(len(content))
    size = dice.randrange(1, max(len(content) // 3, 2))
    return content[:at] + bytes(min(size, len(content) - at)) + content[at + size :]


def repeated(content: bytes, dice: random.Random) -> bytes:
    """Let a stretch stand twice, or the whole file."""
    if dice.random() < 0.3:
        return content + content
    at = dice.randrange(len(content) + 1)
    size = dice.randrange(1, 5000)
    return content[: at + size] + content[at:]


def followed(content: bytes, dice: random.Random) -> bytes:
    """Let something follow that does not belong there."""
    return content + dice.choice(
        (b"\x00" * 4096, dice.randbytes(300), b"\x1a", b"\n\n")
    )


def packed(content: bytes, dice: random.Random) -> bytes:
    """Pack a file: well, cut off, twice, with a false sum, or as a bomb."""
    whole = gzip.compress(content, compresslevel=1, mtime=0)
    way = dice.randrange(7)
    if way == 0:
        return whole[: dice.randrange(len(whole))]
    if way == 1:
        return gzip.compress(whole, compresslevel=1, mtime=0)
    if way == 2:
        return whole[:-8] + dice.randbytes(8)
    if way == 3:
        long = content + bytes(BOMB_BYTES)
        return gzip.compress(long, compresslevel=1, mtime=0)
    if way == 4:
        return b"\x1f\x8b\x08\x00" + content
    if way == 5:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("a.csv"), content)
        return target.getvalue()
    return whole


def disguised(content: bytes, dice: random.Random) -> bytes:
    """Give a file the first bytes of another format."""
    marks = (
        b"PAR1", b"CDF\x01", b"CDF\x02", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"\x02P",
        b"RIFF\xff\xff\xff\xffAVI ", b"\x1a\x45\xdf\xa3", b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n", b"FLV\x01", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"G" * 189,
        b"\0\0\0\x18ftypqt  ", b"\0\0\0\x18ftypheic", b"II*\0", b"%PDF-",
        b"PathFileType",
        b"{", b"<?xml version='1.0'?>", b"time,", b"[Force Data]", b"SQLite format 3\0",
    )  # fmt: skip
    mark = dice.choice(marks)
    return mark + (content if dice.random() < 0.5 else content[len(mark) :])


# -- texts


def numbers(content: bytes, dice: random.Random) -> bytes:
    """Put odd things where numbers stand, mostly in the header."""
    head = dice.random() < 0.6
    found = list(NUMBER.finditer(content, 0, HEAD_BYTES if head else len(content)))
    for match in sorted(
        dice.sample(found, min(len(found), dice.choice((1, 1, 2, 5)))),
        key=lambda each: -each.start(),
    ):
        odd = dice.choice(ODD_NUMBERS)
        content = content[: match.start()] + odd + content[match.end() :]
    return content


def counts(content: bytes, dice: random.Random) -> bytes:
    """Let a number of the header be one more, one less, or a thousand times."""
    found = list(NUMBER.finditer(content, 0, HEAD_BYTES))
    if not found:
        return content
    match = dice.choice(found)
    try:
        value = float(match.group().replace(b",", b"."))
    except ValueError:
        return content
    other = dice.choice((value + 1, value - 1, value * 1000, -value, value / 1000, 0.0))
    text = f"{other:.10g}".encode()
    return content[: match.start()] + text + content[match.end() :]


def words(content: bytes, dice: random.Random) -> bytes:
    """Put an odd word in, or in the place of another."""
    found = list(re.finditer(rb"[A-Za-z_]{2,}", content[: HEAD_BYTES * 3]))
    odd = dice.choice(ODD_WORDS)
    if not found or dice.random() < 0.3:
        at = dice.randrange(len(content) + 1)
        return content[:at] + odd + content[at:]
    match = dice.choice(found)
    return content[: match.start()] + odd + content[match.end() :]


def recoded(content: bytes, dice: random.Random) -> bytes:
    """Write a text in another encoding, also wrongly."""
    text = content.decode("utf-8", "replace")
    way = dice.randrange(8)
    if way == 0:
        return b"\xef\xbb\xbf" + content
    if way == 1:
        return text.encode("utf-16")
    if way == 2:
        return text.encode(dice.choice(("utf-16-le", "utf-16-be")))
    if way == 3:
        return text.replace("e", "é").encode("latin-1", "replace")
    if way == 4:
        return text.encode("utf-32")
    if way == 5:
        return b"\xff\xfe" + content
    if way == 6:
        return text.encode("utf-16")[: -dice.randrange(1, 9)]
    return text.replace("a", "\u0430", 3).encode()


def separated(content: bytes, dice: random.Random) -> bytes:
    """Exchange separators and decimal signs, as other languages set them."""
    swaps = (
        ((b".", b","),), ((b",", b";"), (b".", b",")), ((b"\t", b";"),), ((b"\t",
        b" "),),
        ((b",", b"\t"),), ((b"\t", b","), (b" ", b"")), ((b",", b", "),), ((b";",
        b","),),
        ((b"\n", b"\r"),), ((b"\n", b"\r\n"),), ((b"\r\n", b"\n"),), ((b"\n",
        b"\n\n"),),
        ((b"\t", b"\t\t"),), ((b"=", b" = "),), ((b":", b""),), ((b"-",
        b"\xe2\x88\x92"),),
    )  # fmt: skip
    for old, new in dice.choice(swaps):
        content = content.replace(old, new)
    return content


def lines(content: bytes, dice: random.Random) -> bytes:
    """Drop, repeat, exchange or cut lines."""
    rows = content.split(b"\n")
    for _ in range(dice.choice((1, 1, 2, 8))):
        at, other = dice.randrange(len(rows)), dice.randrange(min(len(rows), 15))
        way = dice.randrange(6)
        if way == 0 and len(rows) > 1:
            del rows[other]
        elif way == 1:
            rows.insert(at, rows[dice.randrange(len(rows))])
        elif way == 2:
            other = min(other, len(rows) - 1)
            rows[at], rows[other] = rows[other], rows[at]
        elif way == 3:
            rows[at] = rows[at][: dice.randrange(len(rows[at]) + 1)]
        elif way == 4:
            rows[at] += dice.choice((b"\t", b",", b";", b" ")) * dice.choice(
                (1, 3, 500)
            )
        else:
            rows.insert(other, b"")
    return b"\n".join(rows)


def cells(content: bytes, dice: random.Random) -> bytes:
    """Drop, repeat or exchange cells of a line, or columns of all lines."""
    mark = max((b"\t", b",", b";"), key=content.count)
    rows = content.split(b"\n")
    chosen = range(len(rows)) if dice.random() < 0.4 else [dice.randrange(len(rows))]
    column, other, way = dice.randrange(6), dice.randrange(6), dice.randrange(4)
    for at in chosen:
        row = rows[at].split(mark)
        if len(row) <= max(column, other):
            continue
        if way == 0:
            del row[column]
        elif way == 1:
            row.insert(column, row[other])
        elif way == 2:
            row[column], row[other] = row[other], row[column]
        else:
            row[column] = b""
        rows[at] = mark.join(row)
    return b"\n".join(rows)


def quoted(content: bytes, dice: random.Random) -> bytes:
    """Put quotation marks in that are not closed."""
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(content) + 1)
        content = content[:at] + dice.choice((b'"', b"'", b'""')) + content[at:]
    return content


# -- formats


def c3d_header(content: bytes, dice: random.Random) -> bytes:
    """Put limits into the header of a C3D file."""
    data = bytearray(content)
    if len(data) < 512:
        return content
    for _ in range(dice.randrange(1, 3)):
        if dice.random() < 0.25:
            value = dice.choice(FLOAT_LIMITS)
            struct.pack_into("<f", data, dice.choice(C3D_FLOATS), value)
        else:
            near = int.from_bytes(data[2:4], "little") + dice.randrange(-1, 2)
            value = dice.choice((*SHORT_LIMITS, max(near, 0) & 0xFFFF))
            struct.pack_into("<H", data, dice.choice(C3D_FIELDS), value)
    return bytes(data)


def c3d_parameter(content: bytes, dice: random.Random) -> bytes:
    """Change a parameter beside its name: type, dimensions, values, or the name."""
    found = [at for key in C3D_KEYS if (at := content.find(key)) > 0]
    data = bytearray(content)
    for _ in range(dice.randrange(1, 4) if found else 0):
        at = dice.choice(found)
        width = data[at - 2]  # number of letters of the name
        where = at - 2 + dice.randrange(width + 16)
        if where < len(data):
            data[where] = dice.choice(
                (0, 1, 2, 4, 0xFF, 0x7F, 0x80, dice.randrange(256))
            )
    return bytes(data)


def c3d_processor(content: bytes, dice: random.Random) -> bytes:
    """Say that another processor wrote the numbers."""
    data = bytearray(content)
    place = (data[0] - 1) * 512 + 3 if data else 0
    if 0 <= place < len(data):
        data[place] = dice.choice((83, 84, 85, 86, 87, 0, 255))
    return bytes(data)


def fields(content: bytes, dice: random.Random) -> bytes:
    """Put limits behind the marks of a container or a picture."""
    found = [at for mark in VIDEO_MARKS if (at := content.find(mark)) >= 0]
    data = bytearray(content)
    for _ in range(dice.randrange(1, 4) if found else 0):
        at = dice.choice(found) + dice.randrange(-4, 44)
        if not 0 <= at <= len(data) - 4:
            continue
        if dice.random() < 0.5:
            limit = dice.choice(LONG_LIMITS)
            struct.pack_into(dice.choice("<>") + "I", data, at, limit)
        else:
            data[at] = dice.randrange(256)
    return bytes(data)


def member(content: bytes, dice: random.Random) -> bytes:
    """Damage one file of a ZIP and pack it again, with its sums right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        return flipped(content, dice)
    if not files:
        return content
    chosen = dice.choice(sorted(files))
    way = dice.randrange(8)
    if way == 0:
        del files[chosen]
    elif way == 1:
        files[chosen] += bytes(BOMB_BYTES)
    elif way == 2:
        files["../../outside"] = b"x"
    else:
        one = dice.choice((numbers, flipped, flipped_head, limits, cut, words, counts))
        files[chosen] = one(files[chosen], dice)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(zipfile.ZipInfo(name), each, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def toml_values(content: bytes, dice: random.Random) -> bytes:
    """Give a key a value of another kind, or a key another name."""
    odd = (
        b"inf", b"-inf", b"nan", b"true", b'"x"', b'""', b"[]", b"{}", b"[1, [2]]",
        b"{a = 1}",
        b"1979-05-27", b"0001-01-01", b"9999-12-31T23:59:60Z", b"07:32:00", b"-5", b"0",
        b"1e308", b"9" * 5000, b'"""\n\n"""', b"'\xe9'",
        b'"' + b"k" * 100_000 + b'"', b"",
        b"[" * 2000 + b"]" * 2000, b'"\\ud800"', b'"../x"', b"0.1e-999", b"+nan",
    )  # fmt: skip
    rows = content.split(b"\n")
    keyed = [k for k, row in enumerate(rows) if b"=" in row.lstrip(b"# ")]
    for at in dice.sample(keyed, min(len(keyed), dice.choice((1, 1, 2)))):
        key, _, _ = rows[at].lstrip(b"# ").partition(b"=")
        way = dice.randrange(6)
        if way == 0:
            rows[at] = b"k" * dice.choice((3, 100_000)) + b" = 1"
        elif way == 1:
            rows.insert(at, rows[at])
        elif way == 2:
            rows[at] = b"[[" + key.strip() + b"]]"
        else:
            rows[at] = key + b"= " + dice.choice(odd)
    return b"\n".join(rows)


def json_values(content: bytes, dice: random.Random) -> bytes:
    """Give a place in a JSON another value, or none."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        return numbers(content, dice)
    for _ in range(dice.choice((1, 1, 2, 4))):
        _change(table, dice)
    text = json.dumps(table).encode()
    return text.replace(b'"DEEP"', b"[" * 100_000 + b"]" * 100_000)


def _change(table: Any, dice: random.Random) -> None:  # noqa: ANN401 - any JSON
    odd = (
        None, True, -1, 0, 1e30, float("nan"), float("inf"), 10**400, "", "x", "\ud800",
        "k" * 100_000, [], {}, [[]], "DEEP", "1e999", -0.5, 1 << 63, ["x", None], "NaN",
    )  # fmt: skip
    here = table
    while True:
        keys: list[Any] = (
            list(here) if isinstance(here, dict) else list(range(len(here)))
        )
        if not keys:
            return
        key = dice.choice(keys)
        inner = here[key]
        if isinstance(inner, dict | list) and inner and dice.random() < 0.85:
            here = inner
            continue
        way = dice.randrange(5)
        if way == 0:
            del here[key]
        elif way == 1 and isinstance(here, dict):
            here[f"{key}_"] = here.pop(key)
        elif way == 2 and isinstance(here, list):
            here.insert(key, inner)
        else:
            here[key] = dice.choice(odd)
        return


def entities(content: bytes, dice: random.Random) -> bytes:
    """Declare entities in an XML that grow, or that fetch a file."""
    grow = b"".join(
        b'<!ENTITY e%d "%s">' % (k + 1, b"&e%d;" % k * 10) for k in range(9)
    )
    inner = b'<!ENTITY e0 "ha">' + grow
    if dice.random() < 0.5:
        inner = b'<!ENTITY e9 SYSTEM "file:///etc/hostname">'
    at = content.find(b">", dice.randrange(len(content) + 1)) + 1
    return b"<!DOCTYPE m [" + inner + b"]>" + content[:at] + b"&e9;" + content[at:]


ANY: tuple[Mutation, ...] = (cut, flipped, shifted, blanked, repeated, followed)
BINARY: tuple[Mutation, ...] = (*ANY, *(flipped_head, limits) * 2, packed,
                                disguised)  # fmt: skip
TEXT: tuple[Mutation, ...] = (
    *ANY, numbers, numbers, numbers, counts, counts, words, words, recoded, separated,
    lines, lines, cells, quoted, packed, disguised,
)  # fmt: skip
MUTATIONS: dict[Nature, tuple[Mutation, ...]] = {
    "text": TEXT,
    "binary": BINARY,
    "c3d": (*BINARY, *(c3d_header, c3d_parameter) * 4, c3d_processor),
    "video": (*BINARY, *(fields,) * 8),
    "zip": (*BINARY, *(member,) * 8),
    "toml": (*TEXT, *(toml_values,) * 8),
    "json": (*TEXT, *(json_values,) * 8),
    "xml": (*TEXT, entities, entities),
}
