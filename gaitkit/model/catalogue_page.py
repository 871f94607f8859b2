"""The reference page of all measures, written from the catalogue.

``python -m gaitkit.model.catalogue_page > MEASURES.md`` renews it; a test says when it
is out of date.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.catalogue import Group, MeasureDefinition

HEAD = """\
# Measures · Maten

Every number that gaitkit can state, with its definition, sign, unit and known error.
This page is made from `gaitkit/model/catalogue.toml`; change it there and renew the
page with `python -m gaitkit.model.catalogue_page > MEASURES.md`.

A signed side difference is left minus right. `sd` is the error of a value that
averaging strides does not remove; `detectable` is the 95 % limit of a difference
between two sides or two visits when nothing differs. `video` is the leg that faces a
side-view camera, `video_far` the other leg. Errors of video come from studies with
other pose models, or are assumed, until gaitkit's own benchmark replaces them; each
says which. How errors are combined stands in `gaitkit/measure/uncertainty.py`.

*Alle getallen die gaitkit kan noemen, met definitie, teken, eenheid en bekende fout.
Een zijverschil is links min rechts. `sd` is de fout die middelen over schreden niet
wegneemt; `detectable` is de 95 %-grens van een verschil tussen twee zijden of twee
bezoeken als er niets verschilt. De fouten van video komen uit studies met andere
houdingsmodellen of zijn aangenomen ("assumed"), tot gaitkits eigen metingen er zijn.*
"""

TITLES: dict[Group, str] = {
    "spatiotemporal": "Time and distance · Tijd en afstand",
    "kinematic": "Joint angles · Gewrichtshoeken",
    "score": "Scores",
    "leg_length": "Leg length · Beenlengte",
    "foot": "Foot · Voet",
    "examination": "Examination · Onderzoek",
}


def measures_page() -> str:
    """Return the page as Markdown."""
    lines = [HEAD]
    for group, title in TITLES.items():
        entries = [entry for entry in definitions() if entry.group == group]
        if entries:
            lines.append(f"## {title}\n")
            lines += _overview(entries)
            for entry in entries:
                lines += _entry(entry)
    return "\n".join(lines)


def _overview(entries: list[MeasureDefinition]) -> Iterator[str]:
    yield "| name | English | Nederlands | unit | per side |"
    yield "| --- | --- | --- | --- | --- |"
    for entry in entries:
        side = "yes" if entry.sided else "no"
        label = entry.label
        yield f"| `{entry.name}` | {label.en} | {label.nl} | {entry.unit} | {side} |"
    yield ""


def _entry(entry: MeasureDefinition) -> Iterator[str]:
    low, high = entry.plausible
    yield f"### {entry.name}\n"
    yield f"{entry.definition.en}  "
    yield f"*{entry.definition.nl}*\n"
    yield f"- Plausible: {low:g} to {high:g} {entry.unit}"
    if entry.regions:
        yield "- Regions: " + ", ".join(f"`{region}`" for region in entry.regions)
    if entry.kinds:
        scale = ", and a scale" if entry.needs_scale else ""
        yield f"- Rests on: {', '.join(entry.kinds)}{scale}"
    if entry.group in {"spatiotemporal", "kinematic"} and entry.kinds:
        yield "- One video shows it from: " + (", ".join(entry.views) or "no view")
    if entry.needs_skin_markers is not None:
        yield f"- Only with markers on the skin: {entry.needs_skin_markers}"
    if entry.stride_spread is not None:
        spread = entry.stride_spread
        size = f"{spread.sd:g} {entry.unit}"
        yield f"- Usual spread between strides: {size} ({spread.source})"
    if entry.errors:
        yield ""
        yield "| recording | sd | detectable | inside | source |"
        yield "| --- | --- | --- | --- | --- |"
    for error in entry.errors:
        change = error.detectable_change
        inside = "" if error.inside is None else f"{error.inside:.2f}"
        row = (error.modality, f"{error.sd:g}", f"{change:g}", inside, error.source)
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(measures_page())
