"""Findings and plan: ClinicalImpression, DeviceRequest, DiagnosticReport.

Rules make no diagnosis, so there is no Condition. Everything is preliminary or a
proposal: the podotherapist decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.io.export.fhir.coding import (
    coding,
    local,
    quantity,
    reference,
    source_code,
)
from gaitkit.model.decisions import decided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.io.export.fhir.coding import Json
    from gaitkit.io.export.fhir.people import Actors
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.plan import Code, Plan, Suggestion
    from gaitkit.model.text import Language

DEVICES = frozenset({"heel_raise", "insole_element"})
"""Suggestions of something to make."""

DEVICE_SYSTEMS = ("ortheses", "orthoses")
"""Codes of the profession that name a device begin so."""

SAID = frozenset({"met", "uncertain"})
GAIT = "gait"
TITLE = {"nl": "Ganganalyse", "en": "Gait analysis"}
MISSING = {
    "nl": "{n} metingen hebben geen waarde.",
    "en": "{n} measurements have no value.",
}
CHANGED = {
    "nl": "Dosering gekozen door de podotherapeut.",
    "en": "Dose chosen by the podotherapist.",
}
NOTICE = {
    "nl": "Onderzoek en onderwijs; geen diagnose. De podotherapeut beslist.",
    "en": "Research and education; no diagnosis. The podotherapist decides.",
}


def impression(
    assessment: Assessment, actors: Actors, *, language: Language
) -> Json | None:
    """Return what rules found, or None when none holds or may hold."""
    found = [
        {
            "itemCodeableConcept": local(
                "rule", f"{f.rule}-r{f.revision}", text=f.text.of(language)
            ),
            "basis": f.verdict,
        }
        for f in assessment.findings
        if f.verdict in SAID
    ]
    if not found:
        return None
    return {
        "resourceType": "ClinicalImpression",
        "status": "in-progress",
        "subject": reference(actors.patient, kind="Patient"),
        "date": actors.created,
        "description": NOTICE[language],
        "finding": found,
    }


def device_requests(
    assessment: Assessment, actors: Actors, *, language: Language
) -> Iterator[Json]:
    """Yield a draft request for each insole element and raise that is proposed.

    What the therapist rejected is left out; a dose that was changed is the one told.
    """
    codes = [c for c in assessment.plan.codes if _names_device(c)]
    for suggestion in decided(assessment.plan, assessment.edits):
        if suggestion.kind in DEVICES:
            note = _told(suggestion, assessment.plan, language)
            yield _request(suggestion, codes, actors, note=note, language=language)


def report(
    assessment: Assessment,
    actors: Actors,
    results: Iterable[str],
    *,
    language: Language,
) -> Json:
    """Return the report over all observations, preliminary until somebody signs."""
    codes = [
        {"coding": [source_code(c.system, c.code, c.label.of(language))]}
        for c in assessment.plan.codes
        if not _names_device(c)
    ]
    found: Json = {
        "resourceType": "DiagnosticReport",
        "status": "preliminary",
        "code": {"coding": coding("report", GAIT), "text": TITLE[language]},
        "subject": reference(actors.patient, kind="Patient"),
        "issued": actors.created,
        "result": [reference(each, kind="Observation") for each in results],
        "conclusion": _conclusion(assessment, language),
    }
    if actors.visited_on is not None:
        found["effectiveDateTime"] = actors.visited_on
    if codes:
        found["conclusionCode"] = codes
    return found


def _request(
    suggestion: Suggestion,
    codes: list[Code],
    actors: Actors,
    *,
    note: str,
    language: Language,
) -> Json:
    what = suggestion.element or suggestion.kind
    concept = local("element", what, text=what)
    if suggestion.kind == "insole_element":
        concept["coding"] += [
            source_code(c.system, c.code, c.label.of(language)) for c in codes
        ]
    found: Json = {
        "resourceType": "DeviceRequest",
        "status": "draft",
        "intent": "proposal",
        "codeCodeableConcept": concept,
        "subject": reference(actors.patient, kind="Patient"),
        "authoredOn": actors.created,
        "reasonCode": [local("rule", suggestion.rule, text=suggestion.rule)],
        "note": [{"text": note}],
    }
    parameters = list(_parameters(suggestion))
    if parameters:
        found["parameter"] = parameters
    return found


def _told(suggestion: Suggestion, plan: Plan, language: Language) -> str:
    """Return the proposal in words, unless the therapist changed its dose."""
    proposed = any(
        (each.rule, each.element, each.side, each.amount)
        == (
            suggestion.rule, suggestion.element, suggestion.side, suggestion.amount,
        )
        for each in plan.suggestions
    )  # fmt: skip
    text = suggestion.text.of(language) if proposed else CHANGED[language]
    return f"{text} {NOTICE[language]}"


def _parameters(suggestion: Suggestion) -> Iterator[Json]:
    if suggestion.amount is not None and suggestion.unit is not None:
        yield {
            "code": local("suggestion", "start-dose", text="start dose"),
            "valueQuantity": quantity(suggestion.amount, suggestion.unit),
        }
    for number, step in enumerate(suggestion.steps, start=1):
        yield {
            "code": local("suggestion", f"step-{number}", text=f"step {number}"),
            "valueQuantity": quantity(step, suggestion.unit or "mm"),
        }
    if suggestion.side is not None:
        side = suggestion.side
        yield {
            "code": local("suggestion", "side", text="side"),
            "valueCodeableConcept": local(
                "region", side, text=side, also=coding("sides", side)
            ),
        }
    if suggestion.location is not None:
        where = suggestion.location
        yield {
            "code": local("suggestion", "location", text="location"),
            "valueCodeableConcept": local("suggestion", where, text=where),
        }


def _conclusion(assessment: Assessment, language: Language) -> str:
    plan: Plan = assessment.plan
    texts = [plan.reason] if plan.reason else []
    texts += [each.text for each in plan.suggestions]
    texts += [*plan.cautions, *plan.referrals]
    lines = [text.of(language) for text in texts]
    missing = sum(m.value is None for m in assessment.measurements)
    if missing:
        lines.append(MISSING[language].format(n=missing))
    return "\n".join([*lines, NOTICE[language]])


def _names_device(code: Code) -> bool:
    return code.system.lower().startswith(DEVICE_SYSTEMS)
