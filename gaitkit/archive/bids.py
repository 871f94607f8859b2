"""Names after BIDS and Motion-BIDS: ``sub-01_ses-02_task-walk_run-1.c3d``.

References
----------
Jeung S, et al. (2024) Motion-BIDS: an extension to the brain imaging data structure
to organize motion data. doi:10.1038/s41597-024-03559-8
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENTITY = re.compile(r"(?:^|_)(?P<key>[a-z]+)-(?P<label>[A-Za-z0-9]+)(?=_|\.|$)")
NOT_IN_LABEL = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """The entities of a name that gaitkit uses; None where absent."""

    sub: str
    ses: str | None = None
    task: str | None = None
    tracksys: str | None = None
    acq: str | None = None
    run: str | None = None


def entities_of(name: str) -> Entities | None:
    """Return the entities of a file name, or None when it has no ``sub-``.

    Other entities are passed over, since BIDS adds new ones.
    """
    found = {match["key"]: match["label"] for match in ENTITY.finditer(name)}
    if "sub" not in found or not name.startswith("sub-"):
        return None
    return Entities(
        sub=found["sub"],
        ses=found.get("ses"),
        task=found.get("task"),
        tracksys=found.get("tracksys"),
        acq=found.get("acq"),
        run=found.get("run"),
    )


def label(text: str) -> str:
    """Return a text as a label, which may hold letters and digits only."""
    return NOT_IN_LABEL.sub("", text)


def stem_of(entities: Entities) -> str:
    """Return the name without its suffix: entities in the order of Motion-BIDS."""
    order = (
        ("sub", entities.sub),
        ("ses", entities.ses),
        ("task", entities.task),
        ("tracksys", entities.tracksys),
        ("acq", entities.acq),
        ("run", entities.run),
    )
    return "_".join(f"{key}-{value}" for key, value in order if value is not None)
