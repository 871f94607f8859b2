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
from gaitkit.io.export.labels import beyond_limit, dose, named
from gaitkit.model.decisions import plan_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.io.export.fhir.coding import Json
    from gaitkit.io.export.fhir.people import Actors
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import Decided
    from gaitkit.model.plan import Code, FootInsole, Suggestion
    from gaitkit.model.prescription import Prescription
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
OFFERED = {
    "nl": "Alleen aangeboden, naar keuze van de podotherapeut",
    "en": "Only offered, at the podotherapist's choice",
}
DECIDED = {
    "accept": {"nl": "Aangenomen", "en": "Accepted"},
    "change": {"nl": "Gewijzigd", "en": "Changed"},
    "reject": {"nl": "Afgewezen", "en": "Rejected"},
    "follows": {
        "nl": "Volgt uit een ander besluit",
        "en": "Follows from another decision",
    },
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
    assessment: Assessment,
    actors: Actors,
    *,
    language: Language,
    order: Prescription | None = None,
) -> Iterator[Json]:
    """Yield a draft request for each insole element and raise that is proposed.

    What the therapist rejected is left out; a dose that was changed is the one told.
    """
    decided = plan_in_force(assessment)
    codes = [c for c in decided.plan.codes if _names_device(c)]
    for item in decided.items:
        standing = item.standing
        if standing is not None and standing.kind in DEVICES:
            note = f"{told(item, language)} {NOTICE[language]}"
            made = _request(standing, codes, actors, note=note, language=language)
            more = [
                *_layers(standing, decided.plan.insoles),
                *_ordered(standing, order),
            ]
            if more:
                made["parameter"] = [*made.get("parameter", ()), *more]
            yield made


def told(item: Decided, language: Language) -> str:
    """Return what a suggestion has become, in words.

    The text of the proposal, or what the therapist decided instead and why, with the
    remark where a chosen dose lies beyond the hard limit.
    """
    standing, text = item.standing, item.about.text.of(language)
    if item.decision == "open":
        return text if standing else f"{OFFERED[language]}: {text}"
    if standing is None:
        text = named(item.about, language)
    elif item.decision == "change" and standing.amount != item.about.amount:
        amount = dose(
            standing.target or standing.amount or 0.0, standing.unit, language
        )
        text = f"{named(standing, language)} {amount}. {CHANGED[language]}"
    else:
        text = standing.text.of(language)
    details = [part for part in (beyond_limit(item, language), item.reason) if part]
    said = f"{DECIDED[item.decision][language]}: {text}"
    return f"{said} ({'; '.join(details)})" if details else said


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
        for c in plan_in_force(assessment).plan.codes
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
    name = suggestion.label.of(language) if suggestion.label else what
    concept = local("element", what, text=name)
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
    if suggestion.step_dates:
        days = [day.isoformat() for day in suggestion.step_dates]
        found["occurrenceTiming"] = {"event": days}
    return found


def _parameters(suggestion: Suggestion) -> Iterator[Json]:
    unit = suggestion.unit or "mm"
    named_doses = [
        ("start-dose", "start dose", suggestion.amount),
        *(
            (f"step-{number}", f"step {number}", step)
            for number, step in enumerate(suggestion.steps, start=1)
        ),
        ("target-dose", "target dose", suggestion.target),
    ]
    for code, text, amount in named_doses:
        if amount is not None:
            yield {
                "code": local("suggestion", code, text=text),
                "valueQuantity": quantity(amount, unit),
            }
    if suggestion.low is not None and suggestion.high is not None:
        low, high = (quantity(each, unit) for each in (suggestion.low, suggestion.high))
        yield {
            "code": local("suggestion", "usual-range", text="usual range"),
            "valueRange": {"low": low, "high": high},
        }
    if suggestion.unconfirmed:
        yield {
            "code": local("suggestion", "unconfirmed", text="unconfirmed dose"),
            "valueBoolean": True,
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


def _layers(suggestion: Suggestion, insoles: Iterable[FootInsole]) -> Iterator[Json]:
    """Yield the place of an element among the layers of each foot's insole."""
    for foot in insoles:
        for layer in foot.layers:
            same = (layer.element, layer.rule) == (
                suggestion.element or suggestion.kind, suggestion.rule,
            )  # fmt: skip
            if same and suggestion.side in {None, foot.side}:
                text = f"layer of the {foot.side} insole, from the heel forward"
                yield {
                    "code": local("suggestion", f"layer-{foot.side}", text=text),
                    "valueQuantity": quantity(float(layer.order), "1"),
                }


def _ordered(suggestion: Suggestion, order: Prescription | None) -> Iterator[Json]:
    """Yield what the order of the insoles makes of a raise: in and under the shoe."""
    if order is None or suggestion.kind != "heel_raise" or suggestion.side is None:
        return
    foot = order.foot(suggestion.side)
    under = foot.under_shoe
    parts: list[tuple[str, str, float | None]] = [
        ("in-shoe", "raise in the insole that is made", foot.doses.raise_mm),
        (
            "heel-difference",
            "thickness under the heel, left minus right",
            order.heel_difference_mm,
        ),
    ]
    if under is not None:
        parts += [
            ("under-shoe-heel", "under the shoe, heel", under.heel_mm),
            ("under-shoe-ball", "under the shoe, ball", under.ball_mm),
            ("under-shoe-toe", "under the shoe, toes", under.toe_mm),
        ]
    for code, text, amount in parts:
        if amount is not None:
            yield {
                "code": local("suggestion", code, text=text),
                "valueQuantity": quantity(round(amount, 6), "mm"),
            }


def _conclusion(assessment: Assessment, language: Language) -> str:
    decided = plan_in_force(assessment)
    plan = decided.plan
    lines = [plan.reason.of(language)] if plan.reason else []
    lines += [told(each, language) for each in decided.items]
    lines += [text.of(language) for text in (*plan.cautions, *plan.referrals)]
    missing = sum(m.value is None for m in assessment.measurements)
    if missing:
        lines.append(MISSING[language].format(n=missing))
    return "\n".join([*lines, NOTICE[language]])


def _names_device(code: Code) -> bool:
    return code.system.lower().startswith(DEVICE_SYSTEMS)
