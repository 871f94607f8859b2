"""The interview writes answers into the visit file and leaves the rest of it alone."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.errors import InputError
from gaitkit.io.visit import VISIT_FILE, new_visit, read_visit
from gaitkit.io.visit_text import answered, questions, toml_value, with_answer
from gaitkit.model.visit import Intake, RedFlags

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.io.visit_text import Question
    from gaitkit.model.text import Language

LANGUAGES: tuple[Language, ...] = ("nl", "en")


def question(path: str) -> Question:
    return next(q for q in questions("nl") if q.path == path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_intake_is_asked_in_words(language: Language) -> None:
    asked = {q.path: q for q in questions(language)}
    for flag in fields(RedFlags):
        assert asked[f"intake.red_flags.{flag.name}"].choices == (
            "yes",
            "no",
            "unsure",
            "not_asked",
        )
    nested = {"red_flags", "weak_flags", "yellow_flags", "risk_factors", "background",
              "shoes", "goals", "legs", "inflammatory", "pregnancy",
              "start_back"}  # fmt: skip
    told = {f.name for f in fields(Intake)} - nested - {"history"}  # only read
    assert {f"intake.{name}" for name in told} <= set(asked)
    assert all(q.text for q in asked.values())
    assert len(asked) > 100


def test_both_languages_ask_the_same() -> None:
    nl, en = (
        [(q.path, q.shape, q.choices) for q in questions(language)]
        for language in LANGUAGES
    )
    assert nl == en


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("intake.red_flags.trauma", "n", '"no"'),
        ("intake.red_flags.trauma", "ja", '"yes"'),
        ("intake.aggravating", "standing, walk", '["standing", "walking"]'),
        ("subject.height_m", "1,72", "1.72"),
        ("subject.shod", "nee", "false"),
        ("intake.onset_date", "2026-03-01", "2026-03-01"),
        ("intake.shoes.cushion_side", "left", '"left"'),
        ("examination.palpation.note", "drukpijn één", '"drukpijn één"'),
    ],
)
def test_what_people_type_becomes_toml(path: str, typed: str, value: str) -> None:
    assert toml_value(question(path), typed) == value
    tomllib.loads(f"x = {value}")


@pytest.mark.parametrize(
    ("path", "typed", "message"),
    [
        (
            "intake.red_flags.trauma",
            "soms",
            "expected one of yes, no, unsure, not_asked; got",
        ),
        ("intake.aggravating", "dansen", "'intake.aggravating': expected one of stand"),
        ("subject.height_m", "lang", "expected a number such as 1.72, got 'lang'"),
        ("intake.onset_date", "maart", "expected a date such as 2026-03-20"),
        ("subject.shod", "misschien", "expected yes or no"),
    ],
)
def test_what_is_no_answer_is_refused(path: str, typed: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        toml_value(question(path), typed)


def test_an_answer_changes_one_line(tmp_path: Path) -> None:
    file = new_visit(tmp_path, language="nl")
    before = file.read_text(encoding="utf-8")
    after = with_answer(before, question("intake.red_flags.trauma"), '"no"')
    after = with_answer(after, question("intake.pain_site"), '"low_back"')
    after = with_answer(after, question("visited_on"), "2026-03-01")
    changed = set(after.splitlines()) - set(before.splitlines())
    assert changed == {
        'trauma = "no"',
        'pain_site = "low_back"',
        "visited_on = 2026-03-01",
    }
    assert {"intake.red_flags.trauma", "visited_on"} <= answered(after)
    assert "intake.red_flags.cancer_history" not in answered(after)


def test_a_key_or_table_that_is_not_there_is_added() -> None:
    text = with_answer('[intake]\ncourse = "stable"\n[follow_up]\n',
                       question("intake.pain_site"), '"low_back"')  # fmt: skip
    text = with_answer(text, question("intake.yellow_flags.stress"), '"no"')
    assert tomllib.loads(text) == {
        "intake": {
            "course": "stable",
            "pain_site": "low_back",
            "yellow_flags": {"stress": "no"},
        },
        "follow_up": {},
    }


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Answer the prompts of a terminal; every further one with nothing."""
    left = list(answers)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: left.pop(0) if left else "")


def test_an_interview_can_be_left_and_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "2026-03-01", "p17", "172", "1,72", ".")
    with pytest.raises(SystemExit) as left:
        main(["visit", "ask", str(tmp_path)])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "subject.height_m is 172; expected 0.5 to 2.5" in out
    read = read_visit(tmp_path)
    assert (read.visited_on, read.subject.height_m) == (date(2026, 3, 1), 1.72)
    typed(monkeypatch, "70")
    with pytest.raises(SystemExit):
        main(["visit", "ask", str(tmp_path)])
    assert read_visit(tmp_path).subject.mass_kg == 70


def test_readings_are_asked_until_nothing_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = [""] * len(questions("nl"))
    typed(monkeypatch, *skipped, "links 88", "links 880", "r 871,5", "", "midden 10",
          "rechts 10", "", "nprs 6 2026-03-20", "NPRS 16 2026-03-20", "ODI",
          "")  # fmt: skip
    with pytest.raises(SystemExit) as left:
        main(["visit", "ask", str(tmp_path)])
    assert left.value.code == 0
    out = capsys.readouterr().out
    for message in (
        "'examination.tape.0.length_mm' is 88; expected 200 to 1300",
        "'examination.block_tests': 'midden' is no side; type it as in right 10",
        "'proms.1.score' is 16; expected 0 to 10",
        "'proms': expected instrument, score, taken_on, such as NPRS 6 2026-03-20",
    ):
        assert message in out
    read = read_visit(tmp_path)
    assert [(t.side, t.length_mm) for t in read.examination.tape] == [
        ("left", 880.0), ("right", 871.5),
    ]  # fmt: skip
    assert [(b.side, b.height_mm) for b in read.examination.block_tests] == [
        ("right", 10.0)
    ]
    assert [(p.instrument, p.score, p.taken_on) for p in read.proms] == [
        ("NPRS", 6.0, date(2026, 3, 20))
    ]


def test_check_says_what_is_missing_for_which_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_visit(tmp_path, language="nl")
    with pytest.raises(SystemExit) as left:
        main(["visit", "check", str(tmp_path / VISIT_FILE), "--lang", "nl"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "Het bestand klopt." in out
    assert "T06  Niet alle alarmvragen zijn beantwoord" in out
    assert "T08  Hoe lang de klacht bestaat, is niet bekend." in out
    assert "L01  Over beenlengteverschil is niets te zeggen." in out


def test_check_refuses_a_wrong_file_on_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / VISIT_FILE).write_text('[intake]\npain = "rug"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["visit", "check", str(tmp_path / VISIT_FILE)])
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "visit.toml:2: unknown key 'intake.pain'" in error
    assert error.count("\n") == 1
