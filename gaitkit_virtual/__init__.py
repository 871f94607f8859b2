"""Virtual patients with known truth: walks, cameras and rendered videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit_virtual.visits.standing import (
        virtual_standing,
        write_virtual_block_test,
        write_virtual_stance,
    )
    from gaitkit_virtual.visits.walk import (
        virtual_patient,
        write_virtual_markers,
        write_virtual_plate,
        write_virtual_video,
    )

_HOME = {
    "virtual_patient": "gaitkit_virtual.visits.walk",
    "virtual_standing": "gaitkit_virtual.visits.standing",
    "write_virtual_block_test": "gaitkit_virtual.visits.standing",
    "write_virtual_markers": "gaitkit_virtual.visits.walk",
    "write_virtual_plate": "gaitkit_virtual.visits.walk",
    "write_virtual_stance": "gaitkit_virtual.visits.standing",
    "write_virtual_video": "gaitkit_virtual.visits.walk",
}

__all__ = [
    "virtual_patient",
    "virtual_standing",
    "write_virtual_block_test",
    "write_virtual_markers",
    "write_virtual_plate",
    "write_virtual_stance",
    "write_virtual_video",
]

__getattr__, __dir__ = lazy("gaitkit_virtual", _HOME)
