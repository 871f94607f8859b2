"""Names that others give to complaints of the back (``complaint_terms.toml``).

They let a visit note what a patient or physician said. gaitkit concludes none of them:
no rule may test one, and no finding or plan shows one.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

TermClass = Literal["specific", "non_specific", "description", "high_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTerm:
    """A name, how the sources class it, and the words people use for it."""

    key: str
    class_: TermClass
    words: tuple[str, ...]
    source: tuple[str, ...]
    note: str | None = None


@cache
def complaint_terms() -> dict[str, ComplaintTerm]:
    """Return every name by its key."""
    file = resources.files("gaitkit.model") / "complaint_terms.toml"
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        key: ComplaintTerm(
            key=key,
            class_=table["class"],
            words=tuple(table["words"]),
            source=tuple(table["source"]),
            note=table.get("note"),
        )
        for key, table in tables.items()
    }


def find_term(words: str) -> ComplaintTerm | None:
    """Return the name that somebody used, by key or by word, or None.

    Parameters
    ----------
    words : str
        As typed; capitals do not matter.
    """
    sought = words.strip().casefold()
    return next(
        (
            term
            for term in complaint_terms().values()
            if sought == term.key or sought in {word.casefold() for word in term.words}
        ),
        None,
    )
