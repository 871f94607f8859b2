"""The visit file: one patient on one day, written by a therapist, read strictly.

``visit.toml`` has the day ``visited_on`` and the tables ``[subject]``,
``[[recording]]``, ``[examination]``, ``[intake]``, ``[[proms]]``, ``[[therapy]]`` and
``[follow_up]``. Unknown keys are refused by their full
path, so that a typing error never becomes a missing finding. Where a list of tables is
expected a single table may stand for a list of one.

Answers that moved: files of before are read as they would be written now.
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.doors import build, toml_table, toml_text
from gaitkit.errors import InputError, OutputError
from gaitkit.io.atomic import new_file
from gaitkit.io.identify import recordings_in
from gaitkit.io.visit_checks import check_visit
from gaitkit.model.subject import Subject
from gaitkit.model.visit import (
    Examination,
    FollowUpAnswers,
    Intake,
    Prom,
    RecordingInput,
    Therapy,
    Visit,
)

if TYPE_CHECKING:
    from gaitkit.model.text import Language

VISIT_FILE = "visit.toml"
"""Name of the visit file in a visit folder."""

LISTS = (
    ("recording",),
    ("proms",),
    ("therapy",),
    ("intake", "goals"),
    ("examination", "tape"),
    ("examination", "block_tests"),
    ("examination", "imaging"),
    ("examination", "acquired_causes"),
)
"""Keys that hold a list of tables."""

WITHOUT_USE = ("only_walking_or_standing", "gone_on_sitting", "unchanged_three_months")
"""Were asked about signs in both legs and changed nothing: those stay a reason to phone
at once, whatever the answer, until a clinician confirms a milder one."""

STIFFNESS = "morning_stiffness"
"""Was an alarm question; alone it is none, and it belongs to the signs of inflammation
since rule set 2026.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTable:
    """The keys of a visit file, as a therapist writes them."""

    subject: Subject = field(default_factory=Subject)
    recording: tuple[RecordingInput, ...] = ()
    examination: Examination = field(default_factory=Examination)
    intake: Intake = field(default_factory=Intake)
    proms: tuple[Prom, ...] = ()
    therapy: tuple[Therapy, ...] = ()
    visited_on: date | None = None
    follow_up: FollowUpAnswers = field(default_factory=FollowUpAnswers)


def read_visit(path: Path | str) -> Visit:
    """Read a visit from its file or its folder.

    Parameters
    ----------
    path : Path or str
        A visit file, or a folder. A folder without ``visit.toml``, or with one that
        lists no recording, gives every recording in it, by content.

    Returns
    -------
    Visit
        Files of recordings are absolute or relative to the working folder, as
        ``path`` is.

    Raises
    ------
    InputError
        If the file is missing or is not TOML; on an unknown key, a wrong type or a
        value that cannot be, by full path; if a recording is not there.
    """
    path = Path(path)
    file = path / VISIT_FILE if path.is_dir() else path
    if path.is_dir() and not file.exists():
        return Visit(recordings=_found_in(path))
    text = read_text(file)
    table = toml_table(text, where=str(file), error=InputError)
    visit = _visit_of(_as_asked_now(_with_lists(table)), file, text=text)
    if visit.recordings or not path.is_dir():
        return visit
    return dataclasses.replace(visit, recordings=_found_in(path, needed=False))


def read_text(file: Path) -> str:
    """Return the text of a visit file.

    Raises
    ------
    InputError
        If the file is missing, empty or not UTF-8.
    """
    text = toml_text(file, error=InputError)
    if not text.strip():
        msg = (
            f"{file}: expected a visit file, got an empty one; delete it and write one "
            f"with: gaitkit visit new {file.parent}"
        )
        raise InputError(msg)
    return text


def check_text(text: str, file: Path) -> Visit:
    """Return the visit that a text would be as that file; refuse it as `read_visit`.

    Raises
    ------
    InputError
        If the text is not TOML, or is no visit.
    """
    try:
        table = _as_asked_now(_with_lists(tomllib.loads(text)))
    except (ValueError, RecursionError) as cause:  # no TOML, endless digits, too deep
        msg = f"{file} would not be valid TOML: {cause}; type the answer differently"
        raise InputError(msg) from None
    return _visit_of(table, file, text=text)


def write_text(file: Path, text: str) -> None:
    """Write the text of a visit file; it appears whole or not at all.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    with new_file(file) as part:
        part.write_text(text, encoding="utf-8")


def _visit_of(table: dict[str, Any], file: Path, *, text: str) -> Visit:
    written = build(VisitTable, table, where=str(file), error=InputError, text=text)
    visit = Visit(
        subject=written.subject,
        recordings=tuple(_beside(file, recording) for recording in written.recording),
        examination=written.examination,
        intake=written.intake,
        proms=written.proms,
        therapy=written.therapy,
        visited_on=written.visited_on,
        follow_up=written.follow_up,
    )
    check_visit(visit, where=str(file), text=text)
    return visit


def new_visit(folder: Path | str, *, language: Language) -> Path:
    """Write a commented visit file to fill in.

    Parameters
    ----------
    folder : Path or str
        Folder of the visit; made when it is not there.
    language : {"nl", "en"}
        Language of the comments; the keys are the same in both.

    Returns
    -------
    Path
        The file. It loads as it is, as a visit about which nothing is known.

    Raises
    ------
    OutputError
        If a visit file is there already, or the folder cannot be written.
    """
    file = Path(folder) / VISIT_FILE
    if file.exists():
        msg = f"{file}: a visit file is there already; fill it in or name a new folder"
        raise OutputError(msg)
    template = resources.files("gaitkit.io") / "templates" / f"visit_{language}.toml"
    with new_file(file) as part:
        part.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    return file


def _with_lists(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with a list of one wherever a single table stands for it."""
    result = dict(table)
    for first, *rest in LISTS:
        value = result.get(first)
        if not rest:
            if isinstance(value, dict):
                result[first] = [value]
        elif isinstance(value, dict) and isinstance(value.get(rest[0]), dict):
            result[first] = {**value, rest[0]: [value[rest[0]]]}
    return result


def _as_asked_now(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with its intake as it is asked now (`moved_answers`)."""
    told = table.get("intake")
    return {**table, "intake": moved_answers(told)} if isinstance(told, dict) else table


def _beside(file: Path, recording: RecordingInput) -> RecordingInput:
    """Return the recording with its files sought beside the visit file."""
    mapping, points = recording.marker_map, recording.points
    return dataclasses.replace(
        recording,
        file=file.parent / recording.file,
        marker_map=None if mapping is None else file.parent / mapping,
        points=None if points is None else file.parent / points,
    )


def _found_in(folder: Path, *, needed: bool = True) -> tuple[RecordingInput, ...]:
    files = recordings_in(folder)
    if needed and not files:
        msg = (
            f"{folder}: expected {VISIT_FILE} or recordings, found neither; "
            f"write one with: gaitkit visit new {folder}"
        )
        raise InputError(msg)
    return tuple(RecordingInput(file=file) for file in files)


def moved_answers(told: dict[str, Any]) -> dict[str, Any]:
    """Return the table of an intake with every answer at its place of now.

    Answers to questions that are no longer asked are left out.

    Parameters
    ----------
    told : dict
        ``intake`` of a visit file or of an assessment, of any time.

    Returns
    -------
    dict
        An answer that stands at both places is left as it is, to be refused.
    """
    legs = told.get("legs")
    if isinstance(legs, dict):
        kept = {
            name: answer for name, answer in legs.items() if name not in WITHOUT_USE
        }
        told = {**told, "legs": kept}
    alarm, signs = told.get("red_flags"), told.get("inflammatory", {})
    if not isinstance(alarm, dict) or not isinstance(signs, dict):
        return told
    if STIFFNESS not in alarm or STIFFNESS in signs:
        return told
    strong = {name: answer for name, answer in alarm.items() if name != STIFFNESS}
    moved = {**signs, STIFFNESS: alarm[STIFFNESS]}
    return {**told, "red_flags": strong, "inflammatory": moved}
