"""What rules may ask of the kinetic chain and of the sources about a foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gaitkit.measure.chain.origin import count
from gaitkit.measure.chain.table import RowName
from gaitkit.measure.rearfoot.agreement import Agreement, foot_agreement
from gaitkit.measure.rearfoot.sources import Posture
from gaitkit.model.chain import Origin
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gaitkit.model.chain import KineticChain
    from gaitkit.model.measurement import Measurement

    ChainsOf = Callable[[Sequence[Measurement]], Sequence[KineticChain]]
    """How chains are made from the measurements that a rule may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainOfSide:
    """One chain; all None where no characteristic of it was measured.

    Attributes
    ----------
    origin : str or None
        As concluded from the signs.
    measured : int or None
        Characteristics of the table that were measured.
    from_below, from_above, leg_length : int or None
        Signs present for each origin.
    missing : tuple of str
        Characteristics not measured.
    """

    origin: Origin | None = None
    measured: int | None = None
    from_below: int | None = None
    from_above: int | None = None
    leg_length: int | None = None
    missing: tuple[RowName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFacts:
    """The chains of both sides."""

    left: ChainOfSide = field(default_factory=ChainOfSide)
    right: ChainOfSide = field(default_factory=ChainOfSide)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootOfSide:
    """Whether the sources about a foot agree, and on what; None when none speaks."""

    agreement: Agreement | None = None
    posture: Posture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FootFacts:
    """What the sources say about both feet."""

    left: FootOfSide = field(default_factory=FootOfSide)
    right: FootOfSide = field(default_factory=FootOfSide)


def chain_facts(chains: Iterable[KineticChain]) -> ChainFacts:
    """Return what rules may ask of the chains."""
    by_side = {chain.side: _chain(chain) for chain in chains}
    return ChainFacts(
        left=by_side.get(Side.LEFT, ChainOfSide()),
        right=by_side.get(Side.RIGHT, ChainOfSide()),
    )


def foot_facts(measurements: Sequence[Measurement]) -> FootFacts:
    """Return what the sources about both feet say."""
    left, right = (_foot(measurements, side) for side in Side)
    return FootFacts(left=left, right=right)


def _chain(chain: KineticChain) -> ChainOfSide:
    found = count(chain.signs)
    if not found.rows_measured:
        return ChainOfSide()
    return ChainOfSide(
        origin=chain.origin,
        measured=found.rows_measured,
        from_below=found.present["from_below"],
        from_above=found.present["from_above"],
        leg_length=found.present["leg_length"],
        missing=found.missing,
    )


def _foot(measurements: Sequence[Measurement], side: Side) -> FootOfSide:
    found = foot_agreement(measurements, side)
    if found.state == "not_measured":
        return FootOfSide()
    return FootOfSide(agreement=found.state, posture=found.posture)
