"""Commands that make files: virtual patients with their truth, other formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.cli import main
from gaitkit.io.identify import identify
from gaitkit.io.motion.read import read_motion
from gaitkit.io.plates.registry import read_plate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL = (
    "--set", "walk.steps=1", "--set", "walk.first_heel_mm=60", "--set",
    "plate.rows=48", "--set", "plate.cols=40", "--set", "plate.rate_hz=50",
    "--set", "plate.duration_s=1.0", "--set", "plate.step_kpa=2.5",
    "--set", "plate.pitch_mm=[7.62, 5.08]",
)  # fmt: skip


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a call: its exit code and all that it said."""

    def run(*words: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return int(str(stop.value.code)), captured.out + captured.err

    return run


def test_a_plate_is_simulated_in_the_layout_of_a_maker_with_its_truth(
    called: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    code, said = called("simulate", "plate", tmp_path, "--maker", "emed", *SMALL)
    assert code == 0, said
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert len(truth["contacts"]) == 1
    assert read_plate(tmp_path / "walk.lst").mats[0].sizes["time"] == 50


def test_a_saved_plate_is_known_by_content_and_holds_the_same_numbers(
    called: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    called("simulate", "plate", tmp_path, "--maker", "emed", *SMALL)
    target = tmp_path / "anything.npz"
    code, said = called("convert", tmp_path / "walk.lst", target)
    assert (code, said.strip()) == (0, str(target))
    assert identify(target) == "plate"
    one, two = (read_plate(p).mats[0] for p in (tmp_path / "walk.lst", target))
    assert np.array_equal(one["pressure"], two["pressure"])


def test_markers_are_simulated_with_events_and_truth(
    called: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    file = tmp_path / "walk.c3d"
    code, said = called(
        "simulate", "markers", file, "--height", 1.7, "--duration", 4,
        "--set", "walker.shank_difference_mm=8",
    )  # fmt: skip
    assert code == 0, said
    truth = json.loads((tmp_path / "walk_truth.json").read_text())
    legs = truth["leg_length_mm"]
    assert legs["left"] - legs["right"] == pytest.approx(8.0)
    assert len(read_motion(file).events) == len(truth["events"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("plate", "DIR", "--set", "walk.step=2"), "did you mean 'steps'"),
        (("plate", "DIR", "--set", "walk.steps=0"), "must be above 0"),
        (("markers", "a.c3d", "--height", 1.7, "--duration", 1), "expected 3.3 s"),
        (("markers", "a.doc", "--height", 1.7), "expected a name ending in .c3d"),
        (("markers", "a.c3d"), "--height"),
        (("video", "DIR", "--height", 17), "expected 0.8 to 2.3 m"),
    ],
)
def test_a_wrong_wish_is_refused_in_one_line(
    called: Callable[..., tuple[int, str]],
    tmp_path: Path,
    words: tuple[object, ...],
    expected: str,
) -> None:
    named = [tmp_path / str(word) if word == "DIR" else word for word in words]
    code, said = called("simulate", *named)
    assert code == 2
    assert said.startswith("error:")
    assert expected in said
    assert said.count("\n") == 1


def test_a_film_is_drawn_with_its_truth(
    called: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    code, said = called(
        "simulate", "video", tmp_path, "--height", 1.7, "--set", "film.passes=1",
        "--set", "film.way_m=4.5", "--set", "camera.width_px=320", "--set",
        "camera.height_px=180", "--set", "camera.focal_px=250", "--set",
        "film.rate_hz=10",
    )  # fmt: skip
    assert code == 0, said
    assert identify(tmp_path / "walk.mp4") == "video"
    assert json.loads((tmp_path / "truth.json").read_text())["events"]
