"""The visits that a clinic ticks as healthy, for norm bands of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.archive.query import asking
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TICKS_FILE = "norm_visits.txt"
SHORTEST = 6
"""Letters of a key at least, so that a typing error does not tick a stranger."""


def read_ticks(store: Path) -> tuple[str, ...]:
    """Return the visits ticked in the store itself, beside those of manifests.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    path = store / TICKS_FILE
    if not path.is_file():
        return ()
    try:
        return tuple(path.read_text(encoding="ascii").split())
    except UnicodeDecodeError:
        msg = f"{path}: expected keys of visits, one a line, and it is damaged; "
        raise InputError(
            f"{msg}gaitkit archive check {store} --mend keeps what is whole"
        ) from None


def write_ticks(store: Path, visits: Iterable[str]) -> None:
    """Write the ticked visits, one a line."""
    if not (visits := sorted(set(visits))) and not (store / TICKS_FILE).exists():
        return
    with new_file(store / TICKS_FILE) as part:
        part.write_text("".join(f"{each}\n" for each in visits), encoding="ascii")


def tick(store: Path, visits: Sequence[str], *, take_away: bool) -> tuple[str, ...]:
    """Tick visits for the clinic's own norm bands, or take the tick away.

    Parameters
    ----------
    store : Path
        Folder of the store.
    visits : sequence of str
        Keys as in the column ``visit``, or how they begin.
    take_away : bool
        True removes the tick.

    Returns
    -------
    tuple of str
        Every visit that is ticked now.

    Raises
    ------
    InputError
        If a key fits no visit, or several.
    """
    with asking(store) as base:
        known = [row[0] for row in base.sql("SELECT visit FROM visits").fetchall()]
    chosen = {_whole(each, known) for each in visits}
    ticked = set(read_ticks(store))
    now = ticked - chosen if take_away else ticked | chosen
    write_ticks(store, now)
    return tuple(sorted(now))


def _whole(beginning: str, known: Sequence[str]) -> str:
    found = [each for each in known if each.startswith(beginning)]
    if len(beginning) < SHORTEST or len(found) != 1:
        msg = (
            f"{beginning}: expected the key of one visit (column visit), or {SHORTEST} "
            f"letters of it or more; {len(found)} visits begin so"
        )
        raise InputError(msg)
    return found[0]
