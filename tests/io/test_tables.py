"""Measurements and events as CSV."""

from __future__ import annotations

import csv
import dataclasses
from typing import TYPE_CHECKING

import assessment_example
import pytest

from gaitkit.errors import OutputError
from gaitkit.io.export.series import (
    write_events_csv,
    write_measurements_csv,
)

if TYPE_CHECKING:
    from pathlib import Path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_measurement_is_one_row_with_its_error_and_unit(tmp_path: Path) -> None:
    path = write_measurements_csv(
        assessment_example.assessment().measurements, tmp_path / "m.csv"
    )
    known, missing = rows_of(path)
    assert known["name"] == "cadence"
    assert float(known["value"]) == 97.25
    assert known["unit"] == "/min"
    assert (float(known["low"]), float(known["high"])) == (94.3, 100.2)
    assert known["n"] == "6"
    assert known["side"] == known["why_missing"] == ""
    assert missing["side"] == "left"
    assert missing["value"] == missing["sd"] == ""
    assert missing["why_missing"] == "no_scale"
    assert missing["quality"] == "limited"


def test_what_is_unconfirmed_on_real_people_says_so_in_its_row(tmp_path: Path) -> None:
    known, missing = assessment_example.assessment().measurements
    virtual = dataclasses.replace(known, unconfirmed=True)
    rows = rows_of(
        write_measurements_csv((virtual, known, missing), tmp_path / "m.csv")
    )
    assert [row["unconfirmed"] for row in rows] == ["yes", "", ""]


def test_an_event_is_one_row(tmp_path: Path) -> None:
    path = write_events_csv(assessment_example.assessment().events, tmp_path / "e.csv")
    first, second = rows_of(path)
    assert first == {
        "recording": "video_1", "side": "left", "kind": "initial_contact",
        "time_s": "2.5", "frame": "75", "confidence": "0.8", "sd_s": "0.02",
        "method": "zeni",
    }  # fmt: skip
    assert second["frame"] == ""


def test_tables_of_nothing_have_their_heads(tmp_path: Path) -> None:
    path = write_events_csv((), tmp_path / "e.csv")
    assert path.read_text().startswith("recording,side,kind,time_s")
    assert rows_of(path) == []


def test_a_table_cannot_be_written_where_a_folder_stands(tmp_path: Path) -> None:
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(OutputError, match=r"m\.csv: cannot be written"):
        write_measurements_csv((), tmp_path / "m.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["m.csv"]
