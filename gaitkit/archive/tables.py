"""The tables of the store: their columns, and an assessment as their rows.

Only what cannot name anybody becomes a cell: codes, numbers, words of a fixed list and
dates of visits. Free text (history, what was given, reasons with a file name in them)
stays out; its code, where it has one, goes in.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.model.decisions import plan_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import Plan
    from gaitkit.model.recording import Recording
    from gaitkit.model.visit import Visit

Cell = str | float | int | bool | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, its columns with their SQL types, what it holds."""

    name: str
    holds: str
    columns: tuple[tuple[str, str], ...]


KEYS = (("visit", "VARCHAR"), ("subject", "VARCHAR"))
"""The first columns of every table; `rows_of` leaves them to the store."""

TABLES = (
    Table(
        name="visits",
        holds="one visit a row: who (pseudonym), when, facts of the person",
        columns=(
            ("visited_on", "DATE"), ("height_m", "DOUBLE"), ("mass_kg", "DOUBLE"),
            ("age_years", "DOUBLE"), ("sex", "VARCHAR"), ("norm", "BOOLEAN"),
            ("therapy_start", "DATE"), ("gaitkit", "VARCHAR"), ("rules", "VARCHAR"),
        ),
    ),
    Table(
        name="recordings",
        holds="one recording a row: kind, clock, scale, quality, or why it was refused",
        columns=(
            ("recording", "VARCHAR"), ("kind", "VARCHAR"), ("view", "VARCHAR"),
            ("condition", "VARCHAR"), ("sha256", "VARCHAR"), ("rate_hz", "DOUBLE"),
            ("duration_s", "DOUBLE"), ("time_source", "VARCHAR"),
            ("scale", "VARCHAR"), ("quality", "VARCHAR"), ("reasons", "VARCHAR"),
            ("confidence", "DOUBLE"), ("series", "VARCHAR"),
        ),
    ),
    Table(
        name="measurements",
        holds="one number a row with its error, or the code of the reason why not",
        columns=(
            ("name", "VARCHAR"), ("side", "VARCHAR"), ("region", "VARCHAR"),
            ("value", "DOUBLE"), ("unit", "VARCHAR"), ("sd", "DOUBLE"),
            ("low", "DOUBLE"), ("high", "DOUBLE"), ("spread", "DOUBLE"),
            ("n", "INTEGER"), ("method", "VARCHAR"), ("recording", "VARCHAR"),
            ("quality", "VARCHAR"), ("why_missing", "VARCHAR"),
        ),
    ),
    Table(
        name="findings",
        holds="the verdict of one rule a row; gaitkit rules show ID explains it",
        columns=(
            ("rule", "VARCHAR"), ("revision", "INTEGER"), ("verdict", "VARCHAR"),
            ("probability", "DOUBLE"), ("measure", "VARCHAR"), ("side", "VARCHAR"),
            ("recording", "VARCHAR"),
        ),
    ),
    Table(
        name="plans",
        holds="the plan of one visit a row: triage and what was suggested",
        columns=(
            ("status", "VARCHAR"), ("triage", "VARCHAR"), ("suggestions", "INTEGER"),
            ("kinds", "VARCHAR"), ("cautions", "INTEGER"), ("referrals", "INTEGER"),
            ("follow_up_from", "DATE"), ("follow_up_to", "DATE"),
        ),
    ),
    Table(
        name="suggestions",
        holds="one suggestion a row, as the podotherapist decided it where that was "
        "noted",
        columns=(
            ("kind", "VARCHAR"), ("side", "VARCHAR"), ("element", "VARCHAR"),
            ("amount", "DOUBLE"), ("unit", "VARCHAR"), ("location", "VARCHAR"),
            ("rule", "VARCHAR"),
        ),
    ),
    Table(
        name="proms",
        holds="one patient-reported score a row",
        columns=(
            ("instrument", "VARCHAR"), ("score", "DOUBLE"), ("taken_on", "DATE"),
        ),
    ),
    Table(
        name="therapies",
        holds="one provision a row: what kind, since when",
        columns=(
            ("kind", "VARCHAR"), ("side", "VARCHAR"), ("amount_mm", "DOUBLE"),
            ("start", "DATE"), ("definitive", "BOOLEAN"),
        ),
    ),
)  # fmt: skip
"""Every table of the store, after the columns `KEYS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A recording of a visit that could not be used, beside others that could."""

    recording: str
    kind: str | None
    sha256: str | None


def pack(
    assessment: Assessment, visit: Visit, *, norm: bool, refused: tuple[Refused, ...]
) -> bytes:
    """Return an assessment as the rows of all tables, compressed.

    Parameters
    ----------
    assessment : Assessment
        The result.
    visit : Visit
        What it was made from.
    norm : bool
        Whether the visit is ticked for the clinic's own norm bands.
    refused : tuple of Refused
        Recordings of the visit that took no part.
    """
    tables = {
        "visits": [_visit(assessment, visit, norm=norm)],
        "recordings": [
            *(_recording(each) for each in assessment.recordings),
            *(_refused(each) for each in refused),
        ],
        "measurements": [_measurement(each) for each in assessment.measurements],
        "findings": [
            (
                f.rule, f.revision, f.verdict, f.probability, f.measure, f.side,
                f.recording,
            )
            for f in assessment.findings
        ],
        "plans": [_plan(plan_in_force(assessment).plan)],
        "suggestions": [
            (s.kind, s.side, s.element, s.amount, s.unit, s.location, s.rule)
            for s in plan_in_force(assessment).plan.suggestions
        ],
        "proms": [(p.instrument, p.score, _day(p.taken_on)) for p in visit.proms],
        "therapies": [
            (t.kind, t.side, t.amount_mm, _day(t.start), t.definitive)
            for t in visit.therapy
        ],
    }  # fmt: skip
    text = json.dumps(tables, allow_nan=False, separators=(",", ":"))
    return zlib.compress(text.encode(), level=1)


def unpack(results: bytes) -> dict[str, list[list[Cell]]]:
    """Return the rows of each table, by its name."""
    tables: dict[str, list[list[Cell]]] = json.loads(zlib.decompress(results))
    return tables


def series_name(work: str, recording: str) -> str:
    """Return where the series of a recording lie in the store."""
    return f"series/{work[:2]}/{work}-{recording}.parquet"


def has_series(kind: str) -> bool:
    """Return whether a kind of recording has series (keypoints and angles)."""
    return kind in {"video", "markers", "pose"}


def _visit(assessment: Assessment, visit: Visit, *, norm: bool) -> Row:
    subject = assessment.subject
    starts = [therapy.start for therapy in visit.therapy]
    return (
        _day(visit.visited_on), subject.height_m, subject.mass_kg, subject.age_years,
        subject.sex, norm, _day(min(starts, default=None)),
        assessment.provenance.gaitkit, assessment.provenance.rule_set_sha256,
    )  # fmt: skip


def _recording(r: Recording) -> Row:
    return (
        r.id, r.kind, r.view, r.condition, r.sha256, r.rate_hz, r.duration_s,
        r.time_source, r.scale, r.quality.status,
        _joined(reason.code for reason in r.quality.reasons), r.confidence,
        "yes" if has_series(r.kind) else None,
    )  # fmt: skip


def _refused(r: Refused) -> Row:
    blank: Row = (None,) * 4
    head: Row = (r.recording, r.kind, None, None, r.sha256)
    return (*head, *blank, "refused", "recording_refused", None, None)


def _measurement(m: Measurement) -> Row:
    return (
        m.name, m.side, m.region, m.value, m.unit, m.sd, m.low, m.high, m.spread, m.n,
        m.method, m.recording, m.quality,
        m.why_missing.code if m.why_missing else None,
    )  # fmt: skip


def _plan(plan: Plan) -> Row:
    window = plan.follow_up
    return (
        plan.status, plan.triage.status, len(plan.suggestions),
        _joined(each.kind for each in plan.suggestions), len(plan.cautions),
        len(plan.referrals), _day(window.from_ if window else None),
        _day(window.to if window else None),
    )  # fmt: skip


def _joined(words: Iterator[str]) -> str | None:
    """Return words once each, in their order, joined by a comma; None for none."""
    return ",".join(dict.fromkeys(words)) or None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
