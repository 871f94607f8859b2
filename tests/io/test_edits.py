"""The therapist's decisions: read strictly, kept beside the proposal, shown."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING

import pytest
from full_plan import full_assessment
from rule_cases import Case, Expected, Measured, Told, plan_of

from gaitkit.cli import main
from gaitkit.doors import build
from gaitkit.errors import InputError
from gaitkit.io.atomic import new_folder
from gaitkit.io.edits import EDITS_FILE, check_edits, edits_text, read_edits
from gaitkit.io.export.assessment import write_assessment_json
from gaitkit.model.assessment import Assessment, Provenance
from gaitkit.model.decisions import (
    FindingRole,
    PlanEdit,
    PlanEdits,
    decided_plan,
    is_about,
    limit_exceeded,
)
from gaitkit.model.finding import Finding
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.text import Text
from gaitkit.model.visit import Intake
from gaitkit.pipeline.folder import PRODUCTS
from gaitkit.report.inputs import report_inputs
from gaitkit.report.sections.edits import edits
from gaitkit.report.sections.plan import plan
from gaitkit.report.settings import ReportSettings
from gaitkit.rules.loader import load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.plan import Plan
    from gaitkit.model.text import Language
    from gaitkit.report.blocks import Section
    from gaitkit.report.inputs import ReportInputs

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
    "start without amount": (
        EDIT + 'action = "change"\nreason = "x"\nstart = 3',
        r"edits.toml:5: 'edit.0.start' is 3; expected more than 0, up to amount",
    ),
    "start above amount": (
        EDIT + 'action = "change"\nreason = "x"\namount = 3\nunit = "mm"\nstart = 4',
        r"edits.toml:7: 'edit.0.start' is 4; expected more than 0, up to the amount, 3",
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


def material(
    proposal: Plan, made: PlanEdits | None, language: Language
) -> ReportInputs:
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
        edits=made,
    )
    settings = ReportSettings(lang=language)
    return report_inputs(assessment, (), rules=load_rules(), settings=settings)


def said(section: Section | None) -> str:
    """Return everything a chapter says."""
    assert section is not None
    return repr(dataclasses.asdict(section)).replace("\\u202f", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("gewijzigd", "3 mm", "smalle schoen", "onderhoudt de klacht",
                "hielverhoging rechts", "staat niet meer in dit voorstel")),
        ("en", ("changed", "maintains the complaint", "heel raise right",
                "no longer in this proposal")),
    ],
)  # fmt: skip
def test_the_report_shows_the_decisions(
    language: Language, words: tuple[str, ...], tmp_path: Path
) -> None:
    made = read_edits(written(tmp_path, SOUND))
    told = said(edits(material(raised(), made, language)))
    assert [word for word in words if word not in told] == []


def test_without_decisions_there_is_no_chapter() -> None:
    assert edits(material(raised(), None, "nl")) is None


def test_a_decision_that_still_stands_is_not_called_gone(tmp_path: Path) -> None:
    made = read_edits(written(tmp_path, SOUND))
    assert made is not None
    kept = dataclasses.replace(made, edit=made.edit[:1], role=())
    assert "staat niet meer" not in said(edits(material(raised(), kept, "nl")))


def test_the_proposal_shows_layers_and_marks_what_is_unconfirmed() -> None:
    told = said(plan(material(raised(), None, "nl")))
    for piece in ("4 mm, onbevestigd", "4 mm → 6 mm → 8 mm", "Zool per voet",
                  "Onderhoudsvoorschrift", "blijvend nodig", "Wat de bronnen zeggen",
                  "geen verwachting voor deze patiënt"):  # fmt: skip
        assert piece in told


TOO_HIGH = PlanEdit(rule="L04", element="heel_raise", side=Side.RIGHT, action="change",
                    amount=25.0, unit="mm", reason="na overleg")  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "boven de grens van gaitkit (20 mm): dit vraagt een behandelaar"),
     ("en", "beyond the limit of gaitkit (20 mm): this needs the clinician")],
)  # fmt: skip
def test_a_dose_beyond_the_hard_limit_is_shown_with_that_limit(
    language: Language, words: str
) -> None:
    beyond = PlanEdits(edit=(TOO_HIGH,))
    assert words in said(edits(material(raised(), beyond, language)))
    at_limit = PlanEdits(edit=(dataclasses.replace(TOO_HIGH, amount=20.0),))
    assert words not in said(edits(material(raised(), at_limit, language)))


def test_a_chosen_dose_has_its_own_number_and_no_steps() -> None:
    plan_ = raised()
    (chosen,) = (
        each
        for each in decided_plan(plan_, PlanEdits(edit=(TOO_HIGH,))).plan.suggestions
        if each.element == "heel_raise"
    )
    assert (chosen.amount, chosen.steps, chosen.unconfirmed) == (25.0, (), False)
    assert limit_exceeded(TOO_HIGH, plan_) == 20.0
    other_side = dataclasses.replace(TOO_HIGH, side=Side.LEFT)
    assert limit_exceeded(other_side, plan_) is None


def test_a_dose_in_another_unit_is_refused_by_its_line(tmp_path: Path) -> None:
    folder = written(tmp_path, SOUND.replace('"mm"', '"deg"'))
    found = read_edits(folder)
    assert found is not None
    with pytest.raises(InputError, match=r"edits.toml:11: 'edit.0.unit' is 'deg'; exp"):
        check_edits(found, raised(), folder)
    sound = read_edits(written(tmp_path, SOUND))
    assert sound is not None
    check_edits(sound, raised(), folder)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_template_lists_every_suggestion_and_decides_nothing(
    language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = material(raised(), None, language).assessment
    write_assessment_json(whole, tmp_path / "assessment.json")
    with pytest.raises(SystemExit) as stop:
        main(["visit", "edits", str(tmp_path), "--lang", language])
    assert stop.value.code == 0
    file = tmp_path / EDITS_FILE
    assert capsys.readouterr().out.strip() == str(file)
    text = file.read_text(encoding="utf-8")
    assert read_edits(tmp_path) == PlanEdits()
    assert all(s.text.of(language) in text for s in raised().suggestions)
    accepted = re.sub(r"(?m)^#(?=[a-z_]+ =|\[)", "", text)
    assert decided_rules(accepted, tmp_path) == {
        (each.rule, each.element, each.side) for each in raised().suggestions
    }
    changed = accepted.replace('"accept"', '"change"')
    changed = re.sub(r"(?m)^##(?=[a-z_]+ =)", "", changed)
    assert decided_rules(changed, tmp_path) == decided_rules(accepted, tmp_path)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_template_stays_a_sound_file_whatever_lines_are_taken_up(
    language: Language,
) -> None:
    """One sign less before every line decides; both less asks for every choice."""
    whole = full_assessment()
    said = Text(nl="twee\nregels", en="two\nlines")
    met = Finding(rule="F01", revision=1, verdict="met", probability=0.9, text=said)
    sides = [dataclasses.replace(met, side=side) for side in (*Side, *Side)]
    whole = dataclasses.replace(
        whole,
        findings=tuple(sides),
        plan=dataclasses.replace(
            whole.plan, suggestions=(*whole.plan.suggestions, *whole.plan.suggestions)
        ),
    )
    text = edits_text(whole, folder="out", language=language)
    taken_up = re.sub(r"(?m)^#(?=[^# ])", "", text)
    found = build(
        PlanEdits, tomllib.loads(taken_up), where="edits.toml", error=InputError
    )
    assert {e.element for e in found.edit} == {
        s.element for s in whole.plan.suggestions
    }
    assert found.role == ()
    both = re.sub(r"(?m)^#{1,2}(?=[^# ])", "", text)
    table = tomllib.loads(both.replace('role = "..."', 'role = "causes"'))
    found = build(PlanEdits, table, where="edits.toml", error=InputError)
    assert {(r.rule, r.side) for r in found.role} == {(f.rule, f.side) for f in sides}
    assert len(found.role) == len({(f.rule, f.side) for f in sides})
    with pytest.raises(InputError, match=r"'role\.0\.role': .*causes"):
        build(PlanEdits, tomllib.loads(both), where="edits.toml", error=InputError)


def decided_rules(text: str, folder: Path) -> set[tuple[str, str | None, Side | None]]:
    """Return what a file of decisions is about; each is about something proposed."""
    found = read_edits(written(folder, text))
    assert found is not None
    plan_ = raised()
    assert all(any(is_about(e, s) for s in plan_.suggestions) for e in found.edit)
    check_edits(found, plan_, folder)
    return {(each.rule, each.element, each.side) for each in found.edit}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (None, "", "expected an assessment, and there is no such file"),
        ("assessment.json", "{", "expected JSON, and it is none"),
        (EDITS_FILE, SOUND, "decisions are there already"),
    ],
)
def test_no_template_without_an_assessment_or_over_decisions(
    name: str | None,
    content: str,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if name == EDITS_FILE:
        whole = material(raised(), None, "nl").assessment
        write_assessment_json(whole, tmp_path / "assessment.json")
    if name is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SystemExit) as stop:
        main(["visit", "edits", str(tmp_path)])
    (line,) = capsys.readouterr().err.splitlines()
    assert stop.value.code == 2
    assert line.startswith("error: ")
    assert says in line
    assert sorted(path.name for path in tmp_path.iterdir()) == before


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
