"""Files for their owner alone, and what a run that was killed leaves to the next.

What is not finished stands under a hidden name that tells the host and the number of
the process that makes it, ``.report.3f2a9c01-4711-k2j3h4g5.part``. A run that is ended
by a signal removes it; after a ``kill -9`` or a power cut the next run that writes in
the same place finds the name, sees that nobody lives who could finish it, and does.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import uuid
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PRIVATE_UMASK = 0o077
"""What a process takes away from everybody else; nothing on Windows, where the folders
of a user are closed to others by themselves."""

UNFINISHED = re.compile(
    r"\..*\.(?P<host>[0-9a-f]{8})-(?P<process>\d{1,10})-\w{8}\.part"
)
LONGEST_STEM = 40
"""Letters of the final name that an unfinished one repeats; systems allow 255 bytes."""

SYNCHRONIZE = 0x0010_0000
"""The least that Windows lets one ask of another process."""


def unfinished(path: Path) -> Path:
    """Return a new hidden name beside a path, under which it is made."""
    stem = path.name[:LONGEST_STEM]
    return path.parent / f".{stem}.{_maker()}-{uuid.uuid4().hex[:8]}.part"


def make_private_folder(path: Path) -> None:
    """Make a folder and those above it that are not there, for their owner alone.

    Raises
    ------
    OSError
        If one cannot be made.
    """
    for each in (*reversed(path.parents), path):
        if not each.is_dir():
            with suppress(FileExistsError):  # another process made it meanwhile
                each.mkdir(mode=PRIVATE_FOLDER)
    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)  # says it when a file is in the way


def make_private(path: Path) -> None:
    """Close a file, or a folder with everything in it, to all but the owner.

    Raises
    ------
    OSError
        If it is not there, or not one's own.
    """
    if path.is_dir():
        path.chmod(PRIVATE_FOLDER)
        for each in path.iterdir():
            make_private(each)
    else:
        path.chmod(PRIVATE_FILE)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder for the owner alone, which is gone when the block ends.

    Those that killed runs have left are removed first.
    """
    place = Path(tempfile.gettempdir())
    clear_dead(place)
    made = tempfile.mkdtemp(prefix=f".gaitkit.{_maker()}-", suffix=".part", dir=place)
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


@cache
def clear_dead(folder: Path) -> None:
    """Remove what dead runs of this user on this host left in a folder, once a run."""
    with suppress(OSError):  # what cannot be listed cannot be cleared
        for path in sorted(folder.iterdir()):
            match = UNFINISHED.fullmatch(path.name)
            if match is None or match["host"] != _host() or not _is_own(path):
                continue
            if not _is_alive(int(match["process"])):
                remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder, as far as the system lets one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _maker() -> str:
    return f"{_host()}-{os.getpid()}"


@cache
def _host() -> str:
    import hashlib  # loads OpenSSL, which a list of commands has no use for

    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_own(path: Path) -> bool:
    if sys.platform == "win32":
        return True  # nobody else may write in the folders of a user
    return path.lstat().st_uid == os.getuid()


def _is_alive(process: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(SYNCHRONIZE, False, process)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(process, 0)  # signal 0 only asks; on Windows it would end the process
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
