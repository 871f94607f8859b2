"""Who was observed and what did it: Patient by pseudonym, Device, Provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaitkit.io.export.fhir.coding import reference, system

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.io.export.fhir.coding import Json
    from gaitkit.model.assessment import Assessment, Provenance
    from gaitkit.model.subject import Subject

SOURCE = "source"
AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actors:
    """Addresses of patient and software in the bundle, and the two moments of it.

    ``created`` is when it was assessed; ``visited_on`` the day of the visit, None when
    that is not known.
    """

    patient: str
    software: str
    created: str
    visited_on: str | None = None


def patient(subject: Subject) -> Json:
    """Return the person by pseudonym: no name, no birth date."""
    found: Json = {
        "resourceType": "Patient",
        "identifier": [
            {
                "system": system("pseudonym"),
                "value": subject.subject_id,
                "use": "secondary",
            }
        ],
    }
    if subject.sex is not None:
        found["gender"] = subject.sex
    return found


def software(account: Provenance) -> Json:
    """Return gaitkit as a device of type software."""
    return {
        "resourceType": "Device",
        "deviceName": [{"name": "gaitkit", "type": "other"}],
        "type": {"text": "software for research and education; no medical device"},
        "version": [{"value": account.gaitkit}],
    }


def provenance(assessment: Assessment, actors: Actors, targets: Iterable[str]) -> Json:
    """Return what produced the resources: program, rules, recordings, model files."""
    account = assessment.provenance
    return {
        "resourceType": "Provenance",
        "target": [{"reference": each} for each in targets],
        "recorded": actors.created,
        "activity": {"text": "gait and leg-length analysis by algorithm"},
        "agent": [
            {
                "type": {"coding": [{"system": AGENT, "code": "assembler"}]},
                "who": reference(actors.software, kind="Device"),
            }
        ],
        "entity": list(_entities(assessment, account)),
    }


def _entities(assessment: Assessment, account: Provenance) -> Iterator[Json]:
    rules = f"{account.rule_set_revision} sha256:{account.rule_set_sha256}"
    yield _entity("rule_set", rules, display="rule set")
    for recording in assessment.recordings:
        yield _entity("recording", recording.sha256, display=recording.id)
    for file in account.model_files:
        yield _entity("model_file", file.sha256, display=file.name)


def _entity(name: str, value: str, *, display: str) -> Json:
    what = {"identifier": {"system": system(name), "value": value}, "display": display}
    return {"role": SOURCE, "what": what}
