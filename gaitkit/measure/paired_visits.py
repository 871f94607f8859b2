"""Which recordings and measures of two visits belong together.

Recordings are paired by kind and view, those of the same condition first; what then is
left over is paired when one remains on each side, so that a visit without and a visit
with an insole can be compared. Measures are paired by name, side and region within a
pair of recordings, and those of the visit as a whole (examination) with each other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gaitkit.measure.change import SPEED, Circumstances, change
from gaitkit.model.comparison import Change, NotCompared, RecordingPair
from gaitkit.model.reason import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gaitkit.measure.change import ChangeSettings
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.measurement import Measurement
    from gaitkit.model.recording import Recording
    from gaitkit.model.side import Side

WALKS = frozenset({"video", "plate", "markers", "pose"})
"""Kinds of recording in which a person walks."""

Key = tuple[str, "Side | None", str | None]
"""Name, side and region."""


def paired_recordings(
    before: Assessment, after: Assessment
) -> tuple[RecordingPair, ...]:
    """Return the recordings of two visits that show the same thing.

    Parameters
    ----------
    before, after : Assessment
        The visits.

    Returns
    -------
    tuple of RecordingPair
        In the order of the first visit; a recording stands in one pair at most.
    """
    groups: dict[tuple[object, ...], tuple[list[Recording], list[Recording]]]
    groups = defaultdict(lambda: ([], []))
    for number, visit in enumerate((before, after)):
        for recording in visit.recordings:
            groups[recording.kind, recording.view][number].append(recording)
    pairs = (pair for olds, news in groups.values() for pair in _within(olds, news))
    return tuple(
        RecordingPair(
            before=old.id,
            after=new.id,
            kind=old.kind,
            view=old.view,
            condition_before=old.condition,
            condition_after=new.condition,
            speed_before_m_s=_speed(before, old),
            speed_after_m_s=_speed(after, new),
        )
        for old, new in pairs
    )


def changes(
    before: Assessment,
    after: Assessment,
    pairs: Sequence[RecordingPair],
    *,
    settings: ChangeSettings | None = None,
) -> tuple[tuple[Change, ...], tuple[NotCompared, ...]]:
    """Return every change between two visits, and what was not compared and why.

    Parameters
    ----------
    before, after : Assessment
        The visits.
    pairs : sequence of RecordingPair
        From `paired_recordings`.
    settings : ChangeSettings or None
        When measures of walking may be compared.

    Returns
    -------
    tuple
        Changes in the order of the first visit; measures that at least one visit has
        and that are not compared.
    """
    results: list[Change | NotCompared] = []
    for pair in (*pairs, None):
        old = _measures(before, pair.before if pair else None)
        new = _measures(after, pair.after if pair else None)
        circumstances = _circumstances(pair)
        results += _of_pair(old, new, circumstances, settings)
    results += _without_partner(before, {pair.before for pair in pairs})
    results += _without_partner(after, {pair.after for pair in pairs})
    return (
        tuple(each for each in results if isinstance(each, Change)),
        tuple(dict.fromkeys(each for each in results if isinstance(each, NotCompared))),
    )


def _within(
    olds: Sequence[Recording], news: Sequence[Recording]
) -> Iterator[tuple[Recording, Recording]]:
    left_old, left_new = [], list(news)
    for old in olds:
        same = next((new for new in left_new if new.condition == old.condition), None)
        if same is None:
            left_old.append(old)
        else:
            left_new.remove(same)
            yield old, same
    if len(left_old) == len(left_new) == 1:
        yield left_old[0], left_new[0]


def _speed(visit: Assessment, recording: Recording) -> float | None:
    """Return the speed of a recording, else that of the one other of its condition."""
    speeds = {
        m.recording: m.value
        for m in visit.measurements
        if m.name == SPEED and m.value is not None
    }
    if recording.id in speeds:
        return speeds[recording.id]
    others = [
        speeds[each.id]
        for each in visit.recordings
        if each.id in speeds and each.condition == recording.condition
    ]
    return others[0] if len(others) == 1 else None


def _circumstances(pair: RecordingPair | None) -> Circumstances:
    if pair is None:
        return Circumstances(modalities=("examination",))
    modalities = {
        "video": ("video", "video_far"),
        "pose": ("video", "video_far", "markers"),
    }
    return Circumstances(
        modalities=modalities.get(pair.kind, (pair.kind,)),
        walking=pair.kind in WALKS,
        speeds_m_s=(pair.speed_before_m_s, pair.speed_after_m_s),
    )


def _of_pair(
    old: Sequence[Measurement],
    new: Sequence[Measurement],
    circumstances: Circumstances,
    settings: ChangeSettings | None,
) -> Iterator[Change | NotCompared]:
    first, second = _by_key(old), _by_key(new)
    for key in dict.fromkeys((*first, *second)):
        befores, afters = first.get(key, {}), second.get(key, {})
        shared = [method for method in befores if method in afters]
        for method in shared:
            yield change(
                befores[method],
                afters[method],
                circumstances=circumstances,
                settings=settings,
            )
        alone = [m for method, m in befores.items() if method not in shared]
        others = [m for method, m in afters.items() if method not in shared]
        code = "compare_method_differs" if alone and others else "compare_one_visit"
        if alone or others:
            yield _alone((alone or others)[0], code)


def _by_key(measurements: Iterable[Measurement]) -> dict[Key, dict[str, Measurement]]:
    """Return what has a value, by name, side and region and then by method."""
    found: dict[Key, dict[str, Measurement]] = {}
    for m in measurements:
        if m.value is not None:
            found.setdefault((m.name, m.side, m.region), {})[m.method] = m
    return found


def _measures(visit: Assessment, recording: str | None) -> list[Measurement]:
    return [m for m in visit.measurements if m.recording == recording]


def _without_partner(visit: Assessment, paired: Iterable[str]) -> Iterator[NotCompared]:
    known = {None, *paired}
    for m in visit.measurements:
        if m.recording not in known and m.value is not None:
            yield _alone(m, "compare_no_partner")


def _alone(m: Measurement, code: str) -> NotCompared:
    return NotCompared(name=m.name, side=m.side, region=m.region, why=reason(code))
