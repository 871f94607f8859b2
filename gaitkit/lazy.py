"""Names that a package offers and that are loaded at first use.

Nothing heavy happens at import (ARCHITECTURE 7), and what a user needs still stands one
level below ``gaitkit``: ``from gaitkit.io import read_motion``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and the ``__dir__`` of a package (PEP 562).

    Parameters
    ----------
    package : str
        Its dotted name, for the message.
    homes : mapping of str to str
        Module that holds each name.

    Returns
    -------
    load : callable
        Takes a name, loads its module and returns what is called so.
    names : callable
        Lists what the package offers, for ``dir``, ``help`` and completion.

    Examples
    --------
    >>> load, names = lazy("gaitkit", {"Side": "gaitkit.model.side"})
    >>> names()
    ['Side']
    >>> load("Side").LEFT.value
    'left'
    """

    def load(name: str) -> object:
        if name not in homes:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(importlib.import_module(homes[name]), name)

    def names() -> list[str]:
        return sorted(homes)

    return load, names
