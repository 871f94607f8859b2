"""Files of an archive, on this machine or behind a URL that fsspec knows.

Local paths need no extra; ``s3://``, ``sftp://``, ``memory://`` and others need fsspec
and, most of them, a package of their own that fsspec names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from gaitkit.errors import InputError, MissingExtraError
from gaitkit.scratch import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gaitkit.archive.item import Item, Source

BLOCK_BYTES = 1 << 20
"""What is read at once while hashing or copying."""

CHANGES = (
    "ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "last_modified",
    "modified", "updated", "created",
)  # fmt: skip
"""What file systems of fsspec call that which changes with a file, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a folder: where it is, how large, and what tells of a change."""

    path: str
    size: int
    stamp: str

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.replace(os.sep, "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is in one folder, each sorted by name; hidden names are left out."""

    files: tuple[Entry, ...]
    folders: tuple[str, ...]
    links: frozenset[str] = frozenset()
    """Paths among them that are links of the file system to somewhere else."""


class Links:
    """Where the links of an archive lead, and which of them a walk follows.

    What a link shows that lies in the archive is walked where it lies: a circle ends
    there. What lies outside belongs to the archive when the user says so.
    """

    def __init__(self, root: str, *, follow: bool) -> None:
        """Take the folder of the archive, and whether links out of it are followed."""
        self._roots = [os.path.realpath(root)]
        self._follow = follow

    def why_not(self, path: str, listing: Listing) -> str | None:
        """Return why something in a listing is passed over; None: it is walked."""
        if path not in listing.links:
            again = len(self._roots) > 1 and os.path.realpath(path) in self._roots
            return "this folder is walked already" if again else None
        real = os.path.realpath(path)
        if any(Path(real).is_relative_to(root) for root in self._roots):
            return "a link to something in the archive, which is used where it lies"
        if not self._follow:
            return "a link that leads out of the archive; --follow-links follows it"
        if path in listing.folders:
            self._roots.append(real)
        return None


def is_text(path: str) -> bool:
    """Return whether a name is text; Linux allows any bytes, journals want UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(path: str) -> str:
    r"""Return a name that can be written down, with \xe9 for bytes that are no text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_url(path: str) -> bool:
    """Return whether a path is a URL and not a path of this machine."""
    return "://" in path


def absolute(path: str) -> str:
    """Return a path that means the same for every worker."""
    if is_url(path):
        return path.rstrip("/")
    return str(Path(path).expanduser().resolve())


def is_folder(path: str) -> bool:
    """Return whether a path is a folder.

    Raises
    ------
    InputError
        If there is nothing.
    """
    if not is_text(path):
        msg = f"{shown(path)}: expected a name in UTF-8; rename it"
        raise InputError(msg)
    if is_url(path):
        files = _filesystem(path)
        there, folder = files.exists(path), files.isdir(path)
    else:
        there, folder = Path(path).exists(), Path(path).is_dir()
    if not there:
        msg = (
            f"{path}: expected a folder of recordings, a recording or a manifest, and "
            "there is nothing; check the path"
        )
        raise InputError(msg)
    return bool(folder)


def list_folder(folder: str) -> Listing:
    """Return the files and folders of a folder.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if is_url(folder):
        return _list_remote(folder)
    files, folders, links = [], [], set()
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if not _is_there(entry):
                    continue
                if _is_link(entry):
                    links.add(entry.path)
                if entry.is_dir():
                    folders.append(entry.path)
                elif entry.is_file():
                    files.append(_local_entry(entry.path, entry.stat()))
    except OSError as cause:
        msg = (
            f"{folder}: the folder cannot be read ({cause.strerror}); check permissions"
        )
        raise InputError(msg) from None
    return Listing(files=tuple(files), folders=tuple(folders), links=frozenset(links))


def _is_there(entry: os.DirEntry[str]) -> bool:
    """Return False for a hidden name, and for a link to nothing or to itself."""
    if entry.name.startswith("."):
        return False
    try:
        entry.stat()
    except OSError:
        return not _is_link(entry)
    return True


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether this is a link, or what Windows has beside links.

    Python 3.11 does not tell of the second.
    """
    is_junction = getattr(entry, "is_junction", None)
    return entry.is_symlink() or bool(is_junction and is_junction())


def entry_of(path: str) -> Entry:
    """Return a file with its size and stamp.

    Raises
    ------
    InputError
        If it is not there.
    """
    try:
        if is_url(path):
            return _remote_entry(path, _filesystem(path).info(path))
        return _local_entry(path, Path(path).stat())
    except OSError as cause:
        msg = f"{path}: expected a recording, and it cannot be read ({cause.strerror})"
        raise InputError(f"{msg}; was it moved?") from None


@contextmanager
def reading(path: str) -> Iterator[IO[bytes]]:
    """Open a file to read its bytes."""
    if is_url(path):
        with _filesystem(path).open(path, "rb") as stream:
            yield stream
    else:
        with Path(path).open("rb") as stream:
            yield stream


def sha256(path: str) -> str:
    """Return the sha256 of a file, in hexadecimal.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with reading(path) as stream:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
    except OSError as cause:
        msg = f"{path}: the file cannot be read ({cause.strerror}); check permissions"
        raise InputError(msg) from None
    return digest.hexdigest()


@contextmanager
def at_hand(item: Item) -> Iterator[Path]:
    """Yield the local folder from which the names of an item's sources count.

    What lies behind a URL is copied into a temporary folder, which is gone when the
    block ends; a decoder must be able to seek.

    Raises
    ------
    InputError
        If a file has gone or has changed since the archive was walked.
    """
    for source in item.sources:
        now = entry_of(source.path)
        if (now.size, now.stamp) != (source.size, source.stamp):
            msg = f"{source.path}: the file changed after it was listed; run again"
            raise InputError(msg)
    if not is_url(item.sources[0].path):
        yield _base(item.sources[0])
        return
    with temporary_folder() as folder:
        for source in item.sources:
            target = folder / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with reading(source.path) as stream, target.open("wb") as copy:
                shutil.copyfileobj(stream, copy, BLOCK_BYTES)
        try:
            yield folder
        except InputError as wrong:  # the copy is gone when somebody reads this
            first = item.sources[0]
            place = first.path.removesuffix(f"/{first.name}")
            raise type(wrong)(str(wrong).replace(str(folder), place)) from wrong


def _base(source: Source) -> Path:
    """Return the folder that, with the name of the source, makes its path."""
    return Path(source.path).parents[source.name.count("/")]


def _local_entry(path: str, stat: os.stat_result) -> Entry:
    return Entry(path=path, size=stat.st_size, stamp=str(stat.st_mtime_ns))


def _list_remote(folder: str) -> Listing:
    files, found, folders = _filesystem(folder), [], []
    try:
        details = sorted(files.ls(folder, detail=True), key=lambda each: each["name"])
    except OSError as cause:
        msg = f"{folder}: the folder cannot be read ({cause}); check the address"
        raise InputError(msg) from None
    for each in details:
        path = str(files.unstrip_protocol(each["name"]))
        name = path.rstrip("/").rpartition("/")[2]
        if name.startswith(".") or path.rstrip("/") == folder.rstrip("/"):
            continue
        if each["type"] == "directory":
            folders.append(path.rstrip("/"))
        else:  # a web server lists names alone
            told = files.info(path) if each.get("size") is None else each
            found.append(_remote_entry(path, told))
    return Listing(files=tuple(found), folders=tuple(folders))


def _remote_entry(path: str, details: Mapping[str, Any]) -> Entry:
    """Return a remote file, with what its server says that changes with its content.

    A listing and a single file are described in different words by many servers (the
    zone of a time, empty fields), so that fsspec's own ``ukey`` differs between them.
    """
    told = next((details[name] for name in CHANGES if details.get(name)), "")
    stamp = told.timestamp() if isinstance(told, datetime) else told
    return Entry(path=path, size=int(details["size"] or 0), stamp=str(stamp))


def _filesystem(url: str) -> Any:  # noqa: ANN401 - fsspec has no types
    try:
        import fsspec
    except ImportError:
        msg = f"{url}: expected fsspec for a URL; pip install 'gaitkit-clinic[archive]'"
        raise MissingExtraError(msg) from None
    try:
        return cast("Any", fsspec.core.url_to_fs(url)[0])
    except (ImportError, ValueError) as cause:
        msg = f"{url}: no way is known to read this ({cause}); install what it names"
        raise MissingExtraError(msg) from None
