"""The table of facts of the source texts and what in gaitkit carries each.

Printed as Markdown by ``python -m gaitkit.rules.traceability``; a test resolves every
carrier to something that exists.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby

GROUPS = {
    "a": "S0, leaflet for patients",
    "b": "S1, care module",
    "c": "S2, physiotherapy page",
    "d": "S3, practice page",
    "e": "S4, text on the disc",
    "f": "Contradictions between the sources",
    "g": "Codes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedFact:
    """A fact of the sources and its carriers, each ``kind:name``."""

    id: str
    source: tuple[str, ...]
    fact: str
    carriers: tuple[str, ...]


@cache
def traced_facts() -> tuple[TracedFact, ...]:
    """Return every fact in the order of the file."""
    file = resources.files("gaitkit.rules") / "traceability.toml"
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        TracedFact(
            id=name,
            source=tuple(table["source"]),
            fact=table["fact"],
            carriers=tuple(table["carriers"]),
        )
        for name, table in tables.items()
    )


def page() -> str:
    """Return the table as Markdown."""
    lines = [
        "# Facts of the sources and what carries them",
        "",
        "Made from `gaitkit/rules/traceability.toml`; a test resolves every entry.",
    ]
    for letter, facts in groupby(traced_facts(), key=lambda each: each.id[0]):
        lines += ["", f"## {GROUPS[letter]}", ""]
        lines += ["| | fact | source | carried by |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {each.id} | {each.fact} | {', '.join(each.source)} | "
            f"{', '.join(f'`{carrier}`' for carrier in each.carriers)} |"
            for each in facts
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
