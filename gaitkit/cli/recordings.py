"""Commands that take recordings or what was made of them, one function each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gaitkit.cli.options import Assignments, ConfigFile, Force, Language, Out, app
from gaitkit.model.recording import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gaitkit.config import Config
    from gaitkit.model.motion import MotionRecording
    from gaitkit.model.visit import Visit

OfCondition = Annotated[
    Condition | None, typer.Option(help="Only recordings of this condition.")
]
Assessed = "A folder that assess wrote, or its assessment.json."

SHOWN_POINTS = 6
"""Names of points that are listed; the rest is counted."""

Paths = Annotated[
    list[Path], typer.Argument(help="Recordings, or one visit folder.", metavar="PATH")
]


MarkerMap = Annotated[
    Path | None, typer.Option("--map", help="TOML that names the markers.")
]


@app.command()
def assess(
    paths: Paths,
    *,
    visit: Annotated[Path | None, typer.Option(help="Visit file.")] = None,
    out: Out = None,
    lang: Language = None,
    config: ConfigFile = None,
    settings: Assignments = None,
    height: Annotated[
        float | None, typer.Option(help="Body height in metres; gives the scale.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Who to follow: 2, or x,y in pixels.")
    ] = None,
    mapping: MarkerMap = None,
    speed_factor: Annotated[
        float | None, typer.Option(help="Real seconds per played second.")
    ] = None,
    practice: Annotated[
        Path | None,
        typer.Option(help="TOML with what the practice orders by default."),
    ] = None,
    no_blur: Annotated[
        bool, typer.Option("--no-blur", help="Leave the face visible.")
    ] = False,
    force: Force = False,
) -> None:
    """Assess recordings or a visit folder: measurements, findings, plan, report."""
    from gaitkit.cli.requests import Request

    request = Request(
        paths=tuple(paths), visit=visit, lang=lang, config=config,
        settings=tuple(settings or ()), height_m=height, person=person,
        speed_factor=speed_factor, marker_map=mapping, practice=practice,
        blur=not no_blur,
    )  # fmt: skip
    _run(
        request.visit_to_assess(),
        request.configuration(),
        out=out or request.default_folder(),
        force=force,
    )


@app.command()
def demo(
    *,
    out: Out = None,
    lang: Language = None,
    settings: Assignments = None,
) -> None:
    """Assess a sample visit, decided already: film, plate and block pictures."""
    from gaitkit.cli.requests import Request, sample_decisions
    from gaitkit.io.practice_defaults import PRACTICE_FILE
    from gaitkit.io.sample import sample_path

    sample, folder = sample_path(), out or Path("gaitkit-demo")
    request = Request(
        paths=(sample,), lang=lang, settings=tuple(settings or ()),
        practice=sample / PRACTICE_FILE,
    )  # fmt: skip
    visit, config = request.visit_to_assess(), request.configuration()
    sample_decisions(folder)
    _run(visit, config, out=folder, force=True)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="Any recording.", metavar="FILE")],
    *,
    mapping: MarkerMap = None,
    lang: Language = None,
) -> None:
    """Say what is in this file, how its clock is known, and what is doubtful."""
    from gaitkit.cli.show import show_inspection
    from gaitkit.io.identify import inspect as inspect_file

    show_inspection(inspect_file(file, mapping=mapping), language=lang or "en")


@app.command()
def pose(
    video: Annotated[Path, typer.Argument(help="A video.", metavar="VIDEO")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Output file.")
    ] = None,
    config: ConfigFile = None,
    settings: Assignments = None,
    person: Annotated[str | None, typer.Option(help="Who to follow.")] = None,
) -> None:
    """Write keypoints only: .parquet, .csv, .trc, .nc or a folder of JSON files."""
    from gaitkit.cli.options import progress_bars
    from gaitkit.cli.requests import Request
    from gaitkit.io.export.keypoints import writer_for
    from gaitkit.pipeline import keypoints_of

    request = Request(
        paths=(video,), config=config, settings=tuple(settings or ()), person=person
    )
    target = out or video.with_suffix(".parquet")
    write = writer_for(target)
    with progress_bars() as progress:
        track = keypoints_of(
            video, request.configuration(), person=person, progress=progress
        )
    write(track.keypoints, target)
    print(target)


def _run(visit: Visit, config: Config, *, out: Path, force: bool) -> None:
    """Assess, write the results and print where they are."""
    from gaitkit.cli.options import progress_bars
    from gaitkit.cli.show import show_assessment
    from gaitkit.pipeline import assess_to_folder

    with progress_bars() as progress:
        assessment = assess_to_folder(
            visit, out, config=config, force=force, progress=progress
        )
    show_assessment(assessment, out, language=config.report.lang)


@app.command()
def convert(
    source: Annotated[
        Path, typer.Argument(help="Motion, pressure, assessment.", metavar="IN")
    ],
    target: Annotated[
        Path, typer.Argument(help="New file; its ending is the format.", metavar="OUT")
    ],
    *,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="TOML that names the markers.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Who is meant, where a file holds several: 2.")
    ] = None,
    up: Annotated[
        Literal["y", "z"] | None,
        typer.Option(help="Turn: x forward and this axis up; OpenSim wants y."),
    ] = None,
    computed: Annotated[
        bool,
        typer.Option("--computed", help="Keep joint centres among markers in TRC."),
    ] = False,
    lang: Language = None,
) -> None:
    """Write as C3D, TRC, MOT, CSV; plate as .npz; assessment as .fhir.json, .xlsx."""
    from gaitkit.io.convert import convert as convert_file

    def shaped(recording: MotionRecording) -> MotionRecording:
        keep = computed or target.suffix.lower() != ".trc"
        return _shaped(recording, up=up, keep_computed=keep)

    _tell(
        convert_file(
            source,
            target,
            mapping=mapping,
            person=person,
            shaped=shaped,
            language=lang or "nl",
        )
    )


def _shaped(
    recording: MotionRecording, *, up: Literal["y", "z"] | None, keep_computed: bool
) -> MotionRecording:
    """Return a recording turned as asked, without points that a model computed."""
    from gaitkit.signal.laboratory import with_vertical

    points = () if keep_computed else recording.computed_points()
    turned = recording if up is None else with_vertical(recording, up)
    if not points:
        return turned
    names = ", ".join(points[:SHOWN_POINTS]) + ", ..." * (len(points) > SHOWN_POINTS)
    print(
        f"left out, for a model computed them: {names}; --computed keeps them",
        file=sys.stderr,
    )
    return turned.without(points)


def _tell(paths: Iterable[Path]) -> None:
    for path in paths:
        print(path)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help=Assessed, metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(help=Assessed, metavar="AFTER")],
    *,
    out: Out = None,
    lang: Language = None,
    before_condition: OfCondition = None,
    after_condition: OfCondition = None,
    force: Force = False,
) -> None:
    """Compare two assessments: what changed beyond the detectable change."""
    from gaitkit.cli.show import show_comparison
    from gaitkit.pipeline.compare import compare_to_folder

    folder = out or Path("gaitkit-comparison")
    comparison = compare_to_folder(
        before,
        after,
        folder,
        conditions=(before_condition, after_condition),
        language=lang or "nl",
        force=force,
    )
    show_comparison(comparison, folder, language=lang or "nl")
