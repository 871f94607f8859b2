"""A batch whose workers only pretend: what the coordination itself costs.

Usage: python archive_simulated.py ARCHIVE STORE
"""

from __future__ import annotations

import sys
from pathlib import Path

from gaitkit.archive.batch import Request, run_batch
from gaitkit.archive.settings import BatchSettings
from gaitkit.archive.work import Job, Outcome


def pretend(job: Job) -> Outcome:
    """Answer at once, without results."""
    return Outcome(work=job.work, state="done", seconds=0.0)


def main(archive: str, store: str) -> None:
    """Run the batch."""
    request = Request(
        archive=archive, store=Path(store), settings=BatchSettings(workers=2)
    )
    print(run_batch(request, work=pretend).line())


if __name__ == "__main__":
    main(*sys.argv[1:])
