"""The words around the decision: screening, complaint, with whom, what now."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from gaitkit.model.decisions import plan_in_force
from gaitkit.model.intake import ACTIVE_SIGNS
from gaitkit.model.wording import number, sentence, with_unit
from gaitkit.plan.make import levels, made_of
from gaitkit.report.blocks import Tone
from gaitkit.report.page_one.choices import choices
from gaitkit.report.sections.complaint import complaint_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gaitkit.model.intake import Intake
    from gaitkit.model.plan import FollowUp, Suggestion
    from gaitkit.report.inputs import ReportInputs


SHOWN_COMPLAINT = ("site", "radiation", "duration", "course", "aggravating", "easing")
"""What of the complaint stands on page one; the annex has all."""

LONGEST = 420
"""Letters after which a sentence is cut at its last comma or semicolon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of short lines; the first may be a verdict that stands out."""

    lines: tuple[str, ...]
    verdict: str = ""
    tone: Tone = "plain"


def screening_box(material: ReportInputs) -> Box:
    """Return whether it is safe: asked, open, which sign, what was done."""
    words, assessment = material.words, material.assessment
    triage, told = assessment.plan.triage, assessment.intake
    signs, asked, left_open = _signs(material, told)
    verdicts: dict[str, tuple[str, Tone]] = {
        "clear": ("safe", "good"),
        "incomplete": ("open", "caution"),
        "refer": ("not_safe", "stop"),
        "stop": ("not_safe", "stop"),
    }
    key, tone = verdicts[triage.status]
    if assessment.plan.provisional and triage.status == "clear":
        key, tone = "provisional", "caution"
    lines = [words("page.asked", asked=asked, open=left_open)]
    if signs and triage.status != "stop":  # there the decision names them
        lines.append(words("page.signs", signs="; ".join(signs)))
    if triage.level is not None and triage.status in {"stop", "refer"}:
        lines.append(levels()[triage.level].label.of(material.language))
    return Box(verdict=words(f"page.screening_{key}"), lines=tuple(lines), tone=tone)


def _signs(material: ReportInputs, told: Intake | None) -> tuple[list[str], int, int]:
    """Return the alarm signs that are there, and how many were asked and left open.

    Signs of the context count only beside another and are not counted here.
    """
    if told is None:
        return [], 0, 0
    signs, asked, left_open = list[str](), 0, 0
    names = [("red_flags", field.name) for field in fields(told.red_flags)]
    names += [("weak_flags", name) for name in ACTIVE_SIGNS]
    for group, name in names:
        answer = getattr(getattr(told, group), name)
        asked += answer != "not_asked"
        left_open += answer in {"not_asked", "unsure"}
        if answer == "yes":
            known = material.rules.fact(f"intake.{group}.{name}")
            signs.append(known.label.of(material.language) if known else name)
    return signs, asked, left_open


def complaint_box(material: ReportInputs) -> Box:
    """Return the complaint in few lines: where, how long, scores, goals."""
    words, assessment = material.words, material.assessment
    lines = []
    if assessment.intake is not None:
        facts = dict(complaint_facts(material, assessment.intake))
        lines += [
            f"{words(f'complaint.{key}')}: {facts[key]}"
            for key in SHOWN_COMPLAINT
            if facts.get(key)
        ]
    scores = ", ".join(score_texts(material))
    if scores:
        lines.append(scores)
    lines += _worn(material)
    lines += [
        words("page.goal", goal=goal.of(material.language))
        for goal in assessment.plan.goals
    ]
    return Box(lines=tuple(lines) or (words("page.not_told"),))


def _worn(material: ReportInputs) -> Iterator[str]:
    """Yield what was given before this visit and how much it is worn."""
    words, language, assessment = (
        material.words, material.language, material.assessment
    )  # fmt: skip
    begun = [
        each
        for each in assessment.therapy
        if assessment.visited_on is None or each.start <= assessment.visited_on
    ]
    account = assessment.provenance.visit
    answers = None if account is None else account.follow_up
    named = []
    for each in begun:
        parts = [
            each.given
            if each.kind is None
            else material.rules.answer(each.kind).of(language)
        ]
        if each.amount_mm is not None:
            parts.append(with_unit(number(each.amount_mm, 0, language), "mm"))
        if each.side is not None:
            parts.append(words(f"side.{each.side}"))
        named.append(f"{' '.join(parts)} ({each.start:%d-%m-%Y})")
    if named:
        said = ", ".join(dict.fromkeys(named))
        worn = None if answers is None else answers.worn
        how = "" if worn is None else material.rules.answer(worn).of(language)
        yield words("page.given", what=said, how=f"; {how}" if how else "")


def score_texts(material: ReportInputs) -> Iterator[str]:
    """Yield the last score of each questionnaire, with the first before it."""
    proms = sorted(material.assessment.proms, key=lambda prom: prom.taken_on)
    for instrument in dict.fromkeys(prom.instrument for prom in proms):
        own = [prom for prom in proms if prom.instrument == instrument]
        first, last = (number(own[at].score, 0, material.language) for at in (0, -1))
        day = f"{own[-1].taken_on:%d-%m-%Y}"
        if len(own) > 1:
            yield f"{instrument} {first} → {last} ({day})"
        else:
            yield f"{instrument} {last} ({day})"


def with_box(material: ReportInputs) -> Box:
    """Return who else is asked what, gravest first."""
    language, words = material.language, material.words
    lines = [
        words(
            "page.request",
            who=words(f"page.to_{request.to}"),
            within=request.within.of(language),
            what=request.text.of(language),
        )
        for request in material.assessment.plan.requests
    ]
    lines += _of_box(material, "with")
    if not lines:
        texts = [t.of(language) for t in material.assessment.plan.referrals]
        lines = texts or [words("page.nobody")]
    return Box(lines=tuple(dict.fromkeys(lines)))


def now_box(material: ReportInputs) -> Box:
    """Return what is measured or asked first, when the check is, and when to stop."""
    words, language = material.words, material.language
    assessment = material.assessment
    if assessment.plan.triage.status == "stop":
        return Box(lines=(words("page.now_stop"),), tone="stop")
    plan = plan_in_force(assessment).plan
    referred = assessment.plan.triage.status == "refer"
    lines = [words("page.now_refer")] if referred else list(_questions(material))
    lines += _of_box(material, "now")
    lines += [
        _short(s.text.of(language))
        for s in plan.suggestions
        if s.kind == "retest" and choices().short_of(s.element or "") is None
    ]
    window = plan.follow_up
    if window is not None:
        start, end = (f"{day:%d-%m-%Y}" for day in (window.from_, window.to))
        moment = _moment(material, window)
        if moment != "window" or window.back_by is None:
            lines.append(words(f"page.{moment}", start=start, end=end))
        lines += _next(material, window, moment)
    if made_of(plan.suggestions):
        lines.append(words("page.stop_rule"))
    return Box(lines=tuple(dict.fromkeys(lines)) or (words("page.now_nothing"),))


def _moment(material: ReportInputs, window: FollowUp) -> str:
    """Return how the visit lies to the window of its evaluation."""
    today = material.assessment.visited_on
    if window.proposed:
        return "window_proposed"
    if window.overdue:
        return "overdue" if window.outcome is None else "window_late"
    within = today is not None and window.from_ <= today <= window.to
    return "window_now" if within else "window"


def _next(material: ReportInputs, window: FollowUp, moment: str) -> Iterator[str]:
    """Yield where an evaluation leads to: later than planned, on request or soon."""
    words = material.words
    if window.back_by is not None:
        yield words("page.back_by", day=f"{window.back_by:%d-%m-%Y}")
    elif window.outcome is not None and moment in {"window_now", "window_late"}:
        yield words(f"page.next_{window.outcome}")


def _questions(material: ReportInputs) -> Iterator[str]:
    """Yield what still has to be asked before anything is made."""
    for finding in material.assessment.findings:
        asks = finding.rule[0] == "T" and finding.verdict in {"met", "uncertain"}
        if asks and finding.advice is not None:
            yield _short(finding.advice.of(material.language))
        elif asks and finding.verdict == "uncertain":
            yield _short(finding.text.of(material.language))


def _of_box(material: ReportInputs, box: str) -> list[str]:
    """Return the suggestions that stand in a box, in few words."""
    found = []
    for suggestion in plan_in_force(material.assessment).plan.suggestions:
        short = choices().short_of(suggestion.element or "")
        if short is not None and short.box == box:
            text = short.nl if material.language == "nl" else short.en
            found.append(f"{_side(material, suggestion)}{sentence(text)}")
    return found


def _side(material: ReportInputs, suggestion: Suggestion) -> str:
    if suggestion.side is None:
        return ""
    return f"{sentence(material.words(f'side.{suggestion.side}'))}: "


def _short(text: str) -> str:
    """Return a sentence without who decides, cut where it is too long."""
    plain = text.rsplit("; ", maxsplit=1)[0] if "; " in text[-40:] else text
    if len(plain) <= LONGEST:
        return sentence(plain)
    cut = plain[:LONGEST]
    at = max(cut.rfind("; "), cut.rfind(", "))
    return f"{sentence(cut[: at if at > 0 else LONGEST])} …"
