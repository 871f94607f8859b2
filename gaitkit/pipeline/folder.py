"""A visit assessed into a folder: every result, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gaitkit.config import Config
from gaitkit.errors import OutputError
from gaitkit.insole.order import prescription_of
from gaitkit.insole.parameters import check_practice
from gaitkit.io.atomic import new_folder
from gaitkit.io.edits import check_edits, read_edits
from gaitkit.io.export.assessment import write_assessment_json
from gaitkit.io.export.fhir import write_fhir
from gaitkit.io.export.series import (
    write_events_csv,
    write_measurements_csv,
    write_series_parquet,
)
from gaitkit.io.practice_defaults import read_practice_defaults
from gaitkit.model.analysis import Analysis
from gaitkit.model.assessment import Assessment
from gaitkit.model.prescription import Handover, PracticeDefaults
from gaitkit.pipeline.assess import analyse, judge, with_decisions
from gaitkit.report.write import write_prescription, write_report
from gaitkit.rules.loader import shipped_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gaitkit.model.progress import Progress
    from gaitkit.model.visit import Visit

PRODUCTS = (
    "assessment.json",
    "measurements.csv",
    "events.csv",
    "series.parquet",
    "report.html",
    "report.pdf",
    "result.pdf",
    "letter.pdf",
    "letter_gp.pdf",
    "letter_therapist.pdf",
    "letter_shoemaker.pdf",
    "prescription.pdf",
    "raise_left.stl",
    "raise_right.stl",
    "insole_left.stl",
    "insole_right.stl",
    "insole_left_top.stl",
    "insole_right_top.stl",
    "insoles.3mf",
    "assessment.fhir.json",
    "overlay.mp4",
    "figures",
)
"""Every name that may stand in the folder of an assessment."""


def assess_to_folder(
    visit: Visit,
    folder: Path | str,
    *,
    config: Config | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Assessment:
    """Assess a visit and write everything that CONTRACT names into a folder.

    Parameters
    ----------
    visit : Visit
        Who, and which recordings.
    folder : Path or str
        Where to write. It appears when all is done; nothing is left on failure.
    config : Config or None
        All settings; None: the defaults.
    force : bool
        True replaces the results of an earlier run.
    progress : Progress or None
        Told how far long stages are.

    Returns
    -------
    Assessment
        As written to ``assessment.json``.

    Raises
    ------
    OutputError
        If the folder holds something and ``force`` is False, or cannot be written.
    InputError
        If a recording cannot be used, or ``edits.toml`` in the folder is wrong.
    """
    settings, folder = config or Config(), Path(folder)
    if not force and folder.exists() and (folder.is_file() or any(folder.iterdir())):
        msg = f"{folder} is there already; choose another --out, or --force to replace"
        raise OutputError(msg)
    edits, practice = read_edits(folder), practice_defaults(settings)
    with new_folder(folder, replace=True, products=PRODUCTS) as new:
        analyses = analyse(visit, settings, progress=progress)
        assessment = judge(visit, analyses, settings)
        if edits is not None:
            check_edits(edits, assessment.plan, folder)
            assessment = with_decisions(assessment, edits, visit)
        results = Results(assessment=assessment, analyses=tuple(analyses))
        _write(results, new, settings, practice=practice, progress=progress)
    return assessment


def write_results(
    assessment: Assessment,
    analyses: Sequence[Analysis],
    folder: Path | str,
    *,
    config: Config | None = None,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write what ``gaitkit assess`` writes: tables, signals, page one, report, letters.

    Parameters
    ----------
    assessment : Assessment
        From `gaitkit.judge`.
    analyses : sequence of Analysis
        From `gaitkit.analyse`, of the same visit.
    folder : Path or str
        Where to write. It appears when all is done; nothing is left on failure.
    config : Config or None
        What to write and in which language (``config.report``); None: everything, in
        Dutch.
    force : bool
        True replaces the results of an earlier run; other files stay.

    Returns
    -------
    tuple of Path
        What stands in the folder now, sorted by name.

    Raises
    ------
    OutputError
        If the folder holds something and ``force`` is False, or cannot be written.
    InputError
        If a video can no longer be read.
    """
    settings, place = config or Config(), Path(folder)
    practice = practice_defaults(settings)
    results = Results(assessment=assessment, analyses=tuple(analyses))
    with new_folder(place, replace=force, products=PRODUCTS) as new:
        _write(results, new, settings, practice=practice)
    return tuple(sorted(path for path in place.rglob("*") if path.is_file()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What there is to write: the answer, and the signals it came from."""

    assessment: Assessment
    analyses: tuple[Analysis, ...]


def _write(
    results: Results,
    new: Path,
    settings: Config,
    *,
    practice: PracticeDefaults,
    progress: Progress | None = None,
) -> None:
    assessment, analyses = results.assessment, results.analyses
    write_assessment_json(assessment, new / "assessment.json")
    write_measurements_csv(assessment.measurements, new / "measurements.csv")
    write_events_csv(assessment.events, new / "events.csv")
    write_series_parquet(analyses, new / "series.parquet")
    wanted = settings.report
    order = None
    if wanted.html or wanted.pdf or wanted.fhir:  # shaping insoles for tables is idle
        rules = shipped_rules()
        order = prescription_of(assessment, analyses, rules, practice=practice)
    if wanted.fhir:
        file = new / "assessment.fhir.json"
        write_fhir(assessment, file, language=wanted.lang, order=order)
    write_report(
        assessment,
        analyses,
        new,
        settings=wanted,
        handover=Handover(practice=practice, order=order),
        progress=progress,
    )
    sheet = wanted.pdf and wanted.prescription
    if sheet and order is not None and order.has_insoles:
        write_prescription(order, new, settings=wanted)


def practice_defaults(config: Config) -> PracticeDefaults:
    """Return what the practice orders by default; nothing when it names no file.

    Raises
    ------
    ConfigError
        If ``practice.defaults`` names no such file, or a value that cannot be.
    """
    if config.practice.defaults is None:
        return PracticeDefaults()
    file = Path(config.practice.defaults)
    found = read_practice_defaults(file)
    check_practice(found, str(file))
    return found
