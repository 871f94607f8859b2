"""The table of signs (``signs.toml``) as typed rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gaitkit.doors import shipped_table
from gaitkit.model.chain import Direction, LinkName
from gaitkit.model.text import Text

RowName = Literal[
    "rearfoot",
    "phase",
    "order",
    "correction",
    "block",
    "hip_control",
    "both_feet",
    "long_leg",
]
TestName = Literal[
    "link_and_time",
    "link_above",
    "link_below",
    "value_above",
    "in_phase",
    "out_of_phase",
    "foot_first",
    "pelvis_first",
    "answer",
    "pelvis_answer",
    "hip_control_good",
    "hip_control_poor",
    "both_feet",
    "long_leg",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRow:
    """One sign: what it speaks for, how it is judged, its thresholds and words."""

    sign: str
    row: RowName
    speaks_for: Direction
    finding: bool
    test: TestName
    evidence: tuple[str, ...]
    label: Text
    found: Text
    link: LinkName = "rearfoot"
    z_above: float = 0.0
    z_below: float = 0.0
    value_above: float = 0.0
    time: str = ""
    time_above: float = 0.0
    r_above: float = 0.0
    fact: str = ""
    present: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginLimits:
    """From when on something is concluded.

    Attributes
    ----------
    least_rows : int
        Characteristics measured, below which the origin is undetermined.
    least_signs : int
        Signs present for one origin.
    present_from, absent_to : float
        Probability from which a sign is present, and up to which it is absent.
    """

    least_rows: int
    least_signs: int
    present_from: float
    absent_to: float


def sign_rows() -> tuple[SignRow, ...]:
    """Return every sign of the table."""
    return tuple(_sign(raw) for raw in _table()["sign"])


def row_labels() -> dict[RowName, Text]:
    """Return what each characteristic is called, as a test that may be missing."""
    return {name: Text(**words) for name, words in _table()["rows"].items()}


def origin_limits() -> OriginLimits:
    """Return from when on something is concluded."""
    return OriginLimits(**_table()["origin"])


def _sign(raw: dict[str, Any]) -> SignRow:
    plain = {
        **raw,
        "evidence": tuple(raw["evidence"]),
        "present": tuple(raw.get("present", ())),
        "label": Text(**raw["label"]),
        "found": Text(**raw["found"]),
    }
    return SignRow(**plain)


@cache
def _table() -> dict[str, Any]:
    return shipped_table("gaitkit.measure.chain", "signs.toml")
