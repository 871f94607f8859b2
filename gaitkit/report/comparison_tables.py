"""Tables and figure of the comparison of two visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.symmetry import INDEX
from gaitkit.model.catalogue import definition
from gaitkit.model.wording import interval, number, percent, quantity, signed, with_unit
from gaitkit.plots.changes import ChangeWords, plot_changes
from gaitkit.plots.style import to_svg
from gaitkit.report.blocks import (
    Cell,
    Column,
    Drawing,
    Row,
    RowGroup,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.comparison import (
        Change,
        Comparison,
        PromChange,
    )
    from gaitkit.model.measurement import Measurement
    from gaitkit.report.blocks import Tone
    from gaitkit.report.words import Words

FIGURE = "changes"
SHOWN_ROWS = 40
"""Rows of the figure, the largest changes first when there are more."""

MOVED = frozenset({"increased", "decreased"})
NOTHING = "–"


def full_name(measurement: Measurement, words: Words) -> str:
    """Return a measure with its region and side in words."""
    language = words.language
    name = definition(measurement.name).label.of(language)
    if measurement.region is not None:
        region = measurement.region
        named = (
            definition(region).label.of(language).lower()
            if measurement.name == INDEX
            else words(f"region.{region}")
        )
        name = f"{name}, {named}"
    return (
        name
        if measurement.side is None
        else f"{name} {words(f'side.{measurement.side}')}"
    )


def change_figure(comparison: Comparison, words: Words) -> Drawing | None:
    """Return every judged change of a whole measure in multiples of its limit."""
    judged = [
        change
        for change in comparison.changes
        if change.verdict != "no_claim"
        and change.before.region is None
        and change.detectable_change > 0
    ]
    if not judged:
        return None
    if len(judged) > SHOWN_ROWS:
        largest = sorted(judged, key=lambda c: -abs(c.value) / c.detectable_change)
        kept = {id(change) for change in largest[:SHOWN_ROWS]}
        judged = [change for change in judged if id(change) in kept]
    moved = sum(change.verdict in MOVED for change in judged)
    alt = words("compare.figure_alt", n=len(judged), k=moved)
    ax = plot_changes(
        judged,
        rows=[(full_name(c.before, words), _difference(c, words)) for c in judged],
        words=ChangeWords(
            smaller=words("compare.smaller"),
            none=words("compare.none_shown"),
            larger=words("compare.larger"),
            axis=words("compare.axis"),
        ),
        language=words.language,
    )
    return Drawing(
        name=FIGURE,
        svg=to_svg(ax, name=FIGURE, title=alt),
        caption=words("compare.figure"),
        alt=alt,
    )


def change_table(comparison: Comparison, words: Words) -> Table:
    """Return the table of all changes, by pair of recordings."""
    groups: dict[str, list[Row]] = {}
    titles = {
        pair.before: f"{words(f'recording.{pair.kind}').capitalize()} "
        f"({pair.before} → {pair.after})"
        for pair in comparison.recordings
    }
    for change in comparison.changes:
        if change.before.region is not None and change.verdict not in MOVED:
            continue
        own = titles.get(change.before.recording or "", words("compare.whole_visit"))
        groups.setdefault(own, []).append(_row(change, words))
    return Table(
        caption=words("compare.table"),
        columns=(
            Column(label=words("compare.measure")),
            Column(label=words("compare.before"), numeric=True),
            Column(label=words("compare.after"), numeric=True),
            Column(label=words("compare.change"), numeric=True),
            Column(label=words("compare.judgement")),
        ),
        groups=tuple(
            RowGroup(title=title, rows=tuple(rows)) for title, rows in groups.items()
        ),
    )


def prom_table(changes: Sequence[PromChange], words: Words) -> Table:
    """Return the questionnaires of both visits."""
    columns = (
        "questionnaire", "before", "after", "change", "important_from", "judgement",
    )  # fmt: skip
    return Table(
        caption=words("compare.complaints_caption"),
        columns=tuple(
            Column(label=words(f"compare.{key}"), numeric=key in columns[1:4])
            for key in columns
        ),
        groups=(
            RowGroup(
                title=words("compare.complaints"),
                rows=tuple(_prom_row(change, words) for change in changes),
            ),
        ),
    )


def _row(change: Change, words: Words) -> Row:
    language, name = words.language, change.before.name
    limit = quantity(change.detectable_change, name, language)
    moved = change.verdict in MOVED
    tone: Tone = "caution" if moved else "quiet"
    return Row(
        cells=(
            Cell(text=full_name(change.before, words)),
            _value(change.before, words),
            _value(change.after, words),
            Cell(
                text=_difference(change, words),
                notes=(interval(change.low, change.high, name, language),),
            ),
            Cell(
                text=words(f"compare.{verdict_word(change)}"),
                notes=(words("compare.limit", limit=limit),),
                tone=tone,
            ),
        )
    )


def _value(measurement: Measurement, words: Words) -> Cell:
    shown = quantity(measurement.value or 0.0, measurement.name, words.language)
    note = words("measures.n", n=measurement.n)
    return Cell(text=shown, notes=(note,))


def _difference(change: Change, words: Words) -> str:
    entry = definition(change.before.name)
    shown = signed(change.value, entry.digits, words.language)
    return with_unit(shown, entry.unit)


def _prom_row(change: PromChange, words: Words) -> Row:
    language = words.language
    notes = [words("compare.recovered")] if change.recovered else []
    good = change.verdict in {"improved", "success"}
    return Row(
        cells=(
            Cell(
                text=change.label.of(language),
                notes=(words("compare.source", source=change.source.of(language)),),
            ),
            Cell(text=_score(change.before.score if change.before else None, words)),
            Cell(text=_score(change.after.score, words)),
            Cell(text=NOTHING if change.change is None else _step(change, words)),
            Cell(text=_limit(change, words)),
            Cell(
                text=words(f"compare.{change.verdict}"),
                notes=tuple(notes),
                tone="good" if good else "plain",
            ),
        )
    )


def _step(change: PromChange, words: Words) -> str:
    value = change.change or 0.0
    return signed(value, 0 if value.is_integer() else 1, words.language)


def _score(score: float | None, words: Words) -> str:
    if score is None:
        return NOTHING
    return number(score, 0 if float(score).is_integer() else 1, words.language)


def _limit(change: PromChange, words: Words) -> str:
    if change.mic is None:
        return NOTHING
    points = _score(change.mic, words)
    if change.mic_relative is None:
        return words("compare.points", points=points)
    share = percent(change.mic_relative, words.language)
    return words("compare.points_or_share", points=points, share=share)


def verdict_word(change: Change) -> str:
    """Return the word of a verdict; of two that are not compared, not judged."""
    return "not_judged" if change.verdict == "no_claim" else change.verdict
