"""The therapist's decisions: read strictly, kept beside the proposal, shown."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rule_cases import Case, Expected, Measured, Told, plan_of

from gaitkit.errors import InputError
from gaitkit.io.atomic import new_folder
from gaitkit.io.edits import EDITS_FILE, read_edits
from gaitkit.model.assessment import Assessment, Provenance
from gaitkit.model.edits import FindingRole, PlanEdit, PlanEdits
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import Intake
from gaitkit.pipeline.folder import PRODUCTS
from gaitkit.report.material import material_of
from gaitkit.report.sections.edits import edits
from gaitkit.report.sections.plan import plan
from gaitkit.report.settings import ReportSettings
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.plan import Plan
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Section
    from gaitkit.report.material import Material

SOUND = """
decided_by = "t3"
decided_on = 2026-03-20

[[edit]]
rule = "L04"
element = "heel_raise"
side = "right"
action = "change"
amount = 3
unit = "mm"
reason = "smalle schoen"

[[edit]]
rule = "F09"
action = "reject"
reason = "patiënt wil niet"

[[role]]
rule = "K01"
side = "left"
role = "maintains"
"""


def written(folder: Path, text: str) -> Path:
    (folder / EDITS_FILE).write_text(text, encoding="utf-8")
    return folder


def test_decisions_are_read_with_their_types(tmp_path: Path) -> None:
    assert read_edits(written(tmp_path, SOUND)) == PlanEdits(
        edit=(
            PlanEdit(
                rule="L04",
                element="heel_raise",
                side=Side.RIGHT,
                action="change",
                amount=3.0,
                unit="mm",
                reason="smalle schoen",
            ),
            PlanEdit(rule="F09", action="reject", reason="patiënt wil niet"),
        ),
        role=(FindingRole(rule="K01", side=Side.LEFT, role="maintains"),),
        decided_by="t3",
        decided_on=date(2026, 3, 20),
    )


def test_without_a_file_nothing_was_decided(tmp_path: Path) -> None:
    assert read_edits(tmp_path) is None


def test_the_file_stays_when_the_visit_is_assessed_again(tmp_path: Path) -> None:
    folder = written(tmp_path, SOUND)
    (folder / "assessment.json").write_text("old", encoding="utf-8")
    with new_folder(folder, replace=True, products=PRODUCTS) as new:
        (new / "assessment.json").write_text("new", encoding="utf-8")
    assert (folder / "assessment.json").read_text(encoding="utf-8") == "new"
    assert read_edits(folder) is not None


EDIT = '[[edit]]\nrule = "L04"\n'
REFUSALS = {
    "unknown key": (
        EDIT + 'action = "accept"\nreden = "x"',
        r"edits.toml:4: unknown key 'edit.0.reden'; known are rule",
    ),
    "no action": (EDIT, r"edits.toml:1: 'edit.0.action' is needed"),
    "other action": (EDIT + 'action = "later"', r"edits.toml:3: .*'accept'"),
    "no reason": (
        EDIT + 'action = "reject"',
        r"edits.toml:1: 'edit.0': reject needs a",
    ),
    "no unit": (
        EDIT + 'action = "change"\nreason = "x"\namount = 3',
        r"expected amount and unit together, got one of them",
    ),
    "amount of an acceptance": (
        EDIT + 'action = "accept"\namount = 3\nunit = "mm"',
        r"edits.toml:4: 'edit.0.amount': an amount goes with change, not with accept",
    ),
    "negative": (
        EDIT + 'action = "change"\nreason = "x"\namount = -3\nunit = "mm"',
        r"edits.toml:5: 'edit.0.amount' is -3; expected more than 0, up to 60",
    ),
    "twice": (
        EDIT + 'action = "accept"\n' + EDIT + 'action = "accept"',
        r"edits.toml:4: 'edit.1': edit.0 decides about the same",
    ),
    "no TOML": ("[[edit]\n", r"is not valid TOML"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_decision_is_refused_by_its_line(name: str, tmp_path: Path) -> None:
    text, message = REFUSALS[name]
    with pytest.raises(InputError, match=message):
        read_edits(written(tmp_path, text))


def material(proposal: Plan, decided: PlanEdits | None, language: Language) -> Material:
    account = Provenance(
        gaitkit="1",
        config={},
        rule_set_revision="x",
        rule_set_sha256="00",
        model_files=(),
        created="2026-11-21T10:15:00+01:00",
    )
    assessment = Assessment(
        subject=Subject(),
        recordings=(),
        events=(),
        strides=(),
        measurements=(),
        waveforms=(),
        findings=(),
        plan=proposal,
        provenance=account,
        edits=decided,
    )
    settings = ReportSettings(lang=language)
    return material_of(assessment, (), rules=load_rules(), settings=settings)


def said(section: Section | None) -> str:
    """Return everything a chapter says."""
    assert section is not None
    return repr(dataclasses.asdict(section)).replace("\\u202f", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("gewijzigd", "3 mm", "smalle schoen", "onderhoudt de klacht",
                "hakverhoging rechts", "staat niet meer in dit voorstel")),
        ("en", ("changed", "maintains the complaint", "heel raise right",
                "no longer in this proposal")),
    ],
)  # fmt: skip
def test_the_report_shows_the_decisions(
    language: Language, words: tuple[str, ...], tmp_path: Path
) -> None:
    decided = read_edits(written(tmp_path, SOUND))
    told = said(edits(material(raised(), decided, language)))
    assert [word for word in words if word not in told] == []


def test_without_decisions_there_is_no_chapter() -> None:
    assert edits(material(raised(), None, "nl")) is None


def test_a_decision_that_still_stands_is_not_called_gone(tmp_path: Path) -> None:
    decided = read_edits(written(tmp_path, SOUND))
    assert decided is not None
    kept = dataclasses.replace(decided, edit=decided.edit[:1], role=())
    assert "staat niet meer" not in said(edits(material(raised(), kept, "nl")))


def test_the_proposal_shows_layers_and_marks_what_is_unconfirmed() -> None:
    told = said(plan(material(raised(), None, "nl")))
    for piece in ("4 mm, onbevestigd", "4 mm → 6 mm → 8 mm", "Zool per voet",
                  "Onderhoudsvoorschrift", "blijvend nodig", "Wat de bronnen zeggen",
                  "geen verwachting voor deze patiënt"):  # fmt: skip
        assert piece in told


def raised() -> Plan:
    """Return the plan of a difference of 11.4 mm, left longer."""
    rows = tuple(
        Measured(
            name="structural_leg_length_difference", value=v, sd=1.46, method=method
        )
        for v, method in ((12.0, "x_ray"), (11.4, "posterior"))
    )
    told = Told(intake=Intake(pain_site="low_back"))
    case = Case(name="", expect=Expected(verdict="met"), told=told, measured=rows)
    return plan_of(case, load_rules())
