"""Virtual stances, block tests and cohorts are visits with truth beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from gaitkit.errors import ConfigError, OutputError
from gaitkit.io.visit import read_visit
from gaitkit.model.side import Side
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.people import PeopleSpread, draw_person
from gaitkit_virtual.visits.cohort import cohort_choice, write_virtual_cohort
from gaitkit_virtual.visits.standing import (
    VirtualStanding,
    block_heights,
    virtual_standing,
    write_virtual_block_test,
    write_virtual_stance,
)
from gaitkit_virtual.visits.visit import BLOCKS, TAPE, virtual_examination

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"camera": {"width_px": 270, "height_px": 480, "focal_px": 384.0}}


def chosen(**tables: Any) -> VirtualStanding:
    return virtual_standing({**SMALL, **tables}, height_m=1.7, view="posterior")


def test_a_block_test_is_a_visit_with_the_heights(tmp_path: Path) -> None:
    folder = tmp_path / "blocks"
    person = {"shank_difference_mm": 6.0}
    write_virtual_block_test(
        folder, chosen(person=person), heights_mm=(0, 12.5), side=Side.RIGHT, seed=3
    )
    visit = read_visit(folder)
    assert visit.subject.height_m == 1.7
    listed = [
        (r.file.name, r.kind, r.view, r.block_side, r.block_height_mm)
        for r in visit.recordings
    ]
    assert listed == [
        ("block_0mm.jpg", "block_test", "posterior", Side.RIGHT, 0.0),
        ("block_12.5mm.jpg", "block_test", "posterior", Side.RIGHT, 12.5),
    ]
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["leg_length_difference_mm"] == 6.0
    hips = [r["height_difference_mm"]["hip"] for r in truth["recordings"]]
    assert hips[0] == pytest.approx(6.0, abs=0.3)
    assert hips[1] == pytest.approx(-6.5, abs=0.3)
    roles = [s["role"] for s in truth["recordings"][0]["stickers"]]
    assert roles.count("psis") == 2
    assert roles.count("heel_lower") == 2


def test_a_stance_can_be_a_clip(tmp_path: Path) -> None:
    written = write_virtual_stance(
        tmp_path / "clip", chosen(picture={"frames": 3}), seed=0
    )
    assert [path.name for path in written] == ["stance.mp4", "visit.toml", "truth.json"]
    film = cv2.VideoCapture(str(written[0]))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 3
    truth = json.loads(written[2].read_text(encoding="utf-8"))
    assert len(truth["recordings"][0]["stickers"][0]["px"]) == 3


def test_an_occupied_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="expected an empty or new folder"):
        write_virtual_stance(tmp_path, chosen(), seed=0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"person": {"legs": 3}}, "legs"),
        ({"camera": {"view": "above"}}, "view"),
        ({"stickers": {"colour": "pink"}}, "colour"),
    ],
)
def test_wrong_settings_are_refused_by_name(
    table: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        virtual_standing(table, height_m=1.7, view="posterior")


def test_wrong_block_heights_are_refused() -> None:
    assert block_heights("0,5, 12.5") == (0.0, 5.0, 12.5)
    with pytest.raises(
        ConfigError, match=r"--heights is 'high'; expected numbers in mm"
    ):
        block_heights("high")


def test_the_same_block_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--heights is 5, 5; expected different"):
        write_virtual_block_test(
            tmp_path / "b", chosen(), heights_mm=(5, 5), side=Side.LEFT, seed=0
        )


def test_a_cohort_is_a_folder_of_visits(tmp_path: Path) -> None:
    choice = cohort_choice({"walk": {"passes": 0}})
    folders = [
        write_virtual_cohort(tmp_path / name, choice, people=1, seed=seed)
        for name, seed in (("one", 1), ("same", 1), ("other", 2))
    ]
    visit = read_visit(folders[0][0])
    assert [r.view for r in visit.recordings] == ["posterior", "anterior"]
    assert len(visit.examination.tape) == 4
    assert len(visit.examination.block_tests) == 2
    texts = [
        (f[0] / "truth.json").read_text(encoding="utf-8")
        + (f[0] / "visit.toml").read_text(encoding="utf-8")
        for f in folders
    ]
    assert texts[0] == texts[1] != texts[2]
    pictures = [(f[0] / "stance_posterior.jpg").read_bytes() for f in folders]
    assert pictures[0] == pictures[1] != pictures[2]


def test_a_cohort_needs_people(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--people is 0; expected 1 or more"):
        write_virtual_cohort(tmp_path / "c", cohort_choice({}), people=0, seed=0)


def test_people_differ_as_the_spread_says() -> None:
    spread = PeopleSpread()
    people = [draw_person(n, seed=0, spread=spread) for n in range(1, 601)]
    differences = [p.standing.leg_length_difference_mm for p in people]
    # 0.9 of them 6.5 mm and 0.1 of them 15 mm
    assert np.std(differences) == pytest.approx(np.sqrt(0.9 * 6.5**2 + 22.5), rel=0.12)
    assert abs(np.mean(differences)) < 1.0
    assert all(p.walking.thigh_m == p.standing.thigh_m for p in people)


def test_readings_by_hand_err_as_published() -> None:
    person = StandingParameters(height_m=1.7, shank_difference_mm=8.0)
    tapes, blocks, apart = [], [], []
    for number in range(600):
        found = virtual_examination(person, seed=(0, number))
        sides = [reading.length_mm for reading in found.tape]
        tapes.append(sides[0] - sides[1])
        apart.append(sides[0] - sides[1] - sides[2] + sides[3])
        test = found.block_tests[0]
        blocks.append(test.height_mm * (1 if test.side is Side.RIGHT else -1))
    assert np.mean(tapes) == pytest.approx(8.0, abs=1.1)
    assert np.std(tapes) == pytest.approx(8.6, rel=0.1)
    assert np.std(blocks) == pytest.approx(7.5, rel=0.1)
    assert np.std(apart) == pytest.approx(np.sqrt(2) * TAPE.chance_mm, rel=0.1)
    assert BLOCKS.chance_mm == pytest.approx(4.3, abs=0.05)
