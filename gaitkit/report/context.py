"""From an assessment to the one context that every layout shares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gaitkit.report.blocks import Context
from gaitkit.report.sections.account import intended_use, provenance
from gaitkit.report.sections.agreement import agreement
from gaitkit.report.sections.chain import chain
from gaitkit.report.sections.complaint import complaint
from gaitkit.report.sections.edits import edits
from gaitkit.report.sections.examination import examination
from gaitkit.report.sections.findings import findings
from gaitkit.report.sections.foot import foot
from gaitkit.report.sections.leg_length import leg_length
from gaitkit.report.sections.measures import measures
from gaitkit.report.sections.plan import plan
from gaitkit.report.sections.plate import plate
from gaitkit.report.sections.quality import quality
from gaitkit.report.sections.standing import standing
from gaitkit.report.sections.subject import subject
from gaitkit.report.sections.summary import summary
from gaitkit.report.sections.walk import curves, stills, symmetry

if TYPE_CHECKING:
    from datetime import date

    from gaitkit.report.inputs import ReportInputs

CHAPTERS = (
    complaint,
    summary,
    subject,
    examination,
    stills,
    measures,
    curves,
    symmetry,
    chain,
    leg_length,
    standing,
    foot,
    plate,
    agreement,
    findings,
    plan,
    edits,
    quality,
    intended_use,
    provenance,
)
"""In the order in which a podotherapist examines (source S0): where it hurts, the
walk, the chain from foot to trunk; then leg length, foot, findings and proposal."""

AFTER_STOP = (plan, intended_use)
"""All that is left when the patient has to see a physician today: the referral."""


def context_of(material: ReportInputs) -> Context:
    """Return the whole report, worded and formatted."""
    words, account = material.words, material.assessment.provenance
    stopped = material.assessment.plan.triage.status == "stop"
    chosen = AFTER_STOP if stopped else CHAPTERS
    chapters = (chapter(material) for chapter in chosen)
    return Context(
        language=material.language,
        title=words("document.title"),
        subtitle=words("document.subtitle"),
        subject_label=words("document.subject"),
        subject=material.assessment.subject.subject_id,
        date_label=words("document.date"),
        date=_day(material.assessment.visited_on, account.created),
        version=f"{words('document.version')} {account.gaitkit}",
        notice=words("document.notice"),
        contents=words("document.contents"),
        skip=words("document.skip"),
        page_of=words("document.page_of"),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
    )


def _day(visited_on: date | None, created: str) -> str:
    """Return the day of the visit, or else of the assessment."""
    day = visited_on or datetime.fromisoformat(created)
    return day.strftime("%d-%m-%Y")
