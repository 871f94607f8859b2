"""Colours tell people apart, and shadows do not."""

from __future__ import annotations

import numpy as np
import pytest

from gaitkit.model.keypoints import BLAZEPOSE
from gaitkit.pose.backend import Pose
from gaitkit.pose.body import Body
from gaitkit.pose.look import OTHER_CLOTHES, clothes, difference, portrait
from gaitkit.pose.meeting import end_the_hidden, strain
from gaitkit.pose.region import Region

JACKET, TROUSERS, SKIN = (30, 60, 160), (90, 80, 60), (210, 160, 130)
RED_JACKET = (170, 40, 40)


def pose_at(x: float, *, y: float = 100.0) -> Pose:
    """Return a standing body: trunk 40 px wide from y - 60 to y, legs below."""
    points = np.full((33, 2), [x, y - 80])
    places = {
        "shoulder": (20, -60),
        "elbow": (20, -30),
        "wrist": (20, 0),
        "hip": (15, 0),
        "knee": (15, 40),
        "ankle": (15, 80),
        "ear": (5, -80),
    }
    for side, sign in (("left", -1), ("right", 1)):
        for part, (across, down) in places.items():
            points[BLAZEPOSE.index(f"{side}_{part}")] = [x + sign * across, y + down]
    return Pose(
        points=points,
        confidence=np.full(33, 0.9),
        world=np.zeros((33, 3)),
        score=0.9,
        region=Region(x=x, y=y, size=250),
    )


def picture(
    *, jacket: tuple[int, int, int] = JACKET, light: float = 1.0, x: int = 100
) -> np.ndarray:
    image = np.full((220, 300, 3), 128, np.uint8)
    image[0:40, x - 10 : x + 10] = SKIN
    image[40:98, x - 30 : x + 30] = jacket
    image[98:200, x - 25 : x + 25] = TROUSERS
    return np.clip(image * light, 0, 255).astype(np.uint8)


def body_on(path: dict[int, float], image: np.ndarray) -> Body:
    frames = sorted(path)
    poses = {frame: pose_at(path[frame]) for frame in frames}
    looks = clothes(image, pose_at(100))
    return Body(
        poses=poses,
        region_scale=1.25,
        first=frames[0],
        last=frames[-1],
        colours=[looks],
    )


class Frame:
    time_s = 0.0

    def __init__(self, index: int, image: np.ndarray) -> None:
        self.index, self.image = index, image


def test_a_part_has_the_colour_of_its_clothes() -> None:
    looks = clothes(picture(), pose_at(100))

    assert looks.shape == (5, 3)
    trunk, thighs = looks[0], looks[1]
    assert trunk[2] < -30  # blue
    assert abs(thighs[2]) < 20
    assert np.isnan(clothes(picture(), pose_at(900))).all()


def test_another_jacket_is_another_person_and_a_shadow_is_not() -> None:
    own = [clothes(picture(), pose_at(100))]
    in_shadow = [clothes(picture(light=0.55), pose_at(100))]
    all_else = picture(jacket=RED_JACKET)
    all_else[98:200, 75:125] = (20, 90, 40)
    other = [clothes(all_else, pose_at(100))]

    assert difference(own, own) == 0
    assert difference(own, in_shadow) < OTHER_CLOTHES
    assert difference(own, other) > OTHER_CLOTHES
    assert np.isnan(difference(own, []))


def test_a_portrait_is_small_and_says_where_it_is_from() -> None:
    big = np.full((2000, 3000, 3), 90, np.uint8)
    pose = pose_at(1500, y=1000)
    tall = Pose(
        points=pose.points * [1, 1] + np.linspace(-500, 500, 33)[:, None] * [0, 1],
        confidence=pose.confidence,
        world=pose.world,
        score=0.9,
        region=pose.region,
    )

    small = portrait(big, tall, frame=7)

    assert small.frame == 7
    assert small.image.shape[0] == 240
    left, top, width, height = small.box
    assert left < 1480
    assert left + width > 1520
    assert top + height <= 2000


def test_when_two_bodies_meet_the_clothes_say_who_is_left() -> None:
    shown = body_on({f: 200 - 2.0 * f for f in range(51)}, picture(jacket=RED_JACKET))
    # walks the other way, and slides back with the one in front from frame 40 on
    way = {f: (2.0 * f if f <= 40 else 200 - 2.0 * f) for f in range(51)}
    hidden = body_on(way, picture())
    front = picture(jacket=RED_JACKET, x=100)

    end_the_hidden(hidden, shown, Frame(50, front))

    assert hidden.ended
    assert not shown.ended
    assert hidden.last <= 40
    assert hidden.leaps == 1
    assert shown.last == 50


def test_when_clothes_are_alike_the_one_that_turned_suddenly_is_gone() -> None:
    steady = body_on({f: 200 - 2.0 * f for f in range(51)}, picture())
    way = {f: (2.0 * f if f <= 44 else 200 - 2.0 * f) for f in range(51)}
    turned = body_on(way, picture())
    assert strain(turned, 50) > strain(steady, 50) == pytest.approx(0)

    end_the_hidden(turned, steady, Frame(50, picture()))

    assert turned.ended
    assert not steady.ended


def test_a_body_that_slides_onto_a_stranger_ends_where_it_was_itself() -> None:
    body = body_on({f: 100.0 for f in range(10)}, picture())
    body.observe(Frame(9, picture()))
    stranger = picture(jacket=RED_JACKET)
    stranger[98:200, 75:125] = (20, 90, 40)
    for frame in range(10, 22):
        body.put(frame, pose_at(100.0))

    body.observe(Frame(15, stranger))
    assert not body.ended
    body.observe(Frame(21, stranger))

    assert body.ended
    assert body.last == 9
