"""Ten worked patients come out as a podotherapist expects, and are what they claim."""

from __future__ import annotations

import gzip
import shutil
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from claim_checks import contradictions

from gaitkit.errors import InputError
from gaitkit.io.visit import check_text, read_visit
from gaitkit.io.visit_text import visit_toml
from gaitkit.model.visit import Visit
from gaitkit.pipeline.assess import assess
from gaitkit_virtual.visits.patients import draw_patient, drawn_patients

if TYPE_CHECKING:
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import Suggestion

FOLDER = Path(__file__).resolve().parents[2] / "sample_data" / "patients"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (FOLDER / "expected.toml").read_text(encoding="utf-8")
)
MOST_BYTES = 6_000_000
MOST_PICTURE_BYTES = 150_000
PEOPLE = drawn_patients().patient
WITH_PICTURES = [each.folder for each in PEOPLE if each.standing is not None]


@cache
def assessed(name: str) -> Assessment:
    """Return the assessment of a worked patient, made once."""
    return assess(read_visit(FOLDER / name))


@pytest.fixture(params=EXPECTED)
def patient(request: pytest.FixtureRequest) -> str:
    """Return the name of each patient; skips pictures without pose model."""
    if request.param in WITH_PICTURES:
        request.getfixturevalue("model_files")
    return str(request.param)


def demonstrated() -> Assessment:
    """Return the assessment of the visit of ``gaitkit demo``."""
    return assess(read_visit(FOLDER.parent))


def said(suggestion: Suggestion) -> str:
    """Return a suggestion as the file of expectations writes it."""
    amount = suggestion.amount
    parts = (
        suggestion.rule,
        suggestion.element or suggestion.kind,
        suggestion.side,
        None if amount is None else f"{amount:g} {suggestion.unit}",
    )
    return " ".join(part for part in parts if part)


def speaks(verdict: str) -> bool:
    """Tell whether a rule speaks: met or in doubt."""
    return verdict in {"met", "uncertain"}


def test_the_plate_of_a_patient_is_what_is_drawn_for_its_visit(tmp_path: Path) -> None:
    """Otherwise the files and what stands behind them drift apart."""
    doubt = next(each for each in PEOPLE if each.folder == "08-doubt")
    copy = tmp_path / doubt.folder
    copy.mkdir()
    shutil.copy(FOLDER / doubt.folder / "visit.toml", copy)

    drawn = [file.name for file in draw_patient(tmp_path, doubt)]

    assert drawn == ["plate_1.txt.gz", "plate_2.txt.gz"]
    for name in drawn:
        committed = FOLDER / doubt.folder / name
        assert gzip.decompress((copy / name).read_bytes()) == gzip.decompress(
            committed.read_bytes()
        )


def test_what_is_drawn_of_nobody_is_refused(tmp_path: Path) -> None:
    """A photo without a body behind it."""
    doubt = next(each for each in PEOPLE if each.folder == "08-doubt")
    (tmp_path / doubt.folder).mkdir()
    (tmp_path / doubt.folder / "visit.toml").write_text(
        '[[recording]]\nfile = "stance.jpg"\nkind = "stance"\nview = "posterior"\n'
    )

    with pytest.raises(InputError, match=r"does not say what is drawn of it"):
        list(draw_patient(tmp_path, doubt))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_visit_written_as_toml_reads_back_unchanged(name: str) -> None:
    """Nothing that is known gets lost, and nothing is added."""
    visit = read_visit(FOLDER / name)
    files = tuple(replace(each, file=Path(each.file.name)) for each in visit.recordings)
    written = visit_toml(replace(visit, recordings=files))

    assert check_text(written, FOLDER / name / "visit.toml") == visit


def test_a_visit_of_which_nothing_is_known_is_an_empty_file() -> None:
    """What is not known is not written."""
    assert visit_toml(Visit()) == "\n"


def test_the_folders_are_the_people_and_every_one_has_an_expectation() -> None:
    """No patient without files, no files without patient, no patient untested."""
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}

    assert folders == {each.folder for each in PEOPLE} == set(EXPECTED)


def test_the_patients_stay_small() -> None:
    """They travel with every copy of the project."""
    files = [file for file in FOLDER.rglob("*") if file.is_file()]

    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    pictures = [file for file in files if file.suffix == ".jpg"]
    assert pictures
    assert all(file.stat().st_size <= MOST_PICTURE_BYTES for file in pictures)


def test_the_page_names_every_patient() -> None:
    """The table of the page is complete."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert [name for name in EXPECTED if f"| `{name}` |" not in page] == []


def test_status_triage_and_its_rules_are_as_expected(patient: str) -> None:
    """Whether anything may be suggested, and why not."""
    plan, expected = assessed(patient).plan, EXPECTED[patient]

    assert plan.status == expected["status"]
    assert plan.triage.status == expected["triage"]
    assert list(plan.triage.rules) == expected["rules"]


def test_suggestions_with_side_and_amount_are_as_expected(patient: str) -> None:
    """Those and no others."""
    suggestions = assessed(patient).plan.suggestions

    assert sorted(map(said, suggestions)) == sorted(EXPECTED[patient]["suggestions"])


def test_the_best_estimate_of_leg_length_is_as_expected(patient: str) -> None:
    """Left minus right, all methods together."""
    best = next(
        (
            row.value
            for row in assessed(patient).measurements
            if row.name == "structural_leg_length_difference"
            and row.method == "posterior"
        ),
        None,
    )
    if "best_mm" in EXPECTED[patient]:
        assert best == pytest.approx(EXPECTED[patient]["best_mm"], abs=1.0)
    else:
        assert EXPECTED[patient]["status"] == "withheld" or best is None


def test_a_raise_has_the_expected_steps_days_and_evaluation(patient: str) -> None:
    """From the start to the target, on the days that follow from the start."""
    plan, expected = assessed(patient).plan, EXPECTED[patient]
    raises = [s for s in plan.suggestions if s.element == "heel_raise"]

    assert [list(s.steps) for s in raises] == [
        steps for steps in [expected.get("steps")] if steps
    ]
    dates = [day for each in raises for day in each.step_dates]
    assert dates == expected.get("step_dates", [])
    window = plan.follow_up
    assert ([window.from_, window.to] if window else []) == expected.get(
        "evaluation", []
    )


def test_who_must_stop_gets_the_referral_and_nothing_else() -> None:
    """No caution, code, insole or evaluation stands beside it."""
    plan = assessed("01-stop").plan

    assert [text.en for text in plan.referrals] == [
        "Phone the general practitioner now."
    ]
    assert not plan.cautions
    assert not plan.codes
    assert not plan.insoles
    assert plan.follow_up is None


@pytest.mark.parametrize(
    "name", [name for name, each in EXPECTED.items() if each["status"] == "withheld"]
)
def test_what_is_withheld_is_not_proposed_by_a_finding(name: str) -> None:
    """A finding that says "consider" would be the suggestion after all."""
    said_all = [f.text.en for f in assessed(name).findings if f.verdict == "met"]

    assert said_all
    assert [text for text in said_all if "onsider" in text or "Treat" in text] == []


def test_no_finding_proposes_a_raise_while_a_nerve_may_be_the_cause() -> None:
    """T03 says no raise; L04 must not say the opposite on the same page."""
    met = {
        f.rule for f in assessed("05-nerve-of-the-leg").findings if speaks(f.verdict)
    }

    assert {"T03", "T12"} <= met
    assert not met & {"L03", "L04"}


def test_the_longer_leg_is_not_posted_before_the_shorter_one_is_raised() -> None:
    """F05 keeps F01 of the longer left leg silent, in plan and in findings."""
    findings = assessed("09-heel-raise").findings
    met = {f.rule for f in findings if speaks(f.verdict)}

    assert "F05" in met
    assert "F01" not in met


def test_the_evaluation_shows_less_pain_than_the_visit_before() -> None:
    """Both visits are one patient; the scores fall by more than the MIC of 2 and 10."""
    first, second = (
        read_visit(FOLDER / name)
        for name in ("10-raise-and-insole", "10-raise-and-insole-evaluation")
    )
    before, after = (
        {prom.instrument: prom.score for prom in visit.proms}
        for visit in (first, second)
    )

    assert first.subject == second.subject
    assert before["NPRS"] - after["NPRS"] > 2
    assert before["ODI"] - after["ODI"] > 10


def test_every_finding_of_a_worked_patient_says_what_it_knows(patient: str) -> None:
    """Words, chance and interval are those of one claim."""
    whole = assessed(patient)

    assert list(contradictions(whole.findings, whole.leg_length)) == []


@pytest.mark.usefixtures("model_files")
def test_every_finding_of_the_demo_says_what_it_knows() -> None:
    """As for the worked patients."""
    whole = demonstrated()

    assert whole.findings
    assert list(contradictions(whole.findings, whole.leg_length)) == []
