"""One person of several in a file of keypoints, on the clock that the file holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gaitkit.errors import ConfigError, InputError
from gaitkit.io.export.keypoints import write_keypoints
from gaitkit.io.identify import inspect
from gaitkit.io.motion.read import read_motion
from gaitkit.model.keypoints import keypoints

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

RATE_HZ, FRAMES = 30.0, 180
COCO = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
UP = {"nose": 0.93, "eye": 0.95, "ear": 0.94, "shoulder": 0.82, "elbow": 0.63,
      "wrist": 0.49, "hip": 0.53, "knee": 0.285, "ankle": 0.04}  # fmt: skip
"""Heights of the joints in body heights (Winter 2009, fig. 4.1)."""
SWING = {"knee": 0.09, "ankle": 0.2, "wrist": -0.1, "elbow": -0.05}


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """Who walks (or stands) through a side view of 1920 x 1080 pixels."""

    start_px: float = 100.0
    speed: float = 0.7
    """Body heights per second; negative to the left, 0 stands."""
    height_px: float = 280.0
    stride_s: float = 1.1
    seed: int = 0

    def path(self) -> np.ndarray:
        """Return (frame, 2, keypoint)."""
        time_s = np.arange(FRAMES) / RATE_HZ
        place = np.empty((FRAMES, 2, len(COCO)))
        along = self.start_px + self.speed * self.height_px * time_s
        way = np.sign(self.speed)
        for k, name in enumerate(COCO):
            part = name.rpartition("_")[2]
            sign = -1 if name.startswith("right") else 1
            phase = 2 * np.pi * time_s / self.stride_s
            swing = sign * way * SWING.get(part, 0.0) * np.sin(phase)
            place[:, 0, k] = along + self.height_px * swing
            place[:, 1, k] = 900 - self.height_px * UP[part]
        noise = np.random.default_rng(self.seed).normal(0, 1.0, place.shape)
        return np.asarray(place + noise)


def openpose(
    folder: Path,
    people: list[np.ndarray],
    *,
    name: str = "walk_{:012d}_keypoints.json",
    unseen: dict[int, range] | None = None,
    shuffled: bool = False,
) -> Path:
    """Write a folder; a person is absent from its ``unseen`` frames."""
    folder.mkdir()
    dice = np.random.default_rng(3)
    for frame in range(FRAMES):
        there = [
            person[frame]
            for number, person in enumerate(people)
            if frame not in (unseen or {}).get(number, ())
        ]
        if shuffled:
            dice.shuffle(there)
        rows = [
            {"pose_keypoints_2d": np.insert(pose, 2, 0.9, axis=0).T.ravel().tolist()}
            for pose in there
        ]
        (folder / name.format(frame)).write_text(json.dumps({"people": rows}))
    return folder


def rate(tmp_path: Path, more: str = "") -> Path:
    path = tmp_path / "rate.toml"
    path.write_text(f"rate_hz = {RATE_HZ}\n{more}")
    return path


def is_person(found: xr.Dataset, person: np.ndarray, *, missing: int = 0) -> bool:
    """Say whether every seen frame is that person's, and no more are missing."""
    position = found["position"].to_numpy()
    frames = found["frame"].to_numpy()
    seen = np.isfinite(position).all(axis=(1, 2))
    np.testing.assert_allclose(position[seen], person[frames[seen]], atol=1e-6)
    return FRAMES - int(seen.sum()) <= missing


def test_the_walker_is_followed_not_the_bigger_bystander(tmp_path: Path) -> None:
    walker, stander = Somebody(), Somebody(start_px=900, speed=0, height_px=420)
    folder = openpose(tmp_path / "a", [stander.path(), walker.path()])
    found = read_motion(folder, mapping=rate(tmp_path))
    assert is_person(found.markers, walker.path())
    assert found.person is not None
    assert not found.person.ambiguous
    other = read_motion(folder, mapping=rate(tmp_path), person="2")
    assert is_person(other.markers, stander.path())
    by_pixel = read_motion(folder, mapping=rate(tmp_path), person="900,700")
    assert is_person(by_pixel.markers, stander.path())


def test_three_people_in_any_order_are_three_people(tmp_path: Path) -> None:
    people = [
        Somebody().path(),
        Somebody(start_px=1500, speed=-0.6, stride_s=1.3, height_px=260, seed=1).path(),
        Somebody(start_px=1000, speed=0, height_px=400, seed=2).path(),
    ]
    folder = openpose(tmp_path / "a", people, shuffled=True)
    found = read_motion(folder, mapping=rate(tmp_path))
    assert is_person(found.markers, people[0])
    assert found.person is not None
    assert (len(found.person.candidates), found.person.ambiguous) == (3, True)
    assert is_person(
        read_motion(folder, mapping=rate(tmp_path), person="2").markers, people[1]
    )


def test_who_is_lost_while_another_passes_stays_lost(tmp_path: Path) -> None:
    first = Somebody().path()
    second = Somebody(start_px=1300, speed=-0.7, seed=1).path()
    meeting = int(np.argmin(np.abs(first[:, 0].mean(1) - second[:, 0].mean(1))))
    gone = range(meeting - 8, meeting + 9)
    folder = openpose(tmp_path / "a", [first, second], unseen={0: gone})
    for person in ("1", "2"):
        found = read_motion(folder, mapping=rate(tmp_path), person=person)
        start_px = found.markers["position"].to_numpy()[0, 0].mean()
        truth = first if abs(start_px - first[0, 0].mean()) < 50 else second
        assert is_person(found.markers, truth, missing=len(gone))


def test_a_child_beside_an_adult_is_not_mixed_with_it(tmp_path: Path) -> None:
    adult = Somebody(height_px=300).path()
    child = Somebody(height_px=180, start_px=150, speed=1.1, stride_s=0.8).path()
    folder = openpose(tmp_path / "a", [adult, child], shuffled=True)
    one, two = (
        read_motion(folder, mapping=rate(tmp_path), person=number).markers
        for number in ("1", "2")
    )
    heights = [np.ptp(each["position"].to_numpy()[0, 1]) for each in (one, two)]
    assert is_person(one, adult if heights[0] > heights[1] else child)
    assert is_person(two, child if heights[0] > heights[1] else adult)


def test_a_helper_who_comes_later_is_somebody_else(tmp_path: Path) -> None:
    patient = Somebody().path()
    helper = Somebody(start_px=60, height_px=330, seed=4).path()
    folder = openpose(
        tmp_path / "a", [helper, patient], unseen={0: range(90), 1: range(100, 104)}
    )
    found = read_motion(folder, mapping=rate(tmp_path))
    assert is_person(found.markers, patient, missing=4)


def test_frame_numbers_give_the_time_and_the_order(tmp_path: Path) -> None:
    walker = Somebody().path()
    whole = openpose(tmp_path / "a", [walker], name="w_{}_keypoints.json")
    (whole / "w_7_keypoints.json").unlink()
    for frame in range(60, 75):
        (whole / f"w_{frame}_keypoints.json").unlink()
    found = read_motion(whole, mapping=rate(tmp_path))
    frames = found.markers["frame"].to_numpy()
    assert found.markers["time"].to_numpy() == pytest.approx(frames / RATE_HZ)
    assert np.setdiff1d(np.arange(FRAMES), frames).tolist() == [7, *range(60, 75)]
    assert is_person(found.markers, walker, missing=16)
    assert [r.code for r in found.reasons if "lacking" in r.code] == [
        "motion_frames_lacking"
    ]


def test_two_recordings_in_one_folder_are_refused(tmp_path: Path) -> None:
    folder = openpose(tmp_path / "a", [Somebody().path()])
    (folder / "other_3_keypoints.json").write_text('{"people": []}')
    with pytest.raises(InputError, match="give each recording a folder of its own"):
        read_motion(folder, mapping=rate(tmp_path))


def sleap(path: Path, rows: list[tuple[str, int, np.ndarray]]) -> Path:
    names = ",".join(f"{n}.{a}" for n in COCO for a in ("x", "y", "score"))
    lines = [f"track,frame_idx,instance.score,{names}"]
    for track, frame, pose in rows:
        cells = np.insert(pose, 2, 0.8, axis=0).T.ravel()
        lines.append(f"{track},{frame},0.9," + ",".join(f"{c:.4f}" for c in cells))
    path.write_text("\n".join(lines) + "\n")
    return path


def test_tracks_are_not_mixed_and_their_gaps_stay(tmp_path: Path) -> None:
    walker, stander = Somebody().path(), Somebody(start_px=900, speed=0).path()
    gone = {*range(40, 50), *range(100, 143)}
    rows = [("track_0", f, walker[f]) for f in range(FRAMES) if f not in gone]
    rows += [("track_1", f, stander[f]) for f in range(FRAMES)]
    found = read_motion(sleap(tmp_path / "a.csv", rows), mapping=rate(tmp_path))
    position = found.markers["position"].to_numpy()
    seen = np.isfinite(position).all(axis=(1, 2))
    assert set(np.flatnonzero(~seen)) == gone
    np.testing.assert_allclose(position[seen], walker[seen], atol=1e-3)


def test_names_that_two_tracks_exchange_are_seen_through(tmp_path: Path) -> None:
    walker, stander = Somebody().path(), Somebody(start_px=1500, speed=0).path()
    rows = []
    for frame in range(FRAMES):
        names = ("a", "b") if frame < 90 else ("b", "a")
        rows += [(names[0], frame, walker[frame]), (names[1], frame, stander[frame])]
    found = read_motion(sleap(tmp_path / "a.csv", rows), mapping=rate(tmp_path))
    np.testing.assert_allclose(found.markers["position"], walker, atol=1e-3)


def test_the_empty_first_individual_of_deeplabcut_is_nobody(tmp_path: Path) -> None:
    walker = Somebody().path()
    width = 3 * len(COCO)
    head = [
        "scorer," + ",".join(["net"] * 2 * width),
        "individuals," + ",".join(["one"] * width + ["two"] * width),
        "bodyparts," + ",".join([n for n in COCO for _ in "xyl"] * 2),
        "coords," + ",".join(["x", "y", "likelihood"] * 2 * len(COCO)),
    ]
    lines = [
        f"{frame}," + "," * width + ",".join(
            f"{c:.4f}" for c in np.insert(walker[frame], 2, 0.9, axis=0).T.ravel()
        )
        for frame in range(20, FRAMES)
    ]  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*head, *lines]) + "\n")
    found = read_motion(path, mapping=rate(tmp_path))
    np.testing.assert_allclose(found.markers["position"], walker[20:], atol=1e-3)
    assert float(found.markers["time"][0]) == pytest.approx(20 / RATE_HZ)


@pytest.mark.parametrize("centred", [False, True])
def test_scaled_coordinates_ask_for_the_picture(centred: bool, tmp_path: Path) -> None:
    walker = Somebody().path()
    shares = walker / np.array([1920.0, 1080.0])[:, None]
    shares = 2 * shares - 1 if centred else shares
    folder = openpose(tmp_path / "a", [shares])
    with pytest.raises(InputError, match=r"scaled to the picture .*give picture_px = "):
        read_motion(folder, mapping=rate(tmp_path))
    told = rate(tmp_path, "picture_px = [1920, 1080]")
    found = read_motion(folder, mapping=told)
    np.testing.assert_allclose(found.markers["position"], walker, atol=1e-6)
    assert found.picture_px == pytest.approx((1920, 1080))
    with pytest.raises(ConfigError, match="picture_px is 0, 1080"):
        read_motion(folder, mapping=rate(tmp_path, "picture_px = [0, 1080]"))


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".trc", ".nc", ".json"])
def test_a_pose_file_keeps_the_clock_of_its_film(ending: str, tmp_path: Path) -> None:
    time_s = np.delete(2.5 + np.arange(FRAMES) / RATE_HZ, range(60, 90))
    path = Somebody().path()[: time_s.size]
    data = keypoints(
        path,
        np.full((time_s.size, len(COCO)), 0.9),
        time_s=time_s,
        names=COCO,
        space_unit="px",
    )
    found = read_motion(write_keypoints(data, tmp_path / f"a{ending}"))
    assert found.markers["time"].to_numpy() == pytest.approx(time_s, abs=1e-3)


def test_a_folder_of_frames_keeps_the_numbers_of_its_film(tmp_path: Path) -> None:
    data = keypoints(
        Somebody().path(),
        np.full((FRAMES, len(COCO)), 0.9),
        time_s=(45 + np.arange(FRAMES)) / RATE_HZ,
        names=COCO,
        space_unit="px",
    ).assign_coords(frame=("time", 45 + np.arange(FRAMES)))
    folder = write_keypoints(data, tmp_path / "folder")
    found = read_motion(folder, mapping=rate(tmp_path))
    assert found.markers["time"].to_numpy() == pytest.approx(data["time"].to_numpy())


def test_inspect_tells_the_people_and_a_wish_for_nobody_is_refused(
    tmp_path: Path,
) -> None:
    people = [Somebody(start_px=900, speed=0).path(), Somebody().path()]
    folder = openpose(tmp_path / "a", people)
    lines = list(inspect(folder, mapping=rate(tmp_path)).lines("en"))
    told = [value for label, value in lines if label == "person"]
    assert len(told) == 2
    assert told[0].endswith("(this one is used; choose another with --person)")
    with pytest.raises(InputError, match="person is '3', and nobody is there"):
        read_motion(folder, mapping=rate(tmp_path), person="3")


@pytest.mark.parametrize("code", [0.0, -1.0])
def test_hips_that_are_coded_as_missing_are_missing(
    code: float, tmp_path: Path
) -> None:
    walker = Somebody().path()
    hips = [COCO.index("left_hip"), COCO.index("right_hip")]
    holes = walker.copy()
    holes[70:80, :, hips] = code
    heads = ",".join(f"{n}_{axis}" for n in COCO for axis in "xy")
    lines = [",".join(f"{v:.4f}" for v in pose.T.ravel()) for pose in holes]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([heads, *lines]) + "\n")
    found = read_motion(path, mapping=rate(tmp_path)).markers
    lost = np.isnan(found["position"].to_numpy()).any(axis=1)
    assert np.argwhere(lost).tolist() == [[f, k] for f in range(70, 80) for k in hips]
    assert (found["confidence"].to_numpy()[lost] == 0).all()
