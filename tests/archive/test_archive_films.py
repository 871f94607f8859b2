"""Films of an archive go out with the head blurred, and under pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from archive_world import REPOSITORY, run_here

from gaitkit.archive.export import export_bids
from gaitkit.archive.films import export_films
from gaitkit.archive.work import Job, Outcome
from gaitkit.io.export.series import write_keypoints_parquet
from gaitkit.io.video import read_video
from gaitkit.model.keypoints import keypoints
from gaitkit.pose.files import sha256_of
from gaitkit.report.film.reader import pictures_at

if TYPE_CHECKING:
    import xarray as xr

FILM = REPOSITORY / "sample_data" / "walk.mp4"
FRAME = 30
GRID = 16
"""Parts of the height of the picture; the head is pretended in one of them."""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the store of one film whose keypoints somebody made up."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "Jansen.mp4").write_bytes(FILM.read_bytes())
    (archive / "manifest.csv").write_text("file,subject\nJansen.mp4,Piet Jansen\n")
    run_here(monkeypatch, archive, tmp_path / "store", work=_pretended)
    return tmp_path / "store"


def test_a_film_is_blurred_and_named_by_pseudonym(store: Path, tmp_path: Path) -> None:
    (recording,) = export_bids(store, tmp_path / "out")
    (film,) = export_films(store, tmp_path / "out")
    assert "Jansen" not in str(film.relative_to(tmp_path))
    assert recording.entities.sub in film.name
    before, after = read_video(FILM), read_video(film)
    assert after.time_s.size == before.time_s.size
    old, new = (pictures_at(video, [FRAME])[FRAME] for video in (before, after))
    place = _busiest(old)
    assert _detail(_around(new, place)) < 0.3 * _detail(_around(old, place))


def test_a_film_that_is_gone_is_said_so(store: Path, tmp_path: Path) -> None:
    from gaitkit.errors import InputError

    (tmp_path / "archive" / "Jansen.mp4").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        export_films(store, tmp_path / "out")


def _pretended(job: Job) -> Outcome:
    """Answer as a worker that followed somebody who stands in the middle."""
    import json
    import zlib

    from gaitkit.archive.tables import TABLES, series_name

    path = Path(str(job.store)) / series_name(job.work, "video_1")
    write_keypoints_parquet(_standing(), path, recording="video_1")
    rows: dict[str, list[list[Any]]] = {table.name: [] for table in TABLES}
    widths = {table.name: len(table.columns) for table in TABLES}
    row: list[Any] = [None] * widths["recordings"]
    row[0:2], row[4], row[-1] = ["video_1", "video"], sha256_of(FILM), "yes"
    rows["recordings"].append(row)
    rows["visits"].append([None] * widths["visits"])
    return Outcome(
        work=job.work,
        state="done",
        seconds=0.1,
        subject_id=job.item.subject.subject_id,
        kinds=("video",),
        results=zlib.compress(json.dumps(rows).encode()),
    )


def _standing() -> xr.Dataset:
    video = read_video(FILM)
    height = video.height
    x, y = _busiest(pictures_at(video, [FRAME])[FRAME])
    unit = height / GRID
    places = {
        "nose": (x, y), "left_shoulder": (x + unit, y + unit),
        "right_shoulder": (x - unit, y + unit), "left_hip": (x + unit, y + 3 * unit),
        "right_hip": (x - unit, y + 3 * unit), "left_ankle": (x, y + 6 * unit),
        "right_ankle": (x, y + 6 * unit),
    }  # fmt: skip
    shares = np.array(list(places.values())).T
    count = video.time_s.size
    return keypoints(
        np.broadcast_to(shares, (count, 2, len(places))),
        np.ones((count, len(places))),
        time_s=video.time_s,
        names=list(places),
        space_unit="px",
    )


def _busiest(picture: np.ndarray) -> tuple[float, float]:
    """Return x and y of the part of a picture with the most detail."""
    size = picture.shape[0] // GRID
    places = (
        (size * (column + 0.5), size * (row + 0.5))
        for row in range(GRID)
        for column in range(picture.shape[1] // size)
    )
    return max(places, key=lambda place: _detail(_around(picture, place)))


def _around(picture: np.ndarray, place: tuple[float, float]) -> np.ndarray:
    reach = picture.shape[0] // GRID // 2
    x, y = (int(each) for each in place)
    return picture[y - reach : y + reach, x - reach : x + reach].astype(float)


def _detail(picture: np.ndarray) -> float:
    """Return how much neighbouring pixels differ."""
    return float(np.abs(np.diff(picture, axis=0)).mean())
