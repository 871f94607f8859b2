"""Reference data of healthy people, each with its source and licence beside it.

The tables are statistics that may be redistributed (``sources.toml`` says on what
terms); nothing here is a person's own recording. Names and signs are those of the
catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.lazy import lazy

if TYPE_CHECKING:
    from gaitkit.norms.curves import curve, curve_names, score_norm
    from gaitkit.norms.discrete import (
        NormValue,
        asymmetry_limit,
        norm_at_speed,
        norm_for,
        read_norms,
        register_norms,
        speeds_match,
        why_not_comparable,
    )
    from gaitkit.norms.source import Reference, reference

_HOME = {
    "NormValue": "gaitkit.norms.discrete",
    "Reference": "gaitkit.norms.source",
    "asymmetry_limit": "gaitkit.norms.discrete",
    "curve": "gaitkit.norms.curves",
    "curve_names": "gaitkit.norms.curves",
    "norm_at_speed": "gaitkit.norms.discrete",
    "norm_for": "gaitkit.norms.discrete",
    "read_norms": "gaitkit.norms.discrete",
    "reference": "gaitkit.norms.source",
    "register_norms": "gaitkit.norms.discrete",
    "score_norm": "gaitkit.norms.curves",
    "speeds_match": "gaitkit.norms.discrete",
    "why_not_comparable": "gaitkit.norms.discrete",
}

__all__ = [
    "NormValue",
    "Reference",
    "asymmetry_limit",
    "curve",
    "curve_names",
    "norm_at_speed",
    "norm_for",
    "read_norms",
    "reference",
    "register_norms",
    "score_norm",
    "speeds_match",
    "why_not_comparable",
]

__getattr__, __dir__ = lazy("gaitkit.norms", _HOME)
