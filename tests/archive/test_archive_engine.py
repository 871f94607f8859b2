"""The engine on workers whose every step the test decides."""

from __future__ import annotations

import os
from collections import Counter, deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gaitkit.archive import cluster, engine
from gaitkit.archive.engine import Crashed, Done, Ended, Engine, TimedOut
from gaitkit.archive.item import Item
from gaitkit.archive.settings import BatchSettings
from gaitkit.archive.work import Job, Outcome
from gaitkit.config import Config
from gaitkit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

distributed = pytest.importorskip("distributed")

QUICK_S, SLOW_S = 0.1, 30.0


class Future:
    """A future that the test answers."""

    def __init__(self, job: Job | None, worker: str) -> None:
        self.job = job
        self.worker = worker
        self._answer: Outcome | Exception | None = None
        self._told: list[Callable[[object], None]] = []

    def add_done_callback(self, tell: Callable[[object], None]) -> None:
        self._told.append(tell)

    def answer(self, what: Outcome | Exception) -> None:
        self._answer = what
        for tell in self._told:
            tell(self)

    def lose(self) -> None:
        """Lose the answer, after it was told that there is one."""
        self._answer = None

    def done(self) -> bool:
        return self._answer is not None

    def result(self, timeout: float) -> Outcome:
        assert timeout > 0
        if self._answer is None:
            raise TimeoutError
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def cancel(self, *, force: bool) -> None:
        assert force


class Client:
    """Workers that hold what they are given until the test answers."""

    status = "running"

    def __init__(self, *workers: str) -> None:
        self.workers = dict.fromkeys(workers, 1)
        self.held: list[Future] = []
        self.left: list[str] = []
        self.restarted: list[str] = []
        self.cluster = SimpleNamespace(
            workers=list(workers), worker_spec=list(workers), scaled=[]
        )
        self.cluster.scale = self.cluster.scaled.append

    def submit(
        self, work: Callable[..., Any], *of: Any, workers: list[str], **_: Any
    ) -> Future:
        if work is os._exit:
            self.left += workers
            del self.workers[workers[0]]
            self.workers[f"{workers[0]} afresh"] = 1
            return Future(None, workers[0])
        self.held.append(Future(of[1], workers[0]))
        return self.held[-1]

    def subscribe_topic(self, topic: str, note: Callable[[Any], None]) -> None:
        self.begin = lambda work: note((0.0, work))

    def nthreads(self) -> dict[str, int]:
        return dict(self.workers)

    def restart_workers(self, workers: list[str], **_: Any) -> None:
        self.restarted += workers

    def load(self) -> Counter[str]:
        """Return how many jobs each worker holds."""
        return Counter(future.worker for future in self.held)

    def finish(self, *, seconds: float = SLOW_S, count: int = 1) -> None:
        """Answer the oldest jobs."""
        for _ in range(count):
            future = self.held.pop(0)
            assert future.job is not None
            future.answer(Outcome(work=future.job.work, state="done", seconds=seconds))

    def lose(self, worker: str, *, told: bool) -> None:
        """Let a worker die; the scheduler says so, or it is only gone."""
        del self.workers[worker]
        mine = [future for future in self.held if future.worker == worker]
        self.held = [future for future in self.held if future.worker != worker]
        for future in mine if told else ():
            future.answer(distributed.KilledWorker("task", worker, 0))


class Queue:
    """Jobs named by numbers."""

    def __init__(self, count: int) -> None:
        self._jobs: deque[Job] = deque()
        self._made = 0
        self.add(count)
        self.tried_again: list[str] = []

    def add(self, count: int) -> None:
        """Put jobs at the end."""
        for number in range(self._made, self._made + count):
            self._jobs.append(
                Job(
                    work=str(number),
                    item=Item(path=str(number), layout="file", sources=()),
                    config=Config(),
                    store=None,
                )
            )
        self._made += count

    @property
    def closed(self) -> bool:
        return not self._jobs

    def next_job(self) -> Job | None:
        return self._jobs.popleft() if self._jobs else None

    def again(self, job: Job) -> None:
        self.tried_again.append(job.work)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TICK_S", 0.001)
    monkeypatch.setattr(cluster, "CAPACITY_EVERY_S", 0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time, which the test alone moves on."""
    now = [0.0]
    monkeypatch.setattr(engine.time, "monotonic", lambda: now[0])
    return now


def running(
    client: Client, jobs: Queue, settings: BatchSettings | None = None
) -> Iterator[Ended | None]:
    """Start an engine; its first step hands out work."""
    run = Engine(client, settings or BatchSettings()).run(jobs)  # type: ignore[arg-type]
    assert next(run) is None
    return run


def ends(run: Iterator[Ended | None], *, steps: int = 3) -> list[Ended]:
    """Return what ends in the next steps."""
    found = []
    for _ in range(steps):
        while (ended := next(run, None)) is not None:
            found.append(ended)
    return found


def test_a_long_job_keeps_nothing_waiting_behind_it() -> None:
    client, jobs = Client("a", "b"), Queue(9)
    run = running(client, jobs)
    assert client.load() == {"a": 1, "b": 1}
    client.finish(seconds=SLOW_S)
    assert [type(each) for each in ends(run)] == [Done]
    assert client.load() == {"a": 1, "b": 1}


def test_behind_a_short_job_the_next_one_waits_already() -> None:
    client, jobs = Client("a", "b"), Queue(9)
    run = running(client, jobs)
    client.finish(seconds=QUICK_S, count=2)
    assert len(ends(run)) == 2
    assert client.load() == {"a": 2, "b": 2}


@pytest.mark.parametrize("told", [True, False])
def test_what_was_with_a_dead_worker_is_done_at_the_end_one_by_one(told: bool) -> None:
    client, jobs = Client("a", "b"), Queue(6)
    run = running(client, jobs)
    client.finish(seconds=QUICK_S, count=2)
    ends(run)
    lost = {f.job.work for f in client.held if f.worker == "b" and f.job}
    assert len(lost) == 2
    client.lose("b", told=told)
    assert ends(run) == []
    assert client.load() == {"a": 2}
    assert jobs.tried_again == []
    client.finish(seconds=QUICK_S, count=2)
    assert len(ends(run)) == 2
    assert client.load() == {"a": 1}
    client.finish()
    ends(run)
    client.finish()
    assert [type(each) for each in ends(run)] == [Done]
    assert set(jobs.tried_again) == lost
    assert next(run, "over") == "over"


def test_what_kills_a_worker_by_itself_has_crashed() -> None:
    client, jobs = Client("a"), Queue(1)
    run = running(client, jobs)
    client.lose("a", told=True)
    client.workers = {"b": 1}
    assert ends(run) == []
    assert jobs.tried_again == ["0"]
    client.lose("b", told=True)
    client.workers = {"c": 1}
    (ended,) = ends(run)
    assert isinstance(ended, Crashed)
    assert (ended.job.work, ended.worker) == ("0", "b")


def test_an_answer_that_was_lost_with_its_worker_is_worked_out_again(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    client, jobs = Client("a"), Queue(1)
    run = running(client, jobs, BatchSettings(time_limit_s=10.0))
    client.begin("0")
    clock[0] = 1.0
    (future,) = client.held
    client.finish()
    monkeypatch.setattr(future, "done", iter([True, False]).__next__)
    future.lose()
    clock[0] = 99.0  # the loss is seen late: no reason to call the job too slow
    assert ends(run) == []
    assert jobs.tried_again == ["0"]
    client.finish()
    assert [type(each) for each in ends(run)] == [Done]


def test_an_answer_that_is_slow_to_arrive_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, jobs = Client("a"), Queue(1)
    run = running(client, jobs)
    (future,) = client.held
    answers = iter([TimeoutError(), None])

    def late(timeout: float) -> Outcome:
        if (wait := next(answers)) is not None:
            raise wait
        return Future.result(future, timeout)

    monkeypatch.setattr(future, "result", late)
    client.finish()
    assert [type(each) for each in ends(run)] == [Done]
    assert jobs.tried_again == []


def test_nothing_waits_behind_a_job_that_must_be_alone() -> None:
    client, jobs = Client("a"), Queue(3)
    run = running(client, jobs)
    client.finish(seconds=QUICK_S)
    ends(run)
    assert client.load() == {"a": 2}
    client.lose("a", told=True)
    client.workers = {"b": 1}
    assert ends(run) == []
    assert client.load() == {"b": 1}
    jobs.add(1)
    assert ends(run) == []
    assert client.load() == {"b": 1}


def test_a_worker_that_ended_itself_at_the_time_limit_is_no_crash(
    clock: list[float],
) -> None:
    client, jobs = Client("a"), Queue(1)
    run = running(client, jobs, BatchSettings(time_limit_s=10.0))
    client.begin("0")
    clock[0] = 11.0
    client.lose("a", told=True)
    client.workers = {"b": 1}
    (ended,) = ends(run)
    assert isinstance(ended, TimedOut)
    assert ended.seconds == 11.0


def test_a_worker_that_does_not_end_itself_is_ended(
    clock: list[float],
) -> None:
    client, jobs = Client("a"), Queue(1)
    run = running(client, jobs, BatchSettings(time_limit_s=10.0))
    client.begin("0")
    clock[0] = 10.0 + engine.GRACE_S
    assert ends(run) == []
    clock[0] += 1.0
    (ended,) = ends(run)
    assert isinstance(ended, TimedOut)
    assert client.restarted == ["a"]


def test_workers_are_started_afresh_when_none_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distributed, "wait", lambda futures, timeout: None)
    client, jobs = Client("a", "b"), Queue(5)
    run = running(client, jobs, BatchSettings(recycle_after=1))
    client.finish()
    assert len(ends(run)) == 1
    assert client.left == []
    assert client.load() == {"b": 1}
    client.finish()
    assert len(ends(run)) == 1
    assert client.left == ["a", "b"]
    assert client.load() == {"a afresh": 1, "b afresh": 1}


def test_workers_of_a_running_scheduler_are_left_alone() -> None:
    client, jobs = Client("a"), Queue(3)
    there = BatchSettings(recycle_after=1, scheduler="tcp://host:8786")
    run = running(client, jobs, there)
    client.finish()
    client.cluster.workers.clear()
    assert len(ends(run)) == 1
    assert client.left == []
    assert client.cluster.scaled == []
    assert client.load() == {"a": 1}


def test_a_worker_whose_nanny_gave_up_is_replaced() -> None:
    client, jobs = Client("a", "b"), Queue(3)
    run = running(client, jobs)
    client.cluster.workers.remove("b")
    ends(run)
    assert set(client.cluster.scaled) == {2}


def test_a_batch_without_any_worker_for_long_is_given_up(
    clock: list[float],
) -> None:
    client, jobs = Client("a"), Queue(3)
    run = running(client, jobs)
    client.lose("a", told=False)
    clock[0] = cluster.GONE_S
    assert ends(run) == []
    clock[0] += 1.0
    with pytest.raises(InputError, match="no worker has been there for 240 s; start"):
        ends(run)
