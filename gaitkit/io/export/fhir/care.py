"""What goes with insoles and raises: goals of the patient, advice, the check-up.

One CarePlan of intent ``proposal`` holds everything of the plan that is not a device,
and refers to the devices. What the therapist rejected stands in it as cancelled, with
the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.io.export.fhir.coding import local, reference
from gaitkit.io.export.fhir.proposal import DEVICES, NOTICE, told
from gaitkit.model.decisions import standing_plan
from gaitkit.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from gaitkit.io.export.fhir.coding import Json
    from gaitkit.io.export.fhir.people import Actors
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.decisions import Decided
    from gaitkit.model.plan import FollowUp
    from gaitkit.model.text import Language

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
    decided = standing_plan(assessment)
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
    plan = standing_plan(assessment).plan
    yield from (text.of(language) for text in plan.deliverables)
    if plan.permanence is not None:
        yield plan.permanence.of(language)
    for foot in plan.insoles:
        for conflict in foot.conflicts:
            yield f"{SIDES[foot.side].of(language)}: {conflict.of(language)}"
