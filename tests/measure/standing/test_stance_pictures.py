"""Pictures of a virtual person from the file to measurements, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from gaitkit.config import Config
from gaitkit.errors import FormatError, InputError
from gaitkit.model.side import Side
from gaitkit.model.subject import Subject
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import analyse
from gaitkit.pose.settings import PoseSettings
from gaitkit_virtual.body import Look
from gaitkit_virtual.standing.parameters import StandingParameters
from gaitkit_virtual.standing.pictures import (
    stance_camera,
    stance_pictures,
    stance_setting,
    write_stance_picture,
)
from gaitkit_virtual.standing.stance import stand
from gaitkit_virtual.stickers import pelvis_stickers, rearfoot_stickers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import View

PERSON = StandingParameters(
    height_m=1.75,
    thigh_difference_mm=6.0,
    eversion_left_deg=6.0,
    eversion_right_deg=2.0,
    sway_mm=0.0,
)
LEVEL_MM = PERSON.leg_length_difference_mm + PERSON.functional_difference_mm
EXACT = {"placement_mm": 0.0, "midline_mm": 0.0}

pytestmark = pytest.mark.models


@dataclass(frozen=True)
class Pictures:
    """The pictures of one virtual person, drawn once."""

    plain: np.ndarray
    block: np.ndarray
    side: np.ndarray


def drawn(person: StandingParameters, view: View) -> np.ndarray:
    stickers = rearfoot_stickers() + pelvis_stickers("psis")
    frontal = view == "posterior"
    return next(
        stance_pictures(
            stand(person, frames=1, rate_hz=30.0),
            stance_camera(view),
            look=Look(barefoot=True),
            setting=stance_setting(view, noise_sd=2.0),
            stickers=stickers if frontal else (),
        )
    )


@pytest.fixture(scope="module")
def pictures(model_files: Path) -> Pictures:
    assert model_files.is_dir()
    return Pictures(
        plain=drawn(PERSON, "posterior"),
        block=drawn(replace(PERSON, block_right_mm=10.0), "posterior"),
        side=drawn(PERSON, "sagittal_left"),
    )


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[np.ndarray], Path]:
    def save(picture: np.ndarray) -> Path:
        path = tmp_path / f"picture_{len(list(tmp_path.iterdir()))}.jpg"
        write_stance_picture(path, np.ascontiguousarray(picture))
        return path

    return save


def assessed(*sources: RecordingInput, **settings: float) -> tuple[Analysis, ...]:
    config = Config(pose=PoseSettings(threads=1))
    config = replace(config, standing=replace(config.standing, **(EXACT | settings)))
    visit = Visit(subject=Subject(height_m=PERSON.height_m), recordings=sources)
    return analyse(visit, config)


def stance(path: Path, **told: Any) -> RecordingInput:
    return RecordingInput(file=path, kind="stance", **({"view": "posterior"} | told))


def row(
    analysis: Analysis, name: str, method: str, side: Side | None = None
) -> Measurement:
    (found,) = (
        m
        for m in analysis.measurements
        if (m.name, m.method, m.side) == (name, method, side)
    )
    return found


def reasons(analysis: Analysis) -> set[str]:
    return {why.code for why in analysis.recording.quality.reasons}


def test_a_stance_picture_gives_pelvis_and_rearfeet(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    (found,) = assessed(stance(saved(pictures.plain)))
    truth = stand(PERSON, frames=1, rate_hz=30.0)
    assert found.standing is not None
    assert found.standing.roll_source in {"plumb_line", "floor_line"}
    assert found.standing.roll_deg == pytest.approx(0.0, abs=0.3)
    (psis,) = (line for line in found.standing.lines if line.role == "psis")
    expected = float(truth.height_difference_mm("psis")[0])
    assert psis.difference_mm == pytest.approx(expected, abs=0.8)
    for side in Side:
        angle = row(found, "rearfoot_angle_stance", "stance_stickers", side)
        assert angle.value == pytest.approx(float(truth.rearfoot_deg(side)[0]), abs=1.0)
        assert angle.low is not None
        assert angle.high is not None
        assert angle.low < float(truth.rearfoot_deg(side)[0]) < angle.high
        assert angle.unconfirmed
    shown = row(found, "structural_leg_length_difference", "stance_landmarks")
    assert shown.unconfirmed
    assert shown.quality == "limited"


def test_a_block_test_of_two_pictures_gives_the_levelling_height(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    paths = saved(pictures.plain), saved(pictures.block)
    first, second = assessed(
        *(
            RecordingInput(
                file=path,
                kind="block_test",
                view="posterior",
                block_height_mm=height,
                block_side=Side.RIGHT,
            )
            for path, height in zip(paths, (0.0, 10.0), strict=True)
        )
    )
    level = row(first, "levelling_block_height", "block_test_stickers")
    assert level.value == pytest.approx(LEVEL_MM, abs=2.5)
    assert level.low is not None
    assert level.high is not None
    assert level.low < LEVEL_MM < level.high
    assert {line.source for line in first.block_lines} == {"sticker", "landmark"}
    assert second.block_lines == ()
    assert second.measurements == ()


def test_a_block_test_picture_alone_or_without_height_gives_no_number(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    path = saved(pictures.plain)
    alone = RecordingInput(
        file=path, kind="block_test", view="posterior", block_height_mm=0.0
    )
    (found,) = assessed(alone)
    assert all(m.value is None for m in found.measurements)
    assert {m.why_missing.code for m in found.measurements if m.why_missing} == {
        "block_one_height"
    }
    (unknown,) = assessed(replace(alone, block_height_mm=None))
    assert "block_height_missing" in reasons(unknown)
    assert unknown.measurements
    assert all(m.value is None for m in unknown.measurements)


def rolled(picture: np.ndarray, deg: float) -> np.ndarray:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), deg, 0.8)
    return cv2.warpAffine(
        picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE
    )


def side_by_side(picture: np.ndarray) -> np.ndarray:
    one = picture[:, 240:840]
    return np.concatenate([one, one], axis=1)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda p: rolled(p.plain, 15.0), "stance_camera_tilted"),
        (lambda p: side_by_side(p.plain), "stance_people"),
        (lambda p: p.plain[:1420], "stance_feet_cut_off"),
        (lambda p: np.full_like(p.plain, 180), "stance_nobody"),
    ],
    ids=["rolled", "two", "feet", "nobody"],
)
def test_an_unfit_picture_is_refused_with_its_reason(
    pictures: Pictures,
    saved: Callable[[np.ndarray], Path],
    spoil: Callable[[Pictures], np.ndarray],
    code: str,
) -> None:
    (found,) = assessed(stance(saved(spoil(pictures))))
    assert found.recording.quality.status == "refused"
    assert reasons(found) == {code}
    assert found.measurements
    assert all(m.value is None for m in found.measurements)


def test_a_picture_from_the_side_is_refused(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    for view in (None, "posterior", "sagittal_left"):
        (found,) = assessed(stance(saved(pictures.side), view=view))
        assert reasons(found) == {"stance_side_view"}
        assert all(m.value is None for m in found.measurements)


def test_a_hidden_sticker_takes_away_what_rests_on_it_and_nothing_else(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    picture = pictures.plain.copy()
    (whole,) = assessed(stance(saved(picture)))
    assert whole.standing is not None
    (heel,) = (
        p
        for p in whole.standing.points
        if (p.role, p.side) == ("heel_upper", Side.LEFT)
    )
    x, y = round(heel.x_px), round(heel.y_px)
    cv2.circle(picture, (x, y), 8, picture[y, x + 10].tolist(), cv2.FILLED)
    (found,) = assessed(stance(saved(picture)))
    left, right = (
        row(found, "rearfoot_angle_stance", "stance_stickers", side) for side in Side
    )
    assert left.value is None
    assert left.why_missing is not None
    assert left.why_missing.code == "sticker_column_incomplete"
    assert right.value is not None


def test_stickers_of_another_colour_than_told_are_not_used(
    pictures: Pictures, saved: Callable[[np.ndarray], Path]
) -> None:
    (found,) = assessed(stance(saved(pictures.plain), sticker_colour="red"))
    assert "stickers_none" in reasons(found)
    assert {m.method for m in found.measurements} == {"stance_landmarks"}


def test_a_file_that_is_no_picture_is_refused_in_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0" + bytes(400))
    with pytest.raises(FormatError, match=r"broken\.jpg: expected a picture"):
        assessed(stance(broken))
    small = tmp_path / "small.png"
    write_stance_picture(small, np.zeros((50, 50, 3), np.uint8))
    with pytest.raises(InputError, match="at least 200 pixels a side, got 50 x 50"):
        assessed(stance(small))
