"""The visit file: strict, by path, in two languages."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

import pytest
from video_clips import every, write_clip

from gaitkit.errors import InputError, OutputError
from gaitkit.io.visit import VISIT_FILE, new_visit, read_visit
from gaitkit.model import intake, recording, visit
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    Examination,
    FollowUpAnswers,
    Intake,
    Prom,
    Therapy,
    Visit,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.text import Language

LANGUAGES: tuple[Language, ...] = ("nl", "en")


def written(folder: Path, text: str) -> Path:
    """Write a visit file."""
    path = folder / VISIT_FILE
    path.write_text(text, encoding="utf-8")
    return path


def clip(path: Path) -> Path:
    """Write a short video."""
    return write_clip(path, every(30, 4))


def template(language: Language) -> str:
    """Return the text of a template."""
    file = resources.files("gaitkit.io") / "templates" / f"visit_{language}.toml"
    return file.read_text(encoding="utf-8")


def filled_in(language: Language) -> str:
    """Return a template with every example line made to count."""
    return re.sub(r"(?m)^#(?=[a-z_]+ =|\[)", "", template(language))


def test_a_whole_visit_is_read_with_its_types(tmp_path: Path) -> None:
    clip(tmp_path / "walk.mp4")
    path = written(
        tmp_path,
        """
        [subject]
        subject_id = "p7"
        height_m = 1.65
        [[recording]]
        file = "walk.mp4"
        view = "sagittal_left"
        speed_factor = 0.25
        [examination.left.foot_posture]
        talar_head = 2
        malleolar_curves = 1
        calcaneus = 1
        talonavicular = 0
        medial_arch = -1
        forefoot = -2
        [[examination.tape]]
        side = "right"
        length_mm = 871.5
        [intake]
        onset_date = 2026-02-03
        aggravating = ["standing"]
        [intake.red_flags]
        trauma = "no"
        [[proms]]
        instrument = "ODI"
        score = 24
        taken_on = 2026-03-01
        [[therapy]]
        given = "inlay"
        start = 2026-03-02
        """,
    )
    read = read_visit(path)
    assert read.subject == Subject(subject_id="p7", height_m=1.65)
    assert read.recordings[0].file == tmp_path / "walk.mp4"
    assert read.recordings[0].speed_factor == 0.25
    assert read.examination.left.foot_posture is not None
    assert read.examination.left.foot_posture.forefoot == -2
    assert read.examination.tape[0].side is Side.RIGHT
    assert read.intake.onset_date == date(2026, 2, 3)
    assert read.intake.red_flags.trauma == "no"
    assert read.intake.red_flags.fever_or_infection == "not_asked"
    assert read.proms[0].score == 24
    assert read.therapy[0].start == date(2026, 3, 2)
    assert read_visit(tmp_path) == read
    assert read_visit(str(path)) == read


def test_a_single_table_stands_for_a_list_of_one(tmp_path: Path) -> None:
    clip(tmp_path / "walk.mp4")
    read = read_visit(
        written(
            tmp_path,
            """
            [recording]
            file = "walk.mp4"
            [examination.tape]
            side = "left"
            length_mm = 880
            [proms]
            instrument = "NPRS"
            score = 3
            taken_on = 2026-03-01
            [therapy]
            given = "inlay"
            start = 2026-03-02
            """,
        )
    )
    assert len(read.recordings) == len(read.proms) == len(read.therapy) == 1
    assert read.examination.tape[0].length_mm == 880


REFUSALS = {
    "subject.name": ('[subject]\nname = "x"', r"unknown key 'subject.name'; known are"),
    "typing error": (
        "[subject]\nheigth_m = 1.7",
        r"unknown key 'subject.heigth_m'; did you mean 'height_m'\?",
    ),
    "deep key": (
        '[intake.red_flags]\nfever = "yes"',
        r"unknown key 'intake.red_flags.fever'; known are saddle_numbness",
    ),
    "list key": (
        '[[recording]]\nfile = "a"\nvieuw = "posterior"',
        r"unknown key 'recording.0.vieuw'; did you mean 'view'\?",
    ),
    "table": (
        "[recordings]\n",
        r"unknown key 'recordings'; did you mean 'recording'\?",
    ),
    "choice": (
        '[[recording]]\nfile = "a"\nview = "left"',
        r"'recording.0.view': .*'sagittal_left'.*; got 'left'",
    ),
    "needed": ('[[recording]]\nview = "posterior"', r"'recording.0.file' is needed"),
    "centimetres": ("[subject]\nheight_m = 172", r"subject.height_m is 172; expected"),
    "answer": (
        "[intake.red_flags]\ntrauma = true",
        r"'intake.red_flags.trauma': .*'yes', 'no', 'unsure' or 'not_asked'",
    ),
    "no TOML": ("[subject\n", r"is not valid TOML"),
    "FPI": (
        "[examination.left.foot_posture]\ntalar_head = 3\nmalleolar_curves = 0\n"
        "calcaneus = 0\ntalonavicular = 0\nmedial_arch = 0\nforefoot = 0",
        r"'examination.left.foot_posture.talar_head' is 3; expected -2 to 2 \(an item",
    ),
    "tape in centimetres": (
        '[[examination.tape]]\nside = "left"\nlength_mm = 88',
        r"'examination.tape.0.length_mm' is 88; expected 200 to 1300 \(millimetres",
    ),
    "score": (
        '[[proms]]\ninstrument = "NPRS"\nscore = 60\ntaken_on = 2026-01-01',
        r"'proms.0.score' is 60; expected 0 to 10 \(a numeric pain rating\)",
    ),
    "day": (
        '[[proms]]\ninstrument = "NPRS"\nscore = 6\ntaken_on = "gisteren"',
        r"'proms.0.taken_on'.*got 'gisteren'",
    ),
    "not a number": (
        "[examination.right]\nnavicular_drop_mm = nan",
        r"'examination.right.navicular_drop_mm': .* a finite number; got nan",
    ),
    "future": (
        "[intake]\nonset_date = 2990-01-01",
        r"visit.toml:2: 'intake.onset_date' is 2990-01-01, in the future",
    ),
    "after the visit": (
        "visited_on = 2026-02-01\n[intake]\nonset_date = 2026-02-02",
        r"visit.toml:3: 'intake.onset_date' is 2026-02-02, after the visit",
    ),
    "negative block": (
        '[[examination.block_tests]]\nside = "left"\nheight_mm = 4\n'
        '[[examination.block_tests]]\nside = "left"\nheight_mm = -4',
        r"visit.toml:6: 'examination.block_tests.1.height_mm' is -4; expected 0 to 100",
    ),
    "negative raise": (
        '[[therapy]]\ngiven = "x"\nstart = 2026-01-01\namount_mm = -3',
        r"visit.toml:4: 'therapy.0.amount_mm' is -3; expected 0 to 60",
    ),
    "exchanged sides": (
        '[[examination.tape]]\nside = "left"\nlength_mm = 900\n'
        '[[examination.tape]]\nside = "right"\nlength_mm = 886\n'
        '[[examination.block_tests]]\nside = "left"\nheight_mm = 12',
        r"visit.toml:8: 'examination.block_tests.0.side': a block of 12 mm under the "
        r"left foot says that this leg is shorter, but by tape the left leg is 14 mm",
    ),
    "block side": (
        '[[examination.block_tests]]\nside = "links"\nheight_mm = 4',
        r"visit.toml:2: 'examination.block_tests.0.side': .*got 'links'",
    ),
    "line of an unknown key": (
        '[subject]\nsubject_id = "p"\n\nname = "x"',
        r"visit.toml:4: unknown key 'subject.name'",
    ),
    "no such file": (
        '[[recording]]\nfile = "weg.mp4"',
        r"'recording.0.file': .*weg.mp4 is not there; correct the name",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_is_refused_by_its_path(name: str, tmp_path: Path) -> None:
    text, message = REFUSALS[name]
    (tmp_path / "a").touch()
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=message) as caught:
        read_visit(path)
    assert "\n" not in str(caught.value)


def test_a_missing_visit_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; expected a TOML file"):
        read_visit(tmp_path / "elsewhere.toml")


def test_a_folder_without_visit_file_gives_its_recordings(tmp_path: Path) -> None:
    clip(tmp_path / "b.mp4")
    clip(tmp_path / "a.mp4").rename(tmp_path / "a.whatever")
    (tmp_path / "notes.txt").write_text("afspraak om drie uur")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "more").mkdir()
    clip(tmp_path / ".hidden.mp4")
    read = read_visit(tmp_path)
    assert [r.file.name for r in read.recordings] == ["a.whatever", "b.mp4"]


def test_a_visit_file_that_lists_nothing_takes_what_is_in_its_folder(
    tmp_path: Path,
) -> None:
    clip(tmp_path / "walk.mp4")
    path = written(tmp_path, "[subject]\nheight_m = 1.8\n")
    assert [r.file.name for r in read_visit(tmp_path).recordings] == ["walk.mp4"]
    assert read_visit(path).recordings == ()


def test_a_folder_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected visit.toml or recordings, found"):
        read_visit(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_visit_loads_and_says_nothing(language: Language, tmp_path: Path) -> None:
    path = new_visit(tmp_path / "visit", language=language)
    assert path == tmp_path / "visit" / VISIT_FILE
    assert read_visit(tmp_path / "visit") == Visit()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_line_of_a_template_may_be_used(
    language: Language, tmp_path: Path
) -> None:
    text = filled_in(language)
    file = tomllib.loads(text)["recording"][0]["file"]
    clip(tmp_path / "clip.mp4").rename(tmp_path / file)
    read = read_visit(written(tmp_path, text))
    for part in (read.subject, read.recordings[0], read.examination, read.intake):
        for name in (f.name for f in dataclasses.fields(part)):
            value = getattr(part, name)
            if name not in NO_LONGER_ASKED:
                assert value not in (None, ()), f"{name} has no example"
    assert read.proms
    assert read.therapy


NO_LONGER_ASKED = {"first_episode_after_50", "onset_before_45", "history"}
"""The first two follow from age, onset and earlier episodes, the last changes nothing;
files that hold them are read."""


def test_a_file_of_before_is_read_with_its_answers_in_their_place(
    tmp_path: Path,
) -> None:
    """Stiffness was an alarm question until rule set 2026.5."""
    file = tmp_path / "visit.toml"
    file.write_text(OF_BEFORE, encoding="utf-8")

    told = read_visit(file).intake

    assert told.inflammatory.morning_stiffness == "yes"
    assert told.red_flags.trauma == "no"
    assert told.weak_flags.onset_before_45 == "yes"
    twice = OF_BEFORE + "[intake.inflammatory]\nmorning_stiffness = 'no'\n"
    file.write_text(twice, encoding="utf-8")
    with pytest.raises(InputError, match=r"red_flags.morning_stiffness"):
        read_visit(file)


OF_BEFORE = """
visited_on = 2026-06-08

[subject]
age_years = 44

[intake]
pain_site = "low_back"
onset_date = 2026-02-02
course = "stable"
aggravating = ["standing", "walking"]
radiation = "none"
weak_flags_weighed = "yes"

[intake.red_flags]
trauma = "no"
morning_stiffness = "yes"

[intake.weak_flags]
onset_before_45 = "yes"
steroid_use = "no"
"""
"""As `gaitkit visit new` had it filled in before leg pattern and pulses were asked."""


def test_both_templates_have_the_same_keys() -> None:
    def keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: keys(inner) for key, inner in value.items()}
        return [keys(inner) for inner in value] if isinstance(value, list) else None

    nl, en = (tomllib.loads(filled_in(language)) for language in LANGUAGES)
    assert keys(nl) == keys(en)
    told = {f.name for f in dataclasses.fields(Intake)} - NO_LONGER_ASKED
    assert set(nl["intake"]) == told
    for name in told:
        if isinstance(nl["intake"][name], dict):
            holder = getattr(Intake(), name)
            names = {field.name for field in dataclasses.fields(holder)}
            assert set(nl["intake"][name]) == names - NO_LONGER_ASKED
    assert set(nl["follow_up"]) == {f.name for f in dataclasses.fields(FollowUpAnswers)}
    for kind, key in ((Prom, "proms"), (Therapy, "therapy")):
        assert set(nl[key][0]) == {f.name for f in dataclasses.fields(kind)}
    assert set(nl["examination"]) == {f.name for f in dataclasses.fields(Examination)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "choices",
    [
        recording.RecordingKind,
        recording.View,
        recording.Condition,
        visit.PainSite,
        visit.Course,
        visit.Radiation,
        visit.Activity,
        visit.Answer,
        visit.Instrument,
        visit.TherapyKind,
        intake.PainSide,
        intake.Depth,
        intake.Moment,
        intake.Onset,
        intake.Trigger,
        intake.Rating,
        intake.ShoeKind,
        intake.GoalKind,
    ],
    ids=str,
)
def test_a_template_names_every_choice(language: Language, choices: object) -> None:
    text = template(language)
    assert [c for c in get_args(choices) if not re.search(rf"\b{c}\b", text)] == []


def test_a_visit_file_is_never_written_over(tmp_path: Path) -> None:
    new_visit(tmp_path, language="nl")
    with pytest.raises(OutputError, match="a visit file is there already"):
        new_visit(tmp_path, language="en")
