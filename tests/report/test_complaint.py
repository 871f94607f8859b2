"""The first chapter: where it hurts; and what is left of a report after a stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gaitkit.model.catalogue import definitions
from gaitkit.model.decisions import FindingRole, PlanEdits
from gaitkit.model.finding import Finding
from gaitkit.model.intake import Goal, Intake
from gaitkit.model.plan import Plan, Triage
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Visit
from gaitkit.pipeline.assess import judge
from gaitkit.plots.pain_place import PainPlace, plot_pain_place
from gaitkit.report.blocks import Drawing, Facts
from gaitkit.report.inputs import ReportInputs, report_inputs
from gaitkit.report.sections.complaint import complaint
from gaitkit.report.sections.walk import curves, symmetry
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import context_of
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language

TOLD = Intake(
    pain_site="low_back",
    pain_side="left",
    pain_depth=("deep",),
    pain_moments=("on_waking", "evening"),
    worse_on_load="yes",
    onset="gradual",
    onset_trigger="work_posture",
    onset_date=date(2026, 1, 5),
    course="stable",
    aggravating=("standing", "walking"),
    easing=("lying",),
    radiation="below_knee",
    radiation_side="left",
)
VISITED_ON = date(2026, 3, 23)


def told(
    assessment: Assessment, intake: Intake | None, language: Language = "nl"
) -> ReportInputs:
    """Return the material of a report about an assessment with that intake."""
    return report_inputs(
        replace(assessment, intake=intake, visited_on=VISITED_ON),
        (),
        rules=load_rules(),
        settings=ReportSettings(lang=language),
    )


def facts_of(material: ReportInputs) -> dict[str, str]:
    """Return the names and values of the first list of the chapter."""
    section = complaint(material)
    assert section is not None
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    return {fact.label: fact.value for fact in facts.facts}


def test_the_complaint_is_the_first_chapter(assessment: Assessment) -> None:
    """Source S0 begins with localising the pain."""
    sections = context_of(told(assessment, TOLD)).sections

    assert [section.anchor for section in sections][:2] == ["complaint", "summary"]


def test_it_says_site_behaviour_and_duration_in_words(assessment: Assessment) -> None:
    """77 days lie between 6 and 12 weeks."""
    facts = facts_of(told(assessment, TOLD))

    assert facts["Plaats"] == "lage rug, links"
    assert facts["Wanneer"] == "bij het opstaan, 's avonds"
    assert facts["Uitstraling"] == "onder de knie, links"
    assert facts["Duur"] == "sinds 05-01-2026 (77 dagen: 6 tot 12 weken)"
    assert facts["Erger bij"] == "staan, lopen"
    assert "Tintelingen in de arm" not in facts


@pytest.mark.parametrize(
    ("onset", "span"),
    [
        (date(2026, 3, 22), "1 day: less than 6 weeks"),
        (date(2026, 2, 9), "42 days: 6 to 12 weeks"),
        (date(2025, 12, 28), "85 days: between 12 weeks and 3 months"),
        (date(2025, 12, 22), "91 days: more than 3 months"),
    ],
)
def test_duration_lies_between_the_limits_of_the_sources(
    assessment: Assessment, onset: date, span: str
) -> None:
    """6 weeks, 12 weeks and 3 calendar months."""
    facts = facts_of(told(assessment, replace(TOLD, onset_date=onset), "en"))

    assert f"({span}" in facts["Duration"]


@pytest.mark.parametrize("intake", [None, Intake()])
def test_nothing_told_is_no_chapter(
    assessment: Assessment, intake: Intake | None
) -> None:
    """An empty chapter would look like an answer."""
    assert complaint(told(assessment, intake)) is None


def test_the_role_that_the_therapist_set_stands_with_the_complaint(
    assessment: Assessment,
) -> None:
    """Causes, amplifies or maintains is never gaitkit's conclusion."""
    role = FindingRole(rule="F01", role="maintains", side=Side.RIGHT)
    found = Finding(
        rule="F01", revision=1, verdict="met", side=Side.RIGHT,
        text=Text(nl="x", en="x"),
    )  # fmt: skip
    edited = replace(assessment, findings=(found,), edits=PlanEdits(role=(role,)))
    section = complaint(told(edited, TOLD))

    assert section is not None
    roles = section.blocks[-1]
    assert isinstance(roles, Facts)
    assert roles.facts[0].label.endswith(", rechts")
    assert roles.facts[0].value == "onderhoudt de klacht"

    not_found = replace(edited, findings=(replace(found, verdict="not_met"),))
    shown = repr(complaint(told(not_found, TOLD)))
    assert "onderhoudt" not in shown, "what was not found has no role"


@pytest.mark.parametrize(("site", "drawn"), [("low_back", True), ("other", False)])
def test_a_body_is_drawn_only_for_a_site_that_can_be_pointed_at(
    assessment: Assessment, site: str, *, drawn: bool
) -> None:
    """Elsewhere is no place."""
    intake = replace(TOLD, pain_site=site)
    section = complaint(told(assessment, intake))

    assert section is not None
    assert any(isinstance(block, Drawing) for block in section.blocks) is drawn


def marked(place: PainPlace) -> list[tuple[float, float]]:
    """Return the left and right ends of what is marked on the body."""
    from matplotlib.patches import Rectangle

    patches = plot_pain_place(place).patches
    boxes = [patch for patch in patches if isinstance(patch, Rectangle)]
    return sorted((b.get_x(), b.get_x() + b.get_width()) for b in boxes)


def test_left_is_left_on_a_body_seen_from_behind() -> None:
    """Mirroring the side mirrors the drawing."""
    left = marked(PainPlace(site="low_back", side="left"))
    right = marked(PainPlace(site="low_back", side="right"))

    assert all(end <= 0 for _, end in left)
    assert [(-end, -start) for start, end in left] == right


def test_radiation_without_a_side_is_not_drawn() -> None:
    """A guess would look like an answer."""
    with_side = PainPlace(
        site="low_back", side="left", radiation="below_knee", radiation_side="left"
    )

    assert len(marked(with_side)) == 2
    assert len(marked(replace(with_side, radiation_side=None))) == 1


def test_own_words_of_the_patient_stay_in_the_visit() -> None:
    """Names may stand in them; only coded answers go into the assessment."""
    intake = replace(
        TOLD, history=("said by Jan",), goals=(Goal(kind="less_pain", text="Jan"),)
    )
    assessed = judge(Visit(intake=intake), ())

    assert assessed.intake == TOLD
    assert judge(Visit(), ()).intake is None


def test_after_a_stop_only_the_referral_is_left(assessment: Assessment) -> None:
    """No number, finding or figure may distract from it."""
    plan = Plan(
        status="withheld",
        triage=Triage(status="stop", rules=("T01",)),
        referrals=(Text(nl="Bel de huisarts.", en="Call."),),
    )
    stopped = replace(assessment, plan=plan)
    context = context_of(told(stopped, TOLD))

    assert [section.anchor for section in context.sections] == ["plan", "intended-use"]
    assert "Bel de huisarts." in str(context)


def test_no_drawing_is_higher_than_a_page(
    assessment: Assessment, analysis: Analysis
) -> None:
    """A page of A4 holds 6 panels, and 32 side differences."""
    names = [f"angle_{number}" for number in range(13)]
    one = analysis.waveforms[0]
    many = replace(analysis, waveforms=tuple(replace(one, name=n) for n in names))
    material = report_inputs(
        assessment, (many,), rules=load_rules(), settings=ReportSettings()
    )
    measures = [d.name for d in definitions() if d.sided and not d.regions][:40]
    row = next(d for d in material.differences if d.region is None and d.limit > 0)
    different = tuple(replace(row, measure=name) for name in measures)
    rows = replace(material, differences=different * 2)
    angles, differences = curves(material), symmetry(rows)

    assert angles is not None
    assert differences is not None
    drawn = [b.name for b in angles.blocks if isinstance(b, Drawing)]
    assert [name for name in drawn if name.startswith("waveforms")] == [
        f"waveforms-{analysis.recording.id}",
        f"waveforms-{analysis.recording.id}-2",
        f"waveforms-{analysis.recording.id}-3",
    ]
    assert len(different) > 32
    assert len(differences.blocks) == -(-len(different) // 32)
