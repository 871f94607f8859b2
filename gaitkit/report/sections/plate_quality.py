"""What the numbers of a plate rest on: the device, its units, the contacts used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.measure.foot.use import rejection
from gaitkit.model.side import Side
from gaitkit.report.blocks import Fact, Facts
from gaitkit.report.numbers import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.foot import MeasuredFoot
    from gaitkit.model.plate import PlateResult
    from gaitkit.model.pressure import Evidence
    from gaitkit.report.material import Material


def plate_facts(material: Material, recording: str) -> Iterator[Facts]:
    """Yield the facts of each mat of a recording, and how many contacts count."""
    words = material.words
    results = _results(material, recording)
    for result in results:
        yield Facts(title=words("device.title"), facts=tuple(_device(material, result)))
    feet = [foot for result in results for foot in result.feet]
    facts = []
    for side in Side:
        own = [foot for foot in feet if foot.side is side]
        value = words("device.used", used=_used(own), total=len(own))
        facts.append(Fact(label=words(f"device.{side}"), value=value))
    yield Facts(title=words("device.contacts"), facts=tuple(facts))


def contacts_used(material: Material, recording: str) -> tuple[int, int]:
    """Return how many contacts count in averages of whole contacts, and of how many."""
    feet = [f for result in _results(material, recording) for f in result.feet]
    return _used(feet), len(feet)


def _results(material: Material, recording: str) -> tuple[PlateResult, ...]:
    return next(a.plates for a in material.analyses if a.recording.id == recording)


def _used(feet: list[MeasuredFoot]) -> int:
    return sum(rejection(foot) is None for foot in feet)


def _device(material: Material, result: PlateResult) -> Iterator[Fact]:
    words, language = material.words, material.language
    source, (rows, cols) = result.source, result.frame.pitch_mm
    yield Fact(label=words("device.maker"), value=f"{source.maker}, {source.format}")
    unit = f"{source.raw_unit} ({_known(material, source.unit_evidence)})"
    yield Fact(label=words("device.unit"), value=unit)
    if result.frame.heading.startswith("cols"):
        rows, cols = cols, rows
    pitch = words(
        "device.pitch", rows=number(rows, 2, language), cols=number(cols, 2, language)
    )
    known = _known(material, source.pitch_evidence)
    yield Fact(label=words("device.sensors"), value=f"{pitch} ({known})")
    heading = words(f"device.{result.frame.heading}")
    yield Fact(label=words("device.heading"), value=heading)
    if source.checksum is not None:
        value = words(
            "device.checksum_value",
            name=source.checksum.name,
            worst=number(source.checksum.worst, 3, language),
            unit=source.checksum.unit,
            frames=source.checksum.frames,
        )
        yield Fact(label=words("device.checksum"), value=value)


def _known(material: Material, evidence: Evidence) -> str:
    return material.words(f"device.{evidence.replace(' ', '_')}")
