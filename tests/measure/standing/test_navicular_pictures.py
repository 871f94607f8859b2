"""Pictures of a virtual foot from the file to the navicular height, and refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import pytest

from gaitkit.cli import main
from gaitkit.config import Config
from gaitkit.errors import FormatError, GaitkitError, InputError
from gaitkit.io.visit import read_visit
from gaitkit.model.side import Side
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import analyse
from gaitkit.pipeline.foot_picture import analyse_foot_picture
from gaitkit.plots.stance_picture import plot_stance_picture
from gaitkit.report.standing_figures import shown
from gaitkit_virtual.stickers import Sticker
from gaitkit_virtual.visits.foot import (
    draw_foot,
    foot_shot,
    foot_stance,
    virtual_foot,
    write_virtual_foot,
)

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement

TABLE = {
    "camera": {"width_px": 1280, "height_px": 720, "focal_px": 1024.0},
    "foot": {"navicular_mm": 41.0, "drop_mm": 8.0},
    "person": {"toe_out_left_deg": 4.0},
}


@dataclass(frozen=True)
class Taken:
    """The two pictures of one virtual foot, drawn once."""

    folder: Path
    unloaded: RecordingInput
    loaded: RecordingInput


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = tmp_path_factory.mktemp("foot") / "visit"
    chosen = virtual_foot(TABLE, height_m=1.75, side=Side.LEFT, body="procedural")
    write_virtual_foot(folder, chosen, side=Side.LEFT, seed=3)
    unloaded, loaded = read_visit(folder).recordings
    return Taken(folder=folder, unloaded=unloaded, loaded=loaded)


def measure(source: RecordingInput) -> Analysis:
    return analyse_foot_picture(source, recording_id="stance_1", config=Config())


def row(found: Analysis, name: str) -> Measurement:
    (only,) = (m for m in found.measurements if m.name == name)
    return only


def refusal(source: RecordingInput) -> str:
    """Return why a picture was refused; no number may come with it."""
    found = measure(source)
    assert found.recording.quality.status == "refused"
    assert all(m.value is None for m in found.measurements)
    assert {m.name for m in found.measurements} >= {"navicular_height"}
    (why,) = found.recording.quality.reasons
    return why.code


def test_both_pictures_give_height_share_and_drop(taken: Taken) -> None:
    visit = Visit(recordings=(taken.unloaded, taken.loaded))
    _, found = analyse(visit)
    height, drop = row(found, "navicular_height"), row(found, "navicular_drop")
    assert height.side is Side.LEFT
    assert height.value == pytest.approx(41.0, abs=1.5)
    assert height.low < 41.0 < height.high
    assert drop.value == pytest.approx(8.0, abs=1.0)
    assert drop.low < 8.0 < drop.high
    share = row(found, "navicular_height_normalised").value
    assert share == pytest.approx(100 * 41.0 / 186.2, abs=1.0)
    assert all(m.unconfirmed for m in (height, drop))


def test_the_height_of_the_person_gives_no_scale(taken: Taken) -> None:
    source = replace(taken.loaded, sticker_diameter_mm=None)
    assert refusal(source) == "navicular_no_scale"


def test_a_known_length_gives_the_scale(taken: Taken) -> None:
    px_per_m = 1024.0 / 0.9
    source = replace(
        taken.loaded,
        sticker_diameter_mm=None,
        scale_length_m=0.1,
        scale_px=0.1 * px_per_m,
    )
    height = row(measure(source), "navicular_height")
    assert height.value == pytest.approx(41.0, abs=1.5)


def test_without_a_floor_line_there_is_no_height(taken: Taken) -> None:
    source = replace(taken.loaded, floor_line_px=None)
    assert refusal(source) == "navicular_no_floor"


def test_a_hidden_navicular_is_said_until_somebody_points_at_it(
    taken: Taken, tmp_path: Path
) -> None:
    chosen = virtual_foot(TABLE, height_m=1.75, side=Side.LEFT, body="procedural")
    shot = foot_shot(chosen, Side.LEFT, "loaded", seed=3)
    hidden = tuple(replace(s, hidden=s.role == "navicular") for s in shot.stickers)
    picture = draw_foot(replace(shot, stickers=hidden), foot_stance(shot))
    path = tmp_path / "hidden.png"
    assert cv2.imwrite(str(path), picture[..., ::-1])
    source = replace(taken.loaded, file=path)
    assert refusal(source) == "navicular_sticker_missing"
    seen = measure(taken.loaded).standing
    assert seen is not None
    place = seen.naviculars[0].sticker
    points = tmp_path / "points.csv"
    points.write_text(
        "file,frame,role,side,x_px,y_px\n"
        f"hidden.png,0,navicular,left,{place.x_px:.1f},{place.y_px:.1f}\n"
        "hidden.png,0,malleolus_medial,left,1,1\n",
        encoding="utf-8",
    )
    # no sticker has a role then, so the scale must come from somewhere else
    pointed = replace(
        source, points=points, scale_length_m=0.1, scale_px=0.1 * 1024.0 / 0.9
    )
    height = row(measure(pointed), "navicular_height")
    assert height.value == pytest.approx(41.0, abs=2.0)


def test_a_picture_from_the_outer_side_is_refused(taken: Taken) -> None:
    assert refusal(replace(taken.loaded, view="sagittal_left")) == "navicular_lateral"


def test_the_other_foot_is_noticed_by_its_toes(taken: Taken) -> None:
    source = replace(taken.loaded, foot_side=Side.RIGHT, view=None)
    assert refusal(source) == "navicular_wrong_side"


def test_a_camera_rolled_by_15_degrees_is_refused(taken: Taken, tmp_path: Path) -> None:
    chosen = virtual_foot(
        TABLE | {"camera": TABLE["camera"] | {"roll_deg": 15.0}},
        height_m=1.75,
        side=Side.LEFT,
        body="procedural",
    )
    write_virtual_foot(tmp_path / "rolled", chosen, side=Side.LEFT, seed=3)
    rolled = read_visit(tmp_path / "rolled").recordings[1]
    assert refusal(rolled) == "navicular_line_askew"
    assert refusal(replace(rolled, roll_deg=15.0)) == "stance_camera_tilted"


def test_a_text_file_is_no_picture(taken: Taken, tmp_path: Path) -> None:
    path = tmp_path / "foot.jpg"
    path.write_text("left foot, 45 mm", encoding="utf-8")
    with pytest.raises((FormatError, InputError), match=r"foot\.jpg"):
        measure(replace(taken.loaded, file=path))


def test_a_film_kind_with_a_foot_is_refused(taken: Taken) -> None:
    visit = Visit(recordings=(replace(taken.loaded, kind="video"),))
    with pytest.raises(InputError, match="kind is video; expected stance"):
        analyse(visit)


def test_a_foot_without_its_load_is_refused(taken: Taken) -> None:
    with pytest.raises(InputError, match="foot_load"):
        analyse(Visit(recordings=(replace(taken.loaded, foot_load=None),)))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('foot_load = "loaded"\n', "", "expected foot_load with it"),
        ('foot_side = "left"\n', "", "expected foot_side with it"),
        ('"sagittal_right"', '"posterior"', "expected sagittal_right"),
        ('"loaded"', '"standing"', "foot_load"),
    ],
)
def test_a_visit_file_that_contradicts_itself_is_refused_by_line(
    taken: Taken, tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = (taken.folder / "visit.toml").read_text(encoding="utf-8")
    first, second = text.split("foot_left_loaded.jpg")
    assert old in second
    changed = f"{first}foot_left_loaded.jpg{second.replace(old, new, 1)}"
    (tmp_path / "visit.toml").write_text(changed, encoding="utf-8")
    for file in taken.folder.glob("*.jpg"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(GaitkitError, match=told):
        read_visit(tmp_path)


def test_a_navicular_that_no_foot_has_is_not_simulated() -> None:
    with pytest.raises(GaitkitError, match="bone_mm is 200"):
        Sticker(role="navicular", side=Side.LEFT, bone_mm=200)


def test_the_picture_of_the_report_keeps_the_height_where_it_is(taken: Taken) -> None:
    found = measure(taken.loaded).standing
    assert found is not None
    small = shown(found, blurred=True)
    height, width = small.picture.shape[:2]
    (before,), (after,) = found.naviculars, small.naviculars
    assert 0 < after.floor_px[0] < width
    assert 0 < after.floor_px[1] < height
    rise = after.floor_px[1] - after.sticker.y_px
    assert rise == pytest.approx(before.floor_px[1] - before.sticker.y_px)
    ax = plot_stance_picture(small, texts=("41 mm",), language="en")
    drawn = [line.get_xydata().tolist() for line in ax.get_lines()]
    assert [[after.sticker.x_px, after.sticker.y_px], list(after.floor_px)] in drawn


def test_the_command_writes_both_pictures_of_a_foot(tmp_path: Path) -> None:
    small = ("camera.width_px=480", "camera.height_px=270", "camera.focal_px=384")
    options = [part for key in small for part in ("--set", key)]
    folder = tmp_path / "foot"
    asked = ["simulate", "stance", str(folder), "--height", "1.7", "--foot", "right"]
    with pytest.raises(SystemExit) as ended:
        main([*asked, "--body", "procedural", *options])
    assert ended.value.code == 0
    loads = [each.foot_load for each in read_visit(folder).recordings]
    assert loads == ["unloaded", "loaded"]
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["navicular_drop_mm"] == {"right": 6.0}
    heights = [each["foot"]["navicular_mm"] for each in truth["recordings"]]
    assert heights == [51.0, 45.0]
