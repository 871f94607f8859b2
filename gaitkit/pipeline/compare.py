"""Two assessments of one person: what changed beyond the detectable change."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gaitkit.errors import InputError
from gaitkit.io.atomic import new_folder
from gaitkit.io.export.assessment import (
    read_assessment_json,
    write_changes_csv,
    write_comparison_json,
)
from gaitkit.measure.change import ChangeSettings, expected_by_chance
from gaitkit.measure.paired_visits import changes, paired_recordings
from gaitkit.measure.prom_change import evaluation, prom_changes
from gaitkit.model.comparison import ComparedVisit, Comparison
from gaitkit.model.reason import reason
from gaitkit.model.subject import Subject
from gaitkit.report.comparison import comparison_context
from gaitkit.report.write import to_html
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from gaitkit.model.assessment import Assessment
    from gaitkit.model.comparison import Change, PromChange, RecordingPair
    from gaitkit.model.reason import Reason
    from gaitkit.model.recording import Condition
    from gaitkit.model.text import Language
    from gaitkit.rules.rule import RuleSet

PRODUCTS = ("compare.json", "compare.html", "changes.csv")
"""Every name that may stand in the folder of a comparison."""

MANY = 20
"""Measures from which one is expected to differ by chance alone (5 %)."""


def compare(
    before: Assessment, after: Assessment, *, rules: RuleSet | None = None
) -> Comparison:
    """Compare two assessments of one person.

    Parameters
    ----------
    before, after : Assessment
        The visits, the older one first.
    rules : RuleSet or None
        Holds the largest difference in speed and the window of the evaluation; None
        takes the set that comes with gaitkit.

    Returns
    -------
    Comparison
        Changes of measures and questionnaires, and what may not be said.

    Raises
    ------
    InputError
        If they are of different persons, or one and the same assessment.
    """
    _check_comparable(before, after)
    limits = rules or shipped_rules()
    settings = ChangeSettings(speed_m_s=limits.limit("speed_difference_most").value)
    pairs = tuple(
        pair
        for pair in paired_recordings(before, after)
        if _usable(pair, before, after)
    )
    found, not_compared = changes(before, after, pairs, settings=settings)
    proms = prom_changes(before.proms, after.proms)
    window = (
        timedelta(days=limits.limit("follow_up_from").value),
        timedelta(days=limits.limit("follow_up_to").value),
    )
    day = visit_day(after)
    therapy = (*before.therapy, *after.therapy)
    return Comparison(
        subject_id=before.subject.subject_id,
        before=_visit(before),
        after=_visit(after),
        recordings=pairs,
        changes=found,
        not_compared=not_compared,
        proms=proms,
        evaluation=None if day is None else evaluation(therapy, day, window=window),
        notes=tuple(_notes(before, after, found, proms)),
    )


def compare_to_folder(
    before: Path,
    after: Path,
    folder: Path,
    *,
    conditions: tuple[Condition | None, Condition | None] = (None, None),
    language: Language = "nl",
    force: bool = False,
) -> Comparison:
    """Compare two assessments on disk and write the comparison into a folder.

    Parameters
    ----------
    before, after : Path
        Folders that ``gaitkit assess`` wrote, or their ``assessment.json``.
    folder : Path
        Where to write ``compare.json``, ``compare.html`` and ``changes.csv``.
    conditions : tuple of (Condition or None)
        Take only recordings of this condition from the first and from the second
        visit; both may then be the same visit.
    language : {"nl", "en"}
        Language of the page.
    force : bool
        True replaces an earlier comparison.

    Returns
    -------
    Comparison
        As written.

    Raises
    ------
    InputError
        If a file is no assessment, or the two cannot be compared.
    OutputError
        If the folder cannot be written.
    """
    one, two = (
        assessment if condition is None else of_condition(assessment, condition)
        for assessment, condition in zip(
            (read_assessment_json(before), read_assessment_json(after)),
            conditions,
            strict=True,
        )
    )
    comparison = compare(one, two)
    context = comparison_context(comparison, language=language, visits=(one, two))
    page = to_html(context)
    with new_folder(folder, replace=force, products=PRODUCTS) as new:
        write_comparison_json(comparison, new / "compare.json")
        write_changes_csv(comparison, new / "changes.csv")
        (new / "compare.html").write_text(page, encoding="utf-8")
    return comparison


def of_condition(assessment: Assessment, condition: Condition) -> Assessment:
    """Return an assessment with the recordings of one condition and their measures.

    Findings by hand belong to no condition and are left out.

    Raises
    ------
    InputError
        If no recording has that condition.
    """
    kept = tuple(r for r in assessment.recordings if r.condition == condition)
    if not kept:
        known = sorted({r.condition or "not stated" for r in assessment.recordings})
        msg = (
            f"no recording of {assessment.subject.subject_id} has the condition "
            f"{condition!r}; there is: {', '.join(known)}"
        )
        raise InputError(msg)
    ids = {recording.id for recording in kept}
    return dataclasses.replace(
        assessment,
        recordings=kept,
        measurements=tuple(m for m in assessment.measurements if m.recording in ids),
    )


def visit_day(assessment: Assessment) -> date | None:
    """Return the day of a visit, else of its last questionnaire, else None."""
    days = [prom.taken_on for prom in assessment.proms]
    return assessment.visited_on or max(days, default=None)


def _check_comparable(before: Assessment, after: Assessment) -> None:
    one, two = before.subject.subject_id, after.subject.subject_id
    if one != two:
        msg = (
            f"expected two visits of one person, got {one!r} and {two!r}; give two "
            "assessments with the same subject_id"
        )
        raise InputError(msg)
    if before == after:
        msg = (
            "expected two assessments, got the same one twice; give another, or name "
            "the two conditions of it (--before-condition, --after-condition)"
        )
        raise InputError(msg)


def _visit(assessment: Assessment) -> ComparedVisit:
    account = assessment.provenance
    return ComparedVisit(
        visited_on=visit_day(assessment),
        assessed_on=datetime.fromisoformat(account.created).date(),
        gaitkit=account.gaitkit,
        rule_set_revision=account.rule_set_revision,
        rule_set_sha256=account.rule_set_sha256,
    )


def _usable(pair: RecordingPair, before: Assessment, after: Assessment) -> bool:
    """Tell whether a change may rest on a pair: two recordings, neither questioned."""
    old = next(each for each in before.recordings if each.id == pair.before)
    new = next(each for each in after.recordings if each.id == pair.after)
    questioned = old.quality.questioned or new.quality.questioned
    return old.sha256 != new.sha256 and not questioned


def _same_recordings(before: Assessment, after: Assessment) -> Iterator[Reason]:
    """Yield each recording that stands in both visits, byte for byte the same."""
    old = {each.sha256: each.id for each in before.recordings}
    for each in after.recordings:
        if each.sha256 in old:
            first = old[each.sha256]
            yield reason("compare_same_recording", before=first, after=each.id)


def _notes(
    before: Assessment,
    after: Assessment,
    found: Sequence[Change],
    proms: Sequence[PromChange],
) -> Iterator[Reason]:
    old, new = before.provenance, after.provenance
    if before.subject.subject_id == Subject().subject_id:
        yield reason("compare_anonymous")
    yield from _same_recordings(before, after)
    days = visit_day(before), visit_day(after)
    if days[0] is not None and days[1] is not None and days[1] < days[0]:
        first, second = (f"{day:%d-%m-%Y}" for day in days)
        yield reason("compare_order", before=first, after=second)
    if old.gaitkit != new.gaitkit:
        yield reason("compare_versions_differ", before=old.gaitkit, after=new.gaitkit)
    if old.rule_set_sha256 != new.rule_set_sha256:
        yield reason(
            "compare_rule_sets_differ",
            before=old.rule_set_revision,
            after=new.rule_set_revision,
        )
    judged = sum(change.verdict != "no_claim" for change in found)
    if judged >= MANY:
        expected = round(expected_by_chance(found))
        yield reason("compare_many", n=judged, expected=expected)
    verdicts = {prom.verdict for prom in proms}
    if "worse" in verdicts or (verdicts and not verdicts & {"improved", "success"}):
        yield reason("compare_no_important_change")
