"""What the numbers rest on: clock, scale, strides, the person followed.

What the numbers of a plate rest on: the device, its units, the contacts used.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gaitkit.measure.foot.summary import rejection
from gaitkit.model.side import Side
from gaitkit.model.wording import number, percent, with_unit
from gaitkit.report.blocks import (
    Callout,
    Columns,
    Fact,
    Facts,
    Gallery,
    Picture,
    Section,
    Strip,
)
from gaitkit.report.figures import confidence_drawing, feet_drawing
from gaitkit.report.words import any_unconfirmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gaitkit.model.plate import MeasuredFoot, PlateResult
    from gaitkit.model.pressure import Evidence
    from gaitkit.model.recording import (
        Calibration,
        PersonCandidate,
        PersonChoice,
        Recording,
        Timing,
    )
    from gaitkit.report.blocks import Block, Tone
    from gaitkit.report.inputs import ReportInputs
    from gaitkit.report.stills import Thumbnail

PICTURES = ("stance", "block_test")
"""Kinds of recording in which nobody walks."""

STATUS_TONES: dict[str, Tone] = {"ok": "good", "limited": "caution", "refused": "stop"}


def quality(material: ReportInputs) -> Section:
    """Return the quality page of every recording."""
    words = material.words
    blocks: list[Block] = []
    if any_unconfirmed(material):
        text = words("unconfirmed.text")
        blocks.append(Callout(title=words("unconfirmed.title"), items=(text,)))
    for alike in _alike(material):
        blocks.append(_status(material, alike))
        lists = tuple(_facts(material, alike[0]))
        if lists:
            blocks.append(Columns(lists=lists))
        for recording in alike:
            blocks += _contact_sheet(material, recording)
    for analysis in material.analyses:
        feet = feet_drawing(material, analysis)
        confidence = confidence_drawing(material, analysis)
        blocks += [drawing for drawing in (feet, confidence) if drawing is not None]
    return Section(
        anchor="quality",
        title=words("quality.title"),
        intro=words("quality.intro"),
        blocks=tuple(blocks),
    )


def _alike(material: ReportInputs) -> list[list[Recording]]:
    """Return the recordings, those of which this page would say the same together."""
    groups: dict[object, list[Recording]] = {}
    for recording in material.assessment.recordings:
        says = (recording.kind, recording.quality, *_facts(material, recording))
        groups.setdefault(says, []).append(recording)
    return list(groups.values())


def _facts(material: ReportInputs, recording: Recording) -> Iterator[Facts]:
    if recording.timing is not None:
        yield _clock(material, recording.timing)
    if recording.kind in {"video", "pose", "stance"}:
        yield _scale(material, recording.calibration)
    if recording.id in material.plates:
        yield from plate_facts(material, recording.id)
    elif recording.kind not in PICTURES:
        yield _strides(material, recording)
    if recording.person is not None:
        yield _person(material, recording.person)


def _status(material: ReportInputs, alike: Sequence[Recording]) -> Callout:
    words, language, recording = material.words, material.language, alike[0]
    status, reasons = recording.quality.status, recording.quality.reasons
    several = len(material.assessment.recordings) > 1
    title = words(f"quality.status_{status}")
    if several:
        title = f"{', '.join(each.id for each in alike)}: {title}"
    items = tuple(
        f"{reason.text.of(language)} {reason.advice.of(language)}" for reason in reasons
    )
    return Callout(title=title, items=items, tone=STATUS_TONES[status])


def _clock(material: ReportInputs, timing: Timing) -> Facts:
    words, language = material.words, material.language
    facts = [
        Fact(label=words("quality.source"), value=words(f"quality.{timing.source}"))
    ]
    if timing.rate_hz is not None:
        key = "rate_variable" if timing.variable else "rate_constant"
        rate = number(timing.rate_hz, 2, language)
        facts.append(
            Fact(label=words("quality.rate"), value=words(f"quality.{key}", rate=rate))
        )
    if timing.duration_s is not None:
        duration = with_unit(number(timing.duration_s, 2, language), "s")
        value = words("quality.frames_value", n=timing.frames, duration=duration)
        facts.append(Fact(label=words("quality.frames"), value=value))
    if timing.jitter_ms is not None:
        jitter = with_unit(number(timing.jitter_ms, 1, language), "ms")
        facts.append(Fact(label=words("quality.jitter"), value=jitter))
    lost = words(
        "quality.dropped_value", dropped=timing.dropped, duplicated=timing.duplicated
    )
    facts.append(Fact(label=words("quality.dropped"), value=lost))
    if timing.speed_source != "none":
        factor = words(
            "quality.speed_factor_value",
            factor=number(timing.speed_factor, 3, language),
            source=words(f"quality.speed_{timing.speed_source}"),
        )
        facts.append(Fact(label=words("quality.speed_factor"), value=factor))
    return Facts(title=words("quality.clock"), facts=tuple(facts))


def _scale(material: ReportInputs, calibration: Calibration) -> Facts:
    words, language = material.words, material.language
    known = words(f"quality.{calibration.method}")
    facts = [Fact(label=words("quality.method"), value=known)]
    if calibration.m_per_px is not None:
        size = with_unit(number(1000.0 * calibration.m_per_px, 2, language), "mm")
        facts.append(Fact(label=words("quality.pixel"), value=size))
    if calibration.relative_sd is not None:
        error = with_unit(number(100.0 * calibration.relative_sd, 1, language), "%")
        facts.append(Fact(label=words("quality.scale_error"), value=error))
    if calibration.camera_tilt_deg is not None:
        tilt = with_unit(number(calibration.camera_tilt_deg, 1, language), "deg")
        facts.append(Fact(label=words("quality.tilt"), value=tilt))
    return Facts(title=words("quality.scale"), facts=tuple(facts))


def _strides(material: ReportInputs, recording: Recording) -> Facts:
    words, language = material.words, material.language
    left, right = (material.used_strides(recording, side) for side in Side)
    counts = Counter(
        stride.rejected.text.of(language)
        for stride in material.assessment.strides
        if stride.recording == recording.id and stride.rejected is not None
    )
    rejected = "; ".join(f"{n} × {why}" for why, n in counts.most_common())
    used = words("quality.used_value", left=left, right=right)
    return Facts(
        title=words("quality.strides"),
        facts=(
            Fact(label=words("quality.used"), value=used),
            Fact(
                label=words("quality.rejected"),
                value=rejected or words("quality.rejected_none"),
            ),
        ),
    )


def _person(material: ReportInputs, choice: PersonChoice) -> Facts:
    words = material.words
    key = "user_choice" if choice.method == "user" else choice.method
    swaps = words(
        "quality.swaps_value",
        repaired=choice.swaps_repaired,
        unclear=choice.swaps_unclear,
    )
    jumps = words("quality.jumps_none")
    if choice.identity_jumps:
        jumps = words.count("quality.jumps_value", choice.identity_jumps)
    return Facts(
        title=words("quality.person"),
        facts=(
            Fact(label=words("quality.choice"), value=words(f"quality.{key}")),
            Fact(label=words("quality.swaps"), value=swaps),
            Fact(label=words("quality.jumps"), value=jumps),
        ),
    )


def _contact_sheet(material: ReportInputs, recording: Recording) -> list[Block]:
    words, choice = material.words, recording.person
    people = next(
        (p.people for p in material.photographs if p.recording == recording.id), ()
    )
    if choice is None or not people:
        return []
    candidates = {candidate.number: candidate for candidate in choice.candidates}
    pictures = tuple(
        _portrait(material, recording.id, candidates[thumbnail.number], thumbnail)
        for thumbnail in people
        if thumbnail.number in candidates
    )
    strip = Strip(title=words("quality.sheet"), pictures=pictures)
    return [Gallery(strips=(strip,), caption=words("quality.sheet_caption"))]


def _portrait(
    material: ReportInputs,
    recording: str,
    candidate: PersonCandidate,
    thumbnail: Thumbnail,
) -> Picture:
    words, language = material.words, material.language
    followed = thumbnail.followed
    key = "candidate_followed" if followed else "candidate"
    note = words(
        "quality.candidate_note",
        score=percent(candidate.score, language),
        start=number(candidate.start_s, 1, language),
        end=number(candidate.end_s, 1, language),
        path=number(candidate.path_heights, 1, language),
    )
    return Picture(
        name=f"person-{recording}-{candidate.number}",
        jpeg=thumbnail.jpeg,
        caption=words(f"quality.{key}", number=candidate.number),
        note=note,
        alt=words("quality.candidate_alt", number=candidate.number),
        framed=followed,
    )


def plate_facts(material: ReportInputs, recording: str) -> Iterator[Facts]:
    """Yield the facts of each mat of a recording, and how many contacts count."""
    words = material.words
    results = _results(material, recording)
    for result in results:
        yield Facts(title=words("device.title"), facts=tuple(_device(material, result)))
    feet = [foot for result in results for foot in result.feet]
    facts = []
    for side in Side:
        own = [foot for foot in feet if foot.side is side]
        value = words("device.used", used=_used(own), total=len(own))
        facts.append(Fact(label=words(f"device.{side}"), value=value))
    yield Facts(title=words("device.contacts"), facts=tuple(facts))


def contacts_used(material: ReportInputs, recording: str) -> tuple[int, int]:
    """Return how many contacts count in averages of whole contacts, and of how many."""
    feet = [f for result in _results(material, recording) for f in result.feet]
    return _used(feet), len(feet)


def _results(material: ReportInputs, recording: str) -> tuple[PlateResult, ...]:
    return next(a.plates for a in material.analyses if a.recording.id == recording)


def _used(feet: list[MeasuredFoot]) -> int:
    return sum(rejection(foot) is None for foot in feet)


def _device(material: ReportInputs, result: PlateResult) -> Iterator[Fact]:
    words, language = material.words, material.language
    source, (rows, cols) = result.source, result.frame.pitch_mm
    yield Fact(label=words("device.maker"), value=f"{source.maker}, {source.format}")
    unit = f"{source.raw_unit} ({_known(material, source.unit_evidence)})"
    yield Fact(label=words("device.unit"), value=unit)
    if result.frame.heading.startswith("cols"):
        rows, cols = cols, rows
    pitch = words(
        "device.pitch", rows=number(rows, 2, language), cols=number(cols, 2, language)
    )
    known = _known(material, source.pitch_evidence)
    yield Fact(label=words("device.sensors"), value=f"{pitch} ({known})")
    heading = words(f"device.{result.frame.heading}")
    yield Fact(label=words("device.heading"), value=heading)
    if source.checksum is not None:
        value = words(
            "device.checksum_value",
            name=source.checksum.name,
            worst=number(source.checksum.worst, 3, language),
            unit=source.checksum.unit,
            frames=source.checksum.frames,
        )
        yield Fact(label=words("device.checksum"), value=value)


def _known(material: ReportInputs, evidence: Evidence) -> str:
    return material.words(f"device.{evidence.replace(' ', '_')}")
