"""Up and forward are found from the body, however the axes lie."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from motion_files import PLACES_MM

from gaitkit.errors import InputError
from gaitkit.io.motion.conventions import recognise
from gaitkit.model.motion import ForcePlate, MotionRecording, marker_dataset
from gaitkit.model.recording import Timing
from gaitkit.signal.laboratory import find_laboratory, to_laboratory

FRAMES = 200
TURNS = [
    matrix
    for order in permutations(range(3))
    for signs in product((1, -1), repeat=3)
    if np.linalg.det(matrix := np.diag(signs)[list(order)]) > 0
]
"""The 24 ways in which a right-handed laboratory can lie."""


def body(turn: np.ndarray, *, speed_m_s: float = 1.2) -> MotionRecording:
    """Return somebody who moves along x with z up, then turned."""
    places = np.array(list(PLACES_MM.values())).T / 1000
    position = np.repeat(places[None], FRAMES, axis=0)
    position[:, 0] += (speed_m_s * np.arange(FRAMES) / 100)[:, None]
    turned = np.einsum("ij,tjk->tik", turn, position)
    labels = tuple(PLACES_MM)
    known = recognise(labels)
    assert known is not None
    time_s = np.arange(FRAMES) / 100
    force = np.tile([0.0, 0.0, 400.0], (FRAMES, 1)) @ turn.T
    plate = ForcePlate(
        name="1",
        time_s=time_s,
        force_n=force,
        center_of_pressure_m=np.tile([0.3, 0.1, 0.0], (FRAMES, 1)) @ turn.T,
        free_moment_nm=np.zeros(FRAMES),
    )
    return MotionRecording(
        path=Path("virtual"),
        kind="markers",
        format="virtual",
        markers=marker_dataset(turned, time_s=time_s, labels=labels),
        timing=Timing(source="header", rate_hz=100, duration_s=1.99, frames=FRAMES),
        roles=known.roles,
        plates=(plate,),
    )


@pytest.mark.parametrize("turn", TURNS, ids=lambda m: str(m.astype(int).tolist()))
@pytest.mark.parametrize("speed_m_s", [1.2, 0.0], ids=["walking", "standing"])
def test_every_laboratory_becomes_the_same(turn: np.ndarray, speed_m_s: float) -> None:
    plain = body(np.eye(3), speed_m_s=speed_m_s)
    turned = to_laboratory(body(turn, speed_m_s=speed_m_s))
    assert turned.markers["position"].to_numpy() == pytest.approx(
        plain.markers["position"].to_numpy(), abs=1e-12
    )
    assert turned.plates[0].force_n[0] == pytest.approx([0, 0, 400])
    assert turned.plates[0].center_of_pressure_m[0] == pytest.approx([0.3, 0.1, 0])


def test_the_vertical_axis_is_named() -> None:
    opensim = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
    assert find_laboratory(body(opensim)).vertical == "+y"


def test_an_oblique_walk_keeps_the_walls_and_tells_its_heading() -> None:
    angle = np.radians(20)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0],
         [0, 0, 1]]
    )  # fmt: skip
    found = find_laboratory(body(turn))
    assert found.rotation.tolist() == np.eye(3).tolist()
    assert found.heading_deg == pytest.approx(20)


def test_a_body_that_is_never_seen_whole_is_refused() -> None:
    whole = body(np.eye(3))
    position = whole.markers["position"].to_numpy().copy()
    position[:, :, [list(PLACES_MM).index(f"{s}{p}") for s in "LR"
                    for p in ("HEE", "TOE", "ANK")]] = np.nan  # fmt: skip
    gone = whole.markers.assign(position=(whole.markers["position"].dims, position))
    with pytest.raises(InputError, match="the vertical axis cannot be found"):
        find_laboratory(
            MotionRecording(
                path=whole.path, kind="markers", format="virtual", markers=gone,
                timing=whole.timing, roles=whole.roles,
            )
        )  # fmt: skip
