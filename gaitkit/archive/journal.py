"""The journal: what became of every piece of work, in sqlite (WAL).

A piece of work is one visit of the archive, usually one recording, keyed by content,
configuration and version (`gaitkit.archive.item.work_of`). Its state:

=========  ==================================================================
queued     to be done
running    given to a worker; after a stop it is queued again
done       its results are in the store
refused    the recording cannot be used; the message says why
failed     an error of gaitkit, of the system, or the time limit
crashed    its worker died, twice, the second time alone
=========  ==================================================================

A result enters the journal in one transaction with the state ``done`` (table
``staged``), and leaves it in one transaction with the name of the Parquet file that
holds it (table ``parts``): half a result never counts, whatever happens when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

from gaitkit.archive.database import (
    Cells,
    check_cells,
    connect,
    look,
    looking,
    own_errors,
    vacuum,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

State = Literal["queued", "running", "done", "refused", "failed", "crashed"]
STATES: tuple[State, ...] = get_args(State)
UNREADABLE = "unreadable-"
"""First part of the content of what could not be hashed."""

UNDONE: tuple[State, ...] = ("refused", "failed", "crashed")
"""States of work that is over and has no result."""

SPLIT = "VisitSplit"
"""Error of a visit that killed its worker and whose recordings stand by themselves."""

JOURNAL_FILE = "journal.sqlite"

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, work TEXT UNIQUE, content TEXT, facts TEXT,
    config TEXT, version TEXT, state TEXT, subject TEXT, kinds TEXT,
    recordings INTEGER, bytes INTEGER, error TEXT, message TEXT, seconds REAL,
    worker TEXT, attempts INTEGER DEFAULT 0, finished TEXT
);
CREATE INDEX IF NOT EXISTS by_state ON journal (state, number);
CREATE INDEX IF NOT EXISTS by_content ON journal (content, facts);
CREATE TABLE IF NOT EXISTS staged (work TEXT PRIMARY KEY, subject TEXT, results BLOB);
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, rows INTEGER);
"""
RESULT_CELLS: Cells = {
    "parts": {"name": "text", "rows": "integer"},
    "staged": {"work": "text", "subject": "text or null", "results": "blob"},
}
CELLS: Cells = {
    **RESULT_CELLS,
    "journal": {"work": "text", "state": "text", "attempts": "integer"},
}
COLUMNS = (
    "work", "content", "config", "version", "state", "subject", "kinds", "recordings",
    "bytes", "error", "message", "seconds", "worker", "attempts", "finished",
)  # fmt: skip
"""What the view ``journal`` shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A piece of work as it is queued."""

    work: str
    content: str
    facts: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a piece of work ended, in words that may enter the store.

    Attributes
    ----------
    work : str
        Its key.
    state : str
        One of `STATES` but queued and running.
    error, message : str or None
        Class of the error and its scrubbed message.
    subject : str or None
        Pseudonym.
    kinds : str or None
        Kinds of its recordings, in order of the alphabet, joined by a comma.
    recordings : int or None
        How many there were.
    seconds : float or None
        Time in the worker.
    worker : str or None
        Which one.
    """

    work: str
    state: State
    error: str | None = None
    message: str | None = None
    subject: str | None = None
    kinds: str | None = None
    recordings: int | None = None
    seconds: float | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A result that waits to be written to Parquet."""

    work: str
    subject: str | None
    results: bytes


class Journal:
    """The journal of a store; one connection, for one thread."""

    def __init__(self, path: Path, *, only_read: bool = False) -> None:
        """Open the journal, making it where it is not there unless it is only read.

        Raises
        ------
        DamagedStoreError
            If it is damaged.
        OutputError
            If it cannot be written.
        """
        self.base = look(path) if only_read else connect(path)
        if only_read:
            return
        with own_errors(path):
            self.base.executescript(SCHEMA)
            check_cells(self.base, path, CELLS)

    def close(self) -> None:
        """Close the connection."""
        self.base.close()

    def empty(self) -> bool:
        """Return whether nothing was ever queued."""
        return self.base.execute("SELECT 1 FROM journal LIMIT 1").fetchone() is None

    def state_of(self, work: str) -> State | None:
        """Return the state of a piece of work, None for an unknown one."""
        row = self.base.execute("SELECT state FROM journal WHERE work = ?", (work,))
        found = row.fetchone()
        return None if found is None else found[0]

    def among(self, works: Sequence[str], *, config: str, version: str) -> set[str]:
        """Return which works a walk need not look at again.

        That is what is known under a configuration and version, whatever became of
        it; but what could not be read then is tried again.
        """
        rows = self.base.execute(
            f"SELECT work FROM journal WHERE work IN ({', '.join('?' * len(works))}) "
            "AND config = ? AND version = ? AND content NOT GLOB ?",
            (*works, config, version, f"{UNREADABLE}*"),
        )
        return {row[0] for row in rows}

    def queue(self, entries: Iterable[Entry], *, config: str, version: str) -> None:
        """Queue new work; what is known already stays as it is."""
        rows = [(e.work, e.content, e.facts, e.bytes, config, version) for e in entries]
        with self.base:
            self.base.executemany(
                "INSERT OR IGNORE INTO journal "
                "(work, content, facts, bytes, config, version, state) "
                "VALUES (?, ?, ?, ?, ?, ?, 'queued')",
                rows,
            )

    def begin(self, *, config: str, version: str, retry: bool) -> None:
        """Put a journal in order after a stop, before a batch.

        Parameters
        ----------
        config, version : str
            Those of the batch; work that was queued with others is dropped.
        retry : bool
            True queues failed and crashed work again; a refusal would be repeated.
        """
        self.requeue()
        with self.base:
            self.base.execute(
                "DELETE FROM journal WHERE state IN ('queued', 'running') "
                "AND (config != ? OR version != ?)",
                (config, version),
            )
            if retry:
                self.base.execute(
                    "UPDATE journal SET state = 'queued', error = NULL, message = NULL "
                    "WHERE state IN ('failed', 'crashed') AND config = ? "
                    "AND version = ? AND error != ?",
                    (config, version, SPLIT),
                )

    def start(self, work: str) -> None:
        """Mark work as running."""
        with self.base:
            self.base.execute(
                "UPDATE journal SET state = 'running', attempts = attempts + 1 "
                "WHERE work = ?",
                (work,),
            )

    def requeue(self) -> None:
        """Queue again what was running; nothing runs when nobody has the store."""
        with self.base:
            self.base.execute(
                "UPDATE journal SET state = 'queued' WHERE state = 'running'"
            )

    def end(self, ending: Ending, results: bytes | None = None) -> None:
        """Note how work ended; with its results, in one transaction."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with self.base:
            self.base.execute(
                "UPDATE journal SET state = ?, error = ?, message = ?, subject = ?, "
                "kinds = ?, recordings = ?, seconds = ?, worker = ?, finished = ? "
                "WHERE work = ?",
                (
                    ending.state, ending.error, ending.message, ending.subject,
                    ending.kinds, ending.recordings, ending.seconds, ending.worker, now,
                    ending.work,
                ),
            )  # fmt: skip
            if results is not None:
                self.base.execute(
                    "INSERT OR REPLACE INTO staged VALUES (?, ?, ?)",
                    (ending.work, ending.subject, results),
                )

    def drop(self, works: Iterable[str]) -> None:
        """Remove work altogether."""
        rows = [(work,) for work in works]
        with self.base:
            self.base.executemany("DELETE FROM journal WHERE work = ?", rows)
            self.base.executemany("DELETE FROM staged WHERE work = ?", rows)

    def drop_staged(self, works: Iterable[str]) -> None:
        """Remove results that wait."""
        with self.base:
            self.base.executemany(
                "DELETE FROM staged WHERE work = ?", [(work,) for work in works]
            )

    def staged(self, limit: int) -> tuple[Staged, ...]:
        """Return some results that wait, in the order of their keys' arrival."""
        rows = self.base.execute(
            "SELECT work, subject, results FROM staged ORDER BY rowid LIMIT ?", (limit,)
        )
        return tuple(Staged(work=w, subject=s, results=r) for w, s, r in rows)

    def staged_count(self) -> int:
        """Return how many results wait."""
        return int(self.base.execute("SELECT count(*) FROM staged").fetchone()[0])

    def parts(self) -> dict[str, int]:
        """Return the Parquet files that count, with their rows."""
        rows = self.base.execute("SELECT name, rows FROM parts ORDER BY name")
        return dict(rows.fetchall())

    def move(
        self,
        *,
        new: dict[str, int],
        old: Sequence[str] = (),
        works: Sequence[str] = (),
    ) -> None:
        """Let new Parquet files count, old ones no more, and drop what was staged."""
        with self.base:
            self.base.executemany(
                "DELETE FROM parts WHERE name = ?", [(name,) for name in old]
            )
            self.base.executemany(
                "INSERT OR REPLACE INTO parts VALUES (?, ?)", list(new.items())
            )
            self.base.executemany(
                "DELETE FROM staged WHERE work = ?", [(work,) for work in works]
            )

    def works_of(self, subject: str) -> tuple[str, ...]:
        """Return every piece of work of a person, by pseudonym."""
        rows = self.base.execute(
            "SELECT work FROM journal WHERE subject = ?", (subject,)
        )
        return tuple(row[0] for row in rows)

    def replaced(self) -> tuple[str, ...]:
        """Return work that was done again and counts no more.

        Its content was done with newer settings or a newer version; or its file, or
        what was told about it, has changed, and no other file is that work. For the
        second the register must be attached.
        """
        rows = self.base.execute(
            "SELECT old.work FROM journal old JOIN journal new USING (content, facts) "
            "WHERE new.state IN ('done', 'refused') AND new.number > old.number "
            "AND (new.config != old.config OR new.version != old.version) "
            "UNION SELECT changed.old FROM register.changed "
            "JOIN journal new ON new.work = changed.new "
            "WHERE new.state IN ('done', 'refused') "
            "AND changed.old IN (SELECT work FROM journal) "
            "AND changed.old NOT IN (SELECT work FROM register.items)"
        )
        return tuple(row[0] for row in rows)

    def vacuum(self) -> None:
        """Rewrite the file, so that nothing deleted is left in it."""
        vacuum(self.base)


def snapshot(path: Path) -> list[tuple[object, ...]]:
    """Return the journal as rows of `COLUMNS`, also while a batch writes it."""
    with looking(path) as base:
        rows = base.execute(f"SELECT {', '.join(COLUMNS)} FROM journal ORDER BY number")
        return rows.fetchall()


def snapshot_of(path: Path, states: Iterable[State]) -> dict[str, State]:
    """Return the work that is in some states, with its state, in order."""
    wanted = set(states)
    with looking(path) as base:
        rows = base.execute("SELECT work, state FROM journal ORDER BY number")
        return {work: state for work, state in rows if state in wanted}


def standing(path: Path) -> tuple[list[str], list[Staged]]:
    """Return the Parquet files that count and the results that wait, at one moment."""
    with looking(path) as base:
        base.execute("BEGIN")
        check_cells(base, path, RESULT_CELLS)
        names = base.execute("SELECT name FROM parts ORDER BY name").fetchall()
        rows = base.execute("SELECT work, subject, results FROM staged ORDER BY rowid")
        staged = [Staged(work=w, subject=s, results=r) for w, s, r in rows]
        return [row[0] for row in names], staged
