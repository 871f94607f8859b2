"""Measurements, questionnaires and body size as FHIR Observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gaitkit.io.export.fhir.coding import coding, local, quantity, reference
from gaitkit.model.catalogue import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.io.export.fhir.coding import Json
    from gaitkit.io.export.fhir.people import Actors
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.subject import Subject
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Prom

SCORE = "{score}"
CM_IN_M = 100.0

CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"

Category = Literal["survey", "exam", "vital-signs"]


def observations(
    assessment: Assessment, actors: Actors, *, language: Language
) -> Iterator[Json]:
    """Yield an Observation for every measurement with a value, score and body size.

    Parameters
    ----------
    assessment : Assessment
        The visit.
    actors : Actors
        Who was observed, and what did it.
    language : {"nl", "en"}
        Language of the texts.

    Notes
    -----
    A measurement without a value is left out; how many there are stands in the
    conclusion of the report.
    """
    yield from _body(assessment.subject, actors)
    for measurement in assessment.measurements:
        if measurement.value is not None:
            yield _measured(measurement, actors, language)
    for prom in assessment.proms:
        yield _answered(prom, actors)


def _measured(m: Measurement, actors: Actors, language: Language) -> Json:
    entry = definition(m.name)
    label = entry.label.of(language)
    code = local("measure", m.name, text=label, also=coding("measures", m.name))
    found: Json = {
        **_head(actors, "exam"),
        "code": code,
        "valueQuantity": quantity(m.value or 0.0, m.unit),
        "device": reference(actors.software, kind="Device"),
        "method": local("method", m.method or "unknown", text=m.method or "unknown"),
    }
    if m.side is not None:
        found["bodySite"] = local(
            "region", m.side, text=m.side, also=coding("sides", m.side)
        )
    components = list(_components(m))
    if components:
        found["component"] = components
    notes = [f"recording: {m.recording}"] if m.recording else []
    notes += ["usable with limits: the error was widened"] * (m.quality == "limited")
    notes += ["unconfirmed on real people"] * m.unconfirmed
    if notes:
        found["note"] = [{"text": "; ".join(notes)}]
    return found


def _components(m: Measurement) -> Iterator[Json]:
    """Yield region, standard error, 95 % interval and number of readings."""
    if m.region is not None:
        yield {
            "code": local("statistic", "region", text="region"),
            "valueCodeableConcept": local("region", m.region, text=m.region),
        }
    for name, text, value in (
        ("standard-error", "standard error", m.sd),
        ("interval-low", "95 % interval, low", m.low),
        ("interval-high", "95 % interval, high", m.high),
    ):
        if value is not None:
            yield {
                "code": local("statistic", name, text=text),
                "valueQuantity": quantity(value, m.unit),
            }
    if m.n:
        yield {
            "code": local("statistic", "n", text="strides, contacts or readings"),
            "valueInteger": m.n,
        }


def _answered(prom: Prom, actors: Actors) -> Json:
    name = prom.instrument
    also = coding("questionnaires", name)
    return {
        **_head(actors, "survey"),
        "code": local("questionnaire", name, text=name, also=also),
        "effectiveDateTime": prom.taken_on.isoformat(),
        "valueQuantity": quantity(prom.score, SCORE),
    }


def _body(subject: Subject, actors: Actors) -> Iterator[Json]:
    height_cm = None if subject.height_m is None else CM_IN_M * subject.height_m
    for name, value, unit in (
        ("height", height_cm, "cm"),
        ("weight", subject.mass_kg, "kg"),
    ):
        if value is not None:
            codes = coding("body", name)
            yield {
                **_head(actors, "vital-signs"),
                "code": {"coding": codes, "text": codes[0]["display"]},
                "valueQuantity": quantity(round(value, 1), unit),
            }


def _head(actors: Actors, category: Category) -> Json:
    head: Json = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [{"system": CATEGORIES, "code": category}]}],
        "subject": reference(actors.patient, kind="Patient"),
        "issued": actors.created,
    }
    if actors.visited_on is not None:
        head["effectiveDateTime"] = actors.visited_on
    return head
