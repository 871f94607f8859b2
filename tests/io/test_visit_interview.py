"""The interview writes answers into the visit file and leaves the rest of it alone."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from gaitkit.cli import main
from gaitkit.errors import InputError
from gaitkit.io.answers import answers_of, entry_of, readings
from gaitkit.io.interview import open_questions, questions
from gaitkit.io.visit import VISIT_FILE, new_visit
from gaitkit.io.visit_text import answers_in, with_answer, without_answer
from gaitkit.model.visit import FootExamination, Intake, RedFlags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gaitkit.io.interview import Question
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


def meant(path: str, typed: str, text: str = "") -> dict[str, object]:
    """Return what an answer writes."""
    return answers_of(question(path), typed, text)


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("intake.red_flags.trauma", "n", "no"),
        ("intake.red_flags.trauma", "weet niet", "unsure"),
        ("intake.aggravating", "staan, lopen", ("standing", "walking")),
        ("subject.height_m", "172 cm", 1.72),
        ("subject.sex", "vrouw", "female"),
        ("subject.shod", "nee", False),
        ("subject.shod", "op blote voeten", False),
        ("subject.shod", "met schoenen", True),
        ("intake.onset_date", "1 maart 2026", date(2026, 3, 1)),
        ("intake.pain_site", "lage rug", "low_back"),
        ("intake.radiation", "bil", "buttock"),
        ("intake.reported_terms", "spit, hernia", ("spit", "hernia")),
        ("intake.weak_flags_weighed", "doorgaan", "yes"),
        ("intake.weak_flags_weighed", "huisarts", "no"),
        ("examination.left.single_leg_stance", "bekken zakt", "pelvis_drops"),
        ("examination.left.single_leg_stance", "Trendelenburg", "pelvis_drops"),
        ("examination.left.abductor_strength", "zwak", "weak"),
        ("examination.palpation.note", "drukpijn één", "drukpijn één"),
        ("examination.pelvis.standing", "links", "left"),
        ("examination.pelvis.lying", "even lang", "equal"),
        ("intake.shoes.size_eu", "42,5", 42.5),
    ],
)
def test_what_people_type_becomes_an_answer(
    path: str, typed: str, value: object
) -> None:
    assert meant(path, typed) == {path: value}


@pytest.mark.parametrize(
    ("path", "typed", "side_path", "value", "side"),
    [
        ("intake.pain_site", "been links", "intake.pain_side", "leg", "left"),
        ("intake.pain_site", "lage rug, rechts", "intake.pain_side", "low_back",
         "right"),
        ("intake.pain_site", "left leg", "intake.pain_side", "leg", "left"),
        ("intake.pain_site", "lage rug links en rechts", "intake.pain_side", "low_back",
         "both"),
        ("intake.radiation", "bil links", "intake.radiation_side", "buttock", "left"),
        ("intake.legs.sites", "kuit en voet rechts", "intake.legs.side",
         ("calf", "foot"), "right"),
    ],
)  # fmt: skip
def test_a_place_takes_its_side_along(
    path: str, typed: str, side_path: str, value: object, side: str
) -> None:
    assert meant(path, typed) == {path: value, side_path: side}


@pytest.mark.parametrize(
    ("key", "typed", "left", "right"),
    [
        ("ankle_lunge_deg", "38 / 40", 38.0, 40.0),
        ("first_mtp_dorsiflexion_deg", "60/55", 60.0, 55.0),
        ("abductor_strength", "sterk / zwak", "strong", "weak"),
        ("pulses.dorsalis_pedis", "voelbaar/niet voelbaar", "felt", "not_felt"),
        ("alarm.wound", "nee / ja", "no", "yes"),
        ("foot_posture.total", "7/8", 7, 8),
    ],
)
def test_two_answers_with_a_stroke_are_left_and_right(
    key: str, typed: str, left: object, right: object
) -> None:
    assert meant(f"examination.left.{key}", typed) == {
        f"examination.left.{key}": left,
        f"examination.right.{key}": right,
    }


@pytest.mark.parametrize(
    ("path", "typed", "message"),
    [
        (
            "intake.red_flags.trauma",
            "soms",
            "herkend; mogelijk: ja, nee, weet niet.",
        ),
        ("intake.aggravating", "dansen", "mogelijk: staan, lopen, sport, zitten"),
        ("subject.height_m", "lang", "'lang' is geen getal; mogelijk: een getal"),
        ("subject.height_m", "172", "begrepen als 172; mogelijk: 0,5 tot 2,5"),
        ("intake.onset_date", "maart", "'maart' is geen dag; mogelijk: 30-11-2026"),
        ("visited_on", "30-11-2096", "begrepen als 30-11-2096; die dag moet nog komen"),
        ("subject.shod", "misschien", "mogelijk: met schoenen, blootsvoets"),
        ("examination.left.ankle_lunge_deg", "380", "begrepen als 380; mogelijk: -20"),
        ("proms.NPRS", "11", "begrepen als 11; mogelijk: 0 tot 10"),
        (
            "examination.left.foot_posture",
            "1 1 3 0 0 0",
            "begrepen als 3; mogelijk: -2",
        ),
        (
            "examination.left.foot_posture",
            "13",
            "begrepen als 13; mogelijk: -12 tot 12",
        ),
        ("examination.left.foot_posture", "plat", "mogelijk: een totaal zoals 7"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(
    path: str, typed: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        meant(path, typed)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("7", {"total": 7}),
        ("totaal 1", {"total": 1}),
        ("1 1 0 2 1 2", {"talar_head": 1, "malleolar_curves": 1, "calcaneus": 0,
                         "talonavicular": 2, "medial_arch": 1, "forefoot": 2}),
        ("1, -1, ?, 2", {"talar_head": 1, "malleolar_curves": -1, "talonavicular": 2}),
    ],
)  # fmt: skip
def test_the_fpi_is_a_total_or_its_items(typed: str, written: dict[str, int]) -> None:
    table = "examination.left.foot_posture"
    assert meant(table, typed) == {f"{table}.{k}": v for k, v in written.items()}


def test_a_score_carries_the_day_of_the_visit() -> None:
    entry = meant("proms.NPRS", "6/10", "visited_on = 2026-03-20\n")["proms.NPRS"]
    assert entry == {
        "instrument": "NPRS", "score": 6.0, "taken_on": date(2026, 3, 20)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "typed", "entry"),
    [
        ("examination.tape", "links 880", {"side": "left", "length_mm": 880.0}),
        ("examination.tape", "88,2 cm R", {"side": "right", "length_mm": 882.0}),
        ("examination.block_tests", "10 mm r", {"side": "right", "height_mm": 10.0}),
        ("examination.imaging", "röntgen -8 15-1-2026",
         {"method": "x_ray", "difference_mm": -8.0, "taken_on": date(2026, 1, 15)}),
        ("examination.acquired_causes", "heupprothese links 1 mei 2019",
         {"cause": "hip_replacement", "side": "left", "since": date(2019, 5, 1)}),
        ("examination.acquired_causes", "breuk", {"cause": "fracture"}),
        ("intake.goals", "activiteit een uur wandelen 4",
         {"kind": "more_activity", "text": "een uur wandelen", "score": 4.0}),
        ("proms", "oswestry 24 20-3-2026",
         {"instrument": "ODI", "score": 24.0, "taken_on": date(2026, 3, 20)}),
        ("therapy", "hielverhoging rechts 5 mm 1-6-2026",
         {"given": "hielverhoging rechts 5 mm", "start": date(2026, 6, 1),
          "kind": "heel_raise", "side": "right", "amount_mm": 5.0}),
    ],
)  # fmt: skip
def test_a_reading_is_one_line_with_its_parts_in_any_order(
    table: str, typed: str, entry: dict[str, object]
) -> None:
    reading = next(each for each in readings() if each.table == table)
    assert entry_of(reading, typed, "nl") == entry


@pytest.mark.parametrize(
    ("table", "typed", "lacking"),
    [
        ("examination.tape", "880", "de kant ontbreekt of is niet herkend"),
        ("examination.tape", "midden 880", "de kant ontbreekt"),
        ("examination.block_tests", "rechts", "de hoogte in mm ontbreekt"),
        ("proms", "ODI", "de score ontbreekt"),
        ("therapy", "zool", "de dag ontbreekt .*; typ het zoals hielverhoging rechts"),
    ],
)
def test_a_reading_without_a_part_says_which(
    table: str, typed: str, lacking: str
) -> None:
    reading = next(each for each in readings() if each.table == table)
    with pytest.raises(InputError, match=lacking):
        entry_of(reading, typed, "nl")


def test_alarm_questions_come_before_the_complaint() -> None:
    paths = [each.path for each in questions("nl")]
    alarm = [n for n, path in enumerate(paths) if ".red_flags." in path]
    assert paths[: alarm[0]] == ["visited_on", "subject.subject_id"]
    assert alarm == list(range(2, 16))
    assert max(alarm) < paths.index("intake.pain_site")


def test_no_question_of_the_file_is_lost_to_the_order() -> None:
    text = (files("gaitkit.io") / "templates" / "visit_nl.toml").read_text("utf-8")
    commented = re.sub(r"^#(?=[\[\w])", "", text, flags=re.M)
    tables = tomllib.loads(commented)
    paths = {each.path for each in questions("nl")}
    for path, value in _leaves(tables):
        if not isinstance(value, list) or not any(isinstance(v, dict) for v in value):
            assert path in paths, path


def _leaves(table: dict[str, object], at: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        path = f"{at}.{key}" if at else key
        if isinstance(value, dict):
            yield from _leaves(value, path)
        else:
            yield path, value


def test_every_examination_by_hand_is_asked_of_both_feet() -> None:
    paths = {each.path for each in questions("nl")}
    for side in ("left", "right"):
        for key in (field.name for field in fields(FootExamination)):
            at = f"examination.{side}.{key}"
            assert at in paths or any(path.startswith(f"{at}.") for path in paths), at


def asked(text: str, kind: str, *opened: str) -> list[str]:
    found = open_questions(questions("nl"), text, kind=kind, opened=frozenset(opened))
    return [each.path for each in found]


def test_only_an_evaluation_asks_how_it_went_and_begins_with_three_questions() -> None:
    assert not any(path.startswith("follow_up") for path in asked("", "first"))
    paths = asked("", "control")
    at = paths.index("proms.PSFS")
    assert paths[at : at + 3] == ["proms.PSFS", "proms.NPRS", "follow_up.worn"]
    assert "follow_up.wants_to_stop" in paths


def test_questions_that_make_no_sense_are_not_asked() -> None:
    man = asked('[subject]\nsex = "male"\n', "first")
    assert not any(path.startswith("intake.pregnancy") for path in man)
    assert "intake.pregnancy.status" in asked("", "first")
    back = asked('[intake]\nradiation = "none"\npain_site = "low_back"\n', "first")
    assert not any(path.startswith("intake.legs") for path in back)
    leg = asked('[intake]\nradiation = "none"\npain_site = "leg"\n', "first")
    assert "intake.legs.sites" in leg
    assert "intake.weak_flags_weighed" not in asked("", "first")
    weak = asked('[intake.weak_flags]\ncolic = "yes"\n', "first")
    assert "intake.weak_flags_weighed" in weak


def test_items_of_the_fpi_are_asked_where_some_lack_or_on_request() -> None:
    table = "examination.left.foot_posture"
    assert table in asked("", "first")
    assert f"{table}.calcaneus" not in asked("", "first")
    assert f"{table}.calcaneus" in asked("", "first", table)
    begun = asked(f"[{table}]\ntalar_head = 1\n", "first")
    assert table not in begun
    assert f"{table}.calcaneus" in begun
    assert f"{table}.talar_head" not in begun
    whole = asked(f"[{table}]\ntotal = 4\n", "first")
    assert not any(path.startswith(table) for path in whole)


def test_an_answer_changes_one_line(tmp_path: Path) -> None:
    file = new_visit(tmp_path, language="nl")
    before = file.read_text(encoding="utf-8")
    after = with_answer(before, "intake.red_flags.trauma", "no")
    after = with_answer(after, "intake.pain_site", "low_back")
    after = with_answer(after, "visited_on", date(2026, 3, 1))
    changed = set(after.splitlines()) - set(before.splitlines())
    assert changed == {
        'trauma = "no"',
        'pain_site = "low_back"',
        "visited_on = 2026-03-01",
    }
    assert {"intake.red_flags.trauma", "visited_on"} <= set(answers_in(after))
    assert "intake.red_flags.cancer_history" not in answers_in(after)
    assert "visited_on" not in answers_in(without_answer(after, "visited_on"))


def test_a_key_or_table_that_is_not_there_is_added() -> None:
    text = with_answer('[intake]\ncourse = "stable"\n[follow_up]\n',
                       "intake.pain_site", "low_back")  # fmt: skip
    text = with_answer(text, "intake.yellow_flags.stress", "no")
    assert tomllib.loads(text) == {
        "intake": {
            "course": "stable",
            "pain_site": "low_back",
            "yellow_flags": {"stress": "no"},
        },
        "follow_up": {},
    }


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
