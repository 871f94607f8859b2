"""Analyse each recording, judge the visit.

The kinetic chains of a visit, for the assessment and for its rules.

The plates of a visit on the clock of its film.
"""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from gaitkit.config import Config, to_table
from gaitkit.errors import InputError
from gaitkit.gait.clock import find_clock
from gaitkit.io.identify import identify
from gaitkit.measure.chain.chain import kinetic_chains
from gaitkit.measure.examination import measure_examination
from gaitkit.measure.foot.steps import contact_rows
from gaitkit.measure.leg_length.estimate import (
    estimate_leg_length,
    estimate_rows,
    with_next_readings,
)
from gaitkit.measure.leg_length.next_reading import AnswerLimits
from gaitkit.measure.pooled import in_force, with_pooled_recordings
from gaitkit.measure.summary import unmeasured
from gaitkit.measure.symmetry import difference_rows
from gaitkit.model.assessment import Assessment, ExaminationNotes, Provenance
from gaitkit.model.extension import added
from gaitkit.model.intake import Intake
from gaitkit.model.recording import ClockOffset
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Visit
from gaitkit.pipeline.block_test import pelvis_tilts, practice_errors, with_block_tests
from gaitkit.pipeline.contradictions import without_contradictions, without_doubles
from gaitkit.pipeline.foot_picture import with_navicular_drops
from gaitkit.pipeline.motion import analyse_motion_file, standing_trial
from gaitkit.pipeline.plate import analyse_plate_file
from gaitkit.pipeline.repeat import visit_provenance
from gaitkit.pipeline.standing import analyse_standing
from gaitkit.pipeline.video import analyse_video
from gaitkit.plan.decide import decide_plan
from gaitkit.plan.make import make_plan
from gaitkit.rules.judge import judge as judge_rules
from gaitkit.rules.loader import shipped_rules
from gaitkit.rules.rule import RELEVANT_DIFFERENCE
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.chain import KineticChain
    from gaitkit.model.decisions import PlanEdits
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.progress import Progress
    from gaitkit.model.recording import RecordingKind
    from gaitkit.model.visit import Examination, RecordingInput
    from gaitkit.rules.rule import RuleSet

ANALYSERS = {
    "video": analyse_video,
    "plate": analyse_plate_file,
    "markers": analyse_motion_file,
    "pose": analyse_motion_file,
    "stance": analyse_standing,
    "block_test": analyse_standing,
}
"""Who analyses which kind of recording."""

KIND_WORDS = {
    "video": "a video",
    "plate": "a plate recording",
    "markers": "a marker recording",
    "pose": "a pose file",
    "stance": "a picture of a standing person",
    "block_test": "a picture of a block test",
}
"""How kinds are called in messages."""


def assess(
    visit: Visit, config: Config | None = None, *, progress: Progress | None = None
) -> Assessment:
    """Assess a visit: analyse its recordings, judge them together.

    Raises
    ------
    GaitkitError
        If a recording, an option or the visit cannot be used.
    """
    return judge(visit, analyse(visit, config, progress=progress), config)


def analyse(
    visit: Visit, config: Config | None = None, *, progress: Progress | None = None
) -> tuple[Analysis, ...]:
    """Analyse every recording of a visit, in order.

    Parameters
    ----------
    visit : Visit
        Who, and which recordings.
    config : Config or None
        All settings; None: the defaults.
    progress : Progress or None
        Told how far long stages are.

    Returns
    -------
    tuple of Analysis
        One for each recording, with its signals.

    Raises
    ------
    InputError
        If a recording cannot be used, or if there is none and nothing was told or
        found by hand either. A visit without recordings is judged on what was.
    """
    if not visit.recordings:
        if dataclasses.replace(visit, visited_on=None, subject=Subject()) != Visit():
            return ()
        msg = (
            "the visit has no recording and nothing was told or found by hand; give at "
            "least one file or [[recording]], or fill in the visit file"
        )
        raise InputError(msg)
    settings = config or Config()
    kinds = [_kind_of(source) for source in visit.recordings]
    plates: list[Analysis] = []
    analysers = dict(ANALYSERS) | {
        "markers": _marker_analyser(visit, kinds),
        "video": partial(analyse_video, others=plates),
    }
    done: dict[int, Analysis] = {}
    for at in _plates_first(kinds):
        kind = kinds[at]
        done[at] = analysers[kind](
            visit.recordings[at],
            visit.subject,
            recording_id=f"{kind}_{kinds[: at + 1].count(kind)}",
            config=settings,
            progress=progress,
        )
        if kind == "plate":
            plates.append(done[at])
    analyses = without_doubles([done[at] for at in range(len(kinds))])
    tested = with_block_tests(analyses, visit, settings)
    tested = with_navicular_drops(tested, settings)
    timed = on_one_clock(tested, visit.recordings)
    agreeing = without_contradictions(timed)
    return with_pooled_recordings(agreeing)


def answer_limits(rule_set: RuleSet) -> AnswerLimits:
    """Return from which chances the rules give an answer about a raise."""

    def value(name: str) -> float:
        return rule_set.limit(name).value

    return AnswerLimits(
        relevant_mm=value(RELEVANT_DIFFERENCE),
        larger_mm=value("larger_difference"),
        large_mm=value("large_difference"),
        raise_from=value("raise_from"),
        within_larger=value("no_raise_up_to_10"),
        within_relevant=value("no_raise_up_to_5"),
        within_larger_wide=value("no_raise_up_to_10_wide"),
        cause_from=value("cause_from"),
        kinds_least=round(value("kinds_least")),
    )


def _plates_first(kinds: Sequence[RecordingKind]) -> list[int]:
    """Return the places of recordings, plates first: films ask where feet point."""
    return sorted(range(len(kinds)), key=lambda at: kinds[at] != "plate")


def _marker_analyser(
    visit: Visit, kinds: Sequence[RecordingKind]
) -> Callable[..., Analysis]:
    """Return the analyser of marker files, which knows the visit's static trial."""
    pairs = zip(visit.recordings, kinds, strict=True)
    standing = standing_trial([each for each, kind in pairs if kind == "markers"])
    return partial(analyse_motion_file, standing=standing)


def judge(
    visit: Visit, analyses: Sequence[Analysis], config: Config | None = None
) -> Assessment:
    """Judge what the recordings gave: findings, plan, and the whole assessment.

    Parameters
    ----------
    visit : Visit
        Intake, examination and subject.
    analyses : sequence of Analysis
        From `analyse`.
    config : Config or None
        As given to `analyse`; it stands in the provenance.
    """
    recordings = tuple(a.recording for a in analyses)
    measured = (
        *(m for a in analyses for m in a.measurements),
        *measure_examination(visit.examination),
    )
    tilts = pelvis_tilts(analyses, visit)
    errors, kit_sha256 = practice_errors(config or Config())
    legs = estimate_leg_length(
        measured,
        visit.examination,
        subject=visit.subject,
        tilts=tilts,
        errors=errors,
    )
    rule_set = shipped_rules()
    legs = with_next_readings(
        legs,
        measured,
        visit.examination,
        limits=answer_limits(rule_set),
        tilts=tilts,
        errors=errors,
    )
    estimated = estimate_rows(legs, measured, visit.examination, subject=visit.subject)
    measurements = (*measured, *estimated, *unmeasured((*measured, *estimated)))
    chains = chain_maker(visit, analyses, leg_length=legs)
    findings = judge_rules(
        rule_set,
        in_force(measurements, recordings),
        visit,
        recordings,
        chains_of=chains,
        leg_length=legs,
    )
    files = {file for a in analyses for file in a.model_files}
    return Assessment(
        subject=visit.subject,
        recordings=recordings,
        events=tuple(e for a in analyses for e in a.events),
        strides=tuple(s for a in analyses for s in a.strides),
        measurements=measurements,
        waveforms=tuple(w for a in analyses for w in a.waveforms),
        findings=findings,
        plan=make_plan(findings, visit, rule_set),
        proms=visit.proms,
        therapy=visit.therapy,
        visited_on=visit.visited_on,
        intake=_coded(visit.intake),
        notes=_notes(visit.examination),
        differences=difference_rows(in_force(measurements, recordings)),
        contacts=tuple(
            row for a in analyses for plate in a.plates for row in contact_rows(plate)
        ),
        provenance=Provenance(
            gaitkit=__version__,
            config=to_table(config or Config()),
            rule_set_revision=rule_set.revision,
            rule_set_sha256=rule_set.sha256,
            model_files=tuple(sorted(files, key=lambda file: file.name)),
            practice_kit_sha256=kit_sha256,
            visit=visit_provenance(visit, analyses),
            extensions=added(),
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
        ),
        leg_length=legs,
        chains=chains(measurements),
    )


def with_decisions(
    assessment: Assessment, edits: PlanEdits, visit: Visit
) -> Assessment:
    """Return an assessment with the therapist's decisions and the plan they leave.

    Parameters
    ----------
    assessment : Assessment
        From `judge` with the same visit.
    edits : PlanEdits
        The decisions.
    visit : Visit
        The visit.
    """
    decided = decide_plan(
        assessment.plan, edits, assessment.findings, visit, shipped_rules()
    )
    return dataclasses.replace(assessment, edits=edits, decided=decided)


def _coded(intake: Intake) -> Intake | None:
    """Return what was told without words of the patient's own; None for nothing."""
    coded = dataclasses.replace(intake, history=(), goals=())
    return None if coded == Intake() else coded


def _notes(found: Examination) -> ExaminationNotes | None:
    notes = ExaminationNotes(
        inspection=found.inspection.note,
        palpation=found.palpation.note,
        function=found.function.note,
    )
    return None if notes == ExaminationNotes() else notes


def _kind_of(source: RecordingInput) -> RecordingKind:
    if source.foot_side is not None:
        return _kind_of_foot(source)
    kind = source.kind or identify(source.file)
    if kind not in ANALYSERS:
        readable = " or ".join(KIND_WORDS[each] for each in ANALYSERS)
        msg = f"{source.file} is {KIND_WORDS[kind]}; expected {readable} of a walk"
        raise InputError(msg)
    return kind


def _kind_of_foot(source: RecordingInput) -> RecordingKind:
    if source.kind not in {None, "stance"}:
        msg = (
            f"{source.file}: kind is {source.kind}; expected stance for a picture of "
            "one foot (foot_side); correct it or leave foot_side out"
        )
        raise InputError(msg)
    return "stance"


def chain_maker(
    visit: Visit, analyses: Sequence[Analysis], *, leg_length: LegLengthEstimate | None
) -> Callable[[Sequence[Measurement]], tuple[KineticChain, ...]]:
    """Return what makes both chains from measurements of the visit.

    Parameters
    ----------
    visit : Visit
        Examination and subject.
    analyses : sequence of Analysis
        Their curves tell how links move together and in which order.
    leg_length : LegLengthEstimate or None
        Best estimate of the difference.
    """
    waveforms = tuple(wave for each in analyses for wave in each.waveforms)
    counts = shipped_rules().limit(RELEVANT_DIFFERENCE)

    def chains(measurements: Sequence[Measurement]) -> tuple[KineticChain, ...]:
        return kinetic_chains(
            measurements,
            waveforms,
            examination=visit.examination,
            subject=visit.subject,
            leg_counts_mm=counts.value,
            leg_length=leg_length,
        )

    return chains


def on_one_clock(
    analyses: Sequence[Analysis], inputs: Sequence[RecordingInput]
) -> tuple[Analysis, ...]:
    """Place every plate on the clock of the first recording that is not a plate.

    Parameters
    ----------
    analyses : sequence of Analysis
        The recordings of a visit.
    inputs : sequence of RecordingInput
        What the user knows about each, in the same order.

    Returns
    -------
    tuple of Analysis
        Events keep their own clock; ``recording.clock`` of a plate says how it is
        shifted, or ``recording.why_no_clock`` why that is not known.
    """
    reference = next((a for a in analyses if not a.plates and a.events), None)
    if reference is None:
        return tuple(analyses)
    return tuple(
        _placed(analysis, reference, marked_s=source.starts_at_s)
        if analysis.plates and analysis.events
        else analysis
        for analysis, source in zip(analyses, inputs, strict=True)
    )


def _placed(
    analysis: Analysis, reference: Analysis, *, marked_s: float | None
) -> Analysis:
    found = find_clock(analysis.events, reference.events, marked_s=marked_s)
    if isinstance(found, ClockOffset):
        recording = replace(analysis.recording, clock=found)
    else:
        recording = replace(analysis.recording, why_no_clock=found)
    return replace(analysis, recording=recording)
