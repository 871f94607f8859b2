"""Page one: one A4, the decided plan and nothing else, no mixed lines, no dashes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.io.visit import read_visit
from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import PlanEdit, PlanEdits
from gaitkit.model.side import Side
from gaitkit.pipeline.assess import analyse, judge, with_decisions
from gaitkit.plots.pressure_drawing import pressure_colours
from gaitkit.report.inputs import report_inputs
from gaitkit.report.page_one.choices import choices
from gaitkit.report.page_one.page import page_one
from gaitkit.report.pdf import result_to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Visit
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.page_one.page import PageOne

PATIENTS = Path(__file__).parents[2] / "sample_data" / "patients"
NAMES = tuple(sorted(each.name for each in PATIENTS.iterdir() if each.is_dir()))
LANGUAGES: tuple[Language, ...] = ("nl", "en")
RAISED = "10-raise-and-insole"
MACHADO_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968],
     [0.280085, 0.672501, 0.047413],
     [-0.011820, 0.042940, 0.968881]]
)  # fmt: skip
"""Machado, Oliveira, Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.0, on linear
RGB."""


@cache
def judged(name: str) -> tuple[Visit, tuple[Analysis, ...], Assessment]:
    visit = read_visit(PATIENTS / name / "visit.toml")
    analyses = tuple(analyse(visit))
    return visit, analyses, judge(visit, analyses)


def material(
    name: str, language: Language = "nl", edits: PlanEdits | None = None
) -> ReportInputs:
    visit, analyses, assessment = judged(name)
    if edits is not None:
        assessment = with_decisions(assessment, edits, visit)
    settings = ReportSettings(lang=language, overlay=False)
    return report_inputs(assessment, analyses, rules=shipped_rules(), settings=settings)


def page(
    name: str, language: Language = "nl", edits: PlanEdits | None = None
) -> PageOne:
    return page_one(material(name, language, edits))


def said(of: PageOne) -> str:
    """Return every word of the page, without its pictures."""
    plain = replace(of, pictures=(), place=None)
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for each in value.values():
                walk(each)
        elif isinstance(value, list | tuple):
            for each in value:
                walk(each)

    walk(asdict(plain))
    return "\n".join(found).replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_worked_patient_fits_on_one_a4(name: str, language: Language) -> None:
    pdf = result_to_pdf(page(name, language))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 595\.27\d+ 841\.8\d+\]", pdf)


@pytest.mark.parametrize("name", NAMES)
def test_who_decides_is_said_once_and_nothing_is_a_dash(name: str) -> None:
    for language, decides in (("nl", "podotherapeut beslist"), ("en", "decides")):
        text = said(page(name, language))
        assert text.count(decides) == 1
        assert not re.search(r"(?m)^\s*[-–—]\s*$", text)
        assert "None" not in text


def test_a_stop_shows_the_sign_and_what_to_do_and_nothing_that_was_measured() -> None:
    found = page("01-stop")
    text = said(found)
    assert found.lines == ()
    assert found.pictures == ()
    assert "niet kunnen plassen" in text
    assert "Bel nu de huisarts" in found.decision.headline
    assert "bewegen" not in text
    assert [f.value for f in found.signing] == ["", "", ""]


CHANGED = PlanEdits(
    decided_by="t3",
    decided_on=date(2026, 5, 12),
    edit=(
        PlanEdit(rule="L04", element="heel_raise", side=Side.RIGHT, action="change",
                 amount=6.0, unit="mm", reason="eerst lager"),
        PlanEdit(rule="F01", element="medial_rearfoot_post", side=Side.RIGHT,
                 action="reject", reason="knie"),
    ),
)  # fmt: skip


def test_page_one_shows_what_was_decided_with_the_proposal_beside_it() -> None:
    proposed, decided = page(RAISED), page(RAISED, edits=CHANGED)
    assert proposed.state == "VOORSTEL, nog niet besloten"
    assert decided.state == "BESLOTEN"
    raised = decided.decision.rows[0]
    assert raised.right.replace("\N{NARROW NO-BREAK SPACE}", " ") == "3 → 6 mm"
    assert raised.left == ""
    assert "5 → 7 → 9" in raised.before
    labels = [row.label for row in decided.decision.rows]
    assert "mediale achtervoetwig" in [row.label for row in proposed.decision.rows]
    assert "mediale achtervoetwig" not in labels
    text = said(decided)
    assert "eerst lager" in text
    assert "12-05-2026" in text


def test_no_line_mixes_recordings_and_each_names_its_source() -> None:
    source = material(RAISED)
    for line in page_one(source).lines:
        assert line.source, line.label
        assert line.left or line.right or line.difference
    pairs = source.differences
    assert all(d.left.recording == d.right.recording for d in pairs)


def test_six_lines_are_chosen_by_data_and_each_choice_has_a_reason() -> None:
    lines = choices().lines
    assert [line.subject for line in lines] == [
        "leg_length", "foot_posture", "ankle_and_toe", "hip_and_pelvis", "pressure",
        "speed",
    ]  # fmt: skip
    rules = shipped_rules()
    for line in lines:
        assert line.why
        for choice in line.choices:
            assert choice.why
            assert (choice.measure is None) != (choice.found is None)
            if choice.measure is not None:
                definition(choice.measure)
            for limit in (choice.above, choice.below):
                assert limit is None or rules.has_limit(limit)
    told = {f.name for f in __import__("dataclasses").fields(
        type(judged(RAISED)[0].intake.background))}  # fmt: skip
    assert all(each.answer in told for each in choices().not_if)


def test_every_outcome_of_an_evaluation_leads_somewhere() -> None:
    known = {rule.id for rule in shipped_rules().rules}
    outcomes = {each.rule for each in choices().outcomes}
    assert outcomes <= known
    assert {"E02", "E05", "E07"} <= outcomes
    found = page("10-raise-and-insole-evaluation")
    assert found.decision.notes[0].startswith("Genoeg verbeterd")
    assert found.decision.rows[0].right_note.startswith("blijft")
    assert "NPRS 6 → 3" in said(found)
    assert "Dit is de controle" in said(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_the_html_is_the_same_page(language: Language) -> None:
    source = material(RAISED, language)
    one = page_one(source)
    html = to_html(context_of(source), page=one)
    markup = r"<style.*?</style>|<svg.*?</svg>|<[^>]+>"
    plain = re.sub(markup, " ", html, flags=re.DOTALL)
    plain = re.sub(r"\s+", " ", plain.replace("&#39;", "'"))
    shown = [row.right for row in one.decision.rows]
    shown += [line.verdict for line in one.lines]
    assert [text for text in shown if re.sub(r"\s+", " ", text) not in plain] == []
    first, annex = html.index('id="page-one"'), html.index('id="complaint"')
    assert first < annex


def test_the_pdf_states_every_number_of_the_page(tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    one = page(RAISED, edits=CHANGED)
    file = tmp_path / "result.pdf"
    file.write_bytes(result_to_pdf(one))
    text = subprocess.run(
        [program, str(file), "-"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    numbers = set(re.findall(r"\d+(?:[.,]\d+)?", said(one)))
    assert len(numbers) > 30
    assert numbers <= set(re.findall(r"\d+(?:[.,]\d+)?", text))


def lightness(rgb: np.ndarray) -> np.ndarray:
    """Return CIE lightness of linear RGB."""
    y = np.clip(rgb @ np.array([0.2126, 0.7152, 0.0722]), 0.0, 1.0)
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, 24389 / 27 * y)


def test_pressure_grows_darker_to_every_eye_and_red_is_highest() -> None:
    """In 256 steps, to usual eyes and to eyes without the green cones."""
    srgb = pressure_colours()(np.linspace(0.0, 1.0, 256))[:, :3]
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    for eyes in (np.eye(3), MACHADO_DEUTERANOPIA):
        seen = lightness(np.clip(linear @ eyes.T, 0.0, 1.0))
        assert np.all(np.diff(seen) < 0.0)
        assert seen[0] - seen[-1] > 55.0
    red, green, blue = srgb[-1]
    assert red > 2 * max(green, blue)
