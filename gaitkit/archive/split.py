"""A visit that kills its worker, taken apart into its recordings."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gaitkit.archive.place import at_hand
from gaitkit.archive.walk import why_not
from gaitkit.errors import GaitkitError, InputError
from gaitkit.io.toml_door import read_toml
from gaitkit.io.visit import VISIT_FILE

if TYPE_CHECKING:
    from gaitkit.archive.item import Item


def parts_of(item: Item) -> tuple[Item, ...]:
    """Return a visit as one item for each of its recordings.

    Nothing but the visit file is opened: what is in the others kills processes.

    Parameters
    ----------
    item : Item
        What killed its worker.

    Returns
    -------
    tuple of Item
        The item itself where there is nothing to take apart.
    """
    if item.only is not None:
        return (item,)
    if item.layout == "visit_folder":
        names = _listed(item) or [
            source.name
            for source in item.sources
            if "/" not in source.name and why_not(source.path, source.size) is None
        ]
        return tuple(dataclasses.replace(item, only=name) for name in names) or (item,)
    if len(item.recordings) <= 1:
        return (item,)
    return tuple(
        dataclasses.replace(
            item,
            only=each.file.as_posix(),
            recordings=(each,),
            sources=tuple(s for s in item.sources if s.name == each.file.as_posix()),
        )
        for each in item.recordings
    )


def _listed(item: Item) -> list[str]:
    """Return the files that a visit file lists."""
    try:
        with at_hand(item) as folder:
            table = read_toml(folder / VISIT_FILE, error=InputError)
    except GaitkitError:
        return []
    listed = table.get("recording", [])
    each_one = [listed] if isinstance(listed, dict) else listed
    return [str(each["file"]) for each in each_one if "file" in each]
