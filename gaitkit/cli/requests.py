"""From the words of a call to a visit and a configuration."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.config import load_config, parse_assignments
from gaitkit.doors import build
from gaitkit.errors import ConfigError, InputError
from gaitkit.io.atomic import new_file
from gaitkit.io.edits import EDITS_FILE
from gaitkit.io.motion.pose_json import is_openpose_folder
from gaitkit.io.sample import sample_path
from gaitkit.io.visit import read_visit
from gaitkit.model.subject import Subject
from gaitkit.model.text import Language
from gaitkit.model.visit import RecordingInput, Visit

if TYPE_CHECKING:
    from gaitkit.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for on the command line."""

    paths: tuple[Path, ...]
    visit: Path | None = None
    lang: Language | None = None
    config: Path | None = None
    settings: tuple[str, ...] = ()
    height_m: float | None = None
    person: str | None = None
    speed_factor: float | None = None
    marker_map: Path | None = None
    practice: Path | None = None
    blur: bool = True

    def configuration(self) -> Config:
        """Return the configuration: file, then ``--set``, then the named options."""
        table = parse_assignments(self.settings)
        table.pop("subject", None)
        report: dict[str, Any] = table.setdefault("report", {})
        if self.lang is not None:
            report["lang"] = self.lang
        if self.practice is not None:
            table.setdefault("practice", {})["defaults"] = str(self.practice)
        if not self.blur:
            report["blur"] = False
        return load_config(self.config, assignments=table)

    def visit_to_assess(self) -> Visit:
        """Return the visit: its file or folder, or the recordings by themselves.

        Raises
        ------
        InputError
            If a path does not exist or a visit folder is mixed with other paths.
        ConfigError
            If a ``subject.`` key is unknown.
        """
        visit = self._visit_as_written()
        recordings = tuple(self._with_options(r) for r in visit.recordings)
        return dataclasses.replace(
            visit, subject=self._subject(visit.subject), recordings=recordings
        )

    def default_folder(self) -> Path:
        """Return where to write when the user does not say."""
        return Path(f"{self.paths[0].resolve().stem}-gaitkit")

    def _visit_as_written(self) -> Visit:
        folders = [p for p in self.paths if p.is_dir() and not is_openpose_folder(p)]
        if self.visit is None and folders:
            if len(self.paths) > 1:
                msg = (
                    f"{folders[0]} is a folder; expected one visit folder, or any "
                    "number of recordings, not both"
                )
                raise InputError(msg)
            return read_visit(folders[0])
        listed = tuple(RecordingInput(file=path) for path in self.paths)
        for path in self.paths:
            if not path.exists():
                msg = f"{path} does not exist; expected a recording or a visit folder"
                raise InputError(msg)
        if self.visit is None:
            return Visit(recordings=listed)
        visit = read_visit(self.visit)
        known = {r.file.resolve() for r in visit.recordings}
        extra = tuple(r for r in listed if r.file.resolve() not in known)
        return dataclasses.replace(visit, recordings=visit.recordings + extra)

    def _with_options(self, recording: RecordingInput) -> RecordingInput:
        # compared with None, so that 0 and an empty word are refused, not ignored
        person, factor = self.person, self.speed_factor
        return dataclasses.replace(
            recording,
            person=recording.person if person is None else person,
            speed_factor=recording.speed_factor if factor is None else factor,
            marker_map=self.marker_map or recording.marker_map,
        )

    def _subject(self, subject: Subject) -> Subject:
        table = parse_assignments(self.settings).get("subject", {})
        if self.height_m is not None:
            table["height_m"] = self.height_m
        if not table:
            return subject
        full = {**dataclasses.asdict(subject), **table}
        return build(Subject, full, where="subject", error=ConfigError)


def sample_decisions(folder: Path) -> None:
    """Put the decisions about the sample visit into a folder of results.

    Decisions that are there already stay: somebody may have changed them to see what
    follows.
    """
    file = folder / EDITS_FILE
    if not file.exists():
        text = sample_path(EDITS_FILE).read_text(encoding="utf-8")
        with new_file(file) as part:
            part.write_text(text, encoding="utf-8")
