"""A visit as one FHIR R4 Bundle of type ``collection``.

It holds the Patient by pseudonym, an Observation for each measurement with a value, a
preliminary DiagnosticReport, a ClinicalImpression with what rules found, a draft
DeviceRequest for each proposed insole element or raise, a CarePlan with Goals for the
rest of the plan, and a Provenance that names the algorithm. Codes of SNOMED CT and
LOINC stand where they exist, local ones otherwise (``codes.toml``); codes of the
profession stand verbatim under local systems. Addresses follow from the content, so the
same visit gives the same bundle.

What is missing: profiles of nl-core are not claimed, for they ask for a name or a
birth date; recordings themselves are never in the bundle.

References
----------
HL7 FHIR R4 (4.0.1). https://hl7.org/fhir/R4/

Measurements, questionnaires and body size as FHIR Observations.

What goes with insoles and raises: goals of the patient, advice, the check-up.

One CarePlan of intent ``proposal`` holds everything of the plan that is not a device,
and refers to the devices. What the therapist rejected stands in it as cancelled, with
the reason.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gaitkit.io.atomic import new_file
from gaitkit.io.export.fhir.coding import Json, coding, local, quantity, reference
from gaitkit.io.export.fhir.people import Actors, patient, provenance, software
from gaitkit.io.export.fhir.proposal import (
    DEVICES,
    NOTICE,
    device_requests,
    impression,
    report,
    told,
)
from gaitkit.model.catalogue import definition
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import Decided
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.plan import FollowUp
    from gaitkit.model.prescription import Prescription
    from gaitkit.model.subject import Subject
    from gaitkit.model.text import Language
    from gaitkit.model.visit import Prom

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:gaitkit:bundle")
"""Root of the addresses inside a bundle."""

SCORE = "{score}"
CM_IN_M = 100.0
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
Category = Literal["survey", "exam", "vital-signs"]
TITLE = Text(nl="Voorstel bij de zolen", en="Proposal with the insoles")
CHECK = Text(nl="Controle", en="Check-up")
PROPOSED = Text(
    nl="Controle (voorstel, geteld vanaf het bezoek)",
    en="Check-up (proposal, counted from the visit)",
)
OVERDUE = Text(nl="Controle (termijn verstreken)", en="Check-up (overdue)")
QUESTIONNAIRE = Text(nl="Vragenlijst van acht weken", en="Questionnaire of eight weeks")
SIDES = {
    "left": Text(nl="Zool links", en="Insole left"),
    "right": Text(nl="Zool rechts", en="Insole right"),
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A resource and its address in the bundle."""

    url: str
    resource: Json


def fhir_bundle(
    assessment: Assessment,
    *,
    language: Language = "nl",
    order: Prescription | None = None,
) -> Json:
    """Return a visit as a FHIR R4 Bundle.

    Parameters
    ----------
    assessment : Assessment
        The visit.
    language : {"nl", "en"}
        Language of the texts; codes have none.
    order : Prescription or None
        The order of the insoles, of which raises tell what lies in and under the shoe.

    Returns
    -------
    dict
        The Bundle, ready for JSON.
    """
    account = assessment.provenance
    root = uuid.uuid5(NAMESPACE, f"{assessment.subject.subject_id} {account.created}")
    actors = Actors(
        patient=_address(root, "patient"),
        software=_address(root, "software"),
        created=account.created,
        visited_on=assessment.visited_on.isoformat() if assessment.visited_on else None,
    )
    measured = [
        _Entry(_address(root, f"observation {number}"), each)
        for number, each in enumerate(
            observations(assessment, actors, language=language)
        )
    ]
    said = _said(assessment, actors, root, measured, language, order)
    origin = provenance(assessment, actors, [e.url for e in (*measured, *said)])
    entries = (
        _Entry(actors.patient, patient(assessment.subject)),
        _Entry(actors.software, software(account)),
        *said,
        *measured,
        _Entry(_address(root, "provenance"), origin),
    )
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": root.urn},
        "type": "collection",
        "timestamp": account.created,
        "language": language,
        "entry": [{"fullUrl": e.url, "resource": e.resource} for e in entries],
    }


def write_fhir(
    assessment: Assessment,
    path: Path,
    *,
    language: Language = "nl",
    order: Prescription | None = None,
) -> Path:
    """Write a visit as a FHIR R4 Bundle and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    bundle = fhir_bundle(assessment, language=language, order=order)
    text = json.dumps(bundle, indent=1, ensure_ascii=False, allow_nan=False)
    with new_file(path) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return path


def _said(
    assessment: Assessment,
    actors: Actors,
    root: uuid.UUID,
    measured: Sequence[_Entry],
    language: Language,
    order: Prescription | None,
) -> list[_Entry]:
    summary = report(
        assessment, actors, [entry.url for entry in measured], language=language
    )
    found = [_Entry(_address(root, "report"), summary)]
    judged = impression(assessment, actors, language=language)
    if judged is not None:
        found.append(_Entry(_address(root, "impression"), judged))
    requests = [
        _Entry(_address(root, f"request {number}"), each)
        for number, each in enumerate(
            device_requests(assessment, actors, language=language, order=order)
        )
    ]
    aims = [
        _Entry(_address(root, f"goal {number}"), each)
        for number, each in enumerate(goals(assessment, actors, language=language))
    ]
    care = care_plan(
        assessment,
        actors,
        requests=[entry.url for entry in requests],
        aims=[entry.url for entry in aims],
        language=language,
    )
    rest = [] if care is None else [_Entry(_address(root, "care plan"), care)]
    return [*found, *requests, *aims, *rest]


def _address(root: uuid.UUID, name: str) -> str:
    return uuid.uuid5(root, name).urn


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


def goals(
    assessment: Assessment, actors: Actors, *, language: Language
) -> Iterator[Json]:
    """Yield the goals of the patient, in own words."""
    for goal in assessment.plan.goals:
        yield {
            "resourceType": "Goal",
            "lifecycleStatus": "proposed",
            "description": {"text": goal.of(language)},
            "subject": reference(actors.patient, kind="Patient"),
        }


def care_plan(
    assessment: Assessment,
    actors: Actors,
    *,
    requests: Iterable[str],
    aims: Iterable[str],
    language: Language,
) -> Json | None:
    """Return the rest of the plan, or None when there is nothing in it.

    Parameters
    ----------
    assessment : Assessment
        The visit.
    actors : Actors
        Whom it is for.
    requests, aims : iterable of str
        Addresses of the device requests and of the goals.
    language : {"nl", "en"}
        Language of the texts.
    """
    devices = [{"reference": reference(url, kind="DeviceRequest")} for url in requests]
    activities = [*devices, *_activities(assessment, language)]
    wanted = [reference(url, kind="Goal") for url in aims]
    if not activities and not wanted:
        return None
    notes = [*_notes(assessment, language), NOTICE[language]]
    found: Json = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "proposal",
        "title": TITLE.of(language),
        "subject": reference(actors.patient, kind="Patient"),
        "created": actors.created,
        "note": [{"text": text} for text in notes],
    }
    if wanted:
        found["goal"] = wanted
    if activities:
        found["activity"] = activities
    return found


def _activities(assessment: Assessment, language: Language) -> Iterator[Json]:
    decided = plan_in_force(assessment)
    for item in decided.items:
        if item.about.kind not in DEVICES:
            yield {"detail": _advised(item, language)}
    if decided.plan.follow_up is not None:
        yield from _checks(decided.plan.follow_up, language)


def _advised(item: Decided, language: Language) -> Json:
    suggestion, rejected = item.about, item.decision == "reject"
    what = suggestion.element or suggestion.kind
    detail: Json = {
        "code": local("suggestion", what, text=suggestion.kind),
        "reasonCode": [local("rule", suggestion.rule, text=suggestion.rule)],
        "status": "cancelled" if rejected else "not-started",
        "description": told(item, language),
    }
    if rejected and item.reason:
        detail["statusReason"] = {"text": item.reason}
    return detail


def _checks(window: FollowUp, language: Language) -> Iterator[Json]:
    check = OVERDUE if window.overdue else PROPOSED if window.proposed else CHECK
    yield _scheduled(check.of(language), window.from_, window.to)
    if window.questionnaire_from is not None and window.questionnaire_to is not None:
        start, end = window.questionnaire_from, window.questionnaire_to
        yield _scheduled(QUESTIONNAIRE.of(language), start, end)


def _scheduled(text: str, start: date, end: date) -> Json:
    period = {"start": start.isoformat(), "end": end.isoformat()}
    return {
        "detail": {
            "status": "not-started",
            "description": text,
            "scheduledPeriod": period,
        }
    }


def _notes(assessment: Assessment, language: Language) -> Iterator[str]:
    """Yield what is handed over, for how long, and what to mind per foot."""
    plan = plan_in_force(assessment).plan
    yield from (text.of(language) for text in plan.deliverables)
    if plan.permanence is not None:
        yield plan.permanence.of(language)
    for foot in plan.insoles:
        for conflict in foot.conflicts:
            yield f"{SIDES[foot.side].of(language)}: {conflict.of(language)}"
