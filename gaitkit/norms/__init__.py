"""Reference data of healthy people, each with its source and licence beside it.

The tables are statistics that may be redistributed (``sources.toml`` says on what
terms); nothing here is a person's own recording. Names and signs are those of the
catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import loader

if TYPE_CHECKING:
    from gaitkit.norms.curves import curve, curve_names
    from gaitkit.norms.discrete import (
        asymmetry_limit,
        discrete,
        norm_at_speed,
        speeds_match,
        why_not_comparable,
    )
    from gaitkit.norms.scores import score_norm
    from gaitkit.norms.source import reference

_HOME = {
    "asymmetry_limit": "gaitkit.norms.discrete",
    "curve": "gaitkit.norms.curves",
    "curve_names": "gaitkit.norms.curves",
    "discrete": "gaitkit.norms.discrete",
    "norm_at_speed": "gaitkit.norms.discrete",
    "reference": "gaitkit.norms.source",
    "score_norm": "gaitkit.norms.scores",
    "speeds_match": "gaitkit.norms.discrete",
    "why_not_comparable": "gaitkit.norms.discrete",
}

__all__ = [
    "asymmetry_limit",
    "curve",
    "curve_names",
    "discrete",
    "norm_at_speed",
    "reference",
    "score_norm",
    "speeds_match",
    "why_not_comparable",
]

__getattr__ = loader("gaitkit.norms", _HOME)
