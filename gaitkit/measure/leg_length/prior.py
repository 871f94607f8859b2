"""What is known of a leg-length difference before anybody measures: ``prior.toml``.

Undeformed bones differ by a normal with sd 4.9 mm. People who come with a complaint
differ more often by much, so two wider parts are added. Because every such prior
shrinks a rare large difference by more than the interval it leaves, each claim is asked
of a second prior as well, which is nearly flat (`WIDE`): the interval of both together
is the envelope, and a probability is the less favourable one.

References
----------
Knutson GA (2005). Chiropr Osteopat 13:11. doi:10.1186/1746-1340-13-11
Rush WA, Steiner HA (1946). Am J Roentgenol 56:616-623 (second hand).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from gaitkit.model.leg_length import PriorName, PriorPart

WIDE: PriorName = "acquired"
"""The prior after an acquired cause; of everybody else the second prior."""


def prior_parts(name: PriorName) -> tuple[PriorPart, ...]:
    """Return the normal parts of a prior; their weights add up to 1."""
    return _priors()[name]


@cache
def _priors() -> dict[PriorName, tuple[PriorPart, ...]]:
    file = resources.files("gaitkit.measure.leg_length") / "prior.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    names: tuple[PriorName, ...] = ("clinic", "acquired")
    return {
        name: tuple(PriorPart(**part) for part in table[name]["parts"])
        for name in names
    }
