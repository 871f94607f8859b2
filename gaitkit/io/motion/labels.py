"""Labels made fit for use: no person's name, no two alike."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def without_person(label: str) -> str:
    """Return a label without the name of the person before a colon."""
    return label.rpartition(":")[2].strip()


def is_nameless(label: str) -> bool:
    """Return whether a label is that of a point that nobody has named."""
    return not label or label.startswith("*") or label.casefold().startswith("uname")


def made_unique(
    labels: Sequence[str], *, descriptions: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give labels that occur twice names of their own.

    Parameters
    ----------
    labels : sequence of str
        As in the file.
    descriptions : sequence of str
        Description of each point, where the file has them. They name a point whose
        label is taken: makers shorten labels to four letters and keep the full name
        there.

    Returns
    -------
    names, repeated : tuple of str
        Unique names in the same order, and the labels that occurred more than once.
    """
    counts = Counter(labels)
    repeated = tuple(label for label, number in counts.items() if number > 1)
    taken: set[str] = set()
    names = []
    for index, label in enumerate(labels):
        name = label
        described = descriptions[index].strip() if index < len(descriptions) else ""
        if name in taken and described and described not in {*taken, *counts}:
            name = described
        number = 2
        while name in taken:
            name, number = f"{label}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return tuple(names), repeated
