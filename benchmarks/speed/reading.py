"""Time to read a C3D file with its checks against ezc3d alone.

Prints the ratio for RESULTS.md, the two taking turns in one process:

    python benchmarks/speed/reading.py FILE.c3d
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import ezc3d

from gaitkit.io.motion.read import read_motion

ROUNDS = 15


def main(path: Path) -> None:
    """Read a file again and again and print the median ratio."""
    read_motion(path)
    ratios = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ezc3d.c3d(str(path))
        middle = time.perf_counter()
        read_motion(path)
        ratios.append((time.perf_counter() - middle) / (middle - start))
    print(
        f"{path.name}: {statistics.median(ratios):.2f} times ezc3d "
        f"({min(ratios):.2f}-{max(ratios):.2f}, {ROUNDS} rounds)"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
