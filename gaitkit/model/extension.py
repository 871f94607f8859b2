"""What others add to gaitkit: detectors, measures and norms of their own.

A package adds through an entry point of the group ``gaitkit.extensions``: a function
without arguments, called once in each process before the first analysis, that calls
`gaitkit.register_detector`, `gaitkit.register_foot_measure`,
`gaitkit.register_walk_measure` and `gaitkit.register_norms`. A script or notebook calls
these itself; its workers in other processes know nothing of that, so an archive needs
the entry point.

What was added is named in the provenance of every assessment.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from gaitkit.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

GROUP = "gaitkit.extensions"
IN_CODE = "in code"
"""Origin of what a script adds itself."""

Sort = Literal["detector", "foot measure", "walk measure", "norm"]


@dataclass(slots=True)
class _State:
    loaded: bool = False
    failed: str | None = None
    origin: str = IN_CODE


_state = _State()
_added: dict[tuple[Sort, str], str] = {}


def load_extensions() -> None:
    """Let every installed package add what it has, once in a process.

    Raises
    ------
    ExtensionError
        If one cannot; it names the package.
    """
    if _state.failed is not None:
        raise ExtensionError(_state.failed)
    if _state.loaded:
        return
    _state.loaded = True  # what is loaded may ask for the catalogue meanwhile
    for entry in entry_points(group=GROUP):
        package = entry.dist
        _state.origin = f"{package.name} {package.version}" if package else entry.name
        try:
            entry.load()()
        except Exception as wrong:  # whatever somebody else's code raises
            # part of it was added: a second try would only say that it is there
            _state.failed = (
                f"the extension {entry.name!r} of {_state.origin} cannot be used "
                f"({type(wrong).__name__}: {wrong}); mend it, or uninstall it"
            )
            raise ExtensionError(_state.failed) from wrong
        finally:
            _state.origin = IN_CODE


class Additions(Generic[T]):
    """What others have added of one sort, by name, and who did."""

    def __init__(self, sort: Sort) -> None:
        self._sort: Sort = sort
        self._things: dict[str, T] = {}

    def known(self) -> Mapping[str, T]:
        """Return everything that was added, that of installed packages too."""
        load_extensions()
        return self._things

    def add(self, name: str, thing: T) -> None:
        """Add it, and remember by whom it was added.

        Raises
        ------
        ExtensionError
            If there is one of that name.
        """
        if name in self._things:
            who = _added[self._sort, name]
            msg = f"a {self._sort} {name!r} is there already ({who}); rename one"
            raise ExtensionError(msg)
        self._things[name] = thing
        _added[self._sort, name] = _state.origin

    def forget(self, name: str) -> bool:
        """Free the name again, for tests and notebooks; return whether it was taken."""
        _added.pop((self._sort, name), None)
        return self._things.pop(name, None) is not None


@contextmanager
def code_of_others(what: str, *, advice: str) -> Iterator[None]:
    """Turn whatever somebody else's code raises into one line that names it.

    Raises
    ------
    ExtensionError
        If anything is raised.
    """
    try:
        yield
    except Exception as wrong:
        msg = f"{what} failed ({type(wrong).__name__}: {wrong}); {advice}"
        raise ExtensionError(msg) from wrong


def added(*, by_packages: bool = False) -> tuple[str, ...]:
    """Return what others have added, one line each, for the provenance.

    Parameters
    ----------
    by_packages : bool
        Only what installed packages added: all that other processes know of.
    """
    return tuple(
        f"{sort} {name} ({who})"
        for (sort, name), who in _added.items()
        if not (by_packages and who == IN_CODE)
    )
