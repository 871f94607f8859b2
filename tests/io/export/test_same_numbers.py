"""One full plan: page, PDF, letter, FHIR and workbook carry the same numbers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from fhir.resources.R4B.bundle import Bundle
from full_plan import EDITS, PLAN, RULES, full_assessment

from gaitkit.io.export.fhir.bundle import fhir_bundle
from gaitkit.io.export.workbook import write_workbook
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import letter_of, letter_texts
from gaitkit.report.pdf import letter_to_pdf, to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary, words
from gaitkit.report.write import context_of, to_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import PlanEdits
    from gaitkit.model.text import Language
    from gaitkit.report.inputs import ReportInputs

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EPOCH = date(1899, 12, 30)
LANGUAGES: tuple[Language, ...] = ("nl", "en")
WINDOW = PLAN.follow_up
assert WINDOW is not None
DAYS = {
    WINDOW.from_, WINDOW.to, WINDOW.questionnaire_from, WINDOW.questionnaire_to,
    *(day for each in PLAN.suggestions for day in each.step_dates),
}  # fmt: skip


def doses(*, optional: bool) -> set[float]:
    """Return every number of the suggestions; of those only offered if asked."""
    return {
        value
        for s in PLAN.suggestions
        if optional or not s.optional
        for value in (s.amount, s.low, s.high, s.target, *s.steps)
        if value is not None
    }


def material(language: Language, edits: PlanEdits | None = None) -> ReportInputs:
    """Return what report and letter are made of."""
    return report_inputs(
        full_assessment(edits=edits),
        (),
        rules=RULES,
        settings=ReportSettings(lang=language, overlay=False),
    )


def written(value: float, language: Language) -> str:
    """Return a number as people write it."""
    text = f"{value:g}"
    return text.replace(".", ",") if language == "nl" else text


def numbers(text: str) -> set[str]:
    """Return every number of a text; the days as they stand."""
    return set(re.findall(r"\d\d-\d\d-\d{4}|\d+(?:[.,]\d+)?", text))


def stated(language: Language, *, edits: PlanEdits | None = None) -> set[str]:
    """Return every number and day of the plan, and of the decisions about it."""
    chosen = {e.amount for e in edits.edit if e.amount} if edits else set()
    return {written(value, language) for value in doses(optional=True) | chosen} | {
        day.strftime("%d-%m-%Y") for day in DAYS if day
    }


def pdf_text(pdf: bytes, folder: Path) -> str:
    """Return the text of a PDF, or skip where no program can read it."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    found = subprocess.run(
        [program, "-layout", str(file), "-"], capture_output=True, check=True
    )
    return found.stdout.decode("utf-8")


def page_text(page: str) -> str:
    """Return what a reader sees of a page."""
    return re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_pdf_state_every_number_of_plan_and_decisions(
    language: Language, tmp_path: Path
) -> None:
    context = context_of(material(language, EDITS))
    wanted = stated(language, edits=EDITS) | {"36", "5"}
    assert wanted <= numbers(page_text(to_html(context)))
    assert wanted <= numbers(pdf_text(to_pdf(context), tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("edits", [None, EDITS], ids=["proposal", "decided"])
def test_the_letter_is_one_page_and_has_no_number_of_its_own(
    language: Language, edits: PlanEdits | None, tmp_path: Path
) -> None:
    source = material(language, edits)
    letter = letter_of(source, glossary())
    titles = {words(language)(f"letter.{name}") for name in ("plan", "further")}
    parts = [part for part in letter.parts if part.title in titles]
    said = "\n".join(t for p in parts for t in (*p.text, *p.items, *p.after))
    assert len(parts) == 2
    assert numbers(said) <= numbers(page_text(to_html(context_of(source))))
    steps = {written(step, language) for step in (4.0, 6.5, 9.0, 11.0, 3.0)}
    begins = {day.strftime("%d-%m-%Y") for day in PLAN.suggestions[0].step_dates[1:]}
    assert steps | begins | {"14-05-2026", "11-06-2026"} <= numbers(said)
    pdf = letter_to_pdf(letter)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert numbers(said) <= numbers(pdf_text(pdf, tmp_path))


def test_the_letter_tells_goal_instruction_duration_and_what_is_unconfirmed() -> None:
    told = "\n".join(letter_texts(letter_of(material("nl"), glossary())))
    for sentence in (
        "Uw doel (functie: 5 km lopen) houden we daarbij voor ogen.",
        "U krijgt uitleg over wennen aan de zool en over schoonhouden.",
        "Een verhoging blijft nodig zolang uw benen in lengte verschillen.",
        "We beginnen met 4 millimeter*.",
        "6,5 millimeter vanaf 16-04-2026 en 9 millimeter vanaf 30-04-2026",
        "Een deel van de verhoging komt onder uw schoen: 3 millimeter*.",
        "Een dieper kommetje voor uw hielen: 14 millimeter.",
        "* Dit is een gewone maat om mee te beginnen.",
    ):
        assert sentence in told
    assert "proef" not in told, "the test raise is only offered"


def test_the_letter_follows_the_decisions() -> None:
    told = "\n".join(letter_texts(letter_of(material("nl", EDITS), glossary())))
    assert "linkerhiel: 7,5 graden." in told
    assert "2,5 graden" not in told
    assert "kommetje" not in told
    assert "een losse verhoging van 3 millimeter onder uw rechterhiel" in told


def bundle(edits: PlanEdits | None = None, language: Language = "nl") -> dict[str, Any]:
    """Return the bundle as it stands in the file; it is valid."""
    made = fhir_bundle(full_assessment(edits=edits), language=language)
    found: dict[str, Any] = json.loads(json.dumps(made))
    Bundle.model_validate(found)
    return found


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the resources of a kind."""
    each = (entry["resource"] for entry in found["entry"])
    return [resource for resource in each if resource["resourceType"] == kind]


def values(node: object) -> Iterator[float]:
    """Yield every number of a resource that is no count of layers."""
    if isinstance(node, dict):
        if node.get("unit") != "1":
            yield from (v for part in node.values() for v in values(part))
    elif isinstance(node, list):
        yield from (v for part in node for v in values(part))
    elif isinstance(node, float | int) and not isinstance(node, bool):
        yield float(node)


def test_fhir_holds_every_dose_and_every_day() -> None:
    found = bundle()
    requests = of_kind(found, "DeviceRequest")
    assert set(values(requests)) == doses(optional=False)
    (care,) = of_kind(found, "CarePlan")
    text = json.dumps([requests, care])
    assert [day for day in DAYS if day and day.isoformat() not in text] == []
    assert len(care["goal"]) == len(of_kind(found, "Goal")) == 1
    told = " ".join(note["text"] for note in care["note"])
    for each in (*PLAN.deliverables, PLAN.permanence, PLAN.insoles[1].conflicts[0]):
        assert each is not None
        assert each.nl in told
    described = [a["detail"]["description"] for a in care["activity"] if "detail" in a]
    assert any("totale hielhoogte 36 mm" in text for text in described)
    marked = [
        p["code"]["text"]
        for r in requests
        for p in r["parameter"]
        if "valueBoolean" in p
    ]
    assert marked == ["unconfirmed dose"] * 3


def test_fhir_holds_the_layers_of_each_insole() -> None:
    layers = {
        (r["codeCodeableConcept"]["text"], p["code"]["coding"][0]["code"]): (
            p["valueQuantity"]["value"]
        )
        for r in of_kind(bundle(), "DeviceRequest")
        for p in r["parameter"]
        if p["code"]["coding"][0]["code"].startswith("layer-")
    }
    assert layers == {
        ("mediale achtervoetwig", "layer-left"): 1.0,
        ("hielkom", "layer-left"): 2.0,
        ("hielkom", "layer-right"): 1.0,
        ("hielverhoging", "layer-right"): 2.0,
    }


def test_fhir_follows_the_decisions_and_says_what_lies_beyond_the_limit() -> None:
    found = bundle(EDITS)
    requests = of_kind(found, "DeviceRequest")
    names = [r["codeCodeableConcept"]["text"] for r in requests]
    assert names == [
        "hielverhoging",
        "verhoging onder de schoen",
        "mediale achtervoetwig",
        "proefverhoging",
    ]
    assert 7.5 in set(values(requests[2]))
    (note,) = requests[2]["note"]
    assert "boven de grens van gaitkit (6°): dit vraagt een behandelaar" in note["text"]
    assert "zware pronatie" in note["text"]
    (report,) = of_kind(found, "DiagnosticReport")
    assert "Afgewezen: hielkom (te smal)" in report["conclusion"]
    assert "Hielkom van 14 mm" not in report["conclusion"]


def cells(book: Path, name: str) -> dict[str, str | float]:
    """Return the cells of a sheet by address: text as str, numbers as float."""
    with zipfile.ZipFile(book) as archive:
        names = [
            s.attrib["name"]
            for s in ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        file = f"xl/worksheets/sheet{names.index(name) + 1}.xml"
        sheet = ET.fromstring(archive.read(file))
        shared = ET.fromstring(archive.read("xl/sharedStrings.xml"))
    texts = [
        "".join(t.text or "" for t in item.iter(f"{MAIN}t"))
        for item in shared.iter(f"{MAIN}si")
    ]
    found: dict[str, str | float] = {}
    for cell in sheet.iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            is_text = cell.attrib.get("t") == "s"
            found[cell.attrib["r"]] = texts[int(value)] if is_text else float(value)
    return found


def test_the_workbook_holds_every_dose_every_day_and_every_decision(
    tmp_path: Path,
) -> None:
    visit: Assessment = full_assessment(edits=EDITS)
    book = write_workbook(visit, tmp_path / "visit.xlsx", language="nl")
    plan = set(cells(book, "voorstel").values())
    decided = set(cells(book, "besluit").values())
    assert doses(optional=True) <= plan
    assert 7.5 in decided
    assert 2.5 not in decided, "the dose that was changed"
    assert "hielkom" not in decided, "what was rejected"
    assert {float((day - EPOCH).days) for day in DAYS if day} <= plan
    for text in (
        "aangenomen", "gewijzigd", "afgewezen", "zware pronatie", "te smal",
        "boven de grens van gaitkit (6°): dit vraagt een behandelaar, keuze van de "
        "podotherapeut",
        "mediale achtervoetwig", "proefverhoging", "functie: 5 km lopen",
        "Onderhoud: luchten.", "De voorziening is blijvend.",
    ):  # fmt: skip
        assert text in plan
    rows = cells(book, "zolen")
    assert [(rows[f"C{n}"], rows[f"D{n}"]) for n in range(2, 4)] == [
        ("mediale achtervoetwig", 7.5), ("hielverhoging", 4.0),
    ]  # fmt: skip
    assert "C5" not in rows, "the heel cup was rejected"
    assert "Begin met één laag." in rows.values()


def test_regions_are_called_in_a_workbook_as_in_the_report() -> None:
    source = resources.files("gaitkit.io.export") / "labels.toml"
    known = tomllib.loads(source.read_text(encoding="utf-8"))["region"]
    for language in LANGUAGES:
        own = words(language).sentences
        report = {
            key.removeprefix("region."): text
            for key, text in own.items()
            if key.startswith("region.")
        }
        assert {code: label[language] for code, label in known.items()} == report
