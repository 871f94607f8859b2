"""A visit that kills its worker, taken apart into its recordings."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gaitkit.archive.place import at_hand
from gaitkit.errors import GaitkitError

if TYPE_CHECKING:
    from gaitkit.archive.item import Item


def parts_of(item: Item) -> tuple[Item, ...]:
    """Return a visit as one item for each of its recordings.

    Parameters
    ----------
    item : Item
        What killed its worker.

    Returns
    -------
    tuple of Item
        One item, or none, where there is nothing to take apart.
    """
    if item.only is not None:
        return (item,)
    if item.layout == "visit_folder":
        from gaitkit.archive.assessing import visit_of

        try:
            with at_hand(item) as folder:
                count = len(visit_of(item, folder).recordings)
        except GaitkitError:
            return (item,)
        return tuple(dataclasses.replace(item, only=number) for number in range(count))
    if len(item.recordings) <= 1:
        return (item,)
    return tuple(
        dataclasses.replace(
            item,
            only=number,
            recordings=(each,),
            sources=tuple(s for s in item.sources if s.name == each.file.as_posix()),
        )
        for number, each in enumerate(item.recordings)
    )
