"""The engine: hands out work to processes and survives what happens to them.

Each job is given to one worker. Where jobs are short a second one waits there already,
so that no worker waits for the next; where they are long none does, so that none waits
behind a long one while another worker is free. The rest waits in the journal on disk,
so that memory does not grow with the archive. What was with a worker that died is set
aside and done again at the end, alone; what kills a worker by itself is `Crashed`. What
takes too long ends its worker and is `TimedOut`.
"""

from __future__ import annotations

import queue
import time
from collections import Counter, deque
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from gaitkit.archive.cluster import KEY, Workers, scheduler_lost
from gaitkit.archive.work import Job, Outcome, do, failed, warm_up

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from distributed import Client

    from gaitkit.archive.settings import BatchSettings

TICK_S = 0.25
"""How often the clock and the workers are looked at."""

FETCH_S = 2.0
"""After so long without the answer of a job that is done, its worker is looked at."""

LATEST_S = 60.0
"""An answer that takes longer to arrive is lost."""

TOPIC = "gaitkit-begins"
"""Under which workers tell that they begin with a job."""

SHORT_S = 2.0
"""A worker whose jobs take less than this is given the next before it is done."""

WEIGHT = 0.1
"""Part that the newest job has in the mean time of a job."""

GRACE_S = 60.0
"""A worker ends itself at the time limit; after so much more it is ended from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A worker answered."""

    job: Job
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """The worker died, twice, the second time with this job alone."""

    job: Job
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The job took longer than it may; its worker was ended."""

    job: Job
    seconds: float
    worker: str


Ended = Done | Crashed | TimedOut


class WorkQueue(Protocol):
    """Where the engine gets its work from."""

    def next_job(self) -> Job | None:
        """Return the next job, which now runs; None when there is none just now."""

    def again(self, job: Job) -> None:
        """Note that a job whose worker died runs once more, alone."""

    @property
    def closed(self) -> bool:
        """True when no job will come any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """A job that is with the scheduler."""

    job: Job
    future: Any  # of distributed, which has no types
    worker: str
    since: float
    alone: bool


class Engine:
    """Runs the jobs of a queue on the workers of a client."""

    def __init__(
        self,
        client: Client,
        settings: BatchSettings,
        *,
        work: Callable[[Job], Outcome] = do,
    ) -> None:
        """Prepare; nothing runs before `run`.

        Parameters
        ----------
        client : distributed.Client
            From `gaitkit.archive.cluster.connected`.
        settings : BatchSettings
            Limits.
        work : callable
            What a worker does with a job.
        """
        self._client = client
        self._settings = settings
        self._work = work
        self._running: dict[str, _Running] = {}
        self._suspects: deque[Job] = deque()
        self._answers: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        self._workers = Workers(client, settings)
        self._began: dict[str, float] = {}
        self._mean_s: float | None = None

    def run(self, jobs: WorkQueue) -> Iterator[Ended | None]:
        """Yield how each job ended; None now and then, so that a caller can look.

        Raises
        ------
        InputError
            If the scheduler or all workers are lost.
        """
        self._client.subscribe_topic(TOPIC, self._note_beginning)
        while True:
            self._workers.count()
            self._fill(jobs)
            if not self._running and not self._suspects and jobs.closed:
                return
            yield from self._finished()
            yield from self._vanished()
            yield from self._overdue()
            yield None

    def _note_beginning(self, event: tuple[float, str]) -> None:
        self._began[event[1]] = time.monotonic()

    def stop(self) -> None:
        """Take back what is with the scheduler."""
        with suppress(Exception):
            self._client.cancel([each.future for each in self._running.values()])

    def _fill(self, jobs: WorkQueue) -> None:
        if self._workers.recycling(busy=bool(self._running)):
            return
        for worker in self._free(alone=False):
            job = jobs.next_job()
            if job is None:
                break
            self._submit(job, worker, alone=False)
        if self._suspects and jobs.closed and all(r.alone for r in self._busy()):
            for worker in self._free(alone=True):
                if self._suspects:
                    job = self._suspects.popleft()
                    jobs.again(job)
                    self._submit(job, worker, alone=True)

    def _busy(self) -> Collection[_Running]:
        return self._running.values()

    def _free(self, *, alone: bool) -> list[str]:
        """Return workers that can take a job, once for each, the idlest first.

        Alone: those that have none at all. Behind what must be alone nothing waits.
        """
        load = Counter(run.worker for run in self._busy())
        kept = {run.worker for run in self._busy() if run.alone}
        if alone:
            return [worker for worker in self._workers.threads if not load[worker]]
        short = self._mean_s is not None and self._mean_s < SHORT_S
        ahead = 2 if short else 1
        places = [
            (taken / threads, worker)
            for worker, threads in self._workers.threads.items()
            if worker not in kept
            for taken in range(load[worker], ahead * threads)
        ]
        return [worker for _, worker in sorted(places)]

    def _submit(self, job: Job, worker: str, *, alone: bool) -> None:
        self._began.pop(job.work, None)
        future = self._client.submit(
            _begin_and_do,
            self._work,
            job,
            key=(KEY, f"{job.work}-{time.monotonic_ns()}"),
            pure=False,
            workers=[worker],
        )
        self._running[job.work] = _Running(
            job=job,
            future=future,
            worker=worker,
            since=time.monotonic(),
            alone=alone,
        )
        future.add_done_callback(
            lambda _: self._answers.put((job.work, time.monotonic()))
        )

    def _finished(self) -> Iterator[Ended]:
        """Wait for an answer, then yield all that are there."""
        timeout = TICK_S
        while True:
            try:
                work, at = self._answers.get(timeout=timeout)
            except queue.Empty:
                return
            timeout = 0.001
            if work in self._running and self._running[work].future.done():
                ended = self._ended(self._running.pop(work), at)
                if ended is not None:
                    yield ended

    def _ended(self, run: _Running, at: float) -> Ended | None:
        from distributed import KilledWorker

        self._workers.done += 1
        try:
            outcome = self._fetched(run)
        except KilledWorker:
            return self._dead(run, at)
        except (CancelledError, TimeoutError) as lost:
            if self._client.status != "running":
                raise scheduler_lost(lost) from lost
            run.future.cancel(force=True)
            return self._dead(run, at)
        except Exception as bug:  # noqa: BLE001 - a worker that cannot even begin
            outcome = failed(run.job.work, bug)
        self._began.pop(run.job.work, None)
        before = outcome.seconds if self._mean_s is None else self._mean_s
        self._mean_s = before + WEIGHT * (outcome.seconds - before)
        return Done(job=run.job, outcome=outcome)

    def _fetched(self, run: _Running) -> Outcome:
        """Return the answer of a job, which still lies with its worker.

        Where that died before it handed over the answer, as by the job behind this one,
        the scheduler takes the job for undone again and no answer ever comes.

        Raises
        ------
        TimeoutError
            If the answer was lost.
        """
        end = time.monotonic() + LATEST_S
        while True:
            try:
                answer: Outcome = run.future.result(timeout=FETCH_S)
            except TimeoutError:
                if not run.future.done() or time.monotonic() > end:
                    raise
            else:
                return answer

    def _dead(self, run: _Running, at: float) -> Ended | None:
        """Return what the death of a worker means for the job that it had.

        ``at`` is when the job was known to have ended, which may be a while ago.
        """
        self._workers.look()
        began = self._began.pop(run.job.work, None)
        seconds = 0.0 if began is None else at - began
        if seconds > self._settings.time_limit_s:  # it ended itself
            return TimedOut(job=run.job, seconds=seconds, worker=run.worker)
        if run.alone:
            return Crashed(job=run.job, worker=run.worker)
        self._suspects.append(run.job)
        return None

    def _vanished(self) -> Iterator[Ended]:
        """Yield the jobs whose worker is gone, where the scheduler waits for it."""
        lost = [r for r in self._busy() if r.worker not in self._workers.threads]
        for run in lost:
            if not run.future.done():
                del self._running[run.job.work]
                run.future.cancel(force=True)
                ended = self._dead(run, time.monotonic())
                if ended is not None:
                    yield ended

    def _overdue(self) -> Iterator[TimedOut]:
        limit = self._settings.time_limit_s + GRACE_S
        now = time.monotonic()
        began = {  # what waits behind another begins when that is ended, at the latest
            work: self._began.get(work, run.since + limit)
            for work, run in self._running.items()
        }
        late = [r for work, r in self._running.items() if now - began[work] > limit]
        for run in late:
            del self._running[run.job.work]
            run.future.cancel(force=True)
            self._workers.restart([run.worker])
            self._began.pop(run.job.work, None)
            yield TimedOut(
                job=run.job, seconds=now - began[run.job.work], worker=run.worker
            )


def _begin_and_do(work: Callable[[Job], Outcome], job: Job) -> Outcome:
    """Tell that a job begins, then do it; runs in the worker.

    Loading gaitkit, which takes long on a busy machine, is no part of the job's time.
    """
    from distributed import get_worker

    warm_up()
    with suppress(ValueError):  # there is no worker where a test runs it in a thread
        get_worker().log_event(TOPIC, job.work)
    return work(job)
