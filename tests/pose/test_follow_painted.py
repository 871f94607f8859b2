"""Tracking and choice in a painted world, where the truth is known exactly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from painted_world import BLUE, GREEN, RED, Painted, PaintedBackend, PaintedClip

from gaitkit.errors import InputError
from gaitkit.pose.follow import PoseTrack, follow
from gaitkit.pose.settings import PoseSettings

Path = Callable[[int], float | None]


def hips_x(track: PoseTrack) -> np.ndarray:
    hips = track.keypoints["position"].sel(
        keypoint=["left_hip", "right_hip"], space="x"
    )
    return hips.mean("keypoint").to_numpy()


def across(
    start: float, per_frame: float, *, first: int = 0, last: int = 10**6
) -> Path:
    return lambda i: start + per_frame * (i - first) if first <= i < last else None


def run(
    *people: Painted,
    frames: int,
    person: str | None = None,
    scan_interval_s: float = 0.6,
) -> tuple[PoseTrack, PaintedClip, PaintedBackend]:
    film, backend = PaintedClip(people=people, frames=frames), PaintedBackend()
    settings = PoseSettings(scan_interval_s=scan_interval_s)
    return follow(film.clip(), backend, settings, person=person), film, backend


def test_one_walker_is_followed_to_the_pixel() -> None:
    track, _, _ = run(Painted(colour=RED, path=across(20, 2)), frames=140)

    frames = track.keypoints["frame"].to_numpy()
    assert (frames[0], frames[-1]) == (0, 139)
    np.testing.assert_allclose(hips_x(track), 20 + 2 * frames, atol=0.51)
    assert track.choice.method == "only"
    assert track.choice.candidates[0].path_heights == pytest.approx(278 / 93, rel=0.1)


def test_the_walker_is_chosen_and_not_the_larger_bystander() -> None:
    track, _, _ = run(
        Painted(colour=GREEN, path=lambda _: 160.0, top=10, height=160),
        Painted(colour=RED, path=across(20, 2, first=30, last=170)),
        frames=200,
    )

    assert track.choice.method == "scored"
    assert not track.choice.ambiguous
    frames = track.keypoints["frame"].to_numpy()
    seen = np.isfinite(hips_x(track))
    np.testing.assert_allclose(
        hips_x(track)[seen], 20 + 2.0 * (frames[seen] - 30), atol=8
    )
    assert seen.sum() >= 110


def test_who_is_found_late_is_followed_back_to_where_they_came_in() -> None:
    # a cycle of 3 s finds the walker long after frame 5
    track, film, _ = run(
        Painted(colour=RED, path=across(10, 1, first=5)), frames=200, scan_interval_s=3
    )

    assert track.keypoints["frame"].to_numpy()[0] <= 6
    assert film.opened[0] == (0, None)


def test_following_back_reads_the_clip_again_in_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gaitkit.pose.scan.RECENT_BYTES", 320 * 180 * 3 * 4)
    monkeypatch.setattr("gaitkit.pose.follow.CHUNK_BYTES", 320 * 180 * 3 * 8)

    track, film, _ = run(
        Painted(colour=RED, path=across(10, 1.5, first=3)),
        frames=190,
        scan_interval_s=3,
    )

    assert track.keypoints["frame"].to_numpy()[0] == 3
    again = film.opened[1:]
    assert again
    assert all(stop - start <= 8 for start, stop in again)


def test_following_back_looks_no_further_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gaitkit.pose.scan.RECENT_BYTES", 320 * 180 * 3 * 4)

    # gone at frame 100 of 300, and somebody else stands there from frame 200 on
    track, film, _ = run(
        Painted(colour=RED, path=across(10, 1.5, first=3, last=100)),
        Painted(colour=GREEN, path=across(155, 0, first=200)),
        frames=300,
        scan_interval_s=3,
        person="140,100",
    )

    assert track.keypoints["frame"].to_numpy()[[0, -1]].tolist() == [3, 99]
    assert all(stop is not None and stop <= 100 for _, stop in film.opened[1:])


def test_a_bystander_costs_less_and_is_whole_when_the_user_wants_him() -> None:
    people = (
        Painted(colour=GREEN, path=lambda _: 290.0),
        Painted(colour=RED, path=across(20, 1.5)),
    )
    walker, _, cheap = run(*people, frames=150)
    stander, _, _ = run(*people, frames=150, person="290,100")

    assert cheap.looks < 1.6 * 150
    assert walker.choice.chosen == 1
    assert stander.choice.chosen == 2
    assert stander.choice.method == "user"
    assert np.isfinite(hips_x(stander)).all()
    assert stander.keypoints.sizes["time"] == 150


def test_crossing_behind_somebody_does_not_change_the_person() -> None:
    track, _, _ = run(
        Painted(colour=RED, path=across(20, 2)),
        Painted(colour=GREEN, path=across(300, -1.2)),
        frames=140,
        person="25,110",
    )

    frames, x = track.keypoints["frame"].to_numpy(), hips_x(track)
    seen = np.isfinite(x)
    assert track.choice.identity_jumps >= 1
    # while one covers the other, the visible part of a box has its own middle
    np.testing.assert_allclose(x[seen], 20 + 2 * frames[seen], atol=13)
    assert seen[:70].sum() >= 60
    assert seen[100:].sum() >= 35


def test_who_leaves_and_comes_back_is_one_person() -> None:
    def there_and_back(i: int) -> float | None:
        x = 200 + 2 * i if i < 80 else 200 + 2 * (160 - i)
        return float(x) if x < 330 else None

    track, _, _ = run(Painted(colour=RED, path=there_and_back), frames=160)

    assert len(track.choice.candidates) == 1
    frames = track.keypoints["frame"].to_numpy()
    assert (frames[0], frames[-1]) == (0, 159)
    assert np.isnan(hips_x(track)).any()


def test_somebody_else_who_comes_in_is_another_person() -> None:
    track, _, _ = run(
        Painted(colour=RED, path=across(20, 3, last=105)),
        Painted(colour=BLUE, path=across(310, -3, first=110)),
        frames=215,
    )

    assert len(track.choice.candidates) == 2
    assert track.choice.ambiguous


def test_nobody_in_view_is_refused() -> None:
    with pytest.raises(InputError, match="nobody was found in the video"):
        run(frames=60)


@pytest.mark.parametrize("wish", ["3", "5,5", "left", "1,2,3"])
def test_a_wish_that_names_nobody_lists_who_is_there(wish: str) -> None:
    with pytest.raises(InputError, match=r"nobody is there; .* 1 at x \d+ to \d+"):
        run(Painted(colour=RED, path=across(20, 2)), frames=60, person=wish)


def test_thumbnails_show_each_candidate() -> None:
    track, _, _ = run(
        Painted(colour=GREEN, path=lambda _: 290.0),
        Painted(colour=RED, path=across(20, 1.5)),
        frames=120,
    )

    assert len(track.thumbnails) == len(track.choice.candidates) == 2
    for picture, colour in zip(track.thumbnails, (RED, GREEN), strict=True):
        assert picture.dtype == np.uint8
        assert (picture == colour).all(axis=2).mean() > 0.3


def test_few_frames_are_in_memory_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitkit.pose.scan.RECENT_BYTES", 320 * 180 * 3 * 10)
    monkeypatch.setattr("gaitkit.pose.follow.CHUNK_BYTES", 320 * 180 * 3 * 12)

    _, film, _ = run(
        Painted(colour=GREEN, path=lambda _: 290.0),
        Painted(colour=RED, path=across(10, 1, first=3)),
        frames=200,
        scan_interval_s=3,
    )

    assert film.most_alive <= 12 + 2


def test_progress_ends_with_the_last_frame() -> None:
    said: list[tuple[str, float, float | None]] = []
    film = PaintedClip(people=(Painted(colour=RED, path=across(20, 2)),), frames=50)

    follow(
        film.clip(),
        PaintedBackend(),
        PoseSettings(),
        progress=lambda stage, done, total: said.append((stage, done, total)),
    )

    assert said[-1] == ("pose", 50, 50)
