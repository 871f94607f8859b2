"""The feeder: walks the archive beside the work and queues what is new.

It runs in its own thread with its own connections, so that a large file that is being
hashed holds nobody up.

Messages for the store: what went wrong, without anything that the input said.

A message may quote a path, a label or a line of a header, and each of these may hold a
name or a birth date. What the store keeps is therefore built from gaitkit's own words:
paths and quotations are cut, dates and long numbers too, and of the rest only words
that stand in gaitkit's own messages stay, in the same case. The whole message is in the
register, which lies outside the store. A name that is also such a word ("mark"), and
that a message gives outside a path and without quotation marks, would stay.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.item import Item, content_of, facts_of, work_of
from gaitkit.archive.journal import UNREADABLE, Ending, Entry, Journal
from gaitkit.archive.register import Register
from gaitkit.archive.walk import PassedOver, Unusable, walk
from gaitkit.errors import GaitkitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.archive.pseudonym import Key

CHUNK = 200
"""Items that are queued in one transaction."""

WAIT_S = 0.2
"""Seconds that an item may wait for others before it is queued."""

LONGEST = 300
"""Characters kept of a message."""

HIDDEN = "…"
DOCSTRING = re.compile(r'"""(?s:.*?)"""')
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»")
DATE = re.compile(r"\b\d{1,4}([-/. ])\d{1,2}\1\d{1,4}\b|\b\d{6,}\b")
TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
REPEATED = re.compile(rf"{HIDDEN}(?:[\W_]*{HIDDEN})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a batch does: which archive, with which settings and version.

    Attributes
    ----------
    archive : str
        Absolute path or URL.
    config : str
        Hash of everything that decides on a result.
    version : str
        Version of gaitkit.
    follow_links : bool
        True where links that lead out of the archive are part of it.
    """

    archive: str
    config: str
    version: str
    follow_links: bool = False


class Feeder(threading.Thread):
    """Walks an archive and queues its work.

    Attributes
    ----------
    found, passed_over : int
        Items so far, copies included; files that are no recordings.
    finished : bool
        True when the whole archive was walked, or the walk ended in ``error``.
    error : GaitkitError or None
        Why the walk ended early.
    """

    def __init__(
        self, purpose: Purpose, *, journal: Path, register: Path, key: Key
    ) -> None:
        """Prepare; nothing happens before `start`."""
        super().__init__(name="gaitkit-feeder", daemon=True)
        self.found = self.passed_over = 0
        self.finished = False
        self.error: Exception | None = None
        self._purpose = purpose
        self._journal_path = journal
        self._register_path = register
        self._key = key
        self._ending = threading.Event()
        self._flushed = 0.0
        self._items: list[Item] = []
        self._entries: list[Entry] = []

    def stop(self) -> None:
        """End the walk soon, and wait for it."""
        self._ending.set()
        self.join()

    def run(self) -> None:
        """Walk the archive; what goes wrong stands in ``error`` afterwards."""
        try:
            self._walk()
        except Exception as wrong:  # noqa: BLE001 - raised again in the main thread
            self.error = wrong
        finally:
            self.finished = True

    def _walk(self) -> None:
        journal = Journal(self._journal_path)
        try:
            with Register(self._register_path) as register:
                number = register.next_walk()
                archive, follow = self._purpose.archive, self._purpose.follow_links
                for found in walk(archive, follow_links=follow):
                    if self._ending.is_set():
                        break
                    self._take(found, register, journal, number)
                self._sort_out(register, journal, number)
                if not self._ending.is_set():
                    register.drop_unseen(self._purpose.archive, walk=number)
        finally:
            journal.close()

    def _take(
        self,
        found: Item | PassedOver | Unusable,
        register: Register,
        journal: Journal,
        number: int,
    ) -> None:
        if isinstance(found, PassedOver):
            self.passed_over += 1
            return
        if isinstance(found, Unusable):
            item = Item(path=found.path, layout="file", sources=())
            self._refuse(item, found.why, register, journal, number)
            return
        self._items.append(found)
        if self._late() or len(self._items) >= CHUNK:
            self._sort_out(register, journal, number)

    def _late(self) -> bool:
        return time.monotonic() - self._flushed > WAIT_S

    def _sort_out(self, register: Register, journal: Journal, number: int) -> None:
        """Pass by what is as it was, and queue the rest of the items that wait."""
        items, self._items = self._items, []
        purpose = self._purpose
        known = register.known(items, archive=purpose.archive)
        ours = journal.among(
            list(known.values()), config=purpose.config, version=purpose.version
        )
        again = [path for path, work in known.items() if work in ours]
        register.seen(again, walk=number)
        self.found += len(again)
        for item in items:
            if known.get(item.path) not in ours:
                self._add(item, register, journal, number)
            if self._late():
                self._flush(register, journal)
        self._flush(register, journal)

    def _add(
        self, item: Item, register: Register, journal: Journal, number: int
    ) -> None:
        """Hash an item and prepare its entry."""
        try:
            content = content_of(item, [register.hash_of(s) for s in item.sources])
        except GaitkitError as why:
            self._refuse(item, why, register, journal, number)
        else:
            self._queue(item, content, register, number)

    def _queue(
        self, item: Item, content: str, register: Register, number: int
    ) -> Entry:
        purpose = self._purpose
        facts = facts_of(item)
        work = work_of(content, facts, config=purpose.config, version=purpose.version)
        register.put(item, archive=purpose.archive, work=work, walk=number)
        entry = Entry(work=work, content=content, facts=facts, bytes=item.size)
        self._entries.append(entry)
        self.found += 1
        return entry

    def _refuse(
        self,
        item: Item,
        why: GaitkitError,
        register: Register,
        journal: Journal,
        number: int,
    ) -> None:
        """Note an item that cannot even be hashed, by the keyed hash of its path."""
        content = f"{UNREADABLE}{self._key.pseudonym(item.path)}"
        entry = self._queue(item, content, register, number)
        self._flush(register, journal)
        register.put_message(entry.work, str(why))
        message = scrubbed(str(why), paths=[item.path])
        if journal.state_of(entry.work) == "queued":
            journal.end(
                Ending(
                    work=entry.work,
                    state="refused",
                    error=type(why).__name__,
                    message=message,
                )
            )

    def _flush(self, register: Register, journal: Journal) -> None:
        """Make the items durable first: queued work without its item is no work."""
        register.commit()
        purpose = self._purpose
        journal.queue(self._entries, config=purpose.config, version=purpose.version)
        self._entries.clear()
        self._flushed = time.monotonic()


def scrubbed(message: str, *, paths: Iterable[str]) -> str:
    """Return a message with gaitkit's own words and plain numbers only.

    Parameters
    ----------
    message : str
        As raised.
    paths : iterable of str
        The files concerned: cut out as a whole, and by name.
    """
    text = " ".join(message.split())
    for path in sorted(_forms(paths), key=len, reverse=True):
        text = text.replace(path, HIDDEN)
    text = QUOTED.sub(HIDDEN, text)
    text = DATE.sub(HIDDEN, text)
    known = _words()
    kept = (
        token if not WORD.fullmatch(token) or token in known else HIDDEN
        for token in TOKEN.findall(text)
    )
    return REPEATED.sub(HIDDEN, "".join(kept))[:LONGEST]


def _forms(paths: Iterable[str]) -> set[str]:
    """Return the forms in which a message may give a path."""
    forms: set[str] = set()
    for path in paths:
        forms |= {path, Path(path).name, str(Path(path).parent)}
    return {form for form in forms if len(form) > 1}


@cache
def _words() -> frozenset[str]:
    """Return the words of the texts in gaitkit's own source, docstrings left out."""
    words: set[str] = set()
    for module in Path(__file__).parents[1].rglob("*.py"):
        source = DOCSTRING.sub("", module.read_text(encoding="utf-8"))
        for literal in LITERAL.findall(source):
            words.update(WORD.findall(literal))
    return frozenset(words)
