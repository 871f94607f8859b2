"""What produced the report, and what it may be used for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gaitkit.report.blocks import Columns, Fact, Facts, Listing, Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gaitkit.report.inputs import ReportInputs

SHOWN_HASH = 16
"""Characters of a sha256 that the report shows; assessment.json has all 64."""


def provenance(material: ReportInputs) -> Section:
    """Return versions, hashes and the configuration."""
    words, made_by = material.words, material.assessment.provenance
    rules = words(
        "provenance.rules_value",
        revision=made_by.rule_set_revision,
        sha=made_by.rule_set_sha256[:SHOWN_HASH],
    )
    versions = (
        Fact(label=words("provenance.program"), value=made_by.gaitkit),
        Fact(label=words("provenance.rules"), value=rules),
        Fact(label=words("provenance.schema"), value=made_by.schema),
        Fact(label=words("provenance.created"), value=made_by.created),
    )
    files = [
        Fact(
            label=words("provenance.recording", id=recording.id),
            value=f"sha256 {recording.sha256[:SHOWN_HASH]}",
        )
        for recording in material.assessment.recordings
    ]
    files += [
        Fact(
            label=words("provenance.model", name=model.name),
            value=f"sha256 {model.sha256[:SHOWN_HASH]}",
        )
        for model in made_by.model_files
    ]
    if made_by.practice_kit_sha256 is not None:
        own = f"sha256 {made_by.practice_kit_sha256[:SHOWN_HASH]}"
        files.append(Fact(label=words("kit.used"), value=own))
    listing = "\n".join(_lines(made_by.config))
    return Section(
        anchor="provenance",
        title=words("provenance.title"),
        blocks=(
            Columns(
                lists=(
                    Facts(title=words("provenance.versions"), facts=versions),
                    Facts(title=words("provenance.files"), facts=tuple(files)),
                )
            ),
            Listing(title=words("provenance.config"), text=listing),
        ),
    )


def intended_use(material: ReportInputs) -> Section:
    """Return what gaitkit is and is not for."""
    words = material.words
    keys = ("text", "duties", "privacy")
    return Section(
        anchor="intended-use",
        title=words("intended_use.title"),
        blocks=tuple(Paragraph(text=words(f"intended_use.{key}")) for key in keys),
    )


def _lines(config: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key} = {json.dumps(value, default=str)}"
