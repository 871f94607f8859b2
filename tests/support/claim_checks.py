"""Whether words, chance and interval of each finding are those of one claim.

The checks read the sentence that a patient's therapist reads and work the numbers out
again from the stored curves, by another sum than the program's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.finding import Finding
    from gaitkit.model.leg_length import LegLengthEstimate

LADDER = (
    ("zeer waarschijnlijk", 0.95, 1.0),
    ("waarschijnlijk", 0.80, 0.95),
    ("eerder wel dan niet", 0.65, 0.80),
    ("net zo goed wel als niet", 0.50, 0.65),
)
"""Written out here, apart from the data file, so that a change of it shows."""

WORD = "|".join(word for word, _, _ in LADDER)
CLAIM = re.compile(rf"({WORD}) ([^();]*) \(kans ((?:meer|minder) dan )?(\d+) %\)")
CHANCE = re.compile(r"kans op ([^:;]*): ((?:meer|minder) dan )?(\d+) %")
ANY_WORD = re.compile(rf"\b(?:{WORD}|vrijwel zeker|vermoedelijk)\b")
ABOUT = 0.0075
"""Half a percent of rounding, and what two sums of one curve may differ."""


def contradictions(
    findings: Sequence[Finding], legs: LegLengthEstimate | None
) -> Iterator[str]:
    """Yield each finding whose words, chance and interval do not fit together."""
    for finding in findings:
        text = finding.text.nl.replace("\N{NARROW NO-BREAK SPACE}", " ")
        for problem in _problems(finding, text, legs):
            told = f"{finding.rule} {finding.verdict} {finding.probability}"
            yield f"{told}: {problem}: {text}"


def _problems(
    finding: Finding, text: str, legs: LegLengthEstimate | None
) -> Iterator[str]:
    claims = list(CLAIM.finditer(text))
    if len(ANY_WORD.findall(text)) != len(claims):
        yield "a word of chance without its chance"
    for number, claim in enumerate(claims):
        word, said, bound, percent = claim.groups()
        chance = _chance(bound, percent)
        yield from _worded(word, chance, imaged=legs is None or legs.imaged)
        if number == 0 and not _near(finding.probability, chance, bound):
            yield f"the finding says {finding.probability}, its sentence {chance}"
        if legs is not None and finding.rule.startswith("L"):
            yield from _true(said, chance, bound, legs)
    if legs is not None and finding.rule.startswith("L"):
        for each in CHANCE.finditer(text):
            said, bound, percent = each.groups()
            yield from _true(said, _chance(bound, percent), bound, legs)
        yield from _interval(text, legs)
    yield from _probability(finding)


def _probability(finding: Finding) -> Iterator[str]:
    probability = finding.probability
    if probability is None:
        return
    if finding.verdict == "not_assessable":
        yield "a chance of what cannot be assessed"
    if not 0.0 <= probability <= 1.0:
        yield "no probability"
    if finding.verdict == "met" and probability < 0.795:
        yield "met, and claimed with less than 0.80"


def _worded(word: str, chance: float, *, imaged: bool) -> Iterator[str]:
    low, high = next((a, b) for name, a, b in LADDER if name == word)
    if not imaged and word == "waarschijnlijk":
        high = 1.0
    if not low - ABOUT <= chance <= high + ABOUT:
        yield f"{word!r} for {chance}"
    if not imaged and word == "zeer waarschijnlijk":
        yield "very probable without pictures of the bones"


def _true(
    said: str, chance: float, bound: str | None, legs: LegLengthEstimate
) -> Iterator[str]:
    found = re.search(
        r"(niet meer dan|meer dan) (\d+) mm(?:, (links|rechts) langer)?", said
    )
    if found is None:
        yield f"a claim that nobody can check: {said!r}"
        return
    compared, limit, side = found.groups()
    true = min(
        _mass(legs.curve_mm, curve, compared, float(limit), side)
        for curve in (
            legs.posterior_density,
            legs.wide_density or legs.posterior_density,
        )
    )
    if not _near(true, chance, bound):
        yield f"{said!r} has {true:.3f} under the less favourable prior, told {chance}"


def _mass(
    at: Sequence[float],
    curve: Sequence[float],
    compared: str,
    limit: float,
    side: str | None,
) -> float:
    """Return a probability from a curve, drawn fifty times finer than it is stored."""
    fine = np.arange(at[0], at[-1], 0.01) + 0.005
    density = np.clip(CubicSpline(at, curve)(fine), 0.0, None)
    density /= density.sum()
    size = {"links": fine, "rechts": -fine}.get(side or "", np.abs(fine))
    over = float(density[size > limit].sum())
    return over if compared == "meer dan" else 1.0 - over


def _interval(text: str, legs: LegLengthEstimate) -> Iterator[str]:
    number = r"([\N{MINUS SIGN}]?[\d,]+)"
    found = re.search(rf"95 %-interval {number} mm tot {number} mm", text)
    if found is None:
        return
    low, high = (
        float(end.replace("\N{MINUS SIGN}", "-").replace(",", "."))
        for end in found.groups()
    )
    if abs(low - legs.low_mm) > 0.06 or abs(high - legs.high_mm) > 0.06:
        yield f"interval {low} to {high}, the estimate {legs.low_mm} to {legs.high_mm}"


def _chance(bound: str | None, percent: str) -> float:
    if bound is None:
        return int(percent) / 100
    return 0.995 if bound.startswith("meer") else 0.005


def _near(true: float | None, told: float, bound: str | None) -> bool:
    if true is None:
        return False
    return abs(true - told) <= ABOUT + (0.005 if bound else 0.0)
