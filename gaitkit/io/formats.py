"""What kind of file is this? A table of formats, each known by its first bytes.

The name of a file is never asked. Other packages may add formats by the entry point
group ``gaitkit.formats``: each entry is a ``Format``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from gaitkit.io.text import as_utf8, first_bytes
from gaitkit.model.recording import RecordingKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRY_POINTS = "gaitkit.formats"

TRANSPORT_PACKET = 188
"""Bytes of a packet of an MPEG transport stream; each begins with 0x47."""

C3D_MARK = 0x50
"""Second byte of every C3D file (C3D.org, header word 1)."""

C3D_LAST_PARAMETER_BLOCK = 20
"""First byte of a C3D file is the block of its parameters, in practice 2."""

QUICKTIME_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
PICTURE_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"avif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format.

    Attributes
    ----------
    name : str
        Name for people.
    kind : RecordingKind or None
        What a file of this format records; None when it is no recording by itself.
    recognises : callable
        Tells from the first 64 kB whether a file has this format.
    """

    name: str
    kind: RecordingKind | None
    recognises: Callable[[bytes], bool]


def format_of(path: Path) -> Format | None:
    """Return the format of a file, None when no format of the table fits.

    Raises
    ------
    InputError
        If there is no such file, or it may not be read.
    FormatError
        If it is empty.
    """
    head = head_of(path)
    return next((form for form in _formats() if form.recognises(head)), None)


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file; text as UTF-8 without a mark in front.

    Raises
    ------
    InputError
        If there is no such file, it is a folder, a pipe or a device, or it may not be
        read.
    FormatError
        If it is empty.
    """
    return as_utf8(first_bytes(path))


def is_text(head: bytes) -> bool:
    """Return whether the first bytes of a file are readable text (UTF-8)."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        longest_letter = 4
        if cause.start < len(head) - longest_letter:  # not just a letter cut in two
            return False
        text = head[: cause.start].decode("utf-8")
    return all(letter.isprintable() or letter.isspace() for letter in text)


def _formats() -> Iterator[Format]:
    yield from FORMATS
    for point in entry_points(group=ENTRY_POINTS):
        yield point.load()


def _is_quicktime_film(head: bytes) -> bool:
    return head[4:8] in QUICKTIME_ATOMS and head[8:12] not in PICTURE_BRANDS


def _is_quicktime_picture(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS


def _is_transport_stream(head: bytes) -> bool:
    sync = head[::TRANSPORT_PACKET]
    return len(sync) > 1 and set(sync) == {0x47}


def is_c3d(head: bytes) -> bool:
    """Return whether a file begins as a C3D file does."""
    long_enough = len(head) >= 2  # noqa: PLR2004 - the two bytes looked at
    return (
        long_enough and head[1] == C3D_MARK and 1 < head[0] <= C3D_LAST_PARAMETER_BLOCK
    )


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _is_riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def is_opensim_table(head: bytes) -> bool:
    """Return whether a text has OpenSim's end of the header, and names after it.

    Which keys stand in the header differs from program to program and by year.
    """
    lines = head.splitlines()
    ends = [n for n, line in enumerate(lines) if line.strip().lower() == b"endheader"]
    after = [line for line in lines[ends[0] + 1 :] if line.strip()] if ends else []
    return bool(after) and after[0].strip().lower().startswith(b"time")


def _is_pose_json(head: bytes) -> bool:
    return head.lstrip()[:1] == b"{" and b'"pose_keypoints_2d"' in head


def _is_landmark_json(head: bytes) -> bool:
    return head.lstrip()[:1] == b"{" and b'"landmark_positions"' in head


def _is_saved_plate(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"CDF")) and b"gaitkit_plate" in head


def is_movement(head: bytes) -> bool:
    """Return whether a file is NetCDF and none of a plate."""
    return head.startswith(b"CDF") and not _is_saved_plate(head)


def _is_qualisys(head: bytes) -> bool:
    from gaitkit.io.motion.qualisys_tsv import recognises

    return recognises(head)


def _is_vicon(head: bytes) -> bool:
    from gaitkit.io.motion.vicon_csv import recognises

    return recognises(head)


def _is_keypoint_table(head: bytes) -> bool:
    from gaitkit.io.motion.pose_tables import looks_like_keypoints

    return is_text(head) and looks_like_keypoints(head)


FORMATS = (
    Format(name="MP4 or MOV video", kind="video", recognises=_is_quicktime_film),
    Format(
        name="Matroska or WebM video",
        kind="video",
        recognises=_begins(b"\x1a\x45\xdf\xa3"),
    ),
    Format(name="AVI video", kind="video", recognises=_is_riff(b"AVI ")),
    Format(name="MPEG-TS video", kind="video", recognises=_is_transport_stream),
    Format(
        name="MPEG video",
        kind="video",
        recognises=_begins(b"\0\0\x01\xba", b"\0\0\0\x01", b"\0\0\x01\xb3"),
    ),
    Format(name="WMV video", kind="video", recognises=_begins(b"\x30\x26\xb2\x75")),
    Format(name="FLV video", kind="video", recognises=_begins(b"FLV\x01")),
    Format(name="GIF", kind="video", recognises=_begins(b"GIF8")),
    Format(
        name="HEIC or AVIF picture", kind="stance", recognises=_is_quicktime_picture
    ),
    Format(name="JPEG picture", kind="stance", recognises=_begins(b"\xff\xd8\xff")),
    Format(name="PNG picture", kind="stance", recognises=_begins(b"\x89PNG\r\n")),
    Format(name="WebP picture", kind="stance", recognises=_is_riff(b"WEBP")),
    Format(name="TIFF picture", kind="stance", recognises=_begins(b"II*\0", b"MM\0*")),
    Format(name="C3D", kind="markers", recognises=is_c3d),
    Format(name="TRC", kind="markers", recognises=_begins(b"PathFileType")),
    Format(name="Qualisys TSV", kind="markers", recognises=_is_qualisys),
    Format(name="Vicon Nexus CSV", kind="markers", recognises=_is_vicon),
    Format(name="OpenSim MOT or STO", kind=None, recognises=is_opensim_table),
    Format(name="keypoints as Parquet", kind="pose", recognises=_begins(b"PAR1")),
    Format(name="OpenPose JSON", kind="pose", recognises=_is_pose_json),
    Format(name="Cortex forces", kind=None, recognises=_begins(b"[Force Data]")),
    Format(name="landmarks as JSON", kind="pose", recognises=_is_landmark_json),
    Format(name="movement NetCDF", kind="pose", recognises=is_movement),
    Format(name="HDF5 keypoints", kind="pose", recognises=_begins(b"\x89HDF")),
    Format(name="keypoints as CSV", kind="pose", recognises=_is_keypoint_table),
    Format(name="WAV sound", kind=None, recognises=_is_riff(b"WAVE")),
    Format(
        name="sound",
        kind=None,
        recognises=_begins(b"ID3", b"OggS", b"fLaC", b"\xff\xfb"),
    ),
    Format(name="gaitkit plate", kind="plate", recognises=_is_saved_plate),
    Format(name="PDF document", kind=None, recognises=_begins(b"%PDF-")),
    Format(name="Word, Excel or ZIP", kind=None, recognises=_begins(b"PK\x03\x04")),
)
"""The formats that gaitkit knows by their first bytes, most certain first. Exports of
pressure plates are text and have their own table, in ``io.plates.registry``."""
