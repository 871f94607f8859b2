"""The command that compares two visits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitkit.cli.options import Force, Language, Out, app
from gaitkit.model.recording import Condition

OfCondition = Annotated[
    Condition | None, typer.Option(help="Only recordings of this condition.")
]
Visit = "A folder that assess wrote, or its assessment.json."


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help=Visit, metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(help=Visit, metavar="AFTER")],
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
