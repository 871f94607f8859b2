"""Archives for the benchmarks: many recordings from few, each with its own bytes."""

from __future__ import annotations

import gzip
import os
import random
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "sample_data"
PLUGIN = REPOSITORY / "tests" / "archive" / "plugin"
SEED = 20261122
HEADER_BYTES = 700
"""What a broken file still holds: not even its whole header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Parts of an archive, in recordings of a hundred; the rest are markers."""

    plate: int = 25
    pose: int = 20
    video: int = 2
    broken: int = 5
    killing: int = 2


def environment() -> dict[str, str]:
    """Return an environment with the plug-in whose files kill their reader.

    Compiled modules are kept, as in any installation.
    """
    paths = (str(PLUGIN), str(REPOSITORY), os.environ.get("PYTHONPATH", ""))
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def gaitkit(*words: object) -> list[str]:
    """Return a call of gaitkit."""
    return [sys.executable, "-m", "gaitkit", *map(str, words)]


def write_walks(folder: Path, count: int, *, seconds: float = 6.0) -> list[Path]:
    """Write the markers of some different virtual walks."""
    from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_markers

    written = []
    for number in range(count):
        patient = virtual_patient({}, height_m=1.55 + 0.03 * number)
        path, truth = write_virtual_markers(
            folder / f"walk_{number}.trc",
            patient,
            duration_s=seconds,
            rate_hz=100.0,
            seed=number,
        )
        truth.unlink()
        written.append(path)
    return written


def copy_of(source: bytes, kind: str, number: int) -> bytes:
    """Return the same recording in other bytes."""
    if kind == "markers":
        head, _, rest = source.partition(b"\n")
        end = b"\r" if head.endswith(b"\r") else b""
        return head.rstrip() + f"_{number}".encode() + end + b"\n" + rest
    if kind == "plate":
        return gzip.compress(gzip.decompress(source), compresslevel=1, mtime=number)
    if kind == "pose":
        return source + b" " * (number + 1) + b"\n"
    size = 16
    return source + size.to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")


def write_archive(
    folder: Path,
    count: int,
    *,
    sources: dict[str, list[bytes]],
    shares: Shares | None = None,
) -> dict[str, int]:
    """Write an archive of mixed recordings and return how many of each there are.

    ``sources`` holds for each kind (markers, plate, pose, video) what is copied.
    """
    shares = shares or Shares()
    chance = random.Random(SEED)
    kinds = [
        name
        for name in ("plate", "pose", "video", "broken", "killing")
        for _ in range(round(count * getattr(shares, name) / 100))
        if name in sources or name in {"broken", "killing"}
    ]
    kinds += ["markers"] * (count - len(kinds))
    chance.shuffle(kinds)
    endings = {"markers": "trc", "plate": "txt.gz", "pose": "json", "video": "mp4"}
    for number, kind in enumerate(kinds):
        path = folder / f"group_{number % 50:02d}" / f"rec_{number:06d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "killing":
            path.with_suffix(".txt").write_bytes(
                f"gaitkit test: kill {number}".encode()
            )
        elif kind == "broken":
            whole = copy_of(chance.choice(sources["markers"]), "markers", number)
            path.with_suffix(".trc").write_bytes(whole[:HEADER_BYTES])
        else:
            content = copy_of(chance.choice(sources[kind]), kind, number)
            path.with_suffix(f".{endings[kind]}").write_bytes(content)
    return {name: kinds.count(name) for name in sorted(set(kinds))}


def sources_of(
    folder: Path, *, pose: Path | None, video: Path | None
) -> dict[str, list[bytes]]:
    """Return what archives are made of: virtual walks, the sample plate, and yours."""
    found = {
        "markers": [path.read_bytes() for path in write_walks(folder, 8)],
        "plate": [(SAMPLE / "plate.txt.gz").read_bytes()],
    }
    if pose is not None:
        found["pose"] = [pose.read_bytes()]
    if video is not None:
        found["video"] = [video.read_bytes()]
    return found
