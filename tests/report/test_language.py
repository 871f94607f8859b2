"""A Dutch report, comparison and letter hold no English word and no point in a number.

English words are those of the English catalogues that no Dutch catalogue has. Titles
of publications, names of files and programs, and the listing of the configuration keep
their own language.
"""

from __future__ import annotations

import dataclasses
import html
import re
import time
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gaitkit
from gaitkit.io.sample import sample_path
from gaitkit.io.visit import read_visit
from gaitkit.model.visit import RecordingInput
from gaitkit.pipeline.assess import analyse, judge
from gaitkit.pipeline.compare import compare
from gaitkit.report.comparison import comparison_context
from gaitkit.report.inputs import report_inputs
from gaitkit.report.letter import letter_of, letter_texts
from gaitkit.report.pdf import to_pdf
from gaitkit.report.settings import ReportSettings
from gaitkit.report.words import glossary
from gaitkit.report.write import context_of, to_html
from gaitkit.rules.loader import load_rules
from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_markers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.report.blocks import Context

PACKAGE = Path(gaitkit.__file__).parent
WORD = re.compile(r"[^\W\d_]{3,}")
LARGEST_PAGE = 5_000_000
LONGEST_PDF_S = 1.0
"""Bytes; seconds of computing beyond the figures."""

CATALOGUE = re.compile(r"_(nl|en)$")
FOREIGN_NAMES = ("Foot Strike", "Foot Off", "Left of Right", "footscan entire plate")
"""Names that other programs write into their files, as Dutch sentences quote them."""

REVISION = re.compile(r"20\d\d\.\d+")
"""Of a rule set: a year and a count."""

NO_PROSE = re.compile(r"\{[^}]*\}|\S+[_=]\S*|\S+\.(toml|json|csv)")
"""Placeholders, keys of files and names of files."""


def sentences(table: object, language: str | None) -> Iterator[tuple[str, str]]:
    """Yield (language, sentence) for every text of a TOML table."""
    if isinstance(table, dict):
        for key, value in table.items():
            own = key if key in {"nl", "en"} else language
            yield from sentences(value, own)
    elif isinstance(table, list):
        for value in table:
            yield from sentences(value, language)
    elif isinstance(table, str) and language is not None:
        yield language, table


def without_names(text: str) -> str:
    """Return a text without the names that other programs give."""
    for name in FOREIGN_NAMES:
        text = text.replace(name, " ")
    return text


@cache
def english_only() -> frozenset[str]:
    """Return the words that only English catalogues have."""
    words: dict[str, set[str]] = {"nl": set(), "en": set()}
    for file in PACKAGE.rglob("*.toml"):
        if "templates" in file.parts:
            continue
        whole = CATALOGUE.search(file.stem)
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for language, text in sentences(table, whole.group(1) if whole else None):
            prose = NO_PROSE.sub(" ", without_names(text))
            words[language].update(word.lower() for word in WORD.findall(prose))
    return frozenset(words["en"] - words["nl"])


@cache
def keys() -> tuple[str, ...]:
    """Return the keys of files that Dutch sentences name, longest first."""
    found = {
        key.strip("().,;:'")
        for entry in reasons().values()
        for part in entry.values()
        for key in re.findall(r"\S+_\S+", part["nl"])
    }
    return tuple(sorted(found, key=len, reverse=True))


@cache
def reasons() -> dict[str, dict[str, dict[str, str]]]:
    """Return every reason with its sentences."""
    file = PACKAGE / "model" / "reasons.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        code: {key: part for key, part in entry.items() if isinstance(part, dict)}
        for code, entry in table.items()
    }


@cache
def citations() -> tuple[str, ...]:
    """Return every citation that keeps its own language, longest first."""
    table = tomllib.loads(
        (PACKAGE / "rules" / "data" / "references.toml").read_text(encoding="utf-8")
    )
    found = [entry.get("citation_nl", entry["citation"]) for entry in table.values()]
    for source in (PACKAGE / "norms").glob("*.toml"):
        found += [text for text in texts_in(tomllib.loads(source.read_text("utf-8")))]
    return tuple(sorted(found, key=len, reverse=True))


def texts_in(table: object) -> Iterator[str]:
    """Yield every string of a table."""
    if isinstance(table, dict):
        for value in table.values():
            yield from texts_in(value)
    elif isinstance(table, str):
        yield table


def readable(page: str) -> str:
    """Return what a reader sees of a page, without citations, files and settings."""
    page = re.sub(r'<section id="provenance".*?</section>', " ", page, flags=re.DOTALL)
    page = re.sub(r"<style.*?</style>", " ", page, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    for citation in citations():
        text = text.replace(citation, " ")
    text = re.sub(r"(https?://|doi:|www\.)\S+", " ", text)
    return re.sub(r"\S+\.(mp4|csv|json|pdf|html|svg)\b", " ", text)


def english_in(text: str) -> dict[str, str]:
    """Return every English word of a text with what stands around it."""
    text = without_names(text)
    for key in keys():
        text = text.replace(key, " ")
    text = re.sub(r"\b(video|plate|markers|pose|stance|block_test)_\d+\b", " ", text)
    return {
        found[0].lower(): text[max(0, found.start() - 40) : found.end() + 30]
        for found in WORD.finditer(text)
        if found[0].lower() in english_only()
    }


def points_in(text: str) -> list[str]:
    """Return numbers with a point; codes, versions and dates are no numbers."""
    return [
        text[max(0, found.start() - 40) : found.end() + 20]
        for found in re.finditer(r"(?<![\w.=])\d+\.\d+(?![\d.]*\.\d)", text)
        if not re.search(r"gaitkit\W*$", text[: found.start()])
        and not REVISION.fullmatch(found[0])
    ]


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, ...]:
    """Return markers and plate of the sample visit, analysed."""
    folder = tmp_path_factory.mktemp("walk")
    patient = virtual_patient({}, height_m=1.72)
    (file, *_) = write_virtual_markers(
        folder / "walk.csv", patient, duration_s=6.0, rate_hz=50.0, seed=4
    )
    visit = read_visit(sample_path())
    plate = next(r for r in visit.recordings if r.kind == "plate")
    recordings = (
        RecordingInput(file=file, kind="markers", condition="barefoot"),
        dataclasses.replace(plate, starts_at_s=None),
    )
    return analyse(dataclasses.replace(visit, recordings=recordings))


@pytest.fixture(scope="module")
def visit(analysed: Sequence[Analysis]) -> Assessment:
    """Return the sample visit, judged."""
    return judge(read_visit(sample_path()), analysed)


@pytest.fixture(scope="module")
def report(visit: Assessment, analysed: Sequence[Analysis]) -> Context:
    """Return its report in Dutch."""
    settings = ReportSettings(lang="nl", overlay=False)
    material = report_inputs(visit, analysed, rules=load_rules(), settings=settings)
    return context_of(material)


def test_the_lists_tell_the_languages_apart() -> None:
    assert {"the", "left", "right", "walking", "measured", "with"} <= english_only()
    assert english_only().isdisjoint({"links", "video", "standfase", "podotherapeut"})
    assert english_in("de standfase is right langer") == {
        "right": "de standfase is right langer"
    }


def test_a_point_in_a_number_is_seen_but_not_in_a_code_or_version() -> None:
    assert points_in("snelheid 1.2 m/s") != []
    assert points_in("30.0 beelden") != []
    assert points_in("ICD M54.5; 06.12.12; gaitkit 0.1.0; 01-02-2026; 1,2") == []


def test_no_english_word_stands_in_a_dutch_report(report: Context) -> None:
    assert english_in(readable(to_html(report))) == {}


def test_no_number_of_a_dutch_report_has_a_point(report: Context) -> None:
    assert points_in(readable(to_html(report))) == []


def test_the_page_of_a_full_visit_is_small_and_its_pdf_quick(report: Context) -> None:
    assert len(to_html(report).encode()) < LARGEST_PAGE
    began = time.process_time()
    pdf = to_pdf(report)
    assert time.process_time() - began < LONGEST_PDF_S
    assert b"/StructTreeRoot" in pdf


def test_a_dutch_letter_holds_neither(visit: Assessment) -> None:
    settings = ReportSettings(lang="nl", overlay=False)
    material = report_inputs(visit, (), rules=load_rules(), settings=settings)
    text = "\n".join(letter_texts(letter_of(material, glossary())))
    assert english_in(text) == {}
    assert points_in(text) == []


def test_a_dutch_comparison_holds_neither(visit: Assessment) -> None:
    account = dataclasses.replace(
        visit.provenance, rule_set_sha256="ab" * 32, gaitkit="9.9.9"
    )
    moved = tuple(
        m
        if m.value is None or not m.value
        else dataclasses.replace(m, value=1.5 * m.value)
        for m in visit.measurements
    )
    later = dataclasses.replace(visit, measurements=moved, provenance=account)
    context = comparison_context(
        compare(visit, later), language="nl", visits=(visit, later)
    )
    text = readable(to_html(context))
    assert english_in(text) == {}
    assert points_in(text.replace("9.9.9", "")) == []


@pytest.mark.parametrize("code", sorted(reasons()))
def test_a_reason_is_written_in_dutch_with_commas(code: str) -> None:
    for part in reasons()[code].values():
        assert english_in(re.sub(r"\{[^}]*\}", "", part["nl"])) == {}
        assert points_in(re.sub(r"\S+=\S+", "", part["nl"])) == []
