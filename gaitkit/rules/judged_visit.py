"""What a rule is judged on: the whole visit, and the part in focus."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.chain import KineticChain
from gaitkit.model.leg_length import LegLengthEstimate
from gaitkit.model.measurement import STICKER_STEPS, Measurement
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Visit
from gaitkit.model.wording import both
from gaitkit.rules.derived import VisitFacts, visit_facts
from gaitkit.rules.facts import (
    FactSources,
    FindingFacts,
    FootFacts,
    PlateFacts,
    ProposalFacts,
    RecordingFacts,
    chain_facts,
    estimate_facts,
)
from gaitkit.rules.inputs import FILM, PLATE, STICKERS, target_of
from gaitkit.rules.rule import EVERY_RULE, Block, Rule, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.rules.shared import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The recording, measure, region and side that a rule is judged for."""

    recording: str | None = None
    measure: str | None = None
    region: str | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveBlock:
    """A block that is in force, by which rule, and for what."""

    rule: str
    advice: Text | None
    block: Block
    focus: Focus

    def concerns(self, rule: Rule) -> bool:
        """Tell whether the block holds for that rule."""
        named = rule.id in self.block.rules
        every = EVERY_RULE in self.block.rules and rule.triage is None
        return (named or every) and rule.id != self.rule

    @property
    def whole(self) -> bool:
        """True when it stops a rule altogether, not only some measurements."""
        return self.focus == Focus() and not self.block.kinds

    def covers(self, row: Measurement) -> bool:
        """Tell whether a measurement may not be used."""
        pairs = (
            (self.focus.recording, row.recording),
            (self.focus.measure, row.name),
            (self.focus.region, row.region),
            (self.focus.side, row.side),
        )
        if any(asked is not None and asked != of_row for asked, of_row in pairs):
            return False
        kinds = self.block.kinds
        return not kinds or bool(set(kinds) & set(definition(row.name).kinds))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVisit:
    """Everything that one judgement may look at.

    Attributes
    ----------
    measurements : tuple of Measurement
        Of all recordings and of the examination.
    visit : Visit
        Intake and examination.
    recordings : tuple of Recording
        Identity and quality.
    blocks : tuple of ActiveBlock
        Blocks in force for the rule that is judged.
    proposal : ProposalFacts
        What the rules judged before suggest.
    chains, feet
        Chains, and what the sources say about the feet, from the measurements that may
        be used; empty for a rule that does not ask for them.
    found : FindingFacts
        What the rules judged before found.
    told : VisitFacts or None
        What follows from the visit alone; None: worked out for each question.
    leg_length : LegLengthEstimate or None
        The best estimate with its distribution; None when nothing was measured.
    """

    measurements: tuple[Measurement, ...]
    visit: Visit
    recordings: tuple[Recording, ...]
    blocks: tuple[ActiveBlock, ...] = ()
    proposal: ProposalFacts = field(default_factory=ProposalFacts)
    chains: tuple[KineticChain, ...] = ()
    feet: FootFacts = field(default_factory=FootFacts)
    found: FindingFacts = field(default_factory=FindingFacts)
    told: VisitFacts | None = None
    leg_length: LegLengthEstimate | None = None

    @property
    def usable(self) -> tuple[Measurement, ...]:
        """The measurements that no block keeps from being used."""
        return tuple(row for row in self.measurements if not self.blocked_by(row))

    def blocked_by(self, row: Measurement) -> ActiveBlock | None:
        """Return the block that keeps a measurement from being used, or None."""
        return next((block for block in self.blocks if block.covers(row)), None)

    def ask(self, rule_set: RuleSet, focus: Focus) -> RuleQuestion:
        """Return the question that a condition of the rule set is about a focus."""
        return RuleQuestion(
            rule_set=rule_set, scene=self, focus=focus, facts=self._facts(focus)
        )

    def recording(self, focus: Focus) -> Recording | None:
        """Return the recording in focus, or None."""
        return next((r for r in self.recordings if r.id == focus.recording), None)

    def _facts(self, focus: Focus) -> FactSources:
        recording = self.recording(focus)
        visit = self.visit
        told = self.told or visit_facts(visit)
        return FactSources(
            subject=visit.subject,
            intake=visit.intake,
            examination=visit.examination,
            follow_up=visit.follow_up,
            course=told.course,
            alarm=told.alarm,
            cause=told.cause,
            pulses=told.pulses,
            leg=told.leg,
            outcome=told.outcome,
            therapy=told.therapy,
            recording=self._recording_facts(recording) if recording else None,
            proposal=self.proposal,
            chain=chain_facts(self.chains),
            foot=self.feet,
            estimate=estimate_facts(self.leg_length),
            complaint=told.complaint,
            findings=self.found,
            plates=PlateFacts(fewest_contacts=self._fewest_contacts()),
        )

    def _recording_facts(self, recording: Recording) -> RecordingFacts:
        tilt = recording.calibration.camera_tilt_deg
        return RecordingFacts(
            kind=recording.kind,
            status=recording.quality.status,
            time_source=recording.time_source,
            view=recording.view,
            condition=recording.condition,
            rate_hz=recording.rate_hz,
            tilt_deg=None if tilt is None else abs(tilt),
            confidence=recording.confidence,
            fewest_strides=self._fewest_strides(recording.id),
            by_stickers=any(
                row.recording == recording.id
                and row.value is not None
                and row.method == STICKER_STEPS
                for row in self.measurements
            ),
            reasons=tuple(each.code for each in recording.quality.reasons),
        )

    def _fewest_strides(self, recording: str) -> int | None:
        rows = [
            row
            for row in self.measurements
            if row.recording == recording and target_of(row) in {FILM, STICKERS}
        ]
        most = [max((r.n for r in rows if r.side is s), default=0) for s in Side]
        return min(most) if rows else None

    def _fewest_contacts(self) -> int | None:
        """Return the contacts of the side that has fewest, over all plates.

        A foot that never trod on a plate is no reason against the other.
        """
        rows = [row for row in self.measurements if target_of(row) == PLATE]
        most = [max((r.n for r in rows if r.side is s), default=0) for s in Side]
        return min((n for n in most if n), default=None)


def foci(rule: Rule, scene: JudgedVisit) -> Iterator[Focus]:
    """Yield everything for which a rule is judged.

    A measure is judged where it might have been had: for each recording and region in
    which it has a row, with or without a value, and for each finding by hand.
    """
    sides = tuple(Side) if "side" in rule.for_each else (None,)
    for place, side in product(_places(rule, scene), sides):
        yield replace(place, side=side)


def _places(rule: Rule, scene: JudgedVisit) -> tuple[Focus, ...]:
    """Return the recordings, measures and regions for which a rule is judged."""
    by_recording = "recording" in rule.for_each
    if "measure" in rule.for_each:
        places = (
            Focus(
                recording=row.recording if by_recording else None,
                measure=row.name,
                region=row.region,
            )
            for name in rule.applies_to
            for row in scene.measurements
            if row.name == name and not (row.value is None and row.recording is None)
        )
        return tuple(dict.fromkeys(places))
    if by_recording:
        return tuple(Focus(recording=recording.id) for recording in scene.recordings)
    return (Focus(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuestion:
    """A condition of the rule set asked about one focus.

    ``facts`` are those that hold for the focus (`JudgedVisit.ask` puts it together).
    """

    rule_set: RuleSet
    scene: JudgedVisit
    focus: Focus
    facts: FactSources

    @property
    def phrases(self) -> Phrases:
        """The sentences that every rule shares."""
        return self.rule_set.phrases

    def side_label(self, side: Side) -> Text:
        """Return what a side is called."""
        return self.phrases.left if side is Side.LEFT else self.phrases.right

    def fact_label(self, fact: str) -> Text:
        """Return what a fact is called, with the side in focus where it has one."""
        found = self.rule_set.fact(fact)
        label = found.label if found else Text(nl=fact, en=fact)
        side = self.focus.side if ".each." in fact else None
        return self.on_side(label, side)

    def on_side(self, label: Text, side: Side | None) -> Text:
        """Return a label with its side, or as it is without one."""
        if side is None:
            return label
        name = self.side_label(side)
        return both(lambda language: f"{label.of(language)} ({name.of(language)})")
