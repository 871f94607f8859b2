"""The report of an archive: one HTML page that asks for nothing outside itself.

Repeatability and norm bands from the clinic's own visits.

Both say what this clinic's recordings do under its own conditions, which a figure from
the literature cannot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri, stdtrit

from gaitkit.archive.query import asking
from gaitkit.archive.ticks import read_ticks
from gaitkit.doors import shipped_table
from gaitkit.errors import CatalogueError
from gaitkit.io.atomic import new_file
from gaitkit.measure.uncertainty import CHANGE_FACTOR
from gaitkit.model.catalogue import definition
from gaitkit.plots.style import BAND_EDGE, INK, MUTED, RULE
from gaitkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

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

REPEAT_DAYS = 14
"""Visits of one person within so many days are repeats, where the days are known: the
usual interval of test and retest, too short for a gait to change by itself (Streiner,
Norman and Cairney, Health Measurement Scales, 2015, chapter 8)."""

FEWEST_REPEATED = 5
"""People with repeat visits below which nothing is said (choice of gaitkit)."""

FEWEST_NORMAL = 20
"""People below whom no norm band is drawn: the fewest with which a laboratory may
verify a reference interval (CLSI EP28-A3c)."""

UPPER = 0.975
Measure = tuple[str, str | None, str | None, str]
"""Name, side, region and unit."""

VALUES = """
SELECT m.name, m.side, m.region, m.unit, m.subject, m.visit, v.visited_on,
    avg(m.value) AS value
FROM measurements m JOIN visits v USING (visit)
WHERE m.value IS NOT NULL AND m.subject IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""
"""One value for each visit: recordings of one visit are averaged."""


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


def write_page(store: Path | str, path: Path | str, *, language: Language) -> Path:
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
        page=page_of(Path(store), language=language),
        w=words,
        lang=language,
        version=__version__,
        ink=INK,
        muted=MUTED,
        rule=RULE,
        bar=BAND_EDGE,
    )
    with new_file(Path(path)) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)


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
    table = shipped_table("gaitkit.archive", "page.toml")
    return {key: text[language] for key, text in table.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """How well a measure repeats.

    Attributes
    ----------
    measure : tuple
        Name, side, region, unit.
    people, visits : int
        Behind the figures.
    sem, low, high : float
        Standard error of measurement with its 95 % interval, in the unit.
    mdc : float
        Change that is more than error in 95 % of the cases, for two visits.
    dated : bool
        False when days of visits are unknown, so that real change may be in it.
    """

    measure: Measure
    people: int
    visits: int
    sem: float
    low: float
    high: float
    mdc: float
    dated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where 95 % of single healthy people of this clinic are expected."""

    measure: Measure
    people: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    subject: str
    visit: str
    day: date | None
    value: float


def repeatability(store: Path | str) -> tuple[Repeatability, ...]:
    """Return the repeatability of every measure with enough repeat visits.

    Raises
    ------
    InputError
        If there is no store.
    """
    found = (_repeatability(*each) for each in _values(Path(store)).items())
    return tuple(each for each in found if each is not None)


def own_bands(store: Path | str) -> tuple[Band, ...]:
    """Return norm bands from the visits that the clinic ticked.

    Of each person the first ticked visit counts, so that nobody counts twice.

    Raises
    ------
    InputError
        If there is no store.
    """
    store = Path(store)
    with asking(store) as base:
        told = base.sql("SELECT visit FROM visits WHERE norm").fetchall()
    ticked = {row[0] for row in told} | set(read_ticks(store))
    bands = []
    for measure, rows in _values(store).items():
        theirs = [row for row in rows if row.visit in ticked]
        first = {row.subject: row.value for row in sorted(theirs, key=_latest_first)}
        band = norm_band(measure, list(first.values()))
        if band is not None:
            bands.append(band)
    return tuple(bands)


def within_subject(
    groups: Sequence[Sequence[float]],
) -> tuple[float, float, float] | None:
    """Return the standard error of measurement and its 95 % interval.

    Parameters
    ----------
    groups : sequence of sequence of float
        Repeated values of each person; people with one value say nothing.

    Returns
    -------
    tuple of float or None
        ``sqrt(sum (x - mean of the person)^2 / sum (k - 1))`` and its interval by the
        chi-square distribution; None without repeats.

    Notes
    -----
    The within-subject standard deviation of a one-way analysis of variance. Wrong
    where the error grows with the value, and too large where people really changed.

    References
    ----------
    Bland JM, Altman DG (1996), Measurement error. doi:10.1136/bmj.313.7059.744
    """
    repeated = [np.asarray(group, float) for group in groups if len(group) > 1]
    dof = sum(group.size - 1 for group in repeated)
    if dof == 0:
        return None
    squares = sum(float(np.sum((group - group.mean()) ** 2)) for group in repeated)
    low = math.sqrt(squares / float(chdtri(dof, 1.0 - UPPER)))
    high = math.sqrt(squares / float(chdtri(dof, UPPER)))
    return math.sqrt(squares / dof), low, high


def norm_band(measure: Measure, values: Sequence[float]) -> Band | None:
    """Return the band of single people, None with fewer than `FEWEST_NORMAL`.

    Notes
    -----
    ``mean +- t(0.975, n - 1) s sqrt(1 + 1/n)``: the prediction interval of a normal
    distribution. Wrong for a skewed measure.

    References
    ----------
    Hahn GJ, Meeker WQ (1991), Statistical Intervals, Wiley.
    """
    n = len(values)
    if n < FEWEST_NORMAL:
        return None
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    half = float(stdtrit(n - 1, UPPER)) * spread * math.sqrt(1.0 + 1.0 / n)
    return Band(measure=measure, people=n, mean=mean, low=mean - half, high=mean + half)


def _repeatability(measure: Measure, rows: Sequence[_Value]) -> Repeatability | None:
    people: dict[str, list[_Value]] = {}
    for row in rows:
        people.setdefault(row.subject, []).append(row)
    repeats = [near for own in people.values() if len(near := _near(own)) > 1]
    found = within_subject([[row.value for row in own] for own in repeats])
    if found is None or len(repeats) < FEWEST_REPEATED:
        return None
    sem, low, high = found
    return Repeatability(
        measure=measure,
        people=len(repeats),
        visits=sum(map(len, repeats)),
        sem=sem,
        low=low,
        high=high,
        mdc=CHANGE_FACTOR * sem,
        dated=all(row.day is not None for own in repeats for row in own),
    )


def _near(own: Sequence[_Value]) -> list[_Value]:
    """Return the visits of a person that lie near the first; all where days lack."""
    days = [row.day for row in own if row.day is not None]
    if len(days) < len(own):
        return list(own)
    first = min(days)
    return [r for r in own if r.day and (r.day - first).days <= REPEAT_DAYS]


def _latest_first(row: _Value) -> tuple[int, str]:
    return (-row.day.toordinal() if row.day else 0, row.visit)


def _values(store: Path) -> Mapping[Measure, list[_Value]]:
    found: dict[Measure, list[_Value]] = {}
    with asking(store) as base:
        rows = base.sql(VALUES).fetchall()
    for name, side, region, unit, subject, visit, day, value in rows:
        found.setdefault((name, side, region, unit), []).append(
            _Value(subject=subject, visit=visit, day=day, value=value)
        )
    return found
