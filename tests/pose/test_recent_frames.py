"""The frames that are kept to look back: copies, or pictures that can be painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitkit.io.video_frames import Frame
from gaitkit.pose import scan

if TYPE_CHECKING:
    import pytest

HEIGHT, WIDTH, KEPT = 4, 5, 3


def test_the_last_frames_come_back_newest_first_and_are_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan, "RECENT_BYTES", KEPT * HEIGHT * WIDTH * 3 + 1)
    recent = scan._Recent(HEIGHT, WIDTH)
    image = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    for index in range(5):
        image[...] = index
        recent.keep(Frame(index=index, time_s=index / 50, image=image))
    back = list(recent.backwards())
    assert [frame.index for frame in back] == [4, 3, 2]
    assert [frame.time_s for frame in back] == [4 / 50, 3 / 50, 2 / 50]
    for frame in back:
        assert (frame.image == frame.index).all()
        assert not np.shares_memory(frame.image, image)
    whole = back[0].image.base
    assert whole is not None
    assert all(frame.image.base is whole for frame in back)


def test_a_picture_that_can_be_painted_anew_is_not_copied() -> None:
    recent = scan._Recent(HEIGHT, WIDTH)
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    recent.keep(Frame(index=0, time_s=0.0, image=image, again=lambda: image + 1))
    image[...] = 7
    assert [int(frame.image[0, 0, 0]) for frame in recent.backwards()] == [8]
