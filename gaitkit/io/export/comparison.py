"""The comparison of two visits: ``compare.json``, its JSON Schema, and a table."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from gaitkit.io.atomic import new_file
from gaitkit.io.export.json_door import schema_of, write_json
from gaitkit.model.comparison import COMPARISON_SCHEMA_VERSION, Comparison

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    "name", "side", "region", "unit", "before", "after", "change", "sd", "low", "high",
    "detectable_change", "verdict", "why_no_claim", "n_before", "n_after", "method",
    "recording_before", "recording_after",
)  # fmt: skip
"""``why_no_claim`` holds the code of the reason, which is stable."""


def write_comparison_json(comparison: Comparison, path: Path) -> Path:
    """Write a comparison as JSON and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_json(comparison, path)


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``compare.json``."""
    return schema_of(
        Comparison, title="gaitkit comparison", version=COMPARISON_SCHEMA_VERSION
    )


def write_changes_csv(comparison: Comparison, path: Path) -> Path:
    """Write the changes as CSV, one a row, with every digit; return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with new_file(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(COLUMNS)
        for c in comparison.changes:
            old, new = c.before, c.after
            table.writerow(
                (
                    old.name, old.side, old.region, old.unit, old.value, new.value,
                    c.value, c.sd, c.low, c.high, c.detectable_change, c.verdict,
                    c.why_no_claim.code if c.why_no_claim else None, old.n, new.n,
                    old.method, old.recording, new.recording,
                )
            )  # fmt: skip
    return path
