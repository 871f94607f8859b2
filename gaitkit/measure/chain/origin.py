"""From the signs of a side to where its deviation may begin, if it can be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.measure.chain.judged import word
from gaitkit.measure.chain.table import RowName, origin_limits, row_labels, sign_rows
from gaitkit.model.chain import ChainSign, Direction, Origin
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gaitkit.model.side import Side

DIRECTIONS: tuple[Direction, ...] = ("from_below", "from_above", "leg_length")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignCount:
    """How many signs of a side were found.

    Attributes
    ----------
    rows_measured, rows_total : int
        Characteristics of the table that were measured, and how many it has.
    present : dict of str to int
        Signs present, by what they speak for.
    findings : dict of str to int
        Those among them that are a deviation and not only something normal.
    missing : tuple of str
        Characteristics not measured.
    """

    rows_measured: int
    rows_total: int
    present: dict[Direction, int]
    findings: dict[Direction, int]
    missing: tuple[RowName, ...]


def count(signs: Sequence[ChainSign]) -> SignCount:
    """Count the signs of one side."""
    rows = {row.sign: row for row in sign_rows()}
    measured = {rows[s.sign].row for s in signs if s.state != "not_measured"}
    there = [s for s in signs if s.state == "present"]
    return SignCount(
        rows_measured=len(measured),
        rows_total=len(row_labels()),
        present=_tally(there),
        findings=_tally(s for s in there if rows[s.sign].finding),
        missing=tuple(name for name in row_labels() if name not in measured),
    )


def origin_of(signs: Sequence[ChainSign]) -> Origin:
    """Return where a deviation may begin.

    Parameters
    ----------
    signs : sequence of ChainSign
        Every sign of a side.

    Returns
    -------
    str
        ``undetermined`` with fewer than ``least_rows`` characteristics measured, or
        without any sign that is a deviation. ``from_below`` with ``least_signs``
        signs from below and none from above; ``from_above`` with ``least_signs`` from
        above and no deviation from below; ``leg_length`` when a sign of leg length is
        there and neither other origin has enough. ``mixed`` where deviations point in
        different directions.
    """
    limits, found = origin_limits(), count(signs)
    if found.rows_measured < limits.least_rows:
        return "undetermined"
    enough = {
        direction: found.present[direction] >= limits.least_signs
        and found.findings[direction] > 0
        for direction in DIRECTIONS
    }
    below, above = enough["from_below"], enough["from_above"]
    if found.findings["leg_length"]:
        return "mixed" if below or above else "leg_length"
    if below and not found.present["from_above"]:
        return "from_below"
    if above and not found.findings["from_below"]:
        return "from_above"
    opposed = found.findings["from_below"] and found.findings["from_above"]
    return "mixed" if below or above or opposed else "undetermined"


def conclusion(
    side: Side, signs: Sequence[ChainSign], *, origin: Origin, unconfirmed: bool
) -> Text:
    """Return the origin in words: which signs say so, and which tests are missing."""
    found = count(signs)
    labels = {row.sign: row.label for row in sign_rows()}
    present = [labels[s.sign] for s in signs if s.state == "present"]
    tests = [row_labels()[name] for name in found.missing]
    missing = word("parts", "missing").filled(tests=_listed(tests)) if tests else None
    text = word("origin", origin).filled(
        side=word("side", side),
        present=_listed(present) if present else word("parts", "none"),
        missing=missing or "",
        n=found.rows_measured,
        total=found.rows_total,
    )
    if not unconfirmed:
        return text
    more = word("parts", "unconfirmed")
    return Text(nl=text.nl + more.nl, en=text.en + more.en)


def _tally(signs: Iterable[ChainSign]) -> dict[Direction, int]:
    tally: dict[Direction, int] = dict.fromkeys(DIRECTIONS, 0)
    for sign in signs:
        tally[sign.speaks_for] += 1
    return tally


def _listed(texts: Sequence[Text]) -> Text:
    return Text(nl="; ".join(t.nl for t in texts), en="; ".join(t.en for t in texts))
