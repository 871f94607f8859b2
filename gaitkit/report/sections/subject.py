"""Who, by pseudonym, and what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.wording import number, with_unit
from gaitkit.report.blocks import Columns, Fact, Facts, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.recording import Recording
    from gaitkit.report.inputs import ReportInputs


def subject(material: ReportInputs) -> Section:
    """Return the facts of the person and of each recording."""
    words = material.words
    alike: dict[tuple[object, ...], list[Recording]] = {}
    for each in material.assessment.recordings:
        known = (each.kind, each.view, each.condition, each.quality.status)
        alike.setdefault(known, []).append(each)
    return Section(
        anchor="subject",
        title=words("subject.title"),
        blocks=(
            Columns(
                lists=(
                    Facts(facts=_person(material)),
                    *(
                        Facts(facts=_recording(material, each))
                        for each in alike.values()
                    ),
                )
            ),
        ),
    )


def _person(material: ReportInputs) -> tuple[Fact, ...]:
    words, person = material.words, material.assessment.subject
    shod = None if person.shod is None else ("shod" if person.shod else "barefoot")
    values = (
        ("id", person.subject_id),
        ("height", _quantity(material, person.height_m, 2, "m")),
        ("mass", _quantity(material, person.mass_kg, 1, "kg")),
        ("age", _quantity(material, person.age_years, 0, words("subject.years"))),
        ("sex", None if person.sex is None else words(f"subject.{person.sex}")),
        ("footwear", None if shod is None else words(f"subject.{shod}")),
    )
    return tuple(
        Fact(label=words(f"subject.{key}"), value=value or words("subject.unknown"))
        for key, value in values
    )


def _recording(material: ReportInputs, alike: Sequence[Recording]) -> tuple[Fact, ...]:
    """Return the facts of recordings that differ in nothing but their name."""
    words, recording = material.words, alike[0]
    ids = ", ".join(each.id for each in alike)
    kind = words(f"recording.{recording.kind}")
    status = words(f"status.{recording.quality.status}")
    facts = [
        Fact(label=words("subject.recording"), value=f"{ids} ({kind})"),
        Fact(label=words("subject.status"), value=status),
    ]
    if recording.view is not None:
        view = words(f"view.{recording.view}")
        facts.insert(1, Fact(label=words("subject.view"), value=view))
    if recording.condition is not None:
        condition = words(f"subject.{recording.condition}")
        facts.insert(-1, Fact(label=words("subject.condition"), value=condition))
    return tuple(facts)


def _quantity(
    material: ReportInputs, value: float | None, digits: int, unit: str
) -> str | None:
    if value is None:
        return None
    return with_unit(number(value, digits, material.language), unit)
