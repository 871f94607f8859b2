"""How each kind of sign is judged: its probability and the numbers behind it.

What the signs of one side are judged from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from gaitkit.doors import shipped_table
from gaitkit.measure.chain.links import (
    CurveCorrelation,
    Gait,
    best_measurement,
    chance_over_z,
    correlate,
    link_rows,
    onset_pct,
    probability_before,
)
from gaitkit.measure.rearfoot.agreement import pronation
from gaitkit.measure.uncertainty import (
    probability_above,
    uncertainty_of,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.chain import LINKS, ChainLink, LinkName
from gaitkit.model.leg_length import LegLengthEstimate
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Examination, FootExamination

if TYPE_CHECKING:
    from collections.abc import Callable

    from gaitkit.measure.chain.table import SignRow, TestName
    from gaitkit.model.chain import LinkName
    from gaitkit.model.leg_length import Way
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.strides import Waveform

PROXIMAL: tuple[LinkName, ...] = ("knee", "hip", "pelvis")
"""Links that may set on before or after the foot."""

ABOVE: tuple[LinkName, ...] = ("hip", "pelvis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Probability that a sign is present, and its numbers for the sentence.

    ``probability`` is None when it was not measured.
    """

    probability: float | None = None
    values: dict[str, Text | float] = field(default_factory=dict)


NOT_MEASURED = Judged()


def judged(row: SignRow, evidence: ChainEvidence) -> Judged:
    """Return how probable a sign is."""
    return JUDGES[row.test](row, evidence)


def word(group: str, key: str) -> Text:
    """Return a word of ``words.toml``."""
    return Text(**_words()[group][key])


def _link_above(row: SignRow, evidence: ChainEvidence) -> Judged:
    link = evidence.link(row.link)
    return _judged_z(link, chance_over_z(link, row.z_above))


def _link_below(row: SignRow, evidence: ChainEvidence) -> Judged:
    link = evidence.link(row.link)
    chance = chance_over_z(link, row.z_below)
    return _judged_z(link, None if chance is None else 1.0 - chance)


def _link_and_time(row: SignRow, evidence: ChainEvidence) -> Judged:
    """Large and late: the smaller of the two chances can be claimed at most.

    Both come from one curve, so how their errors hang together is not known; the bound
    that always holds is taken, as in the rules.
    """
    link = evidence.link(row.link)
    large = chance_over_z(link, row.z_above)
    late = best_measurement(evidence.gait.measurements, row.time, evidence.side)
    after = None if late is None else probability_above(late, row.time_above)
    if large is None or late is None or after is None:
        return NOT_MEASURED
    found = _judged_z(link, max(0.0, large + after - 1.0))
    return Judged(
        probability=found.probability, values={**found.values, "time": _value(late)}
    )


def _value_above(row: SignRow, evidence: ChainEvidence) -> Judged:
    found = evidence.link(row.link).measurement
    if found is None:
        return NOT_MEASURED
    return Judged(
        probability=probability_above(found, row.value_above),
        values={"value": _value(found)},
    )


def _in_phase(row: SignRow, evidence: ChainEvidence) -> Judged:
    best = _correlation(evidence)
    if best is None:
        return NOT_MEASURED
    return Judged(
        probability=best.probability_above(row.r_above), values={"r": round(best.r, 2)}
    )


def _out_of_phase(row: SignRow, evidence: ChainEvidence) -> Judged:
    found = _in_phase(row, evidence)
    if found.probability is None:
        return found
    return Judged(probability=1.0 - found.probability, values=found.values)


def _correlation(evidence: ChainEvidence) -> CurveCorrelation | None:
    """Return the closest relation of shank or knee to the foot."""
    curves = evidence.curves()
    pairs = [
        correlate(curves["rearfoot"], curves[name])
        for name in ("tibia", "knee")
        if "rearfoot" in curves and name in curves
    ]
    return max((p for p in pairs if p is not None), key=lambda p: p.r, default=None)


def _foot_first(row: SignRow, evidence: ChainEvidence) -> Judged:
    del row
    onsets = _onsets(evidence)
    others = [onsets[name] for name in PROXIMAL if name in onsets]
    if "rearfoot" not in onsets or not others:
        return NOT_MEASURED
    chances = [probability_before(onsets["rearfoot"], other) for other in others]
    return Judged(probability=min(chances), values={"order": _order(onsets)})


def _pelvis_first(row: SignRow, evidence: ChainEvidence) -> Judged:
    del row
    onsets = _onsets(evidence)
    others = [onsets[name] for name in ABOVE if name in onsets]
    if "rearfoot" not in onsets or not others:
        return NOT_MEASURED
    chances = [probability_before(other, onsets["rearfoot"]) for other in others]
    return Judged(probability=max(chances), values={"order": _order(onsets)})


def _onsets(evidence: ChainEvidence) -> dict[LinkName, float]:
    found = {name: onset_pct(wave) for name, wave in evidence.curves().items()}
    return {name: at for name, at in found.items() if at is not None}


def _order(onsets: dict[LinkName, float]) -> Text:
    in_order = sorted(LINKS, key=lambda name: onsets.get(name, 0.0))
    named = [(word("links", n), round(onsets[n])) for n in in_order if n in onsets]
    return Text(
        nl=", ".join(f"{text.nl} {at}" for text, at in named),
        en=", ".join(f"{text.en} {at}" for text, at in named),
    )


def _answer(row: SignRow, evidence: ChainEvidence) -> Judged:
    return _told(getattr(evidence.foot, row.fact), row.present)


def _pelvis_answer(row: SignRow, evidence: ChainEvidence) -> Judged:
    return _told(getattr(evidence.examination.pelvis, row.fact), row.present)


def _told(answer: str | None, present: tuple[str, ...]) -> Judged:
    if answer is None:
        return NOT_MEASURED
    return Judged(
        probability=float(answer in present), values={"answer": word("answers", answer)}
    )


def _hip_control_poor(row: SignRow, evidence: ChainEvidence) -> Judged:
    del row
    told = _on_one_leg(evidence)
    if not told:
        return NOT_MEASURED
    poor = any(answer in {"pelvis_drops", "trunk_leans"} for answer in told)
    return Judged(probability=float(poor), values={"answer": _answers(told)})


def _hip_control_good(row: SignRow, evidence: ChainEvidence) -> Judged:
    del row
    told = _on_one_leg(evidence)
    strength = evidence.foot.abductor_strength
    if not told:
        return NOT_MEASURED
    good = all(answer == "steady" for answer in told) and strength != "weak"
    return Judged(probability=float(good), values={"answer": _answers(told)})


def _on_one_leg(evidence: ChainEvidence) -> tuple[str, ...]:
    foot = evidence.foot
    return tuple(a for a in (foot.single_leg_stance, foot.step_down) if a is not None)


def _answers(told: tuple[str, ...]) -> Text:
    words = [word("answers", each) for each in dict.fromkeys(told)]
    return Text(nl=", ".join(w.nl for w in words), en=", ".join(w.en for w in words))


def _both_feet(row: SignRow, evidence: ChainEvidence) -> Judged:
    del row
    left, right = _pronated(evidence)
    if left is None or right is None:
        return NOT_MEASURED
    return Judged(
        probability=max(0.0, left + right - 1.0), values=_shares(left=left, right=right)
    )


def _long_leg(row: SignRow, evidence: ChainEvidence) -> Judged:
    """Longer leg, a difference that counts, this foot pronated and the other not."""
    del row
    left, right = _pronated(evidence)
    legs = evidence.leg_length
    if left is None or right is None or legs is None:
        return NOT_MEASURED
    here_left = evidence.side is Side.LEFT
    way: Way = "left" if here_left else "right"
    longer = legs.chance_over(0.0, way=way).least
    over_5 = legs.chance_over(evidence.leg_counts_mm, way=way).least
    own, other = (left, right) if here_left else (right, left)
    return Judged(
        probability=max(0.0, own - other) * over_5,
        values=_shares(left=left, right=right, longer=longer, over_5=over_5),
    )


def _pronated(evidence: ChainEvidence) -> tuple[float | None, float | None]:
    rows = evidence.gait.measurements
    return pronation(rows, Side.LEFT), pronation(rows, Side.RIGHT)


def _shares(**shares: float) -> dict[str, Text | float]:
    return {name: round(value, 2) for name, value in shares.items()}


def _judged_z(link: ChainLink, chance: float | None) -> Judged:
    if chance is None or link.measurement is None or link.z is None:
        return NOT_MEASURED
    return Judged(
        probability=chance,
        values={"value": _value(link.measurement), "z": round(link.z, 1)},
    )


def _value(measurement: Measurement) -> Text:
    entry = definition(measurement.name)
    unit = "°" if entry.unit == "deg" else f" {entry.unit}"
    return Text(nl="{value} ± {sd}{unit}", en="{value} ± {sd}{unit}").filled(
        value=round(measurement.value or 0.0, entry.digits),
        sd=round(_margin(measurement), max(entry.digits, 1)),
        unit=unit,
    )


def _margin(measurement: Measurement) -> float:
    """Return half the 95 % interval, 0 where the error is not known."""
    known = uncertainty_of(measurement)
    return 0.0 if known is None else known.half_width


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return shipped_table("gaitkit.measure.chain", "words.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEvidence:
    """Links, curves, findings by hand and leg length, seen from one side.

    Attributes
    ----------
    side : Side
        Of which leg.
    links : tuple of ChainLink
        Of that side.
    gait : Gait
        What the recordings gave.
    examination : Examination
        Findings by hand.
    leg_length : LegLengthEstimate or None
        None when nothing measured it.
    leg_counts_mm : float
        Difference of the legs from which a longer one is looked for as a cause.
    """

    side: Side
    links: tuple[ChainLink, ...]
    gait: Gait
    examination: Examination
    leg_counts_mm: float
    leg_length: LegLengthEstimate | None = None

    @property
    def foot(self) -> FootExamination:
        """What was found by hand on this leg."""
        left = self.side is Side.LEFT
        return self.examination.left if left else self.examination.right

    def link(self, name: LinkName) -> ChainLink:
        """Return a link of this side."""
        return next(link for link in self.links if link.name == name)

    def curves(self) -> dict[LinkName, Waveform]:
        """Return the curves of the links in the recording that gave the foot.

        Empty where that has no curve of the rearfoot: only with it can links be
        compared in time.
        """
        foot = self.link("rearfoot").measurement
        if foot is None:
            return {}
        angles = {row.angle: name for name, row in link_rows().items()}
        found = {
            angles[wave.name]: wave
            for wave in self.gait.waveforms
            if wave.side is self.side
            and wave.name in angles
            and wave.recording == foot.recording
        }
        return found if "rearfoot" in found else {}


JUDGES: dict[TestName, Callable[[SignRow, ChainEvidence], Judged]] = {
    "link_and_time": _link_and_time,
    "link_above": _link_above,
    "link_below": _link_below,
    "value_above": _value_above,
    "in_phase": _in_phase,
    "out_of_phase": _out_of_phase,
    "foot_first": _foot_first,
    "pelvis_first": _pelvis_first,
    "answer": _answer,
    "pelvis_answer": _pelvis_answer,
    "hip_control_good": _hip_control_good,
    "hip_control_poor": _hip_control_poor,
    "both_feet": _both_feet,
    "long_leg": _long_leg,
}
"""Which function judges which test of the table."""
