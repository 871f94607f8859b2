"""The first page: what was measured, what follows, what not and why, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaitkit.model.catalogue import definition
from gaitkit.model.side import Side
from gaitkit.model.wording import interval_of, number, sentence, unit_of, with_unit
from gaitkit.report.blocks import Points, Section, Tile, Tiles
from gaitkit.report.sections.chain import origin_text
from gaitkit.report.sections.findings import nothing_found, sort_findings
from gaitkit.report.sections.leg_length import headline
from gaitkit.report.sections.measures import difference_verdict, gaps
from gaitkit.report.sections.quality import contacts_used
from gaitkit.report.words import mark, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.finding import Finding
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.reason import Reason
    from gaitkit.model.recording import Recording
    from gaitkit.report.blocks import Accent
    from gaitkit.report.inputs import ReportInputs

HIGHLIGHTS = ("cadence", "walking_speed", "step_length", "stance")
"""Measures that stand out on the first page, where they have a value."""

PICTURES = ("stance", "block_test")
"""Kinds of recording that are counted together: they have no duration to tell."""

LONG_SENTENCE = 110
"""Letters from which on a sentence is cut at its first semicolon."""

MAX_GAPS = 4
"""Reasons for missing measures that the first page names; all stand further on."""


def summary(material: ReportInputs) -> Section:
    """Return the summary in plain words."""
    words = material.words
    tiles = tuple(_tiles(material))
    lists = (
        Points(title=words("summary.measured"), items=_measured(material)),
        Points(title=words("summary.said"), items=_said(material), tone="good"),
        Points(title=words("summary.unsaid"), items=_unsaid(material), tone="caution"),
        Points(title=words("summary.next"), items=_next(material), tone="quiet"),
    )
    return Section(
        anchor="summary",
        title=words("summary.title"),
        blocks=(Tiles(tiles=tiles), *lists) if tiles else lists,
    )


def _measured(material: ReportInputs) -> tuple[str, ...]:
    words, items = material.words, list(_standing(material))
    plates = [r for r in material.assessment.recordings if r.id in material.plates]
    for recording in material.assessment.recordings:
        several = recording in plates and len(plates) > 1
        if recording.kind not in PICTURES and not several:
            items += _walked(material, recording)
    if len(plates) > 1:
        items.append(_over_plates(material, plates))
    rejected = sum(s.rejected is not None for s in material.assessment.strides)
    if rejected:
        items.append(words.count("summary.rejected", rejected))
    given = {m.name for m in material.assessment.measurements if m.value is not None}
    if given:
        items.append(words.count("summary.values", len(given)))
    else:
        items.append(words("summary.no_value"))
    return tuple(items)


def _over_plates(material: ReportInputs, plates: Sequence[Recording]) -> str:
    """Return how many records of a plate there are, and what of them counts."""
    counts = [contacts_used(material, each.id) for each in plates]
    return material.words(
        "summary.plates",
        n=len(plates),
        used=sum(used for used, _ in counts),
        total=sum(total for _, total in counts),
    )


def _standing(material: ReportInputs) -> Iterator[str]:
    """Yield how many pictures there are of the standing person, of each kind."""
    recordings = material.assessment.recordings
    for kind in PICTURES:
        pictures = sum(recording.kind == kind for recording in recordings)
        if pictures:
            yield material.words.count(f"summary.{kind}", pictures)


def _walked(material: ReportInputs, recording: Recording) -> Iterator[str]:
    """Yield what a recording of walking is, and whom and what of it was used."""
    words, choice = material.words, recording.person
    yield _recording(material, recording)
    if choice is not None and len(choice.candidates) > 1:
        n = len(choice.candidates)
        yield words("summary.followed", n=n, chosen=choice.chosen)
    elif choice is not None:
        yield words("summary.followed_only")
    left, right = (material.used_strides(recording, side) for side in Side)
    if left or right:
        yield words("summary.strides", left=left, right=right)
    if recording.id in material.plates:
        used, total = contacts_used(material, recording.id)
        yield words("summary.contacts", used=used, total=total)


def _recording(material: ReportInputs, recording: Recording) -> str:
    words = material.words
    kind = words(f"recording.{recording.kind}")
    kind = kind[0].upper() + kind[1:]
    seconds = recording.duration_s
    duration = (
        "–"
        if seconds is None
        else with_unit(number(seconds, 1, material.language), "s")
    )
    if recording.kind != "video" or recording.rate_hz is None:
        return words("summary.recording_bare", kind=kind, duration=duration)
    return words(
        "summary.recording",
        kind=kind,
        view=words(f"view.{recording.view or 'unknown'}"),
        duration=duration,
        rate=number(recording.rate_hz, 0, material.language),
    )


def _said(material: ReportInputs) -> tuple[str, ...]:
    words, language = material.words, material.language
    found = [f for f in sort_findings(material).person if f.verdict == "met"]
    items = list(_posture(material))
    items += [finding.text.of(language) for finding in found]
    if not found:
        items.append(nothing_found(material))
    compared = [
        difference_verdict(material, difference) for difference in material.differences
    ]
    shown = compared.count("some_difference")
    if compared:
        key = "differences_some" if shown else "differences_none"
        items.append(words(f"summary.{key}", k=shown, n=len(compared)))
    return tuple(dict.fromkeys(items))


def _posture(material: ReportInputs) -> Iterator[str]:
    """Yield the best estimate of the leg lengths, and where a chain may begin."""
    words, assessment = material.words, material.assessment
    if assessment.leg_length is not None:
        text = headline(assessment.leg_length, words)
        yield marked(text, words, unconfirmed=assessment.leg_length.unconfirmed)
    for chain in assessment.chains:
        if chain.origin != "undetermined":
            yield f"{words('chain.title')}, {origin_text(material, chain).lower()}."


def _unsaid(material: ReportInputs) -> tuple[str, ...]:
    words, language = material.words, material.language
    items = [reason.text.of(language) for reason in _limits(material)]
    items += [_short(f.text.of(language)) for f in _visit_limits(material)]
    for gap in gaps(material.assessment.measurements)[:MAX_GAPS]:
        why = gap.reason.text.of(language)
        if why not in items:
            items.append(words.count("summary.missing", len(gap.measures), why=why))
    return tuple(dict.fromkeys(items)) or (words("summary.nothing_missing"),)


def _next(material: ReportInputs) -> tuple[str, ...]:
    words, language = material.words, material.language
    plan = material.assessment.plan
    items = [text.of(language) for text in plan.referrals]
    items += [reason.advice.of(language) for reason in _limits(material)]
    items += [
        _short(finding.advice.of(language))
        for finding in (*sort_findings(material).person, *_visit_limits(material))
        if finding.advice is not None
    ]
    if not items:
        items.append(words("summary.nothing_next"))
    items.append(f"{words(f'plan.{plan.status}')} {words('document.decides')}")
    return tuple(dict.fromkeys(items))


def _visit_limits(material: ReportInputs) -> tuple[Finding, ...]:
    """Return limits of the visit as a whole; its recordings give their own reasons."""
    limits = sort_findings(material).limits
    return tuple(finding for finding in limits if finding.recording is None)


def _short(text: str) -> str:
    """Return the first sentence of a text, without the list that may end it."""
    first = text.split(". ", maxsplit=1)[0]
    if len(first) > LONG_SENTENCE:
        first = first.split("; ")[0]
    return sentence(first if first.endswith(".") else f"{first}.")


def _limits(material: ReportInputs) -> tuple[Reason, ...]:
    found = (
        reason
        for recording in material.assessment.recordings
        for reason in recording.quality.reasons
    )
    return tuple({reason.code: reason for reason in found}.values())


def _tiles(material: ReportInputs) -> Iterator[Tile]:
    for name in HIGHLIGHTS:
        sided = definition(name).sided
        for side in tuple(Side) if sided else (None,):
            first = next(
                (
                    m
                    for m in material.assessment.measurements
                    if m.name == name and m.side is side and m.value is not None
                ),
                None,
            )
            if first is not None:
                yield _tile(material, first)


def _tile(material: ReportInputs, measurement: Measurement) -> Tile:
    words, language = material.words, material.language
    entry = definition(measurement.name)
    accents: dict[Side | None, Accent] = {Side.LEFT: "left", Side.RIGHT: "right"}
    side = measurement.side
    label = entry.label.of(language)
    interval = words("summary.interval", interval=interval_of(measurement, language))
    return Tile(
        label=label if side is None else f"{label} {words(f'side.{side}')}",
        value=number(measurement.value or 0.0, entry.digits, language),
        unit=unit_of(entry.unit),
        note=" · ".join((interval, *mark(words, unconfirmed=measurement.unconfirmed))),
        accent=accents.get(side, "none"),
    )
