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
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.io.atomic import new_file
from gaitkit.io.export.fhir.care import care_plan, goals
from gaitkit.io.export.fhir.coding import Json
from gaitkit.io.export.fhir.observations import observations
from gaitkit.io.export.fhir.people import Actors, patient, provenance, software
from gaitkit.io.export.fhir.proposal import device_requests, impression, report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.text import Language

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:gaitkit:bundle")
"""Root of the addresses inside a bundle."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A resource and its address in the bundle."""

    url: str
    resource: Json


def fhir_bundle(assessment: Assessment, *, language: Language = "nl") -> Json:
    """Return a visit as a FHIR R4 Bundle.

    Parameters
    ----------
    assessment : Assessment
        The visit.
    language : {"nl", "en"}
        Language of the texts; codes have none.

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
    said = _said(assessment, actors, root, measured, language)
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
    assessment: Assessment, path: Path, *, language: Language = "nl"
) -> Path:
    """Write a visit as a FHIR R4 Bundle and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    bundle = fhir_bundle(assessment, language=language)
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
            device_requests(assessment, actors, language=language)
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
