"""Stills show the key moments of a stride that counted."""

from __future__ import annotations

import base64
import dataclasses
from typing import TYPE_CHECKING

import cv2
import numpy as np

from gaitkit.io.video import read_video
from gaitkit.model.side import Side
from gaitkit.model.strides import Stride
from gaitkit.report.film.reader import pictures_at
from gaitkit.report.film.scene import scene_of
from gaitkit.report.stills import key_moments, photographs, typical_stride
from gaitkit.report.words import words

if TYPE_CHECKING:
    from gaitkit.model.analysis import Analysis

STRIDE = Stride(
    recording="walk",
    side=Side.LEFT,
    start_s=1.0,
    end_s=2.0,
    foot_off_s=1.6,
    opposite_foot_off_s=1.1,
    opposite_initial_contact_s=1.5,
)


def test_the_moments_lie_where_their_names_say() -> None:
    times = {moment.kind: moment.time_s for moment in key_moments(STRIDE)}
    assert times == {
        "initial_contact": 1.0,
        "mid_stance": 1.3,
        "foot_off": 1.6,
        "mid_swing": 1.8,
    }


def test_an_unknown_foot_off_leaves_its_moments_out() -> None:
    open_end = dataclasses.replace(STRIDE, foot_off_s=None)
    kinds = [moment.kind for moment in key_moments(open_end)]
    assert kinds == ["initial_contact", "mid_stance"]


def test_the_typical_stride_counted_and_lies_in_the_middle(analysis: Analysis) -> None:
    stride = typical_stride(analysis.strides, Side.RIGHT)
    own = [s for s in analysis.strides if s.side is Side.RIGHT and s.rejected is None]
    assert stride == own[len(own) // 2]
    assert typical_stride((), Side.LEFT) is None


def test_there_are_four_stills_a_side_and_one_picture_a_candidate(
    analysis: Analysis,
) -> None:
    assert analysis.source is not None
    video = read_video(analysis.source)
    scene = scene_of(analysis, blurred=True, words=words("nl"))
    taken = photographs(video, scene, analysis, blurred=True)
    assert [still.side for still in taken.stills] == [Side.LEFT] * 4 + [Side.RIGHT] * 4
    assert [(p.number, p.followed) for p in taken.people] == [(1, True), (2, False)]
    coded = np.frombuffer(base64.b64decode(taken.stills[0].jpeg), np.uint8)
    picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert picture.shape[0] > picture.shape[1] > 100


def test_single_pictures_are_the_frames_asked_for(analysis: Analysis) -> None:
    assert analysis.source is not None
    video = read_video(analysis.source)
    found = pictures_at(video, [150, 3, 10**6, -1])
    assert sorted(found) == [3, 150]
    alone = pictures_at(video, [150])
    assert np.array_equal(found[150], alone[150])
