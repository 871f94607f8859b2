"""What the sections of a report are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gaitkit.io.video import read_video
from gaitkit.measure.pooled import in_force
from gaitkit.measure.symmetry import SideDifference, side_differences
from gaitkit.model.analysis import Analysis
from gaitkit.model.assessment import Assessment
from gaitkit.model.prescription import Handover
from gaitkit.report.film.scene import filmable, scene_of, speed_factor_of
from gaitkit.report.stills import Photographs, photographs
from gaitkit.report.words import Words, words
from gaitkit.rules.rule import RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import Recording
    from gaitkit.model.side import Side
    from gaitkit.model.text import Language
    from gaitkit.report.settings import ReportSettings


SPEED = "walking_speed"
POOLED = "contact_area"
"""Every plate that sees a foot gives this measure, or says why not."""

FILM = "overlay"
ROLL_OFF = "figures/roll-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInputs:
    """The assessment with everything that words and pictures need.

    Attributes
    ----------
    assessment : Assessment
        The answer.
    analyses : tuple of Analysis
        The signals of each recording.
    photographs : tuple of Photographs
        Stills of each video.
    differences : tuple of SideDifference
        Left minus right of every measure of which both sides are known.
    rules : RuleSet
        Titles and sources of the rules.
    films : tuple of str
        Names of the overlay films that lie beside the report.
    blurred : bool
        Whether persons were made unrecognisable.
    words : Words
        Sentences in the language of the report.
    handover : Handover
        Who the practice is, and its order of insoles.
    roll_offs : mapping of str to str
        Name of the film of the roll-off by pressure recording.
    """

    assessment: Assessment
    analyses: tuple[Analysis, ...]
    photographs: tuple[Photographs, ...]
    differences: tuple[SideDifference, ...]
    rules: RuleSet
    films: tuple[str, ...]
    blurred: bool
    words: Words
    handover: Handover = field(default_factory=Handover)
    roll_offs: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """Language of the report."""
        return self.words.language

    @property
    def way_in(self) -> str:
        """Who referred, or that nobody did; empty when it was not told."""
        told = self.assessment.intake
        way = None if told is None else told.way_in
        return "" if way is None else self.rules.answer(way).of(self.language)

    @property
    def plates(self) -> frozenset[str]:
        """Ids of the recordings of pressure."""
        return frozenset(a.recording.id for a in self.analyses if a.plates)

    @property
    def pooled(self) -> bool:
        """True when the feet of several plate recordings were averaged together."""
        return _pooled(self.assessment)

    @property
    def averaged(self) -> frozenset[str]:
        """Names of the measures that were averaged over the passes over a plate."""
        if not self.pooled:
            return frozenset()
        own = {
            m.name
            for a in self.analyses
            if a.plates
            for m in a.measurements
            if m.recording is not None
        }
        return frozenset(
            m.name
            for m in self.assessment.measurements
            if m.recording is None and m.name in own
        )

    def used_strides(self, recording: Recording, side: Side) -> int:
        """Return how many strides of a side were counted."""
        return sum(
            stride.rejected is None
            for stride in self.assessment.strides
            if stride.recording == recording.id and stride.side is side
        )

    def rule_title(self, rule: str) -> str:
        """Return the title of a rule, its id when the rule set does not have it."""
        found = (r.title.of(self.language) for r in self.rules.rules if r.id == rule)
        return next(found, rule)

    def citation(self, key: str) -> str:
        """Return a source as text, its key when the rule set does not have it."""
        source = self.rules.reference(key)
        return key if source is None else source.cited.of(self.language)

    def speed_m_s(self, recording: str | None) -> float | None:
        """Return the walking speed in a recording, None when it has none."""
        return next(
            (
                m.value
                for m in self.assessment.measurements
                if m.name == SPEED and m.recording == recording and m.value is not None
            ),
            None,
        )


def report_inputs(
    assessment: Assessment,
    analyses: Sequence[Analysis],
    *,
    rules: RuleSet,
    settings: ReportSettings,
    handover: Handover | None = None,
) -> ReportInputs:
    """Gather what the sections need; reads the stills from the videos.

    Raises
    ------
    InputError
        If a video can no longer be read.
    """
    sentences = words(settings.lang)
    shown = in_force(assessment.measurements, assessment.recordings)
    assessment = replace(assessment, measurements=shown)
    return ReportInputs(
        assessment=assessment,
        analyses=tuple(analyses),
        photographs=tuple(
            _photographs(analysis, blurred=settings.blur, sentences=sentences)
            for analysis in analyses
            if analysis.recording.kind == "video" and analysis.source is not None
        ),
        differences=side_differences(assessment.measurements),
        rules=rules,
        films=tuple(film_names(analyses).values()) if settings.overlay else (),
        blurred=settings.blur,
        words=sentences,
        handover=handover or Handover(),
        roll_offs=roll_off_names(analyses) if settings.overlay else {},
    )


def _pooled(assessment: Assessment) -> bool:
    return any(
        m.name == POOLED and m.recording is None for m in assessment.measurements
    )


def roll_off_names(analyses: Sequence[Analysis]) -> dict[str, str]:
    """Return the name of the film of the roll-off of each plate that has frames."""
    return {
        analysis.recording.id: f"{ROLL_OFF}-{analysis.recording.id}.mp4"
        for analysis in analyses
        if any(not foot.peak_only for plate in analysis.plates for foot in plate.feet)
    }


def film_names(analyses: Sequence[Analysis]) -> dict[str, str]:
    """Return the name of the overlay film of each recording that can have one."""
    ids = [a.recording.id for a in analyses if filmable(a)]
    if len(ids) == 1:
        return {ids[0]: f"{FILM}.mp4"}
    return {each: f"{FILM}-{each}.mp4" for each in ids}


def _photographs(analysis: Analysis, *, blurred: bool, sentences: Words) -> Photographs:
    if analysis.source is None:
        return Photographs(recording=analysis.recording.id)
    video = read_video(analysis.source, speed_factor=speed_factor_of(analysis))
    scene = scene_of(analysis, blurred=blurred, words=sentences)
    return photographs(video, scene, analysis, blurred=blurred)
