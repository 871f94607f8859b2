"""Letters to the general practitioner, to a fellow therapist and to the shoemaker.

Each is one page, follows what was decided, and carries the pseudonym with a line on
which a name can be written. To the general practitioner: reason, findings, what was
not asked, what was done, what the patient was told, and the request with its urgency;
no walking speed, no diagnosis, no advice on pictures or drugs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, get_args

from gaitkit.model.catalogue import definition
from gaitkit.model.chance import reaches
from gaitkit.model.decisions import plan_in_force
from gaitkit.model.intake import ACTIVE_SIGNS, RedFlags
from gaitkit.model.plan import Receiver
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of, number, quantity, sentence, with_unit
from gaitkit.plan.make import levels
from gaitkit.report.blocks import Fact
from gaitkit.report.letter import Letter, LetterPart
from gaitkit.report.page_one.decision import dose_text
from gaitkit.report.page_one.told import score_texts
from gaitkit.report.sections.complaint import complaint_facts
from gaitkit.report.sections.leg_length import headline, p_longer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gaitkit.model.plan import Plan, Request, Suggestion
    from gaitkit.model.visit import Examination
    from gaitkit.report.inputs import ReportInputs

PHYSICIANS: tuple[Receiver, ...] = ("emergency_care", "gp", "specialist", "foot_team")
THERAPISTS = tuple(each for each in get_args(Receiver) if each not in PHYSICIANS)
DEVICES = ("heel_raise", "insole_element")
KEY_SIGNS = (
    "saddle_numbness", "urine_or_stool_loss", "urine_retention", "bilateral_leg_signs",
    "increasing_leg_weakness",
)  # fmt: skip
"""Signs that are named also when the answer is no: a physician looks for them first."""

REASON = ("course", "radiation", "aggravating", "easing")
"""What follows after where and how long it hurts."""

FEET = "foot_posture_index"
KNOWN = frozenset({"yes", "no"})


def letter_to_gp(material: ReportInputs) -> Letter | None:
    """Return the letter to the general practitioner, None when there is no question."""
    plan, words = material.assessment.plan, material.words
    asked = [each for each in plan.requests if each.to in PHYSICIANS]
    status = plan.triage.status
    if not asked and status not in {"stop", "refer"}:
        return None
    level = asked[0].level if asked else plan.triage.level or "weeks"
    within = levels()[level].within.of(material.language)
    request = [each.text.of(material.language) for each in asked]
    request = request or [text.of(material.language) for text in plan.referrals]
    parts = (
        LetterPart(title=words("gp.reason"), text=(_reason(material),)),
        LetterPart(title=words("gp.findings"), items=tuple(_findings(material, asked))),
        LetterPart(title=words("gp.done"), text=(_done(material),)),
        LetterPart(title=words("gp.told"), text=(words(f"gp.told_{_told_how(plan)}"),)),
        LetterPart(title=words("gp.request"), text=tuple(dict.fromkeys(request))),
    )
    names = ["consent", "signature"]
    if status == "stop":
        names = ["called_at", "called_whom", *names]
    return _letter(material, "gp", parts, names, within=within)


def letter_to_therapist(material: ReportInputs) -> Letter | None:
    """Return the letter to a fellow therapist, None when nothing is asked of one."""
    assessment, words = material.assessment, material.words
    if assessment.plan.triage.status in {"stop", "refer"}:
        return None
    language = material.language
    plan = plan_in_force(assessment).plan
    asked = [
        f"{words(f'page.to_{each.to}')}: {each.text.of(language)}"
        for each in plan.requests
        if each.to in THERAPISTS
    ]
    asked += [
        _without_who(each.text.of(language))
        for each in plan.suggestions
        if each.kind == "collaboration"
        and not any(request.rule == each.rule for request in plan.requests)
    ]
    if not asked:
        return None
    parts = (
        LetterPart(title=words("therapist.question"), text=tuple(dict.fromkeys(asked))),
        LetterPart(title=words("gp.reason"), text=(_reason(material),)),
        LetterPart(
            title=words("gp.findings"),
            items=(*_told_by_rules(material, plan.requests), *_measured(material)),
        ),
        LetterPart(title=words("therapist.doing"), text=(_doing(material),)),
        LetterPart(title=words("therapist.back"), text=(words("therapist.back_text"),)),
    )
    return _letter(material, "therapist", parts, ["consent", "signature"])


def letter_to_shoemaker(material: ReportInputs) -> Letter | None:
    """Return the order to the shoemaker, None when nothing goes under the shoe."""
    order, words = material.handover.order, material.words
    feet = () if order is None else order.feet
    foot = next((each for each in feet if each.under_shoe is not None), None)
    if order is None or foot is None or foot.under_shoe is None:
        return None
    under = foot.under_shoe
    side = words(f"side.{foot.side}")
    height = _mm(under.heel_mm, material)
    inside = max(foot.steps_mm, default=0.0)
    whole = inside + under.heel_mm
    kind = order.shoe.most_worn
    shoe = material.rules.answer(kind).of(material.language) if kind else ""
    signed = -whole if foot.side is Side.RIGHT else whole
    items = (
        sentence(words("shoemaker.heel", side=side, height=height)),
        words("shoemaker.ball_and_toe"),
        words("shoemaker.inside", side=side, height=_mm(inside, material))
        if under.after_mm is None
        else words("shoemaker.after", side=side, height=_mm(under.after_mm, material)),
        words("shoemaker.check", height=_mm(signed, material)),
        words("shoemaker.firm"),
    )
    ready = "" if order.deliver_on is None else order.deliver_on.strftime("%d-%m-%Y")
    lines = {
        "shoe": shoe,
        "ball": _mm(under.ball_mm, material),
        "toe": _mm(under.toe_mm, material),
        "ready": ready,
    }
    return _letter(
        material,
        "shoemaker",
        (LetterPart(title=words("shoemaker.order"), items=items),),
        ["signature"],
        facts=tuple(
            Fact(label=words(f"shoemaker.{name}"), value=value)
            for name, value in lines.items()
        ),
    )


def _letter(
    material: ReportInputs,
    to: str,
    parts: tuple[LetterPart, ...],
    signing: list[str],
    *,
    within: str = "",
    facts: tuple[Fact, ...] = (),
) -> Letter:
    """Return a letter with the head and the lines to sign that all of them have."""
    words, assessment = material.words, material.assessment
    subject = assessment.subject
    day = assessment.visited_on or datetime.fromisoformat(assessment.provenance.created)
    who = [subject.subject_id]
    if subject.sex is not None:
        who.append(words(f"subject.{subject.sex}"))
    if subject.age_years is not None:
        who.append(words("page.years", n=f"{subject.age_years:.0f}"))
    known = {"practice": material.handover.practice.named, "way_in": material.way_in}
    lines = ("name", "practice", "phone", "way_in")
    return Letter(
        language=material.language,
        title=words(f"{to}.title"),
        subject_label=words("gp.patient"),
        subject=", ".join(who),
        date_label=words("letter.date"),
        date=day.strftime("%d-%m-%Y"),
        greeting="",
        opening="",
        parts=tuple(part for part in parts if part.text or part.items),
        closing="",
        sender="",
        notice=words("gp.notice", version=assessment.provenance.gaitkit),
        facts=(
            *(
                Fact(label=words(f"gp.{name}"), value=known.get(name, ""))
                for name in lines
            ),
            *facts,
        ),
        urgency=words("gp.urgency", within=within) if within else "",
        grave=assessment.plan.triage.status == "stop",
        signing=tuple(Fact(label=words(f"gp.{name}"), value="") for name in signing),
    )


def _reason(material: ReportInputs) -> str:
    """Return the complaint in one sentence."""
    told = material.assessment.intake
    if told is None:
        return material.words("page.not_told")
    facts = dict(complaint_facts(material, told))
    where = sentence(facts["site"]) if facts.get("site") else ""
    said = [facts["duration"]] if facts.get("duration") else []
    said += [
        f"{material.words(f'complaint.{key}').lower()} {facts[key]}"
        for key in REASON
        if facts.get(key)
    ]
    return f"{'; '.join(filter(None, (where, *said)))}."


def _findings(material: ReportInputs, asked: list[Request]) -> Iterator[str]:
    """Yield what was found, answered and not asked, at most a handful of lines."""
    yes, no, unknown = _answers(material)
    words = material.words
    if yes:
        yield words("gp.yes", signs="; ".join(yes))
    yield from _told_by_rules(material, asked)
    account = material.assessment.provenance.visit
    if account is not None and account.examination is not None:
        examined = ", ".join(_examined(material, account.examination))
        if examined:
            yield words("gp.examined", what=examined)
    if no:
        yield words("gp.no", signs="; ".join(no))
    yield (
        words("gp.unknown", signs="; ".join(unknown))
        if unknown
        else words("gp.all_asked")
    )
    scores = ", ".join(score_texts(material))
    if scores:
        yield f"{scores}."
    if material.assessment.plan.triage.status != "stop":
        yield from _legs(material)


def _answers(material: ReportInputs) -> tuple[list[str], list[str], list[str]]:
    """Return the alarm signs by their answer: yes; no, the key ones; not known."""
    yes, no, unknown = list[str](), list[str](), list[str]()
    told = material.assessment.intake
    if told is None:
        return yes, no, unknown
    names = [("red_flags", name) for name in RedFlags.__slots__]
    names += [("weak_flags", name) for name in ACTIVE_SIGNS]
    others = 0
    for group, name in names:
        known = material.rules.fact(f"intake.{group}.{name}")
        label = known.label.of(material.language) if known else name
        match getattr(getattr(told, group), name):
            case "yes":
                yes.append(label)
            case "no" if name in KEY_SIGNS:
                no.append(label)
            case "no":
                others += 1
            case _:
                unknown.append(label)
    if others:
        no.append(material.words.count("gp.others", others))
    return yes, no, unknown


def _told_by_rules(material: ReportInputs, asked: Iterable[Request]) -> Iterator[str]:
    """Yield the finding behind each question that no alarm answer tells already."""
    rules = {request.rule for request in asked}
    for finding in material.assessment.findings:
        rule = next((r for r in material.rules.rules if r.id == finding.rule), None)
        alarm = rule is not None and rule.triage is not None
        if finding.rule in rules and finding.verdict == "met" and not alarm:
            yield f"{finding.text.of(material.language).split('. ')[0].rstrip('.')}."


def _examined(material: ReportInputs, found: Examination) -> Iterator[str]:
    """Yield what was examined of nerves, vessels, spine and hips."""
    words = material.words
    for side in Side:
        where, foot = words(f"side.{side}"), getattr(found, side)
        raised = getattr(found.function, f"straight_leg_raise_{side}")
        if raised in KNOWN:
            yield words(f"gp.leg_raise_{raised}", side=where)
        for artery in ("dorsalis_pedis", "tibialis_posterior"):
            felt = getattr(foot.pulses, artery)
            if felt is not None:
                yield words(f"gp.{artery}", side=where, felt=words(f"gp.{felt}"))
        if foot.abductor_strength == "weak":
            yield words("gp.abductors_weak", side=where)
    yield from _examined_spine(material, found)


def _examined_spine(material: ReportInputs, found: Examination) -> Iterator[str]:
    words = material.words
    if found.palpation.spinal_percussion is not None:
        yield words(f"gp.percussion_{found.palpation.spinal_percussion}")
    if found.function.cannot_lie_flat in KNOWN:
        yield words(f"gp.lies_flat_{found.function.cannot_lie_flat}")


def _legs(material: ReportInputs) -> Iterator[str]:
    """Yield the leg lengths where one is probably longer, or that none is shown."""
    estimate = material.assessment.leg_length
    if estimate is not None and reaches(p_longer(estimate).least, "probable"):
        yield headline(estimate, material.words)


def _measured(material: ReportInputs) -> Iterator[str]:
    """Yield what a fellow therapist needs: posture, hips, legs, scores, safety."""
    words, language = material.words, material.language
    posture = [
        f"{words(f'side.{m.side}')} {quantity(m.value or 0.0, FEET, language)}"
        f" ({interval_of(m, language)})"
        for m in material.assessment.measurements
        if m.name == FEET and m.value is not None and m.side is not None
    ]
    if posture:
        label = definition(FEET).label.of(language)
        yield f"{label}: {', '.join(posture)}."
    account = material.assessment.provenance.visit
    if account is not None and account.examination is not None:
        examined = ", ".join(_examined(material, account.examination))
        if examined:
            yield words("gp.examined", what=examined)
    if material.assessment.leg_length is not None:
        yield headline(material.assessment.leg_length, words)
    yes, _, unknown = _answers(material)
    if not yes and not unknown:
        yield words("therapist.all_no")
    elif yes:
        yield words("gp.yes", signs="; ".join(yes))
    scores = ", ".join(score_texts(material))
    if scores:
        yield f"{scores}."


def _done(material: ReportInputs) -> str:
    """Return what was done: nothing with an alarm, else what was decided."""
    if material.assessment.plan.triage.status in {"stop", "refer"}:
        return material.words("gp.nothing_done")
    return _doing(material)


def _doing(material: ReportInputs) -> str:
    standing = plan_in_force(material.assessment)
    made = [s for s in standing.plan.suggestions if s.kind in DEVICES]
    if not made:
        return material.words("gp.no_device")
    listed = "; ".join(_named(material, each) for each in made)
    key = "gp.devices" if standing.noted else "gp.devices_proposed"
    return material.words(key, what=listed)


def _named(material: ReportInputs, suggestion: Suggestion) -> str:
    element = suggestion.element or suggestion.kind
    label = (suggestion.label or material.rules.answer(element)).of(material.language)
    side = material.words(f"side.{suggestion.side}") if suggestion.side else ""
    dose = "" if suggestion.amount is None else dose_text(material, suggestion)
    return " ".join(part for part in (label, side, dose) if part)


def _told_how(plan: Plan) -> str:
    return plan.triage.status if plan.triage.status in {"stop", "refer"} else "other"


def _without_who(text: str) -> str:
    """Return a suggestion without who decides, which stands below once."""
    return f"{text.rpartition(';')[0] or text}."


def _mm(value: float, material: ReportInputs) -> str:
    digits = 0 if float(value).is_integer() else 1
    return with_unit(number(value, digits, material.language), "mm")
