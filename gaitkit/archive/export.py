"""A store as a Motion-BIDS dataset, with films in which nobody can be recognised.

Subjects are labelled by pseudonym and sessions by the key of the visit. Motion files
hold what the store holds: cleaned keypoints and joint angles on one clock. Films, when
asked for, are read from the archive through the register and written with everything
but the walker's body blurred; gaits can be recognised all the same.

References
----------
Jeung S, et al. (2024) Motion-BIDS. doi:10.1038/s41597-024-03559-8
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.archive.query import asking
from gaitkit.archive.store import existing
from gaitkit.archive.tables import series_name
from gaitkit.archive.walk import Entities, label, stem_of
from gaitkit.io.atomic import new_folder
from gaitkit.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from duckdb import DuckDBPyConnection

BIDS_VERSION = "1.9.0"
"""The version of BIDS that took in Motion-BIDS."""

SESSION_LETTERS = 8

RECORDINGS = """
SELECT visit, subject, recording, kind, rate_hz FROM recordings
WHERE series = 'yes' ORDER BY subject, visit, recording
"""
PEOPLE = """
SELECT subject, any_value(sex), max(height_m), max(mass_kg), min(age_years)
FROM visits WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject
"""
SIGNALS = """
SELECT time_s, value, concat_ws('_', name, side, axis) AS channel
FROM read_parquet($1) WHERE series = $2
"""
CHANNELS = """
SELECT DISTINCT concat_ws('_', name, side, axis) AS channel, axis, name, side, unit
FROM read_parquet($1) WHERE series = $2 ORDER BY channel
"""
SERIES = (("keypoints_walking", "POS"), ("angles", "JNTANG"))
"""Series that go out, with the type of channel in Motion-BIDS."""

MISSING = "n/a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One recording of a store and its name in the dataset."""

    visit: str
    recording: str
    kind: str
    rate_hz: float | None
    entities: Entities

    @property
    def folder(self) -> str:
        """Where its files lie, relative to the dataset."""
        return f"sub-{self.entities.sub}/ses-{self.entities.ses}/motion"


def export_bids(store: Path, out: Path) -> tuple[Exported, ...]:
    """Write a store as a Motion-BIDS dataset.

    Parameters
    ----------
    store : Path
        Folder of the store.
    out : Path
        New or empty folder.

    Returns
    -------
    tuple of Exported
        What was written.

    Raises
    ------
    InputError
        If there is no store.
    OutputError
        If the folder holds something, or cannot be written.
    """
    place = existing(store)
    with asking(store) as base, new_folder(out) as new:
        recordings = exported(base)
        _write_json(
            new / "dataset_description.json",
            {
                "Name": "gaitkit archive",
                "BIDSVersion": BIDS_VERSION,
                "DatasetType": "derivative",
                "GeneratedBy": [{"Name": "gaitkit", "Version": __version__}],
            },
        )
        _participants(base, recordings, new / "participants.tsv")
        for each in recordings:
            name = series_name(each.visit, each.recording)
            for series, kind in SERIES:
                _motion(base, each, place / name, new, series=series, kind=kind)
    return recordings


def exported(base: DuckDBPyConnection) -> tuple[Exported, ...]:
    """Return every recording with series, with its entities."""
    runs: Counter[tuple[str, str]] = Counter()
    found = []
    for visit, subject, recording, kind, rate in base.sql(RECORDINGS).fetchall():
        runs[visit, kind] += 1
        entities = Entities(
            sub=label(subject or f"unknown{visit[:SESSION_LETTERS]}"),
            ses=visit[:SESSION_LETTERS],
            task="walk",
            tracksys=kind,
            run=str(runs[visit, kind]),
        )
        found.append(
            Exported(
                visit=visit,
                recording=recording,
                kind=kind,
                rate_hz=rate,
                entities=entities,
            )
        )
    return tuple(found)


def _motion(
    base: DuckDBPyConnection,
    each: Exported,
    source: Path,
    out: Path,
    *,
    series: str,
    kind: str,
) -> None:
    """Write one series of a recording: numbers, channels and what they mean."""
    asked = [str(source.resolve()), series]
    rows = base.execute(SIGNALS, asked).df()
    if rows.empty:
        return
    table = rows.pivot_table(index="time_s", columns="channel", values="value")
    channels = base.execute(CHANNELS, asked).df()
    stem = stem_of(_of_series(each.entities, kind))
    folder = out / each.folder
    folder.mkdir(parents=True, exist_ok=True)
    numbers = table.reindex(columns=channels["channel"])
    motion = folder / f"{stem}_motion.tsv"
    numbers.to_csv(motion, sep="\t", index=False, header=False, na_rep=MISSING)
    _channels(channels, kind).to_csv(
        folder / f"{stem}_channels.tsv", sep="\t", index=False, na_rep=MISSING
    )
    times = table.index.to_numpy()
    span = float(times[-1] - times[0])
    rate = (len(times) - 1) / span if span > 0.0 else each.rate_hz
    _write_json(
        folder / f"{stem}_motion.json",
        {
            "TaskName": "walk",
            "TrackingSystemName": each.kind,
            "SamplingFrequency": rate if rate is not None else MISSING,
            "RecordingDuration": span,
            "MotionChannelCount": len(channels),
            "MissingValues": MISSING,
        },
    )


def _of_series(entities: Entities, kind: str) -> Entities:
    import dataclasses

    return dataclasses.replace(entities, acq="keypoints" if kind == "POS" else "angles")


def _channels(channels: pd.DataFrame, kind: str) -> pd.DataFrame:
    point = channels["name"].where(
        channels["side"].isna(), channels["side"] + "_" + channels["name"]
    )
    return channels.assign(
        name=channels["channel"],
        component=channels["axis"].fillna(MISSING),
        type=kind,
        tracked_point=point,
        units=channels["unit"],
    )[["name", "component", "type", "tracked_point", "units"]]


def _participants(
    base: DuckDBPyConnection, recordings: tuple[Exported, ...], path: Path
) -> None:
    known = {row[0]: row[1:] for row in base.sql(PEOPLE).fetchall()}
    lines = ["participant_id\tsex\theight_m\tmass_kg\tage"]
    for sub in sorted({each.entities.sub for each in recordings}):
        facts = known.get(sub, (None,) * 4)
        cells = (MISSING if fact is None else str(fact) for fact in facts)
        lines.append("\t".join((f"sub-{sub}", *cells)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_json(path: Path, table: dict[str, object]) -> None:
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
