"""Every number that a report shows stands in its ``assessment.json``.

A number of the report is held against those of the file, rounded to the digits that
are shown: as it stands, as a percentage where it is a probability or a share, in mm
where it is a length in m, and as the half of an interval or of an error, which is what
plus-minus tells. What is published and cited at its place, the norms of healthy
adults, the limits of the rules and the sentences themselves, is no number of a person.

A small number may be found by chance (of invented ones below 10 all, of 60 to 200 with
one decimal a fifth to a quarter): the net holds because a report has many.
"""

from __future__ import annotations

import bisect
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gaitkit.config import load_config
from gaitkit.io.visit import read_visit
from gaitkit.model.catalogue import definitions
from gaitkit.model.chance import Z_95
from gaitkit.norms.discrete import discrete, norm_at_speed
from gaitkit.pipeline import assess_to_folder
from gaitkit.report.words import words
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.text import Language

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
NUMBER = re.compile(r"(?<![\w.,:/])[−-]?\d+(?:[.,]\d+)?(?![\w/]|[.,]\d)")
FIGURES = re.compile(r"<(svg|style|script|pre)\b.*?</\1>", re.DOTALL)
CURVES = "waveforms"
"""Drawn, not written: left out, so that a number is not found in it by chance."""

HALVES = {"sd", "sd_mm"}


def plain(shown: str) -> float:
    """Return a number as it was written in either language."""
    return float(shown.replace("−", "-").replace(",", "."))


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a JSON table with its key, and the half of each interval."""
    if isinstance(value, dict):
        low, high = value.get("low"), value.get("high")
        if isinstance(low, float) and isinstance(high, float):
            yield "half", (high - low) / 2
        for name, inner in value.items():
            yield from leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, key)
    else:
        yield key, value


def numbers_of(table: Any) -> Iterator[float]:
    """Yield every number of a JSON table, of its sentences too, as people see it."""
    for key, value in leaves(table):
        if isinstance(value, str):
            yield from map(plain, NUMBER.findall(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
            if abs(value) <= 1.0:
                yield 100.0 * value
            if key in HALVES:
                yield Z_95 * value
            if key.endswith("_m") or key == "m_per_px":
                yield 1000.0 * value


def moments(table: dict[str, Any]) -> Iterator[float]:
    """Yield when the stills of a stride were taken: half way between kept events."""
    for stride in table["strides"]:
        off = stride["foot_off_s"]
        if off is not None:
            yield (stride["start_s"] + off) / 2
            yield (off + stride["end_s"]) / 2


def usual_at_speed(table: dict[str, Any]) -> Iterator[float]:
    """Yield what is published for adults of the person's age at the kept speed."""
    age = table["subject"]["age_years"]
    for row in table["measurements"]:
        if row["name"] == "walking_speed" and row["value"] and age:
            for measure in ("cadence", "step_length"):
                norm = norm_at_speed(measure, speed_m_s=row["value"], age_years=age)
                yield from () if norm is None else (norm.mean, norm.sd)


def published(language: Language) -> Iterator[float]:
    """Yield the numbers that are literature or wording, and of no person."""
    rules = shipped_rules()
    yield from (limit.value for limit in rules.limits)
    for entry in definitions():
        norm = discrete(entry.name)
        for value in () if norm is None else (norm.low, norm.high, norm.mean, norm.sd):
            if value is not None:
                yield value
    for each in (*rules.rules, *rules.references, *rules.statements):
        yield from map(plain, NUMBER.findall(repr(each)))
    for sentence in words(language).sentences.values():
        yield from map(plain, NUMBER.findall(str(sentence)))


def strangers(folder: Path, language: Language) -> list[str]:
    """Return the numbers of the report that stand nowhere, with their line."""
    table = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    del table[CURVES]
    told = (*numbers_of(table), *moments(table), *usual_at_speed(table))
    known = sorted(map(abs, (*told, *published(language))))
    page = FIGURES.sub(" ", (folder / "report.html").read_text(encoding="utf-8"))
    text = html.unescape(re.sub(r"<[^>]+>", "\n", page))
    found = []
    for line in text.splitlines():
        for match in NUMBER.finditer(line):
            shown = match.group()
            digits = len(re.split("[.,]", shown)[1]) if re.search("[.,]", shown) else 0
            half = 0.5 * 10.0**-digits * 1.0001
            at = bisect.bisect_left(known, abs(plain(shown)) - half)
            if at == len(known) or known[at] > abs(plain(shown)) + half:
                found.append(f"{shown}: {line.strip()[:80]}")
    return found


@pytest.mark.models
@pytest.mark.parametrize(
    ("visit", "language"),
    [("", "en"), ("patients/07-no-correction", "nl")],
    ids=["demo", "patient-07"],
)
def test_every_number_of_the_report_stands_in_its_assessment(
    visit: str, language: Language, tmp_path: Path
) -> None:
    settings = {"overlay": False, "pdf": False, "lang": language}
    config = load_config(None, assignments={"report": settings})
    folder = tmp_path / "out"
    assess_to_folder(read_visit(SAMPLES / visit), folder, config=config)
    assert strangers(folder, language) == []
