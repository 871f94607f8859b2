"""Two assessments of one person compared, written, and refused where they must be."""

from __future__ import annotations

import csv
import dataclasses
import html
import json
import re
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import assessment_example
import jsonschema
import pytest
from full_plan import EDITS, PLAN

from gaitkit.cli import main
from gaitkit.errors import InputError
from gaitkit.io.export.assessment import comparison_schema, write_assessment_json
from gaitkit.io.visit import read_visit
from gaitkit.measure.paired_visits import paired_recordings
from gaitkit.model.catalogue import definition
from gaitkit.model.chance import chance_by_hand
from gaitkit.model.measurement import Measurement
from gaitkit.model.reason import Quality, reason
from gaitkit.model.side import Side
from gaitkit.model.visit import Prom, Therapy
from gaitkit.pipeline.assess import analyse, judge
from gaitkit.pipeline.compare import compare, compare_to_folder, of_condition, visit_day
from gaitkit.report.comparison import comparison_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.comparison import Comparison
    from gaitkit.model.recording import Condition
    from gaitkit.model.text import Language

PATIENTS = Path(__file__).parents[2] / "sample_data" / "patients"
BEFORE, AFTER = date(2026, 8, 1), date(2026, 10, 5)


def measured(name: str, value: float, *, unit: str, **more: object) -> Measurement:
    """Return a value of the video with a small error."""
    given = {"sd": 0.5, "method": "video", "recording": "video_1", "n": 12} | more
    return Measurement(name=name, unit=unit, value=value, **given)  # type: ignore[arg-type]


def visit(
    *, knee: float, speed: float = 1.2, condition: Condition = "barefoot", day: date
) -> Assessment:
    """Return an assessment with a speed, a knee angle, a navicular drop and pain."""
    plain = assessment_example.assessment()
    recording = dataclasses.replace(
        plain.recordings[0], condition=condition, sha256=f"{day:%d%m%Y}" * 8
    )
    return dataclasses.replace(
        plain,
        recordings=(recording,),
        measurements=(
            measured("walking_speed", speed, unit="m/s", sd=0.01),
            measured("knee_flexion_swing_peak", knee, unit="deg", side=Side.LEFT),
            measured(
                "navicular_drop", 8.0, unit="mm", side=Side.LEFT, method="examination",
                recording=None, sd=2.3,
            ),
        ),
        proms=(Prom(instrument="NPRS", score=knee // 10, taken_on=day),),
    )  # fmt: skip


@pytest.fixture
def before() -> Assessment:
    """Return the first visit."""
    return visit(knee=60.0, day=BEFORE)


@pytest.fixture
def after() -> Assessment:
    """Return the second visit, with insole and therapy."""
    second = visit(knee=40.0, condition="with_insole", day=AFTER)
    therapy = (Therapy(given="zool", start=date(2026, 8, 10), definitive=True),)
    return dataclasses.replace(second, therapy=therapy)


@pytest.fixture
def folders(tmp_path: Path, before: Assessment, after: Assessment) -> tuple[Path, Path]:
    """Return both visits as folders."""
    for name, assessment in (("one", before), ("two", after)):
        write_assessment_json(assessment, tmp_path / name / "assessment.json")
    return tmp_path / "one", tmp_path / "two"


def verdict(comparison: Comparison, name: str) -> str:
    """Return what may be said of a measure."""
    return next(c.verdict for c in comparison.changes if c.before.name == name)


def codes(comparison: Comparison) -> set[str]:
    """Return the codes of all notes."""
    return {note.code for note in comparison.notes}


def test_what_both_visits_have_is_compared(
    before: Assessment, after: Assessment
) -> None:
    found = compare(before, after)
    assert verdict(found, "knee_flexion_swing_peak") == "decreased"
    assert verdict(found, "walking_speed") == "no_demonstrable_change"
    assert verdict(found, "navicular_drop") == "no_demonstrable_change"
    (pair,) = found.recordings
    assert (pair.condition_before, pair.condition_after) == ("barefoot", "with_insole")
    assert (found.before.visited_on, found.after.visited_on) == (BEFORE, AFTER)


def test_the_same_recording_in_both_visits_shows_no_change(
    before: Assessment, after: Assessment
) -> None:
    (old,), (new,) = before.recordings, after.recordings
    copied = dataclasses.replace(new, sha256=old.sha256)
    found = compare(before, dataclasses.replace(after, recordings=(copied,)))
    assert found.recordings == ()
    assert {change.after.name for change in found.changes} == {"navicular_drop"}
    (note,) = [each for each in found.notes if each.code == "compare_same_recording"]
    assert "equal byte for byte" in note.text.en


def test_no_change_rests_on_a_questioned_recording(
    before: Assessment, after: Assessment
) -> None:
    (new,) = after.recordings
    why = reason("plate_sensor_stuck", n=1)
    refused = dataclasses.replace(
        new, quality=Quality(status="refused", reasons=(why,))
    )
    found = compare(before, dataclasses.replace(after, recordings=(refused,)))
    assert {change.after.name for change in found.changes} == {"navicular_drop"}


def test_pain_and_window_stand_in_the_comparison(
    before: Assessment, after: Assessment
) -> None:
    found = compare(before, after)
    assert found.proms[0].verdict == "improved"
    assert found.evaluation is not None
    assert found.evaluation.status == "in_window"
    assert found.evaluation.days == 56


def test_without_an_important_change_the_dose_is_not_raised_by_itself(
    before: Assessment,
) -> None:
    same = visit(knee=60.5, day=AFTER)
    found = compare(before, same)
    note = next(n for n in found.notes if n.code == "compare_no_important_change")
    assert "Verhoog de dosering niet vanzelf" in note.advice.nl


def test_at_another_speed_only_the_walk_says_nothing(before: Assessment) -> None:
    faster = visit(knee=40.0, speed=1.4, day=AFTER)
    found = compare(before, faster)
    assert verdict(found, "knee_flexion_swing_peak") == "no_claim"
    assert verdict(found, "walking_speed") == "increased"
    assert verdict(found, "navicular_drop") == "no_demonstrable_change"


def test_visits_of_two_persons_are_refused(
    before: Assessment, after: Assessment
) -> None:
    other = dataclasses.replace(
        after, subject=dataclasses.replace(after.subject, subject_id="p2")
    )
    with pytest.raises(InputError, match="two visits of one person, got 'p1' and 'p2'"):
        compare(before, other)


def test_the_same_assessment_twice_is_refused(before: Assessment) -> None:
    with pytest.raises(InputError, match="got the same one twice"):
        compare(before, before)


def test_another_rule_set_version_or_order_is_noted(
    before: Assessment, after: Assessment
) -> None:
    account = dataclasses.replace(
        after.provenance, rule_set_sha256="ab" * 32, gaitkit="9.9.9"
    )
    changed = dataclasses.replace(after, provenance=account)
    assert {"compare_rule_sets_differ", "compare_versions_differ"} <= codes(
        compare(before, changed)
    )
    assert "compare_order" in codes(compare(after, before))
    assert codes(compare(before, after)).isdisjoint(
        {"compare_rule_sets_differ", "compare_versions_differ", "compare_order"}
    )


def test_many_comparisons_are_said_to_be_many(
    before: Assessment, after: Assessment
) -> None:
    names = ("swing", "stance", "single_support", "stride_time", "step_time",
             "knee_flexion_range", "hip_flexion_peak", "hip_extension_peak",
             "knee_flexion_stance_min", "ankle_dorsiflexion_stance_peak")  # fmt: skip
    more = tuple(
        measured(name, 1.0, unit=definition(name).unit, side=side)
        for name in names
        for side in Side
    )
    one, two = (
        dataclasses.replace(visit, measurements=(*visit.measurements, *more))
        for visit in (before, after)
    )
    note = next(n for n in compare(one, two).notes if n.code == "compare_many")
    assert "Er zijn 23 maten vergeleken" in note.text.nl
    assert "gemiddeld tot 1 door toeval" in note.text.nl


def test_a_value_that_only_one_visit_has_is_named(
    before: Assessment, after: Assessment
) -> None:
    less = dataclasses.replace(after, measurements=after.measurements[:2])
    found = compare(before, less)
    (missing,) = found.not_compared
    assert (missing.name, missing.why.code) == ("navicular_drop", "compare_one_visit")


def test_another_method_is_not_compared(before: Assessment, after: Assessment) -> None:
    knee = dataclasses.replace(after.measurements[1], method="markers")
    other = dataclasses.replace(after, measurements=(after.measurements[0], knee))
    found = compare(before, other)
    assert {(n.name, n.why.code) for n in found.not_compared} == {
        ("knee_flexion_swing_peak", "compare_method_differs"),
        ("navicular_drop", "compare_one_visit"),
    }


def test_recordings_of_one_condition_are_paired_first(before: Assessment) -> None:
    def named(*made: tuple[str, Condition]) -> Assessment:
        plain = before.recordings[0]
        return dataclasses.replace(
            before,
            recordings=tuple(
                dataclasses.replace(plain, id=name, condition=condition)
                for name, condition in made
            ),
        )

    one = named(("a", "barefoot"), ("b", "shod"))
    two = named(("c", "shod"), ("d", "with_insole"))
    pairs = {(p.before, p.after) for p in paired_recordings(one, two)}
    assert pairs == {("b", "c"), ("a", "d")}
    three = named(("c", "with_raise"), ("d", "with_insole"))
    assert paired_recordings(one, three) == (), "which belongs to which is not known"


def test_recordings_of_another_view_are_no_pair(
    before: Assessment, after: Assessment
) -> None:
    turned = dataclasses.replace(after.recordings[0], view="posterior")
    other = dataclasses.replace(after, recordings=(turned,))
    found = compare(before, other)
    assert found.recordings == ()
    assert {n.why.code for n in found.not_compared} == {"compare_no_partner"}


def test_the_plate_takes_the_speed_of_the_film_of_its_condition(
    before: Assessment,
) -> None:
    plate = dataclasses.replace(before.recordings[0], id="plate_1", kind="plate")
    both = dataclasses.replace(before, recordings=(*before.recordings, plate))
    speeds = {p.before: p.speed_before_m_s for p in paired_recordings(both, both)}
    assert speeds == {"video_1": 1.2, "plate_1": 1.2}


def test_one_visit_is_compared_with_itself_by_condition(
    before: Assessment, after: Assessment
) -> None:
    second = dataclasses.replace(after.recordings[0], id="video_2")
    moved = tuple(
        dataclasses.replace(m, recording="video_2") for m in after.measurements[:2]
    )
    both = dataclasses.replace(
        before,
        recordings=(*before.recordings, second),
        measurements=(*before.measurements, *moved),
    )
    found = compare(of_condition(both, "barefoot"), of_condition(both, "with_insole"))
    assert verdict(found, "knee_flexion_swing_peak") == "decreased"
    assert found.not_compared == ()
    with pytest.raises(InputError, match="condition 'shod'; there is: barefoot, with_"):
        of_condition(both, "shod")


def test_the_day_of_a_visit_is_the_stated_one_else_that_of_its_last_questionnaire(
    before: Assessment,
) -> None:
    assert visit_day(before) == BEFORE
    without = dataclasses.replace(before, proms=())
    assert visit_day(without) is None
    said = dataclasses.replace(before, visited_on=date(2026, 7, 30))
    assert visit_day(said) == date(2026, 7, 30)


def test_without_a_day_there_is_no_window_and_no_order(
    before: Assessment, after: Assessment
) -> None:
    found = compare(before, dataclasses.replace(after, proms=()))
    assert found.after.visited_on is None
    assert found.after.assessed_on == date(2026, 3, 20)
    assert found.evaluation is None
    assert "compare_order" not in codes(found)


def test_the_files_hold_the_same_numbers_as_the_comparison(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    found = compare_to_folder(*folders, out, language="nl")
    table = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    jsonschema.validate(table, comparison_schema())
    assert table["evaluation"]["from"] == "2026-09-21"
    with (out / "changes.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    knee = next(c for c in found.changes if c.before.name == "knee_flexion_swing_peak")
    assert float(rows["knee_flexion_swing_peak"]["change"]) == knee.value == -20.0
    assert rows["knee_flexion_swing_peak"]["verdict"] == "decreased"
    assert sorted(p.name for p in out.iterdir()) == [
        "changes.csv", "compare.html", "compare.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Twee bezoeken vergeleken", "60,0°", "blootsvoets → met zool",
                "belangrijk verbeterd", "binnen het venster")),
        ("en", ("Two visits compared", "60.0°", "barefoot → with insole",
                "importantly improved", "within the window")),
    ],
)  # fmt: skip
def test_the_page_says_it_in_words(
    folders: tuple[Path, Path], tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    compare_to_folder(*folders, tmp_path / "out", language=language)  # type: ignore[arg-type]
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    for word in words:
        assert word in text
    assert "<svg" in page
    assert not re.search(r"(src|href)=\"(?!#|data:)", page), "asks for nothing outside"
    assert told_chances(text, language) == []


TOLD_CHANCE = {
    "nl": re.compile(r"\bkans(?:en)?\b[^.;]*(?:\d|\{)|[\d}]\s*%\s*(?:kans|zeker)"),
    "en": re.compile(r"\bchances?\b[^.;]*(?:\d|\{)|[\d}]\s*%\s*(?:chance|cert|sure)"),
}
"""A chance with its number, filled in already or still to be."""


def told_chances(text: str, language: str) -> list[str]:
    """Return words of chance and chances that stand in a text."""
    numbers = [found.group() for found in TOLD_CHANCE[language].finditer(text.lower())]
    return [*chance_by_hand(text, language), *numbers]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sentence_of_a_comparison_tells_a_chance(language: str) -> None:
    """A comparison judges no claim, so that no chance can be that of its claim."""
    report, model = (resources.files(f"gaitkit.{each}") for each in ("report", "model"))
    texts = tomllib.loads(
        (report / f"texts_comparison_{language}.toml").read_text("utf-8")
    )
    reasons = tomllib.loads((model / "reasons.toml").read_text("utf-8"))
    notes = [
        said[language]
        for name, reason in reasons.items()
        if name.startswith("compare_")
        for said in (reason["text"], reason["advice"])
    ]
    sentences = [*sentences_of(texts), *notes]
    assert len(sentences) > 60
    assert [s for s in sentences if told_chances(s, language)] == []


def sentences_of(table: object) -> Iterator[str]:
    """Yield every text of a table and the tables in it."""
    if isinstance(table, dict):
        for each in table.values():
            yield from sentences_of(each)
    else:
        yield str(table)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "Waarschijnlijk is de knie veranderd."),
        ("nl", "De knie is veranderd (kans 88 %)."),
        ("nl", "De knie is veranderd, kans {percent}"),
        ("en", "The knee very probably changed."),
        ("en", "The knee changed (chance more than 99 %)."),
        ("en", "It is 95 % certain that the knee changed."),
    ],
)
def test_a_chance_in_a_sentence_of_a_comparison_would_be_seen(
    language: str, sentence: str
) -> None:
    assert told_chances(sentence, language)


def test_the_command_compares_and_tells(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as stop:
        main(["compare", *map(str, folders), "--out", str(out), "--lang", "en"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    assert "left: 60.0° -> 40.0°" in printed
    assert "56 days after the start of the therapy (10-08-2026): within" in printed
    assert str(out / "compare.html") in printed


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs a call which must be refused, and its one line."""

    def run(*words: object) -> str:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        assert stop.value.code == 2, captured.err
        (line,) = captured.err.splitlines()
        return line

    return run


def test_wrong_calls_are_refused_in_one_line(
    folders: tuple[Path, Path], tmp_path: Path, refusal: Callable[..., str]
) -> None:
    one, _ = folders
    out = tmp_path / "out"
    line = refusal("compare", one, tmp_path / "nowhere", "--out", out)
    assert "expected an assessment, and there is no such file" in line
    line = refusal("compare", one, one, "--out", out)
    assert "got the same one twice" in line
    assert not out.exists()


def changed(text: str, **values: object) -> str:
    """Return an assessment as JSON with some keys changed."""
    return json.dumps(json.loads(text) | values)


WRONG: dict[str, tuple[Callable[[str], str | None], str]] = {
    "no assessment in it": (lambda _: None, "expected an assessment, and there is no"),
    "empty": (lambda _: "", "expected JSON, and it is none"),
    "half": (lambda text: text[: len(text) // 2], "expected JSON, and it is none"),
    "a list": (lambda _: "[]", "expected an assessment, got a JSON list"),
    "other JSON": (lambda _: '{"a": 1}', "with schema_version '1', got None"),
    "newer": (
        lambda text: changed(text, schema_version="2"),
        "with schema_version '1', got '2'; read it with the gaitkit that wrote it",
    ),
    "unknown key": (lambda text: changed(text, more=1), "'more': Unexpected keyword"),
    "another person": (
        lambda text: changed(text, subject={"subject_id": "p2"}),
        "expected two visits of one person, got 'p1' and 'p2'",
    ),
}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_assessment_is_refused_in_one_line(
    name: str,
    first: bool,
    folders: tuple[Path, Path],
    tmp_path: Path,
    refusal: Callable[..., str],
) -> None:
    make, says = WRONG[name]
    one, two = folders
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    text = make((two / "assessment.json").read_text(encoding="utf-8"))
    if text is not None:
        (wrong / "assessment.json").write_text(text, encoding="utf-8")
    pair = (wrong, one) if first else (one, wrong)
    line = refusal("compare", *pair, "--out", tmp_path / "out")
    assert line.startswith("error: ")
    if name == "another person" and first:
        says = "expected two visits of one person, got 'p2' and 'p1'"
    else:
        assert name == "another person" or str(wrong) in line
    assert says in line
    assert not (tmp_path / "out").exists()


def test_visits_with_plans_and_decisions_of_two_rule_sets_are_compared(
    before: Assessment,
    after: Assessment,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = dataclasses.replace(
        after.provenance, rule_set_revision="2026.9", rule_set_sha256="ab" * 32
    )
    decided = dataclasses.replace(before, plan=PLAN, edits=EDITS)
    later = dataclasses.replace(after, plan=PLAN, provenance=account)
    for name, assessment in (("one", decided), ("two", later)):
        write_assessment_json(assessment, tmp_path / name / "assessment.json")
    pair = [str(tmp_path / name) for name in ("one", "two")]
    with pytest.raises(SystemExit) as stop:
        main(["compare", *pair, "--out", str(tmp_path / "out"), "--lang", "en"])
    assert stop.value.code == 0
    assert "(1 and 2026.9)" in capsys.readouterr().out
    page = (tmp_path / "out" / "compare.html").read_text(encoding="utf-8")
    assert "(1 and 2026.9)" in page
    plain = compare(before, dataclasses.replace(after, provenance=account))
    assert compare(decided, later).changes == plain.changes


def test_an_occupied_folder_is_kept(
    folders: tuple[Path, Path], tmp_path: Path, refusal: Callable[..., str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert "--force" in refusal("compare", *folders, "--out", out)
    assert [p.name for p in out.iterdir()] == ["mine.txt"]


def test_the_schema_of_the_comparison_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["config", "--schema", "--of", "comparison"])
    assert stop.value.code == 0
    assert json.loads(capsys.readouterr().out) == comparison_schema()


@pytest.mark.parametrize(
    ("language", "before", "proposal"),
    [("nl", "rechts 5 → 7 → 9", "Voorstel"), ("en", "right 5 → 7 → 9", "Proposal")],
)
def test_the_comparison_begins_with_page_one_of_both_visits(
    language: Language, before: str, proposal: str
) -> None:
    visits = [
        read_visit(PATIENTS / name)
        for name in ("10-raise-and-insole", "10-raise-and-insole-evaluation")
    ]
    one, two = (judge(visit, analyse(visit)) for visit in visits)
    context = comparison_context(
        compare(one, two), language=language, visits=(one, two)
    )
    first = context.sections[0]
    assert first.anchor == "page-one"
    table, decided = first.blocks
    rows = table.groups[0].rows
    assert len(rows) == 6
    speed = rows[-1].cells
    assert [cell.text for cell in speed[1:3]] == [
        f"{text}\u202fm/s".replace(".", "," if language == "nl" else ".")
        for text in ("1.23", "1.25")
    ]
    items = [item for part in decided.lists for item in part.items]
    assert any(before in item for item in items)
    assert all(part.title.startswith(proposal) for part in decided.lists)
