"""The register: which recording is which file; with the key, outside the store.

It has three uses: the clinic finds the file behind a failure; a walk over an archive
that was seen before hashes nothing again; and a batch that was stopped knows what is
still to be done. A sqlite file in WAL mode:

=========  ===============================================================
table      content
=========  ===============================================================
files      path, size, stamp and sha256 of every file that was hashed
items      path, archive, key of the work, the item as JSON, number of the walk
messages   the whole message of every work that was not done
changed    work of an item as it was, and the work that it is since
=========  ===============================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.archive.database import Cells, connect, looking, own_errors, vacuum
from gaitkit.archive.item import content_of, facts_of, from_json, to_json
from gaitkit.archive.journal import Entry
from gaitkit.archive.place import sha256, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from gaitkit.archive.item import Item, Source

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER, stamp TEXT, sha256 TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    path TEXT, only_one TEXT, archive TEXT, work TEXT, item BLOB, walk INTEGER,
    PRIMARY KEY (path, only_one)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_of_work ON items (work);
CREATE TABLE IF NOT EXISTS messages (work TEXT PRIMARY KEY, message TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changed (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID;
"""
CELLS: Cells = {
    "files": {"path": "text", "size": "integer", "stamp": "text", "sha256": "text"},
    "items": {
        "path": "text",
        "only_one": "text",
        "archive": "text",
        "work": "text or null",
    },
    "changed": {"old": "text", "new": "text"},
}
WHOLE = ""
"""``only_one`` of an item that is done as a whole."""


class Register:
    """The files behind the store; one connection, for one thread."""

    def __init__(self, path: Path) -> None:
        """Open the register, making it where it is not there.

        Raises
        ------
        DamagedStoreError
            If it is damaged.
        OutputError
            If it cannot be written.
        """
        self.path = path
        self._base = connect(path)
        with own_errors(path):
            self._base.executescript(SCHEMA)

    def __enter__(self) -> Register:
        """Return the register itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; what was not committed is dropped on an error."""
        if kind is None:
            self._base.commit()
        self._base.close()

    def commit(self) -> None:
        """Make everything since the last time durable."""
        self._base.commit()

    def next_walk(self) -> int:
        """Return the number of a walk that begins now."""
        row = self._base.execute("SELECT coalesce(max(walk), 0) + 1 FROM items")
        return int(row.fetchone()[0])

    def hash_of(self, source: Source) -> str:
        """Return the sha256 of a file, read again only when it has changed.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        row = self._base.execute(
            "SELECT sha256 FROM files WHERE path = ? AND size = ? AND stamp = ?",
            (source.path, source.size, source.stamp),
        ).fetchone()
        if row is not None:
            return str(row[0])
        self._base.commit()  # hashing may take long, and others write too
        digest = sha256(source.path)
        self._base.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            (source.path, source.size, source.stamp, digest),
        )
        return digest

    def put(self, item: Item, *, archive: str, work: str, walk: int | None) -> None:
        """Note where an item was found and which work it is.

        ``walk`` is None for a part of a visit, which no walk finds by itself. What
        was told about the item or is in its files may have changed since it was
        another work, as may settings; the parts of a changed visit are gone.
        """
        only = WHOLE if item.only is None else item.only
        before = self._base.execute(
            "SELECT work, only_one FROM items WHERE path = ? AND work != ? "
            "AND ? IN (only_one, '')",
            (item.path, work, only),
        ).fetchall()
        for old, part in before:
            self._base.execute("UPDATE changed SET new = ? WHERE new = ?", (work, old))
            self._base.execute(
                "INSERT OR REPLACE INTO changed VALUES (?, ?)", (old, work)
            )
            self._base.execute(
                "DELETE FROM items WHERE path = ? AND only_one = ?", (item.path, part)
            )
        self._base.execute("DELETE FROM changed WHERE old = ?", (work,))
        self._base.execute(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)",
            (item.path, only, archive, work, to_json(item), walk),
        )

    def known(self, items: Sequence[Item], *, archive: str) -> dict[str, str]:
        """Return the works of the items that are as they were, by path.

        Parameters
        ----------
        items : sequence of Item
            Whole ones, from a walk.
        archive : str
            Where they were found now.

        Returns
        -------
        dict
            An item is in it when size and stamp of its files and all that was told
            about it are what they were when it was found in this archive before.
        """
        marks = ", ".join("?" * len(items))
        rows = self._base.execute(
            f"SELECT path, item, work FROM items WHERE path IN ({marks}) "
            "AND only_one = ? AND archive = ?",
            (*(item.path for item in items), WHOLE, archive),
        )
        before = {path: (text, work) for path, text, work in rows}
        found = {}
        for item in items:
            text, work = before.get(item.path, (None, ""))
            if text is not None and text == to_json(item):
                found[item.path] = work
        return found

    def seen(self, paths: Iterable[str], *, walk: int) -> None:
        """Note that a walk found items again as they were."""
        self._base.executemany(
            "UPDATE items SET walk = ? WHERE path = ? AND only_one = ?",
            [(walk, path, WHOLE) for path in paths],
        )

    def drop_unseen(self, archive: str, *, walk: int) -> None:
        """Forget the items of an archive that its last whole walk did not find."""
        self._base.execute(
            "DELETE FROM items WHERE archive = ? AND walk < ?", (archive, walk)
        )

    def put_message(self, work: str, message: str) -> None:
        """Note the whole message of a work that was not done."""
        self._base.execute(
            "INSERT OR REPLACE INTO messages VALUES (?, ?)", (work, shown(message))
        )
        self._base.commit()

    def item_of(self, work: str) -> Item | None:
        """Return the item of a work, None when the register does not know it."""
        row = self._base.execute(
            "SELECT item FROM items WHERE work = ? LIMIT 1", (work,)
        ).fetchone()
        return None if row is None else from_json(row[0])

    def entry_of(self, work: str) -> Entry | None:
        """Return what the journal notes of a work, None where it cannot be known."""
        item = self.item_of(work)
        if item is None:
            return None
        hashes = [
            row[0]
            for source in item.sources
            for row in self._base.execute(
                "SELECT sha256 FROM files WHERE path = ?", (source.path,)
            )
        ]
        if len(hashes) != len(item.sources):
            return None
        content = content_of(item, hashes)
        return Entry(work=work, content=content, facts=facts_of(item), bytes=item.size)

    def paths(self, works: Iterable[str]) -> tuple[str, ...]:
        """Return where the items of some works lie, sorted."""
        found = [
            row[0]
            for work in works
            for row in self._base.execute(
                "SELECT path FROM items WHERE work = ?", (work,)
            )
        ]
        return tuple(sorted(found))

    def works_told_of(self, is_them: Callable[[str], bool]) -> set[str]:
        """Return the works of which a manifest or a name told a certain subject."""
        rows = self._base.execute("SELECT work, item FROM items")
        return {
            work for work, text in rows if is_them(from_json(text).subject.subject_id)
        }

    def forget(self, works: Iterable[str]) -> None:
        """Remove every trace of some works: items, messages and the hashes of files."""
        for work in works:
            rows = self._base.execute("SELECT item FROM items WHERE work = ?", (work,))
            for (text,) in rows.fetchall():
                self._forget_files(text)
            self._base.execute("DELETE FROM items WHERE work = ?", (work,))
            self._base.execute("DELETE FROM messages WHERE work = ?", (work,))
            self._base.execute("DELETE FROM changed WHERE ? IN (old, new)", (work,))
        self._base.commit()
        vacuum(self._base)

    def _forget_files(self, text: bytes) -> None:
        paths = [(source.path,) for source in from_json(text).sources]
        self._base.executemany("DELETE FROM files WHERE path = ?", paths)


def messages_of(register: Path) -> dict[str, tuple[str, str]]:
    """Return path and message of every work that was not done."""
    with looking(register) as base:
        rows = base.execute(
            "SELECT m.work, min(i.path), m.message FROM messages m "
            "JOIN items i USING (work) GROUP BY m.work"
        )
        return {work: (path, message) for work, path, message in rows}


def register_path(key: Path) -> Path:
    """Return where the register lies: beside the key."""
    return key.with_name(f"{key.stem}.register")
