"""The parameters of a C3D file by group and name, whatever its maker left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MAX_CONTINUATIONS = 256
"""A list may go on in LABELS2, LABELS3 and so on: one holds 255 entries at most."""


class C3DParameters:
    """Read access to the parameters that ezc3d returns.

    Names are compared in capitals. What is absent is empty, never an error.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table: dict[tuple[str, str], Any] = {
            (str(group).upper(), str(key).upper()): entry["value"]
            for group, entries in table.items()
            for key, entry in entries.items()
            if key != "__METADATA__"
        }

    def numbers(self, group: str, key: str) -> NDArray[np.float64]:
        """Return a numeric parameter in its own shape; empty when absent."""
        value = self._table.get((group, key), ())
        try:
            return np.asarray(value, dtype=np.float64)
        except (ValueError, TypeError):
            return np.empty(0)

    def number(self, group: str, key: str) -> float | None:
        """Return the first value of a numeric parameter, None when absent."""
        values = self.numbers(group, key).ravel()
        if not values.size or not np.isfinite(values[0]):
            return None
        return float(values[0])

    def words(self, group: str, key: str) -> list[str]:
        """Return a text parameter with its continuations (LABELS, LABELS2, ...)."""
        found: list[str] = []
        for number in range(1, MAX_CONTINUATIONS):
            name = key if number == 1 else f"{key}{number}"
            value = self._table.get((group, name))
            if value is None or isinstance(value, np.ndarray):
                break
            found += [_readable(str(word)).strip() for word in value]
        return found

    def word(self, group: str, key: str) -> str | None:
        """Return the first text of a parameter, None when absent or empty."""
        return next((word for word in self.words(group, key) if word), None)


def _readable(word: str) -> str:
    """Return a text whose bytes are no UTF-8 as Latin-1, so that it can be written."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return word.encode("utf-8", "surrogateescape").decode("latin-1")
    return word
