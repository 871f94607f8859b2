"""Worker processes: on this machine, or those of a running scheduler.

On this machine each worker is one process with one thread, a memory limit and a nanny
that starts it afresh when it dies. Connections stay on the loopback interface.

The workers of a batch as its engine sees them: counted, replaced, started afresh.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.archive.settings import cores
from gaitkit.archive.work import warm_up
from gaitkit.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

    from gaitkit.archive.settings import BatchSettings

LOOPBACK = "127.0.0.1"
CONNECT_S = "5s"
LOCAL: dict[str, object] = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.tick.limit": "60s",
    "distributed.comm.timeouts.connect": "60s",
    "distributed.deploy.lost-worker-timeout": "120s",
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1},
    "distributed.worker.profile.enabled": False,
    "distributed.admin.low-level-log-length": 10,
    "distributed.admin.log-length": 10,
    "distributed.admin.system-monitor.log-length": 10,
}
"""Settings of workers on this machine: a task that killed its worker is not given to
another, nothing is spilled to disk, and the pages that dask would show are off. dask
gives up a worker that takes longer than 15 s to start afresh, as it does on a machine
that has much else to do; here it has two minutes. Nor does a worker give memory back
after every picture (dask's ``MALLOC_TRIM_THRESHOLD_``), which took a fifth of the
processor time of a film, or look every 10 ms at what it does. Of the last messages and
events it keeps ten each and not a thousand, which held 50 MB of past work."""

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


@contextmanager
def connected(settings: BatchSettings) -> Iterator[Client]:
    """Yield a client whose workers have gaitkit loaded; they end with the block.

    Raises
    ------
    MissingExtraError
        If distributed is not installed.
    InputError
        If no scheduler answers at the address.
    """
    try:
        import dask
        import distributed  # noqa: F401 - asked for here, used below
    except ImportError:
        msg = "a batch needs distributed; pip install 'gaitkit-clinic[archive]'"
        raise MissingExtraError(msg) from None
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    opened = _local(settings) if settings.scheduler is None else _running(settings)
    with dask.config.set(LOCAL if settings.scheduler is None else {}), opened as client:
        warming = threading.Thread(target=_warm, args=(client,), daemon=True)
        warming.start()  # work may begin on the first worker before the last is warm
        held = _held_group(client)
        yield client
        held.release()
        warming.join()


def leave_worker_of_script() -> None:
    """End this process where it is a worker that is about to begin the batch anew.

    A worker imports the script that started the batch. Where that does its work without
    ``if __name__ == "__main__"``, each worker would start a batch of its own instead of
    working, and the first would wait for workers that never come. It is told by a note.
    """
    note = os.environ.get(BEGUN_AGAIN)
    if note and getattr(multiprocessing.current_process(), "_inheriting", False):
        Path(note).touch()
        os._exit(1)


@contextmanager
def _noted() -> Iterator[None]:
    """Tell workers where to leave the note that they begin the batch anew."""
    with tempfile.TemporaryDirectory(prefix="gaitkit-") as folder:
        os.environ[BEGUN_AGAIN] = str(Path(folder) / "begun_again")
        try:
            yield
        finally:
            os.environ.pop(BEGUN_AGAIN, None)


def forget_keys() -> None:
    """Let go of the keys of past work.

    Scheduler and client are in this process, where dask remembers the names of
    100 000 keys, 0.5 kB each.
    """
    from dask.utils import key_split

    key_split.cache_clear()


@contextmanager
def _local(settings: BatchSettings) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    with (
        _noted(),
        LocalCluster(
            n_workers=0,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",
            worker_dashboard_address=f"{LOOPBACK}:0",
            memory_limit=settings.memory_limit,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        cluster.scale(settings.workers or cores())  # the first there begins alone
        yield client


@contextmanager
def _running(settings: BatchSettings) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(settings.scheduler, timeout=CONNECT_S)
    except (OSError, TimeoutError, ValueError) as cause:
        msg = (
            f"--scheduler {settings.scheduler}: no scheduler answers there "
            f"({type(cause).__name__}); start one with: dask scheduler"
        )
        raise InputError(msg) from None
    with client:
        yield client


def _held_group(client: Client) -> Any:  # noqa: ANN401 - distributed has no types
    """Keep one group for all work, by a task that waits for a worker that never comes.

    Whenever the last task of a group is over, the scheduler forgets the group and
    begins a new one, and a new span of its statistics, for the next task. Spans it
    never forgets: 8 kB for every moment at which nothing was to be done.
    """
    return client.submit(int, key=(KEY, "held"), pure=False, resources={"nobody": 1})


def _warm(client: Client) -> None:
    with suppress(Exception):  # what is wrong with a worker is told by its work
        client.register_plugin(_plugin(), name="gaitkit")


def _plugin() -> Any:  # noqa: ANN401 - the class needs distributed
    """Return what makes every worker, also one started afresh, load gaitkit."""
    from distributed import WorkerPlugin

    class Warm(WorkerPlugin):  # type: ignore[misc]
        """Loads gaitkit when a worker starts."""

        def setup(self, worker: object) -> None:
            del worker
            warm_up()

    return Warm()


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
