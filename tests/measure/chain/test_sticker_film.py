"""Stickers of a film become named paths; a film from behind asks for their colour."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from gaitkit.io.video_frames import Frame
from gaitkit.model.keypoints import keypoints
from gaitkit.model.reason import reason
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.video_from_behind import declared_colour, sticker_paths
from gaitkit.pose.stickers.sticker import StickerSettings

FRAMES = 6
HEIGHT, WIDTH = 720, 480
X_OF = {"left": 200.0, "right": 280.0}
PARTS = {"hip": 260.0, "knee": 420.0, "ankle": 600.0}
COLUMN = {"calf_upper": 470, "calf_lower": 550, "heel_upper": 590, "heel_lower": 640}
PSIS_Y = 235


def film(drift_px: float = 2.0) -> list[Frame]:
    """Return frames with a column of green discs on each leg and a pair above."""
    frames = []
    for index in range(FRAMES):
        picture = np.full((HEIGHT, WIDTH, 3), (205, 170, 150), np.uint8)
        for x in X_OF.values():
            places = [(x, y) for y in COLUMN.values()] + [(x, PSIS_Y)]
            for at_x, y in places:
                centre = (round(at_x + drift_px * index), y)
                cv2.circle(picture, centre, 8, (30, 170, 60), -1, cv2.LINE_AA)
        frames.append(Frame(index=index, time_s=index / 30, image=picture))
    return frames


def body(drift_px: float = 2.0) -> Any:
    names = [f"{side}_{part}" for part in PARTS for side in X_OF]
    position = np.zeros((FRAMES, 2, len(names)))
    for index in range(FRAMES):
        for column, name in enumerate(names):
            side, part = name.split("_")
            position[index, :, column] = X_OF[side] + drift_px * index, PARTS[part]
    return keypoints(
        position,
        np.ones((FRAMES, len(names))),
        time_s=np.arange(FRAMES) / 30,
        names=names,
        space_unit="px",
    )


def test_every_sticker_gets_its_name_and_its_path() -> None:
    paths = sticker_paths(film(), body(), colour="green", settings=StickerSettings())
    wanted = {f"{side}_{role}" for side in X_OF for role in (*COLUMN, "psis")}
    assert {str(name) for name in paths["keypoint"].values} == wanted
    for side, x in X_OF.items():
        seen = paths["position"].sel(keypoint=f"{side}_heel_lower").to_numpy()
        assert seen[:, 0] == pytest.approx(x + 2.0 * np.arange(FRAMES), abs=0.6)
        assert seen[:, 1] == pytest.approx(COLUMN["heel_lower"], abs=0.6)


def test_a_film_without_stickers_of_that_colour_has_no_paths() -> None:
    paths = sticker_paths(film(), body(), colour="blue", settings=StickerSettings())
    assert paths.sizes["keypoint"] == 0


def test_only_a_film_from_behind_with_declared_stickers_is_read_by_them() -> None:
    declared = RecordingInput(file=Path("film.mp4"), sticker_colour="green")
    plain = RecordingInput(file=Path("film.mp4"))
    behind: Any = SimpleNamespace(view="posterior")
    aside: Any = SimpleNamespace(view="sagittal_left")
    assert declared_colour(declared, behind) == "green"
    assert declared_colour(plain, behind) is None
    assert declared_colour(declared, aside) is None


def test_a_film_from_behind_without_stickers_is_told_how_to_use_them() -> None:
    told = reason("towards_camera", ratio=1.5)
    assert "Zonder stickers" in told.text.nl
    for language in ("nl", "en"):
        advice = told.advice.of(language)  # type: ignore[arg-type]
        assert "sticker_colour" in advice
    assert "rearfoot and pelvis" in told.advice.en
