"""The command that compares two visits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gaitkit.cli.options import Language, Out, app

Condition = Literal["barefoot", "shod", "with_insole", "with_raise"]
Visit = "A folder that assess wrote, or its assessment.json."


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help=Visit, metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(help=Visit, metavar="AFTER")],
    *,
    out: Out = None,
    lang: Language = None,
    before_condition: Annotated[
        Condition | None, typer.Option(help="Only recordings of this condition.")
    ] = None,
    after_condition: Annotated[
        Condition | None, typer.Option(help="Only recordings of this condition.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is in DIR.")
    ] = False,
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
