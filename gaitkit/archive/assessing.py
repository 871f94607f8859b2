"""The assessment of one piece of work, in the worker process."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.archive.tables import Refused, has_series, pack, series_name
from gaitkit.archive.work import Outcome
from gaitkit.errors import InputError
from gaitkit.io.export.series import write_series_parquet
from gaitkit.io.identify import identify
from gaitkit.io.visit import VISIT_FILE, read_visit
from gaitkit.model.visit import RecordingInput, Visit
from gaitkit.pipeline.assess import analyse, judge
from gaitkit.pose.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.archive.item import Item
    from gaitkit.archive.work import Job
    from gaitkit.config import Config
    from gaitkit.model.analysis import Analysis


def assess_job(job: Job, folder: Path) -> Outcome:
    """Assess the visit of a job whose files are at hand, and write its series.

    Raises
    ------
    InputError
        If none of its recordings can be used.
    """
    visit = visit_of(job.item, folder)
    analyses, refused = _analysed(visit, job.config)
    used = {analysis.source for analysis in analyses}
    kept = dataclasses.replace(
        visit, recordings=tuple(r for r in visit.recordings if r.file in used)
    )
    assessment = judge(kept, analyses, job.config)
    written = 0 if job.store is None else _write_series(job, analyses)
    return Outcome(
        work=job.work,
        state="done",
        seconds=0.0,
        subject_id=visit.subject.subject_id,
        kinds=tuple(recording.kind for recording in assessment.recordings),
        results=pack(assessment, kept, norm=job.item.norm, refused=refused),
        written=written,
    )


def visit_of(item: Item, folder: Path) -> Visit:
    """Return the visit of an item whose files are at hand.

    Parameters
    ----------
    item : Item
        From the walk.
    folder : Path
        From which the names of its sources count.

    Raises
    ------
    InputError
        If the visit file is wrong, or its one recording is not there.
    """
    if item.layout != "visit_folder":
        recordings = tuple(
            dataclasses.replace(each, file=folder / each.file)
            for each in item.recordings
        )
        return Visit(
            subject=item.subject, recordings=recordings, visited_on=item.visited_on
        )
    if item.only is None:
        return read_visit(folder)
    visit = read_visit(folder / VISIT_FILE)
    wanted = RecordingInput(file=folder / item.only)
    listed = [each for each in visit.recordings if each.file == wanted.file]
    return dataclasses.replace(visit, recordings=tuple(listed) or (wanted,))


def _analysed(
    visit: Visit, config: Config
) -> tuple[tuple[Analysis, ...], tuple[Refused, ...]]:
    """Analyse a visit; where recordings of it are refused, the others remain.

    A visit that only holds what was told and found by hand has no analysis.

    Raises
    ------
    InputError
        If none of its recordings can be used.
    """
    if not visit.recordings:
        return (), ()
    try:
        return analyse(visit, config), ()
    except InputError:
        if len(visit.recordings) <= 1:
            raise
        usable = [r for r in visit.recordings if _usable(visit, r, config)]
        if len(usable) in {0, len(visit.recordings)}:
            raise
    refused = [r for r in visit.recordings if r not in usable]
    rest = dataclasses.replace(visit, recordings=tuple(usable))
    return analyse(rest, config), _as_refused([r.file for r in refused])


def _usable(visit: Visit, recording: RecordingInput, config: Config) -> bool:
    one = dataclasses.replace(visit, recordings=(recording,))
    try:
        analyse(one, config)
    except InputError:
        return False
    return True


def _as_refused(files: Sequence[Path]) -> tuple[Refused, ...]:
    return tuple(
        Refused(
            recording=f"refused_{number}",
            kind=_kind_of(file),
            sha256=sha256_of(file) if file.is_file() else None,
        )
        for number, file in enumerate(files, start=1)
    )


def _kind_of(file: Path) -> str | None:
    try:
        return identify(file)
    except InputError:
        return None


def _write_series(job: Job, analyses: Sequence[Analysis]) -> int:
    total = 0
    for analysis in analyses:
        if not has_series(analysis.recording.kind):
            continue
        name = series_name(job.work, analysis.recording.id)
        kept = analysis  # what was recorded stands in the file of markers itself
        if analysis.recording.kind != "video":
            kept = dataclasses.replace(analysis, raw=None)
        path = write_series_parquet([kept], Path(str(job.store)) / name)
        total += path.stat().st_size
    return total
