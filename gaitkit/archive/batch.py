"""A batch: an archive worked through into a store, from start to last line.

A visit that kills its worker, taken apart into its recordings.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.cluster import connected, forget_keys, leave_worker_of_script
from gaitkit.archive.compact import compact, remove
from gaitkit.archive.engine import Crashed, Done, Engine, TimedOut
from gaitkit.archive.feeder import Feeder, Purpose, scrubbed
from gaitkit.archive.health import mend_parts
from gaitkit.archive.item import content_of, facts_of, from_json, work_of
from gaitkit.archive.journal import JOURNAL_FILE, SPLIT, Ending, Entry
from gaitkit.archive.place import absolute, at_hand, is_folder
from gaitkit.archive.pseudonym import default_key, open_key
from gaitkit.archive.register import Register, register_path
from gaitkit.archive.settings import BatchSettings
from gaitkit.archive.store import open_store
from gaitkit.archive.tally import Counting
from gaitkit.archive.walk import why_not
from gaitkit.archive.work import Job, do
from gaitkit.config import Config, to_table
from gaitkit.doors import read_toml
from gaitkit.errors import GaitkitError, InputError, OutputError
from gaitkit.io.visit import VISIT_FILE
from gaitkit.model.extension import added, load_extensions
from gaitkit.rules.loader import default_folder, rules_sha256
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.archive.engine import Ended
    from gaitkit.archive.item import Item
    from gaitkit.archive.pseudonym import Key
    from gaitkit.archive.store import Store
    from gaitkit.archive.tally import Tally
    from gaitkit.archive.work import Outcome

    Watch = Callable[[Tally], None]
    Told = Callable[[str, Ending], None]

LOGGER = logging.getLogger(__name__)
LOOK_S = 0.02
"""How often the first work of the walk is looked for."""

HEAD_START_S = 0.3
"""A walk that takes longer goes on beside the start of the workers."""

FORGET_AFTER = 1000
"""Pieces of work after which the keys of those that are over are let go."""

NEXT = """
SELECT work, (
    SELECT item FROM register.items i WHERE i.work = j.work AND archive = :archive
) FROM journal j WHERE state = 'queued' AND EXISTS (
    SELECT 1 FROM register.items i WHERE i.work = j.work AND archive = :archive
) ORDER BY number LIMIT 64
"""
"""The next work of an archive; work of other archives in the same store waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a batch.

    Attributes
    ----------
    archive : str
        Folder, manifest or URL.
    store : Path
        Folder of the results.
    key : Path or None
        Key file of the pseudonyms; None: beside the store.
    config : Config
        All settings of the assessment; the report is not written, and each worker
        has one thread.
    retry : bool
        True does failed and crashed work again.
    settings : BatchSettings
        How the work is shared out.
    """

    archive: str
    store: Path
    key: Path | None = None
    config: Config = field(default_factory=Config)
    retry: bool = False
    settings: BatchSettings = field(default_factory=BatchSettings)

    def __post_init__(self) -> None:
        """Take a folder given as text for one."""
        object.__setattr__(self, "store", Path(self.store))

    @property
    def key_path(self) -> Path:
        """Where the key lies."""
        return self.key or default_key(self.store)


def run_batch(
    request: Request,
    *,
    watch: Watch | None = None,
    told: Told | None = None,
    work: Callable[[Job], Outcome] = do,
) -> Tally:
    """Work through an archive.

    Parameters
    ----------
    request : Request
        What to do.
    watch : callable or None
        Given a `Tally` about twice a second.
    told : callable or None
        Given path and whole message of each visit that could not be done, with its
        ending; both are for the screen of the clinic, not for the store.
    work : callable
        What a worker does with a job.

    Returns
    -------
    Tally
        The counts at the end.

    Raises
    ------
    InputError
        If the archive is not there, a manifest is wrong, or the workers are lost.
    OutputError
        If the store cannot be written or is in use.
    KeyboardInterrupt
        Passed on after the store was left in order.
    """
    leave_worker_of_script()
    is_folder(absolute(request.archive))
    register_file = register_path(request.key_path)
    with open_store(request.store) as store, ExitStack() as opened:
        new = store.journal.empty()
        key = open_key(request.key_path, store=request.store, new=new)
        register = opened.enter_context(Register(register_file))
        batch = _Batch(request, store, register, key=key, told=told)
        damage = mend_parts(store)
        if damage is not None:
            LOGGER.warning("%s", damage)
        try:
            if batch.begin():
                with connected(request.settings) as client:
                    batch.run(Engine(client, request.settings, work=work), watch=watch)
        finally:
            batch.leave_in_order()
        return batch.tally()


def purpose_of(request: Request) -> Purpose:
    """Return what decides on the results of a batch: archive, settings, version.

    Settings of the report and the number of threads change no number.
    """
    table = to_table(request.config)
    table.pop("report")
    pose = dict(table["pose"])  # type: ignore[call-overload]
    pose.pop("threads")
    # rules and what packages add decide on results as settings do
    parts = [table | {"pose": pose}, rules_sha256(default_folder())]
    load_extensions()
    if extensions := added(by_packages=True):
        parts.append(sorted(extensions))
    text = json.dumps(parts, default=str)
    return Purpose(
        archive=absolute(request.archive),
        config=hashlib.sha256(text.encode()).hexdigest(),
        version=__version__,
        follow_links=request.settings.follow_links,
    )


class _Batch:
    """The state of one batch; also the queue from which the engine takes its work."""

    def __init__(
        self,
        request: Request,
        store: Store,
        register: Register,
        *,
        key: Key,
        told: Told | None,
    ) -> None:
        self._request = request
        self._store = store
        self._key = key
        self._told = told
        self._purpose = purpose_of(request)
        pose = dataclasses.replace(request.config.pose, threads=1)
        self._config = dataclasses.replace(request.config, pose=pose)
        self._register = register
        self._journal = store.journal
        self._journal.base.execute("ATTACH ? AS register", (str(register.path),))
        self._feeder = Feeder(
            self._purpose,
            journal=store.folder / JOURNAL_FILE,
            register=register.path,
            key=key,
        )
        self._buffer: list[tuple[str, bytes]] = []
        self._counting = Counting(self._journal.base, self._purpose)
        self._waiting = self._journal.staged_count()

    # -- the queue of the engine

    @property
    def closed(self) -> bool:
        """True when the whole archive was walked and nothing is queued."""
        if self._buffer or not self._feeder.finished:
            return False
        self._fetch()
        return not self._buffer

    def next_job(self) -> Job | None:
        """Return the next queued work, marked as running."""
        if not self._buffer:
            self._fetch()
        if not self._buffer:
            return None
        work, text = self._buffer.pop(0)
        self._journal.start(work)
        return Job(
            work=work,
            item=from_json(text),
            config=self._config,
            store=str(self._store.folder.resolve()),
            time_limit_s=self._request.settings.time_limit_s,
        )

    def again(self, job: Job) -> None:
        """Count one more attempt."""
        self._journal.start(job.work)

    def _fetch(self) -> None:
        self._buffer = self._journal.base.execute(
            NEXT, {"archive": self._purpose.archive}
        ).fetchall()

    # -- from start to end

    def begin(self) -> bool:
        """Begin the walk; return whether workers are needed, as far as can be told."""
        purpose = self._purpose
        self._journal.begin(
            config=purpose.config, version=purpose.version, retry=self._request.retry
        )
        self._feeder.start()
        until = time.monotonic() + HEAD_START_S
        while not self._feeder.finished and time.monotonic() < until:
            self._fetch()
            if self._buffer:
                break
            time.sleep(LOOK_S)
        if self._feeder.error is not None:
            raise self._feeder.error
        return not self.closed

    def run(self, engine: Engine, *, watch: Watch | None) -> None:
        """Do everything that is queued and all that the walk finds."""
        try:
            for ended in engine.run(self):
                self._look(ended, watch)
        finally:
            engine.stop()

    def _look(self, ended: Ended | None, watch: Watch | None) -> None:
        if ended is not None:
            self._note(ended)
            if self._counting.done_now % FORGET_AFTER == 0:
                forget_keys()
        if self._feeder.error is not None:
            raise self._feeder.error
        if self._waiting >= self._request.settings.compact_after:
            self._compact()
        if watch is not None and self._counting.due():
            watch(self.tally())

    def leave_in_order(self) -> None:
        """Queue again what was running, and write what waits; whatever happened."""
        if self._feeder.is_alive():
            self._feeder.stop()
        self._journal.requeue()
        self._compact()
        replaced = self._journal.replaced()
        if replaced:
            remove(self._store.folder, self._journal, replaced)
            self._store.drop_series(replaced)
            self._journal.drop(replaced)
        self._register.commit()

    def tally(self) -> Tally:
        """Return how far the batch is."""
        return self._counting.count(self._feeder)

    def _compact(self) -> None:
        compact(self._store.folder, self._journal)
        self._waiting = 0

    # -- endings

    def _note(self, ended: Ended) -> None:
        self._counting.one_more()
        if isinstance(ended, Done):
            self._note_outcome(ended.job, ended.outcome)
        elif isinstance(ended, TimedOut):
            limit = self._request.settings.time_limit_s
            self._note_undone(
                ended.job.item,
                Ending(
                    work=ended.job.work,
                    state="failed",
                    error="TimeLimit",
                    seconds=ended.seconds,
                    worker=ended.worker,
                ),
                message=f"took longer than the time limit of {limit:g} s",
            )
        else:
            self._note_crash(ended)

    def _note_outcome(self, job: Job, outcome: Outcome) -> None:
        ending = Ending(
            work=job.work,
            state=outcome.state,
            error=outcome.error,
            subject=self._key.pseudonym(
                outcome.subject_id or job.item.subject.subject_id
            ),
            kinds=",".join(sorted(set(outcome.kinds))) or None,
            recordings=len(outcome.kinds) or None,
            seconds=outcome.seconds,
            worker=outcome.worker,
        )
        if outcome.error == OutputError.__name__:  # the next would end in the same way
            raise OutputError(outcome.message or "the store cannot be written")
        if outcome.state == "done":
            self._journal.end(ending, outcome.results)
            self._waiting += 1
        else:
            self._note_undone(job.item, ending, message=outcome.message or "")

    def _note_crash(self, ended: Crashed) -> None:
        parts = parts_of(ended.job.item)
        if len(parts) > 1:
            self._split(ended.job, parts)
            return
        subject = self._key.pseudonym(ended.job.item.subject.subject_id)
        self._note_undone(
            ended.job.item,
            Ending(
                work=ended.job.work,
                state="crashed",
                error="WorkerDied",
                subject=subject,
                worker=ended.worker,
            ),
            message="the worker died, twice, the second time with this alone: it was "
            "killed, ran out of memory, or a library crashed",
        )

    def _note_undone(self, item: Item, ending: Ending, *, message: str) -> None:
        paths = [item.path, *(source.path for source in item.sources)]
        safe = scrubbed(message, paths=paths)
        self._journal.end(dataclasses.replace(ending, message=safe))
        self._register.put_message(ending.work, message)
        if self._told is not None:
            self._told(f"{item.path}: {message.removeprefix(f'{item.path}: ')}", ending)

    def _split(self, job: Job, parts: tuple[Item, ...]) -> None:
        """Queue the recordings of a visit that killed its worker one by one."""
        purpose = self._purpose
        entries = []
        for part in parts:
            hashes = [self._register.hash_of(source) for source in part.sources]
            content, facts = content_of(part, hashes), facts_of(part)
            work = work_of(
                content, facts, config=purpose.config, version=purpose.version
            )
            self._register.put(part, archive=purpose.archive, work=work, walk=None)
            entries.append(
                Entry(work=work, content=content, facts=facts, bytes=part.size)
            )
        self._register.commit()
        self._journal.queue(entries, config=purpose.config, version=purpose.version)
        self._journal.end(
            Ending(
                work=job.work,
                state="crashed",
                error=SPLIT,
                message="the visit killed its worker; its recordings are done singly",
            )
        )


def parts_of(item: Item) -> tuple[Item, ...]:
    """Return a visit as one item for each of its recordings.

    Nothing but the visit file is opened: what is in the others kills processes.

    Parameters
    ----------
    item : Item
        What killed its worker.

    Returns
    -------
    tuple of Item
        The item itself where there is nothing to take apart.
    """
    if item.only is not None:
        return (item,)
    if item.layout == "visit_folder":
        names = _listed(item) or [
            source.name
            for source in item.sources
            if "/" not in source.name and why_not(source.path, source.size) is None
        ]
        return tuple(dataclasses.replace(item, only=name) for name in names) or (item,)
    if len(item.recordings) <= 1:
        return (item,)
    return tuple(
        dataclasses.replace(
            item,
            only=each.file.as_posix(),
            recordings=(each,),
            sources=tuple(s for s in item.sources if s.name == each.file.as_posix()),
        )
        for each in item.recordings
    )


def _listed(item: Item) -> list[str]:
    """Return the files that a visit file lists."""
    try:
        with at_hand(item) as folder:
            table = read_toml(folder / VISIT_FILE, error=InputError)
    except GaitkitError:
        return []
    listed = table.get("recording", [])
    each_one = [listed] if isinstance(listed, dict) else listed
    return [str(each["file"]) for each in each_one if "file" in each]
