"""An answer written into a visit file keeps all that a person laid out there."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gaitkit.doors import toml_value
from gaitkit.io.visit import read_visit
from gaitkit.io.visit_text import with_answer, with_entry, without_answer
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from pathlib import Path

LAYOUTS = {
    "tables": '[subject]\nmass_kg = 70 # scales\n\n[intake]\ncourse = "stable"\n',
    "dotted keys": 'subject.mass_kg = 70\nintake.course = "stable"\n',
    "inline tables": 'subject = { mass_kg = 70 }\nintake = { course = "stable" }\n',
    "quoted keys": '"subject"."mass_kg" = 70\n["intake"]\n\'course\' = "stable"\n',
    "table inside first": '[intake.yellow_flags]\nstress = "no"\n[subject]\n'
    'mass_kg = 70\n[intake.red_flags]\ntrauma = "no"\n',
    "text of several lines": '[intake]\ncourse = """\nstable"""\n[subject]\n'
    "mass_kg = 70\n",
    "list of several lines": "[subject]\nmass_kg = 70\n[intake]\n"
    'sites = [\n  "low_back", # first\n  "hip",\n]\n',
    "a comment like a table": '[subject]\nmass_kg = 70\n#[intake]\n#course = "x"\n',
    "windows": '[subject]\r\nmass_kg = 70\r\n[intake]\r\ncourse = "stable"\r\n',
    "nothing": "",
}


def at(text: str, path: str) -> object:
    """Return what stands at a path."""
    value: object = tomllib.loads(text)
    for part in path.split("."):
        assert isinstance(value, dict)
        value = value[part]
    return value


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("subject.mass_kg", 71.5),
        ("subject.height_m", 1.72),
        ("intake.course", "worse"),
        ("intake.yellow_flags.stress", "yes"),
        ("examination.left.navicular_drop_mm", 8.0),
        ("visited_on", date(2026, 3, 20)),
    ],
)
def test_an_answer_stands_in_every_layout_and_nothing_else_changes(
    layout: str, path: str, value: object
) -> None:
    before = LAYOUTS[layout]
    after = with_answer(before, path, value)
    assert at(after, path) == value
    again = with_answer(after, path, value)
    assert again == after, "the same answer twice is the same file"
    left, right = tomllib.loads(before), tomllib.loads(without_answer(after, path))
    for side in (left, right):
        drop(side, path)
    assert left == right
    comments = [line.partition("#")[2] for line in before.splitlines() if "#" in line]
    taken = path.rpartition(".")[2]
    assert all(each in after for each in comments if not each.startswith(taken))


def drop(table: dict[str, object], path: str) -> None:
    """Take a key away, and the tables that are empty then."""
    name, _, rest = path.partition(".")
    inner = table.get(name)
    if not rest:
        table.pop(name, None)
    elif isinstance(inner, dict):
        drop(inner, rest)
        if not inner:
            del table[name]


def test_the_comment_that_holds_a_key_becomes_the_answer() -> None:
    text = "# how tall\n[subject]\n# in metres\n#height_m = 1.72\nmass_kg = 70\n"
    expected = text.replace("#height_m = 1.72", "height_m = 1.8")
    assert with_answer(text, "subject.height_m", 1.8) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[examination]\n",
        '[[examination.tape]]\nside = "right"\nlength_mm = 880\n\n[intake]\n',
        '[examination]\ntape = [{ side = "right", length_mm = 880 }]\n',
        '[examination.left]\nnail = "warm"\n[intake]\n[examination.right]\n',
    ],
)
def test_a_reading_is_added_to_its_list_however_it_is_written(text: str) -> None:
    before = tomllib.loads(text).get("examination", {}).get("tape", [])
    after = with_entry(
        text, "examination.tape", {"side": Side.LEFT, "length_mm": 884.5}
    )
    found = at(after, "examination.tape")
    assert found == [*before, {"side": "left", "length_mm": 884.5}]


@pytest.mark.parametrize(
    "value",
    ['a "quoted" word', "back\\slash", "two\nlines", "\x7f and \x01", "één", "#"],
)
def test_every_text_comes_back_as_it_was_typed(value: str) -> None:
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}
    text = with_answer("[intake]\n", "intake.course_text", value)
    assert at(text, "intake.course_text") == value


def test_numbers_keep_every_digit_and_whole_ones_no_point() -> None:
    assert toml_value(880.0) == "880"
    assert toml_value(1234567.25) == "1234567.25"
    assert toml_value((1.5, True, date(2026, 3, 1))) == "[1.5, true, 2026-03-01]"


def test_a_visit_with_answers_in_inline_tables_is_still_read(tmp_path: Path) -> None:
    text = with_answer(LAYOUTS["inline tables"], "subject.height_m", 1.72)
    (tmp_path / "visit.toml").write_text(text, encoding="utf-8")
    assert read_visit(tmp_path).subject.height_m == 1.72
