"""Measurements and events as CSV and as a workbook."""

from __future__ import annotations

import csv
import dataclasses
import errno
import os
import re
import zipfile
from pathlib import Path

import assessment_example
import pytest

from gaitkit.errors import OutputError
from gaitkit.io.export.tables import (
    write_events_csv,
    write_measurements_csv,
    write_workbook,
)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def part_of(path: Path, name: str) -> str:
    """Return one part of a workbook as text."""
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode("utf-8")


def strings_of(path: Path) -> list[str]:
    """Return every text in a workbook."""
    return re.findall(r"<t[^>]*>([^<]*)</t>", part_of(path, "xl/sharedStrings.xml"))


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


def test_numbers_in_the_workbook_are_numbers_beside_their_unit(tmp_path: Path) -> None:
    path = write_workbook(
        assessment_example.assessment(), tmp_path / "m.xlsx", language="nl"
    )
    sheet = part_of(path, "xl/worksheets/sheet1.xml")
    assert re.search(r'<c r="D2" s="\d+"><v>97.25</v></c>', sheet)
    assert re.search(r'<c r="E2" t="s">', sheet), "the unit is text in its own column"
    assert 'r="D3"' not in sheet, "no value, no cell"
    texts = strings_of(path)
    assert "Cadans" in texts
    assert "eenheid" in texts
    assert any("schaal is onbekend" in text for text in texts)


def test_the_workbook_speaks_english_too(tmp_path: Path) -> None:
    path = write_workbook(
        assessment_example.assessment(), tmp_path / "m.xlsx", language="en"
    )
    assert {"Cadence", "unit", "left"} <= set(strings_of(path))
    assert 'name="measurements"' in part_of(path, "xl/workbook.xml")


def test_a_workbook_of_one_visit_holds_its_events(tmp_path: Path) -> None:
    path = write_workbook(
        assessment_example.assessment(), tmp_path / "m.xlsx", language="en"
    )
    sheet = part_of(path, "xl/worksheets/sheet2.xml")
    assert re.search(r'<c r="D2" s="\d+"><v>2.5</v></c>', sheet)
    assert '<c r="E2"><v>75</v></c>' in sheet


def test_a_full_disk_leaves_no_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_workbook(
            assessment_example.assessment(), tmp_path / "m.xlsx", language="nl"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_table_cannot_be_written_where_a_folder_stands(tmp_path: Path) -> None:
    (tmp_path / "m.csv").mkdir()
    with pytest.raises(OutputError, match=r"m\.csv: cannot be written"):
        write_measurements_csv((), tmp_path / "m.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["m.csv"]
