"""The kinetic chain of one side: its links, the signs, and where it may begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Reason
from gaitkit.model.side import Side
from gaitkit.model.text import Text

LinkName = Literal["rearfoot", "tibia", "knee", "hip", "pelvis", "trunk"]
LINKS: tuple[LinkName, ...] = ("rearfoot", "tibia", "knee", "hip", "pelvis", "trunk")
"""From the floor up."""

Origin = Literal["from_below", "from_above", "leg_length", "mixed", "undetermined"]
Direction = Literal["from_below", "from_above", "leg_length"]
SignState = Literal["present", "absent", "uncertain", "not_measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One link of a side, as measured, or why it is not.

    Attributes
    ----------
    name : str
        Which link.
    side : Side
        Of which leg.
    measurement : Measurement or None
        The number of the catalogue that stands for the link.
    norm_mean, norm_sd : float or None
        Healthy adults, same unit.
    norm_confirmed : bool
        False when nobody could check the norm in its source, or it is assumed.
    z, z_sd : float or None
        Value less norm mean over norm sd, and the error of that.
    peak_time_pct : float or None
        When in the stride the link is at its peak.
    why_missing : Reason or None
        Why there is no measurement, with what to record.
    """

    name: LinkName
    side: Side
    measurement: Measurement | None = None
    norm_mean: float | None = None
    norm_sd: float | None = None
    norm_confirmed: bool = True
    z: float | None = None
    z_sd: float | None = None
    peak_time_pct: float | None = None
    why_missing: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainSign:
    """One sign of the table of origins.

    Attributes
    ----------
    sign : str
        Its key in the table.
    speaks_for : {"from_below", "from_above", "leg_length"}
        Which origin it supports when present.
    state : {"present", "absent", "uncertain", "not_measured"}
        What was found.
    text : Text
        The sign in words, its numbers filled in.
    probability : float or None
        Probability that it is present; None when not measured.
    evidence : tuple of str
        Keys of the references.
    """

    sign: str
    speaks_for: Direction
    state: SignState
    text: Text
    probability: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KineticChain:
    """Links and signs of one side, and the origin they point to.

    Attributes
    ----------
    side : Side
        Of which leg.
    links : tuple of ChainLink
        From the foot up, all six.
    signs : tuple of ChainSign
        Every sign of the table, also those not measured.
    origin : str
        ``undetermined`` unless enough signs were measured and agree.
    text : Text
        The conclusion in words.
    """

    side: Side
    links: tuple[ChainLink, ...]
    signs: tuple[ChainSign, ...]
    origin: Origin
    text: Text
