"""How far a batch is, counted in the journal."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.archive.journal import STATES, UNDONE

if TYPE_CHECKING:
    import sqlite3

    from gaitkit.archive.feeder import Feeder, Purpose

RECENT_S = 60.0
"""The rate is that of the last minute."""

REPORT_EVERY_S = 0.5
COST = 20.0
"""Counting may take one part in so many of the time."""

COUNT = """
SELECT state, error, count(*) FROM journal j
WHERE config = ? AND version = ? AND EXISTS (
    SELECT 1 FROM register.items i WHERE i.work = j.work AND i.archive = ?
) GROUP BY state, error
"""
DUPLICATES = """
SELECT count(*) - count(DISTINCT work) FROM register.items WHERE archive = ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far a batch is.

    Attributes
    ----------
    counts : dict
        Number of visits in each state of the journal, of this archive.
    errors : dict
        Number that is not done by class of error.
    found, duplicates, passed_over : int
        Items of the walk so far; copies among them; files that are no recordings.
    walked : bool
        True when the whole archive was seen.
    done_now : int
        Finished by this batch.
    per_s : float or None
        Rate of the last minute; None before the first.
    seconds : float
        Since the batch began.
    """

    counts: dict[str, int]
    errors: dict[str, int]
    found: int
    duplicates: int
    passed_over: int
    walked: bool
    done_now: int
    per_s: float | None
    seconds: float

    @property
    def undone(self) -> int:
        """How many are over without a result."""
        return sum(self.counts[state] for state in UNDONE)

    @property
    def left_s(self) -> float | None:
        """Seconds that what is queued will take at the present rate."""
        waiting = self.counts["queued"] + self.counts["running"]
        return waiting / self.per_s if self.per_s else None

    def line(self) -> str:
        """Return the counts of every state in one line."""
        states = ", ".join(f"{self.counts[state]} {state}" for state in STATES)
        beside = f"{self.duplicates} duplicates, {self.passed_over} files passed over"
        return f"{states} ({beside})"


class Counting:
    """Counts, and knows when it is time to count again.

    Attributes
    ----------
    done_now : int
        Pieces of work that were over since it began.
    """

    def __init__(self, base: sqlite3.Connection, purpose: Purpose) -> None:
        """Take the connection of a journal to which the register is attached."""
        self._base = base
        self._purpose = purpose
        self._began = time.monotonic()
        self._recent: deque[float] = deque()
        self.done_now = 0
        self._next = float("-inf")

    def one_more(self) -> None:
        """Note that one piece of work is over."""
        self.done_now += 1
        now = time.monotonic()
        self._recent.append(now)
        self._let_go(now)

    def due(self) -> bool:
        """Return whether it is time to count again."""
        return time.monotonic() >= self._next

    def count(self, feeder: Feeder) -> Tally:
        """Return how far the batch is."""
        start = time.monotonic()
        purpose = self._purpose
        rows = self._base.execute(
            COUNT, (purpose.config, purpose.version, purpose.archive)
        ).fetchall()
        counts: Counter[str] = Counter(dict.fromkeys(STATES, 0))
        errors: Counter[str] = Counter()
        for state, error, number in rows:
            counts[state] += number
            if error is not None:
                errors[error] += number
        copies = self._base.execute(DUPLICATES, (purpose.archive,)).fetchone()[0]
        now = time.monotonic()
        self._next = now + max(REPORT_EVERY_S, COST * (now - start))
        self._let_go(now)
        span = min(RECENT_S, now - self._began)
        return Tally(
            counts=dict(counts),
            errors=dict(errors),
            found=feeder.found,
            duplicates=int(copies),
            passed_over=feeder.passed_over,
            walked=feeder.finished and feeder.error is None,
            done_now=self.done_now,
            per_s=len(self._recent) / span if self._recent else None,
            seconds=now - self._began,
        )

    def _let_go(self, now: float) -> None:
        while self._recent and now - self._recent[0] > RECENT_S:
            self._recent.popleft()
