"""Read damaged motion files in a process of its own, and tell what became of them.

``python motion_fuzz.py FOLDER CASES SOURCE...`` damages the sources, one seed a case.
A crash ends the process, an unexpected error ends it with a traceback; otherwise it
prints one line of JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time
import warnings
from pathlib import Path

from gaitkit.errors import InputError
from gaitkit.gait.force_plates import plate_contacts
from gaitkit.io.motion.read import read_motion

NUMBERS = (b"NaN", b"", b"inf", b"-", b"99999999", b"1e400", b"-5", b"\t")
HEADER_BYTES = 700
"""Where counts stand: the header and the first parameters."""


def cut(content: bytes, dice: random.Random) -> bytes:
    """Let a file end too early, in its header or anywhere."""
    longest = min(len(content), 4000) if dice.random() < 0.5 else len(content)
    return content[: dice.randrange(2, longest)]


def flipped(content: bytes, dice: random.Random) -> bytes:
    """Exchange bytes anywhere."""
    data = bytearray(content)
    for _ in range(dice.randrange(1, 60)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def miscounted(content: bytes, dice: random.Random) -> bytes:
    """Exchange bytes where the counts stand."""
    data = bytearray(content)
    keys = (b"USED", b"FRAMES", b"RATE", b"SCALE", b"LABELS", b"CHANNEL", b"TIMES")
    place = content.find(dice.choice(keys))
    for _ in range(dice.randrange(1, 5)):
        near = place + 4 + dice.randrange(16) if place > 0 else 0
        where = near if dice.random() < 0.5 and near < len(data) else None
        at = dice.randrange(min(len(data), HEADER_BYTES)) if where is None else where
        data[at] = dice.randrange(256)
    return bytes(data)


def shifted(content: bytes, dice: random.Random) -> bytes:
    """Take bytes out or put some in."""
    data = bytearray(content)
    for _ in range(dice.randrange(1, 6)):
        at, size = dice.randrange(len(data)), dice.randrange(1, 40)
        if dice.random() < 0.5:
            del data[at : at + size]
        else:
            data[at:at] = dice.randbytes(size)
    return bytes(data)


def misprinted(content: bytes, dice: random.Random) -> bytes:
    """Put something else in the place of digits: columns of NaN, empty cells."""
    for _ in range(3):
        digit = str(dice.randrange(10)).encode()
        content = content.replace(digit, dice.choice(NUMBERS), dice.randrange(1, 80))
    return content


DAMAGES = (cut, flipped, miscounted, shifted, misprinted)


def main(folder: Path, cases: int, sources: list[Path]) -> dict[str, float]:
    """Damage and read; return how many were read or refused, and the worst of it."""
    warnings.simplefilter("error")
    contents = [(path.suffix, path.read_bytes()) for path in sources]
    told: dict[str, float] = {"read": 0, "refused": 0, "slowest_s": 0.0}
    for seed in range(cases):
        dice = random.Random(seed)
        suffix, content = contents[seed % len(contents)]
        path = folder / f"damaged{suffix}"
        path.write_bytes(DAMAGES[seed // len(contents) % len(DAMAGES)](content, dice))
        start = time.perf_counter()
        try:
            plate_contacts(read_motion(path))
            told["read"] += 1
        except InputError as refusal:
            told["refused"] += 1
            if "\n" in str(refusal):
                raise
        except Exception:
            sys.stderr.write(f"seed {seed}, a damaged {suffix}\n")
            raise
        told["slowest_s"] = max(told["slowest_s"], time.perf_counter() - start)
    return told


def peak_mb() -> float:
    """Return the most memory that this process ever held, 0 where nobody knows.

    Linux starts ``ru_maxrss`` of a new program at what its parent held, so the high
    water mark of its own memory is read instead.
    """
    status = Path("/proc/self/status")
    if not status.is_file():  # Windows, macOS
        return 0.0
    mark = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
    return float(mark.split()[1]) / 2**10


if __name__ == "__main__":
    result = main(
        Path(sys.argv[1]), int(sys.argv[2]), [Path(each) for each in sys.argv[3:]]
    )
    sys.stdout.write(json.dumps({**result, "peak_mb": peak_mb()}))
