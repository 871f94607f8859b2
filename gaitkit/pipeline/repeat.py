"""What a run was made of, without names and paths, and the same run once more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gaitkit.config import load_config
from gaitkit.doors import toml_value
from gaitkit.errors import InputError
from gaitkit.io.formats import head_of
from gaitkit.io.motion.companions import beside
from gaitkit.io.motion.mapping import read_mapping
from gaitkit.io.plates.generic import sidecar_of
from gaitkit.model.assessment import ExaminationNotes, FileHash, VisitProvenance
from gaitkit.model.intake import FollowUpAnswers, Intake
from gaitkit.model.visit import Examination, Visit
from gaitkit.pipeline.motion import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gaitkit.config import Config
    from gaitkit.model.analysis import Analysis
    from gaitkit.model.assessment import Assessment
    from gaitkit.model.motion import Mapping as MarkerMap
    from gaitkit.model.visit import RecordingInput

TRC_MARK = b"PathFileType"


def visit_provenance(visit: Visit, analyses: Sequence[Analysis]) -> VisitProvenance:
    """Return what of a visit its assessment would otherwise not tell.

    Parameters
    ----------
    visit : Visit
        As it was assessed.
    analyses : sequence of Analysis
        Its recordings, whose content was hashed already.
    """
    hashes = {each.source: each.recording.sha256 for each in analyses}
    maps: dict[Path, str] = {}
    points: dict[Path, str] = {}
    files: list[FileHash] = []
    inputs = []
    for number, each in enumerate(visit.recordings, start=1):
        name = f"recording_{number}"
        files += _files_of(each, name, hashes)
        named = replace(each, file=Path(name))
        if each.marker_map is not None:
            known = maps.setdefault(each.marker_map, f"map_{len(maps) + 1}")
            named = replace(named, marker_map=Path(known))
        if each.points is not None:
            known = points.setdefault(each.points, f"points_{len(points) + 1}")
            named = replace(named, points=Path(known))
        inputs.append(named)
    files += [FileHash(name=name, sha256=hash_of(path))
              for path, name in points.items()]  # fmt: skip
    examination = _without_words(visit.examination)
    answers = visit.follow_up
    return VisitProvenance(
        recordings=tuple(inputs),
        files=tuple(files),
        marker_maps=tuple(read_mapping(path) for path in maps),
        examination=None if examination == Examination() else examination,
        follow_up=None if answers == FollowUpAnswers() else answers,
        goals=visit.intake.goals,
    )


def again(
    assessment: Assessment, files: Iterable[Path], *, folder: Path
) -> tuple[Visit, Config]:
    """Return the visit and the settings of an assessment, to assess it once more.

    Parameters
    ----------
    assessment : Assessment
        As it was read from ``assessment.json``.
    files : iterable of Path
        The recordings and what else went in, in any order, under any names; known by
        their content. Files that were read because they lay beside a recording must lie
        beside it again.
    folder : Path
        Where the marker maps are written.

    Raises
    ------
    InputError
        If a file is missing, or the assessment is from before visits were kept.
    """
    account = assessment.provenance.visit
    if account is None:
        msg = "this assessment does not keep its visit; assess the visit file again"
        raise InputError(msg)
    given = {hash_of(path): path for path in files}
    wanted = {each.name: each.sha256 for each in account.files}
    maps = _written(account.marker_maps, folder)
    found = {name: given[content] for name, content in wanted.items()
             if content in given} | maps  # fmt: skip
    visit = Visit(
        subject=assessment.subject,
        recordings=tuple(_at_hand(each, found) for each in account.recordings),
        examination=_with_notes(account.examination or Examination(), assessment),
        intake=replace(assessment.intake or Intake(), goals=account.goals),
        proms=assessment.proms,
        therapy=assessment.therapy,
        visited_on=assessment.visited_on,
        follow_up=account.follow_up or FollowUpAnswers(),
    )
    return visit, _settings(assessment, given)


def _files_of(
    recording: RecordingInput, name: str, hashes: Mapping[Path | None, str]
) -> Iterator[FileHash]:
    path = recording.file
    known = hashes.get(path)
    yield FileHash(name=name, sha256=known or hash_of(path))
    if not path.is_file():
        return
    options = sidecar_of(path)
    if options.is_file():
        yield FileHash(name=sidecar_of(Path(name)).name, sha256=hash_of(options))
    if head_of(path).startswith(TRC_MARK):
        for other in beside(path):
            end = other.name.removeprefix(path.stem)
            yield FileHash(name=f"{name}{end}", sha256=hash_of(other))


def _without_words(examination: Examination) -> Examination:
    """Return findings without notes, and with numbers for those who read."""
    raters = [
        *(each.rater for each in examination.tape),
        *(each.rater for each in examination.block_tests),
        *(each.rater for each in examination.imaging),
    ]
    number = {rater: str(n) for n, rater in enumerate(dict.fromkeys(raters), start=1)}
    return replace(
        examination,
        tape=tuple(replace(t, rater=number[t.rater]) for t in examination.tape),
        block_tests=tuple(
            replace(b, rater=number[b.rater]) for b in examination.block_tests
        ),
        imaging=tuple(replace(i, rater=number[i.rater]) for i in examination.imaging),
        inspection=replace(examination.inspection, note=None),
        palpation=replace(examination.palpation, note=None),
        function=replace(examination.function, note=None),
    )


def _with_notes(found: Examination, assessment: Assessment) -> Examination:
    notes = assessment.notes or ExaminationNotes()
    return replace(
        found,
        inspection=replace(found.inspection, note=notes.inspection),
        palpation=replace(found.palpation, note=notes.palpation),
        function=replace(found.function, note=notes.function),
    )


def _at_hand(recording: RecordingInput, found: Mapping[str, Path]) -> RecordingInput:
    def place(name: Path) -> Path:
        if name.name not in found:
            msg = (
                f"{name}: expected the file that was assessed, and none that was given "
                "has its content; give every file of the visit, unchanged"
            )
            raise InputError(msg)
        return found[name.name]

    mapping, points = recording.marker_map, recording.points
    return replace(
        recording,
        file=place(recording.file),
        marker_map=None if mapping is None else place(mapping),
        points=None if points is None else place(points),
    )


def _settings(assessment: Assessment, given: Mapping[str, Path]) -> Config:
    """Return the settings, with files of the user's own at the place where they are."""
    account = assessment.provenance
    table: dict[str, Any] = dict(account.config)
    kit = given.get(account.practice_kit_sha256 or "")
    if kit is not None:
        table["practice"] = {**table["practice"], "kit": str(kit)}
    own = next(
        (given[m.sha256] for m in account.model_files if m.sha256 in given), None
    )
    if own is not None:
        table["pose"] = {**table["pose"], "model": str(own)}
    return load_config(None, assignments=table)


def _written(maps: Sequence[MarkerMap], folder: Path) -> dict[str, Path]:
    """Write marker maps as TOML; return where each is, by its neutral name."""
    found = {}
    for number, each in enumerate(maps, start=1):
        told = {
            name: value
            for name in ("rate_hz", "unit", "picture_px", "person")
            if (value := getattr(each, name)) is not None
        }
        lines = [f"{name} = {toml_value(value)}" for name, value in told.items()]
        lines += [
            "[markers]",
            *(f"{role} = {toml_value(label)}" for role, label in each.markers.items()),
        ]
        path = folder / f"map_{number}.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found[f"map_{number}"] = path
    return found
