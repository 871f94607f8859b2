"""Where it hurts and how it behaves: the first thing that a podotherapist asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gaitkit.model.intake import find_term
from gaitkit.model.visit import Visit
from gaitkit.plots.pain_place import SITES, PainPlace, plot_pain_place
from gaitkit.plots.style import new_figure, to_svg
from gaitkit.report.blocks import Drawing, Fact, Facts, Section
from gaitkit.report.sections.edits import roles_that_hold
from gaitkit.rules.derived import course_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from gaitkit.model.intake import Answer, Intake, PainSide
    from gaitkit.report.blocks import Block
    from gaitkit.report.inputs import ReportInputs

NAME = "pain-place"


def complaint(material: ReportInputs) -> Section | None:
    """Return site and behaviour of the complaint; None when nothing was told.

    Only coded answers are shown, never what was written in own words.
    """
    told = material.assessment.intake
    if told is None:
        return None
    facts = tuple(
        Fact(label=material.words(f"complaint.{key}"), value=value)
        for key, value in complaint_facts(material, told)
        if value
    )
    if not facts:
        return None
    blocks: list[Block] = [Facts(facts=facts)]
    drawing = place_drawing(material)
    if drawing is not None:
        blocks.insert(0, drawing)
    roles = _roles(material)
    if roles:
        title = material.words("complaint.roles")
        blocks.append(Facts(title=title, facts=roles))
    return Section(
        anchor="complaint",
        title=material.words("complaint.title"),
        intro=material.words("complaint.intro"),
        blocks=tuple(blocks),
    )


def complaint_facts(material: ReportInputs, told: Intake) -> Iterator[tuple[str, str]]:
    """Yield every answer about the complaint, with the key of its name."""
    yield "site", _site(material, told)
    yield "depth", _own(material, "depth", told.pain_depth)
    yield "moments", _own(material, "moment", told.pain_moments)
    yield "worse_on_load", _answer(material, told.worse_on_load)
    yield "radiation", _radiation(material, told)
    yield "leg_since", _day(told.leg_pain_since)
    yield "leg_worse", _answer(material, told.leg_worse_than_back)
    yield "tingling", _answer(material, told.tingling_to_foot)
    yield "arm_tingling", _answer(material, told.arm_tingling)
    yield "onset", _own(material, "onset", (told.onset,) if told.onset else ())
    trigger = (told.onset_trigger,) if told.onset_trigger else ()
    yield "trigger", _own(material, "trigger", trigger)
    yield "duration", _duration(material, told)
    yield "course", _named(material, (told.course,) if told.course else ())
    yield "aggravating", _named(material, told.aggravating)
    yield "easing", _named(material, told.easing)
    yield "terms", ", ".join(_term(word) for word in told.reported_terms)


def _site(material: ReportInputs, told: Intake) -> str:
    if told.pain_site is None:
        return ""
    site = _named(material, (told.pain_site,))
    return ", ".join(filter(None, (site, _side(material, told.pain_side))))


def _radiation(material: ReportInputs, told: Intake) -> str:
    if told.radiation is None:
        return ""
    reach = _named(material, (told.radiation,))
    return ", ".join(filter(None, (reach, _side(material, told.radiation_side))))


def _side(material: ReportInputs, side: PainSide | None) -> str:
    return "" if side is None else material.words(f"complaint.{side}")


def _own(material: ReportInputs, group: str, keys: Iterable[str]) -> str:
    """Return answers that only this chapter names."""
    return ", ".join(material.words(f"complaint.{group}_{key}") for key in keys)


def _named(material: ReportInputs, keys: Iterable[str]) -> str:
    """Return answers by the names that rules and letter use."""
    language = material.language
    return ", ".join(material.rules.answer(key).of(language) for key in keys)


def _answer(material: ReportInputs, answer: Answer) -> str:
    return "" if answer == "not_asked" else _named(material, (answer,))


def _term(word: str) -> str:
    """Return a name that others gave as people write it, never as a conclusion."""
    known = find_term(word)
    return known.words[0] if known is not None else word


def _duration(material: ReportInputs, told: Intake) -> str:
    """Return since when, how many days, and between which limits that lies."""
    if told.onset_date is None:
        return ""
    since = material.words("complaint.since", day=_day(told.onset_date))
    visit = Visit(intake=told, visited_on=material.assessment.visited_on)
    course = course_facts(visit)
    if course.days is None or course.days < 0:
        return since
    limit = material.rules.limit
    if course.over_three_months:
        key = "long"
    elif course.days > limit("subacute_days").value:
        key = "borderland"
    else:
        key = "middle_span" if course.days >= limit("acute_days").value else "short"
    span = material.words(f"complaint.{key}")
    days = material.words.count("complaint.days", course.days)
    return f"{since} ({days}: {span})"


def _roles(material: ReportInputs) -> tuple[Fact, ...]:
    """Return what the therapist thinks findings do to this complaint."""
    words = material.words
    return tuple(
        Fact(
            label=", ".join(
                filter(
                    None,
                    (
                        material.rule_title(each.rule),
                        words(f"side.{each.side}") if each.side else "",
                    ),
                )
            ),
            value=words(f"edits.{each.role}"),
        )
        for each in roles_that_hold(material)
    )


def place_drawing(material: ReportInputs, *, bare: bool = False) -> Drawing | None:
    """Return a body from behind with the site marked; None for a site elsewhere.

    ``bare`` leaves out the words beside it and keeps the figure narrow.
    """
    told = material.assessment.intake
    if told is None or told.pain_site is None or told.pain_site not in SITES:
        return None
    radiation = "" if told.radiation in {None, "none"} else _radiation(material, told)
    place = PainPlace(
        site=told.pain_site,
        side=told.pain_side,
        radiation=told.radiation,
        radiation_side=told.radiation_side,
        site_text=_site(material, told),
        radiation_text=radiation
        and f"{material.words('complaint.radiation').lower()}: {radiation}",
    )
    said = "; ".join(filter(None, (place.site_text, place.radiation_text)))
    alt = material.words("complaint.alt", said=said)
    name = f"page-{NAME}" if bare else NAME
    shown = replace(place, site_text="", radiation_text="") if bare else place
    narrow = new_figure(1.2, 2.6).add_subplot() if bare else None
    ax = plot_pain_place(shown, narrow, language=material.language)
    return Drawing(
        name=name,
        svg=to_svg(ax, name=name, title=alt),
        caption=material.words("complaint.caption"),
        alt=alt,
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.strftime("%d-%m-%Y")
