"""Outputs that appear whole or not at all.

A file is written in a hidden folder beside its place and renamed when it is complete;
a folder likewise. When anything goes wrong, a full disk included, what was written is
removed again and what stood there before is untouched. What appears is readable by its
owner alone.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gaitkit.errors import OutputError
from gaitkit.scratch import (
    PRIVATE_FOLDER,
    clear_dead,
    make_private,
    make_private_folder,
    unfinished,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


UNWRITABLE = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO")
    if hasattr(errno, name)  # Windows has no EDQUOT
)
"""What the system says when an output cannot be written, whoever writes it."""


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield a path to write to, which becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        Where the file is to stand; its folder is made when it is not there. What
        stood there is replaced at once, never half.

    Yields
    ------
    Path
        A path of the same name in a hidden folder beside it.

    Raises
    ------
    OutputError
        If the system refuses to write: no permission, disk full, a folder of that
        name. Errors of other kinds pass through; nothing is left behind either way.
    """
    folder = unfinished(path)
    part = folder / path.name
    try:
        with _own_errors(path):
            _begin(folder)
            yield part
            make_private(part)
            part.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_folder(
    path: Path, *, replace: bool = False, products: Collection[str] = ()
) -> Iterator[Path]:
    """Yield a folder to write in, which becomes ``path`` when the block ends well.

    Parameters
    ----------
    path : Path
        Where the folder is to stand.
    replace : bool
        True to put the new files over those of a folder that is there already.
        Its other files stay, except for ``products``.
    products : collection of str
        Names that the writer of the folder may give; old ones that were not written
        again are removed on ``replace``, so that no result of an earlier run stands
        among the new.

    Yields
    ------
    Path
        A hidden, empty folder beside ``path``.

    Raises
    ------
    OutputError
        If ``path`` is a file, or holds something and ``replace`` is False, or the
        folder cannot be made, or the disk is full or read-only. Errors of other kinds
        pass through; nothing is left behind either way.
    """
    _refuse_occupied(path, replace=replace)
    part = unfinished(path)
    try:
        with _own_errors(path):
            _begin(part)
        try:
            yield part
        except OSError as cause:
            if cause.errno in UNWRITABLE:
                raise _refused(path, cause) from cause
            raise
        with _own_errors(path):
            make_private(part)
            if path.is_dir():
                _move_in(part, path, products)
            else:
                part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _own_errors(path: Path) -> Iterator[None]:
    """Turn what the system refuses here into an OutputError."""
    try:
        yield
    except OSError as cause:
        raise _refused(path, cause) from cause


def _begin(folder: Path) -> None:
    """Make a hidden folder, after what dead runs left beside it is gone."""
    make_private_folder(folder.parent)
    clear_dead(folder.parent.resolve())
    folder.mkdir(mode=PRIVATE_FOLDER)


def _refuse_occupied(path: Path, *, replace: bool) -> None:
    if path.exists() and not path.is_dir():
        msg = f"{path}: expected a folder to write to, got a file; name another folder"
        raise OutputError(msg)
    with _own_errors(path):
        occupied = path.is_dir() and any(path.iterdir())
    if occupied and not replace:
        msg = (
            f"{path}: expected an empty or new folder, and it holds files; "
            "name another folder, or use --force to replace earlier results"
        )
        raise OutputError(msg)
    if path.is_dir() and not os.access(path, os.W_OK | os.X_OK):
        raise _refused(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _move_in(part: Path, path: Path, products: Collection[str]) -> None:
    """Put the entries of ``part`` into ``path``, each by rename."""
    written = {entry.name for entry in part.iterdir()}
    for name in {*products, *written}:
        old = path / name
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif name not in written:
            old.unlink(missing_ok=True)
    for name in sorted(written):
        (part / name).replace(path / name)


def _refused(path: Path, cause: OSError) -> OutputError:
    why = cause.strerror or str(cause)
    full = cause.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    advice = "free disk space or name another place" if full else "name another place"
    return OutputError(
        f"{path}: cannot be written ({why}); nothing was left behind; {advice}"
    )
