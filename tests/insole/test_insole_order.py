"""The order: one object from the decided plan, and the sheet that tells it."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from full_plan import PLAN, RULES, full_assessment

from gaitkit.errors import ConfigError
from gaitkit.insole.heights import height
from gaitkit.insole.order import ground, prescription_of
from gaitkit.insole.parameters import check_practice
from gaitkit.io.export.fhir.bundle import fhir_bundle
from gaitkit.io.practice_defaults import read_practice_defaults
from gaitkit.measure.foot.plate import analyse_plate
from gaitkit.model.analysis import Analysis
from gaitkit.model.decisions import PlanEdit, PlanEdits, plan_in_force
from gaitkit.model.intake import Intake, Shoes
from gaitkit.model.plan import FootInsole, InsoleLayer
from gaitkit.model.prescription import (
    Handover,
    PracticeDefaults,
    Prescription,
    UnderShoe,
)
from gaitkit.model.reason import Quality
from gaitkit.model.recording import Recording
from gaitkit.model.side import Side
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letters_to_others import letter_to_shoemaker
from gaitkit.report.pdf import prescription_to_pdf
from gaitkit.report.prescription import sheet_of
from gaitkit.report.prescription_drawings import drawings_of, layout_of
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import write_prescription
from gaitkit_virtual.plate.foot import SoleShape
from gaitkit_virtual.plate.walk import PlateSpec, WalkSpec, simulate_walk

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import Plan
    from gaitkit.model.pressure import Evidence, Surface

DAY = date(2026, 3, 21)
DECIDED = PlanEdits(decided_by="t3", decided_on=DAY)
RECORDING = Recording(
    id="plate_1", kind="plate", sha256="0f" * 32, rate_hz=60.0, duration_s=2.5,
    time_source="header", quality=Quality(), condition="barefoot",
)  # fmt: skip
HOUSE = PracticeDefaults(
    name="Praktijk De Brug", agb="12-345678", material="EVA", shore_a=35,
    delivery_days=14,
)  # fmt: skip


def walked(
    *,
    pitch_mm: tuple[float, float] = (5.0, 5.0),
    length_mm: float = 250.0,
    surface: Surface = "plate",
    pitch_evidence: Evidence = "stated",
    recording: Recording = RECORDING,
) -> Analysis:
    """Return a person who walked over a plate with four steps."""
    rows, cols = round(1900 / pitch_mm[0]), round(400 / pitch_mm[1])
    plate = PlateSpec(rows=rows, cols=cols, pitch_mm=pitch_mm, rate_hz=60.0)
    sole = SoleShape(length_mm=length_mm)
    sim = simulate_walk(WalkSpec(left=sole, right=sole, steps=3), plate)
    result = analyse_plate(sim.data, recording=recording.id)
    source = dataclasses.replace(
        result.source, surface=surface, pitch_evidence=pitch_evidence
    )
    plates = (dataclasses.replace(result, source=source),)
    return Analysis(recording=recording, plates=plates)


@pytest.fixture(scope="module")
def plate() -> Analysis:
    return walked()


def with_insoles(plan: Plan, doses: dict[Side, dict[str, float | None]]) -> Plan:
    """Return a plan with these elements beside its raise, each accepted."""
    raised = tuple(each for each in plan.suggestions if each.kind == "heel_raise")
    elements = tuple(
        dataclasses.replace(
            raised[0], kind="insole_element", rule="F01", element=name, side=side,
            amount=amount,
            unit="deg" if name.endswith("post") else "mm", steps=(), target=None,
            location=None, step_dates=(),
        )
        for side, named in doses.items()
        for name, amount in named.items()
    )  # fmt: skip
    insoles = tuple(
        FootInsole(
            side=side,
            layers=tuple(
                InsoleLayer(
                    order=at, element=name, label=RULES.answer(name), rule="F01",
                    amount=amount, unit="deg" if name.endswith("post") else "mm",
                )
                for at, (name, amount) in enumerate(named.items(), start=1)
            ),
        )
        for side, named in doses.items()
    )  # fmt: skip
    return dataclasses.replace(plan, suggestions=(*raised, *elements), insoles=insoles)


def decided(
    doses: dict[Side, dict[str, float | None]] | None = None,
    *,
    edits: PlanEdits | None = DECIDED,
) -> Assessment:
    """Return an assessment with these elements under the feet, decided about."""
    found = full_assessment(edits=edits)
    plan = PLAN if doses is None else with_insoles(PLAN, doses)
    return dataclasses.replace(found, plan=plan)


def ordered(
    assessment: Assessment,
    *analyses: Analysis,
    practice: PracticeDefaults | None = None,
) -> Prescription:
    """Return an order that there is."""
    found = prescription_of(assessment, analyses, RULES, practice=practice)
    assert found is not None
    return found


LEFT_AND_RIGHT: dict[Side, dict[str, float | None]] = {
    Side.LEFT: {"medial_arch_support": 6.0, "metatarsal_pad": 5.0},
    Side.RIGHT: {"medial_rearfoot_post": 2.0, "medial_arch_support": None},
}


def test_an_order_holds_what_was_decided_and_nothing_else(plate: Analysis) -> None:
    order = ordered(decided(LEFT_AND_RIGHT), plate)
    assert order.left.doses.arch_mm == 6.0
    assert order.left.doses.pad_mm == 5.0
    assert order.left.doses.raise_mm == 0.0
    assert order.right.doses.raise_mm == 4.0
    assert order.right.doses.rearfoot_deg == 2.0
    assert order.right.doses.arch_mm == 8.0
    usual = {e.element for e in order.right.elements if not e.decided}
    assert usual == {"medial_arch_support"}
    assert order.number == "20260321-p01" or order.number.startswith("20260321-")
    assert order.makeable


def test_a_raise_is_made_at_its_first_step_with_discs_for_the_others(
    plate: Analysis,
) -> None:
    order = ordered(decided(), plate)
    assert order.shoe.raise_limit_mm == 10.0
    assert order.right.steps_mm == (4.0, 6.5, 9.0, 10.0)
    assert order.right.discs_mm == (2.5, 2.5, 1.0)
    assert order.right.under_shoe is not None
    assert order.right.under_shoe.heel_mm == 3.0
    assert order.right.under_shoe.ball_mm == 1.5


def test_the_heights_are_those_of_shell_and_doses(plate: Analysis) -> None:
    order = ordered(decided(LEFT_AND_RIGHT), plate)
    assert order.left.heights is not None
    assert order.right.heights is not None
    assert order.left.heights.heel == pytest.approx(3.0)
    assert order.right.heights.heel == pytest.approx(3.0 + 4.0)
    assert order.heel_difference_mm == pytest.approx(-4.0)
    assert order.right.heights.wedge_medial > 0 > order.right.heights.wedge_lateral


def test_a_rejected_element_is_neither_drawn_nor_made(plate: Analysis) -> None:
    assessment = decided(LEFT_AND_RIGHT)
    reject = PlanEdit(
        rule="F01", element="metatarsal_pad", side=Side.LEFT, action="reject",
        reason="te smal",
    )  # fmt: skip
    edits = dataclasses.replace(DECIDED, edit=(reject,))
    order = ordered(dataclasses.replace(assessment, edits=edits), plate)
    assert order.left.doses.pad_mm == 0.0
    assert not any(e.element == "metatarsal_pad" for e in order.left.elements)


def test_without_a_decision_the_sheet_is_a_draft_and_there_is_no_solid(
    plate: Analysis, tmp_path: Path
) -> None:
    order = ordered(decided(LEFT_AND_RIGHT, edits=None), plate)
    assert order.draft
    assert not order.makeable
    files = write_prescription(order, tmp_path, settings=ReportSettings(), rules=RULES)
    assert [file.name for file in files] == ["prescription.pdf"]
    assert sheet_of(order, RULES, language="nl").draft == "CONCEPT"
    assert sheet_of(order, RULES, language="en").draft == "DRAFT"


def test_a_decided_order_writes_sheet_and_solids(
    plate: Analysis, tmp_path: Path
) -> None:
    order = ordered(decided(LEFT_AND_RIGHT), plate, practice=HOUSE)
    settings = ReportSettings(insole_top=True)
    files = write_prescription(order, tmp_path, settings=settings, rules=RULES)
    assert {file.name for file in files} == {
        "prescription.pdf", "insole_left.stl", "insole_right.stl",
        "insole_left_top.stl", "insole_right_top.stl", "insoles.3mf",
    }  # fmt: skip
    assert all(file.stat().st_size > 5_000 for file in files)


def test_nothing_to_make_gives_no_order(plate: Analysis) -> None:
    kept = tuple(s for s in PLAN.suggestions if s.kind == "advice")
    plan = dataclasses.replace(PLAN, suggestions=kept, insoles=())
    assessment = dataclasses.replace(full_assessment(edits=DECIDED), plan=plan)
    assert prescription_of(assessment, [plate], RULES) is None


REFUSED: dict[str, dict[Side, dict[str, float | None]]] = {
    "insole_dose": {Side.LEFT: {"metatarsal_pad": 11.0}},
    "insole_opposite": {
        Side.LEFT: {"medial_rearfoot_post": 2.0, "lateral_rearfoot_post": 2.0}
    },
    "insole_recess_wedge": {
        Side.LEFT: {"first_ray_cut_out": 1.5, "medial_forefoot_post": 2.0}
    },
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_made_writes_no_solid_and_says_why(
    code: str, plate: Analysis, tmp_path: Path
) -> None:
    order = ordered(decided(REFUSED[code]), plate)
    assert [each.code for each in order.left.refusals] == [code]
    files = write_prescription(order, tmp_path, settings=ReportSettings(), rules=RULES)
    assert [file.name for file in files] == ["prescription.pdf"]
    for language in ("nl", "en"):
        sheet = sheet_of(order, RULES, language=language)
        assert sheet.refused is not None
        assert order.left.refusals[0].text.of(language) in sheet.refused.lines[0]
        assert sheet.files is None


def test_contradictory_wedges_stand_on_the_sheet_though_they_cancel(
    plate: Analysis,
) -> None:
    order = ordered(decided(REFUSED["insole_opposite"]), plate)
    rows = {row.label: row for row in sheet_of(order, RULES, language="en").elements}
    assert rows["rearfoot wedge"].left.dose == "medial 2° + lateral 2°"


def test_no_plate_gives_an_order_without_drawing_and_says_why(tmp_path: Path) -> None:
    order = ordered(decided(LEFT_AND_RIGHT))
    assert order.left.shape is None
    assert [each.code for each in order.left.refusals] == ["insole_no_print"]
    assert list(drawings_of(order, language="nl")) == []
    files = write_prescription(order, tmp_path, settings=ReportSettings(), rules=RULES)
    assert [file.name for file in files] == ["prescription.pdf"]
    assert pages(files[0].read_bytes()) == 1


def in_shoes(assessment: Assessment, size_eu: float) -> Assessment:
    """Return an assessment of somebody whose shoe size was asked."""
    intake = assessment.intake or Intake()
    shoes = dataclasses.replace(intake.shoes, size_eu=size_eu)
    told = dataclasses.replace(intake, shoes=shoes)
    return dataclasses.replace(assessment, intake=told)


def test_without_a_plate_the_shoe_size_gives_outline_places_and_solid(
    tmp_path: Path,
) -> None:
    order = ordered(in_shoes(decided(LEFT_AND_RIGHT), 42.0))
    for foot in order.feet:
        assert foot.shape is not None
        assert foot.shape.print_.origin == "shoe_size"
        assert foot.shape.length_mm == pytest.approx(6.667 * 42 - 2, abs=0.5)
        assert foot.refusals == ()
        assert "insole_template" in [each.code for each in foot.notes]
    left = order.left.shape
    assert left is not None
    assert left.doses.pad_mm == 5.0  # on the drawing
    assert left.as_made.doses.pad_mm == 0.0  # not in the solid
    files = write_prescription(order, tmp_path, settings=ReportSettings(), rules=RULES)
    assert "insole_left.stl" in [file.name for file in files]
    sheet = sheet_of(order, RULES, language="nl")
    assert any("geschat uit de schoenmaat" in field.value for field in sheet.fields)
    assert sheet.mind is not None
    assert "geschat uit schoenmaat 42" in " ".join(sheet.mind.lines)


def test_prints_of_no_whole_foot_fall_back_on_the_shoe_size_or_say_so(
    plate: Analysis,
) -> None:
    short = walked(length_mm=120.0)
    without = ordered(decided(LEFT_AND_RIGHT), short)
    assert "insole_print_length" in [each.code for each in without.left.refusals]
    (why,) = [
        each for each in without.left.refusals if each.code == "insole_print_length"
    ]
    assert "geef de schoenmaat op" in why.advice.nl
    order = ordered(in_shoes(decided(LEFT_AND_RIGHT), 40.0), short)
    assert order.makeable
    assert order.left.shape is not None
    assert order.left.shape.print_.origin == "shoe_size"
    kept = ordered(in_shoes(decided(LEFT_AND_RIGHT), 40.0), plate)
    assert kept.left.shape is not None
    assert kept.left.shape.print_.origin == "plate"


def test_a_known_shoe_sets_the_length_and_a_strange_one_is_asked_about(
    plate: Analysis,
) -> None:
    order = ordered(in_shoes(decided(LEFT_AND_RIGHT), 40.0), plate)
    for foot in order.feet:
        assert foot.shape is not None
        assert foot.shape.length_mm == pytest.approx(6.667 * 40 - 2, abs=0.5)
        assert "insole_shoe_length" not in [each.code for each in foot.notes]
    strange = ordered(in_shoes(decided(LEFT_AND_RIGHT), 46.0), plate)
    (note,) = [each for each in strange.left.notes if each.code == "insole_shoe_length"]
    assert note.text.en.startswith("Shoe size 46 gives an insole of 305 mm; the print")


def test_a_loose_raise_is_a_file_of_its_own_and_the_bench_counts_both(
    plate: Analysis, tmp_path: Path
) -> None:
    built_in = ordered(decided(LEFT_AND_RIGHT), plate)
    order = ordered(
        decided(LEFT_AND_RIGHT), plate, practice=PracticeDefaults(loose_raise=True)
    )
    raised = next(foot for foot in order.feet if foot.doses.raise_mm)
    assert raised.shape is not None
    assert raised.loose_raise is not None
    assert raised.shape.doses.raise_mm == 0.0
    assert raised.loose_raise.doses.raise_mm == raised.doses.raise_mm
    assert order.heel_difference_mm == pytest.approx(built_in.heel_difference_mm)
    files = write_prescription(order, tmp_path, settings=ReportSettings(), rules=RULES)
    names = [file.name for file in files]
    assert f"raise_{raised.side}.stl" in names
    assert f"raise_{raised.side.other}.stl" not in names
    sheet = sheet_of(order, RULES, language="en")
    assert sheet.files is not None
    assert f"raise_{raised.side}.stl" in sheet.files.value


def test_a_three_quarter_pair_has_no_height_at_ball_and_toes(plate: Analysis) -> None:
    house = PracticeDefaults(length="three_quarter")
    order = ordered(decided(LEFT_AND_RIGHT), plate, practice=house)
    assert order.makeable
    for foot in order.feet:
        assert foot.heights is not None
        assert (foot.heights.ball, foot.heights.toe) == (None, None)
        assert foot.shape is not None
        assert foot.shape.length_mm < 0.75 * 250
    assert len(list(drawings_of(order, language="nl"))) >= 3


def test_a_second_pair_and_the_laboratory_stand_on_the_sheet(plate: Analysis) -> None:
    house = PracticeDefaults(
        second_pair=True, laboratory="Werkplaats", shoes=("everyday", "work")
    )
    assessment = decided(LEFT_AND_RIGHT)
    told = assessment.intake or Intake()
    unknown = dataclasses.replace(told, shoes=Shoes())
    order = ordered(
        dataclasses.replace(assessment, intake=unknown), plate, practice=house
    )
    sheet = sheet_of(order, RULES, language="nl")
    values = " | ".join(field.value for field in sheet.fields)
    assert "☒ nieuw  ☐ aanpassing  ☒ 2e paar" in values
    assert "☐ gewone schoen  ☐ werkschoen" in values
    assert "voor: Werkplaats" in sheet.practice[1]


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("insole_scale", {"pitch_evidence": "assumed"}),
        ("insole_not_plate", {"surface": "insole"}),
        (
            "insole_not_plate",
            {"recording": dataclasses.replace(RECORDING, condition="shod")},
        ),
    ],
)
def test_a_print_of_unknown_scale_or_in_a_shoe_is_no_ground(
    code: str, made: dict[str, object]
) -> None:
    prints, missing = ground(decided(), [walked(**made)])  # type: ignore[arg-type]
    assert prints == {}
    assert [each.code for each in missing[Side.LEFT]] == [code, "insole_no_print"]


def test_a_foot_without_a_step_is_drawn_as_the_mirror_of_the_other(
    plate: Analysis,
) -> None:
    (result,) = plate.plates
    lefts = tuple(foot for foot in result.feet if foot.side is Side.LEFT)
    half = dataclasses.replace(plate, plates=(dataclasses.replace(result, feet=lefts),))
    order = ordered(decided(LEFT_AND_RIGHT), half)
    assert order.right.shape is not None
    assert order.right.shape.print_.origin == "mirrored"
    assert [each.code for each in order.right.refusals] == ["insole_no_print"]
    assert not order.makeable


def test_a_cushion_thickens_both_shells_and_counts_as_filled(plate: Analysis) -> None:
    order = ordered(decided({Side.LEFT: {"heel_cushion": 3.0}}), plate)
    assert order.left.shape is not None
    assert order.right.shape is not None
    assert order.left.shape.base == order.right.shape.base
    more = order.left.shape.base.heel_mm - 3.0
    assert more == pytest.approx(1.5)
    assert {each.code for each in order.right.notes} >= {"insole_base_thicker"}
    assert order.left.heights is not None
    assert order.left.heights.heel == pytest.approx(3.0 + more)
    u, v = (np.array([each]) for each in order.left.shape.print_.heel_middle_mm)
    assert height(order.left.shape, u, v) == pytest.approx(3.0 + more - 3.0)
    assert order.makeable


def numbers(text: str) -> set[float]:
    """Return every number in a text."""
    return {float(each) for each in re.findall(r"\d+(?:\.\d+)?", text)}


def test_sheet_fhir_and_solid_tell_the_same_doses(plate: Analysis) -> None:
    assessment = decided(LEFT_AND_RIGHT)
    order = ordered(assessment, plate)
    standing = plan_in_force(assessment).plan
    bundle = str(fhir_bundle(assessment, language="en"))
    rows = sheet_of(order, RULES, language="en").elements
    for suggestion in standing.suggestions:
        if suggestion.amount is None or suggestion.location == "under_shoe":
            continue
        foot = order.left if suggestion.side is Side.LEFT else order.right
        told = [row.left.dose if foot is order.left else row.right.dose for row in rows]
        assert suggestion.amount in {n for text in told for n in numbers(text)}
        assert suggestion.amount in {
            abs(getattr(foot.doses, f.name)) for f in dataclasses.fields(foot.doses)
        }
        assert suggestion.amount in numbers(bundle)


def test_shoemaker_fhir_and_sheet_read_what_goes_under_the_shoe_from_one_order(
    plate: Analysis,
) -> None:
    assessment = decided()
    order = ordered(assessment, plate)
    foot = order.foot(Side.RIGHT)
    assert foot.under_shoe is not None
    under = foot.under_shoe
    assert (under.heel_mm, under.ball_mm, under.toe_mm) == (3.0, 1.5, 0.0)
    # another order, the same assessment: whatever it says, everything follows it
    changed = dataclasses.replace(
        foot, under_shoe=UnderShoe(heel_mm=7.0, ball_mm=4.0, toe_mm=1.0)
    )
    other = dataclasses.replace(order, right=changed)
    material = report_inputs(
        assessment,
        (),
        rules=RULES,
        settings=ReportSettings(lang="nl"),
        handover=Handover(order=other),
    )
    letter = letter_to_shoemaker(material)
    assert letter is not None
    values = {fact.label: fact.value for fact in letter.facts}
    assert (values["Bal"], values["Teen"]) == ("4\u202fmm", "1\u202fmm")
    assert any("hiel: 7\u202fmm" in item for item in letter.parts[0].items)
    bundle = fhir_bundle(assessment, language="en", order=other)
    parts = {
        part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"]
        for entry in bundle["entry"]
        for part in entry["resource"].get("parameter", ())
        if entry["resource"]["resourceType"] == "DeviceRequest"
        and "valueQuantity" in part
    }
    assert parts["under-shoe-heel"] == 7.0
    assert parts["under-shoe-ball"] == 4.0
    assert parts["in-shoe"] == foot.doses.raise_mm
    assert parts["heel-difference"] == pytest.approx(order.heel_difference_mm)
    told = " ".join(sheet_of(other, RULES, language="nl").under.lines)
    assert {7.0, 4.0, 1.0} <= numbers(told)


def test_what_goes_under_the_shoe_waits_until_the_shoe_is_full(
    plate: Analysis,
) -> None:
    order = ordered(decided(), plate)  # 4, 6.5, 9, 11 mm in all, 10 of it in the shoe
    foot = order.foot(Side.RIGHT)
    assert foot.under_shoe is not None
    assert foot.steps_mm[0] == 4.0
    assert foot.under_shoe.after_mm == foot.steps_mm[-1]
    assert foot.steps_mm[-1] < 11.0
    told = " ".join(sheet_of(order, RULES, language="en").under.lines)
    assert "only once" in told
    handed = report_inputs(
        decided(),
        (),
        rules=RULES,
        settings=ReportSettings(lang="nl"),
        handover=Handover(order=order),
    )
    letter = letter_to_shoemaker(handed)
    assert letter is not None
    assert any(item.startswith("Pas aanbrengen als") for item in letter.parts[0].items)


def test_without_an_order_nobody_writes_to_a_shoemaker() -> None:
    material = report_inputs(
        decided(), (), rules=RULES, settings=ReportSettings(lang="nl")
    )
    assert letter_to_shoemaker(material) is None


def pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) or 1


def test_both_feet_go_on_one_page_where_they_fit_and_else_on_two_or_on_a3(
    plate: Analysis,
) -> None:
    assert layout_of(ordered(decided(LEFT_AND_RIGHT), plate)) == "pair"
    tall = walked(length_mm=285.0)
    assert layout_of(ordered(decided(LEFT_AND_RIGHT), tall)) == "wide"
    long_ = walked(length_mm=268.0)
    assert layout_of(ordered(decided(LEFT_AND_RIGHT), long_)) == "single"


def bars_mm(pdf: bytes, folder: Path, page: int) -> tuple[float, float]:
    """Return the lengths of both bars on a page, between the middles of their ends."""
    from PIL import Image

    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    subprocess.run(
        [
            "pdftoppm", "-r", "300", "-gray", "-f", str(page), "-l", str(page),
            str(file), str(folder / "page"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    (picture,) = folder.glob("page*.pgm")
    dark = np.asarray(Image.open(picture)) < 128
    picture.unlink()
    per_mm = 300 / 25.4
    runs = []
    for lines in (dark, dark.T):
        straight = [longest_run(line) for line in lines]
        runs.append(max(straight) / per_mm)
    return runs[0], runs[1]


def longest_run(line: np.ndarray) -> int:
    """Return the longest unbroken stretch of dark points."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
def test_the_bars_on_the_paper_are_100_mm_long(plate: Analysis, tmp_path: Path) -> None:
    order = ordered(decided({Side.LEFT: {"medial_arch_support": 6.0}}), plate)
    sheet = sheet_of(order, RULES, language="nl")
    pdf = prescription_to_pdf(sheet, drawings_of(order, language="nl"))
    level, upright = bars_mm(pdf, tmp_path, page=2)
    # a line of 0.18 mm at each end
    assert level == pytest.approx(100.0, abs=0.35)
    assert upright == pytest.approx(100.0, abs=0.35)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_fullest_front_stays_one_page(language: str, plate: Analysis) -> None:
    full: dict[str, float | None] = {
        "medial_rearfoot_post": 4.0, "medial_heel_skive": 3.0, "heel_cup": 12.0,
        "heel_cushion": 2.0, "medial_arch_support": None, "medial_forefoot_post": 3.0,
        "metatarsal_pad": 6.0,
    }  # fmt: skip
    order = ordered(decided(dict.fromkeys(Side, full)), plate, practice=HOUSE)
    sheet = sheet_of(order, RULES, language=language)  # type: ignore[arg-type]
    pdf = prescription_to_pdf(sheet, drawings_of(order, language="nl"))
    assert pages(pdf) == 2


def test_the_sheet_names_the_practice_and_what_it_is_not(plate: Analysis) -> None:
    order = ordered(decided(LEFT_AND_RIGHT), plate, practice=HOUSE)
    sheet = sheet_of(order, RULES, language="nl")
    assert sheet.practice[0] == "Praktijk De Brug · AGB 12-345678"
    assert order.deliver_on == date(2026, 4, 4)
    assert "de fabrikant" in sheet.use
    assert "geen medisch hulpmiddel" in sheet.use


def test_practice_defaults_are_read_strictly(tmp_path: Path) -> None:
    file = tmp_path / "practice.toml"
    file.write_text('name = "De Brug"\nmaterial = "EVA"\nshore_a = 35\n', "utf-8")
    assert read_practice_defaults(file) == PracticeDefaults(
        name="De Brug", material="EVA", shore_a=35
    )
    file.write_text('materiaal = "EVA"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"materiaal.*material"):
        read_practice_defaults(file)
    file.write_text('schema_version = "1"\nestimates = []\n', "utf-8")
    with pytest.raises(ConfigError, match="gaitkit kit read wrote"):
        read_practice_defaults(file)


def test_practice_defaults_outside_their_bounds_are_refused() -> None:
    with pytest.raises(ConfigError, match="'base_heel_mm' is 12; expected 2 to 8 mm"):
        check_practice(PracticeDefaults(base_heel_mm=12.0), "practice.toml")
    with pytest.raises(ConfigError, match="'shore_a' is 200; expected 5 to 100"):
        check_practice(PracticeDefaults(shore_a=200.0), "practice.toml")
