"""The report of an archive: one HTML page that asks for nothing outside itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from gaitkit.archive.query import asking
from gaitkit.archive.repeat import own_bands, repeatability
from gaitkit.errors import CatalogueError
from gaitkit.io.atomic import new_file
from gaitkit.model.catalogue import definition
from gaitkit.plots.style import BAND_EDGE, INK, MUTED, RULE
from gaitkit.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from gaitkit.archive.repeat import Band, Measure, Repeatability
    from gaitkit.model.text import Language

BARS = 30
"""Bars of a distribution."""

BAR_WIDTH_PX, BARS_HEIGHT_PX = 4, 24

STATES = "SELECT state, count(*) FROM journal GROUP BY state ORDER BY count(*) DESC"
PACES = """
SELECT coalesce(kinds, '-'), count(*), median(seconds), quantile_cont(seconds, 0.95),
    sum(seconds) / 3600 FROM journal WHERE state = 'done' GROUP BY 1 ORDER BY 2 DESC
"""
REFUSALS = """
SELECT state, error || ': ' || coalesce(message, ''), count(*) FROM journal
WHERE error IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 2 LIMIT 200
"""
LIMITS = """
SELECT why, count(*) FROM (
    SELECT unnest(string_split(reasons, ',')) AS why FROM recordings
    WHERE reasons IS NOT NULL
) GROUP BY why ORDER BY 2 DESC, 1
"""
COUNTED = """
WITH known AS (
    SELECT name, side, region, unit, value FROM measurements WHERE value IS NOT NULL
), limits AS (
    SELECT name, side, region, unit, count(*) AS n, median(value) AS median,
        quantile_cont(value, [0.01, 0.05, 0.95, 0.99]) AS q
    FROM known GROUP BY ALL
), bars AS (
    SELECT l.name, l.side, l.region, l.unit, l.n, l.median, l.q, CAST(least(
        floor((k.value - q[1]) / nullif(q[4] - q[1], 0) * {bars}), {bars} - 1
    ) AS INTEGER) AS bar, count(*) AS height
    FROM limits l JOIN known k ON k.name = l.name
        AND k.side IS NOT DISTINCT FROM l.side
        AND k.region IS NOT DISTINCT FROM l.region
        AND k.value BETWEEN q[1] AND q[4]
    GROUP BY ALL
)
SELECT name, side, region, unit, n, median, q, list(bar), list(height) FROM bars
GROUP BY ALL ORDER BY name, region, side
"""
"""Every measure with its percentiles and the heights of its bars, in one pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one kind of visit went."""

    kind: str
    visits: int
    median: str
    high: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRow:
    """One reason why visits have no result."""

    state: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A distribution as a path of SVG."""

    width: int
    height: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """The distribution of one measure."""

    label: str
    side: str
    unit: str
    n: int
    median: str
    low: str
    high: str
    bars: Bars


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRow:
    """The repeatability of one measure."""

    label: str
    side: str
    unit: str
    people: int
    visits: int
    sem: str
    low: str
    high: str
    mdc: str
    known: str
    dated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """The clinic's own norm band of one measure."""

    label: str
    side: str
    unit: str
    people: int
    mean: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the page shows."""

    states: tuple[tuple[str, int], ...]
    paces: tuple[Pace, ...]
    refusals: tuple[RefusalRow, ...]
    limits: tuple[tuple[str, int], ...]
    measures: tuple[MeasureRow, ...]
    repeats: tuple[RepeatRow, ...]
    bands: tuple[BandRow, ...]


def write_page(store: Path, path: Path, *, language: Language) -> Path:
    """Write the report of a store as one HTML file, and return its path.

    Raises
    ------
    InputError
        If there is no store.
    OutputError
        If the file cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    words = _words(language)
    environment = Environment(
        loader=PackageLoader("gaitkit.archive", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("page.html.j2").render(
        page=page_of(store, language=language),
        w=words,
        lang=language,
        version=__version__,
        ink=INK,
        muted=MUTED,
        rule=RULE,
        bar=BAND_EDGE,
    )
    with new_file(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def page_of(store: Path, *, language: Language) -> Page:
    """Return what the page of a store shows.

    Raises
    ------
    InputError
        If there is no store.
    """
    with asking(store, whole_journal=True) as base:
        return Page(
            states=tuple(base.sql(STATES).fetchall()),
            paces=_paces(base),
            refusals=tuple(
                RefusalRow(state=state, why=why, count=count)
                for state, why, count in base.sql(REFUSALS).fetchall()
            ),
            limits=tuple(base.sql(LIMITS).fetchall()),
            measures=_measures(base, language),
            repeats=tuple(_repeat(each, language) for each in repeatability(store)),
            bands=tuple(_band(each, language) for each in own_bands(store)),
        )


def _paces(base: DuckDBPyConnection) -> tuple[Pace, ...]:
    return tuple(
        Pace(
            kind=kind,
            visits=count,
            median=f"{median:.2f}",
            high=f"{high:.2f}",
            hours=f"{hours:.2f}",
        )
        for kind, count, median, high, hours in base.sql(PACES).fetchall()
    )


def _measures(base: DuckDBPyConnection, language: Language) -> tuple[MeasureRow, ...]:
    rows = []
    for name, side, region, unit, n, median, q, bars, heights in base.sql(
        COUNTED.format(bars=BARS)
    ).fetchall():
        measure = (name, side, region, unit)
        rows.append(
            MeasureRow(
                label=_label(measure, language),
                side=_side(measure, language),
                unit=unit,
                n=n,
                median=_number(median, name),
                low=_number(q[1], name),
                high=_number(q[2], name),
                bars=_bars(bars, heights),
            )
        )
    return tuple(rows)


def _bars(bars: list[int | None], heights: list[int]) -> Bars:
    """Return the path of a row of bars; a single value is one bar in the middle."""
    high = np.zeros(BARS)
    for bar, height in zip(bars, heights, strict=True):
        high[BARS // 2 if bar is None else bar] += height
    scaled = np.round(high / high.max() * BARS_HEIGHT_PX).astype(int)
    steps = (
        f"M{number * BAR_WIDTH_PX},{BARS_HEIGHT_PX}v{-tall}h{BAR_WIDTH_PX - 1}v{tall}z"
        for number, tall in enumerate(scaled)
        if tall
    )
    return Bars(width=BARS * BAR_WIDTH_PX, height=BARS_HEIGHT_PX, path="".join(steps))


def _repeat(each: Repeatability, language: Language) -> RepeatRow:
    name = each.measure[0]
    try:
        known = definition(name).errors
    except CatalogueError:
        known = ()
    return RepeatRow(
        label=_label(each.measure, language),
        side=_side(each.measure, language),
        unit=each.measure[3],
        people=each.people,
        visits=each.visits,
        sem=_number(each.sem, name),
        low=_number(each.low, name),
        high=_number(each.high, name),
        mdc=_number(each.mdc, name),
        known=", ".join(f"{e.detectable_change:g} ({e.modality})" for e in known),
        dated=each.dated,
    )


def _band(each: Band, language: Language) -> BandRow:
    name = each.measure[0]
    return BandRow(
        label=_label(each.measure, language),
        side=_side(each.measure, language),
        unit=each.measure[3],
        people=each.people,
        mean=_number(each.mean, name),
        low=_number(each.low, name),
        high=_number(each.high, name),
    )


def _label(measure: Measure, language: Language) -> str:
    name, _, region, _ = measure
    try:
        label = definition(name).label.of(language)
    except CatalogueError:  # a store outlives a catalogue
        label = name
    return f"{label}, {region}" if region else label


def _side(measure: Measure, language: Language) -> str:
    return _words(language)[measure[1]] if measure[1] else ""


def _number(value: float, name: str) -> str:
    try:
        digits = definition(name).digits
    except CatalogueError:
        digits = 2
    return f"{value:.{digits}f}"


def _words(language: Language) -> dict[str, str]:
    source = resources.files("gaitkit.archive") / "page.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return {key: text[language] for key, text in table.items()}
