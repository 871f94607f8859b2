"""A kit is written, filled in, read and refused with one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gaitkit.config import load_config, to_table
from gaitkit.errors import ConfigError, InputError, OutputError
from gaitkit.io.kit_file import (
    PROTOCOL,
    KitPerson,
    kit_text,
    new_kit,
    practice_text,
    read_kit,
    read_practice,
)
from gaitkit.model.practice import KitEstimate, PracticeKit
from gaitkit.pipeline.block_test import practice_errors
from gaitkit.pipeline.kit import run_kit
from gaitkit.report.kit import kit_lines, kit_sheet
from gaitkit.report.pdf import kit_sheet_to_pdf

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'schema_version = "1"\n'
PICTURE = '[[picture]]\nname = "first-1"\nstance = "first"\n'
PERSON = '[[person]]\nid = "p01"\nheight_m = 1.7\n'


def kit(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "kit.toml").write_text(HEAD + text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_new_kit_is_read_back_with_the_whole_protocol(
    tmp_path: Path, language: str
) -> None:
    new_kit(tmp_path / "kit", language=language, people=20)  # type: ignore[arg-type]
    read = read_kit(tmp_path / "kit")
    assert read.picture == PROTOCOL
    assert [p.id for p in read.person] == [f"p{n:02d}" for n in range(1, 21)]
    assert (tmp_path / "kit/p20").is_dir()
    blocks = sorted({p.signed_mm for p in read.picture})
    assert blocks == [-12, -6, 0, 6, 12]


def test_a_new_kit_does_not_overwrite(tmp_path: Path) -> None:
    new_kit(tmp_path / "kit", language="nl", people=2)
    with pytest.raises(OutputError):
        new_kit(tmp_path / "kit", language="nl", people=2)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_protocol_is_one_page(language: str) -> None:
    sheet = kit_sheet(PROTOCOL, language=language)  # type: ignore[arg-type]
    pdf = kit_sheet_to_pdf(sheet)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"no \[\[person\]\]"),
        (PERSON + "heigth = 2\n", "unknown key 'person.0.heigth'"),
        (PERSON + PERSON, "person.id 'p01' stands there twice"),
        ('[[person]]\nid = "../p01"\n', "expected a plain name such as p01"),
        ('[[person]]\nid = "p01"\nheight_m = 172\n', "expected 0.8 to 2.3 m"),
        (PERSON + PICTURE + "block_height_mm = 6\n", "expected block_side left or"),
        (PERSON + PICTURE + "block_height_mm = 400\n", "expected 0 to 40 mm"),
        (PERSON + "tape_first_mm = [1, 'a']\n", "tape_first_mm"),
        (PERSON + "sticker_colour = 'pink'\n", "person.0.sticker_colour"),
        ("view = 'side'\n" + PERSON, "view"),
        (PERSON + "tape_first_mm = [", "not valid TOML"),
    ],
)
def test_a_wrong_kit_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_kit(kit(tmp_path / "kit", text))
    assert len(str(refused.value)) <= 500 + len(str(tmp_path))


def test_a_person_may_wear_a_sticker_colour_of_their_own(tmp_path: Path) -> None:
    own = KitPerson(id="p01", height_m=1.7, sticker_colour="blue")
    text = kit_text([own, KitPerson(id="p02", height_m=1.8)], language="nl")
    (tmp_path / "kit.toml").write_text(text, encoding="utf-8")
    first, second = read_kit(tmp_path).person
    assert first.sticker_colour == "blue"
    assert second.sticker_colour is None


def test_a_folder_without_a_kit_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a folder with kit\.toml"):
        read_kit(tmp_path)


def test_a_kit_in_which_nothing_was_done_is_refused(tmp_path: Path) -> None:
    folder = kit(tmp_path / "kit", PICTURE + PERSON)
    with pytest.raises(InputError, match=r"expected pictures such as p01/first-1\.jpg"):
        run_kit(folder)


def test_a_picture_without_a_height_asks_for_it(tmp_path: Path) -> None:
    folder = kit(tmp_path / "kit", PICTURE + '[[person]]\nid = "p01"\n')
    (folder / "p01").mkdir()
    (folder / "p01/first-1.jpg").write_bytes(b"none")
    with pytest.raises(InputError, match="person p01: height_m is needed"):
        run_kit(folder)


def test_readings_by_hand_alone_make_a_kit(tmp_path: Path) -> None:
    people = "".join(
        f'[[person]]\nid = "p{n:02d}"\ntape_first_mm = [{n}, {n + 2}]\n'
        f"tape_second_mm = [{n - 4}, {n - 3}]\n"
        for n in range(1, 13)
    )
    read = run_kit(kit(tmp_path / "kit", people), language="en")
    again, sha256 = read_practice(read.file)
    assert again.people == 12
    assert again.of("tape_reading_mm").known
    assert len(sha256) == 64
    said = list(kit_lines(read.kit, language="en"))
    assert "Tape: error against imaging, sd: not known: nothing of the kind" in "".join(
        said
    )


def told(
    name: str = "answer", value: float = 0.7, low: float = 0.6, high: float = 0.8
) -> KitEstimate:
    return KitEstimate(
        name=name,  # type: ignore[arg-type]
        value=value,
        low=low,
        high=high,
        people=20,
    )


def test_a_practice_file_keeps_what_was_found(tmp_path: Path) -> None:
    found = PracticeKit(practice='Praktijk "Zuid"', people=20, estimates=(told(),))
    file = tmp_path / "practice.toml"
    file.write_text(practice_text(found, language="nl"), encoding="utf-8")
    assert read_practice(file)[0] == found
    config = load_config(assignments={"practice": {"kit": str(file)}})
    table, sha256 = practice_errors(config)
    assert table.pictures.answer == 0.7
    assert sha256 == read_practice(file)[1]
    listed = to_table(config)["practice"]
    assert listed == {"kit": "practice.toml", "defaults": None}


def test_a_slope_of_few_people_may_reach_below_zero(tmp_path: Path) -> None:
    """What the reading of a kit writes must be what an assessment takes."""
    slope = told(name="own_answer", value=0.67, low=-0.01, high=1.36)
    found = PracticeKit(practice="Zuid", people=14, estimates=(slope,))
    file = tmp_path / "practice.toml"
    file.write_text(practice_text(found), encoding="utf-8")
    assert read_practice(file)[0] == found


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (told(low=0.75), "lies outside its own interval"),
        (told(name="stance_mm", value=-1, low=-2), "below 0"),
        (KitEstimate(name="answer", value=0.7), "is known without an interval"),
    ],
)
def test_a_practice_file_that_cannot_be_is_refused(
    tmp_path: Path, estimate: KitEstimate, said: str
) -> None:
    file = tmp_path / "practice.toml"
    text = practice_text(PracticeKit(people=20, estimates=(estimate,)))
    file.write_text(text, encoding="utf-8")
    config = load_config(assignments={"practice": {"kit": str(file)}})
    with pytest.raises(ConfigError, match=rf"practice\.kit: .*{said}"):
        practice_errors(config)


def test_a_practice_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = load_config(assignments={"practice": {"kit": str(tmp_path / "none.toml")}})
    with pytest.raises(ConfigError, match=r"none\.toml does not exist"):
        practice_errors(config)
