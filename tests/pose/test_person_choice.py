"""The score says who walks, from the keypoints alone."""

from __future__ import annotations

import numpy as np
import pytest
from painted_world import HEIGHT, WIDTH

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose
from gaitkit.pose.body import Body
from gaitkit.pose.follow import Person, choose
from gaitkit.pose.frames import Clip
from gaitkit.pose.look import Portrait
from gaitkit.pose.region import Region

RATE_HZ, FRAMES, HEIGHT_PX = 30.0, 180, 100.0
CLIP = Clip(
    time_s=np.arange(FRAMES) / RATE_HZ,
    width=WIDTH,
    height=HEIGHT,
    open_frames=lambda _start, _stop: iter(()),
)
SHOULDERS, HIPS = 0.18, 0.47
"""Share of the height from the top; hips to shoulders is 0.288 of it, near enough."""


def somebody(
    *, x: np.ndarray, size: np.ndarray | float = 1.0, step: float = 0.0
) -> Person:
    """Return a person at x (frame,), of a size, with steps of a length in heights."""
    sizes = np.broadcast_to(size, FRAMES)
    swing = step * np.sin(2 * np.pi * np.arange(FRAMES) / RATE_HZ / 1.1)
    poses = {}
    for frame in range(FRAMES):
        height = HEIGHT_PX * sizes[frame]
        points = np.full((33, 2), [x[frame], 90.0])
        for i, name in enumerate(BLAZEPOSE):
            if "shoulder" in name:
                points[i, 1] = 90 + (SHOULDERS - HIPS) * height
            if name.endswith(("ankle", "heel", "foot_index")):
                sign = 1 if name.startswith("left") else -1
                points[i] += [sign * swing[frame] * height / 2, 0.5 * height]
        region = Region(x=x[frame], y=90, size=1.25 * height)
        poses[frame] = Pose(
            points=points,
            confidence=np.full(33, 0.9),
            world=np.zeros((33, 3)),
            score=0.9,
            region=region,
        )
    image = np.zeros((10, 5, 3), np.uint8)
    body = Body(
        poses=poses,
        region_scale=1.25,
        first=0,
        last=FRAMES - 1,
        portrait=Portrait(frame=0, quality=0.9, box=(0, 0, 5, 10), image=image),
    )
    return Person(bodies=(body,))


def standing() -> Person:
    return somebody(x=np.full(FRAMES, 160.0))


def path_of(person: Person) -> float:
    return choose([person], CLIP, wish=None).choice.candidates[0].path_heights


def test_a_walk_across_the_picture_is_its_own_length() -> None:
    assert path_of(somebody(x=np.linspace(20, 300, FRAMES))) == pytest.approx(
        2.8, abs=0.2
    )


def test_a_walk_on_a_treadmill_is_the_sum_of_its_steps() -> None:
    steps = 2 * (FRAMES / RATE_HZ) / 1.1

    walked = path_of(somebody(x=np.full(FRAMES, 160.0), step=0.4))

    # the first and the last step are not seen whole
    assert 0.4 * (steps - 2.5) < walked <= 0.4 * steps


def test_a_walk_towards_the_camera_is_a_path() -> None:
    # from twice to once the distance at which the body is 100 px high
    distance = np.linspace(2, 1, FRAMES)

    walked = path_of(somebody(x=np.full(FRAMES, 160.0), size=1 / distance))

    full = 0.8 * WIDTH / HEIGHT_PX
    assert walked == pytest.approx(full, rel=0.4)


def test_standing_with_noise_is_no_path() -> None:
    noise = np.random.default_rng(1).normal(0, 3, FRAMES)

    assert path_of(somebody(x=160 + noise)) == 0


def test_whoever_walks_outscores_whoever_stands() -> None:
    walker = somebody(x=np.linspace(20, 300, FRAMES), size=0.6)
    big = somebody(x=np.full(FRAMES, 160.0), size=1.5)

    chosen = choose([big, walker], CLIP, wish=None)

    assert chosen.person is walker
    assert [c.number for c in chosen.choice.candidates] == [1, 2]
    assert chosen.choice.method == "scored"
    assert not chosen.choice.ambiguous


def test_two_walkers_alike_are_too_close_to_be_sure() -> None:
    one = somebody(x=np.linspace(20, 300, FRAMES))
    other = somebody(x=np.linspace(300, 30, FRAMES))

    assert choose([one, other], CLIP, wish=None).choice.ambiguous
    assert not choose([one, other], CLIP, wish="2").choice.ambiguous


def test_a_single_person_needs_no_choice() -> None:
    choice = choose([standing()], CLIP, wish=None).choice

    assert (choice.method, choice.chosen, choice.ambiguous) == ("only", 1, False)
