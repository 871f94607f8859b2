"""The workers of a batch as its engine sees them: counted, replaced, started afresh."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.errors import InputError

if TYPE_CHECKING:
    from distributed import Client

    from gaitkit.archive.settings import BatchSettings

CAPACITY_EVERY_S = 2.0
"""How often the workers are counted: some come, some go."""

GONE_S = 240.0
"""A batch without a single worker for so long is given up."""

RESTART_S = 60.0

BEGUN_AGAIN = "GAITKIT_BEGUN_AGAIN"
"""Variable of the environment: where a worker leaves a note that it was about to begin
the batch anew."""

LEFT = 1
"""Exit code of a worker that makes room for a fresh one."""

KEY = "gaitkit"
"""First part of every key: the scheduler keeps figures for each and forgets none."""


class Workers:
    """The workers of a client.

    Attributes
    ----------
    threads : dict of str to int
        Threads of each worker, by its address.
    done : int
        Jobs since the workers of this machine were started; the engine counts them.
    """

    def __init__(self, client: Client, settings: BatchSettings) -> None:
        """Prepare; `count` looks who is there."""
        self.threads: dict[str, int] = {}
        self.done = 0
        self._client = client
        self._settings = settings
        self._counted = float("-inf")
        self._alive = time.monotonic()

    def look(self) -> None:
        """Count at the next `count`, however short ago the last was."""
        self._counted = float("-inf")

    def count(self) -> None:
        """See who is there, when it is time.

        Raises
        ------
        InputError
            If the scheduler or all workers are lost, or a worker ran the script that
            started the batch.
        """
        now = time.monotonic()
        if self.threads and now - self._counted < CAPACITY_EVERY_S:
            return
        self._counted = now
        if self._client.status not in {"running", "connecting"}:
            raise scheduler_lost(None)
        try:
            self.threads = dict(self._client.nthreads())
        except Exception as lost:
            raise scheduler_lost(lost) from lost
        self._refuse_script()
        self._replace_lost()
        if self.threads:
            self._alive = now
        elif now - self._alive > GONE_S:
            msg = (
                f"no worker has been there for {GONE_S:.0f} s; start workers, then run "
                "the same command again: it goes on where it stopped"
            )
            raise InputError(msg)

    def _refuse_script(self) -> None:
        note = os.environ.get(BEGUN_AGAIN)
        if note and Path(note).exists():
            msg = (
                "the script that started this batch begins anew in each of its "
                'workers; put what it does under: if __name__ == "__main__":'
            )
            raise InputError(msg)

    def recycling(self, *, busy: bool) -> bool:
        """Start the workers of this machine afresh when it is time and none is busy.

        True asks for no new work to be handed out now.
        """
        local = self._settings.scheduler is None
        if not local or self.done < self._settings.recycle_after:
            return False
        if busy:
            return True
        self._send_away(list(self.threads))
        self.threads = {}  # their addresses are gone; the new ones are not known yet
        self.look()
        self.done = 0
        return True

    def restart(self, workers: list[str]) -> None:
        """End workers by force and start new ones."""
        self._client.restart_workers(workers, timeout=RESTART_S, raise_for_error=False)

    def _replace_lost(self) -> None:
        """Ask the cluster of this machine for workers whose nannies gave up."""
        if self._settings.scheduler is None:
            with suppress(Exception):  # it is on its way down, as is told elsewhere
                cluster = self._client.cluster
                if len(cluster.workers) < len(cluster.worker_spec):
                    cluster.scale(len(cluster.worker_spec))

    def _send_away(self, workers: list[str]) -> None:
        """Let idle workers end themselves; their nannies start new ones."""
        from distributed import wait

        leaving = [
            self._client.submit(
                os._exit,
                LEFT,
                key=(KEY, f"leave-{number}-{time.monotonic_ns()}"),
                pure=False,
                workers=[worker],
            )
            for number, worker in enumerate(workers)
        ]
        with suppress(TimeoutError):
            wait(leaving, timeout=RESTART_S)


def scheduler_lost(cause: Exception | None) -> InputError:
    """Return the error of a batch whose scheduler is gone."""
    why = f" ({type(cause).__name__})" if cause is not None else ""
    return InputError(
        f"the scheduler was lost{why}; start it, then run the same command again: "
        "it goes on where it stopped"
    )
