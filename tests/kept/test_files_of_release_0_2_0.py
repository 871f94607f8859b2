"""What release 0.2.0 wrote and was told goes on working: nobody's files but ours.

``release_0_2_0`` holds a visit file, the assessment of the made-up patient 09 with the
therapist's decisions, the store of two visits, the configuration and every command with
its options, written by 0.2.0 and never changed since.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main

from gaitkit.cli import main
from gaitkit.config import load_config
from gaitkit.io.edits import read_edits
from gaitkit.io.export.assessment import read_assessment_json
from gaitkit.io.visit import read_visit
from gaitkit.model.decisions import plan_in_force
from gaitkit.pipeline import judge

KEPT = Path(__file__).parent / "release_0_2_0"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command that must end well and return what it printed."""
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    out, err = capsys.readouterr()
    assert stop.value.code == 0, err
    return out


@pytest.fixture
def assessed(tmp_path: Path) -> Path:
    folder = tmp_path / "assessed"
    folder.mkdir()
    whole = gzip.decompress((KEPT / "assessment.json.gz").read_bytes())
    (folder / "assessment.json").write_bytes(whole)
    shutil.copy(KEPT / "edits.toml", folder)
    return folder


def test_a_visit_file_is_read_with_the_words_of_its_time(tmp_path: Path) -> None:
    shutil.copy(KEPT / "visit.toml", tmp_path)
    for name in ("plate_1", "plate_2", "plate_3", "plate_4"):
        (tmp_path / f"{name}.txt.gz").write_bytes(b"sought, not read")
    (tmp_path / "stance.jpg").write_bytes(b"sought, not read")
    visit = read_visit(tmp_path)
    assert visit.subject.subject_id == "patient-09"
    assert [each.kind for each in visit.recordings] == [*["plate"] * 4, "stance"]
    photo = visit.recordings[-1]
    assert (photo.view, photo.roll_deg, photo.sticker_diameter_mm) == (
        "posterior",
        0.4,
        18.0,
    )
    assert visit.examination.left.navicular_drop_mm == 12.0
    assert judge(visit, ()).plan.triage.status == "clear"


def test_an_assessment_is_read_with_its_decisions(assessed: Path) -> None:
    whole = read_assessment_json(assessed)
    edits = read_edits(assessed)
    assert edits is not None
    assert whole.edits == edits
    (raised,) = (
        each
        for each in plan_in_force(whole).plan.suggestions
        if each.element == "heel_raise"
    )
    assert (raised.amount, raised.target) == (3.0, 6.0)
    assert not whole.differences, "kept only since then"


@pytest.mark.parametrize("name", ["out.fhir.json", "out.xlsx"])
def test_an_assessment_is_converted(
    name: str, assessed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    said(capsys, "convert", str(assessed / "assessment.json"), str(out))
    assert out.stat().st_size > 1000


def test_an_assessment_is_compared(
    assessed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later"
    shutil.copytree(assessed, later)
    text = (later / "assessment.json").read_text(encoding="utf-8")
    assert '"visited_on": "2026-06-18"' in text
    text = text.replace('"visited_on": "2026-06-18"', '"visited_on": "2026-08-20"')
    (later / "assessment.json").write_text(text, encoding="utf-8")
    out = tmp_path / "compared"
    said(capsys, "compare", str(assessed), str(later), "--out", str(out))
    table = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    assert table["changes"]


def test_a_store_answers_and_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    store = tmp_path / "store"
    shutil.copytree(KEPT / "store", store)
    shutil.copy(KEPT / "store.key", tmp_path)
    counted = "SELECT count(*) AS visits FROM journal WHERE state = 'done'"
    assert "2" in said(capsys, "query", str(store), counted)
    rows = "SELECT count(DISTINCT name) AS names FROM measurements"
    assert "names" in said(capsys, "query", str(store), rows)
    assert said(capsys, "outcomes", str(store))
    assert said(capsys, "archive", "check", str(store))


def test_the_configuration_is_read_and_means_what_it_meant() -> None:
    assert load_config(KEPT / "config.toml") == load_config()


def commands(group: Any, before: str = "") -> dict[str, set[str]]:
    """Return the options and arguments of every command by its name."""
    found: dict[str, set[str]] = {}
    for name, each in group.commands.items():
        path = f"{before} {name}".strip()
        if hasattr(each, "commands"):
            found |= commands(each, path)
        else:
            found[path] = {
                word
                for one in each.params
                for word in (*one.opts, *one.secondary_opts, str(one.name))
            }
    return found


def test_every_command_line_is_still_understood() -> None:
    import gaitkit.cli.entry  # noqa: F401 - puts the commands into the application
    from gaitkit.cli.options import app

    now = commands(typer.main.get_command(app))
    then = json.loads((KEPT / "commands.json").read_text(encoding="utf-8"))
    assert then
    assert {
        command: gone
        for command, words in then.items()
        if (gone := set(words) - now.get(command, set()))
    } == {}
