"""Pictures of a real walker, for the tests that need a body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Walker:
    """Pictures of the walking woman, and roughly where her hips are, in pixels."""

    pictures: tuple[np.ndarray, ...]
    hips: tuple[tuple[float, float], ...]
