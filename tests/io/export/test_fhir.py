"""A visit as a FHIR R4 Bundle: valid, pseudonymous, and with nothing lost."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import assessment_example
import pytest
from fhir.resources.R4B.bundle import Bundle

from gaitkit.cli import main
from gaitkit.errors import OutputError
from gaitkit.io.convert import convert
from gaitkit.io.export.assessment import write_assessment_json
from gaitkit.io.export.fhir.bundle import fhir_bundle, write_fhir
from gaitkit.model.decisions import PlanEdit, PlanEdits
from gaitkit.model.measurement import Measurement
from gaitkit.model.plan import Code
from gaitkit.model.side import Side
from gaitkit.model.text import Text
from gaitkit.model.visit import Prom

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.assessment import Assessment

SNOMED = "http://snomed.info/sct"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def visit() -> Assessment:
    """Return a visit with every kind of value that the bundle holds."""
    plain = assessment_example.assessment()
    sided = Measurement(
        name="step_length", unit="m", value=0.62, side=Side.RIGHT, sd=0.02, low=0.58,
        high=0.66, n=9, method="video", recording="video_1", quality="limited",
    )  # fmt: skip
    speed = Measurement(name="walking_speed", unit="m/s", value=1.17, method="video")
    legs = Measurement(
        name="structural_leg_length_difference", unit="mm", value=6.4, sd=3.2,
        method="posterior", unconfirmed=True,
    )  # fmt: skip
    region = Measurement(
        name="peak_pressure", unit="kPa", value=320.0, side=Side.LEFT, region="hallux",
        sd=20.0, method="plate",
    )  # fmt: skip
    label = Text(nl="Zolen", en="Insoles")
    codes = (
        *plain.plan.codes,
        Code(system="Ortheses (Cliq)", code="06.12.12.06.09.00", label=label),
        Code(system="Fysiotherapie (VNZ)", code="003911", label=label),
    )
    insole = dataclasses.replace(
        plain.plan.suggestions[0], kind="insole_element", element="heel_cup", steps=()
    )
    return dataclasses.replace(
        plain,
        subject=dataclasses.replace(plain.subject, mass_kg=70.0, sex="female"),
        visited_on=date(2026, 3, 19),
        measurements=(*plain.measurements, sided, speed, legs, region),
        proms=(Prom(instrument="NPRS", score=4, taken_on=date(2026, 3, 18)),),
        plan=dataclasses.replace(
            plain.plan, codes=codes, suggestions=(*plain.plan.suggestions, insole)
        ),
    )


@pytest.fixture(scope="module")
def bundle(visit: Assessment) -> Json:
    """Return the bundle as it stands in the file."""
    found: Json = json.loads(json.dumps(fhir_bundle(visit, language="nl")))
    return found


def of_kind(bundle: Json, kind: str) -> list[Json]:
    """Return the resources of a kind."""
    resources = (entry["resource"] for entry in bundle["entry"])
    return [each for each in resources if each["resourceType"] == kind]


def observation(bundle: Json, code: str) -> Json:
    """Return the one observation that has a code."""
    (found,) = (
        each
        for each in of_kind(bundle, "Observation")
        if code in {c["code"] for c in each["code"]["coding"]}
    )
    return found


def test_the_bundle_is_valid_fhir(bundle: Json) -> None:
    read = Bundle.model_validate(bundle)
    assert len(read.entry) == len(bundle["entry"])
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {
        "Patient", "Device", "Observation", "DiagnosticReport", "ClinicalImpression",
        "DeviceRequest", "CarePlan", "Provenance",
    }  # fmt: skip


def test_a_bare_visit_is_valid_too(visit: Assessment) -> None:
    bare = dataclasses.replace(
        visit,
        measurements=(),
        findings=(),
        proms=(),
        subject=dataclasses.replace(visit.subject, height_m=None, mass_kg=None),
        plan=dataclasses.replace(visit.plan, suggestions=(), codes=()),
    )
    found = fhir_bundle(bare)
    Bundle.model_validate(found)
    assert of_kind(found, "Observation") == []
    assert of_kind(found, "DeviceRequest") == []


def test_the_patient_has_a_pseudonym_and_nothing_else(bundle: Json) -> None:
    (patient,) = of_kind(bundle, "Patient")
    assert set(patient) == {"resourceType", "identifier", "gender"}
    assert patient["identifier"][0]["value"] == "p1"


def test_standard_codes_come_first_and_the_own_code_always_follows(
    bundle: Json,
) -> None:
    for name, code in (
        ("walking_speed", "724237005"),
        ("step_length", "250000008"),
        ("structural_leg_length_difference", "707738004"),
    ):
        first, last = observation(bundle, name)["code"]["coding"]
        assert (first["system"], first["code"]) == (SNOMED, code)
        assert (last["system"], last["code"]) == ("urn:gaitkit:measure", name)
    (only,) = observation(bundle, "cadence")["code"]["coding"]
    assert only["system"] == "urn:gaitkit:measure"


def test_a_value_has_its_unit_side_method_and_error(bundle: Json) -> None:
    found = observation(bundle, "step_length")
    assert found["valueQuantity"] == {
        "value": 0.62, "unit": "m", "system": "http://unitsofmeasure.org", "code": "m",
    }  # fmt: skip
    assert found["bodySite"]["coding"][0]["code"] == "62175007"
    assert found["bodySite"]["text"] == "right"
    assert found["method"]["text"] == "video"
    parts = {c["code"]["coding"][0]["code"]: c for c in found["component"]}
    assert parts["standard-error"]["valueQuantity"]["value"] == 0.02
    assert parts["interval-low"]["valueQuantity"]["value"] == 0.58
    assert parts["interval-high"]["valueQuantity"]["value"] == 0.66
    assert parts["n"]["valueInteger"] == 9
    assert "usable with limits" in found["note"][0]["text"]
    assert found["status"] == "preliminary"
    assert found["effectiveDateTime"] == "2026-03-19"


def test_what_is_unconfirmed_says_so_and_a_region_is_named(bundle: Json) -> None:
    legs = observation(bundle, "structural_leg_length_difference")
    assert legs["note"][0]["text"] == "unconfirmed on real people"
    region = observation(bundle, "peak_pressure")["component"][0]
    assert region["valueCodeableConcept"]["coding"][0]["code"] == "hallux"


def test_every_value_is_there_and_what_is_missing_is_counted(
    bundle: Json, visit: Assessment
) -> None:
    given = sum(m.value is not None for m in visit.measurements)
    assert len(of_kind(bundle, "Observation")) == given + 1 + 2, "pain; height, mass"
    (report,) = of_kind(bundle, "DiagnosticReport")
    assert report["status"] == "preliminary"
    assert len(report["result"]) == given + 3
    assert "1 metingen hebben geen waarde" in report["conclusion"]
    assert "De podotherapeut beslist" in report["conclusion"]


def test_pain_and_body_size_have_their_standard_codes_and_days(bundle: Json) -> None:
    pain = observation(bundle, "225908003")
    assert pain["effectiveDateTime"] == "2026-03-18"
    assert pain["valueQuantity"]["code"] == "{score}"
    assert observation(bundle, "8302-2")["valueQuantity"]["value"] == 165.0
    assert observation(bundle, "29463-7")["valueQuantity"]["unit"] == "kg"
    categories = [
        observation(bundle, code)["category"][0]["coding"][0]["code"]
        for code in ("225908003", "8302-2", "cadence")
    ]
    assert categories == ["survey", "vital-signs", "exam"]


def test_codes_of_the_profession_stand_verbatim_under_local_systems(
    bundle: Json,
) -> None:
    (report,) = of_kind(bundle, "DiagnosticReport")
    codes = {
        (c["system"], c["code"])
        for concept in report["conclusionCode"]
        for c in concept["coding"]
    }
    assert codes == {
        ("urn:gaitkit:source-code:nvvp", "010026"),
        ("urn:gaitkit:source-code:fysiotherapie-vnz", "003911"),
    }
    insole = of_kind(bundle, "DeviceRequest")[1]
    assert {c["code"] for c in insole["codeCodeableConcept"]["coding"]} == {
        "heel_cup", "06.12.12.06.09.00",
    }  # fmt: skip


def test_a_raise_is_a_draft_with_its_dose_steps_and_side(bundle: Json) -> None:
    request = of_kind(bundle, "DeviceRequest")[0]
    assert (request["status"], request["intent"]) == ("draft", "proposal")
    found = {p["code"]["coding"][0]["code"]: p for p in request["parameter"]}
    assert found["start-dose"]["valueQuantity"]["value"] == 3.0
    assert found["step-2"]["valueQuantity"]["value"] == 5.0
    assert found["side"]["valueCodeableConcept"]["text"] == "left"
    assert found["location"]["valueCodeableConcept"]["text"] == "in_insole"
    assert "De podotherapeut beslist" in request["note"][0]["text"]


def test_an_order_follows_what_the_therapist_decided(visit: Assessment) -> None:
    def edited(action: str, amount: float | None = None) -> Json:
        edit = PlanEdit(
            rule="L01", element="heel", side=Side.LEFT, action=action, amount=amount,  # type: ignore[arg-type]
        )  # fmt: skip
        decided = dataclasses.replace(visit, edits=PlanEdits(edit=(edit,)))
        return fhir_bundle(decided, language="nl")

    changed = of_kind(edited("change", 5.0), "DeviceRequest")[0]
    parameters = {p["code"]["text"]: p for p in changed["parameter"]}
    assert parameters["start dose"]["valueQuantity"]["value"] == 5.0
    assert "step 1" not in parameters
    assert "Dosering gekozen door de podotherapeut" in changed["note"][0]["text"]
    assert len(of_kind(edited("reject"), "DeviceRequest")) == 1, "the insole is left"


def test_rules_make_no_condition_but_an_impression(bundle: Json) -> None:
    assert of_kind(bundle, "Condition") == []
    (impression,) = of_kind(bundle, "ClinicalImpression")
    (finding,) = impression["finding"]
    assert finding["itemCodeableConcept"]["coding"][0]["code"] == "Q01-r1"
    assert finding["basis"] == "uncertain"


def test_the_provenance_names_algorithm_rules_and_inputs(bundle: Json) -> None:
    (origin,) = of_kind(bundle, "Provenance")
    (software,) = of_kind(bundle, "Device")
    assert software["version"][0]["value"] == "0.1.0"
    values = {e["what"]["identifier"]["value"] for e in origin["entity"]}
    assert assessment_example.HASH in values
    assert f"1 sha256:{assessment_example.HASH}" in values
    others = {"Patient", "Device", "Provenance"}
    targets = {t["reference"] for t in origin["target"]}
    assert targets == {
        entry["fullUrl"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] not in others
    }


def test_every_reference_leads_to_a_resource_of_the_bundle(bundle: Json) -> None:
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(addresses) == len(set(addresses))
    assert set(references(bundle)) <= set(addresses)


def references(element: object) -> list[str]:
    """Return every reference in an element."""
    if isinstance(element, dict):
        own = (
            [element["reference"]] if isinstance(element.get("reference"), str) else []
        )
        return own + [r for part in element.values() for r in references(part)]
    if isinstance(element, list):
        return [r for part in element for r in references(part)]
    return []


def test_the_same_visit_gives_the_same_bundle(visit: Assessment) -> None:
    assert fhir_bundle(visit) == fhir_bundle(visit)


def test_the_texts_follow_the_language(visit: Assessment) -> None:
    speed = observation(fhir_bundle(visit, language="en"), "walking_speed")
    assert speed["code"]["text"] == "Walking speed"


def test_an_assessment_is_converted_by_its_folder_or_its_file(
    visit: Assessment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_assessment_json(visit, tmp_path / "visit" / "assessment.json")
    (written,) = convert(file.parent, tmp_path / "a.fhir.json")
    assert json.loads(written.read_text(encoding="utf-8")) == fhir_bundle(visit)
    with pytest.raises(SystemExit) as stop:
        main(["convert", str(file), str(tmp_path / "b.fhir.json"), "--lang", "en"])
    assert stop.value.code == 0
    assert "b.fhir.json" in capsys.readouterr().out


def test_another_ending_is_refused(visit: Assessment, tmp_path: Path) -> None:
    file = write_assessment_json(visit, tmp_path / "assessment.json")
    message = r"expected a name ending in \.fhir\.json, \.xlsx, got 'a\.json'"
    with pytest.raises(OutputError, match=message):
        convert(file, tmp_path / "a.json")


def test_a_bundle_cannot_be_written_where_a_folder_stands(
    visit: Assessment, tmp_path: Path
) -> None:
    (tmp_path / "a.fhir.json").mkdir()
    with pytest.raises(OutputError, match=r"a\.fhir\.json: cannot be written"):
        write_fhir(visit, tmp_path / "a.fhir.json")
