"""The answer on one page: its boxes, filled from an assessment, ready to be laid out.

Every field is a string in the language of the report; both layouts, PDF and HTML, only
place them. Numbers of what is made come from the decided plan and from nowhere else.

Two pictures: pressure under both feet with its path, and the leg lengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gaitkit.model.decisions import plan_in_force
from gaitkit.model.side import Side
from gaitkit.plots.leg_length import plot_leg_length_curve
from gaitkit.plots.pressure_sides import plot_pressure_sides
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import Drawing, Fact, Tone
from gaitkit.report.page_one.decision import Decision, decision
from gaitkit.report.page_one.lines import MeasureLine, measure_lines
from gaitkit.report.page_one.told import (
    Box,
    complaint_box,
    now_box,
    screening_box,
    with_box,
)
from gaitkit.report.plate_figures import typical_foot
from gaitkit.report.sections.complaint import place_drawing
from gaitkit.report.sections.leg_length import headline

if TYPE_CHECKING:
    from gaitkit.model.leg_length import LegLengthEstimate
    from gaitkit.report.inputs import ReportInputs


FEET, LEGS = "page-feet", "page-legs"
FEET_IN = (2.5, 2.3)


def pictures(material: ReportInputs) -> tuple[Drawing, ...]:
    """Return the pictures that there are."""
    found = [_feet(material)]
    if material.assessment.leg_length is not None:
        found.append(_legs(material, material.assessment.leg_length))
    return tuple(each for each in found if each is not None)


def _feet(material: ReportInputs) -> Drawing | None:
    """Return a typical left and right foot of the recording that has both, or one."""
    plates = [plate for a in material.analyses for plate in a.plates]
    found = [
        (
            plate,
            typical_foot(plate.feet, Side.LEFT),
            typical_foot(plate.feet, Side.RIGHT),
        )
        for plate in plates
    ]
    # both feet of one recording, or else the one foot that there is
    shown = [each for each in found if each[1] is not None and each[2] is not None]
    shown = shown or [each for each in found if each[1] or each[2]]
    if not shown:
        return None
    plate, left, right = shown[0]
    words = material.words
    ax, _ = plot_pressure_sides(
        left, right, language=material.language, size_in=FEET_IN, regions=False
    )
    several = len(plates) > 1
    source = words("plate.recording", id=plate.recording) if several else ""
    alt = words("page.feet_alt")
    return Drawing(
        name=FEET,
        svg=to_svg(ax, name=FEET, title=alt),
        caption=" ".join(filter(None, (words("page.feet_caption"), source))),
        alt=alt,
    )


def _legs(material: ReportInputs, estimate: LegLengthEstimate) -> Drawing:
    words = material.words
    ax = plot_leg_length_curve(estimate, language=material.language)
    alt = words("page.legs_alt", said=headline(estimate, words))
    return Drawing(
        name=LEGS,
        svg=to_svg(ax, name=LEGS, title=alt),
        caption=words("page.legs_caption"),
        alt=alt,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOne:
    """The whole page.

    Attributes
    ----------
    language, title, state, tone
        Head: what it is, and whether it is a proposal or decided.
    head : tuple of Fact
        Practice, patient, day, way in; an empty value leaves a line to write on.
    screening, complaint, partners, now : Box
        Boxes of words.
    place : Drawing or None
        Where it hurts.
    decision : Decision
        The largest box.
    line_heads, lines
        The six lines of measures.
    pictures : tuple of Drawing
        Pressure under both feet; what is known of the leg lengths.
    signing : tuple of Fact
        By whom, when, why it differs; an empty value leaves a line to write on.
    headings : tuple of str
        The numbered headings of the eight boxes.
    notice : str
        What it is not, and that the podotherapist decides.
    """

    language: str
    title: str
    state: str
    tone: Tone
    head: tuple[Fact, ...]
    screening: Box
    complaint: Box
    place: Drawing | None
    decision: Decision
    line_heads: tuple[str, ...]
    lines: tuple[MeasureLine, ...]
    pictures: tuple[Drawing, ...]
    partners: Box
    now: Box
    signing: tuple[Fact, ...]
    headings: tuple[str, ...]
    notice: str


BOXES = (
    "screening", "complaint", "decision", "lines", "pictures", "partners", "now",
    "signing",
)  # fmt: skip
HEADS = ("measure", "left", "right", "difference", "reference", "verdict")


def page_one(material: ReportInputs) -> PageOne:
    """Return page one of a visit.

    After a hard stop it holds the screening, what has to be done and who signs, and
    nothing that was measured.
    """
    words, assessment = material.words, material.assessment
    stopped = assessment.plan.triage.status == "stop"
    decided = plan_in_force(assessment)
    state = "stopped" if stopped else "decided" if decided.noted else "proposal"
    if not stopped and assessment.plan.status == "withheld":
        state = "undecided"
    return PageOne(
        language=material.language,
        title=words("page.title"),
        state=words(f"page.{state}"),
        tone="stop" if stopped else "good" if decided.noted else "caution",
        head=_head(material),
        screening=screening_box(material),
        complaint=complaint_box(material),
        place=None if stopped else place_drawing(material, bare=True),
        decision=decision(material),
        line_heads=tuple(words(f"page.head_{name}") for name in HEADS),
        lines=() if stopped else measure_lines(material),
        pictures=() if stopped else pictures(material),
        partners=with_box(material),
        now=now_box(material),
        signing=_signing(material),
        headings=tuple(words(f"page.box_{name}") for name in BOXES),
        notice=words("page.notice", version=assessment.provenance.gaitkit),
    )


def _head(material: ReportInputs) -> tuple[Fact, ...]:
    words, assessment = material.words, material.assessment
    subject = assessment.subject
    day = assessment.visited_on or datetime.fromisoformat(assessment.provenance.created)
    patient = [subject.subject_id]
    if subject.sex is not None:
        patient.append(words(f"subject.{subject.sex}"))
    if subject.age_years is not None:
        patient.append(words("page.years", n=f"{subject.age_years:.0f}"))
    return (
        Fact(label=words("page.practice"), value=material.handover.practice.named),
        Fact(label=words("page.patient"), value=", ".join(patient)),
        Fact(label=words("page.name"), value=""),
        Fact(label=words("page.day"), value=day.strftime("%d-%m-%Y")),
        Fact(label=words("page.way_in"), value=material.way_in),
    )


def _signing(material: ReportInputs) -> tuple[Fact, ...]:
    words, decided = material.words, plan_in_force(material.assessment)
    day = decided.decided_on
    reasons = []
    for item in decided.items:
        if item.reason and item.decision in {"change", "reject"}:
            element = item.about.element or item.about.kind
            label = item.about.label or material.rules.answer(element)
            reasons.append(f"{label.of(material.language)}: {item.reason}")
    facts = [
        Fact(label=words("page.decided_by"), value=decided.decided_by or ""),
        Fact(
            label=words("page.decided_on"),
            value=day.strftime("%d-%m-%Y") if day else "",
        ),
    ]
    if reasons:
        facts.append(Fact(label=words("page.differs"), value="; ".join(reasons)))
    if material.assessment.plan.triage.status == "stop":
        facts = [
            Fact(label=words(f"page.{name}"), value="")
            for name in ("called_at", "called_whom")
        ]
    facts.append(Fact(label=words("page.signature"), value=""))
    return tuple(facts)
