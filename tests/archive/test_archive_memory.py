"""What the coordinating process remembers of work that is over."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from gaitkit.archive import tally
from gaitkit.archive.cluster import KEY, connected, forget_keys
from gaitkit.archive.feeder import Purpose
from gaitkit.archive.journal import Journal
from gaitkit.archive.register import Register
from gaitkit.archive.settings import BatchSettings
from gaitkit.archive.tally import RECENT_S, Counting

pytest.importorskip("distributed")

JOBS = 25
QUIET_S = 20.0


def test_the_scheduler_keeps_nothing_of_each_piece_of_work() -> None:
    from dask.utils import key_split

    with connected(BatchSettings(workers=1)) as client:
        scheduler = client.cluster.scheduler
        for number in range(JOBS):
            client.submit(int, number, key=(KEY, f"job-{number}")).result()
            wait_for_silence(scheduler)  # as when the last job of a batch is over
        held = {
            "spans": len(scheduler.extensions["spans"].spans),
            "groups": len(scheduler.task_groups),
        }
        messages = [stream.recent_message_log for stream in streams(scheduler)]

    assert held == {"spans": 1, "groups": 1}
    assert messages
    assert max(len(log) for log in messages) < JOBS
    assert len(scheduler.transition_log) < JOBS
    assert key_split.cache_info().currsize >= JOBS
    forget_keys()
    assert key_split.cache_info().currsize == 0


def wait_for_silence(scheduler: Any) -> None:
    """Wait until nothing is left but the task that holds the group."""
    until = time.monotonic() + QUIET_S
    while len(scheduler.tasks) > 1 and time.monotonic() < until:
        time.sleep(0.005)
    assert len(scheduler.tasks) == 1


def streams(scheduler: Any) -> list[Any]:
    return [*scheduler.stream_comms.values(), *scheduler.client_comms.values()]


def test_endings_of_more_than_a_minute_ago_are_not_kept(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10 * round(RECENT_S)))
    monkeypatch.setattr(tally.time, "monotonic", lambda: float(next(clock)))
    journal = Journal(tmp_path / "journal.sqlite")
    purpose = Purpose(archive="a", config="c", version="v")
    with Register(tmp_path / "own.register") as register:
        journal.base.execute("ATTACH ? AS register", (str(register.path),))
        counting = Counting(journal.base, purpose)
        for _ in range(5 * round(RECENT_S)):
            counting.one_more()
        feeder: Any = SimpleNamespace(found=0, passed_over=0, finished=True, error=None)
        told = counting.count(feeder)
    journal.close()

    assert told.done_now == 5 * round(RECENT_S)
    assert told.per_s == pytest.approx(1.0, rel=0.05)  # one a second by this clock
