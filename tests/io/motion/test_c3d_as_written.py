"""C3D files in the forms that real programs write, beside the plain one."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from motion_files import (
    FRAMES,
    RATE_HZ,
    SAMPLES,
    TIME_S,
    Plate,
    Trial,
    plate_of_kind,
    standing_mm,
    write_trial,
)

from gaitkit.errors import FormatError, InputError
from gaitkit.io.motion.c3d_check import check_c3d
from gaitkit.io.motion.read import read_motion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gaitkit.model.motion import MotionRecording

BLOCK = 512


def moving_mm() -> np.ndarray:
    """Return somebody of whom every marker moves its own way."""
    place = standing_mm()
    time = np.arange(FRAMES) / RATE_HZ
    wave = np.sin(2 * np.pi * time * np.arange(1, place.shape[1] + 1)[:, None] / 9)
    moved: np.ndarray = place + 20 * wave
    return moved


def trial_file(path: Path, **changed: object) -> Path:
    """Write a trial with a plate, as ezc3d writes it."""
    trial = Trial(position_mm=moving_mm(), plates=[plate_of_kind(2)], **changed)  # type: ignore[arg-type]
    return write_trial(path, trial)


def found_at(content: bytes, name: bytes) -> int:
    """Return where the value of a parameter's first cell lies (no dimension, one)."""
    at = content.index(name) + len(name) + 2
    return at + 2 + content[at + 1]


def spliced(content: bytes, at: int, old: int, new: bytes) -> bytes:
    """Put bytes in place of ``old`` bytes in the parameters, which have room left."""
    return content[:at] + new + content[at + old :]


def same(one: MotionRecording, other: MotionRecording) -> None:
    """Compare everything that was measured."""
    np.testing.assert_allclose(one.markers["position"], other.markers["position"])
    np.testing.assert_allclose(one.plates[0].force_n, other.plates[0].force_n)
    assert one.timing == other.timing
    assert one.first_frame == other.first_frame


def frames_as_real(content: bytes) -> bytes:
    """Store POINT:FRAMES as REAL: four bytes for two, the next offset grows by two."""
    at = content.index(b"FRAMES") + 6
    (offset,) = struct.unpack_from("<H", content, at)
    kind, dimensions = at + 2, content[at + 3]
    value = kind + 2 + dimensions
    new = (
        struct.pack("<H", offset + 2)
        + bytes((4, dimensions))
        + content[at + 4 : value]
        + struct.pack("<f", FRAMES)
    )
    return _in_section(content, at, value + 2 - at, new)


def group_in_two_pieces(content: bytes) -> bytes:
    """Add a piece of POINT before the first group, with a parameter of its own."""
    start = (content[0] - 1) * BLOCK + 4
    number = -struct.unpack_from("b", content, content.index(b"POINT") - 1)[0]
    extra = _parameter(number, b"NOTE", b"twice")
    again = _group(number, b"POINT")
    return _in_section(content, start, 0, again + extra)


def long_description(content: bytes) -> bytes:
    """Give a group a description of 200 letters."""
    start = (content[0] - 1) * BLOCK + 4
    return _in_section(content, start, 0, _group(99, b"STORY", b"s" * 200))


def used_as_byte(content: bytes) -> bytes:
    """Store POINT:USED in one byte."""
    at = content.index(b"USED") + 4
    (offset,) = struct.unpack_from("<H", content, at)
    dimensions = content[at + 3]
    value = at + 4 + dimensions
    new = (
        struct.pack("<H", offset - 1)
        + bytes((1, dimensions))
        + content[at + 4 : value]
        + content[value : value + 1]
    )
    return _in_section(content, at, value + 2 - at, new)


def rate_a_hair_above(content: bytes) -> bytes:
    """Store a rate of markers that does not divide that of the channels."""
    at = content.index(b"RATE", content.index(b"POINT"))
    value = found_at(content[at:], b"RATE") + at
    return spliced(content, value, 4, struct.pack("<f", RATE_HZ * 1.00001))


def _group(number: int, name: bytes, story: bytes = b"") -> bytes:
    body = bytes((len(story),)) + story
    return (
        bytes((len(name), 256 - number))
        + name
        + struct.pack("<H", len(body) + 2)
        + body
    )


def _parameter(number: int, name: bytes, word: bytes) -> bytes:
    body = struct.pack("bb", -1, 1) + bytes((len(word),)) + word + b"\0"
    return bytes((len(name), number)) + name + struct.pack("<H", len(body) + 2) + body


def _in_section(content: bytes, at: int, old: int, new: bytes) -> bytes:
    """Splice into the parameters and move the data behind them by whole blocks."""
    (data,) = struct.unpack_from("<H", content, 16)
    end = (data - 1) * BLOCK
    section = content[BLOCK:end]
    section = section[: at - BLOCK] + new + section[at - BLOCK + old :]
    blocks = -(-len(section) // BLOCK)
    begin = content.index(b"DATA_START")
    value = found_at(content[begin:], b"DATA_START") + begin - BLOCK
    if value > at - BLOCK:
        value += len(new) - old
    head = bytearray(content[:BLOCK])
    struct.pack_into("<H", head, 16, 2 + blocks)
    whole = bytearray(section.ljust(blocks * BLOCK, b"\0"))
    whole[2] = min(blocks, 255)
    struct.pack_into("<H", whole, value, 2 + blocks)
    return bytes(head) + bytes(whole) + content[end:]


@pytest.mark.parametrize(
    "change",
    [
        frames_as_real,
        group_in_two_pieces,
        long_description,
        used_as_byte,
        rate_a_hair_above,
    ],
)
def test_a_form_that_programs_write_gives_the_values_of_the_plain_one(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    plain = trial_file(tmp_path / "plain.c3d")
    odd = tmp_path / "odd.c3d"
    odd.write_bytes(change(plain.read_bytes()))
    assert check_c3d(plain).plain is None
    assert check_c3d(odd).plain is not None
    wanted, got = read_motion(plain), read_motion(odd)
    if change is rate_a_hair_above:
        assert got.timing.rate_hz == pytest.approx(RATE_HZ, rel=1e-4)
        np.testing.assert_allclose(got.markers["position"], wanted.markers["position"])
        assert got.plates[0].force_n.shape == wanted.plates[0].force_n.shape
        return
    same(got, wanted)


def test_rates_that_do_not_fit_the_header_are_refused(tmp_path: Path) -> None:
    path = trial_file(tmp_path / "a.c3d")
    content = bytearray(rate_a_hair_above(path.read_bytes()))
    struct.pack_into("<H", content, 18, 7)
    path.write_bytes(bytes(content))
    with pytest.raises(FormatError, match="the header counts 7 samples a frame"):
        read_motion(path)


@pytest.mark.parametrize("trial_field", [True, False])
def test_more_frames_than_a_word_counts_are_all_read(
    trial_field: bool, tmp_path: Path
) -> None:
    frames = 70_001
    place = np.repeat(standing_mm()[:, :, :1], frames, axis=2)
    place[0] += np.linspace(0, 500, frames)
    trial = Trial(position_mm=place)
    if trial_field:
        fields = [
            ("TRIAL", "ACTUAL_START_FIELD", [1, 0]),
            ("TRIAL", "ACTUAL_END_FIELD", [frames - 65536, 1]),
        ]
        trial = replace(trial, parameters=fields)
    path = write_trial(tmp_path / "long.c3d", trial)
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, 8, frames - 65536)
    at = content.index(b"FRAMES")
    value = found_at(bytes(content[at:]), b"FRAMES") + at
    struct.pack_into("<H", content, value, frames - 65536)
    path.write_bytes(bytes(content))
    found = read_motion(path)
    assert found.timing.frames == frames
    assert found.timing.duration_s == pytest.approx((frames - 1) / RATE_HZ)
    first, last = found.markers["position"].sel(keypoint="LASI", space="x")[[0, -1]]
    assert float(last - first) == pytest.approx(0.5, abs=1e-6)


def test_the_first_frame_counts_beyond_a_word(tmp_path: Path) -> None:
    fields = [("TRIAL", "ACTUAL_START_FIELD", [70_000 - 65_536, 1])]
    path = trial_file(tmp_path / "a.c3d", parameters=fields)
    content = bytearray(path.read_bytes())
    struct.pack_into("<HH", content, 6, 65_535, 65_535)
    path.write_bytes(bytes(content))
    assert read_motion(path).first_frame == 70_000


def test_a_file_without_markers_says_so_and_is_not_called_damaged(
    tmp_path: Path,
) -> None:
    path = write_trial(
        tmp_path / "a.c3d", Trial(labels=(), position_mm=np.zeros((3, 0, FRAMES)))
    )
    with pytest.raises(InputError, match=r"a\.c3d: expected markers, got") as refusal:
        read_motion(path)
    assert "damaged" not in str(refusal.value)


def rolling(kind: int, *, m_per_unit: float) -> tuple[Plate, np.ndarray]:
    """Return a plate under a foot that rolls 200 mm, and its place in metres."""
    plate = plate_of_kind(2)
    force = np.stack([plate.channels[row] for row in range(3)])
    travel = np.clip((TIME_S - 0.3) / 0.6, 0, 1) * 200 - 100
    place = np.zeros((3, SAMPLES))
    place[1] = travel  # in the axes of the plate
    moment = np.cross(place.T, force.T).T - np.cross(force.T, plate.origin).T
    if kind == 1:
        rows = np.vstack((force, place[:2] + np.array([[17.0], [9.0]]), moment[2]))
        return replace(plate, kind=1, channels=rows), place / 1000
    rows = np.vstack((force, moment * 1e-3 / m_per_unit))
    return replace(plate, channels=rows), place / 1000


@pytest.mark.parametrize("m_per_unit", [1.0, 1e-3], ids=["N.m", "N.mm"])
@pytest.mark.parametrize("said", [["N"] * 6, ["N", "N", "N", "Nm", "Nm", "Nm"]])
def test_the_unit_of_moments_is_found_where_it_is_not_said_or_wrong(
    m_per_unit: float, said: list[str], tmp_path: Path
) -> None:
    plate, place = rolling(2, m_per_unit=m_per_unit)
    trial = Trial(plates=[plate], parameters=[("ANALOG", "UNITS", said)])
    found = read_motion(write_trial(tmp_path / "a.c3d", trial)).plates[0]
    seen = np.isfinite(found.center_of_pressure_m[:, 0])
    travel = np.ptp(found.center_of_pressure_m[seen], axis=0)
    assert travel.max() == pytest.approx(np.ptp(place[:, seen]), abs=1e-3)


def test_the_place_of_a_type_1_plate_has_no_zero(tmp_path: Path) -> None:
    """Px and Py hold something while nobody stands there; only forces are levelled."""
    plate, place = rolling(1, m_per_unit=1e-3)
    drift = plate.channels + np.array([[0.0], [0], [12], [0], [0], [0]])
    zero = [("FORCE_PLATFORM", "ZERO", [1, 20])]
    trial = Trial(plates=[replace(plate, channels=drift)], parameters=zero)
    found = read_motion(write_trial(tmp_path / "a.c3d", trial)).plates[0]
    middle = int(found.time_s.searchsorted(0.6))
    centre = plate.corners.mean(axis=0) / 1000
    off = found.center_of_pressure_m[middle] - centre
    wanted = np.hypot(0.017 + place[0, middle], 0.009 + place[1, middle])
    assert np.linalg.norm(off) == pytest.approx(wanted, abs=1e-4)
    assert abs(found.force_n[middle, 2]) == pytest.approx(500, abs=0.5)
