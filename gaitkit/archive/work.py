"""What a worker does with one piece of work: assess, write series, hand back rows.

`do` runs in a worker process, which may be on another host: it needs the archive and
the store under the same path, and nothing else. The coordinating process imports only
the types here; what assesses is loaded by the workers.
"""

from __future__ import annotations

import dataclasses
import faulthandler
import os
import platform
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gaitkit.archive.item import Item
from gaitkit.archive.place import at_hand
from gaitkit.config import Config
from gaitkit.errors import InputError
from gaitkit.scratch import PRIVATE_UMASK

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work for a worker.

    Attributes
    ----------
    work : str
        Its key.
    item : Item
        The visit.
    config : Config
        All settings.
    store : str or None
        Folder of the store, for the series; None writes none.
    time_limit_s : float or None
        Seconds after which the worker ends itself; None for never.
    """

    work: str
    item: Item
    config: Config
    store: str | None
    time_limit_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it; `message` and `subject_id` are raw and never stored so.

    Attributes
    ----------
    work : str
        Key of the job.
    state : {"done", "refused", "failed"}
        How it ended.
    seconds : float
        Time it took.
    error, message : str or None
        Class of the error and what it said.
    subject_id : str or None
        The clinic's own id of the person.
    kinds : tuple of str
        Kinds of the recordings that were used.
    results : bytes or None
        Rows of `gaitkit.archive.tables.pack`.
    written : int
        Bytes of series.
    worker : str
        Host and number of the process that did it.
    """

    work: str
    state: Literal["done", "refused", "failed"]
    seconds: float
    error: str | None = None
    message: str | None = None
    subject_id: str | None = None
    kinds: tuple[str, ...] = ()
    results: bytes | None = None
    written: int = 0
    worker: str = ""


def do(job: Job) -> Outcome:
    """Do one piece of work; every error becomes an outcome."""
    start = time.perf_counter()
    try:
        with _limited(job.time_limit_s), at_hand(job.item) as folder:
            from gaitkit.archive.assessing import assess_job

            outcome = assess_job(job, folder)
    except Exception as error:  # noqa: BLE001 - one bug must not stop the night
        outcome = dataclasses.replace(
            failed(job.work, error), subject_id=_subject_of(job.item)
        )
    return dataclasses.replace(
        outcome,
        seconds=time.perf_counter() - start,
        worker=f"{platform.node()}:{os.getpid()}",
    )


@contextmanager
def _limited(seconds: float | None) -> Iterator[None]:
    """End the process when the block takes too long.

    The watch is in C and needs no lock of the interpreter, so that it also ends a
    library that never gives that back. There is one for a process: a worker has one
    thread.
    """
    if seconds is None:
        yield
        return
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def failed(work: str, error: Exception) -> Outcome:
    """Return the outcome of an error: a refusal of the input, or a failure."""
    return Outcome(
        work=work,
        state="refused" if isinstance(error, InputError) else "failed",
        seconds=0.0,
        error=type(error).__name__,
        message=str(error),
    )


def _subject_of(item: Item) -> str | None:
    """Return who an item is of, as far as it can still be told."""
    from gaitkit.archive.assessing import visit_of

    with suppress(Exception), at_hand(item) as folder:
        return visit_of(item, folder).subject.subject_id
    return None


def load() -> None:
    """Load what every recording needs."""
    import duckdb  # noqa: F401 - loading it is the purpose
    import scipy.signal  # noqa: F401 - the same

    import gaitkit.archive.assessing  # noqa: F401 - the same
    from gaitkit.rules.loader import shipped_rules

    shipped_rules()


def warm_up() -> None:
    """Load what every recording needs, once for each worker process.

    Ctrl-C on a terminal reaches every process; here the batch alone answers to it.
    What a worker writes is for its user alone, as what the batch writes.
    """
    load()
    os.umask(PRIVATE_UMASK)
    with suppress(ValueError):  # only the main thread may; elsewhere nobody sends it
        signal.signal(signal.SIGINT, signal.SIG_IGN)
