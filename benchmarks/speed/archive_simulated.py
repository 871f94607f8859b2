"""A batch whose workers only pretend: what the coordination itself costs.

Usage: python archive_simulated.py ARCHIVE STORE

Prints how much memory the coordinating process has now and then.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from gaitkit.archive.batch import Request, run_batch
from gaitkit.archive.settings import BatchSettings
from gaitkit.archive.work import Job, Outcome

if TYPE_CHECKING:
    from gaitkit.archive.tally import Tally

STEP = 2500
"""Recordings between two lines about memory."""


class Said:
    """Says memory and time whenever another step is done."""

    def __init__(self) -> None:
        self._next = 1000

    def __call__(self, tally: Tally) -> None:
        """Say it when it is time."""
        if tally.done_now >= self._next:
            self._next = (tally.done_now // STEP + 1) * STEP
            mb = psutil.Process().memory_info().rss / 1e6
            done = f"{tally.done_now} done after {tally.seconds:.0f} s"
            print(f"{done}: {mb:.1f} MB", flush=True)


def pretend(job: Job) -> Outcome:
    """Answer at once, without results."""
    return Outcome(work=job.work, state="done", seconds=0.0)


def main(archive: str, store: str) -> None:
    """Run the batch."""
    request = Request(
        archive=archive, store=Path(store), settings=BatchSettings(workers=2)
    )
    print(run_batch(request, watch=Said(), work=pretend).line())


if __name__ == "__main__":
    main(*sys.argv[1:])
