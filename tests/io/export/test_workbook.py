"""The workbook of a visit as Excel reads it: numbers, dates, text."""

from __future__ import annotations

import dataclasses
import errno
import os
import pathlib
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import assessment_example
import pytest

from gaitkit.errors import OutputError
from gaitkit.io.export.workbook import write_workbook
from gaitkit.model.measurement import Measurement
from gaitkit.model.side import Side
from gaitkit.model.visit import Prom, Therapy

if TYPE_CHECKING:
    from pathlib import Path

    from gaitkit.model.assessment import Assessment

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EPOCH = date(1899, 12, 30)
"""Day 0 of Excel."""


@pytest.fixture(scope="module")
def visit() -> Assessment:
    """Return a visit with questionnaires and therapy."""
    return dataclasses.replace(
        assessment_example.assessment(),
        proms=(Prom(instrument="NPRS", score=4, taken_on=date(2026, 3, 18)),),
        therapy=(Therapy(given="zool", start=date(2026, 3, 27)),),
    )


@pytest.fixture(scope="module")
def book(visit: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook in Dutch."""
    folder = tmp_path_factory.mktemp("book")
    return write_workbook(visit, folder / "visit.xlsx", language="nl")


def part(book: Path, name: str) -> ET.Element:
    """Return one part of a workbook."""
    with zipfile.ZipFile(book) as archive:
        return ET.fromstring(archive.read(name))


def sheet_names(book: Path) -> list[str]:
    """Return the names of the sheets in their order."""
    return [
        s.attrib["name"] for s in part(book, "xl/workbook.xml").iter(f"{MAIN}sheet")
    ]


def cells(book: Path, name: str) -> dict[str, str | float]:
    """Return the cells of a sheet by address: text as str, numbers as float."""
    number = sheet_names(book).index(name) + 1
    texts = [
        "".join(t.text or "" for t in item.iter(f"{MAIN}t"))
        for item in part(book, "xl/sharedStrings.xml").iter(f"{MAIN}si")
    ]
    found: dict[str, str | float] = {}
    for cell in part(book, f"xl/worksheets/sheet{number}.xml").iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            shared = cell.attrib.get("t") == "s"
            found[cell.attrib["r"]] = texts[int(value)] if shared else float(value)
    return found


def shape(book: Path, name: str, address: str) -> str:
    """Return the number format of a cell."""
    number = sheet_names(book).index(name) + 1
    sheet = part(book, f"xl/worksheets/sheet{number}.xml")
    cell = next(c for c in sheet.iter(f"{MAIN}c") if c.attrib["r"] == address)
    styles = part(book, "xl/styles.xml")
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    wanted = formats[int(cell.attrib["s"])].attrib["numFmtId"]
    custom = {
        f.attrib["numFmtId"]: f.attrib["formatCode"]
        for f in styles.iter(f"{MAIN}numFmt")
    }
    builtin = {"0": "General", "1": "0", "2": "0.00"}
    return custom.get(wanted) or builtin[wanted]


def column_of(found: dict[str, str | float], head: str) -> str:
    """Return the letters of the column with that head."""
    return next(
        address[:-1]
        for address, text in found.items()
        if text == head and re.fullmatch(r"[A-Z]+1", address)
    )


def test_there_is_a_sheet_for_each_part_of_the_visit(
    book: Path, visit: Assessment, tmp_path: Path
) -> None:
    assert sheet_names(book) == [
        "metingen", "bevindingen", "voorstel", "persoon", "gebeurtenissen",
    ]  # fmt: skip
    english = write_workbook(visit, tmp_path / "en.xlsx", language="en")
    assert sheet_names(english) == [
        "measurements", "findings", "plan", "subject", "events",
    ]  # fmt: skip


def test_a_value_is_a_number_beside_its_unit_with_the_decimals_of_the_catalogue(
    book: Path,
) -> None:
    found = cells(book, "metingen")
    value, unit = column_of(found, "waarde"), column_of(found, "eenheid")
    assert found[f"{value}2"] == 97.25
    assert found[f"{unit}2"] == "/min"
    assert shape(book, "metingen", f"{value}2") == "0"
    assert f"{value}3" not in found, "no value, no cell"
    reason = found[f"{column_of(found, 'waarom leeg')}3"]
    assert "schaal is onbekend" in str(reason)


def test_region_method_and_quality_are_words_with_their_codes_behind(
    visit: Assessment, tmp_path: Path
) -> None:
    pressure = Measurement(
        name="peak_pressure", unit="kPa", value=320.0, side=Side.LEFT,
        region="heel_medial", method="plate, mean over contacts", quality="limited",
    )  # fmt: skip
    index = Measurement(
        name="symmetry_index", unit="%", value=4.0, region="step_length",
        method="video, mean over strides",
    )  # fmt: skip
    seen = dataclasses.replace(visit, measurements=(pressure, index))
    found = cells(
        write_workbook(seen, tmp_path / "seen.xlsx", language="nl"), "metingen"
    )
    heads = ("deel", "methode", "kwaliteit", "code van het deel", "code van de methode")
    rows = [[found[f"{column_of(found, head)}{n}"] for head in heads] for n in (2, 3)]
    assert rows == [
        ["hiel mediaal", "drukplaat, gemiddelde over contacten", "beperkt bruikbaar",
         "heel_medial", "plate, mean over contacts"],
        ["Staplengte", "video, gemiddelde over schreden", "goed",
         "step_length", "video, mean over strides"],
    ]  # fmt: skip


def test_no_number_is_written_as_text(book: Path) -> None:
    kept_as_text = {"010026"}
    for name in sheet_names(book):
        texts = {text for text in cells(book, name).values() if isinstance(text, str)}
        numbers = {t for t in texts if re.fullmatch(r"[-+]?\d+([.,]\d+)?", t)}
        assert numbers <= kept_as_text, name


def test_a_code_keeps_its_leading_zero(book: Path) -> None:
    assert "010026" in cells(book, "voorstel").values()


def test_the_plan_has_doses_steps_and_the_window_as_dates(book: Path) -> None:
    found = cells(book, "voorstel")
    row = next(a[1:] for a, text in found.items() if text == "hielverhoging")
    assert found[f"{column_of(found, 'startdosis')}{row}"] == 3.0
    assert found[f"{column_of(found, 'stap 2')}{row}"] == 5.0
    assert found[f"{column_of(found, 'zijde')}{row}"] == "links"
    follow = next(a[1:] for a, text in found.items() if text == "controle")
    start = f"{column_of(found, 'van')}{follow}"
    assert found[start] == (date(2026, 4, 1) - EPOCH).days
    assert shape(book, "voorstel", start) == "dd-mm-yyyy"


def test_the_person_has_questionnaires_and_therapy_with_their_days(book: Path) -> None:
    found = cells(book, "persoon")
    assert found["B2"] == "p1"
    assert found["B3"] == 1.65
    row = next(a[1:] for a, text in found.items() if text == "NPRS")
    assert found[f"B{row}"] == 4.0
    assert found[f"D{row}"] == (date(2026, 3, 18) - EPOCH).days


def test_findings_say_their_verdict_and_chance(book: Path) -> None:
    found = cells(book, "bevindingen")
    assert found["A2"] == "Q01"
    assert found["C2"] == "twijfel"
    assert found["D2"] == 0.6


def test_events_are_rows_of_times(book: Path) -> None:
    found = cells(book, "gebeurtenissen")
    assert found["D2"] == 2.5
    assert shape(book, "gebeurtenissen", "D2") == "0.000"
    assert found["E2"] == 75.0


def test_heads_are_frozen_and_columns_fit_their_text(book: Path) -> None:
    for number, name in enumerate(sheet_names(book), start=1):
        sheet = part(book, f"xl/worksheets/sheet{number}.xml")
        pane = next(sheet.iter(f"{MAIN}pane"))
        assert (pane.attrib["state"], pane.attrib["topLeftCell"]) == ("frozen", "B2")
        widths = [float(c.attrib["width"]) for c in sheet.iter(f"{MAIN}col")]
        longest = max(
            (len(t) for t in cells(book, name).values() if isinstance(t, str)),
            default=0,
        )
        assert max(widths) >= min(longest, 60)


def test_a_workbook_cannot_be_written_where_a_folder_stands(
    visit: Assessment, tmp_path: Path
) -> None:
    (tmp_path / "m.xlsx").mkdir()
    with pytest.raises(OutputError, match=r"m\.xlsx: cannot be written"):
        write_workbook(visit, tmp_path / "m.xlsx", language="nl")
    assert [p.name for p in tmp_path.iterdir()] == ["m.xlsx"]


def test_a_full_disk_leaves_no_workbook(
    visit: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pathlib.Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_workbook(visit, tmp_path / "m.xlsx", language="nl")
    assert list(tmp_path.iterdir()) == []
