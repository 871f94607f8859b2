"""Commands that show or fetch what gaitkit works with: models, rules, config, visit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gaitkit.cli.options import Language, app, visit_app

Folder = Annotated[Path | None, typer.Argument(help="Folder.", metavar="[DIR]")]


@app.command()
def config(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="JSON Schema of assessment.json instead.")
    ] = False,
) -> None:
    """Print the full default configuration as TOML."""
    if schema:
        import json

        from gaitkit.io.export.assessment import assessment_schema

        print(json.dumps(assessment_schema(), indent=2))
    else:
        from gaitkit.config import Config, to_toml

        print(to_toml(Config()), end="")


@visit_app.command("new")
def visit_new(
    folder: Annotated[Path, typer.Argument(help="Folder of the visit.", metavar="DIR")],
    *,
    lang: Language = None,
) -> None:
    """Write a commented visit file to fill in."""
    from gaitkit.io.visit import new_visit

    print(new_visit(folder, language=lang or "nl"))
