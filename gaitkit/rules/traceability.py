"""The table of facts of the source texts and what in gaitkit carries each.

Printed as Markdown by ``python -m gaitkit.rules.traceability``; a test resolves every
carrier to something that exists.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from gaitkit.doors import shipped_table

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
    """A fact of the sources and its carriers, each ``kind:name``.

    ``shown`` names a visit of the tests and the words of its output that carry the
    fact; empty: nothing shows it, so it does not count as carried.
    """

    id: str
    source: tuple[str, ...]
    fact: str
    carriers: tuple[str, ...]
    shown: tuple[str, ...] = ()


@cache
def traced_facts() -> tuple[TracedFact, ...]:
    """Return every fact in the order of the file."""
    tables = shipped_table("gaitkit.rules", "traceability.toml")
    return tuple(
        TracedFact(
            id=name,
            source=tuple(table["source"]),
            fact=table["fact"],
            carriers=tuple(table["carriers"]),
            shown=tuple(table.get("shown", ())),
        )
        for name, table in tables.items()
    )


def page() -> str:
    """Return the table as Markdown."""
    known = traced_facts()
    carried = sum(bool(fact.shown) for fact in known)
    lines = [
        "# Facts of the sources and what carries them",
        "",
        "Made from `gaitkit/rules/traceability.toml`. A test resolves every entry, and "
        "a fact counts as carried only when a test finds it in the output of a visit "
        f"that fits: {carried} of {len(known)} do.",
    ]
    for letter, facts in groupby(traced_facts(), key=lambda each: each.id[0]):
        lines += ["", f"## {GROUPS[letter]}", ""]
        lines += [
            "| | fact | source | carried by | shown in |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {each.id} | {each.fact} | {', '.join(each.source)} | "
            f"{', '.join(f'`{carrier}`' for carrier in each.carriers)} | "
            f"{'; '.join(each.shown[1:]) or 'nothing yet'} |"
            for each in facts
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
